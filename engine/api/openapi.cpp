#include "engine/api/openapi.h"

#include "engine/api/openapi_schemas.h"
#include "engine/api/router.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <map>

namespace univrs::api {

namespace {
QString text(std::string_view s) {
  return QString::fromUtf8(s.data(), qsizetype(s.size()));
}

QJsonObject reference(const std::string& schema) {
  return {{QStringLiteral("$ref"), QStringLiteral("#/components/schemas/") + text(schema)}};
}

QJsonObject content(const std::string& schema) {
  if (schema == "text") {
    return {{QStringLiteral("text/plain"),
             QJsonObject{{QStringLiteral("schema"), QJsonObject{{QStringLiteral("type"), QStringLiteral("string")}}}}}};
  }
  return {{QStringLiteral("application/json"), QJsonObject{{QStringLiteral("schema"), reference(schema)}}}};
}

QJsonArray parametersOf(const Route& route) {
  QJsonArray out;
  for (size_t at = route.pattern.find('{'); at != std::string::npos; at = route.pattern.find('{', at + 1)) {
    const std::string name = route.pattern.substr(at + 1, route.pattern.find('}', at) - at - 1);
    out.append(
        QJsonObject{{QStringLiteral("name"), text(name)},
                    {QStringLiteral("in"), QStringLiteral("path")},
                    {QStringLiteral("required"), true},
                    {QStringLiteral("schema"), QJsonObject{{QStringLiteral("type"), QStringLiteral("string")}}}});
  }
  for (const QueryParam& p : route.query) {
    QJsonObject schema{{QStringLiteral("type"), text(p.type)}};
    if (p.repeated) {
      schema = {{QStringLiteral("type"), QStringLiteral("array")}, {QStringLiteral("items"), schema}};
    }
    out.append(QJsonObject{{QStringLiteral("name"), text(p.name)},
                           {QStringLiteral("in"), QStringLiteral("query")},
                           {QStringLiteral("description"), text(p.description)},
                           {QStringLiteral("schema"), schema}});
  }
  return out;
}

QJsonObject operationOf(const Route& route) {
  QJsonObject success{{QStringLiteral("description"), text(route.summary)}};
  const bool socketOnly = !route.handler;
  if (!route.responseSchema.empty() && !socketOnly) {
    success.insert(QStringLiteral("content"), content(route.responseSchema));
  }
  QJsonObject responses{
      {QString::number(socketOnly ? 101 : route.successStatus), success},
      {QStringLiteral("default"), QJsonObject{{QStringLiteral("description"), QStringLiteral("an error")},
                                              {QStringLiteral("content"), content("Error")}}}};
  QJsonObject out{{QStringLiteral("operationId"), text(route.operationId)},
                  {QStringLiteral("tags"), QJsonArray{text(route.tag)}},
                  {QStringLiteral("summary"), text(route.summary)},
                  {QStringLiteral("parameters"), parametersOf(route)},
                  {QStringLiteral("responses"), responses}};
  if (!route.requestSchema.empty()) {
    QJsonObject body = content(route.requestSchema);
    if (route.requestSchema == "WorkloadSpec" && route.pattern == "/workloads") {
      body.insert(
          QStringLiteral("application/yaml"),
          QJsonObject{{QStringLiteral("schema"), QJsonObject{{QStringLiteral("type"), QStringLiteral("string")}}}});
    }
    out.insert(QStringLiteral("requestBody"), QJsonObject{{QStringLiteral("content"), body}});
  }
  if (route.socket != nullptr) {
    out.insert(QStringLiteral("x-websocket"), true);
  }
  if (route.access == Access::Open) {
    out.insert(QStringLiteral("security"), QJsonArray());
  }
  return out;
}

QJsonObject securitySchemes() {
  const auto header = [](const char* name, const char* what) {
    return QJsonObject{{QStringLiteral("type"), QStringLiteral("apiKey")},
                       {QStringLiteral("in"), QStringLiteral("header")},
                       {QStringLiteral("name"), QLatin1String(name)},
                       {QStringLiteral("description"), QLatin1String(what)}};
  };
  return {{QStringLiteral("token"), QJsonObject{{QStringLiteral("type"), QStringLiteral("http")},
                                                {QStringLiteral("scheme"), QStringLiteral("bearer")}}},
          {QStringLiteral("signed_key"), header("X-Auth-PublicKey", "base64 of the 32 bytes of a trusted Ed25519 key")},
          {QStringLiteral("signed_time"), header("X-Auth-Timestamp", "RFC 3339; at most 300 s old")},
          {QStringLiteral("signed_nonce"), header("X-Auth-Nonce", "8 to 128 characters, used once")},
          {QStringLiteral("signature"),
           header("X-Auth-Signature",
                  "base64 of Ed25519 over METHOD, PATH?QUERY, TIMESTAMP, NONCE, SHA256HEX(BODY) joined by newlines")}};
}
} // namespace

QJsonObject openApiSchemas() {
  return QJsonDocument::fromJson(QByteArray(kOpenApiSchemas)).object();
}

std::string openApiDocument(const std::vector<Route>& routes) {
  std::map<QString, QJsonObject> paths;
  for (const Route& route : routes) {
    QJsonObject& item = paths[route.rooted ? text(route.pattern) : QStringLiteral("/api") + text(route.pattern)];
    QString method = text(route.method).toLower();
    item.insert(method, operationOf(route));
  }
  QJsonObject pathsJson;
  for (const auto& [path, item] : paths) {
    pathsJson.insert(path, item);
  }
  const QJsonArray security{QJsonObject{{QStringLiteral("token"), QJsonArray()}},
                            QJsonObject{{QStringLiteral("signed_key"), QJsonArray()},
                                        {QStringLiteral("signed_time"), QJsonArray()},
                                        {QStringLiteral("signed_nonce"), QJsonArray()},
                                        {QStringLiteral("signature"), QJsonArray()}}};
  const QJsonObject document{
      {QStringLiteral("openapi"), QStringLiteral("3.1.0")},
      {QStringLiteral("info"),
       QJsonObject{
           {QStringLiteral("title"), QStringLiteral("Univrs")},
           {QStringLiteral("version"), QStringLiteral(UNIVRS_VERSION)},
           {QStringLiteral("description"), QStringLiteral("Every path under /api is also served under /api/v1.")},
           {QStringLiteral("license"),
            QJsonObject{{QStringLiteral("name"), QStringLiteral("GPL-3.0-or-later")},
                        {QStringLiteral("identifier"), QStringLiteral("GPL-3.0-or-later")}}}}},
      {QStringLiteral("security"), security},
      {QStringLiteral("paths"), pathsJson},
      {QStringLiteral("components"), QJsonObject{{QStringLiteral("securitySchemes"), securitySchemes()},
                                                 {QStringLiteral("schemas"), openApiSchemas()}}}};
  return QJsonDocument(document).toJson(QJsonDocument::Compact).toStdString();
}

} // namespace univrs::api
