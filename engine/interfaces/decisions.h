// Reading why things were placed where they are.
#pragma once

#include "engine/interfaces/reply.h"
#include "engine/interfaces/workloads.h"
#include "engine/model/decision.h"

namespace univrs::interfaces {

struct DecisionQuery {
  std::string workload; // id or name
  std::string instance;
  std::string after; // `next` of the page before
  int limit = 0;     // 1…1000; 0 = 100
};

class Decisions {
public:
  virtual ~Decisions() = default;
  //! Newest first, without nodes[].
  virtual void listDecisions(DecisionQuery query, Reply<ItemPage<model::Decision>> reply) = 0;
  //! One decision with every node's reason.
  virtual void getDecision(std::string id, Reply<model::Decision> reply) = 0;
};

} // namespace univrs::interfaces
