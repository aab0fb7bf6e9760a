#include "engine/service/backend_pool.h"

#include <algorithm>
#include <utility>

namespace univrs::service {

namespace {
constexpr auto kSuspectFor = std::chrono::seconds(1);
}

bool samePlace(const Backend& a, const Backend& b) {
  return a.port == b.port && a.instanceId == b.instanceId && a.address == b.address;
}

void BackendPool::set(const std::vector<Backend>& backends) {
  std::vector<Entry> entries;
  entries.reserve(backends.size());
  for (const Backend& backend : backends) {
    Entry entry{backend, {}};
    for (const Entry& old : m_entries) {
      if (samePlace(old.backend, backend)) {
        entry.suspectUntil = old.suspectUntil;
      }
    }
    entries.push_back(std::move(entry));
  }
  m_entries = std::move(entries);
}

std::optional<Backend> BackendPool::pick(const std::vector<Backend>& tried, SteadyTime now) {
  const size_t count = m_entries.size();
  std::optional<size_t> suspect;
  for (size_t step = 0; step < count; ++step) {
    const size_t index = (m_next + step) % count;
    const Entry& entry = m_entries[index];
    if (entry.backend.draining ||
        std::any_of(tried.begin(), tried.end(), [&entry](const Backend& b) { return samePlace(b, entry.backend); })) {
      continue;
    }
    if (entry.suspectUntil > now) {
      if (!suspect) {
        suspect = index;
      }
      continue;
    }
    m_next = index + 1;
    return entry.backend;
  }
  if (!suspect) {
    return std::nullopt;
  }
  m_next = *suspect + 1;
  return m_entries[*suspect].backend;
}

void BackendPool::markFailed(const Backend& backend, SteadyTime now) {
  for (Entry& entry : m_entries) {
    if (samePlace(entry.backend, backend)) {
      entry.suspectUntil = now + kSuspectFor;
    }
  }
}

bool BackendPool::contains(const Backend& backend) const {
  return std::any_of(m_entries.begin(), m_entries.end(),
                     [&backend](const Entry& entry) { return samePlace(entry.backend, backend); });
}

bool BackendPool::hasOpen() const {
  return std::any_of(m_entries.begin(), m_entries.end(), [](const Entry& entry) { return !entry.backend.draining; });
}

} // namespace univrs::service
