// The node's place on the peer-to-peer network: the libp2p host with what speaks over it, put together from the node's
// options, and its face for the outside (interfaces::Network) and for watchers (topics "peers" and "gossip").
//
// Thread: the engine's.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "engine/commands/watch_hub.h"
#include "engine/interfaces/network.h"
#include "engine/p2p/identity.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace univrs::p2p {
class Host;
class PeerId;
} // namespace univrs::p2p

namespace univrs::node {

struct NetworkOptions {
  uint16_t port = 9000;             // UDP and TCP; 0 = a free one
  bool portChosen = false;          // asked for; otherwise another is taken where this one is in use
  std::string listenIp;             // empty = all addresses, IPv4 and IPv6
  std::vector<std::string> connect; // multiaddrs of nodes to stay connected to
  bool bootstrap = false;           // others find the network through this node
  bool mdns = true;
  std::string nodeName; // told to others
};

class NetworkPart : public interfaces::Network {
public:
  // Listens and begins to dial. Errors: an address that cannot be listened on, a --connect that is no multiaddr.
  // `folder` keeps the known peers. The identity, clock, random and hub must outlive it.
  static base::Result<std::unique_ptr<NetworkPart>> start(const NetworkOptions& options, const p2p::Identity& identity,
                                                          const std::string& folder, commands::WatchHub& hub,
                                                          const base::Clock& clock, base::Random& random);
  // For the ready line: the QUIC address others should try first, with /p2p/ID.
  [[nodiscard]] virtual std::string address() const = 0;
  [[nodiscard]] virtual p2p::Host& host() = 0;
  // Who is a member of this node's cluster; nobody until it is said.
  virtual void setMembers(std::function<bool(const p2p::PeerId&)> isMember) = 0;
  // What is wrong, for the health report; empty when nothing is.
  [[nodiscard]] virtual std::string problem() const = 0;
};

} // namespace univrs::node
