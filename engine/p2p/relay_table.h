// Who may be reached through this relay, and which circuits run: the counting and the limits, without any stream.
// Sans-IO.
#pragma once

#include "engine/base/clock.h"
#include "engine/p2p/relay_message.h"

#include <functional>
#include <map>
#include <string>
#include <unordered_map>

namespace univrs::p2p {

struct RelayServerLimits {
  size_t reservations = 128;
  size_t reservationsPerIp = 32; // one of a peer; behind one NAT there may be a whole office
  std::chrono::seconds reservationTime{3'600};
  size_t circuits = 512;
  size_t circuitsPerPeer = 16;                                    // from it and to it together
  RelayLimit strangers{std::chrono::seconds(120), 128u * 1024};   // as go and rust have it: enough to punch a hole
  RelayLimit members{std::chrono::hours(24), uint64_t(64) << 30}; // long streams of our own cluster
};

class RelayTable {
public:
  // `isMember` says whom the generous limits are for; null = nobody.
  RelayTable(RelayServerLimits limits, std::function<bool(const PeerId&)> isMember);

  // Takes or renews a place for a peer at this IP address. ReservationRefused when there is none; else Ok, and `until`.
  struct Granted {
    RelayStatus status = RelayStatus::ReservationRefused;
    base::Timestamp until;
  };
  Granted reserve(const PeerId& peer, const std::string& ip, base::Timestamp now);
  // The peer is not connected any more: its place is free.
  void forget(const PeerId& peer);
  [[nodiscard]] bool isReserved(const PeerId& peer, base::Timestamp now) const;

  // Takes a place for a circuit, or says why not. Each Ok is ended by one end().
  RelayStatus begin(const PeerId& from, const PeerId& to, base::Timestamp now);
  void end(const PeerId& from, const PeerId& to);
  // Both ends must be members for the generous limit.
  [[nodiscard]] RelayLimit limit(const PeerId& from, const PeerId& to) const;
  [[nodiscard]] RelayLimit limitOf(const PeerId& peer) const { return limit(peer, peer); }

  [[nodiscard]] size_t reservations() const { return m_reservations.size(); }
  [[nodiscard]] size_t circuits() const { return m_circuits; }

private:
  struct Place {
    std::string ip;
    base::Timestamp until;
  };
  void expire(base::Timestamp now);
  RelayServerLimits m_limits;
  std::function<bool(const PeerId&)> m_isMember;
  std::unordered_map<PeerId, Place> m_reservations;
  std::unordered_map<PeerId, size_t> m_circuitsOf;
  size_t m_circuits = 0;
};

} // namespace univrs::p2p
