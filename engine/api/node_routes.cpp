// Nodes and the cluster's sums.
#include "engine/api/call_arguments.h"

namespace univrs::api {

namespace {
void listNodes(const CallPtr& call) {
  auto query = listQuery(call->query);
  if (!query) {
    return call->fail(query.error());
  }
  call->onEngine([call, query = *query](interfaces::Engine& engine) {
    engine.nodes().listNodes(query, call->reply<interfaces::ItemPage<model::Node>>(
                                        [](Call& c, const auto& page) { return pageResponse(c, page); }));
  });
}

void getNode(const CallPtr& call) {
  call->onEngine([call](interfaces::Engine& engine) {
    engine.nodes().getNode(call->param("node"), call->reply<model::Node>([](Call& c, const model::Node& node) {
      return objectResponse(c, model::toJson(node));
    }));
  });
}

void clusterStatus(const CallPtr& call) {
  call->onEngine([call](interfaces::Engine& engine) {
    engine.nodes().clusterStatus(call->reply<model::ClusterStatus>(
        [](Call& c, const model::ClusterStatus& status) { return objectResponse(c, model::toJson(status)); }));
  });
}

void actOnNode(const CallPtr& call, const char* command) {
  const auto dryRun = call->query.boolean("dry_run", false);
  if (!dryRun) {
    return call->fail(dryRun.error());
  }
  runCommand(call, command, {{QStringLiteral("node"), toQString(call->param("node"))}}, *dryRun, outcomeResponse);
}
} // namespace

void addNodeRoutes(std::vector<Route>& routes) {
  const QueryParam dryRun{"dry_run", "boolean", "only say what would happen"};
  const QueryParam fields{"fields", "string", "keys to keep, separated by commas; id stays"};
  routes.push_back({"GET", "/nodes", "nodes", "All nodes", listNodes, nullptr, listParams(false), "", "NodeList"});
  routes.push_back(
      {"GET", "/nodes/{node}", "nodes", "One node, by id or name", getNode, nullptr, {fields}, "", "Node"});
  routes.push_back({"POST",
                    "/nodes/{node}/cordon",
                    "nodes",
                    "Place nothing new on it",
                    [](const CallPtr& c) { actOnNode(c, "cordon"); },
                    nullptr,
                    {dryRun},
                    "",
                    "CommandOutcome"});
  routes.push_back({"POST",
                    "/nodes/{node}/uncordon",
                    "nodes",
                    "Let it take work again",
                    [](const CallPtr& c) { actOnNode(c, "uncordon"); },
                    nullptr,
                    {dryRun},
                    "",
                    "CommandOutcome"});
  routes.push_back({"POST",
                    "/nodes/{node}/restart",
                    "nodes",
                    "Start this node's program anew in place: workloads go on, no new connection is refused",
                    [](const CallPtr& c) { actOnNode(c, "restart_node"); },
                    nullptr,
                    {dryRun},
                    "",
                    "CommandOutcome"});
  routes.push_back({"GET",
                    "/cluster/status",
                    "cluster",
                    "Sums over nodes, workloads and instances",
                    clusterStatus,
                    nullptr,
                    {},
                    "",
                    "ClusterStatus"});
}

} // namespace univrs::api
