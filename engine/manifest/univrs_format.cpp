#include "engine/base/limits.h"
#include "engine/manifest/drafts.h"
#include "engine/model/json_text.h"
#include "engine/model/workload_read.h"

#include <QJsonArray>

#include <array>

namespace univrs::manifest {

namespace {

// Keys of a container that may stand at the top when there is only one: the short form.
constexpr std::array<std::string_view, 16> kContainerKeys{
    "image",     "command",     "args",     "env_vars",      "working_dir",       "user",
    "read_only", "pull_policy", "ports",    "volumes",       "resource_requests", "resource_limits",
    "startup",   "readiness",   "liveness", "container_name"};
// Requests that the originals' clients write flat.
constexpr std::array<std::string_view, 4> kFlatRequests{"cpu_cores", "memory_mb", "disk_mb", "cpu_millicores"};
// What the cluster adds to a workload when it shows one; a shown workload may be sent back.
constexpr std::array<std::string_view, 9> kClusterKeys{
    "id", "generation", "revision", "restart_epoch", "deleting", "previous", "created_at", "updated_at", "status"};

// The short form made into the full one. Paths of faults are mapped back by readSpec().
QJsonObject expandShortForm(QJsonObject json) {
  QJsonObject container;
  for (const auto key : kContainerKeys) {
    const QString k = model::toQString(key);
    if (json.contains(k)) {
      container.insert(key == "container_name" ? QStringLiteral("name") : k, json.take(k));
    }
  }
  QJsonObject requests = container.value(QStringLiteral("resource_requests")).toObject();
  bool flat = false;
  for (const auto key : kFlatRequests) {
    const QString k = model::toQString(key);
    if (json.contains(k)) {
      requests.insert(k, json.take(k));
      flat = true;
    }
  }
  if (flat) {
    container.insert(QStringLiteral("resource_requests"), requests);
  }
  json.insert(QStringLiteral("containers"), QJsonArray{container});
  return json;
}

std::string under(const std::string& path, const std::string& rest) {
  return path.empty() ? rest : rest.empty() ? path : path + (rest.front() == '[' ? "" : ".") + rest;
}

void readSpec(QJsonObject json, const std::string& path, model::FaultList& faults, std::vector<Draft>& drafts) {
  for (const auto key : kClusterKeys) {
    const QString k = model::toQString(key);
    if (json.contains(k)) {
      json.remove(k);
      faults.warning(model::joinPath(path, key), "is kept by the cluster and left out here");
    }
  }
  const bool hasImage = json.contains(QStringLiteral("image"));
  const bool shortForm = hasImage && !json.contains(QStringLiteral("containers"));
  if (hasImage && !shortForm) {
    faults.error(model::joinPath(path, "image"), "stands beside containers", "put it into one of the containers");
    json.remove(QStringLiteral("image"));
  }
  Draft draft;
  draft.path = path;
  if (!shortForm) {
    draft.spec = model::readWorkloadSpec(json, path, faults);
    draft.from("", path, true);
  } else {
    model::FaultList own;
    draft.spec = model::readWorkloadSpec(expandShortForm(json), {}, own);
    draft.from("", path, true);
    draft.from("containers[0]", path, true);
    draft.from("containers[0].name",
               model::joinPath(path, json.contains(QStringLiteral("container_name")) ? "container_name" : "name"));
    for (const auto& f : own.all()) {
      auto message = f.message;
      const auto at = draft.sourceOf(f.path);
      f.warning ? faults.warning(at, message, f.hint) : faults.error(at, message, f.hint);
    }
  }
  drafts.push_back(std::move(draft));
}

void readValue(const QJsonValue& value, const std::string& path, model::FaultList& faults, std::vector<Draft>& drafts) {
  if (value.isObject()) {
    readUnivrsObject(value.toObject(), path, faults, drafts);
  } else if (value.isArray()) {
    const QJsonArray list = value.toArray();
    for (qsizetype i = 0; i < list.size() && drafts.size() <= size_t(base::limits::kMaxWorkloadsPerManifest); ++i) {
      const std::string here = path + "[" + std::to_string(i) + "]";
      const QJsonValue item = list.at(i);
      if (item.isObject()) {
        readSpec(item.toObject(), here, faults, drafts);
      } else {
        faults.error(here, "is " + std::string(model::jsonTypeName(item)) + ", but a workload is wanted");
      }
    }
  } else {
    faults.error(path, "is " + std::string(model::jsonTypeName(value)) + ", but a workload is wanted",
                 "write name: and image:, or give an image reference");
  }
}

} // namespace

std::string Draft::sourceOf(const std::string& specPath) const {
  const Origin* best = nullptr;
  for (const auto& o : origins) {
    const bool leads = o.spec.empty() || specPath == o.spec ||
                       (specPath.size() > o.spec.size() && specPath.compare(0, o.spec.size(), o.spec) == 0 &&
                        (specPath[o.spec.size()] == '.' || specPath[o.spec.size()] == '['));
    if (leads && (best == nullptr || o.spec.size() >= best->spec.size())) {
      best = &o;
    }
  }
  if (best == nullptr) {
    return path;
  }
  if (!best->sameBelow) {
    return best->source;
  }
  std::string rest = specPath.substr(best->spec.size());
  if (!rest.empty() && rest.front() == '.') {
    rest.erase(0, 1);
  }
  return under(best->source, rest);
}

void readUnivrsObject(const QJsonObject& json, const std::string& path, model::FaultList& faults,
                      std::vector<Draft>& drafts) {
  if (!json.contains(QStringLiteral("workloads"))) {
    readSpec(json, path, faults, drafts);
    return;
  }
  model::FieldReader r(json, path, faults);
  const auto list = r.array("workloads", size_t(base::limits::kMaxWorkloadsPerManifest));
  r.finish();
  if (list) {
    readValue(*list, r.pathOf("workloads"), faults, drafts);
  }
}

void readUnivrs(const Source& source, model::FaultList& faults, std::vector<Draft>& drafts) {
  for (const auto& document : source.documents()) {
    readValue(document.value, document.path, faults, drafts);
  }
}

} // namespace univrs::manifest
