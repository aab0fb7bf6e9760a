// What a log follow shows around a lost connection.
#include "app/cli/log_seam.h"

#include <gtest/gtest.h>

namespace univrs::cli {
namespace {

interfaces::LogEntry line(const std::string& text, int64_t ms, const std::string& container = "c", bool err = false) {
  interfaces::LogEntry entry;
  entry.instanceId = "web-a";
  entry.container = "main";
  entry.containerId = container;
  entry.time = {1'000'000 + ms};
  entry.isStderr = err;
  entry.text = text;
  return entry;
}

std::string shown(LogSeam& seam, std::vector<interfaces::LogEntry> entries) {
  std::string all;
  for (const auto& entry : seam.pass(std::move(entries))) {
    all += entry.text + " ";
  }
  return all;
}

TEST(LogSeam, WithoutALossEverythingPasses) {
  LogSeam seam;
  EXPECT_FALSE(seam.since().has_value());
  EXPECT_EQ(shown(seam, {line("a", 5), line("a", 5), line("b", 3), line("c", 9)}), "a a b c ");
  EXPECT_EQ(shown(seam, {line("a", 5)}), "a ");
}

TEST(LogSeam, EachOutputGoesOnFromItsOwnEnd) {
  LogSeam seam;
  shown(seam, {line("a", 100), line("b", 50, "d"), line("e", 70, "c", true)});
  seam.lost();
  EXPECT_EQ(shown(seam, {line("a", 100), line("late", 60, "d"), line("b", 50, "d"), line("e2", 71, "c", true),
                         line("new", 1, "n"), line("f", 101)}),
            "late e2 new f ");
}

TEST(LogSeam, EqualLinesOfOneMillisecondAreCounted) {
  LogSeam seam;
  shown(seam, {line("x", 7), line("x", 7)});
  seam.lost();
  EXPECT_EQ(shown(seam, {line("x", 7), line("x", 7), line("x", 7), line("y", 7)}), "x y ");
  seam.lost();
  EXPECT_EQ(shown(seam, {line("x", 7), line("x", 7), line("x", 7), line("y", 7), line("z", 8)}), "z ")
      << "a second loss knows the lines of both connections";
}

TEST(LogSeam, AsksForAnOverlapButNotForWhatWasNeverWanted) {
  LogSeam seam;
  shown(seam, {line("a", 0)});
  EXPECT_EQ(seam.since()->ms, 1'000'000);
  shown(seam, {line("a", 60'000)});
  EXPECT_EQ(seam.since()->ms, 1'000'000 + 60'000 - kSeamOverlap.count());
}

TEST(LogSeam, MemoryIsBounded) {
  LogSeam seam;
  for (int n = 0; n < int(kSeamSources) + 50; ++n) {
    seam.pass({line("x", n, "c" + std::to_string(n))});
  }
  for (size_t n = 0; n < kSeamLines + 50; ++n) {
    seam.pass({line("y" + std::to_string(n), 1'000'000, "last")});
  }
  seam.lost();
  EXPECT_EQ(shown(seam, {line("x", 0, "c0")}), "x ") << "the longest silent one was forgotten";
  EXPECT_EQ(shown(seam, {line("y0", 1'000'000, "last")}), "");
}

} // namespace
} // namespace univrs::cli
