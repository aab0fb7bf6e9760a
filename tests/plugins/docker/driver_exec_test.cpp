#include "tests/plugins/docker/driver_fixture.h"

#include <condition_variable>
#include <mutex>

namespace univrs::docker::test {

namespace {
// Collects what an exec says.
struct Heard {
  std::mutex mutex;
  std::string out;
  std::string err;
  std::optional<base::Result<int>> exit;

  agent::ExecHandlers handlers() {
    return {[this](std::string_view bytes, bool isStderr) {
              const std::lock_guard lock(mutex);
              (isStderr ? err : out).append(bytes);
            },
            [this](base::Result<int> code) {
              const std::lock_guard lock(mutex);
              exit = std::move(code);
            }};
  }
  bool ended() {
    const std::lock_guard lock(mutex);
    return exit.has_value();
  }
  bool hasOutput(const std::string& text) {
    const std::lock_guard lock(mutex);
    return out.find(text) != std::string::npos;
  }
};

agent::ExecRequest command(const std::string& id, std::vector<std::string> words) {
  agent::ExecRequest r;
  r.containerId = id;
  r.command = std::move(words);
  return r;
}
} // namespace

TEST_F(DriverTest, ExecOutputAndExitCode) {
  const std::string id = runShell("sleep 1000");
  Heard heard;
  const auto stream = driver->exec(command(id, {"sh", "-c", "echo out; echo err >&2; exit 9"}), heard.handlers());
  ASSERT_TRUE(stream.ok()) << stream.error().text();
  ASSERT_TRUE(eventually([&] { return heard.ended(); }));
  ASSERT_TRUE(heard.exit->ok()) << heard.exit->error().text();
  EXPECT_EQ(**heard.exit, 9);
  EXPECT_EQ(heard.out, "out\n");
  EXPECT_EQ(heard.err, "err\n");
}

TEST_F(DriverTest, ExecEchoesItsInput) {
  const std::string id = runShell("sleep 1000");
  Heard heard;
  auto r = command(id, {"cat"});
  r.attachStdin = true;
  const auto stream = driver->exec(r, heard.handlers());
  ASSERT_TRUE(stream.ok()) << stream.error().text();
  ASSERT_TRUE((*stream)->write("hello\n").ok());
  EXPECT_TRUE(eventually([&] { return heard.hasOutput("hello\n"); }));
  std::string big(300'000, 'y');
  big += "\n";
  ASSERT_TRUE((*stream)->write(big).ok());
  (*stream)->closeInput();
  ASSERT_TRUE(eventually([&] { return heard.ended(); }));
  ASSERT_TRUE(heard.exit->ok()) << heard.exit->error().text();
  EXPECT_EQ(**heard.exit, 0);
  EXPECT_EQ(heard.out.size(), 6 + big.size());
}

TEST_F(DriverTest, ExecWithATerminal) {
  const std::string id = runShell("sleep 1000");
  Heard heard;
  auto r = command(id, {"sh"});
  r.attachStdin = true;
  r.tty = true;
  r.columns = 123;
  r.rows = 45;
  const auto stream = driver->exec(r, heard.handlers());
  ASSERT_TRUE(stream.ok()) << stream.error().text();
  ASSERT_TRUE((*stream)->write("tty; stty size\n").ok());
  EXPECT_TRUE(eventually([&] { return heard.hasOutput("/dev/pts/") && heard.hasOutput("45 123"); })) << heard.out;
  (*stream)->resize(99, 33);
  ASSERT_TRUE((*stream)->write("stty size\n").ok());
  EXPECT_TRUE(eventually([&] { return heard.hasOutput("33 99"); })) << heard.out;
  ASSERT_TRUE((*stream)->write("exit 4\n").ok());
  ASSERT_TRUE(eventually([&] { return heard.ended(); }));
  ASSERT_TRUE(heard.exit->ok()) << heard.exit->error().text();
  EXPECT_EQ(**heard.exit, 4);
}

TEST_F(DriverTest, ExecWithFiveMegabytesOfOutput) {
  const std::string id = runShell("sleep 1000");
  Heard heard;
  const auto stream =
      driver->exec(command(id, {"sh", "-c", "head -c 5000000 /dev/zero | tr '\\0' z"}), heard.handlers());
  ASSERT_TRUE(stream.ok()) << stream.error().text();
  ASSERT_TRUE(eventually([&] { return heard.ended(); }));
  EXPECT_EQ(heard.out.size(), 5'000'000u);
  EXPECT_EQ(heard.out.find_first_not_of('z'), std::string::npos);
}

TEST_F(DriverTest, ExecThatCannotStart) {
  const std::string id = runShell("sleep 1000");
  Heard heard;
  {
    const auto stream = driver->exec(command(id, {"/no/such"}), heard.handlers());
    if (stream.ok()) { // told in the stream
      ASSERT_TRUE(eventually([&] { return heard.ended(); }));
      EXPECT_TRUE(!heard.exit->ok() || **heard.exit == 126 || **heard.exit == 127 || **heard.exit == -1);
    }
  }
  ASSERT_TRUE(driver->stop(id, 0).ok());
  const auto stopped = driver->exec(command(id, {"true"}), heard.handlers());
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code, base::ErrorCode::Conflict) << stopped.error().text();
  EXPECT_EQ(driver->exec(command("feedfeedfeed", {"true"}), heard.handlers()).error().code, base::ErrorCode::NotFound);
  EXPECT_EQ(driver->exec(command(id, {}), heard.handlers()).error().code, base::ErrorCode::BadRequest);
}

TEST_F(DriverTest, DestroyingAnExecEndsItsCommand) {
  const std::string id = runShell("sleep 1000");
  Heard heard;
  auto stream =
      driver->exec(command(id, {"sh", "-c", "echo ready; trap '' HUP PIPE; exec sleep 7777"}), heard.handlers());
  ASSERT_TRUE(stream.ok()) << stream.error().text();
  EXPECT_TRUE(eventually([&] { return heard.hasOutput("ready"); }));
  stream->reset();
  EXPECT_FALSE(heard.ended()) << "no handler after the destructor";
  EXPECT_TRUE(eventually(
      [&] {
        Heard ps;
        const auto listing = driver->exec(command(id, {"ps"}), ps.handlers());
        return listing.ok() && eventually([&] { return ps.ended(); }) && !ps.hasOutput("7777");
      },
      std::chrono::seconds(20)));
}

} // namespace univrs::docker::test
