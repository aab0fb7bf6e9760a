// Counts what is open: over all ports (against the limit), per instance, per port. Written by the forwarder's I/O
// thread, read by any thread.
#pragma once

#include "engine/service/backend_pool.h"
#include "engine/service/published_ports.h"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

namespace univrs::service {

class ConnectionTable {
public:
  explicit ConnectionTable(int limit) : m_limit(limit) {}
  // Takes one place; false when all are taken. Each success is given back by release().
  [[nodiscard]] bool admit();
  void release();
  void addTo(const model::InstanceId& id);
  void removeFrom(const model::InstanceId& id);
  [[nodiscard]] int64_t openTo(const model::InstanceId& id) const;

private:
  const int m_limit;
  mutable std::mutex m_mutex;
  int m_open = 0;
  std::map<model::InstanceId, int64_t> m_perInstance;
};

struct PortCounters {
  std::atomic<int64_t> open{0};
  std::atomic<int64_t> total{0};
  std::atomic<int64_t> failed{0};
  std::atomic<int64_t> received{0};
  std::atomic<int64_t> sent{0};
};

// What makes two wishes the same listener.
struct PortKey {
  uint16_t port = 0;
  model::Protocol protocol = model::Protocol::Tcp;
  std::string address;
  auto tie() const { return std::tie(port, protocol, address); }
  bool operator<(const PortKey& other) const { return tie() < other.tie(); }
};

// One published port as its listeners, connections and flows see it. I/O thread, but for the counters.
struct PortService {
  PortKey key;
  model::WorkloadId workloadId;
  std::string workloadName;
  BackendPool pool;
  std::shared_ptr<PortCounters> counters = std::make_shared<PortCounters>();
  bool gone = false; // no longer wished: connections end within drainMs
};

} // namespace univrs::service
