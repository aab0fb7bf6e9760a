// Where an instance goes and why: filter → score → select → explain. A deterministic class without clock, thread or
// randomness: the same calls in the same order give the same decisions on every machine.
//
// Cost: the first request of a kind looks at every node; further requests of the same kind re-examine only nodes that
// changed since (a placement changes one). The verdicts of all nodes are kept in a table shared between decisions
// (copy on write by blocks), so that a Decision with 5,000 reasons costs a few hundred bytes more than the one before.
#pragma once

#include "engine/base/clock.h"
#include "engine/model/decision.h"
#include "engine/model/instance.h"
#include "engine/model/node.h"
#include "engine/model/workload.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::schedule {

// What later issues feed the `mycelial` strategy with; until a node has any, its parts score neutral and say so.
struct TrustData {
  std::optional<double> reputation; // 0…1
  std::optional<double> credit;     // operator's balance, normalised 0…1
};

// What one instance asks. Requests that are equal in all fields but `instanceId` share their work.
struct Request {
  model::WorkloadId workloadId;
  std::string workloadName;
  model::Resources requests;
  std::vector<model::Port> hostPorts; // only for network mode host: each must be free on the node
  std::string arch;                   // of the image; empty = not known, any
  std::string os;
  model::Placement placement;
  std::set<model::NodeId> excluded;   // nodes that failed this workload just now
};
// The request of one instance of `spec`.
Request requestFor(const model::WorkloadId& id, const model::WorkloadSpec& spec);

// A placement's verdict table, compact and immutable; expand() makes the model's form for people.
class PlacementRecord {
public:
  virtual ~PlacementRecord() = default;
  [[nodiscard]] virtual std::optional<model::NodeId> chosen() const = 0;
  [[nodiscard]] virtual const std::string& summary() const = 0;
  [[nodiscard]] virtual int nodesTotal() const = 0;
  [[nodiscard]] virtual int nodesFit() const = 0;
  // Every node with its reason or score. Ids, time and trigger are left for the caller.
  [[nodiscard]] virtual model::Decision expand() const = 0;
};

class Scheduler {
public:
  explicit Scheduler(std::string defaultStrategy = "spread");
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  // Known strategies, for validation.
  static std::vector<std::string> strategies();

  // The snapshot. setNode replaces; used amounts are tracked by place/release, not read from Node::reserved.
  void setNode(const model::Node& node);
  void removeNode(const model::NodeId& id);
  void setTrust(const model::NodeId& id, TrustData trust);
  // Accounts for an instance already placed (after a restart), or takes one away.
  void occupy(const model::NodeId& id, const Request& request);
  void release(const model::NodeId& id, const Request& request);
  [[nodiscard]] model::Resources reservedOn(const model::NodeId& id) const;

  // Decides. Does not occupy: the caller does when it commits. Never fails; a decision without a chosen node says why.
  [[nodiscard]] std::shared_ptr<const PlacementRecord> place(const Request& request);

  // A copy to plan on without touching the real one (dry runs). Cost: proportional to nodes.
  [[nodiscard]] std::unique_ptr<Scheduler> fork() const;

private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

} // namespace univrs::schedule
