// The whole loop on simulated nodes: it converges from any order of events, and survives being killed at any step.
#include "tests/control/simulated_cluster.h"

namespace univrs::control {
namespace {

TEST(Controller, DeploysScalesAndRemoves) {
  SimulatedCluster c;
  const auto id = c.deploy(simpleSpec("web", 3));
  ASSERT_TRUE(c.runUntil([&] { return c.healthy(id) && c.running(id) == 3; }));
  c.change(id, [](auto& w) { w.spec.replicas = 1; });
  ASSERT_TRUE(c.runUntil([&] { return c.running(id) == 1 && c.state->instancesOf(id).size() == 1; }));
  c.change(id, [](auto& w) { w.deleting = true; });
  ASSERT_TRUE(c.runUntil([&] { return c.state->workload(id) == nullptr; }));
  EXPECT_EQ(c.running(id), 0);
  EXPECT_TRUE(c.state->instances().empty());
  const auto left = c.store->list("/templates/");
  ASSERT_TRUE(left.ok());
  EXPECT_TRUE(left->entries.empty()) << "templates go with their last instance";
  EXPECT_TRUE(c.scheduler->reservedOn(model::NodeId("node-0")).isZero());
}

TEST(Controller, EveryPlacementHasADecisionThatNamesEveryNode) {
  SimulatedCluster c(7, 5);
  const auto id = c.deploy(simpleSpec("web", 4));
  ASSERT_TRUE(c.runUntil([&] { return c.healthy(id); }));
  for (const auto* i : c.state->instancesOf(id)) {
    const auto* d = c.state->decision(i->decisionId);
    ASSERT_NE(d, nullptr);
    EXPECT_EQ(d->head.instanceId, i->id);
    EXPECT_EQ(d->verdicts().size(), 5U);
    EXPECT_EQ(d->head.chosen, i->nodeId);
  }
}

TEST(Controller, SaysWhyNothingFits) {
  SimulatedCluster c;
  auto spec = simpleSpec("huge", 1);
  spec.containers[0].requests.memoryBytes = int64_t(64) << 30;
  const auto id = c.deploy(spec);
  ASSERT_TRUE(c.runUntil([&] { return c.workload(id).status.health == model::Health::Degraded; }));
  EXPECT_NE(c.workload(id).status.reason.find("memory"), std::string::npos) << c.workload(id).status.reason;
  // Room appears: it is placed without anybody asking again.
  model::Node node = *c.state->node(model::NodeId("node-0"));
  node.allocatable.memoryBytes = int64_t(128) << 30;
  ASSERT_TRUE(c.controller->setNode(node, c.clock.value).ok());
  EXPECT_TRUE(c.runUntil([&] { return c.healthy(id); }));
}

TEST(Controller, RollingUpdateNeverServesLessThanAsked) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SimulatedCluster c(seed, 2);
    const auto id = c.deploy(simpleSpec("web", 3));
    ASSERT_TRUE(c.runUntil([&] { return c.healthy(id); }));
    c.change(id, [](auto& w) { w.spec.containers[0].image = "localhost/app:2"; });
    int least = 3;
    int most = 3;
    const std::string hash = c.workload(id).spec.templateHash();
    ASSERT_TRUE(c.runUntil([&] {
      least = std::min(least, c.ready(id));
      most = std::max(most, c.running(id));
      const auto all = c.state->instancesOf(id);
      return all.size() == 3 &&
             std::all_of(all.begin(), all.end(), [&](const auto* i) { return i->templateHash == hash && i->ready; });
    })) << "seed "
        << seed;
    EXPECT_GE(least, 3) << "seed " << seed;
    EXPECT_LE(most, 5) << "seed " << seed;
  }
}

TEST(Controller, UpdateThatNeverGetsHealthyKeepsTheOldOnes) {
  SimulatedCluster c;
  auto spec = simpleSpec("web", 2);
  spec.update.healthyDeadlineMs = 5'000;
  const auto id = c.deploy(spec);
  ASSERT_TRUE(c.runUntil([&] { return c.healthy(id); }));
  c.becomesReady = [](const agent::Assignment& a) { return a.spec.containers[0].image != "localhost/app:bad"; };
  c.change(id, [](auto& w) { w.spec.containers[0].image = "localhost/app:bad"; });
  ASSERT_TRUE(c.runUntil([&] { return c.workload(id).status.health == model::Health::Degraded; }));
  EXPECT_EQ(c.ready(id), 2);
  for (int n = 0; n < 300; ++n) {
    c.step();
    EXPECT_EQ(c.ready(id), 2);
    EXPECT_LE(c.running(id), 3);
  }
  // Back to the good image: the broken one goes.
  c.change(id, [](auto& w) { w.spec.containers[0].image = "localhost/app:1"; });
  EXPECT_TRUE(c.runUntil([&] { return c.healthy(id) && c.running(id) == 2; }));
}

TEST(Controller, JobsRunToTheirEndOnce) {
  SimulatedCluster c;
  auto spec = simpleSpec("job", 2);
  spec.restart = model::RestartPolicy::Never;
  c.endsAs = [](const auto&) { return model::InstanceState::Succeeded; };
  const auto id = c.deploy(spec);
  ASSERT_TRUE(c.runUntil([&] {
    const auto all = c.state->instancesOf(id);
    return all.size() == 2 &&
           std::all_of(all.begin(), all.end(), [](const auto* i) { return model::isFinal(i->state); });
  }));
  for (int n = 0; n < 200; ++n) {
    c.step();
  }
  EXPECT_EQ(c.state->instancesOf(id).size(), 2U) << "finished runs are not repeated";
  EXPECT_TRUE(c.healthy(id));
}

// Killed and started again at every step of a life: deploy, scale, update, remove. Nothing doubles, nothing leaks.
TEST(Controller, SurvivesBeingKilledAtAnyStep) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    SimulatedCluster c(seed, 3);
    const auto id = c.deploy(simpleSpec("web", 4));
    int steps = 0;
    const auto converge = [&](const std::function<bool()>& done) {
      return c.runUntil([&] {
        if (++steps % 3 == 0) {
          c.restartControl();
        }
        EXPECT_LE(c.running(id), 6) << "seed " << seed;
        return done();
      });
    };
    ASSERT_TRUE(converge([&] { return c.healthy(id) && c.running(id) == 4; })) << "seed " << seed;
    c.change(id, [](auto& w) { w.spec.replicas = 2; });
    ASSERT_TRUE(converge([&] { return c.running(id) == 2 && c.state->instancesOf(id).size() == 2; }))
        << "seed " << seed;
    c.change(id, [](auto& w) { w.spec.containers[0].image = "localhost/app:2"; });
    ASSERT_TRUE(converge([&] {
      const auto all = c.state->instancesOf(id);
      return all.size() == 2 && c.healthy(id) && c.running(id) == 2;
    })) << "seed "
        << seed;
    c.change(id, [](auto& w) { w.deleting = true; });
    ASSERT_TRUE(converge([&] { return c.state->workload(id) == nullptr; })) << "seed " << seed;
    EXPECT_EQ(c.running(id), 0);
    for (const auto& [node, instances] : c.agents) {
      EXPECT_TRUE(instances.empty()) << "seed " << seed;
      EXPECT_TRUE(c.scheduler->reservedOn(node).isZero());
    }
  }
}

TEST(Controller, IdlePassesWriteNothing) {
  SimulatedCluster c;
  const auto id = c.deploy(simpleSpec("web", 2));
  ASSERT_TRUE(c.runUntil([&] { return c.healthy(id); }));
  for (int n = 0; n < 20; ++n) {
    c.step();
  }
  const auto before = c.store->revision();
  for (int n = 0; n < 500; ++n) {
    c.step();
  }
  EXPECT_EQ(c.store->revision(), before);
}

TEST(Controller, ReportsOfAnOlderEpochAreIgnored) {
  SimulatedCluster c;
  const auto id = c.deploy(simpleSpec("web", 1));
  ASSERT_TRUE(c.runUntil([&] { return c.healthy(id); }));
  auto stale = c.agents.begin()->second.begin()->second.report;
  stale.epoch -= 1;
  stale.state = model::InstanceState::Failed;
  c.controller->onReport(model::NodeId("node-0"), stale);
  for (int n = 0; n < 50; ++n) {
    c.step();
  }
  EXPECT_TRUE(c.healthy(id));
}

} // namespace
} // namespace univrs::control
