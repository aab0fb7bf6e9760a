// The core's comparison of what it knows with the full list of containers the engine has.
#include "engine/agent/agent_core.h"

#include <algorithm>
#include <charconv>

namespace univrs::agent {

namespace {
constexpr int64_t kListRetryFirstMs = 500;
constexpr int64_t kSecondLookMs = 1'000; // after the first list: events before the stream was open may be missing

std::string labelOf(const ContainerStatus& s, std::string_view key) {
  const auto it = s.labels.find(std::string(key));
  return it == s.labels.end() ? std::string() : it->second;
}

// Labels are text an engine hands back: anything odd counts as 0.
int numberLabel(const ContainerStatus& s, std::string_view key) {
  const std::string text = labelOf(s, key);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::clamp(value, 0, 1'000'000'000) : 0;
}

bool mayRunNow(const ContainerStatus& s) {
  return s.phase != ContainerPhase::Exited && s.phase != ContainerPhase::Created;
}
} // namespace

void AgentCore::requestList() {
  if (!m_engineUp) {
    return;
  }
  if (m_listCall != 0) {
    m_listAgain = true;
    return;
  }
  DriverCall call;
  call.id = m_nextCall++;
  call.kind = CallKind::List;
  m_calls[call.id] = Call{CallKind::List, {}, {}, {}};
  m_listCall = call.id;
  m_listSeq = ++m_seq;
  m_effects.emplace_back(std::move(call));
}

void AgentCore::listDone(const CallDone& event) {
  m_listCall = 0;
  const bool again = std::exchange(m_listAgain, false);
  if (!m_engineUp) {
    return;
  }
  if (event.error) {
    m_listErrors = std::min(m_listErrors + 1, 16);
    const int64_t wait = std::min(m_options.resyncMs, kListRetryFirstMs << m_listErrors);
    m_nextList = m_now.steady + base::Millis(wait);
    return;
  }
  m_listErrors = 0;
  if (again) {
    // The engine came back, or a name was taken, after this list was asked for: it may be too old for that.
    requestList();
    if (!m_synced) {
      return;
    }
  }
  m_nextList = m_now.steady + base::Millis(m_synced ? m_options.resyncMs : std::min(kSecondLookMs, m_options.resyncMs));
  m_synced = true;

  std::map<model::InstanceId, std::vector<ContainerStatus>> byInstance;
  m_strangers.clear();
  for (const ContainerStatus& s : event.found) {
    if (labelOf(s, kLabelNode) != m_options.nodeId || labelOf(s, kLabelInstance).empty()) {
      continue; // not ours to touch, whatever the driver says
    }
    const model::InstanceId id(labelOf(s, kLabelInstance));
    if (m_records.count(id) == 0) {
      m_strangers.emplace(s.id, s);
    } else {
      byInstance[id].push_back(s);
    }
  }
  for (auto& [id, rec] : m_records) {
    if (rec.calls > 0 || rec.touched > m_listSeq) {
      continue; // changed since the list was asked for; the next one tells
    }
    const auto it = byInstance.find(id);
    observe(rec, it == byInstance.end() ? std::vector<ContainerStatus>() : it->second);
    touch(id);
  }
  if (m_assignmentsSeen) {
    addOrphans();
  }
}

bool AgentCore::adoptable(const Record& rec, const Member& m, const ContainerStatus& s) const {
  const int attempt = numberLabel(s, kLabelAttempt);
  const bool fresh = m.id.empty() && (m.stage == Stage::Absent || m.stage == Stage::Done);
  const bool afterFirst = &m == &rec.members.front() || !joins(rec) || attempt >= rec.members.front().attempt;
  return fresh && afterFirst && attempt >= m.attempt && labelOf(s, kLabelTemplate) == templateLabel(rec.assignment);
}

void AgentCore::observe(Record& rec, const std::vector<ContainerStatus>& found) {
  rec.awaitList = false;
  rec.unsure = false;
  std::set<std::string> seen;
  std::vector<const ContainerStatus*> strangers;
  for (const ContainerStatus& s : found) {
    seen.insert(s.id);
    rec.attempt = std::max(rec.attempt, numberLabel(s, kLabelAttempt));
    if (const auto old = rec.old.find(s.id); old != rec.old.end()) {
      old->second.mayRun = mayRunNow(s);
    } else if (!memberById(rec, s.id)) {
      strangers.push_back(&s);
    }
  }
  for (Member& m : rec.members) {
    if (!m.id.empty() && seen.count(m.id) == 0) {
      noteRemoved(rec, m);
    }
  }
  for (auto it = rec.old.begin(); it != rec.old.end();) {
    it = seen.count(it->first) == 0 ? rec.old.erase(it) : std::next(it);
  }

  // The newest attempt of each container is its present one; the first container goes first, the others hang on it.
  const auto place = [&rec](const ContainerStatus* s) {
    const std::string container = labelOf(*s, kLabelContainer);
    const auto it =
        std::find_if(rec.members.begin(), rec.members.end(), [&](const Member& m) { return m.spec.name == container; });
    return it - rec.members.begin();
  };
  std::sort(strangers.begin(), strangers.end(), [&place](const ContainerStatus* a, const ContainerStatus* b) {
    const auto pa = place(a);
    const auto pb = place(b);
    if (pa != pb) {
      return pa < pb;
    }
    const int na = numberLabel(*a, kLabelAttempt);
    const int nb = numberLabel(*b, kLabelAttempt);
    return na != nb ? na > nb : a->id < b->id;
  });
  for (const ContainerStatus* s : strangers) {
    Member* m = memberByName(rec, labelOf(*s, kLabelContainer));
    // While recovering, the saved restart count may be newer or older than the containers: they decide.
    if (m && rec.recovering && m->id.empty() && !model::isFinal(rec.state)) {
      m->attempt = 0;
    }
    if (m && adoptable(rec, *m, *s)) {
      m->id = s->id;
      m->attempt = numberLabel(*s, kLabelAttempt);
      m->restarts = numberLabel(*s, kLabelRestarts);
      m->failures = m->restarts;
      if (m->stage == Stage::Done) {
        m->status = *s;
      } else {
        m->stage = Stage::Created;
        m->startIssued = s->phase != ContainerPhase::Created;
      }
    } else {
      rec.old[s->id] = Old{labelOf(*s, kLabelContainer), mayRunNow(*s), 0, 0};
    }
  }
  if (rec.recovering) {
    for (Member& m : rec.members) {
      if (m.id.empty()) {
        m.attempt = rec.attempt; // its name is free: everything of ours is in the list
      }
    }
    Member* first = rec.members.empty() ? nullptr : &rec.members.front();
    const bool othersLeft = std::any_of(rec.members.begin(), rec.members.end(),
                                        [&](const Member& m) { return &m != first && !m.id.empty(); });
    if (first && first->id.empty() && first->stage == Stage::Absent && joins(rec) && othersLeft) {
      // They share the network of a container that is gone: begin anew, all of them.
      ++rec.attempt;
      for (Member& m : rec.members) {
        discard(rec, m);
        m.attempt = rec.attempt;
      }
    }
    // Without a saved record the first report is a statement of what is here, not a step from "assigned".
    rec.jump = !found.empty() && rec.state == model::InstanceState::Assigned;
  }
  for (const ContainerStatus& s : found) {
    if (Member* m = memberById(rec, s.id); m && m->stage != Stage::Done) {
      applyStatus(rec, *m, s);
    }
  }
  rec.recovering = false;
}

} // namespace univrs::agent
