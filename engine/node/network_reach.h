// How others reach this node when they cannot dial it: circuit relays. A bootstrap node serves as one; any other node
// that strangers cannot dial, as peers who tried say (AutoNAT) or as its addresses let suppose until they did, keeps a
// place reserved at up to kRelays of the relays it is connected to, and the host then tells others the addresses that
// lead through them. With whom it is connected over a relay it arranges a direct connection (DCUtR). Bootstrap nodes
// and nodes that strangers can dial answer others who ask whether they can. Belongs to NetworkPart; one thread, the
// host's.
#pragma once

#include "engine/p2p/autonat_client.h"
#include "engine/p2p/autonat_server.h"
#include "engine/p2p/dcutr.h"
#include "engine/p2p/host.h"
#include "engine/p2p/relay_reservations.h"
#include "engine/p2p/relay_server.h"

#include <QTimer>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace univrs::node {

class NetworkReach final : public p2p::HostObserver {
public:
  static constexpr size_t kRelays = 2;

  // Adds the relay transport to `host`, which outlives this. `serve`: be a relay for others; circuits between two peers
  // of whom `isMember` is true carry everything, others' end after what a stranger may have (RelayServerLimits).
  NetworkReach(p2p::Host& host, const base::Clock& clock, bool serve, std::function<bool(const p2p::PeerId&)> isMember);
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

  void reachChanged();

  p2p::Host& m_host;
  const base::Clock& m_clock;
  const bool m_serve;
  p2p::Dcutr m_dcutr;
  p2p::AutonatClient m_autonat;
  std::unique_ptr<p2p::AutonatServer> m_autonatServer;
  std::unique_ptr<p2p::RelayServer> m_server;
  std::shared_ptr<p2p::RelayReservations> m_reservations; // the transport knows it weakly
  std::vector<p2p::PeerId> m_chosen;
  QTimer m_soon; // several events, one choice; and not inside the host's calls
};

} // namespace univrs::node
