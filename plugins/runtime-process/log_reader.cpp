#include "plugins/runtime-process/log_reader.h"

#include "plugins/runtime-process/launch.h"
#include "plugins/runtime-process/log_writer.h"

#include <sys/stat.h>

#include <cerrno>
#include <condition_variable>
#include <deque>
#include <fcntl.h>
#include <mutex>
#include <unistd.h>

namespace univrs::runtime_process {

namespace {

constexpr auto kLookEvery = std::chrono::milliseconds(100);
constexpr size_t kMaxRecord = kMaxRecordText + 128;

// One open log file, read record by record.
class LogFile {
public:
  LogFile() = default;
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  ~LogFile() { close(); }
  bool open(const std::string& path) {
    close();
    m_buffer.clear();
    m_fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    return m_fd >= 0;
  }
  void close() {
    if (m_fd >= 0) {
      ::close(m_fd);
      m_fd = -1;
    }
  }
  [[nodiscard]] bool isOpen() const { return m_fd >= 0; }
  // The path names another file now: this one was rotated away.
  [[nodiscard]] bool movedFrom(const std::string& path) const {
    struct stat mine {};
    struct stat there {};
    return ::fstat(m_fd, &mine) != 0 || ::stat(path.c_str(), &there) != 0 || mine.st_ino != there.st_ino ||
           mine.st_dev != there.st_dev;
  }
  [[nodiscard]] bool same(const LogFile& other) const {
    struct stat mine {};
    struct stat theirs {};
    return ::fstat(m_fd, &mine) == 0 && ::fstat(other.m_fd, &theirs) == 0 && mine.st_ino == theirs.st_ino;
  }
  // The next whole record; nothing at the end for now.
  std::optional<std::string> next() {
    for (;;) {
      const size_t newline = m_buffer.find('\n', m_at);
      if (newline != std::string::npos) {
        std::string record = m_buffer.substr(m_at, newline - m_at);
        m_at = newline + 1;
        return record;
      }
      m_buffer.erase(0, m_at);
      m_at = 0;
      if (m_buffer.size() > kMaxRecord) {
        m_buffer.clear(); // not one of our records
      }
      char chunk[32 * 1024];
      const ssize_t count = ::read(m_fd, chunk, sizeof(chunk));
      if (count < 0 && errno == EINTR) {
        continue;
      }
      if (count <= 0) {
        return std::nullopt;
      }
      m_buffer.append(chunk, static_cast<size_t>(count));
    }
  }

private:
  int m_fd = -1;
  std::string m_buffer;
  size_t m_at = 0;
};

} // namespace

std::optional<agent::LogLine> parseLogRecord(std::string_view record) {
  const size_t space = record.find(' ');
  if (space == std::string_view::npos || record.size() < space + 10) {
    return std::nullopt;
  }
  const std::optional<base::Timestamp> time = base::Timestamp::fromIso(record.substr(0, space));
  const std::string_view stream = record.substr(space + 1, 6);
  const char tag = record[space + 8];
  if (!time || (stream != "stdout" && stream != "stderr") || (tag != 'F' && tag != 'P')) {
    return std::nullopt;
  }
  return agent::LogLine{*time, stream == "stderr", std::string(record.substr(space + 10))};
}

base::Result<void> readLog(const std::string& folder, const agent::LogRequest& request,
                           const std::function<bool(const agent::LogLine&)>& sink, const base::CancelToken& cancel,
                           const std::function<bool()>& running) {
  const std::string path = folder + "/" + kLogFile;
  std::mutex mutex;
  std::condition_variable wake;
  bool cancelled = false;
  const base::CancelRegistration registration = cancel.onCancel([&] {
    const std::lock_guard lock(mutex);
    cancelled = true;
    wake.notify_all();
  });
  const auto stopped = [&] {
    const std::lock_guard lock(mutex);
    return cancelled;
  };
  const base::Error cancelledError = base::makeError(base::ErrorCode::Cancelled, "reading the log was cancelled");

  bool past = false; // a record after `until`: nothing further counts
  std::deque<agent::LogLine> last;
  bool collecting = request.tail >= 0;
  bool wanted = true;
  // False when it is over.
  const auto give = [&](const std::string& record) {
    std::optional<agent::LogLine> line = parseLogRecord(record);
    if (!line || (request.since.isSet() && line->time < request.since)) {
      return true;
    }
    if (request.until.isSet() && line->time > request.until) {
      past = true;
      return false;
    }
    if (collecting) {
      last.push_back(std::move(*line));
      if (last.size() > static_cast<size_t>(request.tail)) {
        last.pop_front();
      }
      return true;
    }
    wanted = sink(*line);
    return wanted;
  };
  const auto drain = [&](LogFile& file) {
    while (const std::optional<std::string> record = file.next()) {
      if (!give(*record) || stopped()) {
        return false;
      }
    }
    return true;
  };

  LogFile older;
  LogFile file;
  // The newer one first: should it be rotated between the two calls, older is the same file and is left out.
  file.open(path);
  if (older.open(path + ".1") && !(file.isOpen() && older.same(file))) {
    drain(older);
  }
  bool alive = request.follow && running(); // asked before the end is read: what came before its end is not missed
  if (!past && wanted && file.isOpen()) {
    drain(file);
  }
  if (collecting) {
    collecting = false;
    for (const agent::LogLine& line : last) {
      if (!(wanted = sink(line)) || stopped()) {
        break;
      }
    }
    last.clear();
  }
  while (!past && wanted && !stopped() && request.follow) {
    if (!file.isOpen()) {
      file.open(path);
    }
    if (file.isOpen()) {
      const bool moved = file.movedFrom(path);
      if (!drain(file)) {
        break;
      }
      if (moved) {
        file.close();
        continue;
      }
    }
    if (!alive) {
      break;
    }
    alive = running();
    if (request.until.isSet() && base::SystemClock().now().wall > request.until) {
      alive = false;
    }
    std::unique_lock lock(mutex);
    wake.wait_for(lock, alive ? kLookEvery : std::chrono::milliseconds(0), [&] { return cancelled; });
  }
  if (stopped()) {
    return cancelledError;
  }
  return {};
}

} // namespace univrs::runtime_process
