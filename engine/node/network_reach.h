// How others reach this node when they cannot dial it: circuit relays. A bootstrap node serves as one; any other node
// that has no public address keeps a place reserved at up to kRelays of the relays it is connected to, and the host
// then tells others the addresses that lead through them. Belongs to NetworkPart; one thread, the host's.
#pragma once

#include "engine/p2p/host.h"
#include "engine/p2p/relay_reservations.h"
#include "engine/p2p/relay_server.h"

#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

namespace univrs::node {

class NetworkReach final : public p2p::HostObserver {
public:
  static constexpr size_t kRelays = 2;

  // Adds the relay transport to `host`, which outlives this. `serve`: be a relay for others.
  NetworkReach(p2p::Host& host, const base::Clock& clock, bool serve);
  NetworkReach(const NetworkReach&) = delete;
  NetworkReach& operator=(const NetworkReach&) = delete;
  ~NetworkReach() override;

private:
  [[nodiscard]] bool needsRelay() const;
  [[nodiscard]] std::optional<p2p::AddrInfo> asRelay(const p2p::PeerId& peer) const;
  void choose();
  void chooseSoon() { m_soon.start(); }
  void onIdentified(const p2p::PeerId&) override { chooseSoon(); }
  void onDisconnected(const p2p::ConnectionInfo&, const base::Error&, bool) override { chooseSoon(); }
  void onOwnAddressesChanged() override { chooseSoon(); }

  p2p::Host& m_host;
  std::unique_ptr<p2p::RelayServer> m_server;
  std::shared_ptr<p2p::RelayReservations> m_reservations; // the transport knows it weakly
  std::vector<p2p::PeerId> m_chosen;
  QTimer m_soon; // several events, one choice; and not inside the host's calls
};

} // namespace univrs::node
