// Connection ids of connections that are over. For three probe timeouts their packets are still expected: those are
// answered with the CONNECTION_CLOSE again (closing, ever more rarely) or ignored (draining), instead of counting as
// those of a connection nobody knows.
#pragma once

#include "engine/base/encoding.h"
#include "engine/p2p/quic_id.h"

#include <deque>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

namespace univrs::p2p {

class QuicClosedIds {
public:
  static constexpr size_t kMaxConnections = 1'024; // of which ids are kept; the oldest go first

  // `close` is the packet to repeat; empty when the peer closed (draining). `until` in nanoseconds, steady clock.
  void add(std::vector<QuicId> ids, base::Bytes close, uint64_t until, uint64_t now);
  struct Answer {
    bool known = false;
    std::span<const uint8_t> repeat; // empty: say nothing; valid until the next call
  };
  Answer look(const QuicId& id, uint64_t now);
  [[nodiscard]] size_t size() const { return m_order.size(); }

private:
  struct Entry {
    std::vector<QuicId> ids;
    base::Bytes close;
    uint64_t until = 0;
    uint64_t packets = 0;
  };
  void forget(uint64_t now);
  std::deque<std::shared_ptr<Entry>> m_order;
  std::unordered_map<QuicId, std::shared_ptr<Entry>> m_byId;
};

} // namespace univrs::p2p
