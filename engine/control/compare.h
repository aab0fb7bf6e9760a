// Second step of the loop: how far what is there is from what is wanted, in numbers and in the three words a person
// reads. Pure.
#pragma once

#include "engine/control/sense.h"
#include "engine/model/workload.h"

namespace univrs::control {

// An instance that ends badly for good is replaced after 1 s, then 2, 4, … up to 5 min while they keep failing.
inline constexpr int64_t kReplaceFirstMs = 1'000;
inline constexpr int64_t kReplaceMaxMs = 300'000;
inline constexpr int64_t kReplaceForgetMs = 600'000; // failures older than this do not count

struct Drift {
  int desired = 0;
  int alive = 0;            // current + outdated
  int missing = 0;          // instances to be made so that `desired` exist
  int surplus = 0;          // alive instances too many (when nothing is outdated)
  int available = 0;        // stable current + ready outdated + done
  bool updating = false;    // some alive instance is outdated
  bool updateStuck = false; // a new instance missed its healthy deadline: nothing more is replaced
  std::string stuckReason;
  int heldBack = 0; // missing too, but the last ones failed just now: they wait for `replaceAfter`
  base::Timestamp replaceAfter;
  [[nodiscard]] bool inSync() const { return missing == 0 && heldBack == 0 && surplus == 0 && !updating; }
};

Drift compare(const Sensed& sensed, base::Timestamp now);
model::WorkloadStatus statusOf(const Sensed& sensed, const Drift& drift);

// When the picture changes by itself: a minimum healthy time or a deadline passes. Not set = never.
base::Timestamp nextDeadline(const Sensed& sensed, const Drift& drift, base::Timestamp now);

} // namespace univrs::control
