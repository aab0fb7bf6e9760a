#include "engine/agent/container_directory.h"

#include <algorithm>
#include <chrono>

namespace univrs::agent {

void ContainerDirectory::note(const model::InstanceId& instance, const std::string& container,
                              const std::string& containerId) {
  const std::lock_guard lock(m_mutex);
  Entry& entry = m_entries[{instance, container}];
  if (containerId.empty()) {
    return;
  }
  const bool known = std::any_of(entry.containers.begin(), entry.containers.end(),
                                 [&](const auto& c) { return c.second == containerId; });
  if (known) {
    return;
  }
  entry.containers.emplace_back(m_next++, containerId);
  if (entry.containers.size() > kKept) {
    entry.containers.pop_front();
  }
  m_wake.notify_all();
}

void ContainerDirectory::finish(const model::InstanceId& instance) {
  const std::lock_guard lock(m_mutex);
  for (auto it = m_entries.lower_bound({instance, {}}); it != m_entries.end() && it->first.first == instance; ++it) {
    it->second.finished = true;
  }
  m_wake.notify_all();
}

void ContainerDirectory::forget(const model::InstanceId& instance) {
  const std::lock_guard lock(m_mutex);
  for (auto it = m_entries.lower_bound({instance, {}}); it != m_entries.end() && it->first.first == instance;) {
    it->second.finished = true;
    it->second.forgotten = true;
    it = it->second.readers.empty() ? m_entries.erase(it) : std::next(it); // else its last reader erases it
  }
  m_wake.notify_all();
}

std::string ContainerDirectory::current(const model::InstanceId& instance, const std::string& container) const {
  const std::lock_guard lock(m_mutex);
  const auto it = m_entries.find({instance, container});
  return it == m_entries.end() || it->second.containers.empty() ? std::string() : it->second.containers.back().second;
}

void ContainerDirectory::waitUntilRead(const std::string& containerId, int64_t maxMs, const base::CancelToken& cancel) {
  bool cancelled = false;
  const auto registration = cancel.onCancel([&] {
    const std::lock_guard lock(m_mutex);
    cancelled = true;
    m_wake.notify_all();
  });
  std::unique_lock lock(m_mutex);
  m_wake.wait_for(lock, std::chrono::milliseconds(maxMs), [&] {
    if (cancelled) {
      return true;
    }
    for (const auto& [key, entry] : m_entries) {
      for (const auto& [position, id] : entry.containers) {
        if (id == containerId) {
          return std::all_of(entry.readers.begin(), entry.readers.end(),
                             [p = position](uint64_t read) { return read >= p; });
        }
      }
    }
    return true;
  });
}

ContainerDirectory::Follower::Follower(ContainerDirectory& directory, model::InstanceId instance, std::string container)
    : m_directory(directory), m_key(std::move(instance), std::move(container)) {
  const std::lock_guard lock(m_directory.m_mutex);
  Entry& entry = m_directory.m_entries[m_key];
  // Earlier containers than the present one are history.
  const uint64_t before = entry.containers.empty() ? 0 : entry.containers.back().first - 1;
  m_position = entry.readers.insert(entry.readers.end(), before);
  m_given = before;
}

ContainerDirectory::Follower::~Follower() {
  const std::lock_guard lock(m_directory.m_mutex);
  const auto it = m_directory.m_entries.find(m_key);
  it->second.readers.erase(m_position);
  if (it->second.readers.empty() && it->second.forgotten) {
    m_directory.m_entries.erase(it);
  }
  m_directory.m_wake.notify_all();
}

std::optional<std::string> ContainerDirectory::Follower::next(const base::CancelToken& cancel) {
  bool cancelled = false;
  const auto registration = cancel.onCancel([&] {
    const std::lock_guard lock(m_directory.m_mutex);
    cancelled = true;
    m_directory.m_wake.notify_all();
  });
  std::unique_lock lock(m_directory.m_mutex);
  *m_position = m_given;
  m_directory.m_wake.notify_all();
  std::optional<std::string> found;
  m_directory.m_wake.wait(lock, [&] {
    const Entry& entry = m_directory.m_entries.at(m_key);
    const auto it = std::find_if(entry.containers.begin(), entry.containers.end(),
                                 [this](const auto& c) { return c.first > m_given; });
    if (it != entry.containers.end()) {
      found = it->second;
      m_given = it->first;
    }
    return found.has_value() || entry.finished || cancelled;
  });
  return cancelled ? std::nullopt : found;
}

bool ContainerDirectory::Follower::superseded() const {
  const std::lock_guard lock(m_directory.m_mutex);
  const Entry& entry = m_directory.m_entries.at(m_key);
  return entry.finished || (!entry.containers.empty() && entry.containers.back().first > m_given);
}

} // namespace univrs::agent
