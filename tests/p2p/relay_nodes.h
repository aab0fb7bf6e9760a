// Three hosts with real sockets on loopback, for tests: one behind a relay, one that dials it, and the relay.
#pragma once

#include "engine/p2p/relay_reservations.h"
#include "engine/p2p/relay_server.h"
#include "engine/p2p/relay_transport.h"
#include "tests/p2p/host_nodes.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace univrs::p2p::tests {

// A host that can be behind a relay and dial through one.
struct Client : TestHost {
  explicit Client(const char* listen = kQuic) : TestHost({listen}) {
    reservations = std::make_shared<RelayReservations>(*host);
    host->addTransport(
        std::make_unique<RelayTransport>(*host, clock, [weak = std::weak_ptr(reservations)](const PeerId& peer) {
          const auto ours = weak.lock();
          return ours && ours->isOurRelay(peer);
        }));
  }
  bool reserveAt(const TestHost& relay) {
    reservations->setRelays({relay.info()});
    reservations->tick();
    return waitFor([&] { return !reservations->addresses().empty(); });
  }
  std::shared_ptr<RelayReservations> reservations;
};

struct Circuit {
  explicit Circuit(const char* over = kQuic, RelayServerLimits limits = {})
      : relay({over}),
        server(std::make_unique<RelayServer>(
            *relay.host, limits,
            [this](const PeerId& peer) { return std::find(members.begin(), members.end(), peer) != members.end(); })),
        behind(over), dialler(over) {}
  // Where `behind` is said to be.
  [[nodiscard]] AddrInfo address() const { return {behind.host->id(), behind.reservations->addresses()}; }

  std::vector<PeerId> members;
  TestHost relay;
  std::unique_ptr<RelayServer> server;
  Client behind, dialler;
};

} // namespace univrs::p2p::tests
