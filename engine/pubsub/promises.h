// Messages that peers advertised and we asked for. Of each request one message, chosen at random, is watched: a peer
// that does not send it in time broke its promise.
#pragma once

#include "engine/base/clock.h"
#include "engine/pubsub/message.h"

#include <map>
#include <unordered_map>

namespace univrs::pubsub {

class Promises {
public:
  static constexpr size_t kMaxWatched = 16'384; // beyond these further requests go unwatched

  void add(const Peer& peer, const MessageId& id, base::Monotonic until);
  void fulfilled(const MessageId& id); // it came, from whomever
  void forget(const Peer& peer);
  // How many each peer broke since the last call; those are no longer watched.
  std::map<Peer, uint32_t> broken(base::Monotonic now);
  [[nodiscard]] size_t size() const { return m_count; }

private:
  std::unordered_map<MessageId, std::map<Peer, base::Monotonic>> m_watched;
  size_t m_count = 0;
};

} // namespace univrs::pubsub
