#include "engine/base/encoding.h"
#include "engine/base/limits.h"
#include "engine/manifest/kubernetes_parts.h"
#include "engine/model/json_text.h"
#include "engine/model/names.h"

#include <QJsonArray>

#include <algorithm>

namespace univrs::manifest::kubernetes {

namespace {

using model::FaultList;
using model::FieldReader;

constexpr size_t kMaxValueBytes = 131'072; // of one variable, as validate() has it

// Kubernetes' $(NAME): replaced where NAME is a variable of the container, else left as it is; $$( is a literal $(.
std::string expand(const std::string& text, const std::map<std::string, std::string>& env) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    if (text[i] != '$' || i + 1 >= text.size()) {
      out += text[i++];
    } else if (text[i + 1] == '$') {
      out += '$';
      i += 2;
    } else if (const auto end = text[i + 1] == '(' ? text.find(')', i) : std::string::npos; end != std::string::npos) {
      const auto it = env.find(text.substr(i + 2, end - i - 2));
      out += it == env.end() ? text.substr(i, end - i + 1) : it->second;
      i = end + 1;
    } else {
      out += text[i++];
    }
    if (out.size() > kMaxValueBytes) {
      return out; // longer than validate() takes, so it is refused there
    }
  }
  return out;
}

class EnvReader {
public:
  EnvReader(const Data& data, FaultList& faults) : m_data(data), m_faults(faults) {}

  void readAll(FieldReader& container, std::map<std::string, std::string>& env) {
    container.objects("envFrom", 256, [&](const QJsonObject& o, const std::string& path) { from(o, path, env); });
    container.objects("env", 1'000, [&](const QJsonObject& o, const std::string& path) { one(o, path, env); });
  }

private:
  void from(const QJsonObject& json, const std::string& path, std::map<std::string, std::string>& env) {
    FieldReader r(json, path, m_faults);
    const auto prefix = r.string("prefix").value_or("");
    for (const bool secret : {false, true}) {
      const auto key = secret ? "secretRef" : "configMapRef";
      const auto ref = r.object(key);
      if (!ref) {
        continue;
      }
      FieldReader f(*ref, r.pathOf(key), m_faults);
      const auto name = f.string("name").value_or("");
      const bool optional = f.boolean("optional").value_or(false);
      f.finish();
      const auto& all = secret ? m_data.secrets : m_data.configMaps;
      const auto it = all.find(name);
      if (it != all.end()) {
        for (const auto& [k, v] : it->second) {
          set(env, prefix + k, v, f.pathOf("name"));
        }
        noteSecret(secret, f.pathOf("name"));
      } else if (!optional) {
        missing(secret, name, f.pathOf("name"));
      }
    }
    r.finish();
  }

  void one(const QJsonObject& json, const std::string& path, std::map<std::string, std::string>& env) {
    FieldReader r(json, path, m_faults);
    r.require("name");
    const auto name = r.string("name");
    const auto value = r.string("value", 131'072);
    const auto source = r.object("valueFrom");
    r.finish();
    if (!name) {
      return;
    }
    if (!source) {
      if (value || !r.has("value")) {
        set(env, *name, expand(value.value_or(""), env), r.pathOf("value"));
      }
      return;
    }
    FieldReader s(*source, r.pathOf("valueFrom"), m_faults);
    for (const auto key : {"fieldRef", "resourceFieldRef", "fileKeyRef"}) {
      if (s.any(key)) {
        m_faults.error(s.pathOf(key), "is not supported");
      }
    }
    for (const bool secret : {false, true}) {
      const auto key = secret ? "secretKeyRef" : "configMapKeyRef";
      const auto ref = s.object(key);
      if (!ref) {
        continue;
      }
      FieldReader f(*ref, s.pathOf(key), m_faults);
      const auto object = f.string("name").value_or("");
      const auto entry = f.string("key").value_or("");
      const bool optional = f.boolean("optional").value_or(false);
      f.finish();
      const auto& all = secret ? m_data.secrets : m_data.configMaps;
      const auto it = all.find(object);
      if (it == all.end()) {
        if (!optional) {
          missing(secret, object, f.pathOf("name"));
        }
      } else if (const auto found = it->second.find(entry); found != it->second.end()) {
        set(env, *name, found->second, f.pathOf("key"));
        noteSecret(secret, f.pathOf("key"));
      } else if (!optional) {
        m_faults.error(f.pathOf("key"), "\"" + entry.substr(0, 60) + "\" is not in " +
                                            (secret ? "Secret " : "ConfigMap ") + object.substr(0, 60));
      }
    }
    s.finish();
  }

  void set(std::map<std::string, std::string>& env, const std::string& name, const std::string& value,
           const std::string& path) {
    const size_t before = m_data.expandedBytes;
    m_data.expandedBytes = std::min(before + name.size() + value.size(), Data::kMaxExpandedBytes + 1);
    if (m_data.expandedBytes > Data::kMaxExpandedBytes) {
      if (before <= Data::kMaxExpandedBytes) {
        m_faults.error(path, "the variables of this manifest together are longer than " +
                                 std::to_string(Data::kMaxExpandedBytes) + " bytes");
      }
      return;
    }
    env[name] = value;
  }

  void missing(bool secret, const std::string& name, const std::string& path) {
    m_faults.error(
        path, std::string(secret ? "Secret" : "ConfigMap") + " \"" + name.substr(0, 60) + "\" is not in this manifest",
        "put it into the same file");
  }

  void noteSecret(bool secret, const std::string& path) {
    if (secret) {
      m_faults.warning(path, "becomes a plain variable of the workload: who may read the workload can read it");
    }
  }

  const Data& m_data;
  FaultList& m_faults;
};

void readPorts(FieldReader& r, model::Container& c, FaultList& faults, Draft& draft, const std::string& specPath) {
  r.objects("ports", 256, [&](const QJsonObject& o, const std::string& path) {
    FieldReader p(o, path, faults);
    model::Port port;
    port.name = p.string("name").value_or("");
    p.require("containerPort");
    port.containerPort = uint16_t(p.integer("containerPort", 1, 65535).value_or(0));
    if (const auto host = p.integer("hostPort", 1, 65535)) {
      port.hostPort = uint16_t(*host);
    }
    if (const auto protocol = p.word("protocol", {"TCP", "UDP"})) {
      port.protocol = model::Protocol(*protocol);
    }
    port.hostAddress = p.string("hostIP").value_or("");
    p.finish();
    draft.from(specPath + ".ports[" + std::to_string(c.ports.size()) + "]", path);
    c.ports.push_back(std::move(port));
  });
}

// A number, or the name of one of the container's ports.
uint16_t probePort(FieldReader& r, const model::Container& c, FaultList& faults) {
  r.require("port");
  const auto v = r.any("port");
  if (v && v->isString()) {
    const auto name = v->toString().toStdString();
    const auto it = std::find_if(c.ports.begin(), c.ports.end(),
                                 [&](const model::Port& p) { return !p.name.empty() && p.name == name; });
    if (it != c.ports.end()) {
      return it->containerPort;
    }
    faults.error(r.pathOf("port"), "there is no port named \"" + name.substr(0, 60) + "\"");
    return 0;
  }
  return uint16_t(r.integer("port", 1, 65535).value_or(0));
}

void readProbe(FieldReader& container, std::string_view key, const std::string& specPath, model::Container& c,
               std::optional<model::Probe>& target, FaultList& faults, Draft& draft) {
  const auto json = container.object(key);
  if (!json) {
    return;
  }
  const auto path = container.pathOf(key);
  draft.from(specPath, path);
  FieldReader r(*json, path, faults);
  model::Probe p;
  const auto http = r.object("httpGet");
  const auto tcp = r.object("tcpSocket");
  const auto exec = r.object("exec");
  if (r.any("grpc")) {
    faults.error(r.pathOf("grpc"), "is not supported", "write httpGet, tcpSocket or exec");
  } else if (int(http.has_value()) + int(tcp.has_value()) + int(exec.has_value()) != 1) {
    faults.error(path, "needs exactly one of httpGet, tcpSocket and exec");
  }
  bool good = true;
  if (http) {
    p.kind = model::ProbeKind::Http;
    FieldReader h(*http, r.pathOf("httpGet"), faults);
    p.path = h.string("path").value_or("/");
    p.port = probePort(h, c, faults);
    refuse(h, {{"host", "is not supported: the container itself is asked"}});
    if (const auto scheme = h.word("scheme", {"HTTP", "HTTPS"}); scheme && *scheme == 1) {
      faults.error(h.pathOf("scheme"), "HTTPS is not supported", "use tcpSocket or exec");
    }
    h.objects("httpHeaders", 64, [&](const QJsonObject& o, const std::string& at) {
      FieldReader header(o, at, faults);
      const auto name = header.string("name").value_or("");
      p.headers[name] = header.string("value").value_or("");
      header.finish();
    });
    h.finish();
    good = p.port != 0;
  } else if (tcp) {
    p.kind = model::ProbeKind::Tcp;
    FieldReader t(*tcp, r.pathOf("tcpSocket"), faults);
    p.port = probePort(t, c, faults);
    refuse(t, {{"host", "is not supported: the container itself is asked"}});
    t.finish();
    good = p.port != 0;
  } else if (exec) {
    p.kind = model::ProbeKind::Exec;
    FieldReader e(*exec, r.pathOf("exec"), faults);
    p.command = e.strings("command").value_or(std::vector<std::string>());
    e.finish();
  } else {
    good = false;
  }
  p.initialDelayMs = r.integer("initialDelaySeconds", 0, 86'400).value_or(0) * 1000;
  p.periodMs = r.integer("periodSeconds", 1, 86'400).value_or(10) * 1000;
  p.timeoutMs = r.integer("timeoutSeconds", 1, 86'400).value_or(1) * 1000;
  p.successThreshold = int(r.integer("successThreshold", 1, 1000).value_or(1));
  p.failureThreshold = int(r.integer("failureThreshold", 1, 1000).value_or(3));
  leaveOut(r, {{"terminationGracePeriodSeconds", "is left out: the pod's holds"}});
  r.finish();
  if (!good) {
    return;
  }
  // In Kubernetes ports are only a note, here a probe needs them.
  if (p.kind != model::ProbeKind::Exec && std::none_of(c.ports.begin(), c.ports.end(), [&p](const model::Port& port) {
        return port.containerPort == p.port && port.protocol == model::Protocol::Tcp;
      })) {
    model::Port port;
    port.containerPort = p.port;
    c.ports.push_back(port);
  }
  target = std::move(p);
}

void readAmounts(FieldReader& resources, std::string_view key, model::Resources& out, FaultList& faults) {
  const auto json = resources.object(key);
  if (!json) {
    return;
  }
  const auto base = resources.pathOf(key);
  for (auto it = json->begin(); it != json->end(); ++it) {
    const auto name = it.key().toStdString();
    const auto path = model::joinPath(base, name);
    const QJsonValue v = it.value();
    if (!v.isString() && !v.isDouble()) {
      faults.error(path, "is " + std::string(model::jsonTypeName(v)) + ", but a quantity is wanted");
      continue;
    }
    const auto text = v.isString() ? v.toString().toStdString() : QString::number(v.toDouble(), 'g', 15).toStdString();
    const bool cpu = name == "cpu";
    const auto n = cpu ? model::parseCpuQuantity(text) : model::parseByteQuantity(text);
    if (!n) {
      faults.error(path, n.error().what + ": " + n.error().why, n.error().hint);
    } else if (cpu) {
      out.cpuMillicores = *n;
    } else if (name == "memory") {
      out.memoryBytes = *n;
    } else if (name == "ephemeral-storage") {
      out.diskBytes = *n;
    } else if (name == "nvidia.com/gpu" || name == "amd.com/gpu") {
      out.gpus += std::min<int64_t>(*n, 1'000'000);
    } else if (name.find('/') != std::string::npos && out.extended.size() < 64) {
      out.extended[name] = *n;
    } else {
      faults.error(path, "is not a resource that is known here");
    }
  }
}

void readSecurity(FieldReader& container, model::Container& c, FaultList& faults) {
  const auto json = container.object("securityContext");
  if (!json) {
    return;
  }
  FieldReader r(*json, container.pathOf("securityContext"), faults);
  const auto user = r.integer("runAsUser", 0, INT32_MAX);
  const auto group = r.integer("runAsGroup", 0, INT32_MAX);
  if (user) {
    c.user = std::to_string(*user) + (group ? ":" + std::to_string(*group) : "");
  } else if (group) {
    faults.error(r.pathOf("runAsGroup"), "needs runAsUser beside it");
  }
  c.readOnly = r.boolean("readOnlyRootFilesystem").value_or(false);
  if (r.boolean("runAsNonRoot").value_or(false) && (!user || *user == 0)) {
    faults.error(r.pathOf("runAsNonRoot"), "cannot be checked without a user", "write runAsUser with a number above 0");
  }
  if (r.boolean("privileged").value_or(false)) {
    faults.error(r.pathOf("privileged"), "is not supported");
  }
  if (const auto escalate = r.boolean("allowPrivilegeEscalation"); escalate && !*escalate) {
    faults.warning(r.pathOf("allowPrivilegeEscalation"),
                   "is left out: containers run with the engine's default profile");
  }
  if (const auto capabilities = r.object("capabilities")) {
    FieldReader k(*capabilities, r.pathOf("capabilities"), faults);
    refuse(k, {{"add", "is not supported: containers get the engine's default capabilities"}});
    leaveOut(k, {{"drop", "is left out: containers keep the engine's default capabilities"}});
    k.finish();
  }
  if (const auto seccomp = r.object("seccompProfile");
      seccomp && seccomp->value(QStringLiteral("type")).toString() != QLatin1String("RuntimeDefault")) {
    faults.error(r.pathOf("seccompProfile"), "is not supported", "only type: RuntimeDefault");
  }
  refuse(r, {{"procMount", "is not supported"},
             {"seLinuxOptions", "is not supported"},
             {"windowsOptions", "is not supported"},
             {"appArmorProfile", "is not supported"}});
  r.finish();
}

std::optional<model::Mount> volumeOf(const QJsonObject& volume, const std::string& path, FaultList& faults) {
  model::Mount m;
  if (const auto v = volume.value(QStringLiteral("hostPath")); v.isObject()) {
    m.type = model::MountType::Bind;
    m.source = v.toObject().value(QStringLiteral("path")).toString().toStdString();
    return m;
  }
  if (const auto v = volume.value(QStringLiteral("emptyDir")); v.isObject() || v.isNull()) {
    const QJsonObject dir = v.toObject();
    m.type = model::MountType::Tmpfs;
    const auto limit = dir.value(QStringLiteral("sizeLimit"));
    if (!limit.isUndefined()) {
      const auto bytes = model::parseByteQuantity(
          limit.isString() ? limit.toString().toStdString() : QString::number(limit.toDouble(), 'g', 15).toStdString());
      if (bytes) {
        m.sizeBytes = *bytes;
      } else {
        faults.error(path, "its sizeLimit is not a size");
      }
    }
    if (dir.value(QStringLiteral("medium")).toString() != QLatin1String("Memory")) {
      faults.warning(path, "emptyDir is kept in memory here, and is empty again after a restart of the container");
    }
    return m;
  }
  return std::nullopt; // refused where it is declared
}

} // namespace

void refuse(FieldReader& r, const std::vector<KeyNote>& keys) {
  for (const auto& [key, why] : keys) {
    const auto v = r.any(key);
    const bool off = !v || (v->isBool() && !v->toBool()) || (v->isArray() && v->toArray().isEmpty()) ||
                     (v->isObject() && v->toObject().isEmpty()) || (v->isString() && v->toString().isEmpty());
    if (!off) {
      r.faults().error(r.pathOf(key), std::string(why));
    }
  }
}

void leaveOut(FieldReader& r, const std::vector<KeyNote>& keys) {
  for (const auto& [key, why] : keys) {
    if (r.any(key)) {
      r.faults().warning(r.pathOf(key), std::string(why));
    }
  }
}

model::Container readContainer(const QJsonObject& json, const std::string& path, const std::string& specPath,
                               const Data& data, const std::map<std::string, QJsonObject>& volumes, FaultList& faults,
                               Draft& draft) {
  FieldReader r(json, path, faults);
  model::Container c;
  draft.from(specPath, path);
  for (const auto& [spec, source] : {std::pair{".name", "name"},
                                     {".image", "image"},
                                     {".command", "command"},
                                     {".args", "args"},
                                     {".env_vars", "env"},
                                     {".working_dir", "workingDir"},
                                     {".ports", "ports"},
                                     {".volumes", "volumeMounts"},
                                     {".user", "securityContext"},
                                     {".resource_limits", "resources"},
                                     {".resource_requests", "resources"}}) {
    draft.from(specPath + spec, r.pathOf(source),
               std::string_view(spec) == ".command" || std::string_view(spec) == ".args");
  }
  r.require("name");
  c.name = r.string("name").value_or("");
  r.require("image");
  c.image = r.string("image").value_or("");
  EnvReader(data, faults).readAll(r, c.env);
  for (auto& word : c.command = r.strings("command").value_or(std::vector<std::string>())) {
    word = expand(word, c.env);
  }
  for (auto& word : c.args = r.strings("args").value_or(std::vector<std::string>())) {
    word = expand(word, c.env);
  }
  c.workingDir = r.string("workingDir").value_or("");
  if (const auto policy = r.word("imagePullPolicy", {"IfNotPresent", "Always", "Never"})) {
    c.pull = model::PullPolicy(*policy);
  } else if (const auto image = model::parseImageReference(c.image);
             image && image->tag == "latest" && image->digest.empty()) {
    // Kubernetes would ask the registry at every start, so that an image loaded from an archive could not run.
    faults.warning(r.pathOf("imagePullPolicy"),
                   "is not given: Kubernetes pulls \"latest\" at every start, Univrs only what the node does not have",
                   "write imagePullPolicy: Always to have it pulled each time");
  }
  readPorts(r, c, faults, draft, specPath);
  r.objects("volumeMounts", 256, [&](const QJsonObject& o, const std::string& at) {
    FieldReader m(o, at, faults);
    m.require("name");
    m.require("mountPath");
    const auto name = m.string("name").value_or("");
    const auto target = m.string("mountPath").value_or("");
    const bool readOnly = m.boolean("readOnly").value_or(false);
    refuse(m, {{"subPath", "is not supported"}, {"subPathExpr", "is not supported"}});
    if (const auto propagation = m.string("mountPropagation"); propagation && *propagation != "None") {
      faults.error(m.pathOf("mountPropagation"), "is not supported");
    }
    leaveOut(m, {{"recursiveReadOnly", "is left out"}});
    m.finish();
    const auto it = volumes.find(name);
    if (it == volumes.end()) {
      faults.error(m.pathOf("name"), "there is no volume \"" + name.substr(0, 60) + "\" in the pod");
      return;
    }
    if (auto mount = volumeOf(it->second, at, faults)) {
      mount->target = target;
      mount->readOnly = readOnly;
      draft.from(specPath + ".volumes[" + std::to_string(c.mounts.size()) + "]", at);
      c.mounts.push_back(std::move(*mount));
    }
  });
  if (const auto resources = r.object("resources")) {
    FieldReader a(*resources, r.pathOf("resources"), faults);
    readAmounts(a, "limits", c.limits, faults);
    c.requests = c.limits; // what is not asked for follows the limit, as in Kubernetes
    if (const auto asked = a.object("requests")) {
      model::Resources own = c.requests;
      readAmounts(a, "requests", own, faults);
      if (asked->contains(QStringLiteral("nvidia.com/gpu")) || asked->contains(QStringLiteral("amd.com/gpu"))) {
        own.gpus -= c.limits.gpus;
      }
      c.requests = own;
    }
    refuse(a, {{"claims", "is not supported"}});
    a.finish();
  }
  readSecurity(r, c, faults);
  readProbe(r, "startupProbe", specPath + ".startup", c, c.startup, faults, draft);
  readProbe(r, "readinessProbe", specPath + ".readiness", c, c.readiness, faults, draft);
  readProbe(r, "livenessProbe", specPath + ".liveness", c, c.liveness, faults, draft);
  refuse(r, {{"lifecycle", "is not supported"},
             {"volumeDevices", "is not supported"},
             {"restartPolicy", "is not supported on a container"}});
  leaveOut(r, {{"stdin", "is left out"},
               {"stdinOnce", "is left out"},
               {"tty", "is left out"},
               {"resizePolicy", "is left out"}});
  r.ignore("terminationMessagePath"); // where Kubernetes looks for a last word; logs show it here
  r.ignore("terminationMessagePolicy");
  r.finish();
  return c;
}

} // namespace univrs::manifest::kubernetes
