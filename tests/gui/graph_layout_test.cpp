// The layout of a graph by itself: the same for the same graph, comes to rest, keeps what did not change, stays in
// bounds whatever it is given.
#include "app/gui/graph_layout.h"

#include <QCoreApplication>

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace univrs::gui {
namespace {

struct Graph {
  std::vector<uint64_t> keys;
  std::vector<LayoutEdge> edges;
};

Graph randomGraph(int nodes, int edges, unsigned seed = 7) {
  std::mt19937 random{seed};
  Graph g;
  for (int i = 0; i < nodes; ++i) {
    g.keys.push_back(1'000'003ULL * uint64_t(i + 1));
    if (i > 0) {
      g.edges.push_back({i, int(random() % unsigned(i))});
    }
  }
  while (int(g.edges.size()) < edges) {
    g.edges.push_back({int(random() % unsigned(nodes)), int(random() % unsigned(nodes))});
  }
  return g;
}

double distance(LayoutPoint a, LayoutPoint b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

TEST(GraphLayout, IsTheSameForTheSameGraphAndSeed) {
  const Graph g = randomGraph(200, 500);
  GraphLayout one(5);
  GraphLayout two(5);
  GraphLayout other(6);
  for (GraphLayout* layout : {&one, &two, &other}) {
    layout->setGraph(g.keys, g.edges);
    layout->settle();
  }
  double apart = 0;
  for (size_t i = 0; i < g.keys.size(); ++i) {
    EXPECT_EQ(one.at(i).x, two.at(i).x);
    EXPECT_EQ(one.at(i).y, two.at(i).y);
    apart += distance(one.at(i), other.at(i));
  }
  EXPECT_GT(apart, 0);
}

TEST(GraphLayout, ComesToRestAndThenDoesNothing) {
  const Graph g = randomGraph(300, 900);
  GraphLayout layout;
  layout.setGraph(g.keys, g.edges);
  EXPECT_FALSE(layout.settled());
  layout.settle();
  ASSERT_TRUE(layout.settled());
  const uint64_t steps = layout.steps();
  EXPECT_LE(steps, 400U);
  const LayoutPoint at = layout.at(17);
  EXPECT_FALSE(layout.step());
  EXPECT_EQ(layout.steps(), steps);
  EXPECT_EQ(layout.at(17).x, at.x);
  layout.setGraph(g.keys, g.edges); // told again, nothing new
  EXPECT_TRUE(layout.settled());
}

TEST(GraphLayout, NeighboursStandCloserThanStrangersAndNobodyOnAnother) {
  const Graph g = randomGraph(120, 150);
  GraphLayout layout;
  layout.setGraph(g.keys, g.edges);
  layout.settle();
  double linked = 0;
  for (const LayoutEdge& e : g.edges) {
    linked += distance(layout.at(size_t(e.a)), layout.at(size_t(e.b)));
  }
  linked /= double(g.edges.size());
  double all = 0;
  double least = 1e9;
  int pairs = 0;
  for (size_t i = 0; i < g.keys.size(); ++i) {
    for (size_t j = i + 1; j < g.keys.size(); ++j) {
      const double d = distance(layout.at(i), layout.at(j));
      all += d;
      least = std::min(least, d);
      ++pairs;
    }
  }
  EXPECT_LT(linked, 0.5 * all / pairs);
  EXPECT_GT(least, 4); // a node's radius
}

TEST(GraphLayout, ANewNodeAppearsBesideItsNeighbourAndTheRestStays) {
  Graph g = randomGraph(200, 450);
  GraphLayout layout;
  layout.setGraph(g.keys, g.edges);
  layout.settle();
  std::vector<LayoutPoint> before;
  for (size_t i = 0; i < g.keys.size(); ++i) {
    before.push_back(layout.at(i));
  }
  const LayoutBounds bounds = layout.bounds();
  g.keys.insert(g.keys.begin(), 99); // every other node has another number now
  for (LayoutEdge& e : g.edges) {
    e = {e.a + 1, e.b + 1};
  }
  g.edges.push_back({0, 51});
  layout.setGraph(g.keys, g.edges);
  EXPECT_LT(distance(layout.at(0), layout.at(51)), 2 * GraphLayout::kLinkLength);
  EXPECT_EQ(layout.at(51).x, before[50].x);
  layout.settle();
  ASSERT_TRUE(layout.settled());
  double moved = 0;
  for (size_t i = 0; i < before.size(); ++i) {
    moved += distance(layout.at(i + 1), before[i]);
  }
  EXPECT_LT(moved / double(before.size()), 0.08 * (bounds.right - bounds.left));
}

TEST(GraphLayout, PinnedNodesStayWhereTheyArePut) {
  const Graph g = randomGraph(50, 100);
  GraphLayout layout;
  layout.setGraph(g.keys, g.edges);
  layout.settle();
  layout.pin(3, {500, -400});
  layout.reheat(1);
  layout.settle();
  EXPECT_EQ(layout.at(3).x, 500);
  EXPECT_EQ(layout.at(3).y, -400);
  Graph fewer = g;
  fewer.keys.resize(40); // edges to what is gone are skipped
  layout.setGraph(fewer.keys, fewer.edges);
  EXPECT_TRUE(layout.pinned(3));
  layout.unpin(3);
  layout.reheat(1);
  layout.settle();
  EXPECT_NE(layout.at(3).x, 500);
}

TEST(GraphLayout, OddGraphsStayFiniteAndInBounds) {
  GraphLayout layout;
  layout.setGraph({}, {});
  EXPECT_FALSE(layout.step());
  layout.setGraph({1}, {{0, 0}, {0, 5}, {-1, 0}});
  layout.settle();
  layout.setGraph({1, 1, 1, 1}, {{0, 1}}); // one key many times
  layout.settle();
  Graph far = randomGraph(30, 30);
  layout.setGraph(far.keys, far.edges);
  for (size_t i = 0; i < 30; ++i) {
    layout.pin(i, {1e300, std::nan("")}); // all at one place, out of bounds
  }
  for (size_t i = 0; i < 30; ++i) {
    layout.unpin(i);
  }
  layout.reheat(1);
  layout.settle();
  const LayoutBounds b = layout.bounds();
  for (const double v : {b.left, b.top, b.right, b.bottom}) {
    EXPECT_TRUE(std::isfinite(v));
    EXPECT_LE(std::abs(v), GraphLayout::kMaxExtent);
  }
  std::vector<uint64_t> many(GraphLayout::kMaxNodes + 100);
  for (size_t i = 0; i < many.size(); ++i) {
    many[i] = i;
  }
  layout.setGraph(many, std::vector<LayoutEdge>(GraphLayout::kMaxEdges + 5, LayoutEdge{0, 1}));
  EXPECT_EQ(layout.size(), GraphLayout::kMaxNodes);
}

} // namespace
} // namespace univrs::gui

int main(int argc, char** argv) {
  QCoreApplication app(argc, argv);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
