#include "engine/p2p/resources.h"

#include <gtest/gtest.h>

namespace univrs::p2p {
namespace {

PeerId peer(int n) {
  const std::string key = "peer " + std::to_string(n);
  return PeerId::ofEncodedKey(base::asBytes(key));
}

Multiaddr at(const char* text) {
  auto address = Multiaddr::fromText(text);
  EXPECT_TRUE(address) << text;
  return address ? *address : Multiaddr();
}

TEST(Resources, ConnectionsOfAPeerEndAtItsLimit) {
  ResourceLimits limits;
  limits.peer.connectionsIn = 2;
  ResourceManager manager(limits);
  const Multiaddr remote = at("/ip4/127.0.0.1/tcp/1");
  auto a = manager.connection(peer(1), Direction::Inbound, remote);
  auto b = manager.connection(peer(1), Direction::Inbound, remote);
  ASSERT_TRUE(a && b);
  EXPECT_FALSE(manager.connection(peer(1), Direction::Inbound, remote));
  EXPECT_EQ(manager.refused().at("peer inbound connections"), 1u);
  EXPECT_TRUE(manager.connection(peer(1), Direction::Outbound, remote));
  EXPECT_TRUE(manager.connection(peer(2), Direction::Inbound, remote));
  EXPECT_EQ(manager.use(peer(1)).connectionsIn, 2u);
  a->release();
  EXPECT_TRUE(manager.connection(peer(1), Direction::Inbound, remote));
}

TEST(Resources, EverythingIsGivenBack) {
  ResourceManager manager(ResourceLimits{});
  {
    auto connection = manager.connection(peer(1), Direction::Inbound, at("/ip4/9.9.9.9/udp/1/quic-v1"));
    auto stream = manager.stream(peer(1), true);
    auto protocol = manager.protocolStream("/p", {}, peer(1));
    auto bytes = manager.bytes(peer(1), 1'000);
    ASSERT_TRUE(connection && stream && protocol && bytes);
    EXPECT_EQ(manager.use().bytes, 1'000u);
    const Reservation moved = std::move(*bytes);
    EXPECT_FALSE(bytes->held());
    EXPECT_TRUE(moved.held());
  }
  const ResourceUse use = manager.use();
  EXPECT_EQ(use.connectionsIn + use.streamsIn + use.bytes, 0u);
  EXPECT_EQ(manager.use(peer(1)).streamsIn, 0u);
}

TEST(Resources, SystemLimitHoldsOverAllPeers) {
  ResourceLimits limits;
  limits.system.streams = 3;
  ResourceManager manager(limits);
  std::vector<Reservation> held;
  for (int i = 0; i < 3; ++i) {
    auto stream = manager.stream(peer(i), i % 2 == 0);
    ASSERT_TRUE(stream);
    held.push_back(std::move(*stream));
  }
  const auto refused = manager.stream(peer(9), true);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::RateLimited);
  held.pop_back();
  EXPECT_TRUE(manager.stream(peer(9), true));
}

TEST(Resources, ProtocolLimitsCountByProtocolAndPeer) {
  ResourceManager manager(ResourceLimits{});
  const ProtocolLimits limits{3, 2};
  auto a = manager.protocolStream("/p", limits, peer(1));
  auto b = manager.protocolStream("/p", limits, peer(1));
  EXPECT_FALSE(manager.protocolStream("/p", limits, peer(1)));
  auto c = manager.protocolStream("/p", limits, peer(2));
  EXPECT_TRUE(c);
  EXPECT_FALSE(manager.protocolStream("/p", limits, peer(3)));
  EXPECT_TRUE(manager.protocolStream("/q", limits, peer(3)));
}

TEST(Resources, BytesNeverPassTheLimitNorOverflow) {
  ResourceLimits limits;
  limits.peer.bytes = 100;
  ResourceManager manager(limits);
  auto a = manager.bytes(peer(1), 60);
  EXPECT_TRUE(a);
  EXPECT_FALSE(manager.bytes(peer(1), 41));
  EXPECT_FALSE(manager.bytes(peer(1), SIZE_MAX));
  EXPECT_TRUE(manager.bytes(peer(1), 40));
  const auto nothing = manager.bytes(peer(1), 0);
  EXPECT_TRUE(nothing);
}

TEST(Resources, HandshakesAreLimitedByAddressGroup) {
  ResourceLimits limits;
  limits.handshakes = 6;
  limits.handshakesPerIp = 2;
  limits.underLoadHandshakes = 3;
  ResourceManager manager(limits);
  const Multiaddr one = at("/ip6/2001:db8:1:100::1/udp/1/quic-v1");
  const Multiaddr sameNet = at("/ip6/2001:db8:1:1ff::2/udp/9/quic-v1"); // the same /56
  const Multiaddr other = at("/ip6/2001:db8:1:200::1/udp/1/quic-v1");
  EXPECT_TRUE(manager.handshakeMayBegin(one));
  EXPECT_TRUE(manager.handshakeMayBegin(sameNet));
  EXPECT_FALSE(manager.handshakeMayBegin(one));
  EXPECT_FALSE(manager.underLoad());
  EXPECT_TRUE(manager.handshakeMayBegin(other));
  EXPECT_TRUE(manager.underLoad());
  // Loopback counts for the system only.
  const Multiaddr here = at("/ip4/127.0.0.1/udp/1/quic-v1");
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(manager.handshakeMayBegin(here));
  }
  EXPECT_FALSE(manager.handshakeMayBegin(here));
  manager.handshakeOver(sameNet);
  EXPECT_TRUE(manager.handshakeMayBegin(one));
}

TEST(Resources, InboundConnectionsAreLimitedByAddressGroup) {
  ResourceLimits limits;
  limits.connectionsPerIp = 1;
  ResourceManager manager(limits);
  auto a = manager.connection(peer(1), Direction::Inbound, at("/ip4/9.9.9.9/tcp/1"));
  EXPECT_TRUE(a);
  EXPECT_FALSE(manager.connection(peer(2), Direction::Inbound, at("/ip4/9.9.9.9/tcp/2")));
  EXPECT_TRUE(manager.connection(peer(2), Direction::Outbound, at("/ip4/9.9.9.9/tcp/2")));
  EXPECT_TRUE(manager.connection(peer(2), Direction::Inbound, at("/ip4/9.9.9.8/tcp/2")));
}

} // namespace
} // namespace univrs::p2p
