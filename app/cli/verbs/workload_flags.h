// The flags that describe a workload, shared by deploy, plan and update.
#pragma once

#include "app/cli/session.h"
#include "engine/model/workload.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace univrs::cli {

struct WorkloadFlags {
  std::string source; // FILE, IMAGE or -
  std::string name;
  int replicas = -1; // -1 = not given
  std::vector<std::string> ports;
  std::vector<std::string> env;
  std::vector<std::string> labels;
  std::vector<std::string> command;
  std::string cpu;
  std::string memory;
  std::string format = "auto";
  std::string node;
  [[nodiscard]] bool any() const; // a flag that changes the spec
};

//! The flags of deploy and plan, the source included.
void addWorkloadFlags(CLI::App* verb, const std::shared_ptr<WorkloadFlags>& flags);

//! "8080:80", "127.0.0.1:8080:80/udp", "80".
base::Result<model::Port> parsePort(const std::string& text);
//! KEY=VALUE; a bare KEY of --env takes its value from the environment, as docker run does.
base::Result<std::pair<std::string, std::string>> parsePair(const std::string& text, bool fromEnvironment);

//! Writes the flags into the spec (its first container).
base::Result<void> applyFlags(const WorkloadFlags& flags, model::WorkloadSpec& spec);

//! Reads FILE or standard input, at most kMaxManifestBytes.
base::Result<std::string> readSource(const std::string& source);

struct DeployArgs {
  QJsonObject args; // of the command `deploy`
  std::string file; // for messages; empty when it was an image
};
//! What is to be sent for a source and its flags.
base::Result<DeployArgs> deployArgs(const WorkloadFlags& flags);

} // namespace univrs::cli
