#include "app/gui/sparkline.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <limits>

namespace univrs::gui {
namespace {

double valueOf(const QVariant& point) {
  bool isNumber = false;
  const double value = point.isNull() ? 0 : point.toDouble(&isNumber);
  return isNumber ? value : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

SparklineItem::SparklineItem(QQuickItem* parent) : QQuickPaintedItem(parent) {
  setAntialiasing(true);
  setImplicitSize(72, 20);
}

void SparklineItem::redraw() {
  update();
  Q_EMIT changed();
}

void SparklineItem::setPoints(const QVariantList& points) {
  m_points = points.size() > kMaxPoints ? points.mid(points.size() - kMaxPoints) : points;
  redraw();
}

void SparklineItem::setColor(const QColor& color) {
  if (color != m_color) {
    m_color = color;
    redraw();
  }
}

void SparklineItem::setMaximum(double maximum) {
  if (maximum != m_top) {
    m_top = maximum;
    redraw();
  }
}

void SparklineItem::paint(QPainter* painter) {
  const qsizetype n = m_points.size();
  double top = m_top;
  for (const QVariant& point : std::as_const(m_points)) {
    const double value = valueOf(point);
    top = m_top <= 0 && std::isfinite(value) ? std::max(top, value) : top;
  }
  const double inset = 1.5;
  const double h = height() - 2 * inset;
  const double w = width() - 2 * inset;
  QPainterPath line;
  QPainterPath area;
  bool open = false;
  const auto close = [&] {
    if (open) {
      area.lineTo(area.currentPosition().x(), height());
      area.closeSubpath();
      open = false;
    }
  };
  for (qsizetype i = 0; i < n; ++i) {
    const double value = valueOf(m_points[i]);
    if (!std::isfinite(value)) {
      close();
      continue;
    }
    const double share = top > 0 ? std::clamp(value / top, 0.0, 1.0) : 0;
    const QPointF at(inset + (n > 1 ? w * double(i) / double(n - 1) : w), inset + h * (1 - share));
    if (!open) {
      line.moveTo(at);
      area.moveTo(at.x(), height());
      area.lineTo(at);
      open = true;
    } else {
      line.lineTo(at);
      area.lineTo(at);
    }
  }
  close();
  QColor ground = m_color;
  ground.setAlphaF(0.12F);
  painter->fillPath(area, ground);
  painter->setPen(QPen(m_color, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  painter->drawPath(line);
}

} // namespace univrs::gui
