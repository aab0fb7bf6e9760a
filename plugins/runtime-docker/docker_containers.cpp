// A container's life: create, start, stop, remove, and what is known of it.
#include "plugins/runtime-docker/cgroup.h"
#include "plugins/runtime-docker/docker_driver.h"

#include <algorithm>
#include <filesystem>
#include <poll.h>

namespace univrs::docker {

namespace {
constexpr base::Millis kCreateTimeout{60'000};
constexpr base::Millis kStartTimeout{120'000}; // slow storage and networks
constexpr base::Millis kRemoveTimeout{60'000};
constexpr int64_t kMaxGraceMs = 24 * 3600 * 1000;
constexpr int kKilled = 128 + 9;

std::string shortId(const std::string& id) {
  return id.substr(0, 12);
}

// Makes the engine's words about a failed start say what to do.
base::Error startError(base::Error e) {
  const auto says = [&](std::string_view w) { return e.why.find(w) != std::string::npos; };
  if (says("executable file not found") || says("no such file or directory") || says("command that was not found")) {
    e.code = base::ErrorCode::Validation;
    e.hint = "Check `command`, `working_dir` and the mounts: the program or a file is not in the image.";
  } else if (says("permission denied")) {
    e.code = base::ErrorCode::Validation;
    e.hint = "Check that the program may be executed by the container's user.";
  } else if (says("address already in use") || says("port is already allocated")) {
    e.code = base::ErrorCode::Conflict;
    e.hint = "Another program took the port meanwhile; a new container gets another one.";
  } else if (says("rlimit")) {
    e.hint = "The engine may not raise limits here: lower default_ulimits in containers.conf or daemon.json.";
  }
  return e;
}
} // namespace

void DockerDriver::note(const std::string& id, const std::function<void(Ending&)>& change) {
  const std::lock_guard lock(m_mutex);
  auto it = m_endings.find(id);
  if (it == m_endings.end()) {
    while (m_endings.size() >= kMaxEndings && !m_endingOrder.empty()) {
      m_endings.erase(m_endingOrder.front());
      m_endingOrder.pop_front();
    }
    it = m_endings.emplace(id, Ending()).first;
    m_endingOrder.push_back(id);
  }
  change(it->second);
}

base::Result<std::string> DockerDriver::create(const agent::ContainerRequest& request) {
  auto opened = api();
  if (!opened) {
    return opened.error();
  }
  ProcessLimits limits;
  {
    const std::lock_guard lock(m_mutex);
    limits = m_limits;
  }
  if ((*opened)->facts().podman) {
    // Docker refuses a bind mount of a folder that is not there; Podman would make it.
    for (const model::Mount& m : request.container.mounts) {
      std::error_code ec;
      if (m.type == model::MountType::Bind && !std::filesystem::exists(m.source, ec)) {
        return base::makeError(base::ErrorCode::Validation, "The container " + request.name + " could not be created",
                               "its bind mount's source " + m.source + " does not exist on this node",
                               "Create it on the node, or use a volume.");
      }
    }
  }
  auto body = createBody(request, (*opened)->facts(), limits);
  if (!body) {
    return body.error();
  }
  const std::string what = "The container " + request.name + " could not be created";
  auto reply = (*opened)->post("/containers/create?name=" + urlEncode(request.name), *body, what, kCreateTimeout);
  if (!reply) {
    return reply.error();
  }
  return readCreated(reply->body);
}

// Podman only: makes the container's cgroup without starting its program, and begins to watch it. A program that eats
// its memory within milliseconds of the start would else be dead before anybody looks.
base::Result<void> DockerDriver::initialise(Api& engine, const std::string& id) {
  auto facts = engine.inspect(id);
  if (!facts) {
    return facts.error();
  }
  if (facts->memoryLimit <= 0 || facts->status.phase == agent::ContainerPhase::Running) {
    return {};
  }
  m_oom.forget(facts->status.id); // what is known is about an earlier run
  auto reply = engine.post("/v4.0.0/libpod/containers/" + urlEncode(id) + "/init", {},
                           "The container " + shortId(id) + " could not be started", kStartTimeout);
  if (!reply) {
    return reply.error();
  }
  facts = engine.inspect(id);
  if (facts && facts->status.pid > 0) {
    m_oom.watch(facts->status.id, facts->status.pid);
  }
  return {};
}

base::Result<void> DockerDriver::start(const std::string& id) {
  auto opened = api();
  if (!opened) {
    return opened.error();
  }
  Api& engine = **opened;
  base::Result<void> begun;
  if (engine.facts().podman) {
    begun = initialise(engine, id);
  }
  if (begun) {
    auto reply = engine.post("/containers/" + urlEncode(id) + "/start", {},
                             "The container " + shortId(id) + " could not be started", kStartTimeout);
    begun = reply ? base::Result<void>() : base::Result<void>(reply.error());
  }
  if (!begun) {
    const base::Error e = startError(begun.error());
    if (e.code != base::ErrorCode::NotFound) {
      note(id, [&](Ending& ending) { ending.startError = e.why; });
    }
    return e;
  }
  const std::lock_guard lock(m_mutex);
  if (const auto it = m_endings.find(id); it != m_endings.end()) {
    it->second = {};
  }
  return {};
}

base::Result<void> DockerDriver::stop(const std::string& id, int64_t graceMs) {
  auto opened = api();
  if (!opened) {
    return opened.error();
  }
  const int64_t grace = std::clamp<int64_t>(graceMs, 0, kMaxGraceMs);
  auto reply = (*opened)->post("/containers/" + urlEncode(id) + "/stop?t=" + std::to_string((grace + 999) / 1000), {},
                               "The container " + shortId(id) + " could not be stopped", base::Millis(grace + 60'000));
  if (reply || reply.error().code == base::ErrorCode::NotFound) {
    return {};
  }
  // Podman refuses to stop what was only created; that is stopped, too.
  if (const auto facts = (*opened)->inspect(id); facts && facts->status.phase != agent::ContainerPhase::Running &&
                                                 facts->status.phase != agent::ContainerPhase::Paused) {
    return {};
  }
  return reply.error();
}

base::Result<void> DockerDriver::remove(const std::string& id) {
  auto opened = api();
  if (!opened) {
    return opened.error();
  }
  const base::Monotonic deadline = base::SystemClock().now().steady + kRemoveTimeout;
  for (;;) {
    auto reply = (*opened)->remove("/containers/" + urlEncode(id) + "?force=true&v=true",
                                   "The container " + shortId(id) + " could not be removed", kRemoveTimeout);
    if (reply || reply.error().code == base::ErrorCode::NotFound) {
      m_oom.forget(id);
      return {};
    }
    // Podman keeps the owner of a network namespace as long as others share it. They are containers of the same
    // instance, and without the namespace they are of no use: they go, too.
    if (reply.error().why.find("has dependent containers") != std::string::npos) {
      reply = (*opened)->remove("/v4.0.0/libpod/containers/" + urlEncode(id) + "?force=true&v=true&depend=true",
                                "The container " + shortId(id) + " could not be removed", kRemoveTimeout);
      if (reply || reply.error().code == base::ErrorCode::NotFound) {
        m_oom.forget(id);
        return {};
      }
    }
    // Somebody else is removing it: wait until it is gone.
    const bool underWay =
        reply.error().code == base::ErrorCode::Conflict && reply.error().why.find("progress") != std::string::npos;
    if (!underWay || base::SystemClock().now().steady >= deadline) {
      return reply.error();
    }
    ::poll(nullptr, 0, 100);
  }
}

void DockerDriver::complete(Api& engine, ContainerFacts& facts) {
  agent::ContainerStatus& s = facts.status;
  using agent::ContainerPhase;
  if (s.phase == ContainerPhase::Created) {
    const std::lock_guard lock(m_mutex);
    if (const auto it = m_endings.find(s.id); it != m_endings.end() && s.error.empty()) {
      s.error = it->second.startError;
    }
    return;
  }
  if (!engine.facts().podman || facts.memoryLimit <= 0) {
    return;
  }
  if (s.phase == ContainerPhase::Running || s.phase == ContainerPhase::Paused) {
    m_oom.watch(s.id, s.pid); // one that was started before this driver, or restarted by somebody else
    return;
  }
  if (s.phase != ContainerPhase::Exited || s.exitCode == 0) {
    return;
  }
  {
    const std::lock_guard lock(m_mutex);
    if (const auto it = m_endings.find(s.id);
        it != m_endings.end() && it->second.oomOf == s.startedAt && s.startedAt.isSet()) {
      s.oomKilled = it->second.oomKilled;
      return;
    }
  }
  bool watched = false;
  s.oomKilled = m_oom.sawOom(s.id, &watched);
  if (!s.oomKilled && !watched && s.exitCode == kKilled) {
    s.oomKilled = kernelLogTellsOom(s.id, s.startedAt); // it died while no univrs ran
  }
  note(s.id, [&](Ending& ending) {
    ending.oomKilled = s.oomKilled;
    ending.oomOf = s.startedAt;
  });
}

base::Result<agent::ContainerStatus> DockerDriver::inspect(const std::string& id) {
  auto opened = api();
  if (!opened) {
    return opened.error();
  }
  auto facts = (*opened)->inspect(id);
  if (!facts) {
    return facts.error();
  }
  complete(**opened, *facts);
  return std::move(facts->status);
}

base::Result<std::vector<agent::ContainerStatus>> DockerDriver::list(const std::string& nodeId) {
  auto opened = api();
  if (!opened) {
    return opened.error();
  }
  const std::string label = std::string(agent::kLabelNode) + "=" + nodeId;
  const std::string filters = "{\"label\":[\"" + label + "\"]}"; // node ids are base58: nothing to escape
  if (label.find_first_of("\"\\") != std::string::npos) {
    return base::makeError(base::ErrorCode::BadRequest, "The containers could not be listed",
                           "not a node id: " + nodeId);
  }
  auto reply =
      (*opened)->get("/containers/json?all=true&filters=" + urlEncode(filters), "The containers could not be listed");
  if (!reply) {
    return reply.error();
  }
  auto ids = readContainerList(reply->body);
  if (!ids) {
    return ids.error();
  }
  std::vector<agent::ContainerStatus> out;
  for (const std::string& id : *ids) {
    auto facts = (*opened)->inspect(id); // the list knows neither exit codes nor times
    if (!facts) {
      if (facts.error().code == base::ErrorCode::NotFound) {
        continue; // removed meanwhile
      }
      return facts.error();
    }
    complete(**opened, *facts);
    out.push_back(std::move(facts->status));
  }
  return out;
}

} // namespace univrs::docker
