// A whole node: identity, state, control, agent, published ports and doors, put together from the parts below. One a
// process.
//
// Thread: made, used and destroyed on one thread with a Qt event loop (the engine thread).
#pragma once

#include "engine/base/executor.h"
#include "engine/base/handed_sockets.h"
#include "engine/base/result.h"
#include "engine/interfaces/engine.h"
#include "engine/node/network_part.h"

#include <QJsonObject>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace univrs::node {

struct NodeOptions {
  std::string dataFolder;
  std::string apiHost = "127.0.0.1";
  uint16_t apiPort = 8080;  // 0 = a free one
  bool apiAuthNone = false; // loopback only
  bool metricsOpen = false;
  std::string tlsCertificateFile; // both or none
  std::string tlsKeyFile;
  std::string runtime = "auto"; // auto = docker (Docker's or Podman's API), or process
  std::string engineSocket;
  std::string nodeName;
  std::map<std::string, std::string> labels;
  std::string strategy; // empty = spread
  NetworkOptions network;
  std::string joinToken;                       // "univrs1.…": the cluster to join; empty = none
  std::string joinSecretFile;                  // a secret that nodes of a cluster share; empty = none
  bool stopWorkloads = false;                  // at shutdown
  QJsonObject config;                          // effective settings with their sources, for NodeInfo
  std::vector<std::string> pluginFolders;      // where runtime drivers are looked for, besides the usual places
  std::shared_ptr<base::HandedSockets> handed; // listening sockets of the program before this one; may be null
  int64_t restartGraceMs = 2'000;              // what connections under way get before a restart in place
  // Restart in place: whether it can be done now, and doing it (it ends in handOver()). Empty = not in this program.
  std::function<base::Result<void>()> checkRestart;
  std::function<void()> restart;
};

class Node {
public:
  // Brings everything up. An error names what failed; nothing is left running then.
  static base::Result<std::unique_ptr<Node>> start(NodeOptions options, base::Executor& executor);
  virtual ~Node() = default;

  [[nodiscard]] virtual interfaces::Engine& engine() = 0;
  [[nodiscard]] virtual std::string apiUrl() const = 0;
  // The multiaddr other nodes should try first, with /p2p/ID.
  [[nodiscard]] virtual std::string networkAddress() const = 0;
  // Ends the doors, then the agent (workloads go on unless stopWorkloads), then the store. `done` is called when
  // nothing of it works any more; the object may be destroyed then.
  virtual void shutdown(std::function<void()> done) = 0;
  // shutdown() for a program that takes this one's place: the listening sockets go to `into`, open; connections and
  // requests under way get restartGraceMs to end; workloads go on in any case, and DIR/api.address stays. shutdown()
  // may still be called: either its `done` is called or, when this had got that far, the one of this.
  virtual void handOver(std::shared_ptr<base::HandedSockets> into, std::function<void()> done) = 0;
  // From now on shutdown() stops the workloads, whatever the options said.
  virtual void stopWorkloadsAtShutdown() = 0;
};

} // namespace univrs::node
