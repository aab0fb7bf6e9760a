// Values over time: line and soft area, a limit, gaps that stay gaps, one crosshair shared by all charts of a view.
// Drawn with QPainter, so it is the same in every renderer; repainted only when its data or size change (the crosshair
// is a layer of its own). Left and Right move the crosshair by keyboard, Home and End to the ends, Esc takes it away;
// with Shift they choose a range, Enter asks for it (rangeChosen).
#pragma once

#include "app/gui/chart_scale.h"

#include <QColor>
#include <QFont>
#include <QPainterPath>
#include <QPointF>
#include <QPointer>
#include <QQuickPaintedItem>
#include <QVariant>
#include <QtQml/qqmlregistration.h>

#include <algorithm>
#include <vector>

namespace univrs::gui {

class TimeChartItem : public QQuickPaintedItem {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(double from MEMBER m_from WRITE setFrom NOTIFY dataChanged) // ms since 1970
  Q_PROPERTY(double to MEMBER m_to WRITE setTo NOTIFY dataChanged)
  // A list of {name, color, points}: points ordered by time, x = ms since 1970, y = value, NaN = nothing known there.
  Q_PROPERTY(QVariantList series MEMBER m_given WRITE setSeries NOTIFY dataChanged)
  Q_PROPERTY(double limit MEMBER m_limit WRITE setLimit NOTIFY dataChanged) // NaN = none
  Q_PROPERTY(QString limitName MEMBER m_limitName NOTIFY dataChanged)
  Q_PROPERTY(QString unit MEMBER m_unit WRITE setUnit NOTIFY dataChanged) // see valueScale
  Q_PROPERTY(double maxGap MEMBER m_maxGap WRITE setMaxGap NOTIFY
                 dataChanged) // ms; points further apart are not joined, 0 = joined
  // The time under the crosshair, NaN = none. Bind it to one property of the view that all its charts share.
  Q_PROPERTY(double crosshair READ crosshair WRITE setCrosshair NOTIFY crosshairChanged)
  Q_PROPERTY(double selectionFrom READ selectionFrom NOTIFY selectionChanged) // NaN = none
  Q_PROPERTY(double selectionTo READ selectionTo NOTIFY selectionChanged)
  Q_PROPERTY(QColor gridColor MEMBER m_gridColor WRITE setGridColor NOTIFY styleChanged)
  Q_PROPERTY(QColor textColor MEMBER m_textColor WRITE setTextColor NOTIFY styleChanged)
  Q_PROPERTY(QColor limitColor MEMBER m_limitColor WRITE setLimitColor NOTIFY styleChanged)
  Q_PROPERTY(QFont font MEMBER m_font WRITE setFont NOTIFY styleChanged)
  // Where values are drawn, for what is laid over it.
  Q_PROPERTY(QRectF plot READ plot NOTIFY plotChanged)
  Q_PROPERTY(double crosshairX READ crosshairX NOTIFY crosshairChanged)
  Q_PROPERTY(QString crosshairText READ crosshairText NOTIFY crosshairChanged)
  // A list of {name, color, value (text), y (px, NaN where unknown)} under the crosshair.
  Q_PROPERTY(QVariantList readout READ readout NOTIFY crosshairChanged)
  // The same as words: latest, smallest and largest value of each series.
  Q_PROPERTY(QString summary READ summary NOTIFY dataChanged)
  // For a screen reader: what is under the crosshair, without one the summary.
  Q_PROPERTY(QString spoken READ spoken NOTIFY crosshairChanged)
  Q_PROPERTY(bool empty READ isEmpty NOTIFY dataChanged)
public:
  static constexpr int kMaxSeries = 32;
  static constexpr int kMaxPoints = 20'000; // of one series; the newest are kept

  explicit TimeChartItem(QQuickItem* parent = nullptr);
  void setFrom(double from);
  void setTo(double to);
  void setSeries(const QVariantList& series);
  void setLimit(double limit);
  void setUnit(const QString& unit);
  void setMaxGap(double ms);
  void setGridColor(const QColor& color);
  void setTextColor(const QColor& color);
  void setLimitColor(const QColor& color);
  void setFont(const QFont& font);
  [[nodiscard]] double crosshair() const { return m_crosshair; }
  void setCrosshair(double ms);
  [[nodiscard]] double selectionFrom() const { return std::min(m_anchor, m_end); }
  [[nodiscard]] double selectionTo() const { return std::max(m_anchor, m_end); }
  [[nodiscard]] QRectF plot() const { return m_plot; }
  [[nodiscard]] double crosshairX() const { return xOf(m_crosshair); }
  [[nodiscard]] QString crosshairText() const;
  [[nodiscard]] QVariantList readout() const;
  [[nodiscard]] QString summary() const;
  [[nodiscard]] QString spoken() const;
  [[nodiscard]] bool isEmpty() const;
  void paint(QPainter* painter) override;

Q_SIGNALS:
  void dataChanged();
  void styleChanged();
  void plotChanged();
  void crosshairChanged();
  void selectionChanged();
  // Someone moved it here: the view sets its shared property.
  void crosshairMoved(double ms);
  void rangeChosen(double from, double to);

protected:
  void updatePolish() override;
  void geometryChange(const QRectF& now, const QRectF& before) override;
  void hoverMoveEvent(QHoverEvent* event) override;
  void hoverLeaveEvent(QHoverEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseUngrabEvent() override;
  void keyPressEvent(QKeyEvent* event) override;

private:
  struct Series {
    QString name;
    QColor color;
    std::vector<QPointF> points;
    std::vector<QPainterPath> lines; // a piece for each stretch without a gap, in item coordinates
  };
  void changed();
  [[nodiscard]] double xOf(double ms) const;
  [[nodiscard]] double yOf(double value) const;
  [[nodiscard]] double timeAt(double x) const;
  // The index of the point nearest to `ms`, -1 when none is near.
  [[nodiscard]] int nearest(const Series& series, double ms) const;
  void makePaths(Series& series) const;
  void select(double anchor, double end);
  void moveCrosshair(double ms);

  double m_from = 0;
  double m_to = 0;
  QVariantList m_given;
  std::vector<Series> m_series;
  double m_limit;
  QString m_limitName;
  QString m_unit = QStringLiteral("count");
  double m_maxGap = 0;
  double m_crosshair;
  double m_anchor;
  double m_end;
  bool m_dragging = false;
  QColor m_gridColor = Qt::gray;
  QColor m_textColor = Qt::gray;
  QColor m_limitColor = Qt::red;
  QFont m_font;
  ValueScale m_scale;
  QList<Tick> m_times;
  QRectF m_plot;
};

} // namespace univrs::gui
