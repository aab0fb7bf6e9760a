#include "engine/base/encoding.h"
#include "engine/base/limits.h"
#include "engine/model/fields.h"
#include "engine/model/names.h"
#include "engine/model/workload.h"

#include <QHostAddress>

#include <algorithm>
#include <set>
#include <tuple>

namespace univrs::model {

namespace {

using base::limits::kMaxContainers;
using base::limits::kMaxCpuMillicores;
using base::limits::kMaxMemoryBytes;
using base::limits::kMaxReplicas;

constexpr int64_t kDay = 86'400'000;
constexpr int64_t kMinMemoryLimit = int64_t(4) << 20; // engines refuse less
constexpr int64_t kMaxUnits = 1'000'000'000;
constexpr size_t kMaxPorts = 256;
constexpr size_t kMaxMounts = 256;
constexpr size_t kMaxEnvs = 1'000;
constexpr size_t kMaxEnvBytes = 131'072; // one variable: what Linux takes for one string of execve
constexpr size_t kMaxWords = 1'000;      // in a command line
constexpr size_t kMaxWordBytes = 32'768;
constexpr size_t kMaxAllTextBytes = 1u << 20; // environment and command line of a container together

std::string at(const std::string& path, size_t i) {
  return path + "[" + std::to_string(i) + "]";
}

std::string keyed(const std::string& path, const std::string& key) {
  return base::isUtf8(key) ? joinPath(path, key) : path + "[…]";
}

class Checker {
public:
  explicit Checker(const WorkloadSpec& spec) : m_spec(spec) {}

  std::vector<base::FieldError> run() {
    header();
    for (size_t i = 0; i < m_spec.containers.size() && i < size_t(kMaxContainers); ++i) {
      container(m_spec.containers[i], at("containers", i));
    }
    placement();
    return m_faults.all();
  }

private:
  // Text that may hold anything a person writes, but no NUL (it would be cut there) and no broken UTF-8.
  bool text(const std::string& path, const std::string& value, size_t maxBytes = 4096) {
    if (value.find('\0') != std::string::npos) {
      m_faults.error(path, "has a NUL character");
    } else if (!base::isUtf8(value)) {
      m_faults.error(path, "is not valid UTF-8");
    } else if (value.size() > maxBytes) {
      m_faults.error(path, "has " + std::to_string(value.size()) + " bytes, but at most " + std::to_string(maxBytes) +
                               " are allowed");
    } else {
      return true;
    }
    return false;
  }

  // As text(), on one line.
  bool line(const std::string& path, const std::string& value, size_t maxBytes = 4096) {
    if (!text(path, value, maxBytes)) {
      return false;
    }
    if (std::any_of(value.begin(), value.end(), [](char c) { return uint8_t(c) < 0x20 || c == 0x7f; })) {
      m_faults.error(path, "has a control character");
      return false;
    }
    return true;
  }

  void words(const std::string& path, const std::vector<std::string>& list, size_t& total) {
    if (list.size() > kMaxWords) {
      m_faults.error(path, "has more than " + std::to_string(kMaxWords) + " items");
      return;
    }
    for (size_t i = 0; i < list.size(); ++i) {
      text(at(path, i), list[i], kMaxWordBytes);
      total += list[i].size() + 1;
    }
  }

  void range(const std::string& path, int64_t value, int64_t min, int64_t max) {
    if (value < min || value > max) {
      m_faults.error(path, std::to_string(value) + " is outside " + std::to_string(min) + "…" + std::to_string(max));
    }
  }

  void seconds(const std::string& path, int64_t ms, int64_t minMs, int64_t maxMs) {
    if (ms < minMs || ms > maxMs) {
      const auto show = [](int64_t v) { return QString::number(double(v) / 1000.0, 'g', 12).toStdString(); };
      m_faults.error(path, show(ms) + " s is outside " + show(minMs) + "…" + show(maxMs) + " s");
    }
  }

  void label(const std::string& path, const std::string& name, std::string_view what) {
    if (name.empty()) {
      m_faults.error(path, "is missing");
    } else if (!isDnsLabel(name)) {
      m_faults.error(path,
                     "is not a valid " + std::string(what) +
                         ": 1…63 of a-z, 0-9 and '-', starting and ending with a letter or digit",
                     base::isUtf8(name) ? "\"" + toDnsLabel(name) + "\" would do" : "");
    }
  }

  void header() {
    label("name", m_spec.name, "name");
    range("replicas", m_spec.replicas, 0, kMaxReplicas);
    if (m_spec.labels.size() > 256) {
      m_faults.error("labels", "has more than 256 entries");
    } else {
      for (const auto& [k, v] : m_spec.labels) {
        if (!isLabelKey(k)) {
          m_faults.error(keyed("labels", k), "is not a valid label key", "as app or example.org/app");
        } else if (!isLabelValue(v)) {
          m_faults.error(keyed("labels", k),
                         "has a value that is not valid: at most 63 of letters, digits, '-', '_' and '.'");
        }
      }
    }
    line("owner", m_spec.owner, base::limits::kMaxNameBytes);
    seconds("stop_grace_seconds", m_spec.stopGraceMs, 0, kDay);
    range("update.max_parallel", m_spec.update.maxParallel, 1, kMaxReplicas);
    seconds("update.min_healthy_seconds", m_spec.update.minHealthyMs, 0, kDay);
    seconds("update.healthy_deadline_seconds", m_spec.update.healthyDeadlineMs, 1000, kDay);
    if (m_spec.update.minHealthyMs >= m_spec.update.healthyDeadlineMs) {
      m_faults.error("update.min_healthy_seconds",
                     "is not below healthy_deadline_seconds, so no update could ever succeed");
    }
    if (m_spec.containers.empty()) {
      m_faults.error("containers", "is empty", "at least one container is needed");
    } else if (m_spec.containers.size() > size_t(kMaxContainers)) {
      m_faults.error("containers", "has " + std::to_string(m_spec.containers.size()) + " items, but at most " +
                                       std::to_string(kMaxContainers) + " are allowed");
    }
  }

  void container(const Container& c, const std::string& path) {
    label(path + ".name", c.name, "container name");
    if (!c.name.empty() && !m_names.insert(c.name).second) {
      m_faults.error(path + ".name", "\"" + c.name + "\" is used twice");
    }
    image(c, path + ".image");
    size_t bytes = 0;
    words(path + ".command", c.command, bytes);
    words(path + ".args", c.args, bytes);
    environment(c, path + ".env_vars", bytes);
    if (bytes > kMaxAllTextBytes) {
      m_faults.error(path, "has " + std::to_string(bytes) + " bytes of command line and environment, but at most " +
                               std::to_string(kMaxAllTextBytes) + " are allowed");
    }
    if (line(path + ".working_dir", c.workingDir) && !c.workingDir.empty() && c.workingDir.front() != '/') {
      m_faults.error(path + ".working_dir", "is not an absolute path");
    }
    if (line(path + ".user", c.user, 256) && c.user.find_first_of(" \t/") != std::string::npos) {
      m_faults.error(path + ".user", "is not a user", "NAME, UID, or USER:GROUP");
    }
    if (c.ports.size() > kMaxPorts) {
      m_faults.error(path + ".ports", "has more than " + std::to_string(kMaxPorts) + " items");
    } else {
      ports(c, path + ".ports");
    }
    if (c.mounts.size() > kMaxMounts) {
      m_faults.error(path + ".volumes", "has more than " + std::to_string(kMaxMounts) + " items");
    } else {
      mounts(c, path + ".volumes");
    }
    resources(c, path);
    if (c.startup) {
      probe(*c.startup, c, path + ".startup");
    }
    if (c.readiness) {
      probe(*c.readiness, c, path + ".readiness");
    }
    if (c.liveness) {
      probe(*c.liveness, c, path + ".liveness");
    }
  }

  void image(const Container& c, const std::string& path) {
    if (c.image.empty()) {
      m_faults.error(path, "is missing", "as nginx:1.25");
    } else if (c.image == "host:") { // the process runtime: a program of the machine itself
      if (c.command.empty() || c.command.front().empty()) {
        m_faults.error(path, "\"host:\" needs a command: the program to run");
      }
    } else if (const auto ref = parseImageReference(c.image); !ref) {
      m_faults.error(path, ref.error().what + ": " + ref.error().why, ref.error().hint);
    }
  }

  void environment(const Container& c, const std::string& path, size_t& bytes) {
    if (c.env.size() > kMaxEnvs) {
      m_faults.error(path, "has more than " + std::to_string(kMaxEnvs) + " entries");
      return;
    }
    for (const auto& [k, v] : c.env) {
      if (!isEnvName(k) || !base::isUtf8(k)) {
        m_faults.error(keyed(path, k), "is not a valid variable name");
      }
      text(keyed(path, k), v, kMaxEnvBytes);
      bytes += k.size() + v.size() + 2;
    }
  }

  void ports(const Container& c, const std::string& path) {
    std::set<std::pair<uint16_t, Protocol>> seen;
    std::set<std::string> names;
    for (size_t i = 0; i < c.ports.size(); ++i) {
      const Port& p = c.ports[i];
      const std::string here = at(path, i);
      if (!p.name.empty()) {
        label(here + ".name", p.name, "port name");
        if (!names.insert(p.name).second) {
          m_faults.error(here + ".name", "\"" + p.name + "\" is used twice");
        }
      }
      const std::string shown = std::to_string(p.containerPort) + "/" + std::string(name(p.protocol));
      if (p.containerPort == 0) {
        m_faults.error(here + ".container_port", "0 is outside 1…65535");
      } else if (!seen.insert({p.containerPort, p.protocol}).second) {
        m_faults.error(here + ".container_port", shown + " is there twice");
      } else if (m_spec.network == NetworkMode::Host && !m_hostModePorts.insert({p.containerPort, p.protocol}).second) {
        m_faults.error(here + ".container_port", shown + " is used by two containers, which share the host's network");
      }
      if (p.hostPort) {
        published(p, here);
      } else if (!p.hostAddress.empty()) {
        m_faults.error(here + ".host_address", "needs a host_port");
      }
    }
  }

  void published(const Port& p, const std::string& here) {
    const std::string shown = std::to_string(*p.hostPort) + "/" + std::string(name(p.protocol));
    if (*p.hostPort == 0) {
      m_faults.error(here + ".host_port", "0 is outside 1…65535");
    } else if (!m_hostPorts.insert({*p.hostPort, p.protocol}).second) {
      m_faults.error(here + ".host_port", shown + " is published twice");
    }
    if (m_spec.network == NetworkMode::Host && *p.hostPort != p.containerPort) {
      m_faults.error(here + ".host_port", "must equal container_port, because network_mode is host");
    }
    if (m_spec.network == NetworkMode::None) {
      m_faults.error(here + ".host_port", "cannot be published, because network_mode is none");
    }
    if (!p.hostAddress.empty()) {
      QHostAddress address;
      if (p.hostAddress.size() > 64 || !base::isUtf8(p.hostAddress) || p.hostAddress.find('\0') != std::string::npos ||
          !address.setAddress(QString::fromStdString(p.hostAddress))) {
        m_faults.error(here + ".host_address", "is not an IP address");
      }
    }
  }

  // Absolute, without parts that lead elsewhere than it looks.
  void absolutePath(const std::string& path, const std::string& value) {
    if (!line(path, value)) {
      return;
    }
    if (value.empty()) {
      m_faults.error(path, "is missing");
    } else if (value.front() != '/') {
      m_faults.error(path, "is not an absolute path");
    } else if ((value + "/").find("/../") != std::string::npos) {
      m_faults.error(path, "has a \"..\" in it");
    }
  }

  void mounts(const Container& c, const std::string& path) {
    std::set<std::string> targets;
    for (size_t i = 0; i < c.mounts.size(); ++i) {
      const Mount& m = c.mounts[i];
      const std::string here = at(path, i);
      absolutePath(here + ".target", m.target);
      std::string target = m.target;
      while (target.size() > 1 && target.back() == '/') {
        target.pop_back();
      }
      if (target == "/") {
        m_faults.error(here + ".target", "cannot be the container's root");
      } else if (!target.empty() && !targets.insert(target).second) {
        m_faults.error(here + ".target", "is used twice");
      }
      switch (m.type) {
      case MountType::Bind:
        absolutePath(here + ".source", m.source);
        break;
      case MountType::Volume:
        volumeName(here + ".source", m.source);
        break;
      case MountType::Tmpfs:
        if (!m.source.empty()) {
          m_faults.error(here + ".source", "has no place with type tmpfs");
        }
        break;
      }
      range(here + ".size_mb", m.sizeBytes, 0, kMaxMemoryBytes);
      if (m.sizeBytes != 0 && m.type != MountType::Tmpfs) {
        m_faults.error(here + ".size_mb", "is only for type tmpfs");
      }
    }
  }

  void volumeName(const std::string& path, const std::string& name) {
    const auto good = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
             c == '-';
    };
    if (name.empty()) {
      m_faults.error(path, "is missing", "the volume's name");
    } else if (name.size() > 128 || !std::all_of(name.begin(), name.end(), good) || name.front() == '.' ||
               name.front() == '-' || name.front() == '_') {
      m_faults.error(
          path,
          "is not a valid volume name: 1…128 of letters, digits, '_', '.' and '-', starting with a letter or digit",
          !name.empty() && name.front() == '/' ? "for a folder of the host, write type: bind" : "");
    }
  }

  void amounts(const Resources& r, const std::string& path) {
    range(path + ".cpu_millicores", r.cpuMillicores, 0, kMaxCpuMillicores);
    range(path + ".memory_bytes", r.memoryBytes, 0, kMaxMemoryBytes);
    range(path + ".disk_bytes", r.diskBytes, 0, kMaxMemoryBytes);
    range(path + ".gpus", r.gpus, 0, kMaxUnits);
    if (r.extended.size() > 64) {
      m_faults.error(path + ".extended", "has more than 64 entries");
      return;
    }
    for (const auto& [k, v] : r.extended) {
      if (!isLabelKey(k)) {
        m_faults.error(keyed(path + ".extended", k), "is not a valid resource name", "as vendor.example/thing");
      }
      range(keyed(path + ".extended", k), v, 0, kMaxUnits);
    }
  }

  void below(const std::string& path, int64_t limit, int64_t request, std::string (*show)(int64_t)) {
    if (limit > 0 && request > limit) {
      m_faults.error(path, "the limit " + show(limit) + " is below the request " + show(request));
    }
  }

  void resources(const Container& c, const std::string& path) {
    const std::string limits = path + ".resource_limits";
    amounts(c.requests, path + ".resource_requests");
    amounts(c.limits, limits);
    const auto plain = [](int64_t v) { return std::to_string(v); };
    below(limits + ".cpu_cores", c.limits.cpuMillicores, c.requests.cpuMillicores, formatCpu);
    below(limits + ".memory_mb", c.limits.memoryBytes, c.requests.memoryBytes, formatBytes);
    below(limits + ".disk_mb", c.limits.diskBytes, c.requests.diskBytes, formatBytes);
    below(limits + ".gpus", c.limits.gpus, c.requests.gpus, plain);
    for (const auto& [k, v] : c.limits.extended) {
      const auto it = c.requests.extended.find(k);
      below(keyed(limits + ".extended", k), v, it == c.requests.extended.end() ? 0 : it->second, plain);
    }
    if (c.limits.memoryBytes > 0 && c.limits.memoryBytes < kMinMemoryLimit) {
      m_faults.error(limits + ".memory_mb",
                     formatBytes(c.limits.memoryBytes) + " is less than a container can start with",
                     "at least " + formatBytes(kMinMemoryLimit));
    }
  }

  void probe(const Probe& p, const Container& c, const std::string& path) {
    const std::string how = path + "." + std::string(name(p.kind));
    if (p.kind == ProbeKind::Exec) {
      size_t bytes = 0;
      words(how + ".command", p.command, bytes);
      if (p.command.empty() || p.command.front().empty()) {
        m_faults.error(how + ".command", "is empty");
      }
    } else {
      const bool declared = std::any_of(c.ports.begin(), c.ports.end(), [&p](const Port& port) {
        return port.containerPort == p.port && port.protocol == Protocol::Tcp;
      });
      if (p.port == 0) {
        m_faults.error(how + ".port", "0 is outside 1…65535");
      } else if (!declared) {
        m_faults.error(how + ".port", std::to_string(p.port) + " is not one of the container's tcp ports",
                       "add {container_port: " + std::to_string(p.port) + "} to its ports");
      } else if (m_spec.network == NetworkMode::None) {
        m_faults.error(how + ".port", "cannot be reached, because network_mode is none", "use an exec probe");
      }
    }
    if (p.kind == ProbeKind::Http) {
      if (line(how + ".path", p.path) &&
          (p.path.empty() || p.path.front() != '/' || p.path.find(' ') != std::string::npos)) {
        m_faults.error(how + ".path", "is not a path: it starts with '/' and has no spaces");
      }
      if (p.headers.size() > 64) {
        m_faults.error(how + ".headers", "has more than 64 entries");
      }
      for (const auto& [k, v] : p.headers) {
        const bool token = !k.empty() && k.size() <= 256 && std::all_of(k.begin(), k.end(), [](char ch) {
          return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
                 std::string_view("!#$%&'*+-.^_`|~").find(ch) != std::string_view::npos;
        });
        if (!token) {
          m_faults.error(keyed(how + ".headers", k), "is not a valid header name");
        }
        line(keyed(how + ".headers", k), v);
      }
    }
    seconds(path + ".initial_delay_seconds", p.initialDelayMs, 0, kDay);
    seconds(path + ".period_seconds", p.periodMs, 100, kDay);
    seconds(path + ".timeout_seconds", p.timeoutMs, 100, kDay);
    range(path + ".success_threshold", p.successThreshold, 1, 1000);
    range(path + ".failure_threshold", p.failureThreshold, 1, 1000);
  }

  void constraint(const Constraint& c, const std::string& path) {
    if (!isLabelKey(c.key)) {
      m_faults.error(path + ".key", "is not a valid label key");
    }
    if (c.values.size() > 100) {
      m_faults.error(path + ".values", "has more than 100 items");
      return;
    }
    for (size_t i = 0; i < c.values.size(); ++i) {
      line(at(path + ".values", i), c.values[i], 256);
    }
    switch (c.op) {
    case Operator::In:
    case Operator::NotIn:
      if (c.values.empty()) {
        m_faults.error(path + ".values", "is empty",
                       "operator " + std::string(name(c.op)) + " needs at least one value");
      }
      break;
    case Operator::Exists:
    case Operator::DoesNotExist:
      if (!c.values.empty()) {
        m_faults.error(path + ".values", "must be empty with operator " + std::string(name(c.op)));
      }
      break;
    case Operator::Gt:
    case Operator::Lt: {
      const auto number = [](const std::string& v) {
        const size_t first = !v.empty() && v.front() == '-' ? 1 : 0;
        return v.size() > first && v.size() <= first + 18 &&
               std::all_of(v.begin() + std::ptrdiff_t(first), v.end(), [](char ch) { return ch >= '0' && ch <= '9'; });
      };
      if (c.values.size() != 1 || !number(c.values.front())) {
        m_faults.error(path + ".values", "must be one whole number with operator " + std::string(name(c.op)));
      }
      break;
    }
    }
  }

  void placement() {
    const Placement& p = m_spec.placement;
    if (!p.strategy.empty() && p.strategy != "binpack" && p.strategy != "spread" && p.strategy != "mycelial") {
      if (line("placement.strategy", p.strategy)) {
        m_faults.error("placement.strategy",
                       "\"" + p.strategy.substr(0, 40) + "\" is not one of binpack, spread, mycelial");
      }
    }
    if (p.node) {
      const std::string& id = p.node->str();
      if (line("placement.node", id, base::limits::kMaxNameBytes) &&
          (id.empty() || id.find(' ') != std::string::npos)) {
        m_faults.error("placement.node", "is not a node's id or name");
      }
    }
    for (const auto& [list, size] : {std::pair{"placement.required", p.required.size()},
                                     {"placement.preferred", p.preferred.size()},
                                     {"placement.tolerations", p.tolerations.size()},
                                     {"placement.spread", p.spread.size()}}) {
      if (size > 100) {
        m_faults.error(list, "has more than 100 items");
        return;
      }
    }
    for (size_t i = 0; i < p.required.size(); ++i) {
      constraint(p.required[i], at("placement.required", i));
    }
    for (size_t i = 0; i < p.preferred.size(); ++i) {
      constraint(p.preferred[i].constraint, at("placement.preferred", i));
      range(at("placement.preferred", i) + ".weight", p.preferred[i].weight, 1, 100);
    }
    for (size_t i = 0; i < p.tolerations.size(); ++i) {
      const Toleration& t = p.tolerations[i];
      const std::string here = at("placement.tolerations", i);
      if (t.key.empty() ? !t.exists : !isLabelKey(t.key)) {
        m_faults.error(here + ".key", t.key.empty() ? "is missing" : "is not a valid taint key",
                       t.key.empty() ? "operator Exists without a key tolerates every taint" : "");
      }
      if (t.exists && !t.value.empty()) {
        m_faults.error(here + ".value", "must be empty with operator Exists");
      } else if (!isLabelValue(t.value)) {
        m_faults.error(here + ".value", "is not a valid label value");
      }
    }
    std::set<std::string> domains;
    for (size_t i = 0; i < p.spread.size(); ++i) {
      const std::string here = at("placement.spread", i);
      if (!isLabelKey(p.spread[i].topologyKey)) {
        m_faults.error(here + ".topology_key", "is not a node label", "or \"node\"");
      } else if (!domains.insert(p.spread[i].topologyKey).second) {
        m_faults.error(here + ".topology_key", "\"" + p.spread[i].topologyKey + "\" is there twice");
      }
      range(here + ".max_per_domain", p.spread[i].maxPerDomain, 1, kMaxReplicas);
    }
  }

  const WorkloadSpec& m_spec;
  FaultList m_faults;
  std::set<std::string> m_names;
  std::set<std::pair<uint16_t, Protocol>> m_hostPorts;
  std::set<std::pair<uint16_t, Protocol>> m_hostModePorts;
};

} // namespace

std::vector<base::FieldError> validate(const WorkloadSpec& spec) {
  return Checker(spec).run();
}

} // namespace univrs::model
