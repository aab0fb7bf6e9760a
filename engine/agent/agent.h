// Runs this node's instances: takes assignments, makes the engine match them, checks health, restarts with back-off,
// reports. Goes on by itself when control is away, and finds its containers again by label after a crash.
//
// Thread: made and called on the engine thread; callbacks come on it too. Driver calls run on worker threads inside.
#pragma once

#include "engine/agent/runtime_driver.h"
#include "engine/agent/usage_sample.h"
#include "engine/base/clock.h"
#include "engine/base/executor.h"
#include "engine/base/metrics.h"
#include "engine/base/random.h"
#include "engine/model/event.h"
#include "engine/model/instance.h"
#include "engine/model/operation.h"
#include "engine/model/workload.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace univrs::agent {

// What control asks of this node for one instance. The spec travels with it, so that the agent can go on alone.
struct Assignment {
  model::InstanceId instanceId;
  model::WorkloadId workloadId;
  model::WorkloadSpec spec;
  int64_t generation = 0;
  std::string templateHash;
  int64_t epoch = 0;
  int64_t restartEpoch = 0;
  bool stop = false; // stop it (with the spec's grace), remove its containers, report the final state
  bool operator==(const Assignment&) const = default;
};
QJsonObject toJson(const Assignment& a);
base::Result<Assignment> assignmentFromJson(const QJsonObject& json);

// What the agent tells of one instance. `state` follows the model's state machine.
struct InstanceReport {
  model::InstanceId instanceId;
  model::WorkloadId workloadId;
  int64_t epoch = 0;
  model::InstanceState state = model::InstanceState::Assigned;
  std::string message;
  bool ready = false;
  bool crashLoop = false;
  bool cancelled = false; // failed because somebody cancelled its image pull: not to be replaced by itself
  bool gone = false;      // stopped as asked and nothing of it is left on the node
  int restarts = 0;
  std::vector<model::ContainerState> containers;
  std::vector<model::Endpoint> endpoints;
  base::Timestamp startedAt;
  base::Timestamp finishedAt;
  base::Timestamp readyAt;
  base::Timestamp nextRestartAt;
  bool operator==(const InstanceReport&) const = default;
};

struct AgentOptions {
  std::string nodeId;
  std::string dataFolder;         // the agent's own: assignments.json, logs, driver data
  int maxParallelStarts = 8;      // driver operations at once
  int64_t backoffFirstMs = 1'000; // doubles up to backoffMaxMs; reset after backoffResetMs of running
  int64_t backoffMaxMs = 300'000;
  int64_t backoffResetMs = 600'000;
  int crashLoopAfter = 3;    // restarts within backoffResetMs that make a crash loop
  int64_t resyncMs = 10'000; // full comparison with the engine; events only make it sooner
  // Between two rounds of reading what containers and the machine use, for the history on disk.
  int64_t usageIntervalMs = 10'000;
};

struct AgentCallbacks {
  std::function<void(const InstanceReport&)> onReport;      // whenever something in it changed
  std::function<void(const model::Operation&)> onOperation; // pull progress, at most 5 a second each
  std::function<void(const model::Event&)>
      onEvent; // "OOM killed", "image pulled", "probe failed"; without id and revision
  std::function<void(bool up, const std::string& why, const model::EngineInfo&)>
      onEngine; // the container engine came or went
};

class Agent {
public:
  virtual ~Agent() = default;

  // Reads the persisted assignments, opens the driver (again and again with back-off while it is not there), adopts
  // containers found by label, removes those that belong to no assignment only after the first setAssignments().
  virtual void start() = 0;
  // The whole list for this node. Persisted before anything is done. What is missing from it is stopped and removed.
  // A list with a lower revision than the last one is ignored.
  virtual void setAssignments(std::vector<Assignment> assignments, int64_t revision) = 0;
  // The last report of every instance known here.
  [[nodiscard]] virtual std::vector<InstanceReport> reports() const = 0;
  [[nodiscard]] virtual std::vector<model::Operation> operations() const = 0;

  // The engine's images, newest first. The answer comes later, on the engine thread, and not at all after shutdown().
  using ImagesReply = std::function<void(base::Result<std::vector<LocalImage>>)>;
  virtual void images(ImagesReply reply) = 0;
  // Loads an archive at an absolute path of this node's disk; an operation of kind "load" while it runs.
  virtual void loadArchive(std::string path, ImagesReply reply) = 0;
  // Ends a pull or load under way, by its operation's id; `by` says who, for people. The instances that waited for a
  // cancelled pull fail and are not tried again. NotFound when no such work is under way here.
  [[nodiscard]] virtual base::Result<void> cancelOperation(const std::string& id, const std::string& by) = 0;

  // Lines of one container (empty name: all of the instance, each line with its container). Handlers come on the engine
  // thread, in batches; the returned object ends it.
  struct LogsRequest {
    model::InstanceId instanceId;
    std::string container;
    bool follow = false;
    int tail = -1;
    base::Timestamp since;
    base::Timestamp until;
  };
  struct ContainerLine {
    std::string container;
    std::string containerId;
    LogLine line;
  };
  struct LogsHandlers {
    std::function<void(std::vector<ContainerLine>)> onLines;
    std::function<void(base::Result<void>)> onEnd;
  };
  [[nodiscard]] virtual std::unique_ptr<base::Subscription> logs(LogsRequest request, LogsHandlers handlers) = 0;

  // Handlers come on the engine thread. Input queue is bounded at 1 MiB.
  struct ExecOptions {
    model::InstanceId instanceId;
    std::string container; // empty = the first
    std::vector<std::string> command;
    bool tty = false;
    bool attachStdin = false;
    int columns = 80;
    int rows = 24;
  };
  struct ExecCallbacks {
    std::function<void()> onStarted;
    std::function<void(std::string bytes, bool isStderr)> onOutput;
    std::function<void(base::Result<int>)> onExit;
  };
  [[nodiscard]] virtual std::unique_ptr<ExecStream> exec(ExecOptions options, ExecCallbacks callbacks) = 0;

  // Usage of each running container now, measured on worker threads.
  struct ContainerUsage {
    model::InstanceId instanceId;
    std::string container;
    Usage usage;
  };
  virtual void usage(std::function<void(std::vector<ContainerUsage>)> reply) = 0;

  // What was used over time, from this node's disk: one history for each key, in that order; what was never measured
  // has none. At most 64 readings wait, more are refused (RateLimited).
  struct UsageHistoryRequest {
    std::vector<UsageKey> keys;
    base::Timestamp from; // not set = an hour before `to`
    base::Timestamp to;   // not set = now
    int maxPoints = 360;  // of one history
  };
  virtual void usageHistory(UsageHistoryRequest request,
                            std::function<void(base::Result<std::vector<UsageHistory>>)> reply) = 0;

  // Ends the agent's work. With stopWorkloads, stops every instance first (assignments are kept for the next start).
  virtual void shutdown(bool stopWorkloads, std::function<void()> done) = 0;
};

// All references must outlive the agent. `executor` is the engine thread's.
std::unique_ptr<Agent> makeAgent(const AgentOptions& options, std::unique_ptr<RuntimeDriver> driver,
                                 AgentCallbacks callbacks, base::Executor& executor, const base::Clock& clock,
                                 base::Random& random, base::Metrics& metrics);

} // namespace univrs::agent
