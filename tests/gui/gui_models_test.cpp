// The view models, with an engine that says what the test wants.
#include "app/gui/session.h"
#include "tests/gui/scripted_engine.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <gtest/gtest.h>

namespace univrs::gui::test {
namespace {

using interfaces::Delta;
using interfaces::Topic;
using model::Health;
using model::InstanceState;

interfaces::CommandOutcome outcome(const std::string& summary) {
  interfaces::CommandOutcome o;
  o.summary = summary;
  o.changed = true;
  o.undo = {{QStringLiteral("name"), QStringLiteral("undo")},
            {QStringLiteral("args"), QJsonObject{{QStringLiteral("workload"), QStringLiteral("id-web")}}}};
  return o;
}

class GuiModels : public ::testing::Test {
protected:
  ScriptedEngine engine;
  Session session{engine, QStringLiteral("this computer"), false};
  bool until(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 20'000); }
  QString at(int row, int role) { return session.list()->index(row, 0).data(role).toString(); }
};

TEST_F(GuiModels, StartsThenConnectsThenShowsTheSnapshot) {
  EXPECT_EQ(session.connection()->state(), ConnectionModel::Starting);
  ASSERT_TRUE(until([&] { return !session.connection()->why().isEmpty(); }));
  EXPECT_EQ(session.connection()->state(), ConnectionModel::Starting);
  EXPECT_FALSE(session.workloads()->complete());
  engine.connect(true);
  engine.snapshot({workload("web"), workload("api", Health::Degraded, 0, 2)});
  EXPECT_TRUE(session.connection()->connected());
  EXPECT_TRUE(session.workloads()->complete());
  ASSERT_EQ(session.list()->rowCount(), 2);
  EXPECT_EQ(at(0, WorkloadListModel::NameRole), QStringLiteral("api"));
  EXPECT_EQ(at(0, WorkloadListModel::ToneRole), QStringLiteral("bad"));
  EXPECT_EQ(session.workloads()->degraded(), 1);
  ASSERT_TRUE(until([&] { return session.connection()->nodeName() == QStringLiteral("laptop"); }));
}

TEST_F(GuiModels, ResyncKeepsRowsAndSelectionAndDropsWhatIsGone) {
  engine.snapshot({workload("web"), workload("api"), workload("old")});
  session.select(QStringLiteral("id-web"));
  QSignalSpy reset(session.workloads(), &QAbstractItemModel::modelReset);
  QSignalSpy removed(session.workloads(), &QAbstractItemModel::rowsRemoved);
  QSignalSpy inserted(session.workloads(), &QAbstractItemModel::rowsInserted);
  engine.connect(false, "gone");
  EXPECT_TRUE(session.connection()->stale());
  EXPECT_EQ(session.list()->rowCount(), 3);
  engine.connect(true);
  engine.snapshot({workload("web", Health::Degraded, 0, 1), workload("api"), workload("new")});
  EXPECT_EQ(reset.count(), 0);
  EXPECT_EQ(removed.count(), 1);
  EXPECT_EQ(inserted.count(), 1);
  EXPECT_EQ(session.list()->rowCount(), 3);
  EXPECT_EQ(session.selectedId(), QStringLiteral("id-web"));
  EXPECT_EQ(session.selected()->stateWord(), QStringLiteral("Degraded"));
  engine.removeWorkload("id-web");
  EXPECT_TRUE(session.selectedId().isEmpty());
  EXPECT_EQ(session.workloads()->find(QStringLiteral("id-old")), nullptr);
  ASSERT_NE(session.workloads()->find(QStringLiteral("id-new")), nullptr);
  EXPECT_EQ(session.workloads()->find(QStringLiteral("id-new"))->spec.name, "new");
}

TEST_F(GuiModels, TenThousandRowsAreUpdatedInPlace) {
  std::vector<model::Workload> all;
  for (int i = 0; i < 10'000; ++i) {
    all.push_back(workload("w" + std::to_string(10'000 + i)));
  }
  QSignalSpy inserted(session.workloads(), &QAbstractItemModel::rowsInserted);
  engine.snapshot(all);
  EXPECT_EQ(inserted.count(), 1);
  ASSERT_EQ(session.list()->rowCount(), 10'000);
  QSignalSpy reset(session.list(), &QAbstractItemModel::modelReset);
  QSignalSpy layout(session.list(), &QAbstractItemModel::layoutChanged);
  QSignalSpy changed(session.workloads(), &QAbstractItemModel::dataChanged);
  for (int i = 0; i < 100; ++i) {
    model::Workload w = all[size_t(i) * 97];
    w.status.ready = 0;
    w.status.health = Health::Progressing;
    engine.put(w);
  }
  EXPECT_EQ(changed.count(), 100);
  for (const auto& call : changed) {
    EXPECT_EQ(call.at(0).toModelIndex().row(), call.at(1).toModelIndex().row()); // one row each
  }
  EXPECT_EQ(session.workloads()->progressing(), 100);
  all.resize(5'000);
  engine.snapshot(all);
  EXPECT_EQ(session.list()->rowCount(), 5'000);
  EXPECT_EQ(reset.count(), 0);
  EXPECT_EQ(layout.count(), 0);
}

TEST_F(GuiModels, FilterFindsByNameImageAndHealth) {
  engine.snapshot({workload("web"), workload("mail", Health::Degraded, 0, 1, "ghcr.io/acme/mail:1")});
  session.list()->setText(QStringLiteral("ACME"));
  EXPECT_EQ(session.list()->rowCount(), 1);
  session.list()->setText({});
  session.list()->setHealth(WorkloadListModel::NeedsAttention);
  ASSERT_EQ(session.list()->rowCount(), 1);
  EXPECT_EQ(at(0, WorkloadListModel::NameRole), QStringLiteral("mail"));
  engine.put(workload("mail"));
  ASSERT_TRUE(until([&] { return session.list()->rowCount() == 0; })); // gathered with other changes
}

TEST_F(GuiModels, InstancesFollowTheSelection) {
  engine.snapshot(
      {workload("web"), workload("api")},
      {instance("web", "aaaaaa", InstanceState::Running), instance("api", "bbbbbb", InstanceState::Running)},
      {node("laptop")});
  session.select(QStringLiteral("id-web"));
  auto* list = session.instances();
  ASSERT_EQ(list->rowCount(), 1);
  EXPECT_EQ(list->index(0).data(InstanceListModel::NodeRole).toString(), QStringLiteral("laptop"));
  model::Instance failing = instance("web", "aaaaaa", InstanceState::Backoff, "OOM killed: used \x1b[31m64 MiB");
  failing.createdAt = base::Timestamp{1};
  engine.put(failing);
  ASSERT_EQ(list->rowCount(), 1);
  EXPECT_EQ(list->index(0).data(InstanceListModel::MessageRole).toString(), QStringLiteral("OOM killed: used 64 MiB"));
  engine.put(instance("web", "cccccc", InstanceState::Pulling));
  EXPECT_EQ(list->rowCount(), 2);
  session.select(QStringLiteral("id-api"));
  EXPECT_EQ(list->rowCount(), 1);
}

TEST_F(GuiModels, PullProgressAppearsAndGoes) {
  engine.snapshot({workload("web")});
  model::Operation op;
  op.id = "1";
  op.kind = "pull";
  op.subject = "docker.io/library/nginx:1";
  op.workloadId = "id-web";
  op.current = 50;
  op.total = 100;
  engine.put(op);
  EXPECT_DOUBLE_EQ(session.list()->index(0, 0).data(WorkloadListModel::ProgressRole).toDouble(), 0.5);
  op.finished = true;
  engine.put(op);
  EXPECT_DOUBLE_EQ(session.list()->index(0, 0).data(WorkloadListModel::ProgressRole).toDouble(), -1);
}

TEST_F(GuiModels, DeployChecksThenDeploysThenCanBeTakenBack) {
  engine.snapshot({});
  engine.onCommand = [](const interfaces::CommandRequest& r) -> ScriptedEngine::Outcome {
    auto o = outcome(r.dryRun ? "plan" : "web created with 1 replica");
    o.objects.push_back(model::toJson(workload("web")));
    return o;
  };
  session.openText(QStringLiteral("nginx:1.27"));
  DeploySession* d = session.deploy();
  ASSERT_TRUE(d->active());
  EXPECT_FALSE(d->canDeploy());
  ASSERT_TRUE(until([&] { return d->canDeploy(); }));
  ASSERT_EQ(d->workloads().size(), 1);
  EXPECT_EQ(d->cliLine(), QStringLiteral("univrs deploy nginx:1.27"));
  ASSERT_EQ(engine.commandLog.size(), 1u);
  EXPECT_TRUE(engine.commandLog[0].dryRun);
  d->deploy();
  ASSERT_TRUE(until([&] { return !d->active(); }));
  EXPECT_FALSE(engine.commandLog[1].dryRun);
  EXPECT_EQ(engine.commandLog[1].door, "gui");
  EXPECT_EQ(session.actions()->toastText(), QStringLiteral("web created with 1 replica"));
  ASSERT_TRUE(session.actions()->undoable());
  model::Workload starting = workload("web", Health::Progressing, 0, 1);
  engine.put(starting);
  EXPECT_EQ(session.selectedId(), QStringLiteral("id-web"));
  // The message follows it until it is healthy, and can be taken back all the while.
  ASSERT_TRUE(until([&] { return session.actions()->toastText() == QStringLiteral("web: 0 of 1 ready"); }));
  EXPECT_DOUBLE_EQ(session.actions()->toastFraction(), 0);
  starting = workload("web");
  starting.status.updated = 1;
  engine.put(starting);
  ASSERT_TRUE(until([&] { return session.actions()->toastText().startsWith(QLatin1String("web: healthy, 1 of 1")); }));
  EXPECT_DOUBLE_EQ(session.actions()->toastFraction(), -1);
  ASSERT_TRUE(session.actions()->undoable());
  session.actions()->undo();
  ASSERT_TRUE(until([&] { return engine.commandLog.size() == 3; }));
  EXPECT_EQ(engine.commandLog[2].name, "undo");
}

TEST_F(GuiModels, DeployShowsFaultsAndIgnoresAnswersToOlderText) {
  engine.snapshot({});
  engine.onCommand = [](const interfaces::CommandRequest& r) -> ScriptedEngine::Outcome {
    if (r.args.value(QLatin1String("manifest")).toString().contains(QLatin1String("bad"))) {
      base::Error e = base::makeError(base::ErrorCode::Validation, "not understood", "1 fault");
      e.fields.push_back({"services.web.image", "is missing", "add it", false, 3});
      return e;
    }
    return outcome("fine");
  };
  engine.holdCommands = true;
  session.openText(QStringLiteral("bad"));
  DeploySession* d = session.deploy();
  d->setText(QStringLiteral("good"));
  engine.release(); // the answer about "bad"
  ASSERT_TRUE(until([&] { return d->canDeploy(); }));
  EXPECT_FALSE(d->problem().present());
  d->setText(QStringLiteral("bad again"));
  ASSERT_TRUE(until([&] { return d->problem().present(); }));
  EXPECT_FALSE(d->canDeploy());
  EXPECT_EQ(d->errorCount(), 1);
  ASSERT_EQ(d->markers().size(), 1);
  EXPECT_EQ(d->markers().front().toMap().value(QStringLiteral("line")).toInt(), 3);
  EXPECT_EQ(d->markers().front().toMap().value(QStringLiteral("tone")).toString(), QStringLiteral("bad"));
  EXPECT_EQ(d->findings().front().toMap().value(QStringLiteral("path")).toString(),
            QStringLiteral("services.web.image"));
  engine.connect(false, "gone");
  EXPECT_FALSE(d->blockedBy().isEmpty());
  const size_t asked = engine.commandLog.size();
  engine.connect(true);
  ASSERT_TRUE(until([&] { return engine.commandLog.size() == asked + 1; })); // checked again
}

TEST_F(GuiModels, FilesAreReadOffTheThreadAndRefusedWithAReason) {
  engine.snapshot({});
  engine.onCommand = [](const interfaces::CommandRequest&) -> ScriptedEngine::Outcome { return outcome("plan"); };
  QTemporaryDir dir;
  const auto write = [&](const QString& name, const QByteArray& bytes) {
    QFile file(dir.filePath(name));
    EXPECT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(bytes);
    return QUrl::fromLocalFile(file.fileName());
  };
  const QList<QUrl> urls{write(QStringLiteral("a b.yaml"), "\xef\xbb\xbfname: a\n"),
                         write(QStringLiteral("bin"), QByteArray(10, '\0')),
                         write(QStringLiteral("huge.yaml"), QByteArray((4 << 20) + 1, 'x')),
                         QUrl::fromLocalFile(dir.path()),
                         write(QStringLiteral("empty.yaml"), " \n"),
                         QUrl(QStringLiteral("https://example.org/x.git")),
                         QUrl::fromLocalFile(QStringLiteral("/dev/zero"))};
  session.openFiles(urls);
  ASSERT_TRUE(until([&] { return session.deploy()->active(); }));
  EXPECT_EQ(session.deploy()->documents().size(), 1);
  EXPECT_EQ(session.deploy()->text(), QStringLiteral("name: a\n"));
  EXPECT_EQ(session.deploy()->unreadable().size(), 6);
  for (const QVariant& p : session.deploy()->unreadable()) {
    EXPECT_FALSE(p.toMap().value(QStringLiteral("why")).toString().isEmpty());
  }
  session.deploy()->close();
  session.openFiles({urls[1]});
  ASSERT_TRUE(until([&] { return session.actions()->toastProblem().present(); }));
  EXPECT_FALSE(session.deploy()->active());
}

TEST_F(GuiModels, ScaleCountsFromWhatWasAskedAndRemoveCanBeTakenBack) {
  engine.snapshot({workload("web", Health::Healthy, 1, 1)});
  engine.onCommand = [](const interfaces::CommandRequest& r) -> ScriptedEngine::Outcome {
    auto o = outcome(r.name + " done");
    o.undo = {};
    return o;
  };
  const QString id = QStringLiteral("id-web");
  session.actions()->scaleBy(id, 1);
  session.actions()->scaleBy(id, 1);
  session.actions()->scaleTo(id, 1'000'000);
  ASSERT_EQ(engine.commandLog.size(), 3u);
  EXPECT_EQ(engine.commandLog[1].args.value(QLatin1String("replicas")).toInt(), 3);
  EXPECT_EQ(engine.commandLog[2].args.value(QLatin1String("replicas")).toInt(), 10'000);
  session.actions()->remove(id);
  ASSERT_TRUE(until([&] { return session.actions()->toastText() == QStringLiteral("remove done"); }));
  ASSERT_TRUE(session.actions()->undoable());
  session.actions()->undo();
  ASSERT_TRUE(until([&] { return engine.commandLog.size() == 5; }));
  EXPECT_EQ(engine.commandLog[4].name, "deploy");
  EXPECT_EQ(
      engine.commandLog[4].args.value(QLatin1String("workload")).toObject().value(QLatin1String("name")).toString(),
      QStringLiteral("web"));
}

TEST_F(GuiModels, LogStandsStillWhilePausedAndIsFollowedAgain) {
  engine.snapshot({workload("web")});
  session.select(QStringLiteral("id-web"));
  ASSERT_TRUE(until([&] { return engine.logQueries.size() == 1; }));
  LogModel* log = session.log();
  engine.log({"\x1b[1;31mred\x1b[0m \x1b]0;title\x07text",
              "a\x01"
              "b",
              "50%\r100%", "\xff"});
  ASSERT_TRUE(until([&] { return log->count() == 4; }));
  EXPECT_EQ(log->index(0).data(LogModel::TextRole).toString(), QStringLiteral("red text"));
  EXPECT_EQ(log->index(1).data(LogModel::TextRole).toString(), QStringLiteral("a\uFFFDb"));
  EXPECT_EQ(log->index(2).data(LogModel::TextRole).toString(), QStringLiteral("100%"));
  log->setPaused(true);
  engine.log(std::vector<std::string>(30'000, "line"));
  EXPECT_EQ(log->count(), 4);
  EXPECT_EQ(log->waiting(), 30'000);
  log->setPaused(false);
  EXPECT_EQ(log->count(), 30'004);
  engine.log({std::string(1 << 20, 'x')});
  ASSERT_TRUE(until([&] { return log->waiting() == 0; }));
  EXPECT_EQ(log->count(), 30'005);
  EXPECT_LT(log->index(30'004).data(LogModel::TextRole).toString().size(), kMaxShownLine + 64);
  engine.endLog(base::makeError(base::ErrorCode::Unavailable, "the log ended", "the node is gone"));
  EXPECT_TRUE(log->problem().present());
  engine.connect(false, "gone");
  engine.connect(true);
  EXPECT_EQ(engine.logQueries.size(), 2u); // followed again
}

TEST_F(GuiModels, AnswersAfterTheWindowIsGoneAreHarmless) {
  auto other = std::make_unique<Session>(engine, QStringLiteral("x"), false);
  engine.snapshot({workload("web")});
  engine.onCommand = [](const interfaces::CommandRequest&) -> ScriptedEngine::Outcome { return outcome("late"); };
  other->actions()->restart(QStringLiteral("id-web"));
  other->openText(QStringLiteral("nginx"));
  other->openFiles({QUrl::fromLocalFile(QStringLiteral("/nonexistent"))});
  other.reset();
  QTest::qWait(200);
}

} // namespace
} // namespace univrs::gui::test

int main(int argc, char** argv) {
  QTemporaryDir config;
  qputenv("XDG_CONFIG_HOME", config.path().toLocal8Bit());
  QApplication app(argc, argv);
  QCoreApplication::setOrganizationName(QStringLiteral("univrs"));
  QCoreApplication::setApplicationName(QStringLiteral("univrs"));
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
