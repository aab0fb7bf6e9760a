#include "engine/model/workload_read.h"

#include "engine/base/limits.h"
#include "engine/model/json_text.h"
#include "engine/model/words.h"

#include <algorithm>
#include <cmath>

namespace univrs::model {

namespace {

constexpr int64_t kMaxInt = INT64_C(9'000'000'000'000'000'000);
constexpr double kMaxSeconds = 86'400.0 * 365;
constexpr int64_t kMib = int64_t(1) << 20;
constexpr double kMaxMib = double(base::limits::kMaxMemoryBytes) / double(kMib);

// Seconds, fractions allowed, as milliseconds.
std::optional<int64_t> milliseconds(FieldReader& r, std::string_view key, double maxSeconds = kMaxSeconds) {
  const auto s = r.number(key, 0, maxSeconds);
  return s ? std::optional<int64_t>(std::llround(*s * 1000)) : std::nullopt;
}

template <class T, class Value>
void assign(T& target, std::optional<Value>&& value) {
  if (value) {
    target = static_cast<T>(std::move(*value));
  }
}

template <class Enum>
void assignWord(Enum& target, FieldReader& r, std::string_view key, const std::vector<std::string_view>& words) {
  if (const auto i = r.word(key, words)) {
    target = Enum(*i);
  }
}

std::string numberText(const QJsonValue& v) {
  return QString::number(v.toDouble(), 'g', 15).toStdString();
}

// A Kubernetes quantity, written as a string or as a bare number.
std::optional<int64_t> quantity(FieldReader& r, std::string_view key, base::Result<int64_t> (*parse)(std::string_view),
                                int64_t max) {
  const auto v = r.any(key);
  if (!v) {
    return std::nullopt;
  }
  if (!v->isString() && !v->isDouble()) {
    r.faults().error(r.pathOf(key), "is " + std::string(jsonTypeName(*v)) + ", but a quantity is wanted",
                     "as \"500m\" or \"256Mi\"");
    return std::nullopt;
  }
  const auto n = parse(v->isString() ? v->toString().toStdString() : numberText(*v));
  if (!n) {
    r.faults().error(r.pathOf(key), n.error().what + ": " + n.error().why, n.error().hint);
    return std::nullopt;
  }
  if (*n > max) {
    r.faults().error(r.pathOf(key), "is too large");
    return std::nullopt;
  }
  return *n;
}

struct Amount {
  std::string_view unitKey;     // "memory_mb"
  std::string_view quantityKey; // "memory"
  std::string_view exactKey;    // "memory_bytes"
  double unit;                  // exact amounts in one unit
  double maxUnits;
  int64_t maxExact;
  base::Result<int64_t> (*parse)(std::string_view);
};

// One amount in up to three spellings. They must agree; the exact one wins.
void readAmount(int64_t& target, FieldReader& r, const Amount& a, bool mayBeNegative) {
  const auto inUnits = r.number(a.unitKey, mayBeNegative ? -a.maxUnits : 0, a.maxUnits);
  const auto asQuantity = quantity(r, a.quantityKey, a.parse, a.maxExact);
  const auto exact = r.integer(a.exactKey, mayBeNegative ? -a.maxExact : 0, a.maxExact);
  if (inUnits) {
    target = std::llround(*inUnits * a.unit);
  }
  if (asQuantity) {
    if (inUnits && *asQuantity != target) {
      r.faults().error(r.pathOf(a.quantityKey), "differs from " + std::string(a.unitKey), "write only one of them");
    }
    target = *asQuantity;
  }
  if (exact) {
    const double tolerance = a.unit == 1000 ? 0.5 : a.unit; // cores have no rounding, MiB are whole numbers
    if ((inUnits && std::abs(*inUnits * a.unit - double(*exact)) > tolerance) ||
        (asQuantity && *asQuantity != *exact)) {
      r.faults().error(r.pathOf(a.exactKey), "differs from " + std::string(inUnits ? a.unitKey : a.quantityKey),
                       "write only one of them");
    }
    target = *exact;
  }
}

Port readPort(const QJsonObject& json, const std::string& path, FaultList& faults) {
  FieldReader r(json, path, faults);
  Port p;
  assign(p.name, r.string("name"));
  r.require("container_port");
  assign(p.containerPort, r.integer("container_port", 1, 65535));
  if (const auto host = r.integer("host_port", 1, 65535)) {
    p.hostPort = uint16_t(*host);
  }
  // The originals' clients also write TCP.
  if (auto text = r.string("protocol")) {
    std::transform(text->begin(), text->end(), text->begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    if (const auto i = words::indexOf(words::protocols(), *text)) {
      p.protocol = Protocol(*i);
    } else {
      r.word("protocol", words::protocols());
    }
  }
  assign(p.hostAddress, r.string("host_address"));
  r.finish();
  return p;
}

Mount readMount(const QJsonObject& json, const std::string& path, FaultList& faults) {
  FieldReader r(json, path, faults);
  Mount m;
  r.require("type", "bind, volume or tmpfs");
  assignWord(m.type, r, "type", words::mountTypes());
  assign(m.source, r.string("source"));
  r.require("target");
  assign(m.target, r.string("target"));
  assign(m.readOnly, r.boolean("read_only"));
  if (const auto mb = r.number("size_mb", 0, kMaxMib)) {
    m.sizeBytes = std::llround(*mb * double(kMib));
  }
  r.finish();
  return m;
}

std::optional<Probe> readProbe(FieldReader& parent, std::string_view key) {
  const auto json = parent.object(key);
  if (!json) {
    return std::nullopt;
  }
  FaultList& faults = parent.faults();
  FieldReader r(*json, parent.pathOf(key), faults);
  Probe p;
  const auto http = r.object("http");
  const auto tcp = r.object("tcp");
  const auto exec = r.object("exec");
  if (int(r.has("http")) + int(r.has("tcp")) + int(r.has("exec")) != 1) {
    faults.error(parent.pathOf(key), "needs exactly one of http, tcp and exec");
  }
  if (http) {
    p.kind = ProbeKind::Http;
    FieldReader h(*http, r.pathOf("http"), faults);
    assign(p.path, h.string("path"));
    h.require("port");
    assign(p.port, h.integer("port", 1, 65535));
    assign(p.headers, h.stringMap("headers", 64, 4096));
    h.finish();
  } else if (tcp) {
    p.kind = ProbeKind::Tcp;
    FieldReader t(*tcp, r.pathOf("tcp"), faults);
    t.require("port");
    assign(p.port, t.integer("port", 1, 65535));
    t.finish();
  } else if (exec) {
    p.kind = ProbeKind::Exec;
    FieldReader e(*exec, r.pathOf("exec"), faults);
    e.require("command");
    assign(p.command, e.strings("command"));
    e.finish();
  }
  assign(p.initialDelayMs, milliseconds(r, "initial_delay_seconds"));
  assign(p.periodMs, milliseconds(r, "period_seconds"));
  assign(p.timeoutMs, milliseconds(r, "timeout_seconds"));
  assign(p.successThreshold, r.integer("success_threshold", 1, 1000));
  assign(p.failureThreshold, r.integer("failure_threshold", 1, 1000));
  r.finish();
  return p;
}

Container readContainer(const QJsonObject& json, const std::string& path, FaultList& faults) {
  FieldReader r(json, path, faults);
  Container c;
  assign(c.name, r.string("name"));
  r.require("image", "as nginx:1.25");
  assign(c.image, r.string("image"));
  assign(c.command, r.strings("command"));
  assign(c.args, r.strings("args"));
  assign(c.env, r.stringMap("env_vars", 1'000, 131'072));
  assign(c.workingDir, r.string("working_dir"));
  assign(c.user, r.string("user"));
  assign(c.readOnly, r.boolean("read_only"));
  assignWord(c.pull, r, "pull_policy", words::pullPolicies());
  r.objects("ports", 256,
            [&](const QJsonObject& o, const std::string& p) { c.ports.push_back(readPort(o, p, faults)); });
  r.objects("volumes", 256,
            [&](const QJsonObject& o, const std::string& p) { c.mounts.push_back(readMount(o, p, faults)); });
  c.requests = readResources(r, "resource_requests");
  c.limits = readResources(r, "resource_limits");
  c.startup = readProbe(r, "startup");
  c.readiness = readProbe(r, "readiness");
  c.liveness = readProbe(r, "liveness");
  r.finish();
  return c;
}

Constraint readConstraint(FieldReader& r) {
  Constraint c;
  r.require("key");
  assign(c.key, r.string("key"));
  assignWord(c.op, r, "operator", words::operators());
  assign(c.values, r.strings("values", 100, 256));
  return c;
}

Toleration readToleration(const QJsonObject& json, const std::string& path, FaultList& faults) {
  FieldReader r(json, path, faults);
  Toleration t;
  assign(t.key, r.string("key"));
  if (const auto i = r.word("operator", {"Equal", "Exists"})) {
    t.exists = *i == 1;
  }
  assign(t.value, r.string("value"));
  if (const auto i = r.word("effect", words::taintEffects())) {
    t.effect = TaintEffect(*i);
  }
  r.finish();
  return t;
}

Placement readPlacement(FieldReader& parent) {
  Placement p;
  const auto json = parent.object("placement");
  if (!json) {
    return p;
  }
  FaultList& faults = parent.faults();
  FieldReader r(*json, parent.pathOf("placement"), faults);
  assign(p.strategy, r.string("strategy"));
  if (auto node = r.string("node")) {
    p.node = NodeId(std::move(*node));
  }
  r.objects("required", 100, [&](const QJsonObject& o, const std::string& at) {
    FieldReader c(o, at, faults);
    p.required.push_back(readConstraint(c));
    c.finish();
  });
  r.objects("preferred", 100, [&](const QJsonObject& o, const std::string& at) {
    FieldReader c(o, at, faults);
    Preference preference;
    preference.constraint = readConstraint(c);
    assign(preference.weight, c.integer("weight", 1, 100));
    c.finish();
    p.preferred.push_back(std::move(preference));
  });
  r.objects("tolerations", 100, [&](const QJsonObject& o, const std::string& at) {
    p.tolerations.push_back(readToleration(o, at, faults));
  });
  r.objects("spread", 16, [&](const QJsonObject& o, const std::string& at) {
    FieldReader c(o, at, faults);
    SpreadLimit limit;
    c.require("topology_key", "a node label, or \"node\"");
    assign(limit.topologyKey, c.string("topology_key"));
    assign(limit.maxPerDomain, c.integer("max_per_domain", 1, base::limits::kMaxReplicas));
    c.finish();
    p.spread.push_back(std::move(limit));
  });
  r.finish();
  return p;
}

WorkloadSpec readSpecKeys(FieldReader& r) {
  FaultList& faults = r.faults();
  WorkloadSpec s;
  r.require("name");
  assign(s.name, r.string("name"));
  r.require("containers", "a list with at least one {name, image}");
  r.objects("containers", size_t(base::limits::kMaxContainers),
            [&](const QJsonObject& o, const std::string& p) { s.containers.push_back(readContainer(o, p, faults)); });
  if (s.containers.size() == 1 && s.containers.front().name.empty()) {
    s.containers.front().name = s.name;
  }
  assign(s.replicas, r.integer("replicas", 0, base::limits::kMaxReplicas));
  assign(s.labels, r.stringMap("labels", 256, 512));
  assign(s.owner, r.string("owner"));
  assignWord(s.restart, r, "restart_policy", words::restartPolicies());
  assignWord(s.network, r, "network_mode", words::networkModes());
  assign(s.stopGraceMs, milliseconds(r, "stop_grace_seconds"));
  if (const auto update = r.object("update")) {
    FieldReader u(*update, r.pathOf("update"), faults);
    assign(s.update.maxParallel, u.integer("max_parallel", 1, base::limits::kMaxReplicas));
    assign(s.update.minHealthyMs, milliseconds(u, "min_healthy_seconds"));
    assign(s.update.healthyDeadlineMs, milliseconds(u, "healthy_deadline_seconds"));
    u.finish();
  }
  s.placement = readPlacement(r);
  return s;
}

WorkloadStatus readStatus(FieldReader& parent) {
  WorkloadStatus s;
  const auto json = parent.object("status");
  if (!json) {
    return s;
  }
  FieldReader r(*json, parent.pathOf("status"), parent.faults());
  constexpr int64_t max = INT32_MAX;
  assignWord(s.health, r, "health", words::healths());
  assign(s.reason, r.string("reason", 65'536));
  assign(s.desired, r.integer("desired", 0, max));
  assign(s.ready, r.integer("ready", 0, max));
  assign(s.running, r.integer("running", 0, max));
  assign(s.updated, r.integer("updated", 0, max));
  assign(s.total, r.integer("total", 0, max));
  assign(s.restarts, r.integer("restarts", 0, max));
  return s;
}

} // namespace

Resources readResources(FieldReader& parent, std::string_view key, bool mayBeNegative) {
  Resources out;
  const auto json = parent.object(key);
  if (!json) {
    return out;
  }
  FaultList& faults = parent.faults();
  FieldReader r(*json, parent.pathOf(key), faults);
  // What is asked has a ceiling; what a cluster has together may be a multiple of it.
  const double many = mayBeNegative ? 1e5 : 1;
  const auto exactMax = [many](int64_t one) { return int64_t(std::min(double(one) * many, 9e18)); };
  constexpr int64_t maxCpu = base::limits::kMaxCpuMillicores;
  constexpr int64_t maxBytes = base::limits::kMaxMemoryBytes;
  readAmount(
      out.cpuMillicores, r,
      {"cpu_cores", "cpu", "cpu_millicores", 1000, double(exactMax(maxCpu)) / 1000, exactMax(maxCpu), parseCpuQuantity},
      mayBeNegative);
  const double maxMib = double(exactMax(maxBytes)) / double(kMib);
  readAmount(out.memoryBytes, r,
             {"memory_mb", "memory", "memory_bytes", double(kMib), maxMib, exactMax(maxBytes), parseByteQuantity},
             mayBeNegative);
  readAmount(out.diskBytes, r,
             {"disk_mb", "disk", "disk_bytes", double(kMib), maxMib, exactMax(maxBytes), parseByteQuantity},
             mayBeNegative);
  constexpr int64_t maxUnits = 1'000'000'000;
  const int64_t minUnits = mayBeNegative ? -maxUnits : 0;
  assign(out.gpus, r.integer("gpus", minUnits, maxUnits));
  if (const auto extended = r.object("extended")) {
    FieldReader e(*extended, r.pathOf("extended"), faults);
    if (extended->size() > 64) {
      faults.error(r.pathOf("extended"), "has more than 64 entries");
    } else {
      for (auto it = extended->begin(); it != extended->end(); ++it) {
        const auto unit = it.key().toStdString();
        if (const auto n = e.integer(unit, minUnits, maxUnits); n && *n != 0) {
          out.extended.emplace(unit, *n);
        }
      }
    }
  }
  r.finish();
  return out;
}

base::Timestamp readTime(FieldReader& reader, std::string_view key) {
  const auto text = reader.string(key, 64);
  if (!text || text->empty()) {
    return {};
  }
  const auto t = base::Timestamp::fromIso(*text);
  if (!t) {
    reader.faults().error(reader.pathOf(key), "is not an RFC 3339 time");
    return {};
  }
  return *t;
}

WorkloadSpec readWorkloadSpec(const QJsonObject& json, const std::string& path, FaultList& faults) {
  FieldReader r(json, path, faults);
  auto spec = readSpecKeys(r);
  r.finish();
  return spec;
}

base::Result<WorkloadSpec> workloadSpecFromJson(const QJsonObject& json, std::vector<base::FieldError>* warnings) {
  FaultList faults;
  auto spec = readWorkloadSpec(json, {}, faults);
  if (warnings) {
    std::copy_if(faults.all().begin(), faults.all().end(), std::back_inserter(*warnings),
                 [](const auto& f) { return f.warning; });
  }
  if (faults.hasErrors()) {
    return faults.toError("the workload was not understood");
  }
  return spec;
}

base::Result<Workload> workloadFromJson(const QJsonObject& json) {
  FaultList faults;
  FieldReader r(json, {}, faults);
  Workload w;
  w.spec = readSpecKeys(r);
  r.require("id");
  w.id = WorkloadId(r.string("id", 128).value_or(std::string()));
  assign(w.generation, r.integer("generation", 0, kMaxInt));
  assign(w.revision, r.integer("revision", 0, kMaxInt));
  assign(w.restartEpoch, r.integer("restart_epoch", 0, kMaxInt));
  assign(w.deleting, r.boolean("deleting"));
  if (const auto previous = r.object("previous")) {
    w.previous = readWorkloadSpec(*previous, r.pathOf("previous"), faults);
  }
  w.createdAt = readTime(r, "created_at");
  w.updatedAt = readTime(r, "updated_at");
  w.status = readStatus(r);
  // Keys that a newer version of this program wrote beside these are not ours to refuse.
  if (faults.hasErrors()) {
    return faults.toError("the stored workload was not understood");
  }
  return w;
}

} // namespace univrs::model
