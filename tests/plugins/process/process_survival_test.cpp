#include "plugins/runtime-process/container_files.h"
#include "plugins/runtime-process/small_file.h"
#include "tests/plugins/process/process_fixture.h"

#include <sys/wait.h>

#include <csignal>
#include <thread>
#include <unistd.h>

namespace univrs::runtime_process::test {
namespace {

TEST_F(ProcessDriverTest, AnInstanceOutlivesTheNodeKilledHard) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const agent::ContainerRequest wish = request({"/bin/sh", "-c", "echo begin; sleep 1; echo later; exec sleep 1000"});
  const pid_t node = ::fork();
  if (node == 0) { // the node's program
    const auto driver = makeDriver();
    if (!driver->open().ok()) {
      ::_exit(1);
    }
    const auto id = driver->create(wish);
    if (!id.ok() || !driver->start(*id).ok()) {
      ::_exit(1);
    }
    [[maybe_unused]] const ssize_t count = ::write(ends[1], id->data(), id->size());
    for (;;) {
      ::pause();
    }
  }
  ::close(ends[1]);
  char text[64];
  const ssize_t count = ::read(ends[0], text, sizeof(text));
  ::close(ends[0]);
  ASSERT_EQ(count, 32);
  const std::string id(text, 32);
  ::kill(node, SIGKILL);
  ::waitpid(node, nullptr, 0);

  m_driver = makeDriver();
  ASSERT_TRUE(m_driver->open().ok());
  const auto found = m_driver->list(kNode);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().id, id);
  EXPECT_EQ(found->front().phase, agent::ContainerPhase::Running);
  EXPECT_EQ(found->front().labels, wish.labels);
  EXPECT_TRUE(printed(id, "later")); // its log went on without us
  EXPECT_TRUE(m_driver->usage(id).ok());
  ASSERT_TRUE(m_driver->stop(id, 5'000).ok());
  EXPECT_EQ(m_driver->inspect(id)->exitCode, 128 + SIGTERM);
}

TEST_F(ProcessDriverTest, AnInstanceWhoseShimIsKilledEndsAndSaysSo) {
  const std::string id = run({TEST_PROGRAM, "tree"});
  ASSERT_TRUE(printed(id, "ready"));
  const auto state = readState((m_folder / "containers" / id).string());
  ASSERT_TRUE(state);
  ASSERT_EQ(::kill(state->shimPid, SIGKILL), 0);
  const agent::ContainerStatus status = ended(id);
  EXPECT_EQ(status.exitCode, 128 + SIGKILL);
  EXPECT_NE(status.error.find("shim"), std::string::npos);
  if (Cgroups::detect().usable()) { // without one, a daemon in a session of its own cannot be told from others
    EXPECT_TRUE(eventually([this] { return marked().empty(); }));
  } else {
    EXPECT_TRUE(eventually([&] { return !isAlive(state->pid, state->startTime); }));
    for (const pid_t pid : marked()) {
      ::kill(pid, SIGKILL);
    }
  }
  EXPECT_EQ(m_driver->stop(id, 0).ok(), true);
}

TEST_F(ProcessDriverTest, AReusedPidIsLeftAlone) {
  // A process that has nothing to do with it, under the pid that the state of a dead shim names.
  const pid_t stranger = ::fork();
  if (stranger == 0) {
    ::setsid();
    for (;;) {
      ::pause();
    }
  }
  const std::string id = create(request({"/bin/true"}));
  const std::string folder = (m_folder / "containers" / id).string();
  const auto entry = readProcess(stranger);
  ASSERT_TRUE(entry);
  ShimState state;
  state.running = true;
  state.pid = stranger;
  state.startTime = entry->startTime - 1; // the one before it
  state.shimPid = stranger;
  state.shimStartTime = entry->startTime - 1;
  ASSERT_TRUE(writeState(folder, state));
  const auto status = m_driver->inspect(id);
  EXPECT_EQ(status->phase, agent::ContainerPhase::Exited);
  EXPECT_TRUE(m_driver->remove(id).ok());
  EXPECT_TRUE(isAlive(stranger, entry->startTime));
  ::kill(stranger, SIGKILL);
  ::waitpid(stranger, nullptr, 0);
}

TEST_F(ProcessDriverTest, TheShimIgnoresWhatIsNotMeantForIt) {
  const std::string id = run({"/bin/sleep", "1000"});
  const auto state = readState((m_folder / "containers" / id).string());
  ASSERT_TRUE(state);
  for (const int number : {SIGHUP, SIGINT, SIGTERM, SIGUSR1}) {
    ASSERT_EQ(::kill(state->shimPid, number), 0);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(m_driver->inspect(id)->phase, agent::ContainerPhase::Running);
  EXPECT_TRUE(m_driver->remove(id).ok());
}

} // namespace
} // namespace univrs::runtime_process::test
