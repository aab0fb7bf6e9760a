#include "plugins/runtime-process/log_writer.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <unistd.h>

namespace univrs::runtime_process {

namespace {
std::string timeNow() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  tm parts{};
  ::gmtime_r(&now.tv_sec, &parts);
  char text[64];
  const size_t length = std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text + length, sizeof(text) - length, ".%09ldZ", now.tv_nsec);
  return text;
}
} // namespace

LogWriter::LogWriter(std::string path, int64_t maxBytes) : m_path(std::move(path)), m_maxBytes(maxBytes) {}

LogWriter::~LogWriter() {
  if (m_fd >= 0) {
    ::close(m_fd);
  }
}

bool LogWriter::open() {
  m_fd = ::open(m_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  struct stat info {};
  m_size = m_fd >= 0 && ::fstat(m_fd, &info) == 0 ? info.st_size : 0;
  return m_fd >= 0;
}

void LogWriter::append(bool isStderr, std::string_view bytes) {
  std::string& partial = m_partial[isStderr ? 1 : 0];
  while (!bytes.empty()) {
    const size_t newline = bytes.find('\n');
    const size_t take =
        std::min(newline == std::string_view::npos ? bytes.size() : newline, kMaxRecordText - partial.size());
    partial.append(bytes.substr(0, take));
    bytes.remove_prefix(take);
    if (!bytes.empty() && bytes.front() == '\n') {
      record(isStderr, true, partial);
      partial.clear();
      bytes.remove_prefix(1);
    } else if (partial.size() >= kMaxRecordText && !bytes.empty()) {
      record(isStderr, false, partial);
      partial.clear();
    }
  }
}

void LogWriter::finish(bool isStderr) {
  std::string& partial = m_partial[isStderr ? 1 : 0];
  if (!partial.empty()) {
    record(isStderr, true, partial);
    partial.clear();
  }
}

void LogWriter::record(bool isStderr, bool whole, std::string_view text) {
  std::string line = timeNow();
  line += isStderr ? " stderr " : " stdout ";
  line += whole ? "F " : "P ";
  line += text;
  line += '\n';
  if (m_size > 0 && m_size + static_cast<int64_t>(line.size()) > m_maxBytes) {
    rotate();
  }
  // A full disk loses log lines, it must not stop the program: a failed write is not tried again.
  if (m_fd >= 0) {
    const ssize_t count = ::write(m_fd, line.data(), line.size());
    if (count > 0) {
      m_size += count;
    }
  }
}

void LogWriter::rotate() {
  if (m_fd >= 0) {
    ::close(m_fd);
  }
  ::rename(m_path.c_str(), (m_path + ".1").c_str());
  if (!open()) {
    m_size = 0;
  }
}

} // namespace univrs::runtime_process
