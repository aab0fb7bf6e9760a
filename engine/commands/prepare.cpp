#include "engine/commands/prepare.h"

#include "engine/commands/diff.h"

namespace univrs::commands {

const std::map<std::string, Prepare>& registry() {
  static const std::map<std::string, Prepare> all{
      {"deploy", prepareDeploy},
      {"update", prepareUpdate},
      {"replace", prepareReplace},
      {"scale", prepareScale},
      {"remove", prepareRemove},
      {"restart", prepareRestart},
      {"undo", prepareUndo},
      {"cancel_operation", prepareCancelOperation},
      {"cordon", [](const QJsonObject& a, const Context& c) { return prepareCordon(a, c, true); }},
      {"uncordon", [](const QJsonObject& a, const Context& c) { return prepareCordon(a, c, false); }},
      {"restart_node", prepareRestartNode},
      {"create_token", prepareCreateToken},
      {"revoke_token", prepareRevokeToken},
      {"remove_member", prepareRemoveMember},
  };
  return all;
}

base::Result<const model::Workload*> takeWorkload(model::FieldReader& fields, const Context& context) {
  fields.require("workload", "its id or name");
  const auto ref = fields.string("workload", base::limits::kMaxNameBytes);
  const auto expected = fields.integer("expect_revision", 0, INT64_MAX);
  if (!ref) {
    return fields.faults().toError("the command's arguments are not valid");
  }
  const auto* w = context.state.workloadByRef(*ref);
  if (w == nullptr) {
    return base::makeError(base::ErrorCode::NotFound, "there is no workload \"" + *ref + "\"", {},
                           "see the list of workloads for names and ids");
  }
  if (expected && *expected != w->revision) {
    return base::makeError(base::ErrorCode::Conflict, "\"" + w->spec.name + "\" was changed meanwhile",
                           "it is at revision " + std::to_string(w->revision) + ", the change was made for revision " +
                               std::to_string(*expected),
                           "read it again and repeat the change");
  }
  if (w->deleting) {
    return base::makeError(base::ErrorCode::Conflict, "\"" + w->spec.name + "\" is being removed", {},
                           "wait until it is gone");
  }
  return w;
}

std::optional<model::Workload> changed(const model::Workload& old, model::WorkloadSpec spec, base::Timestamp now) {
  if (old.spec == spec) {
    return std::nullopt;
  }
  model::Workload w = old;
  w.previous = old.spec;
  w.spec = std::move(spec);
  ++w.generation;
  w.updatedAt = now;
  return w;
}

model::Event workloadEvent(const model::Workload& w, std::string type, std::string message) {
  model::Event e;
  e.type = std::move(type);
  e.objectKind = "workload";
  e.objectId = w.id.str();
  e.objectName = w.spec.name;
  e.workloadId = w.id.str();
  e.message = std::move(message);
  QJsonObject labels;
  for (const auto& [k, v] : w.spec.labels) {
    labels.insert(qs(k), qs(v));
  }
  e.data = {{QStringLiteral("workload_id"), qs(w.id.str())},
            {QStringLiteral("name"), qs(w.spec.name)},
            {QStringLiteral("replicas"), w.spec.replicas},
            {QStringLiteral("labels"), labels},
            {QStringLiteral("container_count"), int(w.spec.containers.size())}};
  return e;
}

QJsonObject undoWith(const std::string& name, QJsonObject args) {
  return {{QStringLiteral("name"), qs(name)}, {QStringLiteral("args"), std::move(args)}};
}

base::Result<void> addUpdate(Prepared& out, const model::Workload& old, model::WorkloadSpec spec,
                             const Context& context) {
  model::FaultList faults;
  if (spec.name != old.spec.name) {
    faults.error("name", "a workload cannot be renamed", "deploy it under the new name, then remove the old one");
  }
  faults.append(model::validate(spec));
  if (faults.hasErrors()) {
    return faults.toError("\"" + old.spec.name + "\" was not changed");
  }
  for (const auto& f : faults.all()) {
    out.warnings.push_back(f);
  }
  out.subjects.push_back(old.id);
  auto w = changed(old, std::move(spec), context.now.wall);
  if (!w) {
    out.steps.push_back({"no_change", "workload " + old.spec.name, "it is already so"});
    out.summary = old.spec.name + " is already so, nothing changed";
    return {};
  }
  auto changes = diff(toJson(old.spec), toJson(w->spec));
  const bool rolls = old.spec.templateHash() != w->spec.templateHash();
  out.steps.push_back({"update", "workload " + old.spec.name,
                       std::to_string(changes.size()) + (changes.size() == 1 ? " field changes" : " fields change") +
                           (rolls ? ", instances are replaced one by one" : ", running instances stay")});
  out.changes.insert(out.changes.end(), changes.begin(), changes.end());
  const bool scaled = old.spec.replicas != w->spec.replicas;
  auto event = workloadEvent(*w, scaled && changes.size() == 1 ? "workload_scaled" : "workload_updated",
                             w->spec.name + (scaled && changes.size() == 1
                                                 ? " scaled from " + std::to_string(old.spec.replicas) + " to " +
                                                       std::to_string(w->spec.replicas)
                                                 : " updated to generation " + std::to_string(w->generation)));
  if (scaled) {
    event.data.insert(QStringLiteral("old_replicas"), old.spec.replicas);
    event.data.insert(QStringLiteral("new_replicas"), w->spec.replicas);
  }
  out.summary = event.message;
  out.events.push_back(std::move(event));
  out.undo = undoWith("undo", {{QStringLiteral("workload"), qs(old.spec.name)}});
  out.workloads.push_back(std::move(*w));
  return {};
}

} // namespace univrs::commands
