#include "engine/p2p/multiaddr.h"
#include "tests/p2p/seeded_identity.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace univrs::p2p {
namespace {

base::Bytes bytesOf(std::string_view hex) {
  const auto bytes = base::fromHex(hex);
  EXPECT_TRUE(bytes) << hex;
  return bytes.value_or(base::Bytes());
}

Multiaddr addr(std::string_view text) {
  auto address = Multiaddr::fromText(text);
  EXPECT_TRUE(address) << text << ": " << (address ? std::string() : address.error().text());
  return address ? std::move(address).value() : Multiaddr();
}

const std::string kId(kSpecPeerId);
const std::string kIdHex = "a50326002408011220" + std::string(kSpecPublic);
const std::string kRelay = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";

// specs/p2p.md 4.2 (those came from js), then one for each other code of its table.
TEST(MultiaddrTest, Vectors) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"/ip4/127.0.0.1/udp/9001/quic-v1", "047f00000191022329cd03"},
      {"/ip4/127.0.0.1/tcp/9000", "047f000001062328"},
      {"/dns/bootstrap/udp/9000/quic-v1", "3509626f6f74737472617091022328cd03"},
      {"/ip6/::1/udp/9001/quic-v1", "29" + std::string(30, '0') + "0191022329cd03"},
      {"/ip4/127.0.0.1/udp/9001/quic-v1/p2p/" + kId, "047f00000191022329cd03" + kIdHex},
      {"/dns4/a.example/tcp/1", "3609612e6578616d706c65060001"},
      {"/dns6/a.example/tcp/1", "3709612e6578616d706c65060001"},
      {"/dnsaddr/a.example", "3809612e6578616d706c65"},
      {"/ip6zone/eth0/ip6/fe80::1", "2a0465746830"
                                    "29fe80" +
                                        std::string(24, '0') + "0001"},
      {"/ip4/1.2.3.4/udp/65535/quic", "0401020304"
                                      "9102ffff"
                                      "cc03"},
      {"/ip4/1.2.3.4/tcp/443/tls/ws", "0401020304"
                                      "0601bb"
                                      "c003"
                                      "dd03"},
      {"/ip4/1.2.3.4/tcp/443/wss", "0401020304"
                                   "0601bb"
                                   "de03"},
      {"/ip4/1.2.3.4/tcp/0/noise", "0401020304"
                                   "060000"
                                   "c603"},
      {"/p2p-circuit", "a202"},
      {"/unix/tmp/p2p.sock", "9003"
                             "0d"
                             "2f746d702f7032702e736f636b"},
      {"/memory/1234", "8906"
                       "04"
                       "31323334"},
      {"/ip4/1.2.3.4/udp/443/quic-v1/webtransport/certhash/uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g",
       "0401020304"
       "910201bb"
       "cd03"
       "d103"
       "d20322"
       "1220c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2"},
  };
  for (const auto& [text, hex] : cases) {
    const auto fromText = Multiaddr::fromText(text);
    ASSERT_TRUE(fromText) << text << ": " << fromText.error().text();
    EXPECT_EQ(base::hex(fromText->bytes()), hex) << text;
    EXPECT_EQ(fromText->text(), text);
    const auto fromBytes = Multiaddr::fromBytes(bytesOf(hex));
    ASSERT_TRUE(fromBytes) << text;
    EXPECT_EQ(*fromBytes, *fromText);
  }
}

TEST(MultiaddrTest, OtherWaysToWriteTheSame) {
  EXPECT_EQ(addr("/ip4/1.2.3.4/tcp/1/ipfs/" + kId).text(), "/ip4/1.2.3.4/tcp/1/p2p/" + kId);
  EXPECT_EQ(addr("/p2p/bafzaajaiaejcahwr5d5ofrfbis4l5d6uwr57hu5tjodrypfm6yaq6dsc2r2pzyt6").text(), "/p2p/" + kId);
  EXPECT_EQ(addr("/ip4/1.2.3.4/tcp/1/").text(), "/ip4/1.2.3.4/tcp/1");
  EXPECT_EQ(addr("/ip6/2001:DB8:0:0:0:0:0:1/tcp/1").text(), "/ip6/2001:db8::1/tcp/1");
  EXPECT_EQ(addr("/ip4/1.2.3.4/udp/1/quic-v1/webtransport/certhash/f1220" + std::string(64, 'a')),
            addr("/ip4/1.2.3.4/udp/1/quic-v1/webtransport/certhash/uEiCqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqg"));
}

TEST(MultiaddrTest, BadTextsAreRefused) {
  std::string tooMany = "/ip4/1.2.3.4";
  for (size_t i = 0; i < Multiaddr::kMaxParts; ++i) {
    tooMany += "/p2p-circuit";
  }
  for (const std::string& text : {std::string(),
                                  std::string("/"),
                                  std::string("//"),
                                  std::string("ip4/1.2.3.4"),
                                  std::string("/ip4"),
                                  std::string("/ip4/"),
                                  std::string("/ip4/1.2.3"),
                                  std::string("/ip4/1.2.3.4.5"),
                                  std::string("/ip4/256.1.1.1"),
                                  std::string("/ip4/01.2.3.4"),
                                  std::string("/ip4/::1"),
                                  std::string("/ip4/bootstrap/tcp/9000"),
                                  std::string("/ip6/1.2.3.4"),
                                  std::string("/ip6/fe80::1%eth0/tcp/1"),
                                  std::string("/ip6/:::"),
                                  std::string("/ip4/1.2.3.4/tcp"),
                                  std::string("/ip4/1.2.3.4/tcp/"),
                                  std::string("/ip4/1.2.3.4/tcp/65536"),
                                  std::string("/ip4/1.2.3.4/tcp/-1"),
                                  std::string("/ip4/1.2.3.4/tcp/+1"),
                                  std::string("/ip4/1.2.3.4/tcp/1a"),
                                  std::string("/ip4/1.2.3.4/tcp/ 1"),
                                  std::string("/ip4/1.2.3.4/tcp/0001"),
                                  std::string("/ip4/1.2.3.4/tcp//1"),
                                  std::string("/ip4/1.2.3.4/sctp/1"),
                                  std::string("/ip4/1.2.3.4/TCP/1"),
                                  std::string("/ip4/1.2.3.4//tcp/1"),
                                  std::string("/p2p/hello"),
                                  std::string("/p2p"),
                                  "/p2p/" + kId + "x",
                                  std::string("/dns/"),
                                  std::string("/dns/a..b"),
                                  std::string("/dns/."),
                                  std::string("/dns/a b"),
                                  std::string("/dns/é"),
                                  "/dns/" + std::string(64, 'a'),
                                  "/dns/" + std::string(254, 'a'),
                                  std::string("/dns/a\x1b[2J"),
                                  std::string("/ip4/1.2.3.4\0/tcp/1", 19),
                                  std::string("/memory/"),
                                  "/memory/" + std::string(65, 'a'),
                                  std::string("/unix"),
                                  std::string("/unix/\x01"),
                                  std::string("/certhash/uEi"),
                                  std::string("/certhash/xyz"),
                                  std::string("/quic-v1/1"),
                                  tooMany,
                                  "/dns/" + std::string(2'000, 'a'),
                                  std::string(100'000, '/'),
                                  "/unix/" + std::string(600, 'a')}) {
    const auto address = Multiaddr::fromText(text);
    ASSERT_FALSE(address) << text;
    for (const char c : address.error().text()) {
      EXPECT_TRUE(uint8_t(c) >= 0x20 && c != 0x7f) << "an error shows no control characters";
    }
  }
}

TEST(MultiaddrTest, BadBytesAreRefused) {
  for (const std::string& hex : {std::string(),
                                 std::string("00"),
                                 std::string("04"),
                                 std::string("047f0000"),
                                 std::string("0401020304"
                                             "06"),
                                 std::string("0401020304"
                                             "0601"),
                                 std::string("35"),
                                 std::string("3500"),
                                 std::string("3503616263"
                                             "ff"),
                                 std::string("3504616263"),
                                 std::string("35ffffffffffffffff7f"),
                                 std::string("8400"
                                             "7f000001"),
                                 std::string("ff"),
                                 std::string("ffffffffffffffffff7f"),
                                 std::string("3503612f62"),
                                 std::string("3503610a62"),
                                 std::string("a503021220"),
                                 std::string("a50300"),
                                 std::string("900300"),
                                 std::string("9003022f2f"),
                                 std::string("9003022f61") + "062328",
                                 std::string("d2030112"),
                                 std::string("890601ff"),
                                 std::string("8906012f"),
                                 std::string("3583"
                                             "00"
                                             "616263")}) {
    EXPECT_FALSE(Multiaddr::fromBytes(bytesOf(hex))) << hex;
  }
  base::Bytes circuits;
  for (size_t i = 0; i <= Multiaddr::kMaxParts; ++i) {
    circuits.insert(circuits.end(), {0xa2, 0x02});
  }
  EXPECT_FALSE(Multiaddr::fromBytes(circuits)) << "17 parts";
  circuits.resize(2 * Multiaddr::kMaxParts);
  EXPECT_TRUE(Multiaddr::fromBytes(circuits));
  EXPECT_FALSE(Multiaddr::fromBytes(base::Bytes(2'000, 0x04)));
}

TEST(MultiaddrTest, NoAddressHasALongerTextThanItMay) {
  // Six hashes of 126 bytes: 774 bytes of binary, 1,100 characters of text.
  base::Bytes hashes;
  for (int i = 0; i < 6; ++i) {
    hashes.insert(hashes.end(), {0xd2, 0x03, 0x7e, 0x12, 0x7c});
    hashes.insert(hashes.end(), 0x7c, 0xaa);
  }
  EXPECT_FALSE(Multiaddr::fromBytes(hashes));
}

TEST(MultiaddrTest, SaysWhatItIs) {
  const auto quic = addr("/ip4/10.1.2.3/udp/9000/quic-v1/p2p/" + kId);
  EXPECT_TRUE(quic.isQuicV1());
  EXPECT_FALSE(quic.isTcp());
  EXPECT_EQ(quic.port(), 9000);
  EXPECT_EQ(quic.ip(), "10.1.2.3");
  EXPECT_TRUE(quic.isPrivate());
  EXPECT_FALSE(quic.isLoopback());
  EXPECT_FALSE(quic.isIp6());
  ASSERT_TRUE(quic.peer());
  EXPECT_EQ(quic.peer()->text(), kId);
  EXPECT_EQ(quic.withoutPeer().text(), "/ip4/10.1.2.3/udp/9000/quic-v1");
  EXPECT_FALSE(quic.withoutPeer().peer());
  const auto other = PeerId::fromText(kRelay);
  EXPECT_EQ(quic.withPeer(*other).text(), "/ip4/10.1.2.3/udp/9000/quic-v1/p2p/" + kRelay);
  EXPECT_EQ(quic.withIp("::1").text(), "/ip6/::1/udp/9000/quic-v1/p2p/" + kId);
  EXPECT_TRUE(quic.withIp("nonsense").empty());
  EXPECT_EQ(addr("/dns/a/tcp/1").withIp("1.2.3.4").text(), "/ip4/1.2.3.4/tcp/1");
  EXPECT_TRUE(addr("/dns/a/udp/1/quic-v1").isQuicV1());
  EXPECT_FALSE(addr("/dnsaddr/a").isQuicV1());
  EXPECT_FALSE(addr("/ip4/1.2.3.4/udp/1/quic").isQuicV1());
  EXPECT_TRUE(addr("/dns6/a/tcp/1/p2p/" + kId).isTcp());
  EXPECT_FALSE(addr("/ip4/1.2.3.4/tcp/1/ws").isTcp());
  EXPECT_FALSE(addr("/ip4/1.2.3.4/tcp/1/tls/ws").isTcp());
  EXPECT_FALSE(Multiaddr().isTcp());
  EXPECT_EQ(addr("/dns/a").ip(), "");
  EXPECT_EQ(Multiaddr().text(), "");
  EXPECT_TRUE(Multiaddr().bytes().empty());
  EXPECT_EQ(Multiaddr::quic("::1", 7)->text(), "/ip6/::1/udp/7/quic-v1");
  EXPECT_EQ(Multiaddr::tcp("1.2.3.4", 65535)->text(), "/ip4/1.2.3.4/tcp/65535");
  EXPECT_FALSE(Multiaddr::tcp("example.org", 1));
  EXPECT_FALSE(Multiaddr::quic("", 1));
}

TEST(MultiaddrTest, KindsOfNetworks) {
  const auto isPrivate = [](const std::string& host) { return addr(host).isPrivate(); };
  for (const char* host : {"/ip4/10.0.0.0", "/ip4/172.16.0.1", "/ip4/172.31.255.255", "/ip4/192.168.1.1",
                           "/ip4/169.254.0.1", "/ip4/100.64.0.1", "/ip4/100.127.255.255", "/ip6/fc00::1",
                           "/ip6/fdff::1", "/ip6/fe80::1", "/ip6/febf::1", "/ip6/::ffff:192.168.0.1"}) {
    EXPECT_TRUE(isPrivate(host)) << host;
  }
  for (const char* host :
       {"/ip4/11.0.0.0", "/ip4/172.15.255.255", "/ip4/172.32.0.0", "/ip4/192.169.0.1", "/ip4/100.128.0.1",
        "/ip4/127.0.0.1", "/ip6/2001:db8::1", "/ip6/::1", "/ip6/fec0::1", "/ip6/::ffff:8.8.8.8", "/dns/localhost"}) {
    EXPECT_FALSE(isPrivate(host)) << host;
  }
  for (const char* host : {"/ip4/127.0.0.1", "/ip4/127.255.255.254", "/ip6/::1", "/ip6/::ffff:127.0.0.1"}) {
    EXPECT_TRUE(addr(host).isLoopback()) << host;
  }
  EXPECT_FALSE(addr("/ip4/128.0.0.1").isLoopback());
  EXPECT_TRUE(addr("/ip4/0.0.0.0/tcp/1").isUnspecified());
  EXPECT_TRUE(addr("/ip6/::/tcp/1").isUnspecified());
  EXPECT_FALSE(addr("/ip6/::1/tcp/1").isUnspecified());
}

TEST(MultiaddrTest, CircuitsComeApartAndTogether) {
  const auto whole = addr("/ip4/1.2.3.4/udp/1/quic-v1/p2p/" + kRelay + "/p2p-circuit/p2p/" + kId);
  EXPECT_TRUE(whole.isRelayed());
  const auto parts = whole.splitCircuit();
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->first.text(), "/ip4/1.2.3.4/udp/1/quic-v1/p2p/" + kRelay);
  EXPECT_EQ(parts->second.text(), "/p2p/" + kId);
  EXPECT_EQ(parts->first.joined(addr("/p2p-circuit")).joined(parts->second), whole);
  EXPECT_FALSE(parts->first.splitCircuit());
  EXPECT_EQ(Multiaddr().joined(whole), whole);
  EXPECT_EQ(whole.joined(Multiaddr()), whole);
  Multiaddr longer = whole;
  for (int i = 0; i < 3; ++i) {
    longer = longer.joined(longer);
  }
  EXPECT_TRUE(longer.empty()) << "beyond 16 parts";
  EXPECT_TRUE(addr("/unix/a").joined(whole).empty());
}

rc::Gen<std::string> anyPart() {
  return rc::gen::element<std::string>(
      "/ip4/127.0.0.1", "/ip4/203.0.113.9", "/ip6/::1", "/ip6/2001:db8::a:0:0:1", "/ip6/::ffff:1.2.3.4",
      "/ip6/::1.2.3.4", "/tcp/0", "/tcp/65535", "/udp/9000", "/dns/example.org", "/dns4/a", "/dns6/b-c_d.e.",
      "/dnsaddr/x", "/quic", "/quic-v1", "/tls", "/noise", "/ws", "/wss", "/webtransport", "/p2p-circuit", "/memory/7",
      "/ip6zone/wlan0", "/p2p/" + kId, "/p2p/" + kRelay, "/certhash/uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g");
}

RC_GTEST_PROP(MultiaddrTest, TextAndBytesAreTheSameAddress, ()) {
  const auto parts = *rc::gen::suchThat(rc::gen::container<std::vector<std::string>>(anyPart()),
                                        [](const auto& v) { return !v.empty() && v.size() <= 14; });
  std::string text;
  for (const auto& part : parts) {
    text += part;
  }
  if (*rc::gen::arbitrary<bool>()) {
    text += "/unix/run/a b/ü.sock";
  }
  RC_PRE(text.size() <= Multiaddr::kMaxBytes);
  const auto address = Multiaddr::fromText(text);
  RC_ASSERT(address.ok());
  RC_ASSERT(address->text() == text);
  const auto again = Multiaddr::fromBytes(address->bytes());
  RC_ASSERT(again.ok());
  RC_ASSERT(*again == *address);
}

RC_GTEST_PROP(MultiaddrTest, AnyBytesThatAreTakenComeBack, (base::Bytes bytes)) {
  const auto address = Multiaddr::fromBytes(bytes);
  if (address) {
    RC_ASSERT(address->bytes() == bytes);
    RC_ASSERT(*Multiaddr::fromText(address->text()) == *address);
  }
}

} // namespace
} // namespace univrs::p2p
