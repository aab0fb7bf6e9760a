// A command run beside a container's program: `univrs-shim exec` as a child of ours, its streams on pipes or a
// terminal, one thread to carry them.
#pragma once

#include "engine/agent/runtime_driver.h"

#include <memory>
#include <string>

namespace univrs::runtime_process {

// Starts it. The handlers are called on the session's own thread.
base::Result<std::unique_ptr<agent::ExecStream>> startExec(const std::string& shim, const std::string& folder,
                                                           const agent::ExecRequest& request,
                                                           agent::ExecHandlers handlers);

} // namespace univrs::runtime_process
