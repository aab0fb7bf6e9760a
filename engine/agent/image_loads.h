// Listing the engine's images and loading archives into it, on threads of their own; loads under way as operations.
//
// Thread: the engine's; answers come on it too.
#pragma once

#include "engine/agent/runtime_driver.h"
#include "engine/agent/worker_pool.h"
#include "engine/base/clock.h"
#include "engine/model/event.h"
#include "engine/model/operation.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace univrs::agent {

class ImageLoads {
public:
  static constexpr int kParallel = 2;     // loads and lists at once
  static constexpr size_t kMaxLoads = 16; // under way or waiting; more are refused

  using Reply = std::function<void(base::Result<std::vector<LocalImage>>)>;
  struct Wiring {
    std::function<void(std::function<void()>)> post; // to the engine thread, from any; drops what comes too late
    std::function<void(const model::Operation&)> onOperation;
    std::function<void(const model::Event&)> onEvent;
  };
  ImageLoads(RuntimeDriver& driver, std::string nodeId, const base::Clock& clock, Wiring wiring);

  void list(Reply reply);
  void load(std::string path, Reply reply);
  // False when it is no load of ours. `by` is told with the failure: "token".
  bool cancel(const std::string& operationId, const std::string& by);
  [[nodiscard]] std::vector<model::Operation> operations() const;
  // Cancels all; join() waits for the threads, from any thread.
  void close();
  void join() { m_pool.join(); }

private:
  struct Load {
    model::Operation operation;
    base::CancelSource cancel;
    std::string cancelledBy;
  };
  void progress(const std::string& id, const PullProgress& p);
  base::Result<std::vector<LocalImage>> finish(const std::string& id, base::Result<std::vector<LocalImage>> result);
  void tell(const Load& load, const base::Result<std::vector<LocalImage>>& result);

  RuntimeDriver& m_driver;
  const std::string m_nodeId;
  const base::Clock& m_clock;
  const Wiring m_wiring;
  bool m_closed = false;
  uint64_t m_next = 1;
  size_t m_lists = 0;
  base::CancelSource m_cancelLists;
  std::map<std::string, Load> m_loads; // by operation id
  WorkerPool m_pool{kParallel};        // last: its threads end first
};

} // namespace univrs::agent
