#include "engine/p2p/pubsub_service.h"

#include "engine/base/log.h"

#include <QPointer>

#include <algorithm>
#include <utility>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr ProtocolLimits kLimits{.streamsIn = 2'048, .streamsInPerPeer = 3}; // one, and a few that replace each other
constexpr size_t kFrameRoom = 128u << 10;                                    // beside the largest message in one RPC
constexpr int kMeshValue = 10; // what a place in one mesh makes a connection worth
constexpr int kMaxValue = 100;

// Groups connections for scoring: an IPv4 address, an IPv6 /56. Nothing for loopback (all our tests) and relays.
std::string originOf(const Multiaddr& remote) {
  if (remote.isLoopback() || remote.isRelayed() || remote.ip().empty()) {
    return {};
  }
  return remote.isIp6() ? base::hex(base::asBytes(remote.parts().front().value).first(7)) : remote.ip();
}

std::vector<std::string> protocolNames() {
  return {std::string(kMeshsub12), std::string(kMeshsub11), std::string(kMeshsub10)};
}

pubsub::RouterEnvironment environmentOf(Host& host) {
  pubsub::RouterEnvironment out;
  out.verify = checkMessage;
  out.signedRecord = [&host](const pubsub::Peer& peer) {
    const auto id = peerIdOf(peer);
    const PeerFacts* facts = id ? host.peerStore().facts(*id) : nullptr;
    return facts == nullptr ? base::Bytes{} : facts->signedRecord;
  };
  return out;
}

} // namespace

PubsubService::PubsubService(Host& host, PubsubOptions options)
    : m_host(host), m_router(pubsubPeer(host.id()), options.router, options.score, environmentOf(host), host.random()),
      m_seqno(uint64_t(host.now().wall.ms) * 1'000'000), m_maxFrame(options.router.maxMessageBytes + kFrameRoom) {
  for (const auto& protocol : protocolNames()) {
    m_host.handle(protocol, kLimits, [this](const OpenedStream& opened) { return accept(opened); });
  }
  m_host.addObserver(this);
  QObject::connect(&m_timer, &QTimer::timeout, this, [this] { heartbeat(); });
  m_timer.start(options.router.heartbeat);
  for (Connection* c : m_host.connections()) {
    onConnected(c->info(), true);
  }
}

PubsubService::~PubsubService() {
  m_host.removeObserver(this);
  for (const auto& protocol : protocolNames()) {
    m_host.unhandle(protocol);
  }
}

// ---- streams

PubsubService::Peer& PubsubService::known(const PeerId& id) {
  Peer& peer = m_peers[id];
  if (!peer.link) {
    peer.id = id;
    peer.link = std::make_unique<PubsubLink>(static_cast<PubsubLinkOwner&>(*this), id, m_maxFrame);
  }
  return peer;
}

void PubsubService::onConnected(const ConnectionInfo& info, bool) {
  if (!info.limited) {
    open(info.peer);
  }
}

void PubsubService::onDisconnected(const ConnectionInfo& info, const base::Error&, bool lastOfPeer) {
  if (lastOfPeer) {
    run(m_router.on(pubsub::PeerDisconnected{pubsubPeer(info.peer)}, now()));
    m_peers.erase(info.peer);
  }
}

void PubsubService::onIdentified(const PeerId& id) {
  const auto& store = m_host.peerStore();
  const auto names = protocolNames();
  if (!std::any_of(names.begin(), names.end(), [&](const auto& name) { return store.speaks(id, name); })) {
    return;
  }
  if (const auto it = m_peers.find(id); it != m_peers.end()) {
    it->second.failures = 0;
  }
  open(id);
}

void PubsubService::open(const PeerId& id) {
  Peer& peer = known(id);
  if (peer.opening || peer.link->hasOutbound() || peer.failures >= kMaxOpenFailures) {
    return;
  }
  peer.opening = true;
  OpenOptions options;
  options.dial = false;
  m_host.open(id, protocolNames(), options,
              [self = QPointer<PubsubService>(this), id](base::Result<OpenedStream> result) {
                if (self != nullptr) {
                  self->opened(id, std::move(result));
                } else if (result) {
                  result->stream->reset();
                }
              });
}

void PubsubService::opened(const PeerId& id, base::Result<OpenedStream> result) {
  const auto it = m_peers.find(id);
  if (it == m_peers.end()) {
    if (result) {
      result->stream->reset();
    }
    return;
  }
  Peer& peer = it->second;
  peer.opening = false;
  if (!result) {
    // A peer that does not speak it says so for good; anything else may pass (tried again with the heartbeat).
    peer.failures = result.error().code == ErrorCode::Unsupported ? kMaxOpenFailures : peer.failures + 1;
    if (peer.failures >= kMaxOpenFailures) {
      peer.link->dropQueue();
    }
    return;
  }
  peer.failures = 0;
  join(peer, result->protocol);
  peer.link->setOutbound(*result->stream);
}

std::unique_ptr<StreamHandler> PubsubService::accept(const OpenedStream& opened) {
  Peer& peer = known(opened.peer);
  join(peer, opened.protocol);
  // It speaks the protocol, whatever it said when we tried.
  peer.failures = 0;
  auto handler = peer.link->acceptInbound(*opened.stream);
  open(opened.peer);
  return handler;
}

// The router hears of a peer with the first stream either way; what it says waits until ours is open.
void PubsubService::join(Peer& peer, const std::string& protocol) {
  const auto connections = m_host.connectionsTo(peer.id);
  const ConnectionInfo* info = connections.empty() ? nullptr : &connections.front()->info();
  pubsub::PeerConnected event;
  event.peer = pubsubPeer(peer.id);
  event.outbound = info != nullptr && info->direction == Direction::Outbound;
  event.ip = info == nullptr ? std::string() : originOf(info->remote);
  event.understandsBackoff = protocol != kMeshsub10;
  event.understandsIdontwant = protocol == kMeshsub12;
  run(m_router.on(event, now()));
}

// Our stream was lost while the connection stays: the other side forgot what we said on it.
void PubsubService::onOutboundGone(const PeerId& id) {
  const auto it = m_peers.find(id);
  if (it == m_peers.end()) {
    return;
  }
  Peer& peer = it->second;
  ++peer.failures;
  peer.link->dropQueue();
  greet(peer);
}

void PubsubService::greet(Peer& peer) {
  const auto self = pubsubPeer(peer.id);
  for (const auto& topic : m_router.topics()) {
    pubsub::Control hello;
    hello.subscriptions.push_back({topic, true});
    if (m_router.isInMesh(topic, self)) {
      hello.graft.push_back(topic);
    }
    peer.link->send(PubsubLink::Class::Urgent, std::make_shared<const base::Bytes>(encodeRpc(hello)));
  }
}

void PubsubService::onRpc(const PeerId& from, std::span<const uint8_t> bytes) {
  ++m_stats.rpcsIn;
  m_stats.bytesIn += bytes.size();
  auto decoded = decodeRpc(bytes);
  if (!decoded) {
    ++m_stats.broken;
    base::log::debug("pubsub", decoded.error().text(), {{"peer", from.text()}});
    return;
  }
  m_stats.leftOut += decoded->leftOut;
  run(m_router.on(pubsub::RpcReceived{pubsubPeer(from), std::move(decoded->rpc)}, now()));
}

void PubsubService::onRpcSent(size_t bytes) {
  ++m_stats.rpcsOut;
  m_stats.bytesOut += bytes;
}

void PubsubService::heartbeat() {
  run(m_router.on(pubsub::Heartbeat{}, now()));
  std::vector<PeerId> missing;
  for (auto& [id, peer] : m_peers) {
    if (!peer.link->hasOutbound() && !peer.opening && peer.failures < kMaxOpenFailures) {
      missing.push_back(id);
    }
    value(peer);
  }
  for (const PeerId& id : missing) {
    open(id);
  }
}

// Connections that carry a mesh stay when some must go.
void PubsubService::value(Peer& peer) {
  int places = 0;
  const auto self = pubsubPeer(peer.id);
  for (const auto& topic : m_router.topics()) {
    places += m_router.isInMesh(topic, self) ? 1 : 0;
  }
  const int worth = std::min(places * kMeshValue, kMaxValue);
  if (worth != peer.value) {
    peer.value = worth;
    m_host.setValue(peer.id, "pubsub", worth);
  }
}

// ---- what the router wants

void PubsubService::run(pubsub::Effects effects) {
  for (pubsub::Effect& effect : effects) {
    if (const auto* control = std::get_if<pubsub::SendControl>(&effect)) {
      send(*control);
    } else if (const auto* message = std::get_if<pubsub::SendMessage>(&effect)) {
      send(*message);
    } else if (const auto* found = std::get_if<pubsub::Deliver>(&effect)) {
      deliver(*found);
    } else if (const auto* question = std::get_if<pubsub::Validate>(&effect)) {
      ask(*question);
    } else if (const auto* wish = std::get_if<pubsub::Connect>(&effect)) {
      dial(*wish);
    } else if (const auto* note = std::get_if<pubsub::Note>(&effect)) {
      for (PubsubObserver* observer : std::vector(m_observers)) {
        observer->onNote(*note);
      }
    }
  }
}

void PubsubService::send(const pubsub::SendControl& effect) {
  const auto id = peerIdOf(effect.to);
  const auto it = id ? m_peers.find(*id) : m_peers.end();
  if (it == m_peers.end()) {
    return;
  }
  PubsubLink& link = *it->second.link;
  const auto cls = effect.urgent ? PubsubLink::Class::Urgent : PubsubLink::Class::Gossip;
  if (!link.send(cls, std::make_shared<const base::Bytes>(encodeRpc(effect.control)))) {
    ++m_stats.dropped;
    if (effect.urgent && link.hasOutbound()) {
      ++m_stats.slowReset;
      link.resetOutbound();
      onOutboundGone(*id);
    }
  }
}

void PubsubService::send(const pubsub::SendMessage& effect) {
  const auto rpc = std::make_shared<const base::Bytes>(encodeRpc(*effect.message));
  const auto cls = effect.why == pubsub::SendMessage::Why::Own ? PubsubLink::Class::Own : PubsubLink::Class::Forward;
  for (const auto& to : effect.to) {
    const auto id = peerIdOf(to);
    const auto it = id ? m_peers.find(*id) : m_peers.end();
    if (it == m_peers.end()) {
      continue;
    }
    if (!it->second.link->send(cls, rpc)) {
      ++m_stats.dropped;
      continue;
    }
    for (PubsubObserver* observer : std::vector(m_observers)) {
      observer->onSent(*id, effect.id, effect.message);
    }
  }
}

void PubsubService::deliver(const pubsub::Deliver& effect) {
  const auto via = peerIdOf(effect.via);
  const auto it = m_subscribers.find(effect.message->topic);
  if (!via || it == m_subscribers.end()) {
    return;
  }
  for (const Subscriber& s : std::vector(it->second)) { // a handler may unsubscribe
    (*s.handler)(effect.message, *via);
  }
}

void PubsubService::ask(const pubsub::Validate& effect) {
  const auto answer = [self = QPointer<PubsubService>(this), id = effect.id](pubsub::Verdict verdict) {
    if (self != nullptr) {
      self->run(self->m_router.on(pubsub::Validated{id, verdict}, self->now()));
    }
  };
  const auto via = peerIdOf(effect.via);
  const auto it = m_validators.find(effect.message->topic);
  if (!via || it == m_validators.end()) {
    answer(pubsub::Verdict::Ignore);
    return;
  }
  const auto validator = it->second;
  (*validator)(effect.message, *via, answer);
}

void PubsubService::dial(const pubsub::Connect& effect) {
  const auto id = peerIdOf(effect.peer);
  if (!id || m_host.isConnected(*id)) {
    return;
  }
  AddrInfo to{*id, {}};
  if (!effect.signedRecord.empty()) {
    const auto record = openPeerRecord(effect.signedRecord);
    if (!record || record->peer != *id) {
      base::log::debug("pubsub", "a recommended peer was passed over: its record is not its own",
                       {{"peer", id->text()}});
      return;
    }
    to.addresses = record->addresses;
    m_host.peerStore().addAddresses(*id, record->addresses, AddrSource::SignedRecord, m_host.now().wall);
  }
  m_host.connect(to, [](const base::Result<ConnectionInfo>&) {}); // onConnected tells us when it worked
}

// ---- what the node wants

base::Result<void> PubsubService::setTopic(const pubsub::Topic& topic, pubsub::TopicOptions options,
                                           Validator validator) {
  options.validate = validator != nullptr;
  if (const auto set = m_router.setTopic(topic, std::move(options)); !set) {
    return set;
  }
  if (validator) {
    m_validators[topic] = std::make_shared<Validator>(std::move(validator));
  } else {
    m_validators.erase(topic);
  }
  return {};
}

base::Result<uint64_t> PubsubService::subscribe(const pubsub::Topic& topic, Handler handler) {
  const char* what = "the topic was not joined";
  if (topic.empty() || topic.size() > pubsub::kMaxTopicBytes) {
    return makeError(ErrorCode::Validation, what, "its name has not 1…512 bytes");
  }
  if (!m_router.isJoined(topic) && m_router.topics().size() >= pubsub::Router::kMaxTopics) {
    return makeError(ErrorCode::TooLarge, what, "this node is on 1,024 topics already", "leave one first");
  }
  const uint64_t id = m_nextSubscription++;
  m_subscribers[topic].push_back({id, std::make_shared<Handler>(std::move(handler))});
  if (!m_router.isJoined(topic)) {
    run(m_router.on(pubsub::Join{topic}, now()));
  }
  return id;
}

void PubsubService::unsubscribe(uint64_t subscription) {
  for (auto it = m_subscribers.begin(); it != m_subscribers.end(); ++it) {
    if (std::erase_if(it->second, [&](const Subscriber& s) { return s.id == subscription; }) != 0) {
      if (it->second.empty()) {
        const pubsub::Topic topic = it->first;
        m_subscribers.erase(it);
        run(m_router.on(pubsub::Leave{topic}, now()));
      }
      return;
    }
  }
}

base::Result<pubsub::MessageId> PubsubService::publish(const pubsub::Topic& topic, base::Bytes data) {
  const char* what = "the message was not published";
  if (topic.empty() || topic.size() > pubsub::kMaxTopicBytes) {
    return makeError(ErrorCode::Validation, what, "the topic's name has not 1…512 bytes");
  }
  if (data.size() > m_router.params().maxMessageBytes) {
    return makeError(ErrorCode::TooLarge, what,
                     "it has " + std::to_string(data.size()) + " bytes; " +
                         std::to_string(m_router.params().maxMessageBytes) + " are allowed");
  }
  const auto message = signMessage(m_host.identity(), topic, std::move(data), m_seqno++);
  auto id = m_router.idOf(*message);
  if (m_router.seen().has(id)) {
    return makeError(ErrorCode::Conflict, what, "the same content went over this topic a moment ago");
  }
  run(m_router.on(pubsub::Publish{message}, now()));
  return id;
}

void PubsubService::addObserver(PubsubObserver* observer) {
  m_observers.push_back(observer);
  m_router.setNotes(true);
}

void PubsubService::removeObserver(PubsubObserver* observer) {
  std::erase(m_observers, observer);
  m_router.setNotes(!m_observers.empty());
}

namespace {
std::vector<PeerId> idsOf(const std::vector<pubsub::Peer>& peers) {
  std::vector<PeerId> out;
  for (const auto& peer : peers) {
    if (auto id = peerIdOf(peer)) {
      out.push_back(std::move(*id));
    }
  }
  return out;
}
} // namespace

std::vector<PeerId> PubsubService::mesh(const pubsub::Topic& topic) const {
  return idsOf(m_router.mesh(topic));
}

std::vector<PeerId> PubsubService::subscribers(const pubsub::Topic& topic) const {
  return idsOf(m_router.subscribers(topic));
}

PubsubStats PubsubService::stats() const {
  PubsubStats out = m_stats;
  out.router = m_router.stats();
  out.peers = m_router.peers().size();
  for (const auto& [id, peer] : m_peers) {
    out.queuedBytes += peer.link->queuedBytes();
  }
  return out;
}

} // namespace univrs::p2p
