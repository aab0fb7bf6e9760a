#include "plugins/runtime-process/process_driver.h"

#include "plugins/runtime-process/container_store.h"
#include "plugins/runtime-process/event_watch.h"
#include "plugins/runtime-process/exec_session.h"
#include "plugins/runtime-process/log_reader.h"
#include "plugins/runtime-process/port_picker.h"
#include "plugins/runtime-process/process_request.h"
#include "plugins/runtime-process/process_tree.h"
#include "plugins/runtime-process/spawn.h"

#include <QCoreApplication>

#include <sys/utsname.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <poll.h>
#include <unistd.h>

namespace univrs::runtime_process {

using base::ErrorCode;
using base::makeError;

namespace {

constexpr int64_t kMaxGraceMs = 24 * 3'600'000;
constexpr int64_t kKillMs = 15'000;     // after SIGKILL nothing may last this long
constexpr int kStartTimeoutMs = 30'000; // a shim answers at once, unless the machine is very busy

std::string ociArch() {
  utsname name{};
  ::uname(&name);
  const std::string machine = name.machine;
  if (machine == "x86_64") {
    return "amd64";
  }
  return machine == "aarch64" ? "arm64" : machine;
}

std::string findShim(const std::string& forced) {
  std::vector<std::string> places{forced};
  if (const char* named = std::getenv("UNIVRS_SHIM")) {
    places.emplace_back(named);
  }
  if (QCoreApplication::instance() != nullptr) {
    const std::string here = QCoreApplication::applicationDirPath().toStdString();
    places.push_back(here + "/univrs-shim");
    places.push_back(here + "/../lib/univrs/univrs-shim");
  }
  for (const std::string& place : places) {
    if (!place.empty() && ::access(place.c_str(), X_OK) == 0) {
      return place;
    }
  }
  return {};
}

class ProcessDriver final : public agent::RuntimeDriver {
public:
  ProcessDriver(const agent::DriverOptions& options, ProcessDriverSettings settings)
      : m_settings(std::move(settings)),
        m_store(options.dataFolder, m_settings.useCgroups ? Cgroups::detect() : Cgroups()) {}

  std::string name() const override { return "process"; }

  base::Result<model::EngineInfo> open() override {
    const std::string shim = findShim(m_settings.shim);
    if (shim.empty()) {
      return makeError(ErrorCode::Unavailable, "processes cannot be run", "univrs-shim was not found",
                       "reinstall Univrs, or name it in UNIVRS_SHIM");
    }
    {
      const std::lock_guard lock(m_mutex);
      m_shim = shim;
    }
    if (const auto prepared = m_store.prepare(); !prepared) {
      return prepared.error();
    }
    model::EngineInfo info;
    info.driver = name();
    info.product = "processes";
    info.version = UNIVRS_VERSION;
    info.os = "linux";
    info.arch = ociArch();
    info.cpuLimits = m_store.cgroups().cpu();
    info.memoryLimits = m_store.cgroups().memory();
    info.pidsLimits = m_store.cgroups().pids();
    return info;
  }

  base::Result<agent::ImageInfo> pull(const agent::ImagePull& request,
                                      const std::function<void(const agent::PullProgress&)>& progress,
                                      const base::CancelToken& cancel) override {
    if (cancel.cancelled()) {
      return makeError(ErrorCode::Cancelled, "the pull was cancelled");
    }
    if (!request.image.registry.empty() && request.image.registry != "host") {
      return makeError(ErrorCode::Unsupported, "this node runs plain processes and no images",
                       request.image.text() + " needs a container engine",
                       "use the image host: and name a program in `command`, or start Docker or Podman");
    }
    if (progress) {
      progress({"done", 0, 0, "nothing to fetch: a program of this machine"});
    }
    return agent::ImageInfo{"host:", {}, ociArch(), "linux", 0};
  }

  base::Result<std::string> create(const agent::ContainerRequest& request) override {
    PrepareContext context{m_ports, m_store.portsInUse(), {}, m_store.cgroups(), m_settings.logMaxBytes};
    if (!request.joinNetworkOf.empty()) {
      const auto other = m_store.config(request.joinNetworkOf);
      if (!other) {
        return noSuchContainer(request.joinNetworkOf);
      }
      context.joinedPortEnv = other->portEnv;
    }
    base::Result<PreparedContainer> prepared = prepareContainer(request, context);
    if (!prepared) {
      return prepared.error();
    }
    if (!m_settings.useCgroups) {
      prepared->launch.useCgroups = false;
    }
    if (const auto added = m_store.add(prepared->config, prepared->launch); !added) {
      return added.error();
    }
    return prepared->config.id;
  }

  base::Result<void> start(const std::string& id) override {
    const auto status = m_store.status(id);
    if (!status) {
      return status.error();
    }
    if (status->phase == agent::ContainerPhase::Running) {
      return {};
    }
    if (status->phase != agent::ContainerPhase::Created || m_store.shimLives(id)) {
      return makeError(ErrorCode::Conflict, "the process instance has run already", {}, "create a new one");
    }
    Descriptor answer;
    Descriptor told;
    if (!makePipe(answer, told)) {
      return makeError(ErrorCode::Unavailable, "the process instance was not started", "too many open files");
    }
    const auto pid = spawn({shim(), "run", m_store.folderOf(id)}, -1, -1, -1, told.get());
    told.reset();
    if (!pid) {
      return pid.error();
    }
    int result = 0;
    while (::waitpid(*pid, &result, 0) < 0 && errno == EINTR) {
    }
    // The shim's daemon holds the pipe until the program runs, or says what is wrong.
    std::string problem;
    for (;;) {
      pollfd wait{answer.get(), POLLIN, 0};
      const int ready = ::poll(&wait, 1, kStartTimeoutMs);
      if (ready < 0 && errno == EINTR) {
        continue;
      }
      if (ready == 0) {
        return makeError(ErrorCode::Timeout, "the process instance did not start in time");
      }
      char text[512];
      const ssize_t count = ::read(answer.get(), text, sizeof(text));
      if (count < 0 && errno == EINTR) {
        continue;
      }
      if (count <= 0) {
        break;
      }
      problem.append(text, static_cast<size_t>(count));
    }
    if (problem.empty() && !readState(m_store.folderOf(id))) {
      problem = "its shim ended without a word";
    }
    if (!problem.empty()) {
      return startProblem(id, problem);
    }
    return {};
  }

  base::Result<void> stop(const std::string& id, int64_t graceMs) override {
    const auto status = m_store.status(id);
    if (!status || status->phase != agent::ContainerPhase::Running) {
      return {};
    }
    const int64_t grace = std::clamp<int64_t>(graceMs, 0, kMaxGraceMs);
    if (grace > 0 && m_store.order(id, 't') && m_store.waitUntilEnded(id, grace)) {
      return {};
    }
    m_store.order(id, 'k');
    if (!m_store.waitUntilEnded(id, kKillMs)) {
      return makeError(ErrorCode::Timeout, "the process instance did not end, not even when killed",
                       "a process waits in the kernel, perhaps for a disk or a network file system");
    }
    return {};
  }

  base::Result<void> remove(const std::string& id) override {
    if (!m_store.config(id)) {
      return {};
    }
    if (const auto stopped = stop(id, 0); !stopped) {
      return stopped.error();
    }
    m_store.erase(id);
    return {};
  }

  base::Result<agent::ContainerStatus> inspect(const std::string& id) override { return m_store.status(id); }

  base::Result<std::vector<agent::ContainerStatus>> list(const std::string& nodeId) override {
    std::vector<agent::ContainerStatus> result;
    for (const std::string& id : m_store.ids()) {
      auto status = m_store.status(id);
      if (!status) {
        continue;
      }
      const auto label = status->labels.find(std::string(agent::kLabelNode));
      if (label != status->labels.end() && label->second == nodeId) {
        result.push_back(std::move(*status));
      }
    }
    return result;
  }

  base::Result<void> logs(const agent::LogRequest& request, const std::function<bool(const agent::LogLine&)>& sink,
                          const base::CancelToken& cancel) override {
    if (!m_store.config(request.containerId)) {
      return noSuchContainer(request.containerId);
    }
    return readLog(m_store.folderOf(request.containerId), request, sink, cancel, [this, &request] {
      const auto status = m_store.status(request.containerId);
      return status && status->phase != agent::ContainerPhase::Exited;
    });
  }

  base::Result<agent::Usage> usage(const std::string& id) override {
    const auto status = m_store.status(id);
    if (!status) {
      return status.error();
    }
    if (status->phase != agent::ContainerPhase::Running) {
      return makeError(ErrorCode::Unavailable, "the process instance does not run");
    }
    agent::Usage usage;
    usage.time = base::SystemClock().now().wall;
    if (const auto group = m_store.cgroups().usage(id)) {
      usage.cpuNanoseconds = group->cpuNanoseconds;
      usage.throttledNanoseconds = group->throttledNanoseconds;
      usage.memoryBytes = group->memoryBytes;
      usage.memoryLimitBytes = group->memoryLimitBytes;
      usage.pids = group->pids;
      return usage;
    }
    const auto state = readState(m_store.folderOf(id));
    if (!state) {
      return makeError(ErrorCode::Unavailable, "the process instance does not run");
    }
    const int64_t tick = 1'000'000'000 / std::max<int64_t>(1, ::sysconf(_SC_CLK_TCK));
    const int64_t page = ::sysconf(_SC_PAGESIZE);
    for (const ProcessEntry& entry : descendants(state->shimPid)) {
      usage.cpuNanoseconds += static_cast<int64_t>(entry.cpuTicks) * tick;
      usage.memoryBytes += entry.residentPages * page;
      ++usage.pids;
    }
    return usage;
  }

  base::Result<std::unique_ptr<agent::ExecStream>> exec(const agent::ExecRequest& request,
                                                        agent::ExecHandlers handlers) override {
    const auto status = m_store.status(request.containerId);
    if (!status) {
      return status.error();
    }
    if (status->phase != agent::ContainerPhase::Running) {
      return makeError(ErrorCode::Conflict, "the process instance does not run");
    }
    if (request.command.empty()) {
      return makeError(ErrorCode::Validation, "there is no command");
    }
    return startExec(shim(), m_store.folderOf(request.containerId), request, std::move(handlers));
  }

  base::Result<void> events(const std::string& nodeId, const std::function<void(const agent::EngineEvent&)>& sink,
                            const base::CancelToken& cancel) override {
    return watchEvents(m_store, nodeId, sink, cancel);
  }

private:
  std::string shim() {
    const std::lock_guard lock(m_mutex);
    if (m_shim.empty()) {
      m_shim = findShim(m_settings.shim);
    }
    return m_shim.empty() ? "univrs-shim" : m_shim;
  }

  base::Error startProblem(const std::string& id, const std::string& problem) const {
    const auto config = m_store.config(id);
    const std::string program = config && !config->command.empty() ? config->command.front() : std::string("it");
    const bool missing = problem.starts_with("exec") && problem.find("No such file") != std::string::npos;
    std::string hint;
    if (missing) {
      hint = "install it on this node, or give its full path";
    } else if (problem.starts_with("working_dir")) {
      hint = "create the folder on this node";
    }
    return makeError(missing ? ErrorCode::NotFound : ErrorCode::Unavailable, program + " could not be started", problem,
                     hint);
  }

  const ProcessDriverSettings m_settings;
  ContainerStore m_store;
  PortPicker m_ports;
  std::mutex m_mutex;
  std::string m_shim;
};

} // namespace

std::unique_ptr<agent::RuntimeDriver> makeProcessDriver(const agent::DriverOptions& options,
                                                        const ProcessDriverSettings& settings) {
  return std::make_unique<ProcessDriver>(options, settings);
}

} // namespace univrs::runtime_process
