#include "engine/control/plan.h"

#include <algorithm>

namespace univrs::control {

namespace {

// Who goes first when there are too many: those that help least, then the youngest.
std::vector<const model::Instance*> byUselessness(std::vector<const model::Instance*> list) {
  const auto rank = [](const model::Instance* i) {
    return i->ready ? 3 : model::isUp(i->state) ? 2 : i->state == model::InstanceState::Pending ? 0 : 1;
  };
  std::sort(list.begin(), list.end(), [&](const auto* a, const auto* b) {
    const int ra = rank(a);
    const int rb = rank(b);
    return ra != rb ? ra < rb : a->epoch != b->epoch ? a->epoch > b->epoch : a->id < b->id;
  });
  return list;
}

class Planner {
public:
  Planner(const Sensed& s, const Drift& d) : m_s(s), m_d(d) {}

  std::vector<Action> run() {
    place();
    if (m_s.workload->deleting) {
      remove();
    } else if (m_d.updating) {
      update();
    } else {
      scale();
    }
    forget();
    return std::move(m_out);
  }

private:
  void add(Action::Kind kind, const model::Instance* instance, std::string why, int count = 0,
           std::string trigger = {}) {
    m_out.push_back({kind, m_s.workload->id, instance == nullptr ? model::InstanceId() : instance->id, count,
                     std::move(why), std::move(trigger)});
  }
  void stop(const model::Instance* i, std::string why) { add(Action::Kind::StopInstance, i, std::move(why)); }

  void place() {
    for (const auto* i : m_s.current) {
      if (i->state == model::InstanceState::Pending && !m_s.workload->deleting) {
        add(Action::Kind::PlaceInstance, i, "waits for a node", 0, i->epoch > 0 ? "replace" : "deploy");
      }
    }
  }

  void remove() {
    for (const auto* list : {&m_s.current, &m_s.outdated}) {
      for (const auto* i : *list) {
        stop(i, "workload removed");
      }
    }
    bool left = m_d.alive > 0 || !m_s.stopping.empty();
    for (const auto* list : {&m_s.done, &m_s.cancelled, &m_s.ended}) {
      for (const auto* i : *list) {
        add(Action::Kind::ForgetInstance, i, "workload removed");
        left = true;
      }
    }
    if (!left) {
      add(Action::Kind::DeleteWorkload, nullptr, "all its instances are gone");
    }
  }

  void scale() {
    if (m_d.missing > 0) {
      const bool first =
          m_s.current.empty() && m_s.ended.empty() && m_s.cancelled.empty() && m_s.stopping.empty() && m_s.done.empty();
      add(Action::Kind::CreateInstance, nullptr, std::to_string(m_d.missing) + " missing", m_d.missing,
          first               ? "deploy"
          : m_s.ended.empty() ? "scale"
                              : "replace");
    }
    int surplus = m_d.surplus;
    for (const auto* i : m_s.cancelled) { // what does not serve goes first
      if (surplus-- <= 0) {
        return;
      }
      add(Action::Kind::ForgetInstance, i, "scaled to " + std::to_string(m_d.desired));
    }
    for (const auto* i : byUselessness(m_s.current)) {
      if (surplus-- <= 0) {
        break;
      }
      stop(i, "scaled to " + std::to_string(m_d.desired));
    }
  }

  void update() {
    const auto& update = m_s.workload->spec.update;
    const int current = int(m_s.current.size() + m_s.done.size());
    // New ones: never more than wanted, never more than maxParallel beside what is wanted, and none while stuck.
    if (!m_d.updateStuck) {
      const int room = m_d.desired + update.maxParallel - int(m_s.done.size()) - m_d.alive;
      const int create = std::min(m_d.desired - current, room);
      if (create > 0) {
        add(Action::Kind::CreateInstance, nullptr, "replaces an instance of the previous version", create, "update");
      }
    }
    // Old ones that do not serve go as soon as a new one stands in their place; serving ones only when available
    // instances stay at the wanted number without them.
    int spare = m_d.available - m_d.desired;
    int surplus = m_d.alive + int(m_s.done.size()) - m_d.desired;
    // With the host's network old and new cannot share a port: where only that keeps the new one waiting, one old one
    // makes way. No second one goes until the number of available instances is back.
    const bool blocked =
        m_s.workload->spec.network == model::NetworkMode::Host && m_s.stopping.empty() &&
        std::any_of(m_s.current.begin(), m_s.current.end(), [](const auto* i) {
          return i->state == model::InstanceState::Pending && i->message.find("port") != std::string::npos;
        });
    spare += blocked ? 1 : 0;
    for (const auto* i : byUselessness(m_s.outdated)) {
      if (surplus <= 0) {
        break;
      }
      if (i->ready && spare <= 0) {
        continue;
      }
      stop(i, "replaced by a newer version");
      spare -= i->ready ? 1 : 0;
      --surplus;
    }
    // Scaled down in the middle of an update: new ones that are too many.
    int extra = current - m_d.desired;
    for (const auto* i : byUselessness(m_s.current)) {
      if (extra-- <= 0) {
        break;
      }
      stop(i, "scaled to " + std::to_string(m_d.desired));
    }
  }

  void forget() {
    if (m_s.workload->deleting) {
      return;
    }
    // Finished runs beyond what is wanted, and all but the last few of those that ended.
    const size_t keepDone = size_t(std::max(0, m_d.desired));
    for (size_t i = 0; m_s.done.size() > keepDone && i < m_s.done.size() - keepDone; ++i) {
      add(Action::Kind::ForgetInstance, m_s.done[i], "finished");
    }
    for (size_t i = 0; m_s.ended.size() > kKeptEndedPerWorkload && i < m_s.ended.size() - kKeptEndedPerWorkload; ++i) {
      add(Action::Kind::ForgetInstance, m_s.ended[i], "ended");
    }
  }

  const Sensed& m_s;
  const Drift& m_d;
  std::vector<Action> m_out;
};

} // namespace

std::vector<Action> plan(const Sensed& sensed, const Drift& drift) {
  return Planner(sensed, drift).run();
}

} // namespace univrs::control
