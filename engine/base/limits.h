// Limits that hold in more than one place. A limit used once stands where it is used.
#pragma once

#include <cstddef>
#include <cstdint>

namespace univrs::base::limits {

inline constexpr size_t kMaxManifestBytes = 4u << 20;   // one manifest document, all doors
inline constexpr size_t kMaxNameBytes = 253;            // names of objects, as Kubernetes
inline constexpr int kMaxReplicas = 10'000;             // of one workload
inline constexpr int64_t kMaxReplicasInAll = 100'000;   // of all workloads together
inline constexpr int kMaxContainers = 16;               // in one instance
inline constexpr int kMaxWorkloadsPerManifest = 256;    // documents in one file
inline constexpr int kMaxPageItems = 1'000;             // one page of a list
inline constexpr int64_t kMaxCpuMillicores = 1'000'000; // 1,000 cores
inline constexpr int64_t kMaxMemoryBytes = int64_t(1) << 46;

} // namespace univrs::base::limits
