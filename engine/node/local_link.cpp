#include "engine/node/local_link.h"

#include <algorithm>

namespace univrs::node {

namespace {
constexpr base::Millis kMinDrain{150};    // for the forwarder's thread to take the new list up
constexpr base::Millis kMaxDrain{10'000}; // open connections beyond this are cut
constexpr int kCheckMs = 100;

bool publishes(const model::WorkloadSpec& spec) {
  return std::any_of(spec.containers.begin(), spec.containers.end(), [](const auto& c) {
    return std::any_of(c.ports.begin(), c.ports.end(), [](const auto& p) { return p.hostPort.has_value(); });
  });
}
} // namespace

LocalLink::LocalLink(model::NodeId self, const base::Clock& clock) : m_self(std::move(self)), m_clock(clock) {
  m_timer.setInterval(kCheckMs);
  QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { send(false); });
}

void LocalLink::connect(agent::Agent& agent, service::PublishedPorts& ports, std::function<void()> refreshPorts) {
  m_agent = &agent;
  m_ports = &ports;
  m_refreshPorts = std::move(refreshPorts);
}

void LocalLink::assign(const model::NodeId& node, std::vector<agent::Assignment> assignments, int64_t revision) {
  if (node != m_self || m_agent == nullptr) {
    return;
  }
  const auto now = m_clock.now().steady;
  std::map<model::InstanceId, Draining> draining;
  std::map<model::InstanceId, bool> stopped;
  bool changed = false;
  for (const auto& a : assignments) {
    if (!a.stop) {
      continue;
    }
    if (const auto it = m_draining.find(a.instanceId); it != m_draining.end()) {
      draining.insert(*it);
    } else if (m_stopped.count(a.instanceId) == 0 && publishes(a.spec)) {
      const auto patience = std::min(kMaxDrain, base::Millis(a.spec.stopGraceMs));
      draining[a.instanceId] = {now + kMinDrain, now + std::max(kMinDrain, patience)};
      changed = true;
    } else {
      stopped[a.instanceId] = true;
    }
  }
  m_draining = std::move(draining);
  m_stopped = std::move(stopped);
  m_assignments = std::move(assignments);
  m_revision = revision;
  if (changed) {
    m_refreshPorts();
  }
  send(true);
}

void LocalLink::send(bool always) {
  const auto now = m_clock.now().steady;
  bool released = always;
  for (auto it = m_draining.begin(); it != m_draining.end();) {
    const bool over =
        now >= it->second.deadline || (now >= it->second.notBefore && m_ports->connectionsTo(it->first) == 0);
    if (over) {
      m_stopped[it->first] = true;
      released = true;
      it = m_draining.erase(it);
    } else {
      ++it;
    }
  }
  if (released) {
    auto effective = m_assignments;
    for (auto& a : effective) {
      a.stop = a.stop && m_draining.count(a.instanceId) == 0;
    }
    m_agent->setAssignments(std::move(effective), m_revision);
  }
  m_draining.empty() ? m_timer.stop() : m_timer.start();
}

} // namespace univrs::node
