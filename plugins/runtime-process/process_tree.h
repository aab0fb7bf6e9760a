// Reading /proc: which processes belong together, and whether a pid is still the process it was. No Qt.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace univrs::runtime_process {

struct ProcessEntry {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t group = 0;
  pid_t session = 0;
  char state = '?';       // 'Z' = ended, not yet reaped
  uint64_t startTime = 0; // clock ticks since boot: with the pid it names one process for good
  uint64_t cpuTicks = 0;  // its own and those of reaped children
  int64_t residentPages = 0;
};

std::optional<ProcessEntry> readProcess(pid_t pid);
// Every process that can be seen.
std::vector<ProcessEntry> allProcesses();
// All below `root`, without it; zombies left out.
std::vector<ProcessEntry> descendants(pid_t root);
// True when the pid is that very process and not a zombie.
bool isAlive(pid_t pid, uint64_t startTime);

} // namespace univrs::runtime_process
