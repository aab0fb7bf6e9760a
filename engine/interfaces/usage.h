// What instances, workloads and nodes used over time: kept by each agent on its disk, a day at 10 s and a month at
// 10 min, fetched when somebody looks.
#pragma once

#include "engine/base/clock.h"
#include "engine/interfaces/reply.h"

#include <QJsonObject>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::interfaces {

enum class UsageOf { Instance, Workload, Node };
std::string_view name(UsageOf of); // "instance", "workload", "node"
std::optional<UsageOf> usageOfFromName(std::string_view text);

struct UsageQuery {
  UsageOf of = UsageOf::Workload;
  std::vector<std::string> ids; // ids or names; 1…200 of them
  base::Timestamp from;         // not set = an hour before `to`
  base::Timestamp to;           // not set = now
  int maxPoints = 0;            // of one series, 1…2000; 0 = 360. Fewer points: neighbours are put together.
};

// Means over a bucket of time; counters are the bucket's own.
struct UsagePoint {
  base::Timestamp time;          // its beginning
  int64_t cpuMillicores = 0;     // mean, summed over the instances
  int64_t memoryBytes = 0;       // largest
  int64_t receivedPerSecond = 0; // bytes of network a second, mean
  int64_t sentPerSecond = 0;
  int restarts = 0;  // within the bucket
  int instances = 0; // that were measured in it
  bool operator==(const UsagePoint&) const = default;
};

struct UsageSeries {
  std::string id;
  int64_t stepMs = 0;             // length of a bucket
  int64_t cpuLimitMillicores = 0; // what it may use now: the instances' limits, a node's capacity; 0 = no limit
  int64_t memoryLimitBytes = 0;
  std::vector<UsagePoint> points; // by time; buckets in which nothing was measured are left out
};

QJsonObject toJson(const UsageSeries& series);
base::Result<UsageSeries> usageSeriesFromJson(const QJsonObject& json);

class Usage {
public:
  virtual ~Usage() = default;
  //! One series for each id asked for, in that order; an id that is not known or was never measured has no points.
  virtual void readUsage(UsageQuery query, Reply<std::vector<UsageSeries>> reply) = 0;
};

} // namespace univrs::interfaces
