// Watches, against every store.
#include "tests/store/store_kinds.h"

namespace univrs::store::test {
namespace {

using base::ErrorCode;

class StoreWatchTest : public StoreTest {
protected:
  // Watches and collects into `into`.
  std::unique_ptr<base::Subscription> collect(std::string prefix, int64_t from, std::vector<WatchEvent>& into) {
    auto watch = store->watch(std::move(prefix), from, [&into](const std::vector<WatchEvent>& events) {
      into.insert(into.end(), events.begin(), events.end());
    });
    EXPECT_TRUE(watch) << (watch ? "" : watch.error().text());
    return watch ? std::move(watch).value() : nullptr;
  }
};

WatchEvent putEvent(Entry entry) {
  return {WatchEvent::Kind::Put, entry, entry.modRevision};
}
WatchEvent deleteEvent(std::string key, int64_t revision) {
  return {WatchEvent::Kind::Delete, Entry{std::move(key), "", 0, revision, 0}, revision};
}

TEST_P(StoreWatchTest, EventsComeWithDeliverNotInsideTheChange) {
  std::vector<WatchEvent> events;
  const auto watch = collect("/w/", 0, events);
  ASSERT_TRUE(store->put("/w/a", "1"));
  EXPECT_TRUE(events.empty());
  EXPECT_EQ(store->deliver(), 1u);
  EXPECT_EQ(events, (std::vector{putEvent({"/w/a", "1", 1, 1, 1})}));
  EXPECT_EQ(store->deliver(), 0u);
}

TEST_P(StoreWatchTest, OnlyThePrefixInRevisionOrderWithDeletions) {
  std::vector<WatchEvent> events;
  const auto watch = collect("/w/", 0, events);
  ASSERT_TRUE(store->put("/w/a", "1"));
  ASSERT_TRUE(store->put("/other", "1"));
  ASSERT_TRUE(store->put("/w/a", "2"));
  ASSERT_TRUE(store->transact({}, {Op::remove("/w/a"), Op::put("/w/b", "3"), Op::put("/other", "3")}));
  EXPECT_EQ(store->deliver(), 1u);
  EXPECT_EQ(events, (std::vector{putEvent({"/w/a", "1", 1, 1, 1}), putEvent({"/w/a", "2", 1, 3, 2}),
                                 deleteEvent("/w/a", 4), putEvent({"/w/b", "3", 4, 4, 1})}));
  ASSERT_TRUE(store->put("/other", "4"));
  EXPECT_EQ(store->deliver(), 0u) << "nothing for this watch, no callback";
}

TEST_P(StoreWatchTest, FromARevisionAfterAList) {
  ASSERT_TRUE(store->put("/w/a", "1"));
  const Page page = store->list("/w/").value();
  ASSERT_TRUE(store->put("/w/b", "2"));
  std::vector<WatchEvent> events;
  const auto watch = collect("/w/", page.revision, events);
  ASSERT_TRUE(store->put("/w/c", "3"));
  store->deliver();
  EXPECT_EQ(events, (std::vector{putEvent({"/w/b", "2", 2, 2, 1}), putEvent({"/w/c", "3", 3, 3, 1})}));
}

TEST_P(StoreWatchTest, TwoWatchesEachGetTheirs) {
  std::vector<WatchEvent> all, some;
  const auto first = collect("", 0, all);
  const auto second = collect("/b", 0, some);
  ASSERT_TRUE(store->put("/a", "1"));
  ASSERT_TRUE(store->put("/b", "2"));
  EXPECT_EQ(store->deliver(), 2u);
  EXPECT_EQ(all.size(), 2u);
  EXPECT_EQ(some.size(), 1u);
}

TEST_P(StoreWatchTest, EndsWithItsSubscription) {
  std::vector<WatchEvent> events;
  auto watch = collect("", 0, events);
  ASSERT_TRUE(store->put("/a", "1"));
  watch.reset();
  EXPECT_EQ(store->deliver(), 0u);
  EXPECT_TRUE(events.empty());
  watch = collect("", 0, events);
  store.reset();
  watch.reset(); // a subscription may outlive its store
}

TEST_P(StoreWatchTest, ChangesMadeByACallbackWaitForTheNextDeliver) {
  std::vector<int64_t> seen;
  size_t nested = 99;
  const auto watch = store
                         ->watch("/a", 0,
                                 [&](const std::vector<WatchEvent>& events) {
                                   seen.push_back(events.back().revision);
                                   if (events.back().revision < 3) {
                                     ASSERT_TRUE(store->put("/a", "again"));
                                   }
                                   nested = store->deliver();
                                 })
                         .value();
  ASSERT_TRUE(store->put("/a", "1"));
  EXPECT_EQ(store->deliver(), 1u);
  EXPECT_EQ(seen, (std::vector<int64_t>{1}));
  EXPECT_EQ(nested, 0u);
  EXPECT_EQ(store->deliver(), 1u);
  EXPECT_EQ(store->deliver(), 1u);
  EXPECT_EQ(store->deliver(), 0u);
  EXPECT_EQ(seen, (std::vector<int64_t>{1, 2, 3}));
}

TEST_P(StoreWatchTest, ACallbackMayEndItselfAndOthersAndStartNewOnes) {
  std::unique_ptr<base::Subscription> first, second, third;
  int firstRan = 0, secondRan = 0, thirdRan = 0;
  first = store
              ->watch("", 0,
                      [&](const auto&) {
                        ++firstRan;
                        third = store->watch("", 0, [&](const auto&) { ++thirdRan; }).value();
                        second.reset();
                        first.reset();
                      })
              .value();
  second = store->watch("", 0, [&](const auto&) { ++secondRan; }).value();
  ASSERT_TRUE(store->put("/a", "1"));
  EXPECT_EQ(store->deliver(), 1u);
  EXPECT_EQ(store->deliver(), 1u);
  EXPECT_EQ(firstRan, 1);
  EXPECT_EQ(secondRan, 0);
  EXPECT_EQ(thirdRan, 1);
}

TEST_P(StoreWatchTest, ATransactionComesInOneCall) {
  std::vector<size_t> sizes;
  const auto watch =
      store->watch("/t/", 0, [&](const std::vector<WatchEvent>& events) { sizes.push_back(events.size()); }).value();
  std::vector<Op> ops;
  for (int i = 0; i < 3'000; ++i) {
    ops.push_back(Op::put("/t/" + std::to_string(i), "x"));
  }
  ASSERT_TRUE(store->put("/t/first", "x"));
  ASSERT_TRUE(store->transact({}, ops));
  ASSERT_TRUE(store->put("/t/last", "x"));
  EXPECT_EQ(store->deliver(), 2u);
  EXPECT_EQ(sizes, (std::vector<size_t>{3'001, 1}));
}

TEST_P(StoreWatchTest, StartsThatCannotBeServedAreRefused) {
  ASSERT_TRUE(store->put("/a", "1"));
  EXPECT_EQ(store->watch("", -1, [](const auto&) {}).error().code, ErrorCode::Validation);
  const auto ahead = store->watch("", 2, [](const auto&) {});
  EXPECT_EQ(ahead.error().code, ErrorCode::Conflict);
  EXPECT_EQ(ahead.error().why, "ahead");
}

TEST_P(StoreWatchTest, OldChangesAreCompacted) {
  StoreOptions options;
  options.keptRevisions = 100;
  store = openOther(options);
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_TRUE(store->put("/k" + std::to_string(i % 7), std::to_string(i)));
  }
  const auto old = store->watch("", 1, [](const auto&) {});
  ASSERT_FALSE(old);
  EXPECT_EQ(old.error().code, ErrorCode::Conflict);
  EXPECT_EQ(old.error().why, "compacted");
  EXPECT_FALSE(store->watch("", 700, [](const auto&) {})) << "compaction keeps up";
  std::vector<WatchEvent> events;
  const auto watch = collect("", 900, events);
  store->deliver();
  ASSERT_EQ(events.size(), 100u);
  EXPECT_EQ(events.front().revision, 901);
  EXPECT_EQ(events.back().revision, 1'000);
}

TEST_P(StoreWatchTest, LargeChangesAreCompactedByTheirSize) {
  StoreOptions options;
  options.keptHistoryBytes = 100'000;
  store = openOther(options);
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE(store->put("/k", std::string(10'000, 'x')));
  }
  EXPECT_EQ(store->watch("", 200, [](const auto&) {}).error().why, "compacted");
  std::vector<WatchEvent> events;
  const auto watch = collect("", 295, events);
  store->deliver();
  EXPECT_EQ(events.size(), 5u);
}

TEST_P(StoreWatchTest, WhatAWatchHasNotSeenIsNotCompacted) {
  StoreOptions options;
  options.keptRevisions = 10;
  store = openOther(options);
  std::vector<WatchEvent> events;
  const auto watch = collect("", 0, events);
  for (int i = 0; i < 3'000; ++i) {
    ASSERT_TRUE(store->put("/k", "x"));
  }
  EXPECT_EQ(store->deliver(), 3u) << "in batches";
  ASSERT_EQ(events.size(), 3'000u);
  for (size_t i = 0; i < events.size(); ++i) {
    ASSERT_EQ(events[i].revision, static_cast<int64_t>(i) + 1);
  }
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(store->put("/k", "x"));
  }
  EXPECT_FALSE(store->watch("", 100, [](const auto&) {})) << "and then it is";
}

INSTANTIATE_TEST_SUITE_P(All, StoreWatchTest, ::testing::Values(Kind::Memory, Kind::Sqlite), kindName);

} // namespace
} // namespace univrs::store::test
