// One command run inside a container: the caller's side of the driver's ExecStream. Input is queued (at most 1 MiB) and
// written by a thread of its own; output waits on the driver's thread while more than 1 MiB of it is not taken yet.
#pragma once

#include "engine/agent/agent.h"
#include "engine/agent/thread_group.h"
#include "engine/base/executor.h"

#include <memory>
#include <string>

namespace univrs::agent {

inline constexpr size_t kMaxExecQueue = 1u << 20;

// `request.containerId` empty: fails with NotFound. References must outlive the threads, which end soon after the
// returned object is destroyed or `cancel` says so. Callbacks come on the executor.
std::unique_ptr<ExecStream> startExec(RuntimeDriver& driver, base::Executor& executor, ThreadGroup& threads,
                                      ExecRequest request, Agent::ExecCallbacks callbacks, base::CancelToken cancel);

} // namespace univrs::agent
