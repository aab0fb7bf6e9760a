#include "engine/agent/worker_pool.h"

#include <algorithm>
#include <utility>

namespace univrs::agent {

WorkerPool::WorkerPool(int maxThreads, std::chrono::milliseconds idle)
    : m_maxThreads(static_cast<size_t>(std::clamp(maxThreads, 1, 256))), m_idle(idle) {}

WorkerPool::~WorkerPool() {
  join();
}

bool WorkerPool::run(std::function<void()> task) {
  std::unique_lock lock(m_mutex);
  if (m_closed) {
    return false;
  }
  reap(lock);
  m_tasks.push_back(std::move(task));
  if (m_free < m_tasks.size() && m_threads.size() < m_maxThreads) {
    // The thread's body waits for the mutex held here, so its handle is in place before it looks for it.
    const auto self = m_threads.emplace(m_threads.end());
    *self = std::thread([this, self] { work(self); });
  } else {
    m_wake.notify_one();
  }
  return true;
}

void WorkerPool::close() {
  std::deque<std::function<void()>> dropped; // destroyed outside the lock
  const std::lock_guard lock(m_mutex);
  m_closed = true;
  dropped.swap(m_tasks);
  m_wake.notify_all();
}

void WorkerPool::join() {
  close();
  for (;;) {
    std::list<std::thread> threads;
    {
      std::unique_lock lock(m_mutex);
      m_wake.wait(lock, [this] { return m_threads.empty() || !m_ended.empty(); });
      threads.swap(m_ended);
      if (threads.empty() && m_threads.empty()) {
        return;
      }
    }
    for (std::thread& t : threads) {
      t.join();
    }
  }
}

size_t WorkerPool::threads() const {
  const std::lock_guard lock(m_mutex);
  return m_threads.size();
}

void WorkerPool::reap(std::unique_lock<std::mutex>&) {
  for (std::thread& t : m_ended) {
    t.join(); // it has left its last locked section: this does not wait long
  }
  m_ended.clear();
}

void WorkerPool::work(std::list<std::thread>::iterator self) {
  std::unique_lock lock(m_mutex);
  for (;;) {
    if (m_tasks.empty()) {
      if (m_closed) {
        break;
      }
      ++m_free;
      const bool woken = m_wake.wait_for(lock, m_idle, [this] { return m_closed || !m_tasks.empty(); });
      --m_free;
      if (!woken) {
        break;
      }
      continue;
    }
    auto task = std::move(m_tasks.front());
    m_tasks.pop_front();
    lock.unlock();
    task();
    task = nullptr; // what it holds is let go outside the lock
    lock.lock();
  }
  m_ended.splice(m_ended.end(), m_threads, self);
  m_wake.notify_all();
}

} // namespace univrs::agent
