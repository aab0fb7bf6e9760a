// What tests of transports share: nodes with keys of their own, handlers that note what they are told, and waiting.
#pragma once

#include "engine/p2p/tcp_transport.h"

#include <QCoreApplication>
#include <QDeadlineTimer>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace univrs::p2p::tests {

inline bool waitFor(const std::function<bool()>& done, int seconds = 60) {
  const QDeadlineTimer deadline(std::chrono::seconds{seconds});
  while (!done()) {
    if (deadline.hasExpired()) {
      return false;
    }
    QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 50);
  }
  return true;
}

// Lets what is deferred happen.
inline void spin(int times = 20) {
  for (int i = 0; i < times; ++i) {
    QCoreApplication::processEvents();
  }
}

inline Identity newIdentity() {
  std::string name = (std::filesystem::temp_directory_path() / "univrs-tcp-XXXXXX").string();
  EXPECT_NE(::mkdtemp(name.data()), nullptr);
  auto identity = Identity::loadOrCreate(name + "/key");
  std::filesystem::remove_all(name);
  return std::move(identity).value();
}

struct Gate final : InboundGate {
  bool handshakeMayBegin(const Multiaddr&) override {
    if (!open) {
      ++refused;
      return false;
    }
    ++underWay;
    ++begun;
    if (onBegin) {
      onBegin();
    }
    return true;
  }
  void handshakeOver(const Multiaddr&) override { --underWay; }
  [[nodiscard]] bool underLoad() const override { return false; }
  bool open = true;
  int underWay = 0, begun = 0, refused = 0;
  std::function<void()> onBegin;
};

// Notes what it is told about a stream. `onBytes` may consume; by default everything is kept in `data`.
struct Log {
  base::Bytes data;
  int datas = 0, ends = 0, writables = 0, closes = 0, destroyed = 0;
  std::optional<base::Error> error;
  std::function<void(Stream&)> onBytes;
  std::function<void(Stream&)> onEnd;
  std::function<void(Stream&)> onRoom;
  std::function<void()> onClosed;
};

class Recorder final : public StreamHandler {
public:
  Recorder(Stream& stream, std::shared_ptr<Log> log) : m_stream(stream), m_log(std::move(log)) {}
  ~Recorder() override { ++m_log->destroyed; }
  void onData() override {
    ++m_log->datas;
    if (m_log->onBytes) {
      m_log->onBytes(m_stream);
      return;
    }
    const auto bytes = m_stream.received();
    m_log->data.insert(m_log->data.end(), bytes.begin(), bytes.end());
    m_stream.consume(bytes.size());
  }
  void onEnd() override {
    ++m_log->ends;
    if (m_log->onEnd) {
      m_log->onEnd(m_stream);
    }
  }
  void onWritable() override {
    ++m_log->writables;
    if (m_log->onRoom) {
      m_log->onRoom(m_stream);
    }
  }
  void onClosed(const base::Error& error) override {
    ++m_log->closes;
    m_log->error = error;
    if (m_log->onClosed) {
      m_log->onClosed();
    }
  }

private:
  Stream& m_stream;
  std::shared_ptr<Log> m_log;
};

// Sends back what comes; reads no faster than it can write.
class Echo final : public StreamHandler {
public:
  explicit Echo(Stream& stream) : m_stream(stream) {}
  void onData() override { m_stream.consume(m_stream.write(m_stream.received())); }
  void onWritable() override { onData(); }
  void onEnd() override { m_stream.closeWrite(); }
  void onClosed(const base::Error&) override {}

private:
  Stream& m_stream;
};

// Writes all of `bytes`, as there is room, then closes our half.
class Sender final : public StreamHandler {
public:
  Sender(Stream& stream, base::Bytes bytes, std::shared_ptr<Log> log)
      : m_stream(stream), m_bytes(std::move(bytes)), m_log(std::move(log)) {
    onWritable();
  }
  void onWritable() override {
    m_at += m_stream.write(std::span<const uint8_t>(m_bytes).subspan(m_at));
    if (m_at == m_bytes.size()) {
      m_stream.closeWrite();
    }
  }
  void onData() override {
    const auto bytes = m_stream.received();
    m_log->data.insert(m_log->data.end(), bytes.begin(), bytes.end());
    m_stream.consume(bytes.size());
  }
  void onEnd() override { ++m_log->ends; }
  void onClosed(const base::Error& error) override {
    ++m_log->closes;
    m_log->error = error;
  }

private:
  Stream& m_stream;
  base::Bytes m_bytes;
  std::shared_ptr<Log> m_log;
  size_t m_at = 0;
};

// A connection with its owner. Streams of the peer go to `accept` (default: Echo).
struct Peer final : ConnectionHandler {
  void take(std::unique_ptr<Connection> c) {
    connection = std::move(c);
    connection->setHandler(this);
  }
  void onStream(Stream& stream) override {
    ++streams;
    if (accept) {
      accept(stream);
    } else {
      stream.attach(std::make_unique<Echo>(stream));
    }
  }
  void onDatagram(std::span<const uint8_t>) override {}
  void onClosed(const base::Error& e) override {
    error = e;
    if (whenClosed) {
      whenClosed();
    }
    connection.reset();
  }
  std::unique_ptr<Connection> connection;
  std::function<void(Stream&)> accept;
  std::function<void()> whenClosed;
  std::optional<base::Error> error;
  int streams = 0;
};

struct Node {
  explicit Node(TcpOptions options = {}) : transport(identity, clock, random, gate, options) {
    transport.setOnConnection([this](std::unique_ptr<Connection> c) { inbound.take(std::move(c)); });
  }
  ~Node() {
    inbound.connection.reset();
    outbound.connection.reset();
  }
  Multiaddr listen(const char* address = "/ip4/127.0.0.1/tcp/0") {
    const auto got = transport.listen(*Multiaddr::fromText(address));
    EXPECT_TRUE(got) << got.error().text();
    return got.valueOr(Multiaddr());
  }
  // Dials and waits.
  bool dial(const Multiaddr& to, std::optional<PeerId> expected = {}) {
    bool done = false;
    const auto dialling = transport.dial(to, expected, [&](base::Result<std::unique_ptr<Connection>> result) {
      done = true;
      if (result) {
        outbound.take(std::move(result).value());
      } else {
        dialError = result.error();
      }
    });
    EXPECT_FALSE(done); // never from inside dial()
    EXPECT_TRUE(waitFor([&] { return done; }));
    return outbound.connection != nullptr;
  }
  [[nodiscard]] PeerId id() const { return PeerKey::fromEd25519(identity.publicKey()).peerId(); }

  Identity identity = newIdentity();
  base::SystemClock clock;
  base::SystemRandom random;
  Gate gate;
  Peer inbound, outbound;
  std::optional<base::Error> dialError;
  TcpTransport transport;
};

inline base::Bytes pattern(size_t size, uint8_t start = 0) {
  base::Bytes out(size);
  for (size_t i = 0; i < size; ++i) {
    out[i] = uint8_t(start + i * 31 + (i >> 9));
  }
  return out;
}

} // namespace univrs::p2p::tests
