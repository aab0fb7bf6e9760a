// Verbs end to end: a command line, a real server on loopback, and what is printed.
#include "app/cli/command_line.h"
#include "engine/interfaces/images.h"
#include "engine/interfaces/json.h"
#include "tests/app/test_node.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

using namespace univrs;
using namespace univrs::cli;
using namespace univrs::test;

namespace {

struct Ran {
  int code = -1;
  std::string out;
  std::string err;
};

std::string slurp(FILE* file) {
  std::rewind(file);
  std::string text(1 << 16, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  return text;
}

class VerbsTest : public testing::Test {
protected:
  VerbsTest() {
    std::ofstream(folder() + "/api.address") << node.url() << "\n";
    std::ofstream(folder() + "/api.token") << "secret\n";
  }
  std::string folder() const { return dir.path().toStdString(); }

  Ran run(std::vector<std::string> words) {
    words.insert(words.begin(), {"univrs", "--data", folder()});
    std::vector<const char*> argv;
    for (const std::string& word : words) {
      argv.push_back(word.c_str());
    }
    auto parsed =
        parseCommandLine(int(argv.size()), argv.data(), [this](const std::string& name) -> std::optional<std::string> {
          return name == "HOME" ? std::optional(folder()) : std::nullopt;
        });
    Ran ran;
    if (!parsed || !std::holds_alternative<VerbCall>(parsed.value())) {
      ADD_FAILURE() << "not a verb";
      return ran;
    }
    const VerbCall& call = std::get<VerbCall>(parsed.value());
    FILE* out = std::tmpfile();
    FILE* err = std::tmpfile();
    {
      Console console(out, err, true, call.options.quiet);
      Session session(call.options, console);
      ran.code = call.run(session);
    }
    ran.out = slurp(out);
    ran.err = slurp(err);
    return ran;
  }

  static model::Workload web(model::Health health, int ready) {
    model::Workload w;
    w.id = model::WorkloadId("3f1d8a52-9d5a-4d57-a8ad-0c8e2a9b1c11");
    w.spec.name = "web";
    w.spec.replicas = 2;
    w.spec.containers.emplace_back();
    w.spec.containers[0].name = "web";
    w.spec.containers[0].image = "nginx:1.25";
    w.status.health = health;
    w.status.reason = health == model::Health::Healthy ? "" : "1 of 2 ready";
    w.status.desired = 2;
    w.status.ready = ready;
    w.createdAt = w.updatedAt = {1'700'000'000'000};
    w.revision = 5;
    return w;
  }

  TestNode node;
  QTemporaryDir dir;
};

QJsonObject pageOf(const QJsonArray& items) {
  return {{QStringLiteral("items"), items},
          {QStringLiteral("total"), items.size()},
          {QStringLiteral("next"), QString()},
          {QStringLiteral("revision"), 1}};
}

} // namespace

TEST_F(VerbsTest, PsShowsTheTableOrJson) {
  node.onHttp = [](const HttpAsk&) { return json(pageOf({model::toJson(web(model::Health::Degraded, 1))})); };
  Ran ran = run({"ps"});
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_NE(ran.out.find("● degraded"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("1/2"), std::string::npos);
  EXPECT_NE(ran.out.find("nginx:1.25"), std::string::npos);
  EXPECT_EQ(ran.out.find('\x1b'), std::string::npos);
  ran = run({"ps", "-o", "json"});
  const QJsonObject out = QJsonDocument::fromJson(QByteArray::fromStdString(ran.out)).object();
  EXPECT_EQ(out.value(QLatin1String("count")).toInt(), 1);
  EXPECT_EQ(run({"ps", "-q"}).out, "web\n");
  node.onHttp = [](const HttpAsk&) { return json(pageOf({})); };
  ran = run({"ps"});
  EXPECT_EQ(ran.out, "");
  EXPECT_NE(ran.err.find("univrs deploy"), std::string::npos);
}

TEST_F(VerbsTest, NoNodeIsSaidWithTheNextStep) {
  node.stop();
  Ran ran = run({"ps"});
  EXPECT_EQ(ran.code, kUnavailable);
  EXPECT_EQ(ran.err, "univrs: No Univrs node answers at 127.0.0.1:" + std::to_string(node.port()) +
                         " (connection refused). Start one: univrs up --headless\n");
  std::remove((folder() + "/api.address").c_str());
  ran = run({"ps"});
  EXPECT_EQ(ran.code, kUnavailable);
  EXPECT_NE(ran.err.find("No Univrs node runs in " + folder()), std::string::npos);
}

TEST_F(VerbsTest, DeployWaitsUntilHealthy) {
  node.onHttp = [](const HttpAsk&) {
    interfaces::CommandOutcome outcome;
    outcome.command = "deploy";
    outcome.changed = true;
    outcome.summary = "web created with 2 replicas";
    outcome.objects = {model::toJson(web(model::Health::Progressing, 0))};
    return json(interfaces::toJson(outcome));
  };
  node.onSocket = [](QWebSocket* socket) {
    const auto send = [socket](const QJsonObject& message) {
      socket->sendTextMessage(QString::fromUtf8(QJsonDocument(message).toJson(QJsonDocument::Compact)));
    };
    send({{QStringLiteral("type"), QStringLiteral("connected")},
          {QStringLiteral("node_id"), QStringLiteral("n")},
          {QStringLiteral("revision"), 5}});
    QObject::connect(socket, &QWebSocket::textMessageReceived, socket, [send](const QString&) {
      send({{QStringLiteral("type"), QStringLiteral("subscribed")}});
      const auto deltas = [send](std::initializer_list<interfaces::Delta> list) {
        QJsonArray array;
        for (const interfaces::Delta& delta : list) {
          array.append(interfaces::toJson(delta));
        }
        send({{QStringLiteral("type"), QStringLiteral("deltas")}, {QStringLiteral("deltas"), array}});
      };
      using D = interfaces::Delta;
      using T = interfaces::Topic;
      const auto put = [](const model::Workload& w, int64_t revision) {
        return D{D::Kind::Put, T::Workloads, revision, w.id.str(), w};
      };
      deltas({D{D::Kind::SnapshotBegin, T::Workloads, 5, "", {}}, put(web(model::Health::Progressing, 0), 5),
              D{D::Kind::SnapshotEnd, T::Workloads, 5, "", {}}, D{D::Kind::SnapshotBegin, T::Instances, 5, "", {}},
              D{D::Kind::SnapshotEnd, T::Instances, 5, "", {}}});
      deltas({put(web(model::Health::Healthy, 2), 6)});
    });
  };
  const Ran ran = run({"deploy", "nginx:1.25", "--name", "web", "--replicas", "2"});
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_EQ(ran.out, "web created with 2 replicas\n");
  EXPECT_NE(ran.err.find("web is healthy: 2/2 ready"), std::string::npos) << ran.err;
}

TEST_F(VerbsTest, DeployThatStaysBehindTimesOutWithTheReason) {
  node.onHttp = [](const HttpAsk&) {
    interfaces::CommandOutcome outcome;
    outcome.summary = "web created";
    outcome.objects = {model::toJson(web(model::Health::Progressing, 0))};
    return json(interfaces::toJson(outcome));
  };
  const Ran ran = run({"deploy", "nginx:1.25", "--timeout", "300ms"});
  EXPECT_EQ(ran.code, kTimedOut);
  EXPECT_NE(ran.err.find("web is not healthy"), std::string::npos) << ran.err;
}

TEST_F(VerbsTest, ManifestFaultsNameFileLineAndPath) {
  const std::string file = folder() + "/web.yaml";
  std::ofstream(file) << "name: web\n";
  HttpAsk asked;
  node.onHttp = [&](const HttpAsk& ask) {
    asked = ask;
    return json({{QStringLiteral("error"), QStringLiteral("x")},
                 {QStringLiteral("code"), QStringLiteral("VALIDATION_ERROR")},
                 {QStringLiteral("details"),
                  QJsonObject{{QStringLiteral("what"), QStringLiteral("web.yaml was not deployed")},
                              {QStringLiteral("fields"),
                               QJsonArray{QJsonObject{{QStringLiteral("path"), QStringLiteral("containers")},
                                                      {QStringLiteral("message"), QStringLiteral("is missing")},
                                                      {QStringLiteral("line"), 1}}}}}}},
                400);
  };
  const Ran ran = run({"deploy", file});
  EXPECT_EQ(ran.code, kInvalid);
  EXPECT_NE(ran.err.find("  " + file + ":1 containers: is missing\n"), std::string::npos) << ran.err;
  const QJsonObject body = QJsonDocument::fromJson(asked.body).object();
  EXPECT_EQ(body.value(QLatin1String("manifest")).toString(), QStringLiteral("name: web\n"));
  EXPECT_EQ(body.value(QLatin1String("file_name")).toString(), QStringLiteral("web.yaml"));
}

TEST_F(VerbsTest, ExecPassesTheProgramsExitCode) {
  node.onSocket = [](QWebSocket* socket) {
    socket->sendBinaryMessage(QByteArray("\x03") + R"({"type":"exit","exit_code":42})");
  };
  EXPECT_EQ(run({"exec", "web", "--", "sh", "-c", "exit 42"}).code, 42);
  EXPECT_NE(node.upgrades.at(0).target.indexOf(QLatin1String("command=-c")), -1);
  EXPECT_EQ(run({"exec", "web"}).code, kUsage);
}

namespace {
// A node that says what is under way, and then nothing more.
std::function<void(QWebSocket*)> operationsUnderWay(std::vector<model::Operation> operations) {
  return [operations](QWebSocket* socket) {
    const auto send = [socket](const QJsonObject& message) {
      socket->sendTextMessage(QString::fromUtf8(QJsonDocument(message).toJson(QJsonDocument::Compact)));
    };
    send({{QStringLiteral("type"), QStringLiteral("connected")},
          {QStringLiteral("node_id"), QStringLiteral("n")},
          {QStringLiteral("revision"), 5}});
    QObject::connect(socket, &QWebSocket::textMessageReceived, socket, [send, operations](const QString&) {
      using D = interfaces::Delta;
      using T = interfaces::Topic;
      send({{QStringLiteral("type"), QStringLiteral("subscribed")}});
      QJsonArray deltas{interfaces::toJson(D{D::Kind::SnapshotBegin, T::Operations, 5, "", {}})};
      for (const model::Operation& o : operations) {
        deltas.append(interfaces::toJson(D{D::Kind::Put, T::Operations, 5, o.id, o}));
      }
      deltas.append(interfaces::toJson(D{D::Kind::SnapshotEnd, T::Operations, 5, "", {}}));
      send({{QStringLiteral("type"), QStringLiteral("deltas")}, {QStringLiteral("deltas"), deltas}});
    });
  };
}
} // namespace

TEST_F(VerbsTest, OperationsAreListedAndCancelledByAPartOfTheirId) {
  model::Operation pull;
  pull.id = "pull-n-1";
  pull.kind = "pull";
  pull.subject = "docker.io/library/nginx:1.25";
  pull.phase = "downloading";
  pull.current = 5 << 20;
  pull.total = 10 << 20;
  pull.cancellable = true;
  pull.startedAt = {1'700'000'000'000};
  model::Operation update;
  update.id = "update-w-2-0";
  update.kind = "update";
  update.subject = "web";
  update.phase = "rolling";
  update.current = 3;
  update.total = 5;
  node.onSocket = operationsUnderWay({pull, update});
  Ran ran = run({"operations"});
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_NE(ran.out.find("5 MiB of 10 MiB"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("3 of 5"), std::string::npos) << ran.out;
  EXPECT_EQ(run({"operations", "-q"}).out.find("KIND"), std::string::npos);

  QByteArray asked;
  node.onHttp = [&](const HttpAsk& ask) {
    asked = ask.target.toUtf8() + ask.body;
    interfaces::CommandOutcome outcome;
    outcome.summary = "the pull is being cancelled";
    return json(interfaces::toJson(outcome));
  };
  ran = run({"cancel", "nginx"});
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_EQ(ran.out, "the pull is being cancelled\n");
  EXPECT_NE(asked.indexOf("/commands/cancel_operation"), -1);
  EXPECT_NE(asked.indexOf("pull-n-1"), -1);
  ran = run({"cancel", "-"});
  EXPECT_EQ(ran.code, kInvalid) << ran.err;
  EXPECT_NE(ran.err.find("fits 2 operations"), std::string::npos) << ran.err;
}

TEST_F(VerbsTest, ImagesAreLoadedAndListed) {
  QByteArray asked;
  node.onSocket = operationsUnderWay({});
  node.onHttp = [&](const HttpAsk& ask) {
    asked = ask.method.toUtf8() + ask.target.toUtf8() + ask.body;
    const interfaces::StoredImage image{
        "sha256:0123456789abcdef", {"localhost/app:1"}, "amd64", 3 << 20, {1'700'000'000'000}};
    return json(pageOf({interfaces::toJson(image)}));
  };
  Ran ran = run({"image", "load", "some/image.tar"});
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_NE(asked.indexOf("POST"), -1);
  EXPECT_NE(asked.indexOf("/images/load"), -1);
  EXPECT_NE(asked.indexOf("\"/"), -1) << "the whole path: " << asked.toStdString();
  EXPECT_NE(asked.indexOf("some/image.tar"), -1);
  EXPECT_NE(ran.out.find("localhost/app:1"), std::string::npos) << ran.out;
  EXPECT_NE(ran.err.find("Loaded localhost/app:1 (3 MiB)"), std::string::npos) << ran.err;
  EXPECT_EQ(run({"image", "ls", "-q"}).out, "localhost/app:1\n");
  asked.clear();
  ran = run({"--to", node.url(), "image", "load", "image.tar"});
  EXPECT_EQ(ran.code, kInvalid);
  EXPECT_TRUE(asked.isEmpty());
  EXPECT_NE(ran.err.find("that node's own disk"), std::string::npos) << ran.err;
}

TEST_F(VerbsTest, LogsPrefixSeveralInstances) {
  node.onHttp = [](const HttpAsk& ask) {
    if (!ask.target.contains(QLatin1String("/logs"))) {
      return json(model::toJson(web(model::Health::Healthy, 2)));
    }
    QJsonArray entries;
    for (const char* instance : {"web-a", "web-b"}) {
      interfaces::LogEntry entry;
      entry.instanceId = instance;
      entry.container = "web";
      entry.text = "hello";
      entry.time = {1'700'000'000'000};
      entries.append(interfaces::toJson(entry));
    }
    return json({{QStringLiteral("entries"), entries}});
  };
  const Ran ran = run({"logs", "web"});
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_EQ(ran.out, "web-a | hello\nweb-b | hello\n");
}

TEST_F(VerbsTest, AFollowGoesOnAfterTheConnectionWasLost) {
  const auto line = [](const char* text, int64_t ms) {
    interfaces::LogEntry entry;
    entry.instanceId = "web-a";
    entry.container = "web";
    entry.containerId = "c1";
    entry.text = text;
    entry.time = {1'700'000'000'000 + ms};
    return interfaces::toJson(entry);
  };
  const auto send = [](QWebSocket* socket, const QJsonObject& message) {
    socket->sendTextMessage(QString::fromUtf8(QJsonDocument(message).toJson(QJsonDocument::Compact)));
  };
  node.onHttp = [](const HttpAsk& ask) {
    interfaces::NodeInfo info;
    info.name = "one";
    return ask.target.contains(QLatin1String("/info")) ? json(interfaces::toJson(info))
                                                       : json(model::toJson(web(model::Health::Healthy, 1)));
  };
  int connections = 0;
  node.onSocket = [&](QWebSocket* socket) {
    if (++connections == 1) {
      send(socket, {{QStringLiteral("entries"), QJsonArray{line("one", 0), line("two", 20'000), line("two", 20'000)}}});
      socket->close(QWebSocketProtocol::CloseCodeGoingAway, QStringLiteral("the node is restarting"));
      return;
    }
    send(socket, {{QStringLiteral("entries"), QJsonArray{line("one", 10'500), line("two", 20'000), line("two", 20'000),
                                                         line("two", 20'000), line("three", 20'001)}}});
    send(socket, {{QStringLiteral("ended"), true}});
  };
  const Ran ran = run({"logs", "web", "-f", "-n", "5"});
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_EQ(ran.out, "web-a | one\nweb-a | two\nweb-a | two\nweb-a | two\nweb-a | three\n")
      << "none twice, none left out";
  EXPECT_NE(ran.err.find("The connection was lost"), std::string::npos);
  EXPECT_NE(ran.err.find("restarting"), std::string::npos);
  EXPECT_NE(ran.err.find("The connection is back"), std::string::npos);
  ASSERT_EQ(node.upgrades.size(), 2U);
  EXPECT_TRUE(node.upgrades[0].target.contains(QLatin1String("tail=5")));
  EXPECT_TRUE(node.upgrades[1].target.contains(QLatin1String("since=2023-11-14T22")));
  EXPECT_TRUE(node.upgrades[1].target.contains(QLatin1String("tail=100000")));
}

TEST_F(VerbsTest, NodeRestartWaitsUntilAnotherStartAnswers) {
  int asked = 0;
  node.onHttp = [&](const HttpAsk& ask) {
    if (ask.target.contains(QLatin1String("/commands/restart_node"))) {
      interfaces::CommandOutcome outcome;
      outcome.summary = "one is restarting";
      return json(interfaces::toJson(outcome));
    }
    interfaces::NodeInfo info;
    info.name = "one";
    info.startedAt = {++asked < 4 ? 1'700'000'000'000 : 1'700'000'009'000};
    return json(interfaces::toJson(info));
  };
  const Ran ran = run({"node", "restart"});
  EXPECT_EQ(ran.code, kOk) << ran.err;
  EXPECT_EQ(ran.out, "one is restarting\n");
  EXPECT_NE(ran.err.find("one is back"), std::string::npos) << ran.err;
  EXPECT_EQ(asked, 4);
}

TEST_F(VerbsTest, RmReportsWhatIsMissingAndGoesOn) {
  int removed = 0;
  node.onHttp = [&](const HttpAsk& ask) {
    if (ask.target.endsWith(QLatin1String("/workloads/none"))) {
      return json({{QStringLiteral("error"), QStringLiteral("There is no workload none")},
                   {QStringLiteral("code"), QStringLiteral("NOT_FOUND")}},
                  404);
    }
    if (ask.target.contains(QLatin1String("/commands/remove"))) {
      ++removed;
      interfaces::CommandOutcome outcome;
      outcome.summary = "web is being removed";
      return json(interfaces::toJson(outcome));
    }
    return json(model::toJson(web(model::Health::Healthy, 2)));
  };
  const Ran ran = run({"rm", "none", "web", "-y", "--no-wait"});
  EXPECT_EQ(ran.code, kNotFound);
  EXPECT_EQ(removed, 1);
  EXPECT_EQ(ran.out, "web is being removed\n");
}
