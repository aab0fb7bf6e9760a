#include "tests/interop/univrs/echo.h"

#include <algorithm>
#include <array>

namespace univrs::tests {

namespace {
// Byte i of the echo protocol; it begins anew after this many, so that comparing costs little beside sending.
constexpr size_t kPeriod = size_t(251) * 256;

const std::array<uint8_t, kPeriod>& pattern() {
  static const auto made = [] {
    std::array<uint8_t, kPeriod> bytes{};
    for (size_t i = 0; i < kPeriod; ++i) {
      bytes[i] = uint8_t((i * 31 + i / 251) % 256);
    }
    return bytes;
  }();
  return made;
}

// As many bytes from byte i on as lie together, `most` at most.
std::span<const uint8_t> bytesAt(size_t i, size_t most) {
  const auto rest = std::span(pattern()).subspan(i % kPeriod);
  return rest.first(std::min(rest.size(), most));
}
} // namespace

EchoClient::EchoClient(p2p::Stream& stream, size_t count, std::chrono::milliseconds timeout, Done done)
    : m_stream(stream), m_count(count), m_done(std::move(done)) {
  m_timer.setSingleShot(true);
  QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
    finish(base::makeError(base::ErrorCode::Timeout, std::to_string(m_got) + " bytes came back in time"));
  });
  m_timer.start(timeout);
  onWritable();
}

void EchoClient::onWritable() {
  while (m_done && m_sent < m_count) {
    const auto chunk = bytesAt(m_sent, m_count - m_sent);
    const size_t taken = m_stream.write(chunk);
    m_sent += taken;
    if (taken < chunk.size()) {
      return;
    }
  }
  m_stream.closeWrite();
}

void EchoClient::onData() {
  const size_t count = m_stream.received().size();
  for (auto bytes = m_stream.received(); !bytes.empty();) {
    const auto wanted = bytesAt(m_got, std::min(bytes.size(), m_count - m_got));
    if (wanted.empty() || !std::equal(wanted.begin(), wanted.end(), bytes.begin())) {
      return finish(base::makeError(base::ErrorCode::Validation,
                                    "other bytes came back after " + std::to_string(m_got) + " right ones"));
    }
    m_got += wanted.size();
    bytes = bytes.subspan(wanted.size());
  }
  m_stream.consume(count);
}

void EchoClient::onEnd() {
  if (m_got == m_count) {
    finish({});
  } else {
    finish(base::makeError(base::ErrorCode::Validation, "only " + std::to_string(m_got) + " bytes came back"));
  }
}

void EchoClient::onClosed(const base::Error& error) {
  finish(base::makeError(base::ErrorCode::Unavailable, "the stream was closed: " + error.text()));
}

void EchoClient::finish(base::Result<void> result) {
  if (auto done = std::exchange(m_done, nullptr)) {
    m_timer.stop();
    if (!result) {
      m_stream.reset();
    }
    done(std::move(result));
  }
}

} // namespace univrs::tests
