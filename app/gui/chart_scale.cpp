#include "app/gui/chart_scale.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace univrs::gui {
namespace {

constexpr double kSecond = 1000;
constexpr double kMinute = 60 * kSecond;
constexpr double kHour = 60 * kMinute;
constexpr double kDay = 24 * kHour;

struct Chart {
  Q_DECLARE_TR_FUNCTIONS(Chart)
};

// The language's decimal sign, without group separators.
QLocale plain() {
  QLocale locale;
  locale.setNumberOptions(QLocale::OmitGroupSeparator);
  return locale;
}

// At most three figures: 1,284 stays, 12.4, 0.25.
QString figures(double value) {
  const double size = std::abs(value);
  const int decimals = size >= 100 || size == std::floor(size) ? 0 : size >= 10 ? 1 : 2;
  QString text = plain().toString(value, 'f', decimals);
  if (decimals > 0) {
    while (text.endsWith(QLatin1Char('0'))) {
      text.chop(1);
    }
    if (const QString point = QLocale().decimalPoint(); text.endsWith(point)) {
      text.chop(point.size());
    }
  }
  return text;
}

struct ByteUnit {
  double size;
  const char* word;
};

ByteUnit byteUnit(double value) {
  constexpr std::array<ByteUnit, 5> kUnits{{{1024.0 * 1024 * 1024 * 1024, "TiB"},
                                            {1024.0 * 1024 * 1024, "GiB"},
                                            {1024.0 * 1024, "MiB"},
                                            {1024.0, "KiB"},
                                            {1.0, "B"}}};
  for (const ByteUnit& unit : kUnits) {
    if (std::abs(value) >= unit.size) {
      return unit;
    }
  }
  return kUnits.back();
}

bool isBytes(const QString& unit) {
  return unit == QLatin1String("bytes") || unit == QLatin1String("bytesPerSecond");
}

// The smallest of 1, 2, 2.5, 5 times a power of ten with which `largest` takes at most 4 steps.
double roundStep(double largest, bool whole) {
  const double rough = largest / 4;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0, 10.0}) {
    const double step = factor * power;
    if (step * 4 >= largest * 0.9999 && (!whole || step == std::floor(step))) {
      return step;
    }
  }
  return whole ? std::max(1.0, 10 * power) : 10 * power;
}

} // namespace

QString valueText(double value, const QString& unit) {
  if (!std::isfinite(value)) {
    return Chart::tr("no value");
  }
  if (unit == QLatin1String("cpu")) {
    return std::abs(value) < 1000 ? Chart::tr("%1 m").arg(figures(std::round(value)))
           : value == 1000        ? Chart::tr("1 core")
                                  : Chart::tr("%1 cores").arg(figures(value / 1000));
  }
  if (isBytes(unit)) {
    const ByteUnit u = byteUnit(value);
    const QString text = figures(value / u.size) + QChar(0x00a0) + QLatin1String(u.word);
    return unit == QLatin1String("bytes") ? text : text + QStringLiteral("/s");
  }
  if (unit == QLatin1String("percent")) {
    return figures(value) + QStringLiteral("\u00a0%");
  }
  return plain().toString(value, 'f', value == std::floor(value) ? 0 : 1);
}

ValueScale valueScale(double largest, const QString& unit) {
  ValueScale scale;
  const double least = unit == QLatin1String("cpu")       ? 10
                       : isBytes(unit)                    ? 1024
                       : unit == QLatin1String("percent") ? 10
                                                          : 4;
  const double top = std::isfinite(largest) ? std::clamp(largest, least, 1e18) : least;
  double step = 0;
  if (isBytes(unit)) {
    const double size = byteUnit(top / 2).size;
    step = roundStep(top / size, false) * size;
  } else {
    step = roundStep(top, unit != QLatin1String("percent"));
  }
  const int steps = std::clamp(int(std::ceil(top / step * 0.9999)), 1, 4);
  scale.top = step * steps;
  for (int i = 1; i <= steps; ++i) {
    scale.ticks.append({step * i, valueText(step * i, unit)});
  }
  return scale;
}

QList<Tick> timeTicks(double fromMs, double toMs, int atMost) {
  constexpr std::array<double, 19> kSteps{5 * kSecond, 10 * kSecond, 15 * kSecond, 30 * kSecond, kMinute,
                                          2 * kMinute, 5 * kMinute,  10 * kMinute, 15 * kMinute, 30 * kMinute,
                                          kHour,       2 * kHour,    3 * kHour,    6 * kHour,    12 * kHour,
                                          kDay,        2 * kDay,     7 * kDay,     14 * kDay};
  QList<Tick> ticks;
  const double range = toMs - fromMs;
  if (!(range > 0) || range > 400 * kDay || atMost < 1) {
    return ticks;
  }
  double step = kSteps.back();
  for (const double candidate : kSteps) {
    if (range / candidate <= atMost) {
      step = candidate;
      break;
    }
  }
  // Whole in local time: midnight is where people have it.
  const QDateTime first = QDateTime::fromMSecsSinceEpoch(qint64(fromMs));
  const double offset = first.offsetFromUtc() * kSecond;
  const bool days = step >= kDay;
  const bool seconds = step < kMinute;
  for (double at = std::ceil((fromMs + offset) / step) * step - offset; at <= toMs && ticks.size() < 64; at += step) {
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(qint64(at));
    const bool midnight = time.time().hour() == 0 && time.time().minute() == 0 && time.time().second() == 0;
    const QString format = days || (midnight && range > 12 * kHour)
                               ? Chart::tr("MMM d", "a day, as QLocale::toString() reads it")
                           : seconds ? QStringLiteral("HH:mm:ss")
                                     : QStringLiteral("HH:mm");
    ticks.append({at, QLocale().toString(time, format)});
  }
  return ticks;
}

QString timeText(double atMs, double rangeMs) {
  return QLocale().toString(QDateTime::fromMSecsSinceEpoch(qint64(atMs)),
                            rangeMs > kDay
                                ? Chart::tr("MMM d, HH:mm", "a day and time, as QLocale::toString() reads them")
                            : rangeMs > kHour ? QStringLiteral("HH:mm")
                                              : QStringLiteral("HH:mm:ss"));
}

} // namespace univrs::gui
