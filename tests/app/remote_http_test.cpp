// Requests and answers of the remote engine, against a real server on loopback.
#include "app/remote/remote_engine.h"
#include "tests/app/test_node.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QUrlQuery>

#include <gtest/gtest.h>

using namespace univrs;
using namespace univrs::test;
using base::ErrorCode;

namespace {

template <class T, class Call>
std::optional<base::Result<T>> ask(Call call) {
  std::optional<base::Result<T>> answer;
  bool inside = true;
  call([&](base::Result<T> result) {
    EXPECT_FALSE(inside) << "a reply inside the call";
    EXPECT_FALSE(answer.has_value()) << "a second reply";
    answer = std::move(result);
  });
  inside = false;
  EXPECT_TRUE(waitFor([&] { return answer.has_value(); }));
  return answer;
}

std::unique_ptr<interfaces::Engine> engineFor(const TestNode& node, int timeoutMs = 10'000) {
  remote::RemoteOptions options;
  options.url = node.url();
  options.token = "secret";
  options.timeoutMs = timeoutMs;
  return remote::makeRemoteEngine(options);
}

model::Workload sample() {
  model::Workload w;
  w.id = model::WorkloadId("3f1d8a52-9d5a-4d57-a8ad-0c8e2a9b1c11");
  w.spec.name = "web";
  model::Container c;
  c.name = "web";
  c.image = "nginx:1.25";
  w.spec.containers.push_back(c);
  w.spec.replicas = 2;
  w.revision = 7;
  w.createdAt = {1'700'000'000'000};
  w.updatedAt = {1'700'000'000'000};
  return w;
}

} // namespace

TEST(RemoteHttp, GetsAWorkloadWithTokenAndEncodedPath) {
  TestNode node;
  node.onHttp = [](const HttpAsk&) { return json(model::toJson(sample())); };
  const auto engine = engineFor(node);
  const auto answer =
      ask<model::Workload>([&](auto reply) { engine->workloads().getWorkload("a b/c", std::move(reply)); });
  ASSERT_TRUE(answer && answer->ok()) << answer->error().text();
  EXPECT_EQ(answer->value().spec.name, "web");
  ASSERT_EQ(node.asked.size(), 1u);
  EXPECT_EQ(node.asked[0].target, QStringLiteral("/api/workloads/a%20b%2Fc"));
  EXPECT_EQ(node.asked[0].headers.value(QStringLiteral("authorization")), QStringLiteral("Bearer secret"));
}

TEST(RemoteHttp, ListsWithFiltersAndPages) {
  TestNode node;
  node.onHttp = [](const HttpAsk&) {
    return json({{QStringLiteral("items"), QJsonArray{model::toJson(sample())}},
                 {QStringLiteral("count"), 1},
                 {QStringLiteral("total"), 12},
                 {QStringLiteral("next"), QStringLiteral("cursor+1")},
                 {QStringLiteral("revision"), 99}});
  };
  const auto engine = engineFor(node);
  interfaces::ListQuery query;
  query.labels = {{"tier", "a&b=c+d"}};
  query.after = "x+y";
  query.limit = 5;
  const auto answer = ask<interfaces::ItemPage<model::Workload>>(
      [&](auto reply) { engine->workloads().listWorkloads(query, std::move(reply)); });
  ASSERT_TRUE(answer && answer->ok()) << answer->error().text();
  EXPECT_EQ(answer->value().total, 12);
  EXPECT_EQ(answer->value().next, "cursor+1");
  EXPECT_EQ(answer->value().revision, 99);
  EXPECT_EQ(answer->value().items.size(), 1u);
  EXPECT_EQ(node.asked[0].target, QStringLiteral("/api/workloads?label=tier%3Da%26b%3Dc%2Bd&after=x%2By&limit=5"));
}

TEST(RemoteHttp, MapsTheErrorBodyWithItsFields) {
  TestNode node;
  node.onHttp = [](const HttpAsk&) {
    return json({{QStringLiteral("error"), QStringLiteral("web was not deployed: replicas")},
                 {QStringLiteral("code"), QStringLiteral("VALIDATION_ERROR")},
                 {QStringLiteral("details"),
                  QJsonObject{{QStringLiteral("what"), QStringLiteral("web was not deployed")},
                              {QStringLiteral("why"), QStringLiteral("1 field is wrong")},
                              {QStringLiteral("hint"), QStringLiteral("Write 1")},
                              {QStringLiteral("fields"),
                               QJsonArray{QJsonObject{{QStringLiteral("path"), QStringLiteral("replicas")},
                                                      {QStringLiteral("message"), QStringLiteral("-1 is below 0")},
                                                      {QStringLiteral("line"), 4}}}}}}},
                400);
  };
  const auto engine = engineFor(node);
  const auto answer = ask<interfaces::CommandOutcome>([&](auto reply) {
    engine->commands().runCommand({"deploy", {{QStringLiteral("manifest"), QStringLiteral("x")}}, true, {}, "cli"},
                                  std::move(reply));
  });
  ASSERT_TRUE(answer && !answer->ok());
  const base::Error& error = answer->error();
  EXPECT_EQ(error.code, ErrorCode::Validation);
  EXPECT_EQ(error.what, "web was not deployed");
  EXPECT_EQ(error.why, "1 field is wrong");
  EXPECT_EQ(error.hint, "Write 1");
  ASSERT_EQ(error.fields.size(), 1u);
  EXPECT_EQ(error.fields[0].path, "replicas");
  EXPECT_EQ(error.fields[0].line, 4);
  EXPECT_EQ(node.asked[0].method, QStringLiteral("POST"));
  EXPECT_EQ(node.asked[0].target, QStringLiteral("/api/commands/deploy?dry_run=true"));
  EXPECT_EQ(QJsonDocument::fromJson(node.asked[0].body).object().value(QLatin1String("manifest")).toString(),
            QStringLiteral("x"));
}

TEST(RemoteHttp, AsksForManyHistoriesInRequestsAServerTakes) {
  TestNode node;
  node.onHttp = [](const HttpAsk& ask) {
    const QUrlQuery query(QUrl(ask.target).query());
    QJsonArray items;
    for (const QString& id : query.allQueryItemValues(QStringLiteral("id"), QUrl::FullyDecoded)) {
      interfaces::UsageSeries series;
      series.id = id.toStdString();
      series.stepMs = 10'000;
      series.points.push_back({base::Timestamp{1'795'000'000'000}, int64_t(id.size()), 1, 2, 3, 4, 5});
      items.append(interfaces::toJson(series));
    }
    return json({{QStringLiteral("items"), items}, {QStringLiteral("count"), items.size()}});
  };
  const auto engine = engineFor(node);
  interfaces::UsageQuery query;
  query.of = interfaces::UsageOf::Instance;
  query.from = base::Timestamp{1'795'000'000'000};
  query.maxPoints = 100;
  for (int i = 0; i < 200; ++i) {
    query.ids.push_back("a+b&c" + std::string(size_t(i), 'x'));
  }
  using Series = std::vector<interfaces::UsageSeries>;
  const auto answer = ask<Series>([&](auto reply) { engine->usage().readUsage(query, std::move(reply)); });
  ASSERT_TRUE(answer && answer->ok()) << answer->error().text();
  ASSERT_EQ(answer->value().size(), 200u);
  for (size_t i = 0; i < 200; ++i) {
    EXPECT_EQ(answer->value()[i].id, query.ids[i]);
    EXPECT_EQ(answer->value()[i].points.at(0).cpuMillicores, int64_t(query.ids[i].size()));
  }
  EXPECT_GT(node.asked.size(), 1u);
  for (const HttpAsk& asked : node.asked) {
    EXPECT_LT(asked.target.size(), 8'000);
    EXPECT_TRUE(asked.target.startsWith(QStringLiteral("/api/usage?of=instance&from=")));
  }
  query.ids.clear();
  const auto none = ask<Series>([&](auto reply) { engine->usage().readUsage(query, std::move(reply)); });
  EXPECT_EQ(none->error().code, ErrorCode::Validation);
  query.ids.resize(201);
  const auto many = ask<Series>([&](auto reply) { engine->usage().readUsage(query, std::move(reply)); });
  EXPECT_EQ(many->error().code, ErrorCode::Validation);
}

TEST(RemoteHttp, MapsStatusesWithoutOurBody) {
  const std::vector<std::pair<int, ErrorCode>> table{
      {401, ErrorCode::Unauthorized}, {403, ErrorCode::Forbidden},   {404, ErrorCode::NotFound},
      {409, ErrorCode::Conflict},     {412, ErrorCode::Conflict},    {413, ErrorCode::TooLarge},
      {429, ErrorCode::RateLimited},  {501, ErrorCode::Unsupported}, {503, ErrorCode::Unavailable},
      {504, ErrorCode::Timeout},      {507, ErrorCode::NoSpace},     {500, ErrorCode::Internal}};
  TestNode node;
  const auto engine = engineFor(node);
  for (const auto& [status, code] : table) {
    node.onHttp = [status = status](const HttpAsk&) { return HttpSay{status, "<html>proxy</html>"}; };
    const auto answer = ask<model::Node>([&](auto reply) { engine->nodes().getNode("n", std::move(reply)); });
    ASSERT_TRUE(answer && !answer->ok());
    EXPECT_EQ(answer->error().code, code) << status;
    EXPECT_FALSE(answer->error().what.empty());
  }
}

TEST(RemoteHttp, ARefusedConnectionSaysHowToStartANode) {
  TestNode node;
  node.stop();
  const auto engine = engineFor(node);
  const auto answer = ask<interfaces::NodeInfo>([&](auto reply) { engine->admin().nodeInfo(std::move(reply)); });
  ASSERT_TRUE(answer && !answer->ok());
  EXPECT_EQ(answer->error().code, ErrorCode::Unavailable);
  EXPECT_EQ(answer->error().what, "No Univrs node answers at 127.0.0.1:" + std::to_string(node.port()));
  EXPECT_EQ(answer->error().why, "connection refused");
  EXPECT_NE(answer->error().hint.find("univrs up --headless"), std::string::npos);
}

TEST(RemoteHttp, ASilentNodeTimesOut) {
  TestNode node;
  node.onHttp = [](const HttpAsk&) { return HttpSay{200, {}, true, false}; };
  const auto engine = engineFor(node, 150);
  const auto answer = ask<interfaces::NodeInfo>([&](auto reply) { engine->admin().nodeInfo(std::move(reply)); });
  ASSERT_TRUE(answer && !answer->ok());
  EXPECT_EQ(answer->error().code, ErrorCode::Timeout);
}

TEST(RemoteHttp, ADroppedConnectionIsUnavailable) {
  TestNode node;
  node.onHttp = [](const HttpAsk&) { return HttpSay{200, {}, false, true}; };
  const auto engine = engineFor(node);
  const auto answer = ask<interfaces::CommandOutcome>([&](auto reply) {
    engine->commands().runCommand({"restart", {}, false, {}, {}}, std::move(reply));
  });
  ASSERT_TRUE(answer && !answer->ok());
  EXPECT_EQ(answer->error().code, ErrorCode::Unavailable);
}

TEST(RemoteHttp, AnswersThatAreNotOursAreErrors) {
  TestNode node;
  const auto engine = engineFor(node);
  for (const QByteArray& body : {QByteArray("{"), QByteArray("[]"), QByteArray("{\"items\":3}"), QByteArray("hello")}) {
    node.onHttp = [body](const HttpAsk&) { return HttpSay{200, body}; };
    const auto answer = ask<interfaces::ItemPage<model::Workload>>(
        [&](auto reply) { engine->workloads().listWorkloads({}, std::move(reply)); });
    ASSERT_TRUE(answer && !answer->ok()) << body.toStdString();
    EXPECT_EQ(answer->error().code, ErrorCode::Internal);
  }
}

TEST(RemoteHttp, ARedirectIsNotFollowed) {
  TestNode node;
  node.onHttp = [](const HttpAsk&) { return HttpSay{302, {}}; };
  const auto engine = engineFor(node);
  const auto answer = ask<interfaces::NodeInfo>([&](auto reply) { engine->admin().nodeInfo(std::move(reply)); });
  ASSERT_TRUE(answer && !answer->ok());
  EXPECT_EQ(node.asked.size(), 1u);
}

TEST(RemoteHttp, AnUnhealthyNodesReportIsRead) {
  TestNode node;
  node.onHttp = [](const HttpAsk& ask) {
    if (ask.target == QLatin1String("/healthz")) {
      return json({{QStringLiteral("status"), QStringLiteral("unhealthy")},
                   {QStringLiteral("components"),
                    QJsonArray{QJsonObject{{QStringLiteral("name"), QStringLiteral("store")},
                                           {QStringLiteral("status"), QStringLiteral("unhealthy")},
                                           {QStringLiteral("message"), QStringLiteral("disk full")}}}}},
                  503);
    }
    return json({{QStringLiteral("ready"), false}, {QStringLiteral("reason"), QStringLiteral("store")}}, 503);
  };
  const auto engine = engineFor(node);
  const auto answer = ask<interfaces::HealthReport>([&](auto reply) { engine->admin().health(std::move(reply)); });
  ASSERT_TRUE(answer && answer->ok()) << answer->error().text();
  EXPECT_EQ(answer->value().status, interfaces::PartHealth::Unhealthy);
  ASSERT_EQ(answer->value().parts.size(), 1u);
  EXPECT_EQ(answer->value().parts[0].message, "disk full");
  EXPECT_FALSE(answer->value().ready);
}

TEST(RemoteHttp, ABadUrlAnswersEveryCall) {
  for (const char* url : {"ftp://host:1", "http://", "::::"}) {
    remote::RemoteOptions options;
    options.url = url;
    const auto engine = remote::makeRemoteEngine(options);
    const auto answer = ask<interfaces::NodeInfo>([&](auto reply) { engine->admin().nodeInfo(std::move(reply)); });
    ASSERT_TRUE(answer && !answer->ok());
    EXPECT_EQ(answer->error().code, ErrorCode::BadRequest) << url;
  }
}

TEST(RemoteHttp, DestroyedMidFlightItStaysSilent) {
  TestNode node;
  node.onHttp = [](const HttpAsk&) { return HttpSay{200, {}, true, false}; };
  auto engine = engineFor(node);
  int replies = 0;
  for (int i = 0; i < 20; ++i) {
    engine->admin().nodeInfo([&](base::Result<interfaces::NodeInfo>) { ++replies; });
  }
  ASSERT_TRUE(waitFor([&] { return !node.asked.empty(); }));
  engine.reset();
  settle();
  EXPECT_EQ(replies, 0);
}

TEST(RemoteHttp, MayBeDestroyedInsideItsReply) {
  TestNode node;
  node.onHttp = [](const HttpAsk&) { return HttpSay{503, {}}; };
  auto engine = engineFor(node);
  bool replied = false;
  engine->admin().nodeInfo([&](base::Result<interfaces::NodeInfo>) {
    engine.reset();
    replied = true;
  });
  EXPECT_TRUE(waitFor([&] { return replied; }));
  settle();
}

TEST(RemoteHttp, TooManyAtOnceAreRefusedLater) {
  TestNode node;
  node.onHttp = [](const HttpAsk&) { return HttpSay{200, {}, true, false}; };
  const auto engine = engineFor(node);
  int limited = 0;
  for (int i = 0; i < remote::kMaxRequestsInFlight + 3; ++i) {
    engine->admin().nodeInfo([&](const base::Result<interfaces::NodeInfo>& answer) {
      limited += !answer && answer.error().code == ErrorCode::RateLimited ? 1 : 0;
    });
  }
  EXPECT_EQ(limited, 0);
  EXPECT_TRUE(waitFor([&] { return limited == 3; }));
}
