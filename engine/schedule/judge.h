// One node against one request: a pure function without texts, fast enough to be asked again instead of remembered.
#pragma once

#include "engine/schedule/node_history.h"

#include <array>
#include <span>

namespace univrs::schedule {

// In the order in which they are applied. None = the node fits.
enum class Filter : uint8_t {
  None,
  Status,
  Cordon,
  Role,
  Pinned,
  Excluded,
  Architecture,
  Os,
  Constraint,
  Taint,
  Cpu,
  Memory,
  Disk,
  Gpus,
  Extended,
  Port,
  Spread
};
inline constexpr size_t kFilters = static_cast<size_t>(Filter::Spread) + 1;

enum class Part : uint8_t { Binpack, Spread, Reputation, Credit, Headroom, Balance, Preference, Untainted };
inline constexpr size_t kParts = static_cast<size_t>(Part::Untainted) + 1;

// Scores are compared and shown in millionths, so that no processor's rounding decides.
inline constexpr int32_t kScoreOne = 1'000'000;

// A request made ready for judging.
struct Plan {
  Request request;
  std::shared_ptr<const Shape> shape;
  std::string strategy;
  std::array<double, kParts> weights{}; // 0 = part not used
  double preferenceTotal = 0;
  bool softTaints = false; // some node has a PreferNoSchedule taint
};
std::shared_ptr<const Plan> makePlan(const Request& request, const std::string& strategy, bool softTaints);

struct Verdict {
  Filter filter = Filter::None;
  uint32_t index = 0; // which constraint, taint, extended resource, port or spread limit refused
  int64_t have = 0;   // amount free, or instances in the domain
  int64_t asked = 0;  // amount asked, or instances allowed
  std::array<double, kParts> values{};
  int32_t score = 0;
};

// `domainCounts`: for each spread limit of the request, instances of the workload in this node's domain; -1 when the
// node is in none.
Verdict judge(const Plan& plan, const NodeFacts& node, const Usage& usage, std::span<const int64_t> domainCounts);

} // namespace univrs::schedule
