// The WebSockets as clients meet them.
#include "tests/api/server_fixture.h"

#include <QJsonArray>

namespace univrs::api {
namespace {

using interfaces::Delta;
using interfaces::Topic;

class Sockets : public ServerFixture {
protected:
  void SetUp() override {
    ServerFixture::SetUp();
    start();
  }
  static Delta eventDelta(const std::string& id, int64_t revision, const std::string& kind = "workload",
                          size_t padding = 0) {
    model::Event e;
    e.id = id;
    e.revision = revision;
    e.type = "workload_created";
    e.objectKind = kind;
    e.message = "web was created" + std::string(padding, '.');
    e.time = base::Timestamp{1'700'000'000'000};
    e.correlationId = "c-1";
    return {Delta::Kind::Put, Topic::Events, revision, id, e};
  }
};

TEST_F(Sockets, SnapshotThenDeltas) {
  SocketClient client;
  ASSERT_EQ(client.connect(port, "/ws/orchestrator"), 101);
  const QJsonObject hello = client.readJson();
  EXPECT_EQ(hello.value(QStringLiteral("type")).toString(), QStringLiteral("connected"));
  EXPECT_TRUE(hello.value(QStringLiteral("node_id")).toString().startsWith(QLatin1String("12D3KooW")));
  client.sendText(R"({"type":"subscribe","topics":["workloads","events"],"from_revision":0})");
  EXPECT_EQ(client.readJson().value(QStringLiteral("topics")).toArray().size(), 2);
  const QJsonObject snapshot = client.readJson();
  const QJsonArray deltas = snapshot.value(QStringLiteral("deltas")).toArray();
  ASSERT_EQ(deltas.size(), 3);
  EXPECT_EQ(deltas[0].toObject().value(QStringLiteral("kind")).toString(), QStringLiteral("snapshot_begin"));
  EXPECT_EQ(deltas[1].toObject().value(QStringLiteral("object")).toObject().value(QStringLiteral("name")).toString(),
            QStringLiteral("web"));
  EXPECT_EQ(deltas[2].toObject().value(QStringLiteral("kind")).toString(), QStringLiteral("snapshot_end"));
  executor.run([&] {
    engine.pushDeltas({eventDelta("e1", 50), {Delta::Kind::Remove, Topic::Workloads, 51, "x", {}}});
  });
  const QJsonObject changed = client.readJson();
  EXPECT_EQ(changed.value(QStringLiteral("revision")).toInteger(), 51);
  EXPECT_EQ(changed.value(QStringLiteral("deltas")).toArray().size(), 2);
  client.sendText(R"({"type":"ping"})");
  EXPECT_TRUE(client.readJson().value(QStringLiteral("pong")).toBool());
  for (const char* wrong :
       {"nonsense", "[]", R"({"type":"dance"})", R"({"type":"subscribe"})",
        R"({"type":"subscribe","topics":["unknown"]})", R"({"type":"subscribe","topics":[],"from_revision":-1})"}) {
    client.sendText(wrong);
    EXPECT_EQ(client.readJson().value(QStringLiteral("type")).toString(), QStringLiteral("error")) << wrong;
  }
  client.drop();
  EXPECT_TRUE(eventually([this] { return engine.openSubscriptions == 0; }));
}

TEST_F(Sockets, PeersOfTheNetworkThenWhoComesAndGoes) {
  SocketClient client;
  ASSERT_EQ(client.connect(port, "/ws/p2p"), 101);
  const QJsonObject list = client.readJson();
  EXPECT_EQ(list.value(QStringLiteral("type")).toString(), QStringLiteral("peers_list"));
  const QJsonArray peers = list.value(QStringLiteral("peers")).toArray();
  ASSERT_EQ(peers.size(), 1);
  EXPECT_EQ(peers[0].toObject().value(QStringLiteral("peer_id")).toString().toStdString(), thePeer().id);
  model::Peer other = thePeer();
  other.id = "12D3KooWother";
  model::GossipMessage message;
  message.id = "abcd";
  message.topic = "/univrs/1.0.0/test";
  message.seqno = UINT64_MAX;
  message.bytes = 3;
  message.data = std::string("a\0b", 3);
  executor.run([&] {
    engine.pushDeltas({{Delta::Kind::Put, Topic::Peers, 50, other.id, other},
                       {Delta::Kind::Put, Topic::Peers, 51, thePeer().id, thePeer()},
                       {Delta::Kind::Put, Topic::Gossip, 52, message.id, message},
                       {Delta::Kind::Remove, Topic::Peers, 53, other.id, {}}});
  });
  for (const auto& [type, revision] : {std::pair("peer_joined", 50), std::pair("peer_updated", 51),
                                       std::pair("gossip_message", 52), std::pair("peer_left", 53)}) {
    const QJsonObject json = client.readJson();
    EXPECT_EQ(json.value(QStringLiteral("type")).toString(), QLatin1String(type));
    EXPECT_EQ(json.value(QStringLiteral("revision")).toInteger(), revision);
    if (revision == 52) {
      EXPECT_EQ(json.value(QStringLiteral("seqno")).toString(), QString::number(UINT64_MAX));
      EXPECT_EQ(json.value(QStringLiteral("data")).toString(), QStringLiteral("YQBi"));
    }
  }
  client.sendText(R"({"type":"get_stats"})");
  const QJsonObject stats = client.readJson();
  EXPECT_EQ(stats.value(QStringLiteral("type")).toString(), QStringLiteral("stats"));
  EXPECT_EQ(stats.value(QStringLiteral("message_count")).toInteger(), 5);
  client.sendText(R"({"type":"get_peers"})");
  EXPECT_EQ(client.readJson().value(QStringLiteral("type")).toString(), QStringLiteral("peers_list"));
  client.sendText("nonsense");
  EXPECT_EQ(client.readJson().value(QStringLiteral("type")).toString(), QStringLiteral("error"));
  client.drop();
  EXPECT_TRUE(eventually([this] { return engine.openSubscriptions == 0; }));
}

TEST_F(Sockets, ResumesFromARevisionAndReplacesSubscriptions) {
  SocketClient client;
  ASSERT_EQ(client.connect(port, "/ws/orchestrator"), 101);
  client.sendText(R"({"type":"subscribe","topics":["workloads"],"from_revision":7})"); // before the greeting
  EXPECT_EQ(client.readJson().value(QStringLiteral("type")).toString(), QStringLiteral("connected"));
  EXPECT_EQ(client.readJson().value(QStringLiteral("type")).toString(), QStringLiteral("subscribed"));
  ASSERT_TRUE(eventually([this] { return engine.watchRequests.size() == 1; }));
  executor.run([&] { EXPECT_EQ(engine.watchRequests[0].fromRevision, 7); });
  client.sendText(R"({"type":"subscribe","topics":["nodes"]})");
  EXPECT_EQ(client.readUntil("type", "subscribed").value(QStringLiteral("topics")).toArray().at(0).toString(),
            QStringLiteral("nodes"));
  EXPECT_TRUE(eventually([this] { return engine.watches == 2 && engine.openSubscriptions == 1; }));
  client.sendText(R"({"type":"unsubscribe"})");
  client.readUntil("type", "unsubscribed");
  EXPECT_TRUE(eventually([this] { return engine.openSubscriptions == 0; }));
}

TEST_F(Sockets, SlowClientsAreResynchronised) {
  SocketClient client;
  ASSERT_EQ(client.connect(port, "/ws/orchestrator"), 101);
  client.readJson();
  client.sendText(R"({"type":"subscribe","topics":["workloads","events"]})");
  client.readUntil("type", "deltas");
  int64_t revision = 100;
  for (int i = 0; i < 400; ++i) { // far more than the socket's buffers and the queue hold
    executor.run([&] {
      std::vector<Delta> deltas;
      for (int k = 0; k < 50; ++k) {
        deltas.push_back(eventDelta("e", ++revision, "workload", 2'000));
      }
      engine.pushDeltas(deltas);
    });
  }
  EXPECT_EQ(client.readUntil("type", "resync").value(QStringLiteral("type")).toString(), QStringLiteral("resync"));
  const QJsonObject fresh = client.readUntil("type", "deltas");
  EXPECT_EQ(fresh.value(QStringLiteral("deltas")).toArray().at(0).toObject().value(QStringLiteral("kind")).toString(),
            QStringLiteral("snapshot_begin"));
  executor.run([&] {
    EXPECT_GE(engine.watches, 2);
    EXPECT_LE(engine.openSubscriptions, 1);
  });
}

TEST_F(Sockets, TokenAsSubprotocol) {
  SocketClient client;
  ASSERT_EQ(client.connect(port, "/ws/orchestrator", {{"Sec-WebSocket-Protocol", "univrs.token." + kTestToken}}, false),
            101);
  EXPECT_EQ(client.protocol(), "univrs.token." + kTestToken);
  SocketClient wrong;
  EXPECT_EQ(wrong.connect(port, "/ws/orchestrator", {{"Sec-WebSocket-Protocol", "univrs.token.wrong"}}, false), 401);
  SocketClient none;
  EXPECT_EQ(none.connect(port, "/ws/orchestrator", {}, false), 401);
  SocketClient foreign;
  EXPECT_EQ(foreign.connect(port, "/ws/orchestrator", {{"Origin", "http://evil.example"}}), 403);
  SocketClient lost;
  EXPECT_EQ(lost.connect(port, "/ws/nowhere"), 404);
}

TEST_F(Sockets, EventStreamOfTheOriginals) {
  SocketClient client;
  ASSERT_EQ(client.connect(port, "/api/v1/events"), 101);
  QJsonObject hello = client.readJson();
  EXPECT_EQ(hello.value(QStringLiteral("type")).toString(), QStringLiteral("connected"));
  EXPECT_TRUE(hello.value(QStringLiteral("data")).toObject().contains(QLatin1String("client_id")));
  client.sendText(R"({"type":"subscribe","topics":["workloads"]})");
  EXPECT_EQ(client.readJson().value(QStringLiteral("type")).toString(), QStringLiteral("subscribed"));
  ASSERT_TRUE(eventually([this] { return engine.openSubscriptions == 1; }));
  executor.run([&] { engine.pushDeltas({eventDelta("n1", 1, "node"), eventDelta("w1", 2)}); });
  const QJsonObject event = client.readJson();
  EXPECT_EQ(event.value(QStringLiteral("id")).toString(), QStringLiteral("w1")) << "the node's is not subscribed";
  EXPECT_EQ(event.value(QStringLiteral("correlation_id")).toString(), QStringLiteral("c-1"));
  EXPECT_EQ(event.value(QStringLiteral("timestamp")).toString(), QStringLiteral("2023-11-14T22:13:20.000Z"));
  client.sendText(R"({"type":"subscribe","topics":["all"]})");
  client.readUntil("type", "subscribed");
  executor.run([&] { engine.pushDeltas({eventDelta("n2", 3, "node")}); });
  EXPECT_EQ(client.readJson().value(QStringLiteral("id")).toString(), QStringLiteral("n2"));
  client.sendText(R"({"type":"ping"})");
  EXPECT_TRUE(client.readJson().value(QStringLiteral("data")).toObject().value(QStringLiteral("pong")).toBool());
  client.sendText(R"({"type":"subscribe","topics":["chat"]})");
  EXPECT_EQ(client.readJson().value(QStringLiteral("type")).toString(), QStringLiteral("error"));
  client.sendText(R"({"type":"publish_gradient"})");
  EXPECT_EQ(client.readJson().value(QStringLiteral("type")).toString(), QStringLiteral("error"));
}

TEST_F(Sockets, LogStreams) {
  SocketClient lines;
  ASSERT_EQ(lines.connect(port, "/api/workloads/web/logs/stream"), 101);
  const QJsonObject connected = lines.readJson();
  EXPECT_EQ(connected.value(QStringLiteral("status")).toString(), QStringLiteral("connected"));
  EXPECT_EQ(connected.value(QStringLiteral("instances")).toInt(), 1);
  SocketClient batches;
  ASSERT_EQ(batches.connect(port, "/api/logs/stream?instance=web-abc123&batch=1"), 101);
  batches.readJson();
  ASSERT_TRUE(eventually([this] { return engine.openSubscriptions == 2; }));
  executor.run([&] {
    engine.pushLines({{"web-abc123", "web", "c1", base::Timestamp{1'700'000'000'000}, false, "hello"},
                      {"web-abc123",
                       "web",
                       "c1",
                       {},
                       true,
                       "b\xff"
                       "d"}});
  });
  const QJsonObject line = lines.readJson();
  EXPECT_EQ(line.value(QStringLiteral("log")).toString(), QStringLiteral("hello"));
  EXPECT_EQ(line.value(QStringLiteral("container_id")).toString(), QStringLiteral("c1"));
  EXPECT_EQ(lines.readJson().value(QStringLiteral("stream")).toString(), QStringLiteral("stderr"));
  EXPECT_EQ(batches.readJson().value(QStringLiteral("entries")).toArray().size(), 2);
  executor.run([&] { engine.endLogs({}); });
  EXPECT_TRUE(lines.readJson().value(QStringLiteral("ended")).toBool());
  EXPECT_FALSE(lines.read().has_value());
  EXPECT_EQ(lines.closeCode(), 1000);
  SocketClient absent;
  ASSERT_EQ(absent.connect(port, "/api/workloads/absent/logs/stream"), 101);
  EXPECT_EQ(absent.readJson().value(QStringLiteral("code")).toString(), QStringLiteral("NOT_FOUND"));
  SocketClient nameless;
  EXPECT_EQ(nameless.connect(port, "/api/logs/stream"), 400);
}

TEST_F(Sockets, Exec) {
  SocketClient client;
  ASSERT_EQ(client.connect(port, "/api/instances/web-abc123/exec?command=sh&command=-c&stdin=1&tty=1&columns=100"),
            101);
  EXPECT_EQ(client.read().value_or(""), std::string("\x03") + R"({"type":"started"})");
  client.sendBinary(std::string(1, '\0') + "hello");
  EXPECT_EQ(client.read().value_or(""), "\x01hello");
  client.sendBinary(std::string(1, '\0') + "oops");
  EXPECT_EQ(client.read().value_or(""), "\x02oops");
  client.sendBinary("\x03{\"type\":\"resize\",\"columns\":132,\"rows\":50}");
  EXPECT_TRUE(eventually([this] { return engine.execColumns == 132; }));
  const std::string block(500'000, 'x');
  for (int i = 0; i < 10; ++i) {
    client.sendBinary(std::string(1, '\0') + block);
    EXPECT_TRUE(client.read().value_or("") == "\x01" + block) << i;
  }
  client.sendBinary(std::string(1, '\0') + "exit 7");
  EXPECT_EQ(client.read().value_or(""), std::string("\x03") + R"({"exit_code":7,"type":"exit"})");
  EXPECT_FALSE(client.read().has_value());
  EXPECT_TRUE(eventually([this] { return engine.openSubscriptions == 0; }));

  SocketClient ended;
  ASSERT_EQ(ended.connect(port, "/api/instances/web-abc123/exec?command=cat&stdin=1"), 101);
  ended.read();
  ended.sendBinary(std::string(1, '\0'));
  EXPECT_NE(ended.read().value_or("").find("\"exit_code\":0"), std::string::npos);

  SocketClient absent;
  ASSERT_EQ(absent.connect(port, "/api/instances/absent/exec?command=sh"), 101);
  EXPECT_NE(absent.read().value_or("").find("NOT_FOUND"), std::string::npos);
  SocketClient empty;
  EXPECT_EQ(empty.connect(port, "/api/instances/web-abc123/exec"), 400);
  for (const std::string& wrong :
       {std::string("\x01x"), std::string("\x03{}"), std::string("\x03nonsense"), std::string(1, '\0') + "x"}) {
    SocketClient bad;
    ASSERT_EQ(bad.connect(port, "/api/instances/web-abc123/exec?command=sh"), 101);
    bad.read();
    bad.sendBinary(wrong);
    EXPECT_FALSE(bad.read().has_value());
    EXPECT_GE(bad.closeCode(), 1003);
  }
  EXPECT_TRUE(eventually([this] { return engine.openSubscriptions == 0; }));
}

TEST_F(Sockets, LargeMessagesFromClientsAreRefused) {
  SocketClient client;
  ASSERT_EQ(client.connect(port, "/ws/orchestrator"), 101);
  client.readJson();
  client.sendText(std::string((1u << 20) + 1, ' '));
  EXPECT_FALSE(client.read().has_value());
  EXPECT_EQ(client.closeCode(), 1009);
}

TEST_F(Sockets, AreLimitedInNumber) {
  std::vector<std::unique_ptr<SocketClient>> clients;
  for (int i = 0; i < config.limits.webSockets; ++i) {
    clients.push_back(std::make_unique<SocketClient>());
    ASSERT_EQ(clients.back()->connect(port, "/api/events"), 101);
  }
  SocketClient more;
  EXPECT_EQ(more.connect(port, "/api/events"), 503);
  clients.clear();
  EXPECT_TRUE(eventually([this] { return SocketClient().connect(port, "/api/events") == 101; }));
}

TEST_F(Sockets, EndWithTheServer) {
  SocketClient client;
  ASSERT_EQ(client.connect(port, "/ws/orchestrator"), 101);
  client.readJson();
  client.sendText(R"({"type":"subscribe","topics":["workloads"]})");
  client.readUntil("type", "deltas");
  SocketClient deaf; // never answers the closing handshake
  ASSERT_EQ(deaf.connect(port, "/api/events"), 101);
  std::thread stopping([this] { stop(); });
  EXPECT_FALSE(client.read().has_value());
  EXPECT_EQ(client.closeCode(), 1001);
  stopping.join();
  EXPECT_EQ(engine.openSubscriptions, 0);
}

} // namespace
} // namespace univrs::api
