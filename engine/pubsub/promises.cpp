#include "engine/pubsub/promises.h"

namespace univrs::pubsub {

void Promises::add(const Peer& peer, const MessageId& id, base::Monotonic until) {
  if (m_count < kMaxWatched && m_watched[id].emplace(peer, until).second) {
    ++m_count;
  }
}

void Promises::fulfilled(const MessageId& id) {
  const auto it = m_watched.find(id);
  if (it != m_watched.end()) {
    m_count -= it->second.size();
    m_watched.erase(it);
  }
}

void Promises::forget(const Peer& peer) {
  for (auto it = m_watched.begin(); it != m_watched.end();) {
    m_count -= it->second.erase(peer);
    it = it->second.empty() ? m_watched.erase(it) : std::next(it);
  }
}

std::map<Peer, uint32_t> Promises::broken(base::Monotonic now) {
  std::map<Peer, uint32_t> out;
  for (auto it = m_watched.begin(); it != m_watched.end();) {
    m_count -= std::erase_if(it->second, [&](const auto& entry) {
      if (entry.second > now) {
        return false;
      }
      ++out[entry.first];
      return true;
    });
    it = it->second.empty() ? m_watched.erase(it) : std::next(it);
  }
  return out;
}

} // namespace univrs::pubsub
