#include "tests/plugins/process/process_fixture.h"

#include <csignal>
#include <thread>

namespace univrs::runtime_process::test {
namespace {

TEST_F(ProcessDriverTest, MemoryOverTheLimitIsAnOomKill) {
  if (!m_info.memoryLimits) {
    GTEST_SKIP() << "no memory cgroup here";
  }
  agent::ContainerRequest wish = request({TEST_PROGRAM, "eat", "200"});
  wish.container.limits.memoryBytes = 48 << 20;
  const std::string id = run(wish);
  const agent::ContainerStatus status = ended(id);
  EXPECT_EQ(status.exitCode, 128 + SIGKILL);
  EXPECT_TRUE(status.oomKilled);
  wish = request({TEST_PROGRAM, "eat", "20"});
  wish.container.limits.memoryBytes = 48 << 20;
  const std::string fits = run(wish);
  ASSERT_TRUE(printed(fits, "full"));
  const auto usage = m_driver->usage(fits);
  ASSERT_TRUE(usage.ok());
  EXPECT_EQ(usage->memoryLimitBytes, 48 << 20);
  EXPECT_GT(usage->memoryBytes, 20 << 20);
  EXPECT_LT(usage->memoryBytes, 48 << 20);
  EXPECT_TRUE(m_driver->stop(fits, 5'000).ok());
  EXPECT_FALSE(m_driver->inspect(fits)->oomKilled);
}

TEST_F(ProcessDriverTest, CpuQuotaThrottles) {
  if (!m_info.cpuLimits) {
    GTEST_SKIP() << "no cpu cgroup here";
  }
  agent::ContainerRequest wish = request({TEST_PROGRAM, "burn"});
  wish.container.limits.cpuMillicores = 200;
  const auto begin = std::chrono::steady_clock::now();
  const std::string id = run(wish);
  agent::Usage usage;
  EXPECT_TRUE(eventually([&] {
    usage = *m_driver->usage(id);
    return usage.cpuNanoseconds > 300'000'000 && usage.throttledNanoseconds > 0;
  }));
  const auto wall =
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - begin).count();
  // 20 % of the time, plus what one period may be over.
  EXPECT_LT(usage.cpuNanoseconds, wall * 3 / 10 + 50'000'000);
  EXPECT_TRUE(m_driver->remove(id).ok());
}

TEST_F(ProcessDriverTest, PidsAreLimited) {
  if (!m_info.pidsLimits) {
    GTEST_SKIP() << "no pids cgroup here";
  }
  agent::ContainerRequest wish = request({TEST_PROGRAM, "forks", "50"});
  wish.container.limits.extended["pids"] = 12;
  const std::string id = run(wish);
  EXPECT_TRUE(printed(id, "forked 11"));
  EXPECT_EQ(m_driver->usage(id)->pids, 12);
  EXPECT_TRUE(m_driver->remove(id).ok());
}

} // namespace
} // namespace univrs::runtime_process::test
