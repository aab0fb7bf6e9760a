// What the operating system says about this process. Linux reads /proc; elsewhere only what getrusage() tells.
#include "engine/api/metrics.h"

#include <sys/resource.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

namespace univrs::api {

namespace {
std::string contentsOf(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Fields of /proc/self/stat after the command's name, which may hold spaces; the first is number 3 of proc(5).
std::vector<std::string> statFields() {
  const std::string stat = contentsOf("/proc/self/stat");
  const auto close = stat.rfind(')');
  std::istringstream rest(close == std::string::npos ? std::string() : stat.substr(close + 1));
  return {std::istream_iterator<std::string>(rest), {}};
}

double numberAt(const std::vector<std::string>& fields, size_t index) {
  int64_t value = 0;
  if (index < fields.size()) {
    std::from_chars(fields[index].data(), fields[index].data() + fields[index].size(), value);
  }
  return double(value);
}

double bootTime() {
  std::istringstream stat(contentsOf("/proc/stat"));
  for (std::string line; std::getline(stat, line);) {
    if (line.rfind("btime ", 0) == 0) {
      int64_t value = 0;
      std::from_chars(line.data() + 6, line.data() + line.size(), value);
      return double(value);
    }
  }
  return 0;
}
} // namespace

ProcessFigures processFigures() {
  ProcessFigures out;
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
    const auto seconds = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
    out.cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    out.maxFiles = double(files.rlim_cur);
  }
#ifdef __linux__
  const auto fields = statFields();
  out.residentBytes = numberAt(fields, 21) * double(sysconf(_SC_PAGESIZE));
  static const double boot = bootTime();
  out.startTime = boot + numberAt(fields, 19) / double(sysconf(_SC_CLK_TCK));
  std::error_code failed;
  for (auto it = std::filesystem::directory_iterator("/proc/self/fd", failed);
       !failed && it != std::filesystem::directory_iterator(); it.increment(failed)) {
    ++out.openFiles;
  }
#endif
  return out;
}

} // namespace univrs::api
