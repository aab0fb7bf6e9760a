// First step of the loop: what is there. Collects, for one workload, its wish and every instance, sorted by what each
// means for the wish. Pure.
#pragma once

#include "engine/base/clock.h"
#include "engine/control/cluster_state.h"

#include <string>
#include <vector>

namespace univrs::control {

struct Sensed {
  const model::Workload* workload = nullptr;
  std::string templateHash; // of the current spec
  // Alive: neither final nor asked to stop.
  std::vector<const model::Instance*> current;   // made from the current template and restart epoch
  std::vector<const model::Instance*> outdated;  // made from an older one
  std::vector<const model::Instance*> stopping;  // asked to stop, not gone yet
  std::vector<const model::Instance*> done;      // finished by itself, as its restart policy allows; current template
  std::vector<const model::Instance*> cancelled; // a person cancelled its image pull: it holds its place and stays so
  std::vector<const model::Instance*> ended;     // final otherwise: failed, lost, or finished and outdated
};

Sensed sense(const ClusterState& state, const model::Workload& workload);

// True when the instance has been ready for at least `minHealthyMs`.
bool isStable(const model::Instance& instance, int64_t minHealthyMs, base::Timestamp now);

} // namespace univrs::control
