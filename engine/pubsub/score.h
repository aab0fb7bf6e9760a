// What we think of each peer, from what it did (gossipsub 1.1, P1…P7). Sans-IO. Every counter is capped and every
// score finite, whatever peers and parameters do.
#pragma once

#include "engine/base/clock.h"
#include "engine/pubsub/message.h"
#include "engine/pubsub/score_params.h"

#include <map>
#include <set>

namespace univrs::pubsub {

class Score {
public:
  static constexpr double kMaxCounter = 1e6;    // of any counted thing
  static constexpr double kMaxScore = 1e9;      // either way
  static constexpr size_t kMaxRetained = 4'096; // bad scores kept of peers that left; the oldest goes first

  explicit Score(ScoreParams params) : m_params(params) {}
  [[nodiscard]] const ScoreParams& params() const { return m_params; }

  // Topics that were not set do not count.
  void setTopic(const Topic& topic, const TopicScoreParams& params);

  // `ip` groups peers of one origin; empty: not grouped.
  void addPeer(const Peer& peer, const std::string& ip);
  // Good scores are forgotten, bad ones are kept for params().retain.
  void removePeer(const Peer& peer, base::Monotonic now);

  void graft(const Peer& peer, const Topic& topic, base::Monotonic now);
  void prune(const Peer& peer, const Topic& topic);
  void firstDelivery(const Peer& peer, const Topic& topic);
  // A further copy from a mesh peer, `late` after we validated the message.
  void duplicateDelivery(const Peer& peer, const Topic& topic, base::Millis late);
  void invalidMessage(const Peer& peer, const Topic& topic);
  void addPenalty(const Peer& peer, double count); // P7
  void setApplicationScore(const Peer& peer, double value);
  void refresh(base::Monotonic now); // decays; call every decayInterval

  [[nodiscard]] double of(const Peer& peer) const; // 0 for unknown peers
  // The parts of it, for people: P1, P2, P3, P3b, P4 weighted and summed over topics, then P5, P6, P7.
  struct Parts {
    double p1 = 0, p2 = 0, p3 = 0, p3b = 0, p4 = 0, p5 = 0, p6 = 0, p7 = 0, total = 0;
  };
  [[nodiscard]] Parts parts(const Peer& peer) const;

private:
  struct TopicStats {
    bool inMesh = false;
    base::Monotonic graftedAt;
    base::Millis meshTime{0};
    bool meshDeliveriesActive = false;
    double firstDeliveries = 0, meshDeliveries = 0, meshFailure = 0, invalid = 0;
  };
  struct PeerStats {
    bool connected = true;
    base::Monotonic expires;
    std::string ip;
    double application = 0, behaviour = 0;
    std::map<Topic, TopicStats> topics;
  };
  TopicStats* stats(const Peer& peer, const Topic& topic);
  [[nodiscard]] const TopicScoreParams* topic(const Topic& topic) const;
  void forgetIp(const Peer& peer, const std::string& ip);
  void dropRetained();

  ScoreParams m_params;
  std::map<Topic, TopicScoreParams> m_topics;
  std::map<Peer, PeerStats> m_peers;
  std::map<std::string, std::set<Peer>> m_byIp;
  size_t m_retained = 0;
};

} // namespace univrs::pubsub
