// deploy: creates what is new, updates what changed, leaves the rest.
#include "engine/base/limits.h"
#include "engine/commands/prepare.h"
#include "engine/manifest/manifest.h"

#include <QJsonArray>

#include <set>

namespace univrs::commands {

namespace {

struct Wish {
  std::vector<model::WorkloadSpec> specs;
  std::vector<base::FieldError> warnings;
};

base::Result<Wish> readWish(model::FieldReader& fields) {
  Wish wish;
  const auto take = [&wish](base::Result<manifest::Manifest> m) -> base::Result<void> {
    if (!m) {
      return m.error();
    }
    wish.specs = std::move(m->workloads);
    wish.warnings = std::move(m->warnings);
    return {};
  };
  const auto text = fields.string("manifest", base::limits::kMaxManifestBytes);
  const auto fileName = fields.string("file_name", 4096);
  const auto formatName = fields.string("format", 32);
  const auto single = fields.object("workload");
  const auto several = fields.array("workloads", base::limits::kMaxWorkloadsPerManifest);
  manifest::Options options;
  options.fileName = fileName.value_or("");
  if (formatName) {
    const auto format = manifest::formatFromName(*formatName);
    if (!format) {
      fields.faults().error("format", "\"" + *formatName + "\" is not a format",
                            "one of auto, univrs, compose, kubernetes, image");
    } else {
      options.format = *format;
    }
  }
  if (int(text.has_value()) + int(single.has_value()) + int(several.has_value()) != 1) {
    fields.faults().error("manifest", "exactly one of manifest, workload and workloads is needed");
  }
  if (fields.faults().hasErrors()) {
    return fields.faults().toError("nothing was deployed");
  }
  if (text) {
    if (auto r = take(manifest::parse(*text, options)); !r) {
      return r.error();
    }
  } else if (single) {
    if (auto r = take(manifest::parseJson(*single)); !r) {
      return r.error();
    }
  } else {
    model::FaultList faults;
    for (qsizetype i = 0; i < several->size(); ++i) {
      const std::string path = "workloads[" + std::to_string(i) + "]";
      if (!several->at(i).isObject()) {
        faults.error(path, "is not an object");
        continue;
      }
      auto m = manifest::parseJson(several->at(i).toObject());
      if (!m) {
        faults.append(m.error().fields, path + ".");
        continue;
      }
      wish.specs.insert(wish.specs.end(), m->workloads.begin(), m->workloads.end());
      for (auto& w : m->warnings) {
        w.path = path + "." + w.path;
        wish.warnings.push_back(std::move(w));
      }
    }
    if (faults.hasErrors()) {
      return faults.toError("nothing was deployed");
    }
  }
  return wish;
}

void addCreate(Prepared& out, model::WorkloadSpec spec, const Context& context) {
  model::Workload w;
  w.id = model::WorkloadId(context.random.uuid());
  w.spec = std::move(spec);
  w.createdAt = context.now.wall;
  w.updatedAt = context.now.wall;
  const std::string replicas = std::to_string(w.spec.replicas) + (w.spec.replicas == 1 ? " replica" : " replicas");
  out.steps.push_back({"create", "workload " + w.spec.name, replicas + " of " + w.spec.containers.front().image});
  out.events.push_back(workloadEvent(w, "workload_created", w.spec.name + " created with " + replicas));
  out.subjects.push_back(w.id);
  out.workloads.push_back(std::move(w));
}

} // namespace

base::Result<Prepared> prepareDeploy(const QJsonObject& args, const Context& context) {
  model::FaultList faults;
  model::FieldReader fields(args, {}, faults);
  const bool createOnly = fields.boolean("create_only").value_or(false);
  const auto pin = fields.string("pin_node", 256);
  fields.ignore("manifest");
  fields.ignore("workload");
  fields.ignore("workloads");
  fields.ignore("file_name");
  fields.ignore("format");
  fields.finish();
  const model::Node* node = nullptr;
  if (pin) {
    node = context.state.nodeByRef(*pin);
    if (node == nullptr) {
      faults.error("pin_node", "there is no node \"" + *pin + "\"");
    }
  }
  if (faults.hasErrors()) {
    return faults.toError("nothing was deployed");
  }
  auto wish = readWish(fields);
  if (!wish) {
    return wish.error();
  }
  Prepared out;
  out.warnings = std::move(wish->warnings);
  std::set<std::string> names;
  std::vector<std::string> created;
  for (auto& spec : wish->specs) {
    if (!names.insert(spec.name).second) {
      faults.error("name", "\"" + spec.name + "\" is in the manifest twice");
      continue;
    }
    if (node != nullptr) {
      spec.placement.node = node->id;
    }
    if (const auto* old = context.state.workloadByName(spec.name)) {
      if (old->deleting || createOnly) {
        return base::makeError(base::ErrorCode::Conflict, "\"" + spec.name + "\" was not created",
                               old->deleting ? "a workload of that name is being removed" : "the name is taken",
                               old->deleting ? "wait until it is gone"
                                             : "choose another name, or update that workload");
      }
      if (auto r = addUpdate(out, *old, std::move(spec), context); !r) {
        faults.append(r.error().fields);
      }
      continue;
    }
    created.push_back(spec.name);
    addCreate(out, std::move(spec), context);
  }
  if (faults.hasErrors()) {
    return faults.toError("nothing was deployed");
  }
  const size_t updated = out.workloads.size() - created.size();
  const size_t unchanged = out.subjects.size() - out.workloads.size();
  if (out.subjects.size() > 1) {
    out.summary = std::to_string(created.size()) + " created, " + std::to_string(updated) + " updated, " +
                  std::to_string(unchanged) + " unchanged";
  } else if (!created.empty()) {
    out.summary = out.events.front().message;
  }
  out.undo = {};
  if (updated == 0 && !created.empty()) {
    QJsonArray list;
    for (const auto& n : created) {
      list.append(qs(n));
    }
    out.undo = undoWith("remove", {{QStringLiteral("workloads"), list}});
  } else if (updated == 1 && created.empty()) {
    out.undo = undoWith("undo", {{QStringLiteral("workload"), qs(out.workloads.front().spec.name)}});
  }
  return out;
}

} // namespace univrs::commands
