// Axes that read well: round steps of values in their unit, and times of day that fit the range. Pure.
#pragma once

#include <QList>
#include <QString>

namespace univrs::gui {

struct Tick {
  double at = 0;
  QString label;
};

struct ValueScale {
  double top = 1;    // the axis goes from 0 to here; above every value
  QList<Tick> ticks; // without 0, at most 4
};

// `unit`: "cpu" (millicores), "bytes", "bytesPerSecond", "count", "percent" (0…100). Bytes step in powers of 1024.
ValueScale valueScale(double largest, const QString& unit);
// "250 m" or "1.5 cores", "12.4 MiB", "3.1 MiB/s", "1,284"; "no value" for NaN.
QString valueText(double value, const QString& unit);
// 2 to `atMost` ticks between two times (ms since 1970, local time) on whole minutes, hours or days.
QList<Tick> timeTicks(double fromMs, double toMs, int atMost);
// The time under a crosshair, with the date where the range is longer than a day, seconds where shorter than an hour.
QString timeText(double atMs, double rangeMs);

} // namespace univrs::gui
