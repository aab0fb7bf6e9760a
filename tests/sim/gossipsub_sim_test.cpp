// The gossipsub simulation in a size that fits every run. Seeds are fixed: a failure here repeats.
#include "tests/sim/gossipsub_sim.h"

#include <gtest/gtest.h>

#include <iostream>

namespace univrs::sim {
namespace {

GossipsubReport run(GossipsubOptions options) {
  const auto report = simulateGossipsub(options);
  std::cout << "seed " << options.seed << ", " << options.nodes << " nodes, loss " << options.loss << ": "
            << report.text() << "\n";
  EXPECT_EQ(report.twice, 0u);
  EXPECT_EQ(report.invalid, 0u);
  EXPECT_GT(report.expected, 0u);
  return report;
}

TEST(GossipsubSimTest, AQuietNetworkDeliversEverythingAtOnce) {
  GossipsubOptions options;
  options.malicious = 0;
  options.churn = 0;
  const auto report = run(options);
  EXPECT_EQ(report.delivered, report.expected);
  EXPECT_LT(report.p99, 600);
  EXPECT_LT(double(report.copies) / double(report.delivered), 8.0);
}

TEST(GossipsubSimTest, AThirdHostileWithChurn) {
  GossipsubOptions options;
  options.seed = 2;
  const auto report = run(options);
  EXPECT_GE(report.ratio, 0.999);
  EXPECT_LT(report.p99, 4'000);
}

TEST(GossipsubSimTest, AThirdHostileWithChurnAndATenthLost) {
  GossipsubOptions options;
  options.seed = 3;
  options.loss = 0.1;
  const auto report = run(options);
  EXPECT_GE(report.ratio, 0.999);
  EXPECT_LT(report.p99, 5'000);
}

TEST(GossipsubSimTest, AThirdHostileWithChurnAndThreeTenthsLost) {
  GossipsubOptions options;
  options.seed = 4;
  options.loss = 0.3;
  const auto report = run(options);
  EXPECT_GE(report.ratio, 0.99);
  EXPECT_LT(report.p99, 8'000);
}

TEST(GossipsubSimTest, TheSameSeedGivesTheSameRun) {
  GossipsubOptions options;
  options.seed = 5;
  options.nodes = 60;
  options.loss = 0.2;
  EXPECT_EQ(run(options).text(), simulateGossipsub(options).text());
}

} // namespace
} // namespace univrs::sim
