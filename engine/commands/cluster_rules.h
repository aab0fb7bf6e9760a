// What must hold over all workloads together, whatever command changes them: checked on the state as it would be.
#pragma once

#include "engine/control/cluster_state.h"
#include "engine/model/workload.h"

#include <vector>

namespace univrs::commands {

// `changed` are new or changed workloads as they are to be stored. Validation, all faults at once, when
// - one of them publishes a host port that another workload, stored or changed with it, publishes too, or
// - they raise the sum of replicas beyond base::limits::kMaxReplicasInAll.
base::Result<void> checkClusterRules(const std::vector<model::Workload>& changed, const control::ClusterState& state);

} // namespace univrs::commands
