#include "engine/api/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <thread>
#include <unistd.h>

namespace univrs::api {
namespace {

TEST(Metrics, TheTableKeepsPrometheusConventions) {
  std::set<std::string> names;
  for (const MetricSpec& spec : metricTable()) {
    EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
    EXPECT_TRUE(std::regex_match(spec.name, std::regex("[a-z][a-z0-9_]*"))) << spec.name;
    EXPECT_FALSE(spec.help.empty()) << spec.name;
    const bool total = spec.name.size() > 6 && spec.name.substr(spec.name.size() - 6) == "_total";
    EXPECT_EQ(total, spec.type == MetricType::Counter) << spec.name;
    EXPECT_EQ(!spec.buckets.empty(), spec.type == MetricType::Histogram) << spec.name;
    EXPECT_TRUE(std::is_sorted(spec.buckets.begin(), spec.buckets.end())) << spec.name;
  }
}

TEST(Metrics, AreRecordedAndRemoved) {
  PrometheusMetrics metrics;
  metrics.count("orchestrator_scheduling_failures_total", {{"reason", "memory"}}, 2);
  metrics.gauge("orchestrator_nodes", 3);
  metrics.gauge("orchestrator_node_cpu_capacity", 4, {{"node_id", "n1"}});
  metrics.observe("orchestrator_scheduling_duration_seconds", 0.002);
  metrics.gauge("univrs_published_port_connections_total", 7, {{"port", "80"}});
  metrics.gauge("univrs_published_port_connections_total", 9, {{"port", "80"}});
  std::string text = metrics.text();
  for (const char* line :
       {"orchestrator_scheduling_failures_total{reason=\"memory\"} 2", "orchestrator_nodes 3",
        "orchestrator_node_cpu_capacity{node_id=\"n1\"} 4", "orchestrator_scheduling_duration_seconds_count 1",
        "univrs_published_port_connections_total{port=\"80\"} 9",
        "univrs_build_info{version=", "orchestrator_container_starts_total 0", "# TYPE orchestrator_nodes gauge"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
  metrics.gauge("univrs_published_port_connections_total", 2, {{"port", "80"}}); // counted anew
  metrics.removeGauge("orchestrator_node_cpu_capacity", {{"node_id", "n1"}});
  metrics.removeGauge("orchestrator_node_cpu_capacity", {{"node_id", "never"}});
  text = metrics.text();
  EXPECT_EQ(text.find("n1"), std::string::npos);
  EXPECT_NE(text.find("univrs_published_port_connections_total{port=\"80\"} 2"), std::string::npos);
  metrics.gauge("orchestrator_node_cpu_capacity", 5, {{"node_id", "n1"}});
  EXPECT_NE(metrics.text().find("{node_id=\"n1\"} 5"), std::string::npos);
}

TEST(Metrics, SeriesAreBounded) {
  PrometheusMetrics metrics;
  for (size_t i = 0; i < PrometheusMetrics::kMaxSeries + 500; ++i) {
    metrics.gauge("orchestrator_workload_replicas_desired", 1, {{"workload_id", std::to_string(i)}});
  }
  const std::string text = metrics.text();
  EXPECT_NE(text.find("\"9999\""), std::string::npos);
  EXPECT_EQ(text.find("\"10000\""), std::string::npos);
}

TEST(Metrics, FromManyThreads) {
  PrometheusMetrics metrics;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&metrics, t] {
      for (int i = 0; i < 500; ++i) {
        metrics.count("orchestrator_container_starts_total");
        metrics.gauge("orchestrator_node_cpu_capacity", i, {{"node_id", std::to_string(i % 7)}});
        metrics.removeGauge("orchestrator_node_cpu_capacity", {{"node_id", std::to_string((i + t) % 7)}});
        if (i % 100 == 0) {
          EXPECT_FALSE(metrics.text().empty());
        }
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_NE(metrics.text().find("orchestrator_container_starts_total 2000"), std::string::npos);
}

TEST(Metrics, ProcessFiguresAreReal) {
  const ProcessFigures figures = processFigures();
  EXPECT_GT(figures.residentBytes, 1'000'000);
  EXPECT_GT(figures.openFiles, 2);
  EXPECT_GT(figures.maxFiles, figures.openFiles);
  EXPECT_GT(figures.startTime, 1'600'000'000);
}

TEST(Metrics, PromtoolFindsNoFault) {
  if (std::system("promtool --version >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "promtool is not installed";
  }
  PrometheusMetrics metrics;
  for (const MetricSpec& spec : metricTable()) { // a series of every metric
    switch (spec.labels.size()) {
    case 0:
      spec.type == MetricType::Histogram ? metrics.observe(spec.name, 0.1) : metrics.gauge(spec.name, 1);
      break;
    case 1:
      spec.type == MetricType::Histogram ? metrics.observe(spec.name, 0.1, {{spec.labels[0], "a\"b\\c\n"}})
                                         : metrics.gauge(spec.name, 1, {{spec.labels[0], "a\"b\\c\n"}});
      break;
    case 2:
      metrics.gauge(spec.name, 1, {{spec.labels[0], "x"}, {spec.labels[1], "y"}});
      break;
    default:
      metrics.gauge(spec.name, 1, {{spec.labels[0], "x"}, {spec.labels[1], "y"}, {spec.labels[2], "z"}});
    }
  }
  const auto file = std::filesystem::temp_directory_path() / ("univrs-metrics-" + std::to_string(::getpid()));
  std::ofstream(file) << metrics.text();
  FILE* pipe = ::popen(("promtool check metrics < " + file.string() + " 2>&1").c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string output;
  char part[512];
  while (std::fgets(part, sizeof part, pipe) != nullptr) {
    output += part;
  }
  EXPECT_EQ(::pclose(pipe), 0);
  EXPECT_EQ(output, "");
  std::filesystem::remove(file);
}

} // namespace
} // namespace univrs::api
