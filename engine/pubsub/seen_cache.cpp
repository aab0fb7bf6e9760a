#include "engine/pubsub/seen_cache.h"

#include <utility>

namespace univrs::pubsub {

const SeenCache::Seen* SeenCache::find(const MessageId& id) const {
  const auto it = m_seen.find(id);
  return it == m_seen.end() ? nullptr : &it->second;
}

bool SeenCache::hasRoom(size_t bytes) const {
  return m_pending < kMaxPending && m_pendingBytes + bytes <= kMaxPendingBytes;
}

void SeenCache::insert(const MessageId& id, const Seen& seen) {
  if (m_seen.try_emplace(id, seen).second) {
    m_order.push_back(id);
    while (m_seen.size() > kMaxIds) {
      dropOldest();
    }
  }
}

void SeenCache::addPending(const MessageId& id, const Peer& from, const MessagePtr& message, base::Monotonic now) {
  if (has(id)) {
    return;
  }
  Seen seen;
  seen.at = now;
  seen.first = from;
  seen.message = message;
  ++m_pending;
  m_pendingBytes += message->data.size();
  insert(id, seen);
}

void SeenCache::addAccepted(const MessageId& id, base::Monotonic now) {
  Seen seen;
  seen.state = State::Accepted;
  seen.at = now;
  seen.judgedAt = now;
  insert(id, seen);
}

void SeenCache::addSender(const MessageId& id, const Peer& peer) {
  const auto it = m_seen.find(id);
  if (it != m_seen.end() && it->second.state == State::Pending && it->second.peers.size() < kMaxPeersPerMessage &&
      it->second.first != peer) {
    it->second.peers.insert(peer);
  }
}

std::optional<SeenCache::Seen> SeenCache::judge(const MessageId& id, State verdict, base::Monotonic now) {
  const auto it = m_seen.find(id);
  if (it == m_seen.end() || it->second.state != State::Pending) {
    return std::nullopt;
  }
  Seen& seen = it->second;
  --m_pending;
  m_pendingBytes -= seen.message->data.size();
  seen.state = verdict;
  seen.judgedAt = now;
  Seen out = seen;
  seen.message.reset();
  seen.peers.clear();
  return out;
}

void SeenCache::expire(base::Monotonic now) {
  while (!m_order.empty()) {
    const auto it = m_seen.find(m_order.front());
    if (it != m_seen.end() && it->second.at + m_ttl > now) {
      break;
    }
    dropOldest();
  }
  if (m_pending == 0) {
    return;
  }
  for (const MessageId& id : m_order) {
    const auto it = m_seen.find(id);
    if (it->second.at + kValidationTime > now) {
      break;
    }
    (void)judge(id, State::Ignored, now);
  }
}

void SeenCache::dropOldest() {
  const auto it = m_seen.find(m_order.front());
  m_order.pop_front();
  if (it == m_seen.end()) {
    return;
  }
  if (it->second.state == State::Pending) {
    --m_pending;
    m_pendingBytes -= it->second.message->data.size();
  }
  m_seen.erase(it);
}

} // namespace univrs::pubsub
