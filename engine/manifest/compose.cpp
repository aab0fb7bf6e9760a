#include "engine/base/limits.h"
#include "engine/manifest/compose_parts.h"
#include "engine/manifest/compose_service.h"
#include "engine/manifest/compose_variables.h"
#include "engine/manifest/drafts.h"
#include "engine/model/json_text.h"
#include "engine/model/names.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>
#include <array>

namespace univrs::manifest {

namespace {

using namespace compose;
using model::FaultList;
using model::FieldReader;

// Name in the file -> name on the nodes.
std::map<std::string, std::string> readVolumes(FieldReader& root, FaultList& faults) {
  std::map<std::string, std::string> out;
  const auto json = root.object("volumes");
  if (!json) {
    return out;
  }
  for (auto it = json->begin(); it != json->end(); ++it) {
    const auto key = it.key().toStdString();
    const auto path = model::joinPath(root.pathOf("volumes"), key);
    out[key] = key;
    if (it.value().isNull()) {
      continue;
    }
    if (!it.value().isObject()) {
      faults.error(path, "is " + std::string(model::jsonTypeName(it.value())) + ", but an object is wanted");
      continue;
    }
    const QJsonObject settings = it.value().toObject();
    FieldReader r(settings, path, faults);
    if (auto name = r.string("name")) {
      out[key] = std::move(*name);
    }
    if (const auto driver = r.string("driver"); driver && *driver != "local" && *driver != "default") {
      faults.error(r.pathOf("driver"), "is not supported: volumes are local to a node");
    }
    if (const auto options = r.object("driver_opts"); options && !options->isEmpty()) {
      faults.error(r.pathOf("driver_opts"), "is not supported");
    }
    if (booleanLike(r, "external").value_or(false)) {
      faults.warning(r.pathOf("external"), "is left out: a node that does not have the volume makes an empty one");
    }
    if (r.any("labels")) {
      faults.warning(r.pathOf("labels"), "is left out");
    }
    r.finish();
  }
  return out;
}

void readServices(const QJsonObject& services, const std::string& path, const Source& source, const Options& options,
                  const std::map<std::string, std::string>& volumes, FaultList& faults, std::vector<Draft>& drafts) {
  if (services.size() > base::limits::kMaxWorkloadsPerManifest) {
    faults.error(path, "has more than " + std::to_string(base::limits::kMaxWorkloadsPerManifest) + " services");
    return;
  }
  for (auto it = services.begin(); it != services.end(); ++it) {
    const auto name = it.key().toStdString();
    const auto here = model::joinPath(path, name);
    if (!it.value().isObject()) {
      faults.error(here, "is " + std::string(model::jsonTypeName(it.value())) + ", but a service is wanted");
      continue;
    }
    const QJsonObject json = it.value().toObject();
    if (const QJsonArray profiles = json.value(QStringLiteral("profiles")).toArray(); !profiles.isEmpty()) {
      faults.warning(here, "is left out: it belongs to a profile, and none is active",
                     "take profiles: away to deploy it");
      continue;
    }
    drafts.push_back(readComposeService(json, here, name, source, options, volumes, faults));
  }
  if (drafts.size() > 1) {
    faults.warning(path, "do not find each other by name yet", "use published ports to reach one from another");
  }
}

} // namespace

void readCompose(const Source& source, const Options& options, FaultList& faults, std::vector<Draft>& drafts) {
  if (source.documents().size() > 1) {
    faults.error("", "has several documents, but a Compose file is one");
    return;
  }
  for (const auto& document : source.documents()) {
    if (!document.value.isObject()) {
      faults.error("", "is " + std::string(model::jsonTypeName(document.value)) +
                           ", but a Compose file is a map with services:");
      return;
    }
    size_t budget = Source::kMaxTextBytes;
    const QJsonObject json = substituteAll(document.value, options.variables, document.path, faults, budget).toObject();
    FieldReader root(json, document.path, faults);
    root.ignore("version"); // obsolete: says nothing
    const auto project = root.string("name");
    const auto volumes = readVolumes(root, faults);
    if (const auto networks = root.object("networks"); networks && !networks->isEmpty()) {
      faults.warning(root.pathOf("networks"), "is left out: workloads are not parted into networks");
    }
    for (const auto key : {"secrets", "configs"}) {
      if (const auto v = root.object(key); v && !v->isEmpty()) {
        faults.error(root.pathOf(key), "is not supported yet");
      }
    }
    for (const auto key : {"include", "models"}) {
      if (root.any(key)) {
        faults.error(root.pathOf(key), "is not supported");
      }
    }
    root.require("services");
    if (const auto services = root.object("services")) {
      readServices(*services, root.pathOf("services"), source, options, volumes, faults, drafts);
    }
    root.finish();
    if (project && model::isLabelValue(*project)) {
      for (auto& d : drafts) {
        d.spec.labels.emplace("project", *project);
      }
    }
  }
}

} // namespace univrs::manifest
