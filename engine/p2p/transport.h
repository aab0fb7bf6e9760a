// How connections come about: QUIC, TCP with Noise and yamux, circuits over relays. A transport gives only finished
// connections: authenticated, with the peer known.
#pragma once

#include "engine/p2p/connection.h"

#include <functional>
#include <memory>

namespace univrs::p2p {

// Asked before a transport spends anything on an inbound connection. Implemented by the host's resource manager.
class InboundGate {
public:
  virtual ~InboundGate() = default;
  // May another handshake from `remote` begin? A true answer holds one place until handshakeOver(remote) is called.
  virtual bool handshakeMayBegin(const Multiaddr& remote) = 0;
  virtual void handshakeOver(const Multiaddr& remote) = 0;
  // So many handshakes are under way that QUIC should ask for address validation (Retry) first.
  [[nodiscard]] virtual bool underLoad() const = 0;
};

// A dial under way. Destroying it gives it up; its callback is then never called.
class Dial {
public:
  virtual ~Dial() = default;
};

class Transport {
public:
  using OnConnection = std::function<void(std::unique_ptr<Connection>)>;
  using OnDialed = std::function<void(base::Result<std::unique_ptr<Connection>>)>;

  virtual ~Transport() = default; // closes its listeners; connections it gave must be gone before
  [[nodiscard]] virtual bool canListen(const Multiaddr& address) const = 0;
  // Only addresses with an IP: names are resolved by the host.
  [[nodiscard]] virtual bool canDial(const Multiaddr& address) const = 0;
  // Opens a listener; the answer is the address with the port it really got (a wildcard stays one; the host expands
  // it).
  virtual base::Result<Multiaddr> listen(const Multiaddr& address) = 0;
  virtual void stopListening(const Multiaddr& address) = 0; // as listen() answered; open connections stay
  // Called from the event loop for each finished inbound connection; the callee sets the handler at once.
  virtual void setOnConnection(OnConnection callback) = 0;
  // Dials one address (its /p2p/ end is ignored). With `expected`, another peer there is an error that names both ids.
  // The callback comes once, from the event loop, never from inside dial(). Gives up after kDialTimeout.
  virtual std::unique_ptr<Dial> dial(const Multiaddr& address, const std::optional<PeerId>& expected,
                                     OnDialed done) = 0;
  // Sends something to `address` that opens the way through our NAT for a peer that dials us at the same time, where
  // the transport has such a thing.
  virtual void punch(const Multiaddr& /*address*/) {}
  static constexpr std::chrono::seconds kDialTimeout{10};
};

} // namespace univrs::p2p
