// The files of one container that outlive the program: config.json, written once by the driver, and state.json, written
// by its shim.
#pragma once

#include "engine/agent/runtime_driver.h"
#include "plugins/runtime-process/launch.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace univrs::runtime_process {

struct ContainerConfig {
  std::string id;
  std::string name;
  std::map<std::string, std::string> labels;
  std::vector<std::string> command;
  std::vector<model::Endpoint> endpoints;
  std::map<std::string, std::string> portEnv; // PORT, PORT_80: handed to those who share its network too
  int64_t memoryLimitBytes = 0;
  int64_t createdAtMs = 0;
};

bool writeConfig(const std::string& folder, const ContainerConfig& config);
// Nothing when it is missing or broken.
std::optional<ContainerConfig> readConfig(const std::string& folder);
std::optional<ShimState> readState(const std::string& folder);

} // namespace univrs::runtime_process
