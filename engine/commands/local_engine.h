// The interfaces over the engine in this process. Called and answering on the engine thread.
#pragma once

#include "engine/agent/agent.h"
#include "engine/base/executor.h"
#include "engine/commands/audit.h"
#include "engine/commands/runner.h"
#include "engine/commands/watch_hub.h"
#include "engine/control/cluster_state.h"
#include "engine/interfaces/engine.h"
#include "engine/store/state_store.h"

#include <functional>
#include <memory>

namespace univrs::commands {

// What the node tells about itself; asked each time.
struct NodeFacts {
  std::function<interfaces::NodeInfo()> info;
  std::function<interfaces::HealthReport()> health;
};

struct LocalParts {
  control::ClusterState& state;
  WatchHub& hub;
  Runner& runner;
  AuditLog& audit;
  store::StateStore& store;
  agent::Agent& agent;
  base::Executor& executor;                     // the engine thread's
  interfaces::Network* network = nullptr;       // null: this node speaks to no others
  interfaces::Membership* membership = nullptr; // null with it
};

// The parts must outlive it.
std::unique_ptr<interfaces::Engine> makeLocalEngine(LocalParts parts, NodeFacts facts);

// local_logs.cpp
std::unique_ptr<base::Subscription> readLocalLogs(LocalParts& parts, interfaces::LogQuery query,
                                                  interfaces::LogHandlers handlers);

// local_usage.cpp. The reply comes later, even when the engine above is gone by then.
void readLocalUsage(LocalParts& parts, const interfaces::UsageQuery& query,
                    interfaces::Reply<std::vector<interfaces::UsageSeries>> reply);

} // namespace univrs::commands
