// Each filter by itself: who is refused, and with which words.
#include "tests/schedule/scene.h"

#include <functional>

namespace univrs::schedule::test {
namespace {

using model::Constraint;
using model::Operator;
using model::TaintEffect;

struct FilterCase {
  std::string name;
  std::function<void(model::Node&, Request&)> change; // makes the one node refuse the request
  std::string filter;
  std::string reason;
  std::string summary;
};

class FilterTest : public ::testing::TestWithParam<FilterCase> {};

TEST_P(FilterTest, RefusesWithItsReasonAndOnlyThen) {
  Scheduler scheduler;
  model::Node n = node("a");
  Request r = request();
  scheduler.setNode(n);
  ASSERT_EQ(chosenOf(*scheduler.place(r)), "a");
  GetParam().change(n, r);
  scheduler.setNode(n);
  const auto record = scheduler.place(r);
  EXPECT_FALSE(record->chosen());
  EXPECT_EQ(record->nodesFit(), 0);
  EXPECT_EQ(record->summary(), "no node fits: 1 " + GetParam().summary);
  const model::Decision decision = record->expand();
  const model::NodeVerdict& verdict = verdictOf(decision, "a");
  EXPECT_FALSE(verdict.fits);
  EXPECT_EQ(verdict.filter, GetParam().filter);
  EXPECT_EQ(verdict.reason, GetParam().reason);
  EXPECT_TRUE(verdict.parts.empty());
}

std::function<void(model::Node&, Request&)> requires_(Constraint constraint) {
  return [constraint](model::Node&, Request& r) { r.placement.required = {constraint}; };
}

const std::vector<FilterCase> kCases{
    {"NotReady",
     [](model::Node& n, Request&) {
       n.status = model::NodeStatus::NotReady;
       n.statusReason = "engine is down";
     },
     "status", "not ready: engine is down", "is not ready"},
    {"Down", [](model::Node& n, Request&) { n.status = model::NodeStatus::Down; }, "status", "down", "is not ready"},
    {"Cordon", [](model::Node& n, Request&) { n.cordoned = true; }, "cordon", "cordoned: takes no new work",
     "is cordoned"},
    {"Role", [](model::Node& n, Request&) { n.roles = {"control"}; }, "role", "not a worker", "is not a worker"},
    {"Pinned", [](model::Node&, Request& r) { r.placement.node = model::NodeId("other"); }, "pinned",
     "pinned to other, which is not in the cluster", "is not the pinned node"},
    {"Excluded", [](model::Node&, Request& r) { r.excluded.insert(model::NodeId("a")); }, "excluded",
     "failed this workload just now", "failed it just now"},
    {"Architecture", [](model::Node&, Request& r) { r.arch = "arm64"; }, "architecture",
     "architecture is amd64, the image is for arm64", "has another architecture"},
    {"Os", [](model::Node&, Request& r) { r.os = "windows"; }, "os",
     "operating system is linux, the image is for windows", "has another operating system"},
    {"InAbsent", requires_({"zone", Operator::In, {"a", "b"}}), "constraint", "no label zone, asked zone In [a, b]",
     "does not meet the constraints"},
    {"InOther",
     [](model::Node& n, Request& r) {
       n.labels["zone"] = "c";
       r.placement.required = {{"zone", Operator::In, {"a", "b"}}};
     },
     "constraint", "zone is c, asked zone In [a, b]", "does not meet the constraints"},
    {"NotIn", requires_({"arch", Operator::NotIn, {"amd64"}}), "constraint", "arch is amd64, asked arch NotIn [amd64]",
     "does not meet the constraints"},
    {"Exists", requires_({"ssd", Operator::Exists, {}}), "constraint", "no label ssd, asked ssd Exists",
     "does not meet the constraints"},
    {"DoesNotExist",
     [](model::Node& n, Request& r) {
       n.labels["old"] = "";
       r.placement.required = {{"old", Operator::DoesNotExist, {}}};
     },
     "constraint", "old is , asked old DoesNotExist", "does not meet the constraints"},
    {"Gt",
     [](model::Node& n, Request& r) {
       n.labels["cores"] = "8";
       r.placement.required = {{"cores", Operator::Gt, {"8"}}};
     },
     "constraint", "cores is 8, asked cores Gt [8]", "does not meet the constraints"},
    {"LtNotANumber",
     [](model::Node& n, Request& r) {
       n.labels["cores"] = "many";
       r.placement.required = {{"cores", Operator::Lt, {"8"}}};
     },
     "constraint", "cores is many, asked cores Lt [8]", "does not meet the constraints"},
    {"Taint",
     [](model::Node& n, Request&) {
       n.taints = {{"gpu", "yes", TaintEffect::NoSchedule}};
     },
     "taint", "taint gpu=yes:NoSchedule is not tolerated", "is tainted"},
    {"TaintToleratedOtherwise",
     [](model::Node& n, Request& r) {
       n.taints = {{"gpu", "yes", TaintEffect::NoExecute}};
       r.placement.tolerations = {
           {"gpu", true, "", TaintEffect::NoSchedule}, {"gpu", false, "no", {}}, {"", false, "", {}}};
     },
     "taint", "taint gpu=yes:NoExecute is not tolerated", "is tainted"},
    {"Cpu", [](model::Node& n, Request&) { n.allocatable.cpuMillicores = 250; }, "cpu", "cpu 250m free, 500m asked",
     "lacks cpu"},
    {"Memory", [](model::Node& n, Request&) { n.allocatable.memoryBytes = 212 * kMiB; }, "memory",
     "memory 212 MiB free, 256 MiB asked", "lacks memory"},
    {"MemoryByAByte", [](model::Node& n, Request&) { n.allocatable.memoryBytes = 256 * kMiB - 1; }, "memory",
     "memory 268435455 free, 268435456 asked", "lacks memory"},
    {"Disk", [](model::Node&, Request& r) { r.requests.diskBytes = 20 * kGiB; }, "disk",
     "disk 10 GiB free, 20 GiB asked", "lacks disk space"},
    {"Gpus", [](model::Node&, Request& r) { r.requests.gpus = 1; }, "gpus", "gpus 0 free, 1 asked", "lacks gpus"},
    {"Extended",
     [](model::Node& n, Request& r) {
       n.allocatable.extended["vendor/a"] = 5;
       n.allocatable.extended["vendor/b"] = 1;
       r.requests.extended = {{"vendor/a", 5}, {"vendor/b", 2}};
     },
     "extended", "vendor/b 1 free, 2 asked", "lacks a special resource"},
    {"SpreadWithoutLabel",
     [](model::Node&, Request& r) {
       r.placement.spread = {{"zone", 1}};
     },
     "spread", "no label zone, which the spread limit goes by", "is at the spread limit"},
};

INSTANTIATE_TEST_SUITE_P(All, FilterTest, ::testing::ValuesIn(kCases),
                         [](const auto& param) { return param.param.name; });

TEST(Filters, WhatIsMetLetsANodeThrough) {
  Scheduler scheduler;
  model::Node n = node("a");
  n.labels = {{"zone", "b"}, {"cores", "8"}};
  n.taints = {{"gpu", "yes", TaintEffect::NoSchedule}, {"x", "", TaintEffect::NoExecute}};
  n.allocatable.gpus = 1;
  n.allocatable.extended["vendor/a"] = 2;
  scheduler.setNode(n);
  Request r = request();
  r.arch = "amd64";
  r.os = "linux";
  r.placement.node = model::NodeId("a");
  r.placement.required = {{"zone", Operator::In, {"a", "b"}},
                          {"zone", Operator::NotIn, {"c"}},
                          {"absent", Operator::NotIn, {"c"}},
                          {"cores", Operator::Gt, {"7"}},
                          {"cores", Operator::Lt, {"9"}},
                          {"absent", Operator::DoesNotExist, {}},
                          {"node", Operator::In, {"host-a"}},
                          {"node_id", Operator::In, {"a"}},
                          {"kubernetes.io/arch", Operator::Exists, {}},
                          {"kubernetes.io/hostname", Operator::In, {"host-a"}}};
  r.placement.tolerations = {{"gpu", false, "yes", TaintEffect::NoSchedule}, {"x", true, "", {}}};
  r.requests = n.allocatable; // exactly all there is
  EXPECT_EQ(chosenOf(*scheduler.place(r)), "a") << scheduler.place(r)->expand().nodes[0].reason;
  r.placement.tolerations = {{"", true, "", {}}};
  EXPECT_EQ(chosenOf(*scheduler.place(r)), "a") << "an empty key with exists tolerates everything";
}

TEST(Filters, AnUnknownArchitectureRefusesNothing) {
  Scheduler scheduler;
  model::Node n = node("a");
  n.engine.arch.clear();
  scheduler.setNode(n);
  Request r = request();
  r.arch = "arm64";
  EXPECT_TRUE(scheduler.place(r)->chosen());
}

TEST(Filters, NothingAskedFitsAnOvercommittedNode) {
  Scheduler scheduler;
  model::Node n = node("a");
  scheduler.setNode(n);
  scheduler.occupy(n.id, request());
  n.allocatable.cpuMillicores = 100; // shrank below what is placed
  scheduler.setNode(n);
  Request r = request("b");
  EXPECT_EQ(verdictOf(scheduler.place(r)->expand(), "a").reason, "cpu 0 free, 500m asked");
  r.requests = {};
  EXPECT_TRUE(scheduler.place(r)->chosen());
}

TEST(Filters, HostPorts) {
  Scheduler scheduler;
  scheduler.setNode(node("a"));
  model::Port port;
  port.containerPort = 80;
  Request r = request();
  r.requests = {};
  r.hostPorts = {port};
  EXPECT_EQ(run(scheduler, r), "a");
  const model::Decision decision = scheduler.place(r)->expand();
  EXPECT_EQ(verdictOf(decision, "a").filter, "port");
  EXPECT_EQ(verdictOf(decision, "a").reason, "port 80/tcp is in use");
  Request other = r;
  other.hostPorts[0].protocol = model::Protocol::Udp;
  EXPECT_TRUE(scheduler.place(other)->chosen()) << "udp is another port";
  other = r;
  other.hostPorts[0].hostPort = 8080;
  EXPECT_TRUE(scheduler.place(other)->chosen());
  other = r;
  other.hostPorts[0].hostAddress = "127.0.0.1";
  EXPECT_FALSE(scheduler.place(other)->chosen()) << "all interfaces are taken";
  scheduler.release(model::NodeId("a"), r);
  EXPECT_EQ(run(scheduler, other), "a");
  other.hostPorts[0].hostAddress = "127.0.0.2";
  EXPECT_TRUE(scheduler.place(other)->chosen()) << "another address";
  EXPECT_FALSE(scheduler.place(r)->chosen()) << "one of all interfaces is taken";
}

TEST(Filters, SpreadLimitsCountTheWorkloadByDomain) {
  Scheduler scheduler;
  for (const char* id : {"a1", "a2", "b1"}) {
    model::Node n = node(id);
    n.labels["zone"] = std::string(1, id[0]);
    scheduler.setNode(n);
  }
  Request r = request();
  r.requests.cpuMillicores = 10;
  r.placement.spread = {{"zone", 2}};
  std::map<char, int> zones;
  for (int i = 0; i < 4; ++i) {
    ++zones[run(scheduler, r).at(0)];
  }
  EXPECT_EQ(zones['a'], 2);
  EXPECT_EQ(zones['b'], 2);
  const auto full = scheduler.place(r);
  EXPECT_EQ(full->summary(), "no node fits: 3 are at the spread limit");
  EXPECT_EQ(verdictOf(full->expand(), "a1").reason, "zone a has 2 of at most 2");
  EXPECT_TRUE(scheduler
                  .place([&] {
                    Request o = r;
                    o.workloadId = model::WorkloadId("other");
                    return o;
                  }())
                  ->chosen());
  scheduler.release(model::NodeId("b1"), r);
  EXPECT_EQ(run(scheduler, r), "b1");
  EXPECT_EQ(full->expand().nodes.size(), 3u);
  EXPECT_EQ(verdictOf(full->expand(), "b1").reason, "zone b has 2 of at most 2");

  Request single = request("single");
  single.requests = {};
  single.placement.spread = {{"node", 1}};
  EXPECT_NE(run(scheduler, single), run(scheduler, single));
  EXPECT_FALSE(run(scheduler, single).empty());
  EXPECT_EQ(verdictOf(scheduler.place(single)->expand(), "b1").reason, "this node has 1 of at most 1");

  // A node that moves to another zone takes its instances along.
  model::Node moved = node("a1");
  moved.labels["zone"] = "b";
  scheduler.setNode(moved);
  scheduler.setNode(node("a2"));
  Request again = r;
  EXPECT_FALSE(scheduler.place(again)->chosen());
}

TEST(Filters, TheSummaryCountsByReason) {
  Scheduler scheduler;
  EXPECT_EQ(scheduler.place(request())->summary(), "no node fits: there are no nodes");
  for (const char* id : {"a", "b"}) {
    model::Node n = node(id);
    n.allocatable.memoryBytes = kMiB;
    scheduler.setNode(n);
  }
  model::Node n = node("c");
  n.cordoned = true;
  scheduler.setNode(n);
  EXPECT_EQ(scheduler.place(request())->summary(), "no node fits: 2 lack memory, 1 is cordoned");
}

} // namespace
} // namespace univrs::schedule::test
