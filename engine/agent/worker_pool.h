// A bounded pool of threads for blocking driver calls and probes. Threads are made when there is work and end after a
// while without any, so that an idle agent holds none.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace univrs::agent {

class WorkerPool {
public:
  explicit WorkerPool(int maxThreads, std::chrono::milliseconds idle = std::chrono::seconds(30));
  // Drops what has not begun and waits for what has.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Tasks begin in the order given. They must not throw. False when the pool is closed: the task is dropped. The
  // queue's bound is the caller's: the core has a limited number of calls under way. Thread safe.
  bool run(std::function<void()> task);
  // Drops what has not begun; running tasks go on. No new ones are taken. Thread safe.
  void close();
  // close(), then waits for running tasks. Not from a task.
  void join();
  // Threads alive now.
  [[nodiscard]] size_t threads() const;

private:
  void work(std::list<std::thread>::iterator self);
  void reap(std::unique_lock<std::mutex>& lock);

  const size_t m_maxThreads;
  const std::chrono::milliseconds m_idle;
  mutable std::mutex m_mutex;
  std::condition_variable m_wake;
  std::deque<std::function<void()>> m_tasks;
  std::list<std::thread> m_threads;
  std::list<std::thread> m_ended; // to be joined
  size_t m_free = 0;              // threads waiting for a task
  bool m_closed = false;
};

} // namespace univrs::agent
