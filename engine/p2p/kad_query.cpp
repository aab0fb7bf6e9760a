#include "engine/p2p/kad_query.h"

#include <algorithm>

namespace univrs::p2p {

KadQuery::KadQuery(const KadPoint& target, const PeerId& self, std::vector<KadPeer> seeds, KadQueryOptions options,
                   base::Monotonic now)
    : m_target(target), m_self(self), m_options(options), m_end(now + options.totalTimeout), m_lastNext(now) {
  for (KadPeer& seed : seeds) {
    learn(std::move(seed));
  }
}

void KadQuery::learn(KadPeer peer) {
  if (peer.id == m_self || peer.id.empty()) {
    return;
  }
  if (const auto found = m_distances.find(peer.id); found != m_distances.end()) {
    auto& known = m_candidates.at(found->second).peer.addresses;
    for (Multiaddr& address : peer.addresses) {
      if (known.size() < kKadMaxPeerAddresses && std::find(known.begin(), known.end(), address) == known.end()) {
        known.push_back(std::move(address));
      }
    }
    return;
  }
  const KadPoint distance = kadDistance(kadPoint(peer.id), m_target);
  m_distances.emplace(peer.id, distance);
  m_candidates.emplace(distance, Candidate{std::move(peer), State::New, {}});
  if (++m_new <= kMaxCandidates) {
    return;
  }
  for (auto at = m_candidates.rbegin(); at != m_candidates.rend(); ++at) {
    if (at->second.state == State::New) {
      m_distances.erase(at->second.peer.id);
      m_candidates.erase(std::next(at).base());
      --m_new;
      return;
    }
  }
}

KadQuery::Step KadQuery::next(base::Monotonic now) {
  Step step;
  m_lastNext = now;
  if (m_stopped) {
    return step;
  }
  size_t inFlight = 0;
  size_t holding = 0; // of those, not yet silent for too long
  for (auto& [distance, candidate] : m_candidates) {
    if (candidate.state != State::Asked) {
      continue;
    }
    if (now - candidate.since >= m_options.peerTimeout) {
      candidate.state = State::Failed;
      ++m_failures;
      step.expired.push_back(candidate.peer.id);
      continue;
    }
    ++inFlight;
    holding += now - candidate.since < m_options.patience ? 1 : 0;
  }
  bool waiting = false;
  size_t rank = 0;
  for (auto at = m_candidates.begin(); at != m_candidates.end() && rank < m_options.k; ++at) {
    Candidate& candidate = at->second;
    if (candidate.state == State::Failed) {
      continue;
    }
    ++rank;
    if (candidate.state == State::New && m_asked < kMaxAsked) {
      waiting = true;
      if (holding < m_options.alpha && inFlight < kMaxInFlight) {
        candidate.state = State::Asked;
        candidate.since = now;
        --m_new;
        ++m_asked;
        ++holding;
        ++inFlight;
        step.ask.push_back(candidate.peer);
      }
    } else if (candidate.state == State::Asked) {
      waiting = true;
    }
  }
  if (!waiting || now >= m_end) {
    m_stopped = true;
    step.ask.clear();
  }
  return step;
}

bool KadQuery::answered(const PeerId& peer, std::vector<KadPeer> closer) {
  const auto found = m_distances.find(peer);
  if (found == m_distances.end() || m_candidates.at(found->second).state != State::Asked) {
    return false;
  }
  m_candidates.at(found->second).state = State::Answered;
  if (closer.size() > kKadMaxCloser) {
    closer.resize(kKadMaxCloser);
  }
  for (KadPeer& other : closer) {
    learn(std::move(other));
  }
  return true;
}

void KadQuery::failed(const PeerId& peer) {
  const auto found = m_distances.find(peer);
  if (found != m_distances.end() && m_candidates.at(found->second).state == State::Asked) {
    m_candidates.at(found->second).state = State::Failed;
    ++m_failures;
  }
}

base::Monotonic KadQuery::deadline() const {
  base::Monotonic first = m_end;
  for (const auto& [distance, candidate] : m_candidates) {
    if (candidate.state == State::Asked) {
      const auto patient = candidate.since + m_options.patience;
      first = std::min(first, patient > m_lastNext ? patient : candidate.since + m_options.peerTimeout);
    }
  }
  return first;
}

std::vector<KadPeer> KadQuery::closest() const {
  std::vector<KadPeer> out;
  for (const auto& [distance, candidate] : m_candidates) {
    if (candidate.state == State::Answered) {
      out.push_back(candidate.peer);
      if (out.size() == m_options.k) {
        break;
      }
    }
  }
  return out;
}

const KadPeer* KadQuery::known(const PeerId& peer) const {
  const auto found = m_distances.find(peer);
  return found == m_distances.end() ? nullptr : &m_candidates.at(found->second).peer;
}

} // namespace univrs::p2p
