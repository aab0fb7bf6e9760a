// The figures of this node for Prometheus. Every metric stands in one table (metrics_table.cpp) with its type, help and
// labels; what is recorded under a name that is not there is ignored (and stops a debug build). Thread safe.
#pragma once

#include "engine/base/metrics.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::api {

enum class MetricType { Counter, Gauge, Histogram };

struct MetricSpec {
  std::string name;
  MetricType type;
  std::string help;
  std::vector<std::string> labels{};
  std::vector<double> buckets{}; // of a histogram, seconds
};
const std::vector<MetricSpec>& metricTable();

class PrometheusMetrics final : public base::Metrics {
public:
  static constexpr size_t kMaxSeries = 10'000; // of one metric; further ones are not recorded

  PrometheusMetrics();
  ~PrometheusMetrics() override;

  void count(std::string_view name, Labels labels = {}, double by = 1) override;
  // On a counter it sets the total: for figures that something else counts. A total that shrank begins anew.
  void gauge(std::string_view name, double value, Labels labels = {}) override;
  void removeGauge(std::string_view name, Labels labels) override;
  void observe(std::string_view name, double seconds, Labels labels = {}) override;

  // Everything in the text format 0.0.4, the process's own figures measured now.
  [[nodiscard]] std::string text();

private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

// Figures of this process where the platform tells them: resident memory, processor time, open files, start time.
struct ProcessFigures {
  double residentBytes = 0;
  double cpuSeconds = 0;
  double openFiles = 0;
  double maxFiles = 0;
  double startTime = 0; // seconds since 1970
};
ProcessFigures processFigures();

} // namespace univrs::api
