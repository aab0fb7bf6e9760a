#include "engine/p2p/resources.h"

#include <cassert>

namespace univrs::p2p {

namespace {

// Who shares limits by address: one IPv4 address, or an IPv6 /56 (what one customer gets). Empty: not counted by
// address (loopback, circuits, which have the relay's address).
std::string groupOf(const Multiaddr& remote) {
  if (remote.parts().empty() || remote.isLoopback() || remote.isRelayed()) {
    return {};
  }
  const AddrPart& first = remote.parts().front();
  if (first.code == AddrCode::Ip4) {
    return first.value;
  }
  constexpr size_t kPrefixBytes = 7; // /56
  return first.code == AddrCode::Ip6 ? first.value.substr(0, kPrefixBytes) : std::string();
}

template <class Map, class Key>
void decrement(Map& map, const Key& key) {
  const auto it = map.find(key);
  assert(it != map.end() && it->second > 0);
  if (it != map.end() && --it->second == 0) {
    map.erase(it);
  }
}

template <class Map, class Key>
size_t countOf(const Map& map, const Key& key) {
  const auto it = map.find(key);
  return it == map.end() ? 0 : it->second;
}

bool isNothing(const ResourceUse& use) {
  return use.connectionsIn + use.connectionsOut + use.streamsIn + use.streamsOut + use.bytes == 0;
}

// Empty, or which limit one more connection would pass.
std::string connectionFault(const ResourceUse& use, const ScopeLimits& limits, bool inbound) {
  if (inbound && use.connectionsIn >= limits.connectionsIn) {
    return "inbound connections";
  }
  if (!inbound && use.connectionsOut >= limits.connectionsOut) {
    return "outbound connections";
  }
  return use.connectionsIn + use.connectionsOut >= limits.connections ? "connections" : "";
}

std::string streamFault(const ResourceUse& use, const ScopeLimits& limits, bool inbound) {
  if (inbound && use.streamsIn >= limits.streamsIn) {
    return "inbound streams";
  }
  if (!inbound && use.streamsOut >= limits.streamsOut) {
    return "outbound streams";
  }
  return use.streamsIn + use.streamsOut >= limits.streams ? "streams" : "";
}

} // namespace

ResourceManager::ResourceManager(ResourceLimits limits) : m_limits(limits) {}

base::Error ResourceManager::refuse(const std::string& scope, const std::string& why) {
  ++m_refused[scope + " " + why]; // both from closed sets of ours: the map cannot grow
  return base::makeError(base::ErrorCode::RateLimited, "no room for more " + why,
                         "the limit of the " + scope + " is reached");
}

bool ResourceManager::handshakeMayBegin(const Multiaddr& remote) {
  if (m_handshakes >= m_limits.handshakes) {
    refuse("system", "handshakes");
    return false;
  }
  if (const std::string group = groupOf(remote); !group.empty()) {
    if (countOf(m_handshakesByIp, group) >= m_limits.handshakesPerIp) {
      refuse("address", "handshakes");
      return false;
    }
    ++m_handshakesByIp[group];
  }
  ++m_handshakes;
  return true;
}

void ResourceManager::handshakeOver(const Multiaddr& remote) {
  assert(m_handshakes > 0);
  if (m_handshakes > 0) {
    --m_handshakes;
  }
  if (const std::string group = groupOf(remote); !group.empty()) {
    decrement(m_handshakesByIp, group);
  }
}

bool ResourceManager::underLoad() const {
  return m_handshakes >= m_limits.underLoadHandshakes;
}

base::Result<Reservation> ResourceManager::connection(const PeerId& peer, Direction direction,
                                                      const Multiaddr& remote) {
  const bool inbound = direction == Direction::Inbound;
  if (const auto fault = connectionFault(m_use, m_limits.system, inbound); !fault.empty()) {
    return refuse("system", fault);
  }
  if (const auto fault = connectionFault(use(peer), m_limits.peer, inbound); !fault.empty()) {
    return refuse("peer", fault);
  }
  const std::string group = inbound ? groupOf(remote) : std::string();
  if (!group.empty() && countOf(m_connectionsByIp, group) >= m_limits.connectionsPerIp) {
    return refuse("address", "inbound connections");
  }
  const auto counter = inbound ? &ResourceUse::connectionsIn : &ResourceUse::connectionsOut;
  add(peer, counter, 1);
  if (!group.empty()) {
    ++m_connectionsByIp[group];
  }
  return reservation([this, peer, counter, group] {
    subtract(peer, counter, 1);
    if (!group.empty()) {
      decrement(m_connectionsByIp, group);
    }
  });
}

base::Result<Reservation> ResourceManager::stream(const PeerId& peer, bool inbound) {
  if (const auto fault = streamFault(m_use, m_limits.system, inbound); !fault.empty()) {
    return refuse("system", fault);
  }
  if (const auto fault = streamFault(use(peer), m_limits.peer, inbound); !fault.empty()) {
    return refuse("peer", fault);
  }
  const auto counter = inbound ? &ResourceUse::streamsIn : &ResourceUse::streamsOut;
  add(peer, counter, 1);
  return reservation([this, peer, counter] { subtract(peer, counter, 1); });
}

base::Result<Reservation> ResourceManager::protocolStream(const std::string& protocol, const ProtocolLimits& limits,
                                                          const PeerId& peer) {
  if (countOf(m_byProtocol, protocol) >= limits.streamsIn) {
    return refuse("protocol", "inbound streams");
  }
  const std::pair<std::string, PeerId> both(protocol, peer);
  if (countOf(m_byProtocolAndPeer, both) >= limits.streamsInPerPeer) {
    return refuse("protocol and peer", "inbound streams");
  }
  ++m_byProtocol[protocol];
  ++m_byProtocolAndPeer[both];
  return reservation([this, both] {
    decrement(m_byProtocol, both.first);
    decrement(m_byProtocolAndPeer, both);
  });
}

base::Result<Reservation> ResourceManager::bytes(const PeerId& peer, size_t count) {
  const auto fits = [count](size_t used, size_t limit) { return used <= limit && count <= limit - used; };
  if (!fits(m_use.bytes, m_limits.system.bytes)) {
    return refuse("system", "bytes");
  }
  if (!fits(use(peer).bytes, m_limits.peer.bytes)) {
    return refuse("peer", "bytes");
  }
  if (count == 0) {
    return Reservation();
  }
  add(peer, &ResourceUse::bytes, count);
  return reservation([this, peer, count] { subtract(peer, &ResourceUse::bytes, count); });
}

Reservation ResourceManager::reservation(std::function<void()> giveBack) {
  return Reservation([alive = std::weak_ptr(m_alive), giveBack = std::move(giveBack)] {
    if (alive.lock()) {
      giveBack();
    }
  });
}

void ResourceManager::add(const PeerId& peer, size_t ResourceUse::*counter, size_t count) {
  m_use.*counter += count;
  m_byPeer[peer].*counter += count;
}

void ResourceManager::subtract(const PeerId& peer, size_t ResourceUse::*counter, size_t count) {
  m_use.*counter -= count;
  const auto it = m_byPeer.find(peer);
  assert(it != m_byPeer.end());
  if (it != m_byPeer.end()) {
    it->second.*counter -= count;
    if (isNothing(it->second)) {
      m_byPeer.erase(it);
    }
  }
}

ResourceUse ResourceManager::use() const {
  return m_use;
}

ResourceUse ResourceManager::use(const PeerId& peer) const {
  const auto it = m_byPeer.find(peer);
  return it == m_byPeer.end() ? ResourceUse{} : it->second;
}

} // namespace univrs::p2p
