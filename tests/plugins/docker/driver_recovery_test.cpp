// The engine dies under the driver.
#include "tests/plugins/docker/driver_fixture.h"

#include <atomic>
#include <thread>

namespace univrs::docker::test {

TEST_F(DriverTest, EngineKilledDuringCallsIsUnavailableAndComesBack) {
  const std::string id = runShell("trap '' TERM; echo up; while true; do sleep 0.2; done");
  std::atomic<int> waiting = 0;
  base::Result<void> followed;
  base::Result<void> watched;
  base::Result<void> stopped;
  std::thread follower([&] {
    agent::LogRequest r;
    r.containerId = id;
    r.follow = true;
    followed = driver->logs(r,
                            [&](const agent::LogLine&) {
                              ++waiting;
                              return true;
                            },
                            {});
  });
  std::thread watcher([&] { watched = driver->events(kNode, [](const agent::EngineEvent&) {}, {}); });
  EXPECT_TRUE(eventually([&] { return waiting > 0; })); // the trap is set
  std::thread stopper([&] { stopped = driver->stop(id, 120'000); });
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  ASSERT_TRUE(engineScript("kill-engine"));
  follower.join();
  watcher.join();
  stopper.join();
  for (const auto* r : {&followed, &watched, &stopped}) {
    ASSERT_FALSE(r->ok());
    EXPECT_EQ(r->error().code, base::ErrorCode::Unavailable) << r->error().text();
  }
  EXPECT_EQ(driver->inspect(id).error().code, base::ErrorCode::Unavailable);
  EXPECT_EQ(driver->open().error().code, base::ErrorCode::Unavailable);
  EXPECT_FALSE(driver->open().error().hint.empty());

  ASSERT_TRUE(engineScript("restart-engine"));
  const auto status = driver->inspect(id);
  ASSERT_TRUE(status.ok()) << status.error().text();
  EXPECT_EQ(status->phase, agent::ContainerPhase::Running) << "containers live on";
  ASSERT_TRUE(driver->open().ok());
  EXPECT_EQ(driver->list(kNode)->size(), 1u);
  const auto again = driver->stop(id, 0);
  EXPECT_TRUE(again.ok()) << again.error().text();
}

TEST_F(DriverTest, NoEngineAtTheForcedSocket) {
  agent::DriverOptions options;
  options.dataFolder = folder;
  options.socket = folder + "/nobody.sock";
  DockerDriver other(options);
  const auto opened = other.open();
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, base::ErrorCode::Unavailable);
  EXPECT_NE(opened.error().why.find("nobody.sock"), std::string::npos);
  EXPECT_EQ(other.inspect("x").error().code, base::ErrorCode::Unavailable);
}

} // namespace univrs::docker::test
