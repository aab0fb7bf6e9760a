#include "engine/model/operation.h"

#include "engine/model/fields.h"
#include "engine/model/json_text.h"
#include "engine/model/workload_read.h"

namespace univrs::model {

bool countsInstances(const Operation& op) {
  return op.kind == "update" || op.kind == "remove";
}

QJsonObject toJson(const Operation& op) {
  return {{QStringLiteral("id"), toQString(op.id)},
          {QStringLiteral("kind"), toQString(op.kind)},
          {QStringLiteral("subject"), toQString(op.subject)},
          {QStringLiteral("workload_id"), toQString(op.workloadId)},
          {QStringLiteral("instance_id"), toQString(op.instanceId)},
          {QStringLiteral("node_id"), toQString(op.nodeId)},
          {QStringLiteral("phase"), toQString(op.phase)},
          {QStringLiteral("current"), qint64(op.current)},
          {QStringLiteral("total"), qint64(op.total)},
          {QStringLiteral("message"), toQString(op.message)},
          {QStringLiteral("finished"), op.finished},
          {QStringLiteral("cancellable"), op.cancellable},
          {QStringLiteral("started_at"), timeValue(op.startedAt)},
          {QStringLiteral("updated_at"), timeValue(op.updatedAt)}};
}

base::Result<Operation> operationFromJson(const QJsonObject& json) {
  constexpr int64_t max = INT64_C(9'000'000'000'000'000'000);
  FaultList faults;
  FieldReader r(json, {}, faults);
  Operation op;
  r.require("id");
  op.id = r.string("id").value_or("");
  op.kind = r.string("kind").value_or("");
  op.subject = r.string("subject").value_or("");
  op.workloadId = r.string("workload_id").value_or("");
  op.instanceId = r.string("instance_id").value_or("");
  op.nodeId = r.string("node_id").value_or("");
  op.phase = r.string("phase").value_or("");
  op.current = r.integer("current", 0, max).value_or(0);
  op.total = r.integer("total", 0, max).value_or(0);
  op.message = r.string("message", 65'536).value_or("");
  op.finished = r.boolean("finished").value_or(false);
  op.cancellable = r.boolean("cancellable").value_or(false);
  op.startedAt = readTime(r, "started_at");
  op.updatedAt = readTime(r, "updated_at");
  if (faults.hasErrors()) {
    return faults.toError("the operation was not understood");
  }
  return op;
}

} // namespace univrs::model
