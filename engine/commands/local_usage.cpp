// Usage histories of this node's agent, with the names and limits that the state knows.
#include "engine/commands/local_engine.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace univrs::commands {

namespace {
using namespace interfaces;

constexpr size_t kMaxIds = 200;
constexpr int kMaxPoints = 2'000;
constexpr int kDefaultPoints = 360;

struct Limits {
  int64_t cpuMillicores = 0;
  int64_t memoryBytes = 0;
};

// What one instance of it may use; one container without a limit means none.
Limits limitsOf(const model::WorkloadSpec& spec) {
  Limits sum;
  bool cpu = true;
  bool memory = true;
  for (const model::Container& c : spec.containers) {
    cpu = cpu && c.limits.cpuMillicores > 0;
    memory = memory && c.limits.memoryBytes > 0;
    sum.cpuMillicores += c.limits.cpuMillicores;
    sum.memoryBytes += c.limits.memoryBytes;
  }
  return {cpu ? sum.cpuMillicores : 0, memory ? sum.memoryBytes : 0};
}

// An id or name of a known object, or an id of one that is gone but may have a past.
std::pair<agent::UsageKey, Limits> resolve(const control::ClusterState& state, UsageOf of, const std::string& ref) {
  Limits limits;
  switch (of) {
  case UsageOf::Instance:
    if (const auto* i = state.instance(model::InstanceId(ref))) {
      if (const auto* w = state.workload(i->workloadId)) {
        limits = limitsOf(w->spec);
      }
    }
    return {{agent::UsageKind::Instance, ref}, limits};
  case UsageOf::Workload:
    if (const auto* w = state.workloadByRef(ref)) {
      const auto instances = state.instancesOf(w->id);
      const auto up =
          std::count_if(instances.begin(), instances.end(), [](const auto* i) { return model::isUp(i->state); });
      limits = limitsOf(w->spec);
      return {{agent::UsageKind::Workload, w->id.str()}, {limits.cpuMillicores * up, limits.memoryBytes * up}};
    }
    return {{agent::UsageKind::Workload, ref}, limits};
  case UsageOf::Node:
    if (const auto* n = state.nodeByRef(ref)) {
      return {{agent::UsageKind::Machine, n->id.str()}, {n->capacity.cpuMillicores, n->capacity.memoryBytes}};
    }
    return {{agent::UsageKind::Machine, ref}, limits};
  }
  return {{agent::UsageKind::Instance, ref}, limits};
}

UsagePoint pointOf(const agent::UsageSample& s) {
  const auto count = [](int64_t n) { return int(std::clamp<int64_t>(n, 0, std::numeric_limits<int>::max())); };
  UsagePoint p;
  p.time = s.time;
  p.cpuMillicores = s.cpuMillicores;
  p.memoryBytes = s.memoryBytes;
  p.receivedPerSecond = s.receivedPerSecond;
  p.sentPerSecond = s.sentPerSecond;
  p.restarts = count(s.restarts);
  p.instances = count(s.instances);
  return p;
}
} // namespace

void readLocalUsage(LocalParts& parts, const UsageQuery& query, Reply<std::vector<UsageSeries>> reply) {
  if (query.ids.empty() || query.ids.size() > kMaxIds) {
    parts.executor.post([reply = std::move(reply), count = query.ids.size()] {
      reply(base::makeError(base::ErrorCode::Validation, "The usage history was not read",
                            std::to_string(count) + " ids were given", "Ask for 1 to 200 at once"));
    });
    return;
  }
  agent::Agent::UsageHistoryRequest request;
  request.from = query.from;
  request.to = query.to;
  request.maxPoints = query.maxPoints <= 0 ? kDefaultPoints : std::min(query.maxPoints, kMaxPoints);
  std::vector<UsageSeries> series;
  for (const std::string& id : query.ids) {
    auto [key, limits] = resolve(parts.state, query.of, id);
    UsageSeries s;
    s.id = key.id;
    s.cpuLimitMillicores = limits.cpuMillicores;
    s.memoryLimitBytes = limits.memoryBytes;
    series.push_back(std::move(s));
    request.keys.push_back(std::move(key));
  }
  parts.agent.usageHistory(std::move(request), [reply = std::move(reply), series = std::move(series)](
                                                   base::Result<std::vector<agent::UsageHistory>> histories) mutable {
    if (!histories) {
      return reply(histories.error());
    }
    for (size_t i = 0; i < series.size() && i < histories->size(); ++i) {
      const agent::UsageHistory& history = histories.value()[i];
      series[i].stepMs = history.stepMs;
      std::transform(history.samples.begin(), history.samples.end(), std::back_inserter(series[i].points), pointOf);
    }
    reply(std::move(series));
  });
}

} // namespace univrs::commands
