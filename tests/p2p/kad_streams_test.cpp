#include "engine/p2p/kad_streams.h"
#include "engine/p2p/protobuf.h"
#include "tests/p2p/memory_stream.h"

#include <gtest/gtest.h>

namespace univrs::p2p {
namespace {

struct Owner final : KadStreamOwner {
  std::optional<bool> replied;
  int gone = 0;
  void onReply(uint64_t, base::Result<KadMessage> reply) override { replied = reply.ok(); }
  void onAskingGone(uint64_t) override { ++gone; }
  base::Result<std::optional<KadMessage>> onRequest(KadAnsweringStream&, const KadMessage&) override {
    return std::optional<KadMessage>();
  }
  void onInboundGone(uint64_t) override {}
};

// As js-libp2p does: it takes the request, replies nothing and resets the stream.
bool goodWhenReset(KadType type) {
  MemoryLoop loop;
  MemoryPair pair(loop);
  Owner owner;
  const auto link = std::make_shared<KadLink>();
  link->owner = &owner;
  auto asking = std::make_unique<KadAskingStream>(pair.a, link, 1, type != KadType::AddProvider);
  KadMessage message;
  message.type = type;
  message.key = {1, 2, 3};
  asking->ask(message);
  pair.a.attach(std::move(asking));
  loop.run();
  EXPECT_FALSE(owner.replied.has_value());
  EXPECT_FALSE(pair.b.received().empty());
  pair.b.reset();
  loop.run();
  EXPECT_EQ(owner.gone, 1);
  return owner.replied.value_or(type != KadType::AddProvider);
}

TEST(KadStreams, AResetAfterARequestWithoutReplyIsNoFailure) {
  EXPECT_TRUE(goodWhenReset(KadType::AddProvider));
  EXPECT_FALSE(goodWhenReset(KadType::FindNode));
}

// js-libp2p resets a stream whose end it has read, so the reply must be here before we end it.
TEST(KadStreams, OurHalfIsClosedAfterTheReply) {
  MemoryLoop loop;
  MemoryPair pair(loop);
  Owner owner;
  const auto link = std::make_shared<KadLink>();
  link->owner = &owner;
  auto asking = std::make_unique<KadAskingStream>(pair.a, link, 1, true);
  KadMessage message;
  message.type = KadType::FindNode;
  message.key = {1, 2, 3};
  asking->ask(message);
  pair.a.attach(std::move(asking));
  loop.run();
  EXPECT_FALSE(pair.b.receivedEnd());
  pair.b.write(lengthPrefixed(encodeKad(message)));
  loop.run();
  EXPECT_EQ(owner.replied, true);
  EXPECT_TRUE(pair.b.receivedEnd());
}

TEST(KadStreams, AnEndInsteadOfAReplyFailsAndEndsTheStream) {
  MemoryLoop loop;
  MemoryPair pair(loop);
  Owner owner;
  const auto link = std::make_shared<KadLink>();
  link->owner = &owner;
  auto asking = std::make_unique<KadAskingStream>(pair.a, link, 1, true);
  KadMessage message;
  message.type = KadType::FindNode;
  asking->ask(message);
  pair.a.attach(std::move(asking));
  loop.run();
  pair.b.closeWrite();
  loop.run();
  EXPECT_EQ(owner.replied, false);
  EXPECT_TRUE(pair.b.receivedEnd());
}

} // namespace
} // namespace univrs::p2p
