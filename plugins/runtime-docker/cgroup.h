// Reads what the kernel itself says about a container's cgroup, where an engine's API keeps silent: Podman reports
// neither throttling nor page cache nor that the OOM killer struck. Linux only; elsewhere nothing is found. Cgroup v1
// and v2.
#pragma once

#include "engine/base/clock.h"

#include <cstdint>
#include <optional>
#include <string>

namespace univrs::docker {

struct CgroupFolders {
  bool v2 = false;
  std::string memory; // folder of the memory controller; empty = none
  std::string cpu;    // folder of the cpu controller
};

// Of a process of this machine, as /proc/PID/cgroup names it. Nothing when it is gone or its folders are not visible
// here.
std::optional<CgroupFolders> cgroupOfProcess(int pid);
// True when the process belongs to a cgroup whose path names `containerId`.
bool processBelongsTo(int pid, const std::string& containerId);

std::optional<int64_t> throttledNanoseconds(const CgroupFolders& folders);
// Page cache that the kernel takes back when memory is short.
std::optional<int64_t> inactiveFileBytes(const CgroupFolders& folders);
// How often the OOM killer struck in it, as `text` of memory.oom_control (v1) or memory.events (v2) says.
std::optional<int64_t> oomKillsIn(const std::string& text);

// True when the kernel's log names the container in a report of the OOM killer not older than `since`: the last
// evidence when it died while nobody watched. Reads at most 8 MiB of it; false when the log may not be read.
bool kernelLogTellsOom(const std::string& containerId, base::Timestamp since);

} // namespace univrs::docker
