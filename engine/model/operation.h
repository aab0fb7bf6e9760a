// Long work under way, for progress bars: pulling an image, loading an archive, a rolling update, a removal.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"

#include <QJsonObject>

#include <string>

namespace univrs::model {

struct Operation {
  std::string id;
  std::string kind;    // "pull", "load", "update", "remove"
  std::string subject; // "docker.io/library/nginx:1.25", "image.tar", a workload's name
  std::string workloadId;
  std::string instanceId;
  std::string nodeId;
  std::string phase;   // "downloading", "sending", "rolling", …; at the end "done", "failed", "cancelled"
  int64_t current = 0; // bytes; of an update or a removal instances
  int64_t total = 0;   // 0 = not known
  std::string message;
  bool finished = false;
  base::Timestamp startedAt;
  base::Timestamp updatedAt;
  bool cancellable = false; // command cancel_operation ends it
  bool operator==(const Operation&) const = default;
};

// Whether current and total are instances instead of bytes.
bool countsInstances(const Operation& op);

QJsonObject toJson(const Operation& op);
base::Result<Operation> operationFromJson(const QJsonObject& json);

} // namespace univrs::model
