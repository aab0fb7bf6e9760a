#include "tests/plugins/process/process_fixture.h"

#include <QString>

#include <csignal>
#include <mutex>
#include <set>
#include <thread>
#include <unistd.h>

namespace univrs::runtime_process::test {
namespace {

TEST_F(ProcessDriverTest, PullKnowsOnlyTheHost) {
  const auto host = m_driver->pull({model::ImageReference{"host", {}, {}, {}}, {}}, {}, {});
  ASSERT_TRUE(host.ok());
  EXPECT_EQ(host->os, "linux");
  EXPECT_EQ(host->arch, m_info.arch);
  const auto other = m_driver->pull({model::ImageReference{"docker.io", "library/nginx", "latest", {}}, {}}, {}, {});
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, base::ErrorCode::Unsupported);
  EXPECT_FALSE(other.error().hint.empty());
}

TEST_F(ProcessDriverTest, Lifecycle) {
  const agent::ContainerRequest wish = request({"/bin/sh", "-c", "echo hello; echo oops >&2; sleep 1000"});
  const std::string id = create(wish);
  EXPECT_EQ(m_driver->inspect(id)->phase, agent::ContainerPhase::Created);
  EXPECT_EQ(m_driver->create(wish).error().code, base::ErrorCode::Conflict);
  ASSERT_TRUE(m_driver->start(id).ok());
  const auto status = m_driver->inspect(id);
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(status->phase, agent::ContainerPhase::Running);
  EXPECT_EQ(status->labels, wish.labels);
  EXPECT_GT(status->pid, 1);
  EXPECT_TRUE(status->startedAt.isSet());
  EXPECT_TRUE(m_driver->start(id).ok()); // runs already
  EXPECT_TRUE(printed(id, "hello"));
  EXPECT_TRUE(printed(id, "oops"));
  EXPECT_EQ(m_driver->list(kNode)->size(), 1U);
  EXPECT_TRUE(m_driver->list("another node")->empty());
  ASSERT_TRUE(m_driver->stop(id, 10'000).ok());
  const auto stopped = m_driver->inspect(id);
  EXPECT_EQ(stopped->phase, agent::ContainerPhase::Exited);
  EXPECT_EQ(stopped->exitCode, 128 + SIGTERM);
  EXPECT_TRUE(stopped->finishedAt >= stopped->startedAt);
  EXPECT_TRUE(m_driver->stop(id, 10'000).ok());
  EXPECT_EQ(m_driver->start(id).error().code, base::ErrorCode::Conflict);
  EXPECT_EQ(lines(id).size(), 2U); // its log stays until it is removed
  ASSERT_TRUE(m_driver->remove(id).ok());
  ASSERT_TRUE(m_driver->remove(id).ok());
  EXPECT_EQ(m_driver->inspect(id).error().code, base::ErrorCode::NotFound);
  EXPECT_EQ(m_driver->inspect("../../etc").error().code, base::ErrorCode::NotFound);
}

TEST_F(ProcessDriverTest, ExitCodesAndSignals) {
  EXPECT_EQ(ended(run({"/bin/sh", "-c", "exit 0"})).exitCode, 0);
  EXPECT_EQ(ended(run({"/bin/sh", "-c", "exit 42"})).exitCode, 42);
  EXPECT_EQ(ended(run({TEST_PROGRAM, "signal", std::to_string(SIGUSR1)})).exitCode, 128 + SIGUSR1);
  EXPECT_EQ(ended(run({"/bin/sh", "-c", "kill -9 $$"})).exitCode, 128 + SIGKILL);
  EXPECT_EQ(ended(run({TEST_PROGRAM, "nothing"})).exitCode, 3);
}

TEST_F(ProcessDriverTest, WhatCannotStartSaysWhy) {
  const std::string id = create(request({"no-such-program-of-ours"}));
  const auto started = m_driver->start(id);
  ASSERT_FALSE(started.ok());
  EXPECT_EQ(started.error().code, base::ErrorCode::NotFound);
  EXPECT_NE(started.error().what.find("no-such-program-of-ours"), std::string::npos);
  const auto status = m_driver->inspect(id);
  EXPECT_EQ(status->phase, agent::ContainerPhase::Exited);
  EXPECT_EQ(status->exitCode, 127);
  EXPECT_FALSE(status->error.empty());
  agent::ContainerRequest wish = request({"/bin/true"});
  wish.container.workingDir = (m_folder / "missing").string();
  const auto noFolder = m_driver->start(create(wish));
  ASSERT_FALSE(noFolder.ok());
  EXPECT_NE(noFolder.error().text().find("working_dir"), std::string::npos);
}

TEST_F(ProcessDriverTest, WhatAProcessCannotHaveIsRefused) {
  agent::ContainerRequest mounts = request({"/bin/true"});
  mounts.container.mounts.push_back({});
  EXPECT_EQ(m_driver->create(mounts).error().code, base::ErrorCode::Unsupported);
  agent::ContainerRequest none = request({"/bin/true"});
  none.network = model::NetworkMode::None;
  EXPECT_EQ(m_driver->create(none).error().code, base::ErrorCode::Unsupported);
  EXPECT_EQ(m_driver->create(request({})).error().code, base::ErrorCode::Validation);
  agent::ContainerRequest user = request({"/bin/true"});
  user.container.user = "no-such-user-of-ours";
  EXPECT_EQ(m_driver->create(user).error().code, base::ErrorCode::Validation);
}

TEST_F(ProcessDriverTest, EnvironmentUserAndFolderAreItsOwn) {
  ::setenv("UNIVRS_LEAK", "secret", 1);
  agent::ContainerRequest wish = request({"/bin/sh", "-c", "env; pwd; id -u; id -g"});
  wish.container.env["GREETING"] = "good day = yes";
  wish.container.workingDir = "/usr";
  if (::geteuid() == 0) {
    wish.container.user = "65534:65534";
  }
  const std::string id = run(wish);
  EXPECT_EQ(ended(id).exitCode, 0);
  ::unsetenv("UNIVRS_LEAK");
  const std::vector<std::string> list = lines(id);
  const std::set<std::string> all(list.begin(), list.end());
  EXPECT_TRUE(all.contains("GREETING=good day = yes"));
  EXPECT_TRUE(all.contains("LANG=C.UTF-8"));
  EXPECT_TRUE(all.contains("/usr"));
  EXPECT_FALSE(all.contains("UNIVRS_LEAK=secret"));
  if (::geteuid() == 0) {
    EXPECT_TRUE(all.contains("65534"));
    EXPECT_FALSE(all.contains("0"));
  }
}

TEST_F(ProcessDriverTest, PortsAreGivenThroughTheEnvironment) {
  agent::ContainerRequest wish = request({"/bin/sh", "-c", "echo $PORT $PORT_80 $PORT_53; sleep 1000"});
  wish.ports = {{80, model::Protocol::Tcp}, {53, model::Protocol::Udp}};
  const std::string id = run(wish);
  const auto status = m_driver->inspect(id);
  ASSERT_EQ(status->endpoints.size(), 2U);
  EXPECT_EQ(status->endpoints[0].containerPort, 80);
  EXPECT_EQ(status->endpoints[0].address, "127.0.0.1");
  const std::string first = std::to_string(status->endpoints[0].port);
  const std::string second = std::to_string(status->endpoints[1].port);
  EXPECT_TRUE(printed(id, first + " " + first + " " + second));
  agent::ContainerRequest beside = request({"/bin/sh", "-c", "echo beside $PORT_80"});
  beside.joinNetworkOf = id;
  EXPECT_TRUE(printed(run(beside), "beside " + first));
  agent::ContainerRequest host = request({"/bin/sh", "-c", "echo $PORT"});
  host.network = model::NetworkMode::Host;
  host.ports = {{8080, model::Protocol::Tcp}};
  const std::string hostId = run(host);
  EXPECT_EQ(m_driver->inspect(hostId)->endpoints[0].port, 8080);
  EXPECT_TRUE(printed(hostId, "8080"));
}

TEST_F(ProcessDriverTest, StopEndsATreeThatIgnoresIt) {
  const std::string id = run({TEST_PROGRAM, "tree"});
  ASSERT_TRUE(printed(id, "ready"));
  EXPECT_GE(marked().size(), 4U); // shim, program, child, daemon
  ASSERT_TRUE(m_driver->stop(id, 200).ok());
  EXPECT_EQ(m_driver->inspect(id)->exitCode, 128 + SIGKILL);
  EXPECT_TRUE(eventually([this] { return marked().empty(); }));
}

TEST_F(ProcessDriverTest, TheEndOfTheProgramIsTheEndOfItsChildren) {
  const std::string id = run({TEST_PROGRAM, "daemon"});
  EXPECT_EQ(ended(id).exitCode, 7);
  EXPECT_TRUE(eventually([this] { return marked().empty(); }));
}

TEST_F(ProcessDriverTest, WithoutCgroupsTheTreeEndsToo) {
  m_settings.useCgroups = false;
  m_driver = makeDriver();
  const auto info = m_driver->open();
  EXPECT_FALSE(info->memoryLimits || info->cpuLimits || info->pidsLimits);
  const std::string id = run({TEST_PROGRAM, "tree"});
  ASSERT_TRUE(printed(id, "ready"));
  const auto usage = m_driver->usage(id);
  ASSERT_TRUE(usage.ok());
  EXPECT_EQ(usage->pids, 3);
  EXPECT_GT(usage->memoryBytes, 0);
  ASSERT_TRUE(m_driver->stop(id, 100).ok());
  EXPECT_TRUE(eventually([this] { return marked().empty(); }));
}

TEST_F(ProcessDriverTest, FiftyAtOnce) {
  std::mutex mutex;
  std::vector<std::string> made;
  std::vector<agent::ContainerRequest> wishes;
  for (int i = 0; i < 50; ++i) {
    wishes.push_back(request({"/bin/sh", "-c", "echo $PORT; sleep 1000"}));
    wishes.back().ports = {{80, model::Protocol::Tcp}};
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < 10; ++t) {
    threads.emplace_back([&, t] {
      for (int i = t; i < 50; i += 10) {
        const std::string id = run(wishes[i]);
        const std::lock_guard lock(mutex);
        made.push_back(id);
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  std::set<uint16_t> ports;
  const auto all = m_driver->list(kNode);
  ASSERT_EQ(all->size(), 50U);
  for (const agent::ContainerStatus& one : *all) {
    EXPECT_EQ(one.phase, agent::ContainerPhase::Running);
    ports.insert(one.endpoints.at(0).port);
  }
  EXPECT_EQ(ports.size(), 50U);
  threads.clear();
  for (int t = 0; t < 10; ++t) {
    threads.emplace_back([&, t] {
      for (int i = t; i < 50; i += 10) {
        EXPECT_TRUE(m_driver->remove(made[i]).ok());
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_TRUE(m_driver->list(kNode)->empty());
}

TEST_F(ProcessDriverTest, EventsTellWhatHappens) {
  std::mutex mutex;
  std::vector<std::string> seen;
  base::CancelSource source;
  std::thread watcher([&] {
    const auto done = m_driver->events(
        kNode,
        [&](const agent::EngineEvent& event) {
          const std::lock_guard lock(mutex);
          seen.push_back(event.action);
        },
        source.token());
    EXPECT_EQ(done.error().code, base::ErrorCode::Cancelled);
  });
  const auto has = [&](const std::string& action) {
    return eventually([&] {
      const std::lock_guard lock(mutex);
      return std::find(seen.begin(), seen.end(), action) != seen.end();
    });
  };
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const std::string id = run({"/bin/sleep", "1000"});
  EXPECT_TRUE(has("start"));
  EXPECT_TRUE(m_driver->stop(id, 5'000).ok());
  EXPECT_TRUE(has("die"));
  EXPECT_TRUE(m_driver->remove(id).ok());
  EXPECT_TRUE(has("remove"));
  source.cancel();
  watcher.join();
}

} // namespace
} // namespace univrs::runtime_process::test
