#include "engine/agent/agent.h"
#include "engine/model/fields.h"

namespace univrs::agent {

namespace {
constexpr int64_t kMaxCounter = int64_t(1) << 53; // what a JSON number carries exactly
}

QJsonObject toJson(const Assignment& a) {
  QJsonObject o;
  o[QStringLiteral("instance_id")] = QString::fromStdString(a.instanceId.str());
  o[QStringLiteral("workload_id")] = QString::fromStdString(a.workloadId.str());
  o[QStringLiteral("spec")] = model::toJson(a.spec);
  o[QStringLiteral("generation")] = static_cast<qint64>(a.generation);
  o[QStringLiteral("template_hash")] = QString::fromStdString(a.templateHash);
  o[QStringLiteral("epoch")] = static_cast<qint64>(a.epoch);
  o[QStringLiteral("restart_epoch")] = static_cast<qint64>(a.restartEpoch);
  o[QStringLiteral("stop")] = a.stop;
  return o;
}

base::Result<Assignment> assignmentFromJson(const QJsonObject& json) {
  model::FaultList faults;
  model::FieldReader reader(json, {}, faults);
  Assignment a;
  reader.require("instance_id");
  reader.require("workload_id");
  reader.require("spec");
  a.instanceId = model::InstanceId(reader.string("instance_id", 128).value_or(""));
  a.workloadId = model::WorkloadId(reader.string("workload_id", 128).value_or(""));
  if (const auto spec = reader.object("spec")) {
    auto read = model::workloadSpecFromJson(*spec);
    if (read) {
      a.spec = std::move(*read);
    } else {
      faults.append(read.error().fields, "spec");
      if (read.error().fields.empty()) {
        faults.error("spec", read.error().text());
      }
    }
  }
  a.generation = reader.integer("generation", 0, kMaxCounter).value_or(0);
  a.templateHash = reader.string("template_hash", 256).value_or("");
  a.epoch = reader.integer("epoch", 0, kMaxCounter).value_or(0);
  a.restartEpoch = reader.integer("restart_epoch", 0, kMaxCounter).value_or(0);
  a.stop = reader.boolean("stop").value_or(false);
  reader.finish();
  if (faults.hasErrors()) {
    return faults.toError("the assignment cannot be read");
  }
  return a;
}

} // namespace univrs::agent
