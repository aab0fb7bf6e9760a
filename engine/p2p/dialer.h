// Brings about connections to peers: gathers their addresses, resolves names, tries several at a time (dial_plan.h),
// and answers all who asked for the same peer at once.
#pragma once

#include "engine/p2p/dial_plan.h"
#include "engine/p2p/peer_store.h"
#include "engine/p2p/resolver.h"
#include "engine/p2p/transport.h"

#include <QObject>
#include <QTimer>

#include <map>
#include <memory>

namespace univrs::p2p {

class Dialer {
public:
  static constexpr size_t kMaxPeers = 256;           // peers being dialled at one time
  static constexpr size_t kMaxDials = 64;            // handshakes under way at one time, of all peers
  static constexpr size_t kMaxDialsPerPeer = 8;      // the same, of one peer
  static constexpr size_t kMaxAddressesPerPeer = 32; // tried in one go
  static constexpr size_t kMaxNamesPerPeer = 8;      // resolved in one go
  static constexpr size_t kMaxWaiters = 1'024;       // who wait for one peer

  using Done = std::function<void(base::Result<ConnectionInfo>)>;
  // Takes a finished connection; an error when it is not kept (no room, our own id).
  using Accept = std::function<base::Result<ConnectionInfo>(std::unique_ptr<Connection>)>;

  Dialer(PeerId own, const std::vector<std::unique_ptr<Transport>>& transports, PeerStore& peers,
         const base::Clock& clock, base::Random& random, std::unique_ptr<NameSource> names, Accept accept);
  ~Dialer(); // gives up everything, calls nobody

  // `done` comes once, from the event loop. With `directOnly` no address over a relay is tried.
  void dial(AddrInfo to, bool directOnly, Done done);
  // A connection to this peer came about by other means: who waits for it is answered. Handshakes under way go on,
  // since the peer may have given up its own on seeing ours.
  void connected(const ConnectionInfo& info);
  [[nodiscard]] size_t dialling() const { return m_running; }

private:
  struct Attempt {
    uint64_t id = 0;
    Multiaddr address; // with /p2p/ where it had one
    std::unique_ptr<Dial> dial;
  };
  struct Task {
    std::optional<PeerId> peer;
    bool directOnly = false;
    std::string key; // what makes two requests the same one
    size_t resolving = 0;
    std::vector<Multiaddr> taken;  // everything that was ever put into the plan
    std::vector<PlannedDial> plan; // what is still to be tried, next first
    std::vector<Attempt> running;
    std::vector<Done> waiters;
    std::vector<base::Error> faults;
    std::optional<base::Millis> held; // the shortest time an address is left alone yet
    base::Monotonic lastStart;
    bool hurry = false; // the last try failed: the next need not wait
    bool over = false;
    QTimer timer;
  };
  using TaskPtr = std::shared_ptr<Task>;

  void addAddresses(const TaskPtr& task, const std::vector<Multiaddr>& addresses);
  void addName(const TaskPtr& task, const Multiaddr& name);
  void pump(const TaskPtr& task);
  void pumpAll();
  void startNext(const TaskPtr& task);
  void attemptEnded(const TaskPtr& task, uint64_t attempt, base::Result<std::unique_ptr<Connection>> result);
  void succeed(const TaskPtr& task, const ConnectionInfo& info);
  void fail(const TaskPtr& task);
  void end(const TaskPtr& task);
  [[nodiscard]] Transport* transportFor(const Multiaddr& address) const;
  [[nodiscard]] base::Error summary(const Task& task) const;
  [[nodiscard]] static Multiaddr backoffKey(const Task& task, const Multiaddr& address);
  void later(std::function<void()> call);
  void bury(std::unique_ptr<Dial> dial);

  PeerId m_own;
  const std::vector<std::unique_ptr<Transport>>& m_transports;
  PeerStore& m_peers;
  const base::Clock& m_clock;
  DialBackoff m_backoff;
  Accept m_accept;
  std::unique_ptr<QObject> m_context = std::make_unique<QObject>();
  Resolver m_resolver;
  std::map<std::string, TaskPtr> m_tasks;
  std::vector<std::unique_ptr<Dial>> m_graveyard; // destroyed from the event loop: they may be calling us now
  size_t m_running = 0;
  uint64_t m_nextAttempt = 1;
};

} // namespace univrs::p2p
