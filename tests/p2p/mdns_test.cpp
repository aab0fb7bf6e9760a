#include "engine/p2p/mdns.h"

#include <gtest/gtest.h>

namespace univrs::p2p {
namespace {
using base::Bytes;
using base::Millis;
using base::Monotonic;

constexpr std::string_view kService = "_p2p._udp.local";

PeerId peer() {
  return PeerId::fromText("12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq").value();
}
Multiaddr address(const std::string& text) {
  return Multiaddr::fromText(text).value();
}
void putName(Bytes& out, std::initializer_list<std::string_view> labels) {
  for (const auto label : labels) {
    out.push_back(uint8_t(label.size()));
    out.insert(out.end(), label.begin(), label.end());
  }
  out.push_back(0);
}
void put(Bytes& out, const char* hex) {
  const auto bytes = base::fromHex(hex).value();
  out.insert(out.end(), bytes.begin(), bytes.end());
}

TEST(MdnsWire, WritesTheQueryEverybodySends) {
  // Byte for byte rust's: id 0, one question `_p2p._udp.local` PTR IN.
  EXPECT_EQ(base::hex(mdnsQuery(kService)), "000000000001000000000000"
                                            "045f703270045f756470056c6f63616c00000c0001");
  const auto read = parseMdns(mdnsQuery(kService), kService);
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read->asksForPeers);
  EXPECT_FALSE(read->isResponse);
  EXPECT_FALSE(parseMdns(mdnsQuery(kService), "_p2p-abc._udp.local")->asksForPeers);
}

TEST(MdnsWire, AResponseReadsBack) {
  std::vector<Multiaddr> addresses{address("/ip4/192.168.1.2/udp/9000/quic-v1"), address("/ip6/fd00::1/tcp/9000")};
  auto packets = mdnsResponses(kService, "abcdefghijklmnopqrstuvwxyz0123456789", peer(), addresses);
  ASSERT_EQ(packets.size(), 1u);
  auto read = parseMdns(packets[0], kService);
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->peers.size(), 1u);
  EXPECT_EQ(read->peers[0].id, peer());
  EXPECT_EQ(read->peers[0].addresses, addresses);
  EXPECT_EQ(read->peers[0].ttlSeconds, kMdnsTtlSeconds);
  EXPECT_TRUE(parseMdns(packets[0], "_p2p-abc._udp.local")->peers.empty());

  for (int i = 0; i < 30; ++i) {
    addresses.push_back(address("/ip4/192.168.1.2/tcp/" + std::to_string(i + 1)));
  }
  packets = mdnsResponses(kService, "abcdefghijklmnopqrstuvwxyz0123456789", peer(), addresses);
  EXPECT_GT(packets.size(), 1u);
  size_t read_back = 0;
  for (const Bytes& packet : packets) {
    EXPECT_LE(packet.size(), kMdnsSoftPacket);
    read_back += parseMdns(packet, kService)->peers.at(0).addresses.size();
  }
  EXPECT_EQ(read_back, addresses.size());
}

// rust-libp2p: the PTR's target and the TXT's owner are the bare name; and as others do it, with compression.
TEST(MdnsWire, AcceptsTheQuirksOfRustAndCompression) {
  const std::string text = "dnsaddr=/ip4/192.168.1.2/tcp/4001/p2p/" + peer().text();
  Bytes rust = base::fromHex("000084000000000100000001").value();
  putName(rust, {"_p2p", "_udp", "local"});
  put(rust, "000c0001000001680006"); // PTR IN, 360 s, 6 bytes
  putName(rust, {"abcd"});
  putName(rust, {"abcd"});
  put(rust, "00108001000001680000"); // TXT with cache flush; length filled in below
  rust[rust.size() - 1] = uint8_t(text.size() + 1);
  rust.push_back(uint8_t(text.size()));
  rust.insert(rust.end(), text.begin(), text.end());
  auto read = parseMdns(rust, kService);
  ASSERT_TRUE(read.ok()) << read.error().text();
  ASSERT_EQ(read->peers.size(), 1u);
  EXPECT_EQ(read->peers[0].addresses.at(0).text(), "/ip4/192.168.1.2/tcp/4001");

  Bytes packed = base::fromHex("000084000000000100000001").value();
  putName(packed, {"_P2P", "_udp", "Local"}); // at 12
  put(packed, "000c0001000001680007");
  packed.push_back(4);
  for (const char c : {'a', 'b', 'c', 'd'}) {
    packed.push_back(uint8_t(c)); // at 39: the whole name of the instance
  }
  put(packed, "c00c");
  put(packed, "c027"); // -> 39
  put(packed, "00100001000001680000");
  packed[packed.size() - 1] = uint8_t(text.size() + 1);
  packed.push_back(uint8_t(text.size()));
  packed.insert(packed.end(), text.begin(), text.end());
  read = parseMdns(packed, kService);
  ASSERT_TRUE(read.ok()) << read.error().text();
  EXPECT_EQ(read->peers.size(), 1u);
}

TEST(MdnsWire, RefusesHostilePackets) {
  // A pointer to itself, a pair of pointers in a circle, a pointer forwards, reserved label bits, a name without end.
  for (const char* name : {"c00c", "c00ec00c", "c0ff", "80", "3f", "01", "c0", ""}) {
    Bytes packet = base::fromHex("000000000001000000000000").value();
    put(packet, name);
    EXPECT_FALSE(parseMdns(packet, kService).ok()) << name;
  }
  // Counts that promise more than there is, or too much.
  EXPECT_FALSE(parseMdns(base::fromHex("00008400ffffffffffffffff").value(), kService).ok());
  EXPECT_FALSE(parseMdns(base::fromHex("000084000000000100000000").value(), kService).ok());
  EXPECT_FALSE(parseMdns(Bytes(kMdnsMaxPacket + 1), kService).ok());
  EXPECT_FALSE(parseMdns(Bytes(11), kService).ok());
  // A name that grows by pointers: each label names the one before, 255 bytes are enough for anybody.
  Bytes ladder = base::fromHex("000000000002000000000000").value();
  putName(ladder, {std::string(63, 'a'), std::string(63, 'b'), std::string(63, 'c')});
  put(ladder, "000c0001");
  ladder.push_back(63);
  ladder.insert(ladder.end(), 63, 'd');
  put(ladder, "c00c000c0001");
  EXPECT_FALSE(parseMdns(ladder, kService).ok());
  // Every cut of a good packet is refused or read without a peer that is not there.
  const auto good =
      mdnsResponses(kService, "abcdefghijklmnopqrstuvwxyz0123456789", peer(), {address("/ip4/10.0.0.1/tcp/1")})[0];
  for (size_t i = 0; i < good.size(); ++i) {
    EXPECT_FALSE(parseMdns(std::span(good).first(i), kService).ok());
  }
  // A TXT nobody's PTR points to says nothing about peers.
  Bytes stray = good;
  stray[7] = 0; // no answer: what follows is read as the additional record, a PTR
  EXPECT_TRUE(!parseMdns(stray, kService).ok() || parseMdns(stray, kService)->peers.empty());
}

TEST(MdnsWire, ManyPeersInOnePacketAreBounded) {
  Bytes packet = base::fromHex("000084000000000100000001").value();
  putName(packet, {"_p2p", "_udp", "local"});
  put(packet, "000c0001000001680003");
  putName(packet, {"x"});
  putName(packet, {"x"});
  put(packet, "0010000100000168");
  Bytes strings;
  base::SeededRandom random(1);
  for (int i = 0; i < 60; ++i) {
    std::array<uint8_t, 34> id{0x12, 0x20};
    random.fill(std::span(id).subspan(2));
    const std::string text = "dnsaddr=/ip4/10.0.0.1/tcp/1/p2p/" + PeerId::fromBytes(id).value().text();
    strings.push_back(uint8_t(text.size()));
    strings.insert(strings.end(), text.begin(), text.end());
  }
  packet.push_back(uint8_t(strings.size() >> 8));
  packet.push_back(uint8_t(strings.size()));
  packet.insert(packet.end(), strings.begin(), strings.end());
  EXPECT_EQ(parseMdns(packet, kService)->peers.size(), kMdnsMaxPeers);
}

TEST(MdnsCore, AsksLessAndLessAndAnswersNotTooOften) {
  base::SeededRandom random(1);
  auto core = MdnsCore::make({peer(), {}}, random, {}).value();
  EXPECT_TRUE(core.onTimer({}).send.empty());
  Monotonic now;
  int queries = 0;
  while (now < Monotonic{3'600'000}) {
    now = core.deadline();
    queries += int(core.onTimer(now).send.size());
  }
  EXPECT_GE(queries, 12);
  EXPECT_LE(queries, 24);
  const std::vector<Multiaddr> own{address("/ip4/192.168.1.2/tcp/1"), address("/ip4/127.0.0.1/tcp/1"),
                                   address("/dns/example.org/tcp/1")};
  const Bytes query = mdnsQuery(kService);
  const auto answer = core.onPacket(query, false, own, now);
  ASSERT_EQ(answer.send.size(), 1u);
  EXPECT_EQ(parseMdns(answer.send[0], kService)->peers.at(0).addresses.size(), 1u); // neither loopback nor names
  EXPECT_TRUE(core.onPacket(query, false, own, now + Millis(10)).send.empty());
  EXPECT_EQ(core.onPacket(query, false, own, now + Millis(1'000)).send.size(), 1u);
  EXPECT_TRUE(core.onPacket(answer.send[0], false, own, now).found.empty()); // ourselves
}

TEST(MdnsCore, ReportsOthersOfItsOwnNetworkOnly) {
  base::SeededRandom random(1);
  const PeerId us = PeerId::fromBytes(base::fromHex("1220" + std::string(64, 'a')).value()).value();
  auto core = MdnsCore::make({us, "abc123"}, random, {}).value();
  const std::vector<Multiaddr> theirs{address("/ip4/192.168.1.2/tcp/1"), address("/ip4/127.0.0.1/tcp/1")};
  const auto of = [&theirs](std::string_view service, uint32_t ttl) {
    return mdnsResponses(service, "abcdefghijklmnopqrstuvwxyz0123456789", peer(), theirs, ttl)[0];
  };
  EXPECT_TRUE(core.onPacket(of(kService, 360), false, {}, {}).found.empty());
  const auto found = core.onPacket(of("_p2p-abc123._udp.local", 360), false, {}, {}).found;
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].addresses.size(), 1u); // their loopback is not ours
  EXPECT_TRUE(core.onPacket(of("_p2p-abc123._udp.local", 0), false, {}, {}).found.empty());
  size_t reports = 0;
  for (int i = 0; i < 1'000; ++i) {
    reports += core.onPacket(of("_p2p-abc123._udp.local", 360), false, {}, {}).found.size();
  }
  EXPECT_LE(reports, MdnsCore::kMaxReportsPerMinute);
  EXPECT_FALSE(MdnsCore::make({us, "a.b"}, random, {}).ok());
}

} // namespace
} // namespace univrs::p2p
