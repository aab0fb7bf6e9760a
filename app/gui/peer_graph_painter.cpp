#include "app/gui/peer_graph_painter.h"

#include <QPainterPath>
#include <QPen>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace univrs::gui {
namespace {

using Kind = GraphNode::Kind;

constexpr double kDash = 5; // pixels drawn, and left out, of a relayed connection
constexpr double kGap = 4;
constexpr int kMaxDashes = 96; // of one line; longer ones have longer dashes
constexpr double kHitMargin = 8;
constexpr int kManyNodes = 400;     // from here on the picture is of the whole, not of each
constexpr int kNamedNodes = 60;     // all of so few have their names
constexpr double kNamingZoom = 0.9; // from so near on too
constexpr int kDrawnNodes = 1'500;
constexpr int kSmoothEdges = 4'000; // by QPainter; of more one sees no single line, and they cost six times as much
constexpr int kCandidates = 400;    // for a label

struct LineStyle {
  QColor colour;
  double width = 1;
  bool dashed = false;
};

bool isLit(const GraphScene& s, const GraphEdge& e) {
  return e.a == s.hovered || e.b == s.hovered || e.a == s.selected || e.b == s.selected;
}

QColor faded(QColor colour, double alpha) {
  colour.setAlphaF(float(alpha));
  return colour;
}

LineStyle styleOf(const GraphScene& s, const GraphEdge& e) {
  const bool many = s.graph.nodeCount() > kManyNodes;
  const bool lit = isLit(s, e);
  const bool dimmed = s.graph.nodes()[size_t(e.a)].dimmed || s.graph.nodes()[size_t(e.b)].dimmed;
  const bool focusing = s.hovered >= 0;
  const QColor base = e.relayed ? s.colours.relayed : e.own ? s.colours.direct : s.colours.muted;
  double alpha = e.own ? 0.62 : many ? 0.16 : 0.34;
  if (lit) {
    alpha = 0.95;
  } else if (focusing) {
    alpha *= 0.45;
  }
  if (dimmed) {
    alpha *= 0.2;
  }
  LineStyle style;
  style.colour = faded(lit && !e.own && !e.relayed ? s.colours.text : base, alpha);
  style.width = 1 + 0.8 * e.weight + (lit ? 0.4 : 0);
  style.dashed = e.relayed;
  return style;
}

QColor colourOf(const GraphScene& s, const GraphNode& node) {
  switch (node.kind) {
  case Kind::Own:
    return s.colours.text;
  case Kind::Direct:
    return s.colours.direct;
  case Kind::Relayed:
    return s.colours.relayed;
  case Kind::Elsewhere:
    break;
  }
  return s.colours.muted;
}

bool lineInside(const QRectF& view, const QPointF& a, const QPointF& b) {
  return std::max(a.x(), b.x()) >= view.left() && std::min(a.x(), b.x()) <= view.right() &&
         std::max(a.y(), b.y()) >= view.top() && std::min(a.y(), b.y()) <= view.bottom();
}

template <class Fn>
void eachDash(const QPointF& a, const QPointF& b, Fn draw) {
  const QPointF d = b - a;
  const double length = std::sqrt(d.x() * d.x() + d.y() * d.y());
  if (length < 1) {
    return;
  }
  const double scale = std::max(1.0, length / (kMaxDashes * (kDash + kGap)));
  const int count = int(length / ((kDash + kGap) * scale)) + 1;
  for (int i = 0; i < count; ++i) {
    const double at = i * (kDash + kGap) * scale;
    draw(a + d * (at / length), a + d * (std::min(length, at + kDash * scale) / length));
  }
}

struct Rgba {
  unsigned char r, g, b, a;
};

Rgba premultiplied(const QColor& colour, double by = 1) {
  const double alpha = double(colour.alphaF()) * by;
  const auto part = [](double v) { return static_cast<unsigned char>(std::lround(std::clamp(v, 0.0, 1.0) * 255)); };
  return {part(double(colour.redF()) * alpha), part(double(colour.greenF()) * alpha),
          part(double(colour.blueF()) * alpha), part(alpha)};
}

void vertex(GraphMesh& mesh, double x, double y, const Rgba& c) {
  mesh.vertices.push_back({float(x), float(y), c.r, c.g, c.b, c.a});
}

// A line with soft sides: a full middle and an edge that fades over a pixel, for there is no other smoothing.
void meshLine(GraphMesh& mesh, const QPointF& a, const QPointF& b, double width, const Rgba& full) {
  const QPointF d = b - a;
  const double length = std::sqrt(d.x() * d.x() + d.y() * d.y());
  if (length < 0.01) {
    return;
  }
  const QPointF across(-d.y() / length, d.x() / length);
  const Rgba none{0, 0, 0, 0};
  const auto first = uint32_t(mesh.vertices.size());
  if (width <= 1.5) { // thin: fades from the middle
    const QPointF side = across * (width / 2 + 0.5);
    vertex(mesh, a.x() - side.x(), a.y() - side.y(), none);
    vertex(mesh, a.x(), a.y(), full);
    vertex(mesh, a.x() + side.x(), a.y() + side.y(), none);
    vertex(mesh, b.x() - side.x(), b.y() - side.y(), none);
    vertex(mesh, b.x(), b.y(), full);
    vertex(mesh, b.x() + side.x(), b.y() + side.y(), none);
    for (const uint32_t i : {0U, 1U, 3U, 1U, 4U, 3U, 1U, 2U, 4U, 2U, 5U, 4U}) {
      mesh.indices.push_back(first + i);
    }
    return;
  }
  const QPointF inner = across * (width / 2 - 0.5);
  const QPointF outer = across * (width / 2 + 0.5);
  for (const QPointF& end : {a, b}) {
    vertex(mesh, end.x() - outer.x(), end.y() - outer.y(), none);
    vertex(mesh, end.x() - inner.x(), end.y() - inner.y(), full);
    vertex(mesh, end.x() + inner.x(), end.y() + inner.y(), full);
    vertex(mesh, end.x() + outer.x(), end.y() + outer.y(), none);
  }
  for (uint32_t row = 0; row < 3; ++row) {
    for (const uint32_t i : {0U, 1U, 4U, 1U, 5U, 4U}) {
      mesh.indices.push_back(first + row + i);
    }
  }
}

// A filled shape with as many corners, around its middle, with a soft rim. Four corners are a diamond.
void meshShape(GraphMesh& mesh, const QPointF& at, double radius, int corners, const Rgba& full) {
  const Rgba none{0, 0, 0, 0};
  const auto first = uint32_t(mesh.vertices.size());
  vertex(mesh, at.x(), at.y(), full);
  for (int i = 0; i < corners; ++i) {
    const double angle = 2 * std::numbers::pi * i / corners;
    const double x = std::cos(angle);
    const double y = std::sin(angle);
    const double inner = std::max(0.0, radius - 0.5);
    vertex(mesh, at.x() + x * inner, at.y() + y * inner, full);
    vertex(mesh, at.x() + x * (radius + 0.5), at.y() + y * (radius + 0.5), none);
  }
  for (int i = 0; i < corners; ++i) {
    const uint32_t here = first + 1 + 2 * uint32_t(i);
    const uint32_t next = first + 1 + 2 * uint32_t((i + 1) % corners);
    for (const uint32_t v : {first, here, next, here, here + 1, next, here + 1, next + 1, next}) {
      mesh.indices.push_back(v);
    }
  }
}

// Both ways of drawing go through here: shape(at, radius, corners, colour).
template <class Shape>
void drawNode(const GraphScene& s, int index, const QPointF& at, Shape shape) {
  const GraphNode& node = s.graph.nodes()[size_t(index)];
  const double radius = nodeRadius(s, index);
  const bool lit = index == s.hovered || index == s.selected;
  const bool dust = node.kind == Kind::Elsewhere && radius <= 2.5;
  const double alpha = node.dimmed ? 0.22 : dust && !lit ? 0.7 : 1;
  const QColor colour = faded(colourOf(s, node), alpha);
  const int corners = node.kind == Kind::Relayed ? 4 : 0;
  const auto ground = [&](double r, int c) { shape(at, r, c, s.colours.ground); };
  if (index == s.current) {
    shape(at, radius + 7, 0, s.colours.focus);
    ground(radius + 5, 0);
  }
  if (index == s.selected || node.kind == Kind::Own) { // a ring around it
    shape(at, radius + 4, 0, faded(colour, (index == s.selected ? 1 : 0.45) * alpha));
    ground(radius + 2.5, 0);
  } else if (radius > 3.5) { // lines end at its rim, not under it
    ground(radius + 1.5, corners);
  }
  if (lit) {
    shape(at, radius + 6, 0, faded(colour, 0.18));
  }
  shape(at, radius, corners, colour);
  if (node.kind == Kind::Elsewhere && radius > 2.5) { // hollow: this node is not connected to it
    ground(radius - 1.5, 0);
  }
  if (s.graph.pinned(index)) {
    shape(at, std::max(1.5, radius * 0.32), 0, node.kind == Kind::Elsewhere ? colour : s.colours.ground);
  }
}

QRectF viewOf(const GraphScene& s, double margin) {
  return QRectF(QPointF(0, 0), s.size).adjusted(-margin, -margin, margin, margin);
}

std::vector<QPointF> placesOf(const GraphScene& s) {
  const GraphLayout& layout = s.graph.layout();
  std::vector<QPointF> places(layout.size());
  for (size_t i = 0; i < places.size(); ++i) {
    places[i] = s.camera.toItem(layout.at(i));
  }
  return places;
}

// Plain lines first, lit ones over them.
template <class Draw>
void eachEdge(const GraphScene& s, const std::vector<QPointF>& places, Draw draw) {
  const QRectF view = viewOf(s, 4);
  for (const bool lit : {false, true}) {
    if (lit && s.hovered < 0 && s.selected < 0) {
      break;
    }
    for (const GraphEdge& e : s.graph.edges()) {
      const QPointF& a = places[size_t(e.a)];
      const QPointF& b = places[size_t(e.b)];
      if (isLit(s, e) == lit && lineInside(view, a, b)) {
        draw(e, a, b);
      }
    }
  }
}

template <class Shape>
void eachNode(const GraphScene& s, const std::vector<QPointF>& places, Shape shape) {
  const QRectF view = viewOf(s, 24);
  const auto draw = [&](int i) {
    if (view.contains(places[size_t(i)])) {
      drawNode(s, i, places[size_t(i)], shape);
    }
  };
  for (int i = int(places.size()) - 1; i >= 0; --i) { // this node, the first, on top
    if (i != s.hovered && i != s.selected && i != s.current) {
      draw(i);
    }
  }
  for (const int i : {s.current, s.selected, s.hovered}) {
    if (i >= 0 && size_t(i) < places.size()) {
      draw(i);
    }
  }
}

} // namespace

double nodeRadius(const GraphScene& s, int node) {
  const GraphNode& n = s.graph.nodes()[size_t(node)];
  const double degree = std::sqrt(double(n.edges.size()));
  const double base = n.kind == Kind::Own         ? 9
                      : n.kind == Kind::Elsewhere ? 4.5 + std::min(3.5, degree * 0.5)
                                                  : 5.5 + std::min(4.5, degree * 0.7);
  const double scale = std::clamp(std::sqrt(s.camera.zoom), 0.36, 1.5);
  const double least = n.kind == Kind::Own ? 5 : n.kind == Kind::Elsewhere ? 1.2 : 2.4;
  return std::max(least, base * scale * (s.graph.nodeCount() > kDrawnNodes && s.camera.zoom < kNamingZoom ? 0.6 : 1));
}

void buildMesh(const GraphScene& s, GraphMesh& mesh) {
  mesh.clear();
  const std::vector<QPointF> places = placesOf(s);
  mesh.vertices.reserve(s.graph.edges().size() * 6 + places.size() * 26);
  mesh.indices.reserve(s.graph.edges().size() * 12 + places.size() * 108);
  eachEdge(s, places, [&](const GraphEdge& e, const QPointF& a, const QPointF& b) {
    const LineStyle style = styleOf(s, e);
    const Rgba colour = premultiplied(style.colour);
    if (style.dashed) {
      eachDash(a, b, [&](const QPointF& from, const QPointF& to) { meshLine(mesh, from, to, style.width, colour); });
    } else {
      meshLine(mesh, a, b, style.width, colour);
    }
  });
  eachNode(s, places, [&](const QPointF& at, double radius, int corners, const QColor& colour) {
    const int round = radius < 3 ? 8 : radius < 6 ? 14 : 28;
    meshShape(mesh, at, corners == 4 ? radius * 1.25 : radius, corners == 0 ? round : corners, premultiplied(colour));
  });
}

void paintGraph(const GraphScene& s, QPainter& painter) {
  const std::vector<QPointF> places = placesOf(s);
  painter.setRenderHint(QPainter::Antialiasing, s.graph.edgeCount() <= kSmoothEdges);
  painter.setBrush(Qt::NoBrush);
  // Lines of one look are drawn together: a pen is dear, a line is cheap.
  QVector<QLineF> run;
  LineStyle now;
  const auto flush = [&] {
    if (!run.isEmpty()) {
      painter.setPen(QPen(now.colour, now.width, Qt::SolidLine, Qt::FlatCap));
      painter.drawLines(run);
      run.clear();
    }
  };
  eachEdge(s, places, [&](const GraphEdge& e, const QPointF& a, const QPointF& b) {
    const LineStyle style = styleOf(s, e);
    if (style.colour != now.colour || style.width != now.width) {
      flush();
      now = style;
    }
    if (style.dashed) {
      eachDash(a, b, [&](const QPointF& from, const QPointF& to) { run.append(QLineF(from, to)); });
    } else {
      run.append(QLineF(a, b));
    }
  });
  flush();
  painter.setPen(Qt::NoPen);
  painter.setRenderHint(QPainter::Antialiasing);
  eachNode(s, places, [&](const QPointF& at, double radius, int corners, const QColor& colour) {
    painter.setBrush(colour);
    if (corners == 4) {
      const double r = radius * 1.25;
      const std::array<QPointF, 4> diamond{at + QPointF(r, 0), at + QPointF(0, r), at + QPointF(-r, 0),
                                           at + QPointF(0, -r)};
      painter.drawConvexPolygon(diamond.data(), 4);
    } else if (radius < 2.2) {
      painter.fillRect(QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius), colour);
    } else {
      painter.drawEllipse(at, radius, radius);
    }
  });
}

std::vector<GraphWord> placeWords(const GraphScene& s,
                                  const std::function<QSizeF(const QString&, bool, bool)>& measure) {
  const std::vector<QPointF> places = placesOf(s);
  const QRectF view = viewOf(s, -2);
  const int focus = s.hovered >= 0 ? s.hovered : s.selected;
  std::vector<int> order;
  std::vector<unsigned char> near(places.size(), 0);
  if (focus >= 0) {
    for (const int edge : s.graph.nodes()[size_t(focus)].edges) {
      const GraphEdge& e = s.graph.edges()[size_t(edge)];
      near[size_t(e.a)] = near[size_t(e.b)] = 1;
    }
  }
  const auto rank = [&](int i) { // smaller comes first
    const GraphNode& n = s.graph.nodes()[size_t(i)];
    if (i == focus || i == s.current || i == s.selected) {
      return 0;
    }
    if (n.kind == Kind::Own) {
      return 1;
    }
    return near[size_t(i)] != 0 ? 2 : n.dimmed ? 9 : n.kind != Kind::Elsewhere ? 3 : 4;
  };
  for (int i = 0; i < int(places.size()); ++i) {
    // A crowd seen from afar names only what stands out.
    const bool crowd = int(places.size()) > kNamedNodes && s.camera.zoom < kNamingZoom;
    if (view.contains(places[size_t(i)]) && rank(i) < (crowd ? 4 : 9)) {
      order.push_back(i);
    }
  }
  const auto before = [&](int a, int b) {
    const int left = rank(a);
    const int right = rank(b);
    if (left != right) {
      return left < right;
    }
    const size_t more = s.graph.nodes()[size_t(a)].edges.size();
    const size_t other = s.graph.nodes()[size_t(b)].edges.size();
    return more != other ? more > other : a < b;
  };
  const auto wanted = std::min(order.size(), size_t(kCandidates));
  std::partial_sort(order.begin(), order.begin() + std::ptrdiff_t(wanted), order.end(), before);
  order.resize(wanted);

  std::vector<QRectF> taken;
  std::vector<QRectF> dust;                   // nodes that words of more important ones may cover
  if (places.size() <= size_t(kDrawnNodes)) { // names do not cover nodes
    for (size_t i = 0; i < places.size(); ++i) {
      if (view.contains(places[i])) {
        const double r = nodeRadius(s, int(i));
        const bool here = s.graph.nodes()[i].kind != Kind::Elsewhere;
        (here ? taken : dust).emplace_back(places[i].x() - r, places[i].y() - r, 2 * r, 2 * r);
      }
    }
  }
  std::vector<GraphWord> words;
  const auto isFree = [&](const QRectF& place, bool important) {
    const auto meets = [&](const QRectF& t) { return t.intersects(place); };
    return view.contains(place) && std::none_of(taken.begin(), taken.end(), meets) &&
           (important || std::none_of(dust.begin(), dust.end(), meets));
  };
  for (const int i : order) {
    if (words.size() >= size_t(kMaxGraphWords)) {
      break;
    }
    const GraphNode& n = s.graph.nodes()[size_t(i)];
    const bool strong = rank(i) <= 1;
    const QSizeF size = measure(n.name, strong, false);
    const double off = nodeRadius(s, i) + (n.kind == Kind::Own || i == s.selected ? 6 : 4);
    const QPointF& p = places[size_t(i)];
    const double w = size.width();
    const double h = size.height();
    bool placed = false;
    for (const QPointF& corner : {QPointF(p.x() + off, p.y() - h / 2), QPointF(p.x() - off - w, p.y() - h / 2),
                                  QPointF(p.x() - w / 2, p.y() + off), QPointF(p.x() - w / 2, p.y() - off - h)}) {
      const QRectF place(corner, size);
      if (isFree(place, rank(i) < 4)) {
        taken.push_back(place);
        words.push_back({n.name, place, strong, n.dimmed});
        placed = true;
        break;
      }
    }
    if (!placed && strong) { // what is looked at has its name whatever is there
      const QRectF place(QPointF(std::clamp(p.x() + off, 2.0, std::max(2.0, s.size.width() - w - 2)), p.y() - h / 2),
                         size);
      taken.push_back(place);
      words.push_back({n.name, place, strong, n.dimmed});
    }
  }
  // Latencies: of the lines of what is looked at, else of this node's own while they are few.
  std::vector<int> lines;
  if (focus >= 0) {
    lines = s.graph.nodes()[size_t(focus)].edges;
  } else if (!s.graph.nodes().empty() && s.graph.nodes().front().kind == Kind::Own &&
             s.graph.nodes().front().edges.size() <= 24) {
    lines = s.graph.nodes().front().edges;
  }
  for (const int edge : lines) {
    const GraphEdge& e = s.graph.edges()[size_t(edge)];
    const QPointF& a = places[size_t(e.a)];
    const QPointF& b = places[size_t(e.b)];
    const QPointF d = b - a;
    if (e.latency.isEmpty() || words.size() >= size_t(kMaxGraphWords)) {
      continue;
    }
    const QSizeF size = measure(e.latency, false, true);
    if (d.x() * d.x() + d.y() * d.y() < (size.width() + 44) * (size.width() + 44)) {
      continue;
    }
    for (const double along : {0.5, 0.62, 0.38}) {
      const QPointF middle = a + d * along;
      const QRectF place(middle.x() - size.width() / 2, middle.y() - size.height() / 2, size.width(), size.height());
      if (isFree(place, false)) {
        taken.push_back(place);
        words.push_back({e.latency, place, false, true});
        break;
      }
    }
  }
  return words;
}

int nodeAt(const GraphScene& s, const QPointF& at) {
  int best = -1;
  double bestDistance = 0;
  const GraphLayout& layout = s.graph.layout();
  for (int i = 0; i < int(layout.size()); ++i) {
    const QPointF d = s.camera.toItem(layout.at(size_t(i))) - at;
    const double distance = std::sqrt(d.x() * d.x() + d.y() * d.y()) - nodeRadius(s, i);
    if (distance <= kHitMargin && (best < 0 || distance < bestDistance)) {
      best = i;
      bestDistance = distance;
    }
  }
  return best;
}

} // namespace univrs::gui
