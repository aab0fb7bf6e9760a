// Third step of the loop: which actions bring what is there closer to what is wanted. Pure and idempotent: planning
// again before anything happened gives the same list; planning after all of it was done gives an empty one.
//
// Rolling update in its simple form: up to maxParallel new instances beside the old ones; an old one goes only when a
// new one has been ready for minHealthyMs; a new one that misses its deadline stops the update with the old ones left
// running.
#pragma once

#include "engine/control/compare.h"

#include <string>
#include <vector>

namespace univrs::control {

struct Action {
  enum class Kind {
    CreateInstance, // make `count` pending instances from the current spec
    PlaceInstance,  // find a node for a pending one
    StopInstance,   // ask for its end
    ForgetInstance, // it ended and is of no more use: delete its record
    DeleteWorkload  // nothing is left of it
  };
  Kind kind;
  model::WorkloadId workloadId;
  model::InstanceId instanceId; // not for CreateInstance, DeleteWorkload
  int count = 0;
  std::string why;     // for people
  std::string trigger; // of decisions: "deploy", "scale", "update", "replace"
  bool operator==(const Action&) const = default;
};

inline constexpr size_t kKeptEndedPerWorkload = 5; // ended instances kept to be looked at

std::vector<Action> plan(const Sensed& sensed, const Drift& drift);

} // namespace univrs::control
