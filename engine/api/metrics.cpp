#include "engine/api/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <mutex>
#include <variant>

namespace univrs::api {

namespace {
using Labels = base::Metrics::Labels;

struct Entry {
  const MetricSpec* spec = nullptr;
  std::variant<prometheus::Family<prometheus::Counter>*, prometheus::Family<prometheus::Gauge>*,
               prometheus::Family<prometheus::Histogram>*>
      family;
  // Label values in the table's order, joined by NUL -> the series; also what bounds their number.
  std::map<std::string, void*, std::less<>> series;
};

// The values in the table's order; false when the label names are not the table's.
bool arrange(const MetricSpec& spec, Labels labels, std::string& key, prometheus::Labels& out) {
  if (labels.size() != spec.labels.size()) {
    return false;
  }
  for (const std::string& name : spec.labels) {
    const auto it = std::find_if(labels.begin(), labels.end(), [&name](const auto& l) { return l.first == name; });
    if (it == labels.end()) {
      return false;
    }
    key += it->second;
    key += '\0';
    out.emplace(name, it->second);
  }
  return true;
}
} // namespace

struct PrometheusMetrics::Impl {
  std::mutex mutex; // guards the maps; the registry has its own
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  std::map<std::string, Entry, std::less<>> entries;

  Entry* find(std::string_view name, [[maybe_unused]] bool typeFits(MetricType)) {
    const auto it = entries.find(name);
    const bool known = it != entries.end() && typeFits(it->second.spec->type);
    assert(known && "this metric is not in the table, or of another type");
    return known ? &it->second : nullptr;
  }

  // The series, made when it is new; null when there are too many, or the labels are not the table's.
  template <class T>
  T* series(Entry& entry, Labels labels) {
    std::string key;
    prometheus::Labels arranged;
    if (!arrange(*entry.spec, labels, key, arranged)) {
      assert(false && "the labels are not those of the table");
      return nullptr;
    }
    if (const auto it = entry.series.find(key); it != entry.series.end()) {
      return static_cast<T*>(it->second);
    }
    if (entry.series.size() >= kMaxSeries) {
      return nullptr;
    }
    auto* family = std::get<prometheus::Family<T>*>(entry.family);
    T* made = nullptr;
    if constexpr (std::is_same_v<T, prometheus::Histogram>) {
      made = &family->Add(arranged, prometheus::Histogram::BucketBoundaries(entry.spec->buckets));
    } else {
      made = &family->Add(arranged);
    }
    entry.series.emplace(std::move(key), made);
    return made;
  }

  template <class T>
  void remove(Entry& entry, Labels labels) {
    std::string key;
    prometheus::Labels arranged;
    if (!arrange(*entry.spec, labels, key, arranged)) {
      return;
    }
    if (const auto it = entry.series.find(key); it != entry.series.end()) {
      std::get<prometheus::Family<T>*>(entry.family)->Remove(static_cast<T*>(it->second));
      entry.series.erase(it);
    }
  }
};

PrometheusMetrics::PrometheusMetrics() : m_impl(std::make_unique<Impl>()) {
  for (const MetricSpec& spec : metricTable()) {
    Entry entry;
    entry.spec = &spec;
    const auto build = [&](auto builder) {
      return &builder.Name(spec.name).Help(spec.help).Register(*m_impl->registry);
    };
    switch (spec.type) {
    case MetricType::Counter:
      entry.family = build(prometheus::BuildCounter());
      break;
    case MetricType::Gauge:
      entry.family = build(prometheus::BuildGauge());
      break;
    case MetricType::Histogram:
      entry.family = build(prometheus::BuildHistogram());
      break;
    }
    Entry& stored = m_impl->entries.emplace(spec.name, std::move(entry)).first->second;
    // A counter or histogram without labels shows 0 from the start, so that its first rise can be seen.
    if (spec.labels.empty() && spec.type == MetricType::Counter) {
      m_impl->series<prometheus::Counter>(stored, {});
    } else if (spec.labels.empty() && spec.type == MetricType::Histogram) {
      m_impl->series<prometheus::Histogram>(stored, {});
    }
  }
  gauge("univrs_build_info", 1, {{"version", UNIVRS_VERSION}});
}

PrometheusMetrics::~PrometheusMetrics() = default;

void PrometheusMetrics::count(std::string_view name, Labels labels, double by) {
  const std::lock_guard lock(m_impl->mutex);
  Entry* entry = m_impl->find(name, [](MetricType t) { return t == MetricType::Counter; });
  if (entry == nullptr || !(by >= 0) || !std::isfinite(by)) {
    return;
  }
  if (auto* counter = m_impl->series<prometheus::Counter>(*entry, labels)) {
    counter->Increment(by);
  }
}

void PrometheusMetrics::gauge(std::string_view name, double value, Labels labels) {
  const std::lock_guard lock(m_impl->mutex);
  Entry* entry = m_impl->find(name, [](MetricType t) { return t != MetricType::Histogram; });
  if (entry == nullptr || std::isnan(value)) {
    return;
  }
  if (entry->spec->type == MetricType::Gauge) {
    if (auto* series = m_impl->series<prometheus::Gauge>(*entry, labels)) {
      series->Set(value);
    }
    return;
  }
  auto* counter = m_impl->series<prometheus::Counter>(*entry, labels);
  if (counter != nullptr && value < counter->Value()) {
    m_impl->remove<prometheus::Counter>(*entry, labels);
    counter = m_impl->series<prometheus::Counter>(*entry, labels);
  }
  if (counter != nullptr) {
    counter->Increment(std::max(0.0, value - counter->Value()));
  }
}

void PrometheusMetrics::removeGauge(std::string_view name, Labels labels) {
  const std::lock_guard lock(m_impl->mutex);
  Entry* entry = m_impl->find(name, [](MetricType t) { return t != MetricType::Histogram; });
  if (entry == nullptr) {
    return;
  }
  if (entry->spec->type == MetricType::Gauge) {
    m_impl->remove<prometheus::Gauge>(*entry, labels);
  } else {
    m_impl->remove<prometheus::Counter>(*entry, labels);
  }
}

void PrometheusMetrics::observe(std::string_view name, double seconds, Labels labels) {
  const std::lock_guard lock(m_impl->mutex);
  Entry* entry = m_impl->find(name, [](MetricType t) { return t == MetricType::Histogram; });
  if (entry == nullptr || std::isnan(seconds)) {
    return;
  }
  if (auto* histogram = m_impl->series<prometheus::Histogram>(*entry, labels)) {
    histogram->Observe(seconds);
  }
}

std::string PrometheusMetrics::text() {
  const ProcessFigures figures = processFigures();
  gauge("process_resident_memory_bytes", figures.residentBytes);
  gauge("process_cpu_seconds_total", figures.cpuSeconds);
  gauge("process_open_fds", figures.openFiles);
  gauge("process_max_fds", figures.maxFiles);
  gauge("process_start_time_seconds", figures.startTime);
  return prometheus::TextSerializer().Serialize(m_impl->registry->Collect());
}

} // namespace univrs::api
