// Finding and opening the engine.
#include "plugins/runtime-docker/docker_driver.h"

#include "engine/base/log.h"
#include "plugins/runtime-docker/engine_socket.h"

namespace univrs::docker {

namespace {
constexpr int kPingTimeoutMs = 3'000;
constexpr base::Millis kOpenTimeout{15'000};
} // namespace

DockerDriver::DockerDriver(const agent::DriverOptions& options) : m_options(options) {}
DockerDriver::~DockerDriver() = default;

base::Result<std::shared_ptr<Api>> DockerDriver::api() const {
  const std::lock_guard lock(m_mutex);
  if (!m_api) {
    return base::makeError(base::ErrorCode::Unavailable, "No container engine is open");
  }
  return m_api;
}

int DockerDriver::podmanPid() const {
  const std::lock_guard lock(m_mutex);
  return m_service ? m_service->pid() : 0;
}

bool DockerDriver::reviveService() {
  PodmanService* service = nullptr;
  {
    const std::lock_guard lock(m_mutex);
    service = m_service.get(); // lives as long as the driver
  }
  return service != nullptr && service->ensure().ok();
}

base::Result<std::string> DockerDriver::findSocket(std::function<bool()>& revive) {
  auto candidates = socketCandidates(m_options.socket);
  if (!candidates) {
    return candidates.error();
  }
  std::string tried;
  for (const std::string& socket : *candidates) {
    if (engineAnswers(socket, kPingTimeoutMs)) {
      return socket;
    }
    tried += (tried.empty() ? "" : ", ") + socket;
  }
  const bool fixed = candidates->size() == 1;
  const std::string podman = fixed ? std::string() : findProgram("podman");
  if (podman.empty()) {
    return base::makeError(base::ErrorCode::Unavailable, "No container engine was found", "nothing answers at " + tried,
                           fixed ? "Start the engine that listens there, or unset DOCKER_HOST to look elsewhere."
                                 : "Install Podman or Docker (`apt install podman`), or start it, or set DOCKER_HOST.");
  }
  PodmanService* service = nullptr;
  {
    const std::lock_guard lock(m_mutex);
    if (!m_service) {
      m_service = std::make_unique<PodmanService>(podman, m_options.dataFolder);
    }
    service = m_service.get();
  }
  if (auto r = service->ensure(); !r) {
    return r.error();
  }
  revive = [this] { return reviveService(); };
  return service->socket();
}

base::Result<std::shared_ptr<Api>> DockerDriver::connectTo(const std::string& socket, std::function<bool()> revive) {
  EngineClient client(socket, revive);
  const auto read = [&](const char* path, auto parse) -> base::Result<void> {
    HttpRequest r;
    r.target = path;
    auto reply = client.call(r, kOpenTimeout);
    if (!reply) {
      return reply.error();
    }
    if (reply->status != 200) {
      return statusError(reply->status, std::string_view(reply->body.constData(), size_t(reply->body.size())),
                         "The container engine at " + socket + " cannot be used");
    }
    return parse(reply->body);
  };
  EngineFacts facts;
  if (auto r = read("/version", [&](const QByteArray& b) { return readVersion(b, facts); }); !r) {
    return r.error();
  }
  const std::string info = "/v" + chooseApiVersion(facts) + "/info";
  if (auto r = read(info.c_str(), [&](const QByteArray& b) { return readInfo(b, facts); }); !r) {
    return r.error();
  }
  if (facts.os != "linux") {
    return base::makeError(base::ErrorCode::Unsupported, "The container engine at " + socket + " cannot be used",
                           "it runs " + facts.os + " containers, and only Linux containers are supported");
  }
  return std::make_shared<Api>(socket, std::move(revive), facts);
}

base::Result<model::EngineInfo> DockerDriver::open() {
  const std::lock_guard openLock(m_openMutex);
  std::function<bool()> revive;
  auto socket = findSocket(revive);
  if (!socket) {
    return socket.error();
  }
  auto opened = connectTo(*socket, revive);
  if (!opened) {
    return opened.error();
  }
  const EngineFacts& f = (*opened)->facts();
  int enginePid = 0;
  if (auto c = (*opened)->client().dial()) {
    enginePid = (*c)->stream().peerPid();
  }
  const ProcessLimits limits = readProcessLimits(enginePid);
  {
    const std::lock_guard lock(m_mutex);
    m_api = *opened;
    m_limits = limits;
  }
  model::EngineInfo info;
  info.driver = "docker";
  info.product = (f.podman ? "Podman " : "Docker ") + f.version;
  info.version = f.version;
  info.socket = *socket;
  info.os = f.os;
  info.arch = f.arch;
  info.cpuLimits = f.cpuLimits;
  info.memoryLimits = f.memoryLimits;
  info.pidsLimits = f.pidsLimits;
  base::log::info("docker", "container engine opened", {{"engine", info.product}, {"socket", info.socket}});
  return info;
}

} // namespace univrs::docker
