#include "engine/model/node.h"

#include "engine/model/json_text.h"
#include "engine/model/words.h"
#include "engine/model/workload_read.h"

#include <cmath>

namespace univrs::model {

namespace {

const std::vector<std::string_view>& statusWords() {
  static const std::vector<std::string_view> w{"ready", "not_ready", "down", "unknown"};
  return w;
}

constexpr int64_t kMaxInt = INT64_C(9'000'000'000'000'000'000);

QJsonObject toJson(const Taint& t) {
  return {{QStringLiteral("key"), toQString(t.key)},
          {QStringLiteral("value"), toQString(t.value)},
          {QStringLiteral("effect"), toQString(name(t.effect))}};
}

QJsonObject toJson(const EngineInfo& e) {
  return {{QStringLiteral("driver"), toQString(e.driver)},   {QStringLiteral("product"), toQString(e.product)},
          {QStringLiteral("version"), toQString(e.version)}, {QStringLiteral("socket"), toQString(e.socket)},
          {QStringLiteral("os"), toQString(e.os)},           {QStringLiteral("arch"), toQString(e.arch)},
          {QStringLiteral("cpu_limits"), e.cpuLimits},       {QStringLiteral("memory_limits"), e.memoryLimits},
          {QStringLiteral("pids_limits"), e.pidsLimits}};
}

EngineInfo readEngine(FieldReader& parent) {
  EngineInfo e;
  const auto json = parent.object("engine");
  if (!json) {
    return e;
  }
  FieldReader r(*json, parent.pathOf("engine"), parent.faults());
  e.driver = r.string("driver").value_or("");
  e.product = r.string("product").value_or("");
  e.version = r.string("version").value_or("");
  e.socket = r.string("socket").value_or("");
  e.os = r.string("os").value_or("");
  e.arch = r.string("arch").value_or("");
  e.cpuLimits = r.boolean("cpu_limits").value_or(false);
  e.memoryLimits = r.boolean("memory_limits").value_or(false);
  e.pidsLimits = r.boolean("pids_limits").value_or(false);
  return e;
}

QJsonValue cores(int64_t millicores) {
  return millicores % 1000 == 0 ? QJsonValue(qint64(millicores / 1000)) : QJsonValue(double(millicores) / 1000.0);
}
QJsonValue mebibytes(int64_t bytes) {
  return qint64(bytes / (int64_t(1) << 20));
}

} // namespace

std::string_view name(NodeStatus s) {
  return words::of(statusWords(), s);
}

QJsonObject toJson(const Node& n) {
  QJsonArray taints;
  for (const auto& t : n.taints) {
    taints.append(toJson(t));
  }
  return {{QStringLiteral("id"), toQString(n.id.str())},
          {QStringLiteral("name"), toQString(n.name)},
          {QStringLiteral("address"), toQString(n.address)},
          {QStringLiteral("status"), toQString(name(n.status))},
          {QStringLiteral("status_reason"), toQString(n.statusReason)},
          {QStringLiteral("cordoned"), n.cordoned},
          {QStringLiteral("roles"), toJsonArray(n.roles)},
          {QStringLiteral("labels"), toJsonObject(n.labels)},
          {QStringLiteral("taints"), taints},
          {QStringLiteral("resources_capacity"), toJson(n.capacity)},
          {QStringLiteral("resources_allocatable"), toJson(n.allocatable)},
          {QStringLiteral("resources_reserved"), toJson(n.reserved)},
          {QStringLiteral("engine"), toJson(n.engine)},
          {QStringLiteral("version"), toQString(n.version)},
          {QStringLiteral("started_at"), timeValue(n.startedAt)},
          {QStringLiteral("revision"), qint64(n.revision)}};
}

base::Result<Node> nodeFromJson(const QJsonObject& json) {
  FaultList faults;
  FieldReader r(json, {}, faults);
  Node n;
  r.require("id");
  n.id = NodeId(r.string("id").value_or(""));
  n.name = r.string("name").value_or("");
  n.address = r.string("address").value_or("");
  n.status = NodeStatus(r.word("status", statusWords()).value_or(size_t(NodeStatus::Unknown)));
  n.statusReason = r.string("status_reason", 65'536).value_or("");
  n.cordoned = r.boolean("cordoned").value_or(false);
  n.roles = r.strings("roles", 16, 64).value_or(std::vector<std::string>());
  n.labels = r.stringMap("labels", 1'000, 4096).value_or(std::map<std::string, std::string>());
  r.objects("taints", 100, [&](const QJsonObject& o, const std::string& path) {
    FieldReader t(o, path, faults);
    Taint taint;
    t.require("key");
    taint.key = t.string("key").value_or("");
    taint.value = t.string("value").value_or("");
    taint.effect = TaintEffect(t.word("effect", words::taintEffects()).value_or(0));
    n.taints.push_back(std::move(taint));
  });
  n.capacity = readResources(r, "resources_capacity", true);
  n.allocatable = readResources(r, "resources_allocatable", true);
  n.reserved = readResources(r, "resources_reserved", true);
  n.engine = readEngine(r);
  n.version = r.string("version").value_or("");
  n.startedAt = readTime(r, "started_at");
  n.revision = r.integer("revision", 0, kMaxInt).value_or(0);
  if (faults.hasErrors()) {
    return faults.toError("the node was not understood");
  }
  return n;
}

QJsonObject toJson(const ClusterStatus& s) {
  return {{QStringLiteral("total_nodes"), s.totalNodes},
          {QStringLiteral("ready_nodes"), s.readyNodes},
          {QStringLiteral("not_ready_nodes"), s.notReadyNodes},
          {QStringLiteral("total_workloads"), s.totalWorkloads},
          {QStringLiteral("total_instances"), s.totalInstances},
          {QStringLiteral("running_instances"), s.runningInstances},
          {QStringLiteral("pending_instances"), s.pendingInstances},
          {QStringLiteral("failed_instances"), s.failedInstances},
          {QStringLiteral("healthy_workloads"), s.healthyWorkloads},
          {QStringLiteral("progressing_workloads"), s.progressingWorkloads},
          {QStringLiteral("degraded_workloads"), s.degradedWorkloads},
          {QStringLiteral("total_cpu_capacity"), cores(s.capacity.cpuMillicores)},
          {QStringLiteral("total_memory_mb"), mebibytes(s.capacity.memoryBytes)},
          {QStringLiteral("total_cpu_allocatable"), cores(s.allocatable.cpuMillicores)},
          {QStringLiteral("total_memory_allocatable_mb"), mebibytes(s.allocatable.memoryBytes)},
          {QStringLiteral("total_cpu_reserved"), cores(s.reserved.cpuMillicores)},
          {QStringLiteral("total_memory_reserved_mb"), mebibytes(s.reserved.memoryBytes)},
          {QStringLiteral("capacity"), toJson(s.capacity)},
          {QStringLiteral("allocatable"), toJson(s.allocatable)},
          {QStringLiteral("reserved"), toJson(s.reserved)},
          {QStringLiteral("revision"), qint64(s.revision)}};
}

base::Result<ClusterStatus> clusterStatusFromJson(const QJsonObject& json) {
  FaultList faults;
  FieldReader r(json, {}, faults);
  ClusterStatus s;
  const auto count = [&r](std::string_view key) { return int(r.integer(key, 0, INT32_MAX).value_or(0)); };
  s.totalNodes = count("total_nodes");
  s.readyNodes = count("ready_nodes");
  s.notReadyNodes = count("not_ready_nodes");
  s.totalWorkloads = count("total_workloads");
  s.totalInstances = count("total_instances");
  s.runningInstances = count("running_instances");
  s.pendingInstances = count("pending_instances");
  s.failedInstances = count("failed_instances");
  s.healthyWorkloads = count("healthy_workloads");
  s.progressingWorkloads = count("progressing_workloads");
  s.degradedWorkloads = count("degraded_workloads");
  // The total_… figures are for people and the originals' clients; these are exact.
  s.capacity = readResources(r, "capacity", true);
  s.allocatable = readResources(r, "allocatable", true);
  s.reserved = readResources(r, "reserved", true);
  s.revision = r.integer("revision", 0, kMaxInt).value_or(0);
  if (faults.hasErrors()) {
    return faults.toError("the cluster's status was not understood");
  }
  return s;
}

} // namespace univrs::model
