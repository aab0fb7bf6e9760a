// The OpenAPI document against the route table, and a running server's answers against the document.
#include "engine/api/openapi.h"
#include "engine/api/router.h"
#include "tests/api/server_fixture.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <set>

namespace univrs::api {
namespace {

QJsonObject parsed(const std::string& text) {
  return QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
}

bool typeFits(const QString& type, const QJsonValue& value) {
  return (type == QLatin1String("string") && value.isString()) ||
         (type == QLatin1String("object") && value.isObject()) || (type == QLatin1String("array") && value.isArray()) ||
         (type == QLatin1String("boolean") && value.isBool()) ||
         (type == QLatin1String("number") && value.isDouble()) || (type == QLatin1String("null") && value.isNull()) ||
         (type == QLatin1String("integer") && value.isDouble() && value.toDouble() == double(value.toInteger()));
}

// Validates what our schemas use: $ref, type, required, properties, items, enum.
void validate(const QJsonObject& schema, const QJsonValue& value, const QJsonObject& schemas, const std::string& path,
              std::vector<std::string>& faults) {
  if (const QString reference = schema.value(QStringLiteral("$ref")).toString(); !reference.isEmpty()) {
    return validate(schemas.value(reference.section(QLatin1Char('/'), -1)).toObject(), value, schemas, path, faults);
  }
  const QJsonValue type = schema.value(QStringLiteral("type"));
  const QJsonArray types = type.isArray() ? type.toArray() : QJsonArray{type};
  if (std::none_of(types.begin(), types.end(), [&](const QJsonValue& t) { return typeFits(t.toString(), value); })) {
    faults.push_back(path + " is not of its type");
    return;
  }
  if (const QJsonArray words = schema.value(QStringLiteral("enum")).toArray();
      !words.isEmpty() && !words.contains(value)) {
    faults.push_back(path + " is none of its words");
  }
  const QJsonObject object = value.toObject();
  for (const QJsonValue& key : schema.value(QStringLiteral("required")).toArray()) {
    if (value.isObject() && !object.contains(key.toString())) {
      faults.push_back(path + " lacks " + key.toString().toStdString());
    }
  }
  const QJsonObject properties = schema.value(QStringLiteral("properties")).toObject();
  for (auto it = properties.begin(); it != properties.end(); ++it) {
    if (object.contains(it.key())) {
      validate(it.value().toObject(), object.value(it.key()), schemas, path + "." + it.key().toStdString(), faults);
    }
  }
  if (value.isArray() && schema.contains(QLatin1String("items"))) {
    for (const QJsonValue& item : value.toArray()) {
      validate(schema.value(QStringLiteral("items")).toObject(), item, schemas, path + "[]", faults);
    }
  }
}

std::set<std::string> referencesIn(const std::string& text) {
  std::set<std::string> out;
  const std::string mark = "#/components/schemas/";
  for (size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    out.insert(text.substr(at + mark.size(), text.find('"', at) - at - mark.size()));
  }
  return out;
}

TEST(OpenApi, HasEveryRouteAndNoOther) {
  const Router router;
  const QJsonObject document = parsed(router.openApi());
  EXPECT_EQ(document.value(QStringLiteral("openapi")).toString(), QStringLiteral("3.1.0"));
  std::set<std::string> table;
  for (const Route& route : router.routes()) {
    const bool isNew = table.insert(route.method + " " + (route.rooted ? "" : "/api") + route.pattern).second;
    EXPECT_TRUE(isNew) << route.method << " " << route.pattern << " stands twice";
    EXPECT_TRUE(route.handler || route.socket != nullptr) << route.pattern;
  }
  std::set<std::string> documented;
  std::set<std::string> ids;
  const QJsonObject paths = document.value(QStringLiteral("paths")).toObject();
  for (auto path = paths.begin(); path != paths.end(); ++path) {
    const QJsonObject item = path.value().toObject();
    for (auto operation = item.begin(); operation != item.end(); ++operation) {
      documented.insert(operation.key().toUpper().toStdString() + " " + path.key().toStdString());
      const QJsonObject o = operation.value().toObject();
      EXPECT_TRUE(ids.insert(o.value(QStringLiteral("operationId")).toString().toStdString()).second)
          << path.key().toStdString();
      EXPECT_FALSE(o.value(QStringLiteral("summary")).toString().isEmpty());
    }
  }
  EXPECT_EQ(table, documented);
  EXPECT_GT(table.size(), 35u);
  for (const std::string& name : referencesIn(router.openApi())) {
    EXPECT_TRUE(openApiSchemas().contains(QString::fromStdString(name))) << name;
  }
}

class Documented : public ServerFixture {};

TEST_F(Documented, AnswersFitTheirSchemas) {
  executor.run([this] {
    engine.storedLines = {{"web-abc123", "web", "c1", base::Timestamp{1'700'000'000'000}, false, "one"}};
  });
  start();
  const auto answer = ask(port, "GET", "/api/v1/openapi.json");
  ASSERT_EQ(answer.status, 200);
  const QJsonObject schemas =
      answer.json().value(QStringLiteral("components")).toObject().value(QStringLiteral("schemas")).toObject();
  const Router router;
  int checked = 0;
  for (const Route& route : router.routes()) {
    if (!route.handler || route.responseSchema.empty() || route.responseSchema == "text" ||
        route.pattern == "/workloads/{workload}/undo") {
      continue;
    }
    std::string target = (route.rooted ? "" : "/api") + route.pattern;
    for (const auto& [mark, value] : std::map<std::string, std::string>{{"{workload}", "web"},
                                                                        {"{instance}", "web-abc123"},
                                                                        {"{node}", "here"},
                                                                        {"{decision}", "d-1"},
                                                                        {"{command}", "restart"},
                                                                        {"{peer}", thePeer().id},
                                                                        {"{operation}", "pull-1"},
                                                                        {"{token}", "0123456789abcdef"}}) {
      if (const auto at = target.find(mark); at != std::string::npos) {
        target.replace(at, mark.size(), value);
      }
    }
    std::string body;
    if (route.requestSchema == "WorkloadSpec") {
      body =
          route.method == "PUT" ? "{\"name\":\"web\",\"image\":\"nginx\"}" : "{\"name\":\"new\",\"image\":\"nginx\"}";
    } else if (!route.requestSchema.empty()) {
      body = route.requestSchema == "Backup" || route.requestSchema == "ImageLoad" ? "{\"path\":\"/x\"}"
             : route.requestSchema == "CommandArguments"                           ? "{\"workload\":\"web\"}"
             : route.requestSchema == "TokenWish"                                  ? "{\"uses\":2}"
             : route.requestSchema == "PingRequest" ? "{\"peer\":\"" + thePeer().id + "\"}"
                                                    : "{\"replicas\":2}";
    }
    const auto result = ask(port, route.method, target, body);
    EXPECT_EQ(result.status, route.successStatus) << route.method << " " << target << " " << result.body;
    std::vector<std::string> faults;
    validate(schemas.value(QString::fromStdString(route.responseSchema)).toObject(), result.json(), schemas,
             route.responseSchema, faults);
    EXPECT_TRUE(faults.empty()) << target << ": " << (faults.empty() ? "" : faults.front()) << "\n" << result.body;
    ++checked;
  }
  EXPECT_GT(checked, 25);
  for (const char* path : {"/api/absent", "/api/workloads/absent", "/api/workloads?x=1"}) {
    std::vector<std::string> faults;
    validate(schemas.value(QStringLiteral("Error")).toObject(), ask(port, "GET", path).json(), schemas, "Error",
             faults);
    EXPECT_TRUE(faults.empty()) << path;
  }
}

} // namespace
} // namespace univrs::api
