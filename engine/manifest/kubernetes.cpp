#include "engine/base/encoding.h"
#include "engine/base/limits.h"
#include "engine/manifest/kubernetes_parts.h"
#include "engine/model/json_text.h"
#include "engine/model/names.h"

#include <QJsonArray>

#include <algorithm>
#include <cmath>

namespace univrs::manifest {

namespace {

using namespace kubernetes;
using model::FaultList;
using model::FieldReader;
using Labels = std::map<std::string, std::string>;

constexpr size_t kMaxObjects = 1'000;

// A workload under way, with what a Service needs to find it.
struct Pod {
  Draft draft;
  Labels labels;
};

void collect(const QJsonValue& value, const std::string& path, FaultList& faults, std::vector<Object>& objects,
             int depth = 0) {
  if (!value.isObject()) {
    faults.error(path, "is " + std::string(model::jsonTypeName(value)) + ", but a Kubernetes object is wanted");
    return;
  }
  if (objects.size() >= kMaxObjects) {
    if (objects.size() == kMaxObjects) {
      faults.error(path, "has more than " + std::to_string(kMaxObjects) + " objects");
      objects.push_back({});
    }
    return;
  }
  const QJsonObject json = value.toObject();
  FieldReader r(json, path, faults);
  r.require("kind");
  r.require("apiVersion");
  Object o{r.string("kind").value_or(""), r.string("apiVersion").value_or(""), {}, path, json};
  if (o.kind == "List" && depth < 4) {
    const auto items = r.array("items", kMaxObjects);
    for (qsizetype i = 0; items && i < items->size(); ++i) {
      collect(items->at(i), r.pathOf("items") + "[" + std::to_string(i) + "]", faults, objects, depth + 1);
    }
    return;
  }
  o.name = json.value(QStringLiteral("metadata")).toObject().value(QStringLiteral("name")).toString().toStdString();
  objects.push_back(std::move(o));
}

// Name and labels; everything else of metadata is about Kubernetes' own bookkeeping.
Labels readMetadata(FieldReader& object, FaultList& faults, bool nameNeeded) {
  const auto json = object.object("metadata");
  if (!json) {
    if (nameNeeded) {
      faults.error(object.pathOf("metadata"), "is missing", "metadata: {name: …}");
    }
    return {};
  }
  FieldReader m(*json, object.pathOf("metadata"), faults);
  if (nameNeeded) {
    m.require("name");
  }
  m.string("name");
  const auto labels = m.stringMap("labels", 256, 512).value_or(Labels());
  if (const auto space = m.string("namespace"); space && *space != "default" && nameNeeded) {
    faults.warning(m.pathOf("namespace"), "is left out: there is one space of names here");
  }
  for (const auto key :
       {"annotations", "creationTimestamp", "uid", "resourceVersion", "generation", "managedFields", "selfLink"}) {
    m.ignore(key);
  }
  refuse(m, {{"generateName", "is not supported: write name"}, {"finalizers", "is not supported"}});
  leaveOut(m, {{"ownerReferences", "is left out"}});
  m.finish();
  return labels;
}

std::string decodeBase64(const std::string& text, const std::string& path, FaultList& faults) {
  std::string bare;
  std::copy_if(text.begin(), text.end(), std::back_inserter(bare), [](char c) { return c != '\n' && c != ' '; });
  const auto bytes = base::fromBase64(bare);
  if (!bytes) {
    faults.error(path, "is not base64");
    return {};
  }
  return {bytes->begin(), bytes->end()};
}

void readData(const Object& o, FaultList& faults, Data& data) {
  const bool secret = o.kind == "Secret";
  FieldReader r(o.json, o.path, faults);
  r.ignore("apiVersion");
  r.ignore("kind");
  readMetadata(r, faults, true);
  Labels values = r.stringMap("data", 1'000, 1u << 20).value_or(Labels());
  if (secret) {
    for (auto& [k, v] : values) {
      v = decodeBase64(v, model::joinPath(r.pathOf("data"), k), faults);
    }
    for (const auto& [k, v] : r.stringMap("stringData", 1'000, 1u << 20).value_or(Labels())) {
      values[k] = v;
    }
    r.ignore("type");
  } else if (r.any("binaryData")) {
    faults.error(r.pathOf("binaryData"), "is not supported");
  }
  r.ignore("immutable");
  r.finish();
  (secret ? data.secrets : data.configMaps)[o.name] = std::move(values);
}

// A number, or a percentage of the replicas rounded up.
std::optional<int> countOf(FieldReader& r, std::string_view key, int replicas) {
  const auto v = r.any(key);
  if (!v || !v->isString()) {
    const auto n = r.integer(key, 0, base::limits::kMaxReplicas);
    return n ? std::optional<int>(int(*n)) : std::nullopt;
  }
  const auto text = v->toString().toStdString();
  const bool good = text.size() >= 2 && text.size() <= 4 && text.back() == '%' &&
                    std::all_of(text.begin(), text.end() - 1, [](char c) { return c >= '0' && c <= '9'; });
  if (!good) {
    r.faults().error(r.pathOf(key), "is not a number or a percentage");
    return std::nullopt;
  }
  return int(std::ceil(replicas * std::stoi(text) / 100.0));
}

void readStrategy(const QJsonObject& json, const std::string& path, FaultList& faults, Draft& draft) {
  FieldReader r(json, path, faults);
  const auto type = r.word("type", {"RollingUpdate", "Recreate"});
  if (type && *type == 1) {
    faults.error(r.pathOf("type"), "Recreate is not supported: a new instance always starts before an old one goes",
                 "write RollingUpdate");
  }
  if (const auto rolling = r.object("rollingUpdate")) {
    FieldReader u(*rolling, r.pathOf("rollingUpdate"), faults);
    const auto surge = countOf(u, "maxSurge", draft.spec.replicas);
    const auto unavailable = countOf(u, "maxUnavailable", draft.spec.replicas);
    if (unavailable && *unavailable > 0) {
      faults.warning(u.pathOf("maxUnavailable"), "is 0 here: no instance goes before its successor is healthy");
    }
    draft.spec.update.maxParallel =
        std::clamp(std::max(surge.value_or(0), unavailable.value_or(0)), 1, base::limits::kMaxReplicas);
    u.finish();
  }
  r.finish();
}

Pod readPod(const Object& o, const Data& data, FaultList& faults) {
  Pod pod;
  Draft& draft = pod.draft;
  draft.path = o.path;
  FieldReader r(o.json, o.path, faults);
  r.ignore("apiVersion");
  r.ignore("kind");
  r.ignore("status");
  draft.spec.name = o.name;
  draft.from("", o.path);
  draft.from("name", r.pathOf("metadata") + ".name");
  draft.from("labels", r.pathOf("metadata") + ".labels", true);
  draft.spec.labels = readMetadata(r, faults, true);
  r.require("spec");
  const auto spec = r.object("spec");
  r.finish();
  if (!spec) {
    return pod;
  }
  if (o.kind == "Pod") {
    pod.labels = draft.spec.labels;
    readPodSpec(*spec, r.pathOf("spec"), pod.labels, data, faults, draft);
    return pod;
  }
  FieldReader s(*spec, r.pathOf("spec"), faults);
  draft.from("replicas", s.pathOf("replicas"));
  draft.spec.replicas = int(s.integer("replicas", 0, base::limits::kMaxReplicas).value_or(1));
  if (const auto seconds = s.integer("minReadySeconds", 0, 86'400)) {
    draft.spec.update.minHealthyMs = *seconds * 1000;
    draft.from("update.min_healthy_seconds", s.pathOf("minReadySeconds"));
  }
  if (o.kind == "Deployment") {
    draft.spec.update.healthyDeadlineMs =
        s.integer("progressDeadlineSeconds", 1, 86'400).value_or(600) * 1000; // Kubernetes' default
    leaveOut(s, {{"revisionHistoryLimit", "is left out: the last revision is kept"}});
    refuse(s, {{"paused", "is not supported"}});
    if (const auto strategy = s.object("strategy")) {
      readStrategy(*strategy, s.pathOf("strategy"), faults, draft);
    }
  }
  s.require("template");
  if (const auto templ = s.object("template")) {
    FieldReader t(*templ, s.pathOf("template"), faults);
    pod.labels = readMetadata(t, faults, false);
    t.require("spec");
    if (const auto podSpec = t.object("spec")) {
      readPodSpec(*podSpec, t.pathOf("spec"), pod.labels, data, faults, draft);
      if (draft.spec.restart != model::RestartPolicy::Always) {
        faults.error(t.pathOf("spec") + ".restartPolicy", "must be Always in a " + o.kind);
      }
    }
    t.finish();
  }
  s.require("selector");
  if (const auto selector = s.object("selector")) {
    const auto labels = simpleSelector(*selector, s.pathOf("selector"), faults);
    if (labels && !selects(*labels, pod.labels)) {
      faults.error(s.pathOf("selector"), "does not select the pods of its own template");
    }
  }
  s.finish();
  return pod;
}

struct ServicePort {
  uint16_t port = 0;
  uint16_t nodePort = 0;
  QJsonValue target;
  model::Protocol protocol = model::Protocol::Tcp;
  std::string path;
};

// The container port a service's port leads to; made when the containers do not list it.
model::Port* targetPort(model::WorkloadSpec& spec, const ServicePort& p, FaultList& faults) {
  const std::string name = p.target.toString().toStdString();
  const int number = p.target.isDouble() ? p.target.toInt() : p.port;
  for (auto& c : spec.containers) {
    for (auto& port : c.ports) {
      if (port.protocol == p.protocol && (name.empty() ? port.containerPort == number : port.name == name)) {
        return &port;
      }
    }
  }
  if (!name.empty() || number < 1 || number > 65535 || spec.containers.empty()) {
    faults.error(p.path + ".targetPort",
                 name.empty() ? "is outside 1…65535" : "there is no port named \"" + name.substr(0, 60) + "\"");
    return nullptr;
  }
  model::Port port;
  port.containerPort = uint16_t(number);
  port.protocol = p.protocol;
  spec.containers.front().ports.push_back(std::move(port));
  return &spec.containers.front().ports.back();
}

void publish(const ServicePort& p, bool nodePorts, Pod& pod, FaultList& faults) {
  model::Port* port = targetPort(pod.draft.spec, p, faults);
  if (port == nullptr) {
    return;
  }
  uint16_t host = p.nodePort != 0 ? p.nodePort : p.port;
  if (nodePorts && p.nodePort == 0) {
    faults.warning(p.path, "has no nodePort, so it is published on " + std::to_string(host));
  }
  if (!nodePorts) {
    host = p.port;
  }
  if (port->hostPort && *port->hostPort != host) {
    faults.error(p.path, "container port " + std::to_string(port->containerPort) + " is already published on " +
                             std::to_string(*port->hostPort));
    return;
  }
  port->hostPort = host;
}

void readService(const Object& o, std::vector<Pod>& pods, FaultList& faults) {
  FieldReader r(o.json, o.path, faults);
  r.ignore("apiVersion");
  r.ignore("kind");
  r.ignore("status");
  readMetadata(r, faults, true);
  r.require("spec");
  const auto spec = r.object("spec");
  r.finish();
  if (!spec) {
    return;
  }
  FieldReader s(*spec, r.pathOf("spec"), faults);
  const auto type = s.word("type", {"ClusterIP", "NodePort", "LoadBalancer"}).value_or(0);
  const auto selector = s.stringMap("selector", 100, 256).value_or(Labels());
  std::vector<ServicePort> ports;
  s.objects("ports", 256, [&](const QJsonObject& json, const std::string& path) {
    FieldReader p(json, path, faults);
    ServicePort port;
    port.path = path;
    p.require("port");
    port.port = uint16_t(p.integer("port", 1, 65535).value_or(0));
    port.nodePort = uint16_t(p.integer("nodePort", 1, 65535).value_or(0));
    if (const auto target = p.any("targetPort")) {
      port.target = target->isString() ? *target : QJsonValue(qint64(p.integer("targetPort", 1, 65535).value_or(0)));
    }
    if (const auto protocol = p.word("protocol", {"TCP", "UDP"})) {
      port.protocol = model::Protocol(*protocol);
    }
    p.string("name");
    leaveOut(p, {{"appProtocol", "is left out"}});
    p.finish();
    ports.push_back(std::move(port));
  });
  if (const auto affinity = s.string("sessionAffinity"); affinity && *affinity != "None") {
    faults.error(s.pathOf("sessionAffinity"), "is not supported");
  }
  for (const auto key : {"externalTrafficPolicy", "internalTrafficPolicy"}) {
    if (const auto policy = s.string(key); policy && *policy != "Cluster") {
      faults.warning(s.pathOf(key), "is left out");
    }
  }
  for (const auto key : {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "publishNotReadyAddresses",
                         "allocateLoadBalancerNodePorts"}) {
    s.ignore(key); // of the cluster it came from
  }
  refuse(s, {{"externalIPs", "is not supported"},
             {"externalName", "is not supported"},
             {"loadBalancerSourceRanges", "is not supported"},
             {"sessionAffinityConfig", "is not supported"}});
  leaveOut(s, {{"loadBalancerIP", "is left out"},
               {"loadBalancerClass", "is left out"},
               {"healthCheckNodePort", "is left out"},
               {"trafficDistribution", "is left out"}});
  s.finish();
  std::vector<Pod*> matching;
  for (auto& pod : pods) {
    if (selects(selector, pod.labels)) {
      matching.push_back(&pod);
    }
  }
  if (matching.size() != 1) {
    faults.error(s.pathOf("selector"),
                 matching.empty() ? "selects no workload of this manifest"
                                  : "selects several workloads, which is not supported",
                 "put the Service and its Deployment into one file");
    return;
  }
  matching.front()->draft.from("containers[0].ports", s.pathOf("ports"));
  if (type == 0) {
    faults.warning(o.path,
                   "Service " + o.name.substr(0, 60) +
                       " is inside the cluster only: names for it come later, its ports are not published",
                   "type: NodePort or LoadBalancer publishes them");
    return;
  }
  for (const auto& p : ports) {
    if (p.port != 0) {
      publish(p, type == 1, *matching.front(), faults);
    }
  }
}

} // namespace

void readKubernetes(const Source& source, FaultList& faults, std::vector<Draft>& drafts) {
  std::vector<Object> objects;
  for (const auto& document : source.documents()) {
    collect(document.value, document.path, faults, objects);
  }
  Data data;
  for (const auto& o : objects) {
    if (o.kind == "ConfigMap" || o.kind == "Secret") {
      readData(o, faults, data);
    }
  }
  std::vector<Pod> pods;
  for (const auto& o : objects) {
    if (pods.size() > size_t(base::limits::kMaxWorkloadsPerManifest)) {
      break;
    }
    if (o.kind == "Deployment" || o.kind == "ReplicaSet" || o.kind == "Pod") {
      const std::string_view wanted = o.kind == "Pod" ? "v1" : "apps/v1";
      if (!o.apiVersion.empty() && o.apiVersion != wanted) {
        faults.error(model::joinPath(o.path, "apiVersion"),
                     "\"" + o.apiVersion.substr(0, 40) + "\" is not supported for a " + o.kind,
                     "write " + std::string(wanted));
      }
      pods.push_back(readPod(o, data, faults));
    } else if (o.kind == "Namespace" || o.kind == "ServiceAccount" || o.kind == "PodDisruptionBudget") {
      faults.warning(o.path, o.kind + " " + o.name.substr(0, 60) + " is left out: there is none here");
    } else if (!o.kind.empty() && o.kind != "Service" && o.kind != "ConfigMap" && o.kind != "Secret") {
      faults.error(model::joinPath(o.path, "kind"), o.kind.substr(0, 60) + " is not supported",
                   "Deployment, ReplicaSet, Pod, Service, ConfigMap and Secret are");
    }
  }
  for (const auto& o : objects) {
    if (o.kind == "Service") {
      readService(o, pods, faults);
    }
  }
  for (auto& pod : pods) {
    drafts.push_back(std::move(pod.draft));
  }
}

} // namespace univrs::manifest
