// Every named command by its name: the door of the CLI and of remote windows.
#include "engine/api/call_arguments.h"

namespace univrs::api {

void addCommandRoutes(std::vector<Route>& routes) {
  routes.push_back(
      {"POST",
       "/commands/{command}",
       "commands",
       "Run a named command with its arguments as the body: deploy, update, replace, scale, remove, restart, "
       "undo, cordon, uncordon, restart_node, create_token, revoke_token, "
       "remove_member, cancel_operation",
       [](const CallPtr& call) {
         const auto dryRun = call->query.boolean("dry_run", false);
         if (!dryRun) {
           return call->fail(dryRun.error());
         }
         auto body = call->jsonBody();
         if (!body) {
           return call->fail(body.error());
         }
         runCommand(call, call->param("command"), *body, *dryRun, outcomeResponse);
       },
       nullptr,
       {{"dry_run", "boolean", "only say what would happen"}},
       "CommandArguments",
       "CommandOutcome"});
}

} // namespace univrs::api
