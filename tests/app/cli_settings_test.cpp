// The layers of configuration: default < file < environment < flag.
#include "app/cli/up_options.h"

#include <QTemporaryDir>

#include <gtest/gtest.h>

#include <fstream>

using namespace univrs;
using namespace univrs::cli;

namespace {

class SettingsTest : public testing::Test {
protected:
  void file(const std::string& text) {
    path = dir.path().toStdString() + "/univrs.yaml";
    std::ofstream(path) << text;
  }
  base::Result<Settings> read() {
    SettingSources sources;
    sources.flags = flags;
    sources.configFile = path;
    sources.environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto it = env.find(name);
      return it == env.end() ? std::nullopt : std::optional(it->second);
    };
    return readSettings(sources);
  }
  QTemporaryDir dir;
  std::string path;
  std::map<std::string, std::vector<std::string>> flags;
  std::map<std::string, std::string> env{
      {"HOME", "/home/none"}, {"XDG_CONFIG_HOME", "/nowhere"}, {"XDG_DATA_HOME", "/data"}};
};

} // namespace

TEST_F(SettingsTest, LaterLayersWinAndSourcesAreKept) {
  auto s = read();
  ASSERT_TRUE(s.ok());
  EXPECT_EQ(s->text("api"), "127.0.0.1:8080");
  EXPECT_EQ(s->source("api"), "default");
  EXPECT_EQ(s->text("data"), "/data/univrs");
  file("# mine\napi: 127.0.0.1:1\nlog_json: true\nlabels:\n  zone: a\n  disk: ssd\n");
  s = read();
  ASSERT_TRUE(s.ok()) << s.error().text();
  EXPECT_EQ(s->text("api"), "127.0.0.1:1");
  EXPECT_EQ(s->source("api"), "file " + path + ":2");
  EXPECT_TRUE(s->on("log_json"));
  EXPECT_EQ(s->pairs("labels"), (std::map<std::string, std::string>{{"zone", "a"}, {"disk", "ssd"}}));
  env["UNIVRS_API"] = "127.0.0.1:2";
  env["UNIVRS_LABELS"] = "zone=b, x=y";
  s = read();
  EXPECT_EQ(s->text("api"), "127.0.0.1:2");
  EXPECT_EQ(s->source("api"), "environment UNIVRS_API");
  EXPECT_EQ(s->pairs("labels"), (std::map<std::string, std::string>{{"zone", "b"}, {"x", "y"}}));
  flags["api"] = {"127.0.0.1:3"};
  s = read();
  EXPECT_EQ(s->text("api"), "127.0.0.1:3");
  EXPECT_EQ(s->source("api"), "flag --api");
  const QJsonObject json = s->toJson().value(QLatin1String("api")).toObject();
  EXPECT_EQ(json.value(QLatin1String("value")).toString(), QStringLiteral("127.0.0.1:3"));
  EXPECT_EQ(json.value(QLatin1String("source")).toString(), QStringLiteral("flag --api"));
}

TEST_F(SettingsTest, AllFaultsAtOnceWithLines) {
  file("api_adress: x\nruntime: dokcer\nport: 70000\nlog_json: maybe\nlabels: [novalue]\nname: {a: b}\n");
  const auto s = read();
  ASSERT_FALSE(s.ok());
  ASSERT_EQ(s.error().fields.size(), 6u);
  EXPECT_EQ(s.error().fields[0].path, "api_adress");
  EXPECT_EQ(s.error().fields[0].line, 1);
  EXPECT_EQ(s.error().fields[0].message, "is no setting");
  EXPECT_EQ(s.error().fields[1].line, 2);
  EXPECT_NE(s.error().fields[2].message.find("0…65535"), std::string::npos);
}

TEST_F(SettingsTest, UnknownKeysNameTheNearest) {
  file("runtme: docker\n");
  const auto s = read();
  ASSERT_FALSE(s.ok());
  EXPECT_EQ(s.error().fields.at(0).hint, "did you mean runtime?");
}

TEST_F(SettingsTest, BrokenAndMissingFiles) {
  file("a: [b\n");
  EXPECT_FALSE(read().ok());
  file("- just\n- a list\n");
  EXPECT_FALSE(read().ok());
  file("");
  EXPECT_TRUE(read().ok());
  path = dir.path().toStdString() + "/none.yaml";
  EXPECT_FALSE(read().ok());
}

TEST_F(SettingsTest, UpChecksWhatBelongsTogether) {
  const auto up = [&] { return upOptionsFrom(read().value()); };
  EXPECT_TRUE(up().ok());
  flags = {{"api", {"0.0.0.0:8080"}}};
  ASSERT_FALSE(up().ok());
  EXPECT_NE(up().error().fields.at(0).message.find("needs TLS"), std::string::npos);
  flags["tls_cert"] = {"c.pem"};
  flags["tls_key"] = {"k.pem"};
  EXPECT_TRUE(up().ok());
  flags["api_auth"] = {"none"};
  EXPECT_FALSE(up().ok());
  flags = {{"api_auth", {"none"}}, {"api", {"[::1]:0"}}};
  EXPECT_TRUE(up().ok());
  flags = {{"tls_key", {"k.pem"}}};
  EXPECT_FALSE(up().ok());
  for (const char* bad : {"8080", ":8080", "host:", "host:99999", "::1:80", "[zz]:80", "h:8x"}) {
    flags = {{"api", {bad}}};
    EXPECT_FALSE(up().ok()) << bad;
  }
  flags = {{"headless", {"true"}}, {"to", {"http://x:1"}}};
  EXPECT_FALSE(up().ok());
  flags = {{"headless", {"true"}}};
  env["UNIVRS_TO"] = "http://x:1"; // for the verbs: a node of its own was asked for
  ASSERT_TRUE(up().ok());
  EXPECT_TRUE(up()->connectTo.empty());
  env.clear();
  flags = {{"to", {"http://a:1", "http://b:2"}}, {"token_file", {"A", "B"}}}; // a window on several nodes
  ASSERT_TRUE(up().ok());
  EXPECT_EQ(up()->connectTo, (std::vector<std::string>{"http://a:1", "http://b:2"}));
  EXPECT_EQ(read()->text("to"), "http://b:2"); // a verb goes to the last
  flags["to"] = {"http://a:1", "http://b:2", "http://c:3"};
  EXPECT_FALSE(up().ok()); // two files for three nodes
}
