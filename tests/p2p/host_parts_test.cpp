// The host's decisions that need no network: order of dials, back-off, who stays connected, own addresses, names,
// identify's message.
#include "engine/p2p/connection_manager.h"
#include "engine/p2p/dial_plan.h"
#include "engine/p2p/identify_message.h"
#include "engine/p2p/own_addresses.h"
#include "engine/p2p/protobuf.h"
#include "engine/p2p/resolver.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <gtest/gtest.h>

#include <algorithm>

namespace univrs::p2p {
namespace {

PeerId peer(int n) {
  const std::string key = "peer " + std::to_string(n);
  return PeerId::ofEncodedKey(base::asBytes(key));
}

Multiaddr at(const std::string& text) {
  auto address = Multiaddr::fromText(text);
  EXPECT_TRUE(address) << text;
  return address ? *address : Multiaddr();
}

std::vector<std::string> texts(const std::vector<Multiaddr>& addresses) {
  std::vector<std::string> out;
  for (const auto& a : addresses) {
    out.push_back(a.text());
  }
  return out;
}

TEST(DialPlan, QuicBeforeTcpBeforeRelays) {
  const std::string relay = "/ip4/5.5.5.5/udp/1/quic-v1/p2p/" + peer(9).text() + "/p2p-circuit";
  const auto plan = planDials({at(relay), at("/ip4/1.1.1.1/tcp/1"), at("/ip4/1.1.1.1/udp/1/quic-v1"),
                               at("/ip4/1.1.1.2/udp/1/quic-v1"), at("/ip6/2001:db8::1/udp/1/quic-v1"),
                               at("/ip4/1.1.1.1/tcp/1"), at("/ip4/192.168.0.1/udp/1/quic-v1")});
  std::vector<std::string> got;
  std::vector<int64_t> gaps;
  for (const auto& p : plan) {
    got.push_back(p.address.text());
    gaps.push_back(p.gap.count());
  }
  EXPECT_EQ(got, (std::vector<std::string>{"/ip4/192.168.0.1/udp/1/quic-v1", "/ip6/2001:db8::1/udp/1/quic-v1",
                                           "/ip4/1.1.1.1/udp/1/quic-v1", "/ip4/1.1.1.2/udp/1/quic-v1",
                                           "/ip4/1.1.1.1/tcp/1", relay}));
  EXPECT_EQ(gaps, (std::vector<int64_t>{0, 50, 250, 250, 250, 1'000}));
}

TEST(DialPlan, TcpWaitsItsTimeBesideNearQuic) {
  const auto plan = planDials({at("/ip4/127.0.0.1/tcp/1"), at("/ip4/127.0.0.1/udp/1/quic-v1")});
  ASSERT_EQ(plan.size(), 2u);
  EXPECT_TRUE(plan[0].address.isQuicV1());
  EXPECT_EQ(plan[1].gap, kDialGap);
}

TEST(DialBackoff, GrowsWithJitterAndEnds) {
  base::SeededRandom random(7);
  DialBackoff backoff(random);
  const Multiaddr a = at("/ip4/1.1.1.1/tcp/1");
  EXPECT_EQ(backoff.wait(a, {1'000}).count(), 0);
  int64_t expected = DialBackoff::kFirst.count();
  for (int i = 0; i < 40; ++i) {
    backoff.failed(a, {1'000});
    const int64_t wait = backoff.wait(a, {1'000}).count();
    EXPECT_GE(wait, expected - expected / 4);
    EXPECT_LE(wait, expected + expected / 4 + 1);
    expected = std::min<int64_t>(expected * 2, DialBackoff::kLongest.count());
  }
  EXPECT_EQ(backoff.wait(a, {1'000'000}).count(), 0);
  EXPECT_GT(backoff.wait(a, {2'000}).count(), 0);
  backoff.worked(a);
  EXPECT_EQ(backoff.wait(a, {2'000}).count(), 0);
  EXPECT_EQ(backoff.size(), 0u);
}

TEST(DialBackoff, IsBounded) {
  base::SeededRandom random(7);
  DialBackoff backoff(random);
  for (int i = 0; i < int(DialBackoff::kMaxEntries) + 50; ++i) {
    backoff.failed(at("/ip4/10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250) + "/tcp/1"), {i});
  }
  EXPECT_EQ(backoff.size(), DialBackoff::kMaxEntries);
}

class Manager : public ::testing::Test {
protected:
  const ConnectionInfo& add(uint64_t id, int of, int64_t openedMs, Direction direction = Direction::Outbound,
                            const std::string& transport = "quic-v1") {
    auto info = std::make_unique<ConnectionInfo>();
    info->id = id;
    info->peer = peer(of);
    info->opened.steady.ms = openedMs;
    info->direction = direction;
    info->transport = transport;
    info->remote = at("/ip4/1.1.1.1/tcp/1");
    infos.push_back(std::move(info));
    entries.push_back({infos.back().get(), 0});
    return *infos.back();
  }
  std::vector<std::unique_ptr<ConnectionInfo>> infos;
  std::vector<ConnectionManager::Entry> entries;
  ConnectionManager manager{peer(0), 2, 4};
};

TEST_F(Manager, TrimsToTheLowWaterMarkOnlyAboveTheHighOne) {
  for (int i = 1; i <= 4; ++i) {
    add(uint64_t(i), i, i);
  }
  EXPECT_TRUE(manager.trim(entries, {100'000}).empty());
  add(5, 5, 5);
  // The young go first, the old have proven themselves.
  EXPECT_EQ(manager.trim(entries, {100'000}), (std::vector<uint64_t>{5, 4, 3}));
}

TEST_F(Manager, ProtectionValueGraceAndStreamsCount) {
  for (int i = 1; i <= 6; ++i) {
    add(uint64_t(i), i, i);
  }
  manager.protect(peer(6), "member");
  manager.protect(peer(6), "leader");
  manager.unprotect(peer(6), "member");
  manager.setValue(peer(5), "mesh", 3);
  manager.setValue(peer(5), "kad", 4);
  EXPECT_EQ(manager.value(peer(5)), 7);
  infos[3]->opened.steady.ms = 95'000; // peer 4 is young
  entries[2].streams = 1;              // peer 3 is in use
  EXPECT_EQ(manager.trim(entries, {100'000}), (std::vector<uint64_t>{2, 1, 3, 5}));
  manager.setValue(peer(5), "mesh", 0);
  manager.setValue(peer(5), "kad", -1);
  manager.unprotect(peer(6), "leader");
  EXPECT_FALSE(manager.isProtected(peer(6)));
  EXPECT_EQ(manager.trim(entries, {100'000}), (std::vector<uint64_t>{5, 6, 2, 1}));
}

TEST_F(Manager, SpareConnectionsAreTrimmedFirst) {
  for (int i = 1; i <= 4; ++i) {
    add(uint64_t(i), i, i);
  }
  add(5, 1, 50, Direction::Outbound, "tcp");
  manager.setValue(peer(1), "x", 100);
  EXPECT_EQ(manager.trim(entries, {100'000}).front(), 5u);
}

TEST_F(Manager, BothSidesKeepTheSameOfTwoConnections) {
  // Peers a < b dialled each other: each side's view of the two connections.
  const PeerId a = std::min(peer(0), peer(1));
  const PeerId b = std::max(peer(0), peer(1));
  const auto view = [](const PeerId& other, uint64_t id, Direction direction, int64_t opened) {
    ConnectionInfo c;
    c.id = id;
    c.peer = other;
    c.direction = direction;
    c.transport = "quic-v1";
    c.remote = at("/ip4/1.1.1.1/udp/1/quic-v1");
    c.opened.steady.ms = opened;
    return c;
  };
  const ConnectionInfo aOut = view(b, 1, Direction::Outbound, 20);
  const ConnectionInfo aIn = view(b, 2, Direction::Inbound, 10);
  const ConnectionInfo bIn = view(a, 3, Direction::Inbound, 30);
  const ConnectionInfo bOut = view(a, 4, Direction::Outbound, 5);
  const ConnectionManager ofA(a, 2, 4);
  const ConnectionManager ofB(b, 2, 4);
  EXPECT_EQ(ofA.duplicates({{&aOut, 0}, {&aIn, 0}}, {50'000}), (std::vector<uint64_t>{2}));
  EXPECT_EQ(ofB.duplicates({{&bOut, 0}, {&bIn, 0}}, {50'000}), (std::vector<uint64_t>{4}));
  // Not while it is used, nor before both sides can know of both.
  EXPECT_TRUE(ofA.duplicates({{&aOut, 0}, {&aIn, 1}}, {50'000}).empty());
  EXPECT_TRUE(ofA.duplicates({{&aOut, 0}, {&aIn, 0}}, {5'000}).empty());
  EXPECT_TRUE(ofA.duplicates({{&aOut, 0}}, {50'000}).empty());
}

TEST_F(Manager, OfTwoLikeConnectionsOnlyTheDiallerCloses) {
  add(1, 1, 1, Direction::Inbound);
  add(2, 1, 2, Direction::Inbound);
  EXPECT_TRUE(manager.duplicates(entries, {50'000}).empty());
  infos[0]->direction = infos[1]->direction = Direction::Outbound;
  EXPECT_EQ(manager.duplicates(entries, {50'000}), (std::vector<uint64_t>{2}));
  infos[0]->limited = true; // a direct one replaces one over a relay
  EXPECT_EQ(manager.duplicates(entries, {50'000}), (std::vector<uint64_t>{1}));
}

ConnectionInfo seenBy(const std::string& remote, const std::string& local, Direction direction) {
  ConnectionInfo info;
  info.peer = peer(1);
  info.remote = at(remote);
  info.local = at(local);
  info.direction = direction;
  return info;
}

TEST(OwnAddresses, WildcardsStandForTheInterfacesOfTheirFamily) {
  OwnAddresses own;
  own.setListening({at("/ip4/0.0.0.0/udp/9000/quic-v1"), at("/ip6/::/tcp/9000"), at("/ip4/127.0.0.5/tcp/1")});
  own.setInterfaces({"127.0.0.1", "192.168.1.7", "::1", "2001:db8::7", "8.8.4.4", "not an ip"});
  EXPECT_EQ(texts(own.all()),
            (std::vector<std::string>{"/ip4/8.8.4.4/udp/9000/quic-v1", "/ip6/2001:db8::7/tcp/9000",
                                      "/ip4/192.168.1.7/udp/9000/quic-v1", "/ip4/127.0.0.1/udp/9000/quic-v1",
                                      "/ip6/::1/tcp/9000", "/ip4/127.0.0.5/tcp/1"}));
  own.setExtra("relay", {at("/ip4/5.5.5.5/tcp/1/p2p/" + peer(2).text() + "/p2p-circuit")});
  EXPECT_EQ(own.all().size(), 7u);
  own.setExtra("relay", {});
  EXPECT_EQ(own.all().size(), 6u);
}

TEST(OwnAddresses, ObservedOnesNeedSeveralWitnesses) {
  OwnAddresses own;
  own.setListening({at("/ip4/192.168.1.7/udp/9000/quic-v1"), at("/ip4/192.168.1.7/tcp/9000")});
  const std::string local = "/ip4/192.168.1.7/udp/9000/quic-v1";
  const Multiaddr seen = at("/ip4/88.1.2.3/udp/40000/quic-v1");
  const base::Timestamp now{1'000};
  own.observe(seenBy("/ip4/9.9.9.9/udp/1/quic-v1", local, Direction::Outbound), seen, now);
  own.observe(seenBy("/ip4/9.9.9.9/udp/2/quic-v1", local, Direction::Outbound), seen, now);
  EXPECT_EQ(own.all().size(), 2u); // one machine is one witness
  own.observe(seenBy("/ip4/9.9.9.8/udp/1/quic-v1", local, Direction::Outbound), seen, now);
  EXPECT_EQ(own.all().front(), seen);
  own.expire(now + OwnAddresses::kObservationAge + base::Millis(1));
  EXPECT_EQ(own.all().size(), 2u);
}

TEST(OwnAddresses, UselessObservationsAreNotTaken) {
  OwnAddresses own;
  own.setListening({at("/ip4/192.168.1.7/udp/9000/quic-v1"), at("/ip4/192.168.1.7/tcp/9000")});
  const size_t before = own.all().size();
  const std::string quic = "/ip4/192.168.1.7/udp/9000/quic-v1";
  const std::string tcp = "/ip4/192.168.1.7/tcp/9000";
  for (int i = 1; i < 9; ++i) {
    const std::string ip = "/ip4/9.9.9." + std::to_string(i);
    // An outbound TCP connection's port is nobody's; a peer on another port; other transports; nonsense.
    own.observe(seenBy(ip + "/tcp/1", "/ip4/192.168.1.7/tcp/51000", Direction::Outbound), at("/ip4/8.8.8.8/tcp/51000"),
                {1});
    own.observe(seenBy(ip + "/tcp/1", tcp, Direction::Outbound), at("/ip4/8.8.8.8/tcp/9000"), {1});
    own.observe(seenBy(ip + "/udp/1/quic-v1", quic, Direction::Outbound), at("/ip4/8.8.8.8/tcp/9000"), {1});
    own.observe(seenBy(ip + "/udp/1/quic-v1", quic, Direction::Outbound), at("/ip4/0.0.0.0/udp/9/quic-v1"), {1});
    own.observe(seenBy(ip + "/udp/1/quic-v1", quic, Direction::Outbound), at("/ip4/127.0.0.1/udp/9/quic-v1"), {1});
    own.observe(seenBy(ip + "/udp/1/quic-v1", quic, Direction::Outbound), at("/dns4/evil.example/udp/9/quic-v1"), {1});
    own.observe(seenBy("/ip4/127.0.0." + std::to_string(i) + "/udp/1/quic-v1", quic, Direction::Inbound),
                at("/ip4/8.8.8.8/udp/9/quic-v1"), {1});
  }
  EXPECT_EQ(own.all().size(), before);
  // Where inbound TCP reaches us is where others can too.
  own.observe(seenBy("/ip4/9.9.9.1/tcp/1", tcp, Direction::Inbound), at("/ip4/8.8.8.8/tcp/9000"), {1});
  own.observe(seenBy("/ip4/9.9.9.2/tcp/1", tcp, Direction::Inbound), at("/ip4/8.8.8.8/tcp/9000"), {1});
  EXPECT_EQ(own.all().size(), before + 1);
}

TEST(OwnAddresses, AreBounded) {
  OwnAddresses own;
  own.setListening({at("/ip4/192.168.1.7/udp/9000/quic-v1")});
  for (int i = 1; i < 1'000; ++i) {
    const std::string ip = "/ip4/9.9." + std::to_string(i / 250) + "." + std::to_string(i % 250) + "/udp/1/quic-v1";
    for (const int witness : {0, 1}) {
      own.observe(seenBy("/ip4/9.8.7." + std::to_string(witness) + "/udp/1/quic-v1",
                         "/ip4/192.168.1.7/udp/9000/quic-v1", Direction::Outbound),
                  at(ip), {i});
    }
  }
  EXPECT_LE(own.all().size(), OwnAddresses::kMaxAddresses);
}

// Answers from a table, so that what is looked up can be counted.
class TableNames final : public NameSource {
public:
  void ips(const std::string& name, QObject* context, OnIps done) override { answer(ipTable, name, context, done); }
  void texts(const std::string& name, QObject* context, OnTexts done) override {
    answer(textTable, name, context, done);
  }
  std::map<std::string, std::vector<std::string>> ipTable, textTable;
  int lookups = 0;

private:
  void answer(const std::map<std::string, std::vector<std::string>>& table, const std::string& name, QObject* context,
              std::function<void(base::Result<std::vector<std::string>>)> done) {
    ++lookups;
    const auto it = table.find(name);
    base::Result<std::vector<std::string>> result =
        base::makeError(base::ErrorCode::Unavailable, name + " was not found", "no such name");
    if (it != table.end()) {
      result = it->second;
    }
    QMetaObject::invokeMethod(
        context, [done = std::move(done), result] { done(result); }, Qt::QueuedConnection);
  }
};

class Names : public ::testing::Test {
protected:
  base::Result<std::vector<Multiaddr>> resolve(const std::string& text) {
    std::optional<base::Result<std::vector<Multiaddr>>> result;
    resolver.resolve(at(text), [&](auto r) { result = std::move(r); });
    EXPECT_FALSE(result) << "answered from inside the call";
    QElapsedTimer timer;
    timer.start();
    while (!result && timer.elapsed() < 60'000) {
      QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 100);
    }
    return result ? *result : base::makeError(base::ErrorCode::Internal, "no answer");
  }
  int argc = 1;
  std::string name = "test";
  char* argv[1] = {name.data()};
  QCoreApplication app{argc, argv};
  TableNames* table = new TableNames;
  Resolver resolver{std::unique_ptr<NameSource>(table)};
};

TEST_F(Names, FamiliesAreKept) {
  table->ipTable["h.example"] = {"1.2.3.4", "2001:db8::1"};
  EXPECT_EQ(texts(*resolve("/dns/h.example/udp/1/quic-v1")),
            (std::vector<std::string>{"/ip4/1.2.3.4/udp/1/quic-v1", "/ip6/2001:db8::1/udp/1/quic-v1"}));
  EXPECT_EQ(texts(*resolve("/dns4/h.example/tcp/1")), (std::vector<std::string>{"/ip4/1.2.3.4/tcp/1"}));
  EXPECT_EQ(texts(*resolve("/dns6/h.example/tcp/1")), (std::vector<std::string>{"/ip6/2001:db8::1/tcp/1"}));
  EXPECT_EQ(texts(*resolve("/ip4/1.1.1.1/tcp/1")), (std::vector<std::string>{"/ip4/1.1.1.1/tcp/1"}));
  const auto none = resolve("/dns4/missing.example/tcp/1");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().what, "missing.example was not found");
}

TEST_F(Names, DnsaddrIsFollowedAndFiltered) {
  const std::string a = peer(1).text();
  const std::string b = peer(2).text();
  table->textTable["_dnsaddr.boot.example"] = {"dnsaddr=/dnsaddr/eu.boot.example/p2p/" + a, "unrelated",
                                               "dnsaddr=/ip4/2.2.2.2/tcp/1/p2p/" + b, "dnsaddr=broken"};
  table->textTable["_dnsaddr.eu.boot.example"] = {"dnsaddr=/dns4/h.example/tcp/1/p2p/" + a,
                                                  "dnsaddr=/ip4/9.9.9.9/tcp/1/p2p/" + b};
  table->ipTable["h.example"] = {"1.2.3.4"};
  EXPECT_EQ(texts(*resolve("/dnsaddr/boot.example")),
            (std::vector<std::string>{"/ip4/2.2.2.2/tcp/1/p2p/" + b, "/ip4/1.2.3.4/tcp/1/p2p/" + a}));
  EXPECT_EQ(texts(*resolve("/dnsaddr/boot.example/p2p/" + a)),
            (std::vector<std::string>{"/ip4/1.2.3.4/tcp/1/p2p/" + a}));
}

TEST_F(Names, EndlessDnsaddrEnds) {
  table->textTable["_dnsaddr.loop.example"] = {"dnsaddr=/dnsaddr/loop.example"};
  EXPECT_FALSE(resolve("/dnsaddr/loop.example"));
  EXPECT_EQ(table->lookups, 1);
  table->lookups = 0;
  // Each name leads to sixteen others and further ones behind the limit.
  for (int i = 0; i < 400; ++i) {
    auto& records = table->textTable["_dnsaddr.n" + std::to_string(i) + ".example"];
    for (int k = 1; k <= 40; ++k) {
      records.push_back("dnsaddr=/dnsaddr/n" + std::to_string(i * 16 + k) + ".example");
    }
  }
  EXPECT_FALSE(resolve("/dnsaddr/n0.example"));
  EXPECT_EQ(table->lookups, int(Resolver::kMaxLookups));
}

TEST_F(Names, ResultsAreBounded) {
  auto& records = table->textTable["_dnsaddr.many.example"];
  for (int i = 1; i <= 12; ++i) {
    table->ipTable["h" + std::to_string(i) + ".example"].assign(5'000, "1.2.3." + std::to_string(i));
    for (int k = 0; k < 5; ++k) {
      table->ipTable["h" + std::to_string(i) + ".example"][size_t(k)] =
          "4.3." + std::to_string(i) + "." + std::to_string(k);
    }
    records.push_back("dnsaddr=/dns4/h" + std::to_string(i) + ".example/tcp/1");
  }
  EXPECT_EQ(resolve("/dnsaddr/many.example")->size(), Resolver::kMaxResults);
}

IdentifyMessage sample() {
  IdentifyMessage m;
  m.publicKey = {8, 1, 18, 1, 9};
  m.listen = {at("/ip4/1.2.3.4/udp/1/quic-v1"), at("/ip6/::1/tcp/2")};
  m.protocols = {"/a/1", "/b/2"};
  m.observed = at("/ip4/9.9.9.9/udp/7/quic-v1");
  m.agent = "agent/1";
  m.protocolVersion = "v/1";
  m.signedRecord = {1, 2, 3};
  return m;
}

TEST(IdentifyMessage, ComesBackAsItWas) {
  const auto parts = sample().encoded();
  ASSERT_EQ(parts.size(), 1u);
  IdentifyMessage read;
  ASSERT_TRUE(read.merge(parts[0]));
  EXPECT_EQ(read.publicKey, sample().publicKey);
  EXPECT_EQ(read.listen, sample().listen);
  EXPECT_EQ(read.protocols, sample().protocols);
  EXPECT_EQ(read.observed, sample().observed);
  EXPECT_EQ(read.agent, sample().agent);
  EXPECT_EQ(read.protocolVersion, sample().protocolVersion);
  EXPECT_EQ(read.signedRecord, sample().signedRecord);
}

TEST(IdentifyMessage, LargeOnesAreSplitAndMerged) {
  IdentifyMessage big = sample();
  for (int i = 0; i < 100; ++i) {
    big.protocols.push_back("/some/rather/long/protocol/name/" + std::to_string(i));
  }
  big.signedRecord.assign(3'000, 7);
  const auto parts = big.encoded();
  ASSERT_EQ(parts.size(), 2u);
  IdentifyMessage read;
  for (const auto& part : parts) {
    EXPECT_LE(part.size(), IdentifyMessage::kMaxWritten);
    ASSERT_TRUE(read.merge(part));
  }
  EXPECT_EQ(read.signedRecord, big.signedRecord);
  EXPECT_EQ(read.agent, big.agent);
  EXPECT_EQ(read.protocols, big.protocols);
}

TEST(IdentifyMessage, PeerSuppliedCountsAreClamped) {
  ProtoWriter w;
  for (int i = 0; i < 5'000; ++i) {
    w.bytes(2, at("/ip4/1.2.3.4/tcp/" + std::to_string(i + 1)).bytes());
    w.text(3, "/p/" + std::to_string(i));
  }
  w.bytes(2, base::Bytes{0xff, 0xff});
  w.text(6, std::string(100'000, 'x'));
  w.text(5, "\xc3\x28");
  w.bytes(1, base::Bytes(100'000, 1));
  w.bytes(8, base::Bytes(100'000, 1));
  IdentifyMessage read;
  ASSERT_TRUE(read.merge(w.out()));
  EXPECT_EQ(read.listen.size(), IdentifyMessage::kMaxListen);
  EXPECT_EQ(read.protocols.size(), IdentifyMessage::kMaxProtocols);
  EXPECT_FALSE(read.agent);
  EXPECT_FALSE(read.protocolVersion);
  EXPECT_TRUE(read.publicKey.empty());
  EXPECT_TRUE(read.signedRecord.empty());
  const base::Bytes cut{0x0a, 0x20, 0x01};
  EXPECT_FALSE(IdentifyMessage().merge(cut));
}

} // namespace
} // namespace univrs::p2p
