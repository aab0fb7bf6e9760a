// The leader's loop: sense, compare, plan, actuate. Level-triggered: every pass starts from what is there, events only
// say which workloads to look at sooner. Rate limited (one pass per minGapMs, a bounded number of actions per pass) and
// idempotent: everything it decides is in the store before anyone acts on it, so that it may be killed at any step.
//
// Sans-IO: time comes in with each call, the store is the only thing written, assignments leave through AgentLink.
// Thread: the engine's.
#pragma once

#include "engine/agent/agent.h"
#include "engine/base/clock.h"
#include "engine/base/metrics.h"
#include "engine/base/random.h"
#include "engine/control/cluster_state.h"
#include "engine/control/plan.h"
#include "engine/schedule/scheduler.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace univrs::control {

// How assignments reach a node's agent: in process here, over libp2p later.
class AgentLink {
public:
  virtual ~AgentLink() = default;
  // The whole list for this node, with the store revision it was read at.
  virtual void assign(const model::NodeId& node, std::vector<agent::Assignment> assignments, int64_t revision) = 0;
};

struct ControlOptions {
  int64_t resyncMs = 5'000; // every workload is looked at this often, whatever happened
  int64_t minGapMs = 20;    // between passes
  int64_t retryMs = 1'000;  // after the store refused a write
  size_t maxActionsPerPass = 500;
};

// What would happen if these workloads were as given: nothing is changed.
struct Preview {
  struct Step {
    std::string action; // "start_instance", "stop_instance"
    std::string object;
    std::string detail;
  };
  std::vector<Step> steps;
  std::vector<model::Decision> decisions;
};

class Controller {
public:
  Controller(ClusterState& state, schedule::Scheduler& scheduler, AgentLink& link, base::Random& random,
             base::Metrics& metrics, const base::Clock& clock, ControlOptions options = {});

  // Takes up what the store holds: nodes and placed instances into the scheduler, assignments to the agents.
  void start(base::Now now);

  // A node appeared or changed (also its own status). Stored when it differs.
  [[nodiscard]] base::Result<void> setNode(model::Node node, base::Now now);
  // An agent's word on one of its instances. Taken up in the next pass.
  void onReport(const model::NodeId& node, agent::InstanceReport report);
  // A command changed this workload (or removed it).
  void touch(const model::WorkloadId& id);

  // One pass when it is due. Returns when it wants to be called next.
  base::Monotonic pass(base::Now now);

  [[nodiscard]] Preview preview(const std::vector<model::Workload>& wished, base::Now now) const;
  // The last failure to write to the store, until a write succeeds.
  [[nodiscard]] const std::optional<base::Error>& storeError() const { return m_storeError; }

private:
  void takeReports(base::Now now);
  void applyReport(const model::NodeId& node, const agent::InstanceReport& report, Batch& batch, base::Now now);
  [[nodiscard]] bool commit(Batch batch, base::Now now);
  // actuate.cpp: the fourth step.
  void actuate(const std::vector<Action>& actions, Batch& batch, base::Now now);
  void createInstances(const model::Workload& workload, const Action& action, Batch& batch, base::Now now);
  void placeInstance(const model::InstanceId& id, const std::string& trigger, Batch& batch, base::Now now);
  void stopInstance(const Action& action, Batch& batch, base::Now now);

  void occupy(const model::Instance& instance);
  void release(const model::InstanceId& id);
  void releaseUnknown();
  void sendAssignments();
  void refreshGauges();
  [[nodiscard]] const model::WorkloadSpec& specOf(const model::Instance& instance) const;

  ClusterState& m_state;
  schedule::Scheduler& m_scheduler;
  AgentLink& m_link;
  base::Random& m_random;
  base::Metrics& m_metrics;
  const base::Clock& m_clock;
  ControlOptions m_options;

  std::set<model::WorkloadId> m_touched;
  bool m_roomChanged = false; // resources became free: pending instances may fit now
  std::map<model::InstanceId, std::pair<model::NodeId, agent::InstanceReport>> m_reports; // the latest of each
  struct Occupied {
    model::NodeId node;
    schedule::Request request;
  };
  std::map<model::InstanceId, Occupied> m_occupied;
  std::set<model::NodeId> m_assignmentsDirty;
  std::map<model::WorkloadId, base::Timestamp> m_deadlines;
  base::Monotonic m_lastPass{-1'000'000};
  base::Monotonic m_lastResync{-1'000'000};
  base::Monotonic m_retryAt{0};
  std::optional<base::Error> m_storeError;
  std::set<std::string> m_gaugedWorkloads;
};

} // namespace univrs::control
