// kill -9 in the middle of writing, over and over: what was acknowledged is there, transactions are whole.
#include "engine/base/random.h"
#include "engine/store/store_options.h"
#include "tests/store/temp_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <ctime>
#include <unistd.h>

namespace univrs::store::test {
namespace {

constexpr int kKills = 40;
constexpr int64_t kRing = 50; // keys /a/0…49 and /b/0…49 are written in turn

// Writes for ever: one transaction per number, acknowledged on the pipe once it is durable.
[[noreturn]] void writeForEver(const std::string& path, int pipe) {
  StoreOptions options;
  options.keptRevisions = 100; // so that compaction is interrupted too
  auto store = openSqliteStore(path, options);
  if (!store) {
    ::_exit(2);
  }
  const auto last = (*store)->get("/counter").value();
  int64_t counterRevision = last ? last->modRevision : 0;
  for (int64_t n = last ? std::stoll(last->value) + 1 : 1;; ++n) {
    const std::string value = std::to_string(n);
    const std::string slot = std::to_string(n % kRing);
    const std::string padded = value + std::string(static_cast<size_t>(n * 37 % 6'000), '.');
    auto done = (*store)->transact({{"/counter", counterRevision}},
                                   {Op::put("/counter", value), Op::put("/a/" + slot, padded),
                                    Op::put("/b/" + slot, padded), Op::remove("/a/" + std::to_string((n + 1) % kRing)),
                                    Op::remove("/b/" + std::to_string((n + 1) % kRing))});
    if (!done) {
      ::_exit(3);
    }
    counterRevision = *done;
    if (::write(pipe, &n, sizeof n) != sizeof n) {
      ::_exit(4);
    }
  }
}

TEST(SqliteCrash, EveryAcknowledgedWriteSurvivesKill9) {
  const TempFolder folder;
  const std::string path = folder.file("state.db");
  base::SeededRandom random(5);
  int64_t acknowledged = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(pipe[0]);
      writeForEver(path, pipe[1]);
    }
    ::close(pipe[1]);
    int64_t number = 0;
    // Some kills come while the child still opens, most after it began to write.
    if (kill % 8 != 7) {
      ASSERT_EQ(::read(pipe[0], &number, sizeof number), static_cast<ssize_t>(sizeof number));
      acknowledged = number;
    }
    const timespec pause{0, static_cast<long>(random.below(40'000'000))};
    ::nanosleep(&pause, nullptr);
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself: " << WEXITSTATUS(status);
    while (::read(pipe[0], &number, sizeof number) == static_cast<ssize_t>(sizeof number)) {
      acknowledged = number;
    }
    ::close(pipe[0]);

    auto store = openSqliteStore(path);
    ASSERT_TRUE(store) << store.error().text();
    const auto counter = (*store)->get("/counter").value();
    if (!counter) {
      ASSERT_EQ(acknowledged, 0);
      continue;
    }
    const int64_t reached = std::stoll(counter->value);
    ASSERT_GE(reached, acknowledged) << "an acknowledged write is gone";
    ASSERT_LE(reached, acknowledged + 1) << "at most the last was durable but not yet acknowledged";
    acknowledged = reached;
    for (int64_t slot = 0; slot < kRing; ++slot) {
      const auto a = (*store)->get("/a/" + std::to_string(slot)).value();
      const auto b = (*store)->get("/b/" + std::to_string(slot)).value();
      ASSERT_EQ(a.has_value(), b.has_value()) << "a transaction was torn";
      if (a) {
        ASSERT_EQ(a->value, b->value);
        ASSERT_EQ(a->modRevision, b->modRevision);
      }
      const int64_t age = ((reached - slot) % kRing + kRing) % kRing; // writes since this slot's turn
      ASSERT_EQ(a.has_value(), age != kRing - 1 && reached - age > 0) << "slot " << slot << " after " << reached;
    }
  }
  EXPECT_GT(acknowledged, kKills);
}

} // namespace
} // namespace univrs::store::test
