// How connections come about and how attempts are refused.
#include "tests/p2p/quic_nodes.h"

#include <openssl/asn1.h>
#include <openssl/x509.h>

namespace univrs::p2p {
namespace {

TEST(QuicHandshake, AnotherPeerThanExpectedIsRefusedByName) {
  Node a;
  Node b;
  const Node other;
  const auto address = b.listen();
  EXPECT_EQ(a.connect(address, other.id()), nullptr);
  EXPECT_EQ(a.error.code, base::ErrorCode::Forbidden);
  EXPECT_NE(a.error.why.find(other.id().text()), std::string::npos) << a.error.text();
  EXPECT_NE(a.error.why.find(b.id().text()), std::string::npos);
  EXPECT_TRUE(waitFor([&] { return b.transport->stats().handshakesFailed == 1; }))
      << "told at once, not after a timeout";
  EXPECT_TRUE(b.inbound.empty());
  EXPECT_EQ(b.gate.under, 0u);
}

// The certificate of `node`'s identity, damaged in its way.
TlsCertificate expired(const Node& node) {
  TlsCertificate out = *makeTlsCertificate(node.identity);
  const uint8_t* at = out.certificate.data();
  X509* x = d2i_X509(nullptr, &at, long(out.certificate.size()));
  at = out.privateKey.data();
  EVP_PKEY* key = d2i_AutoPrivateKey(nullptr, &at, long(out.privateKey.size()));
  ASN1_TIME_set_string_X509(X509_getm_notAfter(x), "20200101000000Z");
  X509_sign(x, key, EVP_sha256());
  out.certificate.resize(size_t(i2d_X509(x, nullptr)));
  uint8_t* to = out.certificate.data();
  i2d_X509(x, &to);
  X509_free(x);
  EVP_PKEY_free(key);
  return out;
}

TEST(QuicHandshake, BadCertificatesOfDialersAndListenersAreRefused) {
  const Node maker;
  Node good;
  const auto address = good.listen();
  for (const bool none : {false, true}) {
    QuicOptions options;
    options.certificate = none ? TlsCertificate() : expired(maker);
    Node bad(options);
    EXPECT_EQ(bad.connect(address), nullptr) << "the dialer must not believe it is connected";
    EXPECT_EQ(bad.error.what, "the peer refused the connection") << bad.error.text();
    if (!none) {
      EXPECT_EQ(good.connect(bad.listen()), nullptr);
      EXPECT_NE(good.error.why.find("it has expired"), std::string::npos) << good.error.text();
    }
  }
  EXPECT_EQ(good.transport->stats().handshakesFailed, 2u);
  EXPECT_TRUE(good.inbound.empty());
}

TEST(QuicHandshake, NobodyThere) {
  QuicOptions options;
  options.dialTimeout = std::chrono::milliseconds(500);
  Node a(options);
  QUdpSocket silent;
  silent.bind(QHostAddress::LocalHost, 0);
  EXPECT_EQ(a.connect(*Multiaddr::quic("127.0.0.1", silent.localPort())), nullptr);
  EXPECT_EQ(a.error.code, base::ErrorCode::Timeout);
  EXPECT_EQ(a.connect(*Multiaddr::fromText("/ip4/127.0.0.1/tcp/1")), nullptr);
  EXPECT_EQ(a.error.code, base::ErrorCode::Unsupported);
}

TEST(QuicHandshake, DialGivenUpSaysNothingMore) {
  Node a;
  Node b;
  const auto address = b.listen();
  bool told = false;
  auto dial = a.transport->dial(address, std::nullopt, [&](auto) { told = true; });
  dial.reset();
  auto second = a.transport->dial(*Multiaddr::fromText("/ip4/1.2.3.4/tcp/1"), std::nullopt, [&](auto) { told = true; });
  second.reset();
  EXPECT_NE(a.connect(address), nullptr);
  EXPECT_FALSE(told);
}

TEST(QuicHandshake, RetryUnderLoad) {
  Node a;
  Node b;
  b.gate.load = true;
  const auto address = b.listen();
  End* end = a.connect(address, b.id());
  ASSERT_NE(end, nullptr) << a.error.text();
  EXPECT_EQ(b.transport->stats().retries, 1u);
  EXPECT_EQ(b.transport->stats().handshakesBegun, 1u);
  const auto record = end->open();
  feed(record, pattern(1'000));
  EXPECT_TRUE(waitFor([&] { return record->closes == 1; }));
}

TEST(QuicHandshake, GateThatIsClosedRefusesAtOnce) {
  Node a;
  Node b;
  b.gate.most = 0;
  EXPECT_EQ(a.connect(b.listen()), nullptr);
  EXPECT_NE(a.error.why.find("takes no more connections now"), std::string::npos) << a.error.text();
  EXPECT_EQ(b.transport->stats().handshakesRefused, 1u);
}

TEST(QuicHandshake, HalfOpenHandshakesAreBoundedAndForgotten) {
  QuicOptions options;
  options.inboundHandshake = std::chrono::milliseconds(400);
  Node b(options);
  b.gate.most = 3;
  Road road(b.listen());
  road.remember = true;
  Node a;
  std::vector<std::unique_ptr<Dial>> dials;
  for (int i = 0; i < 6; ++i) { // first flights whose senders never answer
    const size_t before = road.seen.size();
    road.cut = true;
    dials.push_back(a.transport->dial(road.address(), std::nullopt, [](auto) {}));
    ASSERT_TRUE(waitFor([&] { return road.seen.size() > before; }));
    road.sendToListener(road.seen[before]);
  }
  ASSERT_TRUE(waitFor([&] { return b.transport->stats().handshakesRefused == 3; }));
  EXPECT_EQ(b.transport->stats().handshakesBegun, 3u);
  EXPECT_EQ(b.gate.under, 3u);
  ASSERT_TRUE(waitFor([&] { return b.gate.under == 0; }));
  EXPECT_EQ(b.transport->stats().handshakesFailed, 3u);
}

TEST(QuicHandshake, UnknownVersionIsAnsweredWithTheOnesWeSpeak) {
  Node b;
  Road road(b.listen());
  QUdpSocket raw;
  raw.bind(QHostAddress::LocalHost, 0);
  QByteArray packet(1'200, 0);
  const uint8_t head[] = {0xc0, 0xba, 0xba, 0xba, 0xba, 8, 1, 2, 3, 4, 5, 6, 7, 8, 4, 9, 9, 9, 9};
  std::copy(std::begin(head), std::end(head), packet.begin());
  const auto port = quint16(road.address().port());
  raw.writeDatagram(packet.left(1'199), QHostAddress::LocalHost, port); // too short to be answered
  raw.writeDatagram(packet, QHostAddress::LocalHost, port);
  ASSERT_TRUE(waitFor([&] { return raw.hasPendingDatagrams(); }));
  QByteArray answer(2'000, 0);
  answer.resize(int(raw.readDatagram(answer.data(), answer.size())));
  ASSERT_EQ(answer.size(), 1 + 4 + 1 + 4 + 1 + 8 + 2 * 4);
  EXPECT_EQ(answer.mid(1, 4), QByteArray(4, 0));
  EXPECT_EQ(answer.mid(5, 5), QByteArray("\4\11\11\11\11", 5));
  EXPECT_EQ(answer.mid(10, 9), QByteArray("\10\1\2\3\4\5\6\7\10", 9));
  EXPECT_EQ(answer.mid(19, 4), QByteArray("\0\0\0\1", 4));
  EXPECT_EQ(b.transport->stats().versionNegotiations, 1u);
  EXPECT_EQ(b.transport->stats().handshakesBegun, 0u);
}

TEST(QuicHandshake, FloodOfGarbageIsCountedAndDropped) {
  Node a;
  Node b;
  const auto address = b.listen();
  QUdpSocket raw;
  raw.bind(QHostAddress::LocalHost, 0);
  std::mt19937 random(7);
  End* end = a.connect(address);
  ASSERT_NE(end, nullptr);
  for (int i = 0; i < 20'000; ++i) {
    QByteArray datagram(int(random() % 1'600), 0);
    for (auto& c : datagram) {
      c = char(random());
    }
    if (datagram.size() > 5 && i % 3 == 0) { // looks like an Initial of version 1
      datagram[0] = char(0xc0 | (datagram[0] & 3));
      std::copy_n("\0\0\0\1\10", 5, datagram.begin() + 1);
    }
    raw.writeDatagram(datagram, QHostAddress::LocalHost, address.port());
    if (i % 200 == 0) {
      QCoreApplication::processEvents();
    }
  }
  ASSERT_TRUE(waitFor([&] { return b.transport->stats().garbage > 1'000 && b.gate.under == 0; }));
  EXPECT_LE(b.transport->stats().statelessResets, 64u * 60);
  const auto record = end->open();
  feed(record, pattern(1'000));
  EXPECT_TRUE(waitFor([&] { return record->closes == 1; })) << "open connections go on";
  EXPECT_NE(a.connect(address), nullptr) << "and new ones come about";
  EXPECT_EQ(b.inbound.size(), 2u);
}

TEST(QuicHandshake, DialsLeaveFromTheListeningSocket) {
  Node a;
  Node b;
  const auto mine = a.listen();
  const auto address = b.listen();
  ASSERT_NE(a.connect(address), nullptr);
  ASSERT_TRUE(waitFor([&] { return !b.inbound.empty(); }));
  EXPECT_EQ(b.inbound[0]->connection->info().remote, mine);
}

TEST(QuicHandshake, WildcardAnswersFromWhereItWasAsked) {
  Node a;
  Node b;
  const auto address = b.listen("0.0.0.0");
  EXPECT_TRUE(address.isUnspecified());
  a.listen("0.0.0.0");
  for (const char* ip : {"127.0.0.1", "127.0.0.2"}) {
    End* end = a.connect(address.withIp(ip), b.id());
    ASSERT_NE(end, nullptr) << a.error.text();
    ASSERT_TRUE(waitFor([&] { return b.inbound.size() == a.outbound.size(); }));
    EXPECT_EQ(b.inbound.back()->connection->info().local.ip(), ip);
    EXPECT_EQ(end->connection->info().remote.ip(), ip);
  }
}

TEST(QuicHandshake, BothDialEachOtherAtOnce) {
  Node a;
  Node b;
  const auto atA = a.listen();
  const auto atB = b.listen();
  int done = 0;
  std::vector<std::unique_ptr<End>> ends;
  const auto take = [&](base::Result<std::unique_ptr<Connection>> result) {
    ASSERT_TRUE(result.ok()) << result.error().text();
    ends.push_back(std::make_unique<End>(std::move(result).value()));
    ++done;
  };
  const auto one = a.transport->dial(atB, b.id(), take);
  const auto two = b.transport->dial(atA, a.id(), take);
  ASSERT_TRUE(waitFor([&] { return done == 2 && a.inbound.size() == 1 && b.inbound.size() == 1; }));
  ends.clear();
}

TEST(QuicHandshake, RestartedListenerTellsItsOldPeers) {
  const Multiaddr address = [] {
    Node probe;
    return probe.listen();
  }();
  Node a;
  Identity identity = temporaryIdentity();
  auto b = std::make_unique<Node>(std::move(identity), QuicOptions{});
  ASSERT_TRUE(b->transport->listen(address).ok());
  Road road(address);
  End* end = a.connect(road.address());
  ASSERT_NE(end, nullptr);
  const auto warm = end->open();
  feed(warm, pattern(100));
  ASSERT_TRUE(waitFor([&] { return warm->closes == 1; }));
  road.cut = true; // the end of the old process is not heard
  Identity same = std::move(b->identity);
  b->identity = temporaryIdentity();
  b->inbound.clear();
  b.reset();
  runFor(std::chrono::milliseconds(50));
  road.cut = false;
  Node again(std::move(same), QuicOptions{});
  ASSERT_TRUE(again.transport->listen(address).ok());
  const auto record = end->open();
  record->stream->write(pattern(100));
  ASSERT_TRUE(waitFor([&] { return end->closes == 1; }));
  EXPECT_EQ(end->error.what, "the connection was lost") << end->error.text();
  EXPECT_GE(again.transport->stats().statelessResets, 1u);
}

TEST(QuicHandshake, ListenersOpenAndClose) {
  Node a;
  Node b;
  const auto address = b.listen();
  EXPECT_EQ(b.transport->listen(address).error().code, base::ErrorCode::Conflict);
  EXPECT_EQ(a.transport->listen(address).error().code, base::ErrorCode::Conflict);
  EXPECT_FALSE(a.transport->listen(*Multiaddr::tcp("127.0.0.1", 0)).ok());
  End* end = a.connect(address);
  ASSERT_NE(end, nullptr);
  b.transport->stopListening(address);
  const auto record = end->open();
  feed(record, pattern(1'000));
  EXPECT_TRUE(waitFor([&] { return record->closes == 1; })) << "open connections stay";
  end->connection->close(0, "");
  ASSERT_TRUE(waitFor([&] { return b.inbound[0]->closes == 1; }));
  b.inbound.clear();
  EXPECT_TRUE(waitFor([&] { return a.transport->listen(address).ok(); })) << "then the port is free";
}

TEST(QuicHandshake, PunchReachesAndIsGarbage) {
  Node a;
  Node b;
  const auto address = b.listen();
  a.transport->punch(address);
  EXPECT_TRUE(waitFor([&] { return b.transport->stats().garbage == 1; }));
  EXPECT_EQ(b.transport->stats().datagramsSent, 0u);
}

} // namespace
} // namespace univrs::p2p
