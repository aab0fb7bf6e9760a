// The core's next step for an instance: which driver call, if any, brings it nearer to its assignment.
#include "engine/agent/agent_core.h"

#include <algorithm>

namespace univrs::agent {

namespace {
constexpr int kStopTries = 3; // then it is removed, which kills
constexpr size_t kMaxHostName = 63;
} // namespace

AgentCore::Lane* AgentCore::laneOf(CallKind kind) {
  switch (kind) {
  case CallKind::Create:
  case CallKind::Start:
    return &m_startLane;
  case CallKind::Pull:
    return &m_pullLane;
  case CallKind::Stop:
  case CallKind::Remove:
    return &m_stopLane;
  case CallKind::Inspect:
  case CallKind::List:
    return nullptr;
  }
  return nullptr;
}

int AgentCore::laneLimit(CallKind kind) const {
  switch (kind) {
  case CallKind::Pull:
    return std::max(1, m_options.maxParallelPulls);
  case CallKind::Stop:
  case CallKind::Remove:
    return std::max(1, m_options.maxParallelStops);
  default:
    return std::max(1, m_options.maxParallelStarts);
  }
}

void AgentCore::releaseLane(CallKind kind) {
  if (Lane* lane = laneOf(kind)) {
    --lane->used;
  }
}

// The next instance that waits for a free place; true when there was one.
bool AgentCore::wakeLane(CallKind kind) {
  Lane* lane = laneOf(kind);
  if (lane->waiting.empty() || lane->used >= laneLimit(kind)) {
    return false;
  }
  touch(lane->waiting.front());
  lane->waiting.pop_front();
  return true;
}

bool AgentCore::issue(Record& rec, DriverCall call, CallId& slot) {
  const model::InstanceId& id = rec.assignment.instanceId;
  if (Lane* lane = laneOf(call.kind)) {
    if (lane->used >= laneLimit(call.kind)) {
      if (std::find(lane->waiting.begin(), lane->waiting.end(), id) == lane->waiting.end()) {
        lane->waiting.push_back(id);
      }
      return false;
    }
    ++lane->used;
  }
  call.id = m_nextCall++;
  call.instanceId = id;
  call.workloadId = rec.assignment.workloadId;
  slot = call.id;
  m_calls[call.id] = Call{call.kind, id, call.container, call.containerId};
  ++rec.calls;
  if (call.kind != CallKind::Stop) {
    ++rec.otherCalls;
  }
  rec.touched = ++m_seq;
  m_effects.emplace_back(std::move(call));
  return true;
}

void AgentCore::step(Record& rec) {
  if (rec.gone) {
    return;
  }
  if (stopWanted(rec)) {
    leavePull(rec);
    rec.next.reset();
  }
  if (rec.otherCalls > 0 || rec.awaitList) {
    return;
  }
  if (rec.retryAt) {
    if (m_now.steady < *rec.retryAt) {
      wakeAt(rec, *rec.retryAt);
      return;
    }
    rec.retryAt.reset();
  }
  if (rec.next && rec.calls == 0 && !model::isFinal(rec.state)) {
    takeNext(rec);
  }
  if (issueStops(rec) || rec.calls > 0) {
    return;
  }
  for (Member& m : rec.members) {
    if (m.needsInspect) {
      m.needsInspect = false;
      if (!m.id.empty() && m.stage != Stage::Done && m.stage != Stage::Ended) {
        DriverCall call;
        call.kind = CallKind::Inspect;
        call.container = m.spec.name;
        call.containerId = m.id;
        issue(rec, std::move(call), m.call);
        return;
      }
    }
  }
  if (stopWanted(rec)) {
    stepStop(rec);
  } else if (model::isFinal(rec.state)) {
    removeOld(rec, true); // what ended for good stays, for its logs, until the assignment goes
  } else {
    stepRun(rec);
  }
}

// Everything that has to end is asked to end side by side: each may take its whole grace.
bool AgentCore::issueStops(Record& rec) {
  bool issued = false;
  DriverCall call;
  call.kind = CallKind::Stop;
  call.graceMs = std::max<int64_t>(0, rec.assignment.spec.stopGraceMs);
  for (auto& [id, old] : rec.old) {
    if (old.mayRun && old.call == 0 && old.stopTries < kStopTries) {
      call.container = old.container;
      call.containerId = id;
      if (issue(rec, call, old.call)) {
        ++old.stopTries;
        issued = true;
      }
    }
  }
  for (Member& m : rec.members) {
    if (!m.id.empty() && m.mayRun() && m.call == 0 && !m.needsInspect && m.stopTries < kStopTries &&
        (stopWanted(rec) || !m.killReason.empty())) {
      call.container = m.spec.name;
      call.containerId = m.id;
      if (issue(rec, call, m.call)) {
        ++m.stopTries;
        issued = true;
      }
    }
  }
  return issued;
}

void AgentCore::stepStop(Record& rec) {
  const auto waits = [](const Member& m) { return m.mayRun() && m.stopTries < kStopTries && !m.id.empty(); };
  for (Member& m : rec.members) {
    if (waits(m)) {
      return; // its stop waits for a free place
    }
  }
  for (Member& m : rec.members) {
    if (!m.id.empty()) {
      DriverCall call;
      call.kind = CallKind::Remove;
      call.container = m.spec.name;
      call.containerId = m.id;
      issue(rec, std::move(call), m.call);
      return;
    }
  }
  if (removeOld(rec, true)) {
    return;
  }
  if (rec.unsure) { // an answer was lost: look before saying that nothing is left
    rec.awaitList = true;
    requestList();
    return;
  }
  rec.gone = true;
  rec.finishedAt = rec.finishedAt.isSet() ? rec.finishedAt : m_now.wall;
}

// Removes one container of an earlier attempt. True when there is one left to care for.
bool AgentCore::removeOld(Record& rec, bool evenRunning) {
  for (auto& [id, old] : rec.old) {
    if (old.mayRun && old.stopTries < kStopTries) {
      if (evenRunning) {
        return true; // its stop waits for a free place
      }
      continue;
    }
    DriverCall call;
    call.kind = CallKind::Remove;
    call.container = old.container;
    call.containerId = id;
    issue(rec, std::move(call), old.call);
    return true;
  }
  return false;
}

void AgentCore::stepRun(Record& rec) {
  // Nothing new is made while an old one may still run: never two of a kind.
  if (std::any_of(rec.old.begin(), rec.old.end(), [](const auto& o) { return o.second.mayRun; })) {
    removeOld(rec, true);
    return;
  }
  // A start begins with the images of all.
  const bool beginning = std::all_of(rec.members.begin(), rec.members.end(), [](const Member& m) {
    return m.stage == Stage::Absent || m.stage == Stage::Done;
  });
  for (Member& m : rec.members) {
    if (beginning && m.stage == Stage::Absent && !m.image) {
      if (m_now.steady < m.pullRetryAt) {
        wakeAt(rec, m.pullRetryAt);
      } else {
        requestPull(rec, m);
      }
      return;
    }
  }
  Member& first = rec.members.front();
  for (size_t i = 0; i < rec.members.size(); ++i) {
    Member& m = rec.members[i];
    if (m.stage == Stage::Done) {
      continue;
    }
    if (m.stage == Stage::Running) {
      if (!m.killReason.empty() && m.stopTries >= kStopTries) { // it does not end by being asked
        DriverCall call;
        call.kind = CallKind::Remove;
        call.container = m.spec.name;
        call.containerId = m.id;
        issue(rec, std::move(call), m.call);
        return;
      }
      continue;
    }
    if (i > 0 && joins(rec) && first.stage != Stage::Running) {
      if (first.stage == Stage::Done) {
        m.stage = Stage::Done;
        m.failed = true;
        m.endMessage = "cannot run: " + first.spec.name + ", whose network it shares, has ended";
      }
      continue;
    }
    if (m.stage == Stage::Ended) {
      if (m_now.steady < m.restartAt) {
        wakeAt(rec, m.restartAt);
        continue;
      }
      restart(rec, i);
      step(rec); // once more: no member is Ended and due now that was so before
      return;
    }
    if (m.stage == Stage::Absent) {
      if (m_now.steady < m.pullRetryAt) {
        wakeAt(rec, m.pullRetryAt);
        continue;
      }
      if (!m.image) {
        requestPull(rec, m);
        return;
      }
      DriverCall call;
      call.kind = CallKind::Create;
      call.container = m.spec.name;
      call.request = makeRequest(rec, i);
      issue(rec, std::move(call), m.call);
      return;
    }
    if (!m.startIssued) {
      DriverCall call;
      call.kind = CallKind::Start;
      call.container = m.spec.name;
      call.containerId = m.id;
      issue(rec, std::move(call), m.call);
      return;
    }
    m.needsInspect = true; // started, but not seen running: look again, not at once
    rec.retryAt = m_now.steady + base::Millis(500);
    wakeAt(rec, *rec.retryAt);
    return;
  }
  // Containers of earlier attempts stay until the present ones run: their output can be read meanwhile.
  const bool settled = std::all_of(rec.members.begin(), rec.members.end(), [](const Member& m) {
    return m.stage == Stage::Running || m.stage == Stage::Done || m.stage == Stage::Ended;
  });
  if (settled) {
    removeOld(rec, false);
  }
}

void AgentCore::requestPull(Record& rec, Member& m) {
  if (rec.pull != 0) {
    return;
  }
  DriverCall call;
  call.kind = CallKind::Pull;
  call.container = m.spec.name;
  call.pull.policy = m.spec.pull;
  if (m.attempt > 0 && call.pull.policy == model::PullPolicy::Always) {
    call.pull.policy = model::PullPolicy::IfNotPresent; // a restart in place does not depend on the registry
  }
  if (m.spec.image == "host:") {
    call.pull.image.registry = "host";
  } else {
    auto reference = model::parseImageReference(m.spec.image);
    if (!reference) {
      ++m.pullFailures;
      m.pullRetryAt = m_now.steady + base::Millis(m_options.backoffMaxMs);
      m.nextRestart = m_now.wall + base::Millis(m_options.backoffMaxMs);
      m.endMessage = "image pull failed: " + reference.error().text();
      emitEvent(rec, model::Severity::Error, "image_pull_failed", label(rec, m) + m.endMessage);
      wakeAt(rec, m.pullRetryAt);
      return;
    }
    call.pull.image = std::move(*reference);
  }
  const std::string key = call.pull.image.text() + " " + std::string(model::name(call.pull.policy));
  for (auto& [id, pull] : m_pulls) {
    if (pull.key == key) {
      pull.waiters.insert(rec.assignment.instanceId);
      rec.pull = id;
      return;
    }
  }
  if (m_pullLane.used >= laneLimit(CallKind::Pull)) {
    const model::InstanceId& id = rec.assignment.instanceId;
    if (std::find(m_pullLane.waiting.begin(), m_pullLane.waiting.end(), id) == m_pullLane.waiting.end()) {
      m_pullLane.waiting.push_back(id);
    }
    return;
  }
  ++m_pullLane.used;
  call.id = m_nextCall++;
  call.instanceId = rec.assignment.instanceId;
  call.workloadId = rec.assignment.workloadId;
  m_calls[call.id] = Call{CallKind::Pull, {}, call.container, {}};
  m_pulls[call.id] = Pull{key, {rec.assignment.instanceId}, call.container};
  rec.pull = call.id;
  m_effects.emplace_back(std::move(call));
}

void AgentCore::leavePull(Record& rec) {
  if (rec.pull == 0) {
    return;
  }
  const auto it = m_pulls.find(rec.pull);
  rec.pull = 0;
  if (it == m_pulls.end()) {
    return;
  }
  it->second.waiters.erase(rec.assignment.instanceId);
  if (it->second.waiters.empty()) {
    it->second.key.clear(); // nobody may join a pull that is being cancelled
    m_effects.emplace_back(CancelCall{it->first});
  }
}

// Puts the present container aside, so that a new one can be made.
void AgentCore::discard(Record& rec, Member& m) {
  if (!m.id.empty()) {
    rec.old[m.id] = Old{m.spec.name, m.mayRun(), 0, 0};
  }
  m.id.clear();
  m.stage = Stage::Absent;
  m.startIssued = false;
  m.needsInspect = false;
  m.oomSeen = false;
  m.stopTries = 0;
  m.killReason.clear();
  m.startError.clear();
  m.nextRestart = {};
  m.startup = {};
  m.readiness = {};
  m.liveness = {};
}

void AgentCore::restart(Record& rec, size_t index) {
  ++rec.attempt;
  rec.recentRestarts.push_back(m_now.steady);
  while (rec.recentRestarts.size() > static_cast<size_t>(std::max(1, m_options.crashLoopAfter))) {
    rec.recentRestarts.pop_front();
  }
  const bool all = index == 0 && joins(rec); // the others live in its network
  for (size_t i = 0; i < rec.members.size(); ++i) {
    Member& m = rec.members[i];
    if (i != index && (!all || m.stage == Stage::Done)) {
      continue;
    }
    const bool existed = m.stage != Stage::Absent;
    discard(rec, m);
    m.attempt = rec.attempt;
    m.restarts += existed ? 1 : 0;
  }
  emitEvent(rec, model::Severity::Info, "instance_restarted",
            label(rec, rec.members[index]) + "restarted in place (" + std::to_string(rec.attempt) + ")");
  saveSoon();
}

// The assignment's containers changed, or a restart was asked for: all are made anew.
void AgentCore::takeNext(Record& rec) {
  leavePull(rec);
  for (Member& m : rec.members) {
    discard(rec, m);
  }
  ++rec.attempt;
  const bool stop = rec.assignment.stop;
  std::vector<Member> before = std::move(rec.members);
  rec.members.clear();
  rec.assignment = std::move(*rec.next);
  rec.assignment.stop = rec.assignment.stop || stop;
  rec.next.reset();
  for (const model::Container& c : rec.assignment.spec.containers) {
    Member m;
    m.spec = c;
    m.attempt = rec.attempt;
    for (const Member& old : before) {
      if (old.spec.name == c.name) {
        m.restarts = old.restarts + 1;
        if (old.spec.image == c.image) {
          m.image = old.image;
        }
      }
    }
    rec.members.push_back(std::move(m));
  }
  rec.recentRestarts.clear();
  rec.startedAt = {};
  saveSoon();
}

ContainerRequest AgentCore::makeRequest(const Record& rec, size_t index) const {
  const Member& m = rec.members[index];
  const Assignment& a = rec.assignment;
  ContainerRequest r;
  r.name = "univrs-" + a.instanceId.str() + "-" + m.spec.name + "-" + std::to_string(m.attempt);
  r.labels = {{std::string(kLabelNode), m_options.nodeId},
              {std::string(kLabelInstance), a.instanceId.str()},
              {std::string(kLabelContainer), m.spec.name},
              {std::string(kLabelWorkload), a.workloadId.str()},
              {std::string(kLabelAttempt), std::to_string(m.attempt)},
              {std::string(kLabelRestarts), std::to_string(m.restarts)},
              {std::string(kLabelTemplate), templateLabel(a)}};
  r.image = *m.image;
  r.container = m.spec;
  r.network = a.spec.network;
  r.stopGraceMs = a.spec.stopGraceMs;
  r.logFolder = m_options.logFolder.empty() ? std::string() : m_options.logFolder + "/" + a.instanceId.str();
  r.hostName = a.instanceId.str().substr(0, kMaxHostName);
  while (!r.hostName.empty() && r.hostName.back() == '-') {
    r.hostName.pop_back();
  }
  if (index > 0 && joins(rec)) {
    r.joinNetworkOf = rec.members.front().id;
    r.hostName.clear();
    return r;
  }
  if (a.spec.network != model::NetworkMode::Bridge) {
    return r;
  }
  // The first container owns the network, so it carries the ports of all, those that only probes use included.
  const auto add = [&r](uint16_t port, model::Protocol protocol) {
    const bool there = std::any_of(r.ports.begin(), r.ports.end(), [&](const PortRequest& p) {
      return p.containerPort == port && p.protocol == protocol;
    });
    if (port != 0 && !there) {
      r.ports.push_back({port, protocol});
    }
  };
  for (const Member& other : rec.members) {
    for (const model::Port& p : other.spec.ports) {
      add(p.containerPort, p.protocol);
    }
    for (const auto* probe : {&other.spec.startup, &other.spec.readiness, &other.spec.liveness}) {
      if (*probe && (*probe)->kind != model::ProbeKind::Exec) {
        add((*probe)->port, model::Protocol::Tcp);
      }
    }
  }
  return r;
}

} // namespace univrs::agent
