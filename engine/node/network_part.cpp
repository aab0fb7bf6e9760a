#include "engine/node/network_part.h"

#include "engine/base/log.h"
#include "engine/node/network_gossip.h"
#include "engine/node/network_reach.h"
#include "engine/node/wanted_peers.h"
#include "engine/p2p/host.h"
#include "engine/p2p/kad_service.h"
#include "engine/p2p/mdns.h"
#include "engine/p2p/ping.h"

#include <QTimer>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace univrs::node {

namespace {
using base::ErrorCode;
using base::makeError;
using interfaces::NetworkInfo;
using interfaces::PingResult;
using interfaces::Reply;

constexpr size_t kMaxListedPeers = 1'000;
constexpr size_t kMaxShownProtocols = 256;
constexpr int kPortTries = 16;
constexpr uint16_t kFirstFreePort = 32'768; // Linux' ephemeral ports
constexpr uint64_t kFreePorts = 28'232;
constexpr int kFiguresMs = 2'000;           // how often watchers get new figures of the connections
constexpr size_t kConnectionsFromMdns = 32; // with so many, found ones are only remembered

std::vector<std::string> texts(const std::vector<p2p::Multiaddr>& addresses) {
  std::vector<std::string> out;
  out.reserve(addresses.size());
  for (const auto& a : addresses) {
    out.push_back(a.text());
  }
  return out;
}

// Where to listen: QUIC and TCP on each IP.
base::Result<std::vector<p2p::Multiaddr>> listenAddresses(const std::vector<std::string>& ips, uint16_t port) {
  std::vector<p2p::Multiaddr> out;
  for (const std::string& ip : ips) {
    for (auto address : {p2p::Multiaddr::quic(ip, port), p2p::Multiaddr::tcp(ip, port)}) {
      if (!address) {
        return makeError(ErrorCode::Validation, "The node cannot listen for other nodes",
                         "\"" + ip + "\" is no IP address", "give one of this machine's, as --listen 192.168.1.5");
      }
      out.push_back(std::move(*address));
    }
  }
  return out;
}

class NetworkPartImpl final : public NetworkPart, private p2p::HostObserver {
public:
  NetworkPartImpl(const p2p::Identity& identity, commands::WatchHub& hub, const base::Clock& clock,
                  base::Random& random)
      : m_identity(identity), m_hub(hub), m_clock(clock), m_random(random), m_startedAt(clock.now().wall) {}
  ~NetworkPartImpl() override {
    *m_alive = false;
    if (m_host) {
      m_host->removeObserver(this);
    }
  }
  NetworkPartImpl(const NetworkPartImpl&) = delete;
  NetworkPartImpl& operator=(const NetworkPartImpl&) = delete;

  base::Result<void> start(const NetworkOptions& options, const std::string& folder) {
    auto wanted = WantedPeers::read(options.connect);
    if (!wanted) {
      return wanted.error();
    }
    if (auto r = listenOn(options, folder); !r) {
      return r;
    }
    m_ping.emplace(*m_host);
    m_reach.emplace(*m_host, m_clock, options.bootstrap,
                    [this](const p2p::PeerId& peer) { return m_isMember && m_isMember(peer); });
    p2p::KadOptions kad;
    kad.bootstrap = *wanted;
    m_kad.emplace(*m_host, std::move(kad));
    m_kad->start();
    m_wanted.emplace(*m_host, std::move(*wanted));
    m_host->addObserver(this);
    m_gossip.emplace(*m_host, options.nodeName, m_hub, [this](const p2p::PeerId& id) { publish(id); });
    if (auto r = m_gossip->start(); !r) {
      return r;
    }
    m_timer.setInterval(kFiguresMs);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { takeFigures(); });
    m_timer.start();
    m_wanted->start();
    if (options.mdns) {
      startMdns();
    }
    return {};
  }

  std::string address() const override {
    const p2p::Multiaddr* best = nullptr;
    const auto listening = m_host->addresses();
    const auto rank = [](const p2p::Multiaddr& a) {
      return std::tuple(!a.isQuicV1(), a.isRelayed(), a.isLoopback(), a.isIp6(), a.isPrivate());
    };
    for (const auto& a : listening) {
      if (best == nullptr || rank(a) < rank(*best)) {
        best = &a;
      }
    }
    return best == nullptr ? std::string() : best->withPeer(m_host->id()).text();
  }

  p2p::Host& host() override { return *m_host; }
  void setMembers(std::function<bool(const p2p::PeerId&)> isMember) override { m_isMember = std::move(isMember); }
  std::string problem() const override { return m_wanted->problem(); }

  void networkInfo(Reply<NetworkInfo> reply) override {
    NetworkInfo info;
    info.peerId = m_host->id().text();
    info.did = m_identity.did();
    info.agent = "univrs/" UNIVRS_VERSION;
    info.listening = texts(m_host->listenAddresses());
    for (const auto& a : m_host->addresses()) {
      info.addresses.push_back(a.withPeer(m_host->id()).text());
    }
    info.protocols = m_host->protocols();
    info.startedAt = m_startedAt;
    info.knownPeers = int64_t(m_host->peerStore().peers().size());
    std::set<p2p::PeerId> connected;
    for (const p2p::Connection* c : m_host->connections()) {
      connected.insert(c->info().peer);
      const auto traffic = c->traffic();
      info.receivedBytes += int64_t(traffic.received);
      info.sentBytes += int64_t(traffic.sent);
      info.streams += int64_t(c->streamCount());
      ++(c->info().direction == p2p::Direction::Inbound ? info.connectionsIn : info.connectionsOut);
    }
    info.connectedPeers = int64_t(connected.size());
    info.topics = m_gossip->topics();
    const auto gossip = m_gossip->stats();
    info.messagesReceived = int64_t(gossip.router.delivered);
    info.messagesPublished = int64_t(gossip.router.published);
    for (const auto& [reason, count] : m_host->resources().refused()) {
      info.refused[reason] = int64_t(count);
    }
    answer(std::move(reply), base::Result(std::move(info)));
  }

  void listPeers(Reply<std::vector<model::Peer>> reply) override {
    std::vector<model::Peer> peers;
    std::set<p2p::PeerId> listed;
    for (const p2p::Connection* c : m_host->connections()) {
      if (peers.size() < kMaxListedPeers && listed.insert(c->info().peer).second) {
        peers.push_back(describe(c->info().peer));
      }
    }
    for (const auto& [id, node] : m_gossip->topology().nodes()) {
      if (peers.size() < kMaxListedPeers && listed.insert(id).second) {
        peers.push_back(describe(id));
      }
    }
    for (const auto& id : m_host->peerStore().peers()) {
      if (peers.size() < kMaxListedPeers && id != m_host->id() && listed.insert(id).second) {
        peers.push_back(describe(id));
      }
    }
    std::sort(peers.begin(), peers.end(), [](const model::Peer& a, const model::Peer& b) {
      return std::pair(!a.connected, a.id) < std::pair(!b.connected, b.id);
    });
    answer(std::move(reply), base::Result(std::move(peers)));
  }

  void pingPeer(std::string peer, Reply<PingResult> reply) override {
    if (!peer.empty() && peer.front() == '/') {
      const auto address = p2p::Multiaddr::fromText(peer);
      if (!address) {
        return answer(std::move(reply), base::Result<PingResult>(makeError(ErrorCode::Validation, "Nobody was pinged",
                                                                           address.error().text())));
      }
      p2p::AddrInfo to;
      to.peer = address->peer();
      to.addresses = {to.peer ? address->withoutPeer() : *address};
      return m_host->connect(
          to, [this, alive = m_alive, reply = std::move(reply)](const base::Result<p2p::ConnectionInfo>& connected) {
            if (!*alive) {
              return;
            }
            connected ? pingKnown(connected->peer, reply) : reply(connected.error());
          });
    }
    const auto id = findPeer(peer);
    if (!id) {
      return answer(std::move(reply), base::Result<PingResult>(id.error()));
    }
    pingKnown(*id, std::move(reply));
  }

private:
  base::Result<void> listenOn(const NetworkOptions& options, const std::string& folder) {
    base::Result<void> result;
    if (options.port != 0) {
      result = listen(options, folder, options.port);
      if (result || options.portChosen) {
        return result;
      }
      // Another program has the port nobody asked for by name: any other does as well.
      base::log::warning("network", "the port for other nodes is taken, another is used",
                         {{"port", std::to_string(options.port)}, {"error", result.error().text()}});
    }
    for (int i = 0; i < kPortTries; ++i) { // one number for QUIC and TCP, IPv4 and IPv6
      result = listen(options, folder, uint16_t(kFirstFreePort + m_random.below(kFreePorts)));
      if (result) {
        return result;
      }
    }
    return result;
  }

  base::Result<void> listen(const NetworkOptions& options, const std::string& folder, uint16_t port) {
    std::vector<std::string> ips{options.listenIp};
    if (options.listenIp.empty()) {
      ips = {"0.0.0.0", "::"};
    }
    auto result = listen(ips, folder, port);
    if (!result && ips.size() > 1) {
      ips.pop_back(); // a machine without IPv6
      result = listen(ips, folder, port);
    }
    return result;
  }

  base::Result<void> listen(const std::vector<std::string>& ips, const std::string& folder, uint16_t port) {
    auto addresses = listenAddresses(ips, port);
    if (!addresses) {
      return addresses.error();
    }
    p2p::HostOptions host;
    host.listen = std::move(*addresses);
    host.peerStoreFile = folder + "/peers.json";
    m_host = p2p::makeHost(m_identity, std::move(host), m_clock, m_random);
    auto started = m_host->start();
    if (!started) {
      m_host.reset();
    }
    return started;
  }

  // A PeerId, or the beginning of exactly one connected peer's.
  base::Result<p2p::PeerId> findPeer(const std::string& text) const {
    if (auto id = p2p::PeerId::fromText(text)) {
      return std::move(*id);
    }
    std::set<p2p::PeerId> matching;
    for (const p2p::Connection* c : m_host->connections()) {
      if (!text.empty() && c->info().peer.text().starts_with(text)) {
        matching.insert(c->info().peer);
      }
    }
    if (matching.size() == 1) {
      return *matching.begin();
    }
    return makeError(matching.empty() ? ErrorCode::NotFound : ErrorCode::Validation, "Nobody was pinged",
                     "\"" + text.substr(0, 64) + "\" is " +
                         (matching.empty() ? "neither a PeerId nor the beginning of a connected peer's"
                                           : "the beginning of " + std::to_string(matching.size()) + " peers' ids"),
                     "univrs peers lists them; a multiaddr works too");
  }

  void pingKnown(const p2p::PeerId& id, Reply<PingResult> reply) {
    p2p::OpenOptions options;
    options.allowLimited = true;
    m_ping->ping(id, options,
                 [this, alive = m_alive, id, reply = std::move(reply)](base::Result<std::chrono::microseconds> rtt) {
                   if (!*alive) {
                     return;
                   }
                   if (!rtt) {
                     return reply(rtt.error());
                   }
                   PingResult result;
                   result.peerId = id.text();
                   result.rttMicros = rtt->count();
                   if (const auto connections = m_host->connectionsTo(id); !connections.empty()) {
                     result.address = connections.front()->info().remote.text();
                   }
                   reply(std::move(result));
                 });
  }

  model::Peer describe(const p2p::PeerId& id) const {
    model::Peer peer;
    peer.id = id.text();
    if (const auto* facts = m_host->peerStore().facts(id)) {
      peer.agent = facts->agent;
      peer.protocolVersion = facts->protocolVersion;
      peer.protocols = facts->protocols;
      peer.seenAt = facts->seen;
    }
    if (peer.protocols.size() > kMaxShownProtocols) {
      peer.protocols.resize(kMaxShownProtocols);
    }
    for (const auto& known : m_host->peerStore().addresses(id)) {
      peer.addresses.push_back(known.address.text());
    }
    for (const p2p::Connection* c : m_host->connectionsTo(id)) {
      const auto& info = c->info();
      model::PeerConnection connection;
      connection.id = std::to_string(info.id);
      connection.inbound = info.direction == p2p::Direction::Inbound;
      connection.local = info.local.text();
      connection.remote = info.remote.text();
      connection.transport = info.transport;
      connection.security = info.security;
      connection.muxer = info.muxer;
      connection.relayed = info.remote.isRelayed();
      connection.openedAt = info.opened.wall;
      const auto traffic = c->traffic();
      connection.receivedBytes = int64_t(traffic.received);
      connection.sentBytes = int64_t(traffic.sent);
      connection.rttMicros = c->rtt() ? c->rtt()->count() : -1;
      connection.streams = int(c->streamCount());
      peer.connections.push_back(std::move(connection));
    }
    peer.connected = !peer.connections.empty();
    if (peer.connected) {
      peer.topics = m_gossip->topicsOf(id);
    }
    if (const auto it = m_gossip->topology().nodes().find(id); it != m_gossip->topology().nodes().end()) {
      peer.name = it->second.name;
      for (const auto& n : it->second.neighbours) {
        peer.neighbours.push_back({n.peer.text(), n.rttMicros, n.relayed});
      }
    }
    return peer;
  }

  void takeFigures() {
    if (!m_hub.isWatched(interfaces::Topic::Peers)) {
      return;
    }
    std::set<p2p::PeerId> connected;
    for (const p2p::Connection* c : m_host->connections()) {
      if (connected.insert(c->info().peer).second) {
        publish(c->info().peer);
      }
    }
  }

  // Tells the watchers when it differs from what they know: of connected peers, and of those that say whom they know.
  void publish(const p2p::PeerId& id) {
    if (!m_host->isConnected(id) && !m_gossip->topology().nodes().contains(id)) {
      if (m_told.erase(id) != 0) {
        m_hub.onPeerGone(id.text());
      }
      return;
    }
    model::Peer peer = describe(id);
    model::Peer& known = m_told[id];
    if (known != peer) {
      known = peer;
      m_hub.onPeer(std::move(peer));
    }
  }

  void startMdns() {
    m_mdns.emplace(
        p2p::MdnsSettings{m_host->id(), {}}, m_clock, m_random, [this] { return m_host->addresses(); },
        [this](const p2p::MdnsPeer& peer) { found(peer); });
    if (const auto r = m_mdns->start(); !r) {
      base::log::info("network", "other nodes of the local network are not looked for", {{"why", r.error().text()}});
      m_mdns.reset();
    }
  }

  // Somebody of the local network: worth a connection while there are few.
  void found(const p2p::MdnsPeer& peer) {
    if (peer.ttlSeconds == 0) {
      return; // it says goodbye: its connections say so too
    }
    m_host->peerStore().addAddresses(peer.id, peer.addresses, p2p::AddrSource::Mdns, m_clock.now().wall);
    if (!m_host->isConnected(peer.id) && m_host->connections().size() < kConnectionsFromMdns) {
      m_host->connect({peer.id, peer.addresses}, [](const base::Result<p2p::ConnectionInfo>&) {});
    }
  }

  void onConnected(const p2p::ConnectionInfo& info, bool first) override {
    if (first) {
      base::log::info("network", "peer connected", {{"peer", info.peer.text()}, {"address", info.remote.text()}});
    }
    m_gossip->connectionsChanged();
    publish(info.peer);
  }

  void onDisconnected(const p2p::ConnectionInfo& info, const base::Error& why, bool last) override {
    if (!last) {
      return publish(info.peer);
    }
    base::log::info("network", "peer disconnected", {{"peer", info.peer.text()}, {"why", why.text()}});
    m_gossip->connectionsChanged();
    publish(info.peer);
    m_wanted->disconnected();
  }

  void onIdentified(const p2p::PeerId& id) override { publish(id); }

  // Answers come later, never from inside the call.
  template <class T>
  void answer(Reply<T> reply, base::Result<T> value) {
    QMetaObject::invokeMethod(
        &m_timer, [reply = std::move(reply), value = std::move(value)] { reply(value); }, Qt::QueuedConnection);
  }

  const p2p::Identity& m_identity;
  commands::WatchHub& m_hub;
  const base::Clock& m_clock;
  base::Random& m_random;
  base::Timestamp m_startedAt;
  std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
  std::map<p2p::PeerId, model::Peer> m_told; // what watchers know
  std::function<bool(const p2p::PeerId&)> m_isMember;
  std::unique_ptr<p2p::Host> m_host;
  std::optional<p2p::Ping> m_ping;
  std::optional<NetworkReach> m_reach;
  std::optional<p2p::KadService> m_kad;
  std::optional<NetworkGossip> m_gossip;
  std::optional<WantedPeers> m_wanted;
  std::optional<p2p::MdnsService> m_mdns;
  QTimer m_timer;
};
} // namespace

base::Result<std::unique_ptr<NetworkPart>> NetworkPart::start(const NetworkOptions& options,
                                                              const p2p::Identity& identity, const std::string& folder,
                                                              commands::WatchHub& hub, const base::Clock& clock,
                                                              base::Random& random) {
  auto part = std::make_unique<NetworkPartImpl>(identity, hub, clock, random);
  if (auto r = part->start(options, folder); !r) {
    return r.error();
  }
  return std::unique_ptr<NetworkPart>(std::move(part));
}

} // namespace univrs::node
