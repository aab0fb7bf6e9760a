#include "engine/agent/thread_group.h"
#include "engine/agent/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace univrs::agent {
namespace {

using namespace std::chrono_literals;

template <class Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

TEST(WorkerPoolTest, RunsEverythingOnABoundedNumberOfThreads) {
  std::atomic<int> done = 0, now = 0, most = 0;
  {
    WorkerPool pool(3);
    for (int i = 0; i < 200; ++i) {
      pool.run([&] {
        const int n = ++now;
        int seen = most;
        while (n > seen && !most.compare_exchange_weak(seen, n)) {
        }
        std::this_thread::yield();
        --now;
        ++done;
      });
    }
    EXPECT_TRUE(eventually([&] { return done == 200; }));
  }
  EXPECT_LE(most, 3);
}

TEST(WorkerPoolTest, ThreadsEndWhenIdle) {
  WorkerPool pool(4, 5ms);
  EXPECT_EQ(pool.threads(), 0u);
  std::atomic<int> done = 0;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 8; ++i) {
      pool.run([&] { ++done; });
    }
    EXPECT_TRUE(eventually([&] { return pool.threads() == 0; }));
  }
  EXPECT_EQ(done, 24);
}

TEST(WorkerPoolTest, ClosingDropsWhatHasNotBegun) {
  std::mutex mutex;
  std::condition_variable wake;
  bool go = false;
  std::atomic<int> begun = 0;
  WorkerPool pool(1);
  for (int i = 0; i < 10; ++i) {
    pool.run([&] {
      ++begun;
      std::unique_lock lock(mutex);
      wake.wait(lock, [&] { return go; });
    });
  }
  EXPECT_TRUE(eventually([&] { return begun == 1; }));
  pool.close();
  EXPECT_FALSE(pool.run([] {}));
  {
    const std::lock_guard lock(mutex);
    go = true;
    wake.notify_all();
  }
  pool.join();
  EXPECT_EQ(begun, 1);
}

TEST(ThreadGroupTest, HasALimitAndReapsEndedThreads) {
  ThreadGroup group(2);
  std::atomic<bool> go = false;
  const auto wait = [&] {
    while (!go) {
      std::this_thread::sleep_for(1ms);
    }
  };
  EXPECT_TRUE(group.run(wait));
  EXPECT_TRUE(group.run(wait));
  EXPECT_FALSE(group.run(wait));
  go = true;
  EXPECT_TRUE(eventually([&] { return group.running() == 0; }));
  EXPECT_TRUE(group.run([] {}));
  group.join();
  EXPECT_FALSE(group.run([] {}));
}

} // namespace
} // namespace univrs::agent
