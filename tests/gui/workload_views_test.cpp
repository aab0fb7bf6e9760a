// What the Workloads list and the inspector are made of: marked rows, groups, columns, events, the manifest.
#include "app/gui/session.h"
#include "tests/gui/scripted_engine.h"

#include <QJsonArray>
#include <QSignalSpy>
#include <QTest>

#include <gtest/gtest.h>

namespace univrs::gui::test {
namespace {

using interfaces::Delta;
using model::Health;
using model::InstanceState;

class WorkloadViews : public ::testing::Test {
protected:
  ScriptedEngine engine;
  Session session{engine, QStringLiteral("this computer"), false};
  bool until(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 20'000); }
  QVariant at(int row, int role) { return session.list()->index(row, 0).data(role); }
};

TEST_F(WorkloadViews, RowsTellWhereTheyRun) {
  model::Instance elsewhere = instance("web", "b", InstanceState::Running);
  elsewhere.nodeId = model::NodeId("other");
  model::Instance ended = instance("web", "c", InstanceState::Failed);
  ended.nodeId = model::NodeId("third");
  model::Workload w = workload("web", Health::Healthy, 2, 2);
  w.spec.labels = {{"app", "web"}, {"tier", "front"}};
  engine.snapshot(
      {w},
      {instance("web", "a", InstanceState::Running), instance("web", "d", InstanceState::Running), elsewhere, ended},
      {node("laptop")});
  EXPECT_EQ(at(0, WorkloadListModel::NodesRole).toString(), QStringLiteral("laptop +1"));
  EXPECT_EQ(at(0, WorkloadListModel::PortsRole).toString(), QStringLiteral("8080 → 80"));
  EXPECT_EQ(at(0, WorkloadListModel::LabelsRole).toString(), QStringLiteral("app=web, tier=front"));
  EXPECT_EQ(at(0, WorkloadListModel::ReadyTextRole).toString(), QStringLiteral("2/2"));
  elsewhere.state = InstanceState::Lost;
  engine.put(elsewhere);
  EXPECT_EQ(at(0, WorkloadListModel::NodesRole).toString(), QStringLiteral("laptop"));
}

TEST_F(WorkloadViews, SmallChartsAreAskedForRowsOnScreenInOneQuestion) {
  std::vector<model::Workload> all;
  for (int i = 0; i < 200; ++i) {
    all.push_back(workload("w" + std::to_string(1'000 + i)));
  }
  engine.snapshot(all);
  std::vector<interfaces::UsageQuery> asked;
  engine.onUsage = [&](const interfaces::UsageQuery& q) {
    asked.push_back(q);
    std::vector<interfaces::UsageSeries> out;
    for (const std::string& id : q.ids) {
      interfaces::UsageSeries s;
      s.id = id;
      interfaces::UsagePoint p;
      p.cpuMillicores = 12;
      p.memoryBytes = 64 << 20;
      s.points = {p, p};
      out.push_back(s);
    }
    return out;
  };
  session.setListShown(true);
  for (int row = 0; row < 100; ++row) {
    EXPECT_TRUE(at(row, WorkloadListModel::CpuRole).toList().isEmpty());
  }
  ASSERT_TRUE(until([&] { return at(99, WorkloadListModel::CpuRole).toList().size() == 2; }));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].ids.size(), size_t(UsageThumbs::kMaxAsked)); // the latest
  EXPECT_EQ(asked[0].ids.back(), "id-w1099");
  EXPECT_EQ(at(99, WorkloadListModel::MemoryRole).toString(), QStringLiteral("64 MiB"));
  EXPECT_EQ(at(99, WorkloadListModel::CpuTextRole).toString(), QStringLiteral("12m"));
}

TEST_F(WorkloadViews, TheSearchFollowsWhereTheyRun) {
  model::Instance one = instance("web", "a", InstanceState::Running);
  engine.snapshot({workload("api"), workload("web")}, {one}, {node("laptop")});
  WorkloadFilterModel* list = session.list();
  list->setText(QStringLiteral("LAPTOP"));
  ASSERT_EQ(list->count(), 1);
  EXPECT_EQ(list->idAt(0), QStringLiteral("id-web"));
  one.state = InstanceState::Lost;
  engine.put(one);
  ASSERT_TRUE(until([&] { return list->count() == 0; }));
  engine.put(instance("api", "b", InstanceState::Running));
  ASSERT_TRUE(until([&] { return list->count() == 1; }));
  EXPECT_EQ(list->idAt(0), QStringLiteral("id-api"));
}

TEST_F(WorkloadViews, WhatNeedsAPersonSortsFirstAndWaitsWhileHeld) {
  engine.snapshot({workload("a"), workload("b", Health::Progressing, 0, 1), workload("c", Health::Degraded, 0, 1)});
  WorkloadFilterModel* list = session.list();
  list->sortBy(QStringLiteral("stateWord"), false);
  EXPECT_EQ(list->idAt(0), QStringLiteral("id-c"));
  EXPECT_EQ(list->idAt(2), QStringLiteral("id-a"));
  list->setHold(true);
  engine.put(workload("a", Health::Degraded, 0, 1));
  engine.put(workload("c"));
  list->flush();
  EXPECT_EQ(list->idAt(0), QStringLiteral("id-c"));
  EXPECT_EQ(at(0, WorkloadListModel::ToneRole).toString(), QStringLiteral("good"));
  list->setHold(false);
  EXPECT_EQ(list->idAt(0), QStringLiteral("id-a"));
  EXPECT_EQ(list->idAt(2), QStringLiteral("id-c"));
}

TEST_F(WorkloadViews, ThousandsGrowOlderWithoutBeingPlacedAnew) {
  std::vector<model::Workload> all;
  for (int i = 0; i < 5'000; ++i) {
    all.push_back(workload("w" + std::to_string(10'000 + i)));
  }
  engine.snapshot(all);
  session.list()->sortBy(QStringLiteral("age"), true);
  session.list()->flush();
  QSignalSpy moved(session.list(), &QAbstractItemModel::rowsMoved);
  QSignalSpy reset(session.list(), &QAbstractItemModel::modelReset);
  QSignalSpy changed(session.list(), &QAbstractItemModel::dataChanged);
  session.workloads()->refreshAges();
  session.list()->flush();
  ASSERT_EQ(changed.count(), 1);
  EXPECT_EQ(changed[0].at(1).toModelIndex().row(), 4'999);
  EXPECT_EQ(moved.count() + reset.count(), 0);
}

TEST_F(WorkloadViews, TheTabStaysWhileOneWalksThroughTheList) {
  engine.snapshot({workload("a"), workload("b")});
  QSignalSpy edit(&session, &Session::editRequested);
  session.select(QStringLiteral("id-a"));
  session.showTab(QStringLiteral("charts"));
  session.select(QStringLiteral("id-b"));
  session.showTab(QStringLiteral("nonsense"));
  EXPECT_EQ(session.tab(), QStringLiteral("charts"));
  session.point(QStringLiteral("id-a"));
  EXPECT_EQ(session.pointed()->name(), QStringLiteral("a"));
  EXPECT_EQ(session.selectedId(), QStringLiteral("id-b"));
  session.edit(QStringLiteral("id-a"), QStringLiteral("image"));
  EXPECT_EQ(session.selectedId(), QStringLiteral("id-a"));
  EXPECT_EQ(edit.count(), 1);
  engine.removeWorkload("id-a");
  EXPECT_FALSE(session.pointed()->present());
  session.edit(QStringLiteral("id-a"), QStringLiteral("image")); // nothing is left to edit
  EXPECT_EQ(edit.count(), 1);
}

TEST_F(WorkloadViews, RowsAreMarkedAndForgottenWhenGone) {
  engine.snapshot({workload("a"), workload("b"), workload("c"), workload("d")});
  RowSelection* marked = session.marked();
  marked->anchor(1);
  EXPECT_EQ(marked->count(), 0);
  marked->extendTo(3);
  EXPECT_EQ(marked->ids(), (QStringList{QStringLiteral("id-b"), QStringLiteral("id-c"), QStringLiteral("id-d")}));
  marked->extendTo(0);
  EXPECT_EQ(marked->ids(), (QStringList{QStringLiteral("id-a"), QStringLiteral("id-b")}));
  marked->toggle(0);
  marked->toggle(3);
  EXPECT_EQ(marked->ids(), (QStringList{QStringLiteral("id-b"), QStringLiteral("id-d")}));
  engine.removeWorkload("id-d");
  EXPECT_EQ(marked->ids(), QStringList{QStringLiteral("id-b")});
  marked->all();
  EXPECT_EQ(marked->count(), 3);
  marked->clear();
  EXPECT_EQ(marked->count(), 0);
}

TEST_F(WorkloadViews, AGroupHasOneMessageAndOneUndo) {
  engine.snapshot({workload("a"), workload("b"), workload("c")});
  engine.onCommand = [](const interfaces::CommandRequest& r) -> ScriptedEngine::Outcome {
    if (r.args.value(QLatin1String("workload")).toString() == QLatin1String("id-b")) {
      return base::makeError(base::ErrorCode::Conflict, "b was not scaled", "it is being removed", "wait");
    }
    interfaces::CommandOutcome o;
    o.summary = r.name + " done";
    o.undo = {{QStringLiteral("name"), QStringLiteral("undo-") + QString::fromStdString(r.name)},
              {QStringLiteral("args"), QJsonObject{}}};
    return o;
  };
  const QStringList ids{QStringLiteral("id-a"), QStringLiteral("id-b"), QStringLiteral("id-c")};
  session.actions()->scaleAll(ids, 3);
  ASSERT_TRUE(until([&] { return session.actions()->toastProblem().present(); }));
  EXPECT_EQ(session.actions()->toastProblem().what, QStringLiteral("2 workloads scaled to 3 replicas; 1 refused"));
  EXPECT_TRUE(session.actions()->undoable());
  session.actions()->removeAll(ids);
  ASSERT_TRUE(until([&] { return session.actions()->toastText() == QStringLiteral("3 workloads are being removed"); }));
  EXPECT_EQ(engine.commandLog.back().args.value(QLatin1String("workloads")).toArray().size(), 3);
  session.actions()->undo();
  ASSERT_TRUE(until([&] { return engine.commandLog.back().name == "undo-remove"; }));
}

TEST_F(WorkloadViews, EventsAreHistoryAndThenLive) {
  engine.snapshot({workload("web")});
  const auto make = [](const std::string& id, const std::string& message) {
    model::Event e;
    e.id = id;
    e.workloadId = "id-web";
    e.severity = model::Severity::Warning;
    e.type = "instance_status_changed";
    e.message = message;
    return e;
  };
  engine.onEvents = [&](const interfaces::EventQuery& q) {
    interfaces::ItemPage<model::Event> page;
    if (q.after.empty()) {
      page.items = {make("2", "second"), make("1", "first")};
      page.next = "more";
    } else {
      page.items = {make("0", "oldest")};
    }
    return page;
  };
  session.select(QStringLiteral("id-web"));
  EventListModel* events = session.events();
  ASSERT_TRUE(until([&] { return events->count() == 2; }));
  engine.send({Delta{Delta::Kind::Put, interfaces::Topic::Events, 200, "3", make("3", "third")}});
  ASSERT_EQ(events->count(), 3);
  EXPECT_EQ(events->index(0).data(EventListModel::MessageRole).toString(), QStringLiteral("third"));
  EXPECT_EQ(events->index(0).data(EventListModel::ToneRole).toString(), QStringLiteral("warn"));
  EXPECT_EQ(events->index(0).data(EventListModel::TypeRole).toString(), QStringLiteral("instance status changed"));
  model::Event other = make("9", "not ours");
  other.workloadId = "id-api";
  engine.send({Delta{Delta::Kind::Put, interfaces::Topic::Events, 201, "9", other}});
  EXPECT_EQ(events->count(), 3);
  EXPECT_TRUE(events->more());
  events->loadMore();
  ASSERT_TRUE(until([&] { return events->count() == 4; }));
  EXPECT_FALSE(events->more());
  session.select({});
  EXPECT_EQ(events->count(), 0);
}

TEST_F(WorkloadViews, AManifestIsEditedCheckedAndApplied) {
  engine.onCommand = [](const interfaces::CommandRequest& r) -> ScriptedEngine::Outcome {
    interfaces::CommandOutcome o;
    o.changed = true;
    o.summary = r.name + " done";
    o.changes.push_back({"replicas", "1", "4"});
    return o;
  };
  model::Workload w = workload("web");
  w.revision = 7;
  engine.snapshot({w});
  session.select(QStringLiteral("id-web"));
  WorkloadManifest* manifest = session.manifest();
  EXPECT_TRUE(manifest->text().startsWith(QLatin1String("name: web\n")));
  EXPECT_FALSE(manifest->dirty());
  EXPECT_FALSE(manifest->canApply());
  const QString stored = manifest->text();
  manifest->setText(stored + QStringLiteral("nonsense: 1\n"));
  ASSERT_TRUE(until([&] { return manifest->problem().present(); }));
  ASSERT_FALSE(manifest->markers().isEmpty());
  EXPECT_GT(manifest->markers().front().toMap().value(QStringLiteral("line")).toInt(), 1);
  EXPECT_TRUE(engine.commandLog.empty()); // the engine is not asked about what cannot be read
  manifest->setText(QString(stored).replace(QLatin1String("name: web"), QLatin1String("name: api")));
  ASSERT_TRUE(until([&] { return manifest->problem().present(); }));
  manifest->setText(QString(stored).replace(QLatin1String("replicas: 1"), QLatin1String("replicas: 4")));
  ASSERT_TRUE(until([&] { return manifest->canApply(); }));
  ASSERT_EQ(engine.commandLog.size(), 1u);
  EXPECT_TRUE(engine.commandLog[0].dryRun);
  EXPECT_EQ(manifest->changes().size(), 1);
  // Somebody else changes it: the edit stays, and says so.
  model::Workload changed = w;
  changed.revision = 8;
  changed.spec.replicas = 2;
  engine.put(changed);
  EXPECT_TRUE(manifest->outdated());
  EXPECT_FALSE(manifest->canApply());
  manifest->reset();
  EXPECT_TRUE(manifest->text().contains(QLatin1String("replicas: 2")));
  manifest->setText(QString(manifest->text()).replace(QLatin1String("replicas: 2"), QLatin1String("replicas: 5")));
  ASSERT_TRUE(until([&] { return manifest->canApply(); }));
  manifest->apply();
  ASSERT_TRUE(until([&] { return !manifest->applying(); }));
  EXPECT_EQ(engine.commandLog.back().name, "replace");
  EXPECT_EQ(engine.commandLog.back().args.value(QLatin1String("expect_revision")).toInt(), 8);
  EXPECT_FALSE(manifest->dirty());
}

TEST_F(WorkloadViews, ARolloutIsToldInWords) {
  model::Workload w = workload("web", Health::Progressing, 4, 5, "acme/web:1.9.3");
  w.previous = w.spec;
  w.previous->containers[0].image = "acme/web:1.9.2";
  w.status.updated = 3;
  w.status.total = 6;
  engine.snapshot({w});
  session.select(QStringLiteral("id-web"));
  EXPECT_EQ(session.selected()->rolloutText(), QStringLiteral("Rolling to 1.9.3 · 3 of 5"));
  EXPECT_DOUBLE_EQ(session.selected()->rollout(), 0.6);
  EXPECT_TRUE(session.selected()->canRollBack());
  session.actions()->rollBack(QStringLiteral("id-web"));
  EXPECT_EQ(engine.commandLog.back().name, "undo");
  w.status.total = 5;
  w.status.updated = 5;
  engine.put(w);
  EXPECT_TRUE(session.selected()->rolloutText().isEmpty());
}

} // namespace
} // namespace univrs::gui::test
