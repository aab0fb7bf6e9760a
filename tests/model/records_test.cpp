// Instance, node, decision, event, operation: out and back through text, and any broken input refused without harm.
#include "engine/model/decision.h"
#include "engine/model/event.h"
#include "engine/model/instance.h"
#include "engine/model/node.h"
#include "engine/model/operation.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <gtest/gtest.h>

namespace univrs::model {
namespace {

QJsonObject throughText(const QJsonObject& o) {
  return QJsonDocument::fromJson(QJsonDocument(o).toJson()).object();
}

Resources some() {
  Resources r;
  r.cpuMillicores = 1250;
  r.memoryBytes = (int64_t(1) << 33) + 7;
  r.diskBytes = 12345;
  r.gpus = 1;
  r.extended["vendor.example/thing"] = 4;
  return r;
}

Instance instance() {
  Instance i;
  i.id = InstanceId("web-abc123");
  i.workloadId = WorkloadId("w");
  i.workloadName = "web";
  i.nodeId = NodeId("12D3KooWx");
  i.generation = 3;
  i.templateHash = "ff";
  i.epoch = 1'700'000'000'000'000;
  i.restartEpoch = 2;
  i.state = InstanceState::Backoff;
  i.stopRequested = true;
  i.message = "OOM killed: used 32 MiB of 32 MiB";
  i.crashLoop = true;
  i.ready = true;
  i.restarts = 5;
  i.decisionId = "d";
  i.requests = some();
  ContainerState c;
  c.name = "web";
  c.containerId = "c0ffee";
  c.image = "nginx";
  c.imageDigest = "sha256:aa";
  c.state = "exited";
  c.exitCode = 137;
  c.oomKilled = true;
  c.restarts = 4;
  c.startedAt = {1'700'000'000'001};
  c.finishedAt = {1'700'000'000'002};
  i.containers = {c, {}};
  i.endpoints = {{80, Protocol::Tcp, "127.0.0.1", 40'000}, {53, Protocol::Udp, "::1", 40'001}};
  i.createdAt = {1'700'000'000'003};
  i.startedAt = {1'700'000'000'004};
  i.finishedAt = {1'700'000'000'005};
  i.readyAt = {1'700'000'000'006};
  i.nextRestartAt = {1'700'000'000'007};
  i.revision = 99;
  return i;
}

TEST(Records, instanceRoundTrip) {
  const auto i = instance();
  const auto json = throughText(toJson(i));
  const auto back = instanceFromJson(json);
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(*back, i);
  EXPECT_EQ(json.value(QStringLiteral("container_ids")).toArray().size(), 1);
  EXPECT_EQ(json.value(QStringLiteral("status")).toString(), QStringLiteral("backoff"));
}

Node node() {
  Node n;
  n.id = NodeId("12D3KooWx");
  n.name = "aws-1";
  n.address = "10.0.0.1";
  n.status = NodeStatus::NotReady;
  n.statusReason = "no engine";
  n.cordoned = true;
  n.roles = {"control", "worker"};
  n.labels = {{"zone", "a"}};
  n.taints = {{"gpu", "yes", TaintEffect::NoExecute}};
  n.capacity = some();
  n.allocatable = some();
  n.allocatable.memoryBytes = -5;
  n.reserved = some() + some();
  n.engine = {"docker", "Podman 4.3.1", "4.3.1", "/run/x", "linux", "amd64", true, true, false};
  n.version = "0.1.0";
  n.startedAt = {1'700'000'000'000};
  n.revision = 4;
  return n;
}

TEST(Records, nodeRoundTrip) {
  const auto back = nodeFromJson(throughText(toJson(node())));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(*back, node());
}

TEST(Records, clusterStatusRoundTripAndOriginalsNames) {
  ClusterStatus s;
  s.totalNodes = 3;
  s.readyNodes = 2;
  s.notReadyNodes = 1;
  s.healthyWorkloads = 7;
  s.capacity = some();
  s.allocatable = some();
  s.reserved = some();
  s.revision = 12;
  const auto json = throughText(toJson(s));
  EXPECT_DOUBLE_EQ(json.value(QStringLiteral("total_cpu_capacity")).toDouble(), 1.25);
  EXPECT_EQ(json.value(QStringLiteral("total_memory_mb")).toInteger(), 8192);
  const auto back = clusterStatusFromJson(json);
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(*back, s);
}

Decision decision() {
  Decision d;
  d.id = "d1";
  d.time = {1'700'000'000'000};
  d.trigger = "deploy";
  d.workloadId = WorkloadId("w");
  d.workloadName = "web";
  d.instanceId = InstanceId("web-1");
  d.strategy = "binpack";
  d.chosen = NodeId("n1");
  d.chosenName = "one";
  d.summary = "placed";
  d.nodesTotal = 2;
  d.nodesFit = 1;
  d.nodes = {{NodeId("n1"), "one", true, "", "", 0.82, {{"binpack", 0.5, 0.7}, {"balance", 0.1 + 0.2, 0.3}}},
             {NodeId("n2"), "two", false, "memory", "212 of 256 MiB", 0, {}}};
  return d;
}

TEST(Records, decisionRoundTripAndLimit) {
  const auto back = decisionFromJson(throughText(toJson(decision())));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(*back, decision());
  EXPECT_EQ(toJson(decision(), 1).value(QStringLiteral("nodes")).toArray().size(), 1);
}

TEST(Records, eventAndOperationRoundTrip) {
  Event e;
  e.id = "e";
  e.revision = 5;
  e.time = {1'700'000'000'000};
  e.severity = Severity::Warning;
  e.type = "workload_created";
  e.objectKind = "workload";
  e.objectId = "w";
  e.workloadId = "w";
  e.objectName = "web";
  e.message = "web created";
  e.correlationId = "c";
  e.data = {{QStringLiteral("replicas"), 3}};
  e.count = 2;
  const auto back = eventFromJson(throughText(toJson(e)));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(*back, e);
  Operation op{"o", "pull", "nginx", "w", "i", "n", "downloading", 5, 10, "m", true, {1}, {2}, true};
  const auto op2 = operationFromJson(throughText(toJson(op)));
  ASSERT_TRUE(op2) << op2.error().text();
  EXPECT_EQ(*op2, op);
}

// Each key in turn replaced by values of other types: an answer or an error, never a crash.
template <class Read>
void mangle(const QJsonObject& good, Read read) {
  const QJsonValue odd[] = {QJsonValue(),
                            QJsonValue(-1),
                            QJsonValue(1e300),
                            QJsonValue(0.5),
                            QJsonValue(QStringLiteral("x\u0000y")),
                            QJsonValue(true),
                            QJsonArray{1, QStringLiteral("a"), QJsonObject()},
                            QJsonObject{{QStringLiteral("q"), 1}}};
  for (const auto& key : good.keys()) {
    for (const auto& v : odd) {
      auto bad = good;
      bad.insert(key, v);
      (void)read(bad);
    }
  }
  EXPECT_TRUE(read(good));
}

TEST(Records, brokenInputIsRefused) {
  mangle(toJson(instance()), [](const QJsonObject& o) { return instanceFromJson(o).ok(); });
  mangle(toJson(node()), [](const QJsonObject& o) { return nodeFromJson(o).ok(); });
  mangle(toJson(decision()), [](const QJsonObject& o) { return decisionFromJson(o).ok(); });
  EXPECT_FALSE(instanceFromJson({}));
  EXPECT_FALSE(nodeFromJson({}));
  auto json = toJson(instance());
  json.insert(QStringLiteral("status"), QStringLiteral("runing"));
  const auto r = instanceFromJson(json);
  ASSERT_FALSE(r);
  EXPECT_NE(r.error().hint.find("running"), std::string::npos);
}

TEST(InstanceStates, wordsAndSteps) {
  for (int i = 0; i <= int(InstanceState::Lost); ++i) {
    const auto s = InstanceState(i);
    EXPECT_EQ(instanceStateFromName(name(s)), s);
    EXPECT_FALSE(mayStep(s, s));
    if (!isFinal(s)) {
      EXPECT_TRUE(mayStep(s, InstanceState::Failed));
      EXPECT_TRUE(mayStep(s, InstanceState::Lost));
    }
  }
  using S = InstanceState;
  const std::pair<S, S> path[] = {{S::Pending, S::Assigned},  {S::Assigned, S::Pulling},  {S::Pulling, S::Starting},
                                  {S::Starting, S::Running},  {S::Running, S::Unhealthy}, {S::Unhealthy, S::Running},
                                  {S::Running, S::Backoff},   {S::Backoff, S::Starting},  {S::Running, S::Stopping},
                                  {S::Stopping, S::Succeeded}};
  for (const auto& [from, to] : path) {
    EXPECT_TRUE(mayStep(from, to)) << name(from) << " -> " << name(to);
  }
  EXPECT_FALSE(mayStep(S::Pending, S::Running));
  EXPECT_FALSE(mayStep(S::Succeeded, S::Running));
  EXPECT_FALSE(mayStep(S::Running, S::Pending));
  EXPECT_TRUE(isUp(S::Unhealthy));
  EXPECT_FALSE(isUp(S::Starting));
}

} // namespace
} // namespace univrs::model
