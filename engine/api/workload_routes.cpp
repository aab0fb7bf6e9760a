// Workloads: reading them, and changing them through the named commands.
#include "engine/api/call_arguments.h"
#include "engine/manifest/manifest.h"

#include <array>

namespace univrs::api {

namespace {
using interfaces::CommandOutcome;

const QueryParam kDryRun{"dry_run", "boolean", "only say what would happen"};
const QueryParam kFields{"fields", "string", "keys to keep, separated by commas; id stays"};

QJsonObject forWorkload(const CallPtr& call) {
  return {{QStringLiteral("workload"), toQString(call->param("workload"))}};
}

bool isYaml(std::string_view contentType) {
  const std::string_view plain = contentType.substr(0, contentType.find(';'));
  for (const std::string_view type :
       {"application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml", "text/plain"}) {
    if (equalIgnoringCase(plain, type)) {
      return true;
    }
  }
  return false;
}

// What GET shows beside the spec; a PUT may send it back.
void dropReadOnly(QJsonObject& body) {
  for (const char* key : {"id", "generation", "revision", "restart_epoch", "deleting", "previous", "created_at",
                          "updated_at", "status"}) {
    body.remove(QLatin1String(key));
  }
}

Response created(Call& call, const CommandOutcome& outcome) {
  if (outcome.dryRun) {
    return outcomeResponse(call, outcome);
  }
  if (outcome.objects.size() == 1) {
    Response r = workloadResponse(call, outcome.objects.front(), 201);
    r.headers.emplace_back(
        "Location", "/api/workloads/" + outcome.objects.front().value(QStringLiteral("id")).toString().toStdString());
    return r;
  }
  QJsonArray items;
  for (const QJsonObject& object : outcome.objects) {
    items.append(object);
  }
  return jsonResponse({{QStringLiteral("items"), items}, {QStringLiteral("count"), items.size()}}, 201);
}

Response changed(Call& call, const CommandOutcome& outcome) {
  if (outcome.dryRun || outcome.objects.empty()) {
    return outcomeResponse(call, outcome);
  }
  return workloadResponse(call, outcome.objects.front());
}

// The one workload in a JSON body, checked here so that every fault is named with its path.
base::Result<QJsonObject> specOf(const QJsonObject& body) {
  auto parsed = manifest::parseJson(body);
  if (!parsed) {
    return std::move(parsed).error();
  }
  if (parsed->workloads.size() != 1) {
    return base::makeError(base::ErrorCode::Validation, "the workload was not understood",
                           "the body must describe exactly one workload");
  }
  return model::toJson(parsed->workloads.front());
}

void listWorkloads(const CallPtr& call) {
  auto query = listQuery(call->query);
  if (!query) {
    return call->fail(query.error());
  }
  call->onEngine([call, query = *query](interfaces::Engine& engine) {
    engine.workloads().listWorkloads(query, call->reply<interfaces::ItemPage<model::Workload>>(
                                                [](Call& c, const auto& page) { return pageResponse(c, page); }));
  });
}

void getWorkload(const CallPtr& call) {
  call->onEngine([call](interfaces::Engine& engine) {
    engine.workloads().getWorkload(call->param("workload"),
                                   call->reply<model::Workload>([](Call& c, const model::Workload& workload) {
                                     return workloadResponse(c, model::toJson(workload));
                                   }));
  });
}

void createWorkload(const CallPtr& call) {
  const auto dryRun = call->query.boolean("dry_run", false);
  if (!dryRun) {
    return call->fail(dryRun.error());
  }
  if (isYaml(call->request.header("Content-Type"))) {
    const QJsonObject args{{QStringLiteral("manifest"), toQString(call->request.body)},
                           {QStringLiteral("create_only"), true}};
    return runCommand(call, "deploy", args, *dryRun, created);
  }
  auto body = call->jsonBody();
  if (!body) {
    return call->fail(body.error());
  }
  auto spec = specOf(*body);
  if (!spec) {
    return call->fail(spec.error());
  }
  runCommand(call, "deploy", {{QStringLiteral("workload"), *spec}, {QStringLiteral("create_only"), true}}, *dryRun,
             created);
}

// PUT and PATCH: `key` is the argument that carries the body.
void changeWorkload(const CallPtr& call, const char* command, bool whole) {
  const auto dryRun = call->query.boolean("dry_run", false);
  if (!dryRun) {
    return call->fail(dryRun.error());
  }
  const auto revision = expectedRevision(*call);
  if (!revision) {
    return call->fail(revision.error());
  }
  auto body = call->jsonBody();
  if (!body) {
    return call->fail(body.error());
  }
  if (body->isEmpty()) {
    return call->fail(base::makeError(base::ErrorCode::BadRequest, "nothing was changed", "the body is empty"));
  }
  dropReadOnly(*body);
  QJsonObject args = forWorkload(call);
  if (whole) {
    auto spec = specOf(*body);
    if (!spec) {
      return call->fail(spec.error());
    }
    args.insert(QStringLiteral("spec"), *spec);
  } else {
    args.insert(QStringLiteral("patch"), *body);
  }
  if (*revision >= 0) {
    args.insert(QStringLiteral("expect_revision"), qint64(*revision));
  }
  runCommand(call, command, args, *dryRun, changed);
}

void removeWorkload(const CallPtr& call) {
  const auto dryRun = call->query.boolean("dry_run", false);
  if (!dryRun) {
    return call->fail(dryRun.error());
  }
  const auto revision = expectedRevision(*call);
  if (!revision) {
    return call->fail(revision.error());
  }
  QJsonObject args = forWorkload(call);
  if (*revision >= 0) {
    args.insert(QStringLiteral("expect_revision"), qint64(*revision));
  }
  runCommand(call, "remove", args, *dryRun, [](Call& c, const CommandOutcome& outcome) {
    if (outcome.dryRun) {
      return outcomeResponse(c, outcome);
    }
    Response r;
    r.status = 204;
    return r;
  });
}

// POST /workloads/{workload}/VERB with the command's other arguments as the body.
void actOnWorkload(const CallPtr& call, const char* command) {
  const auto dryRun = call->query.boolean("dry_run", false);
  if (!dryRun) {
    return call->fail(dryRun.error());
  }
  auto body = call->jsonBody();
  if (!body) {
    return call->fail(body.error());
  }
  QJsonObject args = *body;
  if (args.contains(QStringLiteral("workload"))) {
    return call->fail(
        base::makeError(base::ErrorCode::BadRequest, "nothing was changed", "the workload stands in the path already"));
  }
  args.insert(QStringLiteral("workload"), toQString(call->param("workload")));
  runCommand(call, command, args, *dryRun, outcomeResponse);
}
} // namespace

void addWorkloadRoutes(std::vector<Route>& routes) {
  routes.push_back({"GET", "/workloads", "workloads", "Workloads with their status", listWorkloads, nullptr,
                    listParams(false), "", "WorkloadList"});
  routes.push_back({"POST",
                    "/workloads",
                    "workloads",
                    "Create a workload: JSON in full or short form, or a YAML manifest; 201 even for several",
                    createWorkload,
                    nullptr,
                    {kDryRun},
                    "WorkloadSpec",
                    "Workload",
                    201});
  routes.push_back({"GET",
                    "/workloads/{workload}",
                    "workloads",
                    "One workload, by id or name",
                    getWorkload,
                    nullptr,
                    {kFields},
                    "",
                    "Workload"});
  routes.push_back({"PUT",
                    "/workloads/{workload}",
                    "workloads",
                    "Replace the whole spec; honours If-Match",
                    [](const CallPtr& c) { changeWorkload(c, "replace", true); },
                    nullptr,
                    {kDryRun},
                    "WorkloadSpec",
                    "Workload"});
  routes.push_back({"PATCH",
                    "/workloads/{workload}",
                    "workloads",
                    "Replace some keys of the spec; honours If-Match",
                    [](const CallPtr& c) { changeWorkload(c, "update", false); },
                    nullptr,
                    {kDryRun},
                    "WorkloadPatch",
                    "Workload"});
  routes.push_back({"DELETE",
                    "/workloads/{workload}",
                    "workloads",
                    "Stop its instances and remove it; honours If-Match",
                    removeWorkload,
                    nullptr,
                    {kDryRun},
                    "",
                    "",
                    204});
  routes.push_back({"POST",
                    "/workloads/{workload}/scale",
                    "workloads",
                    "Set the number of replicas",
                    [](const CallPtr& c) { actOnWorkload(c, "scale"); },
                    nullptr,
                    {kDryRun},
                    "Scale",
                    "CommandOutcome"});
  routes.push_back({"POST",
                    "/workloads/{workload}/restart",
                    "workloads",
                    "Replace its instances, a few at a time",
                    [](const CallPtr& c) { actOnWorkload(c, "restart"); },
                    nullptr,
                    {kDryRun},
                    "",
                    "CommandOutcome"});
  routes.push_back({"POST",
                    "/workloads/{workload}/undo",
                    "workloads",
                    "Go back to the spec before the last change",
                    [](const CallPtr& c) { actOnWorkload(c, "undo"); },
                    nullptr,
                    {kDryRun},
                    "",
                    "CommandOutcome"});
}

} // namespace univrs::api
