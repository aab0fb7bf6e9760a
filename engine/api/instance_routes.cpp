// Instances: lists, one, and running a command inside one.
#include "engine/api/call_arguments.h"

namespace univrs::api {

namespace {
void listInstances(const CallPtr& call) {
  auto query = listQuery(call->query);
  if (!query) {
    return call->fail(query.error());
  }
  if (call->params.count("workload") > 0) {
    query->workload = call->param("workload");
  }
  call->onEngine([call, query = *query](interfaces::Engine& engine) {
    engine.workloads().listInstances(query, call->reply<interfaces::ItemPage<model::Instance>>(
                                                [](Call& c, const auto& page) { return pageResponse(c, page); }));
  });
}

void getInstance(const CallPtr& call) {
  call->onEngine([call](interfaces::Engine& engine) {
    engine.workloads().getInstance(call->param("instance"),
                                   call->reply<model::Instance>([](Call& c, const model::Instance& instance) {
                                     return objectResponse(c, model::toJson(instance));
                                   }));
  });
}
} // namespace

void addInstanceRoutes(std::vector<Route>& routes) {
  std::vector<QueryParam> all = listParams(true);
  all.push_back({"workload", "string", "only those of this workload, by id or name"});
  routes.push_back({"GET", "/workloads/{workload}/instances", "instances", "Instances of a workload", listInstances,
                    nullptr, listParams(true), "", "InstanceList"});
  routes.push_back(
      {"GET", "/instances", "instances", "All instances", listInstances, nullptr, all, "", "InstanceList"});
  routes.push_back({"GET",
                    "/instances/{instance}",
                    "instances",
                    "One instance",
                    getInstance,
                    nullptr,
                    {{"fields", "string", "keys to keep, separated by commas; id stays"}},
                    "",
                    "Instance"});
  routes.push_back(
      {"GET",
       "/instances/{instance}/exec",
       "instances",
       "WebSocket: run a command inside it. Binary frames, first byte 0 stdin, 1 stdout, 2 stderr, 3 control",
       nullptr,
       makeExecSocket,
       {{"command", "string", "the command and its arguments, one each", true},
        {"tty", "boolean", "with a terminal"},
        {"stdin", "boolean", "with an input"},
        {"columns", "integer", "of the terminal, 1 to 1000"},
        {"rows", "integer", "of the terminal, 1 to 1000"},
        {"container", "string", "which container; the first when absent"}}});
}

} // namespace univrs::api
