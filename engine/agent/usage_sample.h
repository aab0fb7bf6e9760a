// What one instance, one workload (the sum of its instances here) or this machine used in a slot of time.
#pragma once

#include "engine/base/clock.h"

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace univrs::agent {

enum class UsageKind { Instance = 0, Workload = 1, Machine = 2 };

struct UsageKey {
  UsageKind kind = UsageKind::Instance;
  std::string id; // instance id, workload id, node id
  auto operator<=>(const UsageKey&) const = default;
};

struct UsageSample {
  base::Timestamp time;          // beginning of its slot, or of the first slot put together in it
  int64_t cpuMillicores = 0;     // mean
  int64_t memoryBytes = 0;       // largest
  int64_t receivedPerSecond = 0; // bytes, mean
  int64_t sentPerSecond = 0;
  int64_t restarts = 0;
  int64_t instances = 0; // largest number measured at one time; 0: it only restarted
  int64_t slots = 1;     // slots in which something was measured
  bool operator==(const UsageSample&) const = default;
};

struct MeasuredUsage {
  UsageKey key;
  UsageSample sample;
};

struct UsageHistory {
  int64_t stepMs = 0;               // length of a bucket
  std::vector<UsageSample> samples; // by time; buckets in which nothing was measured are left out
};

} // namespace univrs::agent
