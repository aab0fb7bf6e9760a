// The libp2p host of a node: listens, dials, keeps connections within bounds, agrees on protocols, and hands streams to
// whoever speaks them. Everything above (identify, ping, gossipsub, kad, relay, our own protocols) uses only this.
//
// One thread: the one it was made on, with a Qt event loop.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "engine/p2p/connection.h"
#include "engine/p2p/peer_store.h"
#include "engine/p2p/resources.h"
#include "engine/p2p/transport.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace univrs::p2p {

struct HostOptions {
  std::vector<Multiaddr> listen; // may hold wildcards and port 0
  std::string agent = "univrs/" UNIVRS_VERSION;
  std::string protocolVersion = "univrs/1.0.0";
  ResourceLimits limits;
  size_t lowWater = 64;      // connections are trimmed down to this many …
  size_t highWater = 192;    // … when there are more than this; protected peers stay
  std::string peerStoreFile; // empty: addresses are not kept over a restart
};

// A stream on which both sides agreed.
struct OpenedStream {
  Stream* stream = nullptr;
  PeerId peer;
  std::string protocol;
};

struct OpenOptions {
  bool dial = true;          // connect first when there is no connection
  bool allowLimited = false; // also over a relay that limits time and bytes
  std::chrono::milliseconds timeout{10'000};
};

// What may happen, told to whoever watches. Calls come from the event loop.
class HostObserver {
public:
  virtual ~HostObserver() = default;
  virtual void onConnected(const ConnectionInfo&, bool /*firstOfPeer*/) {}
  virtual void onDisconnected(const ConnectionInfo&, const base::Error&, bool /*lastOfPeer*/) {}
  // identify told us something about a connected peer (peerStore() has it): protocols, addresses, agent.
  virtual void onIdentified(const PeerId&) {}
  virtual void onOwnAddressesChanged() {}
};

// Gives the handler of an accepted stream; null refuses it (reset).
using ProtocolAcceptor = std::function<std::unique_ptr<StreamHandler>(const OpenedStream&)>;

class Host {
public:
  virtual ~Host() = default; // closes everything

  [[nodiscard]] virtual const Identity& identity() const = 0;
  [[nodiscard]] virtual const PeerId& id() const = 0;
  [[nodiscard]] virtual base::Now now() const = 0;
  [[nodiscard]] virtual base::Random& random() = 0;

  // Opens the listeners of the options. On failure none stays open, and the error says which address and why.
  virtual base::Result<void> start() = 0;
  // Where we can be reached, wildcards expanded, observed and relay addresses included, without /p2p/.
  [[nodiscard]] virtual std::vector<Multiaddr> addresses() const = 0;
  [[nodiscard]] virtual std::vector<Multiaddr> listenAddresses() const = 0; // only what our listeners really got
  // Under which peers saw us, also when one alone says so and whether or not others can dial it.
  [[nodiscard]] virtual std::vector<Multiaddr> observedAddresses() const = 0;
  // Further addresses that others should know of (relayed, mapped), under the name of who adds them.
  virtual void setExtraAddresses(const std::string& source, std::vector<Multiaddr> addresses) = 0;
  virtual void addTransport(std::unique_ptr<Transport> transport) = 0;

  // Speaks `protocol` from now on; identify tells the connected peers.
  virtual void handle(const std::string& protocol, ProtocolLimits limits, ProtocolAcceptor acceptor) = 0;
  virtual void unhandle(const std::string& protocol) = 0;
  [[nodiscard]] virtual std::vector<std::string> protocols() const = 0;

  // Connects to a peer (or says at once that it is connected). Addresses of the peer store are tried too. Happy
  // eyeballs: several at a time, staggered, QUIC first. Failed addresses back off with jitter. A dial asked for twice
  // is one dial.
  virtual void connect(const AddrInfo& to, std::function<void(base::Result<ConnectionInfo>)> done) = 0;
  // The same to just the addresses given and never over a relay, also when the peer is connected over one or an address
  // failed lately; a failure is held against none of them. For direct ways that were arranged with the peer (DCUtR).
  virtual void connectDirectly(const AddrInfo& to, std::function<void(base::Result<ConnectionInfo>)> done) = 0;
  // Sends one datagram to a QUIC address that opens the way through our NAT (QuicTransport::punch).
  virtual void punch(const Multiaddr& address) = 0;
  virtual void disconnect(const PeerId& peer, const std::string& reason) = 0;
  // Opens a stream and agrees on the first of `protocols` the peer speaks. `done` attaches a handler to the stream
  // before it returns.
  virtual void open(const PeerId& peer, std::vector<std::string> protocols, OpenOptions options,
                    std::function<void(base::Result<OpenedStream>)> done) = 0;

  [[nodiscard]] virtual bool isConnected(const PeerId& peer) const = 0;
  [[nodiscard]] virtual std::vector<Connection*> connections() const = 0;
  [[nodiscard]] virtual std::vector<Connection*> connectionsTo(const PeerId& peer) const = 0;
  [[nodiscard]] virtual PeerStore& peerStore() = 0;
  [[nodiscard]] virtual ResourceManager& resources() = 0;

  // A protected peer's connections are not trimmed; one protection per tag.
  virtual void protect(const PeerId& peer, const std::string& tag) = 0;
  virtual void unprotect(const PeerId& peer, const std::string& tag) = 0;
  // What a connection to this peer is worth when some must go; 0 by default, higher stays longer.
  virtual void setValue(const PeerId& peer, const std::string& tag, int value) = 0;

  virtual void addObserver(HostObserver* observer) = 0; // not owned; removed before it dies
  virtual void removeObserver(HostObserver* observer) = 0;
};

// The identity is copied by reference and must outlive the host. Transports QUIC and TCP are added by makeHost.
std::unique_ptr<Host> makeHost(const Identity& identity, HostOptions options, const base::Clock& clock,
                               base::Random& random);

} // namespace univrs::p2p
