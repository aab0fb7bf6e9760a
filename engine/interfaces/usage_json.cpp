// JSON of usage histories. What comes in is clamped: a remote node is somebody else's program.
#include "engine/interfaces/usage.h"
#include "engine/model/fields.h"

#include <QJsonArray>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace univrs::interfaces {

namespace {
constexpr size_t kMaxPoints = 2'000; // of one series
constexpr int64_t kMaxAmount = int64_t(1) << 53;

constexpr std::array<std::pair<UsageOf, std::string_view>, 3> kKinds{{
    {UsageOf::Instance, "instance"},
    {UsageOf::Workload, "workload"},
    {UsageOf::Node, "node"},
}};

QString text(std::string_view s) {
  return QString::fromUtf8(s.data(), qsizetype(s.size()));
}
} // namespace

std::string_view name(UsageOf of) {
  const auto it = std::find_if(kKinds.begin(), kKinds.end(), [of](const auto& k) { return k.first == of; });
  return it == kKinds.end() ? std::string_view() : it->second;
}

std::optional<UsageOf> usageOfFromName(std::string_view word) {
  const auto it = std::find_if(kKinds.begin(), kKinds.end(), [word](const auto& k) { return k.second == word; });
  return it == kKinds.end() ? std::nullopt : std::optional(it->first);
}

QJsonObject toJson(const UsageSeries& series) {
  QJsonArray points;
  for (const UsagePoint& p : series.points) {
    points.append(QJsonObject{{QStringLiteral("time"), text(p.time.iso())},
                              {QStringLiteral("cpu_millicores"), qint64(p.cpuMillicores)},
                              {QStringLiteral("memory_bytes"), qint64(p.memoryBytes)},
                              {QStringLiteral("received_per_second"), qint64(p.receivedPerSecond)},
                              {QStringLiteral("sent_per_second"), qint64(p.sentPerSecond)},
                              {QStringLiteral("restarts"), p.restarts},
                              {QStringLiteral("instances"), p.instances}});
  }
  return {{QStringLiteral("id"), text(series.id)},
          {QStringLiteral("step_ms"), qint64(series.stepMs)},
          {QStringLiteral("cpu_limit_millicores"), qint64(series.cpuLimitMillicores)},
          {QStringLiteral("memory_limit_bytes"), qint64(series.memoryLimitBytes)},
          {QStringLiteral("points"), points}};
}

base::Result<UsageSeries> usageSeriesFromJson(const QJsonObject& json) {
  UsageSeries series;
  model::FaultList faults;
  model::FieldReader reader(json, {}, faults);
  reader.require("id");
  const auto amount = [](model::FieldReader& from, std::string_view key) {
    return from.integer(key, 0, kMaxAmount).value_or(0);
  };
  series.id = reader.string("id").value_or("");
  series.stepMs = amount(reader, "step_ms");
  series.cpuLimitMillicores = amount(reader, "cpu_limit_millicores");
  series.memoryLimitBytes = amount(reader, "memory_limit_bytes");
  reader.objects("points", kMaxPoints, [&](const QJsonObject& object, const std::string& path) {
    model::FieldReader point(object, path, faults);
    const auto time = base::Timestamp::fromIso(point.string("time").value_or(""));
    if (!time) {
      faults.error(point.pathOf("time"), "not a time");
      return;
    }
    constexpr int64_t kMaxCount = std::numeric_limits<int>::max();
    UsagePoint p;
    p.time = *time;
    p.cpuMillicores = amount(point, "cpu_millicores");
    p.memoryBytes = amount(point, "memory_bytes");
    p.receivedPerSecond = amount(point, "received_per_second");
    p.sentPerSecond = amount(point, "sent_per_second");
    p.restarts = int(point.integer("restarts", 0, kMaxCount).value_or(0));
    p.instances = int(point.integer("instances", 0, kMaxCount).value_or(0));
    series.points.push_back(p);
  });
  if (faults.hasErrors()) {
    return faults.toError("A usage history could not be read");
  }
  std::stable_sort(series.points.begin(), series.points.end(),
                   [](const UsagePoint& a, const UsagePoint& b) { return a.time < b.time; });
  return series;
}

} // namespace univrs::interfaces
