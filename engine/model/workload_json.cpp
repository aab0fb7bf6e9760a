#include "engine/base/encoding.h"
#include "engine/model/json_text.h"
#include "engine/model/words.h"
#include "engine/model/workload.h"

#include <QJsonDocument>

#include <algorithm>

namespace univrs::model {

namespace words {

const std::vector<std::string_view>& protocols() {
  static const std::vector<std::string_view> w{"tcp", "udp"};
  return w;
}
const std::vector<std::string_view>& restartPolicies() {
  static const std::vector<std::string_view> w{"always", "on_failure", "never"};
  return w;
}
const std::vector<std::string_view>& networkModes() {
  static const std::vector<std::string_view> w{"bridge", "host", "none"};
  return w;
}
const std::vector<std::string_view>& pullPolicies() {
  static const std::vector<std::string_view> w{"if_not_present", "always", "never"};
  return w;
}
const std::vector<std::string_view>& mountTypes() {
  static const std::vector<std::string_view> w{"bind", "volume", "tmpfs"};
  return w;
}
const std::vector<std::string_view>& probeKinds() {
  static const std::vector<std::string_view> w{"http", "tcp", "exec"};
  return w;
}
const std::vector<std::string_view>& operators() {
  static const std::vector<std::string_view> w{"In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"};
  return w;
}
const std::vector<std::string_view>& taintEffects() {
  static const std::vector<std::string_view> w{"NoSchedule", "PreferNoSchedule", "NoExecute"};
  return w;
}
const std::vector<std::string_view>& healths() {
  static const std::vector<std::string_view> w{"progressing", "healthy", "degraded"};
  return w;
}

std::optional<size_t> indexOf(const std::vector<std::string_view>& list, std::string_view text) {
  const auto it = std::find(list.begin(), list.end(), text);
  return it == list.end() ? std::nullopt : std::optional<size_t>(size_t(it - list.begin()));
}

} // namespace words

std::string_view name(Protocol v) {
  return words::of(words::protocols(), v);
}
std::string_view name(RestartPolicy v) {
  return words::of(words::restartPolicies(), v);
}
std::string_view name(NetworkMode v) {
  return words::of(words::networkModes(), v);
}
std::string_view name(PullPolicy v) {
  return words::of(words::pullPolicies(), v);
}
std::string_view name(MountType v) {
  return words::of(words::mountTypes(), v);
}
std::string_view name(ProbeKind v) {
  return words::of(words::probeKinds(), v);
}
std::string_view name(Operator v) {
  return words::of(words::operators(), v);
}
std::string_view name(TaintEffect v) {
  return words::of(words::taintEffects(), v);
}
std::string_view name(Health v) {
  return words::of(words::healths(), v);
}

namespace {

constexpr int64_t kMib = int64_t(1) << 20;

// Declared before the template that calls them.
QJsonObject toJson(const Port& p);
QJsonObject toJson(const Mount& m);
QJsonObject toJson(const Constraint& c);
QJsonObject toJson(const Preference& p);
QJsonObject toJson(const Toleration& t);
QJsonObject toJson(const SpreadLimit& s);

void putText(QJsonObject& o, const char* key, std::string_view value) {
  if (!value.empty()) {
    o.insert(QLatin1String(key), toQString(value));
  }
}

template <class List>
void putList(QJsonObject& o, const char* key, const List& list) {
  if (!list.empty()) {
    QJsonArray out;
    for (const auto& item : list) {
      out.append(toJson(item));
    }
    o.insert(QLatin1String(key), out);
  }
}

void putObject(QJsonObject& o, const char* key, const QJsonObject& value) {
  if (!value.isEmpty()) {
    o.insert(QLatin1String(key), value);
  }
}

void putStrings(QJsonObject& o, const char* key, const std::vector<std::string>& list) {
  if (!list.empty()) {
    o.insert(QLatin1String(key), toJsonArray(list));
  }
}

template <class Enum>
void putWord(QJsonObject& o, const char* key, Enum value, Enum fallback) {
  if (value != fallback) {
    o.insert(QLatin1String(key), toQString(name(value)));
  }
}

void putSeconds(QJsonObject& o, const char* key, int64_t ms, int64_t fallback) {
  if (ms != fallback) {
    o.insert(QLatin1String(key), secondsValue(ms));
  }
}

void putCount(QJsonObject& o, const char* key, int64_t value, int64_t fallback) {
  if (value != fallback) {
    o.insert(QLatin1String(key), qint64(value));
  }
}

QJsonObject toJson(const Port& p) {
  QJsonObject o;
  putText(o, "name", p.name);
  o.insert(QStringLiteral("container_port"), int(p.containerPort));
  if (p.hostPort) {
    o.insert(QStringLiteral("host_port"), int(*p.hostPort));
  }
  o.insert(QStringLiteral("protocol"), toQString(name(p.protocol)));
  putText(o, "host_address", p.hostAddress);
  return o;
}

QJsonObject toJson(const Mount& m) {
  QJsonObject o;
  o.insert(QStringLiteral("type"), toQString(name(m.type)));
  putText(o, "source", m.source);
  putText(o, "target", m.target);
  if (m.readOnly) {
    o.insert(QStringLiteral("read_only"), true);
  }
  if (m.sizeBytes % kMib == 0) {
    putCount(o, "size_mb", m.sizeBytes / kMib, 0);
  } else {
    o.insert(QStringLiteral("size_mb"), double(m.sizeBytes) / double(kMib)); // exact: a power of two below 2^53
  }
  return o;
}

QJsonObject toJson(const Probe& p) {
  const Probe plain;
  QJsonObject o;
  QJsonObject how;
  switch (p.kind) {
  case ProbeKind::Http:
    how.insert(QStringLiteral("path"), toQString(p.path));
    how.insert(QStringLiteral("port"), int(p.port));
    putObject(how, "headers", toJsonObject(p.headers));
    break;
  case ProbeKind::Tcp:
    how.insert(QStringLiteral("port"), int(p.port));
    break;
  case ProbeKind::Exec:
    how.insert(QStringLiteral("command"), toJsonArray(p.command));
    break;
  }
  o.insert(toQString(name(p.kind)), how);
  putSeconds(o, "initial_delay_seconds", p.initialDelayMs, plain.initialDelayMs);
  putSeconds(o, "period_seconds", p.periodMs, plain.periodMs);
  putSeconds(o, "timeout_seconds", p.timeoutMs, plain.timeoutMs);
  putCount(o, "success_threshold", p.successThreshold, plain.successThreshold);
  putCount(o, "failure_threshold", p.failureThreshold, plain.failureThreshold);
  return o;
}

QJsonObject toJson(const Constraint& c) {
  QJsonObject o{{QStringLiteral("key"), toQString(c.key)}, {QStringLiteral("operator"), toQString(name(c.op))}};
  putStrings(o, "values", c.values);
  return o;
}

QJsonObject toJson(const Preference& p) {
  QJsonObject o = toJson(p.constraint);
  o.insert(QStringLiteral("weight"), p.weight);
  return o;
}

QJsonObject toJson(const Toleration& t) {
  QJsonObject o;
  putText(o, "key", t.key);
  o.insert(QStringLiteral("operator"), t.exists ? QStringLiteral("Exists") : QStringLiteral("Equal"));
  putText(o, "value", t.value);
  if (t.effect) {
    o.insert(QStringLiteral("effect"), toQString(name(*t.effect)));
  }
  return o;
}

QJsonObject toJson(const SpreadLimit& s) {
  return {{QStringLiteral("topology_key"), toQString(s.topologyKey)},
          {QStringLiteral("max_per_domain"), s.maxPerDomain}};
}

QJsonObject toJson(const UpdateStrategy& u) {
  const UpdateStrategy plain;
  QJsonObject o;
  putCount(o, "max_parallel", u.maxParallel, plain.maxParallel);
  putSeconds(o, "min_healthy_seconds", u.minHealthyMs, plain.minHealthyMs);
  putSeconds(o, "healthy_deadline_seconds", u.healthyDeadlineMs, plain.healthyDeadlineMs);
  return o;
}

QJsonObject toJson(const Placement& p) {
  QJsonObject o;
  putText(o, "strategy", p.strategy);
  if (p.node) {
    o.insert(QStringLiteral("node"), toQString(p.node->str()));
  }
  putList(o, "required", p.required);
  putList(o, "preferred", p.preferred);
  putList(o, "tolerations", p.tolerations);
  putList(o, "spread", p.spread);
  return o;
}

} // namespace

QJsonObject toJson(const Container& c) {
  QJsonObject o{{QStringLiteral("name"), toQString(c.name)}, {QStringLiteral("image"), toQString(c.image)}};
  putStrings(o, "command", c.command);
  putStrings(o, "args", c.args);
  putObject(o, "env_vars", toJsonObject(c.env));
  putText(o, "working_dir", c.workingDir);
  putText(o, "user", c.user);
  if (c.readOnly) {
    o.insert(QStringLiteral("read_only"), true);
  }
  putWord(o, "pull_policy", c.pull, PullPolicy::IfNotPresent);
  putList(o, "ports", c.ports);
  putList(o, "volumes", c.mounts);
  putObject(o, "resource_requests", toJson(c.requests));
  putObject(o, "resource_limits", toJson(c.limits));
  if (c.startup) {
    o.insert(QStringLiteral("startup"), toJson(*c.startup));
  }
  if (c.readiness) {
    o.insert(QStringLiteral("readiness"), toJson(*c.readiness));
  }
  if (c.liveness) {
    o.insert(QStringLiteral("liveness"), toJson(*c.liveness));
  }
  return o;
}

QJsonObject toJson(const WorkloadSpec& s) {
  const WorkloadSpec plain;
  QJsonArray containers;
  for (const auto& c : s.containers) {
    containers.append(toJson(c));
  }
  QJsonObject o{{QStringLiteral("name"), toQString(s.name)},
                {QStringLiteral("containers"), containers},
                {QStringLiteral("replicas"), s.replicas},
                {QStringLiteral("labels"), toJsonObject(s.labels)}}; // always there, as in the originals
  putText(o, "owner", s.owner);
  putWord(o, "restart_policy", s.restart, plain.restart);
  putWord(o, "network_mode", s.network, plain.network);
  putSeconds(o, "stop_grace_seconds", s.stopGraceMs, plain.stopGraceMs);
  putObject(o, "update", toJson(s.update));
  putObject(o, "placement", toJson(s.placement));
  return o;
}

QJsonObject toJson(const WorkloadStatus& s) {
  return {{QStringLiteral("health"), toQString(name(s.health))},
          {QStringLiteral("reason"), toQString(s.reason)},
          {QStringLiteral("desired"), s.desired},
          {QStringLiteral("ready"), s.ready},
          {QStringLiteral("running"), s.running},
          {QStringLiteral("updated"), s.updated},
          {QStringLiteral("total"), s.total},
          {QStringLiteral("restarts"), s.restarts}};
}

QJsonObject toJson(const Workload& w) {
  QJsonObject o = toJson(w.spec);
  o.insert(QStringLiteral("id"), toQString(w.id.str()));
  o.insert(QStringLiteral("generation"), qint64(w.generation));
  o.insert(QStringLiteral("revision"), qint64(w.revision));
  o.insert(QStringLiteral("restart_epoch"), qint64(w.restartEpoch));
  o.insert(QStringLiteral("deleting"), w.deleting);
  o.insert(QStringLiteral("previous"), w.previous ? QJsonValue(toJson(*w.previous)) : QJsonValue());
  o.insert(QStringLiteral("created_at"), timeValue(w.createdAt));
  o.insert(QStringLiteral("updated_at"), timeValue(w.updatedAt));
  o.insert(QStringLiteral("status"), toJson(w.status));
  return o;
}

Resources WorkloadSpec::requestsPerInstance() const {
  Resources sum;
  for (const auto& c : containers) {
    sum += c.requests;
  }
  return sum;
}

std::string WorkloadSpec::templateHash() const {
  QJsonArray parts;
  for (const auto& c : containers) {
    parts.append(toJson(c));
  }
  Placement where = placement;
  where.strategy.clear(); // how nodes are ranked says nothing about an instance that has its node
  where.preferred.clear();
  const QJsonObject o{{QStringLiteral("containers"), parts},
                      {QStringLiteral("restart"), toQString(univrs::model::name(restart))},
                      {QStringLiteral("network"), toQString(univrs::model::name(network))},
                      {QStringLiteral("grace"), qint64(stopGraceMs)},
                      {QStringLiteral("placement"), toJson(where)}};
  // Keys are sorted in a QJsonObject, so the text is the same for the same spec on every machine.
  return base::sha256Hex(QJsonDocument(o).toJson(QJsonDocument::Compact).toStdString());
}

} // namespace univrs::model
