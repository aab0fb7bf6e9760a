// What the tests of the whole agent, and the program one of them kills, have in common.
#pragma once

#include "engine/agent/agent.h"

#include <QDir>
#include <QTimer>

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

namespace univrs::agent::test {

// The engine thread's executor. Tasks are handed over under a mutex of our own and not by Qt's event queue, whose
// inside ThreadSanitizer cannot see: what it then reports is ours.
class QtExecutor final : public base::Executor {
public:
  QtExecutor() {
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { drain(); });
    m_timer.start(2);
  }
  void post(std::function<void()> task) override {
    const std::lock_guard lock(m_mutex);
    m_tasks.push_back(std::move(task));
  }

private:
  void drain() {
    std::deque<std::function<void()>> tasks;
    {
      const std::lock_guard lock(m_mutex);
      tasks.swap(m_tasks);
    }
    for (auto& task : tasks) {
      task();
    }
  }
  QTimer m_timer;
  std::mutex m_mutex;
  std::deque<std::function<void()>> m_tasks;
};

inline DriverOptions processOptions(const std::string& folder) {
  QDir().mkpath(QString::fromStdString(folder + "/process"));
  return {"node", folder + "/process", {}};
}

inline AgentOptions agentOptions(const std::string& folder) {
  AgentOptions o;
  o.nodeId = "node";
  o.dataFolder = folder;
  o.backoffFirstMs = 100;
  o.resyncMs = 1'000;
  return o;
}

// Says a line, then sleeps.
inline Assignment sleeper() {
  Assignment a;
  a.instanceId = model::InstanceId("sleeper-abc123");
  a.workloadId = model::WorkloadId("w");
  a.templateHash = "t";
  a.spec.name = "sleeper";
  model::Container c;
  c.name = "main";
  c.image = "host:";
  c.command = {"/bin/sh", "-c", "echo hello; exec sleep 1000"};
  a.spec.containers.push_back(c);
  return a;
}

} // namespace univrs::agent::test
