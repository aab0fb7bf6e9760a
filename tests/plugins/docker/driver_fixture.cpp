#include "tests/plugins/docker/driver_fixture.h"

#include <filesystem>
#include <thread>

namespace univrs::docker::test {

bool eventually(const std::function<bool()>& condition, std::chrono::seconds deadline) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

model::ImageReference image(const std::string& text) {
  auto parsed = model::parseImageReference(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed ? *parsed : model::ImageReference();
}

void DriverTest::SetUp() {
  if (!environment().ready) {
    GTEST_SKIP() << environment().skipReason;
  }
  folder = environment().folder + "/driver";
  std::filesystem::create_directories(folder);
  static std::unique_ptr<DockerDriver> shared;
  if (!shared) {
    agent::DriverOptions options;
    options.nodeId = kNode;
    options.dataFolder = folder;
    options.socket = environment().socket;
    auto fresh = std::make_unique<DockerDriver>(options);
    const auto opened = fresh->open();
    ASSERT_TRUE(opened.ok()) << opened.error().text();
    shared = std::move(fresh);
  }
  driver = shared.get();
  const auto pulled = driver->pull({image(environment().localImage), model::PullPolicy::IfNotPresent}, {}, {});
  ASSERT_TRUE(pulled.ok()) << pulled.error().text();
  local = *pulled;
}

void DriverTest::TearDown() {
  if (driver == nullptr) {
    return;
  }
  for (const std::string& id : made) {
    const auto r = driver->remove(id);
    EXPECT_TRUE(r.ok()) << (r ? "" : r.error().text());
  }
}

agent::ContainerRequest DriverTest::request(const std::vector<std::string>& args) {
  agent::ContainerRequest r;
  const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  r.name = "univrs-" + test + "-" + std::to_string(++counter);
  r.labels = {{std::string(agent::kLabelNode), kNode},
              {std::string(agent::kLabelInstance), test},
              {std::string(agent::kLabelContainer), "main"}};
  r.image = local;
  r.container.name = "main";
  r.container.args = args;
  r.network = model::NetworkMode::None;
  r.stopGraceMs = 1000;
  return r;
}

std::string DriverTest::create(const agent::ContainerRequest& r) {
  auto id = driver->create(r);
  EXPECT_TRUE(id.ok()) << (id ? "" : id.error().text());
  if (!id) {
    return {};
  }
  made.push_back(*id);
  return *id;
}

std::string DriverTest::run(const agent::ContainerRequest& r) {
  const std::string id = create(r);
  if (!id.empty()) {
    const auto started = driver->start(id);
    EXPECT_TRUE(started.ok()) << (started ? "" : started.error().text());
  }
  return id;
}

agent::ContainerStatus DriverTest::waitForExit(const std::string& id) {
  agent::ContainerStatus last;
  EXPECT_TRUE(eventually([&] {
    auto s = driver->inspect(id);
    if (s) {
      last = *s;
    }
    return s && s->phase == agent::ContainerPhase::Exited;
  }));
  return last;
}

std::vector<agent::LogLine> DriverTest::logsOf(const std::string& id, int tail) {
  std::vector<agent::LogLine> lines;
  agent::LogRequest r;
  r.containerId = id;
  r.tail = tail;
  const auto done = driver->logs(r,
                                 [&](const agent::LogLine& line) {
                                   lines.push_back(line);
                                   return true;
                                 },
                                 {});
  EXPECT_TRUE(done.ok()) << (done ? "" : done.error().text());
  return lines;
}

} // namespace univrs::docker::test
