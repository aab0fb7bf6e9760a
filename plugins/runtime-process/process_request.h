// From what the agent asks for to what a shim is told: what a plain process can keep of it, what it cannot.
#pragma once

#include "engine/agent/runtime_driver.h"
#include "plugins/runtime-process/container_files.h"
#include "plugins/runtime-process/port_picker.h"

namespace univrs::runtime_process {

struct PreparedContainer {
  ContainerConfig config;
  Launch launch;
};

struct PrepareContext {
  PortPicker& ports;
  std::vector<uint16_t> portsTaken;
  std::map<std::string, std::string> joinedPortEnv; // of the container whose network is shared
  Cgroups cgroups;
  int64_t logMaxBytes = 10 << 20;
};

// Everything a process cannot have (mounts, a read-only root, a network of its own) is an error that names it.
base::Result<PreparedContainer> prepareContainer(const agent::ContainerRequest& request, PrepareContext& context);

} // namespace univrs::runtime_process
