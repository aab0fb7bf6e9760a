#include "plugins/runtime-process/cgroup.h"

#include "plugins/runtime-process/small_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sstream>
#include <unistd.h>

namespace univrs::runtime_process {

namespace {

constexpr int64_t kPeriodMicroseconds = 100'000;
constexpr int64_t kMinQuotaMicroseconds = 1'000; // the kernel's own minimum

int64_t numberIn(const std::string& path) {
  return toNumber(readSmallFile(path).value_or("0"));
}

// "key value" lines, as memory.stat has them.
int64_t lineValue(const std::string& path, const std::string& key) {
  std::istringstream lines(readSmallFile(path).value_or(""));
  std::string name;
  std::string value;
  while (lines >> name >> value) {
    if (name == key) {
      return toNumber(value);
    }
  }
  return 0;
}

std::string failure(const std::string& path) {
  return path + ": " + std::strerror(errno);
}

// A group of ours can be made below `base`.
bool canMakeBelow(const std::string& base) {
  if (::mkdir(base.c_str(), 0755) == 0) {
    ::rmdir(base.c_str());
    return true;
  }
  return errno == EEXIST && ::access(base.c_str(), W_OK) == 0;
}

bool hasWord(const std::string& text, const std::string& word, char separator) {
  std::istringstream words(text);
  std::string one;
  while (std::getline(words, one, separator)) {
    while (!one.empty() && one.back() == '\n') {
      one.pop_back();
    }
    if (one == word) {
      return true;
    }
  }
  return false;
}

} // namespace

Cgroups Cgroups::detect() {
  Cgroups result;
  std::string unified;
  bool anyV1 = false;
  std::istringstream mounts(readSmallFile("/proc/self/mounts").value_or(""));
  std::string line;
  while (std::getline(mounts, line)) {
    std::istringstream fields(line);
    std::string device;
    std::string path;
    std::string type;
    std::string options;
    fields >> device >> path >> type >> options;
    if (type == "cgroup2") {
      unified = path;
    } else if (type == "cgroup") {
      const std::string base = path + "/univrs";
      const auto claim = [&](const char* controller, std::string& target) {
        if (hasWord(options, controller, ',') && canMakeBelow(base)) {
          target = base;
          anyV1 = true;
        }
      };
      claim("cpu", result.m_cpuBase);
      claim("cpuacct", result.m_accountBase);
      claim("memory", result.m_memoryBase);
      claim("pids", result.m_pidsBase);
    }
  }
  if (anyV1) {
    result.detectV1();
  } else if (!unified.empty()) {
    result.detectV2(unified);
  }
  return result;
}

void Cgroups::detectV1() {
  m_version = 1;
  m_cpu = !m_cpuBase.empty();
  m_memory = !m_memoryBase.empty();
  m_pids = !m_pidsBase.empty();
  for (const std::string& base : {m_cpuBase, m_accountBase, m_memoryBase, m_pidsBase}) {
    if (!base.empty() && std::find(m_bases.begin(), m_bases.end(), base) == m_bases.end()) {
      m_bases.push_back(base);
    }
  }
}

void Cgroups::detectV2(const std::string& mount) {
  const std::string controllers = readSmallFile(mount + "/cgroup.controllers").value_or("");
  const std::string base = mount + "/univrs";
  if (!canMakeBelow(base)) {
    return;
  }
  const std::string folder = mount + "/cgroup.subtree_control";
  for (const char* controller : {"cpu", "memory", "pids"}) {
    // One at a time: one that is refused does not take the others with it.
    if (hasWord(controllers, controller, ' ')) {
      writeSmallFile(folder, std::string("+") + controller);
    }
  }
  const std::string enabled = readSmallFile(folder).value_or("");
  m_cpu = hasWord(enabled, "cpu", ' ');
  m_memory = hasWord(enabled, "memory", ' ');
  m_pids = hasWord(enabled, "pids", ' ');
  m_version = 2;
  m_cpuBase = m_accountBase = m_memoryBase = m_pidsBase = base;
  m_bases = {base};
}

std::string Cgroups::folder(const std::string& base, const std::string& id) const {
  return base + "/" + id;
}

std::string Cgroups::makeFolder(const std::string& base, const std::string& id) const {
  const std::string path = folder(base, id);
  for (int attempt = 0; attempt < 50; ++attempt) { // the parent may be removed by another's end just now
    ::mkdir(base.c_str(), 0755);
    if (m_version == 2) {
      for (const auto& [on, name] : {std::pair(m_cpu, "+cpu"), {m_memory, "+memory"}, {m_pids, "+pids"}}) {
        if (on) {
          writeSmallFile(base + "/cgroup.subtree_control", name);
        }
      }
    }
    if (::mkdir(path.c_str(), 0755) == 0 || errno == EEXIST) {
      return {};
    }
    if (errno != ENOENT) {
      break;
    }
  }
  return failure(path);
}

std::string Cgroups::create(const std::string& id, const CgroupLimits& limits) const {
  for (const std::string& base : m_bases) {
    if (std::string error = makeFolder(base, id); !error.empty()) {
      return error;
    }
  }
  const auto set = [](const std::string& path, const std::string& value) {
    return writeSmallFile(path, value) ? std::string() : failure(path);
  };
  std::string error;
  if (limits.memoryBytes > 0 && m_memory) {
    const std::string at = folder(m_memoryBase, id);
    const std::string bytes = std::to_string(limits.memoryBytes);
    if (m_version == 2) {
      error = set(at + "/memory.max", bytes);
      writeSmallFile(at + "/memory.swap.max", "0"); // absent without swap accounting
      writeSmallFile(at + "/memory.oom.group", "1");
    } else {
      error = set(at + "/memory.limit_in_bytes", bytes);
      writeSmallFile(at + "/memory.memsw.limit_in_bytes", bytes); // memory and swap together: no swap
    }
  }
  if (error.empty() && limits.cpuMillicores > 0 && m_cpu) {
    const std::string at = folder(m_cpuBase, id);
    const int64_t quota = std::max(limits.cpuMillicores * kPeriodMicroseconds / 1000, kMinQuotaMicroseconds);
    if (m_version == 2) {
      error = set(at + "/cpu.max", std::to_string(quota) + " " + std::to_string(kPeriodMicroseconds));
    } else {
      writeSmallFile(at + "/cpu.cfs_period_us", std::to_string(kPeriodMicroseconds));
      error = set(at + "/cpu.cfs_quota_us", std::to_string(quota));
    }
  }
  if (error.empty() && limits.pids > 0 && m_pids) {
    error = set(folder(m_pidsBase, id) + "/pids.max", std::to_string(limits.pids));
  }
  return error;
}

bool Cgroups::enter(const std::string& id) const {
  bool all = true;
  for (const std::string& base : m_bases) {
    all = writeSmallFile(folder(base, id) + "/cgroup.procs", "0") && all;
  }
  return all;
}

std::vector<pid_t> Cgroups::processes(const std::string& id) const {
  std::vector<pid_t> result;
  for (const std::string& base : m_bases) {
    std::istringstream list(readSmallFile(folder(base, id) + "/cgroup.procs").value_or(""));
    pid_t pid = 0;
    while (list >> pid) {
      if (std::find(result.begin(), result.end(), pid) == result.end()) {
        result.push_back(pid);
      }
    }
  }
  return result;
}

void Cgroups::kill(const std::string& id) const {
  if (m_pids) {
    writeSmallFile(folder(m_pidsBase, id) + "/pids.max", "0");
  }
  for (const pid_t pid : processes(id)) {
    if (pid > 1) {
      ::kill(pid, SIGKILL);
    }
  }
}

void Cgroups::remove(const std::string& id) const {
  for (const std::string& base : m_bases) {
    const std::string path = folder(base, id);
    for (int attempt = 0; attempt < 100 && ::rmdir(path.c_str()) != 0 && errno == EBUSY; ++attempt) {
      ::usleep(10'000); // a dead process leaves its group a moment later
    }
    ::rmdir(base.c_str()); // only when it is empty
  }
}

bool Cgroups::exists(const std::string& id) const {
  return std::any_of(m_bases.begin(), m_bases.end(),
                     [&](const std::string& base) { return ::access(folder(base, id).c_str(), F_OK) == 0; });
}

bool Cgroups::oomKilled(const std::string& id) const {
  if (!m_memory) {
    return false;
  }
  return lineValue(folder(m_memoryBase, id) + (m_version == 2 ? "/memory.events" : "/memory.oom_control"), "oom_kill") >
         0;
}

std::optional<CgroupUsage> Cgroups::usage(const std::string& id) const {
  if (!usable() || !exists(id)) {
    return std::nullopt;
  }
  CgroupUsage usage;
  if (m_version == 2) {
    const std::string at = folder(m_cpuBase, id);
    usage.cpuNanoseconds = lineValue(at + "/cpu.stat", "usage_usec") * 1000;
    usage.throttledNanoseconds = lineValue(at + "/cpu.stat", "throttled_usec") * 1000;
    usage.memoryBytes =
        std::max<int64_t>(0, numberIn(at + "/memory.current") - lineValue(at + "/memory.stat", "inactive_file"));
    usage.memoryLimitBytes = numberIn(at + "/memory.max"); // "max" reads as 0
    usage.pids = numberIn(at + "/pids.current");
    return usage;
  }
  if (!m_accountBase.empty()) {
    usage.cpuNanoseconds = numberIn(folder(m_accountBase, id) + "/cpuacct.usage");
  }
  if (m_cpu) {
    usage.throttledNanoseconds = lineValue(folder(m_cpuBase, id) + "/cpu.stat", "throttled_time");
  }
  if (m_memory) {
    const std::string at = folder(m_memoryBase, id);
    usage.memoryBytes = std::max<int64_t>(0, numberIn(at + "/memory.usage_in_bytes") -
                                                 lineValue(at + "/memory.stat", "total_inactive_file"));
    const int64_t limit = numberIn(at + "/memory.limit_in_bytes");
    usage.memoryLimitBytes = limit > (int64_t(1) << 60) ? 0 : limit; // the kernel's word for none
  }
  usage.pids = m_pids ? numberIn(folder(m_pidsBase, id) + "/pids.current") : static_cast<int64_t>(processes(id).size());
  return usage;
}

} // namespace univrs::runtime_process
