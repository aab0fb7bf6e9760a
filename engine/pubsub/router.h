// The gossipsub router (1.0, 1.1 with peer scoring, 1.2 with IDONTWANT) as a sans-IO core: on(event, now) -> effects.
// It keeps for every topic a mesh of a few peers through which whole messages flow, and tells others by gossip which
// messages there are, so that one hostile or broken peer, or a third of them, does not stop a message.
//
// One thread. The random numbers passed in decide every choice; same seed, same events, same effects.
#pragma once

#include "engine/base/random.h"
#include "engine/pubsub/backoff.h"
#include "engine/pubsub/message_cache.h"
#include "engine/pubsub/params.h"
#include "engine/pubsub/promises.h"
#include "engine/pubsub/router_events.h"
#include "engine/pubsub/score.h"
#include "engine/pubsub/seen_cache.h"

#include <map>
#include <set>
#include <unordered_map>

namespace univrs::pubsub {

// What the router cannot know by itself.
struct RouterEnvironment {
  // True when the message's author wrote it (signature, form). Called once a message, before anything is made of it.
  std::function<bool(const Message&)> verify;
  // The signed record of a connected peer, for passing on; empty when there is none.
  std::function<base::Bytes(const Peer&)> signedRecord;
};

struct RouterStats {
  uint64_t published = 0, received = 0, duplicates = 0, delivered = 0, rejected = 0, ignored = 0;
  uint64_t forwarded = 0;          // copies sent on
  uint64_t answered = 0;           // copies sent because of IWANT
  uint64_t grafts = 0, prunes = 0; // of ours and others', as they took effect
  uint64_t brokenPromises = 0;
  uint64_t refused = 0;  // RPCs of graylisted peers
  uint64_t unwanted = 0; // copies not sent because of IDONTWANT
};

class Router {
public:
  static constexpr size_t kMaxPeers = 4'096;              // further ones are not heard
  static constexpr size_t kMaxTopics = 1'024;             // that we join
  static constexpr size_t kMaxTopicsPerPeer = 256;        // further subscriptions of a peer are ignored …
  static constexpr size_t kMaxTopicBytesPerPeer = 32'768; // … also by their bytes
  static constexpr size_t kMaxFanoutTopics = 256;         // published to without joining
  static constexpr size_t kMaxDirectPeers = 256;
  static constexpr size_t kMaxExchangedPerHeartbeat = 32; // recommended peers we look at
  static constexpr size_t kMaxAnsweredBytes = 16u << 20;  // to one peer's IWANTs in one heartbeat
  static constexpr size_t kMaxRecordBytes = 4'096;        // of a signed record in a PRUNE; larger ones are left out
  static constexpr size_t kMaxControlBytes = 48u << 10;   // of one control RPC: below rust-libp2p's 64 KiB

  // Parameters must have passed validate().
  Router(Peer self, RouterParams params, ScoreParams score, RouterEnvironment environment, base::Random& random);

  // How a topic behaves; before it is joined or published to. Topics without it have the default options.
  base::Result<void> setTopic(const Topic& topic, TopicOptions options);
  base::Result<void> setDefaults(TopicOptions options);
  // Direct peers always get everything and are never in a mesh; both sides must agree on it. Best set before they
  // connect.
  void setDirect(const Peer& peer, bool direct);
  void setApplicationScore(const Peer& peer, double value) { m_score.setApplicationScore(peer, value); }
  void setNotes(bool wanted) { m_notes = wanted; } // whether Note effects are made

  Effects on(const PeerConnected& event, base::Monotonic now);
  Effects on(const PeerDisconnected& event, base::Monotonic now);
  Effects on(const RpcReceived& event, base::Monotonic now);
  Effects on(const Join& event, base::Monotonic now);
  Effects on(const Leave& event, base::Monotonic now);
  Effects on(const Publish& event, base::Monotonic now);
  Effects on(const Validated& event, base::Monotonic now);
  Effects on(const Heartbeat& event, base::Monotonic now);

  [[nodiscard]] const Peer& self() const { return m_self; }
  [[nodiscard]] MessageId idOf(const Message& message) const;
  [[nodiscard]] std::vector<Topic> topics() const; // joined
  [[nodiscard]] bool isJoined(const Topic& topic) const { return m_mesh.count(topic) != 0; }
  [[nodiscard]] std::vector<Peer> peers() const;
  [[nodiscard]] std::vector<Peer> mesh(const Topic& topic) const;
  [[nodiscard]] bool isInMesh(const Topic& topic, const Peer& peer) const;
  [[nodiscard]] std::vector<Peer> fanout(const Topic& topic) const;
  [[nodiscard]] std::vector<Peer> subscribers(const Topic& topic) const; // peers we know of, not ourselves
  [[nodiscard]] const Score& score() const { return m_score; }
  [[nodiscard]] const RouterStats& stats() const { return m_stats; }
  [[nodiscard]] const RouterParams& params() const { return m_params; }
  [[nodiscard]] const MessageCache& cache() const { return m_cache; }
  [[nodiscard]] const SeenCache& seen() const { return m_seen; }
  [[nodiscard]] const Backoff& backoff() const { return m_backoff; }
  [[nodiscard]] const Promises& promises() const { return m_promises; }

private:
  struct PeerState {
    bool outbound = false;
    bool understandsBackoff = true;
    bool understandsIdontwant = true;
    std::set<Topic> topics;
    size_t topicBytes = 0;
    // Since the last heartbeat:
    size_t ihaveMessages = 0;
    size_t askedIds = 0;
    size_t idontwantIds = 0;
    size_t answeredBytes = 0;
    std::unordered_map<MessageId, uint64_t> unwanted; // until which heartbeat
  };
  struct Fanout {
    std::set<Peer> peers;
    base::Monotonic lastPublished;
  };
  using Mesh = std::set<Peer>;

  // router.cpp
  Effects finish();
  void flush(const Peer& to, const Control& control, Effects& urgent, Effects& gossip) const;
  [[nodiscard]] const TopicOptions& options(const Topic& topic) const;
  void useTopic(const Topic& topic);
  PeerState* find(const Peer& peer);
  [[nodiscard]] bool isDirect(const Peer& peer) const { return m_direct.count(peer) != 0; }
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[size_t(m_random.below(i))]);
    }
  }
  // Subscribers of the topic for which `good` holds, in random order.
  template <class Predicate>
  std::vector<Peer> choose(const Topic& topic, Predicate good) {
    std::vector<Peer> out;
    if (const auto it = m_subscribers.find(topic); it != m_subscribers.end()) {
      for (const Peer& p : it->second) {
        if (good(p)) {
          out.push_back(p);
        }
      }
    }
    shuffle(out);
    return out;
  }
  void subscriptions(const Peer& from, PeerState& state, const std::vector<Subscription>& list, base::Monotonic now);
  bool subscribed(const Peer& peer, PeerState& state, const Topic& topic);
  void unsubscribed(const Peer& peer, PeerState& state, const Topic& topic);
  void note(Note note) {
    if (m_notes) {
      m_effects.emplace_back(std::move(note));
    }
  }

  // router_mesh.cpp
  void graft(const Topic& topic, Mesh& mesh, const Peer& peer, base::Monotonic now, bool tell);
  void prune(const Topic& topic, const Peer& peer, base::Millis backoff, bool exchange, base::Monotonic now,
             const char* why);
  void leaveMesh(const Topic& topic, const Peer& peer, const char* why);
  [[nodiscard]] bool mayGraft(const Topic& topic, const Mesh& mesh, const Peer& peer, base::Monotonic now) const;
  void handleGraft(const Peer& from, PeerState& state, const std::vector<Topic>& topics, base::Monotonic now);
  void handlePrune(const Peer& from, const std::vector<Prune>& prunes, base::Monotonic now);
  void takeExchanged(const std::vector<ExchangedPeer>& peers);
  void keepMesh(const Topic& topic, Mesh& mesh, base::Monotonic now);
  void trimMesh(const Topic& topic, Mesh& mesh, base::Monotonic now);
  void graftBetter(const Topic& topic, Mesh& mesh, base::Monotonic now);
  void keepFanout(base::Monotonic now);

  // router_gossip.cpp
  void handleIhave(const Peer& from, PeerState& state, const std::vector<IHave>& ihaves, base::Monotonic now);
  void handleIwant(const Peer& from, PeerState& state, const std::vector<MessageId>& ids);
  void handleIdontwant(PeerState& state, const std::vector<MessageId>& ids);
  void emitGossip(const Topic& topic, const std::set<Peer>& without);

  // router_messages.cpp
  void receive(const Peer& from, const MessagePtr& message, base::Monotonic now);
  void again(const Peer& from, const MessageId& id, const MessagePtr& message, base::Monotonic now);
  void judge(const MessageId& id, Verdict verdict, base::Monotonic now);
  void tellIdontwant(const Peer& from, const MessageId& id, const Message& message);
  std::vector<Peer> ownRecipients(const Topic& topic, base::Monotonic now);
  void send(const MessageId& id, const MessagePtr& message, std::vector<Peer> to, SendMessage::Why why);

  Peer m_self;
  RouterParams m_params;
  RouterEnvironment m_environment;
  base::Random& m_random;
  bool m_notes = false;
  TopicOptions m_defaults;
  std::map<Topic, TopicOptions> m_options;
  std::set<Peer> m_direct;

  std::map<Peer, PeerState> m_peers;
  std::map<Topic, std::set<Peer>> m_subscribers;
  std::map<Topic, Mesh> m_mesh; // of joined topics
  std::map<Topic, Fanout> m_fanout;
  Score m_score;
  MessageCache m_cache;
  SeenCache m_seen;
  Backoff m_backoff;
  Promises m_promises;
  RouterStats m_stats;
  uint64_t m_ticks = 0;
  base::Monotonic m_lastDecay;
  bool m_decayed = false;
  size_t m_exchanged = 0; // recommended peers passed on since the last heartbeat

  // Collected during one call of on().
  Effects m_effects;
  std::map<Peer, Control> m_control;
};

} // namespace univrs::pubsub
