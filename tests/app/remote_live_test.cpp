// Watches, log streams and exec sessions of the remote engine, over real WebSockets on loopback.
#include "app/remote/remote_engine.h"
#include "engine/interfaces/json.h"
#include "tests/app/test_node.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <gtest/gtest.h>

using namespace univrs;
using namespace univrs::test;
using base::ErrorCode;
using interfaces::Delta;
using interfaces::Topic;

namespace {

remote::RemoteOptions optionsFor(const TestNode& node) {
  remote::RemoteOptions options;
  options.url = node.url();
  options.token = "secret";
  options.backoffFirstMs = 10;
  options.backoffMaxMs = 50;
  options.heartbeatTimeoutMs = 10'000;
  return options;
}

void sendJson(QWebSocket* socket, const QJsonObject& message) {
  socket->sendTextMessage(QString::fromUtf8(QJsonDocument(message).toJson(QJsonDocument::Compact)));
}

QJsonObject mark(Delta::Kind kind, Topic topic, int64_t revision) {
  Delta delta;
  delta.kind = kind;
  delta.topic = topic;
  delta.revision = revision;
  return interfaces::toJson(delta);
}

QJsonObject putEvent(int64_t revision, const std::string& message) {
  Delta delta;
  delta.topic = Topic::Events;
  delta.revision = revision;
  model::Event event;
  event.id = "e" + std::to_string(revision);
  event.revision = revision;
  event.type = "test";
  event.message = message;
  event.time = {1'700'000'000'000};
  delta.id = event.id;
  delta.object = event;
  return interfaces::toJson(delta);
}

QJsonObject deltas(const QJsonArray& list) {
  return {{QStringLiteral("type"), QStringLiteral("deltas")}, {QStringLiteral("deltas"), list}};
}

// The server's side of /ws/orchestrator: greets, and keeps what clients subscribed to.
struct Hub {
  explicit Hub(TestNode& node) {
    node.onSocket = [this](QWebSocket* socket) {
      sendJson(socket, {{QStringLiteral("type"), QStringLiteral("connected")},
                        {QStringLiteral("node_id"), nodeId},
                        {QStringLiteral("revision"), qint64(revision)}});
      QObject::connect(socket, &QWebSocket::textMessageReceived, socket, [this, socket](const QString& text) {
        const QJsonObject message = QJsonDocument::fromJson(text.toUtf8()).object();
        subscribes.push_back(message);
        sendJson(socket, {{QStringLiteral("type"), QStringLiteral("subscribed")}});
        if (onSubscribe) {
          onSubscribe(socket, message.value(QLatin1String("from_revision")).toInteger());
        }
      });
    };
  }
  QString nodeId = QStringLiteral("node-a");
  int64_t revision = 100;
  std::vector<QJsonObject> subscribes;
  std::function<void(QWebSocket*, int64_t)> onSubscribe;
};

struct Heard {
  std::vector<Delta> deltas;
  std::vector<std::pair<bool, std::string>> connection;
  interfaces::WatchHandlers handlers() {
    return {[this](const std::vector<Delta>& batch) { deltas.insert(deltas.end(), batch.begin(), batch.end()); },
            [this](bool up, const std::string& why) { connection.emplace_back(up, why); }};
  }
};

} // namespace

TEST(RemoteWatch, SubscribesAndResumesAfterABreak) {
  TestNode node;
  Hub hub(node);
  hub.onSubscribe = [](QWebSocket* socket, int64_t from) {
    if (from == 0) {
      sendJson(socket, deltas({mark(Delta::Kind::SnapshotBegin, Topic::Nodes, 100),
                               mark(Delta::Kind::SnapshotEnd, Topic::Nodes, 100)}));
      sendJson(socket, deltas({putEvent(101, "one")}));
    } else {
      sendJson(socket, deltas({putEvent(from + 1, "after the break")}));
    }
  };
  const auto engine = remote::makeRemoteEngine(optionsFor(node));
  Heard heard;
  const auto watch = engine->events().watch({{Topic::Nodes, Topic::Events}, 0}, heard.handlers());
  EXPECT_TRUE(heard.connection.empty()) << "inside the call";
  ASSERT_TRUE(waitFor([&] { return heard.deltas.size() == 3; }));
  EXPECT_EQ(heard.connection, (std::vector<std::pair<bool, std::string>>{{true, ""}}));
  EXPECT_EQ(node.upgrades.at(0).target, QStringLiteral("/ws/orchestrator"));
  EXPECT_EQ(node.upgrades.at(0).headers.value(QStringLiteral("authorization")), QStringLiteral("Bearer secret"));
  EXPECT_FALSE(node.upgrades.at(0).headers.contains(QStringLiteral("origin")));

  hub.revision = 105;
  node.stop();
  ASSERT_TRUE(waitFor([&] { return heard.connection.size() >= 2; }));
  EXPECT_FALSE(heard.connection[1].first);
  settle(150); // several refused attempts
  node.start();
  ASSERT_TRUE(waitFor([&] { return heard.deltas.size() == 4; }));
  EXPECT_EQ(hub.subscribes.back().value(QLatin1String("from_revision")).toInteger(), 101);
  EXPECT_EQ(std::get<model::Event>(heard.deltas.back().object).message, "after the break");
  EXPECT_TRUE(heard.connection.back().first);
}

TEST(RemoteWatch, ABreakInsideASnapshotBeginsAnew) {
  TestNode node;
  Hub hub(node);
  int round = 0;
  hub.onSubscribe = [&](QWebSocket* socket, int64_t) {
    if (++round == 1) { // nodes are complete, workloads are not
      sendJson(socket, deltas({mark(Delta::Kind::SnapshotBegin, Topic::Nodes, 100),
                               mark(Delta::Kind::SnapshotEnd, Topic::Nodes, 100),
                               mark(Delta::Kind::SnapshotBegin, Topic::Workloads, 100)}));
      socket->close();
    }
  };
  const auto engine = remote::makeRemoteEngine(optionsFor(node));
  Heard heard;
  const auto watch = engine->events().watch({{Topic::Nodes, Topic::Workloads}, 0}, heard.handlers());
  ASSERT_TRUE(waitFor([&] { return hub.subscribes.size() == 2; }));
  EXPECT_EQ(hub.subscribes[1].value(QLatin1String("from_revision")).toInteger(), 0);
}

TEST(RemoteWatch, AnotherNodesRevisionsAreNotResumed) {
  TestNode node;
  Hub hub(node);
  hub.onSubscribe = [](QWebSocket* socket, int64_t) { sendJson(socket, deltas({putEvent(150, "x")})); };
  hub.revision = 140;
  const auto engine = remote::makeRemoteEngine(optionsFor(node));
  Heard heard;
  const auto watch = engine->events().watch({{Topic::Events}, 0}, heard.handlers());
  ASSERT_TRUE(waitFor([&] { return heard.deltas.size() == 1; }));
  hub.nodeId = QStringLiteral("node-b");
  hub.revision = 900;
  node.sockets.first()->close();
  ASSERT_TRUE(waitFor([&] { return hub.subscribes.size() == 2; }));
  EXPECT_EQ(hub.subscribes[1].value(QLatin1String("from_revision")).toInteger(), 0);
}

TEST(RemoteWatch, ASilentPeerIsTakenForDead) {
  TestNode node;
  Hub hub(node); // greets, then says nothing
  remote::RemoteOptions options = optionsFor(node);
  options.heartbeatTimeoutMs = 100;
  const auto engine = remote::makeRemoteEngine(options);
  Heard heard;
  const auto watch = engine->events().watch({{Topic::Events}, 0}, heard.handlers());
  ASSERT_TRUE(waitFor([&] { return hub.subscribes.size() >= 2; }));
  ASSERT_GE(heard.connection.size(), 2u);
  EXPECT_TRUE(heard.connection[0].first);
  EXPECT_FALSE(heard.connection[1].first);
  EXPECT_NE(heard.connection[1].second.find("silent"), std::string::npos);
}

TEST(RemoteWatch, ARefusedHandshakeSaysWhyOnce) {
  TestNode node;
  node.onUpgrade = [](const HttpAsk&) { return 403; };
  node.onHttp = [](const HttpAsk&) {
    return json({{QStringLiteral("error"), QStringLiteral("the token is too old")},
                 {QStringLiteral("code"), QStringLiteral("FORBIDDEN")}},
                403);
  };
  const auto engine = remote::makeRemoteEngine(optionsFor(node));
  Heard heard;
  const auto watch = engine->events().watch({{Topic::Events}, 0}, heard.handlers());
  ASSERT_TRUE(waitFor([&] { return node.upgrades.size() >= 3; }));
  ASSERT_EQ(heard.connection.size(), 1u);
  EXPECT_FALSE(heard.connection[0].first);
  EXPECT_NE(heard.connection[0].second.find("the token is too old"), std::string::npos);
}

TEST(RemoteWatch, MayBeDestroyedAnywhere) {
  TestNode node;
  Hub hub(node);
  hub.onSubscribe = [](QWebSocket* socket, int64_t) {
    sendJson(socket, deltas({putEvent(101, "one")}));
    sendJson(socket, deltas({putEvent(102, "two")}));
  };
  auto engine = remote::makeRemoteEngine(optionsFor(node));
  int batches = 0;
  std::unique_ptr<base::Subscription> watch;
  watch = engine->events().watch({{Topic::Events}, 0}, {[&](const std::vector<Delta>&) {
                                                          ++batches;
                                                          watch.reset(); // inside its own handler
                                                        },
                                                        {}});
  ASSERT_TRUE(waitFor([&] { return batches == 1; }));
  settle();
  EXPECT_EQ(batches, 1);
  auto early = engine->events().watch({{Topic::Events}, 0}, {[&](const std::vector<Delta>&) { ++batches; }, {}});
  early.reset(); // before it connected
  auto outlives = engine->events().watch({{Topic::Events}, 0}, {[&](const std::vector<Delta>&) { ++batches; }, {}});
  engine.reset(); // the engine before its watch
  settle();
  outlives.reset();
  settle();
  EXPECT_EQ(batches, 1);
}

TEST(RemoteLogs, ReadsOnceOverHttp) {
  TestNode node;
  node.onHttp = [](const HttpAsk&) {
    interfaces::LogEntry entry;
    entry.instanceId = "web-abc123";
    entry.container = "web";
    entry.text = "hello";
    entry.time = {1'700'000'000'000};
    return json({{QStringLiteral("entries"), QJsonArray{interfaces::toJson(entry)}}});
  };
  const auto engine = remote::makeRemoteEngine(optionsFor(node));
  std::vector<interfaces::LogEntry> lines;
  std::optional<base::Result<void>> end;
  interfaces::LogQuery query;
  query.workload = "web";
  query.tail = 5;
  const auto stream =
      engine->logs().readLogs(query, {[&](const auto& batch) { lines.insert(lines.end(), batch.begin(), batch.end()); },
                                      [&](base::Result<void> r) { end = std::move(r); }});
  ASSERT_TRUE(waitFor([&] { return end.has_value(); }));
  EXPECT_TRUE(end->ok());
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].text, "hello");
  EXPECT_EQ(node.asked[0].target, QStringLiteral("/api/workloads/web/logs?tail=5"));
}

TEST(RemoteLogs, FollowsUntilTheEndOrTheError) {
  TestNode node;
  bool broken = false;
  node.onSocket = [&](QWebSocket* socket) {
    interfaces::LogEntry entry;
    entry.instanceId = "web-abc123";
    entry.text = "line";
    entry.time = {1'700'000'000'000};
    sendJson(socket, {{QStringLiteral("status"), QStringLiteral("connected")}, {QStringLiteral("instances"), 1}});
    sendJson(socket, {{QStringLiteral("entries"), QJsonArray{interfaces::toJson(entry), interfaces::toJson(entry)}}});
    if (broken) {
      sendJson(socket, {{QStringLiteral("error"), QStringLiteral("its node is gone")},
                        {QStringLiteral("code"), QStringLiteral("UNAVAILABLE")},
                        {QStringLiteral("ended"), true}});
    } else {
      sendJson(socket, {{QStringLiteral("info"), QStringLiteral("over")}, {QStringLiteral("ended"), true}});
    }
  };
  const auto engine = remote::makeRemoteEngine(optionsFor(node));
  for (const bool fails : {false, true}) {
    broken = fails;
    size_t lines = 0;
    int ends = 0;
    std::optional<base::Result<void>> end;
    interfaces::LogQuery query;
    query.workload = "web";
    query.follow = true;
    const auto stream = engine->logs().readLogs(query, {[&](const auto& batch) { lines += batch.size(); },
                                                        [&](base::Result<void> r) {
                                                          ++ends;
                                                          end = std::move(r);
                                                        }});
    ASSERT_TRUE(waitFor([&] { return end.has_value(); }));
    settle();
    EXPECT_EQ(lines, 2u);
    EXPECT_EQ(ends, 1);
    EXPECT_EQ(end->ok(), !fails);
    if (fails) {
      EXPECT_EQ(end->error().code, ErrorCode::Unavailable);
    }
  }
  EXPECT_TRUE(node.upgrades[0].target.startsWith(QLatin1String("/api/logs/stream?workload=web")));
}

TEST(RemoteExec, CarriesInputOutputAndTheExitCode) {
  TestNode node;
  QByteArray input;
  bool closed = false;
  QJsonObject resized;
  node.onSocket = [&](QWebSocket* socket) {
    socket->sendBinaryMessage(QByteArray("\x03") + R"({"type":"started"})");
    QObject::connect(socket, &QWebSocket::binaryMessageReceived, socket, [&, socket](const QByteArray& frame) {
      if (frame.at(0) == 3) {
        resized = QJsonDocument::fromJson(frame.mid(1)).object();
      } else if (frame.size() > 1) {
        input += frame.mid(1);
      } else {
        closed = true;
        socket->sendBinaryMessage(QByteArray("\x01", 1) + "out");
        socket->sendBinaryMessage(QByteArray("\x02", 1) + "err");
        socket->sendBinaryMessage(QByteArray("\x03") + R"({"type":"exit","exit_code":42})");
      }
    });
  };
  const auto engine = remote::makeRemoteEngine(optionsFor(node));
  bool started = false;
  std::string out;
  std::string err;
  std::optional<base::Result<int>> exit;
  interfaces::ExecQuery query;
  query.instance = "web";
  query.command = {"sh", "-c", "echo a&b"};
  query.attachStdin = true;
  const auto session = engine->exec().startExec(
      query,
      {[&] { started = true; }, [&](const std::string& bytes, bool isStderr) { (isStderr ? err : out) += bytes; },
       [&](base::Result<int> code) { exit = std::move(code); }});
  const std::string big(300'000, 'x'); // several frames, from before the socket is open
  session->write(big);
  session->resize(120, 40);
  session->closeInput();
  ASSERT_TRUE(waitFor([&] { return exit.has_value(); }));
  EXPECT_TRUE(started);
  EXPECT_TRUE(closed);
  EXPECT_EQ(input.toStdString(), big);
  EXPECT_EQ(resized.value(QLatin1String("columns")).toInt(), 120);
  EXPECT_EQ(out, "out");
  EXPECT_EQ(err, "err");
  ASSERT_TRUE(exit->ok());
  EXPECT_EQ(exit->value(), 42);
  EXPECT_TRUE(node.upgrades[0].target.startsWith(
      QLatin1String("/api/instances/web/exec?command=sh&command=-c&command=echo%20a%26b&tty=0&stdin=1")))
      << node.upgrades[0].target.toStdString();
}

TEST(RemoteExec, TellsWhyItWasNotStarted) {
  TestNode node;
  node.onUpgrade = [](const HttpAsk&) { return 404; };
  node.onHttp = [](const HttpAsk&) {
    return json({{QStringLiteral("error"), QStringLiteral("there is no instance web")},
                 {QStringLiteral("code"), QStringLiteral("NOT_FOUND")}},
                404);
  };
  const auto engine = remote::makeRemoteEngine(optionsFor(node));
  std::optional<base::Result<int>> exit;
  const auto session = engine->exec().startExec({"web", {}, {"ls"}, false, false, 80, 24},
                                                {{}, {}, [&](base::Result<int> code) { exit = std::move(code); }});
  EXPECT_FALSE(exit.has_value());
  ASSERT_TRUE(waitFor([&] { return exit.has_value(); }));
  ASSERT_FALSE(exit->ok());
  EXPECT_EQ(exit->error().code, ErrorCode::NotFound);
  EXPECT_EQ(exit->error().what, "there is no instance web");
}

TEST(RemoteExec, ABrokenConnectionAndTooMuchInputEndIt) {
  TestNode node;
  node.onSocket = [](QWebSocket* socket) { socket->abort(); };
  const auto engine = remote::makeRemoteEngine(optionsFor(node));
  std::optional<base::Result<int>> exit;
  {
    const auto session = engine->exec().startExec({"web", {}, {"ls"}, false, true, 80, 24},
                                                  {{}, {}, [&](base::Result<int> code) { exit = std::move(code); }});
    ASSERT_TRUE(waitFor([&] { return exit.has_value(); }));
    EXPECT_EQ(exit->error().code, ErrorCode::Unavailable);
  }
  exit.reset();
  node.onSocket = {};
  const auto session = engine->exec().startExec({"web", {}, {"ls"}, false, true, 80, 24},
                                                {{}, {}, [&](base::Result<int> code) { exit = std::move(code); }});
  session->write(std::string(size_t(remote::kMaxExecInputBytes) + (1 << 20), 'x'));
  EXPECT_GT(remote::pendingInput(*session), remote::kMaxExecInputBytes);
  ASSERT_TRUE(waitFor([&] { return exit.has_value(); }));
  EXPECT_EQ(exit->error().code, ErrorCode::TooLarge);
}

TEST(RemoteExec, MayBeDestroyedWhileItRuns) {
  TestNode node;
  node.onSocket = [](QWebSocket* socket) { socket->sendBinaryMessage(QByteArray("\x03") + R"({"type":"started"})"); };
  const auto engine = remote::makeRemoteEngine(optionsFor(node));
  bool started = false;
  bool ended = false;
  auto session = engine->exec().startExec({"web", {}, {"ls"}, false, true, 80, 24},
                                          {[&] { started = true; }, {}, [&](base::Result<int>) { ended = true; }});
  ASSERT_TRUE(waitFor([&] { return started; }));
  session.reset();
  ASSERT_TRUE(waitFor([&] { return node.sockets.isEmpty(); })) << "the server must see it end";
  EXPECT_FALSE(ended);
}
