#include "plugins/runtime-docker/replies.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <charconv>

namespace univrs::docker {

namespace {
constexpr size_t kMaxShownMessage = 2048;
constexpr qsizetype kMaxListed = 10'000;
constexpr qsizetype kMaxLabels = 1'000;

base::Error notUnderstood(std::string why) {
  return base::makeError(base::ErrorCode::Unavailable, "The container engine's reply is not understood", std::move(why),
                         "Docker 20.10 or newer and Podman 4 or newer are known to work.");
}

base::Result<QJsonObject> readObject(const QByteArray& body, const char* of) {
  QJsonParseError fault;
  const auto doc = QJsonDocument::fromJson(body, &fault);
  if (!doc.isObject()) {
    return notUnderstood(std::string(of) + ": " +
                         (fault.error != QJsonParseError::NoError ? fault.errorString().toStdString()
                                                                  : std::string("not a JSON object")));
  }
  return doc.object();
}

QJsonValue at(const QJsonObject& o, const char* key) {
  return o.value(QLatin1String(key));
}
std::string text(const QJsonObject& o, const char* key) {
  return at(o, key).toString().toStdString();
}
// Numbers outside int64 (Podman prints 2^64-1 for "no limit") count as 0.
int64_t number(const QJsonObject& o, const char* key) {
  return at(o, key).toInteger(0);
}
int64_t notNegative(const QJsonObject& o, const char* key) {
  return std::max<int64_t>(0, number(o, key));
}
bool flag(const QJsonObject& o, const char* key) {
  return at(o, key).toBool(false);
}

base::Timestamp time(const QJsonObject& o, const char* key) {
  const auto t = base::Timestamp::fromIso(text(o, key));
  return t && t->ms > 0 ? *t : base::Timestamp{}; // engines print the year 1 for "never"
}

std::map<std::string, std::string> stringMap(const QJsonValue& v) {
  std::map<std::string, std::string> out;
  const QJsonObject o = v.toObject();
  for (auto it = o.begin(); it != o.end() && qsizetype(out.size()) < kMaxLabels; ++it) {
    if (it.value().isString()) {
      out.emplace(it.key().toStdString(), it.value().toString().toStdString());
    }
  }
  return out;
}

template <class T>
std::optional<T> wholeNumber(std::string_view s) {
  T v{};
  const auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), v);
  return ec == std::errc() && end == s.data() + s.size() ? std::optional<T>(v) : std::nullopt;
}

// "1.41" -> 1041, so that versions compare; 0 when it is none.
int versionNumber(std::string_view v) {
  const auto dot = v.find('.');
  if (dot == std::string_view::npos) {
    return 0;
  }
  const auto major = wholeNumber<int>(v.substr(0, dot));
  const auto minor = wholeNumber<int>(v.substr(dot + 1));
  return major && minor && *major >= 0 && *major < 1000 && *minor >= 0 && *minor < 1000 ? *major * 1000 + *minor : 0;
}

agent::ContainerPhase phaseOf(std::string_view state) {
  using agent::ContainerPhase;
  if (state == "created" || state == "configured" || state == "initialized") {
    return ContainerPhase::Created;
  }
  if (state == "running" || state == "restarting" || state == "stopping") {
    return ContainerPhase::Running;
  }
  if (state == "paused") {
    return ContainerPhase::Paused;
  }
  if (state == "exited" || state == "dead" || state == "stopped" || state == "removing") {
    return ContainerPhase::Exited;
  }
  return ContainerPhase::Unknown;
}

// "80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "36935"}]
void readPorts(const QJsonObject& ports, std::vector<model::Endpoint>& out) {
  for (auto it = ports.begin(); it != ports.end() && out.size() < 1000; ++it) {
    const std::string key = it.key().toStdString();
    const auto slash = key.find('/');
    const auto inside = wholeNumber<uint16_t>(std::string_view(key).substr(0, slash));
    const std::string protocol = slash == std::string::npos ? "tcp" : key.substr(slash + 1);
    if (!inside || *inside == 0 || (protocol != "tcp" && protocol != "udp")) {
      continue;
    }
    for (const QJsonValue& v : it.value().toArray()) {
      const QJsonObject o = v.toObject();
      const std::string hostPort = text(o, "HostPort");
      const auto outside = wholeNumber<uint16_t>(hostPort);
      std::string address = text(o, "HostIp");
      if (!outside || *outside == 0 || address.find(':') != std::string::npos) {
        continue; // not bound, or the IPv6 twin of a binding
      }
      if (address.empty() || address == "0.0.0.0") {
        address = "127.0.0.1";
      }
      out.push_back({*inside, protocol == "udp" ? model::Protocol::Udp : model::Protocol::Tcp, address, *outside});
    }
  }
}
} // namespace

base::Result<void> readVersion(const QByteArray& body, EngineFacts& facts) {
  auto read = readObject(body, "/version");
  if (!read) {
    return read.error();
  }
  const QJsonObject& o = *read;
  facts.version = text(o, "Version");
  facts.apiVersion = text(o, "ApiVersion");
  facts.minApiVersion = text(o, "MinAPIVersion");
  facts.os = text(o, "Os");
  facts.arch = text(o, "Arch");
  for (const QJsonValue& c : at(o, "Components").toArray()) {
    facts.podman = facts.podman || text(c.toObject(), "Name") == "Podman Engine";
  }
  if (facts.version.empty() || versionNumber(facts.apiVersion) == 0) {
    return notUnderstood("/version names no version");
  }
  return {};
}

base::Result<void> readInfo(const QByteArray& body, EngineFacts& facts) {
  auto read = readObject(body, "/info");
  if (!read) {
    return read.error();
  }
  const QJsonObject& o = *read;
  facts.cpus = std::clamp<int64_t>(number(o, "NCPU"), 0, 65'536);
  facts.memoryBytes = notNegative(o, "MemTotal");
  facts.memoryLimits = flag(o, "MemoryLimit");
  facts.swapLimits = flag(o, "SwapLimit");
  facts.cpuLimits = flag(o, "CpuCfsQuota") && flag(o, "CpuCfsPeriod");
  facts.pidsLimits = flag(o, "PidsLimit");
  return {};
}

std::string chooseApiVersion(const EngineFacts& facts) {
  static constexpr std::string_view kPreferred = "1.41";
  const int preferred = versionNumber(kPreferred);
  if (versionNumber(facts.minApiVersion) > preferred) {
    return facts.minApiVersion;
  }
  return versionNumber(facts.apiVersion) < preferred ? facts.apiVersion : std::string(kPreferred);
}

std::string readErrorMessage(std::string_view body) {
  const auto doc = QJsonDocument::fromJson(QByteArray(body.data(), qsizetype(body.size())));
  std::string message;
  if (doc.isObject()) {
    const QJsonObject o = doc.object();
    message = text(o, "message");
    if (message.empty()) {
      message = text(o, "error");
    }
    if (message.empty()) {
      message = text(o, "cause");
    }
  }
  if (message.empty()) {
    message = std::string(body.substr(0, kMaxShownMessage));
  }
  while (!message.empty() && (message.back() == '\n' || message.back() == ' ')) {
    message.pop_back();
  }
  if (message.size() > kMaxShownMessage) {
    message.resize(kMaxShownMessage);
  }
  return message;
}

base::Result<ImageFacts> readImage(const QByteArray& body) {
  auto read = readObject(body, "the image");
  if (!read) {
    return read.error();
  }
  ImageFacts facts;
  facts.id = text(*read, "Id");
  facts.arch = text(*read, "Architecture");
  facts.os = text(*read, "Os");
  facts.sizeBytes = notNegative(*read, "Size");
  for (const QJsonValue& v : at(*read, "RepoDigests").toArray()) {
    if (v.isString() && facts.repoDigests.size() < 1000) {
      facts.repoDigests.push_back(v.toString().toStdString());
    }
  }
  if (facts.id.empty()) {
    return notUnderstood("the image has no Id");
  }
  if (facts.id.find(':') == std::string::npos) {
    facts.id = "sha256:" + facts.id;
  }
  return facts;
}

std::vector<std::string> digestsOf(const ImageFacts& facts, const model::ImageReference& image) {
  std::vector<std::string> out;
  for (const std::string& entry : facts.repoDigests) {
    const auto parsed = model::parseImageReference(entry);
    if (parsed && parsed->name() == image.name() && !parsed->digest.empty() &&
        std::find(out.begin(), out.end(), parsed->digest) == out.end()) {
      out.push_back(parsed->digest);
    }
  }
  return out;
}

base::Result<std::string> readCreated(const QByteArray& body) {
  auto read = readObject(body, "what was created");
  if (!read) {
    return read.error();
  }
  std::string id = text(*read, "Id");
  const bool wellFormed = !id.empty() && id.size() <= 128 &&
                          std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
  if (!wellFormed) {
    return notUnderstood("what was created has no usable Id");
  }
  return id;
}

base::Result<ContainerFacts> readContainer(const QByteArray& body) {
  auto read = readObject(body, "the container");
  if (!read) {
    return read.error();
  }
  const QJsonObject& o = *read;
  ContainerFacts facts;
  agent::ContainerStatus& s = facts.status;
  s.id = text(o, "Id");
  s.name = text(o, "Name");
  if (s.name.starts_with('/')) {
    s.name.erase(0, 1);
  }
  const QJsonValue stateValue = at(o, "State");
  if (s.id.empty() || !stateValue.isObject()) {
    return notUnderstood("the container has no Id or no State");
  }
  const QJsonObject state = stateValue.toObject();
  facts.rawState = text(state, "Status");
  s.phase = phaseOf(facts.rawState);
  s.exitCode = int(std::clamp<int64_t>(number(state, "ExitCode"), -1, 65'535));
  s.oomKilled = flag(state, "OOMKilled");
  s.error = text(state, "Error").substr(0, kMaxShownMessage);
  s.pid = int(std::clamp<int64_t>(number(state, "Pid"), 0, INT32_MAX));
  s.startedAt = time(state, "StartedAt");
  s.finishedAt = s.phase == agent::ContainerPhase::Exited ? time(state, "FinishedAt") : base::Timestamp{};
  const QJsonObject config = at(o, "Config").toObject();
  s.labels = stringMap(at(config, "Labels"));
  facts.tty = flag(config, "Tty");
  facts.image = text(o, "Image");
  facts.memoryLimit = notNegative(at(o, "HostConfig").toObject(), "Memory");
  if (s.phase == agent::ContainerPhase::Running || s.phase == agent::ContainerPhase::Paused) {
    readPorts(at(at(o, "NetworkSettings").toObject(), "Ports").toObject(), s.endpoints);
  }
  return facts;
}

base::Result<std::vector<std::string>> readContainerList(const QByteArray& body) {
  QJsonParseError fault;
  const auto doc = QJsonDocument::fromJson(body, &fault);
  if (!doc.isArray()) {
    return notUnderstood("the list of containers is not a JSON array");
  }
  const QJsonArray all = doc.array();
  if (all.size() > kMaxListed) {
    return base::makeError(base::ErrorCode::TooLarge, "The containers could not be listed",
                           "the engine has more than 10,000 of this node's");
  }
  std::vector<std::string> ids;
  for (const QJsonValue& v : all) {
    std::string id = text(v.toObject(), "Id");
    if (id.empty()) {
      return notUnderstood("a listed container has no Id");
    }
    ids.push_back(std::move(id));
  }
  return ids;
}

base::Result<StatsFacts> readStats(const QByteArray& body) {
  auto read = readObject(body, "the container's figures");
  if (!read) {
    return read.error();
  }
  const QJsonObject& o = *read;
  StatsFacts facts;
  agent::Usage& u = facts.usage;
  u.time = time(o, "read");
  facts.running = u.time.isSet();
  const QJsonObject cpu = at(o, "cpu_stats").toObject();
  u.cpuNanoseconds = notNegative(at(cpu, "cpu_usage").toObject(), "total_usage");
  u.throttledNanoseconds = notNegative(at(cpu, "throttling_data").toObject(), "throttled_time");
  const QJsonObject memory = at(o, "memory_stats").toObject();
  u.memoryBytes = notNegative(memory, "usage");
  u.memoryLimitBytes = notNegative(memory, "limit");
  const QJsonObject details = at(memory, "stats").toObject();
  // Cgroup v1 says total_inactive_file, v2 inactive_file: cache that the kernel gives back when asked.
  for (const char* key : {"total_inactive_file", "inactive_file"}) {
    if (at(details, key).isDouble()) {
      u.memoryBytes = std::max<int64_t>(0, u.memoryBytes - notNegative(details, key));
      facts.hasCache = true;
      break;
    }
  }
  const QJsonObject networks = at(o, "networks").toObject();
  for (const QJsonValue& v : networks) {
    // Saturates: the figures are the engine's.
    const auto add = [](int64_t& sum, int64_t more) { sum = sum > INT64_MAX - more ? INT64_MAX : sum + more; };
    add(u.networkReceivedBytes, notNegative(v.toObject(), "rx_bytes"));
    add(u.networkSentBytes, notNegative(v.toObject(), "tx_bytes"));
  }
  u.pids = notNegative(at(o, "pids_stats").toObject(), "current");
  return facts;
}

base::Result<ExecFacts> readExec(const QByteArray& body) {
  auto read = readObject(body, "the exec session");
  if (!read) {
    return read.error();
  }
  const QJsonValue running = at(*read, "Running");
  if (!running.isBool()) {
    return notUnderstood("the exec session does not say whether it runs");
  }
  ExecFacts facts;
  facts.running = running.toBool();
  facts.exitCode = int(std::clamp<int64_t>(number(*read, "ExitCode"), -1, 65'535));
  facts.pid = int(std::clamp<int64_t>(number(*read, "Pid"), 0, INT32_MAX));
  return facts;
}

base::Result<std::optional<agent::EngineEvent>> readEvent(std::string_view line) {
  auto read = readObject(QByteArray(line.data(), qsizetype(line.size())), "an event");
  if (!read) {
    return read.error();
  }
  const QJsonObject& o = *read;
  if (text(o, "Type") != "container") {
    return std::optional<agent::EngineEvent>{};
  }
  static constexpr std::string_view kKnown[] = {"create", "start", "die",     "oom",     "stop",
                                                "kill",   "pause", "unpause", "restart", "remove"};
  agent::EngineEvent event;
  event.action = text(o, "Action");
  if (event.action == "destroy") {
    event.action = "remove";
  } else if (event.action == "died") {
    event.action = "die";
  }
  const QJsonObject actor = at(o, "Actor").toObject();
  event.containerId = text(actor, "ID");
  event.labels = stringMap(at(actor, "Attributes"));
  if (event.containerId.empty() || std::find(std::begin(kKnown), std::end(kKnown), event.action) == std::end(kKnown)) {
    return std::optional<agent::EngineEvent>{};
  }
  return std::optional<agent::EngineEvent>(std::move(event));
}

base::Result<PullTracker::Line> PullTracker::read(std::string_view line) {
  auto parsed = readObject(QByteArray(line.data(), qsizetype(line.size())), "the pull");
  if (!parsed) {
    return parsed.error();
  }
  const QJsonObject& o = *parsed;
  Line out;
  out.error = text(at(o, "errorDetail").toObject(), "message");
  if (out.error.empty()) {
    out.error = text(o, "error");
  }
  if (out.error.size() > kMaxShownMessage) {
    out.error.resize(kMaxShownMessage);
  }
  const std::string status = text(o, "status").substr(0, 256);
  const std::string id = text(o, "id").substr(0, 128);
  const QJsonObject detail = at(o, "progressDetail").toObject();
  if (status.starts_with("Digest: ")) {
    out.digest = status.substr(8);
  }
  std::string phase = "resolving";
  const bool isLayer = status == "Pulling fs layer" || status == "Waiting" || status == "Downloading" ||
                       status == "Verifying Checksum" || status == "Download complete" || status == "Extracting" ||
                       status == "Pull complete" || status == "Already exists";
  if (isLayer && !id.empty() && (m_layers.contains(id) || m_layers.size() < kMaxLayers)) {
    Layer& layer = m_layers[id];
    if (status == "Downloading") {
      layer.total = std::max(layer.total, notNegative(detail, "total"));
      layer.current = std::max(layer.current, notNegative(detail, "current"));
    } else if (status != "Pulling fs layer" && status != "Waiting") {
      layer.total = std::max(layer.total, notNegative(detail, "total"));
      layer.current = layer.total;
      layer.done = true;
    }
  }
  bool allDone = !m_layers.empty();
  for (const auto& [name, layer] : m_layers) {
    constexpr int64_t kMost = int64_t(1) << 50; // the engine's numbers are not trusted to add up
    out.progress.current = std::min(kMost, out.progress.current + std::min(kMost, layer.current));
    out.progress.total = std::min(kMost, out.progress.total + std::min(kMost, layer.total));
    allDone = allDone && layer.done;
  }
  if (isLayer || out.progress.total > 0) {
    phase = allDone ? "extracting" : "downloading";
  }
  out.progress.phase = phase;
  out.progress.message = id.empty() ? status : id + ": " + status;
  return out;
}

} // namespace univrs::docker
