// What a container engine must be able to do for the agent. Drivers are Qt plugins (plugins/runtime-*): docker talks to
// Docker or Podman, process runs plain programs. Calls block and may come from several threads at once: the agent makes
// them on its worker threads, never on the engine thread. Whatever may take long takes a CancelToken and returns
// Cancelled soon after it is cancelled. No call throws.
#pragma once

#include "engine/base/cancel.h"
#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/model/instance.h"
#include "engine/model/names.h"
#include "engine/model/node.h"
#include "engine/model/workload.h"

#include <QtPlugin>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::agent {

// Labels on every container of ours: how it is found again after a crash.
inline constexpr std::string_view kLabelNode = "io.univrs.node";           // node id: only this node touches it
inline constexpr std::string_view kLabelInstance = "io.univrs.instance";   // instance id
inline constexpr std::string_view kLabelContainer = "io.univrs.container"; // container name in the workload
inline constexpr std::string_view kLabelWorkload = "io.univrs.workload";   // workload id
inline constexpr std::string_view kLabelAttempt = "io.univrs.attempt";     // restart count it was made for

struct PullProgress {
  std::string phase;   // "resolving", "downloading", "extracting", "done"
  int64_t current = 0; // bytes over all layers
  int64_t total = 0;   // 0 = not known
  std::string message; // the engine's own line
};

struct ImagePull {
  model::ImageReference image;
  model::PullPolicy policy = model::PullPolicy::IfNotPresent;
};

struct ImageInfo {
  std::string id;     // the engine's image id, "sha256:…": what containers are created from
  std::string digest; // manifest digest the reference resolved to, "sha256:…"; empty for an image never in a registry
  std::string arch;   // "amd64"
  std::string os;
  int64_t sizeBytes = 0;
};

struct PortRequest {
  uint16_t containerPort = 0;
  model::Protocol protocol = model::Protocol::Tcp;
};

// An image the engine holds.
struct LocalImage {
  std::string id;                // "sha256:…"
  std::vector<std::string> tags; // "docker.io/library/nginx:1.27"; empty for one without a name
  std::string arch;              // "amd64"
  int64_t sizeBytes = 0;
  base::Timestamp createdAt;
  bool operator==(const LocalImage&) const = default;
};
inline constexpr size_t kMaxListedImages = 1'000; // the newest

struct ContainerRequest {
  std::string name; // unique on the engine: univrs-INSTANCE-CONTAINER-ATTEMPT
  std::map<std::string, std::string> labels;
  ImageInfo image;
  model::Container container; // command, args, env, mounts, limits, user, …
  model::NetworkMode network = model::NetworkMode::Bridge;
  std::string joinNetworkOf;      // container id whose network namespace it shares; ports must be empty then
  std::vector<PortRequest> ports; // each is bound to an ephemeral port of 127.0.0.1 (bridge mode only)
  std::string hostName;
  int64_t stopGraceMs = 10'000;
  std::string logFolder; // process driver: where its log may be; others ignore it
};

enum class ContainerPhase { Created, Running, Paused, Exited, Unknown };

struct ContainerStatus {
  std::string id;
  std::string name;
  ContainerPhase phase = ContainerPhase::Unknown;
  int exitCode = 0; // 128+N for signal N, as shells do
  bool oomKilled = false;
  std::string error; // the engine's words when it could not start
  int pid = 0;
  std::map<std::string, std::string> labels;
  std::vector<model::Endpoint> endpoints; // where published ports really are
  base::Timestamp startedAt;
  base::Timestamp finishedAt;
};

struct Usage {
  base::Timestamp time;
  int64_t cpuNanoseconds = 0; // total since the start
  int64_t throttledNanoseconds = 0;
  int64_t memoryBytes = 0;      // without page cache where the engine tells
  int64_t memoryLimitBytes = 0; // 0 = none
  int64_t networkReceivedBytes = 0;
  int64_t networkSentBytes = 0;
  int64_t pids = 0;
};

struct LogLine {
  base::Timestamp time;
  bool isStderr = false;
  std::string
      text; // one line without its newline; bytes as the program wrote them, at most 16 KiB (longer lines are split)
};

struct LogRequest {
  std::string containerId;
  bool follow = false;
  int tail = -1; // last lines; -1 = all
  base::Timestamp since;
  base::Timestamp until;
};

struct ExecRequest {
  std::string containerId;
  std::vector<std::string> command;
  bool tty = false;
  bool attachStdin = false;
  int columns = 80;
  int rows = 24;
};

// Both ends of a running exec. The agent calls onOutput/onExit on the driver's thread.
class ExecStream {
public:
  virtual ~ExecStream() = default; // ends the session
  virtual base::Result<void> write(std::string_view input) = 0;
  virtual void closeInput() = 0;
  virtual void resize(int columns, int rows) = 0;
};
struct ExecHandlers {
  std::function<void(std::string_view bytes, bool isStderr)> onOutput;
  std::function<void(base::Result<int> exitCode)> onExit; // last call
};

// An engine's own word that something happened to a container of ours.
struct EngineEvent {
  std::string containerId;
  std::string action; // "start", "die", "oom", "remove", …
  std::map<std::string, std::string> labels;
};

class RuntimeDriver {
public:
  virtual ~RuntimeDriver() = default;

  [[nodiscard]] virtual std::string name() const = 0;
  // Is it there and usable? Starts what it needs (Podman's service). Unavailable with why and what to do when not.
  [[nodiscard]] virtual base::Result<model::EngineInfo> open() = 0;

  // Makes the image present. A digest in the reference is verified by the engine; a mismatch is an error.
  [[nodiscard]] virtual base::Result<ImageInfo> pull(const ImagePull& request,
                                                     const std::function<void(const PullProgress&)>& progress,
                                                     const base::CancelToken& cancel) = 0;
  // What the engine holds, newest first, at most kMaxListedImages. Unsupported where there are no images.
  [[nodiscard]] virtual base::Result<std::vector<LocalImage>> images(const base::CancelToken& cancel) {
    (void)cancel;
    return noImages("The images cannot be listed");
  }
  // Reads an archive (`docker save` or OCI layout; plain, gzip or zstd) that lies at `path` on this node into the
  // engine and answers with the images it held. The file is looked at first: Validation says what it is when it is no
  // image archive, Corrupt where it is cut short or damaged. Phases: "checking", "sending" (bytes of the file),
  // "unpacking", "done". A cancelled load leaves no image unless the engine had the whole file already.
  [[nodiscard]] virtual base::Result<std::vector<LocalImage>>
  loadArchive(const std::string& path, const std::function<void(const PullProgress&)>& progress,
              const base::CancelToken& cancel) {
    (void)path;
    (void)progress;
    (void)cancel;
    return noImages("The archive was not loaded");
  }
  // Returns the container's id. Conflict when the name is taken.
  [[nodiscard]] virtual base::Result<std::string> create(const ContainerRequest& request) = 0;
  [[nodiscard]] virtual base::Result<void> start(const std::string& id) = 0;
  // Asks it to end, kills it after `graceMs`. Succeeds when it is already stopped or gone.
  [[nodiscard]] virtual base::Result<void> stop(const std::string& id, int64_t graceMs) = 0;
  // Kills it if it runs, removes it and its anonymous volumes. Succeeds when it is already gone.
  [[nodiscard]] virtual base::Result<void> remove(const std::string& id) = 0;
  // NotFound when there is none.
  [[nodiscard]] virtual base::Result<ContainerStatus> inspect(const std::string& id) = 0;
  // All containers labelled with this node's id, running or not.
  [[nodiscard]] virtual base::Result<std::vector<ContainerStatus>> list(const std::string& nodeId) = 0;
  // Calls `sink` line by line, oldest first; with follow it returns when the container ends or `cancel` says so.
  // A sink that returns false ends it.
  [[nodiscard]] virtual base::Result<void>
  logs(const LogRequest& request, const std::function<bool(const LogLine&)>& sink, const base::CancelToken& cancel) = 0;
  [[nodiscard]] virtual base::Result<Usage> usage(const std::string& id) = 0;
  [[nodiscard]] virtual base::Result<std::unique_ptr<ExecStream>> exec(const ExecRequest& request,
                                                                       ExecHandlers handlers) = 0;
  // Runs until cancelled or the engine goes away (then Unavailable; the agent opens again with back-off).
  [[nodiscard]] virtual base::Result<void> events(const std::string& nodeId,
                                                  const std::function<void(const EngineEvent&)>& sink,
                                                  const base::CancelToken& cancel) = 0;

private:
  [[nodiscard]] base::Error noImages(std::string what) const {
    return base::makeError(base::ErrorCode::Unsupported, std::move(what),
                           "the " + name() + " runtime of this node runs programs without images",
                           "Use a node with Docker or Podman (--runtime docker).");
  }
};

struct DriverOptions {
  std::string nodeId;
  std::string dataFolder; // the driver's own folder, exists, 0700
  std::string socket;     // forced engine socket; empty = look for it
};

// The plugin's root object.
class RuntimeDriverPlugin {
public:
  virtual ~RuntimeDriverPlugin() = default;
  [[nodiscard]] virtual std::unique_ptr<RuntimeDriver> makeDriver(const DriverOptions& options) = 0;
};

} // namespace univrs::agent

Q_DECLARE_INTERFACE(univrs::agent::RuntimeDriverPlugin, "io.univrs.RuntimeDriverPlugin/1")
