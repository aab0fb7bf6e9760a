#include "engine/agent/thread_group.h"

#include <utility>

namespace univrs::agent {

bool ThreadGroup::run(std::function<void()> task) {
  const std::lock_guard lock(m_mutex);
  if (m_closed || m_running >= m_max) {
    return false;
  }
  for (auto it = m_entries.begin(); it != m_entries.end();) {
    if (it->ended) {
      it->thread.join();
      it = m_entries.erase(it);
    } else {
      ++it;
    }
  }
  const auto entry = m_entries.emplace(m_entries.end());
  ++m_running;
  entry->thread = std::thread([this, entry, work = std::move(task)]() mutable {
    work();
    work = nullptr;
    const std::lock_guard ended(m_mutex);
    entry->ended = true;
    --m_running;
  });
  return true;
}

void ThreadGroup::close() {
  const std::lock_guard lock(m_mutex);
  m_closed = true;
}

void ThreadGroup::join() {
  close();
  std::list<Entry*> entries; // closed: the list does not grow or shrink any more
  {
    const std::lock_guard lock(m_mutex);
    for (Entry& e : m_entries) {
      entries.push_back(&e);
    }
  }
  for (Entry* e : entries) {
    if (e->thread.joinable()) {
      e->thread.join();
    }
  }
}

size_t ThreadGroup::running() const {
  const std::lock_guard lock(m_mutex);
  return m_running;
}

} // namespace univrs::agent
