// Putting samples of short slots together to longer ones: for the coarse part of the history and for what is read.
#pragma once

#include "engine/agent/usage_sample.h"

#include <span>
#include <vector>

namespace univrs::agent {

// The beginning of the slot of `ms` that holds `time`; right for times before 1970 too.
int64_t slotStart(int64_t time, int64_t ms);

// One sample for all of them, which must not be empty: CPU and network are means by the slots measured, memory and
// instances the largest, restarts the sum. Its time is the first one's.
UsageSample together(std::span<const UsageSample> samples);

// By time; of two for the same slot the later in the list stays (a clock that was set back writes twice).
void sortByTime(std::vector<UsageSample>& samples);

// Neighbours of sorted samples put together to buckets of `stepMs`; a bucket begins at a multiple of its length.
std::vector<UsageSample> intoBuckets(const std::vector<UsageSample>& samples, int64_t stepMs);

// The shortest bucket, a multiple of `slotMs`, with which [from, to) has at most `maxPoints` (1 or more) of them.
// Lengths are those people read easily where slots are 10 s: 10 s, 20 s, 30 s, 1 min, 2 min, 5 min, 10 min, …
int64_t bucketLength(base::Timestamp from, base::Timestamp to, int64_t slotMs, int maxPoints);

} // namespace univrs::agent
