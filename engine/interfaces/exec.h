// Running a command inside a container.
#pragma once

#include "engine/base/result.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::interfaces {

struct ExecQuery {
  std::string instance;  // instance id, or a workload's name or id when it has one running instance
  std::string container; // empty = the first
  std::vector<std::string> command;
  bool tty = false;
  bool attachStdin = false;
  int columns = 80;
  int rows = 24;
};

struct ExecSessionHandlers {
  std::function<void()> onStarted;
  std::function<void(std::string bytes, bool isStderr)> onOutput;
  std::function<void(base::Result<int> exitCode)> onExit; // last call
};

// Destruction ends the session.
class ExecSession {
public:
  virtual ~ExecSession() = default;
  //! Bytes for its standard input.
  virtual void write(std::string bytes) = 0;
  //! End of its standard input.
  virtual void closeInput() = 0;
  //! New size of its terminal.
  virtual void resize(int columns, int rows) = 0;
};

class Exec {
public:
  virtual ~Exec() = default;
  //! Starts at once; failures come through onExit. Handlers run on the caller's thread.
  [[nodiscard]] virtual std::unique_ptr<ExecSession> startExec(ExecQuery query, ExecSessionHandlers handlers) = 0;
};

} // namespace univrs::interfaces
