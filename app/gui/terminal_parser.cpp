#include "app/gui/terminal_parser.h"

#include <algorithm>

namespace univrs::gui {
namespace {
constexpr unsigned char kCancel = 0x18;
constexpr unsigned char kSubstitute = 0x1A;
constexpr unsigned char kEscape = 0x1B;
constexpr unsigned char kBell = 0x07;
constexpr unsigned char kDelete = 0x7F;
constexpr char32_t kReplacement = 0xFFFD;
} // namespace

void TerminalParser::abort() {
  m_state = State::Ground;
  m_missing = 0;
  m_text.clear();
}

void TerminalParser::begin(State state) {
  m_state = state;
  m_sequence = {};
  m_parameterOpen = false;
  m_text.clear();
  m_textTooLong = false;
}

void TerminalParser::push(std::string_view bytes) {
  size_t i = 0;
  while (i < bytes.size()) {
    if (m_state == State::Ground && m_missing == 0) {
      size_t end = i;
      while (end < bytes.size() && bytes[end] >= 0x20 && bytes[end] < 0x7F) {
        ++end;
      }
      if (end > i) {
        m_sink.printAscii(bytes.substr(i, end - i));
        i = end;
        continue;
      }
    }
    byte(static_cast<unsigned char>(bytes[i]));
    ++i;
  }
}

void TerminalParser::byte(unsigned char c) {
  if (c == kCancel || c == kSubstitute) {
    abort();
    return;
  }
  if (c == kEscape) {
    if (m_missing > 0) {
      m_missing = 0;
      m_sink.print(kReplacement);
    }
    if (m_state == State::Osc && !m_textTooLong) {
      m_sink.osc(m_text);
    }
    begin(State::Escape);
    return;
  }
  switch (m_state) {
  case State::Ground:
    ground(c);
    break;
  case State::Escape:
  case State::EscapeBetween:
    escapeByte(c);
    break;
  case State::Csi:
  case State::CsiIgnore:
    csiByte(c);
    break;
  case State::Osc:
  case State::String:
    stringByte(c);
    break;
  }
}

void TerminalParser::ground(unsigned char c) {
  if (m_missing > 0) {
    if (c >= m_low && c <= m_high) {
      m_char = (m_char << 6) | (c & 0x3Fu);
      m_low = 0x80;
      m_high = 0xBF;
      if (--m_missing == 0 && m_char >= 0xA0) { // 0x80…0x9f are controls nobody needs in UTF-8
        m_sink.print(m_char);
      }
      return;
    }
    m_missing = 0; // cut short: one sign for it, and this byte anew
    m_sink.print(kReplacement);
  }
  if (c < 0x20) {
    m_sink.control(c);
  } else if (c < kDelete) {
    const char one = static_cast<char>(c);
    m_sink.printAscii({&one, 1});
  } else if (c != kDelete && utf8Lead(c) == 0) {
    m_sink.print(kReplacement);
  }
}

// Bytes to follow; 0 = it begins no character.
size_t TerminalParser::utf8Lead(unsigned char c) {
  m_low = 0x80;
  m_high = 0xBF;
  if (c >= 0xC2 && c <= 0xDF) {
    m_missing = 1;
    m_char = c & 0x1Fu;
  } else if (c >= 0xE0 && c <= 0xEF) {
    m_missing = 2;
    m_char = c & 0x0Fu;
    m_low = c == 0xE0 ? 0xA0 : 0x80;
    m_high = c == 0xED ? 0x9F : 0xBF; // no surrogates
  } else if (c >= 0xF0 && c <= 0xF4) {
    m_missing = 3;
    m_char = c & 0x07u;
    m_low = c == 0xF0 ? 0x90 : 0x80;
    m_high = c == 0xF4 ? 0x8F : 0xBF;
  }
  return size_t(m_missing);
}

void TerminalParser::escapeByte(unsigned char c) {
  if (c < 0x20) {
    m_sink.control(c);
    return;
  }
  if (c >= kDelete) {
    if (c > kDelete) {
      abort();
    }
    return;
  }
  if (c < 0x30) {
    m_sequence.overflow = m_sequence.between != 0;
    m_sequence.between = static_cast<char>(c);
    m_state = State::EscapeBetween;
    return;
  }
  if (m_state == State::Escape) {
    switch (c) {
    case '[':
      begin(State::Csi);
      return;
    case ']':
      begin(State::Osc);
      return;
    case 'P': // DCS, SOS, PM, APC: nothing of them is answered
    case 'X':
    case '^':
    case '_':
      begin(State::String);
      return;
    default:
      break;
    }
  }
  m_sequence.final = static_cast<char>(c);
  m_state = State::Ground;
  m_sink.escape(m_sequence);
}

void TerminalParser::csiByte(unsigned char c) {
  if (c < 0x20) {
    m_sink.control(c);
    return;
  }
  if (c >= kDelete) {
    if (c > kDelete) {
      abort();
    }
    return;
  }
  const bool ignored = m_state == State::CsiIgnore;
  if (c >= 0x40) {
    m_state = State::Ground;
    if (!ignored) {
      m_sequence.final = static_cast<char>(c);
      m_sink.csi(m_sequence);
    }
    return;
  }
  if (ignored) {
    return;
  }
  TerminalSequence& s = m_sequence;
  if (c < 0x30) {
    s.overflow = s.between != 0;
    s.between = static_cast<char>(c);
    return;
  }
  if (c >= 0x3C) {
    if (s.count > 0 || s.prefix != 0 || s.between != 0) {
      m_state = State::CsiIgnore;
    } else {
      s.prefix = static_cast<char>(c);
    }
    return;
  }
  if (s.between != 0) {
    m_state = State::CsiIgnore;
    return;
  }
  const auto open = [&](bool colon) {
    if (s.count >= TerminalSequence::kMaxParameters) {
      m_state = State::CsiIgnore;
      return false;
    }
    s.values[s.count] = -1;
    s.colonJoined[s.count] = colon;
    ++s.count;
    m_parameterOpen = true;
    return true;
  };
  if (!m_parameterOpen && !open(false)) {
    return;
  }
  if (c == ';' || c == ':') {
    (void)open(c == ':');
    return;
  }
  int& value = s.values[s.count - 1];
  value = std::min(std::max(value, 0) * 10 + (c - '0'), TerminalSequence::kMaxValue);
}

void TerminalParser::stringByte(unsigned char c) {
  if (c == kBell) {
    const bool tell = m_state == State::Osc && !m_textTooLong;
    m_state = State::Ground;
    if (tell) {
      m_sink.osc(m_text);
    }
    m_text.clear();
    return;
  }
  if (m_state == State::Osc && c >= 0x20) {
    if (m_text.size() < kMaxOscBytes) {
      m_text.push_back(static_cast<char>(c));
    } else {
      m_textTooLong = true;
    }
  }
}

} // namespace univrs::gui
