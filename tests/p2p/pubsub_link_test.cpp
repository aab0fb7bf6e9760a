// What waits for one gossipsub peer: order, bounds, and streams that come and go.
#include "engine/p2p/pubsub_link.h"
#include "tests/p2p/memory_stream.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace univrs::p2p {
namespace {

using Class = PubsubLink::Class;

struct Owner final : PubsubLinkOwner {
  std::vector<std::string> rpcs;
  int gone = 0;
  size_t sent = 0;
  void onRpc(const PeerId&, std::span<const uint8_t> bytes) override { rpcs.emplace_back(bytes.begin(), bytes.end()); }
  void onOutboundGone(const PeerId&) override { ++gone; }
  void onRpcSent(size_t) override { ++sent; }
};

PubsubLink::Shared rpc(const std::string& text) {
  return std::make_shared<const base::Bytes>(text.begin(), text.end());
}

class PubsubLinkTest : public testing::Test {
protected:
  static constexpr size_t kMaxFrame = 2u << 20;
  void listen() { streams.b.attach(theirs.acceptInbound(streams.b)); }
  MemoryLoop loop;
  Owner owner, other;
  MemoryPair streams{loop};
  PubsubLink link{owner, PeerId(), kMaxFrame};
  PubsubLink theirs{other, PeerId(), kMaxFrame};
};

TEST_F(PubsubLinkTest, WhatWaitsGoesOutByClass) {
  listen();
  EXPECT_TRUE(link.send(Class::Forward, rpc("forward")));
  EXPECT_TRUE(link.send(Class::Own, rpc("own")));
  EXPECT_TRUE(link.send(Class::Gossip, rpc("gossip")));
  EXPECT_TRUE(link.send(Class::Urgent, rpc("urgent 1")));
  EXPECT_TRUE(link.send(Class::Urgent, rpc("urgent 2")));
  link.setOutbound(streams.a);
  loop.run();
  EXPECT_EQ(other.rpcs, (std::vector<std::string>{"urgent 1", "urgent 2", "gossip", "own", "forward"}));
  EXPECT_EQ(owner.sent, 5u);
  EXPECT_EQ(link.queuedBytes(), 0u);
}

TEST_F(PubsubLinkTest, EachClassIsBounded) {
  const auto large = rpc(std::string(1u << 20, 'x'));
  for (const Class cls : {Class::Urgent, Class::Gossip, Class::Own, Class::Forward}) {
    size_t taken = 0;
    while (taken < 100 && link.send(cls, large)) {
      ++taken;
    }
    EXPECT_EQ(taken, std::max<size_t>(1, PubsubLink::kMaxQueued[size_t(cls)] >> 20)) << int(cls);
  }
  link.dropQueue();
  EXPECT_EQ(link.queuedBytes(), 0u);
  EXPECT_TRUE(link.send(Class::Urgent, large));
}

TEST_F(PubsubLinkTest, ControlOvertakesMessagesOfASlowReader) {
  link.setOutbound(streams.a); // nobody reads yet
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(link.send(Class::Forward, rpc(std::string(700'000, char('a' + i)))));
  }
  loop.run();
  EXPECT_TRUE(link.send(Class::Urgent, rpc("urgent")));
  listen();
  loop.run();
  ASSERT_EQ(other.rpcs.size(), 6u);
  const auto at = std::find(other.rpcs.begin(), other.rpcs.end(), "urgent") - other.rpcs.begin();
  EXPECT_LE(at, 2) << "after what was in the stream already";
}

TEST_F(PubsubLinkTest, TellsWhenItsStreamIsGone) {
  listen();
  link.setOutbound(streams.a);
  loop.run();
  streams.a.end(base::makeError(base::ErrorCode::Unavailable, "gone"));
  EXPECT_EQ(owner.gone, 1);
  EXPECT_FALSE(link.hasOutbound());
  EXPECT_TRUE(link.send(Class::Urgent, rpc("waits")));
  MemoryPair next(loop);
  next.b.attach(theirs.acceptInbound(next.b));
  link.setOutbound(next.a);
  loop.run();
  EXPECT_EQ(other.rpcs, std::vector<std::string>{"waits"});
}

TEST_F(PubsubLinkTest, ASecondInboundStreamReplacesTheFirst) {
  listen();
  MemoryPair second(loop);
  second.b.attach(theirs.acceptInbound(second.b));
  loop.run();
  EXPECT_TRUE(streams.b.gone());
  EXPECT_FALSE(second.b.gone());
}

TEST_F(PubsubLinkTest, AnOversizedFrameEndsTheirStreamOnly) {
  listen();
  base::Bytes prefix;
  appendVarint(prefix, kMaxFrame + 1);
  streams.a.write(prefix);
  loop.run();
  EXPECT_TRUE(streams.b.gone());
  EXPECT_TRUE(other.rpcs.empty());
  EXPECT_EQ(other.gone, 0);
}

} // namespace
} // namespace univrs::p2p
