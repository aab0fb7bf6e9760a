// Verdicts in words.
#pragma once

#include "engine/schedule/judge.h"

namespace univrs::schedule {

// "memory", "cordon", …; empty for None.
std::string_view filterName(Filter filter);
// "memory 212 MiB free, 256 MiB asked".
std::string reasonText(const Plan& plan, const NodeFacts& node, const Verdict& verdict, const std::string& pinnedName);
// The parts that count for this plan, in a fixed order.
std::vector<model::ScorePart> scoreParts(const Plan& plan, const NodeFacts& node, const Verdict& verdict);

// "placed on aws-1 (0.82); 2 of 3 nodes fit".
std::string placedSummary(const std::string& nodeName, int32_t score, int fit, int total);
// "no node fits: 2 lack memory, 1 is cordoned".
std::string refusedSummary(const std::array<uint32_t, kFilters>& refusedBy, int total);

} // namespace univrs::schedule
