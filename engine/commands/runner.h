// Runs named commands: prepare, then either show (dry run) or commit; counted and audited either way.
// Thread: the engine's only.
#pragma once

#include "engine/base/metrics.h"
#include "engine/commands/audit.h"
#include "engine/commands/prepare.h"
#include "engine/control/controller.h"
#include "engine/interfaces/commands.h"

#include <functional>
#include <utility>

namespace univrs::commands {

class Runner {
public:
  // `kick` asks the owner to run the control loop soon.
  Runner(control::ClusterState& state, control::Controller& controller, AuditLog& audit, base::Random& random,
         base::Metrics& metrics, const base::Clock& clock, std::function<void()> kick, NodeActions node = {});

  // Where long work is found and ended; without it there is none to cancel.
  void setLongWork(LongWork work) { m_work = std::move(work); }

  // Who admits and removes members; without it nobody does. Outlives this, or is taken back with null.
  void setAdmission(Admission* admission) { m_admission = admission; }

  [[nodiscard]] base::Result<interfaces::CommandOutcome> run(const interfaces::CommandRequest& request);

private:
  [[nodiscard]] base::Result<interfaces::CommandOutcome> execute(const interfaces::CommandRequest& request,
                                                                 const std::string& correlationId, base::Now now);

  control::ClusterState& m_state;
  control::Controller& m_controller;
  AuditLog& m_audit;
  base::Random& m_random;
  base::Metrics& m_metrics;
  const base::Clock& m_clock;
  std::function<void()> m_kick;
  NodeActions m_node;
  LongWork m_work;
  Admission* m_admission = nullptr;
};

} // namespace univrs::commands
