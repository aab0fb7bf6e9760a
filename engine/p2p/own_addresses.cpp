#include "engine/p2p/own_addresses.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace univrs::p2p {

void OwnAddresses::setExtra(const std::string& source, std::vector<Multiaddr> addresses) {
  if (addresses.empty()) {
    m_extra.erase(source);
    return;
  }
  if (addresses.size() > kMaxExtraPerSource) {
    addresses.resize(kMaxExtraPerSource);
  }
  for (Multiaddr& a : addresses) {
    a = a.withoutPeer();
  }
  m_extra[source] = std::move(addresses);
}

void OwnAddresses::observe(const ConnectionInfo& connection, const Multiaddr& address, base::Timestamp now) {
  const Multiaddr seen = address.withoutPeer();
  const std::string observer = connection.remote.ip();
  if (connection.limited || connection.remote.isRelayed() || observer.empty() || connection.remote.isLoopback()) {
    return;
  }
  if (seen.ip().empty() || seen.isLoopback() || seen.isUnspecified() || seen.isRelayed() || seen.port() == 0 ||
      seen.isQuicV1() != connection.local.isQuicV1() || seen.isTcp() != connection.local.isTcp() ||
      seen.parts().size() != connection.local.withoutPeer().parts().size()) {
    return;
  }
  const bool ourPort = std::any_of(m_listening.begin(), m_listening.end(), [&](const Multiaddr& a) {
    return a.isQuicV1() == connection.local.isQuicV1() && a.port() == connection.local.port();
  });
  // An outbound TCP connection has a port of its own where nobody listens.
  if (!ourPort || (connection.direction == Direction::Outbound && !seen.isQuicV1())) {
    return;
  }
  if (!m_observed.contains(seen) && m_observed.size() >= kMaxObserved) {
    m_observed.erase(std::min_element(m_observed.begin(), m_observed.end(), [](const auto& a, const auto& b) {
      return a.second.observers.size() < b.second.observers.size();
    }));
  }
  auto& observers = m_observed[seen].observers;
  if (!observers.contains(observer) && observers.size() >= kMaxObservers) {
    observers.erase(std::min_element(observers.begin(), observers.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; }));
  }
  observers[observer] = now;
}

void OwnAddresses::expire(base::Timestamp now) {
  for (auto it = m_observed.begin(); it != m_observed.end();) {
    std::erase_if(it->second.observers, [now](const auto& o) { return now - o.second > kObservationAge; });
    it = it->second.observers.empty() ? m_observed.erase(it) : std::next(it);
  }
}

std::vector<Multiaddr> OwnAddresses::all() const {
  std::vector<Multiaddr> out;
  const auto add = [&out](const Multiaddr& a) {
    if (!a.empty() && std::find(out.begin(), out.end(), a) == out.end()) {
      out.push_back(a);
    }
  };
  for (const Multiaddr& a : m_listening) {
    if (!a.isUnspecified()) {
      add(a);
      continue;
    }
    for (const std::string& ip : m_interfaces) {
      const Multiaddr expanded = a.withIp(ip);
      // The IPv6 wildcard stands for IPv6 only: sockets are opened for one family each.
      if (!expanded.empty() && expanded.isIp6() == a.isIp6()) {
        add(expanded);
      }
    }
  }
  for (const auto& [address, observed] : m_observed) {
    if (observed.observers.size() >= kConfirmations) {
      add(address);
    }
  }
  for (const auto& [source, addresses] : m_extra) {
    for (const Multiaddr& a : addresses) {
      add(a);
    }
  }
  const auto distance = [](const Multiaddr& a) { return a.isLoopback() ? 2 : a.isPrivate() ? 1 : 0; };
  std::stable_sort(out.begin(), out.end(), [&](const Multiaddr& a, const Multiaddr& b) {
    return std::make_tuple(distance(a), a.isRelayed(), !a.isQuicV1()) <
           std::make_tuple(distance(b), b.isRelayed(), !b.isQuicV1());
  });
  if (out.size() > kMaxAddresses) {
    out.resize(kMaxAddresses);
  }
  return out;
}

} // namespace univrs::p2p
