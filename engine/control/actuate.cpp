// Fourth step of the loop: carrying out planned actions, as changes of the state that the agents then follow; and the
// same on paper, for dry runs.
#include "engine/control/controller.h"

#include <algorithm>

namespace univrs::control {

namespace {

constexpr size_t kMaxIdPrefix = 56; // workload name + '-' + 6 stays a DNS label of at most 63
constexpr size_t kMaxPreviewDecisions = 20;
constexpr size_t kMaxPreviewSteps = 1'000; // a plan longer than this is cut, and says so

model::Event workloadEvent(const model::Workload& w, std::string type, std::string message) {
  model::Event e;
  e.type = std::move(type);
  e.objectKind = "workload";
  e.objectId = w.id.str();
  e.objectName = w.spec.name;
  e.workloadId = w.id.str();
  e.message = std::move(message);
  e.data = {{QStringLiteral("workload_id"), QString::fromStdString(w.id.str())},
            {QStringLiteral("name"), QString::fromStdString(w.spec.name)}};
  return e;
}

// Why nothing fitted, as a metric label from a closed set.
std::string failureLabel(const model::Decision& d) {
  if (d.nodesTotal == 0) {
    return "no_nodes";
  }
  return d.nodes.empty() || d.nodes.front().filter.empty() ? "none_fit" : d.nodes.front().filter;
}

} // namespace

void Controller::actuate(const std::vector<Action>& actions, Batch& batch, base::Now now) {
  for (const auto& a : actions) {
    const auto* w = m_state.workload(a.workloadId);
    if (w == nullptr) {
      continue;
    }
    switch (a.kind) {
    case Action::Kind::CreateInstance:
      createInstances(*w, a, batch, now);
      break;
    case Action::Kind::PlaceInstance:
      placeInstance(a.instanceId, a.trigger, batch, now);
      break;
    case Action::Kind::StopInstance:
    case Action::Kind::ForgetInstance:
      stopInstance(a, batch, now);
      break;
    case Action::Kind::DeleteWorkload:
      batch.add(workloadEvent(*w, "workload_deleted", w->spec.name + " is removed"));
      batch.erase(w->id);
      break;
    }
  }
}

void Controller::createInstances(const model::Workload& w, const Action& action, Batch& batch, base::Now now) {
  int64_t epoch = 0;
  for (const auto* i : m_state.instancesOf(w.id)) {
    epoch = std::max(epoch, i->epoch);
  }
  const std::string hash = w.spec.templateHash();
  batch.putTemplate(w.id, hash, w.spec);
  const int count = std::min<int>(action.count, int(m_options.maxActionsPerPass));
  for (int n = 0; n < count; ++n) {
    model::Instance i;
    do {
      i.id = model::InstanceId(w.spec.name.substr(0, kMaxIdPrefix) + "-" + m_random.shortId(6));
    } while (m_state.instance(i.id) != nullptr || batch.find(i.id) != nullptr);
    i.workloadId = w.id;
    i.workloadName = w.spec.name;
    i.generation = w.generation;
    i.templateHash = hash;
    i.restartEpoch = w.restartEpoch;
    i.epoch = ++epoch;
    i.requests = w.spec.requestsPerInstance();
    i.createdAt = now.wall;
    const auto id = i.id;
    batch.put(std::move(i));
    placeInstance(id, action.trigger, batch, now);
  }
  if (count < action.count) {
    m_touched.insert(w.id);
  }
}

void Controller::placeInstance(const model::InstanceId& id, const std::string& trigger, Batch& batch, base::Now now) {
  model::Instance* i = batch.find(id);
  const model::Instance* seen = i != nullptr ? i : m_state.instance(id);
  if (seen == nullptr || seen->state != model::InstanceState::Pending) {
    return;
  }
  const auto* w = m_state.workload(seen->workloadId);
  const base::Now began = m_clock.now();
  auto request = schedule::requestFor(w->id, w->spec);
  const auto record = m_scheduler.place(request);
  m_metrics.count("orchestrator_scheduling_attempts_total");
  m_metrics.observe("orchestrator_scheduling_duration_seconds",
                    double((m_clock.now().steady - began.steady).count()) / 1000.0);

  if (!record->chosen() && seen->message == record->summary()) {
    return; // the same answer as before: no new decision, and nothing to write
  }
  if (i == nullptr) {
    batch.put(*seen);
    i = batch.find(id);
  }
  KeptDecision decision;
  auto& head = decision.head;
  head.id = m_random.uuid();
  head.time = now.wall;
  head.trigger = trigger;
  head.workloadId = w->id;
  head.workloadName = w->spec.name;
  head.instanceId = i->id;
  head.strategy = record->strategy();
  head.chosen = record->chosen();
  head.summary = record->summary();
  head.nodesTotal = record->nodesTotal();
  head.nodesFit = record->nodesFit();
  decision.verdicts = [record] { return record->expand().nodes; };
  i->decisionId = head.id;
  if (record->chosen()) {
    const auto* node = m_state.node(*record->chosen());
    head.chosenName = node != nullptr ? node->name : record->chosen()->str();
    i->nodeId = *record->chosen();
    i->state = model::InstanceState::Assigned;
    i->message.clear();
    // Reserved at once, so that the next placement of this pass sees it. When the commit fails, the pass releases it.
    m_scheduler.occupy(i->nodeId, request);
    m_occupied.insert_or_assign(i->id, Occupied{i->nodeId, std::move(request)});
    m_state.setReserved(i->nodeId, m_scheduler.reservedOn(i->nodeId));
    m_assignmentsDirty.insert(i->nodeId);
    m_metrics.count("orchestrator_scheduling_successes_total");
  } else {
    i->message = record->summary();
    m_metrics.count("orchestrator_scheduling_failures_total", {{"reason", failureLabel(record->expand())}});
    auto e = workloadEvent(*w, "instance_not_placed", i->id.str() + " waits: " + record->summary());
    e.severity = model::Severity::Warning;
    batch.add(std::move(e));
  }
  batch.add(std::move(decision));
}

void Controller::stopInstance(const Action& action, Batch& batch, base::Now) {
  const auto* known = m_state.instance(action.instanceId);
  if (known == nullptr || (known->stopRequested && !known->nodeId.empty())) {
    return;
  }
  if (known->nodeId.empty()) {
    release(known->id); // it may have been placed in this very pass
    batch.erase(known->id);
    return;
  }
  model::Instance i = *known;
  i.stopRequested = true;
  if (!model::isFinal(i.state)) {
    i.message = action.why;
  }
  m_assignmentsDirty.insert(i.nodeId);
  batch.put(std::move(i));
}

Preview Controller::preview(const std::vector<model::Workload>& wished, base::Now now) const {
  Preview out;
  const auto scheduler = m_scheduler.fork();
  for (const auto& w : wished) {
    const auto request = schedule::requestFor(w.id, w.spec);
    const auto place = [&](const std::string& trigger, const std::string& detail) {
      if (out.steps.size() >= kMaxPreviewSteps) {
        return;
      }
      const auto record = scheduler->place(request);
      if (record->chosen()) {
        scheduler->occupy(*record->chosen(), request);
      }
      const auto* node = record->chosen() ? m_state.node(*record->chosen()) : nullptr;
      out.steps.push_back({"start_instance", "instance of " + w.spec.name,
                           (node != nullptr ? "on " + node->name + ": " : std::string()) + record->summary() + detail});
      if (out.decisions.size() < kMaxPreviewDecisions) {
        auto d = record->expand();
        d.time = now.wall;
        d.trigger = trigger;
        d.workloadId = w.id;
        d.workloadName = w.spec.name;
        if (node != nullptr) {
          d.chosenName = node->name;
        }
        out.decisions.push_back(std::move(d));
      }
    };
    const auto sensed = sense(m_state, w);
    const auto drift = compare(sensed, now.wall);
    if (w.deleting || !drift.updating) {
      for (const auto& a : plan(sensed, drift)) {
        if (a.kind == Action::Kind::CreateInstance) {
          for (int n = 0; n < a.count && out.steps.size() < kMaxPreviewSteps; ++n) {
            place("plan", {});
          }
        } else if (a.kind == Action::Kind::StopInstance && out.steps.size() < kMaxPreviewSteps) {
          out.steps.push_back({"stop_instance", a.instanceId.str(), a.why});
        }
      }
      continue;
    }
    // An update: every outdated instance goes, each after its replacement is healthy. On paper, one by one.
    int replacements = std::max(0, drift.desired - int(sensed.current.size() + sensed.done.size()));
    for (const auto* old : sensed.outdated) {
      if (out.steps.size() >= kMaxPreviewSteps) {
        break;
      }
      if (replacements-- > 0) {
        place("update", ", replaces " + old->id.str());
      }
      if (const auto it = m_occupied.find(old->id); it != m_occupied.end()) {
        scheduler->release(it->second.node, it->second.request);
      }
      out.steps.push_back({"stop_instance", old->id.str(), "when its replacement is healthy"});
    }
    while (replacements-- > 0 && out.steps.size() < kMaxPreviewSteps) {
      place("update", {});
    }
  }
  if (out.steps.size() >= kMaxPreviewSteps) {
    out.steps.push_back(
        {"more", "further instances", "the plan is cut after " + std::to_string(kMaxPreviewSteps) + " steps"});
  }
  return out;
}

} // namespace univrs::control
