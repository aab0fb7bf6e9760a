#include "engine/p2p/relay_table.h"

#include <algorithm>
#include <utility>

namespace univrs::p2p {

RelayTable::RelayTable(RelayServerLimits limits, std::function<bool(const PeerId&)> isMember)
    : m_limits(limits), m_isMember(std::move(isMember)) {}

void RelayTable::expire(base::Timestamp now) {
  std::erase_if(m_reservations, [now](const auto& entry) { return entry.second.until <= now; });
}

RelayTable::Granted RelayTable::reserve(const PeerId& peer, const std::string& ip, base::Timestamp now) {
  expire(now);
  const auto known = m_reservations.find(peer);
  if (known == m_reservations.end()) {
    const auto sameIp = std::count_if(m_reservations.begin(), m_reservations.end(),
                                      [&ip](const auto& entry) { return entry.second.ip == ip; });
    if (m_reservations.size() >= m_limits.reservations || size_t(sameIp) >= m_limits.reservationsPerIp) {
      return {RelayStatus::ReservationRefused, {}};
    }
  }
  const auto until = now + std::chrono::duration_cast<base::Millis>(m_limits.reservationTime);
  m_reservations[peer] = {ip, until};
  return {RelayStatus::Ok, until};
}

void RelayTable::forget(const PeerId& peer) {
  m_reservations.erase(peer);
}

bool RelayTable::isReserved(const PeerId& peer, base::Timestamp now) const {
  const auto at = m_reservations.find(peer);
  return at != m_reservations.end() && at->second.until > now;
}

RelayStatus RelayTable::begin(const PeerId& from, const PeerId& to, base::Timestamp now) {
  if (from == to) {
    return RelayStatus::PermissionDenied;
  }
  if (!isReserved(to, now)) {
    return RelayStatus::NoReservation;
  }
  const auto countOf = [this](const PeerId& peer) {
    const auto at = m_circuitsOf.find(peer);
    return at == m_circuitsOf.end() ? size_t(0) : at->second;
  };
  if (m_circuits >= m_limits.circuits || countOf(from) >= m_limits.circuitsPerPeer ||
      countOf(to) >= m_limits.circuitsPerPeer) {
    return RelayStatus::ResourceLimitExceeded;
  }
  ++m_circuits;
  ++m_circuitsOf[from];
  ++m_circuitsOf[to];
  return RelayStatus::Ok;
}

void RelayTable::end(const PeerId& from, const PeerId& to) {
  for (const PeerId* peer : {&from, &to}) {
    const auto at = m_circuitsOf.find(*peer);
    if (at != m_circuitsOf.end() && --at->second == 0) {
      m_circuitsOf.erase(at);
    }
  }
  m_circuits -= std::min<size_t>(m_circuits, 1);
}

RelayLimit RelayTable::limit(const PeerId& from, const PeerId& to) const {
  return m_isMember && m_isMember(from) && m_isMember(to) ? m_limits.members : m_limits.strangers;
}

} // namespace univrs::p2p
