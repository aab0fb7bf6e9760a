// Waiting, with progress on standard error, until workloads are as a command wanted them.
#pragma once

#include "app/cli/session.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

namespace univrs::cli {

inline constexpr base::Millis kDefaultWait{300'000}; // without --timeout
inline constexpr base::Millis kDegradedPatience{
    30'000}; // Degraded this long without a change ends the wait, without --timeout

struct WaitFlags {
  bool wait = false; // the default, for scripts that want to say so
  bool noWait = false;
};
void addWaitFlags(CLI::App* verb, const std::shared_ptr<WaitFlags>& flags);

//! Until every workload of `outcome` is Healthy in its new form. Exit code.
int waitHealthy(Session& session, const interfaces::CommandOutcome& outcome);
//! Until the workloads and their instances are gone. Exit code.
int waitGone(Session& session, const std::vector<model::Workload>& workloads);

//! Prints an outcome (summary, warnings; JSON and YAML whole) and, unless told not to, waits. Exit code.
int finishCommand(Session& session, const base::Result<interfaces::CommandOutcome>& outcome, const WaitFlags& flags,
                  const std::string& file = {});

} // namespace univrs::cli
