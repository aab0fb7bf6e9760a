// Control's link to the agent in the same process. An instance that serves a published port is drained before it is
// stopped: it gets no new connections at once, and its stop goes to the agent when the open ones have ended or its
// grace is over. Thread: the engine's.
#pragma once

#include "engine/agent/agent.h"
#include "engine/base/clock.h"
#include "engine/control/controller.h"
#include "engine/service/published_ports.h"

#include <QTimer>

#include <functional>
#include <map>
#include <vector>

namespace univrs::node {

class LocalLink final : public control::AgentLink {
public:
  LocalLink(model::NodeId self, const base::Clock& clock);
  // Called once, before the first assignment. `refreshPorts` must take up which instances are draining.
  void connect(agent::Agent& agent, service::PublishedPorts& ports, std::function<void()> refreshPorts);

  void assign(const model::NodeId& node, std::vector<agent::Assignment> assignments, int64_t revision) override;

private:
  // Passes the list on when something in it changed, or always.
  void send(bool always);

  model::NodeId m_self;
  const base::Clock& m_clock;
  agent::Agent* m_agent = nullptr;
  service::PublishedPorts* m_ports = nullptr;
  std::function<void()> m_refreshPorts;
  std::vector<agent::Assignment> m_assignments;
  int64_t m_revision = 0;
  struct Draining {
    base::Monotonic notBefore; // the forwarder has taken up the change by then
    base::Monotonic deadline;
  };
  std::map<model::InstanceId, Draining> m_draining; // stop is held back
  std::map<model::InstanceId, bool> m_stopped;      // stop was passed on
  QTimer m_timer;
};

} // namespace univrs::node
