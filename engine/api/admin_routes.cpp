// About the node itself: who it is, its audit log, backups, the API's own description.
#include "engine/api/call_arguments.h"
#include "engine/base/limits.h"

namespace univrs::api {

namespace {
void nodeInfo(const CallPtr& call) {
  call->onEngine([call](interfaces::Engine& engine) {
    engine.admin().nodeInfo(call->reply<interfaces::NodeInfo>(
        [](Call&, const interfaces::NodeInfo& info) { return jsonResponse(interfaces::toJson(info)); }));
  });
}

void audit(const CallPtr& call) {
  const auto limit = call->query.integer("limit", 1, base::limits::kMaxPageItems, 100);
  if (!limit) {
    return call->fail(limit.error());
  }
  call->onEngine([call, limit = int(*limit)](interfaces::Engine& engine) {
    engine.admin().audit(
        limit,
        call->reply<std::vector<interfaces::AuditEntry>>([](Call&, const std::vector<interfaces::AuditEntry>& entries) {
          QJsonArray items;
          for (const auto& entry : entries) {
            items.append(interfaces::toJson(entry));
          }
          return jsonResponse({{QStringLiteral("items"), items}, {QStringLiteral("count"), items.size()}});
        }));
  });
}

void backup(const CallPtr& call) {
  const auto body = call->jsonBody();
  if (!body) {
    return call->fail(body.error());
  }
  const QJsonValue path = body->value(QStringLiteral("path"));
  if (body->size() != 1 || !path.isString() || path.toString().isEmpty() || path.toString().size() > 4'096 ||
      path.toString().contains(QChar(u'\0'))) {
    return call->fail(base::makeError(base::ErrorCode::BadRequest, "no backup was made",
                                      "the body must be {\"path\": TEXT}, a new file on the node"));
  }
  call->onEngine([call, path = path.toString().toStdString()](interfaces::Engine& engine) {
    engine.admin().backup(path, call->reply<std::string>([](Call&, const std::string& made) {
      return jsonResponse({{QStringLiteral("path"), toQString(made)}});
    }));
  });
}

void openApi(const CallPtr& call) {
  Response r;
  r.contentType = "application/json; charset=utf-8";
  r.body = call->context().router->openApi();
  call->respond(std::move(r));
}
} // namespace

void addAdminRoutes(std::vector<Route>& routes) {
  routes.push_back(
      {"GET", "/info", "node", "Who this node is and how it is set up", nodeInfo, nullptr, {}, "", "NodeInfo"});
  routes.push_back({"GET",
                    "/audit",
                    "node",
                    "Commands that were run, newest first",
                    audit,
                    nullptr,
                    {{"limit", "integer", "1 to 1000 (default 100)"}},
                    "",
                    "AuditList"});
  Route copy{"POST",  "/backup", "node", "Write a consistent copy of the state into a new file on the node",
             backup,  nullptr,   {},     "Backup",
             "Backup"};
  copy.timeout = std::chrono::minutes(10);
  routes.push_back(copy);
  routes.push_back({"GET", "/openapi.json", "node", "This document", openApi, nullptr, {}, "", "Anything"});
}

} // namespace univrs::api
