#include "engine/p2p/multistream.h"

#include "engine/p2p/varint.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr std::string_view kHeader = "/multistream/1.0.0";
constexpr std::string_view kNotAvailable = "na";

void appendLine(base::Bytes& out, std::string_view text) {
  appendVarint(out, text.size() + 1);
  out.insert(out.end(), text.begin(), text.end());
  out.push_back('\n');
}
} // namespace

Multistream Multistream::dialer(std::vector<std::string> protocols) {
  Multistream out;
  out.m_dialer = true;
  out.m_protocols = std::move(protocols);
  return out;
}

Multistream Multistream::listener(std::function<bool(const std::string&)> supported) {
  Multistream out;
  out.m_supported = std::move(supported);
  return out;
}

Multistream::Step Multistream::start() {
  Step step;
  if (!m_dialer) {
    return step;
  }
  if (m_protocols.empty()) {
    fail(ErrorCode::Internal, "there was no protocol to propose", step);
    return step;
  }
  appendLine(step.send, kHeader);
  appendLine(step.send, m_protocols.front());
  return step;
}

Multistream::Step Multistream::feed(std::span<const uint8_t> bytes) {
  Step step;
  step.done = m_over && m_error.what.empty();
  step.failed = m_over && !step.done;
  while (!m_over && step.consumed < bytes.size()) {
    // The length comes byte by byte, so that nothing beyond the line is taken.
    const auto length = readVarint(m_partial);
    if (length.state == Varint::State::Done) {
      const auto rest = bytes.subspan(step.consumed);
      const size_t missing = length.size + size_t(length.value) - m_partial.size();
      const size_t take = std::min(missing, rest.size());
      m_partial.insert(m_partial.end(), rest.begin(), rest.begin() + ptrdiff_t(take));
      step.consumed += take;
      if (take < missing) {
        continue;
      }
      const base::Bytes whole = std::exchange(m_partial, {});
      if (whole.back() != '\n') {
        fail(ErrorCode::BadRequest, "a line did not end where it should", step);
        continue;
      }
      line({reinterpret_cast<const char*>(whole.data()) + length.size, whole.size() - length.size - 1}, step);
      continue;
    }
    m_partial.push_back(bytes[step.consumed++]);
    const auto now = readVarint(m_partial);
    if (now.state == Varint::State::Bad ||
        (now.state == Varint::State::Done && (now.value == 0 || now.value > kMaxLine))) {
      fail(ErrorCode::BadRequest, "a line has no or too great a length", step);
    } else if (now.state == Varint::State::Done && !m_headerSeen && now.value != kHeader.size() + 1) {
      // Whoever speaks something else is told so at once, not when it has said as much as a line.
      fail(ErrorCode::Unsupported, "the peer does not speak multistream-select 1.0", step);
    }
  }
  return step;
}

void Multistream::fail(base::ErrorCode code, const std::string& why, Step& step) {
  m_over = true;
  m_partial.clear();
  m_error = makeError(code, "the two sides agreed on no protocol", why);
  step.failed = true;
}

void Multistream::agree(std::string protocol, Step& step) {
  m_over = true;
  m_protocol = std::move(protocol);
  step.done = true;
}

void Multistream::line(std::string_view text, Step& step) {
  if (!m_headerSeen) {
    if (text != kHeader) {
      fail(ErrorCode::Unsupported, "the peer does not speak multistream-select 1.0", step);
      return;
    }
    m_headerSeen = true;
    if (!m_dialer) {
      appendLine(step.send, kHeader);
    }
    return;
  }
  if (m_dialer) {
    if (text == m_protocols[m_next]) {
      agree(m_protocols[m_next], step);
    } else if (text != kNotAvailable) {
      fail(ErrorCode::BadRequest, "the peer answered with a protocol that was not proposed", step);
    } else if (++m_next == m_protocols.size()) {
      fail(ErrorCode::Unsupported, "the peer does not speak " + m_protocols.front(), step);
    } else {
      appendLine(step.send, m_protocols[m_next]);
    }
    return;
  }
  std::string name(text);
  if (m_supported && m_supported(name)) {
    appendLine(step.send, name);
    agree(std::move(name), step);
    return;
  }
  appendLine(step.send, kNotAvailable);
  if (++m_next >= kMaxProposals) {
    fail(ErrorCode::Unsupported, "the peer proposed nothing that we speak", step);
  }
}

} // namespace univrs::p2p
