// The event history, and watching state as it changes: a snapshot, then deltas, by revision.
#pragma once

#include "engine/base/executor.h"
#include "engine/interfaces/reply.h"
#include "engine/interfaces/topic.h"
#include "engine/interfaces/workloads.h"
#include "engine/model/decision.h"
#include "engine/model/event.h"
#include "engine/model/instance.h"
#include "engine/model/node.h"
#include "engine/model/operation.h"
#include "engine/model/peer.h"
#include "engine/model/workload.h"

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace univrs::interfaces {

struct EventQuery {
  std::string workload; // id or name
  std::string objectId;
  std::string type;
  std::string severity; // at least this one
  std::string after;    // `next` of the page before
  int limit = 0;        // 1…1000; 0 = 100
};

struct Delta {
  enum class Kind {
    SnapshotBegin, // forget everything of `topic`; its objects follow as Put
    Put,           // the object is new or changed
    Remove,        // `id` is gone
    SnapshotEnd,   // the topic is complete as of `revision`
    Heartbeat      // nothing happened, the connection lives
  };
  Kind kind = Kind::Put;
  Topic topic = Topic::Workloads;
  int64_t revision = 0; // never goes back within a watch
  std::string id;
  std::variant<std::monostate, model::Workload, model::Instance, model::Node, model::ClusterStatus, model::Event,
               model::Decision, model::Operation, model::Peer, model::GossipMessage>
      object; // set with Put
};

struct WatchRequest {
  std::vector<Topic> topics;
  // 0 = snapshot first. Otherwise only what came after it, when that is still known (else a snapshot as with 0).
  // Events, decisions and gossip have no snapshot: they begin now, or after `fromRevision`. That of operations holds
  // those under way, that of peers those connected and those
  // that say whom they are connected to.
  int64_t fromRevision = 0;
};

struct WatchHandlers {
  // Deltas in order, in batches, on the caller's thread. A watcher too slow for its bounded queue is given a new
  // snapshot.
  std::function<void(const std::vector<Delta>&)> onDeltas;
  // The watch's connection: up, or down with why (a remote watch heals by itself and then resumes). Local watches are
  // always up.
  std::function<void(bool connected, const std::string& why)> onConnection;
};

class Events {
public:
  virtual ~Events() = default;
  //! History, newest first.
  virtual void listEvents(EventQuery query, Reply<ItemPage<model::Event>> reply) = 0;
  //! Snapshot and deltas until the returned object is destroyed.
  [[nodiscard]] virtual std::unique_ptr<base::Subscription> watch(WatchRequest request, WatchHandlers handlers) = 0;
};

} // namespace univrs::interfaces
