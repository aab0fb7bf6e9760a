// Gossipsub on a libp2p host: joins pubsub::Router to streams, the clock and the connections of the node. Each peer
// gets one stream that we write, and has one that we read.
//
// One thread: the host's. Handlers and validators may call the service from inside.
#pragma once

#include "engine/p2p/host.h"
#include "engine/p2p/pubsub_link.h"
#include "engine/pubsub/router.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <map>
#include <memory>
#include <unordered_map>

namespace univrs::p2p {

struct PubsubOptions {
  pubsub::RouterParams router;
  pubsub::ScoreParams score;
};

// A message as it passes. Calls come from the event loop.
class PubsubObserver {
public:
  virtual ~PubsubObserver() = default;
  // Published, received, seen again, refused; who joins, leaves, is grafted, is pruned.
  virtual void onNote(const pubsub::Note&) {}
  virtual void onSent(const PeerId& /*to*/, const pubsub::MessageId&, const pubsub::MessagePtr&) {}
};

struct PubsubStats {
  pubsub::RouterStats router;
  uint64_t rpcsIn = 0, rpcsOut = 0, bytesIn = 0, bytesOut = 0; // bytes of RPCs, without what carries them
  uint64_t broken = 0;                                         // RPCs that were no protobuf
  uint64_t leftOut = 0;                                        // parts of RPCs above their limits
  uint64_t dropped = 0;                                        // RPCs not sent because a peer's queue was full
  uint64_t slowReset = 0;                                      // streams given up since not even control was taken
  size_t peers = 0;                                            // with a stream to or from them
  size_t queuedBytes = 0;
};

class PubsubService final : public QObject, private HostObserver, private PubsubLinkOwner {
public:
  // Somebody else's message on a subscribed topic; once each.
  using Handler = std::function<void(const pubsub::MessagePtr& message, const PeerId& via)>;
  // Judges a message before it is delivered and passed on. `answer` may be called at once or later (30 s at most), on
  // the host's thread, also after the service is gone.
  using Answer = std::function<void(pubsub::Verdict)>;
  using Validator = std::function<void(const pubsub::MessagePtr& message, const PeerId& via, Answer answer)>;

  static constexpr int kMaxOpenFailures = 4; // then no stream is tried until the peer identifies or connects anew

  // The host outlives the service. Parameters must have passed pubsub::validate().
  PubsubService(Host& host, PubsubOptions options);
  ~PubsubService() override;

  // How a topic behaves (message ids, mesh, scoring) and who judges its messages; before it is used.
  base::Result<void> setTopic(const pubsub::Topic& topic, pubsub::TopicOptions options, Validator validator = {});
  // Joins the topic with its first handler. Errors: no or too long a name, too many topics.
  base::Result<uint64_t> subscribe(const pubsub::Topic& topic, Handler handler);
  void unsubscribe(uint64_t subscription); // leaves with the last one
  // To everybody on the topic, joined or not; not to our own handlers. Errors: too large, already sent (on topics whose
  // ids come from the data).
  base::Result<pubsub::MessageId> publish(const pubsub::Topic& topic, base::Bytes data);

  void setDirect(const PeerId& peer, bool direct) { m_router.setDirect(pubsubPeer(peer), direct); }
  void setApplicationScore(const PeerId& peer, double value) { m_router.setApplicationScore(pubsubPeer(peer), value); }
  void addObserver(PubsubObserver* observer); // not owned; removed before it dies
  void removeObserver(PubsubObserver* observer);

  [[nodiscard]] const pubsub::Router& router() const { return m_router; }
  [[nodiscard]] std::vector<PeerId> mesh(const pubsub::Topic& topic) const;
  [[nodiscard]] std::vector<PeerId> subscribers(const pubsub::Topic& topic) const;
  [[nodiscard]] PubsubStats stats() const;

private:
  struct Subscriber {
    uint64_t id;
    std::shared_ptr<Handler> handler;
  };
  struct Peer {
    PeerId id;
    std::unique_ptr<PubsubLink> link;
    bool opening = false;
    int failures = 0;
    int value = 0; // as told to the host
  };

  void onConnected(const ConnectionInfo& info, bool firstOfPeer) override;
  void onDisconnected(const ConnectionInfo& info, const base::Error& error, bool lastOfPeer) override;
  void onIdentified(const PeerId& peer) override;

  void onRpc(const PeerId& from, std::span<const uint8_t> bytes) override;
  void onOutboundGone(const PeerId& peer) override;
  void onRpcSent(size_t bytes) override;

  std::unique_ptr<StreamHandler> accept(const OpenedStream& opened);
  Peer& known(const PeerId& id);
  void join(Peer& peer, const std::string& protocol);
  void open(const PeerId& id);
  void opened(const PeerId& id, base::Result<OpenedStream> result);
  void greet(Peer& peer);
  void heartbeat();
  void value(Peer& peer);
  void run(pubsub::Effects effects);
  void send(const pubsub::SendControl& effect);
  void send(const pubsub::SendMessage& effect);
  void deliver(const pubsub::Deliver& effect);
  void ask(const pubsub::Validate& effect);
  void dial(const pubsub::Connect& effect);
  [[nodiscard]] base::Monotonic now() const { return m_host.now().steady; }

  Host& m_host;
  pubsub::Router m_router;
  QTimer m_timer;
  uint64_t m_seqno = 0;
  uint64_t m_nextSubscription = 1;
  size_t m_maxFrame;
  std::unordered_map<PeerId, Peer> m_peers;
  std::map<pubsub::Topic, std::vector<Subscriber>> m_subscribers;
  std::map<pubsub::Topic, std::shared_ptr<Validator>> m_validators;
  std::vector<PubsubObserver*> m_observers;
  PubsubStats m_stats;
};

} // namespace univrs::p2p
