#include "plugins/runtime-process/container_files.h"

#include "plugins/runtime-process/small_file.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>

namespace univrs::runtime_process {

namespace {
QJsonObject toObject(const std::map<std::string, std::string>& map) {
  QJsonObject object;
  for (const auto& [key, value] : map) {
    object.insert(QString::fromStdString(key), QString::fromStdString(value));
  }
  return object;
}

std::map<std::string, std::string> toMap(const QJsonObject& object) {
  std::map<std::string, std::string> map;
  for (auto it = object.begin(); it != object.end(); ++it) {
    map.emplace(it.key().toStdString(), it.value().toString().toStdString());
  }
  return map;
}

std::optional<QJsonObject> readObject(const std::string& path) {
  const std::optional<std::string> text = readSmallFile(path);
  if (!text) {
    return std::nullopt;
  }
  const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(*text));
  return document.isObject() ? std::optional(document.object()) : std::nullopt;
}
} // namespace

bool writeConfig(const std::string& folder, const ContainerConfig& config) {
  QJsonArray command;
  for (const std::string& word : config.command) {
    command.append(QString::fromStdString(word));
  }
  QJsonArray endpoints;
  for (const model::Endpoint& endpoint : config.endpoints) {
    endpoints.append(
        QJsonObject{{QStringLiteral("container_port"), endpoint.containerPort},
                    {QStringLiteral("protocol"),
                     endpoint.protocol == model::Protocol::Tcp ? QStringLiteral("tcp") : QStringLiteral("udp")},
                    {QStringLiteral("address"), QString::fromStdString(endpoint.address)},
                    {QStringLiteral("port"), endpoint.port}});
  }
  const QJsonObject object{{QStringLiteral("id"), QString::fromStdString(config.id)},
                           {QStringLiteral("name"), QString::fromStdString(config.name)},
                           {QStringLiteral("labels"), toObject(config.labels)},
                           {QStringLiteral("command"), command},
                           {QStringLiteral("endpoints"), endpoints},
                           {QStringLiteral("port_env"), toObject(config.portEnv)},
                           {QStringLiteral("memory_limit_bytes"), qint64(config.memoryLimitBytes)},
                           {QStringLiteral("created_at"), qint64(config.createdAtMs)}};
  return replaceFile(folder + "/" + kConfigFile, QJsonDocument(object).toJson().toStdString());
}

std::optional<ContainerConfig> readConfig(const std::string& folder) {
  const std::optional<QJsonObject> object = readObject(folder + "/" + kConfigFile);
  if (!object) {
    return std::nullopt;
  }
  ContainerConfig config;
  config.id = object->value(QLatin1String("id")).toString().toStdString();
  config.name = object->value(QLatin1String("name")).toString().toStdString();
  config.labels = toMap(object->value(QLatin1String("labels")).toObject());
  config.portEnv = toMap(object->value(QLatin1String("port_env")).toObject());
  config.memoryLimitBytes = object->value(QLatin1String("memory_limit_bytes")).toInteger();
  config.createdAtMs = object->value(QLatin1String("created_at")).toInteger();
  const QJsonArray command = object->value(QLatin1String("command")).toArray();
  for (const QJsonValue& word : command) {
    config.command.push_back(word.toString().toStdString());
  }
  const QJsonArray endpoints = object->value(QLatin1String("endpoints")).toArray();
  for (const QJsonValue& value : endpoints) {
    const QJsonObject endpoint = value.toObject();
    config.endpoints.push_back({static_cast<uint16_t>(endpoint.value(QLatin1String("container_port")).toInt()),
                                endpoint.value(QLatin1String("protocol")).toString() == QLatin1String("udp")
                                    ? model::Protocol::Udp
                                    : model::Protocol::Tcp,
                                endpoint.value(QLatin1String("address")).toString().toStdString(),
                                static_cast<uint16_t>(endpoint.value(QLatin1String("port")).toInt())});
  }
  return config.id.empty() ? std::nullopt : std::optional(config);
}

std::optional<ShimState> readState(const std::string& folder) {
  const std::optional<QJsonObject> object = readObject(folder + "/" + kStateFile);
  if (!object) {
    return std::nullopt;
  }
  const auto number = [&object](QLatin1String key) { return object->value(key).toInteger(); };
  ShimState state;
  state.running = object->value(QLatin1String("phase")).toString() == QLatin1String("running");
  state.pid = static_cast<pid_t>(number(QLatin1String("pid")));
  state.startTime = static_cast<uint64_t>(number(QLatin1String("start_time")));
  state.shimPid = static_cast<pid_t>(number(QLatin1String("shim_pid")));
  state.shimStartTime = static_cast<uint64_t>(number(QLatin1String("shim_start_time")));
  state.exitCode = static_cast<int>(number(QLatin1String("exit_code")));
  state.oomKilled = object->value(QLatin1String("oom_killed")).toBool();
  state.startedAtMs = number(QLatin1String("started_at"));
  state.finishedAtMs = number(QLatin1String("finished_at"));
  state.error = object->value(QLatin1String("error")).toString().toStdString();
  return state;
}

} // namespace univrs::runtime_process
