#include "engine/base/limits.h"
#include "engine/manifest/kubernetes_parts.h"
#include "engine/model/json_text.h"
#include "engine/model/words.h"

#include <QJsonArray>

#include <algorithm>
#include <set>

namespace univrs::manifest::kubernetes {

namespace {

using model::FaultList;
using model::FieldReader;

constexpr std::string_view kHostname = "kubernetes.io/hostname";

void readExpressions(FieldReader& term, const std::string& specPath, FaultList& faults, Draft& draft,
                     const std::function<void(model::Constraint)>& each) {
  if (term.any("matchFields")) {
    faults.error(term.pathOf("matchFields"), "is not supported", "write nodeName, or matchExpressions");
  }
  size_t n = 0;
  term.objects("matchExpressions", 100, [&](const QJsonObject& o, const std::string& path) {
    FieldReader r(o, path, faults);
    model::Constraint c;
    r.require("key");
    r.require("operator");
    c.key = r.string("key").value_or("");
    c.op = model::Operator(r.word("operator", model::words::operators()).value_or(0));
    c.values = r.strings("values", 100, 256).value_or(std::vector<std::string>());
    r.finish();
    draft.from(specPath + "[" + std::to_string(n++) + "]", path, true);
    each(std::move(c));
  });
}

void readNodeAffinity(const QJsonObject& json, const std::string& path, FaultList& faults, Draft& draft) {
  FieldReader r(json, path, faults);
  auto& placement = draft.spec.placement;
  if (const auto required = r.object("requiredDuringSchedulingIgnoredDuringExecution")) {
    FieldReader q(*required, r.pathOf("requiredDuringSchedulingIgnoredDuringExecution"), faults);
    size_t terms = 0;
    q.objects("nodeSelectorTerms", 100, [&](const QJsonObject& o, const std::string& at) {
      if (++terms == 2) {
        faults.error(q.pathOf("nodeSelectorTerms"), "has several terms, which is not supported",
                     "write one term; its expressions must all hold");
      }
      if (terms > 1) {
        return;
      }
      FieldReader t(o, at, faults);
      readExpressions(t, "placement.required", faults, draft,
                      [&](model::Constraint c) { placement.required.push_back(std::move(c)); });
      t.finish();
    });
    q.finish();
  }
  r.objects("preferredDuringSchedulingIgnoredDuringExecution", 100, [&](const QJsonObject& o, const std::string& at) {
    FieldReader p(o, at, faults);
    const auto weight = p.integer("weight", 1, 100).value_or(1);
    if (const auto preference = p.object("preference")) {
      FieldReader t(*preference, p.pathOf("preference"), faults);
      size_t n = 0;
      readExpressions(t, "placement.preferred", faults, draft, [&](model::Constraint c) {
        if (++n == 2) {
          faults.error(t.pathOf("matchExpressions"), "has several expressions, which is not supported in a preference",
                       "write one preference each");
        }
        placement.preferred.push_back({std::move(c), int(weight)});
      });
      t.finish();
    }
    p.finish();
  });
  r.finish();
}

void readAntiAffinity(const QJsonObject& json, const std::string& path,
                      const std::map<std::string, std::string>& podLabels, FaultList& faults, Draft& draft) {
  FieldReader r(json, path, faults);
  r.objects("requiredDuringSchedulingIgnoredDuringExecution", 16, [&](const QJsonObject& o, const std::string& at) {
    FieldReader t(o, at, faults);
    t.require("topologyKey");
    const auto key = t.string("topologyKey").value_or("");
    const auto selector = t.object("labelSelector");
    const auto labels = selector ? simpleSelector(*selector, t.pathOf("labelSelector"), faults) : std::nullopt;
    if (!labels || !selects(*labels, podLabels)) {
      faults.error(t.pathOf("labelSelector"),
                   "must select the pod itself: keeping away from other workloads is not supported");
    }
    refuse(t, {{"namespaces", "is not supported"},
               {"namespaceSelector", "is not supported"},
               {"matchLabelKeys", "is not supported"},
               {"mismatchLabelKeys", "is not supported"}});
    t.finish();
    draft.from("placement.spread[" + std::to_string(draft.spec.placement.spread.size()) + "]", t.pathOf("topologyKey"));
    draft.spec.placement.spread.push_back({key == kHostname ? "node" : key, 1});
  });
  if (r.any("preferredDuringSchedulingIgnoredDuringExecution")) {
    faults.warning(r.pathOf("preferredDuringSchedulingIgnoredDuringExecution"),
                   "becomes placement strategy \"spread\"");
    draft.spec.placement.strategy = "spread";
  }
  r.finish();
}

void readVolumes(FieldReader& pod, std::map<std::string, QJsonObject>& volumes, FaultList& faults) {
  pod.objects("volumes", 256, [&](const QJsonObject& o, const std::string& path) {
    FieldReader v(o, path, faults);
    v.require("name");
    const auto name = v.string("name").value_or("");
    if (const auto dir = v.object("emptyDir")) {
      FieldReader e(*dir, v.pathOf("emptyDir"), faults);
      e.word("medium", {"", "Memory"});
      e.any("sizeLimit");
      e.finish();
    }
    if (const auto host = v.object("hostPath")) {
      FieldReader h(*host, v.pathOf("hostPath"), faults);
      h.require("path");
      h.string("path");
      if (const auto type = h.word("type", {"", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket",
                                            "CharDevice", "BlockDevice"})) {
        if (*type == 2 || *type == 4) {
          faults.warning(h.pathOf("type"), "is left out: the path must exist on the node");
        }
      }
      h.finish();
    }
    if (!o.contains(QStringLiteral("emptyDir")) && !o.contains(QStringLiteral("hostPath"))) {
      for (auto it = o.begin(); it != o.end(); ++it) {
        const auto key = it.key().toStdString();
        if (key != "name") {
          v.ignore(key);
          faults.error(v.pathOf(key), "is not supported as a volume", "emptyDir and hostPath are");
        }
      }
    }
    if (v.any("emptyDir") || o.value(QStringLiteral("emptyDir")).isNull()) {
      v.ignore("emptyDir");
    }
    v.finish();
    if (!volumes.emplace(name, o).second) {
      faults.error(v.pathOf("name"), "\"" + name.substr(0, 60) + "\" is there twice");
    }
  });
}

// An emptyDir that two containers mount is how they share files; memory of its own for each would break that.
void checkShared(const model::FieldReader& pod, const QJsonObject& json,
                 const std::map<std::string, QJsonObject>& volumes, FaultList& faults) {
  std::map<std::string, std::set<int>> users;
  const QJsonArray containers = json.value(QStringLiteral("containers")).toArray();
  for (qsizetype i = 0; i < containers.size() && i < 64; ++i) {
    for (const QJsonValue& m : containers.at(i).toObject().value(QStringLiteral("volumeMounts")).toArray()) {
      users[m.toObject().value(QStringLiteral("name")).toString().toStdString()].insert(int(i));
    }
  }
  for (const auto& [name, by] : users) {
    const auto it = volumes.find(name);
    if (by.size() > 1 && it != volumes.end() && it->second.contains(QStringLiteral("emptyDir"))) {
      faults.error(pod.pathOf("volumes"),
                   "emptyDir \"" + name.substr(0, 60) + "\" is shared between containers, which is not supported yet");
    }
  }
}

void readPodSecurity(FieldReader& pod, FaultList& faults, Draft& draft) {
  const auto json = pod.object("securityContext");
  if (!json) {
    return;
  }
  FieldReader r(*json, pod.pathOf("securityContext"), faults);
  const auto user = r.integer("runAsUser", 0, INT32_MAX);
  const auto group = r.integer("runAsGroup", 0, INT32_MAX);
  for (auto& c : draft.spec.containers) {
    if (user && c.user.empty()) {
      c.user = std::to_string(*user) + (group ? ":" + std::to_string(*group) : "");
    }
  }
  if (group && !user) {
    faults.error(r.pathOf("runAsGroup"), "needs runAsUser beside it");
  }
  if (r.boolean("runAsNonRoot").value_or(false)) {
    for (const auto& c : draft.spec.containers) {
      if (c.user.empty() || c.user == "0" || c.user.rfind("0:", 0) == 0) {
        faults.error(r.pathOf("runAsNonRoot"), "cannot be checked without a user",
                     "write runAsUser with a number above 0");
        break;
      }
    }
  }
  if (const auto seccomp = r.object("seccompProfile");
      seccomp && seccomp->value(QStringLiteral("type")).toString() != QLatin1String("RuntimeDefault")) {
    faults.error(r.pathOf("seccompProfile"), "is not supported", "only type: RuntimeDefault");
  }
  refuse(r, {{"fsGroup", "is not supported"},
             {"supplementalGroups", "is not supported"},
             {"sysctls", "is not supported"},
             {"seLinuxOptions", "is not supported"},
             {"windowsOptions", "is not supported"},
             {"appArmorProfile", "is not supported"}});
  leaveOut(r, {{"fsGroupChangePolicy", "is left out"}, {"supplementalGroupsPolicy", "is left out"}});
  r.finish();
}

} // namespace

std::optional<std::map<std::string, std::string>> simpleSelector(const QJsonObject& json, const std::string& path,
                                                                 FaultList& faults) {
  FieldReader r(json, path, faults);
  std::map<std::string, std::string> out =
      r.stringMap("matchLabels", 100, 256).value_or(std::map<std::string, std::string>());
  bool good = true;
  r.objects("matchExpressions", 100, [&](const QJsonObject& o, const std::string& at) {
    FieldReader e(o, at, faults);
    const auto key = e.string("key").value_or("");
    const auto op = e.string("operator").value_or("");
    const auto values = e.strings("values", 100, 256).value_or(std::vector<std::string>());
    e.finish();
    if (op == "In" && values.size() == 1) {
      out[key] = values.front();
    } else {
      faults.error(at, "is not supported", "only operator In with one value");
      good = false;
    }
  });
  r.finish();
  return good ? std::optional(out) : std::nullopt;
}

bool selects(const std::map<std::string, std::string>& selector, const std::map<std::string, std::string>& labels) {
  return !selector.empty() && std::all_of(selector.begin(), selector.end(), [&](const auto& e) {
    const auto it = labels.find(e.first);
    return it != labels.end() && it->second == e.second;
  });
}

void readPlacement(FieldReader& pod, const std::map<std::string, std::string>& podLabels, FaultList& faults,
                   Draft& draft) {
  auto& placement = draft.spec.placement;
  if (const auto affinity = pod.object("affinity")) {
    FieldReader a(*affinity, pod.pathOf("affinity"), faults);
    if (const auto o = a.object("nodeAffinity")) {
      readNodeAffinity(*o, a.pathOf("nodeAffinity"), faults, draft);
    }
    if (const auto o = a.object("podAntiAffinity")) {
      readAntiAffinity(*o, a.pathOf("podAntiAffinity"), podLabels, faults, draft);
    }
    refuse(a, {{"podAffinity", "is not supported"}});
    a.finish();
  }
  for (const auto& [k, v] : pod.stringMap("nodeSelector", 100, 256).value_or(std::map<std::string, std::string>())) {
    draft.from("placement.required[" + std::to_string(placement.required.size()) + "]",
               model::joinPath(pod.pathOf("nodeSelector"), k));
    placement.required.push_back({k, model::Operator::In, {v}});
  }
  draft.from("placement.node", pod.pathOf("nodeName"));
  if (auto node = pod.string("nodeName"); node && !node->empty()) {
    placement.node = model::NodeId(std::move(*node));
  }
  pod.objects("tolerations", 100, [&](const QJsonObject& o, const std::string& path) {
    FieldReader r(o, path, faults);
    model::Toleration t;
    t.key = r.string("key").value_or("");
    t.exists = r.word("operator", {"Equal", "Exists"}).value_or(0) == 1;
    t.value = r.string("value").value_or("");
    if (const auto effect = r.word("effect", model::words::taintEffects())) {
      t.effect = model::TaintEffect(*effect);
    }
    leaveOut(r, {{"tolerationSeconds", "is left out: the taint is tolerated for good"}});
    r.finish();
    draft.from("placement.tolerations[" + std::to_string(placement.tolerations.size()) + "]", path, true);
    placement.tolerations.push_back(std::move(t));
  });
  pod.objects("topologySpreadConstraints", 16, [&](const QJsonObject& o, const std::string& path) {
    if (o.value(QStringLiteral("whenUnsatisfiable")).toString() == QLatin1String("ScheduleAnyway")) {
      faults.warning(path, "becomes placement strategy \"spread\"");
      placement.strategy = "spread";
    } else {
      faults.error(path, "is not supported with whenUnsatisfiable: DoNotSchedule",
                   "write podAntiAffinity, or ScheduleAnyway");
    }
  });
}

void readPodSpec(const QJsonObject& json, const std::string& path, const std::map<std::string, std::string>& podLabels,
                 const Data& data, FaultList& faults, Draft& draft) {
  FieldReader r(json, path, faults);
  auto& spec = draft.spec;
  draft.from("containers", r.pathOf("containers"));
  draft.from("placement", path);
  draft.from("stop_grace_seconds", r.pathOf("terminationGracePeriodSeconds"));
  draft.from("network_mode", r.pathOf("hostNetwork"));
  std::map<std::string, QJsonObject> volumes;
  readVolumes(r, volumes, faults);
  checkShared(r, json, volumes, faults);
  if (r.boolean("hostNetwork").value_or(false)) {
    spec.network = model::NetworkMode::Host;
  }
  r.require("containers");
  r.objects("containers", size_t(base::limits::kMaxContainers), [&](const QJsonObject& o, const std::string& at) {
    const auto specPath = "containers[" + std::to_string(spec.containers.size()) + "]";
    spec.containers.push_back(readContainer(o, at, specPath, data, volumes, faults, draft));
  });
  if (spec.network == model::NetworkMode::Host) {
    for (auto& c : spec.containers) {
      for (auto& p : c.ports) {
        p.hostPort = p.hostPort.value_or(p.containerPort); // on the host's network they are the same
      }
    }
  }
  spec.restart = model::RestartPolicy(r.word("restartPolicy", {"Always", "OnFailure", "Never"}).value_or(0));
  spec.stopGraceMs = r.integer("terminationGracePeriodSeconds", 0, 86'400).value_or(30) * 1000; // Kubernetes' default
  readPlacement(r, podLabels, faults, draft);
  readPodSecurity(r, faults, draft);
  if (const auto policy = r.string("dnsPolicy"); policy && *policy != "ClusterFirst" && *policy != "Default") {
    faults.warning(r.pathOf("dnsPolicy"), "is left out");
  }
  if (const auto scheduler = r.string("schedulerName"); scheduler && *scheduler != "default-scheduler") {
    faults.error(r.pathOf("schedulerName"), "is not supported");
  }
  refuse(r, {{"initContainers", "is not supported yet"},
             {"ephemeralContainers", "is not supported"},
             {"imagePullSecrets", "is not supported: log in on the nodes instead"},
             {"hostPID", "is not supported"},
             {"hostIPC", "is not supported"},
             {"shareProcessNamespace", "is not supported"},
             {"runtimeClassName", "is not supported"},
             {"readinessGates", "is not supported"},
             {"hostAliases", "is not supported"},
             {"dnsConfig", "is not supported"},
             {"activeDeadlineSeconds", "is not supported"},
             {"resourceClaims", "is not supported"},
             {"schedulingGates", "is not supported"},
             {"setHostnameAsFQDN", "is not supported"}});
  leaveOut(r, {{"serviceAccountName", "is left out: there are no service accounts here"},
               {"serviceAccount", "is left out: there are no service accounts here"},
               {"hostname", "is left out"},
               {"subdomain", "is left out"},
               {"priorityClassName", "is left out"},
               {"priority", "is left out"},
               {"preemptionPolicy", "is left out"},
               {"os", "is left out: a node that fits the image is chosen"}});
  for (const auto key : {"automountServiceAccountToken", "enableServiceLinks", "overhead", "hostUsers"}) {
    r.ignore(key); // nothing of the kind exists here, so there is nothing to leave out
  }
  r.finish();
}

} // namespace univrs::manifest::kubernetes
