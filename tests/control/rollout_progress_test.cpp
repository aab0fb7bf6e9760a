// Updates and removals as operations, and instances whose image pull was cancelled, on simulated nodes.
#include "engine/control/rollout_progress.h"
#include "tests/control/simulated_cluster.h"

#include <gtest/gtest.h>

namespace univrs::control {
namespace {

struct Rollouts : testing::Test {
  explicit Rollouts() : progress(*c.state, c.clock, [this](const model::Operation& o) { told.push_back(o); }) {}
  std::vector<std::string> phases(const std::string& kind) const {
    std::vector<std::string> out;
    for (const auto& o : told) {
      if (o.kind == kind && (out.empty() || out.back() != o.phase)) {
        out.push_back(o.phase);
      }
    }
    return out;
  }
  SimulatedCluster c;
  std::vector<model::Operation> told;
  RolloutProgress progress;
};

TEST_F(Rollouts, AnUpdateCountsUpAndEnds) {
  const auto id = c.deploy(simpleSpec("web", 5, "localhost/app:1.9.2"));
  ASSERT_TRUE(c.runUntil([&] { return c.healthy(id); }));
  EXPECT_TRUE(told.empty()) << "a first deploy rolls nothing";
  c.change(id, [](auto& w) {
    w.previous = w.spec;
    w.spec.containers[0].image = "localhost/app:1.9.3";
  });
  ASSERT_TRUE(c.runUntil([&] { return !told.empty() && told.back().finished; }));
  EXPECT_EQ(phases("update"), (std::vector<std::string>{"rolling", "done"}));
  int64_t before = 0;
  std::set<int64_t> seen;
  for (const auto& o : told) {
    EXPECT_EQ(o.subject, "web");
    EXPECT_EQ(o.workloadId, id.str());
    EXPECT_EQ(o.id, told.front().id);
    EXPECT_EQ(o.total, 5);
    EXPECT_EQ(o.startedAt, told.front().startedAt);
    EXPECT_EQ(o.cancellable, !o.finished);
    EXPECT_GE(o.current, before);
    before = o.current;
    seen.insert(o.current);
    if (!o.finished) {
      EXPECT_EQ(o.message, "rolling to 1.9.3 · " + std::to_string(o.current) + " of 5");
    }
  }
  EXPECT_GE(seen.size(), 4U) << "one by one";
  EXPECT_EQ(told.back().current, 5);
}

TEST_F(Rollouts, AStuckUpdateSaysSoAndAnUndoReplacesIt) {
  auto spec = simpleSpec("web", 2);
  spec.update.healthyDeadlineMs = 5'000;
  const auto id = c.deploy(spec);
  ASSERT_TRUE(c.runUntil([&] { return c.healthy(id); }));
  c.becomesReady = [](const agent::Assignment& a) { return a.spec.containers[0].image != "localhost/app:bad"; };
  c.change(id, [](auto& w) {
    w.previous = w.spec;
    w.spec.containers[0].image = "localhost/app:bad";
  });
  ASSERT_TRUE(c.runUntil([&] { return !told.empty() && told.back().phase == "stopped"; }));
  EXPECT_NE(told.back().message.find("not healthy after"), std::string::npos) << told.back().message;
  EXPECT_FALSE(told.back().finished);
  EXPECT_TRUE(undoEndsUpdate(sense(*c.state, c.workload(id))));
  const std::string first = told.back().id;
  c.change(id, [](auto& w) {
    std::swap(w.spec, *w.previous);
    ++w.generation;
  });
  ASSERT_TRUE(c.runUntil([&] { return c.healthy(id) && told.back().finished; }));
  EXPECT_TRUE(std::any_of(told.begin(), told.end(),
                          [&](const auto& o) { return o.id == first && o.finished && o.phase == "cancelled"; }));
  EXPECT_EQ(told.back().phase, "done");
  std::map<std::string, int> open;
  for (const auto& o : told) {
    open[o.id] = o.finished ? 0 : 1;
  }
  for (const auto& [operation, isOpen] : open) {
    EXPECT_EQ(isOpen, 0) << operation;
  }
}

TEST_F(Rollouts, ARestartCannotBeUndone) {
  const auto id = c.deploy(simpleSpec("web", 3));
  ASSERT_TRUE(c.runUntil([&] { return c.healthy(id); }));
  c.change(id, [](auto& w) { ++w.restartEpoch; });
  ASSERT_TRUE(c.runUntil([&] { return !told.empty() && told.back().finished; }));
  EXPECT_FALSE(told.front().cancellable);
  EXPECT_EQ(told.front().message.rfind("restarting · ", 0), 0U) << told.front().message;
}

TEST_F(Rollouts, ARemovalCountsWhatIsGone) {
  const auto id = c.deploy(simpleSpec("web", 4));
  ASSERT_TRUE(c.runUntil([&] { return c.healthy(id); }));
  c.change(id, [](auto& w) { w.deleting = true; });
  ASSERT_TRUE(c.runUntil([&] { return c.state->workload(id) == nullptr; }));
  EXPECT_EQ(phases("remove"), (std::vector<std::string>{"removing", "done"}));
  EXPECT_EQ(told.front().current, 0);
  for (const auto& o : told) {
    EXPECT_EQ(o.total, 4);
    EXPECT_FALSE(o.cancellable);
  }
  EXPECT_EQ(told.back().current, 4);
}

// Its place stays filled: no new one is made until a restart, an update, or a smaller number.
TEST_F(Rollouts, AnInstanceWhosePullWasCancelledIsNotReplaced) {
  const auto id = c.deploy(simpleSpec("web", 2));
  const auto cancelAll = [&] {
    for (auto& [node, instances] : c.agents) {
      for (auto& [key, i] : instances) {
        if (!i.report.gone && !model::isFinal(i.report.state) && !i.assignment.stop) {
          i.report.state = model::InstanceState::Failed;
          i.report.cancelled = true;
          i.report.message = "image pull cancelled by token; restart to try again";
          c.controller->onReport(node, i.report);
        }
      }
    }
  };
  ASSERT_TRUE(c.runUntil([&] {
    cancelAll();
    const auto all = c.state->instancesOf(id);
    return all.size() == 2 && std::all_of(all.begin(), all.end(), [](const auto* i) { return i->cancelled; });
  }));
  for (int i = 0; i < 500; ++i) {
    c.step();
  }
  EXPECT_EQ(c.state->instancesOf(id).size(), 2U);
  EXPECT_EQ(c.workload(id).status.health, model::Health::Degraded);
  EXPECT_NE(c.workload(id).status.reason.find("cancelled by token"), std::string::npos);
  c.restartControl();
  for (int i = 0; i < 200; ++i) {
    c.step();
  }
  EXPECT_EQ(c.state->instancesOf(id).size(), 2U) << "it is durable";
  c.change(id, [](auto& w) { w.spec.replicas = 1; });
  ASSERT_TRUE(c.runUntil([&] { return c.state->instancesOf(id).size() == 1; }));
  c.change(id, [](auto& w) { ++w.restartEpoch; });
  ASSERT_TRUE(c.runUntil([&] { return c.healthy(id) && c.running(id) == 1; }));
}

} // namespace
} // namespace univrs::control
