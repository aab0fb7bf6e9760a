// Long work under way, for progress bars: pulling an image, a rolling update, a removal.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"

#include <QJsonObject>

#include <string>

namespace univrs::model {

struct Operation {
  std::string id;
  std::string kind;    // "pull"
  std::string subject; // "docker.io/library/nginx:1.25"
  std::string workloadId;
  std::string instanceId;
  std::string nodeId;
  std::string phase;   // "downloading", "extracting", "done", "failed"
  int64_t current = 0; // bytes or steps
  int64_t total = 0;   // 0 = not known
  std::string message;
  bool finished = false;
  base::Timestamp startedAt;
  base::Timestamp updatedAt;
  bool operator==(const Operation&) const = default;
};

QJsonObject toJson(const Operation& op);
base::Result<Operation> operationFromJson(const QJsonObject& json);

} // namespace univrs::model
