// compare() and plan() as pure functions.
#include "tests/control/simulated_cluster.h"

namespace univrs::control {
namespace {

constexpr base::Timestamp kNow{1'700'000'100'000};

struct Picture {
  model::Workload workload;
  std::vector<std::unique_ptr<model::Instance>> owned;
  Sensed sensed;

  explicit Picture(int replicas) {
    workload.id = model::WorkloadId("w");
    workload.spec = simpleSpec("web", replicas);
    sensed.workload = &workload;
    sensed.templateHash = workload.spec.templateHash();
  }
  model::Instance& add(std::vector<const model::Instance*>& list, model::InstanceState state, bool ready) {
    auto i = std::make_unique<model::Instance>();
    i->id = model::InstanceId("web-" + std::to_string(owned.size()));
    i->workloadId = workload.id;
    i->nodeId = model::NodeId("n");
    i->epoch = int64_t(owned.size());
    i->state = state;
    i->ready = ready;
    i->readyAt = ready ? kNow : base::Timestamp{};
    i->createdAt = kNow;
    list.push_back(i.get());
    owned.push_back(std::move(i));
    return *owned.back();
  }
  std::vector<Action> actions() { return plan(sensed, compare(sensed, kNow)); }
  int count(Action::Kind kind) {
    int n = 0;
    for (const auto& a : actions()) {
      n += a.kind == kind ? std::max(1, a.count) : 0;
    }
    return n;
  }
};

using model::InstanceState;

TEST(Plan, CreatesWhatIsMissing) {
  Picture p(3);
  EXPECT_EQ(p.count(Action::Kind::CreateInstance), 3);
  p.add(p.sensed.current, InstanceState::Running, true);
  EXPECT_EQ(p.count(Action::Kind::CreateInstance), 2);
  EXPECT_EQ(statusOf(p.sensed, compare(p.sensed, kNow)).health, model::Health::Progressing);
}

TEST(Plan, DoesNothingWhenAllIsThere) {
  Picture p(2);
  p.add(p.sensed.current, InstanceState::Running, true);
  p.add(p.sensed.current, InstanceState::Running, true);
  EXPECT_TRUE(p.actions().empty());
  const auto status = statusOf(p.sensed, compare(p.sensed, kNow));
  EXPECT_EQ(status.health, model::Health::Healthy);
  EXPECT_EQ(status.ready, 2);
}

TEST(Plan, StopsTheLeastUsefulFirst) {
  Picture p(1);
  p.add(p.sensed.current, InstanceState::Running, true);
  const auto& broken = p.add(p.sensed.current, InstanceState::Backoff, false);
  const auto actions = p.actions();
  ASSERT_EQ(actions.size(), 1U);
  EXPECT_EQ(actions[0].kind, Action::Kind::StopInstance);
  EXPECT_EQ(actions[0].instanceId, broken.id);
}

TEST(Plan, KeepsOldUntilNewIsReady) {
  Picture p(2);
  p.add(p.sensed.outdated, InstanceState::Running, true);
  p.add(p.sensed.outdated, InstanceState::Running, true);
  EXPECT_EQ(p.count(Action::Kind::CreateInstance), 1);
  EXPECT_EQ(p.count(Action::Kind::StopInstance), 0);
  auto& fresh = p.add(p.sensed.current, InstanceState::Starting, false);
  EXPECT_EQ(p.count(Action::Kind::CreateInstance), 0);
  EXPECT_EQ(p.count(Action::Kind::StopInstance), 0);
  fresh.state = InstanceState::Running;
  fresh.ready = true;
  fresh.readyAt = kNow;
  EXPECT_EQ(p.count(Action::Kind::StopInstance), 1);
  p.workload.spec.update.minHealthyMs = 60'000;
  EXPECT_EQ(p.count(Action::Kind::StopInstance), 0) << "not ready for long enough";
}

TEST(Plan, StopsAnUpdateThatDoesNotGetHealthy) {
  Picture p(1);
  p.add(p.sensed.outdated, InstanceState::Running, true);
  auto& fresh = p.add(p.sensed.current, InstanceState::Backoff, false);
  fresh.createdAt = {kNow.ms - p.workload.spec.update.healthyDeadlineMs - 1};
  EXPECT_TRUE(p.actions().empty());
  const auto status = statusOf(p.sensed, compare(p.sensed, kNow));
  EXPECT_EQ(status.health, model::Health::Degraded);
  EXPECT_NE(status.reason.find("update stopped"), std::string::npos) << status.reason;
}

TEST(Plan, HoldsReplacementsBackWhileTheyKeepFailing) {
  Picture p(1);
  auto& dead = p.add(p.sensed.ended, InstanceState::Failed, false);
  dead.finishedAt = kNow;
  EXPECT_EQ(p.count(Action::Kind::CreateInstance), 0);
  const auto drift = compare(p.sensed, kNow);
  EXPECT_EQ(drift.heldBack, 1);
  EXPECT_EQ(nextDeadline(p.sensed, drift, kNow).ms, kNow.ms + kReplaceFirstMs);
  dead.finishedAt = {kNow.ms - kReplaceFirstMs};
  EXPECT_EQ(p.count(Action::Kind::CreateInstance), 1);
}

TEST(Plan, FinishedRunsCountAsDone) {
  Picture p(2);
  p.workload.spec.restart = model::RestartPolicy::Never;
  p.add(p.sensed.done, InstanceState::Succeeded, false);
  p.add(p.sensed.done, InstanceState::Succeeded, false);
  EXPECT_TRUE(p.actions().empty());
  EXPECT_EQ(statusOf(p.sensed, compare(p.sensed, kNow)).health, model::Health::Healthy);
}

TEST(Plan, RemovesInstancesBeforeTheWorkload) {
  Picture p(1);
  p.workload.deleting = true;
  p.add(p.sensed.current, InstanceState::Running, true);
  EXPECT_EQ(p.count(Action::Kind::StopInstance), 1);
  EXPECT_EQ(p.count(Action::Kind::DeleteWorkload), 0);
  p.sensed.current.clear();
  EXPECT_EQ(p.count(Action::Kind::DeleteWorkload), 1);
}

} // namespace
} // namespace univrs::control
