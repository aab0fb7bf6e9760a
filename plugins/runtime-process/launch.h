// What the driver tells a shim: the file `launch` in the container's folder, NUL-terminated "key=value" records, so
// that any byte but NUL may be in a value. And the state the shim writes back. No Qt.
#pragma once

#include "plugins/runtime-process/cgroup.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace univrs::runtime_process {

// Names in a container's folder.
inline constexpr const char* kLaunchFile = "launch";
inline constexpr const char* kStateFile = "state.json";
inline constexpr const char* kConfigFile = "config.json";
inline constexpr const char* kLogFile = "log";         // the older half is log.1
inline constexpr const char* kControlPipe = "control"; // a FIFO only a living shim reads: 't' = SIGTERM, 'k' = SIGKILL

struct Launch {
  std::string id; // the cgroup's name too
  std::vector<std::string> command;
  std::vector<std::string> env; // "NAME=value"
  std::string workingDir = "/";
  std::optional<uint32_t> uid; // absent = as the node
  uint32_t gid = 0;
  std::vector<uint32_t> groups;
  CgroupLimits limits;
  bool useCgroups = true;
  int64_t logMaxBytes = 10 << 20; // of each of the two log files

  [[nodiscard]] std::string text() const;
  static std::optional<Launch> parse(const std::string& text);
  static std::optional<Launch> read(const std::string& folder);
};

struct ShimState {
  bool running = false;
  pid_t pid = 0;
  uint64_t startTime = 0; // /proc starttime of pid
  pid_t shimPid = 0;
  uint64_t shimStartTime = 0;
  int exitCode = 0;
  bool oomKilled = false;
  int64_t startedAtMs = 0;
  int64_t finishedAtMs = 0;
  std::string error;

  // A flat JSON object.
  [[nodiscard]] std::string json() const;
};

// Atomically, and touches the folder above so that one watch there sees every change.
bool writeState(const std::string& folder, const ShimState& state);
int64_t wallClockMs();

} // namespace univrs::runtime_process
