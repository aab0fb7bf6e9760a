// From the cluster's state to the node's published ports: which port leads to which instances. Pure.
#pragma once

#include "engine/control/cluster_state.h"
#include "engine/service/published_ports.h"

#include <vector>

namespace univrs::node {

// Every published port of every workload, with the ready instances on `self` behind it. An instance that is to stop
// drains. Instances with the network mode host serve their port themselves and are left out.
std::vector<service::PublishedPort> publishedPorts(const control::ClusterState& state, const model::NodeId& self);

} // namespace univrs::node
