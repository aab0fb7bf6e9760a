#include "plugins/runtime-process/small_file.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace univrs::runtime_process {

std::optional<std::string> readSmallFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return std::nullopt;
  }
  std::string text;
  char buffer[4096];
  while (text.size() < kMaxSmallFile) {
    const ssize_t count = ::read(fd, buffer, sizeof(buffer));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      break;
    }
    text.append(buffer, static_cast<size_t>(count));
  }
  ::close(fd);
  return text;
}

namespace {
bool writeAll(int fd, const std::string& text) {
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::write(fd, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return false;
    }
    done += static_cast<size_t>(count);
  }
  return true;
}
} // namespace

bool writeSmallFile(const std::string& path, const std::string& text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) {
    return false;
  }
  const bool done = writeAll(fd, text);
  const int error = errno;
  ::close(fd);
  errno = error;
  return done;
}

bool replaceFile(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) {
    return false;
  }
  const bool done = writeAll(fd, text) && ::fsync(fd) == 0;
  const int error = errno;
  ::close(fd);
  errno = error;
  return done && ::rename(fresh.c_str(), path.c_str()) == 0;
}

int64_t toNumber(const std::string& text) {
  int64_t value = 0;
  const char* begin = text.data();
  const char* const end = begin + text.size();
  while (begin != end && (*begin == ' ' || *begin == '\t')) {
    ++begin;
  }
  const auto result = std::from_chars(begin, end, value);
  return result.ec == std::errc() ? value : 0;
}

} // namespace univrs::runtime_process
