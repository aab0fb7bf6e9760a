// A decision as it is kept: the request, a point in the nodes' history, and the outcome.
#pragma once

#include "engine/schedule/judge.h"

namespace univrs::schedule {

struct Outcome {
  std::shared_ptr<const NodeFacts> chosen; // null = no node fits
  int32_t score = 0;
  int total = 0;
  int fit = 0;
  std::string refusal; // summary when no node fits
};

std::shared_ptr<const PlacementRecord> makeRecord(std::shared_ptr<const Plan> plan, NodeHistory::Point nodes,
                                                  WorkloadUse::Point use, Outcome outcome);

} // namespace univrs::schedule
