// About the node itself: who it is, how its parts are, its configuration, audit and backup.
#pragma once

#include "engine/interfaces/reply.h"
#include "engine/interfaces/workloads.h"
#include "engine/model/node.h"

#include <QJsonObject>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::interfaces {

struct NodeInfo {
  std::string version;
  std::string name;
  std::string peerId;
  std::string did; // did:key:…
  std::string dataFolder;
  base::Timestamp startedAt;
  model::EngineInfo engine;
  QJsonObject config; // effective, each key with {value, source}
};

enum class PartHealth { Healthy, Degraded, Unhealthy, Unknown };
struct HealthPart {
  std::string name; // "store", "runtime", "control", "ports"
  PartHealth status = PartHealth::Unknown;
  std::string message;
  base::Timestamp lastCheck;
};
struct HealthReport {
  PartHealth status = PartHealth::Unknown; // the worst of the parts
  bool ready = false;
  std::string reason; // why not ready
  std::vector<HealthPart> parts;
};
QJsonObject toJson(const NodeInfo& info);
base::Result<NodeInfo> nodeInfoFromJson(const QJsonObject& json);
std::string_view name(PartHealth h); // "healthy", …
std::optional<PartHealth> partHealthFromName(std::string_view text);
// {status, ready, reason?, components[{name,status,message?,last_check,metadata}]}: the core of /healthz.
QJsonObject toJson(const HealthReport& report);
base::Result<HealthReport> healthReportFromJson(const QJsonObject& json);

struct AuditEntry {
  base::Timestamp time;
  std::string actor;
  std::string door;
  std::string command;
  QJsonObject args;
  bool ok = false;
  std::string result; // summary or error
  std::string correlationId;
};
QJsonObject toJson(const AuditEntry& entry);
base::Result<AuditEntry> auditEntryFromJson(const QJsonObject& json);

class Admin {
public:
  virtual ~Admin() = default;
  //! Who and what this node is.
  virtual void nodeInfo(Reply<NodeInfo> reply) = 0;
  //! How its parts are, measured now.
  virtual void health(Reply<HealthReport> reply) = 0;
  //! Commands that were run, newest first.
  virtual void audit(int limit, Reply<std::vector<AuditEntry>> reply) = 0;
  //! A consistent copy of the state into a new file on the node.
  virtual void backup(std::string path, Reply<std::string> reply) = 0;
};

} // namespace univrs::interfaces
