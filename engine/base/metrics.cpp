#include "engine/base/metrics.h"

namespace univrs::base {

namespace {
class NoMetrics final : public Metrics {
public:
  void count(std::string_view, Labels, double) override {}
  void gauge(std::string_view, double, Labels) override {}
  void removeGauge(std::string_view, Labels) override {}
  void observe(std::string_view, double, Labels) override {}
};
} // namespace

Metrics& noMetrics() {
  static NoMetrics none;
  return none;
}

} // namespace univrs::base
