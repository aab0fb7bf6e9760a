// Runs plain programs as instances: no images, no isolation but users and resource limits. Each has a shim of its own,
// so that it outlives this program and is found again by its folder under dataFolder/containers.
#pragma once

#include "engine/agent/runtime_driver.h"

#include <memory>
#include <string>

namespace univrs::runtime_process {

struct ProcessDriverSettings {
  std::string shim;               // path of univrs-shim; empty = look for it
  int64_t logMaxBytes = 10 << 20; // of each of a container's two log files
  bool useCgroups = true;         // false: as on a machine that has none for us
};

std::unique_ptr<agent::RuntimeDriver> makeProcessDriver(const agent::DriverOptions& options,
                                                        const ProcessDriverSettings& settings = {});

} // namespace univrs::runtime_process
