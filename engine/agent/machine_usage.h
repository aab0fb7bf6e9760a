// This machine's own counters. Linux reads /proc; where that is not there nothing is measured, and a node's history has
// no points.
#pragma once

#include "engine/agent/usage_meter.h"

#include <optional>
#include <string_view>

namespace univrs::agent {

// What the counters are now. Blocks for well under a millisecond. Nothing where this platform does not tell.
std::optional<MachineUsage> readMachineUsage();

// From the text of /proc/stat, /proc/meminfo and /proc/net/dev; nothing when the first two are not what they should be.
// `ticksPerSecond`: the unit of /proc/stat.
std::optional<MachineUsage> machineUsageFrom(std::string_view stat, std::string_view meminfo, std::string_view netDev,
                                             int64_t ticksPerSecond);

} // namespace univrs::agent
