#include "plugins/runtime-process/container_files.h"
#include "plugins/runtime-process/log_reader.h"
#include "plugins/runtime-process/log_writer.h"
#include "plugins/runtime-process/port_picker.h"
#include "plugins/runtime-process/process_tree.h"
#include "plugins/runtime-process/small_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <unistd.h>

namespace univrs::runtime_process {
namespace {

class ProcessFiles : public ::testing::Test {
protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "univrs-files-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    m_folder = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(m_folder); }
  std::string m_folder;
};

TEST_F(ProcessFiles, LaunchReadsBackWithAnyBytes) {
  Launch launch;
  launch.id = "abc";
  launch.command = {"/bin/echo", "", "a=b\nc", "\xff\x01"};
  launch.env = {"A=1", "B=x=y"};
  launch.workingDir = "/some where";
  launch.uid = 7;
  launch.gid = 8;
  launch.groups = {8, 9};
  launch.limits = {250, 1 << 20, 12};
  launch.useCgroups = false;
  const auto back = Launch::parse(launch.text());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->command, launch.command);
  EXPECT_EQ(back->env, launch.env);
  EXPECT_EQ(back->workingDir, launch.workingDir);
  EXPECT_EQ(back->uid, launch.uid);
  EXPECT_EQ(back->groups, launch.groups);
  EXPECT_EQ(back->limits.pids, 12);
  EXPECT_FALSE(back->useCgroups);
  const std::string text = launch.text();
  EXPECT_FALSE(Launch::parse(text.substr(0, text.size() - 1)));
  EXPECT_FALSE(Launch::parse(""));
}

TEST_F(ProcessFiles, StateAndConfigReadBack) {
  ShimState state;
  state.running = true;
  state.pid = 12;
  state.startTime = 3'456'789'012ULL;
  state.exitCode = 137;
  state.oomKilled = true;
  state.error = "a \"quoted\" \\ line\n\x01";
  ASSERT_TRUE(writeState(m_folder, state));
  const auto back = readState(m_folder);
  ASSERT_TRUE(back);
  EXPECT_TRUE(back->running);
  EXPECT_EQ(back->startTime, state.startTime);
  EXPECT_TRUE(back->oomKilled);
  EXPECT_EQ(back->error, state.error);
  ContainerConfig config;
  config.id = "x";
  config.labels = {{"a", "b"}};
  config.endpoints = {{80, model::Protocol::Udp, "127.0.0.1", 20'001}};
  config.portEnv = {{"PORT", "20001"}};
  ASSERT_TRUE(writeConfig(m_folder, config));
  EXPECT_EQ(readConfig(m_folder)->endpoints, config.endpoints);
  EXPECT_EQ(readConfig(m_folder)->labels, config.labels);
  ASSERT_TRUE(replaceFile(m_folder + "/state.json", "{broken"));
  EXPECT_FALSE(readState(m_folder));
}

TEST_F(ProcessFiles, LogRecordsAreParsedStrictly) {
  const auto line = parseLogRecord("2026-11-23T10:00:00.123456789Z stderr P some text");
  ASSERT_TRUE(line);
  EXPECT_TRUE(line->isStderr);
  EXPECT_EQ(line->text, "some text");
  EXPECT_EQ(line->time.ms % 1000, 123);
  EXPECT_TRUE(parseLogRecord("2026-11-23T10:00:00Z stdout F "));
  for (const char* bad :
       {"", "x", "2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z stdout", "2026-11-23T10:00:00Z stdout X a",
        "yesterday stdout F a", "2026-11-23T10:00:00Z stdlog F a"}) {
    EXPECT_FALSE(parseLogRecord(bad)) << bad;
  }
}

TEST_F(ProcessFiles, TheLogWriterPutsPiecesTogether) {
  {
    LogWriter log(m_folder + "/log", 1 << 20);
    ASSERT_TRUE(log.open());
    log.append(false, "he");
    log.append(true, "err\n");
    log.append(false, "llo\nwor");
    log.append(false, "ld");
    log.append(false, "\n" + std::string(kMaxRecordText, 'y'));
    log.append(false, "\nend");
    log.finish(false);
    log.finish(true);
  }
  std::vector<std::string> texts;
  ASSERT_TRUE(readLog(
                  m_folder, {},
                  [&texts](const agent::LogLine& line) {
                    texts.push_back(line.text);
                    return true;
                  },
                  {}, [] { return false; })
                  .ok());
  EXPECT_EQ(texts, (std::vector<std::string>{"err", "hello", "world", std::string(kMaxRecordText, 'y'), "end"}));
}

TEST_F(ProcessFiles, PortsArePickedOnce) {
  PortPicker picker;
  std::set<uint16_t> seen;
  for (int i = 0; i < 200; ++i) {
    const auto port = picker.pick(model::Protocol::Tcp, {});
    ASSERT_TRUE(port);
    EXPECT_TRUE(seen.insert(*port).second);
  }
}

TEST_F(ProcessFiles, AProcessIsKnownByItsStart) {
  const auto self = readProcess(::getpid());
  ASSERT_TRUE(self);
  EXPECT_EQ(self->parent, ::getppid());
  EXPECT_TRUE(isAlive(::getpid(), self->startTime));
  EXPECT_FALSE(isAlive(::getpid(), self->startTime + 1));
  EXPECT_FALSE(isAlive(0, 0));
}

} // namespace
} // namespace univrs::runtime_process
