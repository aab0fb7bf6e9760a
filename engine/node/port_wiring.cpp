#include "engine/node/port_wiring.h"

namespace univrs::node {

std::vector<service::PublishedPort> publishedPorts(const control::ClusterState& state, const model::NodeId& self) {
  std::vector<service::PublishedPort> out;
  for (const auto& [id, w] : state.workloads()) {
    if (w.spec.network != model::NetworkMode::Bridge) {
      continue;
    }
    const auto instances = state.instancesOf(id);
    if (w.deleting && instances.empty()) {
      continue;
    }
    for (const auto& container : w.spec.containers) {
      for (const auto& port : container.ports) {
        if (!port.hostPort) {
          continue;
        }
        service::PublishedPort p;
        p.workloadId = id;
        p.workloadName = w.spec.name;
        p.port = *port.hostPort;
        p.protocol = port.protocol;
        p.address = port.hostAddress;
        for (const auto* i : instances) {
          if (i->nodeId != self || !i->ready) {
            continue;
          }
          for (const auto& e : i->endpoints) {
            if (e.containerPort == port.containerPort && e.protocol == port.protocol) {
              p.backends.push_back({i->id, e.address, e.port, i->stopRequested});
            }
          }
        }
        out.push_back(std::move(p));
      }
    }
  }
  return out;
}

} // namespace univrs::node
