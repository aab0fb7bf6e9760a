// Notices what happens to containers by their state files: one inotify watch on the folder above them, which every shim
// touches, and a look at all of them now and then in case that is not to be had.
#pragma once

#include "engine/agent/runtime_driver.h"
#include "plugins/runtime-process/container_store.h"

namespace univrs::runtime_process {

// Runs until cancelled (Cancelled) or the folder is gone (Unavailable).
base::Result<void> watchEvents(ContainerStore& store, const std::string& nodeId,
                               const std::function<void(const agent::EngineEvent&)>& sink,
                               const base::CancelToken& cancel);

} // namespace univrs::runtime_process
