// The agent with the real process driver, loaded as the plugin it is: programs killed from outside come back, and an
// agent that was killed finds its programs again.
#include "engine/agent/driver_loader.h"
#include "tests/agent/agent_fixture_parts.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

namespace univrs::agent::test {
namespace {

using model::InstanceState;

struct AgentProcessTest : testing::Test {
  static void SetUpTestSuite() {
    qputenv("UNIVRS_SHIM", TEST_SHIM);
    static int argc = 1;
    static char name[] = "agent_process_test";
    static char* argv[] = {name, nullptr};
    static QCoreApplication app(argc, argv);
  }
  const model::InstanceId id{"sleeper-abc123"};
  QtExecutor executor;
  base::SystemClock clock;
  base::SystemRandom random;
  QTemporaryDir folder;
  std::string path = folder.path().toStdString();
  std::unique_ptr<RuntimeDriver> look; // a second view of the same engine
  InstanceReport last;
  std::unique_ptr<Agent> agent;

  void SetUp() override {
    auto driver = load();
    ASSERT_TRUE(driver) << driver.error().text();
    look = std::move(*driver);
    const auto info = look->open();
    ASSERT_TRUE(info) << info.error().text();
  }
  void TearDown() override {
    agent.reset();
    if (look) {
      if (const auto all = look->list("node")) {
        for (const auto& c : *all) {
          EXPECT_TRUE(look->remove(c.id));
        }
      }
    }
  }
  base::Result<std::unique_ptr<RuntimeDriver>> load() {
    return chooseDriver("process", processOptions(path), {TEST_PLUGINS});
  }
  void make() {
    AgentCallbacks callbacks;
    callbacks.onReport = [this](const InstanceReport& r) { last = r; };
    auto driver = load();
    ASSERT_TRUE(driver) << driver.error().text();
    agent = makeAgent(agentOptions(path), std::move(*driver), callbacks, executor, clock, random, base::noMetrics());
    agent->start();
  }
  template <class Condition>
  bool eventually(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) {
        return false;
      }
      QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
  }
  std::vector<ContainerStatus> running() {
    std::vector<ContainerStatus> out;
    if (const auto all = look->list("node")) {
      for (const auto& c : *all) {
        if (c.phase == ContainerPhase::Running) {
          out.push_back(c);
        }
      }
    }
    return out;
  }
};

TEST_F(AgentProcessTest, AKilledProgramIsReplaced) {
  make();
  agent->setAssignments({sleeper()}, 1);
  ASSERT_TRUE(eventually([&] { return last.state == InstanceState::Running && running().size() == 1; }))
      << last.message;
  const ContainerStatus before = running().at(0);
  ASSERT_GT(before.pid, 1);
  ASSERT_EQ(::kill(before.pid, SIGKILL), 0);
  ASSERT_TRUE(eventually([&] {
    const auto now = running();
    return now.size() == 1 && now[0].id != before.id && last.state == InstanceState::Running && last.restarts == 1;
  })) << last.message;
  EXPECT_NE(last.message.find("SIGKILL"), std::string::npos) << last.message;

  std::string text;
  Agent::LogsRequest request;
  request.instanceId = id;
  const auto logs = agent->logs(request, {[&](auto lines) {
                                            for (auto& l : lines) {
                                              text += l.line.text + "\n";
                                            }
                                          },
                                          {}});
  EXPECT_TRUE(eventually([&] { return text == "hello\n"; })) << text;

  agent->setAssignments({}, 2);
  ASSERT_TRUE(eventually([&] { return last.gone; }));
  EXPECT_TRUE(look->list("node")->empty());
}

TEST_F(AgentProcessTest, AKilledAgentFindsItsProgramsAgain) {
  QProcess holder;
  holder.setProcessChannelMode(QProcess::ForwardedErrorChannel);
  holder.start(QStringLiteral(TEST_HOLDER), {folder.path(), QStringLiteral(TEST_PLUGINS)});
  QByteArray said;
  ASSERT_TRUE(eventually([&] {
    said += holder.readAllStandardOutput();
    return said.contains("running ") && said.endsWith('\n');
  })) << said.constData();
  ASSERT_EQ(running().size(), 1u);
  const ContainerStatus before = running().at(0);
  ASSERT_EQ(::kill(static_cast<pid_t>(holder.processId()), SIGKILL), 0);
  ASSERT_TRUE(holder.waitForFinished());
  ASSERT_EQ(running().size(), 1u) << "programs outlive the agent";
  EXPECT_EQ(running().at(0).pid, before.pid);

  make();
  ASSERT_TRUE(eventually([&] { return last.state == InstanceState::Running && last.ready; })) << last.message;
  EXPECT_EQ(last.containers.at(0).containerId, before.id);
  EXPECT_EQ(last.restarts, 0);
  EXPECT_EQ(running().at(0).pid, before.pid);
  ASSERT_EQ(::kill(before.pid, SIGKILL), 0);
  EXPECT_TRUE(
      eventually([&] { return running().size() == 1 && running()[0].pid != before.pid && last.restarts == 1; }));
}

} // namespace
} // namespace univrs::agent::test
