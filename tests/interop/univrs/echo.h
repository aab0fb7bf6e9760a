// The echo protocol of the interop tests (../README.md): both its ends.
#pragma once

#include "engine/p2p/host.h"

#include <QTimer>

namespace univrs::tests {

inline constexpr const char* kEchoProtocol = "/univrs/interop/echo/1.0.0";

// Sends back what comes, as fast as it is taken.
class EchoServer final : public p2p::StreamHandler {
public:
  explicit EchoServer(p2p::Stream& stream) : m_stream(stream) {}
  void onData() override { m_stream.consume(m_stream.write(m_stream.received())); }
  void onWritable() override { onData(); }
  void onEnd() override { m_stream.closeWrite(); }
  void onClosed(const base::Error&) override {}

private:
  p2p::Stream& m_stream;
};

// Sends `count` bytes of the pattern, and answers when all came back unchanged and the other half was closed.
class EchoClient final : public p2p::StreamHandler {
public:
  using Done = std::function<void(base::Result<void>)>; // once
  EchoClient(p2p::Stream& stream, size_t count, std::chrono::milliseconds timeout, Done done);
  void onWritable() override;
  void onData() override;
  void onEnd() override;
  void onClosed(const base::Error& error) override;

private:
  void finish(base::Result<void> result);
  p2p::Stream& m_stream;
  size_t m_count, m_sent = 0, m_got = 0;
  Done m_done;
  QTimer m_timer;
};

} // namespace univrs::tests
