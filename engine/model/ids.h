// The ids of the model. A node's id is its libp2p PeerId (12D3KooW…), the others are made by the node that creates
// them.
#pragma once

#include "engine/base/strong.h"

namespace univrs::model {

using WorkloadId = base::Id<struct WorkloadTag>; // UUID version 4
using InstanceId = base::Id<struct InstanceTag>; // NAME-xxxxxx: workload name and six random characters, a DNS label
using NodeId = base::Id<struct NodeTag>;         // PeerId in base58

} // namespace univrs::model
