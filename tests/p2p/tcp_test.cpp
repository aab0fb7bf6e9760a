#include "engine/p2p/multistream.h"
#include "engine/p2p/noise.h"
#include "engine/p2p/stream_channel.h"
#include "engine/p2p/yamux.h"
#include "tests/p2p/tcp_nodes.h"

#include <QHostAddress>
#include <QTcpSocket>

namespace univrs::p2p::tests {
namespace {

class Tcp : public ::testing::Test {
protected:
  void connect(const char* address = "/ip4/127.0.0.1/tcp/0") {
    at = b.listen(address);
    ASSERT_TRUE(a.dial(at, b.id())) << (a.dialError ? a.dialError->text() : "");
    ASSERT_TRUE(waitFor([&] { return b.inbound.connection != nullptr; }));
  }
  // A stream of a's with a handler that notes everything.
  Stream& open(const std::shared_ptr<Log>& log) {
    Stream* stream = a.outbound.connection->openStream().value();
    stream->attach(std::make_unique<Recorder>(*stream, log));
    return *stream;
  }
  Node a, b;
  Multiaddr at;
};

TEST_F(Tcp, BothSidesKnowWhoAndWhere) {
  for (const char* address : {"/ip4/127.0.0.1/tcp/0", "/ip6/::1/tcp/0"}) {
    Node x;
    Node y;
    const auto where = y.listen(address);
    EXPECT_NE(where.port(), 0);
    ASSERT_TRUE(x.dial(where.withPeer(y.id())));
    ASSERT_TRUE(waitFor([&] { return y.inbound.connection != nullptr; }));
    const auto& out = x.outbound.connection->info();
    const auto& in = y.inbound.connection->info();
    EXPECT_EQ(out.peer, y.id());
    EXPECT_EQ(in.peer, x.id());
    EXPECT_EQ(in.key.peerId(), x.id());
    EXPECT_EQ(out.remote, where);
    EXPECT_EQ(in.local, where);
    EXPECT_EQ(in.remote, out.local);
    EXPECT_EQ(out.direction, Direction::Outbound);
    EXPECT_EQ(in.direction, Direction::Inbound);
    EXPECT_NE(in.id, out.id);
    EXPECT_EQ(out.transport + out.security + out.muxer, "tcpnoiseyamux");
    EXPECT_FALSE(out.limited);
    EXPECT_GT(x.outbound.connection->traffic().sent, 0U);
    EXPECT_TRUE(waitFor([&] { return x.outbound.connection->rtt() && y.inbound.connection->rtt(); }));
    EXPECT_EQ(y.gate.underWay, 0);
    EXPECT_EQ(y.gate.begun, 1);
  }
}

TEST_F(Tcp, WildcardsStayOfTheirFamily) {
  for (const std::string wildcard : {"/ip4/0.0.0.0/tcp/", "/ip6/::/tcp/"}) {
    Node node;
    const auto where = node.listen((wildcard + "0").c_str());
    EXPECT_EQ(where.text(), wildcard + std::to_string(where.port()));
  }
}

TEST_F(Tcp, AMegabyteThereAndBack) {
  connect();
  const auto bytes = pattern(1u << 20);
  const auto log = std::make_shared<Log>();
  Stream* stream = a.outbound.connection->openStream().value();
  stream->attach(std::make_unique<Sender>(*stream, bytes, log));
  ASSERT_TRUE(waitFor([&] { return log->closes == 1; }));
  EXPECT_TRUE(log->data == bytes);
  EXPECT_EQ(log->ends, 1);
  EXPECT_EQ(log->error->what, "");
  EXPECT_TRUE(waitFor([&] { return b.inbound.connection->streamCount() == 0; }));
  EXPECT_EQ(a.outbound.connection->streamCount(), 0U);
  EXPECT_EQ(a.outbound.connection->bufferedBytes() + b.inbound.connection->bufferedBytes(), 0U);
  EXPECT_GT(b.inbound.connection->traffic().received, bytes.size());
}

TEST_F(Tcp, AHundredStreamsAtOnce) {
  connect();
  std::vector<std::shared_ptr<Log>> logs;
  for (int i = 0; i < 100; ++i) {
    logs.push_back(std::make_shared<Log>());
    Stream* stream = a.outbound.connection->openStream().value();
    stream->attach(std::make_unique<Sender>(*stream, pattern(100'000, uint8_t(i)), logs.back()));
  }
  ASSERT_TRUE(
      waitFor([&] { return std::all_of(logs.begin(), logs.end(), [](const auto& log) { return log->closes == 1; }); }));
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(logs[size_t(i)]->data == pattern(100'000, uint8_t(i))) << i;
  }
  EXPECT_EQ(b.inbound.streams, 100);
}

TEST_F(Tcp, ASlowReaderHoldsTheWriterBack) {
  connect();
  const auto far = std::make_shared<Log>();
  far->onBytes = [](Stream&) {}; // reads nothing
  Stream* inbound = nullptr;
  b.inbound.accept = [&](Stream& stream) {
    inbound = &stream;
    stream.attach(std::make_unique<Recorder>(stream, far));
  };
  const auto near = std::make_shared<Log>();
  Stream& stream = open(near);
  const auto bytes = pattern(4u << 20);
  size_t sent = stream.write(bytes);
  EXPECT_EQ(sent, Stream::kMaxUnsent);
  EXPECT_EQ(stream.write(bytes), 0U);
  ASSERT_TRUE(waitFor([&] { return inbound != nullptr && inbound->received().size() == 256u << 10; }));
  spin(100);
  EXPECT_EQ(inbound->received().size(), 256u << 10);
  EXPECT_EQ(stream.unsent(), Stream::kMaxUnsent - (256u << 10));
  EXPECT_EQ(near->writables, 0);
  EXPECT_LE(b.inbound.connection->bufferedBytes(), 256u << 10);
  // Now it reads.
  near->onRoom = [&](Stream& s) {
    sent += s.write(std::span<const uint8_t>(bytes).subspan(sent));
    if (sent == bytes.size()) {
      s.closeWrite();
    }
  };
  far->onBytes = nullptr;
  const auto waiting = inbound->received();
  far->data.assign(waiting.begin(), waiting.end());
  inbound->consume(waiting.size());
  ASSERT_TRUE(waitFor([&] { return far->ends == 1; }));
  EXPECT_TRUE(far->data == bytes);
  EXPECT_GT(near->writables, 0);
}

TEST_F(Tcp, HalfCloseLeavesTheOtherHalfOpen) {
  connect();
  const auto far = std::make_shared<Log>();
  Stream* inbound = nullptr;
  b.inbound.accept = [&](Stream& stream) {
    inbound = &stream;
    stream.attach(std::make_unique<Recorder>(stream, far));
  };
  const auto near = std::make_shared<Log>();
  Stream& stream = open(near);
  stream.write(base::asBytes("question"));
  stream.closeWrite();
  EXPECT_EQ(stream.write(base::asBytes("more")), 0U);
  ASSERT_TRUE(waitFor([&] { return far->ends == 1; }));
  EXPECT_EQ(std::string(far->data.begin(), far->data.end()), "question");
  EXPECT_EQ(far->closes + near->closes + near->ends, 0);
  inbound->write(base::asBytes("answer"));
  ASSERT_TRUE(waitFor([&] { return near->data.size() == 6; }));
  inbound->closeWrite();
  ASSERT_TRUE(waitFor([&] { return near->closes == 1 && far->closes == 1; }));
  EXPECT_EQ(near->ends, 1);
  EXPECT_EQ(near->error->what + far->error->what, "");
  spin();
  EXPECT_EQ(near->destroyed + far->destroyed, 2);
}

TEST_F(Tcp, AResetTellsTheOtherSideOnly) {
  connect();
  const auto far = std::make_shared<Log>();
  b.inbound.accept = [&](Stream& stream) { stream.attach(std::make_unique<Recorder>(stream, far)); };
  const auto near = std::make_shared<Log>();
  Stream& stream = open(near);
  stream.write(base::asBytes("x"));
  ASSERT_TRUE(waitFor([&] { return far->datas == 1; }));
  stream.reset();
  EXPECT_EQ(near->destroyed, 0); // not on our stack
  ASSERT_TRUE(waitFor([&] { return far->closes == 1 && near->destroyed == 1; }));
  EXPECT_NE(far->error->what, "");
  EXPECT_EQ(near->closes, 0);
  EXPECT_EQ(a.outbound.connection->streamCount(), 0U);
  // From inside its own handler.
  const auto again = std::make_shared<Log>();
  again->onBytes = [&](Stream& s) {
    s.reset();
    EXPECT_EQ(again->destroyed, 0);
  };
  b.inbound.accept = nullptr;
  open(again).write(base::asBytes("y"));
  ASSERT_TRUE(waitFor([&] { return again->destroyed == 1; }));
  EXPECT_EQ(again->closes, 0);
  EXPECT_TRUE(a.outbound.connection != nullptr);
  // A stream to which nobody attaches is reset.
  b.inbound.accept = [](Stream&) {};
  const auto refused = std::make_shared<Log>();
  open(refused);
  ASSERT_TRUE(waitFor([&] { return refused->closes == 1; }));
}

TEST_F(Tcp, HandlersCanBeReplacedInsideTheirCall) {
  connect();
  const auto first = std::make_shared<Log>();
  const auto second = std::make_shared<Log>();
  b.inbound.accept = [&](Stream& stream) {
    first->onBytes = [&](Stream& s) { // reads one byte and hands over
      s.consume(1);
      s.attach(std::make_unique<Recorder>(s, second));
      EXPECT_EQ(first->destroyed, 0);
      EXPECT_EQ(second->datas, 0);
    };
    stream.attach(std::make_unique<Recorder>(stream, first));
  };
  const auto near = std::make_shared<Log>();
  Stream& stream = open(near);
  stream.write(base::asBytes("abc"));
  stream.closeWrite();
  ASSERT_TRUE(waitFor([&] { return second->ends == 1; }));
  EXPECT_EQ(first->destroyed, 1);
  EXPECT_EQ(first->datas, 1);
  EXPECT_EQ(first->ends, 0);
  EXPECT_EQ(std::string(second->data.begin(), second->data.end()), "bc");
}

TEST_F(Tcp, WhatNobodyReadsAnyMoreIsThrownAway) {
  connect();
  const auto near = std::make_shared<Log>();
  Stream* inbound = nullptr;
  const auto far = std::make_shared<Log>();
  b.inbound.accept = [&](Stream& stream) {
    inbound = &stream;
    stream.attach(std::make_unique<Recorder>(stream, far));
    stream.stopReading();
    stream.closeWrite();
  };
  Stream* stream = a.outbound.connection->openStream().value();
  stream->attach(std::make_unique<Sender>(*stream, pattern(3u << 20), near));
  ASSERT_TRUE(waitFor([&] { return near->closes == 1 && far->closes == 1; }));
  EXPECT_EQ(near->error->what + far->error->what, "");
  EXPECT_EQ(far->datas, 0);
}

TEST_F(Tcp, ClosingTellsStreamsThenConnectionsOnBothSides) {
  connect();
  const auto far = std::make_shared<Log>();
  b.inbound.accept = [&](Stream& stream) { stream.attach(std::make_unique<Recorder>(stream, far)); };
  const auto near = std::make_shared<Log>();
  open(near).write(base::asBytes("x"));
  ASSERT_TRUE(waitFor([&] { return far->datas == 1; }));
  a.outbound.whenClosed = [&] { EXPECT_EQ(near->closes, 1); };
  b.inbound.whenClosed = [&] { EXPECT_EQ(far->closes, 1); };
  a.outbound.connection->close(0, "enough");
  EXPECT_EQ(near->closes, 0);
  EXPECT_FALSE(a.outbound.connection->openStream());
  ASSERT_TRUE(waitFor([&] { return a.outbound.error && b.inbound.error; }));
  EXPECT_EQ(a.outbound.error->why, "enough");
  EXPECT_NE(far->error->what, "");
}

TEST_F(Tcp, AConnectionMayBeDestroyedInsideAHandler) {
  connect();
  const auto near = std::make_shared<Log>();
  near->onBytes = [&](Stream&) {
    a.outbound.connection.reset();
    EXPECT_EQ(near->destroyed, 0);
  };
  const auto other = std::make_shared<Log>();
  open(other);
  open(near).write(base::asBytes("x"));
  ASSERT_TRUE(waitFor([&] { return near->destroyed == 1 && other->destroyed == 1; }));
  EXPECT_EQ(near->closes + other->closes, 0);
  ASSERT_TRUE(waitFor([&] { return b.inbound.error.has_value(); }));
}

TEST_F(Tcp, AnotherPeerThanExpectedIsRefusedAndNamed) {
  at = b.listen();
  EXPECT_FALSE(a.dial(at, a.id()));
  ASSERT_TRUE(a.dialError);
  EXPECT_EQ(a.dialError->code, base::ErrorCode::Forbidden);
  EXPECT_NE(a.dialError->why.find(a.id().text()), std::string::npos);
  EXPECT_NE(a.dialError->why.find(b.id().text()), std::string::npos);
  ASSERT_TRUE(waitFor([&] { return b.gate.underWay == 0; }));
  EXPECT_EQ(b.inbound.connection, nullptr);
}

TEST_F(Tcp, DialsThatFailOrAreGivenUp) {
  {
    Node gone;
    at = gone.listen();
  }
  EXPECT_FALSE(a.dial(at));
  EXPECT_EQ(a.dialError->code, base::ErrorCode::Unavailable);
  at = b.listen();
  bool called = false;
  auto dial = a.transport.dial(at, {}, [&](auto) { called = true; });
  dial.reset();
  auto later = a.transport.dial(at, {}, [&](auto) { called = true; });
  b.gate.onBegin = [&] { later.reset(); };
  ASSERT_TRUE(waitFor([&] { return b.gate.begun > 0 && b.gate.underWay == 0; }));
  spin(50);
  EXPECT_FALSE(called);
}

TEST_F(Tcp, AddressesAreToldApart) {
  const auto can = [&](const char* text) { return a.transport.canDial(*Multiaddr::fromText(text)); };
  EXPECT_TRUE(can("/ip4/127.0.0.1/tcp/9000"));
  EXPECT_TRUE(can("/ip6/::1/tcp/9000"));
  EXPECT_FALSE(can("/ip4/127.0.0.1/tcp/9000/ws"));
  EXPECT_FALSE(can("/ip4/127.0.0.1/udp/9000/quic-v1"));
  EXPECT_FALSE(can("/dns/localhost/tcp/9000"));
  EXPECT_FALSE(can("/ip4/127.0.0.1/tcp/0"));
  at = b.listen();
  const auto twice = a.transport.listen(at);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, base::ErrorCode::Conflict);
  b.transport.stopListening(at);
  spin();
  EXPECT_FALSE(a.dial(at));
}

// --- hostile sides: a bare socket that says what the test wants

class Raw {
public:
  explicit Raw(const Multiaddr& at) {
    m_socket.connectToHost(QHostAddress(QString::fromStdString(at.ip())), at.port());
    EXPECT_TRUE(m_socket.waitForConnected(60'000));
  }
  void send(std::span<const uint8_t> bytes) {
    m_socket.write(reinterpret_cast<const char*>(bytes.data()), qint64(bytes.size()));
  }
  [[nodiscard]] bool cutOff() {
    return waitFor([&] {
      (void)m_socket.readAll();
      return m_socket.state() == QAbstractSocket::UnconnectedState;
    });
  }
  base::Bytes receive() {
    const QByteArray bytes = m_socket.readAll();
    return {bytes.begin(), bytes.end()};
  }
  // Agrees on /noise and shakes hands.
  bool shakeHands(NoiseHandshake& handshake) {
    auto negotiation = Multistream::dialer({"/noise"});
    send(negotiation.start().send);
    base::Bytes in;
    bool agreed = false;
    bool done = false;
    EXPECT_TRUE(waitFor([&] {
      const auto more = receive();
      in.insert(in.end(), more.begin(), more.end());
      size_t consumed = 0;
      if (!agreed) {
        const auto step = negotiation.feed(in);
        consumed = step.consumed;
        agreed = step.done;
        if (agreed) {
          send(handshake.start().send);
        }
      } else {
        const auto step = handshake.feed(in);
        consumed = step.consumed;
        send(step.send);
        done = step.done || step.failed;
      }
      in.erase(in.begin(), in.begin() + std::ptrdiff_t(consumed));
      return done;
    }));
    rest = in;
    return done;
  }
  base::Bytes rest; // came behind the handshake

private:
  QTcpSocket m_socket;
};

TEST_F(Tcp, ASlowHandshakeIsCutOff) {
  Node hasty(TcpOptions{std::chrono::milliseconds(300)});
  at = hasty.listen();
  Raw silent(at);
  Raw dripping(at);
  dripping.send(std::array<uint8_t, 1>{0x13});
  EXPECT_TRUE(silent.cutOff());
  EXPECT_TRUE(dripping.cutOff());
  ASSERT_TRUE(waitFor([&] { return hasty.gate.underWay == 0; }));
  EXPECT_EQ(hasty.gate.begun, 2);
  EXPECT_EQ(hasty.inbound.connection, nullptr);
}

TEST_F(Tcp, GarbageAndOversizedHandshakesAreCutOff) {
  at = b.listen();
  base::Bytes garbage(100'000);
  a.random.fill(garbage);
  garbage[0] = 0xff; // a line of more than 1,024 bytes
  garbage[1] = 0xff;
  Raw noisy(at);
  noisy.send(garbage);
  EXPECT_TRUE(noisy.cutOff());

  Raw large(at); // agrees on /noise, then announces 65,535 bytes
  auto negotiation = Multistream::dialer({"/noise"});
  large.send(negotiation.start().send);
  large.send(std::array<uint8_t, 4>{0xff, 0xff, 1, 2});
  EXPECT_TRUE(large.cutOff());

  Raw insecure(at); // wants something else
  insecure.send(Multistream::dialer({"/plaintext/2.0.0"}).start().send);
  ASSERT_TRUE(waitFor([&] { return b.gate.begun == 3; }));
  EXPECT_EQ(b.inbound.connection, nullptr);
}

TEST_F(Tcp, TheGateIsAskedFirst) {
  at = b.listen();
  b.gate.open = false;
  Raw refused(at);
  EXPECT_TRUE(refused.cutOff());
  EXPECT_EQ(b.gate.refused, 1);
  EXPECT_EQ(b.gate.begun, 0);
}

class TcpHostile : public Tcp {
protected:
  // Shakes hands properly, then sends `frames` inside Noise (and spoils the last byte if asked to).
  base::Error closedAfter(const base::Bytes& frames, bool spoil = false) {
    Node victim;
    Raw raw(victim.listen());
    const NoiseKeys keys(a.identity, a.random);
    NoiseHandshake handshake(NoiseXX::Role::Initiator, keys, a.random, {"/yamux/1.0.0"}, victim.id());
    EXPECT_TRUE(raw.shakeHands(handshake));
    EXPECT_EQ(handshake.muxer(), "/yamux/1.0.0");
    auto noise = handshake.takeTransport();
    EXPECT_TRUE(waitFor([&] { return victim.inbound.connection != nullptr; }));
    base::Bytes wire;
    EXPECT_TRUE(noise.seal(frames, wire));
    wire.back() ^= spoil ? 1 : 0;
    raw.send(wire);
    EXPECT_TRUE(waitFor([&] { return victim.inbound.error.has_value(); }));
    EXPECT_TRUE(raw.cutOff());
    EXPECT_EQ(victim.inbound.connection, nullptr);
    return victim.inbound.error.value_or(base::Error{});
  }
};

TEST_F(TcpHostile, OversizedForgedAndWrongFramesEndTheConnection) {
  EXPECT_EQ(closedAfter({0, 0, 0, 1, 0, 0, 0, 1, 0x7f, 0xff, 0xff, 0xff}).code, base::ErrorCode::TooLarge);
  EXPECT_EQ(closedAfter({0, 0, 0, 1, 0, 0, 0, 1, 0, 4, 0, 1}).code, base::ErrorCode::TooLarge);
  EXPECT_EQ(closedAfter({7, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0}).code, base::ErrorCode::BadRequest);
  EXPECT_EQ(closedAfter({0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9}, true).code, base::ErrorCode::Unauthorized);
  EXPECT_EQ(closedAfter({0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}).code, base::ErrorCode::Unavailable); // go away
}

TEST_F(Tcp, WithoutEarlyMuxersTheyAreNegotiated) {
  at = b.listen();
  Raw raw(at);
  const NoiseKeys keys(a.identity, a.random);
  NoiseHandshake handshake(NoiseXX::Role::Initiator, keys, a.random, {}, {});
  ASSERT_TRUE(raw.shakeHands(handshake));
  auto noise = handshake.takeTransport();
  auto negotiation = Multistream::dialer({"/yamux/1.0.0"});
  base::Bytes wire;
  auto hello = negotiation.start().send; // with a first stream right behind it
  hello.insert(hello.end(), {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 'h', 'i'});
  ASSERT_TRUE(noise.seal(hello, wire));
  raw.send(wire);
  base::Bytes plain;
  ASSERT_TRUE(noise.open(raw.rest, plain));
  YamuxSession session(YamuxSession::Side::Dialer);
  bool agreed = false;
  base::Bytes echoed;
  const uint32_t id = *session.open();
  ASSERT_TRUE(waitFor([&] {
    EXPECT_TRUE(noise.open(raw.receive(), plain));
    if (!agreed) {
      const auto step = negotiation.feed(plain);
      plain.erase(plain.begin(), plain.begin() + std::ptrdiff_t(step.consumed));
      agreed = step.done;
    }
    if (agreed) {
      session.feed(plain, YamuxSession::Micros(1));
      plain.clear();
    }
    return session.received(id).size() == 2;
  }));
  EXPECT_EQ(session.received(id)[0], 'h');
  EXPECT_EQ(b.inbound.streams, 1);
}

// --- a connection inside a stream of another, as circuits over relays have it

TEST_F(Tcp, AConnectionThroughAStream) {
  connect();
  base::SystemClock clock;
  Upgrader near(a.identity, clock, a.random);
  Upgrader far(b.identity, clock, b.random);
  Peer inner;
  Peer outer;
  std::unique_ptr<Upgrade> accepting;
  b.inbound.accept = [&](Stream& stream) {
    UpgradeOptions options;
    options.direction = Direction::Inbound;
    options.transport = "p2p-circuit";
    accepting = far.upgrade(makeStreamChannel(stream), options, [&](base::Result<std::unique_ptr<Connection>> c) {
      ASSERT_TRUE(c) << c.error().text();
      outer.take(std::move(c).value());
    });
  };
  UpgradeOptions options;
  options.expected = b.id();
  options.transport = "p2p-circuit";
  options.limited = true;
  const auto dialling = near.upgrade(makeStreamChannel(*a.outbound.connection->openStream().value()), options,
                                     [&](base::Result<std::unique_ptr<Connection>> c) {
                                       ASSERT_TRUE(c) << c.error().text();
                                       inner.take(std::move(c).value());
                                     });
  ASSERT_TRUE(waitFor([&] { return inner.connection && outer.connection; }));
  EXPECT_EQ(inner.connection->info().peer, b.id());
  EXPECT_EQ(inner.connection->info().transport, "p2p-circuit");
  EXPECT_TRUE(inner.connection->info().limited);
  const auto log = std::make_shared<Log>();
  const auto bytes = pattern(3u << 20);
  Stream* stream = inner.connection->openStream().value();
  stream->attach(std::make_unique<Sender>(*stream, bytes, log));
  ASSERT_TRUE(waitFor([&] { return log->closes == 1; }));
  EXPECT_TRUE(log->data == bytes);
  inner.connection->close(0, "done");
  ASSERT_TRUE(waitFor([&] { return inner.error && outer.error; }));
  ASSERT_TRUE(waitFor([&] { return a.outbound.connection->streamCount() == 0; }));
  EXPECT_TRUE(a.outbound.connection && b.inbound.connection);
  // The stream's end takes an upgrade over it along.
  std::optional<base::Error> failed;
  Stream* cut = a.outbound.connection->openStream().value();
  const auto doomed = near.upgrade(makeStreamChannel(*cut), options, [&](base::Result<std::unique_ptr<Connection>> c) {
    failed = c ? base::Error{} : c.error();
  });
  b.inbound.accept = [](Stream& s) { s.reset(); };
  ASSERT_TRUE(waitFor([&] { return failed.has_value(); }));
  EXPECT_NE(failed->what, "");
}

} // namespace
} // namespace univrs::p2p::tests

int main(int argc, char** argv) {
  const QCoreApplication app(argc, argv);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
