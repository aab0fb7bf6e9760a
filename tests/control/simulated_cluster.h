// The control loop on a store in memory, with nodes whose agents are simulated step by step: for deterministic tests of
// every order of events. The agents follow the model's state machine; nothing here decides what should run.
#pragma once

#include "engine/control/controller.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace univrs::control {

class FixedClock final : public base::Clock {
public:
  base::Now value{{1'700'000'000'000}, {1'000'000}};
  [[nodiscard]] base::Now now() const override { return value; }
};

class SimulatedCluster final : public AgentLink {
public:
  explicit SimulatedCluster(uint64_t seed = 1, int nodes = 1);

  // Desired state, as commands would write it.
  model::WorkloadId deploy(model::WorkloadSpec spec);
  void change(const model::WorkloadId& id, const std::function<void(model::Workload&)>& edit);

  void assign(const model::NodeId& node, std::vector<agent::Assignment> assignments, int64_t revision) override;

  // One step of time: agents progress at random, control passes when due.
  void step();
  // Steps until `done` or `limit` steps; true when done.
  bool runUntil(const std::function<bool()>& done, int limit = 2'000);
  // Throws control's memory away and starts it again from the store; agents live on.
  void restartControl();

  [[nodiscard]] const model::Workload& workload(const model::WorkloadId& id) const { return *state->workload(id); }
  [[nodiscard]] int running(const model::WorkloadId& id) const; // what agents really run, of any version
  [[nodiscard]] int ready(const model::WorkloadId& id) const;
  [[nodiscard]] bool healthy(const model::WorkloadId& id) const;

  struct SimulatedInstance {
    agent::Assignment assignment;
    agent::InstanceReport report;
  };
  std::map<model::NodeId, std::map<model::InstanceId, SimulatedInstance>> agents;
  // What the simulated program does; may be changed per image.
  std::function<bool(const agent::Assignment&)> becomesReady = [](const auto&) { return true; };
  std::function<model::InstanceState(const agent::Assignment&)> endsAs = [](const auto&) {
    return model::InstanceState::Running;
  };

  FixedClock clock;
  base::SeededRandom random;
  std::unique_ptr<store::StateStore> store = store::openMemoryStore();
  std::unique_ptr<ClusterState> state;
  std::unique_ptr<schedule::Scheduler> scheduler;
  std::unique_ptr<Controller> controller;
  std::mt19937_64 dice;

private:
  void startControl();
  void advance(const model::NodeId& node, SimulatedInstance& i);
};

model::WorkloadSpec simpleSpec(const std::string& name, int replicas, const std::string& image = "localhost/app:1");

} // namespace univrs::control
