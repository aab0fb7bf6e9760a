// A driver with a folder of its own per test, and the assertion that nothing is left afterwards.
#pragma once

#include "plugins/runtime-process/cgroup.h"
#include "plugins/runtime-process/process_driver.h"
#include "plugins/runtime-process/process_tree.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace univrs::runtime_process::test {

bool eventually(const std::function<bool()>& condition, int seconds = 60);
inline constexpr const char* kNode = "12D3KooWTest";

class ProcessDriverTest : public ::testing::Test {
protected:
  void SetUp() override;
  void TearDown() override; // removes all, then looks for what is left

  std::unique_ptr<agent::RuntimeDriver> makeDriver();
  agent::ContainerRequest request(std::vector<std::string> command);
  std::string create(const agent::ContainerRequest& request);
  std::string run(const agent::ContainerRequest& request); // create and start
  std::string run(std::vector<std::string> command) { return run(request(std::move(command))); }
  agent::ContainerStatus ended(const std::string& id); // waits for its end
  std::vector<std::string> lines(const std::string& id);
  bool printed(const std::string& id, const std::string& text);
  // Pids of living processes whose environment has this test's mark.
  [[nodiscard]] std::vector<pid_t> marked() const;

  ProcessDriverSettings m_settings;
  std::filesystem::path m_folder;
  std::string m_mark;
  std::unique_ptr<agent::RuntimeDriver> m_driver;
  model::EngineInfo m_info;
  int m_next = 0;
};

} // namespace univrs::runtime_process::test
