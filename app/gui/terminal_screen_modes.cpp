// The modes, styles and answers of TerminalScreen.
#include "app/gui/terminal_screen.h"

#include <QList>

#include <algorithm>
#include <array>

namespace univrs::gui {

// ---- modes

void TerminalScreen::setMode(const TerminalSequence& s, bool on) {
  for (size_t i = 0; i < s.count; ++i) {
    const int mode = s.raw(i);
    if (s.prefix == '?') {
      setPrivateMode(mode, on);
    } else if (mode == 4) {
      m_insert = on;
    } else if (mode == 20) {
      m_modes.newLine = on;
    }
  }
}

void TerminalScreen::setPrivateMode(int mode, bool on) {
  switch (mode) {
  case 1:
    m_modes.applicationCursor = on;
    break;
  case 5:
    m_reversed = on;
    dirtyFrom(0, rows());
    break;
  case 6:
    m_cursor.origin = on;
    moveTo(0, 0);
    break;
  case 7:
    m_autowrap = on;
    m_cursor.wrapNext = false;
    break;
  case 25:
    m_cursorVisible = on;
    dirty(m_cursor.row);
    break;
  case 47:
  case 1047:
    showAlternate(on, mode == 1047);
    break;
  case 1048:
    on ? saveCursor() : restoreCursor();
    break;
  case 1049:
    if (on) {
      if (!m_alternateShown) {
        saveCursor();
      }
      showAlternate(true, true);
    } else if (m_alternateShown) {
      showAlternate(false, false);
      restoreCursor();
    }
    break;
  case 1000:
  case 1002:
  case 1003:
    m_modes.mouse = !on            ? TerminalModes::NoMouse
                    : mode == 1000 ? TerminalModes::Presses
                    : mode == 1002 ? TerminalModes::Drags
                                   : TerminalModes::AllMoves;
    break;
  case 1004:
    m_modes.focusReports = on;
    break;
  case 1006:
    m_modes.sgrMouse = on;
    break;
  case 1007:
    m_modes.alternateScroll = on;
    break;
  case 2004:
    m_modes.bracketedPaste = on;
    break;
  default:
    break;
  }
}

int TerminalScreen::privateMode(int mode) const {
  const auto state = [](bool on) { return on ? 1 : 2; };
  switch (mode) {
  case 1:
    return state(m_modes.applicationCursor);
  case 5:
    return state(m_reversed);
  case 6:
    return state(m_cursor.origin);
  case 7:
    return state(m_autowrap);
  case 25:
    return state(m_cursorVisible);
  case 47:
  case 1047:
  case 1049:
    return state(m_alternateShown);
  case 1000:
    return state(m_modes.mouse == TerminalModes::Presses);
  case 1002:
    return state(m_modes.mouse == TerminalModes::Drags);
  case 1003:
    return state(m_modes.mouse == TerminalModes::AllMoves);
  case 1004:
    return state(m_modes.focusReports);
  case 1006:
    return state(m_modes.sgrMouse);
  case 1007:
    return state(m_modes.alternateScroll);
  case 2004:
    return state(m_modes.bracketedPaste);
  default:
    return 0;
  }
}

void TerminalScreen::showAlternate(bool on, bool clear) {
  if (on && !m_alternateShown) {
    m_savedMain.row = m_cursor.row; // a resize while it is hidden moves this along
    m_savedMain.column = m_cursor.column;
  }
  if (on && (clear || !m_alternateShown)) {
    for (int r = 0; r < rows(); ++r) {
      m_alternate.row(r).clear(m_cursor.pen.ground);
    }
  }
  if (on != m_alternateShown) {
    m_alternateShown = on;
    m_grid = on ? &m_alternate : &m_main;
    m_top = 0;
    m_bottom = rows() - 1;
    m_cursor.wrapNext = false;
    ++m_layout;
  }
  dirtyFrom(0, rows());
}

// ---- style

bool TerminalScreen::selectColour(const TerminalSequence& s, size_t& i, TerminalColour& colour) {
  // 38;5;N  38;2;R;G;B  38:5:N  38:2:R:G:B  38:2:SPACE:R:G:B
  const size_t first = i;
  size_t end = first + 1;
  const bool colons = end < s.count && s.colonJoined[end];
  if (colons) {
    while (end < s.count && s.colonJoined[end]) {
      ++end;
    }
  } else {
    const int kind = s.raw(first + 1);
    end = std::min(s.count, first + (kind == 5 ? 3u : kind == 2 ? 5u : 2u));
  }
  i = end - 1;
  const size_t given = end - first;
  const int kind = s.raw(first + 1);
  if (kind == 5 && given >= 3) {
    colour = kIndexedColour | uint32_t(std::min(s.raw(first + 2), 255));
    return true;
  }
  if (kind == 2 && given >= 5) {
    const size_t at = first + (colons && given >= 6 ? 3 : 2);
    const auto part = [&](size_t k) { return uint32_t(std::min(s.raw(at + k), 255)); };
    colour = kDirectColour | part(0) << 16 | part(1) << 8 | part(2);
    return true;
  }
  return false;
}

void TerminalScreen::selectStyle(const TerminalSequence& s) {
  Pen& pen = m_cursor.pen;
  using C = TerminalCell;
  const auto set = [&](uint16_t bits) { pen.style |= bits; };
  const auto unset = [&](int bits) { pen.style &= uint16_t(~bits); };
  if (s.count == 0) {
    pen = {};
    return;
  }
  for (size_t i = 0; i < s.count; ++i) {
    const int n = s.raw(i);
    const bool colons = i + 1 < s.count && s.colonJoined[i + 1];
    if (n == 38 || n == 48 || n == 58) {
      TerminalColour ignored = 0; // 58: colour of the underline
      (void)selectColour(s, i, n == 38 ? pen.text : n == 48 ? pen.ground : ignored);
      continue;
    }
    if (n == 4 && colons) { // 4:0 none, 4:3 curly, …
      s.raw(i + 1) == 0 ? unset(C::Underline) : set(C::Underline);
    } else if (n == 0) {
      pen = {};
    } else if (n >= 1 && n <= 9) {
      constexpr std::array<uint16_t, 10> kStyles{0,        C::Bold,  C::Dim,     C::Italic, C::Underline,
                                                 C::Blink, C::Blink, C::Inverse, C::Hidden, C::Strike};
      set(kStyles[size_t(n)]);
    } else if (n == 21) {
      set(C::Underline);
    } else if (n == 22) {
      unset(C::Bold | C::Dim);
    } else if (n >= 23 && n <= 29) {
      constexpr std::array<uint16_t, 7> kStyles{C::Italic, C::Underline, C::Blink, 0, C::Inverse, C::Hidden, C::Strike};
      unset(kStyles[size_t(n - 23)]);
    } else if (n >= 30 && n <= 37) {
      pen.text = kIndexedColour | uint32_t(n - 30);
    } else if (n == 39) {
      pen.text = 0;
    } else if (n >= 40 && n <= 47) {
      pen.ground = kIndexedColour | uint32_t(n - 40);
    } else if (n == 49) {
      pen.ground = 0;
    } else if (n >= 90 && n <= 97) {
      pen.text = kIndexedColour | uint32_t(n - 90 + 8);
    } else if (n >= 100 && n <= 107) {
      pen.ground = kIndexedColour | uint32_t(n - 100 + 8);
    }
    while (i + 1 < s.count && s.colonJoined[i + 1]) {
      ++i;
    }
  }
}

// ---- answers

void TerminalScreen::reply(const std::string& text) {
  if (m_replies.size() + text.size() <= kMaxReplyBytes) {
    m_replies += text;
  }
}

void TerminalScreen::report(const TerminalSequence& s) {
  const int n = s.raw(0);
  if (s.final == 'p') {
    if (s.prefix == '?') {
      reply("\x1b[?" + std::to_string(n) + ";" + std::to_string(privateMode(n)) + "$y");
    }
  } else if (s.between != 0) {
    return;
  } else if (s.final == 'c') {
    if (s.prefix == 0 && n == 0) {
      reply("\x1b[?62;22c"); // a VT220 with colours
    } else if (s.prefix == '>' && n == 0) {
      reply("\x1b[>1;1000;0c");
    }
  } else if (s.final == 'n') {
    if (s.prefix == 0 && n == 5) {
      reply("\x1b[0n");
    } else if (n == 6 && (s.prefix == 0 || s.prefix == '?')) {
      const int row = m_cursor.row - (m_cursor.origin ? m_top : 0) + 1;
      reply((s.prefix == 0 ? "\x1b[" : "\x1b[?") + std::to_string(row) + ";" + std::to_string(m_cursor.column + 1) +
            "R");
    }
  } else if (s.final == 't' && s.prefix == 0 && n == 18) {
    reply("\x1b[8;" + std::to_string(rows()) + ";" + std::to_string(columns()) + "t");
  }
}

void TerminalScreen::osc(std::string_view text) {
  const size_t semicolon = text.find(';');
  const std::string_view number = text.substr(0, semicolon);
  const std::string_view value = semicolon == std::string_view::npos ? std::string_view() : text.substr(semicolon + 1);
  if (number == "0" || number == "2") {
    // It is shown in the window's own words: one line, nothing that hides or turns text around.
    QString title;
    for (const char32_t c : QString::fromUtf8(value.data(), qsizetype(value.size())).toUcs4()) {
      const QChar::Category category = QChar::category(c);
      if (category != QChar::Other_Control && category != QChar::Other_Format && category != QChar::Other_PrivateUse &&
          category != QChar::Separator_Line && category != QChar::Separator_Paragraph && title.size() < kMaxTitle) {
        title += QString::fromUcs4(&c, 1);
      }
    }
    m_title = title.trimmed();
  } else if ((number == "10" || number == "11") && value == "?") {
    const uint32_t colour = number == "10" ? m_textColour : m_groundColour;
    std::string out = "\x1b]" + std::string(number) + ";rgb:";
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (int shift = 16; shift >= 0; shift -= 8) {
      const std::string pair{kDigits[(colour >> (shift + 4)) & 15u], kDigits[(colour >> shift) & 15u]};
      out += pair + pair + (shift > 0 ? "/" : "");
    }
    reply(out + "\x1b\\");
  }
}

} // namespace univrs::gui
