#include "engine/interfaces/json.h"

#include "engine/base/encoding.h"

#include <algorithm>
#include <array>
#include <utility>

namespace univrs::interfaces {

namespace {
constexpr std::array<std::pair<Delta::Kind, std::string_view>, 5> kKinds{{
    {Delta::Kind::SnapshotBegin, "snapshot_begin"},
    {Delta::Kind::Put, "put"},
    {Delta::Kind::Remove, "remove"},
    {Delta::Kind::SnapshotEnd, "snapshot_end"},
    {Delta::Kind::Heartbeat, "heartbeat"},
}};
constexpr qsizetype kMaxFields = 200; // faults read from one error body

QString text(std::string_view s) {
  return QString::fromUtf8(s.data(), qsizetype(s.size()));
}
std::string stringAt(const QJsonObject& json, QLatin1String key) {
  return json.value(key).toString().toStdString();
}

base::Error broken(const char* what, std::string why) {
  return base::makeError(base::ErrorCode::BadRequest, what, std::move(why));
}

template <class T>
base::Result<Delta> withObject(Delta delta, base::Result<T> object) {
  if (!object) {
    return std::move(object).error();
  }
  delta.object = std::move(object).value();
  return delta;
}

base::Result<Delta> readObject(Delta delta, const QJsonObject& object) {
  switch (delta.topic) {
  case Topic::Workloads:
    return withObject(std::move(delta), model::workloadFromJson(object));
  case Topic::Instances:
    return withObject(std::move(delta), model::instanceFromJson(object));
  case Topic::Nodes:
    return withObject(std::move(delta), model::nodeFromJson(object));
  case Topic::Cluster:
    return withObject(std::move(delta), model::clusterStatusFromJson(object));
  case Topic::Events:
    return withObject(std::move(delta), model::eventFromJson(object));
  case Topic::Decisions:
    return withObject(std::move(delta), model::decisionFromJson(object));
  case Topic::Operations:
    return withObject(std::move(delta), model::operationFromJson(object));
  case Topic::Peers:
    return withObject(std::move(delta), model::peerFromJson(object));
  case Topic::Gossip:
    return withObject(std::move(delta), model::gossipMessageFromJson(object));
  }
  return broken("a delta could not be read", "its topic has no objects");
}

struct ObjectToJson {
  QJsonObject operator()(std::monostate) const { return {}; }
  QJsonObject operator()(const model::Decision& decision) const { return model::toJson(decision, 0); }
  template <class T>
  QJsonObject operator()(const T& object) const {
    return model::toJson(object);
  }
};
} // namespace

std::string_view name(Delta::Kind kind) {
  const auto it = std::find_if(kKinds.begin(), kKinds.end(), [kind](const auto& k) { return k.first == kind; });
  return it == kKinds.end() ? std::string_view() : it->second;
}

QJsonObject toJson(const Delta& delta) {
  QJsonObject out{{QStringLiteral("kind"), text(name(delta.kind))},
                  {QStringLiteral("topic"), text(name(delta.topic))},
                  {QStringLiteral("revision"), qint64(delta.revision)}};
  if (!delta.id.empty()) {
    out.insert(QStringLiteral("id"), text(delta.id));
  }
  if (delta.kind == Delta::Kind::Put) {
    out.insert(QStringLiteral("object"), std::visit(ObjectToJson{}, delta.object));
  }
  return out;
}

base::Result<Delta> deltaFromJson(const QJsonObject& json) {
  Delta delta;
  const std::string kind = stringAt(json, QLatin1String("kind"));
  const auto known = std::find_if(kKinds.begin(), kKinds.end(), [&kind](const auto& k) { return k.second == kind; });
  if (known == kKinds.end()) {
    return broken("a delta could not be read", "its kind is '" + kind.substr(0, 64) + "'");
  }
  delta.kind = known->first;
  const std::string topic = stringAt(json, QLatin1String("topic"));
  const auto knownTopic = topicFromName(topic);
  if (!knownTopic && delta.kind != Delta::Kind::Heartbeat) {
    return broken("a delta could not be read", "its topic is '" + topic.substr(0, 64) + "'");
  }
  delta.topic = knownTopic.value_or(Topic::Workloads);
  delta.revision = json.value(QLatin1String("revision")).toInteger(-1);
  if (delta.revision < 0) {
    return broken("a delta could not be read", "it has no revision");
  }
  delta.id = stringAt(json, QLatin1String("id"));
  if (delta.kind == Delta::Kind::Remove && delta.id.empty()) {
    return broken("a delta could not be read", "a removal needs an id");
  }
  if (delta.kind != Delta::Kind::Put) {
    return delta;
  }
  const QJsonValue object = json.value(QLatin1String("object"));
  if (!object.isObject()) {
    return broken("a delta could not be read", "a put needs an object");
  }
  return readObject(std::move(delta), object.toObject());
}

QJsonObject toJson(const LogEntry& entry) {
  QJsonObject out{{QStringLiteral("instance_id"), text(entry.instanceId)},
                  {QStringLiteral("container"), text(entry.container)},
                  {QStringLiteral("container_id"), text(entry.containerId)},
                  {QStringLiteral("time"), text(entry.time.iso())},
                  {QStringLiteral("stream"), entry.isStderr ? QStringLiteral("stderr") : QStringLiteral("stdout")}};
  if (base::isUtf8(entry.text)) {
    out.insert(QStringLiteral("text"), text(entry.text));
  } else {
    out.insert(QStringLiteral("text_base64"), text(base::base64(base::asBytes(entry.text))));
  }
  return out;
}

base::Result<LogEntry> logEntryFromJson(const QJsonObject& json) {
  LogEntry entry;
  entry.instanceId = stringAt(json, QLatin1String("instance_id"));
  entry.container = stringAt(json, QLatin1String("container"));
  entry.containerId = stringAt(json, QLatin1String("container_id"));
  const std::string time = stringAt(json, QLatin1String("time"));
  if (!time.empty()) {
    const auto read = base::Timestamp::fromIso(time);
    if (!read) {
      return broken("a log line could not be read", "its time is '" + time.substr(0, 64) + "'");
    }
    entry.time = *read;
  }
  const QString stream = json.value(QLatin1String("stream")).toString();
  if (stream != QLatin1String("stdout") && stream != QLatin1String("stderr")) {
    return broken("a log line could not be read", "its stream is neither stdout nor stderr");
  }
  entry.isStderr = stream == QLatin1String("stderr");
  if (const QJsonValue plain = json.value(QLatin1String("text")); plain.isString()) {
    entry.text = plain.toString().toStdString();
    return entry;
  }
  const QJsonValue encoded = json.value(QLatin1String("text_base64"));
  const auto bytes = encoded.isString() ? base::fromBase64(encoded.toString().toStdString()) : std::nullopt;
  if (!bytes) {
    return broken("a log line could not be read", "it has neither text nor valid text_base64");
  }
  entry.text.assign(bytes->begin(), bytes->end());
  return entry;
}

QJsonObject toJson(const base::FieldError& fault) {
  QJsonObject out{{QStringLiteral("path"), text(fault.path)}, {QStringLiteral("message"), text(fault.message)}};
  if (!fault.hint.empty()) {
    out.insert(QStringLiteral("hint"), text(fault.hint));
  }
  if (fault.warning) {
    out.insert(QStringLiteral("warning"), true);
  }
  if (fault.line > 0) {
    out.insert(QStringLiteral("line"), fault.line);
  }
  return out;
}

base::FieldError fieldErrorFromJson(const QJsonObject& json) {
  base::FieldError fault;
  fault.path = stringAt(json, QLatin1String("path"));
  fault.message = stringAt(json, QLatin1String("message"));
  fault.hint = stringAt(json, QLatin1String("hint"));
  fault.warning = json.value(QLatin1String("warning")).toBool();
  fault.line = std::max(0, json.value(QLatin1String("line")).toInt());
  return fault;
}

QJsonObject errorToJson(const base::Error& error) {
  QJsonArray fields;
  for (const auto& fault : error.fields) {
    fields.append(toJson(fault));
  }
  const std::string line = error.why.empty() ? error.what : error.what + ": " + error.why;
  return {{QStringLiteral("error"), text(line)},
          {QStringLiteral("code"), text(base::errorCodeName(error.code))},
          {QStringLiteral("details"), QJsonObject{{QStringLiteral("what"), text(error.what)},
                                                  {QStringLiteral("why"), text(error.why)},
                                                  {QStringLiteral("hint"), text(error.hint)},
                                                  {QStringLiteral("fields"), fields}}}};
}

base::Error errorFromJson(const QJsonObject& json) {
  base::Error error;
  error.code = base::errorCodeFromName(stringAt(json, QLatin1String("code")));
  const QJsonObject details = json.value(QLatin1String("details")).toObject();
  error.what = stringAt(details, QLatin1String("what"));
  error.why = stringAt(details, QLatin1String("why"));
  error.hint = stringAt(details, QLatin1String("hint"));
  if (error.what.empty()) {
    error.what = stringAt(json, QLatin1String("error"));
  }
  const QJsonArray fields = details.value(QLatin1String("fields")).toArray();
  for (qsizetype i = 0; i < std::min(fields.size(), kMaxFields); ++i) {
    error.fields.push_back(fieldErrorFromJson(fields.at(i).toObject()));
  }
  return error;
}

} // namespace univrs::interfaces
