// The real Main.qml, offscreen with the software renderer: keys, drops, errors, and not one QML warning.
#include "app/gui/desk.h"
#include "tests/gui/scripted_engine.h"

#include <QApplication>
#include <QClipboard>
#include <QMimeData>
#include <QQmlApplicationEngine>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTest>
#include <QtQml/qqmlextensionplugin.h>

#include <gtest/gtest.h>

Q_IMPORT_QML_PLUGIN(UnivrsPlugin)

namespace univrs::gui::test {
namespace {

using model::Health;
using model::InstanceState;

QStringList& warnings() {
  static QStringList list;
  return list;
}

void onMessage(QtMsgType type, const QMessageLogContext&, const QString& text) {
  std::fprintf(stderr, "%s\n", qPrintable(text));
  if (type != QtDebugMsg && type != QtInfoMsg &&
      (text.contains(QLatin1String("qrc:")) || text.contains(QLatin1String("QML")))) {
    warnings() << text;
  }
}

class GuiWindow : public ::testing::Test {
protected:
  void SetUp() override {
    warnings().clear();
    desk.frame()->setView(QStringLiteral("workloads"));
    qml.addImportPath(QStringLiteral("qrc:/qt/qml"));
    qml.setInitialProperties({{QStringLiteral("desk"), QVariant::fromValue(&desk)}});
    qml.load(QUrl(QStringLiteral("qrc:/qt/qml/Univrs/Main.qml")));
    window = qobject_cast<QQuickWindow*>(qml.rootObjects().value(0));
    ASSERT_NE(window, nullptr);
    ASSERT_TRUE(QTest::qWaitForWindowExposed(window));
    window->requestActivate();
    engine.onCommand = [this](const interfaces::CommandRequest& r) -> ScriptedEngine::Outcome {
      if (fault) {
        return *fault;
      }
      interfaces::CommandOutcome o;
      o.summary = r.name + " done";
      o.changed = true;
      o.objects.push_back(model::toJson(workload("web")));
      o.plan.push_back({"create", "workload web", "1 replica"});
      return o;
    };
  }
  void TearDown() override {
    window->grabWindow();
    EXPECT_TRUE(warnings().isEmpty()) << qPrintable(warnings().join(QLatin1Char('\n')));
  }
  bool until(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 20'000); }
  QQuickItem* find(const char* name) { return find(window->contentItem(), QLatin1String(name)); }
  static QQuickItem* find(QQuickItem* item, QLatin1String name) {
    if (item->objectName() == name) {
      return item;
    }
    for (QQuickItem* child : item->childItems()) {
      if (QQuickItem* found = find(child, name)) {
        return found;
      }
    }
    return nullptr;
  }
  void click(const char* name) {
    QQuickItem* item = find(name);
    ASSERT_NE(item, nullptr) << name;
    QTest::mouseClick(window, Qt::LeftButton, {},
                      item->mapToScene(QPointF(item->width() / 2, item->height() / 2)).toPoint());
  }
  void drop(QMimeData& data) {
    QDragEnterEvent enter(QPoint(400, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(window, &enter);
    EXPECT_TRUE(enter.isAccepted());
    QDragMoveEvent move(QPoint(410, 310), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(window, &move);
    QDropEvent drop(QPoint(410, 310), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(window, &drop);
    EXPECT_TRUE(drop.isAccepted());
  }
  ScriptedEngine engine;
  std::optional<base::Error> fault;
  static Desk::Options options(ScriptedEngine& here) {
    Desk::Options o;
    o.engine = &here;
    o.gui.makeEngine = [](const NodeAddress& address) {
      auto far = std::make_unique<ScriptedEngine>();
      far->info.name = address.url;
      elsewhere = far.get();
      return far;
    };
    o.keyring = false;
    o.remembered = false;
    return o;
  }
  static inline ScriptedEngine* elsewhere = nullptr; // the one made last
  Desk desk{options(engine)};
  Session& session = *desk.current();
  QQmlApplicationEngine qml;
  QQuickWindow* window = nullptr;
};

// First: once something was deployed on a node, that is remembered.
TEST_F(GuiWindow, TheNetworkIsThereBeforeAnythingWasDeployed) {
  engine.connect(true);
  engine.snapshot({});
  engine.peers({});
  ASSERT_TRUE(until([&] { return find("firstRun")->isVisible(); }));
  QTest::keyClick(window, Qt::Key_2, Qt::ControlModifier);
  ASSERT_TRUE(until([&] { return find("noPeers") && find("noPeers")->isVisible() && !find("firstRun")->isVisible(); }));
  QTest::keyClick(window, Qt::Key_3, Qt::ControlModifier);
  ASSERT_TRUE(until([&] { return find("noGossip") && find("noGossip")->isVisible(); }));
  QTest::keyClick(window, Qt::Key_1, Qt::ControlModifier);
  ASSERT_TRUE(until([&] { return find("firstRun")->isVisible(); }));
}

TEST_F(GuiWindow, ShowsTheStartThenTheEmptyStateThenRows) {
  EXPECT_TRUE(find("banner")->isVisible());
  engine.connect(true);
  engine.snapshot({});
  ASSERT_TRUE(until([&] { return find("firstRun")->isVisible() && !find("banner")->isVisible(); }));
  engine.put(workload("web"));
  ASSERT_TRUE(
      until([&] { return find("workloadList")->isVisible() && find("workloadList")->property("count").toInt() == 1; }));
  engine.connect(false, "gone");
  ASSERT_TRUE(until([&] { return find("banner")->isVisible(); }));
}

TEST_F(GuiWindow, DeploysByKeyboardAlone) {
  engine.snapshot({});
  QTest::keyClick(window, Qt::Key_N, Qt::ControlModifier);
  ASSERT_TRUE(until(
      [&] { return session.deploy()->active() && find("manifestText") && find("manifestText")->hasActiveFocus(); }));
  for (const char c : {'n', 'g', 'i', 'n', 'x', ':', '1'}) {
    QTest::keyClick(window, c);
  }
  EXPECT_EQ(session.deploy()->text(), QStringLiteral("nginx:1"));
  ASSERT_TRUE(until([&] { return session.deploy()->canDeploy(); }));
  QTest::keyClick(window, Qt::Key_Return, Qt::ControlModifier);
  ASSERT_TRUE(until([&] { return !session.deploy()->active(); }));
  EXPECT_FALSE(engine.commandLog.back().dryRun);
  ASSERT_TRUE(until([&] { return session.actions()->toastText() == QStringLiteral("deploy done"); }));
}

TEST_F(GuiWindow, EscapeClosesTheSheetAndItOpensAgain) {
  engine.snapshot({});
  for (int i = 0; i < 2; ++i) {
    QTest::keyClick(window, Qt::Key_N, Qt::ControlModifier);
    ASSERT_TRUE(until([&] { return find("manifestText") && find("manifestText")->hasActiveFocus(); }));
    QTest::keyClick(window, Qt::Key_Escape);
    ASSERT_TRUE(until([&] { return !session.deploy()->active(); }));
  }
}

TEST_F(GuiWindow, DroppedTextAndFilesOpenTheSheetAlsoWhenItIsOpen) {
  engine.snapshot({});
  QMimeData text;
  text.setText(QStringLiteral("redis:7"));
  drop(text);
  ASSERT_TRUE(until([&] { return session.deploy()->active(); }));
  EXPECT_EQ(session.deploy()->text(), QStringLiteral("redis:7"));
  QTemporaryDir dir;
  QFile file(dir.filePath(QStringLiteral("compose file.yaml")));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write("services: {}\n");
  file.close();
  QMimeData urls;
  urls.setUrls({QUrl::fromLocalFile(file.fileName())});
  drop(urls);
  ASSERT_TRUE(until([&] { return session.deploy()->documents().size() == 2; }));
  EXPECT_EQ(session.deploy()->text(), QStringLiteral("services: {}\n"));
}

TEST_F(GuiWindow, PasteOpensTheSheetAndFaultsAreShown) {
  engine.snapshot({});
  fault = base::makeError(base::ErrorCode::Validation, "compose.yaml was not understood", "1 fault", "");
  fault->fields.push_back({"services.web.ports[0]", "70000 is outside 1…65535", "use another", false, 1});
  QGuiApplication::clipboard()->setText(QStringLiteral("services:\n  web: {}\n"));
  QTest::keyClick(window, Qt::Key_V, Qt::ControlModifier);
  ASSERT_TRUE(until([&] { return session.deploy()->errorCount() == 1; }));
  ASSERT_TRUE(until([&] { return find("deployProblem") && find("deployProblem")->isVisible(); }));
  EXPECT_FALSE(find("sheetDeploy")->isEnabled());
}

TEST_F(GuiWindow, ListAndInspectorByKeyboard) {
  engine.snapshot({workload("api"), workload("web")},
                  {instance("web", "aaaaaa", InstanceState::Unhealthy, "probe failed")});
  QQuickItem* list = find("workloadList");
  list->forceActiveFocus();
  QTest::keyClick(window, Qt::Key_End);
  QTest::keyClick(window, Qt::Key_Return);
  EXPECT_EQ(session.selectedId(), QStringLiteral("id-web"));
  ASSERT_TRUE(until([&] { return find("inspector")->isVisible(); }));
  ASSERT_TRUE(until([&] { return engine.logQueries.size() == 1; }));
  engine.log({"one", "two"});
  engine.put(instance("web", "bbbbbb", InstanceState::Running));
  ASSERT_TRUE(until([&] { return find("instanceList") && find("instanceList")->property("count").toInt() == 2; }));
  click("tab-logs");
  ASSERT_TRUE(until([&] { return find("logPicker") && find("logPicker")->isVisible(); }));
  EXPECT_EQ(find("logPicker")->property("displayText").toString(), QStringLiteral("All instances"));
  ASSERT_TRUE(until([&] { return find("logList")->property("count").toInt() == 2; }));
  click("scaleUp");
  ASSERT_TRUE(until([&] { return !engine.commandLog.empty(); }));
  EXPECT_EQ(engine.commandLog.back().name, "scale");
  click("removeButton");
  ASSERT_TRUE(until([&] { return session.actions()->undoable(); }));
  QTest::keyClick(window, Qt::Key_Z, Qt::ControlModifier);
  ASSERT_TRUE(until([&] { return engine.commandLog.back().name == "deploy"; }));
  QTest::keyClick(window, Qt::Key_Escape); // the toast, then the inspector
  QTest::keyClick(window, Qt::Key_Escape);
  ASSERT_TRUE(
      until([&] { return session.selectedId().isEmpty() || (QTest::keyClick(window, Qt::Key_Escape), false); }));
}

TEST_F(GuiWindow, EveryTabOfTheInspectorOpensAndLogsAreSearched) {
  engine.onEvents = [](const interfaces::EventQuery&) {
    interfaces::ItemPage<model::Event> page;
    model::Event e;
    e.id = "1";
    e.workloadId = "id-web";
    e.message = "web was created";
    page.items.push_back(e);
    return page;
  };
  engine.onUsage = [](const interfaces::UsageQuery& q) {
    std::vector<interfaces::UsageSeries> out;
    for (const std::string& id : q.ids) {
      interfaces::UsageSeries s;
      s.id = id;
      s.stepMs = 10'000;
      for (int i = 0; i < 50; ++i) {
        interfaces::UsagePoint p;
        p.time = base::Timestamp{q.from.ms + i * 60'000};
        p.cpuMillicores = 100 + i;
        s.points.push_back(p);
      }
      out.push_back(s);
    }
    return out;
  };
  engine.snapshot({workload("web")}, {instance("web", "aaaaaa", InstanceState::Running)});
  session.select(QStringLiteral("id-web"));
  ASSERT_TRUE(until([&] { return find("tab-events") && find("tab-events")->isVisible(); }));
  window->grabWindow(); // lays the tabs out
  click("tab-events");
  ASSERT_TRUE(until([&] { return find("eventList") && find("eventList")->property("count").toInt() == 1; }));
  click("tab-charts");
  ASSERT_TRUE(until([&] { return find("charts") && find("charts")->isVisible(); }));
  window->grabWindow();
  click("tab-manifest");
  ASSERT_TRUE(until([&] { return find("manifestEdit") != nullptr; }));
  EXPECT_EQ(find("manifestEdit")->property("text").toString(), session.manifest()->text());
  click("tab-logs");
  ASSERT_TRUE(until([&] { return find("logSearch") != nullptr; }));
  engine.log({"\x1b[31mERROR\x1b[0m one", "two", "ERROR three"});
  ASSERT_TRUE(until([&] { return find("logList")->property("count").toInt() == 3; }));
  window->grabWindow();
  click("logSearch");
  for (const char c : {'e', 'r', 'r', 'o', 'r'}) {
    QTest::keyClick(window, c);
  }
  ASSERT_TRUE(until([&] { return session.log()->matchCount() == 2; }));
  QTest::keyClick(window, Qt::Key_Return);
  EXPECT_EQ(session.log()->currentMatch(), 1);
  EXPECT_TRUE(session.log()->paused());
}

TEST_F(GuiWindow, TheSheetHasAForm) {
  engine.snapshot({});
  QTest::keyClick(window, Qt::Key_N, Qt::ControlModifier);
  ASSERT_TRUE(until([&] { return session.deploy()->active() && find("sheetForm"); }));
  window->grabWindow();
  click("sheetForm");
  ASSERT_TRUE(until([&] { return find("formImage") != nullptr; }));
  window->grabWindow();
  click("formImage");
  for (const char c : {'n', 'g', 'i', 'n', 'x'}) {
    QTest::keyClick(window, c);
  }
  EXPECT_EQ(session.deployForm()->image(), QStringLiteral("nginx"));
  EXPECT_TRUE(session.deploy()->text().contains(QLatin1String("nginx")));
  EXPECT_EQ(find("formImage")->property("text").toString(), QStringLiteral("nginx"));
  QTest::keyClick(window, Qt::Key_Escape);
}

TEST_F(GuiWindow, SeveralRowsAreMarkedByKeyboardAndRemovedTogether) {
  engine.snapshot({workload("a"), workload("b"), workload("c")});
  QQuickItem* list = find("workloadList");
  list->forceActiveFocus();
  QTest::keyClick(window, Qt::Key_Home);
  QTest::keyClick(window, Qt::Key_Down, Qt::ShiftModifier);
  EXPECT_EQ(session.marked()->count(), 2);
  ASSERT_TRUE(until([&] { return find("markedText")->isVisible(); }));
  QTest::keyClick(window, Qt::Key_A, Qt::ControlModifier);
  EXPECT_EQ(session.marked()->count(), 3);
  window->grabWindow();
  click("markedRemove");
  ASSERT_TRUE(until([&] { return !engine.commandLog.empty() && engine.commandLog.back().name == "remove"; }));
  QTest::keyClick(window, Qt::Key_Escape);
}

TEST_F(GuiWindow, ARowHasAMenuByKeyAndByRightClick) {
  engine.snapshot({workload("api"), workload("web")}, {instance("web", "aaaaaa", InstanceState::Running)});
  QQuickItem* list = find("workloadList");
  list->forceActiveFocus();
  QTest::keyClick(window, Qt::Key_End);
  QTest::keyClick(window, Qt::Key_F10, Qt::ShiftModifier);
  ASSERT_TRUE(until([&] { return find("menuLogs") && find("menuLogs")->isVisible(); }));
  EXPECT_TRUE(session.list()->hold());
  EXPECT_TRUE(session.selectedId().isEmpty());
  EXPECT_EQ(session.pointed()->name(), QStringLiteral("web"));
  QTest::keyClick(window, Qt::Key_Down);
  QTest::keyClick(window, Qt::Key_Return);
  ASSERT_TRUE(until([&] { return session.selectedId() == QStringLiteral("id-web"); }));
  EXPECT_EQ(session.tab(), QStringLiteral("logs"));
  ASSERT_TRUE(until([&] { return find("logList") && find("logList")->isVisible(); }));
  window->grabWindow();
  const QPoint first = list->mapToScene(QPointF(60, 20)).toPoint();
  QTest::mouseClick(window, Qt::RightButton, {}, first);
  ASSERT_TRUE(until([&] { return find("menuRestart") && find("menuRestart")->isVisible(); }));
  EXPECT_EQ(session.selectedId(), QStringLiteral("id-web")); // the selection stays
  window->grabWindow();
  click("menuRestart");
  ASSERT_TRUE(until([&] { return !engine.commandLog.empty(); }));
  EXPECT_EQ(engine.commandLog.back().name, "restart");
  EXPECT_EQ(engine.commandLog.back().args.value(QLatin1String("workload")).toString(), QStringLiteral("id-api"));
}

TEST_F(GuiWindow, TheMenuOfAMarkedRowActsOnAllMarked) {
  engine.snapshot({workload("a"), workload("b"), workload("c")});
  QQuickItem* list = find("workloadList");
  list->forceActiveFocus();
  QTest::keyClick(window, Qt::Key_Home);
  QTest::keyClick(window, Qt::Key_Insert);
  QTest::keyClick(window, Qt::Key_Space);
  QTest::keyClick(window, Qt::Key_F10, Qt::ShiftModifier);
  ASSERT_TRUE(until([&] { return find("menuRestart") && find("menuRestart")->isVisible(); }));
  EXPECT_FALSE(find("menuLogs")->isVisible());
  EXPECT_EQ(find("menuRestart")->property("text").toString(), QStringLiteral("Restart 2 workloads"));
  window->grabWindow();
  click("menuRestart");
  ASSERT_TRUE(until([&] { return engine.commandLog.size() == 2; }));
  EXPECT_EQ(engine.commandLog[0].args.value(QLatin1String("workload")).toString(), QStringLiteral("id-a"));
  EXPECT_EQ(engine.commandLog[1].args.value(QLatin1String("workload")).toString(), QStringLiteral("id-b"));
  // A row that is not marked stands for itself.
  QTest::keyClick(window, Qt::Key_End);
  QTest::keyClick(window, Qt::Key_F10, Qt::ShiftModifier);
  ASSERT_TRUE(until([&] { return find("menuLogs")->isVisible(); }));
  EXPECT_EQ(find("menuRestart")->property("text").toString(), QStringLiteral("Restart"));
  QTest::keyClick(window, Qt::Key_Escape);
}

TEST_F(GuiWindow, RowsAreMarkedBySpaceInsertAndClicks) {
  engine.snapshot({workload("a"), workload("b"), workload("c"), workload("d")});
  QQuickItem* list = find("workloadList");
  list->forceActiveFocus();
  QTest::keyClick(window, Qt::Key_Home);
  QTest::keyClick(window, Qt::Key_Insert);
  QTest::keyClick(window, Qt::Key_Insert);
  EXPECT_EQ(session.marked()->ids(), (QStringList{QStringLiteral("id-a"), QStringLiteral("id-b")}));
  EXPECT_EQ(list->property("currentIndex").toInt(), 2);
  QTest::keyClick(window, Qt::Key_Space);
  QTest::keyClick(window, Qt::Key_Space);
  EXPECT_EQ(session.marked()->count(), 2);
  QTest::keyClick(window, Qt::Key_Escape);
  EXPECT_EQ(session.marked()->count(), 0);
  window->grabWindow();
  const auto row = [&](int i) { return list->mapToScene(QPointF(60, 40 * i + 20)).toPoint(); };
  QTest::mouseClick(window, Qt::LeftButton, Qt::ControlModifier, row(0));
  EXPECT_EQ(session.marked()->ids(), QStringList{QStringLiteral("id-a")});
  window->grabWindow(); // the bar of the group has moved the rows
  QTest::mouseClick(window, Qt::LeftButton, Qt::ShiftModifier, row(2));
  EXPECT_EQ(session.marked()->count(), 3);
  EXPECT_TRUE(session.selectedId().isEmpty());
  QTest::mouseClick(window, Qt::LeftButton, {}, row(3));
  EXPECT_EQ(session.marked()->count(), 0);
  EXPECT_EQ(session.selectedId(), QStringLiteral("id-d"));
}

TEST_F(GuiWindow, ThePaletteOpensATabOfAWorkload) {
  engine.snapshot({workload("api"), workload("web")});
  QTest::keyClick(window, Qt::Key_K, Qt::ControlModifier);
  ASSERT_TRUE(until([&] { return find("paletteField") && find("paletteField")->hasActiveFocus(); }));
  for (const char c : std::string("events web")) {
    QTest::keyClick(window, c);
  }
  ASSERT_TRUE(until([&] { return find("paletteList")->property("count").toInt() > 0; }));
  QTest::keyClick(window, Qt::Key_Return);
  ASSERT_TRUE(until([&] { return session.selectedId() == QStringLiteral("id-web"); }));
  EXPECT_EQ(session.tab(), QStringLiteral("events"));
  ASSERT_TRUE(until([&] { return find("eventList") && find("eventList")->isVisible(); }));
}

TEST_F(GuiWindow, TabReachesEveryControlOfTheFrame) {
  engine.snapshot({workload("web")});
  QSet<QString> reached;
  for (int i = 0; i < 40; ++i) {
    QTest::keyClick(window, Qt::Key_Tab);
    for (QQuickItem* item = window->activeFocusItem(); item;
         item = item->parentItem()) { // a list's focus is in its row
      reached << item->objectName();
    }
  }
  for (const char* name : {"clusterButton", "searchField", "healthChip", "bellButton", "settingsButton", "themeButton",
                           "openButton", "deployButton", "rail_workloads", "foldButton", "workloadList"}) {
    EXPECT_TRUE(reached.contains(QLatin1String(name))) << name;
  }
}

TEST_F(GuiWindow, SmallestWindowAndBothThemes) {
  std::vector<model::Workload> many;
  for (int i = 0; i < 1'000; ++i) {
    many.push_back(workload("a-very-long-name-of-a-workload-number-" + std::to_string(i), Health::Degraded, 0, 10'000));
  }
  engine.snapshot(many);
  session.select(QStringLiteral("id-a-very-long-name-of-a-workload-number-7"));
  for (const auto choice : {Appearance::Dark, Appearance::Light, Appearance::System}) {
    desk.appearance()->setChoice(choice);
    window->resize(800, 500);
    window->grabWindow();
    window->resize(1440, 900);
    window->grabWindow();
  }
}

TEST_F(GuiWindow, ThePaletteRunsACommandByKeyboardAlone) {
  engine.snapshot({workload("api"), workload("web")});
  QTest::keyClick(window, Qt::Key_K, Qt::ControlModifier);
  ASSERT_TRUE(until([&] { return find("paletteField") && find("paletteField")->hasActiveFocus(); }));
  for (const char c : {'r', 'e', 's', 't', 'a', 'r', 't', ' ', 'w', 'e', 'b'}) {
    QTest::keyClick(window, c);
  }
  ASSERT_TRUE(until([&] { return find("paletteList")->property("count").toInt() > 0; }));
  QTest::keyClick(window, Qt::Key_Down);
  QTest::keyClick(window, Qt::Key_Up);
  QTest::keyClick(window, Qt::Key_Return);
  ASSERT_TRUE(until([&] { return !engine.commandLog.empty(); }));
  EXPECT_EQ(engine.commandLog.back().name, "restart");
  EXPECT_EQ(engine.commandLog.back().args.value(QLatin1String("workload")).toString(), QStringLiteral("id-web"));
  QTest::keyClick(window, Qt::Key_K, Qt::ControlModifier);
  ASSERT_TRUE(until([&] { return find("paletteField") && find("paletteField")->hasActiveFocus(); }));
  QTest::keyClick(window, Qt::Key_Escape);
  ASSERT_TRUE(until([&] { return !find("paletteField") || !find("paletteField")->isVisible(); }));
}

TEST_F(GuiWindow, SeveralSessionsSwitchByKeyboardAndKeepTheirState) {
  engine.snapshot({workload("web")});
  session.select(QStringLiteral("id-web"));
  desk.adding()->setProperty("url", QStringLiteral("http://127.0.0.1:1"));
  desk.adding()->check();
  ASSERT_TRUE(until([&] { return desk.count() == 2 && desk.currentIndex() == 1; }));
  elsewhere->snapshot({workload("a"), workload("b")});
  ASSERT_TRUE(until([&] {
    return find("clusterName")->property("text").toString() == QStringLiteral("http://127.0.0.1:1") &&
           !find("banner")->isVisible();
  }));
  QTest::keyClick(window, Qt::Key_1, Qt::AltModifier);
  ASSERT_TRUE(until([&] { return desk.currentIndex() == 0 && find("inspector")->isVisible(); }));
  EXPECT_EQ(session.selectedId(), QStringLiteral("id-web"));
  QTest::keyClick(window, Qt::Key_2, Qt::AltModifier);
  ASSERT_TRUE(until([&] { return desk.currentIndex() == 1; }));
  QTest::keyClick(window, Qt::Key_1, Qt::ControlModifier);
  EXPECT_EQ(desk.frame()->view(), QStringLiteral("overview"));
  QTest::keyClick(window, Qt::Key_4, Qt::ControlModifier);
  EXPECT_EQ(desk.frame()->view(), QStringLiteral("workloads"));
  click("clusterButton");
  ASSERT_TRUE(until([&] { return find("cluster_0") && find("cluster_0")->isVisible(); }));
  click("cluster_0");
  ASSERT_TRUE(until([&] { return desk.currentIndex() == 0; }));
  desk.remove(1);
  QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  window->grabWindow();
  EXPECT_EQ(desk.count(), 1);
}

TEST_F(GuiWindow, SettingsNotificationsHealthAndQuitOpenAndClose) {
  engine.snapshot({workload("web")}, {instance("web", "aaaaaa", InstanceState::Running)});
  QTest::keyClick(window, Qt::Key_Comma, Qt::ControlModifier);
  ASSERT_TRUE(until([&] { return find("settingsFilter") && find("settingsFilter")->hasActiveFocus(); }));
  window->grabWindow();
  QQuickItem* motion = find("switch_window/reduced_motion");
  ASSERT_NE(motion, nullptr);
  motion->forceActiveFocus(Qt::TabFocusReason);
  QTest::keyClick(window, Qt::Key_Space);
  EXPECT_TRUE(desk.settings()->reducedMotion());
  QTest::keyClick(window, Qt::Key_Escape);
  model::Instance bad = instance("web", "bbbbbb", InstanceState::Backoff, "exit 1");
  bad.crashLoop = true;
  engine.put(bad);
  ASSERT_TRUE(until([&] { return find("unreadCount")->property("text").toString() == QStringLiteral("1"); }));
  QTest::keyClick(window, Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
  ASSERT_TRUE(until([&] { return find("notificationList") && find("notificationList")->hasActiveFocus(); }));
  window->grabWindow();
  QTest::keyClick(window, Qt::Key_Return);
  ASSERT_TRUE(until([&] { return session.selectedId() == QStringLiteral("id-web"); }));
  click("healthChip");
  window->grabWindow();
  QTest::keyClick(window, Qt::Key_Escape);
  QTest::keyClick(window, Qt::Key_Q, Qt::ControlModifier);
  ASSERT_TRUE(until([&] { return find("quitKeep") && find("quitKeep")->hasActiveFocus(); }));
  QTest::keyClick(window, Qt::Key_Escape);
  ASSERT_TRUE(until([&] { return !desk.leaving()->asked(); }));
  QTest::keyClick(window, Qt::Key_B, Qt::ControlModifier);
  ASSERT_TRUE(until([&] { return find("rail")->width() == 56; }));
  QTest::keyClick(window, Qt::Key_B, Qt::ControlModifier);
}

} // namespace
} // namespace univrs::gui::test

int main(int argc, char** argv) {
  QTemporaryDir config;
  qputenv("XDG_CONFIG_HOME", config.path().toLocal8Bit());
  QApplication app(argc, argv);
  QCoreApplication::setOrganizationName(QStringLiteral("univrs"));
  QCoreApplication::setApplicationName(QStringLiteral("univrs"));
  qInstallMessageHandler(univrs::gui::test::onMessage);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
