// Shows the peer graph and is its mouse and keyboard: drag the ground or Shift+arrows pan, the wheel or + and - zoom, 0
// shows all, arrows go from neighbour to neighbour, Enter or a click chooses, dragging a node or P pins it, Home goes
// to this node. Drawn by the graphics card, or by QPainter under the software renderer. Frames come only while
// something moves; a settled graph takes no time.
#pragma once

#include "app/gui/peer_graph.h"
#include "app/gui/peer_graph_painter.h"

#include <QPointer>
#include <QQuickItem>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

namespace univrs::gui {

class PeerGraphItem : public QQuickItem {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(univrs::gui::PeerGraph* graph READ graph WRITE setGraph NOTIFY graphSet)
  Q_PROPERTY(QColor groundColor MEMBER m_ground NOTIFY lookChanged)
  Q_PROPERTY(QColor textColor MEMBER m_text NOTIFY lookChanged)
  Q_PROPERTY(QColor mutedColor MEMBER m_muted NOTIFY lookChanged)
  Q_PROPERTY(QColor lineColor MEMBER m_line NOTIFY lookChanged)
  Q_PROPERTY(QColor directColor MEMBER m_direct NOTIFY lookChanged)
  Q_PROPERTY(QColor relayedColor MEMBER m_relayed NOTIFY lookChanged)
  Q_PROPERTY(QColor focusColor MEMBER m_focus NOTIFY lookChanged)
  Q_PROPERTY(QString fontFamily MEMBER m_family NOTIFY lookChanged)
  Q_PROPERTY(bool calm MEMBER m_calm NOTIFY lookChanged)      // no motion: shown when it has settled, no pulses
  Q_PROPERTY(qreal margin MEMBER m_margin NOTIFY lookChanged) // kept free around the whole, in pixels
  Q_PROPERTY(bool fitted READ fitted NOTIFY cameraChanged)    // all of it is kept in sight
  Q_PROPERTY(QString hoveredId READ hoveredId NOTIFY hoverChanged)
  Q_PROPERTY(bool drawing READ drawing NOTIFY drawingChanged) // frames are coming
public:
  static constexpr double kMinZoom = 0.02;
  static constexpr double kMaxZoom = 6;
  static constexpr double kMaxFitZoom = 2.2; // a few peers do not fill the window
  static constexpr int kFrameMs = 16;
  static constexpr int kPulseFrameMs = 33; // while nothing but messages moves
  static constexpr int kQuietWorkMs = 8;   // of a frame, while it settles unseen

  explicit PeerGraphItem(QQuickItem* parent = nullptr);
  [[nodiscard]] PeerGraph* graph() const { return m_graph; }
  void setGraph(PeerGraph* graph);
  [[nodiscard]] bool fitted() const { return m_fitting; }
  [[nodiscard]] QString hoveredId() const;
  [[nodiscard]] bool drawing() const { return m_frame.isActive(); }
  [[nodiscard]] int frames() const { return m_frames; } // drawn so far
  [[nodiscard]] const GraphCamera& camera() const { return m_camera; }

  Q_INVOKABLE void zoomBy(qreal factor); // about the middle
  Q_INVOKABLE void fit();
  Q_INVOKABLE void reveal(const QString& id); // moves it into sight
  // Where a node is on the item; not a point (NaN) when it is not there.
  Q_INVOKABLE [[nodiscard]] QPointF placeOf(const QString& id) const;

Q_SIGNALS:
  void graphSet();
  void lookChanged();
  void cameraChanged();
  void hoverChanged();
  void drawingChanged();
  void activated(const QString& id); // empty: the ground

protected:
  QSGNode* updatePaintNode(QSGNode* old, UpdatePaintNodeData* data) override;
  void geometryChange(const QRectF& now, const QRectF& before) override;
  void itemChange(ItemChange change, const ItemChangeData& value) override;
  void hoverMoveEvent(QHoverEvent* event) override;
  void hoverLeaveEvent(QHoverEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseUngrabEvent() override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

private:
  void redraw(); // all of it, once
  void wake();   // frames until nothing moves
  void sleep();
  void frame();
  [[nodiscard]] GraphScene scene() const;
  [[nodiscard]] GraphCamera fittingCamera() const;
  bool follow(); // towards the fitting camera; false when there
  void zoomAt(const QPointF& at, double factor);
  void letGo();
  void setHovered(const QString& id);
  QPointer<PeerGraph> m_graph;
  QColor m_ground = Qt::black;
  QColor m_text = Qt::white;
  QColor m_muted = Qt::gray;
  QColor m_line = Qt::darkGray;
  QColor m_direct = Qt::green;
  QColor m_relayed = Qt::yellow;
  QColor m_focus = Qt::green;
  QString m_family;
  bool m_calm = false;
  qreal m_margin = 48;
  GraphCamera m_camera;
  bool m_fitting = true;
  bool m_dirty = true; // the picture itself; else only pulses
  int m_frames = 0;
  QString m_hovered;
  QPointF m_pressedAt;
  QPointF m_lastAt;
  QString m_pressedId;
  bool m_pressed = false;
  bool m_dragging = false;
  QTimer m_frame;
};

} // namespace univrs::gui
