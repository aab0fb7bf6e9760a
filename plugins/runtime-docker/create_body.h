// The body of POST /containers/create for what the agent asks, as the engine at hand wants it.
#pragma once

#include "plugins/runtime-docker/replies.h"

#include <QJsonObject>

#include <optional>

namespace univrs::docker {

// The most a container's processes may have on this machine.
struct ProcessLimits {
  int64_t files = 0;     // hard RLIMIT_NOFILE
  int64_t processes = 0; // hard RLIMIT_NPROC
};
// Of the engine's own process when `pid` is visible, else of this one.
ProcessLimits readProcessLimits(int pid);

inline constexpr int64_t kDefaultPidsLimit = 4096; // processes in one container

// Unsupported when the engine cannot enforce a limit that is asked here.
base::Result<QJsonObject> createBody(const agent::ContainerRequest& request, const EngineFacts& engine,
                                     const ProcessLimits& limits);

} // namespace univrs::docker
