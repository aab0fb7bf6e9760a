// Where this node can be reached: what its listeners got with wildcards expanded over the machine's interfaces, what
// peers saw us under, and what others of our parts add (relays, port mappings). Sans-IO.
#pragma once

#include "engine/base/clock.h"
#include "engine/p2p/connection.h"

#include <map>
#include <string>
#include <vector>

namespace univrs::p2p {

class OwnAddresses {
public:
  // An observed address counts when peers at so many different IP addresses saw us under it.
  static constexpr size_t kConfirmations = 2;
  static constexpr base::Millis kObservationAge{3'600'000}; // after the last time it was reported
  static constexpr size_t kMaxObserved = 64;                // addresses; the least confirmed goes first
  static constexpr size_t kMaxObservers = 8;                // remembered of one address
  static constexpr size_t kMaxAddresses = 64;               // told to others in all
  static constexpr size_t kMaxExtraPerSource = 16;

  // As the listeners answered; wildcards among them.
  void setListening(std::vector<Multiaddr> addresses) { m_listening = std::move(addresses); }
  [[nodiscard]] const std::vector<Multiaddr>& listening() const { return m_listening; }
  // IP addresses of the machine in text form, without link-local ones that need a zone.
  void setInterfaces(std::vector<std::string> ips) { m_interfaces = std::move(ips); }
  void setExtra(const std::string& source, std::vector<Multiaddr> addresses);
  // The peer of `connection` says that it sees us at `address`. Only what others could dial too is taken: the far end
  // of a QUIC connection that shares our listening port, or where an inbound connection reached us.
  void observe(const ConnectionInfo& connection, const Multiaddr& address, base::Timestamp now);
  void expire(base::Timestamp now);

  // Best for strangers first: public, then private, then loopback; without /p2p/.
  [[nodiscard]] std::vector<Multiaddr> all() const;

private:
  struct Observed {
    std::map<std::string, base::Timestamp> observers; // IP address -> last time
  };
  std::vector<Multiaddr> m_listening;
  std::vector<std::string> m_interfaces;
  std::map<std::string, std::vector<Multiaddr>> m_extra;
  std::map<Multiaddr, Observed> m_observed;
};

} // namespace univrs::p2p
