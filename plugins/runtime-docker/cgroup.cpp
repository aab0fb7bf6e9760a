#include "plugins/runtime-docker/cgroup.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>
#include <string_view>

#ifdef __linux__
#include <sys/vfs.h>

#include <fcntl.h>
#include <linux/magic.h>
#include <unistd.h>
#endif

namespace univrs::docker {

namespace {
constexpr size_t kMaxFileBytes = 64u << 10; // these files have a few lines

std::optional<std::string> readSmallFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return std::nullopt;
  }
  std::string text(kMaxFileBytes, '\0');
  in.read(text.data(), std::streamsize(text.size()));
  text.resize(size_t(in.gcount()));
  return text;
}

// The number after `key` at the beginning of a line.
std::optional<int64_t> numberOf(std::string_view text, std::string_view key) {
  size_t at = 0;
  while (at < text.size()) {
    auto end = text.find('\n', at);
    end = end == std::string_view::npos ? text.size() : end;
    const auto line = text.substr(at, end - at);
    at = end + 1;
    if (line.size() > key.size() + 1 && line.starts_with(key) && line[key.size()] == ' ') {
      int64_t v = 0;
      const auto digits = line.substr(key.size() + 1);
      const auto [stop, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), v);
      if (ec == std::errc() && v >= 0) {
        return v;
      }
    }
  }
  return std::nullopt;
}

bool exists(const std::string& path) {
  return std::ifstream(path).good();
}
} // namespace

std::optional<int64_t> oomKillsIn(const std::string& text) {
  return numberOf(text, "oom_kill");
}

#ifdef __linux__

std::optional<CgroupFolders> cgroupOfProcess(int pid) {
  if (pid <= 0) {
    return std::nullopt;
  }
  const auto text = readSmallFile("/proc/" + std::to_string(pid) + "/cgroup");
  if (!text) {
    return std::nullopt;
  }
  struct statfs fs {};
  const bool unified = ::statfs("/sys/fs/cgroup", &fs) == 0 && fs.f_type == CGROUP2_SUPER_MAGIC;
  CgroupFolders folders;
  folders.v2 = unified;
  std::istringstream lines(*text);
  std::string line;
  while (std::getline(lines, line)) {
    const auto first = line.find(':');
    const auto second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) {
      continue;
    }
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string path = line.substr(second + 1);
    if (path.find("/..") != std::string::npos) {
      continue; // in another cgroup namespace: not visible here
    }
    if (unified && controllers == ",,") {
      folders.memory = folders.cpu = "/sys/fs/cgroup" + path;
    } else if (!unified && controllers.find(",memory,") != std::string::npos) {
      folders.memory = "/sys/fs/cgroup/memory" + path;
    } else if (!unified && controllers.find(",cpu,") != std::string::npos) {
      folders.cpu = "/sys/fs/cgroup/cpu" + path;
    }
  }
  if (!exists(folders.memory + (unified ? "/memory.events" : "/memory.oom_control"))) {
    folders.memory.clear();
  }
  if (!exists(folders.cpu + "/cpu.stat")) {
    folders.cpu.clear();
  }
  if (folders.memory.empty() && folders.cpu.empty()) {
    return std::nullopt;
  }
  return folders;
}

bool processBelongsTo(int pid, const std::string& containerId) {
  const auto text = readSmallFile("/proc/" + std::to_string(pid) + "/cgroup");
  return text && containerId.size() >= 12 && text->find(containerId) != std::string::npos;
}

bool kernelLogTellsOom(const std::string& containerId, base::Timestamp since) {
  if (containerId.size() < 12) {
    return false;
  }
  const int fd = ::open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) {
    return false;
  }
  bool found = false;
  std::array<char, 8192> record{};
  constexpr size_t kMaxBytes = 8u << 20;
  for (size_t sum = 0; sum < kMaxBytes && !found;) {
    const ssize_t n = ::read(fd, record.data(), record.size());
    if (n < 0 && errno == EPIPE) {
      continue; // overwritten while we read: the next read goes on behind it
    }
    if (n <= 0) {
      break;
    }
    sum += size_t(n);
    const std::string_view text(record.data(), size_t(n));
    if (text.find("oom-kill:") == std::string_view::npos || text.find(containerId) == std::string_view::npos) {
      continue;
    }
    // "LEVEL,NUMBER,MICROSECONDS,…;text": on the steady clock.
    int64_t microseconds = 0;
    const auto first = text.find(',');
    const auto second = first == std::string_view::npos ? first : text.find(',', first + 1);
    if (second != std::string_view::npos) {
      std::from_chars(text.data() + second + 1, text.data() + text.size(), microseconds);
    }
    constexpr int64_t kSlackMs = 1000; // the two clocks are read one after the other and one may be adjusted
    const base::Now now = base::SystemClock().now();
    found = now.wall.ms - (now.steady.ms - microseconds / 1000) + kSlackMs >= since.ms;
  }
  ::close(fd);
  return found;
}

#else

std::optional<CgroupFolders> cgroupOfProcess(int) {
  return std::nullopt;
}
bool processBelongsTo(int, const std::string&) {
  return false;
}
bool kernelLogTellsOom(const std::string&) {
  return false;
}

#endif

std::optional<int64_t> throttledNanoseconds(const CgroupFolders& folders) {
  const auto text = folders.cpu.empty() ? std::nullopt : readSmallFile(folders.cpu + "/cpu.stat");
  if (!text) {
    return std::nullopt;
  }
  if (const auto ns = numberOf(*text, "throttled_time")) {
    return ns;
  }
  if (const auto us = numberOf(*text, "throttled_usec")) {
    return *us > INT64_MAX / 1000 ? INT64_MAX : *us * 1000;
  }
  return std::nullopt;
}

std::optional<int64_t> inactiveFileBytes(const CgroupFolders& folders) {
  const auto text = folders.memory.empty() ? std::nullopt : readSmallFile(folders.memory + "/memory.stat");
  if (!text) {
    return std::nullopt;
  }
  if (const auto v = numberOf(*text, "total_inactive_file")) {
    return v;
  }
  return numberOf(*text, "inactive_file");
}

} // namespace univrs::docker
