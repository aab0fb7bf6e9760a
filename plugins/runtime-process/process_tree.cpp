#include "plugins/runtime-process/process_tree.h"

#include "plugins/runtime-process/small_file.h"

#include <dirent.h>
#include <set>
#include <sstream>
#include <string>

namespace univrs::runtime_process {

std::optional<ProcessEntry> readProcess(pid_t pid) {
  const std::optional<std::string> text = readSmallFile("/proc/" + std::to_string(pid) + "/stat");
  if (!text) {
    return std::nullopt;
  }
  const size_t close = text->rfind(')'); // the name before it may hold anything
  if (close == std::string::npos) {
    return std::nullopt;
  }
  std::istringstream fields(text->substr(close + 1));
  ProcessEntry entry;
  entry.pid = pid;
  std::string skip;
  uint64_t user = 0;
  uint64_t system = 0;
  uint64_t childUser = 0;
  uint64_t childSystem = 0;
  fields >> entry.state >> entry.parent >> entry.group >> entry.session;
  for (int i = 0; i < 7; ++i) { // tty … cmajflt
    fields >> skip;
  }
  fields >> user >> system >> childUser >> childSystem;
  for (int i = 0; i < 4; ++i) { // priority … itrealvalue
    fields >> skip;
  }
  fields >> entry.startTime >> skip >> entry.residentPages;
  if (!fields) {
    return std::nullopt;
  }
  entry.cpuTicks = user + system + childUser + childSystem;
  return entry;
}

std::vector<ProcessEntry> allProcesses() {
  std::vector<ProcessEntry> result;
  DIR* folder = ::opendir("/proc");
  if (folder == nullptr) {
    return result;
  }
  while (const dirent* item = ::readdir(folder)) {
    if (item->d_name[0] < '1' || item->d_name[0] > '9') {
      continue;
    }
    if (const std::optional<ProcessEntry> entry = readProcess(static_cast<pid_t>(toNumber(item->d_name)))) {
      result.push_back(*entry);
    }
  }
  ::closedir(folder);
  return result;
}

std::vector<ProcessEntry> descendants(pid_t root) {
  const std::vector<ProcessEntry> all = allProcesses();
  std::set<pid_t> inside{root};
  std::vector<ProcessEntry> result;
  for (bool grown = true; grown;) {
    grown = false;
    for (const ProcessEntry& entry : all) {
      if (inside.contains(entry.parent) && inside.insert(entry.pid).second) {
        grown = true;
        if (entry.state != 'Z') {
          result.push_back(entry);
        }
      }
    }
  }
  return result;
}

bool isAlive(pid_t pid, uint64_t startTime) {
  if (pid <= 0) {
    return false;
  }
  const std::optional<ProcessEntry> entry = readProcess(pid);
  return entry && entry->startTime == startTime && entry->state != 'Z';
}

} // namespace univrs::runtime_process
