#include "engine/agent/machine_usage.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#ifdef __linux__
#include <unistd.h>
#endif

namespace univrs::agent {

namespace {

// Interfaces that only pass on what another one counts, or that never leave the machine.
bool passesOn(const std::string& interface) {
  static constexpr std::array<std::string_view, 12> kPrefixes{"lo",  "veth",  "docker", "br-",    "podman", "cni",
                                                              "tap", "virbr", "vnet",   "univrs", "dummy",  "tun"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](std::string_view prefix) {
    return prefix == "lo" ? interface == prefix : interface.compare(0, prefix.size(), prefix) == 0;
  });
}

#ifdef __linux__
std::string contentsOf(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// In a control group with a memory limit of its own, what counts is what the group uses.
std::optional<int64_t> groupMemory() {
  int64_t limit = 0;
  int64_t used = 0;
  if (!(std::istringstream(contentsOf("/sys/fs/cgroup/memory.max")) >> limit) ||
      !(std::istringstream(contentsOf("/sys/fs/cgroup/memory.current")) >> used)) {
    return std::nullopt; // "max": no limit
  }
  std::istringstream stat(contentsOf("/sys/fs/cgroup/memory.stat"));
  std::string key;
  for (int64_t value = 0; stat >> key >> value;) {
    if (key == "inactive_file") {
      used = std::max<int64_t>(0, used - value);
    }
  }
  return used;
}
#endif

} // namespace

std::optional<MachineUsage> machineUsageFrom(std::string_view stat, std::string_view meminfo, std::string_view netDev,
                                             int64_t ticksPerSecond) {
  MachineUsage usage;
  bool haveCpu = false;
  std::istringstream statLines{std::string(stat)};
  for (std::string line; std::getline(statLines, line);) {
    std::istringstream in(line);
    std::string name;
    in >> name;
    if (name == "cpu") {
      // user nice system idle iowait irq softirq steal; guest is part of user. Stolen time is not ours to use.
      std::array<int64_t, 7> v{};
      for (int64_t& value : v) {
        in >> value;
      }
      haveCpu = !in.fail();
      const int64_t busy = v[0] + v[1] + v[2] + v[5] + v[6];
      usage.cpuNanoseconds = busy * (1'000'000'000 / std::max<int64_t>(1, ticksPerSecond));
    } else if (name.rfind("cpu", 0) == 0) {
      ++usage.cores;
    }
  }
  int64_t total = -1;
  int64_t available = -1;
  std::istringstream memLines{std::string(meminfo)};
  for (std::string line; std::getline(memLines, line);) {
    std::istringstream in(line);
    std::string name;
    int64_t kib = 0;
    if (in >> name >> kib) {
      total = name == "MemTotal:" ? kib : total;
      available = name == "MemAvailable:" ? kib : available;
    }
  }
  if (!haveCpu || total < 0 || available < 0) {
    return std::nullopt;
  }
  usage.memoryBytes = std::max<int64_t>(0, total - available) * 1024;
  std::istringstream netLines{std::string(netDev)};
  for (std::string line; std::getline(netLines, line);) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos) {
      continue; // its head
    }
    std::string name;
    std::istringstream(line.substr(0, colon)) >> name;
    std::array<int64_t, 9> v{};
    std::istringstream in(line.substr(colon + 1));
    for (int64_t& value : v) {
      in >> value;
    }
    if (!in.fail() && !passesOn(name)) {
      usage.receivedBytes += v[0];
      usage.sentBytes += v[8];
    }
  }
  return usage;
}

std::optional<MachineUsage> readMachineUsage() {
#ifdef __linux__
  auto usage = machineUsageFrom(contentsOf("/proc/stat"), contentsOf("/proc/meminfo"), contentsOf("/proc/net/dev"),
                                ::sysconf(_SC_CLK_TCK));
  if (usage) {
    usage->memoryBytes = groupMemory().value_or(usage->memoryBytes);
  }
  return usage;
#else
  return std::nullopt;
#endif
}

} // namespace univrs::agent
