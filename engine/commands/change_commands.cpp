// update, replace, scale, remove, restart, undo: changes of workloads that exist.
#include "engine/base/limits.h"
#include "engine/commands/prepare.h"

#include <QJsonArray>

#include <algorithm>

namespace univrs::commands {

namespace {

// Sets the image of one container in a spec's JSON.
base::Result<void> setImage(QJsonObject& spec, const std::string& image, const std::optional<std::string>& container) {
  auto containers = spec.value(QStringLiteral("containers")).toArray();
  for (auto item : containers) {
    auto c = item.toObject();
    if (!container || c.value(QStringLiteral("name")).toString().toStdString() == *container) {
      c.insert(QStringLiteral("image"), qs(image));
      item = c;
      spec.insert(QStringLiteral("containers"), containers);
      return {};
    }
  }
  model::FaultList faults;
  faults.error("container", "there is no container \"" + container.value_or("") + "\" in this workload");
  return faults.toError("the image was not changed");
}

// The change of `old` to the spec in `json`.
base::Result<Prepared> updateTo(const model::Workload& old, const QJsonObject& json, const Context& context) {
  Prepared out;
  auto spec = model::workloadSpecFromJson(json, &out.warnings);
  if (!spec) {
    auto error = spec.error();
    error.what = "\"" + old.spec.name + "\" was not changed";
    return error;
  }
  if (auto r = addUpdate(out, old, std::move(*spec), context); !r) {
    return r.error();
  }
  return out;
}

} // namespace

base::Result<Prepared> prepareUpdate(const QJsonObject& args, const Context& context) {
  model::FaultList faults;
  model::FieldReader fields(args, {}, faults);
  auto w = takeWorkload(fields, context);
  if (!w) {
    return w.error();
  }
  const auto patch = fields.object("patch");
  const auto image = fields.string("image", 512);
  const auto container = fields.string("container", 63);
  fields.finish();
  if (!patch && !image) {
    faults.error("patch", "neither a patch nor an image was given");
  }
  if (faults.hasErrors()) {
    return faults.toError("\"" + (*w)->spec.name + "\" was not changed");
  }
  QJsonObject json = toJson((*w)->spec);
  if (patch) {
    for (auto it = patch->begin(); it != patch->end(); ++it) {
      if (it.value().isNull()) {
        json.remove(it.key()); // back to its default
      } else {
        json.insert(it.key(), it.value());
      }
    }
  }
  if (image) {
    if (auto r = setImage(json, *image, container); !r) {
      return r.error();
    }
  }
  return updateTo(**w, json, context);
}

base::Result<Prepared> prepareReplace(const QJsonObject& args, const Context& context) {
  model::FaultList faults;
  model::FieldReader fields(args, {}, faults);
  auto w = takeWorkload(fields, context);
  if (!w) {
    return w.error();
  }
  fields.require("spec");
  const auto json = fields.object("spec");
  fields.finish();
  if (faults.hasErrors()) {
    return faults.toError("\"" + (*w)->spec.name + "\" was not changed");
  }
  return updateTo(**w, *json, context);
}

base::Result<Prepared> prepareScale(const QJsonObject& args, const Context& context) {
  model::FaultList faults;
  model::FieldReader fields(args, {}, faults);
  auto w = takeWorkload(fields, context);
  if (!w) {
    return w.error();
  }
  fields.require("replicas", "how many instances");
  const auto replicas = fields.integer("replicas", 0, base::limits::kMaxReplicas);
  fields.finish();
  if (faults.hasErrors()) {
    return faults.toError("\"" + (*w)->spec.name + "\" was not scaled");
  }
  const int before = (*w)->spec.replicas;
  auto spec = (*w)->spec;
  spec.replicas = int(*replicas);
  Prepared out;
  if (auto r = addUpdate(out, **w, std::move(spec), context); !r) {
    return r.error();
  }
  if (!out.workloads.empty()) {
    out.undo =
        undoWith("scale", {{QStringLiteral("workload"), qs((*w)->spec.name)}, {QStringLiteral("replicas"), before}});
  }
  return out;
}

base::Result<Prepared> prepareRemove(const QJsonObject& args, const Context& context) {
  model::FaultList faults;
  model::FieldReader fields(args, {}, faults);
  std::vector<const model::Workload*> targets;
  if (fields.has("workloads")) {
    const auto refs = fields.strings("workloads", base::limits::kMaxWorkloadsPerManifest, base::limits::kMaxNameBytes);
    for (const auto& ref : refs.value_or(std::vector<std::string>{})) {
      const auto* w = context.state.workloadByRef(ref);
      if (w == nullptr) {
        return base::makeError(base::ErrorCode::NotFound, "there is no workload \"" + ref + "\"");
      }
      if (!w->deleting && std::find(targets.begin(), targets.end(), w) == targets.end()) {
        targets.push_back(w);
      }
    }
  } else {
    auto w = takeWorkload(fields, context);
    if (!w) {
      return w.error();
    }
    targets.push_back(*w);
  }
  fields.finish();
  if (faults.hasErrors()) {
    return faults.toError("nothing was removed");
  }
  Prepared out;
  QJsonArray specs;
  for (const auto* w : targets) {
    model::Workload gone = *w;
    gone.deleting = true;
    gone.updatedAt = context.now.wall;
    out.steps.push_back(
        {"remove", "workload " + w->spec.name,
         std::to_string(context.state.instancesOf(w->id).size()) + " instances are stopped and removed"});
    out.events.push_back(workloadEvent(*w, "workload_deleting", w->spec.name + " is being removed"));
    out.subjects.push_back(w->id);
    specs.append(toJson(w->spec));
    out.workloads.push_back(std::move(gone));
  }
  out.summary = targets.size() == 1 ? targets.front()->spec.name + " is being removed"
                                    : std::to_string(targets.size()) + " workloads are being removed";
  if (!targets.empty()) {
    out.undo = undoWith("deploy", {{QStringLiteral("workloads"), specs}});
  }
  return out;
}

base::Result<Prepared> prepareRestart(const QJsonObject& args, const Context& context) {
  model::FaultList faults;
  model::FieldReader fields(args, {}, faults);
  auto w = takeWorkload(fields, context);
  if (!w) {
    return w.error();
  }
  fields.finish();
  if (faults.hasErrors()) {
    return faults.toError("\"" + (*w)->spec.name + "\" was not restarted");
  }
  Prepared out;
  model::Workload again = **w;
  ++again.restartEpoch;
  again.updatedAt = context.now.wall;
  out.steps.push_back(
      {"update", "workload " + again.spec.name, "every instance is replaced by a fresh one, one by one"});
  out.events.push_back(workloadEvent(again, "workload_restarted", again.spec.name + " is being restarted"));
  out.summary = out.events.front().message;
  out.subjects.push_back(again.id);
  out.workloads.push_back(std::move(again));
  return out;
}

base::Result<Prepared> prepareUndo(const QJsonObject& args, const Context& context) {
  model::FaultList faults;
  model::FieldReader fields(args, {}, faults);
  auto w = takeWorkload(fields, context);
  if (!w) {
    return w.error();
  }
  fields.finish();
  if (faults.hasErrors()) {
    return faults.toError("nothing was undone");
  }
  if (!(*w)->previous) {
    return base::makeError(base::ErrorCode::Conflict, "nothing to undo",
                           "\"" + (*w)->spec.name + "\" was never changed");
  }
  Prepared out;
  if (auto r = addUpdate(out, **w, *(*w)->previous, context); !r) {
    return r.error();
  }
  return out;
}

} // namespace univrs::commands
