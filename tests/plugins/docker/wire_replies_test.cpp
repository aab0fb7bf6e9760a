// Parsing of what real engines answered (replies/, recorded from Docker 20.10 and Podman 4.3), and of broken answers.
#include "plugins/runtime-docker/image_replies.h"
#include "plugins/runtime-docker/json_lines.h"
#include "plugins/runtime-docker/replies.h"

#include <QFile>

#include <gtest/gtest.h>

namespace univrs::docker {

namespace {
QByteArray recorded(const std::string& name) {
  QFile file(QString::fromStdString(std::string(UNIVRS_TEST_REPLIES) + "/" + name));
  EXPECT_TRUE(file.open(QIODevice::ReadOnly)) << name;
  return file.readAll();
}
} // namespace

class Recorded : public testing::TestWithParam<std::string> {
protected:
  [[nodiscard]] QByteArray reply(const std::string& what) const { return recorded(GetParam() + "." + what); }
  [[nodiscard]] bool podman() const { return GetParam() == "podman"; }
};
INSTANTIATE_TEST_SUITE_P(Engines, Recorded, testing::Values("docker", "podman"));

TEST_P(Recorded, VersionAndInfo) {
  EngineFacts f;
  ASSERT_TRUE(readVersion(reply("version.json"), f).ok());
  ASSERT_TRUE(readInfo(reply("info.json"), f).ok());
  EXPECT_EQ(f.podman, podman());
  EXPECT_TRUE(f.version.starts_with(podman() ? "4.3.1" : "20.10.24"));
  EXPECT_EQ(f.arch, "amd64");
  EXPECT_EQ(f.cpus, 2);
  EXPECT_TRUE(f.cpuLimits && f.memoryLimits && f.pidsLimits && f.swapLimits);
  EXPECT_EQ(chooseApiVersion(f), "1.41");
}

TEST_P(Recorded, Container) {
  const auto c = readContainer(reply("running.json"));
  ASSERT_TRUE(c.ok());
  EXPECT_EQ(c->status.phase, agent::ContainerPhase::Running);
  EXPECT_EQ(c->status.name, "aa");
  EXPECT_EQ(c->memoryLimit, 67'108'864);
  EXPECT_GT(c->status.pid, 1);
  EXPECT_EQ(c->status.labels.at("io.univrs.node"), "n1");
  EXPECT_TRUE(c->status.startedAt.isSet());
  EXPECT_FALSE(c->status.finishedAt.isSet());
  ASSERT_EQ(c->status.endpoints.size(), 2u);
  EXPECT_EQ(c->status.endpoints[0].address, "127.0.0.1");
}

TEST_P(Recorded, ListImageExecStats) {
  const auto ids = readContainerList(reply("list.json"));
  ASSERT_TRUE(ids.ok());
  EXPECT_EQ(ids->size(), 1u);
  const auto image = readImage(reply("image.json"));
  ASSERT_TRUE(image.ok());
  EXPECT_TRUE(image->id.starts_with("sha256:"));
  const auto digests = digestsOf(*image, *model::parseImageReference("127.0.0.1:5000/team/bb:1"));
  EXPECT_EQ(digests.size(), podman() ? 2u : 1u);
  EXPECT_TRUE(digestsOf(*image, *model::parseImageReference("127.0.0.1:5000/team/other:1")).empty());
  const auto exec = readExec(reply("exec.json"));
  ASSERT_TRUE(exec.ok());
  EXPECT_FALSE(exec->running);
  const auto stats = readStats(reply("stats.json"));
  ASSERT_TRUE(stats.ok());
  EXPECT_TRUE(stats->running);
  EXPECT_GT(stats->usage.cpuNanoseconds, 0);
  EXPECT_GT(stats->usage.memoryBytes, 0);
  EXPECT_EQ(stats->usage.memoryLimitBytes, 67'108'864);
  EXPECT_GT(stats->usage.networkSentBytes + stats->usage.networkReceivedBytes, 0);
  EXPECT_EQ(stats->usage.pids, 2);
}

TEST_P(Recorded, EventsMeanTheSameOnBoth) {
  std::vector<std::string> actions;
  JsonLines lines;
  const QByteArray all = reply("events.jsonl");
  ASSERT_TRUE(lines
                  .push(std::string_view(all.constData(), size_t(all.size())),
                        [&](std::string_view line) {
                          const auto e = readEvent(line);
                          EXPECT_TRUE(e.ok());
                          if (e && *e && (*e)->labels.at("name") == "oo") {
                            EXPECT_EQ((*e)->labels.at("io.univrs.node"), "n1");
                            actions.push_back((*e)->action);
                          }
                          return true;
                        })
                  .ok());
  std::erase(actions, "oom"); // Docker's only
  EXPECT_EQ(actions, (std::vector<std::string>{"create", "start", "die", "remove"}));
}

TEST_P(Recorded, PullProgressAddsUp) {
  PullTracker tracker;
  JsonLines lines;
  const QByteArray all = reply("pull.jsonl");
  agent::PullProgress last;
  std::string digest;
  const auto take = [&](std::string_view text) {
    const auto line = tracker.read(text);
    EXPECT_TRUE(line.ok());
    EXPECT_TRUE(line->error.empty());
    EXPECT_LE(line->progress.current, line->progress.total);
    last = line->progress;
    digest += line->digest;
    return true;
  };
  ASSERT_TRUE(lines.push(std::string_view(all.constData(), size_t(all.size())), take).ok());
  lines.finish(take);
  EXPECT_EQ(last.phase, "extracting");
  EXPECT_EQ(last.current, last.total);
  if (!podman()) {
    EXPECT_EQ(last.total, 1'087'664);
    EXPECT_TRUE(digest.starts_with("sha256:"));
  }
}

TEST(Replies, PullErrorInTheStream) {
  PullTracker tracker;
  const auto line = tracker.read(
      R"({"progressDetail":{},"errorDetail":{"message":"manifest unknown: manifest unknown"},"error":"manifest unknown"})");
  ASSERT_TRUE(line.ok());
  EXPECT_EQ(line->error, "manifest unknown: manifest unknown");
}

// Every reader must survive every JSON type in every place.
TEST(Replies, WrongTypesNeverCrash) {
  const char* values[] = {"null",     "true", "-1",     "1e300", "18446744073709551615",
                          "\"text\"", "[]",   "[1,{}]", "{}",    "{\"a\":[]}"};
  const char* keys[] = {"Id",         "State",       "Config",      "HostConfig",     "NetworkSettings",
                        "Status",     "ExitCode",    "Labels",      "Ports",          "RepoDigests",
                        "Components", "Running",     "read",        "cpu_stats",      "networks",
                        "Actor",      "Type",        "status",      "progressDetail", "id",
                        "error",      "errorDetail", "memory_stats"};
  for (const char* key : keys) {
    for (const char* value : values) {
      for (const std::string& text :
           {std::string("{\"") + key + "\":" + value + "}",
            std::string(R"({"Id":"a","State":{")") + key + "\":" + value + "},\"Config\":{\"" + key + "\":" + value +
                "}}",
            std::string("[{\"") + key + "\":" + value + "}]", std::string(value), std::string("{\"") + key}) {
        const QByteArray body = QByteArray::fromStdString(text);
        EngineFacts f;
        (void)readVersion(body, f);
        (void)readInfo(body, f);
        (void)readImage(body);
        (void)readCreated(body);
        (void)readContainer(body);
        (void)readContainerList(body);
        (void)readStats(body);
        (void)readExec(body);
        (void)readEvent(text);
        (void)readErrorMessage(text);
        (void)PullTracker().read(text);
      }
    }
  }
}

TEST(Replies, MissingPartsAreNamed) {
  EXPECT_NE(readContainer("{}").error().why.find("no Id or no State"), std::string::npos);
  EXPECT_FALSE(readCreated(R"({"Id":"../../etc"})").ok());
  EXPECT_FALSE(readExec("{}").ok());
  EXPECT_FALSE(readContainerList("{}").ok());
  EngineFacts f;
  EXPECT_FALSE(readVersion("{}", f).ok());
  EXPECT_EQ(readErrorMessage("plain words\n"), "plain words");
  EXPECT_EQ(readErrorMessage(R"({"message":"why"})"), "why");
}

TEST(Replies, ApiVersionFitsTheEngine) {
  EngineFacts f;
  f.apiVersion = "1.52";
  f.minApiVersion = "1.44";
  EXPECT_EQ(chooseApiVersion(f), "1.44");
  f.minApiVersion = "1.12";
  EXPECT_EQ(chooseApiVersion(f), "1.41");
  f.apiVersion = "1.40";
  EXPECT_EQ(chooseApiVersion(f), "1.40");
}

TEST(ImageReplies, ListsNewestFirstAndWritesNamesOut) {
  const auto list = readImageList(R"([{"Id":"sha256:a","RepoTags":["<none>:<none>"],"Created":5,"Size":7},
    {"Id":"b","RepoTags":["nginx:1.27","localhost/x:1"],"Created":9,"Size":-3},{"Id":"sha256:c","RepoTags":null}])");
  ASSERT_TRUE(list.ok()) << list.error().text();
  ASSERT_EQ(list->size(), 3u);
  EXPECT_EQ(list->at(0).id, "sha256:b");
  EXPECT_EQ(list->at(0).tags, (std::vector<std::string>{"docker.io/library/nginx:1.27", "localhost/x:1"}));
  EXPECT_EQ(list->at(0).createdAt.ms, 9'000);
  EXPECT_EQ(list->at(0).sizeBytes, 0);
  EXPECT_TRUE(list->at(1).tags.empty());
  EXPECT_EQ(list->at(1).sizeBytes, 7);
  for (const char* bad : {"", "{}", "[{}]", "[1]", "nonsense"}) {
    EXPECT_FALSE(readImageList(bad).ok()) << bad;
  }
  QByteArray many = "[";
  for (int i = 0; i < 1'500; ++i) {
    many += QByteArray(i == 0 ? "" : ",") + "{\"Id\":\"i" + QByteArray::number(i) +
            "\",\"Created\":" + QByteArray::number(i) + "}";
  }
  const auto bounded = readImageList(many + "]");
  ASSERT_TRUE(bounded.ok());
  EXPECT_EQ(bounded->size(), agent::kMaxListedImages);
  EXPECT_EQ(bounded->front().id, "sha256:i1499");
}

TEST(ImageReplies, TheWordsOfALoad) {
  const auto loaded = [](const char* line) {
    const auto read = readLoadLine(line);
    return read ? read->loaded : std::vector<std::string>{"not read"};
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(loaded(R"({"stream":"Loaded image: busybox:1\n"})"), Names{"busybox:1"});
  EXPECT_EQ(loaded(R"({"stream":"Loaded image ID: sha256:0a"})"), Names{"sha256:0a"});
  EXPECT_EQ(loaded(R"({"stream":"Loaded image(s): a:1, b:2"})"), (Names{"a:1", "b:2"}));
  EXPECT_EQ(loaded(R"({"stream":"Loaded image: a:1\nLoaded image: b:2\n"})"), (Names{"a:1", "b:2"}));
  EXPECT_TRUE(loaded(R"({"stream":"The image a:1 already exists"})").empty());
  EXPECT_TRUE(loaded(R"({"stream":7})").empty());
  EXPECT_EQ(readLoadLine(R"({"status":"Loading layer","progressDetail":{"current":1}})")->progress, "Loading layer");
  EXPECT_EQ(readLoadLine(R"({"errorDetail":{"message":"no space left"},"error":"x"})")->error, "no space left");
  EXPECT_FALSE(readLoadLine("nonsense").ok());
}

} // namespace univrs::docker
