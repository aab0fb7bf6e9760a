// A container engine in memory for tests of the sans-IO core, together with the loop that carries the core's effects
// out in simulated time: answers come late, in any order, some calls fail, some are done although their answer is lost.
// It checks what must always hold while it runs.
#pragma once

#include "engine/agent/agent_core.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace univrs::agent::test {

struct SimContainer {
  ContainerStatus status;
  ContainerRequest request;
};

class SimulatedEngine {
public:
  explicit SimulatedEngine(uint64_t seed, CoreOptions options = defaults()) : m_random(seed), m_options(options) {
    startCore();
  }

  static CoreOptions defaults() {
    CoreOptions o;
    o.nodeId = "node";
    o.backoffFirstMs = 1'000;
    o.backoffMaxMs = 60'000;
    return o;
  }

  // ---- what the test sets ----
  double failing = 0;      // share of calls that fail
  double losing = 0;       // share of calls that are done, but answered with an error
  int64_t maxDelayMs = 50; // of an answer
  bool imageMissing = false;
  bool probesPass = true;
  bool telling = true;                            // engine events reach the core
  std::map<std::string, base::Error> startErrors; // by container name in the workload

  // ---- the world ----
  std::map<std::string, SimContainer> containers;
  std::vector<InstanceReport> reports;
  std::vector<model::Event> events;
  std::map<model::InstanceId, InstanceReport> last;
  std::vector<DriverCall> calls;
  int probesRun = 0;
  std::unique_ptr<AgentCore> core;
  base::Now now{{1'700'000'000'000}, {5'000}};

  uint64_t below(uint64_t n) { return std::uniform_int_distribution<uint64_t>(0, n - 1)(m_random); }
  bool chance(double p) { return std::uniform_real_distribution<double>(0, 1)(m_random) < p; }

  // The agent dies (kill -9) and starts anew from what it had saved. Calls under way are done by the engine, or not.
  void crash() {
    for (auto& [at, item] : m_queue) {
      if (item.call && !item.executed && chance(0.5)) {
        execute(*item.call);
      }
    }
    m_queue.clear();
    last.clear();
    startCore();
    up();
  }
  void up() { feed(EngineUp{}); }
  void assign(std::vector<Assignment> list, int64_t revision) { feed(AssignmentsSet{std::move(list), revision}); }

  void feed(const CoreEvent& event) {
    for (Effect& effect : core->on(event, now)) {
      std::visit([this](auto& e) { take(e); }, effect);
    }
  }

  // Lets simulated time pass.
  void run(int64_t ms) {
    const int64_t end = now.steady.ms + ms;
    for (int guard = 0; guard < 2'000'000; ++guard) {
      int64_t next = end;
      if (!m_queue.empty()) {
        next = std::min(next, m_queue.begin()->first);
      }
      const auto wake = core->nextWake();
      if (wake) {
        next = std::min(next, std::max(wake->ms, now.steady.ms));
      }
      advanceTo(next);
      if (!m_queue.empty() && m_queue.begin()->first <= now.steady.ms) {
        Item item = std::move(m_queue.begin()->second);
        m_queue.erase(m_queue.begin());
        deliver(item);
        continue;
      }
      if (wake && wake->ms <= now.steady.ms) {
        feed(Tick{});
        const auto again = core->nextWake();
        ASSERT_FALSE(again && again->ms <= now.steady.ms && m_queue.empty() && ++m_idleTicks > 1'000) << "it spins";
        continue;
      }
      m_idleTicks = 0;
      if (now.steady.ms >= end) {
        return;
      }
    }
    FAIL() << "the core never rests";
  }

  // ---- what may happen to containers ----
  void exitContainer(const std::string& id, int code, bool oom = false) {
    SimContainer& c = containers.at(id);
    if (c.status.phase != ContainerPhase::Running) {
      return;
    }
    c.status.phase = ContainerPhase::Exited;
    c.status.exitCode = code;
    c.status.oomKilled = oom;
    c.status.finishedAt = now.wall;
    tell(id, oom ? "oom" : "die");
  }
  void removeByHand(const std::string& id) {
    const auto labels = containers.at(id).status.labels;
    containers.erase(id);
    tell(id, "remove", labels);
  }
  std::vector<std::string> running(const std::string& instance = {}, const std::string& container = {}) const {
    std::vector<std::string> out;
    for (const auto& [id, c] : containers) {
      const auto& labels = c.status.labels;
      if (c.status.phase == ContainerPhase::Running &&
          (instance.empty() || labels.at(std::string(kLabelInstance)) == instance) &&
          (container.empty() || labels.at(std::string(kLabelContainer)) == container)) {
        out.push_back(id);
      }
    }
    return out;
  }
  const InstanceReport& report(const std::string& instance) { return last[model::InstanceId(instance)]; }
  bool sawEvent(const std::string& type) const {
    return std::any_of(events.begin(), events.end(), [&](const auto& e) { return e.type == type; });
  }
  int countCalls(CallKind kind) const {
    return static_cast<int>(std::count_if(calls.begin(), calls.end(), [&](const auto& c) { return c.kind == kind; }));
  }

private:
  struct Item {
    std::optional<DriverCall> call;
    std::optional<ProbeCall> probe;
    std::optional<EngineEvent> event;
    std::optional<CallDone> done;
    bool executed = false;
  };

  void startCore() {
    core = std::make_unique<AgentCore>(m_options);
    core->restore(m_saved);
  }
  void advanceTo(int64_t steady) {
    const int64_t by = std::max<int64_t>(0, steady - now.steady.ms);
    now.steady.ms += by;
    now.wall.ms += by;
  }
  void later(Item item) {
    m_queue.emplace(now.steady.ms + static_cast<int64_t>(below(static_cast<uint64_t>(maxDelayMs) + 1)),
                    std::move(item));
  }
  void tell(const std::string& id, const std::string& action) { tell(id, action, containers.at(id).status.labels); }
  void tell(const std::string& id, const std::string& action, const std::map<std::string, std::string>& labels) {
    if (telling) {
      Item item;
      item.event = EngineEvent{id, action, labels};
      later(std::move(item));
    }
  }

  void take(DriverCall& call) {
    calls.push_back(call);
    Item item;
    item.call = call;
    later(std::move(item));
  }
  void take(CancelCall& cancel) {
    for (auto it = m_queue.begin(); it != m_queue.end(); ++it) {
      if (it->second.call && it->second.call->id == cancel.id) {
        Item item;
        item.done = CallDone{};
        item.done->id = cancel.id;
        item.done->error = base::makeError(base::ErrorCode::Cancelled, "cancelled");
        m_queue.erase(it);
        later(std::move(item));
        return;
      }
    }
  }
  void take(ProbeCall& probe) {
    ++probesRun;
    Item item;
    item.probe = probe;
    later(std::move(item));
  }
  void take(SendReport& r) {
    const auto& report = r.report;
    const auto before = last.find(report.instanceId);
    if (before != last.end() && before->second.state != report.state) {
      EXPECT_TRUE(model::mayStep(before->second.state, report.state))
          << report.instanceId.str() << ": " << model::name(before->second.state) << " -> "
          << model::name(report.state);
    }
    if (report.ready) {
      EXPECT_TRUE(model::isUp(report.state));
    }
    if (report.gone) {
      for (const auto& [id, c] : containers) {
        EXPECT_NE(c.status.labels.at(std::string(kLabelInstance)), report.instanceId.str()) << "gone, but left " << id;
      }
    }
    last[report.instanceId] = report;
    reports.push_back(report);
  }
  void take(SendEvent& e) { events.push_back(e.event); }
  void take(SaveState&) { m_saved = core->persistent(); }

  void deliver(Item& item) {
    if (item.event) {
      feed(*item.event);
    } else if (item.done) {
      feed(*item.done);
    } else if (item.probe) {
      const auto c = containers.find(item.probe->containerId);
      const bool up = c != containers.end() && c->second.status.phase == ContainerPhase::Running;
      feed(ProbeDone{item.probe->id, probesPass && up, probesPass && up ? "" : "connection refused"});
    } else if (item.call) {
      CallDone done;
      if (chance(failing)) {
        done.error =
            base::makeError(below(2) ? base::ErrorCode::Internal : base::ErrorCode::Unavailable, "the engine stumbled");
      } else {
        done = execute(*item.call);
        if (chance(losing)) {
          done = {};
          done.error = base::makeError(base::ErrorCode::Timeout, "no answer in time");
        }
      }
      done.id = item.call->id;
      feed(done);
    }
  }

  CallDone execute(const DriverCall& call) {
    CallDone done;
    const auto missing = [&] { done.error = base::makeError(base::ErrorCode::NotFound, "no such container"); };
    const auto it = containers.find(call.containerId);
    switch (call.kind) {
    case CallKind::Pull:
      if (imageMissing) {
        done.error = base::makeError(base::ErrorCode::NotFound, "the registry has no such image", "manifest unknown");
      } else {
        done.image.id = "sha256:1";
        done.image.digest = "sha256:2";
      }
      break;
    case CallKind::Create: {
      for (const auto& [id, c] : containers) {
        if (c.status.name == call.request.name) {
          done.error = base::makeError(base::ErrorCode::Conflict, "the name is taken");
          return done;
        }
      }
      if (!call.request.joinNetworkOf.empty()) {
        const auto owner = containers.find(call.request.joinNetworkOf);
        EXPECT_TRUE(call.request.ports.empty());
        if (owner == containers.end() || owner->second.status.phase != ContainerPhase::Running) {
          done.error = base::makeError(base::ErrorCode::Internal, "cannot join a container that does not run");
          return done;
        }
      }
      SimContainer c;
      c.request = call.request;
      c.status.id = "c" + std::to_string(++m_nextId);
      c.status.name = call.request.name;
      c.status.phase = ContainerPhase::Created;
      c.status.labels = call.request.labels;
      uint16_t port = 40'000;
      for (const PortRequest& p : call.request.ports) {
        c.status.endpoints.push_back({p.containerPort, p.protocol, "127.0.0.1", port++});
      }
      done.containerId = c.status.id;
      containers[c.status.id] = c;
      break;
    }
    case CallKind::Start: {
      if (it == containers.end()) {
        missing();
        break;
      }
      const auto& labels = it->second.status.labels;
      if (const auto e = startErrors.find(labels.at(std::string(kLabelContainer))); e != startErrors.end()) {
        done.error = e->second;
        break;
      }
      if (it->second.status.phase == ContainerPhase::Created) {
        // Never two of a kind.
        EXPECT_TRUE(running(labels.at(std::string(kLabelInstance)), labels.at(std::string(kLabelContainer))).empty())
            << "a second " << it->second.status.name;
        it->second.status.phase = ContainerPhase::Running;
        it->second.status.startedAt = now.wall;
        tell(it->first, "start");
      }
      break;
    }
    case CallKind::Stop:
      if (it != containers.end() && it->second.status.phase == ContainerPhase::Running) {
        exitContainer(call.containerId, 143);
      }
      break;
    case CallKind::Remove:
      if (it != containers.end()) {
        removeByHand(call.containerId);
      }
      break;
    case CallKind::Inspect:
      if (it == containers.end()) {
        missing();
      } else {
        done.status = it->second.status;
      }
      break;
    case CallKind::List:
      for (const auto& [id, c] : containers) {
        done.found.push_back(c.status);
      }
      break;
    }
    return done;
  }

  std::mt19937_64 m_random;
  CoreOptions m_options;
  PersistedState m_saved;
  std::multimap<int64_t, Item> m_queue;
  int m_nextId = 0;
  int m_idleTicks = 0;
};

inline Assignment assignment(const std::string& id, std::vector<std::string> containers = {"main"},
                             model::RestartPolicy policy = model::RestartPolicy::Always) {
  Assignment a;
  a.instanceId = model::InstanceId(id);
  a.workloadId = model::WorkloadId("w-" + id);
  a.epoch = 1;
  a.templateHash = "t1";
  a.spec.name = id;
  a.spec.restart = policy;
  for (const std::string& name : containers) {
    model::Container c;
    c.name = name;
    c.image = "registry.example/" + name + ":1";
    a.spec.containers.push_back(c);
  }
  return a;
}

} // namespace univrs::agent::test
