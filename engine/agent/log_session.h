// One request for output: a reader thread for each container, batches handed to the engine thread. What is not taken
// there yet is bounded; readers wait meanwhile, so a slow watcher slows its own reading and nothing else.
#pragma once

#include "engine/agent/agent.h"
#include "engine/agent/container_directory.h"
#include "engine/agent/thread_group.h"
#include "engine/base/cancel.h"
#include "engine/base/executor.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace univrs::agent {

class LogSession : public std::enable_shared_from_this<LogSession> {
public:
  static constexpr size_t kMaxPendingLines = 2'048;
  static constexpr size_t kMaxPendingBytes = 1u << 20;

  // References must outlive every reader; `threads` is joined before they go.
  LogSession(RuntimeDriver& driver, ContainerDirectory& directory, base::Executor& executor, Agent::LogsRequest request,
             Agent::LogsHandlers handlers);

  // Starts reading these containers of the instance. RateLimited when too many readers run.
  void start(ThreadGroup& threads, const std::vector<std::string>& containers);
  // Ends with this error, posted.
  void fail(base::Error error);
  // No handler is called any more; readers end soon. Thread safe.
  void close();

private:
  struct Progress { // where a reader stands, to go on without loss or doubling
    base::Timestamp lastTime;
    int64_t atLastTime = 0; // lines had with exactly that time
    int64_t total = 0;
  };
  void read(const std::string& container);
  base::Result<void> readOne(const std::string& container, const std::string& containerId, Progress& progress,
                             bool first);
  bool deliver(Agent::ContainerLine line);
  void readerEnded(std::optional<base::Error> error);
  void postDrain(std::unique_lock<std::mutex>& lock);
  void drain();

  RuntimeDriver& m_driver;
  ContainerDirectory& m_directory;
  base::Executor& m_executor;
  const Agent::LogsRequest m_request;
  const Agent::LogsHandlers m_handlers;
  base::CancelSource m_cancel;

  std::mutex m_mutex;
  std::condition_variable m_taken;
  std::vector<Agent::ContainerLine> m_pending;
  size_t m_pendingBytes = 0;
  bool m_drainPosted = false;
  bool m_closed = false;
  bool m_endTold = false;
  int m_readers = 0;
  std::optional<base::Error> m_error;
};

} // namespace univrs::agent
