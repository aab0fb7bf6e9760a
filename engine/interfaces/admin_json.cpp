// JSON of what a node says about itself.
#include "engine/interfaces/admin.h"
#include "engine/model/fields.h"

#include <QJsonArray>

#include <algorithm>
#include <array>
#include <utility>

namespace univrs::interfaces {

namespace {
constexpr std::array<std::pair<PartHealth, std::string_view>, 4> kHealth{{
    {PartHealth::Healthy, "healthy"},
    {PartHealth::Degraded, "degraded"},
    {PartHealth::Unhealthy, "unhealthy"},
    {PartHealth::Unknown, "unknown"},
}};

QString text(std::string_view s) {
  return QString::fromUtf8(s.data(), qsizetype(s.size()));
}

base::Timestamp timeAt(model::FieldReader& reader, std::string_view key) {
  const std::string value = reader.string(key).value_or("");
  if (value.empty()) {
    return {};
  }
  const auto time = base::Timestamp::fromIso(value);
  if (!time) {
    reader.faults().error(reader.pathOf(key), "not a time: '" + value.substr(0, 64) + "'");
  }
  return time.value_or(base::Timestamp{});
}

QJsonObject engineToJson(const model::EngineInfo& e) {
  return {{QStringLiteral("driver"), text(e.driver)},   {QStringLiteral("product"), text(e.product)},
          {QStringLiteral("version"), text(e.version)}, {QStringLiteral("socket"), text(e.socket)},
          {QStringLiteral("os"), text(e.os)},           {QStringLiteral("arch"), text(e.arch)},
          {QStringLiteral("cpu_limits"), e.cpuLimits},  {QStringLiteral("memory_limits"), e.memoryLimits},
          {QStringLiteral("pids_limits"), e.pidsLimits}};
}

model::EngineInfo engineFromJson(const QJsonObject& json, const std::string& path, model::FaultList& faults) {
  model::FieldReader reader(json, path, faults);
  model::EngineInfo e;
  e.driver = reader.string("driver").value_or("");
  e.product = reader.string("product").value_or("");
  e.version = reader.string("version").value_or("");
  e.socket = reader.string("socket").value_or("");
  e.os = reader.string("os").value_or("");
  e.arch = reader.string("arch").value_or("");
  e.cpuLimits = reader.boolean("cpu_limits").value_or(false);
  e.memoryLimits = reader.boolean("memory_limits").value_or(false);
  e.pidsLimits = reader.boolean("pids_limits").value_or(false);
  return e;
}
} // namespace

std::string_view name(PartHealth h) {
  const auto it = std::find_if(kHealth.begin(), kHealth.end(), [h](const auto& k) { return k.first == h; });
  return it == kHealth.end() ? std::string_view("unknown") : it->second;
}

std::optional<PartHealth> partHealthFromName(std::string_view textName) {
  const auto it =
      std::find_if(kHealth.begin(), kHealth.end(), [textName](const auto& k) { return k.second == textName; });
  return it == kHealth.end() ? std::nullopt : std::optional(it->first);
}

QJsonObject toJson(const NodeInfo& info) {
  return {{QStringLiteral("version"), text(info.version)},
          {QStringLiteral("name"), text(info.name)},
          {QStringLiteral("peer_id"), text(info.peerId)},
          {QStringLiteral("did"), text(info.did)},
          {QStringLiteral("data_folder"), text(info.dataFolder)},
          {QStringLiteral("started_at"), text(info.startedAt.iso())},
          {QStringLiteral("engine"), engineToJson(info.engine)},
          {QStringLiteral("config"), info.config}};
}

base::Result<NodeInfo> nodeInfoFromJson(const QJsonObject& json) {
  NodeInfo info;
  model::FaultList faults;
  model::FieldReader reader(json, {}, faults);
  info.version = reader.string("version").value_or("");
  info.name = reader.string("name").value_or("");
  info.peerId = reader.string("peer_id").value_or("");
  info.did = reader.string("did").value_or("");
  info.dataFolder = reader.string("data_folder").value_or("");
  info.startedAt = timeAt(reader, "started_at");
  const QJsonObject engine = reader.object("engine").value_or(QJsonObject());
  info.engine = engineFromJson(engine, "engine", faults);
  info.config = reader.object("config").value_or(QJsonObject());
  if (faults.hasErrors()) {
    return faults.toError("the node's description could not be read");
  }
  return info;
}

QJsonObject toJson(const HealthReport& report) {
  QJsonArray parts;
  for (const HealthPart& part : report.parts) {
    QJsonObject p{{QStringLiteral("name"), text(part.name)},
                  {QStringLiteral("status"), text(name(part.status))},
                  {QStringLiteral("last_check"), text(part.lastCheck.iso())},
                  {QStringLiteral("metadata"), QJsonObject()}};
    if (!part.message.empty()) {
      p.insert(QStringLiteral("message"), text(part.message));
    }
    parts.append(p);
  }
  QJsonObject out{{QStringLiteral("status"), text(name(report.status))},
                  {QStringLiteral("ready"), report.ready},
                  {QStringLiteral("components"), parts}};
  if (!report.reason.empty()) {
    out.insert(QStringLiteral("reason"), text(report.reason));
  }
  return out;
}

base::Result<HealthReport> healthReportFromJson(const QJsonObject& json) {
  HealthReport report;
  model::FaultList faults;
  model::FieldReader reader(json, {}, faults);
  report.status = partHealthFromName(reader.string("status").value_or("")).value_or(PartHealth::Unknown);
  report.ready = reader.boolean("ready").value_or(false);
  report.reason = reader.string("reason").value_or("");
  reader.objects("components", 100, [&](const QJsonObject& o, const std::string& path) {
    model::FieldReader part(o, path, faults);
    HealthPart p;
    p.name = part.string("name").value_or("");
    p.status = partHealthFromName(part.string("status").value_or("")).value_or(PartHealth::Unknown);
    p.message = part.string("message").value_or("");
    p.lastCheck = timeAt(part, "last_check");
    report.parts.push_back(std::move(p));
  });
  if (faults.hasErrors()) {
    return faults.toError("the health report could not be read");
  }
  return report;
}

QJsonObject toJson(const AuditEntry& entry) {
  return {{QStringLiteral("time"), text(entry.time.iso())},
          {QStringLiteral("actor"), text(entry.actor)},
          {QStringLiteral("door"), text(entry.door)},
          {QStringLiteral("command"), text(entry.command)},
          {QStringLiteral("args"), entry.args},
          {QStringLiteral("ok"), entry.ok},
          {QStringLiteral("result"), text(entry.result)},
          {QStringLiteral("correlation_id"), text(entry.correlationId)}};
}

base::Result<AuditEntry> auditEntryFromJson(const QJsonObject& json) {
  AuditEntry entry;
  model::FaultList faults;
  model::FieldReader reader(json, {}, faults);
  entry.time = timeAt(reader, "time");
  entry.actor = reader.string("actor").value_or("");
  entry.door = reader.string("door").value_or("");
  entry.command = reader.string("command").value_or("");
  entry.args = reader.object("args").value_or(QJsonObject());
  entry.ok = reader.boolean("ok").value_or(false);
  entry.result = reader.string("result", 65'536).value_or("");
  entry.correlationId = reader.string("correlation_id").value_or("");
  if (faults.hasErrors()) {
    return faults.toError("an audit entry could not be read");
  }
  return entry;
}

} // namespace univrs::interfaces
