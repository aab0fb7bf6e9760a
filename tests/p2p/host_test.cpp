// Whole hosts with their real transports over loopback.
#include "engine/p2p/host.h"
#include "engine/p2p/identify.h"
#include "engine/p2p/ping.h"
#include "tests/p2p/host_nodes.h"
#include "tests/p2p/tcp_nodes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace univrs::p2p {
namespace {

using tests::Echo;
using tests::kEcho;
using tests::kQuic;
using tests::kTcp;
using tests::Log;
using tests::newIdentity;
using tests::pattern;
using tests::TestHost;
using tests::waitFor;

class OverEach : public ::testing::TestWithParam<const char*> {};

TEST_P(OverEach, ConnectsIdentifiesPingsAndCarriesAMegabyte) {
  TestHost a({kQuic, kTcp});
  TestHost b({GetParam()});
  const auto connected = a.connect(b.info());
  ASSERT_TRUE(connected) << connected.error().text();
  EXPECT_EQ(connected->peer, b.host->id());
  EXPECT_EQ(connected->remote, b.host->listenAddresses().front());
  EXPECT_EQ(connected->direction, Direction::Outbound);
  const bool quic = std::string(GetParam()).find("quic") != std::string::npos;
  EXPECT_EQ(connected->transport, quic ? "quic-v1" : "tcp");
  EXPECT_EQ(connected->security, quic ? "tls" : "noise");

  ASSERT_TRUE(waitFor([&] { return !a.identified.empty() && !b.identified.empty(); }));
  EXPECT_EQ(b.lastConnected.peer, a.host->id());
  EXPECT_EQ(b.lastConnected.direction, Direction::Inbound);
  const PeerFacts* facts = a.host->peerStore().facts(b.host->id());
  ASSERT_NE(facts, nullptr);
  EXPECT_EQ(facts->agent, HostOptions{}.agent);
  EXPECT_EQ(facts->protocolVersion, "univrs/1.0.0");
  EXPECT_EQ(facts->protocols, b.host->protocols());
  EXPECT_EQ(facts->observed, b.lastConnected.remote);
  const auto record = openPeerRecord(facts->signedRecord);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->peer, b.host->id());
  EXPECT_EQ(record->addresses, b.host->listenAddresses());
  // The listener learnt where the dialler listens, though it never dialled it.
  const auto known = b.host->peerStore().addresses(a.host->id());
  ASSERT_EQ(known.size(), 2u);
  EXPECT_EQ(known[0].source, AddrSource::SignedRecord);

  const auto rtt = a.pingOf(b.host->id());
  ASSERT_TRUE(rtt) << rtt.error().text();
  EXPECT_GT(rtt->count(), 0);
  EXPECT_TRUE(b.pingOf(a.host->id()));

  auto log = std::make_shared<Log>();
  const base::Bytes megabyte = pattern(1u << 20);
  ASSERT_TRUE(a.open(b.host->id(), {kEcho}, {}, log, megabyte));
  ASSERT_TRUE(waitFor([&] { return log->closes > 0; }));
  EXPECT_TRUE(log->error->what.empty()) << log->error->text();
  EXPECT_EQ(log->data, megabyte);
  // Every place in the limits was given back.
  ASSERT_TRUE(
      waitFor([&] { return a.host->resources().use().streamsOut == 0 && b.host->resources().use().streamsIn == 0; }));

  a.host->disconnect(b.host->id(), "done");
  ASSERT_TRUE(waitFor([&] { return a.lasts == 1 && b.lasts == 1; }));
  EXPECT_FALSE(a.host->isConnected(b.host->id()));
  EXPECT_EQ(b.host->resources().use().connectionsIn, 0u);
}

TEST_P(OverEach, AnotherPeerThanExpectedIsRefused) {
  TestHost a;
  TestHost b({GetParam()});
  const TestHost other;
  const auto refused = a.connect({other.host->id(), b.host->listenAddresses()});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text().find(b.host->id().text()), std::string::npos) << refused.error().text();
  EXPECT_FALSE(a.host->isConnected(b.host->id()));
  // The right one is not held back by that.
  EXPECT_TRUE(a.connect(b.info()));
}

TEST_P(OverEach, AnAddressWithoutPeerTakesWhoAnswers) {
  TestHost a;
  TestHost b({GetParam()});
  const auto connected = a.connect({std::nullopt, b.host->listenAddresses()});
  ASSERT_TRUE(connected) << connected.error().text();
  EXPECT_EQ(connected->peer, b.host->id());
  const auto again = a.connect({std::nullopt, b.host->listenAddresses()});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id, connected->id);
}

INSTANTIATE_TEST_SUITE_P(Transports, OverEach, ::testing::Values(kQuic, kTcp));

TEST(Host, QuicWinsWhereItWorksAndTcpWhereNot) {
  TestHost a;
  TestHost b({kTcp, kQuic});
  const auto connected = a.connect(b.info());
  ASSERT_TRUE(connected) << connected.error().text();
  EXPECT_EQ(connected->transport, "quic-v1");

  TestHost c;
  TestHost d({kTcp});
  AddrInfo info = d.info();
  std::string dead;
  {
    const TestHost gone({kQuic});
    dead = gone.host->listenAddresses().front().text();
  }
  info.addresses.insert(info.addresses.begin(), *Multiaddr::fromText(dead));
  const auto fallback = c.connect(info);
  ASSERT_TRUE(fallback) << fallback.error().text();
  EXPECT_EQ(fallback->transport, "tcp");
}

TEST(Host, TwoRequestsAreOneDial) {
  TestHost a;
  TestHost b({kQuic, kTcp});
  int answers = 0;
  uint64_t first = 0;
  for (int i = 0; i < 5; ++i) {
    a.host->connect(b.info(), [&](base::Result<ConnectionInfo> r) {
      ASSERT_TRUE(r) << r.error().text();
      first = first == 0 ? r->id : first;
      EXPECT_EQ(r->id, first);
      ++answers;
    });
  }
  ASSERT_TRUE(waitFor([&] { return answers == 5; }));
  EXPECT_EQ(a.host->connectionsTo(b.host->id()).size(), 1u);
  EXPECT_EQ(a.firsts, 1);
}

TEST(Host, SimultaneousDialsEndInOneConnection) {
  TestHost a({kQuic});
  TestHost b({kQuic});
  int answers = 0;
  a.host->connect(b.info(), [&](base::Result<ConnectionInfo> r) { answers += r ? 1 : 100; });
  b.host->connect(a.info(), [&](base::Result<ConnectionInfo> r) { answers += r ? 1 : 100; });
  ASSERT_TRUE(waitFor([&] { return answers == 2; }));
  ASSERT_TRUE(waitFor([&] { return a.connectedCount == 2 && b.connectedCount == 2; }, 20))
      << a.connectedCount << " " << b.connectedCount;
  EXPECT_EQ(a.firsts, 1);
  ASSERT_TRUE(waitFor([&] { return !a.identified.empty() && !b.identified.empty(); }));
  a.clock.skip(base::Millis(30'000));
  b.clock.skip(base::Millis(30'000));
  ASSERT_TRUE(waitFor([&] {
    return a.host->connectionsTo(b.host->id()).size() == 1 && b.host->connectionsTo(a.host->id()).size() == 1;
  }));
  tests::spin(200);
  EXPECT_TRUE(a.pingOf(b.host->id(), {.dial = false}));
  EXPECT_EQ(a.lasts, 0);
}

TEST(Host, AgreesOnWhatThePeerSpeaks) {
  TestHost a;
  TestHost b({kQuic});
  ASSERT_TRUE(a.connect(b.info()));
  const auto opened = a.open(b.host->id(), {"/nobody/speaks/this", kEcho});
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ(opened->protocol, kEcho);
  const auto refused = a.open(b.host->id(), {"/nobody/speaks/this", "/nor/this"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::Unsupported) << refused.error().text();
  EXPECT_TRUE(a.host->isConnected(b.host->id()));
}

TEST(Host, ARefusedPingIsNotDeath) {
  TestHost a;
  TestHost b({kTcp});
  b.ping.reset();
  ASSERT_TRUE(a.connect(b.info()));
  const auto refused = a.pingOf(b.host->id());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::Unsupported) << refused.error().text();
  EXPECT_TRUE(a.host->isConnected(b.host->id()));
}

TEST(Host, OpensAStreamToWhomItHasToDialFirst) {
  TestHost a;
  TestHost b({kQuic});
  const auto notDialled = a.open(b.host->id(), {kEcho}, {.dial = false});
  EXPECT_FALSE(notDialled);
  const auto unknown = a.open(b.host->id(), {kEcho});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, base::ErrorCode::NotFound) << unknown.error().text();
  a.host->peerStore().addAddresses(b.host->id(), b.host->listenAddresses(), AddrSource::Operator, a.clock.now().wall);
  EXPECT_TRUE(a.open(b.host->id(), {kEcho}));
}

TEST(Host, ItselfIsNotDialled) {
  TestHost a({kQuic});
  EXPECT_FALSE(a.connect(a.info()));
  const auto unknowing = a.connect({std::nullopt, a.host->listenAddresses()});
  EXPECT_FALSE(unknowing);
  tests::spin(100);
  EXPECT_TRUE(a.host->connections().empty());
}

TEST(Host, StreamsOfOnePeerAndProtocolAreLimited) {
  TestHost a;
  TestHost b({kQuic});
  b.host->handle("/few", {10, 2}, [](const OpenedStream& s) { return std::make_unique<Echo>(*s.stream); });
  ASSERT_TRUE(a.connect(b.info()));
  std::vector<std::shared_ptr<Log>> logs;
  std::vector<Stream*> streams;
  int opened = 0;
  for (int i = 0; i < 3; ++i) {
    logs.push_back(std::make_shared<Log>());
    a.host->open(b.host->id(), {"/few"}, {}, [&, log = logs.back()](base::Result<OpenedStream> r) {
      // The agreement comes before the reset.
      ++opened;
      if (r) {
        streams.push_back(r->stream);
        r->stream->attach(std::make_unique<tests::Recorder>(*r->stream, log));
      }
    });
    ASSERT_TRUE(waitFor([&] { return opened == i + 1; }));
  }
  ASSERT_TRUE(waitFor([&] { return streams.size() < 3 || logs[2]->closes == 1; }));
  EXPECT_EQ(logs[0]->closes + logs[1]->closes, 0);
  EXPECT_EQ(b.host->resources().refused().at("protocol and peer inbound streams"), 1u);
  // Room again after one is over.
  streams[0]->reset();
  ASSERT_TRUE(waitFor([&] { return b.host->resources().use(a.host->id()).streamsIn <= 1; }));
  auto log = std::make_shared<Log>();
  ASSERT_TRUE(a.open(b.host->id(), {"/few"}, {}, log, pattern(10)));
  ASSERT_TRUE(waitFor([&] { return log->data.size() == 10; }));
}

TEST(Host, SilentStreamsAreDropped) {
  TestHost a;
  TestHost b({kTcp});
  ASSERT_TRUE(a.connect(b.info()));
  ASSERT_TRUE(waitFor([&] { return !a.identified.empty() && !b.identified.empty(); }));
  ASSERT_TRUE(waitFor([&] { return b.host->resources().use().streamsIn == 0; }));
  auto log = std::make_shared<Log>();
  auto stream = a.host->connectionsTo(b.host->id()).front()->openStream();
  ASSERT_TRUE(stream);
  (*stream)->attach(std::make_unique<tests::Recorder>(**stream, log));
  const base::Bytes half{0x13, '/', 'm'};
  (*stream)->write(half);
  ASSERT_TRUE(waitFor([&] { return b.host->resources().use().streamsIn == 1; }));
  b.clock.skip(base::Millis(11'000));
  ASSERT_TRUE(waitFor([&] { return log->closes == 1; }));
  ASSERT_TRUE(waitFor([&] { return b.host->resources().use().streamsIn == 0; }));
  EXPECT_TRUE(b.host->isConnected(a.host->id()));
}

TEST(Host, TrimsButKeepsTheProtected) {
  HostOptions options;
  options.lowWater = 2;
  options.highWater = 3;
  TestHost hub({kQuic}, options);
  std::vector<std::unique_ptr<TestHost>> others;
  for (int i = 0; i < 5; ++i) {
    others.push_back(std::make_unique<TestHost>());
    ASSERT_TRUE(others.back()->connect(hub.info()));
  }
  ASSERT_TRUE(waitFor([&] { return hub.connectedCount == 5; }));
  hub.host->protect(others[4]->host->id(), "test");
  hub.host->setValue(others[3]->host->id(), "test", 10);
  EXPECT_EQ(hub.host->connections().size(), 5u); // young ones are left alone
  ASSERT_TRUE(waitFor([&] { return hub.host->resources().use().streamsIn == 0; }));
  hub.clock.skip(base::Millis(25'000));
  ASSERT_TRUE(waitFor([&] { return hub.host->connections().size() == 2; }));
  EXPECT_TRUE(hub.host->isConnected(others[4]->host->id()));
  EXPECT_TRUE(hub.host->isConnected(others[3]->host->id()));
}

TEST(Host, NoRoomIsSaidToThePeer) {
  HostOptions options;
  options.limits.system.connectionsIn = 1;
  TestHost hub({kQuic}, options);
  TestHost a;
  TestHost b;
  ASSERT_TRUE(a.connect(hub.info()));
  static_cast<void>(b.connect(hub.info())); // may be up for a moment
  ASSERT_TRUE(waitFor([&] { return !b.host->isConnected(hub.host->id()); }));
  EXPECT_TRUE(hub.host->isConnected(a.host->id()));
  EXPECT_FALSE(hub.host->isConnected(b.host->id()));
  EXPECT_EQ(hub.host->resources().refused().at("system inbound connections"), 1u);
}

TEST(Host, TellsPeersOfItsNewProtocolsAndAddresses) {
  TestHost a;
  TestHost b({kQuic});
  ASSERT_TRUE(a.connect(b.info()));
  ASSERT_TRUE(waitFor([&] { return !a.identified.empty() && !b.identified.empty(); }));
  EXPECT_FALSE(a.host->peerStore().speaks(b.host->id(), "/new"));
  b.host->handle("/new", {}, [](const OpenedStream& s) { return std::make_unique<Echo>(*s.stream); });
  ASSERT_TRUE(waitFor([&] { return a.host->peerStore().speaks(b.host->id(), "/new"); }));
  b.host->unhandle("/new");
  b.host->setExtraAddresses("test", {*Multiaddr::fromText("/ip4/127.0.0.1/tcp/7")});
  ASSERT_TRUE(waitFor([&] { return !a.host->peerStore().speaks(b.host->id(), "/new"); }));
  const auto known = a.host->peerStore().addresses(b.host->id());
  EXPECT_TRUE(std::any_of(known.begin(), known.end(),
                          [](const auto& k) { return k.address.text() == "/ip4/127.0.0.1/tcp/7"; }));
}

TEST(Host, FailedAddressesAreLeftAloneForAWhile) {
  std::string port;
  AddrInfo info;
  TestHost b({kTcp});
  info = b.info();
  b.end();
  TestHost a;
  ASSERT_FALSE(a.connect(info));
  const auto held = a.connect(info);
  ASSERT_FALSE(held);
  EXPECT_NE(held.error().text().find("failed a moment ago"), std::string::npos) << held.error().text();
  a.clock.skip(base::Millis(3'000));
  const auto tried = a.connect(info);
  ASSERT_FALSE(tried);
  EXPECT_EQ(tried.error().text().find("failed a moment ago"), std::string::npos) << tried.error().text();
}

TEST(Host, FindsItsPeersAgainAfterARestart) {
  std::string folder = (std::filesystem::temp_directory_path() / "univrs-host-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  HostOptions options;
  options.peerStoreFile = folder + "/peers.json";
  {
    TestHost a({}, options);
    TestHost b({kQuic});
    ASSERT_TRUE(a.connect(b.info()));
    a.end();
    a.begin();
    EXPECT_TRUE(a.pingOf(b.host->id()));
    a.end();
    std::ofstream(options.peerStoreFile) << "damaged";
    a.begin();
    EXPECT_TRUE(std::filesystem::exists(options.peerStoreFile + ".damaged"));
    EXPECT_FALSE(a.pingOf(b.host->id()));
  }
  std::filesystem::remove_all(folder);
}

TEST(Host, NamesAreResolved) {
  TestHost a;
  TestHost b({kTcp});
  const std::string port = std::to_string(b.host->listenAddresses().front().port());
  const auto connected = a.connect({b.host->id(), {*Multiaddr::fromText("/dns4/localhost/tcp/" + port)}});
  ASSERT_TRUE(connected) << connected.error().text();
  EXPECT_EQ(connected->remote.text(), "/ip4/127.0.0.1/tcp/" + port);
}

TEST(Host, WildcardsAreExpanded) {
  TestHost a;
  TestHost b({"/ip4/0.0.0.0/udp/0/quic-v1", "/ip4/0.0.0.0/tcp/0"});
  for (const Multiaddr& address : b.host->listenAddresses()) {
    EXPECT_TRUE(address.isUnspecified());
    EXPECT_NE(address.port(), 0);
  }
  const auto addresses = b.host->addresses();
  ASSERT_FALSE(addresses.empty());
  AddrInfo here{b.host->id(), {}};
  for (const Multiaddr& address : addresses) {
    EXPECT_FALSE(address.isUnspecified()) << address.text();
    if (address.isLoopback()) {
      here.addresses.push_back(address);
    }
  }
  EXPECT_EQ(here.addresses.size(), 2u);
  EXPECT_TRUE(a.connect(here));
}

TEST(Host, AListenerThatFailsTakesTheOthersWithIt) {
  TestHost b({kTcp});
  const std::string taken = b.host->listenAddresses().front().text();
  const Identity identity = newIdentity();
  base::SystemClock clock;
  base::SystemRandom random;
  HostOptions options;
  options.listen = {*Multiaddr::fromText(kQuic), *Multiaddr::fromText(taken)};
  const auto host = makeHost(identity, options, clock, random);
  const auto started = host->start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().text().find(taken.substr(taken.rfind('/'))), std::string::npos) << started.error().text();
  EXPECT_TRUE(host->listenAddresses().empty());

  options.listen = {*Multiaddr::fromText("/ip4/127.0.0.1/udp/0/webtransport")};
  EXPECT_FALSE(makeHost(identity, options, clock, random)->start());
}

TEST(Host, APeerThatNeverAnswersTimesOut) {
  TestHost a;
  TestHost b({kQuic}, {}, false);
  ASSERT_TRUE(a.connect(b.info()));
  ASSERT_TRUE(waitFor([&] { return !a.identified.empty(); }));
  // The protocol is agreed on but nothing comes back.
  b.host->handle(Ping::kProtocol, {}, [](const OpenedStream& s) {
    auto log = std::make_shared<Log>();
    log->onBytes = [](Stream&) {};
    return std::make_unique<tests::Recorder>(*s.stream, log);
  });
  const auto late = a.pingOf(b.host->id(), {.timeout = std::chrono::milliseconds(300)});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, base::ErrorCode::Timeout);
  EXPECT_TRUE(a.host->isConnected(b.host->id()));
}

TEST(Host, EndsWithEverythingUnderWay) {
  auto a = std::make_unique<TestHost>();
  TestHost b({kQuic, kTcp});
  ASSERT_TRUE(a->connect(b.info()));
  int called = 0;
  for (int i = 0; i < 20; ++i) {
    a->host->open(b.host->id(), {kEcho}, {}, [&](auto) { ++called; });
    a->ping->ping(b.host->id(), {}, [&](auto) { ++called; });
    a->host->connect({std::nullopt, {*Multiaddr::fromText("/dns4/localhost/tcp/" + std::to_string(20'000 + i))}},
                     [&](auto) { ++called; });
  }
  for (int i = 0; i < 3; ++i) {
    QCoreApplication::processEvents();
  }
  const int before = called;
  a.reset();
  tests::spin(50);
  EXPECT_EQ(called, before);
  ASSERT_TRUE(waitFor([&] { return b.lasts == 1; }));
}

} // namespace
} // namespace univrs::p2p

int main(int argc, char** argv) {
  QCoreApplication app(argc, argv);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
