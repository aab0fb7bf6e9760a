#include "tests/interop/univrs/echo.h"

#include <algorithm>
#include <array>

namespace univrs::tests {

namespace {
constexpr size_t kChunk = 64u << 10; // bytes made at a time
uint8_t byteAt(size_t i) {
  return uint8_t((i * 31 + i / 251) % 256);
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
  std::array<uint8_t, kChunk> chunk{};
  while (m_done && m_sent < m_count) {
    const size_t size = std::min(chunk.size(), m_count - m_sent);
    for (size_t i = 0; i < size; ++i) {
      chunk[i] = byteAt(m_sent + i);
    }
    const size_t taken = m_stream.write(std::span(chunk).first(size));
    m_sent += taken;
    if (taken < size) {
      return;
    }
  }
  m_stream.closeWrite();
}

void EchoClient::onData() {
  const auto bytes = m_stream.received();
  for (const uint8_t byte : bytes) {
    if (m_got == m_count || byte != byteAt(m_got)) {
      return finish(base::makeError(base::ErrorCode::Validation, "byte " + std::to_string(m_got) + " came back wrong"));
    }
    ++m_got;
  }
  m_stream.consume(bytes.size());
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
