// Which messages have been here, and how each was judged: a message is handled once, and who sends a bad one later is
// blamed like who sent it first. Sans-IO.
#pragma once

#include "engine/base/clock.h"
#include "engine/pubsub/message.h"

#include <deque>
#include <optional>
#include <set>
#include <unordered_map>

namespace univrs::pubsub {

class SeenCache {
public:
  static constexpr size_t kMaxIds = 131'072;             // beyond these the oldest are forgotten
  static constexpr size_t kMaxPeersPerMessage = 256;     // remembered while a message is being validated
  static constexpr size_t kMaxPending = 1'024;           // messages being validated at one time …
  static constexpr size_t kMaxPendingBytes = 64u << 20;  // … and their bytes
  static constexpr base::Millis kValidationTime{30'000}; // an answer later than this is not waited for

  enum class State { Pending, Accepted, Rejected, Ignored };
  struct Seen {
    State state = State::Pending;
    base::Monotonic at;       // first seen
    base::Monotonic judgedAt; // when Accepted
    Peer first;               // who brought it; empty for our own
    std::set<Peer> peers;     // who else sent it while it was pending
    MessagePtr message;       // while it is pending
  };

  explicit SeenCache(base::Millis ttl) : m_ttl(ttl) {}
  [[nodiscard]] const Seen* find(const MessageId& id) const;
  [[nodiscard]] bool has(const MessageId& id) const { return m_seen.count(id) != 0; }
  // False when too many are pending: the message must be dropped, unseen.
  [[nodiscard]] bool hasRoom(size_t bytes) const;
  void addPending(const MessageId& id, const Peer& from, const MessagePtr& message, base::Monotonic now);
  void addAccepted(const MessageId& id, base::Monotonic now);
  void addSender(const MessageId& id, const Peer& peer); // of a pending one
  // The verdict on a pending one; gives what was known of it. Nothing when it is not pending.
  std::optional<Seen> judge(const MessageId& id, State verdict, base::Monotonic now);
  void expire(base::Monotonic now);
  [[nodiscard]] size_t size() const { return m_seen.size(); }
  [[nodiscard]] size_t pending() const { return m_pending; }

private:
  void insert(const MessageId& id, const Seen& seen);
  void dropOldest();
  base::Millis m_ttl;
  std::unordered_map<MessageId, Seen> m_seen;
  std::deque<MessageId> m_order; // by time, oldest first
  size_t m_pending = 0;
  size_t m_pendingBytes = 0;
};

} // namespace univrs::pubsub
