// One service of a Compose file -> one workload draft.
#include "engine/manifest/compose_service.h"

#include "engine/base/limits.h"
#include "engine/manifest/compose_parts.h"
#include "engine/manifest/compose_unsupported.h"
#include "engine/manifest/compose_variables.h"
#include "engine/manifest/drafts.h"
#include "engine/model/json_text.h"
#include "engine/model/names.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

namespace univrs::manifest {

namespace {

using namespace compose;
using model::FaultList;
using model::FieldReader;

bool isOff(const QJsonValue& v) {
  return (v.isBool() && !v.toBool()) || (v.isArray() && v.toArray().isEmpty()) ||
         (v.isObject() && v.toObject().isEmpty()) || (v.isString() && v.toString().isEmpty());
}

class ServiceReader {
public:
  ServiceReader(const QJsonObject& json, std::string path, std::string name, const Source& source,
                const Options& options, const std::map<std::string, std::string>& volumes, FaultList& faults)
      : m_reader(json, path, faults), m_name(std::move(name)), m_source(source), m_options(options), m_volumes(volumes),
        m_faults(faults) {
    m_draft.path = std::move(path);
  }

  Draft run() {
    auto& s = m_draft.spec;
    s.name = m_name;
    if (!model::isDnsLabel(s.name)) {
      s.name = model::toDnsLabel(m_name);
      m_faults.warning(m_draft.path, "is called " + s.name + " here: names are a-z, 0-9 and '-'");
    }
    m_draft.from("", m_draft.path);
    m_container.name = s.name;
    image();
    commands();
    environment();
    ports();
    mounts();
    simple();
    resources();
    healthcheck();
    restart();
    network();
    labels();
    deploy();
    pull();
    rest();
    m_reader.finish();
    s.containers.push_back(std::move(m_container));
    return std::move(m_draft);
  }

private:
  void from(const char* spec, std::string_view key, bool same = false) {
    m_draft.from(spec, m_reader.pathOf(key), same);
  }
  void warn(std::string_view key, std::string message, std::string hint = {}) {
    m_faults.warning(m_reader.pathOf(key), std::move(message), std::move(hint));
  }

  void image() {
    from("containers[0].image", "image");
    const bool build = m_reader.any("build").has_value();
    if (const auto image = m_reader.string("image")) {
      m_container.image = *image;
      if (build) {
        warn("build", "is left out: the image is pulled, not built");
      }
    } else if (build) {
      m_faults.error(m_reader.pathOf("build"), "is not supported: images are not built here",
                     "build and push it, then name it under image:");
      m_container.image = "built"; // reported once, not a second time as a missing image
    } else {
      m_faults.error(m_reader.pathOf("image"), "is missing", "as nginx:1.25");
      m_container.image = "missing";
    }
  }

  std::vector<std::string> commandLine(std::string_view key) {
    const auto v = m_reader.any(key);
    if (!v) {
      return {};
    }
    std::optional<std::vector<std::string>> words;
    if (v->isString()) {
      words = splitWords(v->toString().toStdString());
      if (!words) {
        m_faults.error(m_reader.pathOf(key), "has a quote or backslash without its end");
        return {};
      }
    } else {
      words.emplace();
      const QJsonArray list = v->toArray();
      if (!v->isArray()) {
        m_reader.strings(key); // says what is wrong
      }
      for (qsizetype i = 0; i < list.size(); ++i) {
        const auto here = m_reader.pathOf(key) + "[" + std::to_string(i) + "]";
        if (auto text = textOf(list.at(i), here, m_source)) {
          words->push_back(std::move(*text));
        } else {
          m_faults.error(here, "is " + std::string(model::jsonTypeName(list.at(i))) + ", but a string is wanted");
        }
      }
    }
    if (words->empty() && (v->isString() || v->isArray())) {
      m_faults.error(m_reader.pathOf(key), "is empty: taking away the image's own is not supported",
                     "leave the key out, or write a command");
    }
    return *words;
  }

  void commands() {
    from("containers[0].command", "entrypoint", true);
    from("containers[0].args", "command", true);
    m_container.command = commandLine("entrypoint");
    m_container.args = commandLine("command");
  }

  void environment() {
    from("containers[0].env_vars", "environment", true);
    const auto v = m_reader.any("environment");
    if (!v) {
      return;
    }
    for (auto& [key, value] : readPairs(*v, m_reader.pathOf("environment"), m_source, m_faults)) {
      if (!value) {
        const auto it = m_options.variables.find(key);
        if (it == m_options.variables.end()) {
          m_faults.warning(model::joinPath(m_reader.pathOf("environment"), key), "has no value, so it is not set");
          continue;
        }
        value = it->second;
      }
      m_container.env[key] = *value;
    }
  }

  void ports() {
    from("containers[0].ports", "ports");
    if (const auto list = m_reader.array("ports", 1'000)) {
      for (qsizetype i = 0; i < list->size() && m_container.ports.size() <= 1'000; ++i) {
        const auto path = m_reader.pathOf("ports") + "[" + std::to_string(i) + "]";
        const size_t before = m_container.ports.size();
        readPort(list->at(i), path, m_source, m_faults, m_container.ports);
        for (size_t p = before; p < m_container.ports.size(); ++p) {
          m_draft.from("containers[0].ports[" + std::to_string(p) + "]", path);
        }
      }
    }
    if (const auto list = m_reader.array("expose", 1'000)) {
      for (qsizetype i = 0; i < list->size() && m_container.ports.size() <= 1'000; ++i) {
        readExpose(list->at(i), m_reader.pathOf("expose") + "[" + std::to_string(i) + "]", m_source, m_faults,
                   m_container.ports);
      }
    }
  }

  void addMount(model::Mount m, const std::string& path) {
    m_draft.from("containers[0].volumes[" + std::to_string(m_container.mounts.size()) + "]", path);
    m_container.mounts.push_back(std::move(m));
  }

  void mounts() {
    from("containers[0].volumes", "volumes");
    if (const auto list = m_reader.array("volumes", 256)) {
      for (qsizetype i = 0; i < list->size(); ++i) {
        const auto path = m_reader.pathOf("volumes") + "[" + std::to_string(i) + "]";
        if (auto m = readVolume(list->at(i), path, m_draft.spec.name, m_volumes, m_source, m_faults)) {
          addMount(std::move(*m), path);
        }
      }
    }
    const auto tmpfs = m_reader.any("tmpfs");
    if (!tmpfs) {
      return;
    }
    const QJsonArray list = tmpfs->isArray() ? tmpfs->toArray() : QJsonArray{*tmpfs};
    for (qsizetype i = 0; i < list.size() && i < 256; ++i) {
      const auto path = m_reader.pathOf("tmpfs") + (tmpfs->isArray() ? "[" + std::to_string(i) + "]" : "");
      const auto text = list.at(i).toString().toStdString();
      const auto colon = text.find(':');
      model::Mount m;
      m.type = model::MountType::Tmpfs;
      m.target = text.substr(0, colon);
      std::string_view options =
          colon == std::string::npos ? std::string_view() : std::string_view(text).substr(colon + 1);
      while (!options.empty()) {
        const auto comma = options.find(',');
        const auto option = options.substr(0, comma);
        options = comma == std::string_view::npos ? std::string_view() : options.substr(comma + 1);
        const auto bytes = option.substr(0, 5) == "size=" ? parseSize(option.substr(5)) : std::nullopt;
        if (bytes) {
          m.sizeBytes = *bytes;
        } else if (option == "ro") {
          m.readOnly = true;
        } else if (option != "rw") {
          m_faults.warning(path, "option \"" + std::string(option.substr(0, 40)) + "\" is left out");
        }
      }
      addMount(std::move(m), path);
    }
  }

  void simple() {
    from("containers[0].working_dir", "working_dir");
    from("containers[0].user", "user");
    from("stop_grace_seconds", "stop_grace_period");
    m_container.workingDir = m_reader.string("working_dir").value_or("");
    m_container.user = textLike(m_reader, "user", m_source).value_or("");
    m_container.readOnly = booleanLike(m_reader, "read_only").value_or(false);
    if (const auto ms = duration(m_reader, "stop_grace_period")) {
      m_draft.spec.stopGraceMs = *ms;
    }
    if (const auto n = integerLike(m_reader, "scale", 0, base::limits::kMaxReplicas)) {
      m_draft.spec.replicas = int(*n);
    }
    if (const auto signal = m_reader.string("stop_signal");
        signal && *signal != "SIGTERM" && *signal != "TERM" && *signal != "15") {
      m_faults.error(m_reader.pathOf("stop_signal"), "is not supported: containers get the stop signal of their image");
    }
  }

  void resources() {
    from("containers[0].resource_limits.cpu_cores", "cpus");
    from("containers[0].resource_limits.memory_mb", "mem_limit");
    m_container.limits.cpuMillicores = cpus(m_reader, "cpus", m_source).value_or(0);
    m_container.limits.memoryBytes = size(m_reader, "mem_limit", m_source).value_or(0);
    m_container.requests.memoryBytes = size(m_reader, "mem_reservation", m_source).value_or(0);
    for (const auto key : {"cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime"}) {
      if (m_reader.any(key)) {
        m_faults.error(m_reader.pathOf(key), "is not supported", "write cpus");
      }
    }
  }

  void healthcheck() {
    const auto json = m_reader.object("healthcheck");
    if (!json) {
      return;
    }
    from("containers[0].readiness", "healthcheck");
    FieldReader h(*json, m_reader.pathOf("healthcheck"), m_faults);
    model::Probe p;
    p.kind = model::ProbeKind::Exec;
    p.periodMs = duration(h, "interval").value_or(30'000); // Docker's defaults
    p.timeoutMs = duration(h, "timeout").value_or(30'000);
    p.failureThreshold = int(integerLike(h, "retries", 1, 1000).value_or(3));
    duration(h, "start_period"); // before its first success an instance is starting, never unhealthy: nothing to keep
    if (h.any("start_interval")) {
      m_faults.warning(h.pathOf("start_interval"), "is left out: interval holds from the start");
    }
    bool disabled = booleanLike(h, "disable").value_or(false);
    const auto test = h.any("test");
    if (test && test->isString()) {
      p.command = {"/bin/sh", "-c", test->toString().toStdString()};
    } else if (const auto words = test ? h.strings("test") : std::nullopt; words && !words->empty()) {
      const std::string& kind = words->front();
      if (kind == "NONE") {
        disabled = true;
      } else if (kind == "CMD") {
        p.command.assign(words->begin() + 1, words->end());
      } else if (kind == "CMD-SHELL" && words->size() == 2) {
        p.command = {"/bin/sh", "-c", (*words)[1]};
      } else {
        m_faults.error(h.pathOf("test"), "must begin with CMD, CMD-SHELL or NONE");
        disabled = true;
      }
    } else if (!disabled) {
      m_faults.error(h.pathOf("test"),
                     test ? "is empty" : "is missing: changing the image's own check is not supported");
      disabled = true;
    }
    h.finish();
    if (!disabled) {
      m_container.readiness = std::move(p);
    }
  }

  void restart() {
    const auto text = m_reader.string("restart");
    if (!text) {
      m_noRestart = true; // deploy.restart_policy may still say it
      return;
    }
    const bool counted = text->rfind("on-failure:", 0) == 0;
    if (*text == "no") {
      m_draft.spec.restart = model::RestartPolicy::Never;
    } else if (*text == "on-failure" || counted) {
      m_draft.spec.restart = model::RestartPolicy::OnFailure;
      if (counted) {
        warn("restart", "the number of attempts is left out: restarts go on with growing pauses");
      }
    } else if (*text != "always" && *text != "unless-stopped") {
      m_faults.error(m_reader.pathOf("restart"),
                     "\"" + text->substr(0, 40) + "\" is not one of no, always, on-failure, unless-stopped");
    }
  }

  void network() {
    from("network_mode", "network_mode");
    if (const auto mode = m_reader.string("network_mode")) {
      if (*mode == "host") {
        m_draft.spec.network = model::NetworkMode::Host;
      } else if (*mode == "none") {
        m_draft.spec.network = model::NetworkMode::None;
      } else if (*mode != "bridge") {
        m_faults.error(m_reader.pathOf("network_mode"), "\"" + mode->substr(0, 40) + "\" is not supported",
                       "bridge, host or none");
      }
    }
    const auto networks = m_reader.any("networks");
    if (!networks) {
      return;
    }
    const QJsonObject map = networks->toObject();
    for (auto it = map.begin(); it != map.end(); ++it) {
      const QJsonObject settings = it.value().toObject();
      for (const auto& key : settings.keys()) {
        const auto path =
            model::joinPath(model::joinPath(m_reader.pathOf("networks"), it.key().toStdString()), key.toStdString());
        if (key == QLatin1String("aliases") || key == QLatin1String("priority") ||
            key == QLatin1String("gw_priority")) {
          m_faults.warning(path, "is left out");
        } else {
          m_faults.error(path, "is not supported: addresses are given by the cluster");
        }
      }
    }
    warn("networks", "is left out: workloads are not parted into networks, they are reached by their published ports");
  }

  void addLabels(const QJsonValue& v, const std::string& path) {
    for (const auto& [key, value] : readPairs(v, path, m_source, m_faults)) {
      const std::string text = value.value_or("");
      if (model::isLabelKey(key) && model::isLabelValue(text)) {
        m_draft.spec.labels[key] = text;
      } else {
        m_faults.warning(model::joinPath(path, key), "is left out: it does not fit the rules for labels here");
      }
    }
  }

  void labels() {
    from("labels", "labels");
    if (const auto v = m_reader.any("labels")) {
      addLabels(*v, m_reader.pathOf("labels"));
    }
  }

  void deployResources(const FieldReader& parent, const QJsonObject& json) {
    FieldReader r(json, parent.pathOf("resources"), m_faults);
    if (const auto limits = r.object("limits")) {
      FieldReader l(*limits, r.pathOf("limits"), m_faults);
      if (const auto n = cpus(l, "cpus", m_source)) {
        m_container.limits.cpuMillicores = *n;
        m_draft.from("containers[0].resource_limits.cpu_cores", l.pathOf("cpus"));
      }
      if (const auto n = size(l, "memory", m_source)) {
        m_container.limits.memoryBytes = *n;
        m_draft.from("containers[0].resource_limits.memory_mb", l.pathOf("memory"));
      }
      if (l.any("pids")) {
        m_faults.error(l.pathOf("pids"), "is not supported");
      }
      l.finish();
    }
    if (const auto reservations = r.object("reservations")) {
      FieldReader l(*reservations, r.pathOf("reservations"), m_faults);
      if (const auto n = cpus(l, "cpus", m_source)) {
        m_container.requests.cpuMillicores = *n;
      }
      if (const auto n = size(l, "memory", m_source)) {
        m_container.requests.memoryBytes = *n;
      }
      if (l.any("generic_resources")) {
        m_faults.error(l.pathOf("generic_resources"), "is not supported");
      }
      l.objects("devices", 16, [this](const QJsonObject& o, const std::string& path) {
        FieldReader d(o, path, m_faults);
        const auto capabilities = d.strings("capabilities").value_or(std::vector<std::string>());
        if (std::find(capabilities.begin(), capabilities.end(), "gpu") == capabilities.end()) {
          m_faults.error(d.pathOf("capabilities"), "only gpu is supported");
        }
        const auto count = d.any("count");
        if (count && count->isString() && count->toString() == QLatin1String("all")) {
          m_faults.error(d.pathOf("count"), "\"all\" is not supported", "write a number");
        } else {
          m_container.requests.gpus += integerLike(d, "count", 1, 1024).value_or(1);
        }
        d.ignore("driver");
        for (const auto key : {"device_ids", "options"}) {
          if (d.any(key)) {
            m_faults.error(d.pathOf(key), "is not supported");
          }
        }
        d.finish();
      });
      l.finish();
    }
    r.finish();
  }

  void deployUpdate(const FieldReader& parent, const QJsonObject& json) {
    FieldReader r(json, parent.pathOf("update_config"), m_faults);
    auto& update = m_draft.spec.update;
    m_draft.from("update", r.pathOf("parallelism"));
    if (const auto n = integerLike(r, "parallelism", 0, base::limits::kMaxReplicas)) {
      update.maxParallel = *n == 0 ? base::limits::kMaxReplicas : int(*n); // 0 = all at once
    }
    const auto delay = duration(r, "delay").value_or(0);
    const auto monitor = duration(r, "monitor").value_or(0);
    update.minHealthyMs = std::max(delay, monitor);
    if (update.minHealthyMs >= update.healthyDeadlineMs) {
      update.healthyDeadlineMs = update.minHealthyMs + update.healthyDeadlineMs;
    }
    if (const auto order = r.word("order", {"start-first", "stop-first"}); order && *order == 1) {
      m_faults.warning(r.pathOf("order"), "is start-first here: a new instance is healthy before an old one goes");
    }
    if (const auto action = r.word("failure_action", {"pause", "continue", "rollback"}); action && *action != 0) {
      m_faults.warning(r.pathOf("failure_action"), "is pause here: a failing update stops");
    }
    if (r.any("max_failure_ratio")) {
      m_faults.warning(r.pathOf("max_failure_ratio"), "is left out: the first failure stops the update");
    }
    r.finish();
  }

  void deployPlacement(const FieldReader& parent, const QJsonObject& json) {
    FieldReader r(json, parent.pathOf("placement"), m_faults);
    auto& placement = m_draft.spec.placement;
    const auto list = r.strings("constraints", 100).value_or(std::vector<std::string>());
    for (size_t i = 0; i < list.size(); ++i) {
      const auto path = r.pathOf("constraints") + "[" + std::to_string(i) + "]";
      const auto op = std::min(list[i].find("=="), list[i].find("!="));
      const auto trim = [](std::string s) {
        s.erase(0, std::min(s.find_first_not_of(' '), s.size()));
        s.erase(s.find_last_not_of(' ') == std::string::npos ? 0 : s.find_last_not_of(' ') + 1);
        return s;
      };
      const auto left = op == std::string::npos ? std::string() : trim(list[i].substr(0, op));
      constexpr std::string_view prefix = "node.labels.";
      if (left.rfind(prefix, 0) != 0) {
        m_faults.error(path, "is not supported", "write node.labels.KEY == VALUE");
        continue;
      }
      m_draft.from("placement.required[" + std::to_string(placement.required.size()) + "]", path);
      placement.required.push_back({left.substr(prefix.size()),
                                    list[i][op] == '=' ? model::Operator::In : model::Operator::NotIn,
                                    {trim(list[i].substr(op + 2))}});
    }
    if (r.any("preferences")) {
      m_faults.warning(r.pathOf("preferences"), "is left out", "instances are spread over nodes anyway");
    }
    if (const auto n = integerLike(r, "max_replicas_per_node", 0, base::limits::kMaxReplicas); n && *n > 0) {
      placement.spread.push_back({"node", int(*n)});
    }
    r.finish();
  }

  void deployRestart(const FieldReader& parent, const QJsonObject& json) {
    FieldReader r(json, parent.pathOf("restart_policy"), m_faults);
    if (const auto condition = r.word("condition", {"any", "on-failure", "none"})) {
      m_draft.spec.restart = *condition == 0   ? model::RestartPolicy::Always
                             : *condition == 1 ? model::RestartPolicy::OnFailure
                                               : model::RestartPolicy::Never;
    }
    m_noRestart = false;
    for (const auto key : {"delay", "max_attempts", "window"}) {
      if (r.any(key)) {
        m_faults.warning(r.pathOf(key), "is left out: restarts go on with growing pauses");
      }
    }
    r.finish();
  }

  void deploy() {
    const auto json = m_reader.object("deploy");
    if (json) {
      FieldReader r(*json, m_reader.pathOf("deploy"), m_faults);
      if (const auto n = integerLike(r, "replicas", 0, base::limits::kMaxReplicas)) {
        m_draft.spec.replicas = int(*n);
      }
      if (const auto mode = r.string("mode"); mode && *mode != "replicated") {
        m_faults.error(r.pathOf("mode"), "\"" + mode->substr(0, 40) + "\" is not supported", "only replicated");
      }
      if (const auto v = r.any("labels")) {
        addLabels(*v, r.pathOf("labels"));
      }
      if (const auto o = r.object("resources")) {
        deployResources(r, *o);
      }
      if (const auto o = r.object("update_config")) {
        deployUpdate(r, *o);
      }
      if (const auto o = r.object("placement")) {
        deployPlacement(r, *o);
      }
      if (const auto o = r.object("restart_policy")) {
        deployRestart(r, *o);
      }
      for (const auto key : {"endpoint_mode", "rollback_config"}) {
        if (r.any(key)) {
          m_faults.warning(r.pathOf(key), "is left out");
        }
      }
      r.finish();
    }
    if (m_noRestart) {
      warn("restart", "is not set: Compose would not restart it, here it is restarted always",
           "write restart: \"no\" or restart: always");
    }
  }

  void pull() {
    if (const auto policy = m_reader.string("pull_policy")) {
      if (*policy == "always") {
        m_container.pull = model::PullPolicy::Always;
      } else if (*policy == "never") {
        m_container.pull = model::PullPolicy::Never;
      } else if (*policy == "daily" || *policy == "weekly" || policy->rfind("every_", 0) == 0) {
        warn("pull_policy", "is \"missing\" here");
      } else if (*policy != "missing" && *policy != "if_not_present") {
        m_faults.error(m_reader.pathOf("pull_policy"), "\"" + policy->substr(0, 40) + "\" is not supported",
                       "always, missing or never");
      }
    }
  }

  void rest() {
    m_reader.ignore("profiles"); // read by the caller
    if (const auto v = m_reader.any("privileged"); v && booleanLike(m_reader, "privileged").value_or(false)) {
      m_faults.error(m_reader.pathOf("privileged"), "is not supported");
    }
    for (const auto& [key, why] : kRefused) {
      if (const auto v = m_reader.any(key); v && !isOff(*v)) {
        m_faults.error(m_reader.pathOf(key), std::string(why));
      }
    }
    for (const auto& [key, why] : kLeftOut) {
      if (const auto v = m_reader.any(key); v && !isOff(*v)) {
        warn(key, std::string(why));
      }
    }
  }

  FieldReader m_reader;
  std::string m_name;
  const Source& m_source;
  const Options& m_options;
  const std::map<std::string, std::string>& m_volumes;
  FaultList& m_faults;
  Draft m_draft;
  model::Container m_container;
  bool m_noRestart = false;
};

} // namespace

Draft readComposeService(const QJsonObject& json, const std::string& path, const std::string& name,
                         const Source& source, const Options& options,
                         const std::map<std::string, std::string>& volumes, model::FaultList& faults) {
  return ServiceReader(json, path, name, source, options, volumes, faults).run();
}

} // namespace univrs::manifest
