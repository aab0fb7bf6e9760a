// AutoNAT and DCUtR between hosts with real sockets on loopback.
#include "engine/p2p/autonat_client.h"
#include "engine/p2p/autonat_server.h"
#include "engine/p2p/dcutr.h"
#include "engine/p2p/dcutr_message.h"
#include "engine/p2p/protobuf.h"
#include "tests/p2p/relay_nodes.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace univrs::p2p {
namespace {

using tests::Circuit;
using tests::kQuic;
using tests::kTcp;
using tests::Log;
using tests::TestHost;
using tests::waitFor;
using Verdict = Reachability::Verdict;

bool isDirect(const TestHost& host, const PeerId& to) {
  const auto all = host.host->connectionsTo(to);
  return std::any_of(all.begin(), all.end(), [](const Connection* c) { return !c->info().remote.isRelayed(); });
}
bool isRelayed(const TestHost& host, const PeerId& to) {
  const auto all = host.host->connectionsTo(to);
  return std::any_of(all.begin(), all.end(), [](const Connection* c) { return c->info().remote.isRelayed(); });
}

TEST(Dcutr, ARelayedConnectionGivesWayToADirectOneThatOutlivesTheRelay) {
  Circuit c;
  Dcutr there(*c.behind.host, true);
  Dcutr here(*c.dialler.host, true);
  ASSERT_TRUE(c.behind.reserveAt(c.relay));
  const PeerId a = c.dialler.host->id();
  const PeerId b = c.behind.host->id();
  const auto connected = c.dialler.connect(c.address());
  ASSERT_TRUE(connected) << connected.error().text();
  EXPECT_TRUE(connected->remote.isRelayed());
  ASSERT_TRUE(waitFor([&] { return isDirect(c.dialler, b) && isDirect(c.behind, a); }));
  EXPECT_TRUE(waitFor([&] { return there.underWay() == 0 && here.underWay() == 0; }));
  c.dialler.clock.skip(base::Millis(11'000)); // the relayed one is not needed any more
  c.behind.clock.skip(base::Millis(11'000));
  EXPECT_TRUE(waitFor([&] { return !isRelayed(c.dialler, b) && !isRelayed(c.behind, a); }));
  c.server.reset();
  c.relay.end();
  EXPECT_TRUE(c.dialler.pingOf(b));
  EXPECT_TRUE(c.behind.pingOf(a));
}

TEST(Dcutr, WithoutAnAddressToPunchToItStaysRelayed) {
  Circuit c;
  Dcutr there(*c.behind.host); // loopback is of no use to them
  Dcutr here(*c.dialler.host);
  ASSERT_TRUE(c.behind.reserveAt(c.relay));
  ASSERT_TRUE(c.dialler.connect(c.address()));
  ASSERT_TRUE(waitFor([&] { return c.behind.host->peerStore().speaks(c.dialler.host->id(), kDcutr); }));
  EXPECT_TRUE(waitFor([&] { return there.underWay() == 0 && here.underWay() == 0; }));
  EXPECT_FALSE(isDirect(c.dialler, c.behind.host->id()));
  OpenOptions limited;
  limited.allowLimited = true;
  EXPECT_TRUE(c.dialler.pingOf(c.behind.host->id(), limited));
}

TEST(Dcutr, EndsInAnyOrderWhileItIsUnderWay) {
  for (int turn = 0; turn < 8; ++turn) {
    Circuit c;
    auto there = std::make_unique<Dcutr>(*c.behind.host, true);
    auto here = std::make_unique<Dcutr>(*c.dialler.host, true);
    ASSERT_TRUE(c.behind.reserveAt(c.relay));
    ASSERT_TRUE(c.dialler.connect(c.address()));
    tests::spin(turn * 2); // not begun, under way, or over
    (turn % 2 == 0 ? there : here).reset();
    tests::spin();
  }
}

struct Asked : ::testing::TestWithParam<const char*> {};

TEST_P(Asked, WhoListensIsPublicAndWhoDoesNotIsPrivate) {
  TestHost server({GetParam()});
  TestHost open({GetParam()});
  TestHost shut;
  shut.host->setExtraAddresses("test", {*Multiaddr::fromText("/ip4/127.0.0.1/tcp/1")});
  const AutonatServer serves(*server.host, server.clock, true);
  int changes = 0;
  AutonatClient first(
      *open.host, [&] { ++changes; }, true);
  AutonatClient second(
      *shut.host, [&] { ++changes; }, true);
  ASSERT_TRUE(open.connect(server.info()));
  ASSERT_TRUE(shut.connect(server.info()));
  EXPECT_TRUE(waitFor([&] { return first.confidence() == 1 && second.confidence() == 1; }));
  EXPECT_EQ(first.verdict(), Verdict::Unknown) << "one answer is not enough";
  open.clock.skip(base::Millis(26'000));
  shut.clock.skip(base::Millis(26'000));
  EXPECT_TRUE(waitFor([&] { return first.verdict() == Verdict::Public && second.verdict() == Verdict::Private; }));
  EXPECT_EQ(changes, 2);
  // The dial backs leave nothing behind.
  EXPECT_TRUE(waitFor([&] { return open.host->connectionsTo(server.host->id()).size() == 1; }));
}

INSTANTIATE_TEST_SUITE_P(Transports, Asked, ::testing::Values(kQuic, kTcp));

TEST(Autonat, NobodyIsDialledForAnother) {
  TestHost server({kQuic});
  TestHost client({kQuic});
  const AutonatServer serves(*server.host, server.clock, true);
  ASSERT_TRUE(client.connect(server.info()));
  AutonatMessage request;
  request.peer = server.host->id();
  request.addresses = client.host->listenAddresses();
  const auto log = std::make_shared<Log>();
  ASSERT_TRUE(client.open(server.host->id(), {kAutonat}, {}, log, lengthPrefixed(encodeAutonat(request))));
  ASSERT_TRUE(waitFor([&] { return log->ends == 1 || log->closes == 1; }));
  ASSERT_GT(log->data.size(), 1u);
  const auto answer = parseAutonat(std::span(log->data).subspan(1));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, AutonatStatus::BadRequest);
}

TEST(Autonat, TheServerEndsWhileADialBackIsUnderWay) {
  TestHost server({kQuic});
  TestHost client({kQuic});
  client.host->setExtraAddresses("test", {*Multiaddr::fromText("/ip4/127.0.0.1/udp/9/quic-v1")});
  auto serves = std::make_unique<AutonatServer>(*server.host, server.clock, true);
  AutonatClient asks(*client.host, nullptr, true);
  ASSERT_TRUE(client.connect(server.info()));
  ASSERT_TRUE(waitFor([&] { return client.host->peerStore().speaks(server.host->id(), kAutonat); }));
  asks.tick();
  tests::spin();
  serves.reset();
  tests::spin();
  EXPECT_EQ(asks.verdict(), Verdict::Unknown);
}

} // namespace
} // namespace univrs::p2p
