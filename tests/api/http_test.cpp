// The server as clients meet it over HTTP.
#include "engine/api/auth.h"
#include "engine/base/encoding.h"
#include "tests/api/server_fixture.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace univrs::api {
namespace {

std::string textAt(const QJsonObject& json, const char* key) {
  return json.value(QLatin1String(key)).toString().toStdString();
}

class Http : public ServerFixture {
protected:
  void SetUp() override {
    ServerFixture::SetUp();
    config.limits.headerTimeout = std::chrono::milliseconds(1'500);
    config.limits.idleTimeout = std::chrono::milliseconds(3'000);
    start();
  }
  HttpAnswer get(const std::string& target, Headers headers = {}) {
    return ask(port, "GET", target, "", std::move(headers));
  }
};

TEST_F(Http, AnswersUnderBothPrefixes) {
  for (const char* prefix : {"/api", "/api/v1"}) {
    const auto answer = get(std::string(prefix) + "/workloads");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.at("content-type"), "application/json; charset=utf-8");
    EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
    EXPECT_EQ(answer.headers.count("access-control-allow-origin"), 0u);
    const QJsonObject json = answer.json();
    EXPECT_EQ(json.value(QStringLiteral("count")).toInt(), 1);
    EXPECT_EQ(json.value(QStringLiteral("total")).toInt(), 1);
  }
}

TEST_F(Http, WantsToKnowWhoAsks) {
  for (const char* path : {"/api/workloads", "/api/nothing", "/metrics", "/api/openapi.json", "/ws/orchestrator"}) {
    const auto answer = ask(port, "GET", path, "", {}, false);
    EXPECT_EQ(answer.status, 401) << path;
    EXPECT_EQ(textAt(answer.json(), "code"), "UNAUTHORIZED");
    EXPECT_EQ(answer.headers.count("www-authenticate"), 1u);
  }
  for (const char* path : {"/healthz", "/health", "/readyz", "/ready", "/livez", "/live"}) {
    EXPECT_EQ(ask(port, "GET", path, "", {}, false).status, 200) << path;
  }
  EXPECT_EQ(get("/api/workloads", {{"Authorization", "Bearer wrong"}}).status, 401);
  EXPECT_EQ(get("/api/workloads", {{"Host", "evil.example"}}).status, 403);
  EXPECT_EQ(get("/healthz", {{"Host", "evil.example"}}).status, 403);
  EXPECT_EQ(get("/api/workloads", {{"Origin", "http://evil.example"}}).status, 403);
  EXPECT_EQ(get("/api/workloads", {{"Origin", "http://localhost:" + std::to_string(port)}}).status, 200);
}

TEST_F(Http, KnowsPathsAndMethods) {
  EXPECT_EQ(get("/api/nothing").status, 404);
  EXPECT_EQ(textAt(get("/api/nothing").json(), "code"), "NOT_FOUND");
  EXPECT_EQ(get("/workloads").status, 404);
  EXPECT_EQ(get("/api/workloads/").status, 404);
  EXPECT_EQ(get("/api//workloads").status, 404);
  const auto wrong = ask(port, "OPTIONS", "/api/workloads");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.at("allow"), "GET, HEAD, POST");
  EXPECT_EQ(ask(port, "DELETE", "/healthz").status, 405);
  EXPECT_EQ(get("/api/workloads/%zz").status, 400);
  EXPECT_EQ(get("/api/workloads/a%00b").status, 400);
  EXPECT_EQ(get("/api/workloads/we%62").status, 200);
  const auto unknown = get("/api/workloads?nmae=web");
  EXPECT_EQ(unknown.status, 400);
  EXPECT_NE(textAt(unknown.json(), "error").find("nmae"), std::string::npos);
  EXPECT_NE(textAt(unknown.json().value(QStringLiteral("details")).toObject(), "hint").find("name"), std::string::npos);
  for (const char* query : {"limit=0", "limit=1001", "limit=x", "label=nokey", "name=a&name=b", "limit=%"}) {
    EXPECT_EQ(get(std::string("/api/workloads?") + query).status, 400) << query;
  }
  EXPECT_EQ(get("/ws/orchestrator").status, 426);
}

TEST_F(Http, HeadIsGetWithoutBody) {
  const auto whole = get("/api/workloads/web");
  RawClient client(port);
  client.send(requestText("HEAD", "/api/workloads/web", port) + requestText("GET", "/livez", port));
  const auto head = client.read(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), std::to_string(whole.body.size()));
  EXPECT_EQ(client.read().status, 200) << "no stray body before it";
}

TEST_F(Http, PagesAndFields) {
  executor.run([this] {
    for (int i = 0; i < 25; ++i) {
      engine.addWorkload("app-" + std::to_string(100 + i));
    }
  });
  std::string after;
  int seen = 0;
  for (int page = 0; page < 10; ++page) {
    const auto json =
        get("/api/workloads?name=app&limit=10&fields=name" + (after.empty() ? "" : "&after=" + after)).json();
    EXPECT_EQ(json.value(QStringLiteral("total")).toInt(), 25);
    for (const QJsonValue& item : json.value(QStringLiteral("items")).toArray()) {
      ++seen;
      EXPECT_EQ(item.toObject().keys(), (QStringList{QStringLiteral("id"), QStringLiteral("name")}));
    }
    after = textAt(json, "next");
    if (after.empty()) {
      break;
    }
  }
  EXPECT_EQ(seen, 25);
}

TEST_F(Http, EntityTags) {
  const auto first = get("/api/workloads/web");
  const std::string tag = first.headers.at("etag");
  EXPECT_EQ(tag, "\"" + std::to_string(first.json().value(QStringLiteral("revision")).toInteger()) + "\"");
  EXPECT_EQ(get("/api/workloads/web", {{"If-None-Match", tag}}).status, 304);
  EXPECT_EQ(get("/api/workloads/web", {{"If-None-Match", "\"x\", W/" + tag}}).status, 304);
  EXPECT_EQ(get("/api/workloads/web", {{"If-None-Match", "\"1\""}}).status, 200);
  const std::string patch = "{\"replicas\":2}";
  EXPECT_EQ(ask(port, "PATCH", "/api/workloads/web", patch, {{"If-Match", "\"1\""}}).status, 412);
  EXPECT_EQ(ask(port, "PATCH", "/api/workloads/web", patch, {{"If-Match", "nonsense"}}).status, 412);
  EXPECT_EQ(ask(port, "PATCH", "/api/workloads/web", patch, {{"If-Match", tag}}).status, 200);
  EXPECT_EQ(ask(port, "DELETE", "/api/workloads/web", "", {{"If-Match", "\"1\""}}).status, 412);
  EXPECT_EQ(ask(port, "DELETE", "/api/workloads/web", "", {{"If-Match", tag}}).status, 204);
  EXPECT_EQ(get("/api/workloads/web").status, 404);
}

TEST_F(Http, CreatesFromShortFullAndYaml) {
  const auto shortForm = ask(port, "POST", "/api/workloads", "{\"name\":\"a\",\"image\":\"nginx\",\"replicas\":2}");
  EXPECT_EQ(shortForm.status, 201) << shortForm.body;
  EXPECT_EQ(textAt(shortForm.json(), "name"), "a");
  EXPECT_EQ(shortForm.headers.at("location"), "/api/workloads/" + textAt(shortForm.json(), "id"));
  const auto full = ask(port, "POST", "/api/v1/workloads",
                        "{\"name\":\"b\",\"replicas\":1,\"containers\":[{\"name\":\"b\",\"image\":\"nginx\"}]}",
                        {{"Content-Type", "application/json"}});
  EXPECT_EQ(full.status, 201) << full.body;
  const auto yaml =
      ask(port, "POST", "/api/workloads", "name: c\nimage: nginx\n", {{"Content-Type", "application/yaml"}});
  EXPECT_EQ(yaml.status, 201) << yaml.body;
  EXPECT_EQ(ask(port, "POST", "/api/workloads", "{\"name\":\"a\",\"image\":\"nginx\"}").status, 409);
  const auto plan = ask(port, "POST", "/api/workloads?dry_run=true", "{\"name\":\"d\",\"image\":\"nginx\"}");
  EXPECT_EQ(plan.status, 200);
  EXPECT_TRUE(plan.json().value(QStringLiteral("dry_run")).toBool());
  const auto wrong = ask(port, "POST", "/api/workloads", "{\"name\":\"X Y\",\"imagee\":5}");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(textAt(wrong.json(), "code"), "VALIDATION_ERROR");
  EXPECT_FALSE(
      wrong.json().value(QStringLiteral("details")).toObject().value(QStringLiteral("fields")).toArray().isEmpty());
  for (const char* body : {"{", "[]", "5", "\"x\"", "{\"a\":}"}) {
    EXPECT_EQ(ask(port, "POST", "/api/workloads", body).status, 400) << body;
  }
  EXPECT_EQ(ask(port, "POST", "/api/workloads", "x", {{"Content-Type", "image/png"}}).status, 400);
  executor.run([this] {
    const auto& manifest = engine.seen.at(2);
    EXPECT_EQ(manifest.name, "deploy");
    EXPECT_EQ(manifest.door, "rest");
    EXPECT_EQ(manifest.actor, "token");
    EXPECT_TRUE(manifest.args.value(QStringLiteral("create_only")).toBool());
    EXPECT_EQ(manifest.args.value(QStringLiteral("manifest")).toString(), QStringLiteral("name: c\nimage: nginx\n"));
  });
}

TEST_F(Http, PutTakesWhatGetGave) {
  const auto got = get("/api/workloads/web");
  const auto put = ask(port, "PUT", "/api/workloads/web", got.body, {{"If-Match", got.headers.at("etag")}});
  EXPECT_EQ(put.status, 200) << put.body;
}

TEST_F(Http, Verbs) {
  EXPECT_EQ(ask(port, "POST", "/api/workloads/web/scale", "{\"replicas\":3}").status, 200);
  EXPECT_EQ(ask(port, "POST", "/api/workloads/web/restart").status, 200);
  EXPECT_EQ(ask(port, "POST", "/api/workloads/web/undo").status, 200);
  EXPECT_EQ(ask(port, "POST", "/api/workloads/absent/scale", "{\"replicas\":3}").status, 404);
  EXPECT_EQ(ask(port, "POST", "/api/workloads/web/scale", "{\"workload\":\"other\"}").status, 400);
  EXPECT_EQ(ask(port, "POST", "/api/nodes/here/cordon").status, 200);
  const auto outcome = ask(port, "POST", "/api/commands/scale?dry_run=true", "{\"workload\":\"web\",\"replicas\":9}");
  EXPECT_EQ(outcome.status, 200);
  EXPECT_TRUE(outcome.json().value(QStringLiteral("dry_run")).toBool());
  EXPECT_EQ(ask(port, "POST", "/api/backup", "{\"path\":\"/tmp/x\"}").status, 200);
  EXPECT_EQ(ask(port, "POST", "/api/backup", "{}").status, 400);
  EXPECT_EQ(get("/api/v1/images").json().value(QStringLiteral("count")).toInt(-1), 0);
  const auto loaded = ask(port, "POST", "/api/v1/images/load", "{\"path\":\"/tmp/x.tar\"}");
  EXPECT_EQ(loaded.status, 200);
  EXPECT_EQ(loaded.json().value(QStringLiteral("items")).toArray().size(), 1);
  EXPECT_EQ(ask(port, "POST", "/api/v1/images/load", "{}").status, 400);
  const auto operations = get("/api/v1/operations");
  EXPECT_EQ(operations.status, 200);
  EXPECT_TRUE(operations.json().contains(QStringLiteral("items")));
  EXPECT_EQ(ask(port, "POST", "/api/v1/operations/pull-1/cancel", "").status, 200);
  executor.run([&] {
    EXPECT_EQ(engine.seen.back().name, "cancel_operation");
    EXPECT_EQ(engine.seen.back().args.value(QStringLiteral("operation")).toString(), QStringLiteral("pull-1"));
    EXPECT_EQ(engine.openSubscriptions, 0) << "a list of operations leaves no watch behind";
  });
}

TEST_F(Http, EveryErrorHasItsStatus) {
  const std::vector<std::pair<base::ErrorCode, int>> all{
      {base::ErrorCode::BadRequest, 400},  {base::ErrorCode::Validation, 400},  {base::ErrorCode::Unauthorized, 401},
      {base::ErrorCode::Forbidden, 403},   {base::ErrorCode::NotFound, 404},    {base::ErrorCode::Conflict, 409},
      {base::ErrorCode::TooLarge, 413},    {base::ErrorCode::RateLimited, 429}, {base::ErrorCode::Unsupported, 501},
      {base::ErrorCode::Unavailable, 503}, {base::ErrorCode::Timeout, 504},     {base::ErrorCode::NoSpace, 507},
      {base::ErrorCode::Internal, 500},    {base::ErrorCode::Corrupt, 500},     {base::ErrorCode::Cancelled, 500}};
  for (const auto& [code, status] : all) {
    executor.run([&, c = code] { engine.failWith = base::makeError(c, "what", "why", "hint"); });
    const auto answer = get("/api/workloads/web");
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(textAt(answer.json(), "code"), base::errorCodeName(code));
    EXPECT_EQ(textAt(answer.json(), "error"), "what: why");
    EXPECT_EQ(textAt(answer.json().value(QStringLiteral("details")).toObject(), "hint"), "hint");
  }
}

TEST_F(Http, Health) {
  executor.run([this] {
    engine.report.status = interfaces::PartHealth::Unhealthy;
    engine.report.ready = false;
    engine.report.reason = "the store is gone";
  });
  EXPECT_EQ(get("/healthz").status, 503);
  const auto ready = get("/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_EQ(textAt(ready.json(), "reason"), "the store is gone");
  EXPECT_EQ(get("/livez").status, 200);
}

TEST_F(Http, PipelinedAnswersKeepTheirOrder) {
  executor.run([this] { engine.holdReplies = true; });
  RawClient client(port);
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += requestText("GET", i % 2 == 0 ? "/api/workloads/web" : "/api/nothing" + std::to_string(i), port);
  }
  client.send(all);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  executor.run([this] { engine.releaseReplies(); });
  for (int i = 0; i < 50; ++i) {
    const auto answer = client.read();
    ASSERT_EQ(answer.status, i % 2 == 0 ? 200 : 404) << i;
    if (i % 2 != 0) {
      EXPECT_NE(answer.body.find("nothing" + std::to_string(i) + " "), std::string::npos);
    }
  }
}

TEST_F(Http, KeepsOrEndsConnectionsAsAsked) {
  RawClient client(port);
  client.send(requestText("GET", "/livez", port));
  EXPECT_EQ(client.read().status, 200);
  client.send(requestText("GET", "/livez", port, "", {{"Connection", "close"}}));
  const auto last = client.read();
  EXPECT_EQ(last.headers.at("connection"), "close");
  EXPECT_TRUE(client.endsWithin(30'000));
  RawClient old(port);
  old.send("GET /livez HTTP/1.0\r\nHost: localhost:" + std::to_string(port) + "\r\n\r\n");
  EXPECT_EQ(old.read().status, 200);
  EXPECT_TRUE(old.endsWithin(30'000));
  RawClient idle(port);
  idle.send(requestText("GET", "/livez", port));
  EXPECT_EQ(idle.read().status, 200);
  EXPECT_TRUE(idle.endsWithin(30'000)) << "idle connections end";
}

TEST_F(Http, ExpectContinue) {
  const std::string body = "{\"name\":\"e\",\"image\":\"nginx\"}";
  RawClient client(port);
  client.send(requestText("POST", "/api/workloads", port, "",
                          {{"Content-Length", std::to_string(body.size())}, {"Expect", "100-continue"}}));
  EXPECT_EQ(client.read().status, 100);
  client.send(body);
  EXPECT_EQ(client.read().status, 201);
  RawClient stranger(port);
  stranger.send(
      requestText("POST", "/api/workloads", port, "", {{"Content-Length", "10"}, {"Expect", "100-continue"}}, false));
  EXPECT_EQ(stranger.read().status, 401) << "refused before the body is sent";
  EXPECT_TRUE(stranger.endsWithin(30'000));
  EXPECT_EQ(ask(port, "POST", "/api/workloads", body, {{"Expect", "miracles"}}).status, 417);
}

TEST_F(Http, ChunkedBodies) {
  const std::string body = "{\"name\":\"f\",\"image\":\"nginx\"}";
  std::string chunked;
  for (const char c : body) {
    chunked += std::string("1\r\n") + c + "\r\n";
  }
  EXPECT_EQ(ask(port, "POST", "/api/workloads", chunked + "0\r\n\r\n", {{"Transfer-Encoding", "chunked"}}).status, 201);
}

TEST_F(Http, SizesAreLimited) {
  EXPECT_EQ(ask(port, "POST", "/api/workloads", "", {{"Content-Length", "5000000"}}).status, 413);
  EXPECT_EQ(ask(port, "POST", "/api/workloads", std::string(5u << 20, ' ')).status, 413);
  std::string chunk = "100000\r\n" + std::string(0x100000, ' ') + "\r\n";
  EXPECT_EQ(
      ask(port, "POST", "/api/workloads", chunk + chunk + chunk + chunk + chunk, {{"Transfer-Encoding", "chunked"}})
          .status,
      413);
  EXPECT_EQ(get("/livez", {{"X-Large", std::string(70'000, 'x')}}).status, 431);
  EXPECT_EQ(get("/livez", {{"X-Fine", std::string(50'000, 'x')}}).status, 200);
  EXPECT_EQ(get("/api/" + std::string(9'000, 'x')).status, 400);
  EXPECT_EQ(ask(port, "POST", "/api/workloads", "{\"name\":\"" + std::string(3u << 20, 'x') + "\",\"image\":\"nginx\"}")
                .status,
            400);
}

TEST_F(Http, MalformedRequestsAreAnsweredAndEnded) {
  const std::string host = "Host: 127.0.0.1:" + std::to_string(port) + "\r\n";
  for (const std::string& text : std::vector<std::string>{
           std::string("nonsense\r\n\r\n"), "GET\r\n" + host + "\r\n", "GET /livez HTTP/3.0\r\n" + host + "\r\n",
           "GET /livez HTTP/1.1\r\n" + host + "Bad Header: x\r\n\r\n",
           "POST /api/workloads HTTP/1.1\r\n" + host + "Content-Length: -5\r\n\r\n",
           "POST /api/workloads HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
           "POST /api/workloads HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
           "GET /livez HTTP/1.1\r\n\r\n", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15)}) {
    RawClient client(port);
    client.send(text);
    EXPECT_EQ(client.read().status, 400) << text;
  }
  EXPECT_EQ(get("/livez").status, 200);
}

TEST_F(Http, SlowHeadsRunOutOfTime) {
  RawClient client(port);
  const std::string text = requestText("GET", "/livez", port);
  const auto begin = std::chrono::steady_clock::now();
  bool ended = false;
  for (size_t i = 0; i < 400 && !ended; ++i) { // a byte each 100 ms would take longer than the head's deadline
    client.send(text.substr(i % text.size(), 1));
    ended = client.endsWithin(100);
  }
  EXPECT_TRUE(ended);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
  RawClient silent(port);
  EXPECT_TRUE(silent.endsWithin(30'000));
}

TEST_F(Http, ClientsThatLeaveDoNoHarm) {
  executor.run([this] { engine.holdReplies = true; });
  for (int i = 0; i < 50; ++i) {
    RawClient client(port);
    client.send(requestText("GET", "/api/workloads/web", port));
    if (i % 2 == 0) {
      client.reset();
    }
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  executor.run([this] { engine.releaseReplies(); });
  EXPECT_EQ(get("/api/workloads/web").status, 200);
  for (int i = 0; i < 50; ++i) { // gone while a large answer is written
    RawClient client(port);
    client.send(requestText("GET", "/api/openapi.json", port) + requestText("GET", "/api/openapi.json", port));
    client.reset();
  }
  EXPECT_EQ(get("/livez").status, 200);
}

TEST_F(Http, AThousandConnections) {
  std::vector<RawClient> clients;
  for (int i = 0; i < 1'000; ++i) {
    clients.emplace_back(port);
  }
  int served = 0;
  int refused = 0;
  for (auto& client : clients) {
    client.send(requestText("GET", "/livez", port, "", {{"Connection", "close"}}));
  }
  for (auto& client : clients) {
    const int status = client.read().status;
    served += status == 200 ? 1 : 0;
    refused += status == 503 || status == 0 ? 1 : 0; // refused, or run out of time on a busy machine
  }
  EXPECT_EQ(served + refused, 1'000);
  EXPECT_GT(served, 0);
  clients.clear();
  int status = 0;
  for (int i = 0; i < 600 && status != 200; ++i) {
    status = get("/livez").status;
    std::this_thread::sleep_for(std::chrono::milliseconds(status == 200 ? 0 : 50));
  }
  EXPECT_EQ(status, 200);
}

TEST_F(Http, StopsWithRequestsUnderWay) {
  executor.run([this] { engine.holdReplies = true; });
  RawClient waiting(port);
  waiting.send(requestText("GET", "/api/workloads/web", port));
  RawClient idle(port);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  stop();
  EXPECT_TRUE(waiting.endsWithin(30'000));
  EXPECT_TRUE(idle.endsWithin(30'000));
  executor.run([this] { engine.releaseReplies(); }); // replies that come too late
  executor.run([] {});
  start();
  EXPECT_EQ(get("/livez").status, 200);
}

TEST_F(Http, LogsOnce) {
  executor.run([this] {
    engine.storedLines = {{"web-abc123", "web", "c1", base::Timestamp{1'700'000'000'000}, false, "one"},
                          {"web-abc123", "web", "c1", base::Timestamp{1'700'000'001'000}, true, "tw\xffo"},
                          {"web-def456", "web", "c2", base::Timestamp{1'700'000'002'000}, false, "three"}};
  });
  const auto json = get("/api/workloads/web/logs?timestamps=true&tail=10&since=10m").json();
  EXPECT_EQ(json.value(QStringLiteral("lines")).toInt(), 3);
  const std::string logs = textAt(json, "logs");
  EXPECT_EQ(logs.rfind("=== Container: c1 ===\n2023-11-14T22:13:20.000Z one\n", 0), 0u) << logs;
  EXPECT_NE(logs.find("=== Container: c2 ==="), std::string::npos);
  EXPECT_FALSE(textAt(json, "workload_id").empty());
  EXPECT_EQ(get("/api/instances/web-abc123/logs").status, 200);
  EXPECT_EQ(get("/api/workloads/web/instances/web-abc123/logs").status, 200);
  EXPECT_EQ(get("/api/workloads/absent/logs").status, 404);
  EXPECT_EQ(get("/api/instances/absent/logs").status, 404);
  EXPECT_EQ(get("/api/workloads/web/logs?since=yesterday").status, 400);
  EXPECT_EQ(get("/api/workloads/web/logs?tail=-2").status, 400);
  EXPECT_TRUE(eventually([this] { return engine.openSubscriptions == 0; }));
}

TEST_F(Http, SignedRequests) {
  stop();
  const auto folder = std::filesystem::temp_directory_path() / ("univrs-signed-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const auto identity = p2p::Identity::loadOrCreate(folder / "key");
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(identity);
  config.token.clear();
  config.trustedKeys = {identity->publicKey()};
  start();
  Request r;
  r.method = "POST";
  r.target = "/api/workloads/web/scale?dry_run=true";
  r.body = "{\"replicas\":3}";
  r.headers = {{"X-Auth-PublicKey", base::base64(identity->publicKey())},
               {"X-Auth-Timestamp", clock.now().wall.iso()},
               {"X-Auth-Nonce", "a-nonce-0001"}};
  r.headers.emplace_back("X-Auth-Signature", base::base64(identity->sign(base::asBytes(Authenticator::signedText(r)))));
  EXPECT_EQ(ask(port, r.method, r.target, r.body, r.headers, false).status, 200);
  EXPECT_EQ(ask(port, r.method, r.target, r.body, r.headers, false).status, 401) << "a replay";
  EXPECT_EQ(get("/api/workloads").status, 401) << "no token is accepted";
  executor.run([&] { EXPECT_EQ(engine.seen.back().actor, "key:" + identity->did()); });
}

TEST_F(Http, Curl) {
  if (std::system("curl --version >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "curl is not installed";
  }
  const std::string command = "curl -sS -m 60 -H 'Authorization: Bearer " + kTestToken +
                              "' http://localhost:" + std::to_string(port) +
                              "/api/workloads -d '{\"name\":\"curled\",\"image\":\"nginx\",\"replicas\":2}'";
  FILE* pipe = ::popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  char text[4'096]{};
  const size_t size = std::fread(text, 1, sizeof text - 1, pipe);
  EXPECT_EQ(::pclose(pipe), 0);
  EXPECT_EQ(textAt(QJsonDocument::fromJson(QByteArray(text, qsizetype(size))).object(), "name"), "curled");
}

TEST_F(Http, Metrics) {
  get("/api/workloads/web");
  get("/api/nothing/" + std::string(100, 'x'));
  const auto answer = get("/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(
      answer.body.find("univrs_http_requests_total{code=\"200\",method=\"GET\",route=\"/workloads/{workload}\"} 1"),
      std::string::npos)
      << answer.body;
  EXPECT_NE(answer.body.find("univrs_http_requests_total{code=\"404\",method=\"GET\",route=\"other\"} 1"),
            std::string::npos);
  EXPECT_NE(answer.body.find("univrs_http_connections 1"), std::string::npos);
}

} // namespace
} // namespace univrs::api
