#include "plugins/runtime-process/container_store.h"

#include "engine/base/log.h"
#include "plugins/runtime-process/process_tree.h"
#include "plugins/runtime-process/small_file.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <thread>
#include <unistd.h>

namespace univrs::runtime_process {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::makeError;

namespace {
constexpr int kLookEveryMs = 10;
constexpr size_t kIdLength = 32;
} // namespace

bool isContainerId(const std::string& text) {
  return text.size() == kIdLength &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

base::Error noSuchContainer(const std::string& id) {
  return makeError(ErrorCode::NotFound, "there is no process instance " + id.substr(0, 64));
}

ContainerStore::ContainerStore(std::string dataFolder, Cgroups cgroups)
    : m_root(std::move(dataFolder) + "/containers"), m_cgroups(std::move(cgroups)) {}

base::Result<void> ContainerStore::prepare() {
  std::error_code error;
  fs::create_directories(m_root, error);
  if (!error) {
    fs::permissions(m_root, fs::perms::owner_all, error);
  }
  if (error) {
    return makeError(ErrorCode::Unavailable, "the folder for process instances cannot be used",
                     m_root + ": " + error.message(), "make it writable for this user");
  }
  // What a remove() that was cut off has left.
  for (const fs::directory_entry& entry : fs::directory_iterator(m_root, error)) {
    if (entry.path().filename().string().ends_with(".gone")) {
      std::error_code ignored;
      fs::remove_all(entry.path(), ignored);
    }
  }
  return {};
}

base::Result<void> ContainerStore::add(const ContainerConfig& config, const Launch& launch) {
  const std::lock_guard lock(m_addMutex);
  for (const std::string& id : ids()) {
    if (const auto other = this->config(id); other && other->name == config.name) {
      return makeError(ErrorCode::Conflict, "there is already a process instance named " + config.name, {},
                       "remove it first");
    }
  }
  const std::string folder = folderOf(config.id);
  std::error_code error;
  fs::create_directory(folder, error);
  if (!error) {
    fs::permissions(folder, fs::perms::owner_all, error);
  }
  if (error || !replaceFile(folder + "/" + kLaunchFile, launch.text()) || !writeConfig(folder, config)) {
    const std::string why = error ? error.message() : std::strerror(errno);
    const bool full = errno == ENOSPC;
    fs::remove_all(folder, error);
    return makeError(full ? ErrorCode::NoSpace : ErrorCode::Internal, "the process instance could not be written down",
                     why);
  }
  return {};
}

std::vector<std::string> ContainerStore::ids() const {
  std::vector<std::string> result;
  std::error_code error;
  for (fs::directory_iterator it(m_root, error), end; !error && it != end; it.increment(error)) {
    std::string name = it->path().filename().string();
    if (isContainerId(name)) {
      result.push_back(std::move(name));
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::optional<ContainerConfig> ContainerStore::config(const std::string& id) const {
  return isContainerId(id) ? readConfig(folderOf(id)) : std::nullopt;
}

bool ContainerStore::order(const std::string& id, char what) const {
  const int fd = ::open((folderOf(id) + "/" + kControlPipe).c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) {
    return false; // nobody reads: the shim is gone
  }
  const bool sent = ::write(fd, &what, 1) == 1;
  ::close(fd);
  return sent;
}

bool ContainerStore::shimLives(const std::string& id) const {
  const int fd = ::open((folderOf(id) + "/" + kControlPipe).c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd >= 0) {
    ::close(fd);
  }
  return fd >= 0;
}

void ContainerStore::clearUp(const std::string& id, ShimState& state) {
  // The session it was given tells its children from others; pid and start time together that it is still that
  // session's leader. Where the leader is gone, a session of that number with members cannot be anyone else's: the
  // kernel does not give a pid away while a session still bears it. But it could have been freed and given anew, so
  // members must be younger than the program and, being leaderless, older than any new leader.
  const auto sweep = [&] {
    bool any = false;
    const std::optional<ProcessEntry> leader = readProcess(state.pid);
    const bool reused = leader && leader->startTime != state.startTime;
    if (!reused && state.pid > 1 && state.startTime > 0) {
      for (const ProcessEntry& entry : allProcesses()) {
        const bool ours = entry.pid == state.pid || (entry.session == state.pid && entry.startTime >= state.startTime);
        if (ours && entry.state != 'Z') {
          ::kill(entry.pid, SIGKILL);
          any = true;
        }
      }
    }
    if (m_cgroups.usable() && m_cgroups.exists(id) && !m_cgroups.processes(id).empty()) {
      m_cgroups.kill(id);
      any = true;
    }
    return any;
  };
  for (int round = 0; round < 500 && sweep(); ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(kLookEveryMs));
  }
  state.running = false;
  state.exitCode = 128 + SIGKILL;
  state.oomKilled = m_cgroups.usable() && m_cgroups.oomKilled(id);
  state.finishedAtMs = wallClockMs();
  state.error = "the shim that stood by it was killed; what was left of it has been ended";
  if (m_cgroups.usable()) {
    m_cgroups.remove(id);
  }
  writeState(folderOf(id), state);
  base::log::warning("process", "an instance lost its shim and was ended", {{"container", id}});
}

base::Result<agent::ContainerStatus> ContainerStore::status(const std::string& id) {
  const std::optional<ContainerConfig> config = this->config(id);
  if (!config) {
    return noSuchContainer(id);
  }
  agent::ContainerStatus status;
  status.id = config->id;
  status.name = config->name;
  status.labels = config->labels;
  status.endpoints = config->endpoints;
  std::optional<ShimState> state = readState(folderOf(id));
  if (state && state->running && !shimLives(id)) {
    const std::lock_guard lock(m_clearMutex);
    state = readState(folderOf(id)); // it may have ended in order just now, or another thread has cleared up
    if (state && state->running) {
      clearUp(id, *state);
    }
  }
  if (!state) {
    status.phase = agent::ContainerPhase::Created;
    return status;
  }
  status.phase = state->running ? agent::ContainerPhase::Running : agent::ContainerPhase::Exited;
  status.pid = state->running ? state->pid : 0;
  status.exitCode = state->exitCode;
  status.oomKilled = state->oomKilled;
  status.error = state->error;
  status.startedAt = {state->startedAtMs};
  status.finishedAt = {state->finishedAtMs};
  return status;
}

bool ContainerStore::waitUntilEnded(const std::string& id, int64_t ms) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
  for (;;) {
    const auto now = status(id);
    if (!now || now->phase != agent::ContainerPhase::Running) {
      return true;
    }
    if (std::chrono::steady_clock::now() >= end) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(kLookEveryMs));
  }
}

void ContainerStore::erase(const std::string& id) {
  // Out of sight in one step, then deleted.
  const std::string gone = folderOf(id) + ".gone";
  std::error_code error;
  fs::rename(folderOf(id), gone, error);
  fs::remove_all(gone, error);
  if (m_cgroups.usable() && m_cgroups.exists(id)) {
    m_cgroups.remove(id);
  }
}

std::vector<uint16_t> ContainerStore::portsInUse() const {
  std::vector<uint16_t> result;
  for (const std::string& id : ids()) {
    if (const auto config = this->config(id)) {
      for (const model::Endpoint& endpoint : config->endpoints) {
        result.push_back(endpoint.port);
      }
    }
  }
  return result;
}

} // namespace univrs::runtime_process
