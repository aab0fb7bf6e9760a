#include "plugins/runtime-process/log_writer.h"
#include "tests/plugins/process/process_fixture.h"

#include <filesystem>
#include <thread>

namespace univrs::runtime_process::test {
namespace {

TEST_F(ProcessDriverTest, LogsFollowUntilTheEnd) {
  const std::string id = run({"/bin/sh", "-c", "for i in 1 2 3 4 5; do echo n$i; sleep 0.2; done; printf last"});
  std::vector<std::string> seen;
  const auto done = m_driver->logs({id, true, -1, {}, {}},
                                   [&seen](const agent::LogLine& line) {
                                     seen.push_back(line.text);
                                     return true;
                                   },
                                   {});
  EXPECT_TRUE(done.ok());
  EXPECT_EQ(seen, (std::vector<std::string>{"n1", "n2", "n3", "n4", "n5", "last"}));
}

TEST_F(ProcessDriverTest, FollowingCanBeCancelledAndLeft) {
  const std::string id = run({"/bin/sh", "-c", "echo one; sleep 1000"});
  base::CancelSource source;
  std::thread canceller([&source] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    source.cancel();
  });
  const auto done = m_driver->logs(
      {id, true, -1, {}, {}}, [](const agent::LogLine&) { return true; }, source.token());
  canceller.join();
  EXPECT_EQ(done.error().code, base::ErrorCode::Cancelled);
  EXPECT_TRUE(m_driver->logs({id, true, -1, {}, {}}, [](const agent::LogLine&) { return false; }, {}).ok());
}

TEST_F(ProcessDriverTest, TailSinceAndUntil) {
  const std::string id = run({"/bin/sh", "-c", "echo a; echo b; sleep 0.3; echo c; echo d"});
  ended(id);
  std::vector<agent::LogLine> all;
  const auto collect = [&](const agent::LogRequest& wish) {
    all.clear();
    EXPECT_TRUE(m_driver
                    ->logs(wish,
                           [&all](const agent::LogLine& line) {
                             all.push_back(line);
                             return true;
                           },
                           {})
                    .ok());
    std::string text;
    for (const agent::LogLine& line : all) {
      text += line.text;
    }
    return text;
  };
  EXPECT_EQ(collect({id, false, -1, {}, {}}), "abcd");
  const base::Timestamp second = all[1].time;
  const base::Timestamp third = all[2].time;
  EXPECT_EQ(collect({id, false, 3, {}, {}}), "bcd");
  EXPECT_EQ(collect({id, false, 0, {}, {}}), "");
  EXPECT_EQ(collect({id, false, -1, third, {}}), "cd");
  EXPECT_EQ(collect({id, false, -1, {}, second}), "ab");
  EXPECT_EQ(collect({id, true, 1, {}, {}}), "d");
}

TEST_F(ProcessDriverTest, LongLinesAreSplitAndBinaryPasses) {
  const std::string id =
      run({"/bin/sh", "-c", "head -c 40000 /dev/zero | tr '\\0' x; echo; printf 'a\\000b\\377c\\n'; printf '\\n' >&2"});
  ended(id);
  std::string joined;
  bool sawEmptyError = false;
  std::vector<std::string> out;
  ASSERT_TRUE(m_driver
                  ->logs({id, false, -1, {}, {}},
                         [&](const agent::LogLine& line) {
                           EXPECT_LE(line.text.size(), kMaxRecordText);
                           if (line.isStderr) {
                             sawEmptyError = line.text.empty();
                           } else {
                             out.push_back(line.text);
                           }
                           return true;
                         },
                         {})
                  .ok());
  ASSERT_EQ(out.size(), 4U); // 16 Ki, 16 Ki, the rest, binary
  EXPECT_EQ(out[0] + out[1] + out[2], std::string(40'000, 'x'));
  EXPECT_EQ(out[3], std::string("a\0b\377c", 5));
  EXPECT_TRUE(sawEmptyError);
}

TEST_F(ProcessDriverTest, RotationBoundsTheLogAndFollowingGoesThrough) {
  m_settings.logMaxBytes = 100'000;
  m_driver = makeDriver();
  ASSERT_TRUE(m_driver->open().ok());
  // Slow enough for a follower, several times the size of both files.
  const std::string id = run({"/bin/sh", "-c",
                              std::string("for i in 1 2 3 4 5 6 7 8 9 10; do ") + TEST_PROGRAM +
                                  " lines 500 0123456789012345678901234567890123456789; sleep 0.4; done"});
  int count = 0;
  ASSERT_TRUE(m_driver
                  ->logs({id, true, -1, {}, {}},
                         [&count](const agent::LogLine&) {
                           ++count;
                           return true;
                         },
                         {})
                  .ok());
  EXPECT_EQ(count, 5'000);
  const std::filesystem::path folder = m_folder / "containers" / id;
  EXPECT_LE(std::filesystem::file_size(folder / "log"), 100'000U);
  EXPECT_LE(std::filesystem::file_size(folder / "log.1"), 100'000U);
  EXPECT_FALSE(std::filesystem::exists(folder / "log.2"));
  const std::vector<std::string> kept = lines(id);
  ASSERT_FALSE(kept.empty());
  EXPECT_LT(kept.size(), 5'000U);
  EXPECT_EQ(kept.back().substr(0, 9), "line 499 ");
}

} // namespace
} // namespace univrs::runtime_process::test
