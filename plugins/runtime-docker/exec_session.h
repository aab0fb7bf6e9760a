// One command running inside a container: a hijacked stream with a reader thread of its own.
#pragma once

#include "plugins/runtime-docker/api.h"
#include "plugins/runtime-docker/frames.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

namespace univrs::docker {

class ExecSession final : public agent::ExecStream {
public:
  // Starts it; handlers are called on the session's own thread. NotFound, Conflict (not running), Unavailable.
  static base::Result<std::unique_ptr<agent::ExecStream>>
  start(std::shared_ptr<Api> api, const agent::ExecRequest& request, agent::ExecHandlers handlers);
  // Ends the command if it still runs. May be destroyed inside one of its own handlers; no handler is called
  // afterwards.
  ~ExecSession() override;

  base::Result<void> write(std::string_view input) override; // blocks at most 30 s when the program does not read
  void closeInput() override;
  void resize(int columns, int rows) override;

private:
  // Lives as long as the reader, which may outlast the session when that is destroyed inside a handler.
  struct State {
    std::shared_ptr<Api> api;
    std::unique_ptr<HttpConnection> connection;
    agent::ExecHandlers handlers;
    std::string execId;
    std::string containerId;
    bool tty = false;
    std::atomic<bool> ended = false;  // the session's destructor began
    std::atomic<bool> exited = false; // the command is known to have ended
    std::mutex writeMutex;
  };
  explicit ExecSession(std::shared_ptr<State> state);
  static void read(const std::shared_ptr<State>& s);
  static base::Result<int> exitCode(State& s);
  static void resizeTo(State& s, int columns, int rows);
  static void killCommand(State& s);

  std::shared_ptr<State> m_state;
  std::thread m_reader;
};

} // namespace univrs::docker
