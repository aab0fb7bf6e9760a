#include "engine/control/rollout_progress.h"

#include "engine/model/names.h"

#include <algorithm>
#include <set>
#include <utility>

namespace univrs::control {

namespace {

std::string versionOf(const std::string& image) {
  const auto reference = model::parseImageReference(image);
  if (!reference) {
    return image;
  }
  return reference->digest.empty() ? reference->tag : reference->digest.substr(0, 19);
}

// "1.9.3" when images changed, else "generation 4".
std::string targetOf(const model::Workload& w) {
  if (w.previous) {
    for (const auto& c : w.spec.containers) {
      const auto old = std::find_if(w.previous->containers.begin(), w.previous->containers.end(),
                                    [&](const auto& o) { return o.name == c.name; });
      if (old != w.previous->containers.end() && old->image != c.image) {
        return versionOf(c.image);
      }
    }
  }
  return "generation " + std::to_string(w.generation);
}

std::string updateId(const model::Workload& w) {
  return "update-" + w.id.str() + "-" + std::to_string(w.generation) + "-" + std::to_string(w.restartEpoch);
}

} // namespace

bool undoEndsUpdate(const Sensed& s) {
  if (!s.workload->previous) {
    return false;
  }
  const std::string before = s.workload->previous->templateHash();
  return before != s.templateHash &&
         std::any_of(s.outdated.begin(), s.outdated.end(), [&](const auto* i) { return i->templateHash == before; });
}

std::optional<model::Operation> rolloutOf(const Sensed& s, const Drift& d, int64_t startedWith) {
  const model::Workload& w = *s.workload;
  model::Operation o;
  o.subject = w.spec.name;
  o.workloadId = w.id.str();
  if (w.deleting) {
    const int64_t left = int64_t(d.alive) + int64_t(s.stopping.size());
    o.id = "remove-" + w.id.str();
    o.kind = "remove";
    o.phase = "removing";
    o.total = std::max(startedWith, left);
    o.current = o.total - left;
    o.message = "removing · " + std::to_string(o.current) + " of " + std::to_string(o.total);
    return o;
  }
  if (!d.updating) {
    return std::nullopt;
  }
  const bool restart = std::all_of(s.outdated.begin(), s.outdated.end(),
                                   [&](const auto* i) { return i->templateHash == s.templateHash; });
  o.id = updateId(w);
  o.kind = "update";
  o.phase = d.updateStuck ? "stopped" : "rolling";
  o.total = d.desired;
  o.current =
      std::min<int64_t>(o.total, int64_t(s.done.size()) + std::count_if(s.current.begin(), s.current.end(),
                                                                        [](const auto* i) { return i->ready; }));
  o.message = (restart ? std::string("restarting") : "rolling to " + targetOf(w)) + " · " + std::to_string(o.current) +
              " of " + std::to_string(o.total);
  if (d.updateStuck) {
    o.message += " · " + d.stuckReason;
  }
  o.cancellable = undoEndsUpdate(s);
  return o;
}

RolloutProgress::RolloutProgress(ClusterState& state, const base::Clock& clock, Sink sink)
    : m_state(state), m_clock(clock), m_sink(std::move(sink)) {
  m_state.observe([this](const Changes& c) {
    std::set<model::WorkloadId> affected(c.workloads.begin(), c.workloads.end());
    for (const auto& id : c.instances) {
      if (const auto* i = m_state.instance(id)) {
        affected.insert(i->workloadId);
      }
    }
    if (!c.removedInstances.empty()) { // whose they were is not known any more
      for (const auto& [id, o] : m_shown) {
        affected.insert(id);
      }
    }
    affected.insert(c.removedWorkloads.begin(), c.removedWorkloads.end());
    for (const auto& id : affected) {
      refresh(id);
    }
  });
}

void RolloutProgress::start() {
  for (const auto& [id, w] : m_state.workloads()) {
    refresh(id);
  }
}

void RolloutProgress::refresh(const model::WorkloadId& id) {
  const auto shown = m_shown.find(id);
  const auto* w = m_state.workload(id);
  if (w == nullptr) {
    if (shown != m_shown.end()) {
      end(id, "done", shown->second.kind == "remove" ? "removed" : "");
    }
    return;
  }
  const base::Timestamp now = m_clock.now().wall;
  const Sensed sensed = sense(m_state, *w);
  const bool removing = shown != m_shown.end() && shown->second.kind == "remove";
  auto o = rolloutOf(sensed, compare(sensed, now), removing ? shown->second.total : 0);
  if (shown != m_shown.end() && (!o || o->id != shown->second.id)) {
    const bool replaced = o || shown->second.id != updateId(*w);
    end(id, replaced ? "cancelled" : "done", replaced ? "changed again meanwhile" : "");
  }
  if (!o) {
    return;
  }
  auto& last = m_shown[id];
  o->startedAt = last.id == o->id ? last.startedAt : now;
  o->updatedAt = last.updatedAt;
  if (last == *o) {
    return;
  }
  o->updatedAt = now;
  last = *o;
  m_sink(last);
}

void RolloutProgress::end(const model::WorkloadId& id, const std::string& phase, const std::string& message) {
  model::Operation o = std::move(m_shown.at(id));
  m_shown.erase(id);
  o.phase = phase;
  o.message = message;
  o.current = phase == "done" ? o.total : o.current;
  o.finished = true;
  o.cancellable = false;
  o.updatedAt = m_clock.now().wall;
  m_sink(o);
}

} // namespace univrs::control
