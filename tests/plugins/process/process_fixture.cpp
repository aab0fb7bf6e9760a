#include "tests/plugins/process/process_fixture.h"

#include "plugins/runtime-process/small_file.h"

#include <chrono>
#include <thread>
#include <unistd.h>

namespace univrs::runtime_process::test {

bool eventually(const std::function<bool()>& condition, int seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

void ProcessDriverTest::SetUp() {
  std::string pattern = (std::filesystem::temp_directory_path() / "univrs-process-XXXXXX").string();
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  m_folder = pattern;
  m_mark = m_folder.filename().string();
  m_settings.shim = TEST_SHIM;
  m_driver = makeDriver();
  const auto info = m_driver->open();
  ASSERT_TRUE(info.ok()) << info.error().text();
  m_info = *info;
}

void ProcessDriverTest::TearDown() {
  m_driver = makeDriver();
  std::vector<std::string> groups;
  if (const auto all = m_driver->list(kNode); all.ok()) {
    for (const agent::ContainerStatus& one : *all) {
      groups.push_back(one.id);
      const auto removed = m_driver->remove(one.id);
      EXPECT_TRUE(removed.ok()) << removed.error().text();
    }
  }
  EXPECT_TRUE(m_driver->list(kNode)->empty());
  EXPECT_TRUE(eventually([this] { return marked().empty(); })) << "processes are left";
  const Cgroups cgroups = Cgroups::detect();
  for (const std::string& id : groups) {
    EXPECT_FALSE(cgroups.usable() && cgroups.exists(id)) << "a cgroup is left";
  }
  EXPECT_TRUE(std::filesystem::is_empty(m_folder / "containers"));
  std::filesystem::remove_all(m_folder);
}

std::unique_ptr<agent::RuntimeDriver> ProcessDriverTest::makeDriver() {
  return makeProcessDriver({kNode, m_folder.string(), {}}, m_settings);
}

agent::ContainerRequest ProcessDriverTest::request(std::vector<std::string> command) {
  agent::ContainerRequest request;
  request.name = "univrs-test-" + std::to_string(m_next++);
  request.labels = {{std::string(agent::kLabelNode), kNode}, {std::string(agent::kLabelInstance), request.name}};
  request.container.command = std::move(command);
  request.container.env["UNIVRS_TEST_MARK"] = m_mark;
  return request;
}

std::string ProcessDriverTest::create(const agent::ContainerRequest& request) {
  const auto id = m_driver->create(request);
  EXPECT_TRUE(id.ok()) << id.error().text();
  return id.ok() ? *id : std::string();
}

std::string ProcessDriverTest::run(const agent::ContainerRequest& request) {
  const std::string id = create(request);
  const auto started = m_driver->start(id);
  EXPECT_TRUE(started.ok()) << started.error().text();
  return id;
}

agent::ContainerStatus ProcessDriverTest::ended(const std::string& id) {
  agent::ContainerStatus result;
  EXPECT_TRUE(eventually([&] {
    const auto status = m_driver->inspect(id);
    if (status.ok()) {
      result = *status;
    }
    return status.ok() && status->phase == agent::ContainerPhase::Exited;
  }));
  return result;
}

std::vector<std::string> ProcessDriverTest::lines(const std::string& id) {
  std::vector<std::string> result;
  const auto done = m_driver->logs({id, false, -1, {}, {}},
                                   [&result](const agent::LogLine& line) {
                                     result.push_back(line.text);
                                     return true;
                                   },
                                   {});
  EXPECT_TRUE(done.ok());
  return result;
}

bool ProcessDriverTest::printed(const std::string& id, const std::string& text) {
  return eventually([&] {
    for (const std::string& line : lines(id)) {
      if (line.find(text) != std::string::npos) {
        return true;
      }
    }
    return false;
  });
}

std::vector<pid_t> ProcessDriverTest::marked() const {
  std::vector<pid_t> result;
  for (const ProcessEntry& entry : allProcesses()) {
    if (entry.state == 'Z') {
      continue;
    }
    const std::string base = "/proc/" + std::to_string(entry.pid);
    const std::string environment = readSmallFile(base + "/environ").value_or("");
    const std::string command = readSmallFile(base + "/cmdline").value_or(""); // shims name the folder there
    if (environment.find(m_mark) != std::string::npos || command.find(m_mark) != std::string::npos) {
      result.push_back(entry.pid);
    }
  }
  return result;
}

} // namespace univrs::runtime_process::test
