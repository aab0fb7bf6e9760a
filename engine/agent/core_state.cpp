// The state of an instance as people see it, computed from its containers; it only moves along the model's machine.
#include "engine/agent/agent_core.h"

#include <algorithm>
#include <array>

namespace univrs::agent {

namespace {
using model::InstanceState;

// States an instance passes through on the way to another one; ends are never passed through.
constexpr std::array kPassed{InstanceState::Assigned, InstanceState::Pulling,   InstanceState::Starting,
                             InstanceState::Running,  InstanceState::Unhealthy, InstanceState::Backoff};

// The shortest way by mayStep, without `from`; empty when there is none.
std::vector<InstanceState> wayTo(InstanceState from, InstanceState to) {
  std::map<InstanceState, InstanceState> cameFrom;
  std::deque<InstanceState> queue{from};
  while (!queue.empty()) {
    const InstanceState at = queue.front();
    queue.pop_front();
    if (model::mayStep(at, to)) {
      std::vector<InstanceState> way{to};
      for (InstanceState s = at; s != from; s = cameFrom.at(s)) {
        way.insert(way.begin(), s);
      }
      return way;
    }
    for (const InstanceState next : kPassed) {
      if (next != from && cameFrom.count(next) == 0 && model::mayStep(at, next)) {
        cameFrom[next] = at;
        queue.push_back(next);
      }
    }
  }
  return {};
}

std::string_view phaseName(ContainerPhase phase) {
  switch (phase) {
  case ContainerPhase::Created:
    return "created";
  case ContainerPhase::Running:
    return "running";
  case ContainerPhase::Paused:
    return "paused";
  case ContainerPhase::Exited:
    return "exited";
  case ContainerPhase::Unknown:
    return "unknown";
  }
  return "unknown";
}
} // namespace

bool AgentCore::crashLoop(const Record& rec) const {
  const size_t enough = static_cast<size_t>(std::max(1, m_options.crashLoopAfter));
  if (rec.recentRestarts.size() < enough || model::isFinal(rec.state)) {
    return false;
  }
  const base::Monotonic oldest = rec.recentRestarts[rec.recentRestarts.size() - enough];
  return m_now.steady.ms - oldest.ms < m_options.backoffResetMs;
}

std::vector<model::Endpoint> AgentCore::endpointsOf(const Record& rec) const {
  std::vector<model::Endpoint> out;
  const auto add = [&out](const model::Endpoint& e) {
    if (std::find(out.begin(), out.end(), e) == out.end()) {
      out.push_back(e);
    }
  };
  for (const Member& m : rec.members) {
    if (m.stage == Stage::Running) {
      for (const model::Endpoint& e : m.status.endpoints) {
        add(e);
      }
    }
  }
  if (rec.assignment.spec.network == model::NetworkMode::Host) {
    for (const Member& m : rec.members) {
      if (m.stage != Stage::Running) {
        continue;
      }
      for (const model::Port& p : m.spec.ports) {
        add({p.containerPort, p.protocol, "127.0.0.1", p.containerPort});
      }
      for (const auto* probe : {&m.spec.startup, &m.spec.readiness, &m.spec.liveness}) {
        if (*probe && (*probe)->kind != model::ProbeKind::Exec && (*probe)->port != 0) {
          add({(*probe)->port, model::Protocol::Tcp, "127.0.0.1", (*probe)->port});
        }
      }
    }
  }
  return out;
}

void AgentCore::moveTo(Record& rec, InstanceState target) {
  if (rec.state == target) {
    return;
  }
  if (rec.jump) {
    rec.state = target;
    saveSoon();
    return;
  }
  const std::vector<InstanceState> way = wayTo(rec.state, target);
  for (size_t i = 0; i < way.size(); ++i) {
    rec.state = way[i];
    saveSoon();
    if (i + 1 < way.size()) {
      const bool ready = std::exchange(rec.ready, false);
      publish(rec);
      rec.ready = ready;
    }
  }
}

void AgentCore::updateState(Record& rec) {
  using Verdict = ProbeRun::Verdict;
  const bool wasReady = rec.ready;
  rec.ready = false;
  if (crashLoop(rec)) {
    const size_t enough = static_cast<size_t>(std::max(1, m_options.crashLoopAfter));
    wakeAt(rec, rec.recentRestarts[rec.recentRestarts.size() - enough] + base::Millis(m_options.backoffResetMs));
  }
  if (m_stoppingAll && !rec.assignment.stop && !rec.dropped) {
    if (!model::isFinal(rec.state)) {
      rec.message = "the node is shutting down; it starts again with it";
      moveTo(rec, InstanceState::Backoff);
    }
    rec.readyAt = {};
    rec.jump = false;
    return;
  }
  if (stopWanted(rec)) {
    rec.readyAt = {};
    if (model::isFinal(rec.state)) {
      return;
    }
    rec.message = rec.trouble.empty() ? std::string(rec.gone ? "stopped" : "stopping") : "stopping: " + rec.trouble;
    if (rec.gone) {
      rec.jump = false;
      if (rec.state != InstanceState::Stopping) { // nothing had to be stopped: the step is told all the same
        rec.gone = false;
        moveTo(rec, InstanceState::Stopping);
        publish(rec);
        rec.gone = true;
      }
      moveTo(rec, InstanceState::Succeeded);
    } else {
      moveTo(rec, InstanceState::Stopping);
    }
    rec.jump = false;
    return;
  }
  if (model::isFinal(rec.state)) {
    return;
  }

  bool anyRunning = false, allUp = true, anyWaiting = false, allDone = true, anyFailed = false, anyPull = false;
  bool startupPassed = true, readyAll = true, readyFailed = false;
  std::string why;     // of what waits or fails
  std::string endedBy; // the first container that ended badly for good, or else the first that ended
  for (const Member& m : rec.members) {
    if (m.stage == Stage::Done) {
      anyFailed = anyFailed || m.failed;
      if (endedBy.empty() || (m.failed && !anyFailed)) {
        endedBy = label(rec, m) + m.endMessage;
      }
      continue;
    }
    allDone = false;
    if (m.stage == Stage::Running) {
      anyRunning = true;
      if (m.spec.startup && m.startup.verdict != Verdict::Passed) {
        startupPassed = false;
        why = label(rec, m) +
              (m.startup.message.empty() ? "waits for its startup probe" : "startup probe: " + m.startup.message);
      } else if (m.spec.readiness && m.readiness.verdict != Verdict::Passed) {
        readyAll = false;
        readyFailed = readyFailed || m.readiness.verdict == Verdict::Failed;
        why = label(rec, m) + (m.readiness.message.empty() ? "waits for its readiness probe"
                                                           : "readiness probe: " + m.readiness.message);
      } else if (m.spec.readiness && m.readiness.bad > 0) {
        why = label(rec, m) + "readiness probe: " + m.readiness.message; // not often enough to count yet
      }
      if (!m.killReason.empty()) {
        readyAll = false;
        readyFailed = true;
        why = label(rec, m) + m.killReason;
      }
      continue;
    }
    allUp = false;
    const bool waits = m.stage == Stage::Ended || (m.stage == Stage::Absent && m_now.steady < m.pullRetryAt);
    if (waits) {
      anyWaiting = true;
      why = label(rec, m) + m.endMessage;
    } else if (m.stage == Stage::Absent && !m.image && rec.old.empty()) {
      anyPull = true;
    }
  }

  const bool wasUp = model::isUp(rec.state);
  InstanceState target = InstanceState::Starting;
  std::string message;
  if (allDone && !rec.members.empty()) {
    target = anyFailed ? InstanceState::Failed : InstanceState::Succeeded;
    for (const Member& m : rec.members) {
      if (m.failed == anyFailed) {
        endedBy = label(rec, m) + m.endMessage;
        break;
      }
    }
    message = endedBy;
    rec.finishedAt = m_now.wall;
    for (const Member& m : rec.members) {
      if (m.status.finishedAt.isSet()) {
        rec.finishedAt = m.status.finishedAt;
      }
    }
  } else if (allUp) {
    if (!startupPassed) {
      target = wasUp || rec.jump ? InstanceState::Running : InstanceState::Starting;
      message = why;
    } else if (readyFailed) {
      target = InstanceState::Unhealthy;
      message = why;
    } else if (!readyAll) {
      target = rec.jump ? InstanceState::Running : wasUp ? rec.state : InstanceState::Starting;
      message = why;
    } else {
      target = InstanceState::Running;
      rec.ready = true;
    }
    if (message.empty() && !rec.recentRestarts.empty()) {
      for (const Member& m : rec.members) {
        if (m.restarts > 0 && !m.endMessage.empty()) {
          message = "restarted; before that: " + label(rec, m) + m.endMessage;
          break;
        }
      }
    }
  } else if (anyRunning && anyWaiting) {
    target = wasUp || rec.state == InstanceState::Starting ? InstanceState::Unhealthy : InstanceState::Starting;
    message = why;
  } else if (anyWaiting) {
    target = InstanceState::Backoff;
    message = why;
  } else if (anyRunning && wasUp) {
    target = InstanceState::Unhealthy;
    message = "a container is being restarted";
  } else if (anyPull && (rec.state == InstanceState::Assigned || rec.state == InstanceState::Pulling ||
                         rec.state == InstanceState::Backoff)) {
    target = InstanceState::Pulling;
    message = "waits for its image";
  } else {
    target = InstanceState::Starting;
    if (!rec.recentRestarts.empty()) {
      message = "restarting";
    }
  }
  if (!rec.trouble.empty() && target != InstanceState::Running) {
    message = message.empty() ? rec.trouble : message + " (" + rec.trouble + ")";
  }
  if (!m_engineUp && target != InstanceState::Running && target != InstanceState::Failed &&
      target != InstanceState::Succeeded) {
    target = rec.state; // nothing moves while the engine is away
    message = rec.message;
  }
  rec.message = std::move(message);
  if (rec.ready && (!wasReady || !rec.readyAt.isSet())) {
    rec.readyAt = m_now.wall;
  } else if (!rec.ready) {
    rec.readyAt = {};
  }
  moveTo(rec, target);
  rec.jump = false;
}

InstanceReport AgentCore::makeReport(const Record& rec) const {
  InstanceReport r;
  r.instanceId = rec.assignment.instanceId;
  r.workloadId = rec.assignment.workloadId;
  r.epoch = rec.assignment.epoch;
  r.state = rec.state;
  r.message = rec.message;
  r.ready = rec.ready && model::isUp(rec.state);
  r.crashLoop = crashLoop(rec) && !stopWanted(rec);
  r.cancelled = rec.cancelled && rec.state == InstanceState::Failed;
  r.gone = rec.gone && !(m_stoppingAll && !rec.assignment.stop && !rec.dropped);
  r.restarts = rec.attempt;
  r.startedAt = rec.startedAt;
  r.finishedAt = rec.finishedAt;
  r.readyAt = r.ready ? rec.readyAt : base::Timestamp{};
  r.endpoints = endpointsOf(rec);
  for (const Member& m : rec.members) {
    model::ContainerState c;
    c.name = m.spec.name;
    c.containerId = m.id;
    c.image = m.spec.image;
    c.imageDigest = m.image ? m.image->digest : std::string();
    const bool ended = m.stage == Stage::Done || m.stage == Stage::Ended;
    c.state = m.stage == Stage::Absent ? "waiting" : ended ? "exited" : std::string(phaseName(m.status.phase));
    c.exitCode = ended ? m.status.exitCode : 0;
    c.oomKilled = m.status.oomKilled;
    c.restarts = m.restarts;
    c.startedAt = m.status.startedAt;
    c.finishedAt = ended ? m.status.finishedAt : base::Timestamp{};
    r.containers.push_back(std::move(c));
    const bool waits = m.stage == Stage::Ended || (m.stage == Stage::Absent && m_now.steady < m.pullRetryAt);
    if (waits && !stopWanted(rec) && (!r.nextRestartAt.isSet() || m.nextRestart < r.nextRestartAt)) {
      r.nextRestartAt = m.nextRestart;
    }
  }
  return r;
}

void AgentCore::publish(Record& rec) {
  InstanceReport r = makeReport(rec);
  if (rec.reported && r == rec.last) {
    return;
  }
  rec.reported = true;
  rec.last = r;
  m_effects.emplace_back(SendReport{std::move(r)});
}

} // namespace univrs::agent
