#include "engine/commands/watch_hub.h"

#include <algorithm>
#include <utility>

namespace univrs::commands {

using interfaces::Delta;
using interfaces::Topic;

struct WatchHub::Watch {
  std::set<Topic> topics;
  interfaces::WatchHandlers handlers;
  bool started = false; // the snapshot was delivered
  bool ended = false;
  int64_t from = 0;
};

class WatchHub::Handle final : public base::Subscription {
public:
  explicit Handle(std::shared_ptr<Watch> watch) : m_watch(std::move(watch)) {}
  ~Handle() override { m_watch->ended = true; }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

private:
  std::shared_ptr<Watch> m_watch;
};

WatchHub::WatchHub(control::ClusterState& state, base::Executor& executor, const base::Clock& clock)
    : m_state(state), m_executor(executor), m_clock(clock), m_revision(clock.now().wall.ms) {
  m_state.observe([this](const control::Changes& changes) { onChanges(changes); });
  m_lastStatus = m_state.status();
}

WatchHub::~WatchHub() {
  *m_alive = false;
}

void WatchHub::onChanges(const control::Changes& c) {
  m_workloads.insert(c.workloads.begin(), c.workloads.end());
  m_instances.insert(c.instances.begin(), c.instances.end());
  m_nodes.insert(c.nodes.begin(), c.nodes.end());
  m_removedWorkloads.insert(c.removedWorkloads.begin(), c.removedWorkloads.end());
  m_removedInstances.insert(c.removedInstances.begin(), c.removedInstances.end());
  m_events.insert(m_events.end(), c.events.begin(), c.events.end());
  m_decisions.insert(m_decisions.end(), c.decisions.begin(), c.decisions.end());
  flushSoon();
}

void WatchHub::onOperation(const model::Operation& operation) {
  m_operations.insert_or_assign(operation.id, operation);
  if (operation.finished) {
    m_running.erase(operation.id);
  } else {
    m_running.insert_or_assign(operation.id, operation);
  }
  flushSoon();
}

void WatchHub::onPeer(model::Peer peer) {
  const std::string id = peer.id;
  m_removedPeers.erase(id);
  m_changedPeers.insert(id);
  m_peers.insert_or_assign(id, std::move(peer));
  flushSoon();
}

void WatchHub::onPeerGone(const std::string& id) {
  if (m_peers.erase(id) != 0) {
    m_changedPeers.erase(id);
    m_removedPeers.insert(id);
    flushSoon();
  }
}

void WatchHub::onGossip(model::GossipMessage message) {
  if (m_gossip.size() < kMaxGossipPerFlush && isWatched(Topic::Gossip)) {
    m_gossip.push_back(std::move(message));
    flushSoon();
  }
}

bool WatchHub::isWatched(Topic topic) const {
  return std::any_of(m_watches.begin(), m_watches.end(), [topic](const auto& weak) {
    const auto w = weak.lock();
    return w && !w->ended && w->topics.count(topic) != 0;
  });
}

std::optional<model::Operation> WatchHub::operation(const std::string& id) const {
  const auto it = m_running.find(id);
  return it == m_running.end() ? std::nullopt : std::optional(it->second);
}

void WatchHub::flushSoon() {
  if (std::exchange(m_flushQueued, true)) {
    return;
  }
  m_executor.post([this, alive = m_alive] {
    if (*alive) {
      flush();
    }
  });
}

void WatchHub::flush() {
  m_flushQueued = false;
  m_revision = std::max(m_revision + 1, m_clock.now().wall.ms);
  std::vector<Delta> out;
  const auto put = [&](Topic topic, std::string id, auto object) {
    out.push_back({Delta::Kind::Put, topic, m_revision, std::move(id), std::move(object)});
  };
  const auto remove = [&](Topic topic, std::string id) {
    out.push_back({Delta::Kind::Remove, topic, m_revision, std::move(id), {}});
  };
  for (const auto& id : m_workloads) {
    if (const auto* w = m_state.workload(id)) {
      put(Topic::Workloads, id.str(), *w);
    }
  }
  for (const auto& id : m_removedWorkloads) {
    remove(Topic::Workloads, id.str());
  }
  for (const auto& id : m_instances) {
    if (const auto* i = m_state.instance(id)) {
      put(Topic::Instances, id.str(), *i);
    }
  }
  for (const auto& id : m_removedInstances) {
    remove(Topic::Instances, id.str());
  }
  for (const auto& id : m_nodes) {
    if (const auto* n = m_state.node(id)) {
      put(Topic::Nodes, id.str(), *n);
    }
  }
  for (auto& e : m_events) {
    const std::string id = e.id; // the event may be moved from before an argument is made of it
    put(Topic::Events, id, std::move(e));
  }
  for (const auto& id : m_decisions) {
    if (const auto* d = m_state.decision(id)) {
      put(Topic::Decisions, id, d->head);
    }
  }
  for (auto& [id, op] : m_operations) {
    put(Topic::Operations, id, std::move(op));
  }
  for (const auto& id : m_changedPeers) {
    put(Topic::Peers, id, m_peers.at(id));
  }
  for (const auto& id : m_removedPeers) {
    remove(Topic::Peers, id);
  }
  for (auto& m : m_gossip) {
    const std::string id = m.id; // the same message may be moved from before an argument is made of it
    put(Topic::Gossip, id, std::move(m));
  }
  auto status = m_state.status();
  status.revision = m_lastStatus.revision; // the store's counter alone is no news
  if (status != m_lastStatus) {
    m_lastStatus = status;
    put(Topic::Cluster, "cluster", status);
  }
  m_workloads.clear();
  m_removedWorkloads.clear();
  m_instances.clear();
  m_removedInstances.clear();
  m_nodes.clear();
  m_events.clear();
  m_decisions.clear();
  m_operations.clear();
  m_changedPeers.clear();
  m_removedPeers.clear();
  m_gossip.clear();

  m_history.insert(m_history.end(), out.begin(), out.end());
  // Cut whole revisions only: a resumed watch must not get half of one.
  while (m_history.size() > kKeptDeltas) {
    const int64_t oldest = m_history.front().revision;
    while (!m_history.empty() && m_history.front().revision == oldest) {
      m_history.pop_front();
    }
  }
  std::vector<std::shared_ptr<Watch>> live;
  for (auto it = m_watches.begin(); it != m_watches.end();) {
    if (auto w = it->lock(); w && !w->ended) {
      live.push_back(std::move(w));
      ++it;
    } else {
      it = m_watches.erase(it);
    }
  }
  for (const auto& w : live) {
    if (w->started && !w->ended) {
      deliver(w, out);
    }
  }
}

void WatchHub::deliver(const std::shared_ptr<Watch>& watch, const std::vector<Delta>& deltas) {
  std::vector<Delta> wanted;
  std::copy_if(deltas.begin(), deltas.end(), std::back_inserter(wanted),
               [&](const Delta& d) { return watch->topics.count(d.topic) != 0; });
  if (!wanted.empty() && watch->handlers.onDeltas) {
    watch->handlers.onDeltas(wanted);
  }
}

std::vector<Delta> WatchHub::snapshot(const std::set<Topic>& topics) const {
  std::vector<Delta> out;
  const auto mark = [&](Delta::Kind kind, Topic topic) { out.push_back({kind, topic, m_revision, {}, {}}); };
  const auto put = [&](Topic topic, std::string id, auto object) {
    out.push_back({Delta::Kind::Put, topic, m_revision, std::move(id), std::move(object)});
  };
  for (const Topic topic : topics) {
    mark(Delta::Kind::SnapshotBegin, topic);
    switch (topic) {
    case Topic::Workloads:
      for (const auto& [id, w] : m_state.workloads()) {
        put(topic, id.str(), w);
      }
      break;
    case Topic::Instances:
      for (const auto& [id, i] : m_state.instances()) {
        put(topic, id.str(), i);
      }
      break;
    case Topic::Nodes:
      for (const auto& [id, n] : m_state.nodes()) {
        put(topic, id.str(), n);
      }
      break;
    case Topic::Cluster:
      put(topic, "cluster", m_state.status());
      break;
    case Topic::Operations: // those under way now
      for (const auto& [id, op] : m_running) {
        put(topic, id, op);
      }
      break;
    case Topic::Peers:
      for (const auto& [id, peer] : m_peers) {
        put(topic, id, peer);
      }
      break;
    case Topic::Events:
    case Topic::Decisions:
    case Topic::Gossip:
      break; // streams: they begin now
    }
    mark(Delta::Kind::SnapshotEnd, topic);
  }
  return out;
}

std::unique_ptr<base::Subscription> WatchHub::watch(interfaces::WatchRequest request,
                                                    interfaces::WatchHandlers handlers) {
  auto w = std::make_shared<Watch>();
  w->topics.insert(request.topics.begin(), request.topics.end());
  w->handlers = std::move(handlers);
  w->from = request.fromRevision;
  auto handle = std::make_unique<Handle>(w);
  m_watches.erase(std::remove_if(m_watches.begin(), m_watches.end(),
                                 [](const auto& weak) {
                                   const auto live = weak.lock();
                                   return !live || live->ended;
                                 }),
                  m_watches.end());
  if (m_watches.size() >= kMaxWatches) {
    m_executor.post([w] {
      if (!w->ended && w->handlers.onConnection) {
        w->handlers.onConnection(false, "too many watches are open on this node");
      }
    });
    return handle;
  }
  m_watches.push_back(w);
  m_executor.post([this, w, alive = m_alive] {
    if (!*alive || w->ended) {
      return;
    }
    if (w->handlers.onConnection) {
      w->handlers.onConnection(true, {});
    }
    if (w->ended) {
      return;
    }
    w->started = true;
    // What is queued for the next flush is in the state already: the flush sends it again, which does no harm.
    const bool known = w->from > 0 && w->from <= m_revision &&
                       (w->from == m_revision || (!m_history.empty() && m_history.front().revision <= w->from));
    if (known) {
      std::vector<Delta> missed;
      std::copy_if(m_history.begin(), m_history.end(), std::back_inserter(missed),
                   [&](const Delta& d) { return d.revision > w->from; });
      deliver(w, missed);
    } else {
      deliver(w, snapshot(w->topics));
    }
  });
  return handle;
}

} // namespace univrs::commands
