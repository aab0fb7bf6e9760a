#include "engine/agent/agent_core.h"

#include <algorithm>
#include <utility>

namespace univrs::agent {

namespace {
constexpr int64_t kSaveDelayMs = 200; // state changes are saved together
constexpr int64_t kOrphanGraceMs = 10'000;

std::string labelOf(const std::map<std::string, std::string>& labels, std::string_view key) {
  const auto it = labels.find(std::string(key));
  return it == labels.end() ? std::string() : it->second;
}
} // namespace

std::string_view name(CallKind kind) {
  switch (kind) {
  case CallKind::Pull:
    return "pull";
  case CallKind::Create:
    return "create";
  case CallKind::Start:
    return "start";
  case CallKind::Stop:
    return "stop";
  case CallKind::Remove:
    return "remove";
  case CallKind::Inspect:
    return "inspect";
  case CallKind::List:
    return "list";
  }
  return "list";
}

bool isInstanceId(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

void AgentCore::restore(const PersistedState& state) {
  m_revision = state.revision;
  for (const PersistedInstance& p : state.instances) {
    Record& rec = addRecord(p.assignment);
    rec.attempt = std::max(0, p.attempt);
    for (Member& m : rec.members) {
      m.attempt = rec.attempt;
      m.restarts = rec.attempt;
    }
    rec.state = p.state;
    rec.message = p.message;
    rec.cancelled = p.cancelled;
    rec.finishedAt = p.finishedAt;
    if (model::isFinal(rec.state)) {
      for (Member& m : rec.members) {
        m.stage = Stage::Done;
        m.failed = rec.state != model::InstanceState::Succeeded;
      }
    }
  }
}

std::vector<Effect> AgentCore::on(const CoreEvent& event, base::Now now) {
  m_now = now;
  std::visit([this](const auto& e) { handle(e); }, event);
  settle();
  return std::exchange(m_effects, {});
}

std::optional<base::Monotonic> AgentCore::nextWake() const {
  std::optional<base::Monotonic> at;
  const auto sooner = [&at](base::Monotonic t) {
    if (!at || t < *at) {
      at = t;
    }
  };
  if (!m_wakes.empty()) {
    sooner(m_wakes.begin()->first);
  }
  if (m_nextList && m_engineUp) {
    sooner(*m_nextList);
  }
  if (m_saveAt) {
    sooner(*m_saveAt);
  }
  return at;
}

PersistedState AgentCore::persistent() const {
  PersistedState out;
  out.revision = m_revision;
  for (const auto& [id, rec] : m_records) {
    if (rec.dropped && (rec.gone || rec.assignment.spec.containers.empty())) {
      continue;
    }
    PersistedInstance p;
    p.assignment = rec.next ? *rec.next : rec.assignment;
    p.assignment.stop = rec.assignment.stop || rec.dropped;
    p.attempt = rec.attempt;
    p.state = rec.state;
    p.message = rec.message;
    p.cancelled = rec.cancelled;
    p.finishedAt = rec.finishedAt;
    out.instances.push_back(std::move(p));
  }
  return out;
}

std::vector<InstanceReport> AgentCore::reports() const {
  std::vector<InstanceReport> out;
  for (const auto& [id, rec] : m_records) {
    if (rec.reported) {
      out.push_back(rec.last);
    }
  }
  return out;
}

std::string AgentCore::runningContainer(const model::InstanceId& id, const std::string& container) const {
  const auto it = m_records.find(id);
  if (it == m_records.end()) {
    return {};
  }
  for (const Member& m : it->second.members) {
    if (container.empty() || m.spec.name == container) {
      return m.stage == Stage::Running ? m.id : std::string();
    }
  }
  return {};
}

std::vector<AgentCore::RunningContainer> AgentCore::running() const {
  std::vector<RunningContainer> out;
  for (const auto& [id, rec] : m_records) {
    for (const Member& m : rec.members) {
      if (m.stage == Stage::Running) {
        out.push_back({id, m.spec.name, m.id, m.status.startedAt});
      }
    }
  }
  return out;
}

bool AgentCore::allStopped() const {
  return std::all_of(m_records.begin(), m_records.end(), [](const auto& r) { return r.second.gone; });
}

AgentCore::Record& AgentCore::addRecord(Assignment assignment) {
  const model::InstanceId id = assignment.instanceId;
  Record& rec = m_records[id];
  rec.assignment = std::move(assignment);
  for (const model::Container& c : rec.assignment.spec.containers) {
    Member m;
    m.spec = c;
    rec.members.push_back(std::move(m));
  }
  return rec;
}

void AgentCore::handle(const AssignmentsSet& event) {
  m_complaint.clear();
  // The first list of a process is always taken: the state may have been restored from a backup and count from lower.
  if (m_assignmentsSeen && event.revision < m_revision) {
    m_complaint = "a list of assignments older than the last one was ignored";
    return;
  }
  std::set<model::InstanceId> listed;
  for (const Assignment& given : event.assignments) {
    if (listed.size() >= kMaxAssignments) {
      m_complaint = "a list of assignments is longer than this node takes; the rest of it was ignored";
      break;
    }
    if (!isInstanceId(given.instanceId.str()) || given.spec.containers.empty()) {
      m_complaint = "an assignment without a proper id or without containers was ignored";
      continue;
    }
    listed.insert(given.instanceId);
    const auto it = m_records.find(given.instanceId);
    if (it == m_records.end()) {
      Record& rec = addRecord(given);
      if (m_synced) { // strangers already seen may be its containers, otherwise the coming list tells
        std::vector<ContainerStatus> found;
        for (auto s = m_strangers.begin(); s != m_strangers.end();) {
          if (labelOf(s->second.labels, kLabelInstance) == given.instanceId.str()) {
            found.push_back(std::move(s->second));
            s = m_strangers.erase(s);
          } else {
            ++s;
          }
        }
        observe(rec, found);
      }
    } else {
      takeAssignment(it->second, Assignment(given));
    }
    touch(given.instanceId);
  }
  for (auto& [id, rec] : m_records) {
    const bool dropped = listed.count(id) == 0;
    if (dropped && !rec.dropped) {
      rec.dropped = true;
      touch(id);
    }
  }
  m_revision = event.revision;
  m_assignmentsSeen = true;
  m_saveAt.reset();
  m_effects.emplace_back(SaveState{});
  if (m_synced) {
    addOrphans();
  }
}

void AgentCore::takeAssignment(Record& rec, Assignment&& assignment) {
  if (assignment.epoch < rec.assignment.epoch) {
    return; // fenced: an older owner speaks
  }
  if (rec.gone && !assignment.stop && rec.dropped) {
    return; // its end was told already; an id is never used twice
  }
  rec.dropped = false;
  const bool stop = assignment.stop || rec.assignment.stop; // a stop is not taken back
  const bool sameTemplate = assignment.templateHash == rec.assignment.templateHash &&
                            assignment.spec.containers == rec.assignment.spec.containers &&
                            assignment.spec.network == rec.assignment.spec.network;
  if (!stop && (!sameTemplate || assignment.restartEpoch > rec.assignment.restartEpoch)) {
    rec.assignment.epoch = assignment.epoch;
    rec.next = std::move(assignment);
    return;
  }
  if (!sameTemplate) { // being stopped: what runs is still what was assigned before
    assignment.spec = rec.assignment.spec;
    assignment.templateHash = rec.assignment.templateHash;
  }
  assignment.restartEpoch = std::max(assignment.restartEpoch, rec.assignment.restartEpoch);
  rec.assignment = std::move(assignment);
  rec.assignment.stop = stop;
  rec.next.reset();
}

void AgentCore::addOrphans() {
  for (auto& [id, status] : std::exchange(m_strangers, {})) {
    const model::InstanceId instance(labelOf(status.labels, kLabelInstance));
    auto it = m_records.find(instance);
    if (it == m_records.end()) {
      Assignment a;
      a.instanceId = instance;
      a.workloadId = model::WorkloadId(labelOf(status.labels, kLabelWorkload));
      a.spec.stopGraceMs = kOrphanGraceMs;
      a.stop = true;
      Record& rec = addRecord(std::move(a));
      rec.dropped = true;
      rec.recovering = false;
      it = m_records.find(instance);
    }
    Old old;
    old.container = labelOf(status.labels, kLabelContainer);
    old.mayRun = status.phase != ContainerPhase::Exited && status.phase != ContainerPhase::Created;
    it->second.gone = false;
    it->second.old.emplace(id, old);
    touch(instance);
  }
}

void AgentCore::handle(const CallDone& event) {
  const auto it = m_calls.find(event.id);
  if (it == m_calls.end()) {
    return;
  }
  const Call call = it->second;
  m_calls.erase(it);
  ++m_seq;
  releaseLane(call.kind);
  if (call.kind == CallKind::List) {
    listDone(event);
    return;
  }
  if (call.kind == CallKind::Pull) {
    pullDone(event);
    return;
  }
  const auto found = m_records.find(call.instanceId);
  if (found == m_records.end()) {
    return;
  }
  Record& rec = found->second;
  rec.touched = m_seq;
  --rec.calls;
  if (call.kind != CallKind::Stop) {
    --rec.otherCalls;
  }
  touch(call.instanceId);
  Member* m = nullptr;
  for (Member& candidate : rec.members) {
    if (candidate.call == event.id) {
      m = &candidate;
      m->call = 0;
    }
  }
  if (const auto old = rec.old.find(call.containerId); old != rec.old.end() && old->second.call == event.id) {
    old->second.call = 0;
  }
  if (!event.error) {
    rec.errors = 0;
    rec.trouble.clear();
  }
  switch (call.kind) {
  case CallKind::Create:
    createDone(rec, m, event);
    break;
  case CallKind::Start:
    if (m) {
      startDone(rec, *m, event);
    }
    break;
  case CallKind::Stop:
    stopDone(rec, m, call.containerId, event);
    break;
  case CallKind::Remove:
    removeDone(rec, m, call.containerId, event);
    break;
  case CallKind::Inspect:
    if (m) {
      inspectDone(rec, *m, event);
    }
    break;
  case CallKind::Pull:
  case CallKind::List:
    break;
  }
}

void AgentCore::handle(const EngineEvent& event) {
  static const std::set<std::string, std::less<>> kTelling{"die",   "died", "oom",   "remove",  "destroy", "stop",
                                                           "start", "kill", "pause", "unpause", "exited"};
  if (kTelling.count(event.action) == 0) {
    return;
  }
  const auto it = m_records.find(model::InstanceId(labelOf(event.labels, kLabelInstance)));
  Record* rec = it == m_records.end() ? nullptr : &it->second;
  if (!rec) { // an engine that tells no labels
    for (auto& [id, r] : m_records) {
      if (memberById(r, event.containerId)) {
        rec = &r;
        break;
      }
    }
  }
  if (!rec) {
    return;
  }
  Member* m = memberById(*rec, event.containerId);
  if (!m) {
    // Not known by its id yet: a call is under way that will tell it. Look again once it has.
    m = memberByName(*rec, labelOf(event.labels, kLabelContainer));
    if (!m || m->call == 0 || !m->id.empty()) {
      return;
    }
  }
  if (event.action == "oom") {
    m->oomSeen = true;
  } else if (event.action == "start" && m->stage == Stage::Running) {
    return;
  }
  if (m->stage == Stage::Created || m->stage == Stage::Running || m->call != 0) {
    m->needsInspect = true;
    touch(rec->assignment.instanceId);
  }
}

void AgentCore::handle(const EngineUp&) {
  m_engineUp = true;
  m_synced = false;
  for (auto& [id, rec] : m_records) {
    rec.retryAt.reset();
    rec.errors = 0;
    rec.trouble.clear();
  }
  requestList();
}

void AgentCore::handle(const EngineDown&) {
  m_engineUp = false;
  m_synced = false;
  m_nextList.reset();
}

void AgentCore::handle(const Tick&) {
  while (!m_wakes.empty() && m_wakes.begin()->first <= m_now.steady) {
    const model::InstanceId id = m_wakes.begin()->second;
    m_wakes.erase(m_wakes.begin());
    m_records.at(id).wake.reset();
    touch(id);
  }
  if (m_nextList && *m_nextList <= m_now.steady) {
    m_nextList.reset();
    requestList();
  }
  if (m_saveAt && *m_saveAt <= m_now.steady) {
    m_saveAt.reset();
    m_effects.emplace_back(SaveState{});
  }
}

void AgentCore::handle(const StopAll&) {
  m_stoppingAll = true;
  for (const auto& [id, rec] : m_records) {
    touch(id);
  }
}

void AgentCore::settle() {
  while (!m_dirty.empty() || wakeLane(CallKind::Stop) || wakeLane(CallKind::Start) || wakeLane(CallKind::Pull)) {
    const model::InstanceId id = *m_dirty.begin();
    m_dirty.erase(m_dirty.begin());
    const auto it = m_records.find(id);
    if (it == m_records.end()) {
      continue;
    }
    Record& rec = it->second;
    advance(rec);
    if (rec.dropped && rec.gone && rec.calls == 0) {
      setWake(rec, std::nullopt);
      leavePull(rec);
      m_records.erase(it);
      m_dirty.erase(id);
      saveSoon();
    }
  }
}

void AgentCore::advance(Record& rec) {
  setWake(rec, std::nullopt);
  if (rec.recovering) {
    return; // what it has is not known before the first list
  }
  if (m_engineUp && m_synced) {
    step(rec);
  }
  scheduleProbes(rec);
  updateState(rec);
  publish(rec);
}

void AgentCore::saveSoon() {
  if (!m_saveAt) {
    m_saveAt = m_now.steady + base::Millis(kSaveDelayMs);
  }
}

void AgentCore::setWake(Record& rec, std::optional<base::Monotonic> at) {
  if (rec.wake) {
    m_wakes.erase({*rec.wake, rec.assignment.instanceId});
  }
  rec.wake = at;
  if (at) {
    m_wakes.emplace(*at, rec.assignment.instanceId);
  }
}

void AgentCore::wakeAt(Record& rec, base::Monotonic at) {
  if (!rec.wake || at < *rec.wake) {
    setWake(rec, at);
  }
}

void AgentCore::emitEvent(const Record& rec, model::Severity severity, std::string type, std::string message) {
  model::Event e;
  e.time = m_now.wall;
  e.severity = severity;
  e.type = std::move(type);
  e.objectKind = "instance";
  e.objectId = rec.assignment.instanceId.str();
  e.objectName = rec.assignment.instanceId.str();
  e.workloadId = rec.assignment.workloadId.str();
  e.message = std::move(message);
  m_effects.emplace_back(SendEvent{std::move(e)});
}

AgentCore::Member* AgentCore::memberById(Record& rec, const std::string& containerId) {
  const auto it = std::find_if(rec.members.begin(), rec.members.end(),
                               [&](const Member& m) { return !m.id.empty() && m.id == containerId; });
  return it == rec.members.end() ? nullptr : &*it;
}

AgentCore::Member* AgentCore::memberByName(Record& rec, const std::string& container) {
  const auto it =
      std::find_if(rec.members.begin(), rec.members.end(), [&](const Member& m) { return m.spec.name == container; });
  return it == rec.members.end() ? nullptr : &*it;
}

bool AgentCore::isTransient(const base::Error& error) {
  using base::ErrorCode;
  return error.code == ErrorCode::Unavailable || error.code == ErrorCode::Timeout ||
         error.code == ErrorCode::Cancelled || error.code == ErrorCode::RateLimited;
}

} // namespace univrs::agent
