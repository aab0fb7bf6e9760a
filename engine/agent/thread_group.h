// A bounded number of threads, each with one long task of its own: log readers, exec sessions.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace univrs::agent {

class ThreadGroup {
public:
  explicit ThreadGroup(size_t maxThreads) : m_max(maxThreads) {}
  ~ThreadGroup() { join(); }
  ThreadGroup(const ThreadGroup&) = delete;
  ThreadGroup& operator=(const ThreadGroup&) = delete;

  // False when the limit is reached or the group is closed. The task must not throw. Thread safe.
  [[nodiscard]] bool run(std::function<void()> task);
  // No new ones.
  void close();
  // Closes and waits for all; the caller has told the tasks to end. Not from a task.
  void join();
  [[nodiscard]] size_t running() const;

private:
  struct Entry {
    std::thread thread;
    bool ended = false;
  };
  const size_t m_max;
  mutable std::mutex m_mutex;
  std::list<Entry> m_entries;
  size_t m_running = 0;
  bool m_closed = false;
};

} // namespace univrs::agent
