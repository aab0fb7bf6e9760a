// Placements per second and bytes per kept decision: 5,000 nodes, 50,000 instances, every record kept.
#include "engine/schedule/scheduler.h"

#include <benchmark/benchmark.h>

#include <malloc.h>

namespace {

using namespace univrs;

constexpr int kNodes = 5'000;
constexpr int kInstances = 50'000;
constexpr int64_t kMiB = int64_t(1) << 20;

void fill(schedule::Scheduler& scheduler) {
  for (int i = 0; i < kNodes; ++i) {
    model::Node node;
    node.id =
        model::NodeId("12D3KooWBenchNodeBenchNodeBenchNodeBenchNode" + std::to_string(100'000 + i * 7919 % kNodes));
    node.name = "node-" + std::to_string(i);
    node.status = model::NodeStatus::Ready;
    node.roles = {"worker"};
    node.labels = {{"zone", std::to_string(i % 25)}, {"disk", i % 2 == 0 ? "ssd" : "hdd"}};
    node.allocatable.cpuMillicores = 4'000 + i % 4 * 2'000;
    node.allocatable.memoryBytes = (8'192 + i % 5 * 2'048) * kMiB;
    node.engine.arch = "amd64";
    node.engine.os = "linux";
    scheduler.setNode(node);
  }
}

schedule::Request request(int workload, const std::string& strategy) {
  schedule::Request request;
  request.workloadId = model::WorkloadId("5b0c9f6e-0000-4000-8000-" + std::to_string(100'000'000'000 + workload));
  request.workloadName = "workload-" + std::to_string(workload);
  request.requests.cpuMillicores = 100 + workload % 5 * 50;
  request.requests.memoryBytes = (128 + workload % 7 * 32) * kMiB;
  request.arch = "amd64";
  request.os = "linux";
  request.placement.strategy = strategy;
  return request;
}

// Places all instances, workloads in turn, and keeps every record.
void place(benchmark::State& state, const std::string& strategy, bool constrained) {
  const int workloads = static_cast<int>(state.range(0));
  double bytes = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto scheduler = std::make_unique<schedule::Scheduler>();
    fill(*scheduler);
    std::vector<schedule::Request> requests;
    for (int w = 0; w < workloads; ++w) {
      requests.push_back(request(w, strategy));
      if (constrained) {
        requests.back().placement.required = {{"disk", model::Operator::In, {"ssd"}}};
        requests.back().placement.spread = {{"zone", kInstances / workloads / 20 + 1}};
      }
    }
    std::vector<std::shared_ptr<const schedule::PlacementRecord>> records;
    records.reserve(kInstances);
    const auto first = scheduler->place(requests[0]);
    const size_t before = ::mallinfo2().uordblks + ::mallinfo2().hblkhd;
    state.ResumeTiming();
    int placed = 0;
    for (int i = 0; i < kInstances; ++i) {
      const auto& r = requests[static_cast<size_t>(i % workloads)];
      records.push_back(scheduler->place(r));
      if (const auto chosen = records.back()->chosen()) {
        scheduler->occupy(*chosen, r);
        ++placed;
      }
    }
    state.PauseTiming();
    if (placed != kInstances) {
      state.SkipWithError("not everything was placed");
    }
    const auto expanded = records.back()->expand();
    if (expanded.nodes.size() != kNodes) {
      state.SkipWithError("a decision does not name every node");
    }
    // What goes away with the records and the scheduler's own caches do not count as the records'.
    scheduler.reset();
    const size_t withRecords = ::mallinfo2().uordblks + ::mallinfo2().hblkhd;
    records.clear();
    const size_t without = ::mallinfo2().uordblks + ::mallinfo2().hblkhd;
    bytes = static_cast<double>(withRecords - without) / kInstances;
    benchmark::DoNotOptimize(before);
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * kInstances);
  state.counters["bytes_per_record"] = bytes;
}

void spreadPlacing(benchmark::State& state) {
  place(state, "spread", false);
}
void binpackPlacing(benchmark::State& state) {
  place(state, "binpack", false);
}
void mycelialPlacing(benchmark::State& state) {
  place(state, "mycelial", false);
}
void constrainedPlacing(benchmark::State& state) {
  place(state, "spread", true);
}

// The first request of a kind looks at every node.
void firstRequest(benchmark::State& state) {
  schedule::Scheduler scheduler;
  fill(scheduler);
  benchmark::DoNotOptimize(scheduler.place(request(0, "spread")));
  int workload = 1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(scheduler.place(request(workload++, "spread")));
  }
}

void expandOne(benchmark::State& state) {
  schedule::Scheduler scheduler;
  fill(scheduler);
  const auto record = scheduler.place(request(0, "spread"));
  for (auto _ : state) {
    benchmark::DoNotOptimize(record->expand());
  }
}

BENCHMARK(spreadPlacing)->Arg(1)->Arg(500)->Unit(benchmark::kMillisecond);
BENCHMARK(binpackPlacing)->Arg(1)->Arg(500)->Unit(benchmark::kMillisecond);
BENCHMARK(mycelialPlacing)->Arg(1)->Arg(500)->Unit(benchmark::kMillisecond);
BENCHMARK(constrainedPlacing)->Arg(500)->Unit(benchmark::kMillisecond);
BENCHMARK(firstRequest)->Unit(benchmark::kMicrosecond);
BENCHMARK(expandOne)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
