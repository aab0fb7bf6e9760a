// Accounting, records that do not change afterwards, forks.
#include "tests/schedule/scene.h"

namespace univrs::schedule::test {
namespace {

TEST(Accounting, OccupyAndReleaseAddUp) {
  Scheduler scheduler;
  const model::NodeId a("a");
  Request r = request();
  r.requests.diskBytes = 5;
  r.requests.gpus = 1;
  r.requests.extended["vendor/x"] = 2;
  scheduler.occupy(a, r); // before the node is known, as after a restart
  EXPECT_EQ(scheduler.reservedOn(a), r.requests);
  model::Node n = node("a");
  n.reserved.cpuMillicores = 99'999; // what the node says is not what counts
  scheduler.setNode(n);
  EXPECT_EQ(scheduler.reservedOn(a), r.requests);
  scheduler.occupy(a, r);
  EXPECT_EQ(scheduler.reservedOn(a).cpuMillicores, 1'000);
  scheduler.removeNode(a);
  EXPECT_EQ(scheduler.reservedOn(a).cpuMillicores, 1'000);
  EXPECT_EQ(scheduler.place(request())->nodesTotal(), 0);
  scheduler.setNode(n);
  scheduler.release(a, r);
  scheduler.release(a, r);
  EXPECT_TRUE(scheduler.reservedOn(a).isZero());
  scheduler.occupy(a, request("other"));
  scheduler.release(a, r); // has nothing there any more
  EXPECT_EQ(scheduler.reservedOn(a).cpuMillicores, 500);
  scheduler.release(model::NodeId("nobody"), r);
  EXPECT_TRUE(scheduler.reservedOn(model::NodeId("nobody")).isZero());
}

TEST(Accounting, PlacingDoesNotOccupy) {
  Scheduler scheduler;
  scheduler.setNode(node("a"));
  EXPECT_EQ(scheduler.place(request())->nodesFit(), 1);
  EXPECT_TRUE(scheduler.reservedOn(model::NodeId("a")).isZero());
}

TEST(Records, StayAsTheyWereWhateverHappensAfterwards) {
  Scheduler scheduler;
  for (int i = 0; i < 20; ++i) {
    model::Node n = node("n" + std::to_string(i));
    n.labels["zone"] = std::to_string(i % 3);
    scheduler.setNode(n);
  }
  Request r = request();
  r.requests.cpuMillicores = 100;
  r.requests.memoryBytes = kMiB;
  r.placement.spread = {{"zone", 40}};
  std::vector<std::shared_ptr<const PlacementRecord>> records;
  std::vector<model::Decision> decisions;
  for (int i = 0; i < 300; ++i) {
    Request mine = r;
    mine.workloadId = model::WorkloadId(std::to_string(i % 3));
    const auto record = scheduler.place(mine);
    records.push_back(record);
    decisions.push_back(record->expand());
    if (record->chosen()) {
      scheduler.occupy(*record->chosen(), mine);
    }
    if (i % 50 == 10) {
      scheduler.removeNode(model::NodeId("n" + std::to_string(i / 50)));
    }
    if (i % 40 == 5) {
      model::Node n = node("n19");
      n.cordoned = i % 80 == 5;
      n.labels["zone"] = std::to_string(i % 7);
      scheduler.setNode(n);
      scheduler.setTrust(n.id, {0.1 * (i % 10), std::nullopt});
    }
  }
  for (int i = 0; i < 5'000; ++i) { // beyond any epoch
    scheduler.occupy(model::NodeId("n7"), r);
    ASSERT_EQ(scheduler.place(r)->nodesTotal(), records.back()->nodesTotal());
  }
  for (size_t i = 0; i < records.size(); ++i) {
    ASSERT_EQ(records[i]->expand(), decisions[i]) << i;
    ASSERT_EQ(records[i]->chosen(), decisions[i].chosen);
    ASSERT_EQ(records[i]->summary(), decisions[i].summary);
    ASSERT_EQ(static_cast<size_t>(records[i]->nodesTotal()), decisions[i].nodes.size());
  }
}

TEST(Records, OutliveTheScheduler) {
  std::shared_ptr<const PlacementRecord> record;
  {
    Scheduler scheduler;
    scheduler.setNode(node("a"));
    record = scheduler.place(request());
  }
  EXPECT_EQ(record->expand().nodes.size(), 1u);
  EXPECT_EQ(record->summary(), "placed on host-a (0.78); 1 of 1 node fits");
}

TEST(Records, OrderIsChosenThenScoreThenRefusedByName) {
  Scheduler scheduler("spread");
  for (const char* id : {"e", "d", "c", "b", "a"}) {
    model::Node n = node(id);
    n.cordoned = id[0] == 'a' || id[0] == 'e';
    scheduler.setNode(n);
  }
  scheduler.occupy(model::NodeId("b"), request("x"));
  std::string order;
  const model::Decision decision = scheduler.place(request())->expand();
  for (const auto& verdict : decision.nodes) {
    order += verdict.nodeId.str();
  }
  EXPECT_EQ(order, "cdbae");
}

TEST(Fork, PlansWithoutTouchingTheReal) {
  Scheduler scheduler;
  for (const char* id : {"a", "b", "c"}) {
    scheduler.setNode(node(id));
  }
  scheduler.setTrust(model::NodeId("b"), {0.9, 0.9});
  Request r = request();
  r.placement.spread = {{"node", 2}};
  run(scheduler, r);
  const auto fork = scheduler.fork();
  EXPECT_EQ(fork->place(r)->expand(), scheduler.place(r)->expand());
  const auto before = scheduler.place(r)->expand();
  while (!run(*fork, r).empty()) {
  }
  fork->removeNode(model::NodeId("a"));
  EXPECT_EQ(scheduler.place(r)->expand(), before);
  EXPECT_EQ(fork->place(r)->nodesTotal(), 2);
}

TEST(RequestFor, TakesPortsOnlyInHostNetwork) {
  model::WorkloadSpec spec;
  spec.name = "web";
  spec.containers.resize(2);
  spec.containers[0].requests.cpuMillicores = 100;
  spec.containers[1].requests.cpuMillicores = 50;
  spec.containers[0].ports.resize(1);
  spec.containers[0].ports[0].containerPort = 80;
  spec.placement.strategy = "binpack";
  Request r = requestFor(model::WorkloadId("id"), spec);
  EXPECT_EQ(r.workloadName, "web");
  EXPECT_EQ(r.requests.cpuMillicores, 150);
  EXPECT_EQ(r.placement.strategy, "binpack");
  EXPECT_TRUE(r.hostPorts.empty());
  spec.network = model::NetworkMode::Host;
  r = requestFor(model::WorkloadId("id"), spec);
  ASSERT_EQ(r.hostPorts.size(), 1u);
  EXPECT_EQ(r.hostPorts[0].containerPort, 80);
}

} // namespace
} // namespace univrs::schedule::test
