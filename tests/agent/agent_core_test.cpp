#include "tests/agent/simulated_engine.h"

namespace univrs::agent::test {
namespace {

using model::InstanceState;
using model::RestartPolicy;

struct AgentCoreTest : testing::Test {
  SimulatedEngine sim{42};
  void deploy(Assignment a) {
    sim.up();
    sim.assign({std::move(a)}, 1);
    sim.run(1'000);
  }
};

model::Probe tcpProbe() {
  model::Probe p;
  p.kind = model::ProbeKind::Tcp;
  p.port = 80;
  p.periodMs = 1'000;
  return p;
}

TEST_F(AgentCoreTest, RunsWhatIsAssignedStepByStep) {
  deploy(assignment("a"));
  EXPECT_EQ(sim.report("a").state, InstanceState::Running);
  EXPECT_TRUE(sim.report("a").ready);
  EXPECT_EQ(sim.running("a", "main").size(), 1u);
  EXPECT_TRUE(sim.sawEvent("image_pulled"));
  std::vector<std::string> states;
  for (const auto& r : sim.reports) {
    if (states.empty() || states.back() != model::name(r.state)) {
      states.emplace_back(model::name(r.state));
    }
  }
  EXPECT_EQ(states, (std::vector<std::string>{"pulling", "starting", "running"}));
}

TEST_F(AgentCoreTest, RestsWhenThereIsNothingToDo) {
  deploy(assignment("a"));
  sim.run(5'000);
  const size_t before = sim.calls.size();
  const size_t reports = sim.reports.size();
  sim.run(60'000);
  for (size_t i = before; i < sim.calls.size(); ++i) {
    EXPECT_EQ(sim.calls[i].kind, CallKind::List);
  }
  EXPECT_LE(sim.calls.size() - before, 6u);
  EXPECT_EQ(sim.reports.size(), reports);
}

TEST_F(AgentCoreTest, RestartsInPlaceWithGrowingBackoffAndSaysCrashLoop) {
  deploy(assignment("a"));
  std::vector<int64_t> waits;
  for (int i = 0; i < 5; ++i) {
    const auto running = sim.running("a");
    ASSERT_EQ(running.size(), 1u);
    sim.exitContainer(running[0], 1);
    const int64_t begun = sim.now.steady.ms;
    while (sim.running("a").empty() && sim.now.steady.ms - begun < 100'000) {
      sim.run(10);
      if (sim.report("a").state == InstanceState::Backoff) {
        EXPECT_TRUE(sim.report("a").nextRestartAt.isSet());
        EXPECT_NE(sim.report("a").message.find("exited with code 1"), std::string::npos);
      }
    }
    sim.run(200);
    waits.push_back((sim.now.steady.ms - begun) / 1'000);
  }
  EXPECT_EQ(waits, (std::vector<int64_t>{1, 2, 4, 8, 16}));
  EXPECT_EQ(sim.report("a").restarts, 5);
  EXPECT_TRUE(sim.report("a").crashLoop);
  EXPECT_EQ(sim.containers.size(), 1u) << "earlier attempts are removed";
  sim.run(700'000);
  EXPECT_FALSE(sim.report("a").crashLoop);
}

TEST_F(AgentCoreTest, ALongRunBeginsTheBackoffAnew) {
  deploy(assignment("a"));
  for (int i = 0; i < 4; ++i) {
    sim.exitContainer(sim.running("a").at(0), 1);
    sim.run(30'000);
  }
  sim.run(601'000);
  sim.exitContainer(sim.running("a").at(0), 1);
  sim.run(1'500);
  EXPECT_EQ(sim.running("a").size(), 1u);
}

TEST_F(AgentCoreTest, SaysOutOfMemoryWithTheLimit) {
  Assignment a = assignment("a");
  a.spec.containers[0].limits.memoryBytes = 32 << 20;
  deploy(a);
  sim.exitContainer(sim.running("a").at(0), 137, true);
  sim.run(100);
  EXPECT_EQ(sim.report("a").message, "OOM killed: reached its memory limit 32 MiB");
  EXPECT_TRUE(sim.report("a").containers.at(0).oomKilled);
  EXPECT_TRUE(sim.sawEvent("container_oom_killed"));
}

TEST_F(AgentCoreTest, PoliciesDecideWhatFollowsAnEnd) {
  for (const auto& [policy, code, expected] : {std::tuple{RestartPolicy::Never, 0, InstanceState::Succeeded},
                                               {RestartPolicy::Never, 3, InstanceState::Failed},
                                               {RestartPolicy::OnFailure, 0, InstanceState::Succeeded}}) {
    SimulatedEngine s(1);
    s.up();
    s.assign({assignment("a", {"main"}, policy)}, 1);
    s.run(1'000);
    s.exitContainer(s.running("a").at(0), code);
    s.run(30'000);
    EXPECT_EQ(s.report("a").state, expected);
    EXPECT_EQ(s.report("a").containers.at(0).exitCode, code);
    EXPECT_EQ(s.containers.size(), 1u) << "kept for its logs";
    s.crash();
    s.run(30'000);
    EXPECT_EQ(s.report("a").state, expected) << "a finished one is not run again after a crash";
    EXPECT_TRUE(s.running().empty());
    s.assign({}, 2);
    s.run(5'000);
    EXPECT_TRUE(s.containers.empty());
  }
  deploy(assignment("a", {"main"}, RestartPolicy::OnFailure));
  sim.exitContainer(sim.running("a").at(0), 3);
  sim.run(5'000);
  EXPECT_EQ(sim.report("a").state, InstanceState::Running);
}

TEST_F(AgentCoreTest, StopsWithGraceRemovesAndIsGone) {
  Assignment a = assignment("a", {"main", "side"});
  a.spec.stopGraceMs = 1'234;
  deploy(a);
  a.stop = true;
  sim.assign({a}, 2);
  sim.run(2'000);
  EXPECT_TRUE(sim.report("a").gone);
  EXPECT_EQ(sim.report("a").state, InstanceState::Succeeded);
  EXPECT_TRUE(sim.containers.empty());
  for (const auto& call : sim.calls) {
    if (call.kind == CallKind::Stop) {
      EXPECT_EQ(call.graceMs, 1'234);
    }
  }
  EXPECT_EQ(sim.countCalls(CallKind::Stop), 2);
}

TEST_F(AgentCoreTest, OlderListsAndEpochsAreIgnored) {
  Assignment a = assignment("a");
  a.epoch = 5;
  sim.up();
  sim.assign({a}, 10);
  sim.run(1'000);
  sim.assign({}, 9);
  sim.run(1'000);
  EXPECT_EQ(sim.running("a").size(), 1u);
  EXPECT_FALSE(sim.core->complaint().empty());
  Assignment old = a;
  old.epoch = 4;
  old.stop = true;
  sim.assign({old}, 11);
  sim.run(1'000);
  EXPECT_EQ(sim.running("a").size(), 1u);
}

TEST_F(AgentCoreTest, PullFailuresAreToldAndRetried) {
  sim.imageMissing = true;
  deploy(assignment("a"));
  EXPECT_EQ(sim.report("a").state, InstanceState::Backoff);
  EXPECT_EQ(sim.report("a").message.rfind("image pull failed: ", 0), 0u) << sim.report("a").message;
  EXPECT_TRUE(sim.report("a").nextRestartAt.isSet());
  EXPECT_EQ(sim.report("a").restarts, 0);
  sim.imageMissing = false;
  sim.run(10'000);
  EXPECT_EQ(sim.report("a").state, InstanceState::Running);
}

TEST_F(AgentCoreTest, OnePullServesAllThatWantTheImage) {
  std::vector<Assignment> list;
  for (int i = 0; i < 20; ++i) {
    list.push_back(assignment("a" + std::to_string(i)));
  }
  sim.up();
  sim.assign(list, 1);
  sim.run(3'000);
  EXPECT_EQ(sim.running().size(), 20u);
  EXPECT_LT(sim.countCalls(CallKind::Pull), 3);
}

// A person ended the pull: all who waited for it fail and stay so, also across a crash, until they are asked for anew.
TEST_F(AgentCoreTest, ACancelledPullIsNotTriedAgain) {
  sim.maxDelayMs = 1'000;
  sim.up();
  sim.run(2'000);
  sim.assign({assignment("a", {"main", "side"}), assignment("b")}, 1);
  CallId pull = 0;
  for (int i = 0; i < 1'000 && pull == 0; ++i) {
    for (const DriverCall& call : sim.calls) {
      pull = call.kind == CallKind::Pull ? call.id : pull;
    }
    sim.run(1);
  }
  ASSERT_NE(pull, 0u);
  sim.feed(PullCancelled{pull, "token (cli)"});
  sim.run(120'000);
  for (const char* id : {"a", "b"}) {
    const InstanceReport& r = sim.report(id);
    EXPECT_EQ(r.state, InstanceState::Failed) << id;
    EXPECT_TRUE(r.cancelled);
    EXPECT_NE(r.message.find("image pull cancelled by token (cli); restart to try again"), std::string::npos)
        << r.message;
    EXPECT_FALSE(r.nextRestartAt.isSet());
  }
  EXPECT_TRUE(sim.sawEvent("image_pull_cancelled"));
  EXPECT_EQ(sim.countCalls(CallKind::Pull), 1);
  EXPECT_EQ(sim.countCalls(CallKind::Create), 0);
  sim.crash();
  sim.assign({assignment("a", {"main", "side"}), assignment("b")}, 2);
  sim.run(60'000);
  EXPECT_TRUE(sim.report("a").cancelled);
  EXPECT_EQ(sim.countCalls(CallKind::Pull), 1);
  // The replacement that a restart makes pulls again.
  sim.assign({assignment("c")}, 3);
  sim.run(60'000);
  EXPECT_EQ(sim.report("c").state, InstanceState::Running);
  EXPECT_TRUE(sim.report("a").gone);
  sim.feed(PullCancelled{pull, "nobody"}); // long over
}

TEST_F(AgentCoreTest, StartErrorsAreShown) {
  sim.startErrors["main"] = base::makeError(base::ErrorCode::BadRequest, "not started", "exec: \"nope\": not found");
  deploy(assignment("a", {"main"}, RestartPolicy::Never));
  EXPECT_EQ(sim.report("a").state, InstanceState::Failed);
  EXPECT_NE(sim.report("a").message.find("could not start: "), std::string::npos);
  EXPECT_NE(sim.report("a").message.find("nope"), std::string::npos);
}

TEST_F(AgentCoreTest, ReadinessGatesAndRecovers) {
  Assignment a = assignment("a");
  a.spec.containers[0].readiness = tcpProbe();
  sim.probesPass = false;
  deploy(a);
  EXPECT_EQ(sim.report("a").state, InstanceState::Starting);
  EXPECT_FALSE(sim.report("a").ready);
  sim.run(4'000);
  EXPECT_EQ(sim.report("a").state, InstanceState::Unhealthy);
  sim.probesPass = true;
  sim.run(2'000);
  EXPECT_EQ(sim.report("a").state, InstanceState::Running);
  EXPECT_TRUE(sim.report("a").ready);
  EXPECT_TRUE(sim.report("a").readyAt.isSet());
  sim.probesPass = false;
  sim.run(1'100);
  EXPECT_TRUE(sim.report("a").ready) << "one failure is below the threshold";
  sim.run(4'000);
  EXPECT_EQ(sim.report("a").state, InstanceState::Unhealthy);
  EXPECT_EQ(sim.running("a").size(), 1u) << "readiness does not restart";
  EXPECT_EQ(sim.report("a").restarts, 0);
}

TEST_F(AgentCoreTest, LivenessRestarts) {
  Assignment a = assignment("a");
  a.spec.containers[0].liveness = tcpProbe();
  deploy(a);
  EXPECT_TRUE(sim.report("a").ready);
  sim.probesPass = false;
  sim.run(4'500);
  EXPECT_TRUE(sim.sawEvent("probe_failed"));
  sim.probesPass = true;
  sim.run(5'000);
  EXPECT_EQ(sim.report("a").restarts, 1);
  EXPECT_EQ(sim.report("a").state, InstanceState::Running);
  EXPECT_NE(sim.report("a").message.find("liveness probe failed 3 times"), std::string::npos)
      << sim.report("a").message;
}

TEST_F(AgentCoreTest, StartupProbeHoldsTheOthersBack) {
  Assignment a = assignment("a");
  a.spec.containers[0].startup = tcpProbe();
  a.spec.containers[0].startup->failureThreshold = 10;
  a.spec.containers[0].liveness = tcpProbe();
  sim.probesPass = false;
  deploy(a);
  sim.run(5'000);
  EXPECT_EQ(sim.report("a").state, InstanceState::Starting);
  EXPECT_EQ(sim.report("a").restarts, 0);
  sim.run(8'000);
  EXPECT_EQ(sim.report("a").restarts, 1) << "ten failures end it";
}

TEST_F(AgentCoreTest, TheFirstContainerOwnsNetworkAndPorts) {
  Assignment a = assignment("a", {"main", "side"});
  a.spec.containers[0].ports.push_back({"http", 80, {}, model::Protocol::Tcp, ""});
  a.spec.containers[1].ports.push_back({"metrics", 9'100, {}, model::Protocol::Tcp, ""});
  deploy(a);
  const auto& owner = sim.containers.at(sim.running("a", "main").at(0));
  const auto& side = sim.containers.at(sim.running("a", "side").at(0));
  EXPECT_EQ(owner.request.ports.size(), 2u);
  EXPECT_EQ(side.request.joinNetworkOf, owner.status.id);
  EXPECT_EQ(sim.report("a").endpoints.size(), 2u);

  const std::string firstSide = side.status.id;
  sim.exitContainer(side.status.id, 1);
  sim.run(3'000);
  EXPECT_EQ(sim.running("a", "main").at(0), owner.status.id) << "the other one restarts alone";
  EXPECT_NE(sim.running("a", "side").at(0), firstSide);
  EXPECT_EQ(sim.report("a").containers.at(1).restarts, 1);
  EXPECT_EQ(sim.report("a").containers.at(0).restarts, 0);

  const std::string secondSide = sim.running("a", "side").at(0);
  sim.exitContainer(owner.status.id, 1);
  sim.run(5'000);
  EXPECT_NE(sim.running("a", "side").at(0), secondSide) << "all restart with the first";
  EXPECT_EQ(sim.containers.size(), 2u);
  EXPECT_EQ(sim.report("a").state, InstanceState::Running);
}

TEST_F(AgentCoreTest, ContainersKilledOrRemovedByHandAreReplaced) {
  sim.telling = false; // found by the resync alone
  deploy(assignment("a"));
  sim.removeByHand(sim.running("a").at(0));
  sim.run(12'000);
  EXPECT_EQ(sim.running("a").size(), 1u);
  EXPECT_EQ(sim.report("a").restarts, 1);
  sim.telling = true;
  sim.exitContainer(sim.running("a").at(0), 137);
  sim.run(3'000);
  EXPECT_EQ(sim.running("a").size(), 1u);
  EXPECT_EQ(sim.report("a").restarts, 2);
}

TEST_F(AgentCoreTest, StrangersOfOursAreRemovedOnlyAfterTheFirstList) {
  deploy(assignment("a"));
  AgentCore fresh(SimulatedEngine::defaults()); // its file was lost
  sim.core = std::make_unique<AgentCore>(SimulatedEngine::defaults());
  sim.last.clear();
  sim.up();
  sim.run(30'000);
  EXPECT_EQ(sim.running("a").size(), 1u);
  const std::string before = sim.running("a").at(0);
  sim.assign({assignment("a")}, 2);
  sim.run(3'000);
  EXPECT_EQ(sim.running("a").at(0), before) << "adopted";
  EXPECT_EQ(sim.report("a").state, InstanceState::Running);
  sim.core = std::make_unique<AgentCore>(SimulatedEngine::defaults());
  sim.last.clear();
  sim.up();
  sim.run(1'000);
  sim.assign({assignment("b")}, 3);
  sim.run(5'000);
  EXPECT_TRUE(sim.running("a").empty());
  EXPECT_EQ(sim.running("b").size(), 1u);
}

TEST_F(AgentCoreTest, OtherNodesContainersAreNotTouched) {
  SimContainer foreign;
  foreign.status.id = "x";
  foreign.status.name = "x";
  foreign.status.phase = ContainerPhase::Running;
  foreign.status.labels = {
      {std::string(kLabelNode), "other"}, {std::string(kLabelInstance), "a"}, {std::string(kLabelContainer), "main"}};
  sim.containers["x"] = foreign;
  sim.up();
  sim.assign({}, 1);
  sim.run(30'000);
  EXPECT_EQ(sim.containers.size(), 1u);
}

TEST_F(AgentCoreTest, RestartEpochAndTemplateRemakeTheContainers) {
  Assignment a = assignment("a");
  deploy(a);
  const std::string first = sim.running("a").at(0);
  a.restartEpoch = 1;
  sim.assign({a}, 2);
  sim.run(3'000);
  const std::string second = sim.running("a").at(0);
  EXPECT_NE(first, second);
  EXPECT_EQ(sim.report("a").state, InstanceState::Running);
  a.templateHash = "t2";
  a.spec.containers[0].env["A"] = "1";
  sim.assign({a}, 3);
  sim.run(3'000);
  EXPECT_NE(sim.running("a").at(0), second);
  EXPECT_EQ(sim.containers.size(), 1u);
}

TEST_F(AgentCoreTest, StopAllKeepsTheAssignmentsForTheNextStart) {
  deploy(assignment("a", {"main", "side"}));
  sim.feed(StopAll{});
  sim.run(5'000);
  EXPECT_TRUE(sim.core->allStopped());
  EXPECT_TRUE(sim.containers.empty());
  EXPECT_FALSE(sim.report("a").gone);
  sim.crash();
  sim.run(5'000);
  EXPECT_EQ(sim.running("a").size(), 2u);
}

TEST_F(AgentCoreTest, HostImageAndAStrangersName) {
  Assignment a = assignment("a");
  a.spec.containers[0].image = "host:";
  SimContainer foreign;
  foreign.status.id = "x";
  foreign.status.name = "univrs-a-main-0";
  sim.containers["x"] = foreign;
  sim.containers["x"].status.labels = {{std::string(kLabelNode), "other"}, {std::string(kLabelInstance), "z"}};
  deploy(a);
  sim.run(5'000);
  bool host = false;
  for (const auto& call : sim.calls) {
    host = host || (call.kind == CallKind::Pull && call.pull.image.registry == "host");
  }
  EXPECT_TRUE(host);
  EXPECT_EQ(sim.report("a").state, InstanceState::Running) << sim.report("a").message;
}

} // namespace
} // namespace univrs::agent::test
