#include "engine/schedule/explain.h"

#include "engine/schedule/matching.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

namespace univrs::schedule {

namespace {

struct FilterWords {
  std::string_view name;
  std::string_view one;  // after "1 "
  std::string_view many; // after "2 "
};
constexpr std::array<FilterWords, kFilters> kWords{{
    {"", "", ""},
    {"status", "is not ready", "are not ready"},
    {"cordon", "is cordoned", "are cordoned"},
    {"role", "is not a worker", "are not workers"},
    {"pinned", "is not the pinned node", "are not the pinned node"},
    {"excluded", "failed it just now", "failed it just now"},
    {"architecture", "has another architecture", "have another architecture"},
    {"os", "has another operating system", "have another operating system"},
    {"constraint", "does not meet the constraints", "do not meet the constraints"},
    {"taint", "is tainted", "are tainted"},
    {"cpu", "lacks cpu", "lack cpu"},
    {"memory", "lacks memory", "lack memory"},
    {"disk", "lacks disk space", "lack disk space"},
    {"gpus", "lacks gpus", "lack gpus"},
    {"extended", "lacks a special resource", "lack a special resource"},
    {"port", "has the port in use", "have the port in use"},
    {"spread", "is at the spread limit", "are at the spread limit"},
}};

constexpr std::array<std::string_view, kParts> kPartNames{"binpack",  "spread",  "reputation", "credit",
                                                          "headroom", "balance", "preference", "untainted"};

std::string freeAndAsked(const std::string& what, std::string have, std::string asked, const Verdict& verdict) {
  if (have == asked) { // rounding hides the difference
    have = std::to_string(verdict.have);
    asked = std::to_string(verdict.asked);
  }
  return what + " " + have + " free, " + asked + " asked";
}

std::string amountText(const std::string& what, const Verdict& verdict) {
  return freeAndAsked(what, std::to_string(verdict.have), std::to_string(verdict.asked), verdict);
}

std::string statusText(const NodeFacts& node) {
  std::string text(model::name(node.status));
  std::replace(text.begin(), text.end(), '_', ' ');
  return node.statusReason.empty() ? text : text + ": " + node.statusReason;
}

std::string constraintText(const NodeFacts& node, const model::Constraint& constraint) {
  const std::string* label = labelOf(node, constraint.key);
  return (label ? constraint.key + " is " + *label : "no label " + constraint.key) + ", asked " + textOf(constraint);
}

std::string spreadText(const Plan& plan, const NodeFacts& node, const Verdict& verdict) {
  const model::SpreadLimit& limit = plan.request.placement.spread[verdict.index];
  if (verdict.have < 0) {
    return "no label " + limit.topologyKey + ", which the spread limit goes by";
  }
  const std::string* label = limit.topologyKey == "node" ? nullptr : labelOf(node, limit.topologyKey);
  return (label ? limit.topologyKey + " " + *label : std::string("this node")) + " has " +
         std::to_string(verdict.have) + " of at most " + std::to_string(limit.maxPerDomain);
}

} // namespace

std::string_view filterName(Filter filter) {
  return kWords[static_cast<size_t>(filter)].name;
}

std::string reasonText(const Plan& plan, const NodeFacts& node, const Verdict& verdict, const std::string& pinnedName) {
  const Request& request = plan.request;
  switch (verdict.filter) {
  case Filter::None:
    return {};
  case Filter::Status:
    return statusText(node);
  case Filter::Cordon:
    return "cordoned: takes no new work";
  case Filter::Role:
    return "not a worker";
  case Filter::Pinned:
    return "pinned to " + pinnedName;
  case Filter::Excluded:
    return "failed this workload just now";
  case Filter::Architecture:
    return "architecture is " + node.arch + ", the image is for " + request.arch;
  case Filter::Os:
    return "operating system is " + node.os + ", the image is for " + request.os;
  case Filter::Constraint:
    return constraintText(node, request.placement.required[verdict.index]);
  case Filter::Taint:
    return "taint " + textOf(node.taints[verdict.index]) + " is not tolerated";
  case Filter::Cpu:
    return freeAndAsked("cpu", model::formatCpu(verdict.have), model::formatCpu(verdict.asked), verdict);
  case Filter::Memory:
    return freeAndAsked("memory", model::formatBytes(verdict.have), model::formatBytes(verdict.asked), verdict);
  case Filter::Disk:
    return freeAndAsked("disk", model::formatBytes(verdict.have), model::formatBytes(verdict.asked), verdict);
  case Filter::Gpus:
    return amountText("gpus", verdict);
  case Filter::Extended:
    return amountText(std::next(plan.shape->requests.extended.begin(), verdict.index)->first, verdict);
  case Filter::Port: {
    const PortKey& port = plan.shape->ports[verdict.index];
    return "port " + (port.address.empty() ? "" : port.address + ":") + std::to_string(port.port) + "/" +
           std::string(model::name(port.protocol)) + " is in use";
  }
  case Filter::Spread:
    return spreadText(plan, node, verdict);
  }
  return {};
}

std::vector<model::ScorePart> scoreParts(const Plan& plan, const NodeFacts& node, const Verdict& verdict) {
  std::vector<model::ScorePart> parts;
  for (size_t i = 0; i < kParts; ++i) {
    if (plan.weights[i] <= 0) {
      continue;
    }
    std::string name(kPartNames[i]);
    const bool unknown = (static_cast<Part>(i) == Part::Reputation && !node.trust.reputation) ||
                         (static_cast<Part>(i) == Part::Credit && !node.trust.credit);
    if (unknown) {
      name += " (no data)";
    }
    parts.push_back({std::move(name), verdict.values[i], plan.weights[i]});
  }
  return parts;
}

std::string placedSummary(const std::string& nodeName, int32_t score, int fit, int total) {
  char number[16];
  std::snprintf(number, sizeof number, "%d.%02d", (score + 5'000) / kScoreOne, (score + 5'000) / 10'000 % 100);
  return "placed on " + nodeName + " (" + number + "); " + std::to_string(fit) + " of " + std::to_string(total) +
         (total == 1 ? " node fits" : " nodes fit");
}

std::string refusedSummary(const std::array<uint32_t, kFilters>& refusedBy, int total) {
  if (total == 0) {
    return "no node fits: there are no nodes";
  }
  std::array<size_t, kFilters - 1> order{};
  std::iota(order.begin(), order.end(), size_t(1));
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return refusedBy[a] > refusedBy[b]; });
  std::string text = "no node fits: ";
  bool first = true;
  for (const size_t filter : order) {
    if (refusedBy[filter] == 0) {
      break;
    }
    text += (first ? "" : ", ") + std::to_string(refusedBy[filter]) + " ";
    text += refusedBy[filter] == 1 ? kWords[filter].one : kWords[filter].many;
    first = false;
  }
  return text;
}

} // namespace univrs::schedule
