// Podman's service as a child of ours.
#include "plugins/runtime-docker/engine_socket.h"
#include "tests/plugins/docker/driver_fixture.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace univrs::docker::test {

namespace {
bool alive(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string word;
  char state = 'Z';
  return in >> word >> word >> state && state != 'Z';
}
} // namespace

class PodmanServiceTest : public DriverTest {
protected:
  void SetUp() override {
    DriverTest::SetUp();
    if (!IsSkipped() && !environment().podman()) {
      GTEST_SKIP() << "Podman only";
    }
  }
};

TEST_F(PodmanServiceTest, IsStartedFoundAgainAndEndedWhileContainersGoOn) {
  const std::string id = runShell("sleep 1000");
  int first = 0;
  std::string socket;
  {
    PodmanService service(findProgram("podman"), folder);
    const auto begun = service.ensure();
    ASSERT_TRUE(begun.ok()) << begun.error().text();
    socket = service.socket();
    first = service.pid();
    EXPECT_TRUE(alive(first));
    EXPECT_EQ(::getpgid(first), first) << "a group of its own";

    agent::DriverOptions options;
    options.dataFolder = folder;
    options.socket = socket;
    DockerDriver through(options);
    ASSERT_TRUE(through.open().ok());
    EXPECT_EQ(through.inspect(id)->phase, agent::ContainerPhase::Running);

    ASSERT_EQ(::kill(first, SIGKILL), 0);
    EXPECT_TRUE(eventually([&] { return !alive(first); }));
    const auto again = service.ensure();
    ASSERT_TRUE(again.ok()) << again.error().text();
    EXPECT_NE(service.pid(), first);
    EXPECT_EQ(through.inspect(id)->phase, agent::ContainerPhase::Running);
    first = service.pid();
  }
  EXPECT_FALSE(alive(first));
  EXPECT_FALSE(engineAnswers(socket, 500));
  EXPECT_EQ(driver->inspect(id)->phase, agent::ContainerPhase::Running);
}

TEST_F(PodmanServiceTest, EndsWhenItsOwnerIsKilled) {
  const std::string output = folder + "/owner.out";
  const Ran ran = shell("'" + environment().program + "' --serve-podman " + folder + " > " + output + " & echo $!");
  const int owner = std::atoi(ran.output.c_str());
  ASSERT_GT(owner, 1);
  int podman = 0;
  EXPECT_TRUE(eventually([&] { return static_cast<bool>(std::ifstream(output) >> podman); }));
  EXPECT_TRUE(alive(podman));
  ASSERT_EQ(::kill(owner, SIGKILL), 0);
  EXPECT_TRUE(eventually([&] { return !alive(podman); }));
}

TEST_F(PodmanServiceTest, TheDriverStartsItWhenThereIsNoEngine) {
  for (const char* socket : {"/run/podman/podman.sock", "/var/run/docker.sock"}) {
    if (engineAnswers(socket, 500)) {
      GTEST_SKIP() << "this machine has an engine at " << socket;
    }
  }
  ::unsetenv("DOCKER_HOST");
  agent::DriverOptions options;
  options.dataFolder = folder + "/own";
  std::filesystem::create_directories(options.dataFolder);
  DockerDriver own(options);
  const auto opened = own.open();
  ASSERT_TRUE(opened.ok()) << opened.error().text();
  EXPECT_TRUE(opened->product.starts_with("Podman"));
  const int pid = own.podmanPid();
  EXPECT_GT(pid, 0);
  EXPECT_TRUE(own.list(kNode).ok());
  ASSERT_EQ(::kill(pid, SIGKILL), 0);
  EXPECT_TRUE(eventually([&] { return !alive(pid); }));
  const auto after = own.list(kNode); // the call itself brings it back
  EXPECT_TRUE(after.ok()) << after.error().text();
  EXPECT_TRUE(own.open().ok());
}

TEST_F(PodmanServiceTest, ItsOwnConfigurationIsForMachinesThatNeedIt) {
  EXPECT_TRUE(neededContainersConf().empty()) << "CONTAINERS_CONF is set here";
}

} // namespace univrs::docker::test
