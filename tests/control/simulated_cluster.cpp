#include "tests/control/simulated_cluster.h"

#include <algorithm>

namespace univrs::control {

using model::InstanceState;

model::WorkloadSpec simpleSpec(const std::string& name, int replicas, const std::string& image) {
  model::WorkloadSpec spec;
  spec.name = name;
  spec.replicas = replicas;
  model::Container c;
  c.name = "main";
  c.image = image;
  c.requests.cpuMillicores = 100;
  c.requests.memoryBytes = 64 << 20;
  spec.containers.push_back(c);
  return spec;
}

SimulatedCluster::SimulatedCluster(uint64_t seed, int nodes) : random(seed), dice(seed) {
  startControl();
  for (int n = 0; n < nodes; ++n) {
    model::Node node;
    node.id = model::NodeId("node-" + std::to_string(n));
    node.name = node.id.str();
    node.status = model::NodeStatus::Ready;
    node.roles = {"control", "worker"};
    node.capacity.cpuMillicores = 8'000;
    node.capacity.memoryBytes = int64_t(8) << 30;
    node.allocatable = node.capacity;
    EXPECT_TRUE(controller->setNode(node, clock.value).ok());
  }
}

void SimulatedCluster::startControl() {
  controller.reset();
  state = std::make_unique<ClusterState>(*store, random);
  EXPECT_TRUE(state->load().ok());
  scheduler = std::make_unique<schedule::Scheduler>("spread");
  controller = std::make_unique<Controller>(*state, *scheduler, *this, random, base::noMetrics(), clock);
  controller->start(clock.value);
}

void SimulatedCluster::restartControl() {
  startControl();
  // What an agent does when control comes back: it tells the last report of each of its instances.
  for (const auto& [node, instances] : agents) {
    for (const auto& [id, instance] : instances) {
      controller->onReport(node, instance.report);
    }
  }
}

model::WorkloadId SimulatedCluster::deploy(model::WorkloadSpec spec) {
  model::Workload w;
  w.id = model::WorkloadId(random.uuid());
  w.spec = std::move(spec);
  w.createdAt = clock.value.wall;
  const auto id = w.id;
  Batch batch;
  batch.put(std::move(w));
  EXPECT_TRUE(state->commit(std::move(batch), clock.value.wall).ok());
  controller->touch(id);
  return id;
}

void SimulatedCluster::change(const model::WorkloadId& id, const std::function<void(model::Workload&)>& edit) {
  model::Workload w = *state->workload(id);
  edit(w);
  ++w.generation;
  Batch batch;
  batch.put(std::move(w));
  EXPECT_TRUE(state->commit(std::move(batch), clock.value.wall).ok());
  controller->touch(id);
}

void SimulatedCluster::assign(const model::NodeId& node, std::vector<agent::Assignment> assignments, int64_t) {
  auto& mine = agents[node];
  std::set<model::InstanceId> listed;
  for (auto& a : assignments) {
    listed.insert(a.instanceId);
    auto [it, isNew] = mine.try_emplace(a.instanceId);
    it->second.assignment = a;
    if (isNew) {
      it->second.report.instanceId = a.instanceId;
      it->second.report.workloadId = a.workloadId;
      it->second.report.epoch = a.epoch;
    }
  }
  for (auto it = mine.begin(); it != mine.end();) {
    it = listed.count(it->first) == 0 ? mine.erase(it) : std::next(it);
  }
}

void SimulatedCluster::advance(const model::NodeId& node, SimulatedInstance& i) {
  auto& r = i.report;
  if (i.assignment.stop) {
    if (!model::isFinal(r.state) && r.state != InstanceState::Stopping) {
      r.state = InstanceState::Stopping;
      r.ready = false;
    } else {
      r.state = model::isFinal(r.state) ? r.state : InstanceState::Succeeded;
      r.gone = true;
    }
  } else {
    switch (r.state) {
    case InstanceState::Assigned:
      r.state = InstanceState::Pulling;
      break;
    case InstanceState::Pulling:
      r.state = InstanceState::Starting;
      r.startedAt = clock.value.wall;
      break;
    case InstanceState::Starting:
      r.state = endsAs(i.assignment);
      if (r.state == InstanceState::Running && becomesReady(i.assignment)) {
        r.ready = true;
        r.readyAt = clock.value.wall;
      }
      r.finishedAt = model::isFinal(r.state) ? clock.value.wall : base::Timestamp{};
      break;
    default:
      return;
    }
  }
  controller->onReport(node, r);
}

void SimulatedCluster::step() {
  clock.value.wall = clock.value.wall + base::Millis(50);
  clock.value.steady = clock.value.steady + base::Millis(50);
  for (auto& [node, instances] : agents) {
    for (auto& [id, instance] : instances) {
      if (dice() % 3 == 0) {
        advance(node, instance);
      }
    }
  }
  if (dice() % 2 == 0) {
    controller->pass(clock.value);
  }
}

bool SimulatedCluster::runUntil(const std::function<bool()>& done, int limit) {
  for (int n = 0; n < limit; ++n) {
    if (done()) {
      return true;
    }
    step();
  }
  return done();
}

int SimulatedCluster::running(const model::WorkloadId& id) const {
  int n = 0;
  for (const auto& [node, instances] : agents) {
    n += int(std::count_if(instances.begin(), instances.end(), [&](const auto& i) {
      return i.second.assignment.workloadId == id && model::isUp(i.second.report.state);
    }));
  }
  return n;
}

int SimulatedCluster::ready(const model::WorkloadId& id) const {
  int n = 0;
  for (const auto& [node, instances] : agents) {
    n += int(std::count_if(instances.begin(), instances.end(), [&](const auto& i) {
      return i.second.assignment.workloadId == id && i.second.report.ready && !i.second.assignment.stop;
    }));
  }
  return n;
}

bool SimulatedCluster::healthy(const model::WorkloadId& id) const {
  const auto* w = state->workload(id);
  return w != nullptr && w->status.health == model::Health::Healthy;
}

} // namespace univrs::control
