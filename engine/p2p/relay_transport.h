// Circuit relay v2, the client: dials peers through a relay, and takes the circuits that relays bring us. A circuit is
// a stream to the relay with Noise and yamux inside, so the relay sees neither what is said nor can it pose as anybody.
#pragma once

#include "engine/p2p/host.h"
#include "engine/p2p/relay_message.h"
#include "engine/p2p/upgrader.h"

#include <functional>
#include <memory>

namespace univrs::p2p {

class RelayTransport final : public Transport {
public:
  static constexpr size_t kMaxInbound = 64;             // circuits that are being set up at one time
  static constexpr std::chrono::seconds kSetUpTime{10}; // for the relay's request, then for the handshake

  // The host is not owned and outlives this (it is the one this is added to). Circuits are taken from relays of which
  // `isOurRelay` is true only: those where we reserved a place.
  RelayTransport(Host& host, const base::Clock& clock, std::function<bool(const PeerId&)> isOurRelay);
  RelayTransport(const RelayTransport&) = delete;
  RelayTransport& operator=(const RelayTransport&) = delete;
  ~RelayTransport() override;

  // Nothing listens here: RelayReservations asks relays for places.
  [[nodiscard]] bool canListen(const Multiaddr&) const override { return false; }
  base::Result<Multiaddr> listen(const Multiaddr& address) override;
  void stopListening(const Multiaddr&) override {}
  // "…/p2p/RELAY/p2p-circuit/p2p/PEER"; one relay, not several.
  [[nodiscard]] bool canDial(const Multiaddr& address) const override;
  void setOnConnection(OnConnection callback) override;
  std::unique_ptr<Dial> dial(const Multiaddr& address, const std::optional<PeerId>& expected, OnDialed done) override;

private:
  class Attempt;
  class Handle;
  class Inbound;
  class Core;
  std::shared_ptr<Core> m_core;
};

} // namespace univrs::p2p
