// Gossip: telling peers outside the mesh which messages there are, asking for those we lack, answering who asks, and
// telling whom not to send.
#include "engine/pubsub/router.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <utility>

namespace univrs::pubsub {

void Router::handleIhave(const Peer& from, PeerState& state, const std::vector<IHave>& ihaves, base::Monotonic now) {
  if (ihaves.empty() || m_score.of(from) < m_score.params().thresholds.gossip) {
    return;
  }
  if (++state.ihaveMessages > m_params.maxIhaveMessages || state.askedIds >= m_params.maxIhaveIds) {
    return;
  }
  std::vector<MessageId> want;
  std::unordered_set<MessageId> known;
  size_t looked = 0;
  for (const IHave& have : ihaves) {
    if (!isJoined(have.topic)) {
      continue;
    }
    for (const MessageId& id : have.ids) {
      if (++looked > m_params.maxIhaveIds) {
        break;
      }
      if (!id.empty() && id.str().size() <= kMaxMessageIdBytes && !m_seen.has(id) && known.insert(id).second) {
        want.push_back(id);
      }
    }
  }
  if (want.empty()) {
    return;
  }
  shuffle(want);
  want.resize(std::min(want.size(), m_params.maxIhaveIds - state.askedIds));
  state.askedIds += want.size();
  // One of them is watched; the peer cannot know which.
  m_promises.add(from, want[size_t(m_random.below(want.size()))], now + m_params.iwantFollowup);
  auto& out = m_control[from].iwant;
  out.insert(out.end(), want.begin(), want.end());
}

void Router::handleIwant(const Peer& from, PeerState& state, const std::vector<MessageId>& ids) {
  if (ids.empty() || m_score.of(from) < m_score.params().thresholds.gossip) {
    return;
  }
  std::unordered_set<MessageId> done;
  for (const MessageId& id : ids) {
    if (state.answeredBytes >= kMaxAnsweredBytes) {
      return;
    }
    if (!done.insert(id).second) {
      continue;
    }
    if (const MessagePtr message = m_cache.give(id, from, m_params.retransmissions)) {
      state.answeredBytes += message->data.size();
      ++m_stats.answered;
      m_effects.emplace_back(SendMessage{id, message, {from}, SendMessage::Why::Asked});
    }
  }
}

void Router::handleIdontwant(PeerState& state, const std::vector<MessageId>& ids) {
  for (const MessageId& id : ids) {
    if (state.idontwantIds >= m_params.maxIdontwantIds || m_params.idontwantTicks == 0) {
      return;
    }
    ++state.idontwantIds;
    if (!id.empty() && id.str().size() <= kMaxMessageIdBytes) {
      state.unwanted[id] = m_ticks + m_params.idontwantTicks;
    }
  }
}

void Router::tellIdontwant(const Peer& from, const MessageId& id, const Message& message) {
  if (m_params.idontwantBytes == 0 || message.data.size() < m_params.idontwantBytes) {
    return;
  }
  const auto mesh = m_mesh.find(message.topic);
  if (mesh == m_mesh.end()) {
    return;
  }
  for (const Peer& peer : mesh->second) {
    if (peer != from && peer != message.from && m_peers.at(peer).understandsIdontwant) {
      m_control[peer].idontwant.push_back(id);
    }
  }
}

void Router::emitGossip(const Topic& topic, const std::set<Peer>& without) {
  std::vector<MessageId> ids = m_cache.gossip(topic);
  if (ids.empty()) {
    return;
  }
  shuffle(ids);
  const double threshold = m_score.params().thresholds.gossip;
  const auto others =
      choose(topic, [&](const Peer& p) { return without.count(p) == 0 && !isDirect(p) && m_score.of(p) >= threshold; });
  const auto factor = size_t(m_params.gossipFactor * double(others.size()));
  const size_t target = std::min(others.size(), std::max(options(topic).mesh.lazy, factor));
  for (size_t i = 0; i < target; ++i) {
    if (ids.size() > m_params.maxIhaveIds) {
      shuffle(ids); // each peer gets another part, so that together they know all
    }
    const auto end = ids.begin() + ptrdiff_t(std::min(ids.size(), m_params.maxIhaveIds));
    m_control[others[i]].ihave.push_back({topic, std::vector<MessageId>(ids.begin(), end)});
  }
}

} // namespace univrs::pubsub
