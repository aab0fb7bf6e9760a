// What this machine has: cores, memory, disk, architecture. The one place that reads them from the platform.
#pragma once

#include "engine/model/node.h"

#include <string>

namespace univrs::node {

struct HostFacts {
  std::string hostName;
  std::string arch; // OCI names: amd64, arm64
  std::string os;   // linux, darwin, windows
  model::Resources capacity;
};

// `folder`: the disk that counts is the one it lies on. Limits of the control group this process runs in are respected.
HostFacts readHostFacts(const std::string& folder);

// What instances may use: 90 % of the capacity, as the originals have it; the rest is for the system and this program.
model::Resources allocatableOf(const model::Resources& capacity);

} // namespace univrs::node
