#include "engine/agent/log_session.h"

#include "engine/agent/engine_watch.h"

#include <utility>

namespace univrs::agent {

namespace {
constexpr int64_t kReopenMs = 500; // after the engine broke a follow off
}

LogSession::LogSession(RuntimeDriver& driver, ContainerDirectory& directory, base::Executor& executor,
                       Agent::LogsRequest request, Agent::LogsHandlers handlers)
    : m_driver(driver), m_directory(directory), m_executor(executor), m_request(std::move(request)),
      m_handlers(std::move(handlers)) {}

void LogSession::start(ThreadGroup& threads, const std::vector<std::string>& containers) {
  {
    const std::lock_guard lock(m_mutex);
    m_readers = m_request.follow ? static_cast<int>(containers.size()) : 1;
  }
  if (containers.empty()) {
    readerEnded({});
    return;
  }
  const auto tooMany = [] {
    return base::makeError(base::ErrorCode::RateLimited, "the output was not read",
                           "too many readers of output run on this node", "Close some of them and try again");
  };
  if (!m_request.follow) { // one after the other is enough
    const bool begun = threads.run([self = shared_from_this(), containers] {
      std::optional<base::Error> error;
      for (const std::string& container : containers) {
        const std::string id = self->m_directory.current(self->m_request.instanceId, container);
        if (id.empty()) {
          continue;
        }
        Progress progress;
        const auto read = self->readOne(container, id, progress, true);
        if (!read && read.error().code != base::ErrorCode::NotFound) {
          error = read.error();
        }
      }
      self->readerEnded(std::move(error));
    });
    if (!begun) {
      readerEnded(tooMany());
    }
    return;
  }
  for (const std::string& container : containers) {
    if (!threads.run([self = shared_from_this(), container] { self->read(container); })) {
      m_cancel.cancel();
      readerEnded(tooMany());
    }
  }
}

void LogSession::fail(base::Error error) {
  {
    const std::lock_guard lock(m_mutex);
    m_readers = 1;
  }
  readerEnded(std::move(error));
}

void LogSession::close() {
  {
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    m_taken.notify_all();
  }
  m_cancel.cancel();
}

void LogSession::read(const std::string& container) {
  std::optional<base::Error> error;
  {
    ContainerDirectory::Follower follower(m_directory, m_request.instanceId, container);
    const base::CancelToken token = m_cancel.token();
    bool first = true;
    while (!error) {
      const auto id = follower.next(token);
      if (!id) {
        break;
      }
      Progress progress;
      for (;;) {
        const auto result = readOne(container, *id, progress, first);
        if (result || token.cancelled() || result.error().code == base::ErrorCode::NotFound ||
            result.error().code == base::ErrorCode::Cancelled) {
          break;
        }
        if (result.error().code != base::ErrorCode::Unavailable && result.error().code != base::ErrorCode::Timeout) {
          error = result.error();
          break;
        }
        // The engine went away: go on where we were once it is back.
        if (!sleepUnlessCancelled(kReopenMs, token)) {
          break;
        }
      }
      first = false;
    }
  }
  readerEnded(std::move(error));
}

base::Result<void> LogSession::readOne(const std::string& container, const std::string& containerId, Progress& progress,
                                       bool first) {
  LogRequest request;
  request.containerId = containerId;
  request.follow = m_request.follow;
  request.until = m_request.until;
  request.tail = first ? m_request.tail : -1;
  request.since = m_request.since;
  const base::Timestamp from = progress.lastTime;
  int64_t skip = 0; // lines had before the break
  if (progress.total > 0) {
    request.tail = -1;
    if (from.isSet()) {
      request.since = from;
      skip = progress.atLastTime;
    } else {
      skip = progress.total;
    }
  }
  const auto sink = [&](const LogLine& line) {
    if (from.isSet() && line.time < from) {
      return true; // an engine may round `since` down
    }
    if (skip > 0 && (!from.isSet() || line.time == from)) {
      --skip;
      return true;
    }
    if (line.time == progress.lastTime) {
      ++progress.atLastTime;
    } else {
      progress.lastTime = line.time;
      progress.atLastTime = 1;
    }
    ++progress.total;
    return deliver({container, containerId, line});
  };
  return m_driver.logs(request, sink, m_cancel.token());
}

// On a reader's thread. False when nobody wants more.
bool LogSession::deliver(Agent::ContainerLine line) {
  std::unique_lock lock(m_mutex);
  m_taken.wait(
      lock, [this] { return m_closed || (m_pending.size() < kMaxPendingLines && m_pendingBytes < kMaxPendingBytes); });
  if (m_closed) {
    return false;
  }
  m_pendingBytes += line.line.text.size() + 64;
  m_pending.push_back(std::move(line));
  postDrain(lock);
  return true;
}

void LogSession::readerEnded(std::optional<base::Error> error) {
  std::unique_lock lock(m_mutex);
  --m_readers;
  if (error && !m_error) {
    m_error = std::move(error);
  }
  if (m_readers <= 0 && !m_closed) {
    postDrain(lock);
  }
}

void LogSession::postDrain(std::unique_lock<std::mutex>&) {
  if (!std::exchange(m_drainPosted, true)) {
    m_executor.post([self = shared_from_this()] { self->drain(); });
  }
}

// On the engine thread.
void LogSession::drain() {
  std::vector<Agent::ContainerLine> lines;
  std::optional<base::Result<void>> end;
  {
    const std::lock_guard lock(m_mutex);
    m_drainPosted = false;
    if (m_closed) {
      return;
    }
    lines.swap(m_pending);
    m_pendingBytes = 0;
    if (m_readers <= 0 && !m_endTold) {
      m_endTold = true;
      end = m_error ? base::Result<void>(*m_error) : base::Result<void>();
    }
  }
  // Readers may go on only when these are taken.
  if (!lines.empty() && m_handlers.onLines) {
    m_handlers.onLines(std::move(lines));
  }
  bool closed = false;
  {
    const std::lock_guard lock(m_mutex);
    closed = m_closed; // the handler may have ended it
    m_taken.notify_all();
  }
  if (end && !closed && m_handlers.onEnd) {
    m_handlers.onEnd(std::move(*end));
  }
}

} // namespace univrs::agent
