// Where the nodes of a graph stand: connected ones draw together, all push each other away (Barnes-Hut, so that 5,000
// nodes take a few milliseconds a step), until nothing moves any more. The same graph and seed always give the same
// picture; a change moves what it concerns and leaves the rest about where it was. Pure: no clock, no thread of its
// own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace univrs::gui {

struct LayoutPoint {
  double x = 0;
  double y = 0;
};

struct LayoutEdge {
  int a = 0; // indices of nodes
  int b = 0;
};

struct LayoutBounds {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
};

class GraphLayout {
public:
  static constexpr size_t kMaxNodes = 20'000; // the rest is not laid out
  static constexpr size_t kMaxEdges = 100'000;
  static constexpr double kLinkLength = 64;    // wished distance of connected nodes, in units of the picture
  static constexpr double kMaxExtent = 50'000; // no node stands further from the middle

  explicit GraphLayout(uint64_t seed = 1) : m_seed(seed) {}

  // `keys` name the nodes from one call to the next: those known keep place and pin. Edges to nodes that are not there
  // and from a node to itself are skipped. Begins to move unless nothing changed.
  void setGraph(const std::vector<uint64_t>& keys, const std::vector<LayoutEdge>& edges);
  // One step. False when it is settled: then nothing was done.
  bool step();
  [[nodiscard]] bool settled() const { return m_heat < kCold; }
  // Steps until it is settled, at most so many.
  void settle(int maxSteps = 1'000);
  // Moves on as after a change; 1 = as from the beginning.
  void reheat(double heat);

  [[nodiscard]] size_t size() const { return m_x.size(); }
  [[nodiscard]] LayoutPoint at(size_t node) const { return {m_x[node], m_y[node]}; }
  [[nodiscard]] LayoutBounds bounds() const;
  [[nodiscard]] uint64_t steps() const { return m_steps; }

  // A pinned node stays where it is put.
  void pin(size_t node, LayoutPoint at);
  void unpin(size_t node);
  [[nodiscard]] bool pinned(size_t node) const { return m_pinned[node] != 0; }

private:
  static constexpr double kCold = 0.001;

  struct Cell { // of the tree that sums up what is far away
    double x = 0;
    double y = 0;
    double mass = 0;
    double width = 0;
    int child[4] = {-1, -1, -1, -1};
    int point = -1; // a leaf's first node; the others at the same place follow in m_next
  };
  [[nodiscard]] double noise(uint64_t key, uint64_t salt) const; // -1…1, the same for the same key and seed
  [[nodiscard]] std::vector<int> breadthFirst(const std::vector<std::vector<int>>& neighbours) const;
  void plant();
  void insert(int point, double middleX, double middleY, double half);
  void repel();
  void attract();

  uint64_t m_seed;
  double m_heat = 0;
  uint64_t m_steps = 0;
  std::vector<uint64_t> m_keys;
  std::unordered_map<uint64_t, int> m_nodeOf;
  std::vector<double> m_x;
  std::vector<double> m_y;
  std::vector<double> m_vx;
  std::vector<double> m_vy;
  std::vector<unsigned char> m_pinned;
  std::vector<unsigned char> m_linked; // has a connection
  std::vector<LayoutEdge> m_edges;
  std::vector<double> m_strength; // of an edge
  std::vector<double> m_bias;     // how much of an edge's pull moves b
  std::vector<Cell> m_cells;
  std::vector<int> m_next;
};

} // namespace univrs::gui
