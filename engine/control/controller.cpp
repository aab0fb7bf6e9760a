#include "engine/control/controller.h"

#include "engine/base/log.h"

#include <algorithm>
#include <array>
#include <utility>

namespace univrs::control {

namespace {

constexpr base::Monotonic kNever{INT64_MAX};

// Reports are coalesced: between the last one taken and this one an instance may have made several steps. What is taken
// is any state that the state machine can reach through states that are not final; anything else is the agent's
// mistake.
bool mayTake(model::InstanceState from, model::InstanceState to) {
  constexpr int kStates = int(model::InstanceState::Lost) + 1;
  std::array<bool, kStates> seen{};
  std::vector<model::InstanceState> open{from};
  seen[size_t(from)] = true;
  while (!open.empty()) {
    const auto at = open.back();
    open.pop_back();
    if (at == to) {
      return true;
    }
    for (int next = 0; next < kStates; ++next) {
      const auto state = model::InstanceState(next);
      if (!seen[size_t(next)] && model::mayStep(at, state) && (state == to || !model::isFinal(state))) {
        seen[size_t(next)] = true;
        open.push_back(state);
      }
    }
  }
  return false;
}

model::Event instanceEvent(const model::Instance& i, model::InstanceState before) {
  using model::InstanceState;
  model::Event e;
  e.type = "instance_status_changed";
  e.objectKind = "instance";
  e.objectId = i.id.str();
  e.objectName = i.id.str();
  e.workloadId = i.workloadId.str();
  const bool bad = i.state == InstanceState::Failed || i.state == InstanceState::Lost;
  e.severity = bad                                                                        ? model::Severity::Error
               : i.state == InstanceState::Unhealthy || i.state == InstanceState::Backoff ? model::Severity::Warning
                                                                                          : model::Severity::Info;
  e.message = std::string(model::name(before)) + " → " + std::string(model::name(i.state));
  if (!i.message.empty()) {
    e.message += ": " + i.message;
  }
  e.data = {{QStringLiteral("instance_id"), QString::fromStdString(i.id.str())},
            {QStringLiteral("workload_id"), QString::fromStdString(i.workloadId.str())},
            {QStringLiteral("node_id"), QString::fromStdString(i.nodeId.str())},
            {QStringLiteral("old_status"), QString::fromUtf8(model::name(before).data())},
            {QStringLiteral("new_status"), QString::fromUtf8(model::name(i.state).data())}};
  return e;
}

} // namespace

Controller::Controller(ClusterState& state, schedule::Scheduler& scheduler, AgentLink& link, base::Random& random,
                       base::Metrics& metrics, const base::Clock& clock, ControlOptions options)
    : m_state(state), m_scheduler(scheduler), m_link(link), m_random(random), m_metrics(metrics), m_clock(clock),
      m_options(options) {}

const model::WorkloadSpec& Controller::specOf(const model::Instance& instance) const {
  if (const auto* spec = m_state.templateOf(instance)) {
    return *spec;
  }
  if (const auto* w = m_state.workload(instance.workloadId)) {
    return w->spec;
  }
  static const model::WorkloadSpec none;
  return none;
}

void Controller::start(base::Now now) {
  for (const auto& [id, node] : m_state.nodes()) {
    m_scheduler.setNode(node);
  }
  for (const auto& [id, instance] : m_state.instances()) {
    if (!instance.nodeId.empty() && !model::isFinal(instance.state)) {
      occupy(instance);
    }
  }
  for (const auto& [id, node] : m_state.nodes()) {
    m_assignmentsDirty.insert(id);
    m_state.setReserved(id, m_scheduler.reservedOn(id));
  }
  for (const auto& [id, w] : m_state.workloads()) {
    m_touched.insert(id);
  }
  pass(now);
}

void Controller::occupy(const model::Instance& instance) {
  if (m_occupied.count(instance.id) != 0) {
    return;
  }
  auto request = schedule::requestFor(instance.workloadId, specOf(instance));
  m_scheduler.occupy(instance.nodeId, request);
  m_state.setReserved(instance.nodeId, m_scheduler.reservedOn(instance.nodeId));
  m_occupied.emplace(instance.id, Occupied{instance.nodeId, std::move(request)});
}

void Controller::release(const model::InstanceId& id) {
  const auto it = m_occupied.find(id);
  if (it == m_occupied.end()) {
    return;
  }
  m_scheduler.release(it->second.node, it->second.request);
  m_state.setReserved(it->second.node, m_scheduler.reservedOn(it->second.node));
  m_occupied.erase(it);
  m_roomChanged = true;
}

// Placements that were reserved but never became durable.
void Controller::releaseUnknown() {
  std::vector<model::InstanceId> unknown;
  for (const auto& [id, occupied] : m_occupied) {
    const auto* i = m_state.instance(id);
    if (i == nullptr || i->nodeId != occupied.node) {
      unknown.push_back(id);
    }
  }
  for (const auto& id : unknown) {
    release(id);
  }
}

base::Result<void> Controller::setNode(model::Node node, base::Now now) {
  const auto* old = m_state.node(node.id);
  node.reserved = old != nullptr ? old->reserved : model::Resources{};
  node.revision = old != nullptr ? old->revision : 0;
  if (old != nullptr && *old == node) {
    return {};
  }
  model::Event e;
  e.type = old == nullptr ? "node_added" : "node_updated";
  e.objectKind = "node";
  e.objectId = node.id.str();
  e.objectName = node.name;
  const bool statusChanged = old == nullptr || old->status != node.status || old->cordoned != node.cordoned;
  e.severity = node.status == model::NodeStatus::Ready ? model::Severity::Info : model::Severity::Warning;
  e.message = node.name + (node.status == model::NodeStatus::Ready ? " is ready" : " is not ready");
  if (!node.statusReason.empty()) {
    e.message += ": " + node.statusReason;
  }
  if (node.cordoned) {
    e.message += ", cordoned";
  }
  e.data = toJson(node);
  Batch batch;
  if (statusChanged) {
    batch.add(std::move(e));
  }
  const auto id = node.id;
  batch.put(std::move(node));
  auto r = m_state.commit(std::move(batch), now.wall);
  if (!r) {
    m_storeError = r.error();
    m_retryAt = now.steady + base::Millis(m_options.retryMs);
    return r.error();
  }
  m_scheduler.setNode(*m_state.node(id));
  m_state.setReserved(id, m_scheduler.reservedOn(id));
  m_assignmentsDirty.insert(id);
  m_roomChanged = true;
  return {};
}

void Controller::onReport(const model::NodeId& node, agent::InstanceReport report) {
  const auto id = report.instanceId;
  m_reports.insert_or_assign(id, std::pair(node, std::move(report)));
}

void Controller::touch(const model::WorkloadId& id) {
  m_touched.insert(id);
}

bool Controller::commit(Batch batch, base::Now now) {
  if (batch.empty()) {
    return true;
  }
  const auto r = m_state.commit(std::move(batch), now.wall);
  if (!r) {
    if (!m_storeError) {
      base::log::error("control", "cannot write state", {{"error", r.error().text()}});
    }
    m_storeError = r.error();
    m_retryAt = now.steady + base::Millis(m_options.retryMs);
    return false;
  }
  m_storeError.reset();
  return true;
}

void Controller::applyReport(const model::NodeId& node, const agent::InstanceReport& r, Batch& batch, base::Now now) {
  const auto* known = m_state.instance(r.instanceId);
  if (known == nullptr || known->nodeId != node || known->epoch != r.epoch) {
    m_assignmentsDirty.insert(node); // it has something it should not have: tell it the list again
    return;
  }
  m_touched.insert(known->workloadId);
  if (r.gone && known->stopRequested) {
    model::Instance last = *known;
    last.state = r.state;
    last.message = r.message;
    if (last.state != known->state) {
      batch.add(instanceEvent(last, known->state));
    }
    batch.erase(known->id);
    m_assignmentsDirty.insert(node);
    return;
  }
  model::Instance i = *known;
  if (mayTake(i.state, r.state)) {
    i.state = r.state;
  } else {
    base::log::warning("control", "an agent reported an impossible step",
                       {{"instance", i.id.str()},
                        {"from", std::string(model::name(i.state))},
                        {"to", std::string(model::name(r.state))}});
    return;
  }
  i.message = r.message;
  i.ready = r.ready && model::isUp(r.state);
  i.crashLoop = r.crashLoop;
  i.cancelled = r.cancelled;
  i.restarts = r.restarts;
  i.containers = r.containers;
  i.endpoints = r.endpoints;
  i.startedAt = r.startedAt;
  i.finishedAt = model::isFinal(i.state) && !r.finishedAt.isSet() ? now.wall : r.finishedAt;
  i.readyAt = r.readyAt;
  i.nextRestartAt = r.nextRestartAt;
  if (i == *known) {
    return;
  }
  if (i.state != known->state || (i.message != known->message && i.state == model::InstanceState::Backoff)) {
    batch.add(instanceEvent(i, known->state));
  }
  batch.put(std::move(i));
}

void Controller::takeReports(base::Now now) {
  if (m_reports.empty()) {
    return;
  }
  Batch batch;
  std::vector<model::InstanceId> over;
  for (const auto& [id, entry] : m_reports) {
    applyReport(entry.first, entry.second, batch, now);
    if (entry.second.gone || model::isFinal(entry.second.state)) {
      over.push_back(id);
    }
  }
  if (!commit(std::move(batch), now)) {
    return; // the reports stay; the next pass tries again
  }
  m_reports.clear();
  for (const auto& id : over) {
    const auto* i = m_state.instance(id);
    if (i == nullptr || model::isFinal(i->state)) {
      release(id);
    }
  }
}

base::Monotonic Controller::pass(base::Now now) {
  const base::Monotonic earliest = m_lastPass + base::Millis(m_options.minGapMs);
  if (now.steady < earliest) {
    return earliest;
  }
  if (m_storeError && now.steady < m_retryAt) {
    return m_retryAt;
  }
  // Memory holds durable data only, so a refused write leaves nothing to repair: this pass tries anew.
  m_storeError.reset();
  m_lastPass = now.steady;
  const base::Now began = m_clock.now();
  takeReports(now);

  if (now.steady - m_lastResync >= base::Millis(m_options.resyncMs)) {
    m_lastResync = now.steady;
    for (const auto& [id, w] : m_state.workloads()) {
      m_touched.insert(id);
    }
  }
  for (const auto& [id, at] : m_deadlines) {
    if (at <= now.wall) {
      m_touched.insert(id);
    }
  }
  if (std::exchange(m_roomChanged, false)) {
    for (const auto& [id, i] : m_state.instances()) {
      if (i.state == model::InstanceState::Pending) {
        m_touched.insert(i.workloadId);
      }
    }
  }

  m_metrics.gauge("orchestrator_reconciliation_queue_depth", double(m_touched.size()));
  std::vector<Action> actions;
  auto it = m_touched.begin();
  while (it != m_touched.end() && actions.size() < m_options.maxActionsPerPass) {
    m_deadlines.erase(*it);
    if (const auto* w = m_state.workload(*it)) {
      const auto sensed = sense(m_state, *w);
      const auto drift = compare(sensed, now.wall);
      auto planned = plan(sensed, drift);
      actions.insert(actions.end(), std::make_move_iterator(planned.begin()), std::make_move_iterator(planned.end()));
      if (const auto deadline = nextDeadline(sensed, drift, now.wall); deadline.isSet()) {
        m_deadlines[*it] = deadline;
      }
      m_state.setStatus(*it, statusOf(sensed, drift));
    }
    it = m_touched.erase(it);
  }
  if (!actions.empty()) {
    std::set<model::WorkloadId> affected;
    for (const auto& a : actions) {
      affected.insert(a.workloadId);
    }
    // In slices, each one transaction within the store's limits: planning is idempotent, so a part may be done alone.
    bool written = true;
    for (size_t at = 0; at < actions.size() && written;) {
      std::vector<Action> part;
      size_t weight = 0;
      while (at < actions.size() && weight < m_options.maxActionsPerPass) {
        weight += size_t(std::clamp(actions[at].count, 1, int(m_options.maxActionsPerPass)));
        part.push_back(std::move(actions[at++]));
      }
      Batch batch;
      actuate(part, batch, now);
      written = commit(std::move(batch), now);
    }
    if (written) {
      for (const auto& id : affected) {
        for (const auto* i : m_state.instancesOf(id)) {
          if (!i->nodeId.empty() && !model::isFinal(i->state)) {
            occupy(*i);
          }
        }
        if (const auto* w = m_state.workload(id)) {
          const auto sensed = sense(m_state, *w);
          const auto drift = compare(sensed, now.wall);
          m_state.setStatus(id, statusOf(sensed, drift));
          // Freshly created ones are placed in the next pass, unless nothing is pending.
          if (std::any_of(sensed.current.begin(), sensed.current.end(), [](const auto* i) {
                return i->state == model::InstanceState::Pending && i->message.empty();
              })) {
            m_touched.insert(id);
          }
        }
      }
    } else {
      m_touched.insert(affected.begin(), affected.end());
      releaseUnknown();
    }
  }
  sendAssignments();
  refreshGauges();
  const base::Now ended = m_clock.now();
  m_metrics.count("orchestrator_reconciliation_runs_total");
  m_metrics.observe("orchestrator_reconciliation_duration_seconds",
                    double((ended.steady - began.steady).count()) / 1000.0);

  base::Monotonic next = m_lastResync + base::Millis(m_options.resyncMs);
  if (m_storeError) {
    return m_retryAt;
  }
  if (!m_touched.empty() || !m_reports.empty() || m_roomChanged) {
    next = std::min(next, m_lastPass + base::Millis(m_options.minGapMs));
  }
  for (const auto& [id, at] : m_deadlines) {
    next = std::min(next, now.steady + std::max(base::Millis(1), at - now.wall));
  }
  return m_state.workloads().empty() && m_state.instances().empty() ? kNever : next;
}

void Controller::sendAssignments() {
  if (m_assignmentsDirty.empty() || m_storeError) {
    return; // never act on what is not durable
  }
  for (const auto& node : std::exchange(m_assignmentsDirty, {})) {
    std::vector<agent::Assignment> list;
    for (const auto& [id, i] : m_state.instances()) {
      if (i.nodeId != node) {
        continue;
      }
      agent::Assignment a;
      a.instanceId = i.id;
      a.workloadId = i.workloadId;
      a.spec = specOf(i);
      a.generation = i.generation;
      a.templateHash = i.templateHash;
      a.epoch = i.epoch;
      a.restartEpoch = i.restartEpoch;
      a.stop = i.stopRequested;
      list.push_back(std::move(a));
    }
    m_link.assign(node, std::move(list), m_state.revision());
  }
}

void Controller::refreshGauges() {
  const auto s = m_state.status();
  m_metrics.gauge("orchestrator_nodes", s.totalNodes);
  m_metrics.gauge("orchestrator_nodes_ready", s.readyNodes);
  m_metrics.gauge("orchestrator_workloads", s.totalWorkloads);
  m_metrics.gauge("orchestrator_instances", s.totalInstances);
  m_metrics.gauge("orchestrator_cluster_health", s.degradedWorkloads > 0 || s.readyNodes < s.totalNodes ? 0.5
                                                 : s.readyNodes > 0                                     ? 1.0
                                                                                                        : 0.0);
  std::map<model::InstanceState, int> byState;
  for (int state = 0; state <= int(model::InstanceState::Lost); ++state) {
    byState[model::InstanceState(state)] = 0;
  }
  for (const auto& [id, i] : m_state.instances()) {
    ++byState[i.state];
  }
  for (const auto& [state, n] : byState) {
    m_metrics.gauge("orchestrator_instances_by_status", n, {{"status", std::string(model::name(state))}});
  }
  for (const auto& [id, n] : m_state.nodes()) {
    m_metrics.gauge("orchestrator_node_cpu_capacity", double(n.capacity.cpuMillicores) / 1000, {{"node_id", id.str()}});
    m_metrics.gauge("orchestrator_node_cpu_allocatable", double(n.allocatable.cpuMillicores) / 1000,
                    {{"node_id", id.str()}});
    m_metrics.gauge("orchestrator_node_memory_capacity_bytes", double(n.capacity.memoryBytes), {{"node_id", id.str()}});
    m_metrics.gauge("orchestrator_node_memory_allocatable_bytes", double(n.allocatable.memoryBytes),
                    {{"node_id", id.str()}});
  }
  std::set<std::string> seen;
  for (const auto& [id, w] : m_state.workloads()) {
    if (seen.size() >= 1'000) {
      break; // a bounded number of series
    }
    seen.insert(id.str());
    m_metrics.gauge("orchestrator_workload_replicas_desired", w.spec.replicas, {{"workload_id", id.str()}});
    m_metrics.gauge("orchestrator_workload_replicas_running", w.status.running, {{"workload_id", id.str()}});
  }
  for (const auto& gone : m_gaugedWorkloads) {
    if (seen.count(gone) == 0) {
      m_metrics.removeGauge("orchestrator_workload_replicas_desired", {{"workload_id", gone}});
      m_metrics.removeGauge("orchestrator_workload_replicas_running", {{"workload_id", gone}});
    }
  }
  m_gaugedWorkloads = std::move(seen);
}

} // namespace univrs::control
