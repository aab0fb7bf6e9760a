// What the tests against a real engine share: an open driver, containers that are removed after each test, waiting.
#pragma once

#include "plugins/runtime-docker/docker_driver.h"
#include "tests/plugins/docker/engine_environment.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace univrs::docker::test {

inline constexpr const char* kNode = "12D3KooWTestNode";

// Asks until it is so or a generous deadline is over.
bool eventually(const std::function<bool()>& condition, std::chrono::seconds deadline = std::chrono::seconds(60));

model::ImageReference image(const std::string& text);

class DriverTest : public testing::Test {
protected:
  void SetUp() override;
  void TearDown() override;

  // A request for `args` (a shell line when there is one element) in the local test image.
  agent::ContainerRequest request(const std::vector<std::string>& args);
  std::string create(const agent::ContainerRequest& r);
  std::string run(const agent::ContainerRequest& r); // create and start; "" when it failed
  std::string runShell(const std::string& line) { return run(request({"sh", "-c", line})); }
  agent::ContainerStatus waitForExit(const std::string& id);
  std::vector<agent::LogLine> logsOf(const std::string& id, int tail = -1);

  DockerDriver* driver = nullptr; // one for all tests: opening Podman takes a second
  std::string folder;
  agent::ImageInfo local;
  std::vector<std::string> made;
  int counter = 0;
};

} // namespace univrs::docker::test
