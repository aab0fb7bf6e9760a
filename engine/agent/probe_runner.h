// Runs one health probe: an HTTP request, a TCP connection, or a command in the container. Blocks for at most the
// probe's timeout (clamped to 1 ms…1 min), less when cancelled. Called on worker threads; thread safe.
#pragma once

#include "engine/agent/runtime_driver.h"
#include "engine/base/cancel.h"
#include "engine/base/result.h"
#include "engine/model/workload.h"

#include <cstdint>
#include <string>

namespace univrs::agent {

struct ProbeTarget {
  std::string address; // where the probe's port can be reached; empty = nowhere
  uint16_t port = 0;
  std::string containerId; // exec
};

// Ok: healthy. The error's `why` says what was seen ("HTTP status 503", "connection refused", "exit code 1").
base::Result<void> runProbe(const model::Probe& probe, const ProbeTarget& target, RuntimeDriver& driver,
                            const base::CancelToken& cancel);

} // namespace univrs::agent
