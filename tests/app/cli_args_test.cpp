// The command line: verbs, flags, mistakes.
#include "app/cli/command_line.h"
#include "app/cli/verbs/workload_flags.h"

#include <gtest/gtest.h>

using namespace univrs;
using namespace univrs::cli;

namespace {

std::optional<std::string> none(const std::string& name) {
  return name == "HOME" || name == "XDG_CONFIG_HOME" || name == "XDG_DATA_HOME" ? std::optional<std::string>("/nowhere")
                                                                                : std::nullopt;
}

base::Result<ParsedCommandLine> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "univrs");
  return parseCommandLine(int(words.size()), words.data(), none);
}

UpOptions up(const std::vector<const char*>& words) {
  auto parsed = parse(words);
  EXPECT_TRUE(parsed.ok()) << parsed.error().text();
  const auto* options = std::get_if<UpOptions>(&parsed.value());
  EXPECT_NE(options, nullptr);
  return options != nullptr ? *options : UpOptions();
}

Answer answer(const std::vector<const char*>& words) {
  auto parsed = parse(words);
  EXPECT_TRUE(parsed.ok());
  const auto* said = std::get_if<Answer>(&parsed.value());
  EXPECT_NE(said, nullptr);
  return said != nullptr ? *said : Answer{-1, {}, {}};
}

VerbCall verb(const std::vector<const char*>& words) {
  auto parsed = parse(words);
  EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : parsed.error().text());
  const auto* call = std::get_if<VerbCall>(&parsed.value());
  EXPECT_NE(call, nullptr) << words[0] << ": "
                           << (std::holds_alternative<Answer>(parsed.value()) ? std::get<Answer>(parsed.value()).err
                                                                              : "up");
  return call != nullptr ? *call : VerbCall();
}

} // namespace

TEST(CommandLine, WithoutAVerbItIsUpWithAWindow) {
  const UpOptions options = up({});
  EXPECT_FALSE(options.headless);
  EXPECT_EQ(options.apiAddress, "127.0.0.1:8080");
  EXPECT_EQ(options.dataDir, "/nowhere/univrs");
}

TEST(CommandLine, UpTakesTheSeedsFlags) {
  const UpOptions options =
      up({"up", "--headless", "--data", "/d", "--api", "127.0.0.1:0", "--port", "0", "--runtime", "process", "--label",
          "zone=a", "--label", "disk=ssd", "--log-json", "--metrics-open", "--stop-workloads"});
  EXPECT_TRUE(options.headless);
  EXPECT_EQ(options.dataDir, "/d");
  EXPECT_EQ(options.apiAddress, "127.0.0.1:0");
  EXPECT_EQ(options.port, 0);
  EXPECT_EQ(options.runtime, "process");
  EXPECT_EQ(options.labels, (std::map<std::string, std::string>{{"zone", "a"}, {"disk", "ssd"}}));
  EXPECT_TRUE(options.logJson && options.metricsOpen && options.stopWorkloads);
  EXPECT_EQ(options.settings.source("data"), "flag --data");
  EXPECT_EQ(up({"--data", "/e", "up", "--headless"}).dataDir, "/e");
  EXPECT_FALSE(up({"up", "--headless=false"}).headless);
}

TEST(CommandLine, RestoreNamesAFolderAndAFile) {
  const auto parsed = parse({"restore", "/backups/b.db", "--data", "/d", "-q"});
  ASSERT_TRUE(parsed.ok());
  const auto* restore = std::get_if<RestoreOptions>(&parsed.value());
  ASSERT_NE(restore, nullptr);
  EXPECT_EQ(restore->dataDir, "/d");
  EXPECT_EQ(restore->file, "/backups/b.db");
  EXPECT_TRUE(restore->quiet);
  EXPECT_TRUE(std::holds_alternative<Answer>(parse({"restore"}).value()));
  EXPECT_TRUE(std::holds_alternative<Answer>(parse({"restore", "b.db", "--to", "http://127.0.0.1:1"}).value()));
}

TEST(CommandLine, GlobalOptionsMayFollowTheVerb) {
  const VerbCall call = verb({"ps", "-o", "json", "--data", "/d", "-q", "--timeout", "90s", "--no-color"});
  EXPECT_EQ(call.verb, "ps");
  EXPECT_EQ(call.options.format, Format::Json);
  EXPECT_TRUE(call.options.quiet && call.options.noColour);
  EXPECT_EQ(call.options.timeout.value_or(base::Millis(0)).count(), 90'000);
  EXPECT_EQ(call.options.settings.text("data"), "/d");
  EXPECT_EQ(verb({"-o", "yaml", "nodes"}).options.format, Format::Yaml);
}

TEST(CommandLine, EveryVerbParses) {
  for (const std::vector<const char*>& words : std::vector<std::vector<const char*>>{
           {"deploy", "nginx", "--name",  "web", "--replicas", "3",   "-p",       "8080:80", "-e",        "A=1",
            "-e",     "B=2",   "--label", "x=y", "--cpu",      "0.5", "--memory", "64Mi",    "--dry-run", "--no-wait"},
           {"deploy", "-"},
           {"plan", "web.yaml"},
           {"ps"},
           {"ps", "web", "-a", "--watch"},
           {"status"},
           {"stats", "web", "--since", "30m"},
           {"stats", "--nodes", "-w", "-o", "json"},
           {"logs", "web", "-f", "-n", "10", "-t", "--since", "10m", "-c", "app"},
           {"logs", "ps"}, // a workload that is called like a verb
           {"exec", "-it", "web", "-c", "app", "--", "ps", "--all"},
           {"exec", "web", "ls"},
           {"scale", "web", "3"},
           {"scale", "web=3", "db=1"},
           {"update", "web", "--image", "nginx:2", "-e", "A=1"},
           {"rm", "web", "db", "-y"},
           {"restart", "web"},
           {"undo", "web", "--no-wait"},
           {"nodes"},
           {"image", "ls"},
           {"image", "load", "image.tar"},
           {"operations", "-o", "json"},
           {"cancel", "pull-1"},
           {"nodes", "aws-1"},
           {"node", "cordon", "aws-1"},
           {"node", "restart"},
           {"node", "restart", "aws-1", "--no-wait"},
           {"node", "uncordon", "aws-1", "-o", "json"},
           {"events", "-w", "--workload", "web"},
           {"why", "web-abc123", "-o", "json"},
           {"decisions", "--workload", "web"},
           {"config", "--local"},
           {"audit", "-n", "5"},
           {"backup", "/tmp/x"},
           {"version"},
           {"completion", "bash"},
           {"__complete", "--", "ps", "-"}}) {
    EXPECT_TRUE(verb(words).run) << words[0];
  }
  EXPECT_EQ(verb({"node", "cordon", "x"}).verb, "node cordon");
}

TEST(CommandLine, MistakesAreUsageAndSayWhat) {
  EXPECT_EQ(answer({"depoy", "x"}).exitCode, kUsage);
  EXPECT_NE(answer({"depoy", "x"}).err.find("did you mean deploy?"), std::string::npos);
  EXPECT_EQ(answer({"scale"}).exitCode, kUsage);
  EXPECT_NE(answer({"scale"}).err.find("univrs scale --help"), std::string::npos);
  EXPECT_EQ(answer({"ps", "-o", "xml"}).exitCode, kUsage);
  EXPECT_EQ(answer({"ps", "--timeout", "soon"}).exitCode, kUsage);
  EXPECT_EQ(answer({"deploy", "x", "--wait", "--no-wait"}).exitCode, kUsage);
  EXPECT_EQ(answer({"up", "--runtime", "magic"}).exitCode, kUsage);
  EXPECT_EQ(answer({"node"}).exitCode, kUsage);
  EXPECT_FALSE(parse({"up", "--api", "0.0.0.0:80"}).ok());
}

TEST(CommandLine, HelpAndVersionAnswer) {
  EXPECT_EQ(answer({"--help"}).exitCode, kOk);
  EXPECT_NE(answer({"--help"}).out.find("deploy"), std::string::npos);
  EXPECT_EQ(answer({"--help"}).out.find("__complete"), std::string::npos);
  EXPECT_NE(answer({"help", "scale"}).out.find("NAME=N"), std::string::npos);
  EXPECT_NE(answer({"help", "node", "cordon"}).out.find("id or name"), std::string::npos);
  EXPECT_EQ(answer({"--version"}).out, "univrs " UNIVRS_VERSION "\n");
}

TEST(WorkloadFlags, ReadPorts) {
  const auto port = parsePort("8080:80");
  ASSERT_TRUE(port.ok());
  EXPECT_EQ(port->containerPort, 80);
  EXPECT_EQ(port->hostPort, uint16_t(8080));
  EXPECT_EQ(parsePort("80")->hostPort, std::nullopt);
  EXPECT_EQ(parsePort("127.0.0.1:53:5353/udp")->hostAddress, "127.0.0.1");
  EXPECT_EQ(parsePort("[::1]:1:2")->hostAddress, "::1");
  EXPECT_EQ(parsePort("1:2/udp")->protocol, model::Protocol::Udp);
  for (const char* bad : {"", "x", "0", "1:0", "70000:1", "1:2/sctp", ":1", "1:"}) {
    EXPECT_FALSE(parsePort(bad).ok()) << bad;
  }
}

TEST(WorkloadFlags, MakeAWorkloadOfAnImage) {
  WorkloadFlags flags;
  flags.source = "docker.io/library/nginx:1.25";
  flags.replicas = 3;
  flags.ports = {"8080:80"};
  flags.env = {"A=1=2"};
  flags.cpu = "500m";
  flags.memory = "64Mi";
  const auto args = deployArgs(flags);
  ASSERT_TRUE(args.ok()) << args.error().text();
  const auto spec = model::workloadSpecFromJson(args->args.value(QLatin1String("workload")).toObject());
  ASSERT_TRUE(spec.ok()) << spec.error().text();
  EXPECT_EQ(spec->name, "nginx");
  EXPECT_EQ(spec->replicas, 3);
  EXPECT_EQ(spec->containers.at(0).env.at("A"), "1=2");
  EXPECT_EQ(spec->containers.at(0).requests.memoryBytes, 64 << 20);
  flags.env = {"=x"};
  EXPECT_FALSE(deployArgs(flags).ok());
  flags = {};
  flags.source = "./none.yaml";
  ASSERT_FALSE(deployArgs(flags).ok());
  EXPECT_EQ(deployArgs(flags).error().code, base::ErrorCode::NotFound);
}
