#include "engine/pubsub/score.h"

#include <algorithm>
#include <cmath>

namespace univrs::pubsub {

namespace {

base::Error wrong(const char* why) {
  return base::makeError(base::ErrorCode::Validation, "the scoring parameters are not usable", why);
}

bool isDecay(double d) {
  return std::isfinite(d) && d >= 0 && d < 1;
}
bool isNotNegative(double d) {
  return std::isfinite(d) && d >= 0;
}
bool isNotPositive(double d) {
  return std::isfinite(d) && d <= 0;
}

void raise(double& counter, double by, double cap) {
  counter = std::clamp(counter + by, 0.0, std::min(cap, Score::kMaxCounter));
}

} // namespace

TopicScoreParams TopicScoreParams::rust() {
  TopicScoreParams p;
  p.timeInMeshWeight = 1;
  p.timeInMeshQuantum = base::Millis(1);
  p.timeInMeshCap = 3'600;
  p.firstDeliveriesDecay = 0.5;
  p.firstDeliveriesCap = 2'000;
  p.meshDeliveriesWeight = -1;
  p.meshFailureWeight = -1;
  p.invalidWeight = -1;
  p.invalidDecay = 0.3;
  return p;
}

base::Result<void> validate(const TopicScoreParams& p) {
  if (!isNotNegative(p.topicWeight) || !isNotNegative(p.timeInMeshWeight) || !isNotNegative(p.firstDeliveriesWeight)) {
    return wrong("a weight of topic, P1 or P2 is negative");
  }
  if (!isNotPositive(p.meshDeliveriesWeight) || !isNotPositive(p.meshFailureWeight) ||
      !isNotPositive(p.invalidWeight)) {
    return wrong("a weight of P3, P3b or P4 is positive");
  }
  if (!isDecay(p.firstDeliveriesDecay) || !isDecay(p.meshDeliveriesDecay) || !isDecay(p.meshFailureDecay) ||
      !isDecay(p.invalidDecay)) {
    return wrong("a decay is outside 0…1");
  }
  if (!isNotNegative(p.timeInMeshCap) || !isNotNegative(p.firstDeliveriesCap) || !isNotNegative(p.meshDeliveriesCap) ||
      !isNotNegative(p.meshDeliveriesThreshold) || p.timeInMeshQuantum < base::Millis(1)) {
    return wrong("a cap, threshold or quantum is negative");
  }
  return {};
}

base::Result<void> validate(const ScoreParams& p) {
  const auto& t = p.thresholds;
  if (!isNotPositive(t.gossip) || !isNotPositive(t.publish) || !isNotPositive(t.graylist) || t.publish > t.gossip ||
      t.graylist > t.publish) {
    return wrong("0 >= gossip >= publish >= graylist threshold does not hold");
  }
  if (!isNotNegative(t.acceptPeerExchange) || !isNotNegative(t.opportunisticGraft)) {
    return wrong("the threshold of peer exchange or of opportunistic grafting is negative");
  }
  if (!isNotNegative(p.topicScoreCap) || !isNotNegative(p.applicationWeight) || !isNotPositive(p.ipColocationWeight) ||
      !isNotNegative(p.ipColocationThreshold) || !isNotPositive(p.behaviourWeight) ||
      !isNotNegative(p.behaviourThreshold)) {
    return wrong("a weight or threshold of P5, P6 or P7 has the wrong sign");
  }
  if (!isDecay(p.behaviourDecay) || !isNotNegative(p.decayToZero) || p.decayInterval < base::Millis(1)) {
    return wrong("a decay is outside 0…1, or its interval below 1 ms");
  }
  return {};
}

void Score::setTopic(const Topic& topic, const TopicScoreParams& params) {
  m_topics[topic] = params;
}

const TopicScoreParams* Score::topic(const Topic& name) const {
  const auto it = m_topics.find(name);
  return it == m_topics.end() ? nullptr : &it->second;
}

Score::TopicStats* Score::stats(const Peer& peer, const Topic& name) {
  if (topic(name) == nullptr) {
    return nullptr;
  }
  const auto it = m_peers.find(peer);
  return it == m_peers.end() ? nullptr : &it->second.topics[name];
}

void Score::addPeer(const Peer& peer, const std::string& ip) {
  auto [it, isNew] = m_peers.try_emplace(peer);
  PeerStats& s = it->second;
  if (!isNew && !s.connected) {
    --m_retained;
  }
  s.connected = true;
  if (s.ip != ip) {
    forgetIp(peer, s.ip);
    s.ip = ip;
  }
  if (!ip.empty()) {
    m_byIp[ip].insert(peer);
  }
}

void Score::forgetIp(const Peer& peer, const std::string& ip) {
  const auto it = m_byIp.find(ip);
  if (it != m_byIp.end()) {
    it->second.erase(peer);
    if (it->second.empty()) {
      m_byIp.erase(it);
    }
  }
}

void Score::removePeer(const Peer& peer, base::Monotonic now) {
  const auto it = m_peers.find(peer);
  if (it == m_peers.end() || !it->second.connected) {
    return;
  }
  // A good score is lost by leaving, so that nobody collects one and comes back when it pays.
  const bool good = of(peer) >= 0;
  PeerStats& s = it->second;
  forgetIp(peer, s.ip);
  if (good) {
    m_peers.erase(it);
    return;
  }
  s.ip.clear();
  s.connected = false;
  s.expires = now + m_params.retain;
  for (auto& [name, t] : s.topics) {
    t.firstDeliveries = 0;
    const TopicScoreParams* p = topic(name);
    if (p != nullptr && t.inMesh && t.meshDeliveriesActive && t.meshDeliveries < p->meshDeliveriesThreshold) {
      const double deficit = p->meshDeliveriesThreshold - t.meshDeliveries;
      raise(t.meshFailure, deficit * deficit, kMaxCounter);
    }
    t.inMesh = false;
    t.meshTime = base::Millis(0);
  }
  ++m_retained;
  dropRetained();
}

void Score::dropRetained() {
  if (m_retained <= kMaxRetained) {
    return;
  }
  auto oldest = m_peers.end();
  for (auto it = m_peers.begin(); it != m_peers.end(); ++it) {
    if (!it->second.connected && (oldest == m_peers.end() || it->second.expires < oldest->second.expires)) {
      oldest = it;
    }
  }
  if (oldest != m_peers.end()) {
    m_peers.erase(oldest);
    --m_retained;
  }
}

void Score::graft(const Peer& peer, const Topic& name, base::Monotonic now) {
  if (TopicStats* t = stats(peer, name)) {
    t->inMesh = true;
    t->graftedAt = now;
    t->meshTime = base::Millis(0);
    t->meshDeliveriesActive = false;
  }
}

void Score::prune(const Peer& peer, const Topic& name) {
  TopicStats* t = stats(peer, name);
  if (t == nullptr || !t->inMesh) {
    return;
  }
  const TopicScoreParams& p = *topic(name);
  if (t->meshDeliveriesActive && t->meshDeliveries < p.meshDeliveriesThreshold) {
    const double deficit = p.meshDeliveriesThreshold - t->meshDeliveries;
    raise(t->meshFailure, deficit * deficit, kMaxCounter);
  }
  t->inMesh = false;
}

void Score::firstDelivery(const Peer& peer, const Topic& name) {
  if (TopicStats* t = stats(peer, name)) {
    const TopicScoreParams& p = *topic(name);
    raise(t->firstDeliveries, 1, p.firstDeliveriesCap);
    if (t->inMesh) {
      raise(t->meshDeliveries, 1, p.meshDeliveriesCap);
    }
  }
}

void Score::duplicateDelivery(const Peer& peer, const Topic& name, base::Millis late) {
  TopicStats* t = stats(peer, name);
  if (t != nullptr && t->inMesh && late <= topic(name)->meshDeliveriesWindow) {
    raise(t->meshDeliveries, 1, topic(name)->meshDeliveriesCap);
  }
}

void Score::invalidMessage(const Peer& peer, const Topic& name) {
  if (TopicStats* t = stats(peer, name)) {
    raise(t->invalid, 1, kMaxCounter);
  }
}

void Score::addPenalty(const Peer& peer, double count) {
  const auto it = m_peers.find(peer);
  if (it != m_peers.end() && std::isfinite(count)) {
    raise(it->second.behaviour, count, kMaxCounter);
  }
}

void Score::setApplicationScore(const Peer& peer, double value) {
  const auto it = m_peers.find(peer);
  if (it != m_peers.end() && std::isfinite(value)) {
    it->second.application = std::clamp(value, -kMaxCounter, kMaxCounter);
  }
}

void Score::refresh(base::Monotonic now) {
  const auto decay = [this](double& counter, double factor) {
    counter *= factor;
    if (counter < m_params.decayToZero) {
      counter = 0;
    }
  };
  for (auto it = m_peers.begin(); it != m_peers.end();) {
    PeerStats& s = it->second;
    if (!s.connected) {
      // Not decayed: whoever leaves with a bad score comes back to the same one.
      if (s.expires <= now) {
        it = m_peers.erase(it);
        --m_retained;
      } else {
        ++it;
      }
      continue;
    }
    for (auto& [name, t] : s.topics) {
      const TopicScoreParams* p = topic(name);
      if (p == nullptr) {
        continue;
      }
      decay(t.firstDeliveries, p->firstDeliveriesDecay);
      decay(t.meshDeliveries, p->meshDeliveriesDecay);
      decay(t.meshFailure, p->meshFailureDecay);
      decay(t.invalid, p->invalidDecay);
      if (t.inMesh) {
        t.meshTime = now - t.graftedAt;
        if (t.meshTime > p->meshDeliveriesActivation) {
          t.meshDeliveriesActive = true;
        }
      }
    }
    decay(s.behaviour, m_params.behaviourDecay);
    ++it;
  }
}

Score::Parts Score::parts(const Peer& peer) const {
  Parts out;
  const auto it = m_peers.find(peer);
  if (it == m_peers.end()) {
    return out;
  }
  const PeerStats& s = it->second;
  for (const auto& [name, t] : s.topics) {
    const TopicScoreParams* p = topic(name);
    if (p == nullptr) {
      continue;
    }
    const double w = p->topicWeight;
    if (t.inMesh) {
      const double quanta = double(t.meshTime.count()) / double(std::max<int64_t>(1, p->timeInMeshQuantum.count()));
      out.p1 += w * p->timeInMeshWeight * std::clamp(quanta, 0.0, p->timeInMeshCap);
    }
    out.p2 += w * p->firstDeliveriesWeight * t.firstDeliveries;
    if (t.meshDeliveriesActive && t.inMesh && t.meshDeliveries < p->meshDeliveriesThreshold) {
      const double deficit = p->meshDeliveriesThreshold - t.meshDeliveries;
      out.p3 += w * p->meshDeliveriesWeight * deficit * deficit;
    }
    out.p3b += w * p->meshFailureWeight * t.meshFailure;
    out.p4 += w * p->invalidWeight * t.invalid * t.invalid;
  }
  double topics = out.p1 + out.p2 + out.p3 + out.p3b + out.p4;
  if (m_params.topicScoreCap > 0) {
    topics = std::min(topics, m_params.topicScoreCap);
  }
  out.p5 = m_params.applicationWeight * s.application;
  if (const auto group = m_byIp.find(s.ip); group != m_byIp.end()) {
    const double surplus = double(group->second.size()) - m_params.ipColocationThreshold;
    out.p6 = surplus > 0 ? m_params.ipColocationWeight * surplus * surplus : 0;
  }
  if (s.behaviour > m_params.behaviourThreshold) {
    const double excess = s.behaviour - m_params.behaviourThreshold;
    out.p7 = m_params.behaviourWeight * excess * excess;
  }
  const double total = topics + out.p5 + out.p6 + out.p7;
  out.total = std::isfinite(total) ? std::clamp(total, -kMaxScore, kMaxScore) : -kMaxScore;
  return out;
}

double Score::of(const Peer& peer) const {
  return parts(peer).total;
}

} // namespace univrs::pubsub
