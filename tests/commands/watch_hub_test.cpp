// Snapshot, deltas and resuming, as a watcher sees them.
#include "engine/commands/watch_hub.h"

#include <gtest/gtest.h>

#include <deque>

namespace univrs::commands {
namespace {

using interfaces::Delta;
using interfaces::Topic;

class FixedClock final : public base::Clock {
public:
  base::Now value{{1'700'000'000'000}, {1'000'000}};
  [[nodiscard]] base::Now now() const override { return value; }
};

// Runs posted tasks when told: the turns of an event loop.
class ManualExecutor final : public base::Executor {
public:
  void post(std::function<void()> task) override { tasks.push_back(std::move(task)); }
  void run() {
    while (!tasks.empty()) {
      const auto task = std::move(tasks.front());
      tasks.pop_front();
      task();
    }
  }
  std::deque<std::function<void()>> tasks;
};

class WatchHubTest : public ::testing::Test {
protected:
  WatchHubTest() { EXPECT_TRUE(state.load().ok()); }

  void put(const std::string& name, int replicas) {
    model::Workload w;
    w.id = model::WorkloadId("id-" + name);
    w.spec.name = name;
    w.spec.replicas = replicas;
    w.spec.containers.push_back({});
    w.spec.containers.back().name = "main";
    w.spec.containers.back().image = "x";
    control::Batch batch;
    batch.put(std::move(w));
    ASSERT_TRUE(state.commit(std::move(batch), clock.value.wall).ok());
  }
  std::unique_ptr<base::Subscription> watch(std::vector<Delta>& into, int64_t from = 0,
                                            std::vector<Topic> topics = {Topic::Workloads}) {
    interfaces::WatchHandlers h;
    h.onDeltas = [&into](const std::vector<Delta>& d) { into.insert(into.end(), d.begin(), d.end()); };
    return hub.watch({std::move(topics), from}, std::move(h));
  }

  FixedClock clock;
  base::SeededRandom random{1};
  std::unique_ptr<store::StateStore> store = store::openMemoryStore();
  control::ClusterState state{*store, random};
  ManualExecutor executor;
  WatchHub hub{state, executor, clock};
};

TEST_F(WatchHubTest, SnapshotThenDeltas) {
  put("a", 1);
  executor.run();
  std::vector<Delta> seen;
  const auto handle = watch(seen);
  EXPECT_TRUE(seen.empty()) << "never inside the call";
  executor.run();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0].kind, Delta::Kind::SnapshotBegin);
  EXPECT_EQ(seen[1].kind, Delta::Kind::Put);
  EXPECT_EQ(seen[2].kind, Delta::Kind::SnapshotEnd);
  put("a", 2);
  put("a", 3);
  executor.run();
  ASSERT_EQ(seen.size(), 4U) << "changes of one turn are one delta";
  EXPECT_EQ(std::get<model::Workload>(seen[3].object).spec.replicas, 3);
  EXPECT_GT(seen[3].revision, seen[2].revision);
}

TEST_F(WatchHubTest, ResumesWithoutLossAndFallsBackToASnapshot) {
  put("a", 1);
  executor.run();
  const auto revision = hub.revision();
  put("b", 1);
  executor.run();
  std::vector<Delta> seen;
  const auto handle = watch(seen, revision);
  executor.run();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].id, "id-b");
  for (int i = 0; i < int(kKeptDeltas) + 10; ++i) {
    put("c", i);
    executor.run();
  }
  std::vector<Delta> late;
  const auto second = watch(late, revision);
  executor.run();
  ASSERT_FALSE(late.empty());
  EXPECT_EQ(late[0].kind, Delta::Kind::SnapshotBegin);
  std::vector<Delta> future;
  const auto third = watch(future, hub.revision() + 1'000'000'000);
  executor.run();
  EXPECT_EQ(future.at(0).kind, Delta::Kind::SnapshotBegin) << "a revision of another life of this node";
}

TEST_F(WatchHubTest, EndsWithItsHandle) {
  std::vector<Delta> seen;
  auto handle = watch(seen);
  executor.run();
  const auto count = seen.size();
  put("a", 1);
  handle.reset();
  executor.run();
  EXPECT_EQ(seen.size(), count);
}

TEST_F(WatchHubTest, OnlyTheTopicsAskedFor) {
  std::vector<Delta> seen;
  const auto handle = watch(seen, 0, {Topic::Nodes});
  executor.run();
  seen.clear();
  put("a", 1);
  executor.run();
  EXPECT_TRUE(seen.empty());
}

} // namespace
} // namespace univrs::commands
