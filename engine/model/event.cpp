#include "engine/model/event.h"

#include "engine/model/fields.h"
#include "engine/model/json_text.h"
#include "engine/model/words.h"
#include "engine/model/workload_read.h"

namespace univrs::model {

namespace {
const std::vector<std::string_view>& severityWords() {
  static const std::vector<std::string_view> w{"info", "warning", "error"};
  return w;
}
} // namespace

std::string_view name(Severity s) {
  return words::of(severityWords(), s);
}

QJsonObject toJson(const Event& e) {
  return {{QStringLiteral("id"), toQString(e.id)},
          {QStringLiteral("type"), toQString(e.type)},
          {QStringLiteral("timestamp"), timeValue(e.time)},
          {QStringLiteral("data"), e.data},
          {QStringLiteral("correlation_id"),
           e.correlationId.empty() ? QJsonValue() : QJsonValue(toQString(e.correlationId))},
          {QStringLiteral("revision"), qint64(e.revision)},
          {QStringLiteral("severity"), toQString(name(e.severity))},
          {QStringLiteral("object_kind"), toQString(e.objectKind)},
          {QStringLiteral("object_id"), toQString(e.objectId)},
          {QStringLiteral("object_name"), toQString(e.objectName)},
          {QStringLiteral("workload_id"), toQString(e.workloadId)},
          {QStringLiteral("message"), toQString(e.message)},
          {QStringLiteral("count"), e.count}};
}

base::Result<Event> eventFromJson(const QJsonObject& json) {
  FaultList faults;
  FieldReader r(json, {}, faults);
  Event e;
  r.require("id");
  r.require("type");
  e.id = r.string("id").value_or("");
  e.type = r.string("type").value_or("");
  e.time = readTime(r, "timestamp");
  e.data = r.object("data").value_or(QJsonObject());
  e.correlationId = r.string("correlation_id").value_or("");
  e.revision = r.integer("revision", 0, INT64_C(9'000'000'000'000'000'000)).value_or(0);
  e.severity = Severity(r.word("severity", severityWords()).value_or(0));
  e.objectKind = r.string("object_kind").value_or("");
  e.objectId = r.string("object_id").value_or("");
  e.objectName = r.string("object_name").value_or("");
  e.workloadId = r.string("workload_id").value_or("");
  e.message = r.string("message", 65'536).value_or("");
  e.count = int(r.integer("count", 0, INT32_MAX).value_or(1));
  if (faults.hasErrors()) {
    return faults.toError("the event was not understood");
  }
  return e;
}

} // namespace univrs::model
