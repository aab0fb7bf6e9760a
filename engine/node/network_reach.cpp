#include "engine/node/network_reach.h"

#include "engine/base/log.h"
#include "engine/p2p/relay_transport.h"

#include <algorithm>
#include <utility>

namespace univrs::node {

NetworkReach::NetworkReach(p2p::Host& host, const base::Clock& clock, bool serve,
                           std::function<bool(const p2p::PeerId&)> isMember)
    : m_host(host), m_clock(clock), m_serve(serve), m_dcutr(host), m_autonat(host, [this] { reachChanged(); }),
      m_reservations(std::make_shared<p2p::RelayReservations>(host)) {
  host.addTransport(std::make_unique<p2p::RelayTransport>(
      host, clock, [weak = std::weak_ptr(m_reservations)](const p2p::PeerId& peer) {
        const auto ours = weak.lock();
        return ours && ours->isOurRelay(peer);
      }));
  if (serve) {
    m_server = std::make_unique<p2p::RelayServer>(host, p2p::RelayServerLimits{}, std::move(isMember));
  }
  m_soon.setSingleShot(true);
  m_soon.setInterval(0);
  QObject::connect(&m_soon, &QTimer::timeout, &m_soon, [this] { choose(); });
  reachChanged();
  host.addObserver(this);
}

NetworkReach::~NetworkReach() {
  m_host.removeObserver(this);
}

void NetworkReach::reachChanged() {
  const bool answers = m_serve || m_autonat.verdict() == p2p::Reachability::Verdict::Public;
  if (answers && !m_autonatServer) {
    m_autonatServer = std::make_unique<p2p::AutonatServer>(m_host, m_clock);
  } else if (!answers) {
    m_autonatServer.reset();
  }
  chooseSoon();
}

// Whoever can be dialled needs none, and a relay serves others. Until peers have tried, a public address of our own is
// believed in.
bool NetworkReach::needsRelay() const {
  if (!m_server && m_autonat.verdict() != p2p::Reachability::Verdict::Unknown) {
    return m_autonat.verdict() == p2p::Reachability::Verdict::Private;
  }
  const auto own = m_host.addresses();
  return !m_server && std::none_of(own.begin(), own.end(), [](const p2p::Multiaddr& a) {
    return !a.isRelayed() && !a.isPrivate() && !a.isLoopback() && !a.ip().empty();
  });
}

std::optional<p2p::AddrInfo> NetworkReach::asRelay(const p2p::PeerId& peer) const {
  if (!m_host.peerStore().speaks(peer, p2p::kRelayHop)) {
    return std::nullopt;
  }
  for (const p2p::Connection* c : m_host.connectionsTo(peer)) {
    if (!c->info().remote.isRelayed()) {
      return p2p::AddrInfo{peer, {c->info().remote}};
    }
  }
  return std::nullopt;
}

void NetworkReach::choose() {
  std::vector<p2p::AddrInfo> relays;
  std::vector<p2p::PeerId> candidates = m_chosen; // those we have stay
  for (const p2p::Connection* c : m_host.connections()) {
    candidates.push_back(c->info().peer);
  }
  const bool needed = needsRelay();
  std::vector<p2p::PeerId> chosen;
  for (const auto& peer : candidates) {
    if (!needed || chosen.size() >= kRelays || std::find(chosen.begin(), chosen.end(), peer) != chosen.end()) {
      continue;
    }
    if (auto info = asRelay(peer)) {
      chosen.push_back(peer);
      relays.push_back(std::move(*info));
    }
  }
  if (chosen != m_chosen) {
    for (const auto& peer : chosen) {
      base::log::info("network", "a place is asked for at a relay", {{"relay", peer.text()}});
    }
    m_chosen = std::move(chosen);
    m_reservations->setRelays(relays);
    m_reservations->tick();
  }
}

} // namespace univrs::node
