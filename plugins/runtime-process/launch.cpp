#include "plugins/runtime-process/launch.h"

#include "plugins/runtime-process/small_file.h"

#include <sys/stat.h>

#include <cstdio>
#include <ctime>
#include <fcntl.h>

namespace univrs::runtime_process {

std::string Launch::text() const {
  std::string out;
  const auto put = [&out](const char* key, const std::string& value) {
    out += key;
    out += '=';
    out += value;
    out += '\0';
  };
  put("id", id);
  for (const std::string& word : command) {
    put("arg", word);
  }
  for (const std::string& line : env) {
    put("env", line);
  }
  put("cwd", workingDir);
  if (uid) {
    put("uid", std::to_string(*uid));
    put("gid", std::to_string(gid));
    for (const uint32_t group : groups) {
      put("group", std::to_string(group));
    }
  }
  put("cpu", std::to_string(limits.cpuMillicores));
  put("memory", std::to_string(limits.memoryBytes));
  put("pids", std::to_string(limits.pids));
  put("cgroups", useCgroups ? "1" : "0");
  put("log_max", std::to_string(logMaxBytes));
  return out;
}

std::optional<Launch> Launch::parse(const std::string& text) {
  Launch launch;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\0', at);
    if (end == std::string::npos) {
      return std::nullopt; // cut off
    }
    const std::string record = text.substr(at, end - at);
    at = end + 1;
    const size_t equals = record.find('=');
    if (equals == std::string::npos) {
      return std::nullopt;
    }
    const std::string key = record.substr(0, equals);
    std::string value = record.substr(equals + 1);
    if (key == "id") {
      launch.id = std::move(value);
    } else if (key == "arg") {
      launch.command.push_back(std::move(value));
    } else if (key == "env") {
      launch.env.push_back(std::move(value));
    } else if (key == "cwd") {
      launch.workingDir = std::move(value);
    } else if (key == "uid") {
      launch.uid = static_cast<uint32_t>(toNumber(value));
    } else if (key == "gid") {
      launch.gid = static_cast<uint32_t>(toNumber(value));
    } else if (key == "group") {
      launch.groups.push_back(static_cast<uint32_t>(toNumber(value)));
    } else if (key == "cpu") {
      launch.limits.cpuMillicores = toNumber(value);
    } else if (key == "memory") {
      launch.limits.memoryBytes = toNumber(value);
    } else if (key == "pids") {
      launch.limits.pids = toNumber(value);
    } else if (key == "cgroups") {
      launch.useCgroups = value == "1";
    } else if (key == "log_max") {
      launch.logMaxBytes = toNumber(value);
    }
  }
  if (launch.id.empty() || launch.command.empty()) {
    return std::nullopt;
  }
  return launch;
}

std::optional<Launch> Launch::read(const std::string& folder) {
  const std::optional<std::string> text = readSmallFile(folder + "/" + kLaunchFile);
  return text ? parse(*text) : std::nullopt;
}

namespace {
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte >= 0x7f) {
      char escape[8];
      std::snprintf(escape, sizeof(escape), "\\u%04x", byte);
      out += escape;
    } else {
      out += c;
    }
  }
  return out + "\"";
}
} // namespace

std::string ShimState::json() const {
  return "{\"phase\":\"" + std::string(running ? "running" : "exited") + "\",\"pid\":" + std::to_string(pid) +
         ",\"start_time\":" + std::to_string(startTime) + ",\"shim_pid\":" + std::to_string(shimPid) +
         ",\"shim_start_time\":" + std::to_string(shimStartTime) + ",\"exit_code\":" + std::to_string(exitCode) +
         ",\"oom_killed\":" + (oomKilled ? "true" : "false") + ",\"started_at\":" + std::to_string(startedAtMs) +
         ",\"finished_at\":" + std::to_string(finishedAtMs) + ",\"error\":" + quoted(error) + "}\n";
}

bool writeState(const std::string& folder, const ShimState& state) {
  const bool done = replaceFile(folder + "/" + kStateFile, state.json());
  ::utimensat(AT_FDCWD, (folder + "/..").c_str(), nullptr, 0);
  return done;
}

int64_t wallClockMs() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return int64_t(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

} // namespace univrs::runtime_process
