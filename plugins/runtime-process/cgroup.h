// Control groups of process instances, version 1 (each controller its own mount) and version 2, under /univrs/ID. Used
// by the shim, which makes and enters them, and by the driver, which reads usage and clears what a killed shim left. No
// Qt: the shim is small. Thread safe: holds only where the mounts are.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace univrs::runtime_process {

struct CgroupLimits {
  int64_t cpuMillicores = 0; // 0 = none, for each
  int64_t memoryBytes = 0;
  int64_t pids = 0;
};

struct CgroupUsage {
  int64_t cpuNanoseconds = 0;
  int64_t throttledNanoseconds = 0;
  int64_t memoryBytes = 0;
  int64_t memoryLimitBytes = 0; // 0 = none
  int64_t pids = 0;
};

class Cgroups {
public:
  // Looks at the mounts and tries what may be written. Never fails: without rights it has no controller.
  static Cgroups detect();
  [[nodiscard]] bool usable() const { return m_version != 0; }
  [[nodiscard]] bool cpu() const { return m_cpu; }
  [[nodiscard]] bool memory() const { return m_memory; }
  [[nodiscard]] bool pids() const { return m_pids; }

  // Makes the group with its limits. Empty = done, otherwise what failed.
  [[nodiscard]] std::string create(const std::string& id, const CgroupLimits& limits) const;
  // Moves the calling process in.
  [[nodiscard]] bool enter(const std::string& id) const;
  [[nodiscard]] std::vector<pid_t> processes(const std::string& id) const;
  // SIGKILL for all that is in it; new forks are stopped first where that can be.
  void kill(const std::string& id) const;
  // Removes the (empty) group, and the parent when it was the last.
  void remove(const std::string& id) const;
  [[nodiscard]] bool exists(const std::string& id) const;
  [[nodiscard]] bool oomKilled(const std::string& id) const;
  [[nodiscard]] std::optional<CgroupUsage> usage(const std::string& id) const;

private:
  [[nodiscard]] std::string folder(const std::string& base, const std::string& id) const;
  [[nodiscard]] std::string makeFolder(const std::string& base, const std::string& id) const;
  void detectV1();
  void detectV2(const std::string& mount);

  int m_version = 0;
  bool m_cpu = false;
  bool m_memory = false;
  bool m_pids = false;
  std::string m_cpuBase; // .../univrs; version 2: all are the same
  std::string m_accountBase;
  std::string m_memoryBase;
  std::string m_pidsBase;
  std::vector<std::string> m_bases; // each once
};

} // namespace univrs::runtime_process
