#include "engine/agent/usage_rollup.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace univrs::agent {

int64_t slotStart(int64_t time, int64_t ms) {
  const int64_t rest = time % ms;
  return time - (rest < 0 ? rest + ms : rest);
}

UsageSample together(std::span<const UsageSample> samples) {
  UsageSample out;
  out.time = samples.front().time;
  out.slots = 0;
  // A mean does not need more than a double holds, and the sums may be larger than 64 bits.
  double cpu = 0, received = 0, sent = 0;
  for (const UsageSample& s : samples) {
    const auto weight = double(std::max<int64_t>(1, s.slots));
    cpu += double(s.cpuMillicores) * weight;
    received += double(s.receivedPerSecond) * weight;
    sent += double(s.sentPerSecond) * weight;
    out.slots += std::max<int64_t>(1, s.slots);
    out.memoryBytes = std::max(out.memoryBytes, s.memoryBytes);
    out.instances = std::max(out.instances, s.instances);
    out.restarts += s.restarts;
  }
  const auto mean = [&](double sum) { return int64_t(std::llround(sum / double(out.slots))); };
  out.cpuMillicores = mean(cpu);
  out.receivedPerSecond = mean(received);
  out.sentPerSecond = mean(sent);
  return out;
}

void sortByTime(std::vector<UsageSample>& samples) {
  std::stable_sort(samples.begin(), samples.end(),
                   [](const UsageSample& a, const UsageSample& b) { return a.time < b.time; });
  size_t kept = 0;
  for (size_t i = 0; i < samples.size(); ++i) {
    if (kept > 0 && samples[kept - 1].time == samples[i].time) {
      samples[kept - 1] = samples[i];
    } else {
      samples[kept++] = samples[i];
    }
  }
  samples.resize(kept);
}

std::vector<UsageSample> intoBuckets(const std::vector<UsageSample>& samples, int64_t stepMs) {
  std::vector<UsageSample> out;
  for (size_t i = 0; i < samples.size();) {
    const int64_t start = slotStart(samples[i].time.ms, stepMs);
    size_t end = i + 1;
    while (end < samples.size() && slotStart(samples[end].time.ms, stepMs) == start) {
      ++end;
    }
    out.push_back(together(std::span(samples).subspan(i, end - i)));
    out.back().time.ms = start;
    i = end;
  }
  return out;
}

int64_t bucketLength(base::Timestamp from, base::Timestamp to, int64_t slotMs, int maxPoints) {
  constexpr std::array<int64_t, 16> kSlots{1, 2, 3, 6, 12, 30, 60, 120, 180, 360, 720, 1080, 2160, 4320, 8640, 60480};
  const int64_t last = std::max(from.ms, to.ms - 1);
  const auto fits = [&](int64_t step) {
    return (slotStart(last, step) - slotStart(from.ms, step)) / step + 1 <= std::max(1, maxPoints);
  };
  for (const int64_t slots : kSlots) {
    if (fits(slots * slotMs)) {
      return slots * slotMs;
    }
  }
  int64_t step = kSlots.back() * slotMs;
  while (!fits(step) && step < last - from.ms) {
    step *= 2;
  }
  return step; // at most two buckets are left where a boundary lies inside so short a list
}

} // namespace univrs::agent
