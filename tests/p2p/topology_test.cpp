#include "engine/p2p/peer_key.h"
#include "engine/p2p/protobuf.h"
#include "engine/p2p/topology.h"

#include <gtest/gtest.h>

namespace univrs::p2p {
namespace {

using base::Millis;
using base::Monotonic;

PeerId peer(uint8_t n) {
  PublicKey key{};
  key[0] = n;
  return PeerKey::fromEd25519(key).peerId();
}

TEST(Topology, WhatIsSaidIsUnderstood) {
  const auto bytes = Topology::encode("lab", {{peer(3), 12'345, true}, {peer(2), -1, false}});
  const auto node = Topology::decode(peer(1), bytes);
  ASSERT_TRUE(node) << node.error().text();
  EXPECT_EQ(node->name, "lab");
  ASSERT_EQ(node->neighbours.size(), 2u);
  const auto& relayed = node->neighbours[node->neighbours[0].peer == peer(3) ? 0 : 1];
  EXPECT_EQ(relayed.peer, peer(3));
  EXPECT_EQ(relayed.rttMicros, 12'000); // two digits
  EXPECT_TRUE(relayed.relayed);
  EXPECT_EQ(Topology::encode("lab", {{peer(2), -1, false}, {peer(3), 12'399, true}}), bytes);
}

TEST(Topology, NonsenseIsRefused) {
  EXPECT_FALSE(Topology::decode(peer(1), Topology::encode("", {{peer(1)}}))) << "itself";
  EXPECT_FALSE(Topology::decode(peer(1), Topology::encode("", {{peer(2)}, {peer(2)}}))) << "twice";
  EXPECT_FALSE(Topology::decode(peer(1), base::Bytes(Topology::kMaxMessage + 1, 0)));
  EXPECT_FALSE(Topology::decode(peer(1), ProtoWriter().text(1, std::string(300, 'x')).out()));
  EXPECT_FALSE(Topology::decode(peer(1), ProtoWriter().text(1, "\xff").out()));
  EXPECT_FALSE(Topology::decode(peer(1), ProtoWriter().bytes(2, {}).out())) << "a neighbour without an id";
  ProtoWriter many;
  for (size_t i = 0; i <= Topology::kMaxNeighbours; ++i) {
    many.message(2, ProtoWriter().bytes(1, peer(2).bytes()));
  }
  EXPECT_FALSE(Topology::decode(peer(1), many.out()));
  auto cut = Topology::encode("lab", {{peer(2)}});
  cut.pop_back();
  EXPECT_FALSE(Topology::decode(peer(1), cut));
  EXPECT_TRUE(Topology::decode(peer(1), {})) << "alone and without a name";
}

TEST(Topology, SpeaksNowAndThenAndSoonAfterAChange) {
  Topology t;
  EXPECT_FALSE(t.due(Monotonic{1'000'000}));
  t.setOwn("lab", {{peer(2)}}, Monotonic{0});
  EXPECT_FALSE(t.due(Monotonic{1'999}));
  EXPECT_TRUE(t.due(Monotonic{2'000}));
  EXPECT_FALSE(t.due(Monotonic{2'001}));
  t.setOwn("lab", {{peer(2), 500}}, Monotonic{10'000}); // another round trip is no news
  EXPECT_EQ(t.nextDue(), Monotonic{62'000});
  t.setOwn("lab", {{peer(2)}, {peer(3)}}, Monotonic{20'000});
  EXPECT_EQ(t.nextDue(), Monotonic{22'000});
  t.setOwn("lab", {{peer(2)}, {peer(4)}}, Monotonic{21'000}); // a change does not put it off
  EXPECT_EQ(t.nextDue(), Monotonic{22'000});
  EXPECT_TRUE(t.due(Monotonic{22'000}));
  EXPECT_EQ(t.nextDue(), Monotonic{82'000});
}

TEST(Topology, RemembersWhatIsNewAndForgetsWhoFallsSilent) {
  Topology t;
  Topology::Node node;
  node.neighbours = {{peer(2)}};
  EXPECT_TRUE(t.heard(peer(1), node, Monotonic{0}));
  EXPECT_FALSE(t.heard(peer(1), node, Monotonic{60'000}));
  node.neighbours.clear();
  EXPECT_TRUE(t.heard(peer(1), node, Monotonic{70'000}));
  EXPECT_TRUE(t.expire(Monotonic{70'000} + Topology::kLife).empty());
  EXPECT_EQ(t.expire(Monotonic{70'001} + Topology::kLife), std::vector<PeerId>{peer(1)});
  EXPECT_TRUE(t.nodes().empty());
}

TEST(Topology, KnowsSoManyNodesAndNoMore) {
  Topology t;
  for (size_t i = 0; i < Topology::kMaxNodes + 10; ++i) {
    PublicKey key{};
    key[0] = uint8_t(i);
    key[1] = uint8_t(i >> 8);
    t.heard(PeerKey::fromEd25519(key).peerId(), {}, Monotonic{0});
  }
  EXPECT_EQ(t.nodes().size(), Topology::kMaxNodes);
}

} // namespace
} // namespace univrs::p2p
