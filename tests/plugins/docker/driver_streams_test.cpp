#include "plugins/runtime-docker/log_lines.h"
#include "tests/plugins/docker/driver_fixture.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace univrs::docker::test {

TEST_F(DriverTest, LogsKeepOrderAndStreamsApart) {
  const std::string id = runShell("for i in 1 2 3 4 5; do echo out $i; echo err $i >&2; done; printf 'no newline'");
  waitForExit(id);
  const auto lines = logsOf(id);
  std::vector<std::string> out;
  std::vector<std::string> err;
  base::Timestamp last;
  for (const auto& l : lines) {
    (l.isStderr ? err : out).push_back(l.text);
    EXPECT_TRUE(l.time.isSet());
    EXPECT_GE(l.time, last);
    last = l.time;
  }
  EXPECT_EQ(out, (std::vector<std::string>{"out 1", "out 2", "out 3", "out 4", "out 5", "no newline"}));
  EXPECT_EQ(err, (std::vector<std::string>{"err 1", "err 2", "err 3", "err 4", "err 5"}));
}

TEST_F(DriverTest, LogsTailSinceUntil) {
  const std::string id = runShell("echo a; echo b; sleep 2.2; echo c; sleep 2.2; echo d");
  waitForExit(id);
  const auto all = logsOf(id);
  ASSERT_EQ(all.size(), 4u);
  const auto two = logsOf(id, 2);
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(two[0].text, "c");
  EXPECT_EQ(two[1].text, "d");
  EXPECT_TRUE(logsOf(id, 0).empty());

  std::string text;
  agent::LogRequest r;
  r.containerId = id;
  const auto collect = [&](const agent::LogLine& l) {
    text += l.text;
    return true;
  };
  r.since = all[2].time;
  ASSERT_TRUE(driver->logs(r, collect, {}).ok());
  EXPECT_EQ(text, "cd");
  text.clear();
  r.since = {};
  r.until = all[2].time;
  ASSERT_TRUE(driver->logs(r, collect, {}).ok());
  EXPECT_EQ(text, "abc");
  r.containerId = "feedfeedfeed";
  EXPECT_EQ(driver->logs(r, collect, {}).error().code, base::ErrorCode::NotFound);
}

TEST_F(DriverTest, LogsWithLongLinesAndBinary) {
  const std::string id = runShell("head -c 40000 /dev/zero | tr '\\0' x; echo; printf 'a\\001\\377b\\n'; echo end");
  waitForExit(id);
  const auto lines = logsOf(id);
  std::string longLine;
  size_t i = 0;
  for (; i < lines.size() && lines[i].text.find_first_not_of('x') == std::string::npos && !lines[i].text.empty(); ++i) {
    EXPECT_LE(lines[i].text.size(), LogLines::kMaxLineBytes);
    longLine += lines[i].text;
  }
  EXPECT_EQ(longLine.size(), 40'000u);
  EXPECT_LE(i, 4u);
  ASSERT_EQ(lines.size(), i + 2);
  EXPECT_EQ(lines[i].text.substr(0, 2), std::string("a\001"));
  EXPECT_EQ(lines[i].text.back(), 'b');
  EXPECT_EQ(lines[i + 1].text, "end");
}

TEST_F(DriverTest, FollowEndsWithTheContainer) {
  const std::string id = runShell("for i in 1 2 3 4; do echo line $i; sleep 0.3; done");
  std::vector<std::string> seen;
  std::vector<base::Timestamp> came;
  agent::LogRequest r;
  r.containerId = id;
  r.follow = true;
  const auto done = driver->logs(r,
                                 [&](const agent::LogLine& l) {
                                   seen.push_back(l.text);
                                   came.push_back(l.time);
                                   return true;
                                 },
                                 {});
  EXPECT_TRUE(done.ok()) << done.error().text();
  EXPECT_EQ(seen, (std::vector<std::string>{"line 1", "line 2", "line 3", "line 4"}));
  EXPECT_TRUE(std::is_sorted(came.begin(), came.end()));
}

TEST_F(DriverTest, FollowIsCancelled) {
  const std::string id = runShell("echo begin; sleep 1000");
  base::CancelSource source;
  std::atomic<bool> began = false;
  base::Result<void> result;
  std::thread follower([&] {
    agent::LogRequest r;
    r.containerId = id;
    r.follow = true;
    result = driver->logs(
        r,
        [&](const agent::LogLine&) {
          began = true;
          return true;
        },
        source.token());
  });
  EXPECT_TRUE(eventually([&] { return began.load(); }));
  source.cancel();
  follower.join();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, base::ErrorCode::Cancelled);

  // A sink that has enough ends it as well, without an error.
  agent::LogRequest r;
  r.containerId = id;
  r.follow = true;
  EXPECT_TRUE(driver->logs(r, [](const agent::LogLine&) { return false; }, {}).ok());
}

TEST_F(DriverTest, EventsOfThisNodeOnly) {
  base::CancelSource source;
  std::mutex mutex;
  std::vector<agent::EngineEvent> seen;
  base::Result<void> result;
  std::thread watcher([&] {
    result = driver->events(
        kNode,
        [&](const agent::EngineEvent& e) {
          const std::lock_guard lock(mutex);
          seen.push_back(e);
        },
        source.token());
  });
  const auto saw = [&](const std::string& id, const std::string& action) {
    const std::lock_guard lock(mutex);
    return std::any_of(seen.begin(), seen.end(),
                       [&](const auto& e) { return e.containerId == id && e.action == action; });
  };
  // The stream may take a moment to stand: make containers until the first event comes.
  std::string id;
  EXPECT_TRUE(eventually([&] {
    id = runShell("exit 0");
    waitForExit(id);
    return eventually([&] { return saw(id, "die"); }, std::chrono::seconds(2));
  }));
  EXPECT_TRUE(saw(id, "create") && saw(id, "start"));
  auto foreign = request({"true"});
  foreign.labels[std::string(agent::kLabelNode)] = "12D3KooWSomebodyElse";
  const std::string other = run(foreign);
  waitForExit(other);
  ASSERT_TRUE(driver->remove(id).ok());
  EXPECT_TRUE(eventually([&] { return saw(id, "remove"); }));
  EXPECT_FALSE(saw(other, "start"));
  source.cancel();
  watcher.join();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, base::ErrorCode::Cancelled);
  const std::lock_guard lock(mutex);
  EXPECT_EQ(seen.front().labels.at(std::string(agent::kLabelNode)), kNode);
}

} // namespace univrs::docker::test
