// One iterative Kademlia lookup: whom to ask next on the way to the k peers nearest to a point. Sans-IO; what the peers
// are asked for (nodes, a value, providers) is the caller's business.
#pragma once

#include "engine/base/clock.h"
#include "engine/p2p/kad_wire.h"

#include <map>
#include <unordered_map>

namespace univrs::p2p {

struct KadQueryOptions {
  size_t k = kKadK;
  size_t alpha = 10;                 // peers asked at one time
  base::Millis patience{2'000};      // after it a silent peer no longer holds up others (but may still answer)
  base::Millis peerTimeout{10'000};  // after it a silent peer has failed
  base::Millis totalTimeout{60'000}; // after it the lookup ends with what it has
};

class KadQuery {
public:
  static constexpr size_t kMaxCandidates = 512; // known and not yet asked; the farthest are forgotten
  static constexpr size_t kMaxAsked = 256;      // peers asked in all, however many nearer ones are made up by liars
  static constexpr size_t kMaxInFlight = 32;    // silent ones included

  KadQuery(const KadPoint& target, const PeerId& self, std::vector<KadPeer> seeds, KadQueryOptions options,
           base::Monotonic now);

  struct Step {
    std::vector<KadPeer> ask;    // each to be answered with answered() or failed()
    std::vector<PeerId> expired; // asked and silent for too long
  };
  // To be called after every event and at deadline().
  Step next(base::Monotonic now);
  // Answers of peers that were not asked, or that were given up, are ignored (false).
  bool answered(const PeerId& peer, std::vector<KadPeer> closer);
  void failed(const PeerId& peer);
  // The caller has what it wanted, or wants no more.
  void stop() { m_stopped = true; }

  [[nodiscard]] bool finished() const { return m_stopped; }
  // When next() has something to do even if nothing happens.
  [[nodiscard]] base::Monotonic deadline() const;
  // The nearest peers that answered, nearest first, at most k.
  [[nodiscard]] std::vector<KadPeer> closest() const;
  // What is known of a peer that was named on the way; null when it was not.
  [[nodiscard]] const KadPeer* known(const PeerId& peer) const;
  [[nodiscard]] size_t asked() const { return m_asked; }
  [[nodiscard]] size_t failures() const { return m_failures; }

private:
  enum class State { New, Asked, Answered, Failed };
  struct Candidate {
    KadPeer peer;
    State state = State::New;
    base::Monotonic since;
  };
  void learn(KadPeer peer);
  KadPoint m_target;
  PeerId m_self;
  KadQueryOptions m_options;
  base::Monotonic m_end;
  std::map<KadPoint, Candidate> m_candidates; // by distance
  std::unordered_map<PeerId, KadPoint> m_distances;
  size_t m_new = 0;
  size_t m_asked = 0;
  size_t m_failures = 0;
  base::Monotonic m_lastNext;
  bool m_stopped = false;
};

} // namespace univrs::p2p
