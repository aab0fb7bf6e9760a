// What `univrs up` was told, from all layers of configuration.
#pragma once

#include "app/cli/settings.h"

#include <map>
#include <string>

namespace univrs::cli {

struct UpOptions {
  bool headless = false;
  std::string dataDir;
  std::string apiAddress = "127.0.0.1:8080"; // HOST:PORT, checked
  std::string runtime = "auto";              // auto, docker, oci, process
  std::string engineSocket;                  // empty = look for it
  std::string connectTo;                     // URL: open the window on that node and run none here; empty = run a node
  std::string tokenFile;                     // for connectTo
  std::string caFile;                        // for connectTo
  bool insecure = false;                     // for connectTo
  std::string logLevel = "info";
  bool logJson = false;
  std::string apiAuth = "token"; // token, none (loopback only)
  bool metricsOpen = false;
  std::string tlsCert; // both or none; needed off loopback
  std::string tlsKey;
  std::string nodeName; // empty = the host's
  std::map<std::string, std::string> labels;
  bool stopWorkloads = false;
  int restartGraceSeconds = 2;
  std::string strategy;   // empty = the scheduler's default
  std::string configFile; // named with --config or UNIVRS_CONFIG; empty = the default place
  int port = 9000;        // for other nodes
  Settings settings;      // every value with its source; settings.toJson() is NodeInfo.config
};

//! Checks what belongs together; all faults at once.
base::Result<UpOptions> upOptionsFrom(const Settings& settings);

} // namespace univrs::cli
