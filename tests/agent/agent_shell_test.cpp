// The agent as a whole: threads, files, back-pressure, cancelling, with a driver that lives in the test.
#include "engine/agent/agent.h"
#include "engine/agent/driver_loader.h"
#include "engine/agent/image_loads.h"
#include "tests/agent/agent_fixture_parts.h"
#include "tests/agent/test_driver.h"

#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <mutex>

namespace univrs::agent::test {
namespace {

using namespace std::chrono_literals;
using model::InstanceState;

struct AgentShellTest : testing::Test {
  static void SetUpTestSuite() {
    static int argc = 1;
    static char name[] = "agent_shell_test";
    static char* argv[] = {name, nullptr};
    static QCoreApplication app(argc, argv);
  }
  QtExecutor executor;
  base::SystemClock clock;
  base::SystemRandom random;
  QTemporaryDir folder;
  std::shared_ptr<TestEngine> engine = std::make_shared<TestEngine>();
  std::vector<InstanceReport> reports;
  std::map<model::InstanceId, InstanceReport> last;
  std::vector<model::Operation> operations;
  std::vector<model::Event> events;
  bool engineUp = false;
  std::unique_ptr<Agent> agent;

  void SetUp() override { make(); }
  void TearDown() override { agent.reset(); }
  void make() {
    AgentOptions options;
    options.nodeId = "node";
    options.dataFolder = folder.path().toStdString();
    options.backoffFirstMs = 20;
    options.resyncMs = 300;
    options.usageIntervalMs = 100;
    AgentCallbacks callbacks;
    callbacks.onReport = [this](const InstanceReport& r) {
      reports.push_back(r);
      last[r.instanceId] = r;
    };
    callbacks.onOperation = [this](const model::Operation& o) { operations.push_back(o); };
    callbacks.onEvent = [this](const model::Event& e) { events.push_back(e); };
    callbacks.onEngine = [this](bool up, const std::string&, const model::EngineInfo&) { engineUp = up; };
    last.clear();
    agent =
        makeAgent(options, std::make_unique<TestDriver>(engine), callbacks, executor, clock, random, base::noMetrics());
    agent->start();
  }
  template <class Condition>
  bool eventually(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) {
        return false;
      }
      QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
      std::this_thread::sleep_for(1ms);
    }
    return true;
  }
  static Assignment assignment(const std::string& id) {
    Assignment a;
    a.instanceId = model::InstanceId(id);
    a.workloadId = model::WorkloadId("w");
    a.templateHash = "t";
    a.spec.name = id;
    model::Container c;
    c.name = "main";
    c.image = "nginx:1";
    a.spec.containers.push_back(c);
    return a;
  }
  bool isRunning(const std::string& id) { return last[model::InstanceId(id)].state == InstanceState::Running; }
};

TEST_F(AgentShellTest, RunsRestartsAndStops) {
  agent->setAssignments({assignment("a"), assignment("b")}, 1);
  ASSERT_TRUE(eventually([&] { return isRunning("a") && isRunning("b"); }));
  engine->exit(engine->running().at(0), 1);
  ASSERT_TRUE(eventually([&] { // Which of the two was hit depends on which was created first.
    return engine->running().size() == 2 &&
           last[model::InstanceId("a")].restarts + last[model::InstanceId("b")].restarts == 1;
  }));
  agent->setAssignments({assignment("b")}, 2);
  ASSERT_TRUE(eventually([&] { return engine->count() == 1 && last[model::InstanceId("a")].gone; }));
  EXPECT_EQ(agent->reports().size(), 1u);
}

TEST_F(AgentShellTest, GoesOnFromItsFileAndTheContainersThere) {
  agent->setAssignments({assignment("a")}, 1);
  ASSERT_TRUE(eventually([&] { return isRunning("a"); }));
  const auto before = engine->running();
  agent.reset();
  EXPECT_EQ(engine->running(), before) << "an agent that ends leaves workloads alone";
  make();
  ASSERT_TRUE(eventually([&] { return isRunning("a"); }));
  EXPECT_EQ(engine->running(), before);
  engine->exit(before.at(0), 1);
  EXPECT_TRUE(eventually([&] { return engine->running().size() == 1 && engine->running() != before; }));
}

TEST_F(AgentShellTest, ADamagedFileLeavesContainersRunning) {
  agent->setAssignments({assignment("a")}, 1);
  ASSERT_TRUE(eventually([&] { return isRunning("a"); }));
  const auto before = engine->running();
  agent.reset();
  QFile file(folder.filePath(QStringLiteral("assignments.json")));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write("{\"version\":1,\"inst");
  file.close();
  make();
  ASSERT_TRUE(eventually([&] { return engineUp; }));
  eventually([n = 0]() mutable { return ++n > 50; });
  EXPECT_EQ(engine->running(), before);
  agent->setAssignments({assignment("a")}, 1);
  ASSERT_TRUE(eventually([&] { return isRunning("a"); }));
  EXPECT_EQ(engine->running(), before);
}

TEST_F(AgentShellTest, KeepsAUsageHistoryAndDoesNotWaitForAContainerThatHangs) {
  std::mutex mutex;
  std::condition_variable change;
  std::map<std::string, int> under; // calls under way, by container
  std::string hanging;
  bool letGo = false;
  int twice = 0;
  const auto letAllGo = [&] {
    const std::lock_guard lock(mutex);
    letGo = true;
    change.notify_all();
  };
  // However the test ends: threads that use what stands here end first.
  struct AtEnd {
    std::function<void()> work;
    ~AtEnd() { work(); }
  } atEnd{[&] {
    letAllGo();
    agent.reset();
    engine->usage = nullptr;
  }};
  const auto begun = std::chrono::steady_clock::now();
  engine->usage = [&](const std::string& id) -> base::Result<Usage> {
    std::unique_lock lock(mutex);
    twice += ++under[id] > 1 ? 1 : 0;
    hanging = hanging.empty() ? id : hanging;
    if (id == hanging) {
      change.wait(lock, [&] { return letGo; });
    }
    --under[id];
    Usage u; // a quarter of a core since the test began
    u.cpuNanoseconds = (std::chrono::steady_clock::now() - begun) / std::chrono::nanoseconds(1) / 4;
    u.memoryBytes = 1'000;
    return u;
  };
  agent->setAssignments({assignment("a"), assignment("b")}, 1);
  ASSERT_TRUE(eventually([&] { return isRunning("a") && isRunning("b"); }));
  const UsageKey a{UsageKind::Instance, "a"};
  const UsageKey b{UsageKind::Instance, "b"};
  const UsageKey workload{UsageKind::Workload, "w"};
  const UsageKey machine{UsageKind::Machine, "node"};
  std::vector<UsageHistory> last(4);
  const auto read = [&] {
    bool answered = false;
    agent->usageHistory({{a, b, workload, machine}, {}, {}, 2'000}, [&](base::Result<std::vector<UsageHistory>> r) {
      ASSERT_TRUE(r) << r.error().text();
      last = *r;
      answered = true;
    });
    EXPECT_FALSE(answered) << "a reply inside the call";
    EXPECT_TRUE(eventually([&] { return answered; }));
  };
  const auto measured = [&](size_t i) { return last[i].samples.size(); };
  ASSERT_TRUE(eventually([&] {
    read();
    return measured(0) + measured(1) > 2 && measured(2) > 2 && measured(3) > 2;
  })) << measured(0)
      << " " << measured(1) << " " << measured(2) << " " << measured(3);
  EXPECT_TRUE(measured(0) == 0 || measured(1) == 0) << "one of them hangs";
  EXPECT_EQ(last[2].samples.back().instances, 1);
  EXPECT_EQ(last[2].samples.back().memoryBytes, 1'000);
  EXPECT_GT(last[2].samples.back().cpuMillicores, 0) << "250 but for how late threads are woken";
  EXPECT_LT(last[2].samples.back().cpuMillicores, 4'000);
  EXPECT_GT(last[3].samples.back().memoryBytes, 0);
  letAllGo();
  EXPECT_TRUE(eventually([&] {
    read();
    return !last[2].samples.empty() && last[2].samples.back().instances == 2;
  }));
  engine->exit(engine->running().at(0), 1);
  EXPECT_TRUE(eventually([&] {
    read();
    int64_t restarts = 0;
    for (const UsageSample& s : last[2].samples) {
      restarts += s.restarts;
    }
    return restarts == 1;
  }));
  const size_t before = measured(2);
  agent.reset();
  EXPECT_EQ(twice, 0) << "a container is read once at a time";
  make();
  read();
  EXPECT_GE(measured(2), before) << "the past is still there";
  bool refused = false;
  agent->usageHistory({{a}, base::Timestamp{2'000}, base::Timestamp{1'000}, 10},
                      [&](base::Result<std::vector<UsageHistory>> r) { refused = !r; });
  EXPECT_TRUE(eventually([&] { return refused; }));
}

TEST_F(AgentShellTest, WaitsForTheEngineAndTellsWhenItGoes) {
  agent.reset();
  engine->set(false);
  make();
  agent->setAssignments({assignment("a")}, 1);
  eventually([n = 0]() mutable { return ++n > 20; });
  EXPECT_EQ(engine->count(), 0u);
  engine->set(true);
  ASSERT_TRUE(eventually([&] { return isRunning("a") && engineUp; }));
  engine->set(false);
  ASSERT_TRUE(eventually([&] { return !engineUp; }));
  engine->set(true);
  ASSERT_TRUE(eventually([&] { return engineUp; }));
  EXPECT_EQ(engine->running().size(), 1u);
}

TEST_F(AgentShellTest, StoppingCancelsAPullAndProgressIsThrottled) {
  engine->pullBlocks = true;
  engine->pullProgress = 10'000;
  agent->setAssignments({assignment("a")}, 1);
  ASSERT_TRUE(eventually([&] { return !agent->operations().empty() && operations.size() >= 2; }));
  EXPECT_EQ(agent->operations().at(0).subject, "docker.io/library/nginx:1");
  agent->setAssignments({}, 2);
  ASSERT_TRUE(eventually([&] {
    const std::lock_guard lock(engine->mutex);
    return engine->pullCancelled;
  }));
  ASSERT_TRUE(eventually([&] { return agent->operations().empty(); }));
  EXPECT_LT(operations.size(), 100u);
  EXPECT_TRUE(operations.back().finished);
}

TEST_F(AgentShellTest, FollowsOutputAcrossRestartsWithoutLossOrDoubling) {
  agent->setAssignments({assignment("a")}, 1);
  ASSERT_TRUE(eventually([&] { return isRunning("a"); }));
  std::vector<std::string> got;
  Agent::LogsRequest request;
  request.instanceId = model::InstanceId("a");
  request.follow = true;
  auto follow = agent->logs(request, {[&](auto lines) {
                                        for (auto& l : lines) {
                                          got.push_back(l.line.text);
                                        }
                                      },
                                      [](auto) {}});
  std::vector<std::string> expected;
  for (int attempt = 0; attempt < 4; ++attempt) {
    const std::string id = engine->running().at(0);
    for (int i = 0; i < 3'000; ++i) {
      expected.push_back(std::to_string(attempt) + "/" + std::to_string(i));
      engine->print(id, expected.back());
    }
    if (attempt == 2) { // the engine goes away in the middle
      engine->set(false);
      ASSERT_TRUE(eventually([&] { return !engineUp; }));
      engine->set(true);
      ASSERT_TRUE(eventually([&] { return engineUp; }));
    }
    engine->exit(id, 1);
    ASSERT_TRUE(eventually([&] { return engine->running().size() == 1 && engine->running().at(0) != id; }));
  }
  ASSERT_TRUE(eventually([&] { return got.size() >= expected.size(); })) << got.size();
  EXPECT_EQ(got, expected);
  follow.reset();
}

TEST_F(AgentShellTest, OutputOfUnknownInstancesIsAnError) {
  Agent::LogsRequest request;
  request.instanceId = model::InstanceId("nobody");
  std::optional<base::Result<void>> end;
  const auto reading = agent->logs(request, {{}, [&](auto e) { end = e; }});
  ASSERT_TRUE(eventually([&] { return end.has_value(); }));
  EXPECT_EQ(end->error().code, base::ErrorCode::NotFound);
}

TEST_F(AgentShellTest, ExecEchoesResizesAndExits) {
  agent->setAssignments({assignment("a")}, 1);
  ASSERT_TRUE(eventually([&] { return isRunning("a"); }));
  bool started = false;
  std::string out, err;
  std::optional<base::Result<int>> exit;
  auto session =
      agent->exec({model::InstanceId("a"), "", {"cat"}, false, true, 80, 24},
                  {[&] { started = true; }, [&](std::string bytes, bool isErr) { (isErr ? err : out) += bytes; },
                   [&](base::Result<int> code) { exit = code; }});
  EXPECT_FALSE(session->write(std::string((1u << 20) + 1, 'x')));
  ASSERT_TRUE(session->write("hello"));
  session->resize(100, 40);
  ASSERT_TRUE(eventually([&] { return out == "hello" && err == "100x40"; }));
  session->closeInput();
  ASSERT_TRUE(eventually([&] { return exit.has_value(); }));
  EXPECT_TRUE(started);
  EXPECT_EQ(exit->value(), 3);

  std::optional<base::Result<int>> nobody;
  const auto none = agent->exec({model::InstanceId("x"), "", {"cat"}, false, true, 80, 24},
                                {{}, {}, [&](base::Result<int> code) { nobody = code; }});
  ASSERT_TRUE(eventually([&] { return nobody.has_value(); }));
  EXPECT_EQ(nobody->error().code, base::ErrorCode::NotFound);
}

TEST_F(AgentShellTest, MeasuresUsage) {
  agent->setAssignments({assignment("a"), assignment("b")}, 1);
  ASSERT_TRUE(eventually([&] { return isRunning("a") && isRunning("b"); }));
  std::optional<std::vector<Agent::ContainerUsage>> first, second;
  agent->usage([&](auto u) { first = u; });
  agent->usage([&](auto u) { second = u; });
  ASSERT_TRUE(eventually([&] { return first && second; }));
  EXPECT_EQ(first->size(), 2u);
  EXPECT_EQ(first->at(0).usage.memoryBytes, 7);
}

TEST_F(AgentShellTest, ShutdownCanStopEverythingAndStartItAgain) {
  agent->setAssignments({assignment("a")}, 1);
  ASSERT_TRUE(eventually([&] { return isRunning("a"); }));
  bool done = false;
  agent->shutdown(true, [&] { done = true; });
  ASSERT_TRUE(eventually([&] { return done; }));
  EXPECT_EQ(engine->count(), 0u);
  EXPECT_FALSE(last[model::InstanceId("a")].gone);
  agent.reset();
  make();
  ASSERT_TRUE(eventually([&] { return isRunning("a"); }));
}

TEST_F(AgentShellTest, ShutdownEndsReadersAndPullsAtOnce) {
  agent->setAssignments({assignment("a")}, 1);
  ASSERT_TRUE(eventually([&] { return isRunning("a"); }));
  Agent::LogsRequest request;
  request.instanceId = model::InstanceId("a");
  request.follow = true;
  const auto follow = agent->logs(request, {[](auto) {}, [](auto) {}});
  engine->pullBlocks = true;
  agent->setAssignments({assignment("a"), assignment("b")}, 2);
  ASSERT_TRUE(eventually([&] { return !agent->operations().empty(); }));
  bool done = false;
  agent->shutdown(false, [&] { done = true; });
  ASSERT_TRUE(eventually([&] { return done; }));
  EXPECT_EQ(engine->running().size(), 1u);
}

TEST_F(AgentShellTest, LoadsAnArchiveAndTellsIt) {
  engine->pullProgress = 1'000;
  std::optional<base::Result<std::vector<LocalImage>>> loaded;
  std::optional<base::Result<std::vector<LocalImage>>> listed;
  agent->loadArchive("/srv/some.tar", [&](auto r) { loaded = std::move(r); });
  agent->images([&](auto r) { listed = std::move(r); });
  EXPECT_FALSE(loaded || listed) << "answers come later";
  ASSERT_TRUE(eventually([&] { return loaded && listed; }));
  ASSERT_TRUE(loaded->ok());
  EXPECT_EQ((*loaded)->at(0).id, "sha256:9");
  ASSERT_TRUE(listed->ok());
  ASSERT_GE(operations.size(), 3u);
  EXPECT_EQ(operations.front().kind, "load");
  EXPECT_EQ(operations.front().subject, "some.tar");
  EXPECT_TRUE(operations.front().cancellable);
  EXPECT_FALSE(operations.front().finished);
  EXPECT_TRUE(operations.back().finished);
  EXPECT_EQ(operations.back().phase, "done");
  EXPECT_FALSE(operations.back().cancellable);
  EXPECT_LT(operations.size(), 100u);
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events.back().type, "image_loaded");
  EXPECT_NE(events.back().message.find("docker.io/library/loaded:1"), std::string::npos);

  loaded.reset();
  agent->loadArchive("/srv/bad.tar", [&](auto r) { loaded = std::move(r); });
  ASSERT_TRUE(eventually([&] { return loaded.has_value(); }));
  EXPECT_EQ(loaded->error().code, base::ErrorCode::Validation);
  EXPECT_EQ(operations.back().phase, "failed");
  EXPECT_EQ(events.back().type, "image_load_failed");
}

TEST_F(AgentShellTest, LoadsAndPullsUnderWayAreCancelled) {
  engine->pullBlocks = true;
  std::vector<base::Result<std::vector<LocalImage>>> answers;
  for (size_t i = 0; i < ImageLoads::kMaxLoads + 1; ++i) {
    agent->loadArchive("/srv/a.tar", [&](auto r) { answers.push_back(std::move(r)); });
  }
  ASSERT_TRUE(eventually([&] { return answers.size() == 1; }));
  EXPECT_EQ(answers[0].error().code, base::ErrorCode::RateLimited) << "more than may wait";
  agent->setAssignments({assignment("a")}, 1);
  ASSERT_TRUE(eventually([&] { return agent->operations().size() == ImageLoads::kMaxLoads + 1; }));
  EXPECT_EQ(agent->cancelOperation("load-none", "me").error().code, base::ErrorCode::NotFound);
  for (const model::Operation& o : agent->operations()) {
    EXPECT_TRUE(o.cancellable);
    EXPECT_TRUE(agent->cancelOperation(o.id, "token (cli)").ok());
  }
  ASSERT_TRUE(eventually([&] { return answers.size() == ImageLoads::kMaxLoads + 1 && agent->operations().empty(); }));
  for (size_t i = 1; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i].error().code, base::ErrorCode::Cancelled);
    EXPECT_EQ(answers[i].error().why, "by token (cli)");
  }
  EXPECT_EQ(operations.back().phase, "cancelled");
  ASSERT_TRUE(eventually([&] { return last[model::InstanceId("a")].state == InstanceState::Failed; }));
  EXPECT_TRUE(last[model::InstanceId("a")].cancelled);
  engine->set(true); // nothing begins anew by itself
  eventually([n = 0]() mutable { return ++n > 20; });
  EXPECT_TRUE(agent->operations().empty());
}

TEST_F(AgentShellTest, MissingDriversAreExplained) {
  const std::vector<std::string> folders{folder.path().toStdString()};
  const auto none = chooseDriver("auto", {}, folders);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, base::ErrorCode::Unavailable);
  EXPECT_NE(none.error().hint.find("--runtime process"), std::string::npos);
  EXPECT_EQ(chooseDriver("process", {}, folders).error().code, base::ErrorCode::NotFound);
  EXPECT_EQ(chooseDriver("../x", {}, folders).error().code, base::ErrorCode::BadRequest);
  QFile bad(folder.filePath(QStringLiteral("libruntime-docker.so")));
  ASSERT_TRUE(bad.open(QIODevice::WriteOnly));
  bad.write("not a library");
  bad.close();
  EXPECT_EQ(loadDriver("docker", {}, folders).error().code, base::ErrorCode::Unsupported);
}

} // namespace
} // namespace univrs::agent::test
