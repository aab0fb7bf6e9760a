#include "app/gui/time_chart.h"

#include <QFontMetricsF>
#include <QKeyEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

namespace univrs::gui {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

constexpr double kLineWidth = 1.5;
constexpr int kDense = 300; // points of a line

bool same(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

std::vector<QPointF> pointsOf(const QVariant& value) {
  std::vector<QPointF> points;
  if (value.typeId() == qMetaTypeId<QList<QPointF>>()) {
    const auto list = value.value<QList<QPointF>>();
    points.assign(list.begin(), list.end());
  } else {
    const QVariantList list = value.toList();
    points.reserve(size_t(list.size()));
    for (const QVariant& point : list) {
      points.push_back(point.toPointF());
    }
  }
  if (points.size() > size_t(TimeChartItem::kMaxPoints)) {
    points.erase(points.begin(), points.end() - TimeChartItem::kMaxPoints);
  }
  return points;
}

// Qt strokes a line wider than a pixel as a polygon, at thirty times the cost of a hairline: a few hairlines beside
// each other look the same where points stand this close.
void drawDense(QPainter& painter, const QPainterPath& line, const QColor& color) {
  QPen hairline(color, 1, Qt::SolidLine, Qt::FlatCap, Qt::BevelJoin);
  hairline.setCosmetic(true);
  painter.setPen(hairline);
  const double pixel = 1 / std::max(1.0, painter.deviceTransform().m11());
  const double aside = std::max(0.25 * pixel, (kLineWidth - pixel) / 2);
  for (const QPointF& by : {QPointF(-aside, 0), QPointF(aside, 0), QPointF(0, -aside), QPointF(0, aside)}) {
    painter.translate(by);
    painter.drawPath(line);
    painter.translate(-by);
  }
}

} // namespace

TimeChartItem::TimeChartItem(QQuickItem* parent)
    : QQuickPaintedItem(parent), m_limit(kNone), m_crosshair(kNone), m_anchor(kNone), m_end(kNone) {
  setAntialiasing(true);
  setAcceptHoverEvents(true);
  setAcceptedMouseButtons(Qt::LeftButton);
  setActiveFocusOnTab(true);
  setImplicitSize(320, 140);
}

void TimeChartItem::changed() {
  polish();
  Q_EMIT dataChanged();
  Q_EMIT crosshairChanged();
}

void TimeChartItem::setFrom(double from) {
  if (from != m_from) {
    m_from = from;
    changed();
  }
}

void TimeChartItem::setTo(double to) {
  if (to != m_to) {
    m_to = to;
    changed();
  }
}

void TimeChartItem::setSeries(const QVariantList& series) {
  m_given = series;
  m_series.clear();
  for (const QVariant& one : series.mid(0, kMaxSeries)) {
    const QVariantMap map = one.toMap();
    m_series.push_back({map.value(QStringLiteral("name")).toString(),
                        map.value(QStringLiteral("color")).value<QColor>(),
                        pointsOf(map.value(QStringLiteral("points"))),
                        {}});
  }
  changed();
}

void TimeChartItem::setLimit(double limit) {
  if (!same(limit, m_limit)) {
    m_limit = limit;
    changed();
  }
}

void TimeChartItem::setUnit(const QString& unit) {
  if (unit != m_unit) {
    m_unit = unit;
    changed();
  }
}

void TimeChartItem::setMaxGap(double ms) {
  if (ms != m_maxGap) {
    m_maxGap = ms;
    changed();
  }
}

void TimeChartItem::setGridColor(const QColor& color) {
  m_gridColor = color;
  update();
  Q_EMIT styleChanged();
}

void TimeChartItem::setTextColor(const QColor& color) {
  m_textColor = color;
  update();
  Q_EMIT styleChanged();
}

void TimeChartItem::setLimitColor(const QColor& color) {
  m_limitColor = color;
  update();
  Q_EMIT styleChanged();
}

void TimeChartItem::setFont(const QFont& font) {
  m_font = font;
  polish();
  Q_EMIT styleChanged();
}

void TimeChartItem::setCrosshair(double ms) {
  if (!same(ms, m_crosshair)) {
    m_crosshair = ms;
    Q_EMIT crosshairChanged();
  }
}

double TimeChartItem::xOf(double ms) const {
  return m_to > m_from ? m_plot.left() + (ms - m_from) / (m_to - m_from) * m_plot.width() : kNone;
}

double TimeChartItem::yOf(double value) const {
  return m_plot.bottom() - value / m_scale.top * m_plot.height();
}

double TimeChartItem::timeAt(double x) const {
  return m_plot.width() > 0 ? std::clamp(m_from + (x - m_plot.left()) / m_plot.width() * (m_to - m_from), m_from, m_to)
                            : kNone;
}

bool TimeChartItem::isEmpty() const {
  return std::all_of(m_series.begin(), m_series.end(), [](const Series& s) {
    return std::all_of(s.points.begin(), s.points.end(), [](const QPointF& p) { return !std::isfinite(p.y()); });
  });
}

// Everything that follows from data and size is worked out here, once, on the UI thread; paint() only draws it.
void TimeChartItem::updatePolish() {
  double largest = 0;
  for (const Series& series : m_series) {
    for (const QPointF& point : series.points) {
      if (std::isfinite(point.y()) && point.x() >= m_from && point.x() <= m_to) {
        largest = std::max(largest, point.y());
      }
    }
  }
  // A limit far above all values would press them flat: then it is left out of the picture.
  if (std::isfinite(m_limit) && m_limit <= largest * 4) {
    largest = std::max(largest, m_limit);
  }
  m_scale = valueScale(largest, m_unit);
  if (isEmpty()) {
    m_scale.ticks.clear(); // numbers beside nothing would be made up
  }
  const QFontMetricsF metrics(m_font);
  double labels = 0;
  for (const Tick& tick : std::as_const(m_scale.ticks)) {
    labels = std::max(labels, metrics.horizontalAdvance(tick.label));
  }
  const double left = std::ceil(labels) + 8;
  const double top = std::ceil(metrics.height() / 2);
  const double bottom = std::ceil(metrics.height()) + 6;
  const QRectF plot(left, top, std::max(1.0, width() - left - 2), std::max(1.0, height() - top - bottom));
  const double labelWidth = metrics.horizontalAdvance(QStringLiteral("00:00:00"));
  m_times = timeTicks(m_from, m_to, std::clamp(int(plot.width() / (labelWidth + 28)), 1, 10));
  if (plot != m_plot) {
    m_plot = plot;
    Q_EMIT plotChanged();
    Q_EMIT crosshairChanged();
  }
  for (Series& series : m_series) {
    makePaths(series);
  }
  update();
}

// More points than pixels are drawn as the smallest and largest of each pixel column, in their order: the picture is
// the same and its cost is bound by the width.
void TimeChartItem::makePaths(Series& series) const {
  series.lines.clear();
  std::vector<QPointF> piece;
  const auto finish = [&] {
    if (!piece.empty()) {
      QPainterPath path;
      path.reserve(int(piece.size()) + 4);
      path.moveTo(piece.front());
      for (size_t i = 1; i < piece.size(); ++i) {
        path.lineTo(piece[i]);
      }
      if (piece.size() == 1) {
        path.lineTo(piece.front() + QPointF(0.01, 0)); // a lone point is a dot
      }
      series.lines.push_back(path);
      piece.clear();
    }
  };
  double last = kNone;
  long column = std::numeric_limits<long>::min();
  size_t columnStart = 0;
  for (const QPointF& point : series.points) {
    if (!std::isfinite(point.y()) || !std::isfinite(point.x())) {
      finish();
      last = kNone;
      continue;
    }
    if (m_maxGap > 0 && std::isfinite(last) && point.x() - last > m_maxGap) {
      finish();
    }
    last = point.x();
    const QPointF at(xOf(point.x()), std::clamp(yOf(point.y()), m_plot.top() - 4, m_plot.bottom()));
    if (!std::isfinite(at.x()) || at.x() < m_plot.left() - m_plot.width() || at.x() > m_plot.right() + m_plot.width()) {
      continue;
    }
    const long here = std::lround(std::floor(at.x()));
    if (here != column || piece.empty()) {
      column = here;
      columnStart = piece.size();
    } else if (piece.size() - columnStart >= 3) {
      // first, then the two extremes: the middle one of the last two goes when the new one is beyond it
      QPointF& middle = piece[piece.size() - 1];
      const QPointF before = piece[piece.size() - 2];
      if ((middle.y() - before.y()) * (at.y() - middle.y()) >= 0) {
        middle = at;
        continue;
      }
      if (piece.size() - columnStart >= 4) {
        continue;
      }
    }
    piece.push_back(at);
  }
  finish();
}

void TimeChartItem::geometryChange(const QRectF& now, const QRectF& before) {
  QQuickPaintedItem::geometryChange(now, before);
  if (now.size() != before.size()) {
    polish();
  }
}

void TimeChartItem::paint(QPainter* painter) {
  painter->setFont(m_font);
  const QFontMetricsF metrics(m_font);
  painter->setRenderHint(QPainter::Antialiasing, false);
  const auto grid = [&](double y, const QColor& color) {
    painter->fillRect(QRectF(m_plot.left(), std::round(y), m_plot.width(), 1), color);
  };
  grid(m_plot.bottom(), m_gridColor);
  painter->setPen(m_textColor);
  for (const Tick& tick : std::as_const(m_scale.ticks)) {
    const double y = yOf(tick.at);
    QColor soft = m_gridColor;
    soft.setAlphaF(soft.alphaF() * 0.6F);
    grid(y, soft);
    painter->drawText(QRectF(0, y - metrics.height() / 2, m_plot.left() - 8, metrics.height()),
                      Qt::AlignRight | Qt::AlignVCenter, tick.label);
  }
  for (const Tick& tick : std::as_const(m_times)) {
    const double w = metrics.horizontalAdvance(tick.label) + 2;
    const double x = std::clamp(xOf(tick.at) - w / 2, m_plot.left() - 2, std::max(m_plot.left(), width() - w));
    painter->drawText(QRectF(x, m_plot.bottom() + 5, w, metrics.height()), Qt::AlignCenter, tick.label);
  }
  painter->save();
  painter->setClipRect(m_plot.adjusted(0, -3, 1, 1));
  painter->setRenderHint(QPainter::Antialiasing, true);
  const bool soft = m_series.size() <= 3; // more areas over each other are mud
  for (auto series = m_series.rbegin(); series != m_series.rend(); ++series) {
    for (const QPainterPath& line : series->lines) {
      if (soft && line.elementCount() > 2) {
        QPainterPath area = line;
        area.lineTo(line.currentPosition().x(), m_plot.bottom());
        area.lineTo(line.elementAt(0).x, m_plot.bottom());
        area.closeSubpath();
        QColor ground = series->color;
        ground.setAlphaF(m_series.size() == 1 ? 0.14F : 0.08F);
        painter->fillPath(area, ground);
      }
    }
  }
  for (auto series = m_series.rbegin(); series != m_series.rend(); ++series) {
    for (const QPainterPath& line : series->lines) {
      if (line.elementCount() > kDense) {
        drawDense(*painter, line, series->color);
      } else {
        painter->setPen(QPen(series->color, kLineWidth, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->drawPath(line);
      }
    }
  }
  painter->restore();
  if (std::isfinite(m_limit) && m_limit <= m_scale.top) {
    const double y = std::round(yOf(m_limit)) + 0.5;
    painter->setPen(QPen(m_limitColor, 1, Qt::DashLine));
    painter->drawLine(QPointF(m_plot.left(), y), QPointF(m_plot.right(), y));
    if (!m_limitName.isEmpty()) {
      const double above = y - metrics.height() - 1;
      painter->drawText(QRectF(m_plot.left(), above < 0 ? y + 2 : above, m_plot.width() - 2, metrics.height()),
                        Qt::AlignRight | Qt::AlignVCenter, m_limitName);
    }
  }
}

int TimeChartItem::nearest(const Series& series, double ms) const {
  const auto& points = series.points;
  if (points.empty() || !std::isfinite(ms)) {
    return -1;
  }
  const auto after =
      std::lower_bound(points.begin(), points.end(), ms, [](const QPointF& p, double t) { return p.x() < t; });
  auto best = after == points.end() ? after - 1 : after;
  if (after != points.begin() && (after == points.end() || ms - (after - 1)->x() < after->x() - ms)) {
    best = after - 1;
  }
  const double reach = std::max(m_maxGap, (m_to - m_from) / 50);
  return std::abs(best->x() - ms) <= reach && std::isfinite(best->y()) ? int(best - points.begin()) : -1;
}

QString TimeChartItem::crosshairText() const {
  return std::isfinite(m_crosshair) ? timeText(m_crosshair, m_to - m_from) : QString();
}

QVariantList TimeChartItem::readout() const {
  QVariantList list;
  if (!std::isfinite(m_crosshair)) {
    return list;
  }
  for (const Series& series : m_series) {
    const int i = nearest(series, m_crosshair);
    const double value = i < 0 ? kNone : series.points[size_t(i)].y();
    list.append(QVariantMap{{QStringLiteral("name"), series.name},
                            {QStringLiteral("color"), series.color},
                            {QStringLiteral("value"), valueText(value, m_unit)},
                            {QStringLiteral("x"), i < 0 ? kNone : xOf(series.points[size_t(i)].x())},
                            {QStringLiteral("y"), i < 0 ? kNone : yOf(value)}});
  }
  return list;
}

QString TimeChartItem::summary() const {
  QStringList lines;
  for (const Series& series : m_series) {
    double least = kNone;
    double most = kNone;
    double latest = kNone;
    for (const QPointF& p : series.points) {
      if (std::isfinite(p.y())) {
        least = std::isnan(least) ? p.y() : std::min(least, p.y());
        most = std::isnan(most) ? p.y() : std::max(most, p.y());
        latest = p.y();
      }
    }
    lines.append(std::isnan(latest) ? tr("%1: no values").arg(series.name)
                                    : tr("%1: now %2, between %3 and %4")
                                          .arg(series.name, valueText(latest, m_unit), valueText(least, m_unit),
                                               valueText(most, m_unit)));
  }
  if (std::isfinite(m_limit)) {
    lines.append(tr("limit %1").arg(valueText(m_limit, m_unit)));
  }
  return lines.join(QStringLiteral("; "));
}

QString TimeChartItem::spoken() const {
  QStringList values;
  for (const QVariant& one : readout()) {
    const QVariantMap map = one.toMap();
    values.append(map.value(QStringLiteral("name")).toString() + QLatin1Char(' ') +
                  map.value(QStringLiteral("value")).toString());
  }
  return values.isEmpty() ? summary() : crosshairText() + QStringLiteral(": ") + values.join(QStringLiteral(", "));
}

void TimeChartItem::moveCrosshair(double ms) {
  setCrosshair(ms);
  Q_EMIT crosshairMoved(ms);
}

void TimeChartItem::select(double anchor, double end) {
  if (!same(anchor, m_anchor) || !same(end, m_end)) {
    m_anchor = anchor;
    m_end = end;
    Q_EMIT selectionChanged();
  }
}

void TimeChartItem::hoverMoveEvent(QHoverEvent* event) {
  const bool inside = event->position().x() >= m_plot.left() && event->position().x() <= m_plot.right();
  moveCrosshair(inside ? timeAt(event->position().x()) : kNone);
}

void TimeChartItem::hoverLeaveEvent(QHoverEvent* /*event*/) {
  moveCrosshair(kNone);
}

void TimeChartItem::mousePressEvent(QMouseEvent* event) {
  forceActiveFocus(Qt::MouseFocusReason);
  m_dragging = true;
  setKeepMouseGrab(true);
  const double at = timeAt(event->position().x());
  select(at, at);
}

void TimeChartItem::mouseMoveEvent(QMouseEvent* event) {
  const double at = timeAt(event->position().x());
  select(m_anchor, at);
  moveCrosshair(at);
}

void TimeChartItem::mouseReleaseEvent(QMouseEvent* /*event*/) {
  setKeepMouseGrab(false);
  m_dragging = false;
  const double from = selectionFrom();
  const double to = selectionTo();
  select(kNone, kNone);
  if (xOf(to) - xOf(from) >= 6) {
    Q_EMIT rangeChosen(from, to);
  }
}

void TimeChartItem::mouseUngrabEvent() {
  if (m_dragging) {
    m_dragging = false;
    select(kNone, kNone);
  }
}

void TimeChartItem::keyPressEvent(QKeyEvent* event) {
  const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
  const double step = (m_to - m_from) / 60;
  const double here = std::isfinite(m_crosshair) ? m_crosshair : m_to;
  double to = kNone;
  switch (event->key()) {
  case Qt::Key_Left:
    to = std::isfinite(m_crosshair) ? here - step : m_to;
    break;
  case Qt::Key_Right:
    to = std::isfinite(m_crosshair) ? here + step : m_from;
    break;
  case Qt::Key_Home:
    to = m_from;
    break;
  case Qt::Key_End:
    to = m_to;
    break;
  case Qt::Key_Return:
  case Qt::Key_Enter:
    if (std::isfinite(m_anchor) && selectionTo() > selectionFrom()) {
      const double from = selectionFrom();
      const double end = selectionTo();
      select(kNone, kNone);
      Q_EMIT rangeChosen(from, end);
      return;
    }
    event->ignore();
    return;
  case Qt::Key_Escape:
    if (std::isfinite(m_crosshair) || std::isfinite(m_anchor)) {
      select(kNone, kNone);
      moveCrosshair(kNone);
      return;
    }
    event->ignore();
    return;
  default:
    event->ignore();
    return;
  }
  to = std::clamp(to, m_from, m_to);
  select(shift ? (std::isfinite(m_anchor) ? m_anchor : here) : kNone, shift ? to : kNone);
  moveCrosshair(to);
}

} // namespace univrs::gui
