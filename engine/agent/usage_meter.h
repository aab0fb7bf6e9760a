// Turns the counters that a container engine and the machine give into what was used between two rounds of reading
// them. Without I/O: readings with their time go in, samples come out.
//
// Not thread safe; one thread at a time.
#pragma once

#include "engine/agent/runtime_driver.h"
#include "engine/agent/usage_sample.h"
#include "engine/model/ids.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace univrs::agent {

// The machine's own counters, since it started.
struct MachineUsage {
  int64_t cpuNanoseconds = 0; // all cores together
  int64_t memoryBytes = 0;
  int64_t receivedBytes = 0; // its own interfaces, not those of containers
  int64_t sentBytes = 0;
  int64_t cores = 0; // 0 = not known
};

struct ContainerReading {
  model::InstanceId instanceId;
  model::WorkloadId workloadId;
  std::string containerId;
  base::Timestamp startedAt;  // not set = not known
  base::Monotonic at;         // when it was read
  std::optional<Usage> usage; // nothing: it runs, but could not be read this time
};

struct RestartCount {
  model::WorkloadId workloadId;
  int64_t total = 0; // of the instance so far
};

// Everything read at about the same time.
struct UsageRound {
  base::Timestamp slot; // beginning of the slot it closes
  base::Now at;
  std::vector<ContainerReading> containers; // all that run
  std::map<model::InstanceId, RestartCount> restarts;
  std::optional<MachineUsage> machine;
  base::Monotonic machineAt;
};

class UsageMeter {
public:
  //! `maxGapMs`: two readings further apart say nothing about now; the later one only begins anew.
  UsageMeter(std::string nodeId, int64_t maxGapMs) : m_nodeId(std::move(nodeId)), m_maxGapMs(maxGapMs) {}

  //! What was used since the round before, by instance, workload and machine. The first reading of a
  //! container that ran before, a counter that went back and a rate beyond the machine's cores give nothing; neither
  //! does a clock that stood still.
  [[nodiscard]] std::vector<MeasuredUsage> on(const UsageRound& round);

private:
  struct Counters {
    base::Monotonic at;
    int64_t cpuNanoseconds = 0;
    int64_t receivedBytes = 0;
    int64_t sentBytes = 0;
  };
  struct Known { // a container
    std::optional<Counters> last;
    base::Monotonic seenAt;
  };
  [[nodiscard]] std::optional<UsageSample> between(const Counters& before, const Counters& after,
                                                   int64_t memoryBytes) const;
  [[nodiscard]] std::optional<UsageSample> readContainer(const UsageRound& round, const ContainerReading& reading);

  const std::string m_nodeId;
  const int64_t m_maxGapMs;
  int64_t m_maxMillicores = 0; // of the machine; 0 = not known yet
  std::optional<base::Now> m_lastRound;
  std::map<std::string, Known> m_containers;
  std::map<model::InstanceId, int64_t> m_restarts;
  std::optional<Counters> m_machine;
};

} // namespace univrs::agent
