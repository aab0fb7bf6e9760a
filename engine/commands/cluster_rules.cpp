#include "engine/commands/cluster_rules.h"

#include "engine/base/limits.h"
#include "engine/model/fields.h"

#include <map>
#include <string>

namespace univrs::commands {

namespace {

struct Claim {
  const model::Workload* workload;
  const model::Port* port;
};

bool overlap(const model::Port& a, const model::Port& b) {
  return a.protocol == b.protocol && (a.hostAddress == b.hostAddress || a.hostAddress.empty() || b.hostAddress.empty());
}

// Calls `use(path, port)` for each published port.
template <class Use>
void eachPublished(const model::WorkloadSpec& spec, Use use) {
  for (size_t c = 0; c < spec.containers.size(); ++c) {
    for (size_t p = 0; p < spec.containers[c].ports.size(); ++p) {
      if (spec.containers[c].ports[p].hostPort) {
        use("containers[" + std::to_string(c) + "].ports[" + std::to_string(p) + "].host_port",
            spec.containers[c].ports[p]);
      }
    }
  }
}

using ById = std::map<model::WorkloadId, const model::Workload*>;

void checkPorts(const ById& after, const std::vector<model::Workload>& changed, model::FaultList& faults) {
  std::multimap<uint16_t, Claim> claims; // by host port
  for (const auto& entry : after) {      // no structured binding: Clang 14 cannot capture one
    const model::Workload* w = entry.second;
    eachPublished(w->spec, [&](const std::string&, const model::Port& port) {
      claims.emplace(*port.hostPort, Claim{w, &port});
    });
  }
  ById together; // those that change with it
  for (const auto& w : changed) {
    together.emplace(w.id, &w);
  }
  ById told; // a pair of them is told once, at the later one
  for (const auto& w : changed) {
    if (w.deleting) {
      continue;
    }
    eachPublished(w.spec, [&](const std::string& path, const model::Port& port) {
      const auto [first, last] = claims.equal_range(*port.hostPort);
      for (auto claim = first; claim != last; ++claim) {
        const model::Workload& other = *claim->second.workload;
        const bool both = together.contains(other.id);
        if (other.id == w.id || (both && !told.contains(other.id)) || !overlap(port, *claim->second.port)) {
          continue;
        }
        const std::string number = std::to_string(*port.hostPort);
        faults.error((changed.size() > 1 ? w.spec.name + ": " : "") + path,
                     both ? number + " is wanted by \"" + other.spec.name + "\" and by \"" + w.spec.name +
                                "\" of the same manifest"
                          : number + " is already published by \"" + other.spec.name + "\", \"" + w.spec.name +
                                "\" cannot publish it too",
                     both ? "give one of them another port" : "choose another port or remove that workload");
      }
    });
    told.emplace(w.id, &w);
  }
}

void checkReplicas(const ById& after, const control::ClusterState& state, model::FaultList& faults) {
  const auto sum = [](int64_t total, const model::Workload& w) { return w.deleting ? total : total + w.spec.replicas; };
  int64_t before = 0;
  for (const auto& [id, w] : state.workloads()) {
    before = sum(before, w);
  }
  int64_t wanted = 0;
  for (const auto& [id, w] : after) {
    wanted = sum(wanted, *w);
  }
  if (wanted > base::limits::kMaxReplicasInAll && wanted > before) {
    faults.error("replicas",
                 "all workloads together would have " + std::to_string(wanted) + " replicas, the most is " +
                     std::to_string(base::limits::kMaxReplicasInAll),
                 "they have " + std::to_string(before) + " now: ask for fewer, or scale others down first");
  }
}

} // namespace

base::Result<void> checkClusterRules(const std::vector<model::Workload>& changed, const control::ClusterState& state) {
  if (changed.empty()) {
    return {};
  }
  ById after;
  for (const auto& [id, w] : state.workloads()) {
    if (!w.deleting) {
      after[id] = &w;
    }
  }
  for (const auto& w : changed) {
    if (w.deleting) {
      after.erase(w.id);
    } else {
      after[w.id] = &w;
    }
  }
  model::FaultList faults;
  checkPorts(after, changed, faults);
  checkReplicas(after, state, faults);
  if (!faults.hasErrors()) {
    return {};
  }
  const bool isNew = state.workload(changed.front().id) == nullptr;
  return faults.toError(changed.size() > 1 ? "nothing was changed"
                                           : "\"" + changed.front().spec.name +
                                                 (isNew ? "\" was not deployed" : "\" was not changed"));
}

} // namespace univrs::commands
