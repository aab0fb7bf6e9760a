#include "tests/plugins/docker/driver_fixture.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>
#include <unistd.h>

namespace univrs::docker::test {

namespace {
// What an HTTP server at 127.0.0.1:port answers to GET /; empty when it does not.
std::string fetch(uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string out;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) {
    const std::string get = "GET /index.html HTTP/1.0\r\n\r\n";
    (void)!::write(fd, get.data(), get.size());
    char buffer[4096];
    ssize_t n = 0;
    while ((n = ::read(fd, buffer, sizeof buffer)) > 0) {
      out.append(buffer, size_t(n));
    }
  }
  ::close(fd);
  return out;
}
} // namespace

TEST_F(DriverTest, OpenTellsWhatTheEngineIs) {
  const auto info = driver->open();
  ASSERT_TRUE(info.ok());
  EXPECT_EQ(info->driver, "docker");
  EXPECT_TRUE(info->product.starts_with(environment().podman() ? "Podman 4" : "Docker 20")) << info->product;
  EXPECT_EQ(info->os, "linux");
  EXPECT_FALSE(info->arch.empty());
  EXPECT_EQ(info->socket, environment().socket);
  EXPECT_TRUE(info->cpuLimits && info->memoryLimits && info->pidsLimits);
}

TEST_F(DriverTest, LifeOfAContainer) {
  auto r = request({"sh", "-c", "trap 'exit 7' TERM; while true; do sleep 0.1; done"});
  r.container.env = {{"GREETING", "hello world"}};
  const std::string id = create(r);
  auto status = driver->inspect(id);
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(status->phase, agent::ContainerPhase::Created);
  EXPECT_EQ(status->name, r.name);
  EXPECT_EQ(status->labels.at(std::string(agent::kLabelNode)), kNode);
  EXPECT_FALSE(status->startedAt.isSet());

  ASSERT_TRUE(driver->start(id).ok());
  ASSERT_TRUE(driver->start(id).ok()) << "starting a running one is no error";
  status = driver->inspect(id);
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(status->phase, agent::ContainerPhase::Running);
  EXPECT_GT(status->pid, 0);
  EXPECT_TRUE(status->startedAt.isSet());
  EXPECT_FALSE(status->finishedAt.isSet());

  // The shell needs a moment to set its trap.
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  ASSERT_TRUE(driver->stop(id, 30'000).ok());
  status = driver->inspect(id);
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(status->phase, agent::ContainerPhase::Exited);
  EXPECT_EQ(status->exitCode, 7);
  EXPECT_FALSE(status->oomKilled);
  EXPECT_GE(status->finishedAt, status->startedAt);
  EXPECT_TRUE(driver->stop(id, 1000).ok()) << "stopping a stopped one is no error";

  ASSERT_TRUE(driver->start(id).ok()) << "restart in place";
  ASSERT_TRUE(driver->remove(id).ok()) << "removes a running one";
  EXPECT_TRUE(driver->remove(id).ok());
  EXPECT_TRUE(driver->stop(id, 1000).ok());
  status = driver->inspect(id);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, base::ErrorCode::NotFound);
  EXPECT_EQ(driver->start(id).error().code, base::ErrorCode::NotFound);
}

TEST_F(DriverTest, ExitCodes) {
  EXPECT_EQ(waitForExit(runShell("exit 0")).exitCode, 0);
  EXPECT_EQ(waitForExit(runShell("exit 42")).exitCode, 42);
  const auto killed = waitForExit(runShell("kill -9 $$"));
  // The first process of a namespace shrugs off its own signals, so it may also end normally.
  EXPECT_TRUE(killed.exitCode == 137 || killed.exitCode == 0) << killed.exitCode;
  const std::string id = runShell("sleep 1000");
  ASSERT_TRUE(driver->stop(id, 0).ok());
  EXPECT_EQ(waitForExit(id).exitCode, 137);
}

TEST_F(DriverTest, NameTakenIsAConflict) {
  const auto r = request({"true"});
  create(r);
  const auto again = driver->create(r);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, base::ErrorCode::Conflict) << again.error().text();
}

TEST_F(DriverTest, ProgramThatIsNotThere) {
  const std::string id = create(request({"/no/such/program"}));
  const auto started = driver->start(id);
  ASSERT_FALSE(started.ok());
  EXPECT_EQ(started.error().code, base::ErrorCode::Validation) << started.error().text();
  EXPECT_NE(started.error().why.find("/no/such/program"), std::string::npos);
  EXPECT_FALSE(started.error().hint.empty());
  const auto status = driver->inspect(id);
  ASSERT_TRUE(status.ok());
  EXPECT_NE(status->error.find("/no/such/program"), std::string::npos) << status->error;
}

TEST_F(DriverTest, MissingImageAndMissingBindSource) {
  auto r = request({"true"});
  r.image.id = "sha256:" + std::string(64, '0');
  const auto created = driver->create(r);
  ASSERT_FALSE(created.ok());
  EXPECT_EQ(created.error().code, base::ErrorCode::NotFound) << created.error().text();

  auto m = request({"true"});
  m.container.mounts = {{model::MountType::Bind, "/no/such/folder", "/x", false, 0}};
  const auto id = driver->create(m);
  ASSERT_FALSE(id.ok());
  EXPECT_NE(id.error().why.find("/no/such/folder"), std::string::npos) << id.error().text();
  EXPECT_FALSE(std::filesystem::exists("/no/such/folder"));
}

TEST_F(DriverTest, EverythingInTheRequestArrives) {
  const std::string host = environment().folder + "/bind";
  std::filesystem::create_directories(host);
  std::ofstream(host + "/file") << "from the host\n";
  auto r =
      request({"echo user=$(id -u) host=$(hostname) dir=$(pwd) env=\"$A B\"; cat /in/file; touch /in/x || echo in-ro; "
               "touch /root-x || echo root-ro; touch /scratch/y && echo scratch-rw; touch /data/z && echo data-rw; "
               "grep NoNewPrivs /proc/self/status"});
  r.container.command = {"sh", "-c"};
  r.container.env = {{"A", "1 2"}};
  r.container.user = "1000";
  r.container.workingDir = "/tmp";
  r.container.readOnly = true;
  r.hostName = "box";
  r.container.mounts = {{model::MountType::Bind, host, "/in", true, 0},
                        {model::MountType::Tmpfs, "", "/scratch", false, 1 << 20},
                        {model::MountType::Tmpfs, "", "/data", false, 0}};
  const std::string id = run(r);
  EXPECT_EQ(waitForExit(id).exitCode, 0);
  std::string all;
  for (const auto& line : logsOf(id)) {
    all += line.text + "\n";
  }
  EXPECT_NE(all.find("user=1000 host=box dir=/tmp env=1 2 B\n"), std::string::npos) << all;
  for (const char* expected :
       {"from the host\n", "in-ro\n", "root-ro\n", "scratch-rw\n", "data-rw\n", "NoNewPrivs:\t1\n"}) {
    EXPECT_NE(all.find(expected), std::string::npos) << expected << " in\n" << all;
  }
}

TEST_F(DriverTest, NamedVolumeOutlivesItsContainer) {
  const std::string volume = "univrs-test-volume";
  auto r = request({"sh", "-c", "echo kept > /data/file"});
  r.container.mounts = {{model::MountType::Volume, volume, "/data", false, 0}};
  const std::string first = run(r);
  EXPECT_EQ(waitForExit(first).exitCode, 0);
  ASSERT_TRUE(driver->remove(first).ok());
  auto again = request({"cat", "/data/file"});
  again.container.mounts = r.container.mounts;
  const std::string second = run(again);
  EXPECT_EQ(waitForExit(second).exitCode, 0);
  const auto lines = logsOf(second);
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].text, "kept");
}

TEST_F(DriverTest, PortsAreReachableOnLoopback) {
  auto r = request({"httpd", "-f", "-p", "80", "-h", "/www"});
  r.network = model::NetworkMode::Bridge;
  r.ports = {{80, model::Protocol::Tcp}, {5353, model::Protocol::Udp}};
  const std::string id = run(r);
  const auto status = driver->inspect(id);
  ASSERT_TRUE(status.ok());
  ASSERT_EQ(status->endpoints.size(), 2u);
  std::map<uint16_t, model::Endpoint> byPort;
  for (const auto& e : status->endpoints) {
    byPort[e.containerPort] = e;
  }
  EXPECT_EQ(byPort[80].protocol, model::Protocol::Tcp);
  EXPECT_EQ(byPort[5353].protocol, model::Protocol::Udp);
  EXPECT_EQ(byPort[80].address, "127.0.0.1");
  std::string page;
  EXPECT_TRUE(eventually([&] {
    page = fetch(byPort[80].port);
    return page.find("one") != std::string::npos;
  })) << page;

  // Another container in the same network namespace sees the server as its own.
  auto mate = request({"wget", "-q", "-O", "-", "http://127.0.0.1:80/index.html"});
  mate.joinNetworkOf = id;
  const std::string mateId = run(mate);
  EXPECT_EQ(waitForExit(mateId).exitCode, 0);
  const auto lines = logsOf(mateId);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines[0].text, "one");

  ASSERT_TRUE(driver->stop(id, 0).ok());
  EXPECT_TRUE(driver->inspect(id)->endpoints.empty());
}

TEST_F(DriverTest, HostNetwork) {
  auto r = request({"sh", "-c", "ip link | grep -c ' lo'; hostname"});
  r.network = model::NetworkMode::Host;
  r.hostName = "my-host";
  const std::string id = run(r);
  EXPECT_EQ(waitForExit(id).exitCode, 0);
  const auto lines = logsOf(id);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[1].text, "my-host");
}

TEST_F(DriverTest, ListsOnlyThisNodesContainers) {
  auto foreign = request({"true"});
  foreign.labels[std::string(agent::kLabelNode)] = "12D3KooWSomebodyElse";
  const std::string other = create(foreign);
  const std::string running = runShell("sleep 1000");
  const std::string ended = runShell("exit 3");
  waitForExit(ended);
  const auto all = driver->list(kNode);
  ASSERT_TRUE(all.ok());
  std::map<std::string, agent::ContainerStatus> byId;
  for (const auto& s : *all) {
    byId[s.id] = s;
  }
  EXPECT_EQ(byId.size(), 2u);
  EXPECT_EQ(byId[running].phase, agent::ContainerPhase::Running);
  EXPECT_EQ(byId[ended].phase, agent::ContainerPhase::Exited);
  EXPECT_EQ(byId[ended].exitCode, 3);
  EXPECT_EQ(byId[ended].labels.at(std::string(agent::kLabelContainer)), "main");
  EXPECT_FALSE(byId.contains(other));
  EXPECT_TRUE(driver->list("12D3KooWNobody")->empty());
}

TEST_F(DriverTest, TwentyAtOnce) {
  constexpr int kCount = 20;
  std::vector<agent::ContainerRequest> requests;
  for (int i = 0; i < kCount; ++i) {
    requests.push_back(request({"sh", "-c", "echo " + std::to_string(i) + "; exit " + std::to_string(i)}));
  }
  std::vector<std::string> ids(kCount);
  std::vector<int> codes(kCount, -1);
  std::vector<std::thread> threads;
  for (int i = 0; i < kCount; ++i) {
    threads.emplace_back([&, i] {
      auto id = driver->create(requests[size_t(i)]);
      if (!id || !driver->start(*id)) {
        return;
      }
      ids[size_t(i)] = *id;
      eventually([&] {
        const auto s = driver->inspect(*id);
        if (s && s->phase == agent::ContainerPhase::Exited) {
          codes[size_t(i)] = s->exitCode;
        }
        return codes[size_t(i)] >= 0;
      });
    });
  }
  for (auto& t : threads) {
    t.join();
  }
  for (int i = 0; i < kCount; ++i) {
    EXPECT_EQ(codes[size_t(i)], i);
    if (!ids[size_t(i)].empty()) {
      made.push_back(ids[size_t(i)]);
    }
  }
}

} // namespace univrs::docker::test
