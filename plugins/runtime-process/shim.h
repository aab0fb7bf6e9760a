// The two jobs of univrs-shim. No Qt; one thread.
#pragma once

#include "plugins/runtime-process/launch.h"

#include <string>

namespace univrs::runtime_process {

inline constexpr int kStatusDescriptor = 3;  // run: what went wrong is written here, then it is closed
inline constexpr int kControlDescriptor = 3; // exec: end of file = end the command

int runShim(const std::string& folder);
int runExec(const std::string& folder, bool tty, char** command);

// In a forked child: environment, folder, user, limits of the launch, then the program. Returns only on failure, with
// what failed; errno tells why.
const char* becomeProgram(const Launch& launch, const Cgroups& cgroups, bool inGroup, char** command);
// SIGKILL for all below this (subreaper) process and in the cgroup, until nothing is left. Statuses of children other
// than `keep` are thrown away; that of `keep` is stored in `status` when it is met. At most about ten seconds.
void killAll(const Cgroups& cgroups, const std::string& id, pid_t keep, int* status);
// 128+N for signal N, as shells do.
int exitCodeOf(int status);

} // namespace univrs::runtime_process
