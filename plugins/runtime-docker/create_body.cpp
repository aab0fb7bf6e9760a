#include "plugins/runtime-docker/create_body.h"

#include <QJsonArray>

#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace univrs::docker {

namespace {
// Podman asks for 1,048,576 files by default, which fails where the machine allows fewer; and conmon itself does not
// start with more than 32,768 processes everywhere.
constexpr int64_t kMostFiles = 65'536;
constexpr int64_t kMostProcesses = 32'768;
constexpr int64_t kNanosPerMilli = 1'000'000;

QString q(const std::string& s) {
  return QString::fromStdString(s);
}

QJsonArray array(const std::vector<std::string>& items) {
  QJsonArray out;
  for (const auto& item : items) {
    out.append(q(item));
  }
  return out;
}

QJsonObject ulimit(const char* name, int64_t value) {
  return {{QStringLiteral("Name"), QLatin1String(name)},
          {QStringLiteral("Soft"), qint64(value)},
          {QStringLiteral("Hard"), qint64(value)}};
}

QJsonArray mounts(const std::vector<model::Mount>& list) {
  QJsonArray out;
  for (const model::Mount& m : list) {
    QJsonObject o{{QStringLiteral("Target"), q(m.target)}, {QStringLiteral("ReadOnly"), m.readOnly}};
    switch (m.type) {
    case model::MountType::Bind:
      o.insert(QStringLiteral("Type"), QStringLiteral("bind"));
      o.insert(QStringLiteral("Source"), q(m.source));
      break;
    case model::MountType::Volume:
      o.insert(QStringLiteral("Type"), QStringLiteral("volume"));
      if (!m.source.empty()) {
        o.insert(QStringLiteral("Source"), q(m.source));
      }
      break;
    case model::MountType::Tmpfs: {
      o.insert(QStringLiteral("Type"), QStringLiteral("tmpfs"));
      QJsonObject options{{QStringLiteral("Mode"), 01777}}; // Podman's default would be 0: nobody could use it
      if (m.sizeBytes > 0) {
        options.insert(QStringLiteral("SizeBytes"), qint64(m.sizeBytes));
      }
      o.insert(QStringLiteral("TmpfsOptions"), options);
      break;
    }
    }
    out.append(o);
  }
  return out;
}

base::Error cannotEnforce(const agent::ContainerRequest& request, const std::string& what) {
  return base::makeError(base::ErrorCode::Unsupported, "The container " + request.container.name + " cannot be created",
                         "the container engine here cannot enforce a " + what + " limit",
                         "Remove the limit, or run the engine as root or with cgroup delegation.");
}
} // namespace

ProcessLimits readProcessLimits(int pid) {
  ProcessLimits out;
  const auto own = [](int resource) {
    rlimit limit{};
    return ::getrlimit(decltype(RLIMIT_NOFILE)(resource), &limit) == 0 && limit.rlim_max != RLIM_INFINITY
               ? int64_t(std::min<rlim_t>(limit.rlim_max, INT64_MAX))
               : INT64_MAX;
  };
  out.files = own(RLIMIT_NOFILE);
  out.processes = own(RLIMIT_NPROC);
  if (pid > 0) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/limits");
    std::string line;
    for (int n = 0; n < 64 && std::getline(in, line); ++n) {
      // "Max open files            1024                 20000                files"
      int64_t* to = line.starts_with("Max open files")  ? &out.files
                    : line.starts_with("Max processes") ? &out.processes
                                                        : nullptr;
      if (to == nullptr) {
        continue;
      }
      std::istringstream words(line.substr(to == &out.files ? 14 : 13));
      std::string soft, hard;
      words >> soft >> hard;
      if (hard == "unlimited") {
        *to = INT64_MAX;
      } else if (int64_t v = 0; std::istringstream(hard) >> v && v > 0) {
        *to = v;
      }
    }
  }
  return out;
}

base::Result<QJsonObject> createBody(const agent::ContainerRequest& request, const EngineFacts& engine,
                                     const ProcessLimits& limits) {
  const model::Container& c = request.container;
  QJsonObject body{{QStringLiteral("Image"), q(request.image.id)},
                   {QStringLiteral("StopTimeout"), qint64((std::max<int64_t>(0, request.stopGraceMs) + 999) / 1000)}};
  if (!c.command.empty()) {
    body.insert(QStringLiteral("Entrypoint"), array(c.command));
  }
  if (!c.args.empty()) {
    body.insert(QStringLiteral("Cmd"), array(c.args));
  }
  QJsonArray env;
  for (const auto& [k, v] : c.env) {
    env.append(q(k + "=" + v));
  }
  body.insert(QStringLiteral("Env"), env);
  QJsonObject labels;
  for (const auto& [k, v] : request.labels) {
    labels.insert(q(k), q(v));
  }
  body.insert(QStringLiteral("Labels"), labels);
  if (!c.workingDir.empty()) {
    body.insert(QStringLiteral("WorkingDir"), q(c.workingDir));
  }
  if (!c.user.empty()) {
    body.insert(QStringLiteral("User"), q(c.user));
  }
  if (!request.hostName.empty() && request.joinNetworkOf.empty()) {
    body.insert(QStringLiteral("Hostname"), q(request.hostName)); // shared with the network otherwise
  }

  QJsonObject host{
      {QStringLiteral("RestartPolicy"), QJsonObject{{QStringLiteral("Name"), QStringLiteral("no")}}},
      {QStringLiteral("SecurityOpt"), QJsonArray{QStringLiteral("no-new-privileges")}},
      {QStringLiteral("ReadonlyRootfs"), c.readOnly},
      {QStringLiteral("Mounts"), mounts(c.mounts)},
  };
  // At most 32 MiB of log a container. k8s-file is the one Podman keeps stdout and stderr apart with.
  host.insert(
      QStringLiteral("LogConfig"),
      engine.podman
          ? QJsonObject{{QStringLiteral("Type"), QStringLiteral("k8s-file")},
                        {QStringLiteral("Config"), QJsonObject{{QStringLiteral("max-size"), QStringLiteral("32m")}}}}
          : QJsonObject{{QStringLiteral("Type"), QStringLiteral("json-file")},
                        {QStringLiteral("Config"), QJsonObject{{QStringLiteral("max-size"), QStringLiteral("16m")},
                                                               {QStringLiteral("max-file"), QStringLiteral("2")}}}});
  if (c.limits.cpuMillicores > 0) {
    if (!engine.cpuLimits) {
      return cannotEnforce(request, "CPU");
    }
    // Docker refuses more CPUs than there are; there such a limit limits nothing anyway.
    int64_t millis = std::max<int64_t>(10, c.limits.cpuMillicores);
    if (engine.cpus > 0) {
      millis = std::min(millis, engine.cpus * 1000);
    }
    host.insert(QStringLiteral("NanoCpus"), qint64(millis * kNanosPerMilli));
  }
  if (c.requests.cpuMillicores > 0 && engine.cpuLimits) {
    const int64_t millis = std::min<int64_t>(c.requests.cpuMillicores, 256'000);
    host.insert(QStringLiteral("CpuShares"), qint64(std::clamp<int64_t>(millis * 1024 / 1000, 2, 262'144)));
  }
  if (c.limits.memoryBytes > 0) {
    if (!engine.memoryLimits) {
      return cannotEnforce(request, "memory");
    }
    host.insert(QStringLiteral("Memory"), qint64(c.limits.memoryBytes));
    if (engine.swapLimits) {
      host.insert(QStringLiteral("MemorySwap"), qint64(c.limits.memoryBytes)); // equal: no swap, so the limit is real
    }
  }
  if (engine.pidsLimits) {
    host.insert(QStringLiteral("PidsLimit"), qint64(kDefaultPidsLimit));
  }
  if (engine.podman) { // both or none: a single one drops the other's default
    host.insert(QStringLiteral("Ulimits"), QJsonArray{ulimit("nofile", std::min(limits.files, kMostFiles)),
                                                      ulimit("nproc", std::min(limits.processes, kMostProcesses))});
  }

  if (!request.joinNetworkOf.empty()) {
    host.insert(QStringLiteral("NetworkMode"), q("container:" + request.joinNetworkOf));
  } else {
    host.insert(QStringLiteral("NetworkMode"), request.network == model::NetworkMode::Host ? QStringLiteral("host")
                                               : request.network == model::NetworkMode::None
                                                   ? QStringLiteral("none")
                                                   : QStringLiteral("bridge"));
    if (request.network == model::NetworkMode::Bridge && !request.ports.empty()) {
      QJsonObject exposed;
      QJsonObject bindings;
      for (const agent::PortRequest& p : request.ports) {
        const QString key = QString::number(p.containerPort) +
                            (p.protocol == model::Protocol::Udp ? QStringLiteral("/udp") : QStringLiteral("/tcp"));
        exposed.insert(key, QJsonObject());
        // An empty port lets the engine choose a free one.
        bindings.insert(key, QJsonArray{QJsonObject{{QStringLiteral("HostIp"), QStringLiteral("127.0.0.1")},
                                                    {QStringLiteral("HostPort"), QString()}}});
      }
      body.insert(QStringLiteral("ExposedPorts"), exposed);
      host.insert(QStringLiteral("PortBindings"), bindings);
    }
  }
  body.insert(QStringLiteral("HostConfig"), host);
  return body;
}

} // namespace univrs::docker
