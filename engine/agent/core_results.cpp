// What the driver answered, and what that says about a container: it runs, it ended and why, it is gone.
#include "engine/agent/agent_core.h"
#include "engine/model/resources.h"

#include <algorithm>
#include <utility>

namespace univrs::agent {

namespace {
constexpr int64_t kErrorRetryFirstMs = 500;
constexpr int64_t kErrorRetryMaxMs = 30'000;

std::string_view signalName(int signal) {
  switch (signal) {
  case 1:
    return "SIGHUP";
  case 2:
    return "SIGINT";
  case 3:
    return "SIGQUIT";
  case 4:
    return "SIGILL";
  case 6:
    return "SIGABRT";
  case 7:
    return "SIGBUS";
  case 8:
    return "SIGFPE";
  case 9:
    return "SIGKILL";
  case 11:
    return "SIGSEGV";
  case 13:
    return "SIGPIPE";
  case 15:
    return "SIGTERM";
  default:
    return {};
  }
}

std::string reason(const base::Error& error) {
  return error.why.empty() ? error.what : error.text();
}
} // namespace

int64_t AgentCore::backoffMs(int failures) const {
  const int doublings = std::clamp(failures - 1, 0, 40);
  const int64_t first = std::max<int64_t>(1, m_options.backoffFirstMs);
  int64_t wait = first;
  for (int i = 0; i < doublings && wait < m_options.backoffMaxMs; ++i) {
    wait *= 2;
  }
  return std::min(wait, std::max(first, m_options.backoffMaxMs));
}

void AgentCore::retryLater(Record& rec, const base::Error& error) {
  rec.trouble = error.text();
  rec.errors = std::min(rec.errors + 1, 16);
  rec.retryAt = m_now.steady + base::Millis(std::min(kErrorRetryMaxMs, kErrorRetryFirstMs << (rec.errors - 1)));
}

void AgentCore::pullDone(const CallDone& event) {
  const auto it = m_pulls.find(event.id);
  if (it == m_pulls.end()) {
    return;
  }
  const Pull pull = std::move(it->second);
  m_pulls.erase(it);
  bool told = false;
  for (const model::InstanceId& id : pull.waiters) {
    const auto found = m_records.find(id);
    if (found == m_records.end() || found->second.pull != event.id) {
      continue;
    }
    Record& rec = found->second;
    rec.pull = 0;
    touch(id);
    Member* m = nullptr; // the first that waits for an image: they are pulled in order
    for (Member& candidate : rec.members) {
      if (candidate.stage == Stage::Absent && !candidate.image) {
        m = &candidate;
        break;
      }
    }
    if (!m) {
      continue;
    }
    if (!event.error) {
      m->image = event.image;
      m->pullFailures = 0;
      m->pullRetryAt = {};
      m->nextRestart = {};
      if (!told) {
        emitEvent(rec, model::Severity::Info, "image_pulled", "image " + m->spec.image + " is here");
        told = true;
      }
      continue;
    }
    if (isTransient(*event.error) && event.error->code != base::ErrorCode::Timeout && !m_engineUp) {
      continue; // the engine went away in the middle; asked again when it is back
    }
    ++m->pullFailures;
    const int64_t wait = backoffMs(m->pullFailures);
    m->pullRetryAt = m_now.steady + base::Millis(wait);
    m->nextRestart = m_now.wall + base::Millis(wait);
    m->endMessage = "image pull failed: " + event.error->text();
    if (!told || rec.members.size() > 1) {
      emitEvent(rec, model::Severity::Warning, "image_pull_failed", label(rec, *m) + m->endMessage);
      told = true;
    }
  }
}

void AgentCore::handle(const PullCancelled& event) {
  const auto it = m_pulls.find(event.id);
  if (it == m_pulls.end()) {
    return;
  }
  const std::set<model::InstanceId> waiters = std::exchange(it->second.waiters, {});
  it->second.key.clear(); // nobody may join it any more
  m_effects.emplace_back(CancelCall{event.id});
  for (const model::InstanceId& id : waiters) {
    const auto found = m_records.find(id);
    if (found == m_records.end() || found->second.pull != event.id) {
      continue;
    }
    Record& rec = found->second;
    rec.pull = 0;
    touch(id);
    const std::string message =
        "image pull cancelled by " + (event.by.empty() ? std::string("somebody") : event.by) + "; restart to try again";
    bool told = false;
    for (Member& m : rec.members) {
      if (m.stage != Stage::Absent) {
        continue; // what runs goes on
      }
      m.stage = Stage::Done;
      m.failed = true;
      m.endMessage = message;
      if (!std::exchange(told, true)) {
        emitEvent(rec, model::Severity::Warning, "image_pull_cancelled", label(rec, m) + m.endMessage);
      }
    }
    rec.cancelled = true;
    saveSoon();
  }
}

void AgentCore::createDone(Record& rec, Member* m, const CallDone& event) {
  if (!m) {
    return; // cannot be: its member is not replaced while a call is under way
  }
  if (!event.error) {
    m->id = event.containerId;
    m->stage = Stage::Created;
    m->startIssued = false;
    m->status = {};
    m->status.id = event.containerId;
    m->status.phase = ContainerPhase::Created;
    return;
  }
  const base::Error& error = *event.error;
  rec.unsure = true;
  if (error.code == base::ErrorCode::Conflict) {
    if (rec.errors == 0) {
      // Most likely ours, made just before a crash or an answer that was lost: find it by its labels.
      rec.awaitList = true;
      rec.errors = 1;
      requestList();
      if (m_listSeq < m_seq) {
        m_listAgain = true;
      }
      return;
    }
    ++rec.attempt; // somebody else's: take the next name
    m->attempt = rec.attempt;
    retryLater(rec, error);
    return;
  }
  if (isTransient(error)) {
    retryLater(rec, error);
    return;
  }
  if (error.code == base::ErrorCode::NotFound) {
    m->image.reset(); // removed meanwhile: fetch it again
    retryLater(rec, error);
    return;
  }
  noteEnd(rec, *m, true, "could not be created: " + reason(error));
}

void AgentCore::startDone(Record& rec, Member& m, const CallDone& event) {
  if (event.error && event.error->code == base::ErrorCode::NotFound) {
    noteRemoved(rec, m);
    return;
  }
  m.startIssued = true; // even an error may have started it; the engine's own view decides
  m.needsInspect = true;
  m.startError.clear();
  if (event.error) {
    if (isTransient(*event.error)) {
      retryLater(rec, *event.error);
    } else {
      m.startError = "could not start: " + reason(*event.error);
    }
  }
}

void AgentCore::stopDone(Record& rec, Member* m, const std::string& id, const CallDone& event) {
  if (event.error) {
    if (isTransient(*event.error)) {
      const auto old = rec.old.find(id);
      int& tries = m ? m->stopTries : old != rec.old.end() ? old->second.stopTries : rec.errors;
      tries = std::max(0, tries - 1); // the engine was not there: that does not count
    }
    retryLater(rec, *event.error);
    return;
  }
  if (m) {
    m->needsInspect = true; // for its exit code
  } else if (const auto old = rec.old.find(id); old != rec.old.end()) {
    old->second.mayRun = false;
  }
}

void AgentCore::removeDone(Record& rec, Member* m, const std::string& id, const CallDone& event) {
  if (event.error && event.error->code != base::ErrorCode::NotFound) {
    retryLater(rec, *event.error);
    return;
  }
  if (!m) {
    rec.old.erase(id);
    return;
  }
  if (stopWanted(rec)) {
    m->id.clear();
    m->stage = Stage::Absent;
    m->startIssued = false;
    m->needsInspect = false;
    return;
  }
  noteRemoved(rec, *m);
}

void AgentCore::inspectDone(Record& rec, Member& m, const CallDone& event) {
  if (!event.error) {
    applyStatus(rec, m, event.status);
    return;
  }
  if (event.error->code == base::ErrorCode::NotFound) {
    noteRemoved(rec, m);
    return;
  }
  m.needsInspect = true;
  retryLater(rec, *event.error);
}

void AgentCore::applyStatus(Record& rec, Member& m, const ContainerStatus& status) {
  if (m.stage == Stage::Done || m.stage == Stage::Ended) {
    return; // counted already
  }
  m.status = status;
  m.status.id = m.id;
  switch (status.phase) {
  case ContainerPhase::Running:
  case ContainerPhase::Paused:
    m.startIssued = true;
    m.startError.clear();
    if (m.stage != Stage::Running) {
      noteRunning(rec, m);
    }
    break;
  case ContainerPhase::Created:
    if (!m.startError.empty()) {
      noteEnd(rec, m, true, m.startError);
    } else {
      m.stage = Stage::Created;
      m.startIssued = false;
    }
    break;
  case ContainerPhase::Exited: {
    const bool oom = status.oomKilled || (m.oomSeen && status.exitCode != 0);
    m.status.oomKilled = oom;
    const bool failed = status.exitCode != 0 || oom || !m.killReason.empty() || !m.startError.empty();
    noteEnd(rec, m, failed, endMessage(m));
    break;
  }
  case ContainerPhase::Unknown:
    break; // the engine will make up its mind; the next look tells
  }
}

std::string AgentCore::endMessage(const Member& m) {
  if (m.status.oomKilled) {
    return m.spec.limits.memoryBytes > 0
               ? "OOM killed: reached its memory limit " + model::formatBytes(m.spec.limits.memoryBytes)
               : std::string("OOM killed: the machine ran out of memory");
  }
  if (!m.killReason.empty()) {
    return m.killReason;
  }
  if (!m.startError.empty()) {
    return m.startError;
  }
  if (!m.status.error.empty()) {
    return "could not start: " + m.status.error;
  }
  std::string text = "exited with code " + std::to_string(m.status.exitCode);
  if (m.status.exitCode > 128 && m.status.exitCode < 128 + 65) {
    const std::string_view known = signalName(m.status.exitCode - 128);
    text += " (killed by " +
            (known.empty() ? "signal " + std::to_string(m.status.exitCode - 128) : std::string(known)) + ")";
  }
  return text;
}

void AgentCore::noteRunning(Record& rec, Member& m) {
  m.stage = Stage::Running;
  // How long it runs already matters for one found again after a crash; a clock that was set may not make it negative.
  const int64_t ran = m.status.startedAt.isSet() ? std::max<int64_t>(0, m_now.wall.ms - m.status.startedAt.ms) : 0;
  m.runningSince = base::Monotonic{m_now.steady.ms - ran};
  m.startup = {};
  m.readiness = {};
  m.liveness = {};
  m.stopTries = 0;
  if (!rec.startedAt.isSet()) {
    rec.startedAt = m.status.startedAt.isSet() ? m.status.startedAt : m_now.wall;
  }
}

void AgentCore::noteRemoved(Record& rec, Member& m) {
  const Stage before = m.stage;
  m.id.clear();
  m.needsInspect = false;
  m.startIssued = false;
  if (before == Stage::Done || before == Stage::Ended || before == Stage::Absent) {
    return;
  }
  if (stopWanted(rec)) {
    m.stage = Stage::Absent;
    return;
  }
  if (before == Stage::Created && !m.mayRun() && m.status.phase == ContainerPhase::Created && m.startError.empty() &&
      !m.status.startedAt.isSet()) {
    m.stage = Stage::Absent; // it had not run: make it again, under the next name
    ++rec.attempt;
    m.attempt = rec.attempt;
    return;
  }
  m.status.phase = ContainerPhase::Unknown;
  noteEnd(rec, m, true, !m.killReason.empty() ? m.killReason : std::string("its container was removed from outside"));
}

void AgentCore::noteEnd(Record& rec, Member& m, bool failed, std::string message) {
  const bool ran = m.stage == Stage::Running || m.status.startedAt.isSet();
  const int64_t ranMs = m.status.startedAt.isSet() && m.status.finishedAt.isSet()
                            ? std::max<int64_t>(0, m.status.finishedAt.ms - m.status.startedAt.ms)
                        : m.stage == Stage::Running ? m_now.steady.ms - m.runningSince.ms
                                                    : 0;
  m.endMessage = std::move(message);
  m.startIssued = false;
  m.needsInspect = false;
  m.stopTries = 0;
  m.startup = {};
  m.readiness = {};
  m.liveness = {};
  if (!m.status.finishedAt.isSet()) {
    m.status.finishedAt = m_now.wall;
  }
  if (stopWanted(rec)) {
    m.stage = Stage::Ended; // its removal follows
    m.failed = failed;
    return;
  }
  const model::RestartPolicy policy = rec.assignment.spec.restart;
  bool again = policy == model::RestartPolicy::Always || (policy == model::RestartPolicy::OnFailure && failed);
  if (&m != &rec.members.front() && joins(rec) && rec.members.front().stage == Stage::Done) {
    again = false; // the network it shared has ended
  }
  if (m.status.oomKilled) {
    emitEvent(rec, model::Severity::Error, "container_oom_killed", label(rec, m) + m.endMessage);
  } else {
    emitEvent(rec, failed ? model::Severity::Warning : model::Severity::Info,
              ran ? "container_exited" : "container_start_failed", label(rec, m) + m.endMessage);
  }
  m.killReason.clear();
  m.startError.clear();
  if (!again) {
    m.stage = Stage::Done;
    m.failed = failed;
    saveSoon();
    return;
  }
  if (ranMs >= m_options.backoffResetMs) {
    m.failures = 0;
  }
  m.failures = std::min(m.failures + 1, 1'000'000);
  // Counted from its end: one that ended while the agent was away need not wait again.
  const int64_t wait = backoffMs(m.failures);
  const int64_t since = std::clamp<int64_t>(m_now.wall.ms - m.status.finishedAt.ms, 0, wait);
  m.stage = Stage::Ended;
  m.restartAt = m_now.steady + base::Millis(wait - since);
  m.nextRestart = m_now.wall + base::Millis(wait - since);
}

} // namespace univrs::agent
