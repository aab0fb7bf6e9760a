// Output of instances: read once, or follow.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/executor.h"
#include "engine/interfaces/reply.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace univrs::interfaces {

struct LogQuery {
  std::string workload;  // id or name; or
  std::string instance;  // one instance
  std::string container; // one container of it; empty = all
  int tail = -1;         // last lines of each container; -1 = all, at most 100,000 lines in one answer
  base::Timestamp since;
  base::Timestamp until;
  bool follow = false;
};

struct LogEntry {
  std::string instanceId;
  std::string container;
  std::string containerId;
  base::Timestamp time;
  bool isStderr = false;
  std::string text; // as the program wrote it, without the newline; may hold any bytes
};

struct LogHandlers {
  std::function<void(const std::vector<LogEntry>&)> onLines; // batches, on the caller's thread
  // The end: every container ended (ok), or the error. Instances that appear later join a follow by themselves.
  std::function<void(base::Result<void>)> onEnd;
};

class Logs {
public:
  virtual ~Logs() = default;
  //! Lines of one or several containers, each container's lines in order, containers merged by time when not following.
  [[nodiscard]] virtual std::unique_ptr<base::Subscription> readLogs(LogQuery query, LogHandlers handlers) = 0;
};

} // namespace univrs::interfaces
