// Reading nodes and the cluster's sums.
#pragma once

#include "engine/interfaces/reply.h"
#include "engine/interfaces/workloads.h"
#include "engine/model/node.h"

namespace univrs::interfaces {

class Nodes {
public:
  virtual ~Nodes() = default;
  //! All nodes.
  virtual void listNodes(ListQuery query, Reply<ItemPage<model::Node>> reply) = 0;
  //! One node by id or name.
  virtual void getNode(std::string ref, Reply<model::Node> reply) = 0;
  //! Sums over nodes, workloads and instances.
  virtual void clusterStatus(Reply<model::ClusterStatus> reply) = 0;
};

} // namespace univrs::interfaces
