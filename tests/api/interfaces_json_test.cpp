// JSON of what crosses a wire, both ways.
#include "engine/interfaces/admin.h"
#include "engine/interfaces/commands.h"
#include "engine/interfaces/images.h"
#include "engine/interfaces/json.h"
#include "engine/interfaces/usage.h"

#include <QJsonDocument>

#include <gtest/gtest.h>

namespace univrs::interfaces {
namespace {

// As it comes out at the other end of a wire.
QJsonObject sent(const QJsonObject& json) {
  return QJsonDocument::fromJson(QJsonDocument(json).toJson()).object();
}

TEST(UsageJson, ComesBackWhole) {
  UsageSeries series;
  series.id = "web-abc123";
  series.stepMs = 10'000;
  series.cpuLimitMillicores = 500;
  series.memoryLimitBytes = int64_t(1) << 52;
  series.points = {{base::Timestamp{1'795'000'000'000}, 250, int64_t(1) << 40, 3, 4, 1, 2},
                   {base::Timestamp{1'795'000'010'000}, 0, 0, 0, 0, 0, 0}};
  const auto back = usageSeriesFromJson(sent(toJson(series)));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->id, series.id);
  EXPECT_EQ(back->stepMs, series.stepMs);
  EXPECT_EQ(back->cpuLimitMillicores, series.cpuLimitMillicores);
  EXPECT_EQ(back->memoryLimitBytes, series.memoryLimitBytes);
  EXPECT_EQ(back->points, series.points);
  for (const UsageOf of : {UsageOf::Instance, UsageOf::Workload, UsageOf::Node}) {
    EXPECT_EQ(usageOfFromName(name(of)), of);
  }
  EXPECT_FALSE(usageOfFromName("pod"));
}

TEST(UsageJson, WhatNoNodeOfOursWouldSayIsRefused) {
  UsageSeries series;
  series.id = "web";
  series.points.resize(2'001);
  for (size_t i = 0; i < series.points.size(); ++i) {
    series.points[i].time.ms = int64_t(i + 1) * 1'000;
  }
  EXPECT_FALSE(usageSeriesFromJson(sent(toJson(series)))) << "more points than may be asked for";
  series.points.resize(1);
  QJsonObject json = toJson(series);
  EXPECT_TRUE(usageSeriesFromJson(json));
  json.insert(QStringLiteral("step_ms"), -1);
  EXPECT_FALSE(usageSeriesFromJson(json));
  EXPECT_FALSE(usageSeriesFromJson({}));
}

TEST(Topics, HaveNamesBothWays) {
  EXPECT_EQ(allTopics().size(), 9u);
  for (const Topic topic : allTopics()) {
    EXPECT_EQ(topicFromName(name(topic)), topic);
  }
  EXPECT_FALSE(topicFromName("").has_value());
  EXPECT_FALSE(topicFromName("Workloads").has_value());
}

TEST(Images, ComeBackAsTheyWere) {
  StoredImage image{"sha256:12",
                    {"docker.io/library/nginx:1.27", "localhost/nginx:1"},
                    "amd64",
                    187'654'321,
                    base::Timestamp{1'700'000'000'000}};
  auto back = storedImageFromJson(sent(toJson(image)));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(*back, image);
  back = storedImageFromJson(sent(toJson(StoredImage{"sha256:13", {}, "", 0, {}})));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_FALSE(back->createdAt.isSet());
  EXPECT_FALSE(storedImageFromJson({}));
  EXPECT_FALSE(storedImageFromJson({{QStringLiteral("id"), QStringLiteral("x")}, {QStringLiteral("bytes"), -1}}));
  EXPECT_FALSE(storedImageFromJson(
      {{QStringLiteral("id"), QStringLiteral("x")}, {QStringLiteral("created_at"), QStringLiteral("yesterday")}}));
}

TEST(Deltas, EveryKindAndTopicComesBack) {
  model::Workload workload;
  workload.id = model::WorkloadId("0b2c4a5e-7c1d-4f0e-9a59-3f1f6a1f0001");
  workload.spec.name = "web";
  workload.spec.containers.push_back({});
  workload.spec.containers[0].name = "web";
  workload.spec.containers[0].image = "nginx:1.25";
  workload.revision = 9'007'199'254'740'993; // more than a double holds
  Delta put{Delta::Kind::Put, Topic::Workloads, workload.revision, workload.id.str(), workload};
  const auto back = deltaFromJson(sent(toJson(put)));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->revision, workload.revision);
  EXPECT_EQ(std::get<model::Workload>(back->object), workload);

  model::Event event;
  event.id = "e1";
  event.type = "workload_created";
  event.time = base::Timestamp{1'700'000'000'123};
  event.message = "web was created";
  const auto eventBack = deltaFromJson(sent(toJson(Delta{Delta::Kind::Put, Topic::Events, 3, "e1", event})));
  ASSERT_TRUE(eventBack) << eventBack.error().text();
  EXPECT_EQ(std::get<model::Event>(eventBack->object).time.ms, 1'700'000'000'123);

  for (const auto kind : {Delta::Kind::SnapshotBegin, Delta::Kind::SnapshotEnd, Delta::Kind::Heartbeat}) {
    const auto plain = deltaFromJson(sent(toJson(Delta{kind, Topic::Nodes, 5, "", {}})));
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->kind, kind);
    EXPECT_EQ(plain->topic, Topic::Nodes);
  }
  const auto removed = deltaFromJson(sent(toJson(Delta{Delta::Kind::Remove, Topic::Instances, 6, "web-1", {}})));
  ASSERT_TRUE(removed);
  EXPECT_EQ(removed->id, "web-1");
}

TEST(Deltas, BrokenOnesAreErrors) {
  const QJsonObject good{{QStringLiteral("kind"), QStringLiteral("remove")},
                         {QStringLiteral("topic"), QStringLiteral("nodes")},
                         {QStringLiteral("revision"), 1},
                         {QStringLiteral("id"), QStringLiteral("x")}};
  ASSERT_TRUE(deltaFromJson(good));
  for (const char* key : {"kind", "topic", "revision", "id"}) {
    QJsonObject without = good;
    without.remove(QLatin1String(key));
    EXPECT_FALSE(deltaFromJson(without)) << key;
  }
  QJsonObject put = good;
  put.insert(QStringLiteral("kind"), QStringLiteral("put"));
  EXPECT_FALSE(deltaFromJson(put));
  put.insert(QStringLiteral("object"), QJsonObject{{QStringLiteral("id"), 5}});
  EXPECT_FALSE(deltaFromJson(put));
}

TEST(LogEntries, KeepEveryByte) {
  LogEntry entry{"web-1", "main", "c1", base::Timestamp{1'700'000'000'000}, true, "grüße"};
  auto back = logEntryFromJson(sent(toJson(entry)));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->text, entry.text);
  EXPECT_EQ(back->time, entry.time);
  EXPECT_TRUE(back->isStderr);
  std::string all;
  for (int c = 0; c < 256; ++c) {
    all += char(c);
  }
  entry.text = all;
  back = logEntryFromJson(sent(toJson(entry)));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->text, all);
  EXPECT_FALSE(logEntryFromJson({}));
}

TEST(Errors, ComeBackWhole) {
  base::Error error = base::makeError(base::ErrorCode::Validation, "web was not deployed", "one fault", "fix it");
  error.fields.push_back({"containers[0].image", "is empty", "name an image", false, 7});
  error.fields.push_back({"labels", "unused", "", true, 0});
  const QJsonObject json = sent(errorToJson(error));
  EXPECT_EQ(json.value(QStringLiteral("code")).toString(), QStringLiteral("VALIDATION_ERROR"));
  EXPECT_EQ(json.value(QStringLiteral("error")).toString(), QStringLiteral("web was not deployed: one fault"));
  EXPECT_EQ(errorFromJson(json), error);
  EXPECT_EQ(errorFromJson({{QStringLiteral("error"), QStringLiteral("x")}}).what, "x");
}

TEST(Outcomes, ComeBackWhole) {
  CommandOutcome outcome;
  outcome.command = "scale";
  outcome.changed = true;
  outcome.summary = "web scaled from 1 to 3";
  outcome.correlationId = "c";
  outcome.revision = 12;
  outcome.plan.push_back({"start_instance", "instance on aws-1", "starts web-abc"});
  outcome.changes.push_back({"replicas", "1", "3"});
  outcome.warnings.push_back({"replicas", "many", "", true, 0});
  model::Decision decision;
  decision.id = "d1";
  decision.summary = "placed";
  decision.time = base::Timestamp{1'700'000'000'000};
  outcome.decisions.push_back(decision);
  outcome.objects.push_back({{QStringLiteral("id"), QStringLiteral("w")}});
  outcome.undo = {{QStringLiteral("name"), QStringLiteral("scale")}};
  const auto back = commandOutcomeFromJson(sent(toJson(outcome)));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->plan.at(0).detail, "starts web-abc");
  EXPECT_EQ(back->changes.at(0).after, "3");
  EXPECT_EQ(back->warnings, outcome.warnings);
  EXPECT_EQ(back->decisions, outcome.decisions);
  EXPECT_EQ(back->objects, outcome.objects);
  EXPECT_EQ(back->undo, outcome.undo);
  EXPECT_FALSE(commandOutcomeFromJson({{QStringLiteral("plan"), 5}}));
}

TEST(NodeDescription, ComesBackWhole) {
  NodeInfo info;
  info.version = "0.1.0";
  info.peerId = "12D3KooW";
  info.startedAt = base::Timestamp{1'700'000'000'000};
  info.engine.driver = "docker";
  info.engine.cpuLimits = true;
  info.config = {{QStringLiteral("port"), QJsonObject{{QStringLiteral("value"), 9000}}}};
  const auto back = nodeInfoFromJson(sent(toJson(info)));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->engine, info.engine);
  EXPECT_EQ(back->startedAt, info.startedAt);
  EXPECT_EQ(back->config, info.config);
  EXPECT_FALSE(nodeInfoFromJson({{QStringLiteral("started_at"), QStringLiteral("yesterday")}}));

  const AuditEntry entry{base::Timestamp{5'000}, "token", "rest", "scale", {}, true, "done", "c"};
  const auto entryBack = auditEntryFromJson(sent(toJson(entry)));
  ASSERT_TRUE(entryBack);
  EXPECT_EQ(entryBack->actor, "token");

  HealthReport report;
  report.status = PartHealth::Degraded;
  report.ready = true;
  report.parts.push_back({"store", PartHealth::Degraded, "slow", base::Timestamp{5'000}});
  const auto reportBack = healthReportFromJson(sent(toJson(report)));
  ASSERT_TRUE(reportBack);
  EXPECT_EQ(reportBack->status, PartHealth::Degraded);
  EXPECT_EQ(reportBack->parts.at(0).message, "slow");
}

} // namespace
} // namespace univrs::interfaces
