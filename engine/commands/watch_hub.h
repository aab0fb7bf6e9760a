// Turns commits of the cluster state into deltas for watchers: coalesced per turn of the event loop, numbered by one
// growing revision, kept in a short bounded history so that a watcher that lost its connection can go on.
//
// The watch revision is not the store's: status changes that are not stored are deltas too. It starts at the wall clock
// in milliseconds, so that a watcher coming back after a restart of the node holds a smaller number and gets a
// snapshot.
//
// Thread: the engine's only.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/executor.h"
#include "engine/control/cluster_state.h"
#include "engine/interfaces/events.h"
#include "engine/model/operation.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace univrs::commands {

inline constexpr size_t kKeptDeltas = 2'000; // history for resuming
inline constexpr size_t kMaxWatches = 1'024;
inline constexpr size_t kMaxGossipPerFlush = 256;

class WatchHub {
public:
  WatchHub(control::ClusterState& state, base::Executor& executor, const base::Clock& clock);
  ~WatchHub();
  WatchHub(const WatchHub&) = delete;
  WatchHub& operator=(const WatchHub&) = delete;

  [[nodiscard]] std::unique_ptr<base::Subscription> watch(interfaces::WatchRequest request,
                                                          interfaces::WatchHandlers handlers);
  // Progress of long work; finished ones are shown once more and then forgotten.
  void onOperation(const model::Operation& operation);
  // One that is under way.
  [[nodiscard]] std::optional<model::Operation> operation(const std::string& id) const;
  // A connected peer, new or changed; one that is connected no more.
  void onPeer(model::Peer peer);
  void onPeerGone(const std::string& id);
  // A gossip message that passed. Beyond kMaxGossipPerFlush between two turns of the event loop the rest is left out:
  // watching must not cost more than the messages themselves.
  void onGossip(model::GossipMessage message);
  // Whether somebody watches the topic now: figures that cost something to take are only taken then.
  [[nodiscard]] bool isWatched(interfaces::Topic topic) const;
  [[nodiscard]] int64_t revision() const { return m_revision; }

private:
  struct Watch;
  class Handle;
  void onChanges(const control::Changes& changes);
  void flushSoon();
  void flush();
  [[nodiscard]] std::vector<interfaces::Delta> snapshot(const std::set<interfaces::Topic>& topics) const;
  static void deliver(const std::shared_ptr<Watch>& watch, const std::vector<interfaces::Delta>& deltas);

  control::ClusterState& m_state;
  base::Executor& m_executor;
  const base::Clock& m_clock;
  std::shared_ptr<bool> m_alive = std::make_shared<bool>(true); // for tasks posted to the executor
  int64_t m_revision;
  bool m_flushQueued = false;
  std::set<model::WorkloadId> m_workloads, m_removedWorkloads;
  std::set<model::InstanceId> m_instances, m_removedInstances;
  std::set<model::NodeId> m_nodes;
  std::vector<model::Event> m_events;
  std::vector<std::string> m_decisions;
  std::map<std::string, model::Operation> m_operations; // changed since the last flush
  std::map<std::string, model::Operation> m_running;    // all unfinished ones
  std::map<std::string, model::Peer> m_peers;           // connected ones
  std::set<std::string> m_changedPeers, m_removedPeers;
  std::vector<model::GossipMessage> m_gossip;
  model::ClusterStatus m_lastStatus;
  std::deque<interfaces::Delta> m_history;
  std::vector<std::weak_ptr<Watch>> m_watches;
};

} // namespace univrs::commands
