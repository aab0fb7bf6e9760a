// Rolling updates and removals as operations, so that a progress bar can be shown for them: worked out from the state
// after each change of it, whoever made the change.
//
// Thread: the engine's only.
#pragma once

#include "engine/base/clock.h"
#include "engine/control/cluster_state.h"
#include "engine/control/compare.h"
#include "engine/model/operation.h"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace univrs::control {

// The operation that shows this workload's update or removal; nothing when neither is under way. Without times.
// `startedWith` is how many instances a removal began with (0 = it begins now).
std::optional<model::Operation> rolloutOf(const Sensed& sensed, const Drift& drift, int64_t startedWith);

// Whether cancelling the update that is under way can be an undo: the instances being replaced are of the spec before
// the last change.
bool undoEndsUpdate(const Sensed& sensed);

class RolloutProgress {
public:
  using Sink = std::function<void(const model::Operation&)>;
  // Observes `state`, which must not outlive it.
  RolloutProgress(ClusterState& state, const base::Clock& clock, Sink sink);
  // Looks at every workload: what was under way when the node started.
  void start();

private:
  void refresh(const model::WorkloadId& id);
  void end(const model::WorkloadId& id, const std::string& phase, const std::string& message);

  ClusterState& m_state;
  const base::Clock& m_clock;
  const Sink m_sink;
  std::map<model::WorkloadId, model::Operation> m_shown; // at most one a workload
};

} // namespace univrs::control
