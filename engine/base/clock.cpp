#include "engine/base/clock.h"

#include <QDateTime>
#include <QString>
#include <QTimeZone>

#include <algorithm>

namespace univrs::base {

std::string Timestamp::iso() const {
  if (!isSet()) {
    return {};
  }
  return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs).toStdString();
}

std::optional<Timestamp> Timestamp::fromIso(std::string_view text) {
  // Qt reads milliseconds only, so a longer fraction (engines print nanoseconds) is cut to three digits first.
  if (text.size() < 20 || text.size() > 40) {
    return std::nullopt;
  }
  std::string cut(text);
  if (const auto dot = cut.find('.'); dot != std::string::npos) {
    auto end = dot + 1;
    while (end < cut.size() && cut[end] >= '0' && cut[end] <= '9') {
      ++end;
    }
    std::string fraction = cut.substr(dot + 1, end - dot - 1);
    if (fraction.empty() || fraction.size() > 9) {
      return std::nullopt;
    }
    fraction.resize(3, '0');
    cut = cut.substr(0, dot + 1) + fraction + cut.substr(end);
  }
  const bool hasZone = cut.back() == 'Z' || cut.find_first_of("+-", 19) != std::string::npos;
  if (!hasZone) {
    return std::nullopt;
  }
  const auto t = QDateTime::fromString(QString::fromStdString(cut), Qt::ISODateWithMs);
  if (!t.isValid()) {
    return std::nullopt;
  }
  return Timestamp{t.toMSecsSinceEpoch()};
}

Now SystemClock::now() const {
  using namespace std::chrono;
  return {Timestamp{duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()},
          Monotonic{duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count()}};
}

std::string humanDuration(Millis d) {
  const int64_t ms = std::max<int64_t>(0, d.count());
  if (ms < 1000) {
    return std::to_string(ms) + " ms";
  }
  const int64_t s = ms / 1000;
  if (s < 120) {
    return std::to_string(s) + " s";
  }
  if (s < 2 * 3600) {
    return std::to_string(s / 60) + " min";
  }
  if (s < 48 * 3600) {
    return std::to_string(s / 3600) + " h";
  }
  return std::to_string(s / 86400) + " d";
}

} // namespace univrs::base
