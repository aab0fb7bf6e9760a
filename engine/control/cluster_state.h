// Desired and observed state of the cluster in memory, backed by the store: read from here, written through a Batch
// that becomes one durable transaction first and is visible in memory only then. Observers hear of every commit.
//
// Thread: the engine's only.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "engine/model/decision.h"
#include "engine/model/event.h"
#include "engine/model/instance.h"
#include "engine/model/node.h"
#include "engine/model/workload.h"
#include "engine/store/state_store.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace univrs::control {

// What is kept of the histories; older entries go.
inline constexpr size_t kKeptEvents = 5'000;
inline constexpr size_t kKeptDecisions = 1'000;
inline constexpr int kStoredVerdicts = 100; // of one decision on disk; in memory a decision keeps every node's verdict
inline constexpr size_t kKeptAudit = 5'000;

// A decision as it is kept: the head at hand, the nodes' verdicts made on demand (they share memory, schedule/).
struct KeptDecision {
  model::Decision head; // nodes left empty
  std::function<std::vector<model::NodeVerdict>()> verdicts;
};

// What one commit changed, for observers.
struct Changes {
  std::vector<model::WorkloadId> workloads, removedWorkloads;
  std::vector<model::InstanceId> instances, removedInstances;
  std::vector<model::NodeId> nodes, removedNodes;
  std::vector<model::Event> events;
  std::vector<std::string> decisions;
};

// Changes to be made together. Later puts of the same object replace earlier ones.
class Batch {
public:
  void put(model::Workload w) { m_workloads.insert_or_assign(w.id, std::move(w)); }
  void put(model::Instance i) { m_instances.insert_or_assign(i.id, std::move(i)); }
  void put(model::Node n) { m_nodes.insert_or_assign(n.id, std::move(n)); }
  // The spec that instances with this template hash are made from; kept while one of them exists.
  void putTemplate(const model::WorkloadId& id, const std::string& hash, const model::WorkloadSpec& spec) {
    m_templates.insert_or_assign({id, hash}, spec);
  }
  void erase(const model::WorkloadId& id) { m_erasedWorkloads.insert(id); }
  void erase(const model::InstanceId& id) {
    m_instances.erase(id);
    m_erasedInstances.insert(id);
  }
  void add(model::Event event) { m_events.push_back(std::move(event)); }
  void add(KeptDecision decision) { m_decisions.push_back(std::move(decision)); }
  // The batch's own view of an instance, if it changes it.
  [[nodiscard]] model::Instance* find(const model::InstanceId& id);
  [[nodiscard]] bool empty() const;

private:
  friend class ClusterState;
  std::map<model::WorkloadId, model::Workload> m_workloads;
  std::map<model::InstanceId, model::Instance> m_instances;
  std::map<model::NodeId, model::Node> m_nodes;
  std::map<std::pair<model::WorkloadId, std::string>, model::WorkloadSpec> m_templates;
  std::set<model::WorkloadId> m_erasedWorkloads;
  std::set<model::InstanceId> m_erasedInstances;
  std::vector<model::Event> m_events;
  std::vector<KeptDecision> m_decisions;
};

class ClusterState {
public:
  ClusterState(store::StateStore& store, base::Random& random);

  // Reads everything. An object that cannot be read back is an error naming its key: nothing is dropped silently.
  [[nodiscard]] base::Result<void> load();

  [[nodiscard]] const std::map<model::WorkloadId, model::Workload>& workloads() const { return m_workloads; }
  [[nodiscard]] const std::map<model::InstanceId, model::Instance>& instances() const { return m_instances; }
  [[nodiscard]] const std::map<model::NodeId, model::Node>& nodes() const { return m_nodes; }
  [[nodiscard]] const std::deque<model::Event>& events() const { return m_events; }       // oldest first
  [[nodiscard]] const std::deque<KeptDecision>& decisions() const { return m_decisions; } // oldest first
  [[nodiscard]] const model::Workload* workload(const model::WorkloadId& id) const;
  [[nodiscard]] const model::Workload* workloadByName(const std::string& name) const;
  // By id, else by name.
  [[nodiscard]] const model::Workload* workloadByRef(const std::string& ref) const;
  [[nodiscard]] const model::Instance* instance(const model::InstanceId& id) const;
  [[nodiscard]] const model::Node* node(const model::NodeId& id) const;
  [[nodiscard]] const model::Node* nodeByRef(const std::string& ref) const;
  [[nodiscard]] const KeptDecision* decision(const std::string& id) const;
  // Instances of a workload, by epoch ascending.
  [[nodiscard]] std::vector<const model::Instance*> instancesOf(const model::WorkloadId& id) const;
  // The spec an instance was made from, also when the workload has moved on since.
  [[nodiscard]] const model::WorkloadSpec* templateOf(const model::Instance& instance) const;
  [[nodiscard]] model::ClusterStatus status() const;
  [[nodiscard]] int64_t revision() const { return m_store.revision(); }

  // Writes the batch as one transaction; on failure nothing changed, in memory neither. Sets revision and ids of
  // events.
  [[nodiscard]] base::Result<int64_t> commit(Batch batch, base::Timestamp now);
  // Sets the computed status of workloads (not stored); observers hear of those that differ.
  void setStatus(const model::WorkloadId& id, model::WorkloadStatus status);

  // The last failure to write a history (events, decisions), until one succeeds again.
  [[nodiscard]] const std::optional<base::Error>& historyError() const { return m_historyError; }

  // Sets what is reserved on a node (derived from its instances, not stored).
  void setReserved(const model::NodeId& id, model::Resources reserved);

  // Observers are called after each commit (and for status changes), on the engine thread.
  using Observer = std::function<void(const Changes&)>;
  void observe(Observer observer) { m_observers.push_back(std::move(observer)); }

private:
  void notify(const Changes& changes);
  // Templates that no instance needs once `batch` is applied.
  [[nodiscard]] std::set<std::pair<model::WorkloadId, std::string>> unusedTemplates(const Batch& batch) const;
  void addEvent(model::Event event, base::Timestamp now, std::vector<store::Op>& ops, Changes& changes);
  void addDecision(KeptDecision decision, std::vector<store::Op>& ops, Changes& changes);

  store::StateStore& m_store;
  base::Random& m_random;
  std::map<model::WorkloadId, model::Workload> m_workloads;
  std::map<std::string, model::WorkloadId> m_byName;
  std::map<model::InstanceId, model::Instance> m_instances;
  std::map<model::WorkloadId, std::set<model::InstanceId>> m_byWorkload;
  std::map<std::pair<model::WorkloadId, std::string>, model::WorkloadSpec> m_templates;
  std::map<model::NodeId, model::Node> m_nodes;
  std::deque<model::Event> m_events;
  std::deque<std::string> m_eventKeys; // store keys, parallel to m_events
  std::deque<KeptDecision> m_decisions;
  std::deque<std::string> m_decisionKeys;
  uint64_t m_nextSequence = 1; // of event and decision keys
  std::vector<Observer> m_observers;
  std::optional<base::Error> m_historyError;
};

} // namespace univrs::control
