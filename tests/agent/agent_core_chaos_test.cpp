// The core under everything at once: late, lost and failing calls, programs that end, hands that remove containers,
// lists that change, and the agent killed at any moment. Afterwards it must come to rest with exactly what is assigned.
#include "tests/agent/simulated_engine.h"

namespace univrs::agent::test {
namespace {

using model::InstanceState;

void chaos(uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  SimulatedEngine sim(seed);
  sim.failing = 0.05;
  sim.losing = 0.05;
  sim.maxDelayMs = 400;
  std::map<std::string, Assignment> wanted;
  int64_t revision = 1;
  int made = 0;
  const auto send = [&] {
    std::vector<Assignment> list;
    for (const auto& [id, a] : wanted) {
      list.push_back(a);
    }
    sim.assign(list, revision++);
  };
  sim.up();
  for (int round = 0; round < 120; ++round) {
    const auto pick = [&]() -> std::string {
      if (sim.containers.empty()) {
        return {};
      }
      return std::next(sim.containers.begin(), static_cast<long>(sim.below(sim.containers.size())))->first;
    };
    switch (sim.below(12)) {
    case 0:
    case 1: {
      const std::string id = "i" + std::to_string(made++);
      wanted[id] =
          assignment(id, sim.below(2) ? std::vector<std::string>{"main"} : std::vector<std::string>{"main", "side"});
      if (sim.below(3) == 0) {
        model::Probe probe;
        probe.kind = model::ProbeKind::Tcp;
        probe.port = 80;
        probe.periodMs = 1'000;
        wanted[id].spec.containers[0].liveness = probe;
        wanted[id].spec.containers[0].readiness = probe;
      }
      send();
      break;
    }
    case 2:
      if (!wanted.empty()) {
        wanted.erase(std::next(wanted.begin(), static_cast<long>(sim.below(wanted.size()))));
        send();
      }
      break;
    case 3:
      if (!wanted.empty()) {
        auto& a = std::next(wanted.begin(), static_cast<long>(sim.below(wanted.size())))->second;
        if (!a.stop) {
          ++a.restartEpoch;
        }
        send();
      }
      break;
    case 4:
      if (!wanted.empty() && sim.below(3) == 0) {
        std::next(wanted.begin(), static_cast<long>(sim.below(wanted.size())))->second.stop = true;
        send();
      }
      break;
    case 5:
    case 6:
      if (const auto id = pick(); !id.empty()) {
        sim.exitContainer(id, static_cast<int>(sim.below(3)), sim.below(4) == 0);
      }
      break;
    case 7:
      if (const auto id = pick(); !id.empty()) {
        sim.removeByHand(id);
      }
      break;
    case 8:
      sim.crash();
      break;
    case 9:
      sim.feed(EngineDown{});
      sim.run(static_cast<int64_t>(sim.below(2'000)));
      sim.up();
      break;
    case 10:
      sim.probesPass = sim.below(3) != 0;
      sim.telling = sim.below(3) != 0;
      break;
    default:
      break;
    }
    sim.run(static_cast<int64_t>(sim.below(1'500)));
    if (testing::Test::HasFailure()) {
      return;
    }
  }
  sim.failing = 0;
  sim.losing = 0;
  sim.probesPass = true;
  send();
  sim.run(400'000);
  size_t expected = 0;
  for (const auto& [id, a] : wanted) {
    const auto& report = sim.report(id);
    if (a.stop) {
      EXPECT_TRUE(report.gone) << id << " is " << model::name(report.state);
      continue;
    }
    EXPECT_EQ(model::name(report.state), "running") << id << ": " << report.message;
    EXPECT_TRUE(report.ready) << id << ": " << report.message;
    for (const auto& c : a.spec.containers) {
      EXPECT_EQ(sim.running(id, c.name).size(), 1u) << id << "/" << c.name;
    }
    expected += a.spec.containers.size();
  }
  EXPECT_EQ(sim.containers.size(), expected) << "containers left over";
  wanted.clear();
  send();
  sim.run(120'000);
  EXPECT_TRUE(sim.containers.empty());
  EXPECT_TRUE(sim.core->reports().empty());
}

TEST(AgentCoreChaos, ConvergesFromAnything) {
  for (uint64_t seed = 1; seed <= 150 && !HasFailure(); ++seed) {
    chaos(seed);
  }
}

// Killed after every single event of a deployment, one after the other.
TEST(AgentCoreChaos, KilledAtEveryStep) {
  for (int64_t at = 0; at < 400 && !HasFailure(); at += 3) {
    SCOPED_TRACE("killed after " + std::to_string(at) + " ms");
    SimulatedEngine sim(static_cast<uint64_t>(at) + 7);
    sim.up();
    sim.assign({assignment("a", {"main", "side"}), assignment("b")}, 1);
    sim.run(at);
    sim.crash();
    sim.run(60'000);
    EXPECT_EQ(sim.report("a").state, InstanceState::Running) << sim.report("a").message;
    EXPECT_EQ(sim.report("a").restarts, 0);
    EXPECT_EQ(sim.containers.size(), 3u);
    EXPECT_EQ(sim.running().size(), 3u);
  }
}

// And while it stops.
TEST(AgentCoreChaos, KilledWhileStopping) {
  for (int64_t at = 0; at < 300 && !HasFailure(); at += 3) {
    SCOPED_TRACE("killed after " + std::to_string(at) + " ms");
    SimulatedEngine sim(static_cast<uint64_t>(at) + 7);
    sim.up();
    sim.assign({assignment("a", {"main", "side"})}, 1);
    sim.run(5'000);
    sim.assign({}, 2);
    sim.run(at);
    sim.crash();
    sim.run(60'000);
    EXPECT_TRUE(sim.containers.empty());
  }
}

} // namespace
} // namespace univrs::agent::test
