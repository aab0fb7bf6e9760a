// How the peer graph looks, apart from the window: triangles for the graphics card, or the same drawn by QPainter where
// the software renderer runs, and where the words go.
#pragma once

#include "app/gui/peer_graph.h"

#include <QColor>
#include <QPainter>
#include <QRectF>
#include <QSizeF>

#include <cstdint>
#include <functional>
#include <vector>

namespace univrs::gui {

struct GraphColours {
  QColor ground;
  QColor text;
  QColor muted;
  QColor line;
  QColor direct;
  QColor relayed;
  QColor focus;
};

// Where the picture's units lie on the item.
struct GraphCamera {
  double zoom = 1;
  double x = 0; // of the picture's middle, in pixels of the item
  double y = 0;
  [[nodiscard]] QPointF toItem(LayoutPoint p) const { return {p.x * zoom + x, p.y * zoom + y}; }
  [[nodiscard]] LayoutPoint toPicture(const QPointF& p) const { return {(p.x() - x) / zoom, (p.y() - y) / zoom}; }
};

// What is to be drawn, and from where.
struct GraphScene {
  const PeerGraph& graph;
  GraphCamera camera;
  QSizeF size;
  GraphColours colours;
  int hovered = -1;  // node; lights up with its neighbours
  int selected = -1; // node
  int current = -1;  // node the keyboard is at; -1 = no focus
};

struct GraphVertex { // as QSGGeometry::ColoredPoint2D: colours premultiplied
  float x;
  float y;
  unsigned char r;
  unsigned char g;
  unsigned char b;
  unsigned char a;
};

struct GraphMesh {
  std::vector<GraphVertex> vertices;
  std::vector<uint32_t> indices; // of triangles
  void clear() {
    vertices.clear();
    indices.clear();
  }
};

struct GraphWord {
  QString text;
  QRectF place; // of the whole label
  bool strong = false;
  bool quiet = false; // a latency
};

inline constexpr int kMaxGraphWords = 80;

[[nodiscard]] double nodeRadius(const GraphScene& scene, int node);
// Rewrites `mesh`.
void buildMesh(const GraphScene& scene, GraphMesh& mesh);
void paintGraph(const GraphScene& scene, QPainter& painter);
// Names of what matters and latencies of lines, none over another. `width` measures a text: (text, strong, quiet).
[[nodiscard]] std::vector<GraphWord> placeWords(const GraphScene& scene,
                                                const std::function<QSizeF(const QString&, bool, bool)>& measure);
// The node under this place of the item, with some room around it; -1 = none.
[[nodiscard]] int nodeAt(const GraphScene& scene, const QPointF& at);

} // namespace univrs::gui
