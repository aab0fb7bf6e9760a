// Nodes and requests for the scheduler's tests, short to write.
#pragma once

#include "engine/schedule/scheduler.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace univrs::schedule::test {

inline constexpr int64_t kMiB = int64_t(1) << 20;
inline constexpr int64_t kGiB = int64_t(1) << 30;

// 2 cores, 1 GiB, 10 GiB disk, a ready worker.
inline model::Node node(const std::string& id) {
  model::Node n;
  n.id = model::NodeId(id);
  n.name = "host-" + id;
  n.status = model::NodeStatus::Ready;
  n.roles = {"worker"};
  n.allocatable.cpuMillicores = 2'000;
  n.allocatable.memoryBytes = kGiB;
  n.allocatable.diskBytes = 10 * kGiB;
  n.engine.arch = "amd64";
  n.engine.os = "linux";
  return n;
}

// 500m, 256 MiB.
inline Request request(const std::string& workload = "w") {
  Request r;
  r.workloadId = model::WorkloadId("id-" + workload);
  r.workloadName = workload;
  r.requests.cpuMillicores = 500;
  r.requests.memoryBytes = 256 * kMiB;
  return r;
}

inline const model::NodeVerdict& verdictOf(const model::Decision& decision, const std::string& id) {
  static const model::NodeVerdict none;
  const auto it = std::find_if(decision.nodes.begin(), decision.nodes.end(),
                               [&id](const model::NodeVerdict& v) { return v.nodeId.str() == id; });
  EXPECT_NE(it, decision.nodes.end()) << id;
  return it == decision.nodes.end() ? none : *it;
}

inline std::string chosenOf(const PlacementRecord& record) {
  return record.chosen() ? record.chosen()->str() : std::string();
}

// Decides and commits; "" when nothing fits.
inline std::string run(Scheduler& scheduler, const Request& r) {
  const auto record = scheduler.place(r);
  if (const auto chosen = record->chosen()) {
    scheduler.occupy(*chosen, r);
  }
  return chosenOf(*record);
}

} // namespace univrs::schedule::test
