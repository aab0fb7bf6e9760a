// The mesh of each topic: joining and leaving, GRAFT and PRUNE, and what the heartbeat does to keep it in shape.
#include "engine/pubsub/router.h"

#include <algorithm>
#include <utility>

namespace univrs::pubsub {

Effects Router::on(const Join& e, base::Monotonic now) {
  if (e.topic.empty() || e.topic.size() > kMaxTopicBytes || isJoined(e.topic) || m_mesh.size() >= kMaxTopics) {
    return {};
  }
  useTopic(e.topic);
  Mesh& mesh = m_mesh[e.topic];
  for (const auto& [peer, state] : m_peers) {
    m_control[peer].subscriptions.push_back({e.topic, true});
  }
  const size_t wanted = options(e.topic).mesh.wanted;
  if (const auto it = m_fanout.find(e.topic); it != m_fanout.end()) {
    const auto peers = std::move(it->second.peers);
    m_fanout.erase(it);
    for (const Peer& peer : peers) {
      if (mesh.size() < wanted && mayGraft(e.topic, mesh, peer, now)) {
        graft(e.topic, mesh, peer, now, true);
      }
    }
  }
  for (const Peer& peer : choose(e.topic, [&](const Peer& p) { return mayGraft(e.topic, mesh, p, now); })) {
    if (mesh.size() >= wanted) {
      break;
    }
    graft(e.topic, mesh, peer, now, true);
  }
  return finish();
}

Effects Router::on(const Leave& e, base::Monotonic now) {
  const auto it = m_mesh.find(e.topic);
  if (it == m_mesh.end()) {
    return {};
  }
  for (const auto& [peer, state] : m_peers) {
    m_control[peer].subscriptions.push_back({e.topic, false});
  }
  const Mesh mesh = it->second;
  for (const Peer& peer : mesh) {
    prune(e.topic, peer, m_params.unsubscribeBackoff, false, now, "we left the topic");
  }
  m_mesh.erase(it);
  return finish();
}

bool Router::mayGraft(const Topic& topic, const Mesh& mesh, const Peer& peer, base::Monotonic now) const {
  return mesh.count(peer) == 0 && !isDirect(peer) && m_peers.count(peer) != 0 &&
         !m_backoff.holds(topic, peer, now, m_params.backoffSlack) && m_score.of(peer) >= 0;
}

void Router::graft(const Topic& topic, Mesh& mesh, const Peer& peer, base::Monotonic now, bool tell) {
  mesh.insert(peer);
  m_score.graft(peer, topic, now);
  ++m_stats.grafts;
  if (tell) {
    m_control[peer].graft.push_back(topic);
  }
  note({Note::Kind::Grafted, topic, peer, {}, nullptr, {}});
}

void Router::leaveMesh(const Topic& topic, const Peer& peer, const char* why) {
  const auto it = m_mesh.find(topic);
  if (it != m_mesh.end() && it->second.erase(peer) != 0) {
    m_score.prune(peer, topic);
    ++m_stats.prunes;
    note({Note::Kind::Pruned, topic, peer, {}, nullptr, why});
  }
}

// Says PRUNE to the peer, with the backoff that we keep too, and takes it out of the mesh if it is there.
void Router::prune(const Topic& topic, const Peer& peer, base::Millis backoff, bool exchange, base::Monotonic now,
                   const char* why) {
  leaveMesh(topic, peer, why);
  const PeerState* state = find(peer);
  if (state == nullptr) {
    return;
  }
  m_backoff.set(topic, peer, now + backoff);
  Prune out{topic, {}, 0};
  if (state->understandsBackoff) {
    out.backoffSeconds = uint64_t(backoff.count() / 1'000);
    if (exchange && m_params.prunePeers > 0 && m_environment.signedRecord) {
      for (const Peer& other : choose(topic, [&](const Peer& p) { return p != peer && m_score.of(p) >= 0; })) {
        auto record = m_environment.signedRecord(other);
        if (!record.empty() && record.size() <= kMaxRecordBytes) {
          out.peers.push_back({other, std::move(record)});
        }
        if (out.peers.size() >= m_params.prunePeers) {
          break;
        }
      }
    }
  }
  m_control[peer].prune.push_back(std::move(out));
}

void Router::handleGraft(const Peer& from, PeerState& state, const std::vector<Topic>& topics, base::Monotonic now) {
  for (const Topic& topic : topics) {
    const auto it = m_mesh.find(topic);
    if (it == m_mesh.end()) {
      continue; // answering would let anybody make us talk about topics we never heard of
    }
    Mesh& mesh = it->second;
    if (mesh.count(from) != 0) {
      continue;
    }
    (void)subscribed(from, state, topic); // who grafts is subscribed, even if its word was lost
    if (state.topics.count(topic) == 0) {
      continue; // above the limits of a peer's topics
    }
    if (isDirect(from)) {
      prune(topic, from, m_params.pruneBackoff, false, now, "direct peers are not in the mesh");
      continue;
    }
    if (const auto until = m_backoff.until(topic, from); until && now < *until) {
      m_score.addPenalty(from, 1);
      if (now < *until + (m_params.graftFloodThreshold - m_params.pruneBackoff)) {
        m_score.addPenalty(from, 1);
      }
      prune(topic, from, m_params.pruneBackoff, false, now, "it grafted too early");
      continue;
    }
    if (m_score.of(from) < 0) {
      prune(topic, from, m_params.pruneBackoff, false, now, "its score is negative");
      continue;
    }
    if (mesh.size() >= options(topic).mesh.high && !state.outbound) {
      prune(topic, from, m_params.pruneBackoff, true, now, "the mesh is full");
      continue;
    }
    graft(topic, mesh, from, now, false);
  }
}

void Router::handlePrune(const Peer& from, const std::vector<Prune>& prunes, base::Monotonic now) {
  for (const Prune& p : prunes) {
    if (!isJoined(p.topic)) {
      continue;
    }
    leaveMesh(p.topic, from, "it pruned us");
    m_backoff.set(p.topic, from, now + Backoff::fromWire(p.backoffSeconds, m_params.pruneBackoff));
    if (!p.peers.empty() && m_score.of(from) >= m_score.params().thresholds.acceptPeerExchange) {
      takeExchanged(p.peers);
    }
  }
}

void Router::takeExchanged(const std::vector<ExchangedPeer>& peers) {
  if (m_params.prunePeers == 0) {
    return;
  }
  std::vector<const ExchangedPeer*> good;
  for (const auto& e : peers) {
    if (!e.peer.empty() && e.peer != m_self && m_peers.count(e.peer) == 0 && !e.signedRecord.empty() &&
        e.signedRecord.size() <= kMaxRecordBytes) {
      good.push_back(&e);
    }
  }
  shuffle(good);
  good.resize(std::min(good.size(), m_params.prunePeers));
  for (const auto* e : good) {
    if (m_exchanged >= kMaxExchangedPerHeartbeat) {
      return;
    }
    ++m_exchanged;
    m_effects.emplace_back(Connect{e->peer, e->signedRecord});
  }
}

Effects Router::on(const Heartbeat&, base::Monotonic now) {
  m_backoff.expire(now, m_params.backoffSlack);
  m_exchanged = 0;
  const bool dialDirect = m_params.directConnectTicks > 0 && m_ticks % m_params.directConnectTicks == 0;
  ++m_ticks;
  for (auto& [peer, state] : m_peers) {
    state.ihaveMessages = state.askedIds = state.idontwantIds = state.answeredBytes = 0;
    std::erase_if(state.unwanted, [this](const auto& entry) { return entry.second <= m_ticks; });
  }
  if (!m_decayed) {
    m_decayed = true;
    m_lastDecay = now;
  }
  // Half a heartbeat of tolerance: a timer that fires a little early must not halve the pace.
  if (now - m_lastDecay + m_params.heartbeat / 2 >= m_score.params().decayInterval) {
    m_lastDecay = now;
    m_score.refresh(now);
  }
  for (const auto& [peer, count] : m_promises.broken(now)) {
    m_stats.brokenPromises += count;
    m_score.addPenalty(peer, count);
  }
  if (dialDirect) {
    for (const Peer& peer : m_direct) {
      if (m_peers.count(peer) == 0) {
        m_effects.emplace_back(Connect{peer, {}});
      }
    }
  }
  for (auto& [topic, mesh] : m_mesh) {
    keepMesh(topic, mesh, now);
    emitGossip(topic, mesh);
  }
  keepFanout(now);
  for (const auto& [topic, fan] : m_fanout) {
    emitGossip(topic, fan.peers);
  }
  m_cache.shift();
  m_seen.expire(now);
  return finish();
}

void Router::keepMesh(const Topic& topic, Mesh& mesh, base::Monotonic now) {
  const MeshSizes& sizes = options(topic).mesh;
  std::vector<Peer> bad;
  std::copy_if(mesh.begin(), mesh.end(), std::back_inserter(bad), [this](const Peer& p) { return m_score.of(p) < 0; });
  for (const Peer& peer : bad) {
    prune(topic, peer, m_params.pruneBackoff, false, now, "its score is negative");
  }
  if (mesh.size() < sizes.low) {
    for (const Peer& peer : choose(topic, [&](const Peer& p) { return mayGraft(topic, mesh, p, now); })) {
      if (mesh.size() >= sizes.wanted) {
        break;
      }
      graft(topic, mesh, peer, now, true);
    }
  } else if (mesh.size() > sizes.high) {
    trimMesh(topic, mesh, now);
  }
  // Peers we chose ourselves: whoever dials us in masses cannot surround us.
  if (mesh.size() >= sizes.low && sizes.outbound > 0) {
    auto outbound =
        size_t(std::count_if(mesh.begin(), mesh.end(), [this](const Peer& p) { return m_peers.at(p).outbound; }));
    if (outbound < sizes.outbound) {
      for (const Peer& peer :
           choose(topic, [&](const Peer& p) { return m_peers.at(p).outbound && mayGraft(topic, mesh, p, now); })) {
        if (outbound >= sizes.outbound) {
          break;
        }
        graft(topic, mesh, peer, now, true);
        ++outbound;
      }
    }
  }
  if (m_params.opportunisticGraftTicks > 0 && m_ticks % m_params.opportunisticGraftTicks == 0 && mesh.size() > 1) {
    graftBetter(topic, mesh, now);
  }
}

void Router::trimMesh(const Topic& topic, Mesh& mesh, base::Monotonic now) {
  const MeshSizes& sizes = options(topic).mesh;
  std::vector<Peer> peers(mesh.begin(), mesh.end());
  shuffle(peers);
  std::map<Peer, double> scores;
  for (const Peer& p : peers) {
    scores[p] = m_score.of(p);
  }
  std::stable_sort(peers.begin(), peers.end(), [&](const Peer& a, const Peer& b) { return scores[a] > scores[b]; });
  const size_t best = std::min(sizes.best, sizes.wanted);
  std::vector<Peer> rest(peers.begin() + ptrdiff_t(best), peers.end());
  shuffle(rest);
  std::copy(rest.begin(), rest.end(), peers.begin() + ptrdiff_t(best));
  const auto isOutbound = [this](const Peer& p) { return m_peers.at(p).outbound; };
  const auto keptEnd = peers.begin() + ptrdiff_t(sizes.wanted);
  auto outbound = size_t(std::count_if(peers.begin(), keptEnd, isOutbound));
  // Outbound peers from among those about to go take the places of the last inbound ones that would have stayed.
  for (size_t place = sizes.wanted; place-- > 0 && outbound < sizes.outbound;) {
    const auto other = std::find_if(keptEnd, peers.end(), isOutbound);
    if (other == peers.end()) {
      break;
    }
    if (!isOutbound(peers[place])) {
      std::swap(peers[place], *other);
      ++outbound;
    }
  }
  for (auto it = keptEnd; it != peers.end(); ++it) {
    prune(topic, *it, m_params.pruneBackoff, true, now, "the mesh is too large");
  }
}

void Router::graftBetter(const Topic& topic, Mesh& mesh, base::Monotonic now) {
  std::vector<double> scores;
  for (const Peer& p : mesh) {
    scores.push_back(m_score.of(p));
  }
  const auto middle = scores.begin() + ptrdiff_t(scores.size() / 2);
  std::nth_element(scores.begin(), middle, scores.end());
  const double median = *middle;
  if (median >= m_score.params().thresholds.opportunisticGraft) {
    return;
  }
  size_t left = m_params.opportunisticGraftPeers;
  for (const Peer& peer :
       choose(topic, [&](const Peer& p) { return mayGraft(topic, mesh, p, now) && m_score.of(p) > median; })) {
    if (left-- == 0) {
      break;
    }
    graft(topic, mesh, peer, now, true);
  }
}

void Router::keepFanout(base::Monotonic now) {
  std::erase_if(m_fanout, [&](const auto& f) { return f.second.lastPublished + m_params.fanoutTtl <= now; });
  const double threshold = m_score.params().thresholds.publish;
  for (auto& [topic, fan] : m_fanout) {
    std::erase_if(fan.peers, [&](const Peer& p) { return m_score.of(p) < threshold; });
    const size_t wanted = options(topic).mesh.wanted;
    if (fan.peers.size() >= wanted) {
      continue;
    }
    for (const Peer& peer : choose(topic, [&, &peers = fan.peers](const Peer& p) {
           return peers.count(p) == 0 && !isDirect(p) && m_score.of(p) >= threshold;
         })) {
      if (fan.peers.size() >= wanted) {
        break;
      }
      fan.peers.insert(peer);
    }
  }
}

} // namespace univrs::pubsub
