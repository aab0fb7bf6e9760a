// QUIC v1 as a libp2p transport ("/ip4|ip6/…/udp/PORT/quic-v1"): listens on any number of addresses and dials from the
// sockets it listens on.
#pragma once

#include "engine/base/clock.h"
#include "engine/p2p/identity.h"
#include "engine/p2p/quic_options.h"
#include "engine/p2p/transport.h"

namespace univrs::p2p {

// Lives on one thread with a Qt event loop.
class QuicTransport final : public Transport {
public:
  // Makes the TLS certificate of this process. Gate and clock are kept by reference and outlive the transport.
  static base::Result<std::unique_ptr<QuicTransport>> make(const Identity& identity, InboundGate& gate,
                                                           const base::Clock& clock, QuicOptions options = {});
  ~QuicTransport() override;

  // IP addresses only; IPv6 zones are not understood.
  [[nodiscard]] bool canListen(const Multiaddr& address) const override;
  [[nodiscard]] bool canDial(const Multiaddr& address) const override;
  base::Result<Multiaddr> listen(const Multiaddr& address) override;
  void stopListening(const Multiaddr& address) override;
  void setOnConnection(OnConnection callback) override;
  std::unique_ptr<Dial> dial(const Multiaddr& address, const std::optional<PeerId>& expected, OnDialed done) override;

  // Sends one datagram of random bytes to `address`, from the socket a dial would leave from: opens the way through our
  // NAT for a peer that dials us at the same time (DCUtR). Nothing happens when there is no route.
  void punch(const Multiaddr& address) override;

  [[nodiscard]] const QuicStats& stats() const;

private:
  struct Impl;
  explicit QuicTransport(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> m_impl;
};

} // namespace univrs::p2p
