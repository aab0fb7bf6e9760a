#include "engine/p2p/peer_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace univrs::p2p {
namespace {

constexpr base::Timestamp kNow{1'800'000'000'000};

PeerId peer(int n) {
  const std::string key = "peer " + std::to_string(n);
  return PeerId::ofEncodedKey(base::asBytes(key));
}

Multiaddr at(const std::string& text) {
  auto address = Multiaddr::fromText(text);
  EXPECT_TRUE(address) << text;
  return address ? *address : Multiaddr();
}

Multiaddr numbered(int n) {
  return at("/ip4/10.0.0.1/tcp/" + std::to_string(n));
}

TEST(PeerStore, BestAddressComesFirst) {
  PeerStore store;
  const Multiaddr relayed = at("/ip4/1.2.3.4/udp/1/quic-v1/p2p/" + peer(9).text() + "/p2p-circuit");
  store.addAddresses(peer(1), {relayed, at("/ip4/1.1.1.1/tcp/1"), at("/ip4/1.1.1.1/udp/1/quic-v1")}, AddrSource::Kad,
                     kNow);
  store.addAddresses(peer(1), {at("/ip4/2.2.2.2/tcp/1")}, AddrSource::SignedRecord, kNow);
  store.addAddresses(peer(1), {at("/ip4/3.3.3.3/tcp/1")}, AddrSource::Gossip, kNow);
  store.addressWorked(peer(1), at("/ip4/3.3.3.3/tcp/1"), kNow);
  const auto got = store.addresses(peer(1));
  ASSERT_EQ(got.size(), 5u);
  EXPECT_EQ(got[0].address.text(), "/ip4/3.3.3.3/tcp/1");
  EXPECT_EQ(got[1].address.text(), "/ip4/2.2.2.2/tcp/1");
  EXPECT_EQ(got[2].address.text(), "/ip4/1.1.1.1/udp/1/quic-v1");
  EXPECT_EQ(got[3].address, relayed);
  // Failing takes it to the end, working brings it back.
  store.addressFailed(peer(1), at("/ip4/3.3.3.3/tcp/1"), kNow);
  EXPECT_EQ(store.addresses(peer(1)).back().address.text(), "/ip4/3.3.3.3/tcp/1");
  store.addressWorked(peer(1), at("/ip4/3.3.3.3/tcp/1"), kNow);
  EXPECT_EQ(store.addresses(peer(1)).front().failures, 0u);
}

TEST(PeerStore, AddressesOfOthersAreNotTaken) {
  PeerStore store;
  store.addAddresses(peer(1), {at("/ip4/1.1.1.1/tcp/1/p2p/" + peer(2).text()), Multiaddr()}, AddrSource::Gossip, kNow);
  EXPECT_TRUE(store.addresses(peer(1)).empty());
  store.addAddresses(peer(1), {at("/ip4/1.1.1.1/tcp/1/p2p/" + peer(1).text())}, AddrSource::Gossip, kNow);
  ASSERT_EQ(store.addresses(peer(1)).size(), 1u);
  EXPECT_EQ(store.addresses(peer(1))[0].address.text(), "/ip4/1.1.1.1/tcp/1");
}

TEST(PeerStore, AddressesOfOnePeerAreBounded) {
  PeerStore store;
  store.addAddresses(peer(1), {numbered(1)}, AddrSource::Operator, kNow);
  store.addressWorked(peer(1), numbered(2), kNow);
  for (int i = 100; i < 300; ++i) {
    store.addAddresses(peer(1), {numbered(i)}, AddrSource::Gossip, kNow + base::Millis(i));
  }
  auto got = store.addresses(peer(1));
  EXPECT_EQ(got.size(), PeerStore::kMaxAddressesPerPeer);
  const auto holds = [&](int n) {
    return std::any_of(got.begin(), got.end(), [n](const auto& a) { return a.address == numbered(n); });
  };
  EXPECT_TRUE(holds(1));
  EXPECT_TRUE(holds(2));
  EXPECT_TRUE(holds(299)); // the newest rumour replaces the oldest one
  EXPECT_FALSE(holds(100));
  // Surer sources push out rumours, but rumours do not push out them.
  for (int i = 400; i < 440; ++i) {
    store.addAddresses(peer(1), {numbered(i)}, AddrSource::SignedRecord, kNow);
  }
  store.addAddresses(peer(1), {numbered(500)}, AddrSource::Gossip, kNow + base::Millis(1'000));
  got = store.addresses(peer(1));
  EXPECT_TRUE(holds(1));
  EXPECT_TRUE(holds(2));
  EXPECT_FALSE(holds(299));
  EXPECT_FALSE(holds(500));
}

TEST(PeerStore, PeersAreBoundedAndThoseInUseStay) {
  PeerStore store;
  store.addAddresses(peer(0), {numbered(1)}, AddrSource::Gossip, kNow);
  store.setInUse(peer(0), true);
  store.addressWorked(peer(1), numbered(1), kNow);
  const int many = int(PeerStore::kMaxPeers) + 100;
  for (int i = 2; i < many; ++i) {
    store.addAddresses(peer(i), {numbered(2)}, AddrSource::Gossip, kNow + base::Millis(i));
  }
  EXPECT_EQ(store.peers().size(), PeerStore::kMaxPeers);
  EXPECT_FALSE(store.addresses(peer(0)).empty());
  EXPECT_FALSE(store.addresses(peer(1)).empty());
  EXPECT_TRUE(store.addresses(peer(2)).empty());
  EXPECT_FALSE(store.addresses(peer(many - 1)).empty());
}

TEST(PeerStore, FactsAreClamped) {
  PeerStore store;
  PeerFacts facts;
  facts.agent = std::string(10'000, 'a');
  facts.protocolVersion = "\xff";
  facts.protocols.assign(1'000, "/x");
  facts.protocols.front() = std::string(5'000, 'p');
  facts.signedRecord.assign(1u << 20, 0);
  facts.seen = kNow;
  store.setFacts(peer(1), facts);
  const PeerFacts* got = store.facts(peer(1));
  ASSERT_NE(got, nullptr);
  EXPECT_LE(got->agent.size(), 256u);
  EXPECT_TRUE(got->protocolVersion.empty());
  EXPECT_EQ(got->protocols.size(), PeerStore::kMaxProtocolsPerPeer);
  EXPECT_TRUE(got->signedRecord.empty());
  EXPECT_TRUE(store.speaks(peer(1), "/x"));
  EXPECT_FALSE(store.speaks(peer(2), "/x"));
}

TEST(PeerStore, RumoursAreForgottenInTime) {
  PeerStore store;
  store.addAddresses(peer(1), {numbered(1)}, AddrSource::Gossip, kNow);
  store.addAddresses(peer(2), {numbered(1)}, AddrSource::Operator, kNow);
  store.addressWorked(peer(3), numbered(1), kNow);
  store.expire(kNow + PeerStore::kAddressAge + base::Millis(1));
  EXPECT_EQ(store.peers().size(), 2u);
  EXPECT_TRUE(store.addresses(peer(1)).empty());
  store.expire(kNow + base::Millis(40LL * 24 * 3600 * 1000));
  EXPECT_TRUE(store.addresses(peer(3)).empty());
  EXPECT_FALSE(store.addresses(peer(2)).empty());
}

class PeerStoreFile : public ::testing::Test {
protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "univrs-peers-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  [[nodiscard]] std::string path() const { return folder / "peers.json"; }
  void put(const std::string& text) const { std::ofstream(path()) << text; }
  [[nodiscard]] std::string text() const {
    std::ifstream file(path());
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::filesystem::path folder;
};

TEST_F(PeerStoreFile, KeepsWhatWorkedAndWhatAnOperatorGave) {
  PeerStore store;
  store.addressWorked(peer(1), at("/ip6/::1/udp/9/quic-v1"), kNow);
  store.addAddresses(peer(1), {numbered(7)}, AddrSource::Gossip, kNow);
  store.addAddresses(peer(2), {at("/dns4/example.org/tcp/1")}, AddrSource::Operator, kNow);
  store.addAddresses(peer(3), {numbered(7)}, AddrSource::Kad, kNow);
  ASSERT_TRUE(store.save(path()));
  struct stat info {};
  ASSERT_EQ(::stat(path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 077, 0u);

  PeerStore read;
  const auto loaded = read.load(path(), kNow + base::Millis(5));
  ASSERT_TRUE(loaded) << loaded.error().text();
  ASSERT_EQ(read.peers().size(), 2u);
  ASSERT_EQ(read.addresses(peer(1)).size(), 1u);
  EXPECT_EQ(read.addresses(peer(1))[0].address.text(), "/ip6/::1/udp/9/quic-v1");
  EXPECT_EQ(read.addresses(peer(1))[0].worked, kNow);
  EXPECT_EQ(read.addresses(peer(1))[0].source, AddrSource::Connected);
  EXPECT_EQ(read.addresses(peer(2))[0].source, AddrSource::Operator);
}

TEST_F(PeerStoreFile, NoFileIsNoError) {
  PeerStore store;
  EXPECT_TRUE(store.load(path(), kNow));
  EXPECT_TRUE(store.peers().empty());
}

TEST_F(PeerStoreFile, DamagedFilesAreErrorsAndStay) {
  PeerStore good;
  good.addressWorked(peer(1), numbered(1), kNow);
  ASSERT_TRUE(good.save(path()));
  const std::string whole = text();
  const std::vector<std::string> damaged{"",
                                         "nonsense",
                                         "[]",
                                         "{}",
                                         R"({"version":2,"peers":[]})",
                                         R"({"version":1,"peers":{}})",
                                         R"({"version":1,"peers":[1]})",
                                         R"({"version":1,"peers":[{"id":"nobody","addresses":[]}]})",
                                         R"({"version":1,"peers":[{"id":")" + peer(1).text() +
                                             R"(","addresses":[{"address":"/ip4/x","source":"kad"}]}]})",
                                         R"({"version":1,"peers":[{"id":")" + peer(1).text() +
                                             R"(","addresses":[{"address":"/ip4/1.1.1.1/tcp/1","source":"?"}]}]})",
                                         whole.substr(0, whole.size() / 2)};
  for (const std::string& bytes : damaged) {
    put(bytes);
    PeerStore store;
    const auto loaded = store.load(path(), kNow);
    ASSERT_FALSE(loaded) << bytes;
    EXPECT_EQ(loaded.error().code, base::ErrorCode::Corrupt) << bytes;
    EXPECT_TRUE(store.peers().empty()) << bytes;
    EXPECT_EQ(text(), bytes);
  }
}

TEST_F(PeerStoreFile, TimesInTheFutureAreNotBelieved) {
  put(R"({"version":1,"peers":[{"id":")" + peer(1).text() +
      R"(","seen_ms":1e300,"addresses":[{"address":"/ip4/1.1.1.1/tcp/1","source":"kad","learnt_ms":9e18,"worked_ms":9e18}]}]})");
  PeerStore store;
  ASSERT_TRUE(store.load(path(), kNow));
  ASSERT_EQ(store.addresses(peer(1)).size(), 1u);
  EXPECT_EQ(store.addresses(peer(1))[0].worked, kNow);
}

TEST_F(PeerStoreFile, AFolderThatIsGoneIsAnError) {
  PeerStore store;
  const auto saved = store.save((folder / "missing" / "peers.json").string());
  ASSERT_FALSE(saved);
  EXPECT_FALSE(saved.error().hint.empty());
}

} // namespace
} // namespace univrs::p2p
