// How the engine's parts record figures without knowing who exports them. api/metrics implements it with
// prometheus-cpp; tests and tools without a server use noMetrics(). Thread safe. Metric names are fixed strings of
// ours; label values must come from small closed sets (a driver's name, a state), or from ids the node itself bounds.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace univrs::base {

class Metrics {
public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string>>;
  virtual ~Metrics() = default;
  virtual void count(std::string_view name, Labels labels = {}, double by = 1) = 0;
  virtual void gauge(std::string_view name, double value, Labels labels = {}) = 0;
  // Removes one gauge series: the thing it described is gone.
  virtual void removeGauge(std::string_view name, Labels labels) = 0;
  // Duration in seconds into a histogram.
  virtual void observe(std::string_view name, double seconds, Labels labels = {}) = 0;
};

// Records nothing.
Metrics& noMetrics();

} // namespace univrs::base
