// The node's published ports: it listens, and hands each connection (or UDP flow) to a healthy local instance, so that
// replicas and the old and new side of a rolling update share one port, and a client never meets a closed one while any
// instance is ready.
#pragma once

#include "engine/base/executor.h"
#include "engine/base/handed_sockets.h"
#include "engine/base/result.h"
#include "engine/model/ids.h"
#include "engine/model/instance.h"
#include "engine/model/workload.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace univrs::service {

struct Backend {
  model::InstanceId instanceId;
  std::string address;
  uint16_t port = 0;
  bool draining = false; // keeps its open connections, gets no new ones
  bool operator==(const Backend&) const = default;
};

struct PublishedPort {
  model::WorkloadId workloadId;
  std::string workloadName;
  uint16_t port = 0;
  model::Protocol protocol = model::Protocol::Tcp;
  std::string address; // empty = all interfaces (IPv4 and IPv6)
  std::vector<Backend> backends;
};

struct PortProblem {
  uint16_t port = 0;
  model::Protocol protocol = model::Protocol::Tcp;
  model::WorkloadId workloadId;
  std::string message; // "port 8080 is used by another program on this node"
};

struct PortStats {
  uint16_t port = 0;
  model::Protocol protocol = model::Protocol::Tcp;
  int64_t openConnections = 0;
  int64_t totalConnections = 0;
  int64_t failedConnections = 0; // no backend answered
  int64_t receivedBytes = 0;
  int64_t sentBytes = 0;
};

// Runs its own I/O thread. Methods are callable from any one thread.
class PublishedPorts {
public:
  virtual ~PublishedPorts() = default; // closes all
  // The whole desired list. Listeners that stay are not touched (no connection is refused while a list changes); new
  // ones are opened, gone ones closed (open connections get `drainMs` to end). Backends: round robin over those not
  // draining; one that refuses is skipped and the next is tried before the client notices. While a port has no backend,
  // new connections wait up to `waitMs` for one, then are closed.
  virtual void setPorts(std::vector<PublishedPort> ports) = 0;
  // Gives the listening sockets away, open: new connections and datagrams wait in them. Connections under way may go on
  // until `graceMs` have passed; UDP goes on until then too. Then `done` is posted to the executor. Nothing is opened
  // or closed any more; only the lists of backends still change.
  virtual void handOver(std::shared_ptr<base::HandedSockets> into, int64_t graceMs, std::function<void()> done) = 0;
  // Which of them could not be opened, and why. Retried every few seconds by itself.
  [[nodiscard]] virtual std::vector<PortProblem> problems() const = 0;
  [[nodiscard]] virtual std::vector<PortStats> stats() const = 0;
  // Open connections to one instance: stopping waits for them, up to its grace.
  [[nodiscard]] virtual int64_t connectionsTo(const model::InstanceId& id) const = 0;
};

struct ForwarderOptions {
  int64_t waitMs = 10'000;
  int64_t drainMs = 10'000;
  int64_t connectTimeoutMs = 2'000;
  int64_t udpIdleMs = 60'000;
  int maxConnections = 8'192;                  // over all ports; more are closed at once and counted as failed
  std::shared_ptr<base::HandedSockets> handed; // listening sockets are taken from here when they fit; may be null
};
// `onProblem` is posted to `executor` whenever problems() changes.
std::unique_ptr<PublishedPorts> makePublishedPorts(const ForwarderOptions& options, base::Executor& executor,
                                                   std::function<void()> onProblem);

} // namespace univrs::service
