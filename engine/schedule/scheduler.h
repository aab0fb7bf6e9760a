// Where an instance goes and why: filter → score → select → explain. A deterministic class without clock, thread or
// randomness: the same calls in the same order give the same decisions on every machine. One thread; that holds for
// the records it hands out too.
//
// Filters, in this order; the first that refuses is the reason: status, cordon, role, pinned, excluded, architecture,
// os, constraint, taint, cpu, memory, disk, gpus, extended, port, spread.
//
// Constraints see a node's labels, and where it has no label of that name these implicit ones: "node" and
// "kubernetes.io/hostname" (the node's name), "node_id", "arch" and "kubernetes.io/arch", "os" and "kubernetes.io/os".
// A spread limit refuses nodes without its label, except "node", by which each node is a domain of its own.
//
// Score: parts of 0…1, each with its weight; weights add up to 1. In shares:
//   binpack   9 "binpack" (how full the node is afterwards)           + 1 "balance"
//   spread    9 "spread" (how empty)                                  + 1 "balance"
//   mycelial  6.3 "reputation" + 2.7 "credit" + 1 "headroom" (how empty) + 1 "balance"
//   all       + 9 "preference" when the request prefers something, + 9 "untainted" when any node has a
//             PreferNoSchedule taint
// "balance" is how evenly cpu and memory are used afterwards. A node without trust data scores 0.5 there, and the
// part's name says so. Ties: fewer instances of that workload on the node, then the lower node id.
//
// Cost: the first request of a kind looks at every node; further requests of the same kind re-examine only nodes that
// changed since (a placement changes one). Verdicts are a pure function of request and nodes, so a record keeps no
// verdicts: it keeps its place in a log of changes to the nodes, shared by all records, and expand() replays the log
// and judges again. A Decision with 5,000 reasons so costs about a hundred bytes more than the one before, whatever
// else was placed in between. A record keeps its stretch of the log alive (about twice the nodes' count in changes), so
// keep the latest ones, and expand what is to be kept for long.
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
  bool operator==(const TrustData&) const = default;
};

// What one instance asks. Equal requests share their work.
struct Request {
  model::WorkloadId workloadId;
  std::string workloadName;
  model::Resources requests;
  // Only for network mode host: each (its host port, or else its container port) must be free on the node, at its host
  // address.
  std::vector<model::Port> hostPorts;
  std::string arch; // of the image; empty = not known, any
  std::string os;
  model::Placement placement;
  std::set<model::NodeId> excluded; // nodes that failed this workload just now
  bool operator==(const Request&) const = default;
};
// The request of one instance of `spec`; arch, os and excluded are left for the caller.
Request requestFor(const model::WorkloadId& id, const model::WorkloadSpec& spec);

// A placement's verdict table, compact and immutable; expand() makes the model's form for people.
class PlacementRecord {
public:
  virtual ~PlacementRecord() = default;
  [[nodiscard]] virtual std::optional<model::NodeId> chosen() const = 0;
  [[nodiscard]] virtual const std::string& strategy() const = 0; // the default's name when the request named none
  [[nodiscard]] virtual const std::string& summary() const = 0;
  [[nodiscard]] virtual int nodesTotal() const = 0;
  [[nodiscard]] virtual int nodesFit() const = 0;
  // Every node with its reason or score, as things were when it was decided. Decision and instance id, time and trigger
  // are left for the caller. Cost: proportional to nodes, a few milliseconds for 5,000.
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

  // The snapshot. setNode replaces; used amounts are tracked by occupy/release, not read from Node::reserved. Setting
  // an unchanged node costs nothing later. What is placed on a node stays accounted for when it is removed, until
  // released.
  void setNode(const model::Node& node);
  void removeNode(const model::NodeId& id);                // forgets its trust data too
  void setTrust(const model::NodeId& id, TrustData trust); // clamped to 0…1
  // Accounts for an instance placed there, now or before a restart (also before setNode), or takes one away. Releasing
  // for a workload that has nothing there does nothing.
  void occupy(const model::NodeId& id, const Request& request);
  void release(const model::NodeId& id, const Request& request);
  [[nodiscard]] model::Resources reservedOn(const model::NodeId& id) const;

  // Decides. Does not occupy: the caller does when it commits. Never fails; a decision without a chosen node says why.
  // An unknown strategy counts as the default one; Decision::strategy names the one used.
  [[nodiscard]] std::shared_ptr<const PlacementRecord> place(const Request& request);

  // A copy to plan on without touching the real one (dry runs). Cost: proportional to nodes.
  [[nodiscard]] std::unique_ptr<Scheduler> fork() const;

private:
  struct Impl;
  explicit Scheduler(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> m_impl;
};

} // namespace univrs::schedule
