#include "app/gui/peer_graph_item.h"

#include <QFontMetricsF>
#include <QGuiApplication>
#include <QHash>
#include <QImage>
#include <QKeyEvent>
#include <QPainter>
#include <QQuickWindow>
#include <QSGGeometryNode>
#include <QSGImageNode>
#include <QSGRendererInterface>
#include <QSGTexture>
#include <QSGVertexColorMaterial>
#include <QStyleHints>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>

namespace univrs::gui {
namespace {

constexpr double kFollow = 0.22; // of the way to where all is in sight, a frame
constexpr double kKeyPan = 60;   // pixels
constexpr double kKeyZoom = 1.25;
constexpr double kPulseRadius = 4;
constexpr size_t kKeptWords = 3 * size_t(kMaxGraphWords); // textures

QFont wordFont(const QString& family, bool strong, bool quiet) {
  QFont font(family);
  font.setPixelSize(quiet ? 11 : 12);
  font.setWeight(strong ? QFont::DemiBold : QFont::Normal);
  return font;
}

QSizeF wordSize(const QString& family, const QString& text, bool strong, bool quiet) {
  const QFontMetricsF metrics(wordFont(family, strong, quiet));
  return {std::ceil(metrics.horizontalAdvance(text)) + 6, std::ceil(metrics.height()) + 1};
}

// Names of peers are as long as a peer likes.
QString shown(const QString& family, const QString& text, bool strong, bool quiet) {
  return QFontMetricsF(wordFont(family, strong, quiet)).elidedText(text, Qt::ElideMiddle, 170);
}

void paintWord(QPainter& painter, const QRectF& place, const GraphWord& word, const QString& family,
               const GraphColours& colours) {
  QColor ground = colours.ground;
  ground.setAlphaF(0.8F);
  painter.setPen(Qt::NoPen);
  painter.setBrush(ground);
  painter.drawRoundedRect(place, 4, 4);
  painter.setFont(wordFont(family, word.strong, word.quiet));
  painter.setPen(word.quiet ? colours.muted : colours.text);
  painter.drawText(place, Qt::AlignCenter, word.text);
}

QImage emptyImage(const QSizeF& size, double ratio) {
  QImage image((size * ratio).toSize(), QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(ratio);
  image.fill(Qt::transparent);
  return image;
}

QImage wordImage(const GraphWord& word, const QString& family, const GraphColours& colours, double ratio) {
  QImage image = emptyImage(word.place.size(), ratio);
  QPainter painter(&image);
  painter.setRenderHint(QPainter::Antialiasing);
  paintWord(painter, QRectF(QPointF(0, 0), word.place.size()), word, family, colours);
  return image;
}

void paintPulse(QPainter& painter, const QPointF& at, const GraphColours& colours) {
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(Qt::NoPen);
  QColor halo = colours.direct;
  halo.setAlphaF(0.45F);
  painter.setBrush(halo);
  painter.drawEllipse(at, kPulseRadius, kPulseRadius);
  painter.setBrush(colours.text);
  painter.drawEllipse(at, kPulseRadius * 0.55, kPulseRadius * 0.55);
}

QPointF pulseAt(const GraphScene& scene, const GraphPulse& pulse, int64_t now) {
  const double t = std::clamp(double(now - pulse.startedAt) / double(PeerGraph::kPulseMs), 0.0, 1.0);
  const QPointF a = scene.camera.toItem(scene.graph.layout().at(size_t(pulse.from)));
  const QPointF b = scene.camera.toItem(scene.graph.layout().at(size_t(pulse.to)));
  return a + (b - a) * (t * t * (3 - 2 * t));
}

std::vector<GraphWord> wordsOf(const GraphScene& scene, const QString& family, double ratio) {
  std::vector<GraphWord> words = placeWords(scene, [&](const QString& text, bool strong, bool quiet) {
    return wordSize(family, shown(family, text, strong, quiet), strong, quiet);
  });
  for (GraphWord& word : words) {
    word.text = shown(family, word.text, word.strong, word.quiet);
    word.place.moveTo(std::round(word.place.x() * ratio) / ratio, std::round(word.place.y() * ratio) / ratio);
  }
  return words;
}

// The scene graph's side: the picture, pulses above it, words above those. Lives on the render thread.
class GraphRoot final : public QSGNode {
public:
  ~GraphRoot() override {
    for (const auto& kept : std::as_const(m_textures)) {
      delete kept.texture;
    }
  }
  GraphRoot(const GraphRoot&) = delete;
  GraphRoot& operator=(const GraphRoot&) = delete;
  GraphRoot() {
    for (QSGNode* part : {m_below, m_pulses, m_words}) {
      appendChildNode(part);
    }
  }

  void drawMesh(const GraphScene& scene) {
    if (!m_mesh) {
      m_mesh = new QSGGeometryNode;
      auto* geometry =
          new QSGGeometry(QSGGeometry::defaultAttributes_ColoredPoint2D(), 0, 0, QSGGeometry::UnsignedIntType);
      geometry->setDrawingMode(QSGGeometry::DrawTriangles);
      geometry->setVertexDataPattern(QSGGeometry::StreamPattern);
      m_mesh->setGeometry(geometry);
      m_mesh->setFlag(QSGNode::OwnsGeometry);
      auto* material = new QSGVertexColorMaterial;
      material->setFlag(QSGMaterial::Blending);
      m_mesh->setMaterial(material);
      m_mesh->setFlag(QSGNode::OwnsMaterial);
      m_below->appendChildNode(m_mesh);
    }
    buildMesh(scene, m_triangles);
    QSGGeometry* geometry = m_mesh->geometry();
    geometry->allocate(int(m_triangles.vertices.size()), int(m_triangles.indices.size()));
    static_assert(sizeof(GraphVertex) == sizeof(QSGGeometry::ColoredPoint2D));
    if (!m_triangles.vertices.empty()) {
      std::memcpy(geometry->vertexData(), m_triangles.vertices.data(),
                  m_triangles.vertices.size() * sizeof(GraphVertex));
      std::memcpy(geometry->indexData(), m_triangles.indices.data(), m_triangles.indices.size() * sizeof(uint32_t));
    }
    m_mesh->markDirty(QSGNode::DirtyGeometry);
  }

  // Under the software renderer all of it is one image: words and pulses as nodes of their own would leave traces
  // there.
  void drawImage(const GraphScene& scene, bool anew, const QString& family, QQuickWindow& window, double ratio,
                 int64_t now) {
    if ((scene.size * ratio).toSize().isEmpty()) {
      return;
    }
    if (anew) {
      m_still = emptyImage(scene.size, ratio);
      QPainter painter(&m_still);
      paintGraph(scene, painter);
      painter.setRenderHint(QPainter::Antialiasing);
      for (const GraphWord& word : wordsOf(scene, family, ratio)) {
        paintWord(painter, word.place, word, family, scene.colours);
      }
    }
    QImage image = m_still;
    if (!scene.graph.pulses().empty()) {
      QPainter painter(&image);
      for (const GraphPulse& pulse : scene.graph.pulses()) {
        paintPulse(painter, pulseAt(scene, pulse, now), scene.colours);
      }
    }
    if (!m_image) {
      m_image = window.createImageNode();
      m_image->setOwnsTexture(true);
      m_below->appendChildNode(m_image);
    }
    m_image->setTexture(window.createTextureFromImage(image, QQuickWindow::TextureHasAlphaChannel));
    m_image->setRect(QRectF(QPointF(0, 0), scene.size));
  }

  void drawPulses(const GraphScene& scene, QQuickWindow& window, double ratio, int64_t now) {
    const double side = 2 * kPulseRadius + 2;
    if (!m_dot || m_dotColour != scene.colours.text) {
      m_dotColour = scene.colours.text;
      QImage image = emptyImage(QSizeF(side, side), ratio);
      {
        QPainter painter(&image);
        paintPulse(painter, QPointF(side / 2, side / 2), scene.colours);
      }
      removeAll(*m_pulses);
      m_dot.reset(window.createTextureFromImage(image, QQuickWindow::TextureHasAlphaChannel));
    }
    const auto& pulses = scene.graph.pulses();
    fitCount(*m_pulses, int(pulses.size()), window, m_dot.get());
    auto* node = static_cast<QSGImageNode*>(m_pulses->firstChild());
    for (const GraphPulse& pulse : pulses) {
      const QPointF at = pulseAt(scene, pulse, now);
      node->setRect(QRectF(at.x() - side / 2, at.y() - side / 2, side, side));
      node = static_cast<QSGImageNode*>(node->nextSibling());
    }
  }

  void drawWords(const GraphScene& scene, const QString& family, QQuickWindow& window, double ratio) {
    const std::vector<GraphWord> words = wordsOf(scene, family, ratio);
    ++m_turn;
    std::vector<QSGTexture*> textures;
    textures.reserve(words.size());
    for (const GraphWord& word : words) {
      const QColor colour = word.quiet ? scene.colours.muted : scene.colours.text;
      const QString key = word.text + QLatin1Char('\n') + colour.name() + scene.colours.ground.name() + family +
                          QString::number(ratio) + (word.strong ? QLatin1Char('s') : QLatin1Char(' '));
      Kept& kept = m_textures[key];
      if (!kept.texture) {
        kept.texture = window.createTextureFromImage(wordImage(word, family, scene.colours, ratio),
                                                     QQuickWindow::TextureHasAlphaChannel);
      }
      kept.turn = m_turn;
      textures.push_back(kept.texture);
    }
    fitCount(*m_words, int(words.size()), window, textures.empty() ? nullptr : textures.front());
    auto* node = static_cast<QSGImageNode*>(m_words->firstChild());
    for (size_t i = 0; i < words.size(); ++i) {
      node->setTexture(textures[i]);
      node->setRect(words[i].place);
      node = static_cast<QSGImageNode*>(node->nextSibling());
    }
    if (size_t(m_textures.size()) > kKeptWords) {
      for (auto it = m_textures.begin(); it != m_textures.end();) {
        if (it->turn != m_turn) {
          delete it->texture;
          it = m_textures.erase(it);
        } else {
          ++it;
        }
      }
    }
  }

private:
  struct Kept {
    QSGTexture* texture = nullptr;
    int64_t turn = 0;
  };
  static void removeAll(QSGNode& parent) {
    while (QSGNode* child = parent.firstChild()) {
      parent.removeChildNode(child);
      delete child;
    }
  }
  static void fitCount(QSGNode& parent, int count, QQuickWindow& window, QSGTexture* texture) {
    for (int n = parent.childCount(); n < count; ++n) {
      QSGImageNode* node = window.createImageNode();
      node->setTexture(texture); // it is never without
      node->setFiltering(QSGTexture::Linear);
      parent.appendChildNode(node);
    }
    while (parent.childCount() > count) {
      QSGNode* last = parent.lastChild();
      parent.removeChildNode(last);
      delete last;
    }
  }
  QSGNode* m_below = new QSGNode; // these belong to this node, as every child
  QSGNode* m_pulses = new QSGNode;
  QSGNode* m_words = new QSGNode;
  QSGGeometryNode* m_mesh = nullptr;
  QSGImageNode* m_image = nullptr;
  QImage m_still; // without pulses
  GraphMesh m_triangles;
  std::unique_ptr<QSGTexture> m_dot;
  QColor m_dotColour;
  QHash<QString, Kept> m_textures;
  int64_t m_turn = 0;
};

int64_t steadyNow() {
  return base::SystemClock().now().steady.ms;
}

} // namespace

PeerGraphItem::PeerGraphItem(QQuickItem* parent) : QQuickItem(parent) {
  setFlag(ItemHasContents);
  setFlag(ItemClipsChildrenToShape);
  setClip(true);
  setAcceptHoverEvents(true);
  setAcceptedMouseButtons(Qt::LeftButton);
  setActiveFocusOnTab(true);
  m_frame.setInterval(kFrameMs);
  connect(&m_frame, &QTimer::timeout, this, &PeerGraphItem::frame);
  connect(this, &PeerGraphItem::lookChanged, this, [this] {
    if (m_graph) {
      m_graph->setPulsing(!m_calm && isVisible());
    }
    redraw();
  });
}

void PeerGraphItem::setGraph(PeerGraph* graph) {
  if (graph == m_graph) {
    return;
  }
  if (m_graph) {
    m_graph->disconnect(this);
  }
  m_graph = graph;
  if (m_graph) {
    connect(m_graph, &PeerGraph::graphChanged, this, [this] {
      if (m_graph->indexOf(m_hovered) < 0) {
        setHovered({});
      }
      redraw();
      wake();
    });
    connect(m_graph, &PeerGraph::looksChanged, this, &PeerGraphItem::redraw);
    connect(m_graph, &PeerGraph::currentChanged, this, [this] {
      if (hasActiveFocus()) {
        reveal(m_graph->current());
      }
      redraw();
    });
    connect(m_graph, &PeerGraph::movingChanged, this, [this] {
      if (m_graph->moving()) {
        wake();
      }
    });
    connect(m_graph, &PeerGraph::pulsed, this, &PeerGraphItem::wake);
    m_graph->setPulsing(!m_calm && isVisible());
  }
  m_camera = fittingCamera();
  redraw();
  wake();
  Q_EMIT graphSet();
}

void PeerGraphItem::redraw() {
  m_dirty = true;
  update();
}

void PeerGraphItem::wake() {
  if (isVisible() && m_graph && !m_frame.isActive()) {
    m_frame.start();
    Q_EMIT drawingChanged();
  }
}

void PeerGraphItem::sleep() {
  if (m_frame.isActive()) {
    m_frame.stop();
    Q_EMIT drawingChanged();
  }
}

void PeerGraphItem::frame() {
  if (!m_graph) {
    return sleep();
  }
  bool more = false;
  bool travels = false; // the picture itself, not only what passes on it
  if (m_graph->moving()) {
    more = travels = true;
    if (!m_calm) {
      m_graph->step();
      redraw();
    } else if (m_graph->settleFor(kQuietWorkMs)) {
      redraw();
    }
  }
  if (!(m_calm && more) && follow()) {
    more = travels = true;
    redraw();
  }
  if (!m_graph->pulses().empty()) {
    m_graph->agePulses();
    more = true;
    update();
  }
  m_frame.setInterval(travels ? kFrameMs : kPulseFrameMs);
  if (!more) {
    sleep();
  }
}

GraphScene PeerGraphItem::scene() const {
  const auto node = [this](const QString& id) { return id.isEmpty() ? -1 : m_graph->indexOf(id); };
  return {*m_graph,
          m_camera,
          size(),
          {m_ground, m_text, m_muted, m_line, m_direct, m_relayed, m_focus},
          node(m_hovered),
          node(m_graph->selected()),
          hasActiveFocus() ? node(m_graph->current()) : -1};
}

GraphCamera PeerGraphItem::fittingCamera() const {
  GraphCamera camera;
  camera.x = width() / 2;
  camera.y = height() / 2;
  if (!m_graph || m_graph->layout().size() == 0 || width() <= 0 || height() <= 0) {
    return camera;
  }
  const LayoutBounds b = m_graph->layout().bounds();
  const double freeWidth = std::max(40.0, width() - 2 * m_margin);
  const double top = m_margin / 2; // what stands above leaves room itself; below stand the legend and the buttons
  const double freeHeight = std::max(40.0, height() - top - m_margin * 1.1);
  camera.zoom =
      std::clamp(std::min(freeWidth / std::max(1.0, b.right - b.left), freeHeight / std::max(1.0, b.bottom - b.top)),
                 kMinZoom, kMaxFitZoom);
  camera.x -= (b.left + b.right) / 2 * camera.zoom;
  camera.y = top + freeHeight / 2 - (b.top + b.bottom) / 2 * camera.zoom;
  return camera;
}

bool PeerGraphItem::follow() {
  if (!m_fitting || m_dragging) {
    return false;
  }
  const GraphCamera to = fittingCamera();
  const double away = std::abs(to.x - m_camera.x) + std::abs(to.y - m_camera.y) +
                      std::abs(to.zoom / m_camera.zoom - 1) * std::max(width(), height());
  if (away < 0.5) {
    return false;
  }
  const double part = m_calm || away < 1.5 ? 1 : kFollow;
  m_camera.zoom += (to.zoom - m_camera.zoom) * part;
  m_camera.x += (to.x - m_camera.x) * part;
  m_camera.y += (to.y - m_camera.y) * part;
  return true;
}

void PeerGraphItem::fit() {
  m_fitting = true;
  Q_EMIT cameraChanged();
  wake();
}

void PeerGraphItem::zoomAt(const QPointF& at, double factor) {
  if (!std::isfinite(factor) || factor <= 0) {
    return;
  }
  const LayoutPoint fixed = m_camera.toPicture(at);
  m_camera.zoom = std::clamp(m_camera.zoom * factor, kMinZoom, kMaxZoom);
  m_camera.x = at.x() - fixed.x * m_camera.zoom;
  m_camera.y = at.y() - fixed.y * m_camera.zoom;
  m_fitting = false;
  redraw();
  Q_EMIT cameraChanged();
}

void PeerGraphItem::zoomBy(qreal factor) {
  zoomAt(QPointF(width() / 2, height() / 2), factor);
}

QPointF PeerGraphItem::placeOf(const QString& id) const {
  const int node = m_graph ? m_graph->indexOf(id) : -1;
  constexpr double kNowhere = std::numeric_limits<double>::quiet_NaN();
  return node < 0 ? QPointF(kNowhere, kNowhere) : m_camera.toItem(m_graph->layout().at(size_t(node)));
}

void PeerGraphItem::reveal(const QString& id) {
  const QPointF at = placeOf(id);
  const QRectF inside = QRectF(0, 0, width(), height()).adjusted(32, 32, -32, -32);
  if (std::isnan(at.x()) || m_fitting || inside.contains(at)) {
    return;
  }
  m_camera.x += std::clamp(at.x(), inside.left(), inside.right()) - at.x();
  m_camera.y += std::clamp(at.y(), inside.top(), inside.bottom()) - at.y();
  redraw();
  Q_EMIT cameraChanged();
}

QString PeerGraphItem::hoveredId() const {
  return m_hovered;
}

void PeerGraphItem::setHovered(const QString& id) {
  if (id != m_hovered) {
    m_hovered = id;
    redraw();
    Q_EMIT hoverChanged();
  }
}

void PeerGraphItem::geometryChange(const QRectF& now, const QRectF& before) {
  QQuickItem::geometryChange(now, before);
  if (m_fitting) {
    m_camera = fittingCamera();
  }
  redraw();
}

void PeerGraphItem::itemChange(ItemChange change, const ItemChangeData& value) {
  QQuickItem::itemChange(change, value);
  if (change == ItemVisibleHasChanged && m_graph) {
    m_graph->setPulsing(value.boolValue && !m_calm);
    value.boolValue ? wake() : sleep();
  } else if (change == ItemDevicePixelRatioHasChanged) {
    redraw();
  }
}

QSGNode* PeerGraphItem::updatePaintNode(QSGNode* old, UpdatePaintNodeData* /*data*/) {
  if (!m_graph || width() <= 0 || height() <= 0) {
    delete old;
    m_dirty = true;
    return nullptr;
  }
  auto* root = static_cast<GraphRoot*>(old);
  if (!root) {
    root = new GraphRoot;
    m_dirty = true;
  }
  const GraphScene now = scene();
  const double ratio = window()->effectiveDevicePixelRatio();
  const bool anew = std::exchange(m_dirty, false);
  if (window()->rendererInterface()->graphicsApi() == QSGRendererInterface::Software) {
    root->drawImage(now, anew, m_family, *window(), ratio, steadyNow());
  } else {
    if (anew) {
      root->drawMesh(now);
      root->drawWords(now, m_family, *window(), ratio);
    }
    root->drawPulses(now, *window(), ratio, steadyNow());
  }
  ++m_frames;
  return root;
}

void PeerGraphItem::hoverMoveEvent(QHoverEvent* event) {
  if (m_graph && !m_dragging) {
    const int node = nodeAt(scene(), event->position());
    setHovered(node < 0 ? QString() : m_graph->nodes()[size_t(node)].id);
    setCursor(node < 0 ? Qt::ArrowCursor : Qt::PointingHandCursor);
  }
}

void PeerGraphItem::hoverLeaveEvent(QHoverEvent* /*event*/) {
  setHovered({});
}

void PeerGraphItem::mousePressEvent(QMouseEvent* event) {
  forceActiveFocus(Qt::MouseFocusReason);
  m_pressed = true;
  m_dragging = false;
  m_pressedAt = m_lastAt = event->position();
  const int node = m_graph ? nodeAt(scene(), event->position()) : -1;
  m_pressedId = node < 0 ? QString() : m_graph->nodes()[size_t(node)].id;
  setKeepMouseGrab(true);
  event->accept();
}

void PeerGraphItem::mouseMoveEvent(QMouseEvent* event) {
  if (!m_pressed || !m_graph) {
    return;
  }
  const QPointF by = event->position() - m_lastAt;
  if (!m_dragging &&
      (event->position() - m_pressedAt).manhattanLength() < QGuiApplication::styleHints()->startDragDistance()) {
    return;
  }
  m_dragging = true;
  m_lastAt = event->position();
  if (m_pressedId.isEmpty()) {
    setCursor(Qt::ClosedHandCursor);
    m_camera.x += by.x();
    m_camera.y += by.y();
    m_fitting = false;
    redraw();
    Q_EMIT cameraChanged();
  } else {
    m_graph->drag(m_graph->indexOf(m_pressedId), m_camera.toPicture(event->position()));
    redraw();
    wake();
  }
}

void PeerGraphItem::letGo() {
  m_pressed = false;
  m_dragging = false;
  setKeepMouseGrab(false);
  setCursor(Qt::ArrowCursor);
}

void PeerGraphItem::mouseReleaseEvent(QMouseEvent* event) {
  const bool clicked = m_pressed && !m_dragging;
  const QString id = m_pressedId;
  letGo();
  if (clicked && event->button() == Qt::LeftButton) {
    if (m_graph && !id.isEmpty()) {
      m_graph->setCurrent(id);
    }
    Q_EMIT activated(id);
  }
  wake();
}

void PeerGraphItem::mouseUngrabEvent() {
  letGo();
}

void PeerGraphItem::mouseDoubleClickEvent(QMouseEvent* event) {
  const int node = m_graph ? nodeAt(scene(), event->position()) : -1;
  if (node >= 0) {
    m_graph->togglePin(m_graph->nodes()[size_t(node)].id);
  } else {
    zoomAt(event->position(), kKeyZoom * kKeyZoom);
  }
}

void PeerGraphItem::wheelEvent(QWheelEvent* event) {
  const double turned = event->angleDelta().y() != 0 ? event->angleDelta().y() : event->pixelDelta().y() * 4;
  if (turned != 0) {
    zoomAt(event->position(), std::pow(1.0016, std::clamp(turned, -600.0, 600.0)));
  }
  event->accept();
}

void PeerGraphItem::keyPressEvent(QKeyEvent* event) {
  if (!m_graph) {
    return QQuickItem::keyPressEvent(event);
  }
  const bool pans = (event->modifiers() & Qt::ShiftModifier) != 0;
  const auto arrow = [&](double x, double y) {
    if (pans) {
      m_camera.x -= x * kKeyPan;
      m_camera.y -= y * kKeyPan;
      m_fitting = false;
      redraw();
      Q_EMIT cameraChanged();
    } else {
      m_graph->go(x, y);
    }
  };
  switch (event->key()) {
  case Qt::Key_Left:
    return arrow(-1, 0);
  case Qt::Key_Right:
    return arrow(1, 0);
  case Qt::Key_Up:
    return arrow(0, -1);
  case Qt::Key_Down:
    return arrow(0, 1);
  case Qt::Key_Plus:
  case Qt::Key_Equal:
    return zoomBy(kKeyZoom);
  case Qt::Key_Minus:
    return zoomBy(1 / kKeyZoom);
  case Qt::Key_0:
    return fit();
  case Qt::Key_Home:
    return m_graph->goHome();
  case Qt::Key_P:
    return m_graph->togglePin(m_graph->current());
  case Qt::Key_Return:
  case Qt::Key_Enter:
  case Qt::Key_Space:
    if (!m_graph->current().isEmpty()) {
      Q_EMIT activated(m_graph->current());
    }
    return;
  default:
    QQuickItem::keyPressEvent(event);
  }
}

void PeerGraphItem::focusInEvent(QFocusEvent* event) {
  QQuickItem::focusInEvent(event);
  if (m_graph && m_graph->current().isEmpty() &&
      (event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason ||
       event->reason() == Qt::ShortcutFocusReason)) {
    m_graph->goHome();
  }
  redraw();
}

void PeerGraphItem::focusOutEvent(QFocusEvent* event) {
  QQuickItem::focusOutEvent(event);
  redraw();
}

} // namespace univrs::gui
