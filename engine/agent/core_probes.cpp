// When the core's probes run and what their answers mean. No jitter: instances start at different moments anyway.
#include "engine/agent/agent_core.h"

#include <algorithm>

namespace univrs::agent {

namespace {
constexpr int64_t kMinPeriodMs = 100;
constexpr size_t kMaxProbeText = 300;
} // namespace

void AgentCore::scheduleProbes(Record& rec) {
  if (rec.gone || stopWanted(rec) || model::isFinal(rec.state)) {
    return;
  }
  for (Member& m : rec.members) {
    if (m.stage != Stage::Running || !m.killReason.empty() || m.status.phase == ContainerPhase::Paused) {
      continue;
    }
    if (m.spec.startup && m.startup.verdict != ProbeRun::Verdict::Passed) {
      scheduleProbe(rec, m, *m.spec.startup, &Member::startup);
      continue; // the other two wait for it
    }
    if (m.spec.readiness) {
      scheduleProbe(rec, m, *m.spec.readiness, &Member::readiness);
    }
    if (m.spec.liveness) {
      scheduleProbe(rec, m, *m.spec.liveness, &Member::liveness);
    }
  }
}

void AgentCore::scheduleProbe(Record& rec, Member& m, const model::Probe& probe, ProbeRun Member::*run) {
  ProbeRun& r = m.*run;
  if (r.call != 0 || (probe.kind == model::ProbeKind::Exec && !m_engineUp)) {
    return;
  }
  const base::Monotonic earliest = m.runningSince + base::Millis(std::max<int64_t>(0, probe.initialDelayMs));
  const base::Monotonic at = std::max(r.nextAt, earliest);
  if (m_now.steady < at) {
    wakeAt(rec, at);
    return;
  }
  ProbeCall call;
  call.id = m_nextCall++;
  call.instanceId = rec.assignment.instanceId;
  call.container = m.spec.name;
  call.containerId = m.id;
  call.probe = probe;
  if (probe.kind != model::ProbeKind::Exec) {
    for (const model::Endpoint& e : endpointsOf(rec)) {
      if (e.containerPort == probe.port && e.protocol == model::Protocol::Tcp) {
        call.address = e.address;
        call.port = e.port;
        break;
      }
    }
  }
  r.call = call.id;
  m_probes[call.id] = ProbeRef{call.instanceId, m.spec.name, m.id, run};
  m_effects.emplace_back(std::move(call));
}

void AgentCore::handle(const ProbeDone& event) {
  const auto it = m_probes.find(event.id);
  if (it == m_probes.end()) {
    return;
  }
  const ProbeRef ref = it->second;
  m_probes.erase(it);
  const auto found = m_records.find(ref.instanceId);
  if (found == m_records.end()) {
    return;
  }
  Record& rec = found->second;
  Member* m = memberById(rec, ref.containerId);
  if (!m || m->spec.name != ref.container || (m->*ref.run).call != event.id) {
    return; // of a container that was replaced meanwhile
  }
  ProbeRun& r = m->*ref.run;
  r.call = 0;
  const std::optional<model::Probe>& spec = ref.run == &Member::startup     ? m->spec.startup
                                            : ref.run == &Member::readiness ? m->spec.readiness
                                                                            : m->spec.liveness;
  if (!spec || m->stage != Stage::Running) {
    return;
  }
  touch(ref.instanceId);
  r.nextAt = m_now.steady + base::Millis(std::max(kMinPeriodMs, spec->periodMs));
  if (event.ok) {
    r.bad = 0;
    r.good = std::min(r.good + 1, 1'000'000);
    r.message.clear();
    if (r.good >= std::max(1, spec->successThreshold)) {
      r.verdict = ProbeRun::Verdict::Passed;
    }
    return;
  }
  r.good = 0;
  r.bad = std::min(r.bad + 1, 1'000'000);
  r.message = event.message.substr(0, kMaxProbeText);
  if (r.bad >= std::max(1, spec->failureThreshold)) {
    probeFailed(rec, *m, ref.run);
  }
}

void AgentCore::probeFailed(Record& rec, Member& m, ProbeRun Member::*run) {
  ProbeRun& r = m.*run;
  const bool first = r.verdict != ProbeRun::Verdict::Failed;
  r.verdict = ProbeRun::Verdict::Failed;
  if (!first) {
    return;
  }
  const std::string which = run == &Member::startup ? "startup" : run == &Member::readiness ? "readiness" : "liveness";
  const std::string text =
      which + " probe failed " + std::to_string(r.bad) + " times: " + (r.message.empty() ? "no answer" : r.message);
  emitEvent(rec, model::Severity::Warning, "probe_failed", label(rec, m) + text);
  if (run != &Member::readiness) {
    m.killReason = text; // stopped with its grace, then the restart policy decides
  }
}

} // namespace univrs::agent
