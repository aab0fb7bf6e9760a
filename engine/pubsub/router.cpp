#include "engine/pubsub/router.h"

#include <algorithm>
#include <utility>

namespace univrs::pubsub {

namespace {

// What an item costs on the wire: its bytes and at most this much of protobuf around it.
constexpr size_t kItemOverhead = 16;

bool isUrgent(const Control& c) {
  return !c.subscriptions.empty() || !c.graft.empty() || !c.prune.empty();
}

// Gathers items into control RPCs of bounded size.
class Packer {
public:
  Packer(const Peer& to, bool urgent, Effects& out) : m_to(to), m_urgent(urgent), m_out(out) {}
  ~Packer() { close(); }
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;

  Control& room(size_t bytes) {
    if (m_bytes != 0 && m_bytes + bytes + kItemOverhead > Router::kMaxControlBytes) {
      close();
    }
    m_bytes += bytes + kItemOverhead;
    return m_control;
  }

private:
  void close() {
    if (!m_control.empty()) {
      m_out.emplace_back(SendControl{m_to, std::exchange(m_control, {}), m_urgent});
    }
    m_bytes = 0;
  }
  const Peer& m_to;
  bool m_urgent;
  Effects& m_out;
  Control m_control;
  size_t m_bytes = 0;
};

size_t sizeOf(const Prune& p) {
  size_t n = p.topic.size() + kItemOverhead;
  for (const auto& e : p.peers) {
    n += e.peer.str().size() + e.signedRecord.size() + kItemOverhead;
  }
  return n;
}

} // namespace

Router::Router(Peer self, RouterParams params, ScoreParams score, RouterEnvironment environment, base::Random& random)
    : m_self(std::move(self)), m_params(params), m_environment(std::move(environment)), m_random(random),
      m_score(score), m_cache(params.historyWindows, params.gossipWindows), m_seen(params.seenTtl) {}

base::Result<void> Router::setTopic(const Topic& topic, TopicOptions options) {
  for (const auto& checked : {validate(options.mesh), validate(options.score)}) {
    if (!checked) {
      return checked;
    }
  }
  if (m_options.count(topic) == 0 && m_options.size() >= kMaxTopics) {
    return base::makeError(base::ErrorCode::TooLarge, "the topic was not set up", "there are 1,024 already");
  }
  m_score.setTopic(topic, options.score);
  m_options[topic] = std::move(options);
  return {};
}

base::Result<void> Router::setDefaults(TopicOptions options) {
  for (const auto& checked : {validate(options.mesh), validate(options.score)}) {
    if (!checked) {
      return checked;
    }
  }
  m_defaults = std::move(options);
  return {};
}

const TopicOptions& Router::options(const Topic& topic) const {
  const auto it = m_options.find(topic);
  return it == m_options.end() ? m_defaults : it->second;
}

void Router::useTopic(const Topic& topic) {
  if (m_options.count(topic) == 0) {
    m_score.setTopic(topic, m_defaults.score);
  }
}

void Router::setDirect(const Peer& peer, bool direct) {
  if (!direct) {
    m_direct.erase(peer);
  } else if (m_direct.size() < kMaxDirectPeers && peer != m_self) {
    m_direct.insert(peer);
    for (auto& [topic, mesh] : m_mesh) {
      if (mesh.erase(peer) != 0) {
        m_score.prune(peer, topic);
      }
    }
  }
}

MessageId Router::idOf(const Message& message) const {
  return options(message.topic).messageId(message);
}

Router::PeerState* Router::find(const Peer& peer) {
  const auto it = m_peers.find(peer);
  return it == m_peers.end() ? nullptr : &it->second;
}

Effects Router::on(const PeerConnected& e, base::Monotonic) {
  if (e.peer == m_self || m_peers.size() >= kMaxPeers || m_peers.count(e.peer) != 0) {
    return {};
  }
  PeerState& state = m_peers[e.peer];
  state.outbound = e.outbound;
  state.understandsBackoff = e.understandsBackoff;
  state.understandsIdontwant = e.understandsIdontwant;
  m_score.addPeer(e.peer, e.ip);
  auto& hello = m_control[e.peer].subscriptions;
  for (const auto& [topic, mesh] : m_mesh) {
    hello.push_back({topic, true});
  }
  return finish();
}

Effects Router::on(const PeerDisconnected& e, base::Monotonic now) {
  const auto it = m_peers.find(e.peer);
  if (it == m_peers.end()) {
    return {};
  }
  while (!it->second.topics.empty()) {
    const Topic topic = *it->second.topics.begin();
    unsubscribed(e.peer, it->second, topic);
  }
  m_promises.forget(e.peer);
  m_score.removePeer(e.peer, now);
  m_peers.erase(it);
  return finish();
}

Effects Router::on(const RpcReceived& e, base::Monotonic now) {
  PeerState* state = find(e.from);
  if (state == nullptr) {
    return {};
  }
  subscriptions(e.from, *state, e.rpc.control.subscriptions, now);
  if (!isDirect(e.from) && m_score.of(e.from) < m_score.params().thresholds.graylist) {
    ++m_stats.refused;
    return finish();
  }
  for (const MessagePtr& m : e.rpc.messages) {
    receive(e.from, m, now);
  }
  const Control& c = e.rpc.control;
  handleIhave(e.from, *state, c.ihave, now);
  handleIwant(e.from, *state, c.iwant);
  handleGraft(e.from, *state, c.graft, now);
  handlePrune(e.from, c.prune, now);
  handleIdontwant(*state, c.idontwant);
  return finish();
}

void Router::subscriptions(const Peer& from, PeerState& state, const std::vector<Subscription>& list,
                           base::Monotonic now) {
  for (const auto& s : list) {
    if (!s.subscribe) {
      unsubscribed(from, state, s.topic);
      continue;
    }
    if (!subscribed(from, state, s.topic)) {
      continue;
    }
    // A mesh that lacks peers does not wait for the heartbeat.
    const auto mesh = m_mesh.find(s.topic);
    if (mesh != m_mesh.end() && mesh->second.size() < options(s.topic).mesh.low &&
        mayGraft(s.topic, mesh->second, from, now)) {
      graft(s.topic, mesh->second, from, now, true);
    }
  }
}

bool Router::subscribed(const Peer& peer, PeerState& state, const Topic& topic) {
  if (state.topics.count(topic) != 0) {
    return false;
  }
  if (topic.empty() || topic.size() > kMaxTopicBytes || state.topics.size() >= kMaxTopicsPerPeer ||
      state.topicBytes + topic.size() > kMaxTopicBytesPerPeer) {
    return false;
  }
  state.topics.insert(topic);
  state.topicBytes += topic.size();
  m_subscribers[topic].insert(peer);
  note({Note::Kind::Subscribed, topic, peer, {}, nullptr, {}});
  return true;
}

void Router::unsubscribed(const Peer& peer, PeerState& state, const Topic& topic) {
  if (state.topics.erase(topic) == 0) {
    return;
  }
  state.topicBytes -= topic.size();
  if (const auto it = m_subscribers.find(topic); it != m_subscribers.end()) {
    it->second.erase(peer);
    if (it->second.empty()) {
      m_subscribers.erase(it);
    }
  }
  leaveMesh(topic, peer, "it left the topic");
  if (const auto it = m_fanout.find(topic); it != m_fanout.end()) {
    it->second.peers.erase(peer);
  }
  note({Note::Kind::Unsubscribed, topic, peer, {}, nullptr, {}});
}

// Urgent control first, since a GRAFT should arrive before what flows because of it; gossip last.
Effects Router::finish() {
  Effects urgent;
  Effects gossip;
  for (const auto& [to, control] : m_control) {
    flush(to, control, urgent, gossip);
  }
  m_control.clear();
  urgent.insert(urgent.end(), std::make_move_iterator(m_effects.begin()), std::make_move_iterator(m_effects.end()));
  urgent.insert(urgent.end(), std::make_move_iterator(gossip.begin()), std::make_move_iterator(gossip.end()));
  m_effects.clear();
  return urgent;
}

void Router::flush(const Peer& to, const Control& c, Effects& urgent, Effects& gossip) const {
  if (isUrgent(c)) {
    Packer pack(to, true, urgent);
    for (const auto& s : c.subscriptions) {
      pack.room(s.topic.size()).subscriptions.push_back(s);
    }
    for (const auto& t : c.graft) {
      pack.room(t.size()).graft.push_back(t);
    }
    for (const auto& p : c.prune) {
      pack.room(sizeOf(p)).prune.push_back(p);
    }
  }
  Packer pack(to, false, gossip);
  for (const auto& id : c.idontwant) {
    pack.room(id.str().size()).idontwant.push_back(id);
  }
  for (const auto& id : c.iwant) {
    pack.room(id.str().size()).iwant.push_back(id);
  }
  for (const auto& have : c.ihave) {
    for (const auto& id : have.ids) {
      // One IHAVE a topic in each RPC; the slack up to the peer's limit covers a topic repeated in the next one.
      auto& list = pack.room(id.str().size() + (id == have.ids.front() ? have.topic.size() : 0)).ihave;
      if (list.empty() || list.back().topic != have.topic) {
        list.push_back({have.topic, {}});
      }
      list.back().ids.push_back(id);
    }
  }
}

std::vector<Topic> Router::topics() const {
  std::vector<Topic> out;
  for (const auto& [topic, mesh] : m_mesh) {
    out.push_back(topic);
  }
  return out;
}

std::vector<Peer> Router::peers() const {
  std::vector<Peer> out;
  for (const auto& [peer, state] : m_peers) {
    out.push_back(peer);
  }
  return out;
}

std::vector<Peer> Router::mesh(const Topic& topic) const {
  const auto it = m_mesh.find(topic);
  return it == m_mesh.end() ? std::vector<Peer>() : std::vector<Peer>(it->second.begin(), it->second.end());
}

bool Router::isInMesh(const Topic& topic, const Peer& peer) const {
  const auto it = m_mesh.find(topic);
  return it != m_mesh.end() && it->second.count(peer) != 0;
}

std::vector<Peer> Router::fanout(const Topic& topic) const {
  const auto it = m_fanout.find(topic);
  return it == m_fanout.end() ? std::vector<Peer>()
                              : std::vector<Peer>(it->second.peers.begin(), it->second.peers.end());
}

std::vector<Peer> Router::subscribers(const Topic& topic) const {
  const auto it = m_subscribers.find(topic);
  return it == m_subscribers.end() ? std::vector<Peer>() : std::vector<Peer>(it->second.begin(), it->second.end());
}

} // namespace univrs::pubsub
