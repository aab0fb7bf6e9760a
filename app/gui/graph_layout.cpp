#include "app/gui/graph_layout.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace univrs::gui {
namespace {

constexpr double kCooling = 0.0228; // from 1 to settled in 300 steps
constexpr double kFriction = 0.6;   // of the speed stays
constexpr double kCharge = -260;
constexpr double kGravityX = 0.03; // keeps parts together that nothing connects; windows are wide,
constexpr double kGravityY = 0.06; // so the picture may be
constexpr double kLonely = 4;      // times as much for a node without a connection
constexpr double kTheta2 = 0.81;   // a cell narrower than 0.9 of its distance counts as one body
constexpr double kNearest2 = 16;   // closer nodes push no harder
constexpr double kGoldenAngle = 2.399963229728653;
constexpr double kSpread = 22; // of new nodes around the middle
constexpr int kMaxDepth = 24;  // of the tree

uint64_t mixed(uint64_t v) { // splitmix64
  v += 0x9e3779b97f4a7c15U;
  v = (v ^ (v >> 30U)) * 0xbf58476d1ce4e5b9U;
  v = (v ^ (v >> 27U)) * 0x94d049bb133111ebU;
  return v ^ (v >> 31U);
}

double clamped(double v) {
  return std::isfinite(v) ? std::clamp(v, -GraphLayout::kMaxExtent, GraphLayout::kMaxExtent) : 0;
}

} // namespace

double GraphLayout::noise(uint64_t key, uint64_t salt) const {
  return double(mixed(key ^ mixed(m_seed + salt)) >> 11U) / double(1ULL << 52U) - 1;
}

// From the node with the most neighbours outwards, part by part: neighbours begin near each other.
std::vector<int> GraphLayout::breadthFirst(const std::vector<std::vector<int>>& neighbours) const {
  std::vector<int> starts(neighbours.size());
  for (size_t i = 0; i < starts.size(); ++i) {
    starts[i] = int(i);
  }
  std::stable_sort(starts.begin(), starts.end(), [&](int a, int b) {
    const size_t left = neighbours[size_t(a)].size();
    const size_t right = neighbours[size_t(b)].size();
    return left != right ? left > right : m_keys[size_t(a)] < m_keys[size_t(b)];
  });
  std::vector<int> order;
  order.reserve(starts.size());
  std::vector<unsigned char> seen(starts.size(), 0);
  for (const int start : starts) {
    if (seen[size_t(start)] != 0) {
      continue;
    }
    seen[size_t(start)] = 1;
    size_t next = order.size();
    order.push_back(start);
    for (; next < order.size(); ++next) {
      for (const int n : neighbours[size_t(order[next])]) {
        if (seen[size_t(n)] == 0) {
          seen[size_t(n)] = 1;
          order.push_back(n);
        }
      }
    }
  }
  return order;
}

void GraphLayout::setGraph(const std::vector<uint64_t>& keys, const std::vector<LayoutEdge>& edges) {
  const size_t count = std::min(keys.size(), kMaxNodes);
  std::vector<LayoutEdge> kept;
  kept.reserve(std::min(edges.size(), kMaxEdges));
  for (const LayoutEdge& e : edges) {
    const bool there = e.a >= 0 && e.b >= 0 && size_t(e.a) < count && size_t(e.b) < count && e.a != e.b;
    if (there && kept.size() < kMaxEdges) {
      kept.push_back(e);
    }
  }
  const auto same = [](const LayoutEdge& a, const LayoutEdge& b) { return a.a == b.a && a.b == b.b; };
  if (count == m_keys.size() && std::equal(m_keys.begin(), m_keys.end(), keys.begin()) &&
      std::equal(kept.begin(), kept.end(), m_edges.begin(), m_edges.end(), same)) {
    return;
  }
  std::vector<double> x(count, 0);
  std::vector<double> y(count, 0);
  std::vector<unsigned char> pinned(count, 0);
  std::vector<unsigned char> placed(count, 0);
  size_t known = 0;
  for (size_t i = 0; i < count; ++i) {
    if (const auto old = m_nodeOf.find(keys[i]); old != m_nodeOf.end()) {
      x[i] = m_x[size_t(old->second)];
      y[i] = m_y[size_t(old->second)];
      pinned[i] = m_pinned[size_t(old->second)];
      placed[i] = 1;
      ++known;
    }
  }
  const size_t oldNodes = m_keys.size();
  const size_t oldEdges = m_edges.size();
  m_keys.assign(keys.begin(), keys.begin() + std::ptrdiff_t(count));
  m_nodeOf.clear();
  m_nodeOf.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    m_nodeOf.emplace(m_keys[i], int(i));
  }
  m_edges = std::move(kept);

  std::vector<std::vector<int>> neighbours(count);
  for (const LayoutEdge& e : m_edges) {
    neighbours[size_t(e.a)].push_back(e.b);
    neighbours[size_t(e.b)].push_back(e.a);
  }
  const bool fresh = known == 0;
  size_t ring = fresh ? 0 : count; // newcomers nobody knows stand outside
  for (const int node : breadthFirst(neighbours)) {
    const auto i = size_t(node);
    if (placed[i] != 0) {
      continue;
    }
    double sumX = 0;
    double sumY = 0;
    int around = 0;
    if (!fresh) {
      for (const int n : neighbours[i]) {
        if (placed[size_t(n)] != 0) {
          sumX += x[size_t(n)];
          sumY += y[size_t(n)];
          ++around;
        }
      }
    }
    if (around > 0) {
      x[i] = sumX / around + noise(m_keys[i], 1) * kLinkLength;
      y[i] = sumY / around + noise(m_keys[i], 2) * kLinkLength;
    } else {
      const double radius = kSpread * std::sqrt(0.5 + double(ring));
      const double angle = double(ring) * kGoldenAngle;
      x[i] = radius * std::cos(angle) + noise(m_keys[i], 1);
      y[i] = radius * std::sin(angle) + noise(m_keys[i], 2);
      ++ring;
    }
    placed[i] = 1;
  }
  m_x = std::move(x);
  m_y = std::move(y);
  m_pinned = std::move(pinned);
  m_vx.assign(count, 0);
  m_vy.assign(count, 0);

  m_linked.resize(count);
  for (size_t i = 0; i < count; ++i) {
    m_linked[i] = neighbours[i].empty() ? 0 : 1;
  }
  m_strength.resize(m_edges.size());
  m_bias.resize(m_edges.size());
  for (size_t e = 0; e < m_edges.size(); ++e) {
    const auto a = double(neighbours[size_t(m_edges[e].a)].size());
    const auto b = double(neighbours[size_t(m_edges[e].b)].size());
    m_strength[e] = 1 / std::min(a, b);
    m_bias[e] = a / (a + b);
  }
  // The larger the change, the more it moves.
  const auto apart = [](size_t a, size_t b) { return double(a > b ? a - b : b - a); };
  const double changed =
      double(count - known) + double(oldNodes - std::min(oldNodes, known)) + apart(m_edges.size(), oldEdges) / 2;
  reheat(fresh ? 1 : std::min(1.0, 0.08 + changed / double(std::max<size_t>(1, count))));
}

void GraphLayout::reheat(double heat) {
  if (!m_x.empty()) {
    m_heat = std::max(m_heat, std::min(1.0, heat));
  }
}

void GraphLayout::insert(int point, double middleX, double middleY, double half) {
  size_t cell = 0;
  const auto p = size_t(point);
  for (int depth = 0;; ++depth) {
    const bool inner =
        std::any_of(std::begin(m_cells[cell].child), std::end(m_cells[cell].child), [](int c) { return c >= 0; });
    if (!inner && m_cells[cell].point < 0) {
      m_cells[cell].point = point;
      return;
    }
    if (!inner && depth >= kMaxDepth) {
      m_next[p] = m_cells[cell].point;
      m_cells[cell].point = point;
      return;
    }
    const auto childOf = [&](size_t which) {
      return (m_x[which] >= middleX ? 1U : 0U) | (m_y[which] >= middleY ? 2U : 0U);
    };
    const auto childCell = [&](unsigned quarter) {
      if (m_cells[cell].child[quarter] < 0) {
        Cell made;
        made.width = half;
        m_cells[cell].child[quarter] = int(m_cells.size());
        m_cells.push_back(made);
      }
      return size_t(m_cells[cell].child[quarter]);
    };
    if (!inner) { // a leaf: what stood here goes a level down
      const int old = std::exchange(m_cells[cell].point, -1);
      m_cells[childCell(childOf(size_t(old)))].point = old;
    }
    const unsigned quarter = childOf(p);
    cell = childCell(quarter);
    half /= 2;
    middleX += (quarter & 1U) != 0 ? half : -half;
    middleY += (quarter & 2U) != 0 ? half : -half;
  }
}

void GraphLayout::plant() {
  const LayoutBounds b = bounds();
  const double width = std::max({b.right - b.left, b.bottom - b.top, 1.0}) * 1.001;
  m_cells.clear();
  m_cells.reserve(m_x.size() * 2 + 1);
  m_cells.emplace_back();
  m_cells[0].width = width;
  m_next.assign(m_x.size(), -1);
  for (size_t i = 0; i < m_x.size(); ++i) {
    insert(int(i), b.left + width / 2, b.top + width / 2, width / 2);
  }
  for (size_t c = m_cells.size(); c-- > 0;) { // children come after their parents
    Cell& cell = m_cells[c];
    for (int p = cell.point; p >= 0; p = m_next[size_t(p)]) {
      cell.x += m_x[size_t(p)];
      cell.y += m_y[size_t(p)];
      cell.mass += 1;
    }
    for (const int child : cell.child) {
      if (child >= 0) {
        const Cell& of = m_cells[size_t(child)];
        cell.x += of.x * of.mass;
        cell.y += of.y * of.mass;
        cell.mass += of.mass;
      }
    }
    if (cell.mass > 0) {
      cell.x /= cell.mass;
      cell.y /= cell.mass;
    }
  }
}

void GraphLayout::repel() {
  plant();
  const double strength = kCharge * m_heat;
  std::vector<int> stack;
  stack.reserve(128);
  for (size_t i = 0; i < m_x.size(); ++i) {
    if (m_pinned[i] != 0) {
      continue;
    }
    const double x = m_x[i];
    const double y = m_y[i];
    double vx = 0;
    double vy = 0;
    const auto push = [&](double dx, double dy, double mass) {
      double d2 = dx * dx + dy * dy;
      if (d2 < kNearest2) {
        d2 = std::sqrt(std::max(d2, 1e-6) * kNearest2);
      }
      vx += dx * mass * strength / d2;
      vy += dy * mass * strength / d2;
    };
    stack.assign(1, 0);
    while (!stack.empty()) {
      const Cell& cell = m_cells[size_t(stack.back())];
      stack.pop_back();
      const double dx = cell.x - x;
      const double dy = cell.y - y;
      const double d2 = dx * dx + dy * dy;
      if (cell.width * cell.width < kTheta2 * d2) {
        push(dx, dy, cell.mass);
        continue;
      }
      for (int p = cell.point; p >= 0; p = m_next[size_t(p)]) {
        if (p != int(i)) {
          double px = m_x[size_t(p)] - x;
          double py = m_y[size_t(p)] - y;
          if (px == 0 && py == 0) { // two at one place part, always the same way
            px = noise(m_keys[i], 3 + m_steps);
            py = noise(m_keys[i], 4 + m_steps);
          }
          push(px, py, 1);
        }
      }
      for (const int child : cell.child) {
        if (child >= 0) {
          stack.push_back(child);
        }
      }
    }
    const double gravity = m_linked[i] != 0 ? m_heat : kLonely * m_heat;
    m_vx[i] += vx - x * kGravityX * gravity;
    m_vy[i] += vy - y * kGravityY * gravity;
  }
}

void GraphLayout::attract() {
  for (size_t e = 0; e < m_edges.size(); ++e) {
    const auto a = size_t(m_edges[e].a);
    const auto b = size_t(m_edges[e].b);
    double dx = m_x[b] + m_vx[b] - m_x[a] - m_vx[a];
    double dy = m_y[b] + m_vy[b] - m_y[a] - m_vy[a];
    if (dx == 0 && dy == 0) {
      dx = noise(m_keys[a], 5 + m_steps);
      dy = noise(m_keys[a], 6 + m_steps);
    }
    const double length = std::sqrt(dx * dx + dy * dy);
    const double pull = (length - kLinkLength) / length * m_heat * m_strength[e];
    dx *= pull;
    dy *= pull;
    m_vx[b] -= dx * m_bias[e];
    m_vy[b] -= dy * m_bias[e];
    m_vx[a] += dx * (1 - m_bias[e]);
    m_vy[a] += dy * (1 - m_bias[e]);
  }
}

bool GraphLayout::step() {
  if (settled()) {
    return false;
  }
  ++m_steps;
  m_heat -= m_heat * kCooling;
  attract();
  repel();
  for (size_t i = 0; i < m_x.size(); ++i) {
    m_vx[i] *= kFriction;
    m_vy[i] *= kFriction;
    if (m_pinned[i] != 0) {
      m_vx[i] = 0;
      m_vy[i] = 0;
      continue;
    }
    m_x[i] = clamped(m_x[i] + m_vx[i]);
    m_y[i] = clamped(m_y[i] + m_vy[i]);
  }
  if (settled()) {
    m_heat = 0;
    std::fill(m_vx.begin(), m_vx.end(), 0);
    std::fill(m_vy.begin(), m_vy.end(), 0);
  }
  return true;
}

void GraphLayout::settle(int maxSteps) {
  for (int i = 0; i < maxSteps && step(); ++i) {
  }
}

LayoutBounds GraphLayout::bounds() const {
  if (m_x.empty()) {
    return {};
  }
  const auto [left, right] = std::minmax_element(m_x.begin(), m_x.end());
  const auto [top, bottom] = std::minmax_element(m_y.begin(), m_y.end());
  return {*left, *top, *right, *bottom};
}

void GraphLayout::pin(size_t node, LayoutPoint at) {
  m_pinned[node] = 1;
  m_x[node] = clamped(at.x);
  m_y[node] = clamped(at.y);
  m_vx[node] = 0;
  m_vy[node] = 0;
}

void GraphLayout::unpin(size_t node) {
  m_pinned[node] = 0;
}

} // namespace univrs::gui
