// What flows: logs, figures, events, exec.
#include "plugins/runtime-docker/cgroup.h"
#include "plugins/runtime-docker/docker_driver.h"
#include "plugins/runtime-docker/exec_session.h"
#include "plugins/runtime-docker/frames.h"
#include "plugins/runtime-docker/json_lines.h"
#include "plugins/runtime-docker/log_lines.h"

#include <algorithm>

namespace univrs::docker {

namespace {
std::string shortId(const std::string& id) {
  return id.substr(0, 12);
}

// "1795449874.123": Docker takes fractions, Podman whole seconds only.
std::string engineTime(base::Timestamp t, bool podman) {
  std::string out = std::to_string(t.ms / 1000);
  if (!podman) {
    const std::string millis = std::to_string(t.ms % 1000);
    out += "." + std::string(3 - millis.size(), '0') + millis;
  }
  return out;
}
} // namespace

base::Result<void> DockerDriver::logs(const agent::LogRequest& request,
                                      const std::function<bool(const agent::LogLine&)>& sink,
                                      const base::CancelToken& cancel) {
  auto opened = api();
  if (!opened) {
    return opened.error();
  }
  Api& engine = **opened;
  auto facts = engine.inspect(request.containerId);
  if (!facts) {
    return facts.error();
  }
  const bool podman = engine.facts().podman;
  const std::string what = "The log of the container " + shortId(request.containerId) + " could not be read";
  if (facts->status.phase == agent::ContainerPhase::Created && !request.follow) {
    return {}; // has no log yet; Podman would call that an error
  }
  HttpRequest r;
  r.target = engine.versioned(
      "/containers/" + urlEncode(facts->status.id) + "/logs?stdout=true&stderr=true&timestamps=true" +
      (request.follow ? "&follow=true" : "") + (request.tail >= 0 ? "&tail=" + std::to_string(request.tail) : "") +
      (request.since.isSet() ? "&since=" + engineTime(request.since, podman) : "") +
      (request.until.isSet() && !podman ? "&until=" + engineTime(request.until + base::Millis(1), podman) : ""));
  if (request.tail == 0 && !request.follow) {
    return {};
  }
  FrameReader frames;
  LogLines lines(podman && request.follow ? [] { return base::SystemClock().now().wall; }
                                          : std::function<base::Timestamp()>());
  bool wanted = true;
  bool pastUntil = false;
  std::optional<base::Error> failure;
  const auto take = [&](const agent::LogLine& line) {
    // Podman knows whole seconds only; a line of the same second may be one asked for.
    const int64_t slack = podman ? 999 : 0;
    if (request.since.isSet() && line.time.isSet() && line.time.ms + slack < request.since.ms) {
      return true;
    }
    if (request.until.isSet() && line.time.ms > request.until.ms) {
      pastUntil = true;
      return false;
    }
    wanted = sink(line);
    return wanted && !cancel.cancelled();
  };
  auto reply = engine.client().stream(
      r,
      [&](std::string_view bytes) {
        if (facts->tty) {
          return lines.pushRaw(bytes, take);
        }
        bool goOn = true;
        const auto pushed = frames.push(bytes, [&](const FrameReader::Piece& p) {
          goOn = lines.push(p.isStderr, p.first, p.last, p.bytes, take);
          return goOn;
        });
        if (!pushed) {
          failure = pushed.error();
        }
        return goOn && !failure;
      },
      cancel);
  if (cancel.cancelled()) {
    return base::makeError(base::ErrorCode::Cancelled, "Reading the log was cancelled");
  }
  if (failure) {
    return *failure;
  }
  if (!wanted || pastUntil) {
    return {};
  }
  if (!reply) {
    base::Error e = reply.error();
    e.why = e.why.empty() ? e.what : e.what + ": " + e.why;
    e.what = what;
    return e;
  }
  if (reply->status >= 300) {
    return statusError(reply->status, std::string_view(reply->body.constData(), size_t(reply->body.size())), what);
  }
  lines.finish(take);
  return {};
}

base::Result<agent::Usage> DockerDriver::usage(const std::string& id) {
  auto opened = api();
  if (!opened) {
    return opened.error();
  }
  Api& engine = **opened;
  const std::string what = "The figures of the container " + shortId(id) + " could not be read";
  std::optional<CgroupFolders> folders;
  if (engine.facts().podman) {
    // Podman answers nothing at all for a container that does not run.
    auto facts = engine.inspect(id);
    if (!facts) {
      return facts.error();
    }
    if (facts->status.phase != agent::ContainerPhase::Running && facts->status.phase != agent::ContainerPhase::Paused) {
      return base::makeError(base::ErrorCode::Conflict, what, "it is not running");
    }
    folders = cgroupOfProcess(facts->status.pid);
  }
  auto reply = engine.get("/containers/" + urlEncode(id) + "/stats?stream=false&one-shot=true", what);
  if (!reply) {
    return reply.error();
  }
  auto stats = readStats(reply->body);
  if (!stats) {
    base::Error e = stats.error();
    e.what = what;
    return e;
  }
  if (!stats->running) {
    return base::makeError(base::ErrorCode::Conflict, what, "it is not running");
  }
  agent::Usage usage = stats->usage;
  if (folders) {
    usage.throttledNanoseconds = throttledNanoseconds(*folders).value_or(usage.throttledNanoseconds);
    if (!stats->hasCache) {
      usage.memoryBytes = std::max<int64_t>(0, usage.memoryBytes - inactiveFileBytes(*folders).value_or(0));
    }
  }
  if (engine.facts().memoryBytes > 0 && usage.memoryLimitBytes >= engine.facts().memoryBytes) {
    usage.memoryLimitBytes = 0; // the machine's memory: no limit
  }
  return usage;
}

base::Result<std::unique_ptr<agent::ExecStream>> DockerDriver::exec(const agent::ExecRequest& request,
                                                                    agent::ExecHandlers handlers) {
  auto opened = api();
  if (!opened) {
    return opened.error();
  }
  return ExecSession::start(*opened, request, std::move(handlers));
}

base::Result<void> DockerDriver::events(const std::string& nodeId,
                                        const std::function<void(const agent::EngineEvent&)>& sink,
                                        const base::CancelToken& cancel) {
  auto opened = api();
  if (!opened) {
    return opened.error();
  }
  HttpRequest r;
  r.target = (*opened)->versioned("/events?filters=" + urlEncode("{\"type\":[\"container\"]}"));
  JsonLines lines;
  std::optional<base::Error> failure;
  const auto onLine = [&](std::string_view text) {
    auto event = readEvent(text);
    if (!event) {
      failure = event.error();
      return false;
    }
    if (*event) {
      const auto label = (*event)->labels.find(std::string(agent::kLabelNode));
      if (label != (*event)->labels.end() && label->second == nodeId) {
        sink(**event);
      }
    }
    return !cancel.cancelled();
  };
  auto reply = (*opened)->client().stream(
      r,
      [&](std::string_view bytes) {
        if (auto pushed = lines.push(bytes, onLine); !pushed) {
          failure = pushed.error();
        }
        return !failure && !cancel.cancelled();
      },
      cancel);
  if (cancel.cancelled()) {
    return base::makeError(base::ErrorCode::Cancelled, "Watching the engine's events was cancelled");
  }
  if (failure) {
    return *failure;
  }
  if (reply && reply->status >= 300) {
    return statusError(reply->status, std::string_view(reply->body.constData(), size_t(reply->body.size())),
                       "The engine's events could not be watched");
  }
  // An engine never ends this stream by itself: it is going down.
  return reply ? base::makeError(base::ErrorCode::Unavailable, "The container engine went away",
                                 "its stream of events ended")
               : reply.error();
}

} // namespace univrs::docker
