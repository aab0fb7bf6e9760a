// Three hosts with real sockets on loopback: one behind a relay, one that dials it, and the relay.
#include "engine/p2p/relay_reservations.h"
#include "engine/p2p/relay_server.h"
#include "engine/p2p/relay_transport.h"
#include "tests/p2p/host_nodes.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace univrs::p2p {
namespace {

using tests::kEcho;
using tests::kQuic;
using tests::kTcp;
using tests::Log;
using tests::pattern;
using tests::TestHost;
using tests::waitFor;

// A host that can be behind a relay and dial through one.
struct Client : TestHost {
  explicit Client(const char* listen = kQuic) : TestHost({listen}) {
    reservations = std::make_shared<RelayReservations>(*host);
    host->addTransport(
        std::make_unique<RelayTransport>(*host, clock, [weak = std::weak_ptr(reservations)](const PeerId& peer) {
          const auto ours = weak.lock();
          return ours && ours->isOurRelay(peer);
        }));
  }
  bool reserveAt(const TestHost& relay) {
    reservations->setRelays({relay.info()});
    reservations->tick();
    return waitFor([&] { return !reservations->addresses().empty(); });
  }
  std::shared_ptr<RelayReservations> reservations;
};

struct Circuit {
  explicit Circuit(const char* over = kQuic, RelayServerLimits limits = {})
      : relay({over}),
        server(std::make_unique<RelayServer>(
            *relay.host, limits,
            [this](const PeerId& peer) { return std::find(members.begin(), members.end(), peer) != members.end(); })),
        behind(over), dialler(over) {}
  // Where `behind` is said to be.
  [[nodiscard]] AddrInfo address() const { return {behind.host->id(), behind.reservations->addresses()}; }

  std::vector<PeerId> members;
  TestHost relay;
  std::unique_ptr<RelayServer> server;
  Client behind, dialler;
};

OpenOptions limitedToo() {
  OpenOptions options;
  options.allowLimited = true;
  return options;
}

class RelayOver : public ::testing::TestWithParam<const char*> {};

TEST_P(RelayOver, AMemberIsReachedIdentifiedAndPingedThroughARelay) {
  Circuit c(GetParam());
  c.members = {c.behind.host->id(), c.dialler.host->id()};
  ASSERT_TRUE(c.behind.reserveAt(c.relay));
  EXPECT_EQ(c.server->reservations(), 1u);
  const auto own = c.behind.host->addresses();
  ASSERT_TRUE(std::any_of(own.begin(), own.end(), [](const Multiaddr& a) { return a.isRelayed(); }));

  const auto connected = c.dialler.connect(c.address());
  ASSERT_TRUE(connected) << connected.error().text();
  EXPECT_EQ(connected->peer, c.behind.host->id());
  EXPECT_EQ(connected->transport, "p2p-circuit");
  EXPECT_EQ(connected->security, "noise");
  EXPECT_EQ(connected->muxer, "yamux");
  EXPECT_TRUE(connected->remote.isRelayed());
  EXPECT_FALSE(connected->limited) << "what members get is enough for everything";
  EXPECT_EQ(c.server->circuits(), 1u);
  ASSERT_TRUE(waitFor([&] {
    const auto& seen = c.dialler.identified;
    return std::find(seen.begin(), seen.end(), c.behind.host->id()) != seen.end();
  }));
  EXPECT_TRUE(c.dialler.pingOf(c.behind.host->id()));
  // A stream of its own, of more than any window.
  const auto log = std::make_shared<Log>();
  const auto sent = pattern(3u << 20);
  ASSERT_TRUE(c.dialler.open(c.behind.host->id(), {kEcho}, {}, log, sent));
  ASSERT_TRUE(waitFor([&] { return log->ends == 1; }));
  EXPECT_EQ(log->data, sent);
  EXPECT_GE(c.server->bytesRelayed(), 2 * sent.size());

  const auto inbound = c.behind.host->connectionsTo(c.dialler.host->id());
  ASSERT_EQ(inbound.size(), 1u);
  EXPECT_EQ(inbound.front()->info().direction, Direction::Inbound);
  EXPECT_TRUE(inbound.front()->info().remote.isRelayed());
  c.dialler.host->disconnect(c.behind.host->id(), "done");
  EXPECT_TRUE(waitFor([&] { return c.server->circuits() == 0 && !c.behind.host->isConnected(c.dialler.host->id()); }));
}

TEST_P(RelayOver, TheRelayDiesAndEverybodyKnows) {
  Circuit c(GetParam());
  ASSERT_TRUE(c.behind.reserveAt(c.relay));
  ASSERT_TRUE(c.dialler.connect(c.address()));
  c.server.reset();
  EXPECT_TRUE(waitFor([&] {
    return !c.behind.host->isConnected(c.dialler.host->id()) && !c.dialler.host->isConnected(c.behind.host->id());
  }));
  c.relay.end();
  EXPECT_TRUE(waitFor([&] { return c.behind.reservations->addresses().empty(); }));
}

TEST_P(RelayOver, HostsEndInAnyOrderWithACircuitUnderWay) {
  for (int first = 0; first < 3; ++first) {
    auto relay = std::make_unique<TestHost>(std::vector<std::string>{GetParam()});
    auto server = std::make_unique<RelayServer>(*relay->host, RelayServerLimits{}, nullptr);
    auto behind = std::make_unique<Client>(GetParam());
    auto dialler = std::make_unique<Client>(GetParam());
    ASSERT_TRUE(behind->reserveAt(*relay));
    const AddrInfo address{behind->host->id(), behind->reservations->addresses()};
    ASSERT_TRUE(dialler->connect(address));
    if (first == 0) {
      server.reset();
      relay.reset();
    } else {
      (first == 1 ? behind : dialler).reset();
    }
    tests::spin();
    behind.reset();
    dialler.reset();
    tests::spin();
  }
}

INSTANTIATE_TEST_SUITE_P(Transports, RelayOver, ::testing::Values(kQuic, kTcp));

TEST(Relay, StrangersGetATightLimitOfBytes) {
  RelayServerLimits limits;
  limits.strangers = {std::chrono::seconds(120), 64u << 10};
  Circuit c(kQuic, limits);
  ASSERT_TRUE(c.behind.reserveAt(c.relay));
  const auto connected = c.dialler.connect(c.address());
  ASSERT_TRUE(connected) << connected.error().text();
  EXPECT_TRUE(connected->limited);
  EXPECT_TRUE(c.dialler.pingOf(c.behind.host->id(), limitedToo()));
  OpenOptions notLimited;
  notLimited.dial = false;
  EXPECT_FALSE(c.dialler.open(c.behind.host->id(), {kEcho}, notLimited)) << "nothing big goes over it by accident";
  const auto log = std::make_shared<Log>();
  ASSERT_TRUE(c.dialler.open(c.behind.host->id(), {kEcho}, limitedToo(), log, pattern(1u << 20)));
  EXPECT_TRUE(waitFor([&] { return log->closes == 1 && c.server->circuits() == 0; }));
  EXPECT_LT(c.server->bytesRelayed(), 2u * (64u << 10) + 1);
  EXPECT_TRUE(waitFor([&] { return !c.dialler.host->isConnected(c.behind.host->id()); }));
  EXPECT_TRUE(c.behind.host->isConnected(c.relay.host->id())) << "only the circuit ended";
}

TEST(Relay, ACircuitEndsWhenItsTimeIsOver) {
  Circuit c;
  ASSERT_TRUE(c.behind.reserveAt(c.relay));
  ASSERT_TRUE(c.dialler.connect(c.address()));
  c.relay.clock.skip(base::Millis(119'000));
  c.server->tick();
  EXPECT_EQ(c.server->circuits(), 1u);
  c.relay.clock.skip(base::Millis(2'000));
  c.server->tick();
  EXPECT_EQ(c.server->circuits(), 0u);
  EXPECT_TRUE(waitFor([&] { return !c.dialler.host->isConnected(c.behind.host->id()); }));
}

TEST(Relay, WithoutAReservationNobodyIsReached) {
  Circuit c;
  ASSERT_TRUE(c.behind.connect(c.relay.info()));
  const auto circuit = c.relay.host->listenAddresses().front().withPeer(c.relay.host->id());
  const AddrInfo at{c.behind.host->id(), {circuit.joined(*Multiaddr::fromText("/p2p-circuit"))}};
  const auto refused = c.dialler.connect(at);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text().find("no place reserved"), std::string::npos) << refused.error().text();
  EXPECT_EQ(c.server->circuits(), 0u);
}

TEST(Relay, AReservationExpiresUnlessItIsRenewed) {
  Circuit c;
  ASSERT_TRUE(c.behind.reserveAt(c.relay));
  const auto at = c.address();
  c.relay.clock.skip(base::Millis(3'601'000));
  EXPECT_FALSE(c.dialler.connect(at));
  // The client's time comes too: two thirds of the term.
  c.behind.clock.skip(base::Millis(2'401'000));
  c.behind.reservations->tick();
  c.dialler.clock.skip(base::Millis(400'000)); // the failed address is left alone no longer
  EXPECT_TRUE(waitFor([&] {
    const auto again = c.dialler.connect(at);
    c.dialler.clock.skip(base::Millis(400'000));
    return bool(again);
  }));
}

TEST(Relay, TheThirdCircuitOfAPeerIsOneTooMany) {
  RelayServerLimits limits;
  limits.circuitsPerPeer = 2;
  Circuit c(kQuic, limits);
  Client second, third;
  ASSERT_TRUE(c.behind.reserveAt(c.relay));
  EXPECT_TRUE(c.dialler.connect(c.address()));
  EXPECT_TRUE(second.connect(c.address()));
  const auto refused = third.connect(c.address());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text().find("as much as it may"), std::string::npos) << refused.error().text();
  second.host->disconnect(c.behind.host->id(), "done");
  EXPECT_TRUE(waitFor([&] { return c.server->circuits() == 1; }));
}

TEST(Relay, SomebodyWeAskedForNothingBringsNoCircuit) {
  Circuit c;
  ASSERT_TRUE(c.behind.reserveAt(c.relay));
  const auto at = c.address();
  c.behind.reservations->setRelays({}); // gave it up; the relay does not know
  EXPECT_FALSE(c.dialler.connect(at));
  EXPECT_TRUE(waitFor([&] { return c.server->circuits() == 0; }));
}

TEST(Relay, AnotherPeerThanTheOneMeantIsRefused) {
  Circuit c;
  ASSERT_TRUE(c.behind.reserveAt(c.relay));
  const Identity other = tests::newIdentity();
  const PeerId meant = PeerKey::fromEd25519(other.publicKey()).peerId();
  EXPECT_FALSE(c.dialler.connect({meant, c.behind.reservations->addresses()}));
}

TEST(Relay, GarbageOnTheHopProtocolIsAnsweredOrEnded) {
  Circuit c;
  ASSERT_TRUE(c.dialler.connect(c.relay.info()));
  for (const base::Bytes& bytes : {base::Bytes{2, 0xff, 0xff}, base::Bytes{0xff, 0xff, 0xff, 0x7f},
                                   base::Bytes{4, 8, 2, 0x28, 100}, base::Bytes{}, base::Bytes(100, 0xff)}) {
    const auto log = std::make_shared<Log>();
    ASSERT_TRUE(c.dialler.open(c.relay.host->id(), {kRelayHop}, {}, log, bytes));
    EXPECT_TRUE(waitFor([&] { return log->closes == 1 || log->ends == 1; }));
  }
  EXPECT_EQ(c.server->circuits(), 0u);
  EXPECT_EQ(c.server->reservations(), 0u);
}

} // namespace
} // namespace univrs::p2p

int main(int argc, char** argv) {
  const QCoreApplication app(argc, argv);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
