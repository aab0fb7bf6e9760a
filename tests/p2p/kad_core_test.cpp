#include "engine/p2p/kad_responder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace univrs::p2p {
namespace {
using base::Bytes;
using base::Millis;
using base::Monotonic;

constexpr const char* kSpecPeer = "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq";
// Written by go-libp2p-kad-dht 0.42.2, which ends each message with field 10 (clusterLevelRaw, unused) = 1.
constexpr const char* kGoFindNode =
    "080412260024080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e5001";
constexpr const char* kGoReply =
    "080412260024080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e42370a26"
    "0024080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e120b047f00000191"
    "022329cd0318015001";
constexpr const char* kGoPut =
    "12042f762f6b1a230a042f762f6b120568656c6c6f2a14323032362d31312d32335431303a30303a30305a5001";
constexpr const char* kGoProvide =
    "080212036b65794a350a260024080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42"
    "d474fce27e120b047f00000191022329cd035001";

Bytes bytesOf(std::string_view text) {
  return {text.begin(), text.end()};
}

PeerId specPeer() {
  return PeerId::fromText(kSpecPeer).value();
}

PeerId randomPeer(base::Random& random) {
  std::array<uint8_t, 34> id{0x12, 0x20};
  random.fill(std::span(id).subspan(2));
  return PeerId::fromBytes(id).value();
}

// A peer whose point has exactly `prefix` leading bits in common with the table's owner.
PeerId peerInBucket(const KadTable& table, size_t bucket, base::Random& random) {
  for (;;) {
    const PeerId peer = randomPeer(random);
    if (table.bucketOf(kadPoint(peer)) == bucket) {
      return peer;
    }
  }
}

Multiaddr address(const std::string& ip) {
  return Multiaddr::quic(ip, 9000).value();
}

// What go wrote reads as meant, and our writing is the same but for the unused field.
void expectGolden(const char* hex, const KadMessage& message) {
  const Bytes golden = base::fromHex(hex).value();
  const auto read = decodeKad(golden);
  ASSERT_TRUE(read.ok()) << read.error().text();
  EXPECT_EQ(*read, message);
  EXPECT_EQ(base::hex(encodeKad(message)) + "5001", hex);
}

TEST(KadWire, ReadsAndWritesAsGoDoes) {
  const PeerId peer = specPeer();
  const KadPeer withAddress{peer, {Multiaddr::fromText("/ip4/127.0.0.1/udp/9001/quic-v1").value()}, {}};
  KadMessage find{KadType::FindNode, {peer.bytes().begin(), peer.bytes().end()}, {}, {}, {}};
  expectGolden(kGoFindNode, find);
  KadMessage reply = find;
  reply.closer.push_back(withAddress);
  reply.closer[0].connection = KadConnection::Connected;
  expectGolden(kGoReply, reply);
  expectGolden(kGoPut, {KadType::PutValue,
                        bytesOf("/v/k"),
                        KadRecord{bytesOf("/v/k"), bytesOf("hello"), "2026-11-23T10:00:00Z", {}, 0},
                        {},
                        {}});
  expectGolden(kGoProvide, {KadType::AddProvider, bytesOf("key"), {}, {}, {withAddress}});
}

TEST(KadWire, KeepsTheExtrasOfRust) {
  KadMessage put{
      KadType::PutValue, bytesOf("/v/k"), KadRecord{bytesOf("/v/k"), bytesOf("x"), {}, bytesOf("p"), 77}, {}, {}};
  EXPECT_EQ(decodeKad(encodeKad(put)).value(), put);
}

TEST(KadWire, RefusesWhatIsCutAndWhatIsTooLong) {
  const Bytes golden = base::fromHex(kGoReply).value();
  size_t refused = 0;
  for (size_t i = 1; i < golden.size(); ++i) {
    refused += decodeKad(std::span(golden).first(i)).ok() ? 0 : 1;
  }
  EXPECT_GE(refused, golden.size() - 5); // only cuts between fields may pass
  EXPECT_FALSE(decodeKad(base::fromHex("0806").value()).ok());
  KadMessage put{
      KadType::PutValue, bytesOf("/v/k"), KadRecord{bytesOf("/v/k"), Bytes(kKadMaxValueBytes + 1), {}, {}, 0}, {}, {}};
  EXPECT_FALSE(decodeKad(encodeKad(put)).ok());
  put.record->value.resize(kKadMaxValueBytes);
  EXPECT_TRUE(decodeKad(encodeKad(put)).ok());
  EXPECT_FALSE(decodeKad(encodeKad({KadType::FindNode, Bytes(kKadMaxKeyBytes + 1), {}, {}, {}})).ok());
}

TEST(KadWire, LeavesOutWhatDoesNotFitOrCannotBeRead) {
  base::SeededRandom random(1);
  KadMessage message{KadType::FindNode, bytesOf("k"), {}, {}, {}};
  for (int i = 0; i < 60; ++i) {
    KadPeer peer{randomPeer(random), {}, {}};
    for (uint16_t port = 1; port <= 40; ++port) {
      peer.addresses.push_back(Multiaddr::fromText("/ip6/2001:db8::1/tcp/" + std::to_string(port)).value());
    }
    message.closer.push_back(peer);
  }
  const Bytes encoded = encodeKad(message);
  EXPECT_LE(encoded.size(), kKadSoftFrameOut);
  const auto read = decodeKad(encoded).value();
  EXPECT_GT(read.closer.size(), 20u);
  EXPECT_LE(read.closer.size(), kKadMaxCloser);
  EXPECT_EQ(read.closer[0].addresses.size(), kKadMaxPeerAddresses);

  // A peer id that is none, an address that is none, an address of another peer: skipped, the rest stays.
  const KadPeer good{specPeer(), {address("10.0.0.1")}, {}};
  KadPeer wrong = good;
  wrong.addresses.push_back(address("10.0.0.2").withPeer(randomPeer(random)));
  KadMessage mixed{KadType::FindNode, bytesOf("k"), {}, {wrong}, {}};
  Bytes raw = encodeKad(mixed);
  const Bytes junk = base::fromHex("42040a02ffff").value();
  raw.insert(raw.end(), junk.begin(), junk.end());
  const auto sieved = decodeKad(raw).value();
  ASSERT_EQ(sieved.closer.size(), 1u);
  EXPECT_EQ(sieved.closer[0].addresses, good.addresses);
}

TEST(KadTable, ABucketKeepsTheLivingAndLetsNewOnesWait) {
  base::SeededRandom random(2);
  KadTable table(randomPeer(random));
  std::vector<PeerId> peers;
  for (size_t i = 0; i < kKadK; ++i) {
    peers.push_back(peerInBucket(table, 0, random));
    EXPECT_EQ(table.add(peers.back(), {}, {}, Monotonic{int64_t(i)}).outcome, KadTable::Outcome::Added);
  }
  const PeerId late = peerInBucket(table, 0, random);
  auto added = table.add(late, {}, {}, Monotonic{100});
  EXPECT_EQ(added.outcome, KadTable::Outcome::Waiting);
  EXPECT_EQ(added.check, peers[0]); // not heard of longest
  table.seen(peers[0], Monotonic{101});
  EXPECT_FALSE(table.contains(late));
  added = table.add(late, {}, {}, Monotonic{102});
  EXPECT_EQ(added.check, peers[1]);
  table.failed(peers[1], Monotonic{103});
  EXPECT_FALSE(table.contains(peers[1]));
  EXPECT_TRUE(table.contains(late));
  EXPECT_EQ(table.bucketSize(0), kKadK);
  // Nobody waits now: one failure is forgiven, a second is not.
  table.failed(peers[2], Monotonic{104});
  EXPECT_TRUE(table.contains(peers[2]));
  table.failed(peers[2], Monotonic{105});
  EXPECT_FALSE(table.contains(peers[2]));
  EXPECT_EQ(table.add(PeerId(), {}, {}, {}).outcome, KadTable::Outcome::Refused);
}

TEST(KadTable, AFloodOfNewPeersReplacesNobody) {
  base::SeededRandom random(3);
  KadTable table(randomPeer(random));
  std::vector<PeerId> old;
  for (size_t i = 0; i < kKadK; ++i) {
    old.push_back(peerInBucket(table, 0, random));
    table.add(old.back(), {}, {}, {});
  }
  for (int i = 0; i < 2'000; ++i) {
    const auto added = table.add(randomPeer(random), {}, {}, Monotonic{i});
    if (added.outcome == KadTable::Outcome::Waiting) {
      table.seen(added.check, Monotonic{i}); // all of them answer
    }
  }
  for (const PeerId& peer : old) {
    EXPECT_TRUE(table.contains(peer));
  }
}

TEST(KadTable, OneNetworkHoldsFewPlaces) {
  base::SeededRandom random(4);
  KadTable table(randomPeer(random));
  for (int i = 0; i < 300; ++i) {
    table.add(randomPeer(random), {}, address("203.0.113." + std::to_string(i % 250 + 1)), {});
  }
  EXPECT_EQ(table.size(), KadTable::kPerNetworkInTable);
  EXPECT_LE(table.bucketSize(0), KadTable::kPerNetworkInBucket);
  const auto before = table.size();
  for (int i = 0; i < 30; ++i) { // a LAN is one network, and is meant to be
    table.add(randomPeer(random), {}, address("192.168.1." + std::to_string(i + 1)), {});
  }
  EXPECT_GT(table.size(), before + 20);
  const PeerId gone = table.peers().front();
  table.remove(gone);
  EXPECT_FALSE(table.contains(gone));
}

TEST(KadTable, ClosestIsSortedAndRefreshTargetsHitTheirBucket) {
  base::SeededRandom random(5);
  KadTable table(randomPeer(random));
  for (int i = 0; i < 500; ++i) {
    table.add(randomPeer(random), {address("10.0.0.1")}, {}, {});
  }
  const KadPoint target = kadPoint(bytesOf("key"));
  const auto closest = table.closest(target, 30);
  ASSERT_EQ(closest.size(), 30u);
  auto all = table.closest(target, 1'000);
  EXPECT_EQ(all.size(), table.size());
  EXPECT_TRUE(std::equal(closest.begin(), closest.end(), all.begin()));
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [&](const KadPeer& a, const KadPeer& b) {
    return kadDistance(kadPoint(a.id), target) < kadDistance(kadPoint(b.id), target);
  }));
  const auto stale = table.stale(Monotonic{0});
  ASSERT_FALSE(stale.empty());
  for (const size_t bucket : stale) {
    const auto id = table.inBucket(bucket, random);
    ASSERT_TRUE(id) << bucket;
    EXPECT_EQ(table.bucketOf(kadPoint(*id)), bucket);
    table.lookedUp(kadPoint(*id), Monotonic{0});
  }
  EXPECT_TRUE(table.stale(Monotonic{1}).empty());
  EXPECT_EQ(table.stale(Monotonic{} + KadTable::kRefresh).size(), stale.size());
}

class KadStoreTest : public ::testing::Test {
protected:
  KadStoreTest() : store(specPeer()) {
    EXPECT_TRUE(store
                    .setValidator("v", {[](auto, auto value) {
                                          return value.empty() ? base::Result<void>(base::makeError(
                                                                     base::ErrorCode::Validation, "empty"))
                                                               : base::Result<void>();
                                        },
                                        [](auto, auto value, auto old) { return value.size() > old.size(); }})
                    .ok());
  }
  static KadRecord record(const std::string& key, size_t size) { return {bytesOf(key), Bytes(size, 1), {}, {}, 0}; }
  base::SeededRandom random{6};
  PeerId sender = randomPeer(random);
  base::Now now{{1'000}, {1'000}};
  KadStore store;
};

TEST_F(KadStoreTest, KeepsTheBetterValueOfKnownNamespaces) {
  EXPECT_TRUE(store.put(record("/v/a", 3), sender, now).ok());
  EXPECT_FALSE(store.put(record("/v/a", 2), sender, now).ok());
  EXPECT_TRUE(store.put(record("/v/a", 4), sender, now).ok());
  EXPECT_EQ(store.get(bytesOf("/v/a"), now)->value.size(), 4u);
  EXPECT_FALSE(store.put(record("/v/a", 0), sender, now).ok());
  for (const char* key : {"/pk/a", "a", "/v", "", "v/a", "/ipns/x"}) {
    EXPECT_FALSE(store.put(record(key, 3), sender, now).ok()) << key;
  }
  EXPECT_EQ(store.records(), 1u);
}

TEST_F(KadStoreTest, RecordsExpireAndATtlIsClamped) {
  KadRecord shortLived = record("/v/a", 1);
  shortLived.ttlSeconds = 10;
  KadRecord greedy = record("/v/b", 1);
  greedy.ttlSeconds = UINT32_MAX;
  ASSERT_TRUE(store.put(shortLived, sender, now).ok());
  ASSERT_TRUE(store.put(greedy, sender, now).ok());
  now.steady = now.steady + Millis(10'000);
  EXPECT_FALSE(store.get(bytesOf("/v/a"), now));
  EXPECT_LE(store.get(bytesOf("/v/b"), now)->ttlSeconds, 48u * 3600);
  now.steady = now.steady + KadStore::kRecordAge;
  store.expire(now.steady);
  EXPECT_EQ(store.records(), 0u);
}

TEST_F(KadStoreTest, IsBoundedByCountBytesAndSender) {
  for (int i = 0; i < 300; ++i) {
    (void)store.put(record("/v/" + std::to_string(i), 10), sender, now);
  }
  EXPECT_EQ(store.records(), KadStore::kMaxRecordsOfSender);
  for (int i = 0; i < 5'000; ++i) {
    (void)store.put(record("/v/x" + std::to_string(i), 10), randomPeer(random), now);
  }
  EXPECT_EQ(store.records(), KadStore::kMaxRecords);
  for (int i = 0; i < 2'000; ++i) {
    (void)store.put(record("/v/y" + std::to_string(i), kKadMaxValueBytes), randomPeer(random), now);
  }
  EXPECT_LE(store.records(), KadStore::kMaxRecords);
}

TEST_F(KadStoreTest, ProvidersAreBoundedAndExpire) {
  const Bytes key = bytesOf("thing");
  for (int i = 0; i < 50; ++i) {
    store.addProvider(key, {randomPeer(random), {address("10.0.0.1")}, {}}, now.steady);
  }
  EXPECT_EQ(store.providers(key, now.steady).size(), KadStore::kMaxProvidersOfKey);
  for (int i = 0; i < 5'000; ++i) {
    store.addProvider(bytesOf("k" + std::to_string(i)), {sender, {}, {}}, now.steady);
  }
  EXPECT_LE(store.providedKeys(), KadStore::kMaxProvidedBySender + 1);
  for (int i = 0; i < 5'000; ++i) {
    store.addProvider(bytesOf("l" + std::to_string(i)), {randomPeer(random), {}, {}}, now.steady);
  }
  EXPECT_EQ(store.providedKeys(), KadStore::kMaxProvidedKeys);
  store.expire(now.steady + KadStore::kProviderAge);
  EXPECT_EQ(store.providedKeys(), 0u);
  EXPECT_TRUE(store.providers(key, now.steady).empty());
}

TEST_F(KadStoreTest, OwnThingsComeDueAgain) {
  ASSERT_TRUE(store.publish(bytesOf("/v/a"), bytesOf("x"), now.steady).ok());
  ASSERT_TRUE(store.provide(bytesOf("k"), now.steady).ok());
  EXPECT_FALSE(store.publish(bytesOf("/unknown/a"), bytesOf("x"), now.steady).ok());
  EXPECT_TRUE(store.due(now.steady, 8).records.empty());
  EXPECT_EQ(store.due(now.steady + KadStore::kProviderRepublish, 8).provided.size(), 1u);
  const auto later = now.steady + KadStore::kRecordRepublish;
  EXPECT_EQ(store.due(later, 8).records.size(), 1u);
  EXPECT_TRUE(store.due(later, 8).records.empty());
  store.retry(bytesOf("/v/a"), later, Millis(5));
  EXPECT_EQ(store.due(later + Millis(5), 8).records.size(), 1u);
  EXPECT_TRUE(store.withdraw(bytesOf("/v/a")));
  EXPECT_FALSE(store.get(bytesOf("/v/a"), now));
}

TEST_F(KadStoreTest, AnswersAsTheSpecSays) {
  KadTable table(specPeer());
  const KadPeer self{specPeer(), {address("10.0.0.9")}, {}};
  for (int i = 0; i < 100; ++i) {
    table.add(randomPeer(random), {address("10.0.0.1")}, {}, {});
  }
  const auto answer = [&](const KadMessage& m) { return answerKad(m, sender, self, table, store, now); };
  KadMessage put{KadType::PutValue, bytesOf("/v/a"), record("/v/a", 3), {}, {}};
  EXPECT_EQ(answer(put).value().reply->record, put.record);
  put.key = bytesOf("/v/b");
  EXPECT_FALSE(answer(put).ok());
  const auto got = answer({KadType::GetValue, bytesOf("/v/a"), {}, {}, {}});
  EXPECT_EQ(got.value().reply->record->value.size(), 3u);
  EXPECT_EQ(got.value().reply->closer.size(), kKadK);
  EXPECT_FALSE(
      answer({KadType::AddProvider, bytesOf("k"), {}, {}, std::vector<KadPeer>{KadPeer{randomPeer(random), {}, {}}}})
          .ok());
  EXPECT_FALSE(answer({KadType::AddProvider, bytesOf("k"), {}, {}, std::vector<KadPeer>{KadPeer{sender, {}, {}}}})
                   .value()
                   .reply);
  const auto providers = answer({KadType::GetProviders, bytesOf("k"), {}, {}, {}});
  ASSERT_EQ(providers.value().reply->providers.size(), 1u);
  EXPECT_EQ(providers.value().reply->providers[0].id, sender);
  const Bytes us(self.id.bytes().begin(), self.id.bytes().end());
  EXPECT_EQ(answer({KadType::FindNode, us, {}, {}, {}}).value().reply->closer[0].id, specPeer());
  EXPECT_FALSE(answer({KadType::FindNode, {}, {}, {}, {}}).ok());
}

} // namespace
} // namespace univrs::p2p
