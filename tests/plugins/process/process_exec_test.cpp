#include "tests/plugins/process/process_fixture.h"

#include <atomic>
#include <csignal>
#include <mutex>

namespace univrs::runtime_process::test {
namespace {

// What one exec has said so far.
struct Heard {
  std::mutex mutex;
  std::string out;
  std::string err;
  std::atomic<int> exitCode{-1};

  agent::ExecHandlers handlers() {
    return {[this](std::string_view bytes, bool isStderr) {
              const std::lock_guard lock(mutex);
              (isStderr ? err : out) += bytes;
            },
            [this](base::Result<int> code) { exitCode = code.ok() ? *code : 999; }};
  }
  bool ended() {
    return eventually([this] { return exitCode >= 0; });
  }
  bool said(const std::string& text) {
    return eventually([&] {
      const std::lock_guard lock(mutex);
      return out.find(text) != std::string::npos;
    });
  }
};

TEST_F(ProcessDriverTest, ExecOutputExitCodeAndEnvironment) {
  agent::ContainerRequest wish = request({"/bin/sleep", "1000"});
  wish.container.env["COLOUR"] = "green";
  const std::string id = run(wish);
  Heard heard;
  const auto stream = m_driver->exec(
      {id, {"/bin/sh", "-c", "echo $COLOUR; echo bad >&2; cat; exit 5"}, false, false, 80, 24}, heard.handlers());
  ASSERT_TRUE(stream.ok());
  ASSERT_TRUE(heard.ended());
  EXPECT_EQ(heard.exitCode, 5);
  EXPECT_EQ(heard.out, "green\n");
  EXPECT_EQ(heard.err, "bad\n");
  Heard missing;
  const auto none = m_driver->exec({id, {"no-such-program-of-ours"}, false, false, 80, 24}, missing.handlers());
  ASSERT_TRUE(none.ok());
  ASSERT_TRUE(missing.ended());
  EXPECT_EQ(missing.exitCode, 127);
  EXPECT_NE(missing.err.find("No such file"), std::string::npos);
  Heard killed;
  const auto kills = m_driver->exec({id, {"/bin/sh", "-c", "kill -9 $$"}, false, false, 80, 24}, killed.handlers());
  ASSERT_TRUE(killed.ended());
  EXPECT_EQ(killed.exitCode, 137);
}

TEST_F(ProcessDriverTest, ExecInput) {
  const std::string id = run({"/bin/sleep", "1000"});
  Heard heard;
  const auto stream = m_driver->exec({id, {"/bin/cat"}, false, true, 80, 24}, heard.handlers());
  ASSERT_TRUE(stream.ok());
  const std::string block(200'000, 'q');
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE((*stream)->write(block).ok());
  }
  ASSERT_TRUE((*stream)->write("end\n").ok());
  (*stream)->closeInput();
  EXPECT_FALSE((*stream)->write("late").ok());
  ASSERT_TRUE(heard.ended());
  EXPECT_EQ(heard.exitCode, 0);
  EXPECT_EQ(heard.out.size(), 600'004U);
  EXPECT_EQ(heard.out.substr(600'000), "end\n");
}

TEST_F(ProcessDriverTest, ExecThatDoesNotReadIsBounded) {
  const std::string id = run({"/bin/sleep", "1000"});
  Heard heard;
  auto stream = m_driver->exec({id, {"/bin/sleep", "1000"}, false, true, 80, 24}, heard.handlers());
  ASSERT_TRUE(stream.ok());
  bool refused = false;
  for (int i = 0; i < 100 && !refused; ++i) {
    refused = !(*stream)->write(std::string(100'000, 'x')).ok();
  }
  EXPECT_TRUE(refused);
}

TEST_F(ProcessDriverTest, ExecWithATerminal) {
  const std::string id = run({"/bin/sleep", "1000"});
  Heard heard;
  auto stream = m_driver->exec({id,
                                {"/bin/sh", "-c",
                                 "stty size; test -t 0 && test -t 1 && echo terminal; read x; stty size; "
                                 "echo got $x; exit 4"},
                                true,
                                true,
                                101,
                                33},
                               heard.handlers());
  if (!stream.ok()) {
    GTEST_SKIP() << "no terminals here: " << stream.error().text();
  }
  ASSERT_TRUE(heard.said("terminal"));
  EXPECT_TRUE(heard.said("33 101"));
  (*stream)->resize(60, 20);
  ASSERT_TRUE((*stream)->write("word\n").ok());
  ASSERT_TRUE(heard.ended());
  EXPECT_TRUE(heard.said("20 60"));
  EXPECT_TRUE(heard.said("got word"));
  EXPECT_EQ(heard.exitCode, 4);
}

TEST_F(ProcessDriverTest, ExecEndsWithItsSessionAndWithItsContainer) {
  const std::string id = run({"/bin/sleep", "1000"});
  Heard first;
  {
    auto stream = m_driver->exec({id, {TEST_PROGRAM, "tree"}, false, false, 80, 24}, first.handlers());
    ASSERT_TRUE(stream.ok());
    ASSERT_TRUE(first.said("ready"));
  }
  EXPECT_TRUE(eventually([this] { return marked().size() == 2; })); // shim and program
  for (const bool useCgroups : {true, false}) {
    m_settings.useCgroups = useCgroups;
    m_driver = makeDriver();
    ASSERT_TRUE(m_driver->open().ok());
    const std::string other = run({"/bin/sleep", "1000"});
    Heard second;
    auto stream = m_driver->exec({other, {TEST_PROGRAM, "tree"}, false, false, 80, 24}, second.handlers());
    ASSERT_TRUE(stream.ok());
    ASSERT_TRUE(second.said("ready"));
    ASSERT_TRUE(m_driver->stop(other, 5'000).ok());
    EXPECT_TRUE(second.ended());
    EXPECT_EQ(second.exitCode, 137);
    EXPECT_EQ(m_driver->exec({other, {"/bin/true"}, false, false, 80, 24}, {}).error().code, base::ErrorCode::Conflict);
  }
}

} // namespace
} // namespace univrs::runtime_process::test
