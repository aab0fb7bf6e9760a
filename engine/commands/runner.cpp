#include "engine/commands/runner.h"

#include "engine/base/log.h"
#include "engine/commands/cluster_rules.h"

#include <algorithm>
#include <utility>

namespace univrs::commands {

Runner::Runner(control::ClusterState& state, control::Controller& controller, AuditLog& audit, base::Random& random,
               base::Metrics& metrics, const base::Clock& clock, std::function<void()> kick, NodeActions node)
    : m_state(state), m_controller(controller), m_audit(audit), m_random(random), m_metrics(metrics), m_clock(clock),
      m_kick(std::move(kick)), m_node(std::move(node)) {}

base::Result<interfaces::CommandOutcome> Runner::run(const interfaces::CommandRequest& request) {
  const base::Now now = m_clock.now();
  const std::string correlationId = m_random.uuid();
  auto outcome = execute(request, correlationId, now);
  const bool known = registry().count(request.name) != 0;
  m_metrics.count("univrs_commands_total",
                  {{"command", known ? request.name : "unknown"}, {"result", outcome ? "ok" : "error"}});
  if (!request.dryRun && known) {
    interfaces::AuditEntry entry;
    entry.time = now.wall;
    entry.actor = request.actor;
    entry.door = request.door;
    entry.command = request.name;
    entry.args = request.args;
    entry.ok = outcome.ok();
    entry.result = outcome ? outcome->summary : outcome.error().text();
    entry.correlationId = correlationId;
    if (auto r = m_audit.add(std::move(entry)); !r) {
      base::log::error("commands", "cannot write the audit log", {{"error", r.error().text()}});
    }
  }
  return outcome;
}

base::Result<interfaces::CommandOutcome> Runner::execute(const interfaces::CommandRequest& request,
                                                         const std::string& correlationId, base::Now now) {
  const auto command = registry().find(request.name);
  if (command == registry().end()) {
    std::string names;
    for (const auto& [name, prepare] : registry()) {
      names += (names.empty() ? "" : ", ") + name;
    }
    return base::makeError(base::ErrorCode::NotFound, "there is no command \"" + request.name + "\"", {},
                           "one of " + names);
  }
  auto prepared = command->second(request.args, Context{m_state, m_random, now, m_node, m_work, m_admission});
  if (!prepared) {
    return prepared.error();
  }
  if (auto r = checkClusterRules(prepared->workloads, m_state); !r) {
    return r.error();
  }
  auto preview = m_controller.preview(prepared->workloads, now);

  interfaces::CommandOutcome out;
  out.command = request.name;
  out.dryRun = request.dryRun;
  out.changed = !prepared->workloads.empty() || !prepared->nodes.empty() || prepared->restartNode ||
                prepared->cancel.has_value() || prepared->act != nullptr;
  out.summary = prepared->summary;
  out.correlationId = correlationId;
  out.plan = std::move(prepared->steps);
  for (auto& step : preview.steps) {
    out.plan.push_back({std::move(step.action), std::move(step.object), std::move(step.detail)});
  }
  out.changes = std::move(prepared->changes);
  out.warnings = std::move(prepared->warnings);
  out.decisions = std::move(preview.decisions);
  out.undo = std::move(prepared->undo);

  const auto show = [&out](const QJsonObject& object) { out.objects.push_back(object); };
  if (request.dryRun) {
    out.revision = m_state.revision();
    for (const auto& w : prepared->workloads) {
      show(toJson(w));
    }
    return out;
  }
  if (prepared->act) { // first: what it says happened is not recorded unless it did
    auto objects = prepared->act();
    if (!objects) {
      return objects.error();
    }
    out.objects = std::move(*objects);
  }
  if (!prepared->workloads.empty() || !prepared->events.empty()) {
    control::Batch batch;
    for (const auto& w : prepared->workloads) {
      batch.put(w);
    }
    for (auto& e : prepared->events) {
      e.correlationId = correlationId;
      m_metrics.count("orchestrator_cluster_events_total", {{"event_type", e.type}});
      batch.add(std::move(e));
    }
    if (auto r = m_state.commit(std::move(batch), now.wall); !r) {
      auto error = r.error();
      error.what = "the change was not made: " + error.what;
      return error;
    }
    for (const auto& w : prepared->workloads) {
      m_controller.touch(w.id);
    }
    m_kick();
  }
  for (const auto& n : prepared->nodes) {
    if (auto r = m_controller.setNode(n, now); !r) {
      return r.error();
    }
    m_kick();
  }
  if (prepared->restartNode) {
    m_node.restart();
  }
  if (prepared->cancel) {
    std::string by = request.actor;
    by += request.door.empty() ? "" : (by.empty() ? "" : " ") + ("(" + request.door + ")");
    if (auto r = m_work.cancel(*prepared->cancel, by.empty() ? "somebody" : by); !r) {
      return r.error();
    }
  }
  out.revision = m_state.revision();
  for (const auto& id : prepared->subjects) {
    if (const auto* w = m_state.workload(id)) {
      show(toJson(*w));
    }
  }
  for (const auto& n : prepared->nodes) {
    if (const auto* node = m_state.node(n.id)) {
      show(toJson(*node));
    }
  }
  return out;
}

} // namespace univrs::commands
