#include "engine/agent/usage_meter.h"

#include <algorithm>
#include <utility>

namespace univrs::agent {

namespace {
constexpr int64_t kMaxCounter = int64_t(1) << 62;
constexpr int64_t kMaxBytesPerRound = 1'000'000'000'000'000; // beyond it a counter is broken
constexpr int64_t kStartToleranceMs = 1'000;                 // engines tell whole seconds
constexpr int64_t kCpuTolerance = 10;                        // a tenth above all cores: clocks are read one by one

int64_t counter(int64_t value) {
  return std::clamp<int64_t>(value, 0, kMaxCounter);
}

// Bytes a second; 0 for a counter that went back.
int64_t byteRate(int64_t before, int64_t after, int64_t ms) {
  return std::clamp<int64_t>(after - before, 0, kMaxBytesPerRound) * 1000 / ms;
}

void addTo(UsageSample& sum, const UsageSample& part) {
  sum.cpuMillicores += part.cpuMillicores;
  sum.memoryBytes += part.memoryBytes;
  sum.receivedPerSecond += part.receivedPerSecond;
  sum.sentPerSecond += part.sentPerSecond;
  sum.restarts += part.restarts;
  sum.instances += part.instances;
}
} // namespace

std::optional<UsageSample> UsageMeter::between(const Counters& before, const Counters& after,
                                               int64_t memoryBytes) const {
  const int64_t ms = after.at.ms - before.at.ms;
  if (ms <= 0 || ms > m_maxGapMs || after.cpuNanoseconds < before.cpuNanoseconds) {
    return std::nullopt;
  }
  UsageSample s;
  s.cpuMillicores = ((after.cpuNanoseconds - before.cpuNanoseconds) / 1000 + ms / 2) / ms;
  if (m_maxMillicores > 0) {
    if (s.cpuMillicores > m_maxMillicores + m_maxMillicores / kCpuTolerance) {
      return std::nullopt;
    }
    s.cpuMillicores = std::min(s.cpuMillicores, m_maxMillicores);
  }
  s.memoryBytes = counter(memoryBytes);
  s.receivedPerSecond = byteRate(before.receivedBytes, after.receivedBytes, ms);
  s.sentPerSecond = byteRate(before.sentBytes, after.sentBytes, ms);
  return s;
}

std::optional<UsageSample> UsageMeter::readContainer(const UsageRound& round, const ContainerReading& reading) {
  const bool isNew = m_containers.count(reading.containerId) == 0;
  Known& known = m_containers[reading.containerId];
  known.seenAt = round.at.steady;
  if (!reading.usage) {
    return std::nullopt;
  }
  const Usage& usage = *reading.usage;
  const Counters now{reading.at, counter(usage.cpuNanoseconds), counter(usage.networkReceivedBytes),
                     counter(usage.networkSentBytes)};
  std::optional<UsageSample> sample;
  if (known.last) {
    sample = between(*known.last, now, usage.memoryBytes);
  } else if (isNew && m_lastRound && reading.startedAt.isSet() &&
             reading.startedAt.ms > m_lastRound->wall.ms - kStartToleranceMs) {
    // It was started after the round before: all that its counters say was used since then.
    sample = between(Counters{m_lastRound->steady, 0, 0, 0}, now, usage.memoryBytes);
  }
  known.last = now;
  return sample;
}

std::vector<MeasuredUsage> UsageMeter::on(const UsageRound& round) {
  if (round.machine && round.machine->cores > 0) {
    m_maxMillicores = round.machine->cores * 1000;
  }
  struct Sum {
    model::WorkloadId workloadId;
    UsageSample sample;
  };
  std::map<model::InstanceId, Sum> instances;
  const auto sumOf = [&](const model::InstanceId& id, const model::WorkloadId& workloadId) -> UsageSample& {
    Sum& sum = instances[id];
    sum.workloadId = workloadId;
    return sum.sample;
  };
  for (const ContainerReading& reading : round.containers) {
    if (const auto sample = readContainer(round, reading)) {
      UsageSample& sum = sumOf(reading.instanceId, reading.workloadId);
      addTo(sum, *sample);
      sum.instances = 1; // however many containers it has
    }
  }
  std::map<model::InstanceId, int64_t> restarts;
  for (const auto& [id, count] : round.restarts) {
    const auto before = m_restarts.find(id);
    if (before != m_restarts.end() && count.total > before->second) {
      sumOf(id, count.workloadId).restarts = count.total - before->second;
    }
    restarts[id] = count.total;
  }
  m_restarts = std::move(restarts);

  std::vector<MeasuredUsage> out;
  std::map<model::WorkloadId, UsageSample> workloads;
  UsageSample all;
  for (auto& [id, sum] : instances) {
    sum.sample.time = round.slot;
    addTo(workloads[sum.workloadId], sum.sample);
    addTo(all, sum.sample);
    out.push_back({{UsageKind::Instance, id.str()}, sum.sample});
  }
  for (auto& [id, sample] : workloads) {
    sample.time = round.slot;
    out.push_back({{UsageKind::Workload, id.str()}, sample});
  }
  if (round.machine) {
    const MachineUsage& m = *round.machine;
    const Counters now{round.machineAt, counter(m.cpuNanoseconds), counter(m.receivedBytes), counter(m.sentBytes)};
    if (auto sample = m_machine ? between(*m_machine, now, m.memoryBytes) : std::nullopt) {
      sample->time = round.slot;
      sample->restarts = all.restarts;
      sample->instances = all.instances;
      out.push_back({{UsageKind::Machine, m_nodeId}, *sample});
    }
    m_machine = now;
  }
  // What does not run any more is forgotten, but not at once: the engine may be away for a moment.
  for (auto it = m_containers.begin(); it != m_containers.end();) {
    it = round.at.steady.ms - it->second.seenAt.ms > m_maxGapMs ? m_containers.erase(it) : std::next(it);
  }
  m_lastRound = round.at;
  return out;
}

} // namespace univrs::agent
