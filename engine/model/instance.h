// One running (or once running) copy of a workload on one node, and the state machine it must follow.
//
//   pending → assigned → pulling → starting → running ⇄ unhealthy → stopping → succeeded | failed | lost
//
// plus `backoff` (waiting to restart in place). Any state may go to failed, stopping or lost. A restart in place keeps
// the id and counts up; a replacement is a new instance with a new id and a later epoch.
#pragma once

#include "engine/base/clock.h"
#include "engine/model/ids.h"
#include "engine/model/resources.h"
#include "engine/model/workload.h"

#include <QJsonObject>

#include <optional>
#include <string>
#include <vector>

namespace univrs::model {

enum class InstanceState {
  Pending,   // wanted, no node yet
  Assigned,  // has a node, the agent has not begun
  Pulling,   // the agent fetches images
  Starting,  // created, started, not yet passed its startup/readiness probe
  Running,   // up; ready when probes say so
  Unhealthy, // up, but a probe fails
  Backoff,   // ended, waits to be restarted in place
  Stopping,
  Succeeded, // ended with 0 and is not to be restarted
  Failed,    // ended badly and is not to be restarted
  Lost       // its node is gone or was fenced off
};

// "pending" …
std::string_view name(InstanceState s);
std::optional<InstanceState> instanceStateFromName(std::string_view text);
// True when the state machine has this step. The same state again is not a step.
bool mayStep(InstanceState from, InstanceState to);
// Succeeded, Failed, Lost: nothing runs and nothing will.
bool isFinal(InstanceState s);
// Running or unhealthy: there is a process.
bool isUp(InstanceState s);

// Where a port of this instance can be reached on its own node.
struct Endpoint {
  uint16_t containerPort = 0;
  Protocol protocol = Protocol::Tcp;
  std::string address; // usually 127.0.0.1
  uint16_t port = 0;
  bool operator==(const Endpoint&) const = default;
};

struct ContainerState {
  std::string name;
  std::string containerId; // the engine's; empty before creation
  std::string image;       // as asked
  std::string imageDigest; // sha256:… the tag resolved to
  std::string state;       // "created", "running", "exited", …: the engine's word
  int exitCode = 0;
  bool oomKilled = false;
  int restarts = 0;
  base::Timestamp startedAt;
  base::Timestamp finishedAt;
  bool operator==(const ContainerState&) const = default;
};

struct Instance {
  InstanceId id;
  WorkloadId workloadId;
  std::string workloadName;
  NodeId nodeId;          // empty while pending
  int64_t generation = 0; // of the workload it was made from
  std::string templateHash;
  int64_t epoch = 0; // orders replacements of the same workload
  int64_t restartEpoch = 0;
  InstanceState state = InstanceState::Pending;
  bool stopRequested = false; // control wants it gone
  std::string message;        // why it is in this state, for people: "OOM killed: used 32 MiB of 32 MiB"
  bool crashLoop = false;     // restarted often lately; shown as such
  bool cancelled = false;     // failed because its image pull was cancelled: not replaced until a restart or an update
  bool ready = false;
  int restarts = 0;
  std::string decisionId; // the placement that put it here
  Resources requests;
  std::vector<ContainerState> containers;
  std::vector<Endpoint> endpoints;
  base::Timestamp createdAt;
  base::Timestamp startedAt;
  base::Timestamp finishedAt;
  base::Timestamp readyAt;       // since when ready without a break
  base::Timestamp nextRestartAt; // in backoff
  int64_t revision = 0;

  bool operator==(const Instance&) const = default;
};

// {id, workload_id, node_id, container_ids[], status, …}: the originals' keys and ours.
QJsonObject toJson(const Instance& instance);
base::Result<Instance> instanceFromJson(const QJsonObject& json);

} // namespace univrs::model
