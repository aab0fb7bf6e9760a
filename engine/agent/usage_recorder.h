// Keeps the usage history going: every ten seconds it has each running container and the machine read on worker
// threads, and one further thread puts the counters together and writes them. A container is read by one thread at a
// time: one that does not answer is left out until it does.
//
// Thread: made, called and destroyed on the engine thread, but for join().
#pragma once

#include "engine/agent/runtime_driver.h"
#include "engine/agent/usage_meter.h"
#include "engine/agent/usage_store.h"
#include "engine/agent/worker_pool.h"
#include "engine/base/cancel.h"
#include "engine/base/executor.h"

#include <QTimer>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace univrs::agent {

struct UsageRecorderOptions {
  std::string nodeId;
  std::string folder;
  int64_t intervalMs = 10'000; // 100…600,000
  UsageStoreOptions store;     // its slotMs is set to intervalMs
  // The machine's counters; called on a worker thread.
  std::function<std::optional<MachineUsage>()> machine;
};

class UsageRecorder {
public:
  struct Target {
    model::InstanceId instanceId;
    std::string containerId;
    base::Timestamp startedAt;
  };
  using ReadReply = std::function<void(base::Result<std::vector<UsageHistory>>)>;

  //! `running` is asked on the engine thread. What is referred to must outlive it.
  UsageRecorder(UsageRecorderOptions options, RuntimeDriver& driver, base::Executor& executor, const base::Clock& clock,
                std::function<std::vector<Target>()> running);
  ~UsageRecorder();
  UsageRecorder(const UsageRecorder&) = delete;
  UsageRecorder& operator=(const UsageRecorder&) = delete;

  void start();
  //! What the history knows of an instance besides its counters.
  void noteInstance(const model::InstanceId& id, const model::WorkloadId& workloadId, int restarts);
  void forgetInstance(const model::InstanceId& id);

  //! One history for each key, in that order, of [from, to): not set, `to` is now and `from` an hour before it. Answers
  //! later, on the engine thread; at most 64 wait, more are refused (RateLimited). No answer comes after the recorder
  //! is destroyed.
  void read(std::vector<UsageKey> keys, base::Timestamp from, base::Timestamp to, int maxPoints, ReadReply reply);

  //! No further rounds. Waiting reads get no answer.
  void close();
  //! Waits for the threads; after close(). From any thread.
  void join();

private:
  struct Round {
    std::mutex mutex;
    UsageRound data;
    size_t open = 0;
    bool closed = false;
  };
  void scheduleNext();
  void tick();
  void finish(const std::shared_ptr<Round>& round);
  void store(const UsageRound& round);
  void post(std::function<void()> task);

  const UsageRecorderOptions m_options;
  RuntimeDriver& m_driver;
  base::Executor& m_executor;
  const base::Clock& m_clock;
  const std::function<std::vector<Target>()> m_running;
  std::map<model::InstanceId, RestartCount> m_instances;
  std::shared_ptr<Round> m_round;
  QTimer m_timer;
  bool m_closed = false;
  size_t m_reads = 0;
  std::shared_ptr<int> m_alive = std::make_shared<int>(0);
  const std::weak_ptr<int> m_watchAlive = m_alive;

  std::mutex m_busyMutex;
  std::set<std::string> m_busy; // containers being read
  std::atomic<int> m_waitingRounds{0};

  // On the one thread that stores.
  UsageMeter m_meter;
  UsageStore m_store;
  bool m_failing = false;

  // Declared last so that the threads end first.
  base::CancelSource m_cancel;
  WorkerPool m_readPool;
  WorkerPool m_storePool;
};

} // namespace univrs::agent
