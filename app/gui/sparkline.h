// The shape of a few values in a row of a table: no axes, no words. Drawn with QPainter; at most kMaxPoints.
#pragma once

#include <QColor>
#include <QQuickPaintedItem>
#include <QVariant>
#include <QtQml/qqmlregistration.h>

namespace univrs::gui {

class SparklineItem : public QQuickPaintedItem {
  Q_OBJECT
  QML_ELEMENT
  // Numbers from old to new; NaN (or null) is a gap.
  Q_PROPERTY(QVariantList points READ points WRITE setPoints NOTIFY changed)
  Q_PROPERTY(QColor color READ color WRITE setColor NOTIFY changed)
  Q_PROPERTY(
      double maximum READ maximum WRITE setMaximum NOTIFY changed) // the value at the upper edge; 0 = the largest
public:
  static constexpr qsizetype kMaxPoints = 512; // the newest

  explicit SparklineItem(QQuickItem* parent = nullptr);
  [[nodiscard]] QVariantList points() const { return m_points; }
  void setPoints(const QVariantList& points);
  [[nodiscard]] QColor color() const { return m_color; }
  void setColor(const QColor& color);
  [[nodiscard]] double maximum() const { return m_top; }
  void setMaximum(double maximum);
  void paint(QPainter* painter) override;

Q_SIGNALS:
  void changed();

private:
  void redraw();
  QVariantList m_points;
  QColor m_color = Qt::gray;
  double m_top = 0;
};

} // namespace univrs::gui
