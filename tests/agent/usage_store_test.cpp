// The usage history's file: what comes back at which resolution, its bounds, and what damage, kill -9 and a full disk
// do to it. Time is the test's own.
#include "engine/agent/usage_rollup.h"
#include "engine/agent/usage_store.h"
#include "engine/base/log.h"
#include "engine/base/random.h"
#include "tests/store/temp_folder.h"

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <unistd.h>

namespace univrs::agent {
namespace {

using store::test::readAll;
using store::test::TempFolder;
using store::test::writeAll;

constexpr int64_t kSlot = 10'000;
constexpr int64_t kBegin = 1'795'000'200'000 / 86'400'000 * 86'400'000; // a midnight
constexpr int64_t kHour = 3'600'000;
constexpr int64_t kDay = 24 * kHour;

const UsageKey kWeb{UsageKind::Workload, "web"};

// What a series used in a slot: known from its time alone, so that a test can tell any sample from a wrong one.
UsageSample truth(int64_t slot, int salt = 0) {
  UsageSample s;
  s.time.ms = slot;
  s.cpuMillicores = (slot / kSlot * 37 + salt) % 1'000;
  s.memoryBytes = (64 << 20) + (slot / kSlot * 4'096 + salt) % (1 << 20);
  s.receivedPerSecond = (slot / kSlot * 11) % 5'000;
  s.instances = 2;
  return s;
}

struct Store : testing::Test {
  TempFolder folder{TempFolder::On::Memory};
  UsageStoreOptions options;
  std::unique_ptr<UsageStore> store;
  int64_t now = kBegin;

  void SetUp() override {
    base::log::setLevel(base::log::Level::Error);
    open();
  }
  void TearDown() override { base::log::setLevel(base::log::Level::Info); }
  void open() {
    store.reset();
    store = std::make_unique<UsageStore>(folder.path() + "/usage", options);
  }
  base::Result<void> round(const std::vector<UsageKey>& keys) {
    std::vector<MeasuredUsage> measured;
    const int64_t slot = slotStart(now, kSlot) - kSlot;
    for (const UsageKey& key : keys) {
      measured.push_back({key, truth(slot, int(key.id.size()))});
    }
    auto done = store->record(base::Timestamp{now}, base::Timestamp{slot}, measured);
    now += kSlot;
    return done;
  }
  void run(int64_t ms, const std::vector<UsageKey>& keys) {
    for (const int64_t end = now + ms; now < end;) {
      const auto done = round(keys);
      ASSERT_TRUE(done) << done.error().text();
    }
  }
  UsageHistory read(const UsageKey& key, int64_t from, int64_t to, int points = 2'000) {
    auto history = store->read(base::Timestamp{now}, key, base::Timestamp{from}, base::Timestamp{to}, points);
    EXPECT_TRUE(history) << (history ? "" : history.error().text());
    return history ? *history : UsageHistory{};
  }
  int64_t bytes() const { return int64_t(std::filesystem::file_size(store->file())); }
};

TEST_F(Store, AnHourAtTenSecondsAcrossBlocksAndReopening) {
  run(kHour + 5 * 60'000, {kWeb, {UsageKind::Machine, "node"}});
  for (int reopened = 0; reopened < 2; ++reopened) {
    const auto history = read(kWeb, now - kHour - kSlot, now - kSlot);
    EXPECT_EQ(history.stepMs, kSlot);
    ASSERT_EQ(history.samples.size(), 360u);
    for (const UsageSample& s : history.samples) {
      EXPECT_EQ(s, truth(s.time.ms, 3));
    }
    open();
  }
  EXPECT_TRUE(read({UsageKind::Workload, "other"}, kBegin, now).samples.empty());
  EXPECT_TRUE(read({UsageKind::Instance, "web"}, kBegin, now).samples.empty()) << "kinds are apart";
}

TEST_F(Store, TwoDaysAtTenMinutesWithTheSameMeansAndTheUnfinishedBlockToo) {
  run(2 * kDay + 5 * 60'000, {kWeb});
  EXPECT_EQ(read(kWeb, now - kDay, now).stepMs % 60'000, 0);
  const auto day = read(kWeb, now - 2'500 * kSlot, now, 2'000);
  EXPECT_EQ(day.stepMs, 2 * kSlot);
  const auto history = read(kWeb, kBegin, now);
  EXPECT_EQ(history.stepMs, 600'000);
  ASSERT_GE(history.samples.size(), 2u * 144);
  for (const UsageSample& s : history.samples) {
    std::vector<UsageSample> expected;
    for (int64_t t = std::max(s.time.ms, kBegin - kSlot); t < s.time.ms + 600'000 && t < now - kSlot; t += kSlot) {
      expected.push_back(truth(t, 3));
    }
    UsageSample sum = together(expected);
    sum.time = s.time;
    EXPECT_EQ(s, sum);
  }
  EXPECT_LE(read(kWeb, kBegin, now, 50).samples.size(), 50u);
  EXPECT_EQ(read(kWeb, kBegin, now, 1).samples.size(), 1u);
  EXPECT_GT(read(kWeb, 1, now + 365 * kDay, 300).samples.back().time.ms, now - 12 * kHour) << "any range may be asked";
}

TEST_F(Store, WhatIsTooOldGoes) {
  options.fineSlots = 360;  // an hour
  options.coarseSlots = 36; // six
  open();
  run(2 * kHour, {kWeb, {UsageKind::Instance, "old-1"}});
  run(20 * kHour, {kWeb});
  EXPECT_TRUE(read({UsageKind::Instance, "old-1"}, kBegin, now).samples.empty());
  const auto kept = read(kWeb, kBegin, now);
  ASSERT_FALSE(kept.samples.empty());
  EXPECT_GT(kept.samples.front().time.ms, now - 15 * kHour) << "at most one block more than it is to hold";
  EXPECT_LT(bytes(), 300'000);
}

TEST_F(Store, GapsStayGapsAndAClockSetBackOverwrites) {
  run(kHour, {kWeb});
  now += 2 * kHour;
  run(kHour, {kWeb});
  auto history = read(kWeb, kBegin, now);
  for (const UsageSample& s : history.samples) {
    EXPECT_TRUE(s.time.ms < kBegin + kHour || s.time.ms >= kBegin + 3 * kHour - kSlot) << s.time.iso();
  }
  now -= 30 * 60'000;
  run(kHour, {kWeb});
  history = read(kWeb, now - kHour - 30 * 60'000, now);
  for (size_t i = 1; i < history.samples.size(); ++i) {
    EXPECT_GT(history.samples[i].time, history.samples[i - 1].time);
  }
  for (const UsageSample& s : history.samples) {
    EXPECT_EQ(s, truth(s.time.ms, 3));
  }
  // A clock ten years ahead for a while: its samples are not shown and not kept.
  now += 3'650 * kDay;
  run(20 * 60'000, {kWeb});
  now -= 3'650 * kDay;
  run(20 * 60'000, {kWeb});
  open();
  EXPECT_TRUE(round({kWeb}));
  EXPECT_LE(read(kWeb, now - kHour, now + 4'000 * kDay).samples.back().time.ms, now);
}

TEST_F(Store, TheFileIsBoundedAndWhatEndedGoesFirst) {
  options.maxBytes = 2 << 20;
  open();
  std::vector<UsageKey> many;
  for (int i = 0; i < 60; ++i) {
    many.push_back({UsageKind::Instance, "ended-" + std::to_string(i)});
  }
  many.push_back(kWeb);
  run(8 * kHour, many);
  int64_t largest = bytes();
  EXPECT_GT(largest, 1 << 20);
  std::vector<UsageKey> later{kWeb};
  for (int i = 0; i < 20; ++i) {
    later.push_back({UsageKind::Instance, "later-" + std::to_string(i)});
  }
  for (int hour = 0; hour < 12; ++hour) {
    run(kHour, later);
    largest = std::max(largest, bytes());
  }
  EXPECT_LE(largest, options.maxBytes);
  EXPECT_TRUE(read({UsageKind::Instance, "ended-3"}, kBegin, now).samples.empty());
  const auto web = read(kWeb, now - 6 * kHour, now, 2'000);
  EXPECT_EQ(web.stepMs, 2 * kSlot);
  EXPECT_GE(web.samples.size(), 1'079u) << "what runs keeps its past";
  // More at once than the file can hold: everything reaches back less far, and nothing fails.
  many.clear();
  for (int i = 0; i < 200; ++i) {
    many.push_back({UsageKind::Instance, "live-" + std::to_string(i)});
  }
  run(6 * kHour, many);
  EXPECT_LE(bytes(), options.maxBytes);
  EXPECT_FALSE(read({UsageKind::Instance, "live-7"}, now - kHour, now).samples.empty());
}

TEST_F(Store, NumbersOfSeriesAreBounded) {
  options.maxSeries = 50;
  open();
  for (int i = 0; i < 30; ++i) {
    run(30 * 60'000,
        {{UsageKind::Instance, "a-" + std::to_string(i)}, {UsageKind::Instance, "b-" + std::to_string(i)}});
  }
  run(kHour, {kWeb});
  EXPECT_TRUE(read({UsageKind::Instance, "a-0"}, kBegin, now).samples.empty());
  EXPECT_FALSE(read({UsageKind::Instance, "a-29"}, kBegin, now).samples.empty());
}

TEST_F(Store, DamageIsNeverReadAsSomethingElse) {
  run(12 * kHour, {kWeb, {UsageKind::Instance, "web-abc123"}, {UsageKind::Machine, "node"}});
  const std::string path = store->file();
  store.reset();
  const std::string good = readAll(path);
  base::SeededRandom random(11);
  int movedAside = 0;
  int left = 0;
  const int64_t then = now;
  for (int i = 0; i < 300; ++i) {
    std::string bad = good;
    const int flips = 1 + int(random.below(i % 3 == 0 ? 200 : 4));
    for (int f = 0; f < flips; ++f) {
      const size_t at = size_t(random.below(i % 5 == 0 ? 400 : bad.size()));
      bad[at] = char(bad[at] ^ (1 << random.below(8)));
    }
    if (i % 10 == 9) {
      bad.resize(size_t(random.below(bad.size())));
    }
    writeAll(path, bad);
    for (const char* part : {"-wal", ".damaged"}) {
      std::filesystem::remove(path + part);
    }
    now = then;
    open();
    for (const int64_t from : {now - 6 * kHour, kBegin - 2 * kDay}) {
      const auto history = read(kWeb, from, now);
      left += int(history.samples.size());
      for (const UsageSample& s : history.samples) {
        if (history.stepMs == kSlot) {
          EXPECT_EQ(s, truth(s.time.ms, 3));
        } else {
          EXPECT_GE(s.time.ms, kBegin - kHour);
          EXPECT_LT(s.cpuMillicores, 1'000);
          EXPECT_LT(s.memoryBytes, 65 << 20);
        }
      }
    }
    run(21 * 60'000, {kWeb}); // and it goes on
    EXPECT_GE(read(kWeb, now - 20 * 60'000, now).samples.size(), 119u);
    movedAside += std::filesystem::exists(path + ".damaged") ? 1 : 0;
  }
  EXPECT_GT(movedAside, 0);
  EXPECT_GT(left, 0);
}

TEST_F(Store, AFileThatIsNoneOfOursIsMovedAside) {
  std::filesystem::create_directory(folder.path() + "/usage");
  writeAll(store->file(), "this is a letter, not a database, and long enough to be read as one's head");
  EXPECT_TRUE(round({kWeb}));
  EXPECT_TRUE(round({kWeb}));
  EXPECT_EQ(read(kWeb, now - kHour, now).samples.size(), 2u);
  EXPECT_EQ(readAll(store->file() + ".damaged").substr(0, 16), "this is a letter");
}

TEST_F(Store, AFolderThatCannotBeWrittenIsAnErrorAndMemoryIsBounded) {
  writeAll(folder.path() + "/usage", "a file where the folder should be");
  for (int i = 0; i < 500; ++i) {
    const auto done = round({kWeb});
    ASSERT_FALSE(done);
    EXPECT_FALSE(done.error().why.empty());
  }
  std::filesystem::remove(folder.path() + "/usage");
  EXPECT_TRUE(round({kWeb})) << "it goes on by itself";
  const auto history = read(kWeb, kBegin, now, 2'000);
  EXPECT_GE(history.samples.size(), 120u) << "the last minutes were kept";
  EXPECT_LE(history.samples.size(), 181u);
}

TEST(UsageDisk, AFullDiskPausesAndGoesOn) {
  const TempFolder folder;
  const std::string disk = folder.file("disk");
  std::filesystem::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=1m,mode=700") != 0) {
    GTEST_SKIP() << "a small file system cannot be mounted here (needs root)";
  }
  struct Unmount {
    std::string where;
    ~Unmount() { ::umount2(where.c_str(), MNT_DETACH); }
  } unmount{disk};
  int64_t now = kBegin;
  UsageStore store(disk + "/usage", {});
  const auto round = [&](int series) {
    std::vector<MeasuredUsage> measured;
    for (int i = 0; i < series; ++i) {
      measured.push_back({{UsageKind::Instance, "i-" + std::to_string(i)}, truth(now - kSlot)});
    }
    auto done = store.record(base::Timestamp{now}, base::Timestamp{now - kSlot}, measured);
    now += kSlot;
    return done;
  };
  ASSERT_TRUE(round(10));
  writeAll(disk + "/ballast", std::string(700'000, 'x'));
  std::optional<base::Error> error;
  for (int i = 0; i < 1'000 && !error; ++i) {
    if (auto done = round(50); !done) {
      error = done.error();
    }
  }
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, base::ErrorCode::NoSpace) << error->text();
  EXPECT_EQ(error->what, "Usage history is not kept now");
  EXPECT_FALSE(error->hint.empty());
  EXPECT_TRUE(store.read(base::Timestamp{now}, {UsageKind::Instance, "i-0"}, base::Timestamp{now - kHour},
                         base::Timestamp{now}, 360));
  std::filesystem::remove(disk + "/ballast");
  EXPECT_TRUE(round(10));
  const auto history = store.read(base::Timestamp{now}, {UsageKind::Instance, "i-0"}, base::Timestamp{now - 60'000},
                                  base::Timestamp{now}, 360);
  ASSERT_TRUE(history);
  EXPECT_GE(history->samples.size(), 5u);
}

// Records rounds for ever; each is told on the pipe once it is written.
[[noreturn]] void recordForEver(const std::string& folder, int64_t now, int pipe) {
  UsageStore store(folder, {});
  for (;; now += kSlot) {
    std::vector<MeasuredUsage> measured;
    for (int i = 0; i < 20; ++i) {
      measured.push_back({{UsageKind::Instance, "i-" + std::to_string(i)}, truth(now - kSlot, i)});
    }
    if (!store.record(base::Timestamp{now}, base::Timestamp{now - kSlot}, measured)) {
      ::_exit(2);
    }
    if (::write(pipe, &now, sizeof now) != sizeof now) {
      ::_exit(3);
    }
  }
}

TEST(UsageDisk, Kill9LosesNothingThatWasWritten) {
  const TempFolder folder;
  const std::string usage = folder.path() + "/usage";
  base::SeededRandom random(5);
  int64_t now = kBegin;
  for (int kill = 0; kill < 25; ++kill) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(pipe[0]);
      recordForEver(usage, now, pipe[1]);
    }
    ::close(pipe[1]);
    int64_t written = 0;
    if (kill % 8 != 7) {
      ASSERT_EQ(::read(pipe[0], &written, sizeof written), ssize_t(sizeof written));
    }
    const timespec pause{0, long(random.below(40'000'000))};
    ::nanosleep(&pause, nullptr);
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself: " << WEXITSTATUS(status);
    const int64_t before = now;
    for (int64_t told = written; told != 0;) {
      now = told + kSlot;
      told = ::read(pipe[0], &told, sizeof told) == ssize_t(sizeof told) ? told : 0;
    }
    ::close(pipe[0]);
    UsageStore store(usage, {});
    const int64_t from = std::max(before - kSlot, now - 1'900 * kSlot);
    const auto history = store.read(base::Timestamp{now}, {UsageKind::Instance, "i-7"}, base::Timestamp{from},
                                    base::Timestamp{now - kSlot}, 2'000);
    ASSERT_TRUE(history) << history.error().text();
    ASSERT_EQ(history->stepMs, kSlot);
    ASSERT_EQ(int64_t(history->samples.size()), (now - kSlot - from) / kSlot);
    for (const UsageSample& s : history->samples) {
      ASSERT_EQ(s, truth(s.time.ms, 7));
    }
    ASSERT_FALSE(std::filesystem::exists(usage + "/history.db.damaged"));
  }
}

TEST(UsageDisk, AThousandInstancesCostLittle) {
  const TempFolder folder;
  UsageStore store(folder.path() + "/usage", {});
  std::vector<MeasuredUsage> measured;
  for (int i = 0; i < 1'000; ++i) {
    measured.push_back({{UsageKind::Instance, "web-" + std::to_string(100'000 + i)}, {}});
    if (i % 20 == 0) {
      measured.push_back({{UsageKind::Workload, "w-" + std::to_string(i)}, {}});
    }
  }
  const auto cpuMs = [] {
    timespec t{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return double(t.tv_sec) * 1e3 + double(t.tv_nsec) / 1e6;
  };
  constexpr int kRounds = 6 * 60 * 6; // six hours
  int64_t now = kBegin;
  const double begun = cpuMs();
  for (int i = 0; i < kRounds; ++i, now += kSlot) {
    for (size_t k = 0; k < measured.size(); ++k) {
      measured[k].sample = truth(now - kSlot, int(k));
    }
    ASSERT_TRUE(store.record(base::Timestamp{now}, base::Timestamp{now - kSlot}, measured));
  }
  const double aRound = (cpuMs() - begun) / kRounds;
  const double bytesADay = double(std::filesystem::file_size(store.file())) * 4;
  const auto readBegun = std::chrono::steady_clock::now();
  const auto history = store.read(base::Timestamp{now}, {UsageKind::Workload, "w-20"}, base::Timestamp{now - 30 * kDay},
                                  base::Timestamp{now}, 360);
  const std::chrono::duration<double, std::milli> readMs = std::chrono::steady_clock::now() - readBegun;
  ASSERT_TRUE(history);
  EXPECT_FALSE(history->samples.empty());
  std::printf("1,050 series: %.2f ms of CPU a round (%.3f %% of a core), %.0f MB a day, a month read in %.2f ms\n",
              aRound, aRound / 100, bytesADay / 1e6, readMs.count());
  EXPECT_LT(aRound, 100.0) << "1 % of a core";
}

} // namespace
} // namespace univrs::agent
