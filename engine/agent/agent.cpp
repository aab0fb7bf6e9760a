// The agent's shell: carries out what the core decides, on threads, and brings the answers back to the engine thread.
#include "engine/agent/agent.h"

#include "engine/agent/agent_core.h"
#include "engine/agent/assignment_file.h"
#include "engine/agent/container_directory.h"
#include "engine/agent/engine_watch.h"
#include "engine/agent/exec_session.h"
#include "engine/agent/image_loads.h"
#include "engine/agent/log_session.h"
#include "engine/agent/machine_usage.h"
#include "engine/agent/probe_runner.h"
#include "engine/agent/pull_progress.h"
#include "engine/agent/thread_group.h"
#include "engine/agent/usage_recorder.h"
#include "engine/agent/worker_pool.h"
#include "engine/base/log.h"

#include <QDir>
#include <QTimer>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <utility>

namespace univrs::agent {

namespace {
constexpr std::string_view kArea = "agent";
constexpr int kParallelPulls = 4;
constexpr int kParallelStops = 16;
constexpr int kCheckThreads = 4; // list, inspect, usage
constexpr int kProbeThreads = 8;
constexpr size_t kMaxLogReaders = 64;
constexpr size_t kMaxExecSessions = 32;
constexpr size_t kMaxQueuedEvents = 10'000; // more: one resync instead
constexpr int64_t kHoldForReadersMs = 3'000;
constexpr int64_t kStopAllExtraMs = 30'000; // beyond the longest grace
constexpr int64_t kMaxTimerMs = 3'600'000;

CoreOptions coreOptions(const AgentOptions& o) {
  CoreOptions c;
  c.nodeId = o.nodeId;
  c.logFolder = o.dataFolder + "/logs";
  c.maxParallelStarts = std::clamp(o.maxParallelStarts, 1, 64);
  c.maxParallelPulls = kParallelPulls;
  c.maxParallelStops = kParallelStops;
  c.backoffFirstMs = o.backoffFirstMs;
  c.backoffMaxMs = o.backoffMaxMs;
  c.backoffResetMs = o.backoffResetMs;
  c.crashLoopAfter = o.crashLoopAfter;
  c.resyncMs = std::max<int64_t>(100, o.resyncMs);
  return c;
}

UsageRecorderOptions recorderOptions(const AgentOptions& o) {
  UsageRecorderOptions r;
  r.nodeId = o.nodeId;
  r.folder = o.dataFolder + "/usage";
  r.intervalMs = o.usageIntervalMs;
  r.machine = readMachineUsage;
  return r;
}

class AgentShell final : public Agent {
public:
  AgentShell(const AgentOptions& options, std::unique_ptr<RuntimeDriver> driver, AgentCallbacks callbacks,
             base::Executor& executor, const base::Clock& clock, base::Metrics& metrics);
  ~AgentShell() override;

  void start() override;
  void setAssignments(std::vector<Assignment> assignments, int64_t revision) override;
  [[nodiscard]] std::vector<InstanceReport> reports() const override { return m_core.reports(); }
  [[nodiscard]] std::vector<model::Operation> operations() const override;
  void images(ImagesReply reply) override { m_images.list(std::move(reply)); }
  void loadArchive(std::string path, ImagesReply reply) override { m_images.load(std::move(path), std::move(reply)); }
  [[nodiscard]] base::Result<void> cancelOperation(const std::string& id, const std::string& by) override;
  [[nodiscard]] std::unique_ptr<base::Subscription> logs(LogsRequest request, LogsHandlers handlers) override;
  [[nodiscard]] std::unique_ptr<ExecStream> exec(ExecOptions options, ExecCallbacks callbacks) override;
  void usage(std::function<void(std::vector<ContainerUsage>)> reply) override;
  void usageHistory(UsageHistoryRequest request,
                    std::function<void(base::Result<std::vector<UsageHistory>>)> reply) override {
    m_recorder.read(std::move(request.keys), request.from, request.to, request.maxPoints, std::move(reply));
  }
  void shutdown(bool stopWorkloads, std::function<void()> done) override;

private:
  // Runs `task` on the engine thread, unless the agent is gone by then. From any thread.
  void post(std::function<void()> task) {
    m_executor.post([alive = m_watchAlive, work = std::move(task)] {
      if (!alive.expired()) { // destruction happens on this thread too, so this cannot change meanwhile
        work();
      }
    });
  }
  void feed(const CoreEvent& event);
  void carryOut(Effect& effect);
  void carryOut(DriverCall& call);
  void carryOut(CancelCall& cancel);
  void carryOut(ProbeCall& probe);
  void carryOut(SendReport& report);
  void carryOut(SendEvent& event);
  void carryOut(SaveState&);
  void setTimer();
  void noteReport(const InstanceReport& report);
  [[nodiscard]] std::vector<UsageRecorder::Target> usageTargets() const;
  void removeLogFolder(const model::InstanceId& id);
  [[nodiscard]] WorkerPool& poolFor(CallKind kind);
  // On a worker thread.
  CallDone call(const DriverCall& call, const base::CancelToken& cancel);
  void queueEvent(EngineEvent event);
  void engineUp(const model::EngineInfo& info);
  void engineDown(const base::Error& why);
  void endThreads(std::function<void()> done);

  const AgentOptions m_options;
  const AgentCallbacks m_callbacks;
  base::Executor& m_executor;
  const base::Clock& m_clock;
  base::Metrics& m_metrics;
  const std::unique_ptr<RuntimeDriver> m_driver;

  AgentCore m_core;
  AssignmentFile m_file;
  PullOperations m_pullOperations;
  QTimer m_timer;
  std::shared_ptr<int> m_alive = std::make_shared<int>(0);
  const std::weak_ptr<int> m_watchAlive = m_alive; // what other threads copy: it never changes
  bool m_started = false;
  bool m_feeding = false;
  std::deque<CoreEvent> m_toFeed; // what callbacks asked for while effects are carried out
  bool m_closed = false;
  std::function<void()> m_stopDone; // shutdown waits for everything to be stopped
  model::EngineInfo m_engineInfo;
  std::map<CallId, base::CancelSource> m_pullCancels;
  std::vector<std::weak_ptr<LogSession>> m_logSessions;

  struct UsageRound {
    std::mutex mutex;
    size_t open = 0;
    std::vector<ContainerUsage> found;
  };
  std::vector<std::function<void(std::vector<ContainerUsage>)>> m_usageReplies;
  bool m_usageRunning = false;

  std::mutex m_eventsMutex;
  std::vector<EngineEvent> m_events;
  bool m_eventsPosted = false;
  bool m_eventsLost = false;

  // Used by threads; declared last so that the threads end first.
  base::CancelSource m_cancel;
  ContainerDirectory m_directory;
  WorkerPool m_startPool, m_pullPool, m_stopPool, m_checkPool, m_probePool;
  ImageLoads m_images;
  ThreadGroup m_logThreads{kMaxLogReaders};
  ThreadGroup m_execThreads{kMaxExecSessions};
  EngineWatch m_watch;
  UsageRecorder m_recorder;
  std::thread m_joiner;
};

AgentShell::AgentShell(const AgentOptions& options, std::unique_ptr<RuntimeDriver> driver, AgentCallbacks callbacks,
                       base::Executor& executor, const base::Clock& clock, base::Metrics& metrics)
    : m_options(options), m_callbacks(std::move(callbacks)), m_executor(executor), m_clock(clock), m_metrics(metrics),
      m_driver(std::move(driver)), m_core(coreOptions(options)), m_file(options.dataFolder),
      m_pullOperations(options.nodeId), m_startPool(std::clamp(options.maxParallelStarts, 1, 64)),
      m_pullPool(kParallelPulls), m_stopPool(kParallelStops), m_checkPool(kCheckThreads), m_probePool(kProbeThreads),
      m_images(*m_driver, options.nodeId, clock,
               {[this](std::function<void()> task) { post(std::move(task)); }, m_callbacks.onOperation,
                m_callbacks.onEvent}),
      m_watch(*m_driver, options.nodeId,
              {[this](model::EngineInfo info) { post([this, info = std::move(info)] { engineUp(info); }); },
               [this](base::Error why) { post([this, why = std::move(why)] { engineDown(why); }); },
               [this](EngineEvent event) { queueEvent(std::move(event)); }}),
      m_recorder(recorderOptions(options), *m_driver, executor, clock, [this] { return usageTargets(); }) {
  m_timer.setSingleShot(true);
  m_timer.setTimerType(Qt::PreciseTimer);
  QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { feed(Tick{}); });
}

AgentShell::~AgentShell() {
  m_alive.reset();
  m_timer.stop();
  endThreads({});
  if (m_joiner.joinable()) {
    m_joiner.join();
  }
}

void AgentShell::start() {
  if (std::exchange(m_started, true)) {
    return;
  }
  QDir().mkpath(QString::fromStdString(m_options.dataFolder + "/logs"));
  auto saved = m_file.load();
  if (!saved) {
    base::log::error(kArea, saved.error().text());
  } else if (*saved) {
    m_core.restore(**saved);
  }
  m_watch.start();
  m_recorder.start();
}

void AgentShell::setAssignments(std::vector<Assignment> assignments, int64_t revision) {
  feed(AssignmentsSet{std::move(assignments), revision});
  if (!m_core.complaint().empty()) {
    base::log::warning(kArea, m_core.complaint(), {{"revision", std::to_string(revision)}});
  }
}

void AgentShell::feed(const CoreEvent& event) {
  if (m_closed) {
    return;
  }
  if (m_feeding) { // a callback called us: after the effects at hand
    m_toFeed.push_back(event);
    return;
  }
  m_feeding = true;
  m_toFeed.push_back(event);
  while (!m_toFeed.empty()) {
    const CoreEvent next = std::move(m_toFeed.front());
    m_toFeed.pop_front();
    std::vector<Effect> effects = m_core.on(next, m_clock.now());
    for (Effect& effect : effects) {
      carryOut(effect);
    }
  }
  m_feeding = false;
  setTimer();
  if (m_stopDone && m_core.allStopped()) {
    endThreads(std::exchange(m_stopDone, nullptr));
  }
}

void AgentShell::setTimer() {
  const auto at = m_closed ? std::nullopt : m_core.nextWake();
  if (!at) {
    m_timer.stop();
    return;
  }
  const int64_t wait = std::clamp<int64_t>(at->ms - m_clock.now().steady.ms, 0, kMaxTimerMs);
  m_timer.start(std::chrono::milliseconds(wait));
}

void AgentShell::carryOut(Effect& effect) {
  std::visit([this](auto& e) { carryOut(e); }, effect);
}

WorkerPool& AgentShell::poolFor(CallKind kind) {
  switch (kind) {
  case CallKind::Pull:
    return m_pullPool;
  case CallKind::Create:
  case CallKind::Start:
    return m_startPool;
  case CallKind::Stop:
  case CallKind::Remove:
    return m_stopPool;
  case CallKind::Inspect:
  case CallKind::List:
    return m_checkPool;
  }
  return m_checkPool;
}

void AgentShell::carryOut(DriverCall& given) {
  base::CancelToken token = m_cancel.token();
  if (given.kind == CallKind::Pull) {
    base::CancelSource source;
    token = source.token();
    m_pullCancels.insert_or_assign(given.id, std::move(source));
    const model::Operation operation = m_pullOperations.begin(given, m_clock.now().wall);
    if (m_callbacks.onOperation) {
      m_callbacks.onOperation(operation);
    }
  }
  WorkerPool& pool = poolFor(given.kind);
  pool.run([this, work = std::move(given), token] {
    CallDone done = call(work, token);
    post([this, kind = work.kind, done = std::move(done)] {
      if (kind == CallKind::Pull) {
        m_pullCancels.erase(done.id);
        const auto operation = m_pullOperations.finish(done.id, done.error, m_clock.now().wall);
        if (operation && m_callbacks.onOperation) {
          m_callbacks.onOperation(*operation);
        }
      }
      feed(done);
    });
  });
}

CallDone AgentShell::call(const DriverCall& work, const base::CancelToken& cancel) {
  CallDone done;
  done.id = work.id;
  if (work.kind == CallKind::Remove) {
    m_directory.waitUntilRead(work.containerId, kHoldForReadersMs, cancel); // its output would go with it
  }
  const auto begun = std::chrono::steady_clock::now();
  const auto keep = [&done](const auto& result) {
    if (!result) {
      done.error = result.error();
    }
    return result.ok();
  };
  switch (work.kind) {
  case CallKind::Pull: {
    const auto progress = throttled([this, id = work.id](PullProgress p) {
      post([this, id, p = std::move(p)] {
        const auto operation = m_pullOperations.progress(id, p, m_clock.now().wall);
        if (operation && m_callbacks.onOperation) {
          m_callbacks.onOperation(*operation);
        }
      });
    });
    auto image = m_driver->pull(work.pull, progress, cancel);
    if (keep(image)) {
      done.image = std::move(*image);
    }
    break;
  }
  case CallKind::Create: {
    if (!work.request.logFolder.empty()) {
      QDir().mkpath(QString::fromStdString(work.request.logFolder));
    }
    auto id = m_driver->create(work.request);
    if (keep(id)) {
      done.containerId = std::move(*id);
      m_metrics.count("orchestrator_container_creates_total");
    }
    break;
  }
  case CallKind::Start:
    if (keep(m_driver->start(work.containerId))) {
      m_metrics.count("orchestrator_container_starts_total");
    }
    break;
  case CallKind::Stop:
    if (keep(m_driver->stop(work.containerId, work.graceMs))) {
      m_metrics.count("orchestrator_container_stops_total");
    }
    break;
  case CallKind::Remove:
    keep(m_driver->remove(work.containerId));
    break;
  case CallKind::Inspect: {
    auto status = m_driver->inspect(work.containerId);
    if (keep(status)) {
      done.status = std::move(*status);
    }
    break;
  }
  case CallKind::List: {
    auto found = m_driver->list(m_options.nodeId);
    if (keep(found)) {
      done.found = std::move(*found);
    }
    break;
  }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  const std::string operation(name(work.kind));
  m_metrics.observe("orchestrator_container_operation_duration_seconds", took.count(), {{"operation", operation}});
  if (done.error && done.error->code != base::ErrorCode::Cancelled) {
    m_metrics.count("orchestrator_container_errors_total", {{"operation", operation}});
    base::log::debug(kArea, done.error->text(), {{"operation", operation}, {"instance", work.instanceId.str()}});
  }
  return done;
}

void AgentShell::carryOut(CancelCall& cancel) {
  if (const auto it = m_pullCancels.find(cancel.id); it != m_pullCancels.end()) {
    it->second.cancel();
  }
}

std::vector<model::Operation> AgentShell::operations() const {
  std::vector<model::Operation> all = m_pullOperations.all();
  const std::vector<model::Operation> loads = m_images.operations();
  all.insert(all.end(), loads.begin(), loads.end());
  return all;
}

base::Result<void> AgentShell::cancelOperation(const std::string& id, const std::string& by) {
  if (m_images.cancel(id, by)) {
    return {};
  }
  if (const auto call = m_pullOperations.callOf(id)) {
    feed(PullCancelled{*call, by});
    return {};
  }
  return base::makeError(base::ErrorCode::NotFound, "nothing was cancelled", "it is not under way any more");
}

void AgentShell::carryOut(ProbeCall& given) {
  m_probePool.run([this, probe = std::move(given), token = m_cancel.token()] {
    const auto result = runProbe(probe.probe, {probe.address, probe.port, probe.containerId}, *m_driver, token);
    ProbeDone done{probe.id, result.ok(), result ? std::string() : result.error().why};
    post([this, done = std::move(done)] { feed(done); });
  });
}

void AgentShell::carryOut(SendReport& report) {
  noteReport(report.report);
  if (m_callbacks.onReport) {
    m_callbacks.onReport(report.report);
  }
}

void AgentShell::carryOut(SendEvent& event) {
  if (m_callbacks.onEvent) {
    m_callbacks.onEvent(event.event);
  }
}

void AgentShell::carryOut(SaveState&) {
  // On the engine thread on purpose: nothing may be done before it is on disk, and it takes milliseconds.
  if (const auto saved = m_file.save(m_core.persistent()); !saved) {
    base::log::error(kArea, saved.error().text());
  }
}

void AgentShell::noteReport(const InstanceReport& report) {
  m_recorder.noteInstance(report.instanceId, report.workloadId, report.restarts);
  for (const model::ContainerState& c : report.containers) {
    m_directory.note(report.instanceId, c.name, c.containerId);
  }
  if (report.gone) {
    m_recorder.forgetInstance(report.instanceId);
    m_directory.forget(report.instanceId);
    removeLogFolder(report.instanceId);
  } else if (model::isFinal(report.state)) {
    m_directory.finish(report.instanceId);
  }
}

std::vector<UsageRecorder::Target> AgentShell::usageTargets() const {
  std::vector<UsageRecorder::Target> out;
  for (AgentCore::RunningContainer& c : m_core.running()) {
    out.push_back({std::move(c.instanceId), std::move(c.containerId), c.startedAt});
  }
  return out;
}

void AgentShell::removeLogFolder(const model::InstanceId& id) {
  if (!isInstanceId(id.str())) {
    return; // never a path of somebody's choice
  }
  const std::string folder = m_options.dataFolder + "/logs/" + id.str();
  m_stopPool.run([folder] { QDir(QString::fromStdString(folder)).removeRecursively(); });
}

void AgentShell::queueEvent(EngineEvent event) {
  const std::lock_guard lock(m_eventsMutex);
  if (m_events.size() >= kMaxQueuedEvents) {
    m_eventsLost = true; // the next resync finds what they told
  } else {
    m_events.push_back(std::move(event));
  }
  if (!std::exchange(m_eventsPosted, true)) {
    post([this] {
      std::vector<EngineEvent> events;
      bool lost = false;
      {
        const std::lock_guard taking(m_eventsMutex);
        events.swap(m_events);
        lost = std::exchange(m_eventsLost, false);
        m_eventsPosted = false;
      }
      if (lost) {
        base::log::warning(kArea,
                           "the container engine sent more events than can be kept; some were left to the resync");
      }
      for (const EngineEvent& e : events) {
        feed(e);
      }
    });
  }
}

void AgentShell::engineUp(const model::EngineInfo& info) {
  m_engineInfo = info;
  base::log::info(kArea, "container engine found", {{"driver", info.driver}, {"product", info.product}});
  feed(EngineUp{});
  if (m_callbacks.onEngine) {
    m_callbacks.onEngine(true, {}, info);
  }
}

void AgentShell::engineDown(const base::Error& why) {
  base::log::warning(kArea, "no container engine", {{"why", why.text()}});
  feed(EngineDown{});
  if (m_callbacks.onEngine) {
    m_callbacks.onEngine(false, why.text(), m_engineInfo);
  }
}

namespace {
class LogsSubscription final : public base::Subscription {
public:
  explicit LogsSubscription(std::shared_ptr<LogSession> session) : m_session(std::move(session)) {}
  ~LogsSubscription() override { m_session->close(); }

private:
  const std::shared_ptr<LogSession> m_session;
};
} // namespace

std::unique_ptr<base::Subscription> AgentShell::logs(LogsRequest request, LogsHandlers handlers) {
  std::vector<std::string> containers;
  bool known = false;
  bool ended = false;
  for (const InstanceReport& report : m_core.reports()) {
    if (report.instanceId != request.instanceId) {
      continue;
    }
    known = true;
    ended = report.gone || model::isFinal(report.state);
    for (const model::ContainerState& c : report.containers) {
      if (request.container.empty() || request.container == c.name) {
        containers.push_back(c.name);
      }
    }
  }
  request.follow = request.follow && !ended;
  const std::string container = request.container;
  const std::string instance = request.instanceId.str();
  auto session =
      std::make_shared<LogSession>(*m_driver, m_directory, m_executor, std::move(request), std::move(handlers));
  if (m_closed) {
    session->fail(base::makeError(base::ErrorCode::Unavailable, "the output was not read", "this node is ending"));
  } else if (!known) {
    session->fail(base::makeError(base::ErrorCode::NotFound, "the output was not read",
                                  "instance " + instance + " is not on this node"));
  } else if (containers.empty() && !container.empty()) {
    session->fail(base::makeError(base::ErrorCode::NotFound, "the output was not read",
                                  "instance " + instance + " has no container \"" + container + "\""));
  } else {
    m_logSessions.erase(
        std::remove_if(m_logSessions.begin(), m_logSessions.end(), [](const auto& s) { return s.expired(); }),
        m_logSessions.end());
    m_logSessions.push_back(session);
    session->start(m_logThreads, containers);
  }
  return std::make_unique<LogsSubscription>(std::move(session));
}

std::unique_ptr<ExecStream> AgentShell::exec(ExecOptions options, ExecCallbacks callbacks) {
  ExecRequest request;
  request.containerId = m_closed ? std::string() : m_core.runningContainer(options.instanceId, options.container);
  request.command = std::move(options.command);
  request.tty = options.tty;
  request.attachStdin = options.attachStdin;
  request.columns = std::clamp(options.columns, 1, 10'000);
  request.rows = std::clamp(options.rows, 1, 10'000);
  return startExec(*m_driver, m_executor, m_execThreads, std::move(request), std::move(callbacks), m_cancel.token());
}

void AgentShell::usage(std::function<void(std::vector<ContainerUsage>)> reply) {
  m_usageReplies.push_back(std::move(reply));
  if (m_usageRunning) {
    return; // the round under way answers this one too
  }
  m_usageRunning = true;
  const auto running = m_core.running();
  const auto finish = [this](const std::vector<ContainerUsage>& found) {
    m_usageRunning = false;
    for (auto& r : std::exchange(m_usageReplies, {})) {
      r(found);
    }
  };
  const auto round = std::make_shared<UsageRound>();
  round->open = running.size();
  if (running.empty() || m_closed) {
    post([finish] { finish({}); });
    return;
  }
  for (const AgentCore::RunningContainer& c : running) {
    m_checkPool.run([this, c, round, finish, token = m_cancel.token()] {
      std::optional<Usage> measured;
      if (!token.cancelled()) {
        if (auto u = m_driver->usage(c.containerId)) {
          measured = *u;
        }
      }
      const std::lock_guard lock(round->mutex);
      if (measured) {
        round->found.push_back({c.instanceId, c.container, *measured});
      }
      if (--round->open == 0) {
        post([finish, round] { finish(round->found); });
      }
    });
  }
}

void AgentShell::shutdown(bool stopWorkloads, std::function<void()> done) {
  if (m_closed) {
    post(std::move(done));
    return;
  }
  if (stopWorkloads && m_started) {
    int64_t longest = 0;
    for (const PersistedInstance& p : m_core.persistent().instances) {
      longest = std::max(longest, p.assignment.spec.stopGraceMs);
    }
    m_stopDone = std::move(done);
    QTimer::singleShot(std::chrono::milliseconds(longest + kStopAllExtraMs), &m_timer, [this] {
      if (m_stopDone) {
        base::log::error(kArea, "not every workload could be stopped; those left run on");
        endThreads(std::exchange(m_stopDone, nullptr));
      }
    });
    feed(StopAll{});
    return;
  }
  endThreads(std::move(done));
}

void AgentShell::endThreads(std::function<void()> done) {
  if (m_closed) {
    if (done) {
      post(std::move(done));
    }
    return;
  }
  m_closed = true;
  m_timer.stop();
  if (m_started) {
    SaveState last;
    carryOut(last);
  }
  m_recorder.close();
  m_watch.cancel();
  m_cancel.cancel();
  m_images.close();
  for (auto& [id, source] : m_pullCancels) {
    source.cancel();
  }
  for (const auto& weak : m_logSessions) {
    if (const auto session = weak.lock()) {
      session->close();
    }
  }
  for (WorkerPool* pool : {&m_startPool, &m_pullPool, &m_stopPool, &m_checkPool, &m_probePool}) {
    pool->close();
  }
  // A stop under way may take its grace: the engine thread does not wait for it, the destructor does.
  m_joiner = std::thread([this, done = std::move(done)]() mutable {
    m_watch.join();
    for (WorkerPool* pool : {&m_startPool, &m_pullPool, &m_stopPool, &m_checkPool, &m_probePool}) {
      pool->join();
    }
    m_images.join();
    m_recorder.join();
    m_logThreads.join();
    m_execThreads.join();
    if (done) {
      post(std::move(done));
    }
  });
}

} // namespace

std::unique_ptr<Agent> makeAgent(const AgentOptions& options, std::unique_ptr<RuntimeDriver> driver,
                                 AgentCallbacks callbacks, base::Executor& executor, const base::Clock& clock,
                                 base::Random& random, base::Metrics& metrics) {
  (void)random; // the core is deterministic; part of the interface for drivers' and later cores' sake
  return std::make_unique<AgentShell>(options, std::move(driver), std::move(callbacks), executor, clock, metrics);
}

} // namespace univrs::agent
