// The cluster and who is in it: /membership, /members, /tokens.
#include "engine/api/call_arguments.h"
#include "engine/interfaces/membership.h"

namespace univrs::api {

namespace {
template <class T>
Response itemsResponse(const std::vector<T>& values) {
  QJsonArray items;
  for (const T& value : values) {
    items.append(interfaces::toJson(value));
  }
  return jsonResponse({{QStringLiteral("items"), items},
                       {QStringLiteral("count"), items.size()},
                       {QStringLiteral("total"), items.size()}});
}

void membership(const CallPtr& call) {
  call->onEngine([call](interfaces::Engine& engine) {
    engine.membership().clusterInfo(call->reply<interfaces::ClusterInfo>(
        [](Call&, const interfaces::ClusterInfo& info) { return jsonResponse(interfaces::toJson(info)); }));
  });
}

void listMembers(const CallPtr& call) {
  call->onEngine([call](interfaces::Engine& engine) {
    engine.membership().listMembers(call->reply<std::vector<interfaces::Member>>(
        [](Call&, const std::vector<interfaces::Member>& members) { return itemsResponse(members); }));
  });
}

void listTokens(const CallPtr& call) {
  call->onEngine([call](interfaces::Engine& engine) {
    engine.membership().listTokens(call->reply<std::vector<interfaces::JoinTokenInfo>>(
        [](Call&, const std::vector<interfaces::JoinTokenInfo>& tokens) { return itemsResponse(tokens); }));
  });
}

// The arguments are the body's, or what the path names.
void change(const CallPtr& call, const char* command, const std::optional<QJsonObject>& args) {
  const auto dryRun = call->query.boolean("dry_run", false);
  if (!dryRun) {
    return call->fail(dryRun.error());
  }
  if (args) {
    return runCommand(call, command, *args, *dryRun, outcomeResponse);
  }
  const auto body = call->jsonBody();
  if (!body) {
    return call->fail(body.error());
  }
  runCommand(call, command, *body, *dryRun, outcomeResponse);
}
} // namespace

void addMembershipRoutes(std::vector<Route>& routes) {
  const QueryParam dryRun{"dry_run", "boolean", "only say what would happen"};
  const auto read = [&routes](const char* path, const char* summary, void (*handler)(const CallPtr&),
                              const char* schema) {
    routes.push_back({"GET", path, "membership", summary, handler, nullptr, {}, "", schema});
  };
  read("/membership", "This node's cluster and its place in it", membership, "ClusterInfo");
  read("/members",
       "Members: on the node that founded the cluster all of them, elsewhere the connected ones; at most 1,000",
       listMembers, "MemberList");
  read("/tokens", "Join tokens, newest first; only on the node that founded the cluster", listTokens, "JoinTokenList");
  routes.push_back({"POST",
                    "/tokens",
                    "membership",
                    "Make a join token; its text is in the outcome's object, and is shown only here",
                    [](const CallPtr& c) { change(c, "create_token", std::nullopt); },
                    nullptr,
                    {dryRun},
                    "TokenWish",
                    "CommandOutcome"});
  routes.push_back({"DELETE",
                    "/tokens/{token}",
                    "membership",
                    "Let nobody else join with it",
                    [](const CallPtr& c) {
                      change(c, "revoke_token", QJsonObject{{QStringLiteral("token"), toQString(c->param("token"))}});
                    },
                    nullptr,
                    {dryRun},
                    "",
                    "CommandOutcome"});
  routes.push_back({"DELETE",
                    "/members/{node}",
                    "membership",
                    "Remove a member: its certificate is void everywhere",
                    [](const CallPtr& c) {
                      change(c, "remove_member", QJsonObject{{QStringLiteral("node"), toQString(c->param("node"))}});
                    },
                    nullptr,
                    {dryRun},
                    "",
                    "CommandOutcome"});
}

} // namespace univrs::api
