#include "engine/agent/exec_session.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace univrs::agent {

namespace {

// Shared by the caller's handle, the session's thread, the driver's callbacks and the tasks on the executor.
struct Session : std::enable_shared_from_this<Session> {
  Session(base::Executor& where, Agent::ExecCallbacks what) : executor(where), callbacks(std::move(what)) {}

  base::Executor& executor;
  const Agent::ExecCallbacks callbacks; // called on the executor only

  std::mutex mutex;
  std::condition_variable wake;  // the session's thread: input, size, end
  std::condition_variable taken; // the driver's thread: output was taken
  std::deque<std::string> input;
  size_t inputBytes = 0;
  bool inputClosed = false;
  std::optional<std::pair<int, int>> size;
  size_t outputBytes = 0;
  bool startedTold = false;
  bool exitTold = false;
  bool ended = false;  // the driver said so
  bool closed = false; // the caller let go

  void post(std::function<void()> task) {
    executor.post([self = shared_from_this(), work = std::move(task)] {
      {
        const std::lock_guard lock(self->mutex);
        if (self->closed) {
          return;
        }
      }
      work();
    });
  }

  void tellStarted() {
    const std::lock_guard lock(mutex);
    if (!std::exchange(startedTold, true) && callbacks.onStarted) {
      post([this] { callbacks.onStarted(); });
    }
  }

  void tellExit(base::Result<int> exit) {
    const std::lock_guard lock(mutex);
    ended = true;
    wake.notify_all();
    taken.notify_all();
    if (!std::exchange(exitTold, true) && callbacks.onExit) {
      post([this, result = std::move(exit)] { callbacks.onExit(result); });
    }
  }

  void output(std::string_view bytes, bool isStderr) {
    tellStarted();
    std::unique_lock lock(mutex);
    taken.wait(lock, [this] { return closed || outputBytes < kMaxExecQueue; });
    if (closed || !callbacks.onOutput) {
      return;
    }
    outputBytes += bytes.size();
    post([this, text = std::string(bytes), isStderr] {
      callbacks.onOutput(text, isStderr);
      const std::lock_guard done(mutex);
      outputBytes -= text.size();
      taken.notify_all();
    });
  }

  void close() {
    const std::lock_guard lock(mutex);
    closed = true;
    wake.notify_all();
    taken.notify_all();
  }

  void run(RuntimeDriver& driver, const ExecRequest& request, const base::CancelToken& cancel) {
    const auto registration = cancel.onCancel([this] { close(); });
    {
      const std::lock_guard lock(mutex);
      if (closed) {
        return;
      }
    }
    ExecHandlers handlers;
    handlers.onOutput = [self = shared_from_this()](std::string_view bytes, bool isStderr) {
      self->output(bytes, isStderr);
    };
    handlers.onExit = [self = shared_from_this()](base::Result<int> exit) {
      if (exit) {
        self->tellStarted();
      }
      self->tellExit(std::move(exit));
    };
    auto stream = driver.exec(request, std::move(handlers));
    if (!stream) {
      tellExit(stream.error());
      return;
    }
    tellStarted();
    std::unique_lock lock(mutex);
    bool closeSent = false;
    for (;;) {
      wake.wait(lock, [&] { return closed || ended || !input.empty() || size || (inputClosed && !closeSent); });
      if (closed || ended) {
        break;
      }
      const auto newSize = std::exchange(size, std::nullopt);
      std::string bytes;
      if (!input.empty()) {
        bytes = std::move(input.front());
        input.pop_front();
      }
      const bool closing = inputClosed && input.empty() && !closeSent;
      lock.unlock();
      if (newSize) {
        (*stream)->resize(newSize->first, newSize->second);
      }
      bool broken = false;
      if (!bytes.empty()) {
        broken = !(*stream)->write(bytes).ok();
      }
      if (closing || broken) {
        (*stream)->closeInput();
        closeSent = true;
      }
      lock.lock();
      inputBytes -= bytes.size();
      if (broken) { // it does not read any more; its exit will be told
        input.clear();
        inputBytes = 0;
        inputClosed = true;
      }
    }
    lock.unlock();
    stream->reset(); // ends it when it still runs
  }
};

class Handle final : public ExecStream {
public:
  explicit Handle(std::shared_ptr<Session> session) : m_session(std::move(session)) {}
  ~Handle() override { m_session->close(); }

  base::Result<void> write(std::string_view bytes) override {
    const std::lock_guard lock(m_session->mutex);
    if (m_session->inputClosed || m_session->ended) {
      return base::makeError(base::ErrorCode::Conflict, "the input was not sent", "its end was reached already");
    }
    if (bytes.size() > kMaxExecQueue - std::min(kMaxExecQueue, m_session->inputBytes)) {
      return base::makeError(base::ErrorCode::TooLarge, "the input was not sent",
                             "1 MiB of it waits to be read by the program", "Send more when it has read some");
    }
    if (!bytes.empty()) {
      m_session->input.emplace_back(bytes);
      m_session->inputBytes += bytes.size();
      m_session->wake.notify_all();
    }
    return {};
  }
  void closeInput() override {
    const std::lock_guard lock(m_session->mutex);
    m_session->inputClosed = true;
    m_session->wake.notify_all();
  }
  void resize(int columns, int rows) override {
    const std::lock_guard lock(m_session->mutex);
    m_session->size = {std::clamp(columns, 1, 10'000), std::clamp(rows, 1, 10'000)};
    m_session->wake.notify_all();
  }

private:
  const std::shared_ptr<Session> m_session;
};

} // namespace

std::unique_ptr<ExecStream> startExec(RuntimeDriver& driver, base::Executor& executor, ThreadGroup& threads,
                                      ExecRequest request, Agent::ExecCallbacks callbacks, base::CancelToken cancel) {
  auto session = std::make_shared<Session>(executor, std::move(callbacks));
  auto handle = std::make_unique<Handle>(session);
  if (request.containerId.empty()) {
    session->tellExit(base::makeError(base::ErrorCode::NotFound, "the command was not run",
                                      "the container is not running", "Wait until its instance is running"));
    return handle;
  }
  if (request.command.empty()) {
    session->tellExit(base::makeError(base::ErrorCode::BadRequest, "the command was not run", "it is empty"));
    return handle;
  }
  const bool begun = threads.run([session, &driver, request = std::move(request), cancel = std::move(cancel)] {
    session->run(driver, request, cancel);
  });
  if (!begun) {
    session->tellExit(base::makeError(base::ErrorCode::RateLimited, "the command was not run",
                                      "too many sessions run on this node", "Close some of them and try again"));
  }
  return handle;
}

} // namespace univrs::agent
