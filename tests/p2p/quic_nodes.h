// Nodes with a QUIC transport and nothing above it, and a lossy road between them.
#pragma once

#include "engine/p2p/quic_transport.h"

#include <QCoreApplication>
#include <QTimer>
#include <QUdpSocket>

#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <filesystem>
#include <functional>
#include <random>

namespace univrs::p2p {

inline constexpr std::chrono::seconds kDeadline{60}; // an alarm, not a measure

// Runs the event loop until `condition`; false when the deadline came first.
inline bool waitFor(const std::function<bool()>& condition, std::chrono::milliseconds limit = kDeadline) {
  const auto end = std::chrono::steady_clock::now() + limit;
  QTimer tick;
  tick.start(5);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) {
      return false;
    }
    QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
  }
  return true;
}

inline void runFor(std::chrono::milliseconds time) {
  waitFor([] { return false; }, time);
}

inline Identity temporaryIdentity() {
  std::string folder = (std::filesystem::temp_directory_path() / "univrs-quic-XXXXXX").string();
  EXPECT_NE(::mkdtemp(folder.data()), nullptr);
  auto identity = Identity::loadOrCreate(folder + "/key");
  std::filesystem::remove_all(folder);
  return std::move(identity).value();
}

struct TestGate : InboundGate {
  size_t most = 1'000;
  size_t under = 0;
  bool load = false;
  bool handshakeMayBegin(const Multiaddr&) override { return under < most && ++under > 0; }
  void handshakeOver(const Multiaddr&) override { --under; }
  [[nodiscard]] bool underLoad() const override { return load; }
};

// Remembers what its stream told, and keeps or consumes what arrives.
struct Record {
  base::Bytes data;
  bool consume = true;
  int dataCalls = 0, ends = 0, writables = 0, closes = 0;
  bool destroyed = false;
  base::Error error;
  Stream* stream = nullptr;
  std::function<void()> onData, onEnd, onWritable, onClosed;
};

class Recorder : public StreamHandler {
public:
  Recorder(Stream& stream, std::shared_ptr<Record> record) : m_record(std::move(record)) { m_record->stream = &stream; }
  ~Recorder() override { m_record->destroyed = true; }
  void onData() override {
    ++m_record->dataCalls;
    Stream& stream = *m_record->stream;
    if (m_record->consume) {
      const auto bytes = stream.received();
      m_record->data.insert(m_record->data.end(), bytes.begin(), bytes.end());
      stream.consume(bytes.size());
    }
    call(m_record->onData);
  }
  void onEnd() override {
    ++m_record->ends;
    call(m_record->onEnd);
  }
  void onWritable() override {
    ++m_record->writables;
    call(m_record->onWritable);
  }
  void onClosed(const base::Error& error) override {
    ++m_record->closes;
    m_record->error = error;
    m_record->stream = nullptr;
    call(m_record->onClosed);
  }

private:
  static void call(const std::function<void()>& f) {
    if (f) {
      f();
    }
  }
  std::shared_ptr<Record> m_record;
};

// Sends back what it gets, as fast as the other side takes it.
class Echo : public StreamHandler {
public:
  explicit Echo(Stream& stream) : m_stream(stream) {}
  void onData() override { m_stream.consume(m_stream.write(m_stream.received())); }
  void onWritable() override { onData(); }
  void onEnd() override { m_stream.closeWrite(); }
  void onClosed(const base::Error&) override {}

private:
  Stream& m_stream;
};

// One end of a connection.
struct End : ConnectionHandler {
  std::unique_ptr<Connection> connection;
  std::function<std::unique_ptr<StreamHandler>(Stream&)> accept = [](Stream& s) { return std::make_unique<Echo>(s); };
  std::vector<base::Bytes> datagrams;
  bool destroyWhenClosed = false;
  int closes = 0, moves = 0, streams = 0;
  base::Error error;

  explicit End(std::unique_ptr<Connection> c) : connection(std::move(c)) { connection->setHandler(this); }
  void onStream(Stream& stream) override {
    ++streams;
    if (auto handler = accept(stream)) {
      stream.attach(std::move(handler));
    }
  }
  void onDatagram(std::span<const uint8_t> bytes) override { datagrams.emplace_back(bytes.begin(), bytes.end()); }
  void onClosed(const base::Error& e) override {
    ++closes;
    error = e;
    if (destroyWhenClosed) {
      connection.reset();
    }
  }
  void onMoved() override { ++moves; }

  std::shared_ptr<Record> open() {
    auto stream = connection->openStream();
    EXPECT_TRUE(stream.ok()) << stream.error().text();
    auto record = std::make_shared<Record>();
    stream.value()->attach(std::make_unique<Recorder>(*stream.value(), record));
    return record;
  }
};

struct Node {
  explicit Node(QuicOptions options = {}) : Node(temporaryIdentity(), options) {}
  Node(Identity who, const QuicOptions& options) : identity(std::move(who)) {
    auto made = QuicTransport::make(identity, gate, clock, options);
    EXPECT_TRUE(made.ok());
    transport = std::move(made).value();
    transport->setOnConnection([this](std::unique_ptr<Connection> connection) {
      inbound.push_back(std::make_unique<End>(std::move(connection)));
      if (onInbound) {
        onInbound(*inbound.back());
      }
    });
  }
  ~Node() {
    inbound.clear();
    outbound.clear();
  }
  Multiaddr listen(const std::string& ip = "127.0.0.1") {
    auto got = transport->listen(*Multiaddr::quic(ip, 0));
    EXPECT_TRUE(got.ok()) << got.error().text();
    return got ? *got : Multiaddr();
  }
  [[nodiscard]] PeerId id() const { return PeerKey::fromEd25519(identity.publicKey()).peerId(); }
  // The finished end, or null with `error` set.
  End* connect(const Multiaddr& to, std::optional<PeerId> expected = std::nullopt) {
    bool finished = false;
    End* out = nullptr;
    auto dial = transport->dial(to, expected, [&](base::Result<std::unique_ptr<Connection>> result) {
      finished = true;
      if (result) {
        outbound.push_back(std::make_unique<End>(std::move(result).value()));
        out = outbound.back().get();
      } else {
        error = result.error();
      }
    });
    EXPECT_FALSE(finished) << "told from inside dial()";
    EXPECT_TRUE(waitFor([&] { return finished; }));
    return out;
  }

  Identity identity;
  TestGate gate;
  base::SystemClock clock;
  std::unique_ptr<QuicTransport> transport;
  std::vector<std::unique_ptr<End>> inbound, outbound;
  std::function<void(End&)> onInbound;
  base::Error error;
};

// A road between a dialer and one listener: loses, repeats and remembers datagrams, and can change its own address
// towards the listener, as a NAT does.
class Road {
public:
  explicit Road(const Multiaddr& listener) : m_to(listener.port()) {
    m_front.bind(QHostAddress::LocalHost, 0);
    QObject::connect(&m_front, &QUdpSocket::readyRead, &m_front, [this] { fromDialer(); });
    rebind();
  }
  [[nodiscard]] Multiaddr address() const { return *Multiaddr::quic("127.0.0.1", m_front.localPort()); }
  void rebind() {
    m_back = std::make_unique<QUdpSocket>();
    m_back->bind(QHostAddress::LocalHost, 0);
    QObject::connect(m_back.get(), &QUdpSocket::readyRead, m_back.get(), [this] { fromListener(); });
  }
  [[nodiscard]] quint16 backPort() const { return m_back->localPort(); }
  void sendToListener(const QByteArray& datagram) { m_back->writeDatagram(datagram, QHostAddress::LocalHost, m_to); }

  double loss = 0;
  bool cut = false;
  bool remember = false;
  int copies = 1;
  std::vector<QByteArray> seen; // of the dialer, while `remember`
  size_t lost = 0, toListener = 0, toDialer = 0;

private:
  bool drops() {
    const bool drop = cut || std::uniform_real_distribution<>(0, 1)(m_random) < loss;
    lost += drop ? 1 : 0;
    return drop;
  }
  void fromDialer() {
    while (m_front.hasPendingDatagrams()) {
      QByteArray bytes(int(m_front.pendingDatagramSize()), 0);
      m_front.readDatagram(bytes.data(), bytes.size(), &m_dialer, &m_dialerPort);
      if (remember) {
        seen.push_back(bytes);
      }
      ++toListener;
      for (int i = 0; i < copies; ++i) {
        if (!drops()) {
          sendToListener(bytes);
        }
      }
    }
  }
  void fromListener() {
    while (m_back->hasPendingDatagrams()) {
      QByteArray bytes(int(m_back->pendingDatagramSize()), 0);
      m_back->readDatagram(bytes.data(), bytes.size());
      ++toDialer;
      for (int i = 0; i < copies; ++i) {
        if (!drops()) {
          m_front.writeDatagram(bytes, m_dialer, m_dialerPort);
        }
      }
    }
  }
  QUdpSocket m_front;
  std::unique_ptr<QUdpSocket> m_back;
  quint16 m_to;
  QHostAddress m_dialer;
  quint16 m_dialerPort = 0;
  std::mt19937 m_random{42};
};

inline base::Bytes pattern(size_t size, uint32_t seed = 1) {
  base::Bytes out(size);
  for (auto& b : out) {
    seed = seed * 1'664'525u + 1'013'904'223u;
    b = static_cast<uint8_t>(seed >> 24u);
  }
  return out;
}

// Writes all of `bytes` to the record's stream as it takes them, then ends it.
inline void feed(const std::shared_ptr<Record>& record, base::Bytes bytes, bool end = true) {
  auto rest = std::make_shared<std::pair<base::Bytes, size_t>>(std::move(bytes), 0);
  const std::weak_ptr<Record> weak = record;
  record->onWritable = [rest, weak, end] {
    const auto r = weak.lock();
    auto& [all, at] = *rest;
    at += r->stream->write(std::span<const uint8_t>(all).subspan(at));
    if (at == all.size() && end) {
      r->stream->closeWrite();
    }
  };
  record->onWritable();
}

} // namespace univrs::p2p
