#include "engine/model/instance.h"

#include "engine/model/json_text.h"
#include "engine/model/words.h"
#include "engine/model/workload_read.h"

#include <algorithm>
#include <limits>

namespace univrs::model {

namespace {

const std::vector<std::string_view>& stateWords() {
  static const std::vector<std::string_view> w{"pending", "assigned", "pulling",   "starting", "running", "unhealthy",
                                               "backoff", "stopping", "succeeded", "failed",   "lost"};
  return w;
}

constexpr int64_t kMaxInt = INT64_C(9'000'000'000'000'000'000);
constexpr size_t kMaxText = 65'536; // of one message

QJsonObject toJson(const ContainerState& c) {
  return {{QStringLiteral("name"), toQString(c.name)},
          {QStringLiteral("container_id"), toQString(c.containerId)},
          {QStringLiteral("image"), toQString(c.image)},
          {QStringLiteral("image_digest"), toQString(c.imageDigest)},
          {QStringLiteral("state"), toQString(c.state)},
          {QStringLiteral("exit_code"), c.exitCode},
          {QStringLiteral("oom_killed"), c.oomKilled},
          {QStringLiteral("restarts"), c.restarts},
          {QStringLiteral("started_at"), timeValue(c.startedAt)},
          {QStringLiteral("finished_at"), timeValue(c.finishedAt)}};
}

QJsonObject toJson(const Endpoint& e) {
  return {{QStringLiteral("container_port"), int(e.containerPort)},
          {QStringLiteral("protocol"), toQString(name(e.protocol))},
          {QStringLiteral("address"), toQString(e.address)},
          {QStringLiteral("port"), int(e.port)}};
}

ContainerState readContainerState(const QJsonObject& json, const std::string& path, FaultList& faults) {
  FieldReader r(json, path, faults);
  ContainerState c;
  c.name = r.string("name").value_or("");
  c.containerId = r.string("container_id").value_or("");
  c.image = r.string("image").value_or("");
  c.imageDigest = r.string("image_digest").value_or("");
  c.state = r.string("state").value_or("");
  c.exitCode = int(r.integer("exit_code", INT32_MIN, INT32_MAX).value_or(0));
  c.oomKilled = r.boolean("oom_killed").value_or(false);
  c.restarts = int(r.integer("restarts", 0, INT32_MAX).value_or(0));
  c.startedAt = readTime(r, "started_at");
  c.finishedAt = readTime(r, "finished_at");
  return c;
}

Endpoint readEndpoint(const QJsonObject& json, const std::string& path, FaultList& faults) {
  FieldReader r(json, path, faults);
  Endpoint e;
  e.containerPort = uint16_t(r.integer("container_port", 0, 65535).value_or(0));
  e.protocol = Protocol(r.word("protocol", words::protocols()).value_or(0));
  e.address = r.string("address").value_or("");
  e.port = uint16_t(r.integer("port", 0, 65535).value_or(0));
  return e;
}

} // namespace

std::string_view name(InstanceState s) {
  return words::of(stateWords(), s);
}

std::optional<InstanceState> instanceStateFromName(std::string_view text) {
  const auto i = words::indexOf(stateWords(), text);
  return i ? std::optional<InstanceState>(InstanceState(*i)) : std::nullopt;
}

bool isFinal(InstanceState s) {
  return s == InstanceState::Succeeded || s == InstanceState::Failed || s == InstanceState::Lost;
}

bool isUp(InstanceState s) {
  return s == InstanceState::Running || s == InstanceState::Unhealthy;
}

bool mayStep(InstanceState from, InstanceState to) {
  using S = InstanceState;
  if (from == to || isFinal(from)) {
    // What was given up as lost may turn out to have ended, or to be stopped when its node comes back.
    return from == S::Lost && (to == S::Stopping || to == S::Failed || to == S::Succeeded);
  }
  if (to == S::Failed || to == S::Lost) {
    return true;
  }
  if (to == S::Stopping) {
    return true;
  }
  switch (from) {
  case S::Pending:
    return to == S::Assigned;
  case S::Assigned:
    return to == S::Pulling || to == S::Starting; // the image may be there already
  case S::Pulling:
    return to == S::Starting || to == S::Backoff;
  case S::Starting:
    return to == S::Running || to == S::Unhealthy || to == S::Backoff || to == S::Succeeded;
  case S::Running:
    return to == S::Unhealthy || to == S::Backoff || to == S::Succeeded || to == S::Starting;
  case S::Unhealthy:
    return to == S::Running || to == S::Backoff || to == S::Succeeded || to == S::Starting;
  case S::Backoff:
    return to == S::Pulling || to == S::Starting;
  case S::Stopping:
    return to == S::Succeeded;
  default:
    return false;
  }
}

QJsonObject toJson(const Instance& i) {
  QJsonArray ids;
  QJsonArray containers;
  for (const auto& c : i.containers) {
    if (!c.containerId.empty()) {
      ids.append(toQString(c.containerId));
    }
    containers.append(toJson(c));
  }
  QJsonArray endpoints;
  for (const auto& e : i.endpoints) {
    endpoints.append(toJson(e));
  }
  return {{QStringLiteral("id"), toQString(i.id.str())},
          {QStringLiteral("workload_id"), toQString(i.workloadId.str())},
          {QStringLiteral("workload_name"), toQString(i.workloadName)},
          {QStringLiteral("node_id"), toQString(i.nodeId.str())},
          {QStringLiteral("container_ids"), ids},
          {QStringLiteral("status"), toQString(name(i.state))},
          {QStringLiteral("generation"), qint64(i.generation)},
          {QStringLiteral("template_hash"), toQString(i.templateHash)},
          {QStringLiteral("epoch"), qint64(i.epoch)},
          {QStringLiteral("restart_epoch"), qint64(i.restartEpoch)},
          {QStringLiteral("stop_requested"), i.stopRequested},
          {QStringLiteral("message"), toQString(i.message)},
          {QStringLiteral("crash_loop"), i.crashLoop},
          {QStringLiteral("cancelled"), i.cancelled},
          {QStringLiteral("ready"), i.ready},
          {QStringLiteral("restarts"), i.restarts},
          {QStringLiteral("decision_id"), toQString(i.decisionId)},
          {QStringLiteral("resource_requests"), toJson(i.requests)},
          {QStringLiteral("containers"), containers},
          {QStringLiteral("endpoints"), endpoints},
          {QStringLiteral("created_at"), timeValue(i.createdAt)},
          {QStringLiteral("started_at"), timeValue(i.startedAt)},
          {QStringLiteral("finished_at"), timeValue(i.finishedAt)},
          {QStringLiteral("ready_at"), timeValue(i.readyAt)},
          {QStringLiteral("next_restart_at"), timeValue(i.nextRestartAt)},
          {QStringLiteral("revision"), qint64(i.revision)}};
}

base::Result<Instance> instanceFromJson(const QJsonObject& json) {
  FaultList faults;
  FieldReader r(json, {}, faults);
  Instance i;
  r.require("id");
  r.require("status");
  i.id = InstanceId(r.string("id").value_or(""));
  i.workloadId = WorkloadId(r.string("workload_id").value_or(""));
  i.workloadName = r.string("workload_name").value_or("");
  i.nodeId = NodeId(r.string("node_id").value_or(""));
  i.state = InstanceState(r.word("status", stateWords()).value_or(0));
  i.generation = r.integer("generation", 0, kMaxInt).value_or(0);
  i.templateHash = r.string("template_hash").value_or("");
  i.epoch = r.integer("epoch", 0, kMaxInt).value_or(0);
  i.restartEpoch = r.integer("restart_epoch", 0, kMaxInt).value_or(0);
  i.stopRequested = r.boolean("stop_requested").value_or(false);
  i.message = r.string("message", kMaxText).value_or("");
  i.crashLoop = r.boolean("crash_loop").value_or(false);
  i.cancelled = r.boolean("cancelled").value_or(false);
  i.ready = r.boolean("ready").value_or(false);
  i.restarts = int(r.integer("restarts", 0, INT32_MAX).value_or(0));
  i.decisionId = r.string("decision_id").value_or("");
  i.requests = readResources(r, "resource_requests", true);
  r.objects("containers", 64, [&](const QJsonObject& o, const std::string& p) {
    i.containers.push_back(readContainerState(o, p, faults));
  });
  r.objects("endpoints", 10'000,
            [&](const QJsonObject& o, const std::string& p) { i.endpoints.push_back(readEndpoint(o, p, faults)); });
  i.createdAt = readTime(r, "created_at");
  i.startedAt = readTime(r, "started_at");
  i.finishedAt = readTime(r, "finished_at");
  i.readyAt = readTime(r, "ready_at");
  i.nextRestartAt = readTime(r, "next_restart_at");
  i.revision = r.integer("revision", 0, kMaxInt).value_or(0);
  if (faults.hasErrors()) {
    return faults.toError("the instance was not understood");
  }
  return i;
}

} // namespace univrs::model
