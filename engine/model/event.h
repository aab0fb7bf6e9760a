// Something that happened, for people and scripts: who or what, when, why. Kept in a bounded ring, streamed to
// watchers.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"

#include <QJsonObject>

#include <string>

namespace univrs::model {

enum class Severity { Info, Warning, Error };
std::string_view name(Severity s); // "info", "warning", "error"

struct Event {
  std::string id; // UUID
  int64_t revision = 0;
  base::Timestamp time;
  Severity severity = Severity::Info;
  std::string type; // snake_case of the originals where they have one: workload_created, instance_status_changed, …
  std::string objectKind; // "workload" | "instance" | "node" | "cluster"
  std::string objectId;
  std::string workloadId; // when it belongs to one
  std::string objectName;
  std::string message;       // one sentence
  std::string correlationId; // of the command that caused it; may be empty
  QJsonObject data;
  int count = 1; // equal events in a row are folded
  bool operator==(const Event&) const = default;
};

QJsonObject toJson(const Event& event); // {id,type,timestamp,data,correlation_id,…}
base::Result<Event> eventFromJson(const QJsonObject& json);

} // namespace univrs::model
