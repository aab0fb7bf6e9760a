// Limits must be real: each is run into.
#include "tests/plugins/docker/driver_fixture.h"

#include <fstream>
#include <thread>

namespace univrs::docker::test {

namespace {
constexpr int64_t kMiB = 1 << 20;
}

TEST_F(DriverTest, OutOfMemoryIsTold) {
  auto r = request({"tail", "/dev/zero"});
  r.container.limits.memoryBytes = 32 * kMiB;
  for (int i = 0; i < 3; ++i) { // it ends within milliseconds: the watch must already be there
    r.name += "x";
    const auto ended = waitForExit(run(r));
    EXPECT_EQ(ended.exitCode, 137);
    EXPECT_TRUE(ended.oomKilled);
  }
}

TEST_F(DriverTest, OutOfMemoryOfAnAdoptedContainerIsTold) {
  auto r = request({"sh", "-c", "while [ ! -e /go/now ]; do sleep 0.1; done; exec tail /dev/zero"});
  r.container.limits.memoryBytes = 32 * kMiB;
  const std::string flag = environment().folder + "/flag";
  shell("mkdir -p " + flag);
  r.container.mounts = {{model::MountType::Bind, flag, "/go", false, 0}};
  const std::string id = run(r);

  agent::DriverOptions options;
  options.dataFolder = folder;
  options.socket = environment().socket;
  DockerDriver restarted(options); // as after a restart of the node
  driver = &restarted;
  ASSERT_TRUE(driver->open().ok());
  ASSERT_EQ(driver->list(kNode)->size(), 1u);
  shell("touch " + flag + "/now");
  const auto ended = waitForExit(id);
  EXPECT_EQ(ended.exitCode, 137);
  EXPECT_TRUE(ended.oomKilled);
  EXPECT_TRUE(driver->remove(id).ok());
  driver = nullptr;
}

TEST_F(DriverTest, OutOfMemoryWhileNobodyWatchedIsReadFromTheKernelLog) {
  if (!std::ifstream("/dev/kmsg")) {
    GTEST_SKIP() << "the kernel's log may not be read here";
  }
  auto r = request({"sh", "-c", "sleep 1; exec tail /dev/zero"});
  r.container.limits.memoryBytes = 32 * kMiB;
  const std::string id = run(r);
  agent::DriverOptions options;
  options.dataFolder = folder;
  options.socket = environment().socket;
  DockerDriver restarted(options); // sees it only after it ended
  ASSERT_TRUE(restarted.open().ok());
  waitForExit(id);
  const auto seen = restarted.inspect(id);
  ASSERT_TRUE(seen.ok());
  EXPECT_TRUE(seen->oomKilled);
}

TEST_F(DriverTest, KilledWithoutOomIsNotCalledOom) {
  auto r = request({"sleep", "1000"});
  r.container.limits.memoryBytes = 32 * kMiB;
  const std::string id = run(r);
  ASSERT_TRUE(driver->stop(id, 0).ok());
  const auto ended = waitForExit(id);
  EXPECT_EQ(ended.exitCode, 137);
  EXPECT_FALSE(ended.oomKilled);
}

TEST_F(DriverTest, RestartAfterOomForgetsIt) {
  auto r = request({"sh", "-c", "if [ -e /once ]; then exit 5; fi; touch /once; exec tail /dev/zero"});
  r.container.limits.memoryBytes = 32 * kMiB;
  const std::string id = run(r);
  EXPECT_TRUE(waitForExit(id).oomKilled);
  ASSERT_TRUE(driver->start(id).ok());
  EXPECT_TRUE(eventually([&] { return driver->inspect(id)->exitCode == 5; }));
  EXPECT_FALSE(waitForExit(id).oomKilled);
}

TEST_F(DriverTest, CpuLimitThrottles) {
  auto r = request({"sh", "-c", "while true; do :; done"});
  r.container.limits.cpuMillicores = 200;
  r.container.requests.cpuMillicores = 100;
  const std::string id = run(r);
  ASSERT_TRUE(eventually([&] { return driver->usage(id).ok(); }));
  const auto first = driver->usage(id);
  std::this_thread::sleep_for(std::chrono::seconds(3));
  const auto second = driver->usage(id);
  ASSERT_TRUE(first.ok() && second.ok());
  const double wall = double((second->time - first->time).count()) * 1e6;
  const double share = double(second->cpuNanoseconds - first->cpuNanoseconds) / wall;
  // Less is possible on a busy machine, more is not.
  EXPECT_LT(share, 0.35);
  EXPECT_GT(second->cpuNanoseconds, first->cpuNanoseconds);
  // On a machine busy with other work it may take a while until it gets as much as it may not have.
  EXPECT_TRUE(eventually([&] { return driver->usage(id)->throttledNanoseconds > 0; }));
}

TEST_F(DriverTest, ProcessesAreLimited) {
  const std::string id = runShell("i=0; while [ $i -lt 4300 ]; do sleep 1000 & i=$((i+1)); done; echo all");
  EXPECT_NE(waitForExit(id).exitCode, 0);
  bool refused = false;
  for (const auto& line : logsOf(id)) {
    refused = refused || line.text.find("can't fork") != std::string::npos;
    EXPECT_NE(line.text, "all");
  }
  EXPECT_TRUE(refused);
}

TEST_F(DriverTest, UsageOfARunningContainer) {
  auto r = request({"sh", "-c", "sleep 1000 & sleep 1000"});
  r.network = model::NetworkMode::Bridge;
  r.container.limits.memoryBytes = 64 * kMiB;
  const std::string id = run(r);
  base::Result<agent::Usage> usage = driver->usage(id);
  ASSERT_TRUE(usage.ok()) << usage.error().text();
  EXPECT_TRUE(eventually([&] {
    usage = driver->usage(id);
    return usage && usage->pids >= 2 && usage->memoryBytes > 0;
  }));
  EXPECT_EQ(usage->memoryLimitBytes, 64 * kMiB);
  EXPECT_LT(usage->memoryBytes, 64 * kMiB);
  EXPECT_GT(usage->cpuNanoseconds, 0);
  EXPECT_TRUE(usage->time.isSet());

  const auto free = driver->usage(runShell("sleep 1000"));
  ASSERT_TRUE(free.ok());
  EXPECT_EQ(free->memoryLimitBytes, 0);

  ASSERT_TRUE(driver->stop(id, 0).ok());
  usage = driver->usage(id);
  ASSERT_FALSE(usage.ok());
  EXPECT_EQ(usage.error().code, base::ErrorCode::Conflict) << usage.error().text();
  EXPECT_EQ(driver->usage("feedfeedfeed").error().code, base::ErrorCode::NotFound);
}

} // namespace univrs::docker::test
