// Kademlia over a host: finds peers, values and providers, publishes ours, and, in server mode, answers others.
//
// Only peers that speak the protocol (servers) enter the table. Addresses told by others are taken with care: loopback
// ones only from peers that are on loopback themselves, names and unspecified ones never. One thread, the host's. It
// may not be destroyed from inside its own callbacks.
#pragma once

#include "engine/p2p/host.h"
#include "engine/p2p/kad_query.h"
#include "engine/p2p/kad_responder.h"
#include "engine/p2p/kad_streams.h"

#include <QTimer>

#include <set>

namespace univrs::p2p {

enum class KadMode { Client, Server };

struct KadOptions {
  KadMode mode = KadMode::Server;
  std::vector<AddrInfo> bootstrap; // dialled when the table is empty
  KadQueryOptions query;
};

struct KadCounters {
  uint64_t requestsReceived = 0;
  uint64_t requestsRefused = 0;
  uint64_t requestsSent = 0;
  uint64_t requestsFailed = 0;
  uint64_t lookups = 0;
};

class KadService final : private HostObserver, private KadStreamOwner {
public:
  static constexpr size_t kMaxLookups = 64;                // at one time
  static constexpr size_t kMaxRequests = 512;              // at one time, of all lookups
  static constexpr size_t kMaxChecks = 16;                 // liveness checks at one time
  static constexpr size_t kGetQuorum = 3;                  // valid copies after which a value is believed
  static constexpr size_t kMaxFound = 64;                  // providers of one lookup
  static constexpr base::Millis kRequestTimeout{10'000};   // dial and agreement included
  static constexpr base::Millis kInboundIdle{60'000};      // a stream nobody asks on
  static constexpr base::Millis kTick{30'000};             // upkeep: expiry, refresh, republishing
  static constexpr base::Millis kBootstrapDelay{500};      // from the first peer of an empty table to the first lookup
  static constexpr base::Millis kRetryPublish{5 * 60'000}; // when nobody took what we publish
  static constexpr size_t kPublishAtOnce = 8;              // records or keys published in one tick

  KadService(Host& host, KadOptions options);
  ~KadService() override;
  KadService(const KadService&) = delete;
  KadService& operator=(const KadService&) = delete;

  template <class T>
  using Done = std::function<void(base::Result<T>)>; // once, from the event loop; not after our destruction

  void start();
  // A server answers others and is told to them by identify; a client only asks.
  void setMode(KadMode mode);
  [[nodiscard]] KadMode mode() const { return m_mode; }
  // See KadStore::setValidator. Values of other namespaces are neither kept, put nor believed.
  base::Result<void> setValidator(const std::string& name, KadValidator validator);

  // Looks ourselves up and refreshes old buckets; answers how many peers the table then holds.
  void bootstrap(Done<size_t> done);
  void findPeer(const PeerId& peer, Done<AddrInfo> done);
  // The k peers nearest to a key, nearest first.
  void closestPeers(std::span<const uint8_t> key, Done<std::vector<KadPeer>> done);
  // Publishes at the k nearest peers, and again every 22 h until withdrawn. Answers how many took it; none is an error
  // (it is tried again later).
  void putValue(base::Bytes key, base::Bytes value, Done<size_t> done);
  bool withdrawValue(std::span<const uint8_t> key) { return m_store.withdraw(key); }
  // The best valid value met.
  void getValue(base::Bytes key, Done<base::Bytes> done);
  // Tells the k nearest peers that we provide a key, and again every 12 h until stopped. Answers how many were told.
  void provide(const base::Bytes& key, Done<size_t> done);
  bool stopProviding(std::span<const uint8_t> key) { return m_store.stopProviding(key); }
  // Up to `count` (at most kMaxFound) providers; ends early when they are found.
  void findProviders(base::Bytes key, size_t count, Done<std::vector<AddrInfo>> done);

  [[nodiscard]] const KadTable& table() const { return m_table; }
  [[nodiscard]] const KadStore& store() const { return m_store; }
  [[nodiscard]] const KadCounters& counters() const { return m_counters; }

private:
  struct Lookup {
    KadMessage request;
    KadQuery query;
    std::function<void(Lookup&, const PeerId&, KadMessage&)> onAnswer; // may stop the query
    std::function<void(Lookup&)> onEnd;
  };
  struct Request {
    PeerId peer;
    KadAskingStream* stream = nullptr; // once it is open
    base::Monotonic deadline;
    std::function<void(base::Result<KadMessage>)> done; // empty once told
  };

  // HostObserver
  void onIdentified(const PeerId& peer) override;
  // KadStreamOwner
  void onReply(uint64_t request, base::Result<KadMessage> reply) override;
  void onAskingGone(uint64_t request) override;
  base::Result<std::optional<KadMessage>> onRequest(KadAnsweringStream& stream, const KadMessage& request) override;
  void onInboundGone(uint64_t stream) override;

  void serve();
  void learnServer(const PeerId& peer);
  void check(const PeerId& peer);
  [[nodiscard]] bool onLoopback(const PeerId& peer) const;
  [[nodiscard]] std::vector<Multiaddr> usable(std::vector<Multiaddr> addresses, bool fromLoopback) const;
  void sift(KadMessage& message, const PeerId& from) const;
  void remember(const KadPeer& peer);
  [[nodiscard]] KadPeer self() const;
  [[nodiscard]] AddrInfo infoOf(const KadPeer& peer) const;

  // False when too many are under way.
  bool lookUp(KadMessage request, std::function<void(Lookup&, const PeerId&, KadMessage&)> onAnswer,
              std::function<void(Lookup&)> onEnd);
  void advance(uint64_t lookup);
  void ask(const PeerId& peer, const KadMessage& message, std::function<void(base::Result<KadMessage>)> done);
  // Sends `message` to each; `done` gets how many took it.
  void tell(const std::vector<KadPeer>& peers, const KadMessage& message, std::function<void(size_t)> done);
  void sendRecord(const KadRecord& record, Done<size_t> done);
  void sendProvided(const base::Bytes& key, Done<size_t> done);
  void refreshNext(const std::shared_ptr<std::vector<PeerId>>& targets, const std::function<void()>& done);
  void tick();
  void schedule();
  void onTimer();
  // Calls `f` from the event loop, unless we are gone by then.
  void later(std::function<void()> f);

  Host& m_host;
  KadOptions m_options;
  KadMode m_mode;
  KadTable m_table;
  KadStore m_store;
  KadCounters m_counters;
  std::shared_ptr<KadLink> m_link;
  std::map<uint64_t, std::unique_ptr<Lookup>> m_lookups;
  std::map<uint64_t, Request> m_requests;
  std::map<uint64_t, KadAnsweringStream*> m_inbound;
  std::set<PeerId> m_checks;
  uint64_t m_nextId = 1;
  bool m_started = false;
  bool m_refreshing = false;
  bool m_bootstrapPlanned = false;
  std::optional<base::Monotonic> m_refreshed;
  QTimer m_timer; // the earliest deadline of lookups and requests
  QTimer m_tick;
};

} // namespace univrs::p2p
