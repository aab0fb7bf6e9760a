// Keeps the connection to the container engine: opens the driver, again and again while it is not there, then reads its
// events until it goes away. One thread of its own.
#pragma once

#include "engine/agent/runtime_driver.h"
#include "engine/base/cancel.h"

#include <functional>
#include <string>
#include <thread>

namespace univrs::agent {

class EngineWatch {
public:
  // Called on the watch's thread.
  struct Callbacks {
    std::function<void(model::EngineInfo)> onUp;
    std::function<void(base::Error)> onDown; // also when it could not be opened, once for each different reason
    std::function<void(EngineEvent)> onEvent;
  };
  // `driver` must outlive it.
  EngineWatch(RuntimeDriver& driver, std::string nodeId, Callbacks callbacks);
  ~EngineWatch();
  void start();
  // Returns at once; the thread ends soon after.
  void cancel() { m_cancel.cancel(); }
  void join();

private:
  void run();
  // False when cancelled meanwhile.
  bool sleep(int64_t ms);

  RuntimeDriver& m_driver;
  const std::string m_nodeId;
  const Callbacks m_callbacks;
  base::CancelSource m_cancel;
  std::thread m_thread;
};

// Waits until cancelled, at most `ms`. False when cancelled.
bool sleepUnlessCancelled(int64_t ms, const base::CancelToken& cancel);

} // namespace univrs::agent
