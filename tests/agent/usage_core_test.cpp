// From counters to samples, from samples to longer ones, and to bytes and back: all with virtual time.
#include "engine/agent/machine_usage.h"
#include "engine/agent/usage_codec.h"
#include "engine/agent/usage_meter.h"
#include "engine/agent/usage_rollup.h"
#include "engine/base/random.h"

#include <gtest/gtest.h>

#include <cstring>

namespace univrs::agent {
namespace {

constexpr int64_t kWall = 1'795'000'000'000;

struct Meter : testing::Test {
  UsageMeter meter{"node", 60'000};
  int64_t ms = 0; // since the first round
  UsageRound round;

  void begin(int64_t afterMs) {
    ms += afterMs;
    round = {};
    round.slot.ms = kWall + ms - 10'000;
    round.at = {base::Timestamp{kWall + ms}, base::Monotonic{ms + 500}};
  }
  void read(const std::string& instance, const std::string& container, int64_t cpuMs, int64_t memory = 100,
            int64_t received = 0, int64_t startedAt = 1) {
    Usage u;
    u.cpuNanoseconds = cpuMs * 1'000'000;
    u.memoryBytes = memory;
    u.networkReceivedBytes = received;
    round.containers.push_back({model::InstanceId(instance), model::WorkloadId("w"), container,
                                base::Timestamp{startedAt}, round.at.steady, u});
  }
  std::optional<UsageSample> end(UsageKind kind, const std::string& id) {
    for (const MeasuredUsage& m : meter.on(round)) {
      if (m.key == UsageKey{kind, id}) {
        EXPECT_EQ(m.sample.time, round.slot);
        return m.sample;
      }
    }
    return std::nullopt;
  }
};

TEST_F(Meter, TheFirstReadingOnlyBeginsThenTheDifferenceCounts) {
  begin(0);
  read("a", "c1", 5'000'000, 100, 7);
  EXPECT_FALSE(end(UsageKind::Instance, "a")) << "hours of CPU before are not of this slot";
  begin(10'000);
  read("a", "c1", 5'002'500, 200, 20'007);
  const auto s = end(UsageKind::Instance, "a");
  ASSERT_TRUE(s);
  EXPECT_EQ(s->cpuMillicores, 250);
  EXPECT_EQ(s->memoryBytes, 200);
  EXPECT_EQ(s->receivedPerSecond, 2'000);
  EXPECT_EQ(s->instances, 1);
}

TEST_F(Meter, ARestartBeginsAtZeroAndNeverGoesBelow) {
  begin(0);
  read("a", "c1", 900'000);
  end(UsageKind::Instance, "a");
  begin(10'000);
  read("a", "c2", 4'000, 50, 0, kWall + ms - 3'000); // a new container, started since
  const auto s = end(UsageKind::Instance, "a");
  ASSERT_TRUE(s);
  EXPECT_EQ(s->cpuMillicores, 400);
  begin(10'000);
  read("a", "c2", 1'000); // the same container's counter went back: its processes ended, or the engine began anew
  EXPECT_FALSE(end(UsageKind::Instance, "a"));
  begin(10'000);
  read("a", "c2", 2'000);
  EXPECT_EQ(end(UsageKind::Instance, "a")->cpuMillicores, 100);
}

TEST_F(Meter, AContainerFoundRunningLongAgoOnlyBegins) {
  begin(0);
  read("a", "c1", 1);
  end(UsageKind::Instance, "a");
  begin(10'000);
  read("a", "c1", 2);
  read("b", "c9", 30'000, 100, 0, kWall - 3'600'000); // adopted: 30 s of CPU over an hour
  EXPECT_FALSE(end(UsageKind::Instance, "b"));
}

TEST_F(Meter, AGapAStandingClockAndAnImpossibleRateSayNothing) {
  begin(0);
  round.machine = MachineUsage{0, 1, 0, 0, 4};
  round.machineAt = round.at.steady;
  read("a", "c1", 0);
  end(UsageKind::Instance, "a");
  begin(0); // the steady clock did not move
  read("a", "c1", 100);
  EXPECT_FALSE(end(UsageKind::Instance, "a"));
  begin(61'000);
  read("a", "c1", 1'000);
  EXPECT_FALSE(end(UsageKind::Instance, "a"));
  begin(10'000);
  read("a", "c1", 1'000 + 90'000); // nine cores of four
  EXPECT_FALSE(end(UsageKind::Instance, "a"));
  begin(10'000);
  read("a", "c1", 91'000 + 41'000); // a little more than there is: clocks are read one by one
  EXPECT_EQ(end(UsageKind::Instance, "a")->cpuMillicores, 4'000);
  begin(20'000); // a round was left out: a mean over both
  read("a", "c1", 132'000 + 20'000);
  EXPECT_EQ(end(UsageKind::Instance, "a")->cpuMillicores, 1'000);
}

TEST_F(Meter, TheWallClockMayJumpRatesStay) {
  begin(0);
  read("a", "c1", 0);
  end(UsageKind::Instance, "a");
  begin(10'000);
  round.at.wall.ms -= 3'600'000;
  round.slot.ms -= 3'600'000;
  read("a", "c1", 5'000);
  EXPECT_EQ(end(UsageKind::Instance, "a")->cpuMillicores, 500);
}

TEST_F(Meter, SumsContainersToInstancesInstancesToTheWorkload) {
  for (int i = 0; i < 2; ++i) {
    begin(10'000);
    read("a", "c1", i * 1'000, 10);
    read("a", "c2", i * 2'000, 20);
    read("b", "c3", i * 4'000, 40);
    round.containers.push_back({model::InstanceId("c"), model::WorkloadId("w"), "c4", {}, round.at.steady, {}});
    if (i == 0) {
      (void)meter.on(round);
    }
  }
  const auto all = meter.on(round); // the second round
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].sample.cpuMillicores, 300);
  EXPECT_EQ(all[0].sample.memoryBytes, 30);
  EXPECT_EQ(all[0].sample.instances, 1);
  EXPECT_EQ(all[2].key, (UsageKey{UsageKind::Workload, "w"}));
  EXPECT_EQ(all[2].sample.cpuMillicores, 700);
  EXPECT_EQ(all[2].sample.memoryBytes, 70);
  EXPECT_EQ(all[2].sample.instances, 2) << "one could not be read";
}

TEST_F(Meter, RestartsCountWhenTheyHappenEvenWhileNothingRuns) {
  const model::InstanceId id("a");
  begin(0);
  round.restarts[id] = {model::WorkloadId("w"), 7}; // before this process
  EXPECT_TRUE(meter.on(round).empty());
  begin(10'000);
  round.restarts[id] = {model::WorkloadId("w"), 9};
  const auto s = end(UsageKind::Workload, "w");
  ASSERT_TRUE(s);
  EXPECT_EQ(s->restarts, 2);
  EXPECT_EQ(s->instances, 0);
  begin(10'000);
  round.restarts[id] = {model::WorkloadId("w"), 9};
  EXPECT_TRUE(meter.on(round).empty());
}

TEST_F(Meter, MeasuresTheMachine) {
  for (int i = 0; i < 2; ++i) {
    begin(10'000);
    round.machine = MachineUsage{i * 15'000'000'000, 4 << 20, i * 1'000'000, i * 10, 2};
    round.machineAt = round.at.steady;
    if (i == 0) {
      EXPECT_FALSE(end(UsageKind::Machine, "node"));
    }
  }
  const auto s = end(UsageKind::Machine, "node");
  ASSERT_TRUE(s);
  EXPECT_EQ(s->cpuMillicores, 1'500);
  EXPECT_EQ(s->receivedPerSecond, 100'000);
  EXPECT_EQ(s->sentPerSecond, 1);
}

TEST(MachineUsage, ReadsProcAndLeavesOutWhatOnlyPassesOn) {
  const char* stat =
      "cpu  100 10 50 9999 77 5 5 1000 3 0\ncpu0 1 2 3 4 5 6 7 8 9 0\ncpu1 1 2 3 4 5 6 7 8 9 0\nintr 5\n";
  const char* mem = "MemTotal:       1000 kB\nMemFree:         1 kB\nMemAvailable:    400 kB\n";
  const char* net = "Inter-|   Receive\n face |bytes\n    lo: 5 1 0 0 0 0 0 0 5 1 0 0 0 0 0 0\n"
                    "  eth0: 1000 1 0 0 0 0 0 0 200 1 0 0 0 0 0 0\nveth12:9 1 0 0 0 0 0 0 9 1 0 0 0 0 0 0\n"
                    "lowpan0:1 1 0 0 0 0 0 0 2 1 0 0 0 0 0 0\n";
  const auto u = machineUsageFrom(stat, mem, net, 100);
  ASSERT_TRUE(u);
  EXPECT_EQ(u->cpuNanoseconds, 170 * 10'000'000);
  EXPECT_EQ(u->cores, 2);
  EXPECT_EQ(u->memoryBytes, 600 * 1024);
  EXPECT_EQ(u->receivedBytes, 1'001);
  EXPECT_EQ(u->sentBytes, 202);
  EXPECT_FALSE(machineUsageFrom("", mem, net, 100));
  EXPECT_FALSE(machineUsageFrom(stat, "", net, 100));
  EXPECT_FALSE(machineUsageFrom("cpu x", mem, net, 100));
}

UsageSample sample(int64_t time, int64_t cpu, int64_t memory = 0, int64_t slots = 1) {
  UsageSample s;
  s.time.ms = time;
  s.cpuMillicores = cpu;
  s.memoryBytes = memory;
  s.instances = 1;
  s.slots = slots;
  return s;
}

TEST(Rollup, MeansByWhatWasMeasuredLargestAndSums) {
  std::vector<UsageSample> samples{sample(0, 100, 5), sample(10, 300, 9), sample(20, 1'000, 7, 2)};
  samples[1].restarts = 2;
  samples[2].instances = 4;
  const UsageSample s = together(samples);
  EXPECT_EQ(s.cpuMillicores, 600);
  EXPECT_EQ(s.memoryBytes, 9);
  EXPECT_EQ(s.restarts, 2);
  EXPECT_EQ(s.instances, 4);
  EXPECT_EQ(s.slots, 4);
  // Whichever way it is put together, the mean over the slots is the same.
  const auto half = together(std::vector<UsageSample>{samples[0], samples[1]});
  EXPECT_EQ(together(std::vector<UsageSample>{half, samples[2]}).cpuMillicores, 600);
}

TEST(Rollup, BucketsLeaveGapsOutAndTheLaterOfTwoStays) {
  std::vector<UsageSample> samples{sample(95, 5), sample(10, 1), sample(15, 3), sample(10, 9), sample(-5, 2)};
  sortByTime(samples);
  ASSERT_EQ(samples.size(), 4u);
  const auto buckets = intoBuckets(samples, 20);
  ASSERT_EQ(buckets.size(), 3u);
  EXPECT_EQ(buckets[0].time.ms, -20);
  EXPECT_EQ(buckets[1].time.ms, 0);
  EXPECT_EQ(buckets[1].cpuMillicores, 6);
  EXPECT_EQ(buckets[2].time.ms, 80);
}

TEST(Rollup, BucketLengthsFitAndAreRound) {
  const base::Timestamp from{kWall};
  const auto length = [&](int64_t ms, int points) {
    return bucketLength(from, base::Timestamp{kWall + ms}, 10'000, points) / 1000;
  };
  EXPECT_EQ(length(3'600'000, 361), 10);
  EXPECT_EQ(length(3'600'000, 60), 120) << "61 buckets of a minute touch the hour";
  EXPECT_EQ(length(86'400'000, 400), 300);
  EXPECT_EQ(length(30 * 86'400'000LL, 400), 7'200);
  for (const int64_t ms : {1LL, 10'000LL, 86'400'000LL, 2'592'000'000LL, 315'360'000'000LL}) {
    for (const int points : {2, 7, 360, 2'000}) {
      const int64_t step = length(ms, points) * 1000;
      EXPECT_LE((slotStart(kWall + ms - 1, step) - slotStart(kWall, step)) / step + 1, points);
    }
  }
}

TEST(Codec, ComesBackAndIsSmall) {
  base::SeededRandom random(3);
  std::vector<UsageSample> samples;
  for (int i = 0; i < 60; ++i) {
    UsageSample s =
        sample(kWall + i * 10'000, int64_t(random.below(4'000)), (64 << 20) + int64_t(random.below(1 << 20)));
    s.receivedPerSecond = int64_t(random.below(100'000));
    samples.push_back(s);
  }
  UsageSample extreme;
  extreme.time.ms = INT64_MIN / 4;
  extreme.memoryBytes = INT64_MAX / 4;
  extreme.sentPerSecond = INT64_MAX;
  samples.push_back(extreme);
  const ChunkPlace place{0, kWall, 7};
  const std::string bytes = encodeChunk(samples, place) + encodeChunk({samples.data(), 1}, place);
  EXPECT_LT(bytes.size(), 1'000u);
  std::vector<UsageSample> back;
  EXPECT_EQ(decodeChunks(bytes, place, back), 0u);
  samples.push_back(samples.front());
  EXPECT_EQ(back, samples);
  back.clear();
  EXPECT_GT(decodeChunks(bytes, {0, kWall, 8}, back), 0u);
  EXPECT_TRUE(back.empty()) << "what stands in another's place is not read";
}

TEST(Codec, NoFlippedOrTornByteIsReadAsSomethingElse) {
  base::SeededRandom random(4);
  std::vector<UsageSample> samples{sample(kWall, 5, 6), sample(kWall + 10'000, 7, 8)};
  const ChunkPlace place{1, kWall, 3};
  const std::string good = encodeChunk({samples.data(), 1}, place) + encodeChunk({samples.data() + 1, 1}, place);
  const auto isOurs = [&](const UsageSample& s) { return s == samples[0] || s == samples[1]; };
  for (size_t at = 0; at < good.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[at] = char(bad[at] ^ (1 << bit));
      std::vector<UsageSample> back;
      EXPECT_GT(decodeChunks(bad, place, back), 0u);
      EXPECT_LT(back.size(), 2u);
      EXPECT_TRUE(std::all_of(back.begin(), back.end(), isOurs));
    }
    std::vector<UsageSample> back;
    decodeChunks(std::string_view(good).substr(0, at), place, back);
    EXPECT_TRUE(std::all_of(back.begin(), back.end(), isOurs));
  }
  for (int i = 0; i < 20'000; ++i) {
    std::string noise(size_t(random.below(200)), '\0');
    for (char& c : noise) {
      c = char(random.below(256));
    }
    std::vector<UsageSample> back;
    EXPECT_LE(decodeChunks(noise, place, back), noise.size());
    (void)decodeFrame(noise, kWall);
  }
  const auto frame = encodeFrame({{1, samples[0]}, {900, samples[1]}}, kWall);
  const auto read = decodeFrame(frame, kWall);
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[1].first, 900);
  EXPECT_EQ(read[1].second, samples[1]);
  EXPECT_TRUE(decodeFrame(frame, kWall + 1).empty());
}

} // namespace
} // namespace univrs::agent
