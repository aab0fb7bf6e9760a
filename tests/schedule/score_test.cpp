// Scores part by part, strategies, ties.
#include "tests/schedule/scene.h"

#include <cmath>
#include <limits>

namespace univrs::schedule::test {
namespace {

double partOf(const model::NodeVerdict& verdict, const std::string& name) {
  for (const auto& part : verdict.parts) {
    if (part.name == name) {
      return part.value;
    }
  }
  ADD_FAILURE() << "no part " << name;
  return -1;
}

Request with(const std::string& strategy) {
  Request r = request();
  r.placement.strategy = strategy;
  return r;
}

void expectSums(const model::Decision& decision) {
  for (const auto& verdict : decision.nodes) {
    double weights = 0;
    double sum = 0;
    for (const auto& part : verdict.parts) {
      EXPECT_GE(part.value, 0);
      EXPECT_LE(part.value, 1);
      weights += part.weight;
      sum += part.weight * part.value;
    }
    if (verdict.fits) {
      EXPECT_NEAR(weights, 1, 1e-9);
      EXPECT_NEAR(sum, verdict.score, 1e-6);
    }
  }
}

class Scores : public ::testing::Test {
protected:
  // "a" empty, "b" with a quarter of everything used.
  Scores() {
    scheduler.setNode(node("a"));
    scheduler.setNode(node("b"));
    scheduler.occupy(model::NodeId("b"), request("other"));
  }
  Scheduler scheduler;
};

TEST_F(Scores, BinpackPrefersTheFullerNode) {
  const model::Decision decision = scheduler.place(with("binpack"))->expand();
  EXPECT_EQ(decision.strategy, "binpack");
  EXPECT_EQ(decision.chosen->str(), "b");
  EXPECT_EQ(decision.chosenName, "host-b");
  EXPECT_EQ(decision.nodes.front().nodeId.str(), "b");
  EXPECT_DOUBLE_EQ(partOf(verdictOf(decision, "b"), "binpack"), 0.5);
  EXPECT_DOUBLE_EQ(partOf(verdictOf(decision, "a"), "binpack"), 0.25);
  EXPECT_DOUBLE_EQ(verdictOf(decision, "b").score, 0.55);
  EXPECT_EQ(decision.summary, "placed on host-b (0.55); 2 of 2 nodes fit");
  expectSums(decision);
}

TEST_F(Scores, SpreadPrefersTheEmptierNode) {
  const model::Decision decision = scheduler.place(with("spread"))->expand();
  EXPECT_EQ(decision.chosen->str(), "a");
  EXPECT_DOUBLE_EQ(partOf(verdictOf(decision, "a"), "spread"), 0.75);
  expectSums(decision);
}

TEST_F(Scores, MycelialIsSevenPartsReputationThreePartsCredit) {
  Request r = with("mycelial");
  model::Decision decision = scheduler.place(r)->expand();
  EXPECT_EQ(decision.chosen->str(), "a") << "with equal trust the emptier node";
  EXPECT_DOUBLE_EQ(partOf(verdictOf(decision, "a"), "reputation (no data)"), 0.5);
  EXPECT_DOUBLE_EQ(partOf(verdictOf(decision, "a"), "credit (no data)"), 0.5);
  scheduler.setTrust(model::NodeId("b"), {0.9, 0.4});
  decision = scheduler.place(r)->expand();
  EXPECT_EQ(decision.chosen->str(), "b");
  const auto& b = verdictOf(decision, "b");
  EXPECT_DOUBLE_EQ(partOf(b, "reputation"), 0.9);
  EXPECT_DOUBLE_EQ(partOf(b, "credit"), 0.4);
  EXPECT_DOUBLE_EQ(b.parts[0].weight / b.parts[1].weight, 0.7 / 0.3);
  EXPECT_GT(b.parts[0].weight + b.parts[1].weight, 0.8);
  expectSums(decision);
  scheduler.setTrust(model::NodeId("b"), {-5, std::nan("")});
  decision = scheduler.place(r)->expand();
  EXPECT_DOUBLE_EQ(partOf(verdictOf(decision, "b"), "reputation"), 0);
  EXPECT_DOUBLE_EQ(partOf(verdictOf(decision, "b"), "credit (no data)"), 0.5);
  // Trust set before the node is known counts too.
  scheduler.setTrust(model::NodeId("c"), {1, 1});
  scheduler.setNode(node("c"));
  EXPECT_EQ(chosenOf(*scheduler.place(r)), "c");
}

TEST_F(Scores, BalanceIsEvennessOfCpuAndMemory) {
  Request r = with("spread");
  r.requests.cpuMillicores = 1'000;
  r.requests.memoryBytes = 0;
  const model::Decision decision = scheduler.place(r)->expand();
  EXPECT_DOUBLE_EQ(partOf(verdictOf(decision, "a"), "balance"), 0.5);
  EXPECT_DOUBLE_EQ(partOf(verdictOf(decision, "b"), "balance"), 0.5);
  model::Node noMemory = node("c");
  noMemory.allocatable.memoryBytes = 0;
  scheduler.setNode(noMemory);
  EXPECT_DOUBLE_EQ(partOf(verdictOf(scheduler.place(r)->expand(), "c"), "balance"), 1);
}

TEST_F(Scores, PreferencesWeigh) {
  model::Node b = node("b");
  b.labels["disk"] = "ssd";
  b.labels["zone"] = "z";
  scheduler.setNode(b);
  Request r = with("spread");
  r.placement.preferred = {{{"disk", model::Operator::In, {"ssd"}}, 75}, {{"zone", model::Operator::In, {"y"}}, 25}};
  const model::Decision decision = scheduler.place(r)->expand();
  EXPECT_DOUBLE_EQ(partOf(verdictOf(decision, "a"), "preference"), 0);
  EXPECT_DOUBLE_EQ(partOf(verdictOf(decision, "b"), "preference"), 0.75);
  EXPECT_EQ(decision.chosen->str(), "b");
  expectSums(decision);
}

TEST_F(Scores, PreferNoScheduleCountsOnlyWhereItExists) {
  Request r = with("spread");
  const model::Decision plain = scheduler.place(r)->expand();
  for (const auto& part : plain.nodes[0].parts) {
    EXPECT_NE(part.name, "untainted");
  }
  model::Node a = node("a");
  a.taints = {{"slow", "", model::TaintEffect::PreferNoSchedule}};
  scheduler.setNode(a);
  model::Decision decision = scheduler.place(r)->expand();
  EXPECT_EQ(decision.chosen->str(), "b");
  EXPECT_DOUBLE_EQ(partOf(verdictOf(decision, "a"), "untainted"), 0.5);
  EXPECT_DOUBLE_EQ(partOf(verdictOf(decision, "b"), "untainted"), 1);
  expectSums(decision);
  Request tolerant = r;
  tolerant.placement.tolerations = {{"slow", true, "", {}}};
  EXPECT_EQ(chosenOf(*scheduler.place(tolerant)), "a");
  scheduler.setNode(node("a"));
  EXPECT_EQ(chosenOf(*scheduler.place(r)), "a");
}

TEST(Ties, FewerInstancesThenTheLowerId) {
  Scheduler scheduler("binpack");
  for (const char* id : {"c", "a", "b"}) {
    scheduler.setNode(node(id));
  }
  Request r = request();
  r.requests = {}; // placing it changes no score
  std::string order;
  for (int i = 0; i < 7; ++i) {
    order += run(scheduler, r);
  }
  EXPECT_EQ(order, "abcabca");
  EXPECT_EQ(chosenOf(*scheduler.place([&] {
              Request o = r;
              o.workloadId = model::WorkloadId("x");
              return o;
            }())),
            "a")
      << "another workload counts for itself";
}

TEST(Strategies, UnknownOnesFallBack) {
  EXPECT_EQ(Scheduler::strategies(), (std::vector<std::string>{"mycelial", "binpack", "spread"}));
  Scheduler scheduler("binpack");
  scheduler.setNode(node("a"));
  EXPECT_EQ(scheduler.place(with("nonsense"))->expand().strategy, "binpack");
  EXPECT_EQ(scheduler.place(with("mycelial"))->expand().strategy, "mycelial");
  Scheduler other("nonsense");
  other.setNode(node("a"));
  EXPECT_EQ(other.place(request())->expand().strategy, "spread");
}

} // namespace
} // namespace univrs::schedule::test
