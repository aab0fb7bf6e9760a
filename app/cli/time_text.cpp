#include "app/cli/time_text.h"

#include <QDateTime>

#include <array>
#include <charconv>

namespace univrs::cli {

namespace {

constexpr int64_t kMaxMs = int64_t(3'650) * 86'400'000;

base::Error noDuration(std::string_view text) {
  return base::makeError(base::ErrorCode::BadRequest, "\"" + std::string(text) + "\" is no duration", {},
                         "Write it as 90s, 10m, 2h, 1h30m or 3d");
}

} // namespace

base::Result<base::Millis> parseDuration(std::string_view text) {
  struct Unit {
    std::string_view name;
    int64_t ms;
  };
  static constexpr std::array<Unit, 6> kUnits{
      {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}, {"w", 604'800'000}}};
  int64_t sum = 0;
  std::string_view rest = text;
  bool any = false;
  while (!rest.empty()) {
    int64_t value = 0;
    const auto [end, fault] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (fault != std::errc() || value < 0) {
      return noDuration(text);
    }
    rest.remove_prefix(size_t(end - rest.data()));
    const size_t letters = std::min(rest.find_first_of("0123456789"), rest.size());
    const std::string_view unit = rest.substr(0, letters);
    int64_t ms = unit.empty() && !any ? 1'000 : 0;
    for (const Unit& u : kUnits) {
      ms = u.name == unit ? u.ms : ms;
    }
    if (ms == 0 || value > (kMaxMs - sum) / ms) {
      return noDuration(text);
    }
    sum += value * ms;
    rest.remove_prefix(letters);
    any = true;
  }
  if (!any) {
    return noDuration(text);
  }
  return base::Millis(sum);
}

base::Result<base::Timestamp> parseMoment(std::string_view text, base::Timestamp now) {
  if (const auto moment = base::Timestamp::fromIso(text)) {
    return *moment;
  }
  const auto before = parseDuration(text);
  if (!before) {
    return base::makeError(base::ErrorCode::BadRequest, "\"" + std::string(text) + "\" is no moment", {},
                           "Write how long ago, as 10m, or a time as 2026-11-23T10:00:00Z");
  }
  return base::Timestamp{now.ms - before->count()};
}

std::string age(base::Timestamp t, base::Timestamp now) {
  if (!t.isSet()) {
    return "-";
  }
  const base::Millis d = now - t;
  return d.count() < 1'000 ? "now" : base::humanDuration(d);
}

std::string localTime(base::Timestamp t) {
  if (!t.isSet()) {
    return "-";
  }
  return QDateTime::fromMSecsSinceEpoch(t.ms).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")).toStdString();
}

base::Timestamp wallNow() {
  return base::SystemClock().now().wall;
}

} // namespace univrs::cli
