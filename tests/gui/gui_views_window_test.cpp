// Overview, Nodes and Scheduler on screen, offscreen: keys, presses, sizes, long words, and not one QML warning. With
// UNIVRS_SHOTS=FOLDER it also writes a picture of each scene there.
#include "app/gui/session.h"
#include "tests/gui/scripted_engine.h"

#include <QApplication>
#include <QDir>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QQuickItem>
#include <QQuickWindow>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QtQml/qqmlextensionplugin.h>

#include <gtest/gtest.h>

Q_IMPORT_QML_PLUGIN(UnivrsPlugin)

namespace univrs::gui::test {
namespace {

using interfaces::Delta;
using interfaces::Topic;
using model::Health;
using model::InstanceState;
using model::NodeStatus;

constexpr char kFrame[] = R"(
import QtQuick
import QtQuick.Window
import Univrs
Window {
    id: window
    required property Session session
    property string view: "overview"
    property bool dark: true
    visible: true
    color: Theme.background
    Binding { target: Theme; property: "dark"; value: window.dark }
    OverviewView {
        id: overview
        objectName: "overview"
        anchors.fill: parent
        visible: window.view === "overview"
        session: window.session
    }
    NodesView {
        objectName: "nodes"
        anchors.fill: parent
        anchors.rightMargin: node.visible && window.width >= 900 ? node.width : 0
        visible: window.view === "nodes"
        session: window.session
    }
    SchedulerView {
        objectName: "scheduler"
        anchors.fill: parent
        anchors.rightMargin: decision.visible && window.width >= 900 ? decision.width : 0
        visible: window.view === "scheduler"
        session: window.session
    }
    Item {
        anchors.right: parent.right
        width: Math.min(560, Math.max(384, window.width * 0.36))
        height: parent.height
        NodeInspector {
            id: node
            objectName: "nodeInspector"
            anchors.fill: parent
            opacity: window.view === "nodes" ? 1 : 0
            session: window.session
        }
        DecisionInspector {
            id: decision
            objectName: "decisionInspector"
            anchors.fill: parent
            opacity: window.view === "scheduler" ? 1 : 0
            session: window.session
        }
    }
}
)";

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

model::Decision explained(const std::string& id, int nodes, int fits) {
  model::Decision d = decision(id, "thumbnailer", fits > 0 ? "node-0" : "", 4'000);
  d.nodesTotal = nodes;
  d.nodesFit = fits;
  d.summary = fits > 0
                  ? "placed on node-0 (0.88); " + std::to_string(fits) + " of " + std::to_string(nodes) + " nodes fit"
                  : "no node fits: 2 of 3 lack memory, the others are tainted";
  for (int i = 0; i < nodes; ++i) {
    model::NodeVerdict v;
    v.nodeName = "node-" + std::to_string(i);
    v.nodeId = model::NodeId("id-" + v.nodeName);
    v.fits = i < fits;
    if (v.fits) {
      v.parts = {{"reputation (no data)", 0.5 + 0.4 / (i + 1), 0.53},
                 {"credit (no data)", 0.5, 0.23},
                 {"headroom", 0.9 - 0.02 * (i % 20), 0.12},
                 {"balance", 0.95, 0.12}};
      for (const model::ScorePart& p : v.parts) {
        v.score += p.value * p.weight;
      }
    } else {
      v.filter = i % 3 == 0 ? "taint" : i % 17 == 0 ? "cordon" : "memory";
      v.reason = i % 3 == 0    ? "taint gpu=only:NoSchedule is not tolerated"
                 : i % 17 == 0 ? "cordoned: takes no new work"
                               : "memory 212 MiB free, 256 MiB asked";
    }
    d.nodes.push_back(v);
  }
  return d;
}

class GuiViewsWindow : public ::testing::Test {
protected:
  void SetUp() override {
    warnings().clear();
    engine.onDecisions = [](const interfaces::DecisionQuery&) {
      return base::Result(interfaces::ItemPage<model::Decision>{});
    };
    engine.onEvents = [](const interfaces::EventQuery&) { return base::Result(interfaces::ItemPage<model::Event>{}); };
    engine.onDecision = [](const std::string& id) {
      return base::Result(explained(id, id == "big" ? 5'000 : 12, id == "no" ? 0 : id == "big" ? 900 : 5));
    };
    engine.onCommand = [](const interfaces::CommandRequest& r) -> ScriptedEngine::Outcome {
      interfaces::CommandOutcome o;
      o.summary = r.name + " done";
      return o;
    };
    engine.onUsage = [](const interfaces::UsageQuery& q) {
      std::vector<interfaces::UsageSeries> all;
      for (const std::string& id : q.ids) {
        interfaces::UsageSeries series;
        series.id = id;
        series.stepMs = 10'000;
        series.cpuLimitMillicores = 4'000;
        series.memoryLimitBytes = int64_t(8) << 30;
        for (int i = 0; i < 360; ++i) {
          interfaces::UsagePoint p;
          p.time = base::Timestamp{q.to.ms - (360 - i) * 10'000};
          p.cpuMillicores = 900 + (i * 37) % 400 + (i > 200 ? 600 : 0);
          p.memoryBytes = (int64_t(2) << 30) + int64_t(i) * (3 << 20);
          series.points.push_back(p);
        }
        all.push_back(series);
      }
      return all;
    };
    qml.addImportPath(QStringLiteral("qrc:/qt/qml"));
    QQmlComponent component(&qml);
    component.setData(kFrame, QUrl(QStringLiteral("qrc:/test/Frame.qml")));
    made.reset(component.createWithInitialProperties({{QStringLiteral("session"), QVariant::fromValue(&session)}}));
    window = qobject_cast<QQuickWindow*>(made.get());
    ASSERT_NE(window, nullptr) << qPrintable(component.errorString());
    window->resize(1232, 826);
    ASSERT_TRUE(QTest::qWaitForWindowExposed(window));
    window->requestActivate();
  }
  void TearDown() override {
    if (window) {
      window->grabWindow();
    }
    EXPECT_TRUE(warnings().isEmpty()) << qPrintable(warnings().join(QLatin1Char('\n')));
    made.reset();
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
  static QQuickItem* findText(QQuickItem* item, const QString& text) {
    if (item->isVisible() && item->property("text").toString() == text && item->property("pressed").isValid()) {
      return item;
    }
    for (QQuickItem* child : item->childItems()) {
      if (QQuickItem* found = findText(child, text)) {
        return found;
      }
    }
    return nullptr;
  }
  void press(QQuickItem* item) {
    ASSERT_NE(item, nullptr);
    QTest::mouseClick(window, Qt::LeftButton, {},
                      item->mapToScene(QPointF(item->width() / 2, item->height() / 2)).toPoint());
  }
  void view(const char* name) { window->setProperty("view", QString::fromLatin1(name)); }
  void shoot(const char* name) {
    QTest::qWait(400); // what is gathered is shown
    const QImage image = window->grabWindow();
    EXPECT_FALSE(image.isNull());
    if (const QString folder = qEnvironmentVariable("UNIVRS_SHOTS"); !folder.isEmpty()) {
      image.save(QDir(folder).filePath(QString::fromLatin1(name) + QStringLiteral(".png")));
    }
  }
  // A cluster with a bit of everything.
  void fill() {
    engine.connect(true);
    std::vector<model::Node> nodes;
    const char* names[] = {"oracle-a1", "hetzner-1", "aws-1", "azure-1", "gcp-1", "raspberry-pi"};
    for (int i = 0; i < 6; ++i) {
      model::Node n = clusterNode(names[i]);
      n.labels = {{"region", i % 2 == 0 ? "eu-central" : "us-east"}, {"zone", "b"}, {"disk", "ssd"}, {"arch", "amd64"}};
      n.roles = i == 0 ? std::vector<std::string>{"control", "worker"} : std::vector<std::string>{"worker"};
      n.reserved.cpuMillicores = 700 * i;
      n.reserved.memoryBytes = n.allocatable.memoryBytes / 6 * (6 - i);
      n.address = "http://10.0.0." + std::to_string(10 + i) + ":8080";
      n.startedAt.ms -= int64_t(i) * 86'400'000 * 3;
      nodes.push_back(n);
    }
    nodes[1].taints.push_back({"gpu", "only", model::TaintEffect::NoSchedule});
    nodes[4].cordoned = true;
    nodes[5].status = NodeStatus::NotReady;
    nodes[5].statusReason = "Docker does not answer at /var/run/docker.sock";
    model::Workload loop = workload("thumbnailer", Health::Degraded, 0, 3, "ghcr.io/acme/thumb:2.0");
    loop.status.reason = "no node fits: 2 lack memory, 1 is cordoned";
    model::Workload mail = workload("mail-worker", Health::Degraded, 1, 2, "ghcr.io/acme/mail:0.8");
    mail.status.reason = "mail-worker-2 is in a crash loop: OOM killed: used 64 MiB of 64 MiB";
    std::vector<model::Instance> instances;
    for (int i = 0; i < 9; ++i) {
      instances.push_back(instance(i < 6 ? "web-shop" : "orders-api", std::to_string(i),
                                   i == 8 ? InstanceState::Pulling : InstanceState::Running));
      instances.back().nodeId = nodes[size_t(i) % 4].id;
    }
    instances.push_back(instance("mail-worker", "2", InstanceState::Backoff));
    instances.back().nodeId = nodes[0].id;
    instances.back().crashLoop = true;
    instances.back().restarts = 17;
    engine.snapshot(
        {workload("web-shop", Health::Healthy, 6, 6), workload("orders-api", Health::Progressing, 2, 3), loop, mail},
        instances, nodes);
    for (int i = 0; i < 30; ++i) {
      engine.put(decision("d" + std::to_string(i), i % 3 == 0 ? "thumbnailer" : "web-shop", i % 3 == 0 ? "" : "aws-1",
                          4'000 + i * 60'000));
      engine.put(event("e" + std::to_string(i),
                       i % 5 == 0 ? "raspberry-pi is not ready: Docker does not answer" : "web-shop-3 is running",
                       i * 90'000, i % 5 == 0 ? model::Severity::Warning : model::Severity::Info));
    }
    model::Operation op;
    op.id = "pull";
    op.kind = "pull";
    op.subject = "ghcr.io/acme/orders:1.9.3";
    op.workloadId = "id-orders-api";
    op.current = 12 << 20;
    op.total = 40 << 20;
    engine.put(op);
    ASSERT_TRUE(until([&] { return session.overview()->complete() && session.decisions()->total() == 30; }));
  }
  ScriptedEngine engine;
  Session session{engine, QStringLiteral("this computer"), false};
  QQmlEngine qml;
  std::unique_ptr<QObject> made;
  QQuickWindow* window = nullptr;
};

TEST_F(GuiViewsWindow, EverySceneInEverySize) {
  shoot("overview-starting");
  engine.connect(true);
  engine.snapshot({}, {}, {clusterNode("laptop")});
  ASSERT_TRUE(until([&] { return session.overview()->empty() && find("overviewEmpty")->isVisible(); }));
  shoot("overview-empty");
  view("scheduler");
  shoot("scheduler-empty");
  fill();
  for (const bool dark : {true, false}) {
    window->setProperty("dark", dark);
    const std::string ground = dark ? "-dark" : "-light";
    for (const QSize size : {QSize(1232, 826), QSize(816, 566), QSize(744, 426), QSize(3600, 2086)}) {
      window->resize(size);
      const std::string end = "-" + std::to_string(size.width()) + ground;
      session.selectNode({});
      session.selectDecision({});
      view("overview");
      shoot(("overview" + end).c_str());
      view("nodes");
      shoot(("nodes" + end).c_str());
      session.selectNode(QStringLiteral("id-hetzner-1"));
      shoot(("node" + end).c_str());
      view("scheduler");
      shoot(("scheduler" + end).c_str());
      session.selectDecision(QStringLiteral("d1"));
      shoot(("decision" + end).c_str());
      session.selectDecision(QStringLiteral("no"));
      shoot(("decision-refused" + end).c_str());
    }
  }
}

TEST_F(GuiViewsWindow, ThousandsOfRowsAndLongNames) {
  engine.connect(true);
  std::vector<model::Node> nodes;
  std::vector<model::Workload> workloads;
  for (int i = 0; i < 1'000; ++i) {
    nodes.push_back(clusterNode("node-" + std::to_string(i), i % 40 == 0 ? NodeStatus::Down : NodeStatus::Ready));
    nodes.back().statusReason = i % 40 == 0 ? "not heard of for 40 s" : "";
  }
  nodes[3].name = "ein-rechner-mit-einem-sehr-langen-namen-der-bis-an-die-grenze-geht-" + std::string(180, 'x');
  nodes[4].name = "🚀 مرحبا";
  for (int i = 0; i < 60; ++i) {
    workloads.push_back(workload("a-very-long-workload-name-that-goes-on-until-the-limit-of-sixty-" + std::to_string(i),
                                 Health::Degraded, 0, 10'000));
    workloads.back().status.reason = std::string(400, 'r') + " and a reason that does not end";
  }
  engine.snapshot(workloads, {}, nodes);
  ASSERT_TRUE(until([&] { return session.overview()->needs()->count() == NeedsModel::kMaxRows; }));
  ASSERT_TRUE(until([&] { return session.overview()->needs()->more() == 85 - NeedsModel::kMaxRows; }));
  shoot("overview-many");
  view("nodes");
  shoot("nodes-many");
  session.selectNode(QStringLiteral("id-node-3"));
  shoot("node-long");
  view("scheduler");
  engine.put(decision("big", workloads[0].spec.name, "node-0", 0));
  ASSERT_TRUE(until([&] { return session.decisions()->total() == 1; }));
  session.selectDecision(QStringLiteral("big"));
  ASSERT_TRUE(until([&] { return session.decisionDetails()->verdicts()->total() == 5'000; }));
  shoot("decision-5000");
  // Only what is on screen is made.
  QQuickItem* list = find("verdictTableList");
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(list->property("count").toInt(), 5'000);
  EXPECT_LT(qvariant_cast<QQuickItem*>(list->property("contentItem"))->childItems().size(), 100);
}

TEST_F(GuiViewsWindow, NodesByKeyboard) {
  fill();
  view("nodes");
  QMetaObject::invokeMethod(find("nodes"), "focusList");
  ASSERT_TRUE(until([&] { return find("nodeTableList")->hasActiveFocus(); }));
  QTest::keyClick(window, Qt::Key_End);
  QTest::keyClick(window, Qt::Key_Return);
  EXPECT_EQ(session.selectedNodeId(), QStringLiteral("id-raspberry-pi"));
  ASSERT_TRUE(until([&] { return find("nodeReason")->isVisible(); }));
  EXPECT_EQ(find("nodeReason")->property("text").toString(),
            QStringLiteral("Docker does not answer at /var/run/docker.sock"));
  QQuickItem* cordon = find("cordonButton");
  cordon->forceActiveFocus(Qt::TabFocusReason);
  QTest::keyClick(window, Qt::Key_Return);
  ASSERT_TRUE(until([&] { return engine.commandLog.size() == 1; }));
  EXPECT_EQ(engine.commandLog[0].name, "cordon");
}

TEST_F(GuiViewsWindow, ARefusingFilterPressedShowsOnlyItsNodes) {
  fill();
  view("scheduler");
  session.selectDecision(QStringLiteral("no"));
  ASSERT_TRUE(until([&] { return session.decisionDetails()->verdicts()->total() == 12; }));
  QTest::qWait(100);
  press(findText(find("decisionInspector"), QStringLiteral("Taint")));
  ASSERT_TRUE(until([&] { return session.decisionDetails()->rows()->refusedBy() == QStringLiteral("taint"); }));
  EXPECT_EQ(session.decisionDetails()->rows()->count(), 4);
  press(findText(find("decisionInspector"), QStringLiteral("Taint")));
  ASSERT_TRUE(until([&] { return session.decisionDetails()->rows()->refusedBy().isEmpty(); }));
}

TEST_F(GuiViewsWindow, ANeedLeadsToItsReason) {
  fill();
  QSignalSpy go(&session, &Session::goRequested);
  QTest::qWait(400);
  press(findText(find("needsCard"), QStringLiteral("Why")));
  ASSERT_TRUE(until([&] { return go.count() == 1; }));
  EXPECT_EQ(go.at(0).at(0).toString(), QStringLiteral("scheduler"));
  EXPECT_EQ(session.selectedDecisionId(), QStringLiteral("d0"));
}

} // namespace
} // namespace univrs::gui::test

int main(int argc, char** argv) {
  QTemporaryDir config;
  qputenv("XDG_CONFIG_HOME", config.path().toLocal8Bit());
  qInstallMessageHandler(univrs::gui::test::onMessage);
  QApplication app(argc, argv);
  QCoreApplication::setOrganizationName(QStringLiteral("univrs"));
  QCoreApplication::setApplicationName(QStringLiteral("univrs"));
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
