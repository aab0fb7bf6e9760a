#include "engine/node/network_gossip.h"

#include "engine/base/log.h"
#include "engine/p2p/pubsub_wire.h"

#include <algorithm>
#include <map>

namespace univrs::node {

namespace {
constexpr int64_t kExpiryCheckMs = 30'000;

std::string textOf(const pubsub::Peer& peer) {
  const auto id = p2p::peerIdOf(peer);
  return id ? id->text() : std::string();
}
} // namespace

NetworkGossip::NetworkGossip(p2p::Host& host, std::string nodeName, commands::WatchHub& hub, OnNode onNode)
    : m_host(host), m_nodeName(std::move(nodeName)), m_hub(hub), m_onNode(std::move(onNode)), m_pubsub(host, {}) {
  m_timer.setSingleShot(true);
  QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { tellNeighbours(); });
}

NetworkGossip::~NetworkGossip() {
  m_pubsub.removeObserver(this);
}

base::Result<void> NetworkGossip::start() {
  pubsub::TopicOptions options;
  options.validate = true;
  // Anybody may speak on it, for itself: the author's signature was checked before.
  const auto judge = [](const pubsub::MessagePtr& message, const p2p::PeerId&,
                        const p2p::PubsubService::Answer& answer) {
    const auto author = p2p::peerIdOf(message->from);
    answer(author && p2p::Topology::decode(*author, message->data) ? pubsub::Verdict::Accept : pubsub::Verdict::Reject);
  };
  if (auto r = m_pubsub.setTopic(p2p::Topology::kTopic, options, judge); !r) {
    return r;
  }
  auto subscribed =
      m_pubsub.subscribe(p2p::Topology::kTopic, [this](const pubsub::MessagePtr& message, const p2p::PeerId&) {
        const auto author = p2p::peerIdOf(message->from);
        if (!author || *author == m_host.id()) {
          return;
        }
        if (auto node = p2p::Topology::decode(*author, message->data);
            node && m_topology.heard(*author, std::move(*node), m_host.now().steady)) {
          m_onNode(*author);
        }
      });
  if (!subscribed) {
    return subscribed.error();
  }
  m_pubsub.addObserver(this);
  connectionsChanged();
  return {};
}

void NetworkGossip::connectionsChanged() {
  std::map<p2p::PeerId, p2p::Topology::Neighbour> neighbours; // the best connection to each
  for (const p2p::Connection* c : m_host.connections()) {
    p2p::Topology::Neighbour n;
    n.peer = c->info().peer;
    n.rttMicros = c->rtt() ? c->rtt()->count() : -1;
    n.relayed = c->info().remote.isRelayed();
    const auto known = neighbours.find(n.peer);
    if (known == neighbours.end() || (known->second.relayed && !n.relayed)) {
      neighbours.insert_or_assign(n.peer, n);
    }
  }
  std::vector<p2p::Topology::Neighbour> list;
  list.reserve(neighbours.size());
  for (const auto& [id, n] : neighbours) {
    list.push_back(n);
  }
  m_topology.setOwn(m_nodeName, std::move(list), m_host.now().steady);
  scheduleNext();
}

void NetworkGossip::tellNeighbours() {
  const auto now = m_host.now().steady;
  for (const p2p::PeerId& gone : m_topology.expire(now)) {
    m_onNode(gone);
  }
  if (m_topology.nextDue() <= now) {
    connectionsChanged(); // round trips of now
    if (auto message = m_topology.due(now)) {
      if (const auto sent = m_pubsub.publish(p2p::Topology::kTopic, std::move(*message)); !sent) {
        base::log::warning("network", "the neighbours were not told", {{"error", sent.error().text()}});
      }
    }
  }
  scheduleNext();
}

void NetworkGossip::scheduleNext() {
  const int64_t wait = (m_topology.nextDue() - m_host.now().steady).count();
  m_timer.start(int(std::clamp<int64_t>(wait, 1, kExpiryCheckMs)));
}

std::vector<std::string> NetworkGossip::topics() const {
  return m_pubsub.router().topics();
}

std::vector<std::string> NetworkGossip::topicsOf(const p2p::PeerId& peer) const {
  std::vector<std::string> out;
  for (const auto& topic : m_pubsub.router().topics()) {
    const auto subscribers = m_pubsub.subscribers(topic);
    if (std::find(subscribers.begin(), subscribers.end(), peer) != subscribers.end()) {
      out.push_back(topic);
    }
  }
  return out;
}

void NetworkGossip::onNote(const pubsub::Note& note) {
  using Kind = pubsub::Note::Kind;
  const char* verdict = nullptr;
  switch (note.kind) {
  case Kind::Published:
    verdict = "published";
    break;
  case Kind::Received:
    verdict = "accepted";
    break;
  case Kind::Rejected:
    verdict = "rejected";
    break;
  case Kind::Ignored:
    verdict = "ignored";
    break;
  case Kind::Duplicate:
  case Kind::Subscribed:
  case Kind::Unsubscribed:
  case Kind::Grafted:
  case Kind::Pruned:
    return;
  }
  if (!note.message || !m_hub.isWatched(interfaces::Topic::Gossip)) {
    return;
  }
  model::GossipMessage message;
  message.id = base::hex(base::asBytes(note.id.str()));
  message.topic = note.topic;
  message.author = textOf(note.message->from);
  message.receivedFrom = note.peer.empty() ? std::string() : textOf(note.peer);
  message.verdict = verdict;
  message.reason = note.why;
  message.time = m_host.now().wall;
  message.seqno = note.message->seqno;
  message.bytes = int64_t(note.message->data.size());
  const auto shown = size_t(std::min(message.bytes, model::GossipMessage::kShownBytes));
  message.data.assign(note.message->data.begin(), note.message->data.begin() + std::ptrdiff_t(shown));
  m_hub.onGossip(std::move(message));
}

} // namespace univrs::node
