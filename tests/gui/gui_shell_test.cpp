// The frame of the window without a window: sessions side by side, the palette, notifications, settings, leaving.
#include "app/gui/desk.h"
#include "app/gui/fuzzy_match.h"
#include "app/gui/translations.h"
#include "app/gui/ui_watchdog.h"
#include "app/gui/window_state.h"
#include "tests/gui/scripted_engine.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <gtest/gtest.h>

namespace univrs::gui::test {
namespace {

using interfaces::Delta;
using interfaces::Topic;
using model::Health;
using model::InstanceState;

class HandClock final : public base::Clock {
public:
  [[nodiscard]] base::Now now() const override {
    return {base::Timestamp{1'700'000'000'000 + ms}, base::Monotonic{ms}};
  }
  int64_t ms = 1;
};

template <class T>
Delta put(Topic topic, const T& object) {
  return {Delta::Kind::Put, topic, 1, object.id.str(), object};
}
Delta event(const char* type, const std::string& workloadName, model::Severity severity, const char* message) {
  model::Event e;
  e.id = "e";
  e.type = type;
  e.severity = severity;
  e.workloadId = "id-" + workloadName;
  e.message = message;
  return {Delta::Kind::Put, Topic::Events, 1, e.id, e};
}

class GuiShell : public ::testing::Test {
protected:
  void SetUp() override {
    QSettings().clear();
    engine.info.name = "laptop";
  }
  std::unique_ptr<Desk> desk(bool remembered = true) {
    Desk::Options o;
    o.engine = &engine;
    o.gui.makeEngine = [this](const NodeAddress& address) {
      auto far = std::make_unique<ScriptedEngine>();
      far->info.name = "far";
      asked.push_back(address);
      elsewhere = far.get();
      return far;
    };
    o.gui.stopWorkloads = [this] { stopped = true; };
    o.keyring = false;
    o.remembered = remembered;
    o.configFolder = folder.path() + QStringLiteral("/tokens");
    o.languages = {QStringLiteral("de")};
    return std::make_unique<Desk>(std::move(o));
  }
  bool until(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 20'000); }
  QTemporaryDir folder;
  ScriptedEngine engine;
  std::vector<NodeAddress> asked;
  ScriptedEngine* elsewhere = nullptr;
  bool stopped = false;
};

TEST_F(GuiShell, ANodeIsCheckedThenKeptAndOpenedAgain) {
  {
    const auto d = desk();
    engine.snapshot({workload("web")});
    d->current()->select(QStringLiteral("id-web"));
    d->adding()->setProperty("url", QStringLiteral("far.example.org:8080/"));
    d->adding()->setProperty("token", QStringLiteral("secret"));
    EXPECT_FALSE(d->adding()->caution().isEmpty()); // http to another machine
    d->adding()->check();
    EXPECT_TRUE(d->adding()->busy());
    ASSERT_TRUE(until([&] { return d->count() == 2; }));
    EXPECT_EQ(d->currentIndex(), 1);
    ASSERT_TRUE(until([&] { return d->current()->actions()->toastShown(); })); // where the token went
    EXPECT_TRUE(d->current()->actions()->toastText().contains(QLatin1String("only you can read")));
    const QStringList files = QDir(folder.path() + QStringLiteral("/tokens")).entryList(QDir::Files);
    ASSERT_EQ(files.size(), 1);
    const QFile kept(folder.path() + QStringLiteral("/tokens/") + files.front());
    EXPECT_EQ(kept.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
              QFile::Permissions());
    EXPECT_FALSE(QSettings().allKeys().join(QLatin1Char(' ')).contains(QLatin1String("secret")));
    elsewhere->snapshot({workload("there"), workload("too")});
    EXPECT_EQ(d->current()->workloads()->total(), 2);
    d->setCurrentIndex(0); // the other keeps its state and its watch
    EXPECT_EQ(d->current()->selectedId(), QStringLiteral("id-web"));
    elsewhere->put(workload("third"));
    EXPECT_EQ(d->at(1)->workloads()->total(), 3);
    d->adding()->setProperty("url", QStringLiteral("http://far.example.org:8080"));
    d->adding()->check();
    EXPECT_TRUE(d->adding()->problem().present()); // it is there already
  }
  asked.clear();
  const auto again = desk();
  ASSERT_TRUE(until([&] { return again->count() == 2; }));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].url, "http://far.example.org:8080");
  EXPECT_EQ(asked[0].token, "secret");
  EXPECT_EQ(again->currentIndex(), 0);
  again->remove(0); // this computer stays
  EXPECT_EQ(again->count(), 2);
  again->setCurrentIndex(1);
  again->remove(1);
  EXPECT_EQ(again->count(), 1);
  EXPECT_EQ(again->currentIndex(), 0);
  ASSERT_TRUE(until([&] { return QDir(folder.path() + QStringLiteral("/tokens")).entryList(QDir::Files).isEmpty(); }));
  EXPECT_TRUE(readNodeBook().empty());
}

TEST_F(GuiShell, ANodeThatDoesNotAnswerIsNotKept) {
  Desk::Options o;
  o.engine = &engine;
  o.keyring = false;
  o.configFolder = folder.path();
  o.gui.makeEngine = [](const NodeAddress&) {
    auto refusing = std::make_unique<ScriptedEngine>();
    refusing->infoFault = base::makeError(base::ErrorCode::Unauthorized, "the node refused", "the token is wrong");
    return refusing;
  };
  Desk d(std::move(o));
  d.adding()->setProperty("url", QStringLiteral("not a url"));
  EXPECT_FALSE(d.adding()->complete());
  d.adding()->setProperty("url", QStringLiteral("https://node.example.org"));
  d.adding()->setProperty("tokenFile", folder.filePath(QStringLiteral("missing")));
  d.adding()->check();
  ASSERT_TRUE(until([&] { return d.adding()->problem().present(); }));
  EXPECT_FALSE(d.adding()->busy());
  d.adding()->setProperty("tokenFile", QString());
  d.adding()->check();
  ASSERT_TRUE(until([&] { return !d.adding()->busy(); }));
  EXPECT_TRUE(d.adding()->problem().present());
  EXPECT_EQ(d.count(), 1);
}

TEST_F(GuiShell, SeveralNodesFromTheCommandLine) {
  Desk::Options o;
  o.gui.makeEngine = [this](const NodeAddress& address) {
    asked.push_back(address);
    return std::make_unique<ScriptedEngine>();
  };
  o.gui.connectTo = {{"http://a:1", "1", "", false}, {"b:2", "2", "", false}, {"http://a:1/", "1", "", false}};
  o.keyring = false;
  o.configFolder = folder.path();
  Desk d(std::move(o));
  ASSERT_EQ(d.count(), 2); // the third is the first again
  EXPECT_EQ(d.index(1).data(Desk::EndpointRole).toString(), QStringLiteral("b:2"));
  EXPECT_FALSE(d.index(1).data(Desk::RemovableRole).toBool());
  d.perform(QStringLiteral("cluster"), QStringLiteral("http://b:2"));
  EXPECT_EQ(d.currentIndex(), 1);
  EXPECT_TRUE(d.leaving()->closeWindow(true)); // nothing runs in this program
}

TEST_F(GuiShell, FuzzyScoresRankAsAPersonWould) {
  int64_t work = 0;
  const auto score = [&](const char* needle, const char* text) {
    return fuzzyScore(searchable(QString::fromUtf8(needle)), searchable(QString::fromUtf8(text)), work);
  };
  EXPECT_GT(score("web", "web"), score("web", "web-shop"));
  EXPECT_GT(score("web", "web-shop"), score("web", "my-web"));
  EXPECT_GT(score("web", "my-web"), score("web", "cobweb"));
  EXPECT_GT(score("web", "cobweb"), score("web", "w-e-x-b"));
  EXPECT_GT(score("wsh", "web-shop"), 0);
  EXPECT_EQ(score("web", "bew"), 0);
  EXPECT_EQ(score("web zzz", "web-shop"), 0);
  EXPECT_GT(score("shop web", "web-shop"), 0);
  EXPECT_GT(score("ÄPFEL", "äpfel"), 0);
  EXPECT_EQ(score("", "web"), 0);
  EXPECT_EQ(score("   ", "web"), 0);
}

TEST_F(GuiShell, ThePaletteFindsVerbsObjectsAndImages) {
  const auto d = desk();
  engine.snapshot({workload("web"), workload("web-shop"), workload("api")},
                  {instance("web", "aaaaaa", InstanceState::Running)}, {node("laptop")});
  QSignalSpy triggered(d->palette(), &PaletteModel::triggered);
  const auto first = [&](const char* query) {
    d->palette()->setQuery(QString::fromUtf8(query));
    return d->palette()->count() > 0 ? d->palette()->at(0).action + QLatin1Char(' ') + d->palette()->at(0).argument
                                     : QString();
  };
  d->preparePalette();
  EXPECT_GT(d->palette()->count(), 5); // empty query: what one can do
  EXPECT_EQ(first("restart web"), QStringLiteral("restart id-web"));
  EXPECT_EQ(first("restart shop"), QStringLiteral("restart id-web-shop"));
  EXPECT_EQ(first("scale web to 4"), QStringLiteral("scale id-web:4"));
  EXPECT_EQ(first("scale up api"), QStringLiteral("scale_up id-api"));
  EXPECT_EQ(first("delete api"), QStringLiteral("remove id-api"));
  EXPECT_EQ(first("api"), QStringLiteral("workload id-api"));
  EXPECT_EQ(first("aaaaaa"), QStringLiteral("workload id-web")); // the instance's workload
  EXPECT_EQ(first("nginx:1.27"), QStringLiteral("deploy_text nginx:1.27"));
  EXPECT_EQ(first("ghcr.io/acme/x"), QStringLiteral("deploy_text ghcr.io/acme/x"));
  EXPECT_EQ(first("workloads"), QStringLiteral("view workloads"));
  EXPECT_EQ(first("dark"), QStringLiteral("set window/appearance=dark"));
  EXPECT_EQ(first("laptop").section(QLatin1Char(' '), 0, 0), QStringLiteral("node"));
  EXPECT_TRUE(first("no such thing at all").isEmpty());
  EXPECT_TRUE(first("scale api").contains(QLatin1String("id-api"))); // without a number: up or down

  d->current()->select(QStringLiteral("id-api"));
  d->preparePalette();
  EXPECT_EQ(first("restart"), QStringLiteral("restart id-api")); // the selected one first

  engine.onCommand = [](const interfaces::CommandRequest& r) -> ScriptedEngine::Outcome {
    interfaces::CommandOutcome o;
    o.summary = r.name;
    return o;
  };
  first("restart web");
  d->palette()->run(0);
  ASSERT_TRUE(until([&] { return !engine.commandLog.empty(); }));
  EXPECT_EQ(engine.commandLog.back().name, "restart");
  first("web");
  const QString before = d->palette()->at(0).argument;
  d->palette()->setQuery(QStringLiteral("web-shop"));
  for (int i = 0; i < 3; ++i) {
    d->palette()->run(0);
  }
  EXPECT_EQ(QSettings().value(QStringLiteral("palette/recent")).toStringList().front(),
            QStringLiteral("workload|id-web-shop"));
  EXPECT_FALSE(before.isEmpty());
  d->palette()->run(-1);
  d->palette()->run(1'000);
  d->palette()->setQuery(QString(100'000, QLatin1Char('x'))); // a pasted monster
}

TEST_F(GuiShell, AppearanceAndViewsByThePalette) {
  const auto d = desk();
  d->perform(QStringLiteral("set"), QStringLiteral("window/appearance=dark"));
  EXPECT_EQ(d->appearance()->choice(), Appearance::Dark);
  QSignalSpy sheet(d.get(), &Desk::sheetRequested);
  d->perform(QStringLiteral("setting"), QStringLiteral("Language"));
  d->perform(QStringLiteral("add_cluster"), {});
  d->perform(QStringLiteral("nonsense"), QStringLiteral("x"));
  ASSERT_EQ(sheet.count(), 2);
  EXPECT_EQ(sheet.at(0).at(1).toString(), QStringLiteral("Language"));
  EXPECT_FALSE(d->frame()->railFolded());
  d->perform(QStringLiteral("rail"), {});
  EXPECT_TRUE(desk()->frame()->railFolded()); // remembered
}

TEST_F(GuiShell, TenThousandObjectsAreSearchedInOnePass) {
  const auto d = desk();
  std::vector<model::Workload> all;
  for (int i = 0; i < 10'000; ++i) {
    all.push_back(workload("service-" + std::to_string(i)));
  }
  engine.snapshot(all);
  d->preparePalette();
  QElapsedTimer timer;
  timer.start();
  d->palette()->setQuery(QStringLiteral("service-77"));
  EXPECT_LT(timer.elapsed(), 2'000); // an alarm, not a measure
  EXPECT_LE(d->palette()->count(), PaletteModel::kMaxResults);
  EXPECT_EQ(d->palette()->at(0).argument, QStringLiteral("id-service-77"));
  EXPECT_LE(d->palette()->lastWork(), 10'200); // each object at most once
  d->palette()->setQuery(QStringLiteral("zq"));
  EXPECT_LT(d->palette()->lastWork(), 200); // letters that nothing has: nothing is searched
  d->palette()->setQuery(QStringLiteral("restart service-77"));
  EXPECT_LE(d->palette()->lastWork(), 20'400); // once as a verb's object, once as a name
}

TEST_F(GuiShell, TheIndexFollowsSnapshotsAndCounts) {
  ObjectIndex index;
  QSignalSpy changed(&index, &ObjectIndex::changed);
  const auto mark = [](Delta::Kind kind, Topic topic) { return Delta{kind, topic, 1, {}, {}}; };
  index.apply({put(Topic::Workloads, workload("a")), put(Topic::Instances, instance("a", "1", InstanceState::Running)),
               put(Topic::Instances, instance("a", "2", InstanceState::Unhealthy)),
               put(Topic::Instances, instance("b", "1", InstanceState::Backoff)), put(Topic::Nodes, node("n"))});
  EXPECT_EQ(index.workloadCount(), 1);
  EXPECT_EQ(index.nodeCount(), 1);
  EXPECT_EQ(index.runningCount(), 2);
  EXPECT_EQ(index.workloadsRunning(), 1);
  EXPECT_EQ(changed.count(), 1);
  index.apply({mark(Delta::Kind::SnapshotBegin, Topic::Instances),
               put(Topic::Instances, instance("b", "1", InstanceState::Running)),
               mark(Delta::Kind::SnapshotEnd, Topic::Instances)});
  EXPECT_EQ(index.runningCount(), 1);
  EXPECT_EQ(index.find(ObjectIndex::Instance, QStringLiteral("a-1")), nullptr);
  index.apply({{Delta::Kind::Remove, Topic::Instances, 2, "b-1", {}}});
  EXPECT_EQ(index.runningCount(), 0);
}

TEST_F(GuiShell, NotificationsSayWhyAndWhatToDoOnce) {
  HandClock clock;
  bool wanted = true;
  Notifications n(clock, [&](const QString&) { return wanted; });
  QSignalSpy popup(&n, &Notifications::popup);
  QSignalSpy go(&n, &Notifications::goRequested);
  const QString s = QStringLiteral("here");
  const auto apply = [&](std::vector<Delta> deltas) { n.apply(s, QStringLiteral("laptop"), deltas); };
  model::Instance crashing = instance("web", "1", InstanceState::Backoff, "OOM killed: used 64 of 64 MiB");
  apply({put(Topic::Instances, crashing)});
  EXPECT_EQ(n.count(), 0); // once is no loop
  crashing.crashLoop = true;
  apply({put(Topic::Instances, crashing)});
  ASSERT_EQ(n.count(), 1);
  EXPECT_EQ(n.unread(), 1);
  EXPECT_EQ(popup.count(), 1);
  EXPECT_EQ(n.index(0).data(Notifications::CauseRole).toString(), QStringLiteral("OOM killed: used 64 of 64 MiB"));
  EXPECT_FALSE(n.index(0).data(Notifications::NextStepRole).toString().isEmpty());
  model::Instance second = crashing;
  second.id = model::InstanceId("web-2");
  for (int i = 0; i < 50; ++i) {
    apply({put(Topic::Instances, crashing), put(Topic::Instances, second)});
  }
  EXPECT_EQ(n.count(), 1); // one matter
  EXPECT_EQ(popup.count(), 1);
  n.markRead();
  EXPECT_EQ(n.unread(), 0);
  n.open(0);
  ASSERT_EQ(go.count(), 1);
  EXPECT_EQ(go.at(0).at(2).toString(), QStringLiteral("id-web"));
  EXPECT_TRUE(n.details(0).contains(QLatin1String("64 MiB")));
  apply({put(Topic::Workloads, workload("web"))}); // healthy again
  EXPECT_TRUE(n.index(0).data(Notifications::SolvedRole).toBool());
  apply({put(Topic::Instances, crashing)}); // and again not
  EXPECT_EQ(n.count(), 1);
  EXPECT_EQ(n.unread(), 1);
  EXPECT_EQ(popup.count(), 2);
  wanted = false;
  apply({event("image_pull_failed", "api", model::Severity::Error, "denied")});
  EXPECT_EQ(n.count(), 1); // that kind is switched off
  wanted = true;
  apply({event("image_pull_failed", "api", model::Severity::Error, "denied")});
  EXPECT_EQ(n.count(), 2);
  apply({event("port_not_published", "api", model::Severity::Error, "8080 is taken")});
  model::Node down = node("pi");
  down.status = model::NodeStatus::Down;
  apply({put(Topic::Nodes, down)});
  model::Workload stuck = workload("api", Health::Degraded, 1, 3);
  stuck.previous = stuck.spec;
  stuck.status.updated = 1;
  stuck.status.total = 4;
  apply({put(Topic::Workloads, stuck)});
  EXPECT_EQ(n.count(), 5);
  down.status = model::NodeStatus::Ready;
  apply({put(Topic::Nodes, down), {Delta::Kind::Remove, Topic::Workloads, 2, "id-api", {}}});
  EXPECT_EQ(n.unread(), 1);
  n.clear();
  EXPECT_EQ(n.count(), 1); // what is solved went
  n.forget(s);
  EXPECT_EQ(n.count(), 0);
}

TEST_F(GuiShell, NotificationsAreBoundedAndDoNotFlood) {
  HandClock clock;
  Notifications n(clock, [](const QString&) { return true; });
  QSignalSpy popup(&n, &Notifications::popup);
  const auto crash = [](int i) {
    model::Instance bad = instance("w" + std::to_string(i), "1", InstanceState::Backoff);
    bad.crashLoop = true;
    return put(Topic::Instances, bad);
  };
  n.apply(QStringLiteral("s"), QStringLiteral("c"),
          {Delta{Delta::Kind::SnapshotBegin, Topic::Instances, 1, {}, {}}, crash(9'999),
           Delta{Delta::Kind::SnapshotEnd, Topic::Instances, 1, {}, {}}});
  EXPECT_EQ(popup.count(), 0); // it was so before: in the list only
  EXPECT_EQ(n.count(), 1);
  for (int i = 0; i < 1'000; ++i) {
    n.apply(QStringLiteral("s"), QStringLiteral("c"), {crash(i)});
  }
  EXPECT_EQ(n.count(), int(Notifications::kMaxEntries));
  EXPECT_EQ(popup.count(), int(Notifications::kMaxPopups));
  clock.ms += Notifications::kPopupWindowMs + 1;
  n.apply(QStringLiteral("s"), QStringLiteral("c"), {crash(5'000)});
  EXPECT_EQ(popup.count(), int(Notifications::kMaxPopups) + 1);
  n.setAttended(true);
  n.apply(QStringLiteral("s"), QStringLiteral("c"), {crash(5'001)});
  EXPECT_EQ(popup.count(), int(Notifications::kMaxPopups) + 1); // the window is in front
}

TEST_F(GuiShell, GoingFromANotificationSwitchesSessionViewAndSelection) {
  const auto d = desk();
  engine.snapshot({workload("web")});
  d->adding()->setProperty("url", QStringLiteral("http://127.0.0.1:1"));
  d->adding()->check();
  ASSERT_TRUE(until([&] { return d->count() == 2; }));
  EXPECT_EQ(d->currentIndex(), 1);
  model::Instance bad = instance("web", "1", InstanceState::Backoff, "exit 1");
  bad.crashLoop = true;
  engine.put(bad);
  ASSERT_EQ(d->notifications()->count(), 1);
  d->notifications()->open(0);
  EXPECT_EQ(d->currentIndex(), 0);
  EXPECT_EQ(d->current()->selectedId(), QStringLiteral("id-web"));
  EXPECT_EQ(d->frame()->view(), QStringLiteral("workloads"));
}

TEST_F(GuiShell, SettingsAreSearchableRememberedAndRefuseNonsense) {
  const auto d = desk();
  Settings* s = d->settings();
  const int all = s->count();
  EXPECT_GT(all, 8);
  s->setFilter(QStringLiteral("tray"));
  ASSERT_EQ(s->count(), 1);
  EXPECT_EQ(s->index(0).data(Settings::KeyRole).toString(), QStringLiteral("window/close_to_tray"));
  s->setFilter(QStringLiteral("theme"));
  EXPECT_EQ(s->count(), 1);
  s->setFilter({});
  EXPECT_EQ(s->count(), all);
  QSignalSpy changed(s, &Settings::changed);
  EXPECT_TRUE(s->set(QStringLiteral("window/density"), QStringLiteral("compact")));
  EXPECT_TRUE(s->compact());
  EXPECT_EQ(changed.count(), 1);
  EXPECT_FALSE(s->set(QStringLiteral("window/density"), QStringLiteral("huge")));
  EXPECT_FALSE(s->set(QStringLiteral("no/such"), true));
  EXPECT_TRUE(s->set(QStringLiteral("notify/node"), false));
  EXPECT_FALSE(s->on(QStringLiteral("notify/node")));
  EXPECT_TRUE(s->set(QStringLiteral("window/appearance"), QStringLiteral("light")));
  EXPECT_EQ(d->appearance()->choice(), Appearance::Light);
  EXPECT_TRUE(s->set(QStringLiteral("window/language"), QStringLiteral("de")));
  const auto other = desk();
  EXPECT_TRUE(other->settings()->compact());
  EXPECT_EQ(other->settings()->value(QStringLiteral("window/language")).toString(), QStringLiteral("de"));
  QSettings().setValue(QStringLiteral("window/density"), QStringLiteral("edited by hand"));
  EXPECT_FALSE(other->settings()->compact());
}

TEST_F(GuiShell, LeavingAsksOnlyWhenSomethingRunsHere) {
  const auto d = desk();
  Leaving* l = d->leaving();
  QSignalSpy ended(l, &Leaving::ended);
  QSignalSpy hide(l, &Leaving::hideRequested);
  engine.snapshot({workload("web")}, {instance("web", "1", InstanceState::Running)});
  EXPECT_FALSE(l->closeWindow(true)); // no tray here: it asks
  EXPECT_TRUE(l->asked());
  EXPECT_TRUE(l->what().startsWith(QLatin1String("1 workload")));
  EXPECT_TRUE(l->why().contains(QLatin1String("ports")));
  l->cancel();
  EXPECT_FALSE(l->asked());
  l->setTray(true);
  EXPECT_FALSE(l->closeWindow(true));
  EXPECT_EQ(hide.count(), 1);
  EXPECT_FALSE(l->asked());
  l->quit();
  EXPECT_TRUE(l->asked());
  l->stopAll();
  EXPECT_TRUE(stopped);
  EXPECT_EQ(ended.count(), 1);
  EXPECT_TRUE(l->closeWindow(true)); // on its way out

  const auto idle = desk();
  QSignalSpy over(idle->leaving(), &Leaving::ended);
  idle->leaving()->quit();
  EXPECT_EQ(over.count(), 1);
}

TEST_F(GuiShell, TheFirstRunIsShownUntilSomethingWasDeployedOnce) {
  {
    const auto d = desk();
    engine.snapshot({});
    ASSERT_TRUE(until([&] { return d->current()->firstRun()->shown(); }));
    EXPECT_TRUE(d->current()->firstRun()->example().contains(QLatin1String("image:")));
    engine.put(workload("web"));
    EXPECT_FALSE(d->current()->firstRun()->shown());
    engine.removeWorkload("id-web");
    EXPECT_FALSE(d->current()->firstRun()->shown());
  }
  const auto d = desk();
  engine.snapshot({});
  ASSERT_TRUE(until([&] { return !d->current()->connection()->nodeId().isEmpty(); }));
  EXPECT_FALSE(d->current()->firstRun()->shown());
}

TEST_F(GuiShell, HealthIsTheWorstInOneWord) {
  const auto d = desk();
  HealthModel* h = d->current()->health();
  EXPECT_EQ(h->tone(), QStringLiteral("busy")); // starting
  engine.snapshot({workload("web")});
  EXPECT_EQ(h->word(), QStringLiteral("Healthy"));
  engine.put(workload("api", Health::Degraded, 0, 1));
  EXPECT_EQ(h->word(), QStringLiteral("1 needs you"));
  EXPECT_EQ(d->tone(), QStringLiteral("warn"));
  engine.connect(false, "gone");
  EXPECT_EQ(h->word(), QStringLiteral("Connection lost"));
}

TEST_F(GuiShell, TheWindowComesBackOntoAScreenThatIsThere) {
  const WindowState state;
  EXPECT_TRUE(state.initial({QRect(0, 0, 1920, 1080)}).isEmpty());
  const QVariantMap small = state.initial({QRect(0, 0, 1024, 600)}); // the first time on a small screen
  EXPECT_EQ(small.value(QStringLiteral("width")).toInt(), 1024);
  EXPECT_EQ(small.value(QStringLiteral("height")).toInt(), 600);
  QSettings().setValue(QStringLiteral("window/geometry"), QRect(2500, 100, 1200, 700));
  const QVariantMap two = state.initial({QRect(0, 0, 1920, 1080), QRect(1920, 0, 1920, 1080)});
  EXPECT_EQ(two.value(QStringLiteral("x")).toInt(), 2500);
  const QVariantMap one = state.initial({QRect(0, 0, 1024, 600)}); // the other screen is gone
  EXPECT_FALSE(one.contains(QStringLiteral("x")));
  EXPECT_EQ(one.value(QStringLiteral("width")).toInt(), 1024);
  EXPECT_EQ(one.value(QStringLiteral("height")).toInt(), 600);
}

TEST_F(GuiShell, TheWatchdogCountsBlocks) {
  std::atomic<int> told{0};
  UiWatchdog dog([&](int64_t, bool) { ++told; }, 60'000);
  ASSERT_TRUE(until([&] { return dog.pings() > 3; }));
  const int64_t before = dog.blocks();
  QThread::msleep(400);
  ASSERT_TRUE(until([&] { return dog.blocks() > before; }));
  EXPECT_GE(dog.longestMs(), 200);
  EXPECT_GE(told.load(), 1);
}

TEST_F(GuiShell, NodeAddressesAreTidied) {
  EXPECT_EQ(nodeUrl(QStringLiteral(" host:8080/ ")), QStringLiteral("http://host:8080"));
  EXPECT_EQ(nodeUrl(QStringLiteral("https://[::1]:8080")), QStringLiteral("https://[::1]:8080"));
  for (const char* bad : {"", "ftp://x", "http://", "http://user:pass@host", "a b"}) {
    EXPECT_TRUE(nodeUrl(QString::fromLatin1(bad)).isEmpty()) << bad;
  }
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
