// The last messages, by heartbeat: what IHAVE tells of and IWANT is answered from. Sans-IO.
#pragma once

#include "engine/pubsub/message.h"

#include <deque>
#include <map>
#include <unordered_map>

namespace univrs::pubsub {

class MessageCache {
public:
  static constexpr size_t kMaxMessages = 16'384;      // beyond these the oldest are dropped
  static constexpr size_t kMaxBytes = 64u << 20;      // of data, likewise
  static constexpr size_t kMaxAskersPerMessage = 256; // whose requests are counted; further peers get none

  MessageCache(size_t windows, size_t gossipWindows) : m_gossip(gossipWindows), m_windows(windows) {}

  void put(const MessageId& id, const MessagePtr& message);
  [[nodiscard]] MessagePtr get(const MessageId& id) const;
  // For an IWANT: null when the message is not here, or the peer had it `limit` times already.
  [[nodiscard]] MessagePtr give(const MessageId& id, const Peer& to, uint32_t limit);
  // Of the newest windows.
  [[nodiscard]] std::vector<MessageId> gossip(const Topic& topic) const;
  void shift(); // a heartbeat passed
  [[nodiscard]] size_t size() const { return m_messages.size(); }
  [[nodiscard]] size_t bytes() const { return m_bytes; }

private:
  struct Entry {
    MessagePtr message;
    std::map<Peer, uint32_t> given;
  };
  void drop(const MessageId& id);
  void dropOldest();
  size_t m_gossip;
  std::deque<std::deque<MessageId>> m_windows; // newest first
  std::unordered_map<MessageId, Entry> m_messages;
  size_t m_bytes = 0;
};

} // namespace univrs::pubsub
