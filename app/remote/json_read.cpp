#include "app/remote/json_read.h"

#include <QJsonDocument>

namespace univrs::remote {

using base::ErrorCode;

namespace {

constexpr qsizetype kMaxFields = 500; // faults kept of one answer

std::string text(const QJsonObject& json, const char* key) {
  return json.value(QLatin1String(key)).toString().toStdString();
}

ErrorCode codeFromStatus(int status) {
  switch (status) {
  case 400:
  case 405:
  case 415:
  case 426:
    return ErrorCode::BadRequest;
  case 401:
    return ErrorCode::Unauthorized;
  case 403:
    return ErrorCode::Forbidden;
  case 404:
  case 410:
    return ErrorCode::NotFound;
  case 409:
  case 412:
    return ErrorCode::Conflict;
  case 413:
  case 431:
    return ErrorCode::TooLarge;
  case 429:
    return ErrorCode::RateLimited;
  case 501:
    return ErrorCode::Unsupported;
  case 502:
  case 503:
    return ErrorCode::Unavailable;
  case 408:
  case 504:
    return ErrorCode::Timeout;
  case 507:
    return ErrorCode::NoSpace;
  default:
    return ErrorCode::Internal;
  }
}

interfaces::PartHealth partHealth(const QString& word) {
  for (const auto h :
       {interfaces::PartHealth::Healthy, interfaces::PartHealth::Degraded, interfaces::PartHealth::Unhealthy}) {
    if (word.toStdString() == interfaces::name(h)) {
      return h;
    }
  }
  return interfaces::PartHealth::Unknown;
}

} // namespace

base::Error badAnswer(const std::string& why) {
  return base::makeError(ErrorCode::Internal, "The node's answer was not understood", why,
                         "Do both sides run the same version of Univrs? See: univrs version");
}

base::Error errorFromJson(const QJsonObject& json, ErrorCode fallback) {
  base::Error error;
  const QString code = json.value(QLatin1String("code")).toString();
  error.code = code.isEmpty() ? fallback : base::errorCodeFromName(code.toStdString());
  if (error.code == ErrorCode::Internal && code != QLatin1String("INTERNAL_ERROR")) {
    error.code = fallback; // a code this version does not know
  }
  const QJsonObject details = json.value(QLatin1String("details")).toObject();
  error.what = text(details, "what");
  if (error.what.empty()) {
    error.what = text(json, "error");
  } else {
    error.why = text(details, "why");
  }
  if (error.what.empty()) {
    error.what = "The node refused without saying why";
  }
  error.hint = text(details, "hint");
  const QJsonArray fields = details.value(QLatin1String("fields")).toArray();
  for (qsizetype i = 0; i < fields.size() && i < kMaxFields; ++i) {
    const QJsonObject field = fields.at(i).toObject();
    base::FieldError fault;
    fault.path = text(field, "path");
    fault.message = text(field, "message");
    fault.hint = text(field, "hint");
    fault.warning = field.value(QLatin1String("warning")).toBool();
    fault.line = field.value(QLatin1String("line")).toInt();
    error.fields.push_back(std::move(fault));
  }
  return error;
}

base::Error errorFromBody(int status, const QByteArray& body) {
  const QJsonObject json = QJsonDocument::fromJson(body).object();
  const ErrorCode byStatus = codeFromStatus(status);
  base::Error error;
  if (json.contains(QLatin1String("error"))) {
    error = errorFromJson(json, byStatus);
  } else {
    error = base::makeError(byStatus, "The node refused", "HTTP status " + std::to_string(status));
  }
  if (error.code == ErrorCode::Unauthorized && error.hint.empty()) {
    error.hint = "Name the folder of the node with --data DIR, or its token with --token-file FILE";
  }
  return error;
}

interfaces::AuditEntry auditEntryFromJson(const QJsonObject& json) {
  interfaces::AuditEntry entry;
  entry.time = base::Timestamp::fromIso(text(json, "time")).value_or(base::Timestamp{});
  entry.actor = text(json, "actor");
  entry.door = text(json, "door");
  entry.command = text(json, "command");
  entry.args = json.value(QLatin1String("args")).toObject();
  entry.ok = json.value(QLatin1String("ok")).toBool();
  entry.result = text(json, "result");
  entry.correlationId = text(json, "correlation_id");
  return entry;
}

interfaces::HealthReport healthFromJson(const QJsonObject& health, const QJsonObject& ready) {
  interfaces::HealthReport report;
  report.status = partHealth(health.value(QLatin1String("status")).toString());
  report.ready = ready.value(QLatin1String("ready")).toBool();
  report.reason = text(ready, "reason");
  const QJsonArray components = health.value(QLatin1String("components")).toArray();
  for (qsizetype i = 0; i < components.size() && i < kMaxFields; ++i) {
    const QJsonObject c = components.at(i).toObject();
    interfaces::HealthPart part;
    part.name = text(c, "name");
    part.status = partHealth(c.value(QLatin1String("status")).toString());
    part.message = text(c, "message");
    part.lastCheck = base::Timestamp::fromIso(text(c, "last_check")).value_or(base::Timestamp{});
    report.parts.push_back(std::move(part));
  }
  return report;
}

} // namespace univrs::remote
