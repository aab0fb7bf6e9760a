// The bounded memories of a router.
#include "engine/pubsub/backoff.h"
#include "engine/pubsub/message_cache.h"
#include "engine/pubsub/params.h"
#include "engine/pubsub/promises.h"
#include "engine/pubsub/seen_cache.h"

#include <gtest/gtest.h>

namespace univrs::pubsub {
namespace {

using base::Millis;
using base::Monotonic;

MessagePtr message(const Topic& topic, size_t size = 1) {
  auto m = std::make_shared<Message>();
  m->topic = topic;
  m->data.resize(size);
  return m;
}
MessageId id(size_t n) {
  return MessageId("id" + std::to_string(n));
}

TEST(MessageCacheTest, KeepsFiveWindowsAndTellsOfThree) {
  MessageCache cache(5, 3);
  cache.put(id(1), message("a"));
  cache.put(id(2), message("b"));
  for (int shifts = 0; shifts < 5; ++shifts) {
    EXPECT_EQ(cache.gossip("a").size(), shifts < 3 ? 1u : 0u);
    EXPECT_NE(cache.get(id(1)), nullptr);
    cache.shift();
  }
  EXPECT_EQ(cache.get(id(1)), nullptr);
  EXPECT_EQ(cache.size(), 0u);
  EXPECT_EQ(cache.bytes(), 0u);
}

TEST(MessageCacheTest, IsBoundedByNumberAndBytes) {
  MessageCache cache(5, 3);
  for (size_t i = 0; i < MessageCache::kMaxMessages + 5; ++i) {
    cache.put(id(i), message("a"));
  }
  EXPECT_EQ(cache.size(), MessageCache::kMaxMessages);
  EXPECT_EQ(cache.get(id(4)), nullptr);
  EXPECT_NE(cache.get(id(5)), nullptr);
  MessageCache large(5, 3);
  for (size_t i = 0; i < 70; ++i) {
    large.put(id(i), message("a", 1u << 20));
    if (i % 10 == 0) {
      large.shift();
      large.put(id(i), message("a", 1u << 20)); // again: nothing
    }
  }
  EXPECT_LE(large.bytes(), MessageCache::kMaxBytes);
  EXPECT_EQ(large.get(id(0)), nullptr);
}

TEST(MessageCacheTest, CountsWhatAPeerWasGiven) {
  MessageCache cache(5, 3);
  cache.put(id(1), message("a"));
  EXPECT_NE(cache.give(id(1), Peer("p"), 2), nullptr);
  EXPECT_NE(cache.give(id(1), Peer("p"), 2), nullptr);
  EXPECT_EQ(cache.give(id(1), Peer("p"), 2), nullptr);
  EXPECT_NE(cache.give(id(1), Peer("q"), 2), nullptr);
  EXPECT_EQ(cache.give(id(2), Peer("q"), 2), nullptr);
  for (size_t i = 0; i < MessageCache::kMaxAskersPerMessage; ++i) {
    (void)cache.give(id(1), Peer("n" + std::to_string(i)), 2);
  }
  EXPECT_EQ(cache.give(id(1), Peer("one more"), 2), nullptr);
}

TEST(SeenCacheTest, ForgetsAfterItsTimeAndBeyondItsSize) {
  SeenCache seen(Millis(120'000));
  seen.addAccepted(id(1), Monotonic{0});
  seen.addAccepted(id(2), Monotonic{60'000});
  seen.expire(Monotonic{119'999});
  EXPECT_TRUE(seen.has(id(1)));
  seen.expire(Monotonic{120'000});
  EXPECT_FALSE(seen.has(id(1)));
  EXPECT_TRUE(seen.has(id(2)));
  for (size_t i = 0; i < SeenCache::kMaxIds; ++i) {
    seen.addAccepted(id(i + 10), Monotonic{60'001});
  }
  EXPECT_EQ(seen.size(), SeenCache::kMaxIds);
  EXPECT_FALSE(seen.has(id(2)));
}

TEST(SeenCacheTest, PendingMessagesAreCountedAndEndEitherWay) {
  SeenCache seen(Millis(10'000));
  EXPECT_FALSE(seen.hasRoom(SeenCache::kMaxPendingBytes + 1));
  seen.addPending(id(1), Peer("p"), message("a", 1'000), Monotonic{0});
  seen.addSender(id(1), Peer("q"));
  seen.addSender(id(1), Peer("p"));
  EXPECT_FALSE(seen.hasRoom(SeenCache::kMaxPendingBytes - 999));
  const auto known = seen.judge(id(1), SeenCache::State::Accepted, Monotonic{5});
  ASSERT_TRUE(known);
  EXPECT_EQ(known->peers, std::set<Peer>{Peer("q")});
  EXPECT_TRUE(seen.hasRoom(SeenCache::kMaxPendingBytes));
  EXPECT_FALSE(seen.judge(id(1), SeenCache::State::Accepted, Monotonic{5}));
  // One that expires while it waits gives its room back.
  seen.addPending(id(2), Peer("p"), message("a", 1'000), Monotonic{5});
  seen.expire(Monotonic{20'000});
  EXPECT_EQ(seen.pending(), 0u);
  EXPECT_TRUE(seen.hasRoom(SeenCache::kMaxPendingBytes));
}

TEST(BackoffTest, ClampsWhatAPeerSays) {
  EXPECT_EQ(Backoff::fromWire(0, Millis(7)), Millis(7));
  EXPECT_EQ(Backoff::fromWire(1, Millis(7)), Millis(1'000));
  EXPECT_EQ(Backoff::fromWire(3'601, Millis(7)), Backoff::kLongest);
  EXPECT_EQ(Backoff::fromWire(UINT64_MAX, Millis(7)), Backoff::kLongest);
}

TEST(BackoffTest, IsBoundedAndExpires) {
  Backoff backoff;
  for (size_t i = 0; i < Backoff::kMaxPerTopic + 10; ++i) {
    backoff.set("t", Peer("p" + std::to_string(i)), Monotonic{int64_t(i)});
  }
  EXPECT_EQ(backoff.size(), Backoff::kMaxPerTopic);
  EXPECT_FALSE(backoff.until("t", Peer("p9")));
  EXPECT_TRUE(backoff.until("t", Peer("p10")));
  EXPECT_TRUE(backoff.holds("t", Peer("p100"), Monotonic{150}, Millis(51)));
  EXPECT_FALSE(backoff.holds("t", Peer("p100"), Monotonic{150}, Millis(50)));
  backoff.expire(Monotonic{1'000'000}, Millis(0));
  EXPECT_EQ(backoff.size(), 0u);
}

TEST(PromisesTest, AreBoundedKeptAndBroken) {
  Promises promises;
  for (size_t i = 0; i < Promises::kMaxWatched + 5; ++i) {
    promises.add(Peer("p"), id(i), Monotonic{100});
  }
  EXPECT_EQ(promises.size(), Promises::kMaxWatched);
  promises.fulfilled(id(0));
  promises.add(Peer("q"), id(1), Monotonic{200});
  EXPECT_TRUE(promises.broken(Monotonic{99}).empty());
  const auto broken = promises.broken(Monotonic{100});
  EXPECT_EQ(broken, (std::map<Peer, uint32_t>{{Peer("p"), uint32_t(Promises::kMaxWatched - 1)}}));
  EXPECT_EQ(promises.size(), 1u);
  promises.forget(Peer("q"));
  EXPECT_EQ(promises.size(), 0u);
}

TEST(ParamsTest, WrongOnesAreRefused) {
  EXPECT_TRUE(validate(RouterParams{}).ok());
  EXPECT_TRUE(validate(MeshSizes{}).ok());
  EXPECT_TRUE(validate(MeshSizes::originals()).ok());
  RouterParams p;
  p.gossipWindows = 6;
  EXPECT_FALSE(validate(p).ok());
  p = {};
  p.gossipFactor = 2;
  EXPECT_FALSE(validate(p).ok());
  p = {};
  p.heartbeat = Millis(0);
  EXPECT_FALSE(validate(p).ok());
}

} // namespace
} // namespace univrs::pubsub
