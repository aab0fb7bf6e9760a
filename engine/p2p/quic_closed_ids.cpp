#include "engine/p2p/quic_closed_ids.h"

#include <bit>
#include <utility>

namespace univrs::p2p {

void QuicClosedIds::add(std::vector<QuicId> ids, base::Bytes close, uint64_t until, uint64_t now) {
  forget(now);
  auto entry = std::make_shared<Entry>();
  entry->ids = std::move(ids);
  entry->close = std::move(close);
  entry->until = until;
  for (const QuicId& id : entry->ids) {
    m_byId[id] = entry;
  }
  m_order.push_back(std::move(entry));
}

QuicClosedIds::Answer QuicClosedIds::look(const QuicId& id, uint64_t now) {
  forget(now);
  const auto found = m_byId.find(id);
  if (found == m_byId.end()) {
    return {};
  }
  Entry& entry = *found->second;
  // Packets 1, 2, 4, 8 … are answered: a peer that goes on sending learns it, a flood gets next to nothing.
  return {true,
          std::has_single_bit(++entry.packets) ? std::span<const uint8_t>(entry.close) : std::span<const uint8_t>()};
}

void QuicClosedIds::forget(uint64_t now) {
  // Their times differ, but only by round trips: one that waits behind a later one is kept that bit longer.
  while (!m_order.empty() && (m_order.size() >= kMaxConnections || m_order.front()->until <= now)) {
    for (const QuicId& id : m_order.front()->ids) {
      m_byId.erase(id);
    }
    m_order.pop_front();
  }
}

} // namespace univrs::p2p
