// Amounts of a node's resources, in integers: millicores, bytes, units. Arithmetic saturates instead of overflowing.
#pragma once

#include "engine/base/result.h"

#include <QJsonObject>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace univrs::model {

struct Resources {
  int64_t cpuMillicores = 0;
  int64_t memoryBytes = 0;
  int64_t diskBytes = 0;
  int64_t gpus = 0;
  std::map<std::string, int64_t> extended; // "vendor.example/thing": units

  bool operator==(const Resources&) const = default;
  Resources& operator+=(const Resources& other);
  // May go below zero: a node can be overcommitted by what was placed before its limits shrank.
  Resources& operator-=(const Resources& other);
  // True when every amount asked is at most what is here.
  [[nodiscard]] bool covers(const Resources& asked) const;
  [[nodiscard]] bool isZero() const;
};
Resources operator+(Resources a, const Resources& b);
Resources operator-(Resources a, const Resources& b);

// JSON keys of the originals: cpu_cores (number), memory_mb, disk_mb (MiB); exact twins cpu_millicores, memory_bytes,
// disk_bytes; gpus; extended{}. Zero amounts are left out.
QJsonObject toJson(const Resources& r);

// Kubernetes quantities. "0.5", "500m" -> millicores; "256Mi", "1G", "1e6", "128974848" -> bytes. Refuses negatives,
// fractions of the smallest unit, and what does not fit.
base::Result<int64_t> parseCpuQuantity(std::string_view text);
base::Result<int64_t> parseByteQuantity(std::string_view text);

// "250m", "1.5", "2"; "64 MiB", "1.5 GiB": for people.
std::string formatCpu(int64_t millicores);
std::string formatBytes(int64_t bytes);

} // namespace univrs::model
