// What `univrs up` was told, from all layers of configuration.
#pragma once

#include "app/cli/settings.h"

#include <map>
#include <string>
#include <vector>

namespace univrs::cli {

struct UpOptions {
  bool headless = false;
  std::string dataDir;
  std::string apiAddress = "127.0.0.1:8080"; // HOST:PORT, checked
  std::string runtime = "auto";              // auto, docker, oci, process
  std::string engineSocket;                  // empty = look for it
  std::vector<std::string> connectTo;  // URLs: open the window on those nodes and run none here; empty = run a node
  std::vector<std::string> tokenFiles; // for connectTo: one for all, or one each in order
  std::string caFile;                  // for connectTo
  bool insecure = false;               // for connectTo
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
  std::string strategy;             // empty = the scheduler's default
  std::string configFile;           // named with --config or UNIVRS_CONFIG; empty = the default place
  int port = 9000;                  // for other nodes
  bool portChosen = false;          // asked for; otherwise a free one is taken where 9000 is in use
  std::string listenIp;             // for other nodes; empty = all addresses
  std::vector<std::string> connect; // multiaddrs of nodes to stay connected to
  bool bootstrap = false;
  std::string joinToken;      // "univrs1.…"; empty = none
  std::string joinSecretFile; // empty = none
  bool mdns = true;
  Settings settings; // every value with its source; settings.toJson() is NodeInfo.config
};

//! Checks what belongs together; all faults at once.
base::Result<UpOptions> upOptionsFrom(const Settings& settings);

} // namespace univrs::cli
