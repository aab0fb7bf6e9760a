#include "engine/pubsub/message_cache.h"

#include <algorithm>

namespace univrs::pubsub {

void MessageCache::put(const MessageId& id, const MessagePtr& message) {
  if (!m_messages.try_emplace(id, Entry{message, {}}).second) {
    return;
  }
  m_windows.front().push_back(id);
  m_bytes += message->data.size();
  while (m_messages.size() > kMaxMessages || (m_bytes > kMaxBytes && m_messages.size() > 1)) {
    dropOldest();
  }
}

MessagePtr MessageCache::get(const MessageId& id) const {
  const auto it = m_messages.find(id);
  return it == m_messages.end() ? nullptr : it->second.message;
}

MessagePtr MessageCache::give(const MessageId& id, const Peer& to, uint32_t limit) {
  const auto it = m_messages.find(id);
  if (it == m_messages.end()) {
    return nullptr;
  }
  auto& given = it->second.given;
  auto asker = given.find(to);
  if (asker == given.end()) {
    if (given.size() >= kMaxAskersPerMessage) {
      return nullptr;
    }
    asker = given.emplace(to, 0).first;
  }
  if (asker->second >= limit) {
    return nullptr;
  }
  ++asker->second;
  return it->second.message;
}

std::vector<MessageId> MessageCache::gossip(const Topic& topic) const {
  std::vector<MessageId> out;
  for (size_t w = 0; w < std::min(m_gossip, m_windows.size()); ++w) {
    for (const MessageId& id : m_windows[w]) {
      const auto it = m_messages.find(id);
      if (it != m_messages.end() && it->second.message->topic == topic) {
        out.push_back(id);
      }
    }
  }
  return out;
}

void MessageCache::shift() {
  for (const MessageId& id : m_windows.back()) {
    drop(id);
  }
  m_windows.pop_back();
  m_windows.emplace_front();
}

void MessageCache::drop(const MessageId& id) {
  const auto it = m_messages.find(id);
  if (it != m_messages.end()) {
    m_bytes -= it->second.message->data.size();
    m_messages.erase(it);
  }
}

void MessageCache::dropOldest() {
  for (auto w = m_windows.rbegin(); w != m_windows.rend(); ++w) {
    if (!w->empty()) {
      drop(w->front());
      w->pop_front();
      return;
    }
  }
}

} // namespace univrs::pubsub
