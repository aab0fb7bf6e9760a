#include "engine/control/compare.h"

#include <algorithm>
#include <utility>

namespace univrs::control {

namespace {

// Why this instance is not what it should be; for the status line of its workload.
std::string describe(const model::Instance& i) {
  std::string text = i.id.str() + ": ";
  text += i.crashLoop ? "crash loop" : std::string(model::name(i.state));
  if (!i.message.empty()) {
    text += ", " + i.message;
  }
  return text;
}

} // namespace

Drift compare(const Sensed& s, base::Timestamp now) {
  Drift d;
  const auto& spec = s.workload->spec;
  d.desired = s.workload->deleting ? 0 : spec.replicas;
  d.alive = int(s.current.size() + s.outdated.size());
  d.updating = !s.outdated.empty();
  const int filled = d.alive + int(s.done.size() + s.cancelled.size());
  d.missing = std::max(0, d.desired - filled);
  int failures = 0;
  base::Timestamp lastFailure;
  for (const auto* i : s.ended) {
    if (!i->stopRequested && !i->cancelled && now.ms - i->finishedAt.ms < kReplaceForgetMs) {
      ++failures;
      lastFailure = std::max(lastFailure, i->finishedAt);
    }
  }
  if (failures > 0 && d.missing > 0) {
    const int64_t wait = std::min(kReplaceMaxMs, kReplaceFirstMs << std::min(failures - 1, 20));
    d.replaceAfter = lastFailure + base::Millis(wait);
    if (now < d.replaceAfter) {
      d.heldBack = std::exchange(d.missing, 0);
    }
  }
  d.surplus = std::max(0, filled - d.desired - (d.updating ? spec.update.maxParallel : 0));
  if (d.updating && !s.cancelled.empty()) {
    d.updateStuck = true;
    d.stuckReason = "update stopped: " + describe(*s.cancelled.front());
  }
  d.available = int(s.done.size());
  for (const auto* i : s.current) {
    d.available += isStable(*i, spec.update.minHealthyMs, now) ? 1 : 0;
    if (d.updating && !i->ready && now - i->createdAt > base::Millis(spec.update.healthyDeadlineMs)) {
      d.updateStuck = true;
      d.stuckReason = "update stopped: not healthy after " +
                      base::humanDuration(base::Millis(spec.update.healthyDeadlineMs)) + ": " + describe(*i);
    }
  }
  d.available += int(std::count_if(s.outdated.begin(), s.outdated.end(), [](const auto* i) { return i->ready; }));
  return d;
}

model::WorkloadStatus statusOf(const Sensed& s, const Drift& d) {
  using model::InstanceState;
  model::WorkloadStatus st;
  st.desired = d.desired;
  st.updated = int(s.current.size() + s.done.size());
  st.total = d.alive;
  const model::Instance* worst = nullptr;   // a person should look
  const model::Instance* waiting = nullptr; // on its way
  for (const auto* list : {&s.current, &s.outdated}) {
    for (const auto* i : *list) {
      st.ready += i->ready ? 1 : 0;
      st.running += model::isUp(i->state) ? 1 : 0;
      st.restarts += i->restarts;
      if (i->crashLoop || i->state == InstanceState::Unhealthy || i->state == InstanceState::Failed ||
          (i->state == InstanceState::Pending && !i->message.empty()) ||
          i->state == InstanceState::Backoff) { // it ended, or its image cannot be pulled
        worst = worst == nullptr ? i : worst;
      } else if (!i->ready) {
        waiting = waiting == nullptr ? i : waiting;
      }
    }
  }
  const auto failed =
      std::find_if(s.done.begin(), s.done.end(), [](const auto* i) { return i->state == InstanceState::Failed; });
  st.ready += int(s.done.size());
  if (s.workload->deleting) {
    st.health = model::Health::Progressing;
    st.reason = "being removed, " + std::to_string(s.stopping.size() + size_t(d.alive)) + " instances left";
  } else if (d.updateStuck) {
    st.health = model::Health::Degraded;
    st.reason = d.stuckReason;
  } else if (worst != nullptr) {
    st.health = model::Health::Degraded;
    st.reason = describe(*worst);
  } else if (failed != s.done.end()) {
    st.health = model::Health::Degraded;
    st.reason = describe(**failed);
  } else if (!s.cancelled.empty()) {
    st.health = model::Health::Degraded;
    st.reason = describe(*s.cancelled.front());
  } else if (d.heldBack > 0) {
    st.health = model::Health::Degraded;
    st.reason = s.ended.empty() ? "instances keep failing" : describe(*s.ended.back());
  } else if (d.updating) {
    st.health = model::Health::Progressing;
    st.reason = "updating, " + std::to_string(st.updated) + " of " + std::to_string(d.desired) + " replaced";
  } else if (waiting != nullptr) {
    st.health = model::Health::Progressing;
    st.reason = describe(*waiting);
  } else if (d.missing > 0 || d.surplus > 0) {
    st.health = model::Health::Progressing;
    st.reason = d.missing > 0 ? std::to_string(d.missing) + " instances to start"
                              : std::to_string(d.surplus) + " instances to stop";
  } else {
    st.health = model::Health::Healthy;
  }
  return st;
}

base::Timestamp nextDeadline(const Sensed& s, const Drift& d, base::Timestamp now) {
  base::Timestamp next;
  const auto consider = [&](base::Timestamp t) {
    if (t > now && (!next.isSet() || t < next)) {
      next = t;
    }
  };
  if (d.heldBack > 0) {
    consider(d.replaceAfter);
  }
  if (!d.updating) {
    return next;
  }
  const auto& update = s.workload->spec.update;
  for (const auto* i : s.current) {
    if (i->ready) {
      consider(i->readyAt + base::Millis(update.minHealthyMs));
    } else {
      consider(i->createdAt + base::Millis(update.healthyDeadlineMs + 1));
    }
  }
  return next;
}

} // namespace univrs::control
