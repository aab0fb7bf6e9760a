// The agent's decisions without any I/O: what happened goes in, what to do comes out. It compares the assignments with
// the containers the engine has and repairs the difference, one step at a time for each instance, so that it may be
// killed at any moment and go on from what it finds. The shell (agent.cpp) carries the effects out.
//
// Not thread safe; one thread at a time. Nothing here reads a clock, a file or a socket.
#pragma once

#include "engine/agent/agent.h"
#include "engine/agent/runtime_driver.h"
#include "engine/base/clock.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace univrs::agent {

// Further labels on our containers, beside those of runtime_driver.h.
inline constexpr std::string_view kLabelRestarts = "io.univrs.restarts"; // restarts of this very container
inline constexpr std::string_view kLabelTemplate =
    "io.univrs.template"; // template hash ':' restart epoch it was made for

inline constexpr size_t kMaxAssignments = 10'000; // of one node; more in a list are refused and logged

using CallId = uint64_t;

// True for [a-z0-9-]{1,128}: an id that may become part of a container's name and of a folder's.
bool isInstanceId(std::string_view text);

enum class CallKind { Pull, Create, Start, Stop, Remove, Inspect, List };
// "pull", "create", …
std::string_view name(CallKind kind);

// ---- effects ----

// One call of the driver. Its answer comes back as a CallDone with the same id.
struct DriverCall {
  CallId id = 0;
  CallKind kind = CallKind::List;
  model::InstanceId instanceId;
  model::WorkloadId workloadId;
  std::string container;
  std::string containerId;  // start, stop, remove, inspect
  int64_t graceMs = 0;      // stop
  ImagePull pull;           // pull
  ContainerRequest request; // create
};
// A call that nobody waits for any more.
struct CancelCall {
  CallId id = 0;
};
// One probe to run now, answered by a ProbeDone with the same id within probe.timeoutMs.
struct ProbeCall {
  CallId id = 0;
  model::InstanceId instanceId;
  std::string container;
  std::string containerId;
  model::Probe probe;
  std::string address; // http, tcp: where the port is; empty when the container has no such endpoint
  uint16_t port = 0;
};
struct SendReport {
  InstanceReport report;
};
struct SendEvent {
  model::Event event; // without id and revision
};
// Write persistent() to disk before carrying out any later effect.
struct SaveState {};

using Effect = std::variant<DriverCall, CancelCall, ProbeCall, SendReport, SendEvent, SaveState>;

// ---- events ----

struct AssignmentsSet {
  std::vector<Assignment> assignments;
  int64_t revision = 0;
};
struct CallDone {
  CallId id = 0;
  std::optional<base::Error> error;
  ImageInfo image;                    // pull
  std::string containerId;            // create
  ContainerStatus status;             // inspect
  std::vector<ContainerStatus> found; // list
};
struct ProbeDone {
  CallId id = 0;
  bool ok = false;
  std::string message; // why not
};
// A person ended this pull: those that wait for it fail, and are not tried again.
struct PullCancelled {
  CallId id = 0;
  std::string by;
};
struct EngineUp {};
struct EngineDown {};
struct Tick {};    // the time that nextWake() told has come
struct StopAll {}; // the node ends: stop and remove everything, keep the assignments

using CoreEvent =
    std::variant<AssignmentsSet, CallDone, ProbeDone, EngineEvent, PullCancelled, EngineUp, EngineDown, Tick, StopAll>;

// What survives a crash beside the containers themselves.
struct PersistedInstance {
  Assignment assignment;
  int attempt = 0; // restart count
  model::InstanceState state = model::InstanceState::Assigned;
  std::string message;
  bool cancelled = false; // see InstanceReport
  base::Timestamp finishedAt;
  bool operator==(const PersistedInstance&) const = default;
};
struct PersistedState {
  int64_t revision = 0; // of the last list of assignments; 0 = never had one
  std::vector<PersistedInstance> instances;
  bool operator==(const PersistedState&) const = default;
};

struct CoreOptions {
  std::string nodeId;
  std::string logFolder; // where the process driver may put logs: a folder an instance
  int maxParallelStarts = 8;
  int maxParallelPulls = 4;
  int maxParallelStops = 16;
  int64_t backoffFirstMs = 1'000;
  int64_t backoffMaxMs = 300'000;
  int64_t backoffResetMs = 600'000;
  int crashLoopAfter = 3;
  int64_t resyncMs = 10'000;
};

class AgentCore {
public:
  explicit AgentCore(CoreOptions options) : m_options(std::move(options)) {}

  // What was saved by an earlier run. Before the first event; at most once.
  void restore(const PersistedState& state);

  [[nodiscard]] std::vector<Effect> on(const CoreEvent& event, base::Now now);

  // When a Tick is due; nothing when there is no time to wait for.
  [[nodiscard]] std::optional<base::Monotonic> nextWake() const;

  [[nodiscard]] PersistedState persistent() const;
  [[nodiscard]] std::vector<InstanceReport> reports() const;
  // The engine's container of (instance, container name; empty = the first); empty when none runs.
  [[nodiscard]] std::string runningContainer(const model::InstanceId& id, const std::string& container) const;
  struct RunningContainer {
    model::InstanceId instanceId;
    std::string container;
    std::string containerId;
    base::Timestamp startedAt; // the engine's word; not set when it does not tell
  };
  [[nodiscard]] std::vector<RunningContainer> running() const;
  // After StopAll: nothing of ours is left on the engine.
  [[nodiscard]] bool allStopped() const;
  // A word on what it could not take from the last list of assignments; empty when all was well.
  [[nodiscard]] const std::string& complaint() const { return m_complaint; }

private:
  struct ProbeRun {
    enum class Verdict { Unknown, Passed, Failed };
    CallId call = 0; // in flight
    base::Monotonic nextAt;
    int good = 0;
    int bad = 0;
    Verdict verdict = Verdict::Unknown;
    std::string message;
  };
  enum class Stage {
    Absent,  // to be made with `attempt`
    Created, // made, not seen running yet
    Running,
    Ended, // to be made again at restartAt
    Done   // ended for good
  };
  struct Member { // one container of an instance
    model::Container spec;
    Stage stage = Stage::Absent;
    int attempt = 0;
    int restarts = 0;
    std::string id; // the engine's; may be gone already when Ended or Done
    CallId call = 0;
    bool startIssued = false;
    bool needsInspect = false;
    bool oomSeen = false;
    bool failed = false; // Done: it ended badly
    int stopTries = 0;
    int failures = 0; // ends in a row without a long run between them
    int pullFailures = 0;
    std::string killReason; // set: it is to be stopped and counts as failed
    std::string startError;
    std::string endMessage;
    std::optional<ImageInfo> image;
    ContainerStatus status; // last seen
    base::Monotonic runningSince;
    base::Monotonic restartAt;   // Ended
    base::Monotonic pullRetryAt; // Absent
    base::Timestamp nextRestart; // either of them, by the wall clock
    ProbeRun startup, readiness, liveness;
    [[nodiscard]] bool mayRun() const { return stage == Stage::Running || (stage == Stage::Created && startIssued); }
  };
  struct Old { // a container of an earlier attempt, or one nobody wants
    std::string container;
    bool mayRun = false;
    int stopTries = 0;
    CallId call = 0;
  };
  struct Record { // one instance
    Assignment assignment;
    std::optional<Assignment> next; // its containers change: taken over when no call is under way
    bool dropped = false;           // not in the list any more
    bool recovering = true;         // not yet compared with the engine
    bool jump = false;              // its first state is what was found, not a step
    bool awaitList = false;         // a name was taken: look before trying again
    bool unsure = false;            // a create failed: its container may be there all the same
    bool gone = false;
    bool reported = false;
    int attempt = 0;
    int calls = 0;      // under way, all
    int otherCalls = 0; // under way, without stops
    int errors = 0;     // passing engine errors in a row
    uint64_t touched = 0;
    CallId pull = 0; // waits for it
    std::vector<Member> members;
    std::map<std::string, Old> old;
    std::deque<base::Monotonic> recentRestarts;
    std::optional<base::Monotonic> retryAt;
    std::optional<base::Monotonic> wake;
    model::InstanceState state = model::InstanceState::Assigned;
    std::string message;
    std::string trouble; // the engine's words while it refuses something
    bool ready = false;
    bool cancelled = false; // its image pull was cancelled by a person
    base::Timestamp startedAt, finishedAt, readyAt;
    InstanceReport last;
  };
  struct Call {
    CallKind kind = CallKind::List;
    model::InstanceId instanceId;
    std::string container;
    std::string containerId;
  };
  struct Pull {
    std::string key;
    std::set<model::InstanceId> waiters;
    std::string container;
  };
  struct ProbeRef {
    model::InstanceId instanceId;
    std::string container;
    std::string containerId;
    ProbeRun Member::*run = nullptr;
  };
  struct Lane {
    int used = 0;
    std::deque<model::InstanceId> waiting;
  };

  // agent_core.cpp: events in, bookkeeping
  void handle(const AssignmentsSet& event);
  void handle(const CallDone& event);
  void handle(const ProbeDone& event);
  void handle(const EngineEvent& event);
  void handle(const PullCancelled& event); // core_results.cpp
  void handle(const EngineUp& event);
  void handle(const EngineDown& event);
  void handle(const Tick& event);
  void handle(const StopAll& event);
  void takeAssignment(Record& rec, Assignment&& assignment);
  Record& addRecord(Assignment assignment);
  void addOrphans();
  void settle();
  void advance(Record& rec);
  void touch(const model::InstanceId& id) { m_dirty.insert(id); }
  void saveSoon();
  void setWake(Record& rec, std::optional<base::Monotonic> at);
  void wakeAt(Record& rec, base::Monotonic at);
  void emitEvent(const Record& rec, model::Severity severity, std::string type, std::string message);

  // core_list.cpp: comparing with what the engine has
  void requestList();
  void listDone(const CallDone& event);
  void observe(Record& rec, const std::vector<ContainerStatus>& found);
  [[nodiscard]] bool adoptable(const Record& rec, const Member& m, const ContainerStatus& s) const;

  // core_steps.cpp: the next call for an instance
  void step(Record& rec);
  bool issueStops(Record& rec);
  void stepStop(Record& rec);
  void stepRun(Record& rec);
  bool removeOld(Record& rec, bool evenRunning);
  void requestPull(Record& rec, Member& m);
  void leavePull(Record& rec);
  void restart(Record& rec, size_t index);
  void discard(Record& rec, Member& m);
  void takeNext(Record& rec);
  bool issue(Record& rec, DriverCall call, CallId& slot);
  void releaseLane(CallKind kind);
  bool wakeLane(CallKind kind);
  Lane* laneOf(CallKind kind);
  int laneLimit(CallKind kind) const;
  [[nodiscard]] ContainerRequest makeRequest(const Record& rec, size_t index) const;

  // core_results.cpp: answers of the driver
  void pullDone(const CallDone& event);
  void createDone(Record& rec, Member* m, const CallDone& event);
  void startDone(Record& rec, Member& m, const CallDone& event);
  void stopDone(Record& rec, Member* m, const std::string& id, const CallDone& event);
  void removeDone(Record& rec, Member* m, const std::string& id, const CallDone& event);
  void inspectDone(Record& rec, Member& m, const CallDone& event);
  void applyStatus(Record& rec, Member& m, const ContainerStatus& status);
  void noteRunning(Record& rec, Member& m);
  void noteEnd(Record& rec, Member& m, bool failed, std::string message);
  void noteRemoved(Record& rec, Member& m);
  void retryLater(Record& rec, const base::Error& error);
  [[nodiscard]] static std::string endMessage(const Member& m);
  [[nodiscard]] int64_t backoffMs(int failures) const;

  // core_probes.cpp
  void scheduleProbes(Record& rec);
  void scheduleProbe(Record& rec, Member& m, const model::Probe& probe, ProbeRun Member::*run);
  void probeFailed(Record& rec, Member& m, ProbeRun Member::*run);

  // core_state.cpp: the state people see
  void updateState(Record& rec);
  void moveTo(Record& rec, model::InstanceState target);
  void publish(Record& rec);
  [[nodiscard]] InstanceReport makeReport(const Record& rec) const;
  [[nodiscard]] bool crashLoop(const Record& rec) const;
  [[nodiscard]] std::vector<model::Endpoint> endpointsOf(const Record& rec) const;

  [[nodiscard]] bool stopWanted(const Record& rec) const { return rec.assignment.stop || rec.dropped || m_stoppingAll; }
  [[nodiscard]] static bool joins(const Record& rec) {
    return rec.members.size() > 1 && rec.assignment.spec.network != model::NetworkMode::Host;
  }
  [[nodiscard]] static std::string templateLabel(const Assignment& a) {
    return a.templateHash + ":" + std::to_string(a.restartEpoch);
  }
  [[nodiscard]] static std::string label(const Record& rec, const Member& m) {
    return rec.members.size() > 1 ? m.spec.name + ": " : std::string();
  }
  static Member* memberById(Record& rec, const std::string& containerId);
  static Member* memberByName(Record& rec, const std::string& container);
  static bool isTransient(const base::Error& error);

  CoreOptions m_options;
  base::Now m_now;
  bool m_engineUp = false;
  bool m_synced = false;          // one list was compared since the engine came up
  bool m_assignmentsSeen = false; // in this process: only then strangers are removed
  bool m_stoppingAll = false;
  int64_t m_revision = 0;
  CallId m_nextCall = 1;
  uint64_t m_seq = 0;
  CallId m_listCall = 0;
  uint64_t m_listSeq = 0;
  bool m_listAgain = false;
  int m_listErrors = 0;
  std::optional<base::Monotonic> m_nextList;
  std::optional<base::Monotonic> m_saveAt;
  std::map<model::InstanceId, Record> m_records;
  std::map<std::string, ContainerStatus> m_strangers; // ours by label, but without an assignment
  std::map<CallId, Call> m_calls;
  std::map<CallId, Pull> m_pulls;
  std::map<CallId, ProbeRef> m_probes;
  Lane m_startLane, m_pullLane, m_stopLane;
  std::set<model::InstanceId> m_dirty;
  std::set<std::pair<base::Monotonic, model::InstanceId>> m_wakes;
  std::vector<Effect> m_effects;
  std::string m_complaint;
};

} // namespace univrs::agent
