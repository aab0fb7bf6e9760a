#include "engine/control/cluster_state.h"

#include "engine/control/stored.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace univrs::control {

namespace {

constexpr base::Millis kFoldWithin{10 * 60 * 1000}; // equal events this close together count as one

// Reads every entry under `prefix` in pages and hands each decoded object on.
base::Result<void> readAll(store::StateStore& store, std::string_view prefix,
                           const std::function<base::Result<void>(const store::Entry&, const QJsonObject&)>& each) {
  std::string after;
  do {
    auto page = store.list(prefix, after, 1000);
    if (!page) {
      return page.error();
    }
    for (const auto& entry : page->entries) {
      auto json = decode(entry.key, entry.value);
      if (!json) {
        return json.error();
      }
      if (auto r = each(entry, *json); !r) {
        auto error = r.error();
        error.what = "the stored object " + entry.key + " cannot be read: " + error.what;
        error.code = base::ErrorCode::Corrupt;
        return error;
      }
    }
    after = page->next;
  } while (!after.empty());
  return {};
}

template <class Map, class Key>
const typename Map::mapped_type* findIn(const Map& map, const Key& key) {
  const auto it = map.find(key);
  return it == map.end() ? nullptr : &it->second;
}

std::string templateKey(const std::pair<model::WorkloadId, std::string>& id) {
  return std::string(kTemplatePrefix) + id.first.str() + "/" + id.second;
}

std::string keyOf(std::string_view prefix, const std::string& id) {
  return std::string(prefix) + id;
}

} // namespace

model::Instance* Batch::find(const model::InstanceId& id) {
  const auto it = m_instances.find(id);
  return it == m_instances.end() ? nullptr : &it->second;
}

bool Batch::empty() const {
  return m_workloads.empty() && m_instances.empty() && m_nodes.empty() && m_erasedWorkloads.empty() &&
         m_erasedInstances.empty() && m_events.empty() && m_decisions.empty();
}

ClusterState::ClusterState(store::StateStore& store, base::Random& random) : m_store(store), m_random(random) {}

base::Result<void> ClusterState::load() {
  using base::Result;
  auto r = readAll(m_store, kWorkloadPrefix, [this](const store::Entry& e, const QJsonObject& json) -> Result<void> {
    auto w = model::workloadFromJson(json);
    if (!w) {
      return w.error();
    }
    w->revision = e.modRevision;
    m_byName[w->spec.name] = w->id;
    m_workloads.insert_or_assign(w->id, std::move(*w));
    return {};
  });
  if (!r) {
    return r;
  }
  r = readAll(m_store, kInstancePrefix, [this](const store::Entry& e, const QJsonObject& json) -> Result<void> {
    auto i = model::instanceFromJson(json);
    if (!i) {
      return i.error();
    }
    i->revision = e.modRevision;
    m_byWorkload[i->workloadId].insert(i->id);
    m_instances.insert_or_assign(i->id, std::move(*i));
    return {};
  });
  if (!r) {
    return r;
  }
  r = readAll(m_store, kTemplatePrefix, [this](const store::Entry& e, const QJsonObject& json) -> Result<void> {
    auto spec = model::workloadSpecFromJson(json);
    if (!spec) {
      return spec.error();
    }
    const std::string rest = e.key.substr(kTemplatePrefix.size());
    const auto slash = rest.find('/');
    if (slash != std::string::npos) {
      m_templates.insert_or_assign({model::WorkloadId(rest.substr(0, slash)), rest.substr(slash + 1)},
                                   std::move(*spec));
    }
    return {};
  });
  if (!r) {
    return r;
  }
  r = readAll(m_store, kNodePrefix, [this](const store::Entry& e, const QJsonObject& json) -> Result<void> {
    auto n = model::nodeFromJson(json);
    if (!n) {
      return n.error();
    }
    n->revision = e.modRevision;
    m_nodes.insert_or_assign(n->id, std::move(*n));
    return {};
  });
  if (!r) {
    return r;
  }
  r = readAll(m_store, kEventPrefix, [this](const store::Entry& e, const QJsonObject& json) -> Result<void> {
    auto event = model::eventFromJson(json);
    if (!event) {
      return event.error();
    }
    event->revision = e.modRevision;
    m_events.push_back(std::move(*event));
    m_eventKeys.push_back(e.key);
    m_nextSequence = std::max(m_nextSequence, sequenceOf(e.key) + 1);
    return {};
  });
  if (!r) {
    return r;
  }
  return readAll(m_store, kDecisionPrefix, [this](const store::Entry& e, const QJsonObject& json) -> Result<void> {
    auto d = model::decisionFromJson(json);
    if (!d) {
      return d.error();
    }
    KeptDecision kept;
    kept.verdicts = [nodes = std::move(d->nodes)] { return nodes; };
    d->nodes.clear();
    kept.head = std::move(*d);
    m_decisions.push_back(std::move(kept));
    m_decisionKeys.push_back(e.key);
    m_nextSequence = std::max(m_nextSequence, sequenceOf(e.key) + 1);
    return {};
  });
}

const model::Workload* ClusterState::workload(const model::WorkloadId& id) const {
  return findIn(m_workloads, id);
}

const model::Workload* ClusterState::workloadByName(const std::string& name) const {
  const auto* id = findIn(m_byName, name);
  return id == nullptr ? nullptr : workload(*id);
}

const model::Workload* ClusterState::workloadByRef(const std::string& ref) const {
  const auto* byId = workload(model::WorkloadId(ref));
  return byId != nullptr ? byId : workloadByName(ref);
}

const model::Instance* ClusterState::instance(const model::InstanceId& id) const {
  return findIn(m_instances, id);
}
const model::Node* ClusterState::node(const model::NodeId& id) const {
  return findIn(m_nodes, id);
}

const model::Node* ClusterState::nodeByRef(const std::string& ref) const {
  if (const auto* n = node(model::NodeId(ref))) {
    return n;
  }
  const auto it = std::find_if(m_nodes.begin(), m_nodes.end(), [&](const auto& n) { return n.second.name == ref; });
  return it == m_nodes.end() ? nullptr : &it->second;
}

const KeptDecision* ClusterState::decision(const std::string& id) const {
  const auto it =
      std::find_if(m_decisions.rbegin(), m_decisions.rend(), [&](const auto& d) { return d.head.id == id; });
  return it == m_decisions.rend() ? nullptr : &*it;
}

std::vector<const model::Instance*> ClusterState::instancesOf(const model::WorkloadId& id) const {
  std::vector<const model::Instance*> out;
  if (const auto* ids = findIn(m_byWorkload, id)) {
    out.reserve(ids->size());
    for (const auto& instanceId : *ids) {
      out.push_back(&m_instances.at(instanceId));
    }
  }
  std::sort(out.begin(), out.end(),
            [](const auto* a, const auto* b) { return std::tie(a->epoch, a->id) < std::tie(b->epoch, b->id); });
  return out;
}

const model::WorkloadSpec* ClusterState::templateOf(const model::Instance& instance) const {
  return findIn(m_templates, std::pair(instance.workloadId, instance.templateHash));
}

model::ClusterStatus ClusterState::status() const {
  model::ClusterStatus s;
  for (const auto& [id, n] : m_nodes) {
    ++s.totalNodes;
    ++(n.status == model::NodeStatus::Ready ? s.readyNodes : s.notReadyNodes);
    s.capacity += n.capacity;
    s.allocatable += n.allocatable;
    s.reserved += n.reserved;
  }
  for (const auto& [id, w] : m_workloads) {
    ++s.totalWorkloads;
    switch (w.status.health) {
    case model::Health::Healthy:
      ++s.healthyWorkloads;
      break;
    case model::Health::Progressing:
      ++s.progressingWorkloads;
      break;
    case model::Health::Degraded:
      ++s.degradedWorkloads;
      break;
    }
  }
  for (const auto& [id, i] : m_instances) {
    ++s.totalInstances;
    if (model::isUp(i.state)) {
      ++s.runningInstances;
    } else if (i.state == model::InstanceState::Failed || i.state == model::InstanceState::Lost) {
      ++s.failedInstances;
    } else if (!model::isFinal(i.state) && i.state != model::InstanceState::Stopping) {
      ++s.pendingInstances;
    }
  }
  s.revision = revision();
  return s;
}

void ClusterState::addEvent(model::Event event, base::Timestamp now, std::vector<store::Op>& ops, Changes& changes) {
  event.time = now;
  // Fold into the last event of the same object when it says the same.
  const auto scanFrom = m_events.size() > 50 ? m_events.size() - 50 : 0;
  for (size_t at = m_events.size(); at > scanFrom; --at) {
    auto& old = m_events[at - 1];
    if (old.objectId != event.objectId) {
      continue;
    }
    if (old.type == event.type && old.message == event.message && now - old.time < kFoldWithin &&
        old.correlationId == event.correlationId) {
      ++old.count;
      old.time = now;
      old.data = event.data;
      ops.push_back(store::Op::put(m_eventKeys[at - 1], encode(toJson(old))));
      changes.events.push_back(old);
      return;
    }
    break;
  }
  event.id = m_random.uuid();
  m_eventKeys.push_back(sequenceKey(kEventPrefix, m_nextSequence++));
  ops.push_back(store::Op::put(m_eventKeys.back(), encode(toJson(event))));
  changes.events.push_back(event);
  m_events.push_back(std::move(event));
  while (m_events.size() > kKeptEvents) {
    ops.push_back(store::Op::remove(m_eventKeys.front()));
    m_events.pop_front();
    m_eventKeys.pop_front();
  }
}

void ClusterState::addDecision(KeptDecision decision, std::vector<store::Op>& ops, Changes& changes) {
  model::Decision full = decision.head;
  full.nodes = decision.verdicts();
  m_decisionKeys.push_back(sequenceKey(kDecisionPrefix, m_nextSequence++));
  ops.push_back(store::Op::put(m_decisionKeys.back(), encode(toJson(full, kStoredVerdicts))));
  changes.decisions.push_back(decision.head.id);
  m_decisions.push_back(std::move(decision));
  while (m_decisions.size() > kKeptDecisions) {
    ops.push_back(store::Op::remove(m_decisionKeys.front()));
    m_decisions.pop_front();
    m_decisionKeys.pop_front();
  }
}

base::Result<int64_t> ClusterState::commit(Batch batch, base::Timestamp now) {
  if (batch.empty()) {
    return m_store.revision();
  }
  std::vector<store::Op> ops;
  Changes changes;
  for (auto& [id, w] : batch.m_workloads) {
    w.revision = 0; // the store's modRevision is the truth
    ops.push_back(store::Op::put(keyOf(kWorkloadPrefix, id.str()), encode(toJson(w))));
  }
  for (auto& [id, i] : batch.m_instances) {
    i.revision = 0;
    ops.push_back(store::Op::put(keyOf(kInstancePrefix, id.str()), encode(toJson(i))));
  }
  for (auto& [id, n] : batch.m_nodes) {
    n.revision = 0;
    ops.push_back(store::Op::put(keyOf(kNodePrefix, id.str()), encode(toJson(n))));
  }
  for (auto it = batch.m_templates.begin(); it != batch.m_templates.end();) {
    if (m_templates.count(it->first) != 0) {
      it = batch.m_templates.erase(it);
      continue;
    }
    ops.push_back(store::Op::put(templateKey(it->first), encode(toJson(it->second))));
    ++it;
  }
  const auto unused = unusedTemplates(batch);
  for (const auto& id : unused) {
    ops.push_back(store::Op::remove(templateKey(id)));
  }
  for (const auto& id : batch.m_erasedWorkloads) {
    ops.push_back(store::Op::remove(keyOf(kWorkloadPrefix, id.str())));
  }
  for (const auto& id : batch.m_erasedInstances) {
    ops.push_back(store::Op::remove(keyOf(kInstancePrefix, id.str())));
  }
  // The objects are what must not be lost: they are written first, in one transaction. The histories follow in a
  // second one, so that a full disk of events can never block a change, and a ring's pruning frees its space.
  int64_t revision = m_store.revision();
  if (!ops.empty()) {
    if (ops.size() > store::kMaxTransactionOps) {
      return base::makeError(base::ErrorCode::TooLarge, "the change is too large for one transaction",
                             std::to_string(ops.size()) + " objects", "split it");
    }
    auto written = m_store.transact({}, ops);
    if (!written) {
      return written.error();
    }
    revision = *written;
  }

  for (auto& [id, w] : batch.m_workloads) {
    w.revision = revision;
    if (const auto* old = workload(id); old != nullptr && old->spec.name != w.spec.name) {
      m_byName.erase(old->spec.name);
    }
    m_byName[w.spec.name] = id;
    changes.workloads.push_back(id);
    m_workloads.insert_or_assign(id, std::move(w));
  }
  for (auto& [id, i] : batch.m_instances) {
    i.revision = revision;
    m_byWorkload[i.workloadId].insert(id);
    changes.instances.push_back(id);
    m_instances.insert_or_assign(id, std::move(i));
  }
  for (auto& [id, n] : batch.m_nodes) {
    n.revision = revision;
    changes.nodes.push_back(id);
    m_nodes.insert_or_assign(id, std::move(n));
  }
  for (const auto& id : batch.m_erasedWorkloads) {
    if (const auto it = m_workloads.find(id); it != m_workloads.end()) {
      m_byName.erase(it->second.spec.name);
      m_workloads.erase(it);
      changes.removedWorkloads.push_back(id);
    }
  }
  for (const auto& id : batch.m_erasedInstances) {
    if (const auto it = m_instances.find(id); it != m_instances.end()) {
      auto& siblings = m_byWorkload[it->second.workloadId];
      siblings.erase(id);
      if (siblings.empty()) {
        m_byWorkload.erase(it->second.workloadId);
      }
      m_instances.erase(it);
      changes.removedInstances.push_back(id);
    }
  }

  for (auto& [id, spec] : batch.m_templates) {
    m_templates.insert_or_assign(id, std::move(spec));
  }
  for (const auto& id : unused) {
    m_templates.erase(id);
  }

  std::vector<store::Op> history;
  for (auto& event : batch.m_events) {
    event.revision = revision;
    addEvent(std::move(event), now, history, changes);
  }
  for (auto& decision : batch.m_decisions) {
    addDecision(std::move(decision), history, changes);
  }
  if (!history.empty()) {
    // The same event may have been folded twice within one batch: the last write of a key is the one that counts.
    std::map<std::string, store::Op> last;
    for (auto& op : history) {
      last.insert_or_assign(op.key, std::move(op));
    }
    std::vector<store::Op> unique;
    unique.reserve(last.size());
    for (auto& [key, op] : last) {
      unique.push_back(std::move(op));
    }
    if (auto written = m_store.transact({}, unique); !written) {
      // In memory they are known; what is lost is history only. The health report shows the store's error.
      m_historyError = written.error();
    } else {
      m_historyError.reset();
    }
  }
  notify(changes);
  return revision;
}

std::set<std::pair<model::WorkloadId, std::string>> ClusterState::unusedTemplates(const Batch& batch) const {
  std::set<std::pair<model::WorkloadId, std::string>> unused;
  for (const auto& erased : batch.m_erasedInstances) {
    if (const auto* i = instance(erased)) {
      unused.insert({i->workloadId, i->templateHash});
    }
  }
  for (auto it = unused.begin(); it != unused.end();) {
    bool used = batch.m_templates.count(*it) != 0 || m_templates.count(*it) == 0;
    for (const auto* i : instancesOf(it->first)) {
      used = used || (i->templateHash == it->second && batch.m_erasedInstances.count(i->id) == 0);
    }
    for (const auto& [id, i] : batch.m_instances) {
      used = used || (i.workloadId == it->first && i.templateHash == it->second);
    }
    it = used ? unused.erase(it) : std::next(it);
  }
  return unused;
}

void ClusterState::setReserved(const model::NodeId& id, model::Resources reserved) {
  const auto it = m_nodes.find(id);
  if (it == m_nodes.end() || it->second.reserved == reserved) {
    return;
  }
  it->second.reserved = std::move(reserved);
  Changes changes;
  changes.nodes.push_back(id);
  notify(changes);
}

void ClusterState::setStatus(const model::WorkloadId& id, model::WorkloadStatus status) {
  const auto it = m_workloads.find(id);
  if (it == m_workloads.end() || it->second.status == status) {
    return;
  }
  it->second.status = std::move(status);
  Changes changes;
  changes.workloads.push_back(id);
  notify(changes);
}

void ClusterState::notify(const Changes& changes) {
  for (const auto& observer : m_observers) {
    observer(changes);
  }
}

} // namespace univrs::control
