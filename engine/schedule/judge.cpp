#include "engine/schedule/judge.h"

#include "engine/schedule/matching.h"

#include <algorithm>
#include <cmath>

namespace univrs::schedule {

namespace {

constexpr size_t at(Part part) {
  return static_cast<size_t>(part);
}

// What a node without data on reputation or credit scores there.
constexpr double kNeutral = 0.5;

// Free amount; a node that was overcommitted by shrinking has none.
int64_t freeOf(int64_t allocatable, int64_t used) {
  return allocatable > used ? allocatable - used : 0;
}

bool lacks(Verdict& verdict, Filter filter, int64_t allocatable, int64_t used, int64_t asked) {
  if (asked <= 0 || asked <= freeOf(allocatable, used)) {
    return false;
  }
  verdict.filter = filter;
  verdict.have = freeOf(allocatable, used);
  verdict.asked = asked;
  return true;
}

bool refuses(Verdict& verdict, Filter filter, uint32_t index = 0) {
  verdict.filter = filter;
  verdict.index = index;
  return true;
}

bool refusedByNode(const Plan& plan, const NodeFacts& node, Verdict& verdict) {
  const Request& request = plan.request;
  if (node.status != model::NodeStatus::Ready) {
    return refuses(verdict, Filter::Status);
  }
  if (node.cordoned) {
    return refuses(verdict, Filter::Cordon);
  }
  if (!node.worker) {
    return refuses(verdict, Filter::Role);
  }
  if (request.placement.node && *request.placement.node != node.id) {
    return refuses(verdict, Filter::Pinned);
  }
  if (!request.excluded.empty() && request.excluded.count(node.id) > 0) {
    return refuses(verdict, Filter::Excluded);
  }
  // What either side does not know cannot refuse.
  if (!request.arch.empty() && !node.arch.empty() && request.arch != node.arch) {
    return refuses(verdict, Filter::Architecture);
  }
  if (!request.os.empty() && !node.os.empty() && request.os != node.os) {
    return refuses(verdict, Filter::Os);
  }
  for (size_t i = 0; i < request.placement.required.size(); ++i) {
    if (!matches(node, request.placement.required[i])) {
      return refuses(verdict, Filter::Constraint, static_cast<uint32_t>(i));
    }
  }
  for (size_t i = 0; i < node.taints.size(); ++i) {
    if (node.taints[i].effect != model::TaintEffect::PreferNoSchedule &&
        !tolerated(node.taints[i], request.placement.tolerations)) {
      return refuses(verdict, Filter::Taint, static_cast<uint32_t>(i));
    }
  }
  return false;
}

bool refusedByAmounts(const Plan& plan, const NodeFacts& node, const Usage& usage, Verdict& verdict) {
  const model::Resources& asked = plan.shape->requests;
  const model::Resources& have = node.allocatable;
  if (lacks(verdict, Filter::Cpu, have.cpuMillicores, usage.cpuMillicores, asked.cpuMillicores) ||
      lacks(verdict, Filter::Memory, have.memoryBytes, usage.memoryBytes, asked.memoryBytes) ||
      lacks(verdict, Filter::Disk, have.diskBytes, usage.diskBytes, asked.diskBytes) ||
      lacks(verdict, Filter::Gpus, have.gpus, usage.gpus, asked.gpus)) {
    return true;
  }
  uint32_t index = 0;
  for (const auto& [name, amount] : asked.extended) {
    const auto it = have.extended.find(name);
    if (lacks(verdict, Filter::Extended, it == have.extended.end() ? 0 : it->second, usage.extended(name), amount)) {
      verdict.index = index;
      return true;
    }
    ++index;
  }
  return false;
}

bool refusedByOthers(const Plan& plan, const Usage& usage, std::span<const int64_t> domainCounts, Verdict& verdict) {
  if (usage.extra && !usage.extra->ports.empty()) {
    for (size_t i = 0; i < plan.shape->ports.size(); ++i) {
      const PortKey& wanted = plan.shape->ports[i];
      if (std::any_of(usage.extra->ports.begin(), usage.extra->ports.end(),
                      [&wanted](const auto& taken) { return wanted.clashesWith(taken.first); })) {
        return refuses(verdict, Filter::Port, static_cast<uint32_t>(i));
      }
    }
  }
  const auto& limits = plan.request.placement.spread;
  for (size_t i = 0; i < limits.size(); ++i) {
    if (domainCounts[i] < 0 || domainCounts[i] >= limits[i].maxPerDomain) {
      verdict.have = domainCounts[i];
      verdict.asked = limits[i].maxPerDomain;
      return refuses(verdict, Filter::Spread, static_cast<uint32_t>(i));
    }
  }
  return false;
}

// Part of an amount in use after the placement; nothing for a node that has none of it.
std::optional<double> useAfter(int64_t allocatable, int64_t used, int64_t asked) {
  if (allocatable <= 0) {
    return std::nullopt;
  }
  const double after = (static_cast<double>(used) + static_cast<double>(asked)) / static_cast<double>(allocatable);
  return std::clamp(after, 0.0, 1.0);
}

void score(const Plan& plan, const NodeFacts& node, const Usage& usage, Verdict& verdict) {
  const model::Resources& asked = plan.shape->requests;
  const auto cpu = useAfter(node.allocatable.cpuMillicores, usage.cpuMillicores, asked.cpuMillicores);
  const auto memory = useAfter(node.allocatable.memoryBytes, usage.memoryBytes, asked.memoryBytes);
  double full = 0;
  if (cpu && memory) {
    full = (*cpu + *memory) / 2;
  } else if (cpu || memory) {
    full = cpu ? *cpu : *memory;
  }
  auto& values = verdict.values;
  values[at(Part::Binpack)] = full;
  values[at(Part::Spread)] = 1 - full;
  values[at(Part::Headroom)] = 1 - full;
  values[at(Part::Balance)] = cpu && memory ? 1 - std::abs(*cpu - *memory) : 1;
  values[at(Part::Reputation)] = node.trust.reputation.value_or(kNeutral);
  values[at(Part::Credit)] = node.trust.credit.value_or(kNeutral);
  if (plan.preferenceTotal > 0) {
    double met = 0;
    for (const model::Preference& preference : plan.request.placement.preferred) {
      if (preference.weight > 0 && matches(node, preference.constraint)) {
        met += preference.weight;
      }
    }
    values[at(Part::Preference)] = met / plan.preferenceTotal;
  }
  if (plan.softTaints) {
    int64_t untolerated = 0;
    if (node.softTainted) {
      untolerated = std::count_if(node.taints.begin(), node.taints.end(), [&plan](const model::Taint& taint) {
        return taint.effect == model::TaintEffect::PreferNoSchedule &&
               !tolerated(taint, plan.request.placement.tolerations);
      });
    }
    values[at(Part::Untainted)] = 1.0 / static_cast<double>(1 + untolerated);
  }
  double sum = 0;
  for (size_t i = 0; i < kParts; ++i) {
    sum += plan.weights[i] * values[i];
  }
  verdict.score = static_cast<int32_t>(std::lround(std::clamp(sum, 0.0, 1.0) * kScoreOne));
}

} // namespace

std::shared_ptr<const Plan> makePlan(const Request& request, const std::string& strategy, bool softTaints) {
  auto plan = std::make_shared<Plan>();
  plan->request = request;
  plan->shape = std::make_shared<const Shape>(shapeOf(request));
  plan->strategy = strategy;
  plan->softTaints = softTaints;
  for (const model::Preference& preference : request.placement.preferred) {
    plan->preferenceTotal += std::max(0, preference.weight);
  }
  // Shares as scheduler.h states them.
  auto& weights = plan->weights;
  if (strategy == "mycelial") {
    weights[at(Part::Reputation)] = 9 * 0.7;
    weights[at(Part::Credit)] = 9 * 0.3;
    weights[at(Part::Headroom)] = 1;
  } else {
    weights[at(strategy == "binpack" ? Part::Binpack : Part::Spread)] = 9;
  }
  weights[at(Part::Balance)] = 1;
  weights[at(Part::Preference)] = plan->preferenceTotal > 0 ? 9 : 0;
  weights[at(Part::Untainted)] = softTaints ? 9 : 0;
  double total = 0;
  for (const double weight : weights) {
    total += weight;
  }
  for (double& weight : weights) {
    weight /= total;
  }
  return plan;
}

Verdict judge(const Plan& plan, const NodeFacts& node, const Usage& usage, std::span<const int64_t> domainCounts) {
  Verdict verdict;
  if (!refusedByNode(plan, node, verdict) && !refusedByAmounts(plan, node, usage, verdict) &&
      !refusedByOthers(plan, usage, domainCounts, verdict)) {
    score(plan, node, usage, verdict);
  }
  return verdict;
}

} // namespace univrs::schedule
