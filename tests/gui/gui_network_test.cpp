// The Peer Graph and the Gossip Log: their view models with an engine that says what the test wants, and both views on
// screen, offscreen: keys, the pointer, sizes, long names, and not one QML warning.
#include "app/gui/peer_graph_item.h"
#include "app/gui/session.h"
#include "tests/gui/network_scenes.h"

#include <QApplication>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QQuickItem>
#include <QQuickWindow>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QtQml/qqmlextensionplugin.h>

#include <gtest/gtest.h>

#include <algorithm>

Q_IMPORT_QML_PLUGIN(UnivrsPlugin)

namespace univrs::gui::test {
namespace {

QString qid(int number) {
  return QString::fromStdString(peerId(number));
}

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

class GuiNetwork : public ::testing::Test {
protected:
  static bool until(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 20'000); }
  static QString cell(const QAbstractItemModel* model, int row, const char* role) {
    return model->index(row, 0).data(model->roleNames().key(role)).toString();
  }
  void fill(const char* scene = "net30") {
    fillNetwork(engine, QString::fromLatin1(scene));
    ASSERT_TRUE(
        until([&] { return net.peers()->complete() && !net.ownId().isEmpty() && net.graph()->nodeCount() > 1; }));
  }
  void look() { net.setShown(true); }
  void hear(int first, int last) {
    for (int i = first; i <= last; ++i) {
      engine.put(message(i));
    }
  }
  ScriptedEngine engine;
  Session session{engine, QStringLiteral("this computer"), false};
  NetworkViews& net = *session.network();
};

TEST_F(GuiNetwork, PeersSayHowTheyAreReached) {
  fill();
  const PeerListModel* peers = net.peers();
  ASSERT_EQ(peers->total(), 30);
  EXPECT_EQ(peers->connected(), 12);
  EXPECT_EQ(peers->relayed(), 2);
  EXPECT_EQ(peers->transports(), QStringList({QStringLiteral("QUIC"), QStringLiteral("TCP")}));
  const PeerFilter* rows = net.rows();
  const int relayed = rows->rowOf(qid(4));
  EXPECT_EQ(cell(rows, relayed, "stateWord"), QStringLiteral("Relayed"));
  EXPECT_EQ(cell(rows, relayed, "tone"), QStringLiteral("warn"));
  const int direct = rows->rowOf(qid(0));
  EXPECT_EQ(cell(rows, direct, "name"), QStringLiteral("oracle-a1"));
  EXPECT_EQ(cell(rows, direct, "stateWord"), QStringLiteral("Connected"));
  EXPECT_EQ(cell(rows, direct, "latency"), QStringLiteral("0.8 ms"));
  EXPECT_EQ(cell(rows, rows->rowOf(qid(20)), "latency"), QStringLiteral("–"));
}

TEST_F(GuiNetwork, ThePictureHasOnlyConnectionsSomebodyReported) {
  engine.network.emplace();
  engine.network->peerId = ownPeerId();
  engine.connect(true);
  ASSERT_TRUE(until([&] { return !net.ownId().isEmpty(); }));
  model::Peer a = peer(1, "a");
  model::Peer b = peer(2, "b");
  a.neighbours = {{peerId(2), 5'000, false}, {peerId(9), -1, true}, {ownPeerId(), 900, false}};
  b.neighbours = {{peerId(1), 5'000, false}}; // the same connection, told by its other end
  b.connections.clear();
  b.connected = false;
  engine.peers({a, b});
  const PeerGraph* graph = net.graph();
  ASSERT_TRUE(until([&] { return graph->nodeCount() == 4 && graph->edgeCount() == 3; }));
  EXPECT_EQ(net.peers()->links(), 3);
  EXPECT_EQ(net.peers()->total(), 3);
  const int ghost = graph->indexOf(qid(9)); // only named, yet there
  ASSERT_GE(ghost, 0);
  EXPECT_EQ(graph->nodes()[size_t(ghost)].kind, GraphNode::Kind::Elsewhere);
  ASSERT_EQ(graph->nodes()[size_t(ghost)].edges.size(), 1U);
  EXPECT_TRUE(graph->edges()[size_t(graph->nodes()[size_t(ghost)].edges[0])].relayed);
  EXPECT_EQ(graph->nodes()[size_t(graph->indexOf(session.connection()->nodeId()))].kind, GraphNode::Kind::Own);

  engine.removePeer(peerId(1)); // with it goes whom only it named
  ASSERT_TRUE(until([&] { return net.peers()->total() == 2 && graph->indexOf(qid(9)) < 0; }));
  ASSERT_TRUE(until([&] { return graph->edgeCount() == 1; })); // b still says it knows a
  engine.removePeer(peerId(2));
  ASSERT_TRUE(until([&] { return net.peers()->total() == 0 && graph->nodeCount() == 1; }));
}

TEST_F(GuiNetwork, PeersOfOneNameAreToldApart) {
  fill();
  engine.put(peer(40, "oracle-a1"));
  ASSERT_TRUE(until([&] { return net.peers()->total() == 31 && net.graph()->indexOf(qid(40)) >= 0; }));
  for (const int i : {0, 40}) {
    const QString name = QStringLiteral("oracle-a1 …") + qid(i).right(4);
    EXPECT_EQ(cell(net.rows(), net.rows()->rowOf(qid(i)), "name"), name);
    EXPECT_EQ(net.graph()->nodes()[size_t(net.graph()->indexOf(qid(i)))].name, name);
  }
}

TEST_F(GuiNetwork, FiguresThatChangeDoNotMoveThePicture) {
  fill();
  PeerGraph* graph = net.graph();
  while (graph->step()) {
  }
  ASSERT_FALSE(graph->moving());
  const uint64_t steps = graph->layout().steps();
  QSignalSpy looks(graph, &PeerGraph::looksChanged);
  QTest::qWait(20);
  model::Peer busy = network(30, 90)[0];
  busy.connections[0].receivedBytes += int64_t(50) << 20;
  engine.put(busy);
  ASSERT_TRUE(until([&] { return looks.count() > 0; }));
  EXPECT_FALSE(graph->moving());
  EXPECT_EQ(graph->layout().steps(), steps);
  const auto heaviest = std::max_element(graph->edges().begin(), graph->edges().end(),
                                         [](const GraphEdge& a, const GraphEdge& b) { return a.weight < b.weight; });
  EXPECT_GT(heaviest->weight, 0);
  EXPECT_TRUE(heaviest->a == graph->indexOf(qid(0)) || heaviest->b == graph->indexOf(qid(0)));
  EXPECT_NE(cell(net.rows(), net.rows()->rowOf(qid(0)), "rate"), QStringLiteral("–"));
}

TEST_F(GuiNetwork, FilterAndSearchDimWhatIsLeftOut) {
  fill();
  const auto bright = [&] {
    int count = 0;
    for (const GraphNode& n : net.graph()->nodes()) {
      count += n.dimmed ? 0 : 1;
    }
    return count;
  };
  EXPECT_EQ(bright(), 31);
  net.rows()->setShow(PeerFilter::Relayed);
  EXPECT_EQ(bright(), 3); // and this node
  net.rows()->setShow(PeerFilter::All);
  net.rows()->setTransport(QStringLiteral("TCP"));
  EXPECT_EQ(net.rows()->count(), 3);
  EXPECT_EQ(bright(), 4);
  net.rows()->setTransport({});
  net.rows()->setText(QStringLiteral("oracle"));
  EXPECT_EQ(bright(), 2);
  net.rows()->setText({});
  EXPECT_EQ(bright(), 31);
}

TEST_F(GuiNetwork, PulsesAreOnlyForMessagesThatCame) {
  fill();
  PeerGraph* graph = net.graph();
  EXPECT_FALSE(engine.gossipWatched()); // nobody looks: no message is asked for
  look();
  ASSERT_TRUE(engine.gossipWatched());
  model::GossipMessage m = message(1);
  engine.put(m);
  ASSERT_EQ(graph->pulses().size(), 1U);
  EXPECT_EQ(graph->pulses()[0].from, graph->indexOf(qid(1)));
  EXPECT_EQ(graph->pulses()[0].to, graph->indexOf(QString::fromStdString(ownPeerId())));
  engine.put(m); // at once again: one is enough to see
  EXPECT_EQ(graph->pulses().size(), 1U);
  m.receivedFrom = peerId(25); // not connected to this node: there is no line
  engine.put(m);
  m.receivedFrom.clear();
  engine.put(m);
  EXPECT_EQ(graph->pulses().size(), 1U);
  ASSERT_TRUE(until([&] { return !graph->agePulses(); }));
  graph->setPulsing(false);
  engine.put(message(2));
  EXPECT_TRUE(graph->pulses().empty());
}

TEST_F(GuiNetwork, ArrowsGoFromNeighbourToNeighbour) {
  fill();
  PeerGraph* graph = net.graph();
  while (graph->step()) {
  }
  graph->go(1, 0); // from nowhere: this node
  EXPECT_EQ(graph->current(), QString::fromStdString(ownPeerId()));
  EXPECT_TRUE(graph->spoken().contains(QStringLiteral("this node"))) << qPrintable(graph->spoken());
  const auto directions = {std::pair(1, 0), std::pair(-1, 0), std::pair(0, 1), std::pair(0, -1)};
  for (const auto& [x, y] : directions) {
    graph->goHome();
    const int home = graph->indexOf(graph->current());
    graph->go(x, y);
    const int there = graph->indexOf(graph->current());
    const LayoutPoint a = graph->layout().at(size_t(home));
    const LayoutPoint b = graph->layout().at(size_t(there));
    EXPECT_GT((b.x - a.x) * x + (b.y - a.y) * y, -1e-9);
  }
}

TEST_F(GuiNetwork, DetailsFollowTheSelectedPeerAndPing) {
  fill();
  session.go(QStringLiteral("peers"), qid(0));
  const PeerDetails* details = net.details();
  ASSERT_EQ(session.selectedPeerId(), qid(0));
  EXPECT_EQ(details->name(), QStringLiteral("oracle-a1"));
  EXPECT_EQ(details->pingLine(), QStringLiteral("univrs ping ") + qid(0));
  EXPECT_EQ(details->connections().size(), 1);
  EXPECT_GT(details->neighbours().size(), 0);
  EXPECT_EQ(details->protocols().size(), 7);
  net.details()->ping();
  EXPECT_TRUE(details->pinging());
  ASSERT_TRUE(until([&] { return !details->pinging(); }));
  EXPECT_EQ(details->pingText(), QStringLiteral("answered after 41 ms"));
  session.selectPeer(qid(1));
  EXPECT_TRUE(details->pingText().isEmpty());
  net.details()->ping();
  ASSERT_TRUE(until([&] { return details->pingFailed(); }));
  EXPECT_TRUE(details->pingText().contains(QStringLiteral("10 s passed")));
  session.selectPeer(QString::fromStdString(ownPeerId()));
  EXPECT_TRUE(details->own());
  EXPECT_TRUE(details->pingLine().isEmpty());
  EXPECT_EQ(details->neighbours().size(), 12);
  session.selectPeer(QStringLiteral("nobody"));
  EXPECT_TRUE(session.selectedPeerId().isEmpty());
}

TEST_F(GuiNetwork, TheConnectLineNamesTheAddressOthersReach) {
  fill("net3");
  EXPECT_EQ(net.connectLine(), QStringLiteral("univrs up --connect /ip4/192.168.1.20/udp/9000/quic-v1/p2p/") +
                                   QString::fromStdString(ownPeerId()));
  EXPECT_FALSE(net.onlyLocal());
  engine.network->addresses.resize(1);
  look();
  ASSERT_TRUE(until([&] { return net.onlyLocal(); }));
  EXPECT_TRUE(net.connectLine().contains(QStringLiteral("/ip4/127.0.0.1/")));
}

TEST_F(GuiNetwork, TheLogShowsFiltersAndInspects) {
  fill();
  look();
  GossipLog* log = net.gossip();
  hear(1, 60);
  ASSERT_TRUE(until([&] { return log->count() == 60; }));
  EXPECT_EQ(cell(log, 0, "author"), QStringLiteral("aws-1"));
  EXPECT_EQ(log->topics().size(), 4);
  log->setTopic(QStringLiteral("/mycelial/1.0.0/credits"));
  const int ofTopic = log->count();
  EXPECT_GT(ofTopic, 0);
  EXPECT_LT(ofTopic, 60);
  hear(61, 100);
  ASSERT_TRUE(until([&] { return log->kept() == 100 && log->count() > ofTopic; }));
  for (int row = 0; row < log->count(); ++row) {
    EXPECT_EQ(cell(log, row, "topic"), QStringLiteral("/mycelial/1.0.0/credits"));
  }
  log->setTopic({});
  log->setRefusedOnly(true);
  EXPECT_EQ(cell(log, 0, "verdict"), QStringLiteral("rejected"));
  EXPECT_EQ(cell(log, 0, "reason"), QStringLiteral("the signature is not of the author's key"));
  log->setRefusedOnly(false);
  log->setText(QStringLiteral("\"sequence\":77,"));
  ASSERT_EQ(log->count(), 1);
  session.go(QStringLiteral("gossip"), log->idAt(0));
  const QVariantMap shown = log->selected();
  EXPECT_TRUE(
      shown.value(QStringLiteral("decoded")).toString().contains(QStringLiteral("    \"workload\": \"web-shop\"")));
  EXPECT_TRUE(
      shown.value(QStringLiteral("hex"))
          .toString()
          .startsWith(QStringLiteral("0000  7b 22 77 6f 72 6b 6c 6f  61 64 22 3a 22 77 65 62  {\"workload\":\"web")))
      << qPrintable(shown.value(QStringLiteral("hex")).toString());
  log->setText({});
  log->setPeer(qid(7));
  EXPECT_GT(log->count(), 0);
  EXPECT_LT(log->count(), 100);
  log->clear();
  EXPECT_EQ(log->count(), 0);
  EXPECT_FALSE(session.selectedMessageId().isEmpty()); // it stays to be read
  hear(101, 101);
  log->setPeer({});
  ASSERT_TRUE(until([&] { return log->count() == 1; }));
}

TEST_F(GuiNetwork, BytesThatAreNoTextAreShownAsHex) {
  EXPECT_EQ(decodedText("plain words"), QStringLiteral("plain words"));
  EXPECT_EQ(decodedText(std::string("\x00\x01\x02\xff\xfe zzzz", 10)), QString());
  EXPECT_EQ(hexText(std::string("\x00\xff!", 3)),
            QStringLiteral("0000  00 ff 21                                          .."
                           "!"));
  EXPECT_EQ(hexText({}), QString());
  EXPECT_FALSE(decodedText("\x1b[31mred").contains(QChar(0x1b)));
}

TEST_F(GuiNetwork, APausedLogHoldsStillAndThenCatchesUp) {
  fill();
  look();
  GossipLog* log = net.gossip();
  hear(1, 10);
  ASSERT_TRUE(until([&] { return log->count() == 10; }));
  log->setPaused(true);
  hear(11, 30);
  ASSERT_TRUE(until([&] { return log->waiting() == 20; }));
  QTest::qWait(2 * Coalescer::kIntervalMs);
  EXPECT_EQ(log->count(), 10);
  log->setTopic(cell(log, 0, "topic")); // a filter chosen while paused adds none of the waiting
  EXPECT_LE(log->count(), 10);
  log->setTopic({});
  EXPECT_EQ(log->count(), 10);
  log->setPaused(false);
  EXPECT_EQ(log->count(), 30);
  EXPECT_EQ(log->waiting(), 0);
}

TEST_F(GuiNetwork, AThousandMessagesASecondAreBoundedAndFewSignals) {
  fill();
  look();
  GossipLog* log = net.gossip();
  QSignalSpy inserted(log, &QAbstractItemModel::rowsInserted);
  hear(1, 20'000);
  ASSERT_TRUE(until([&] { return log->seen() == 20'000 && log->kept() == int(GossipLog::kMaxMessages); }));
  EXPECT_LE(inserted.count(), 20);
  EXPECT_LE(log->count(), int(GossipLog::kMaxMessages));
  EXPECT_EQ(cell(log, log->count() - 1, "bytes"), cell(log, log->rowOf(log->idAt(log->count() - 1)), "bytes"));
  model::GossipMessage big = message(1);
  big.data.assign(size_t(model::GossipMessage::kShownBytes) * 4, 'x'); // more than is to be kept
  for (int i = 0; i < 3'000; ++i) {
    engine.put(big);
    ASSERT_LE(log->keptBytes(), 2 * GossipLog::kMaxBytes + (1 << 20));
  }
  ASSERT_TRUE(until([&] { return log->keptBytes() <= GossipLog::kMaxBytes; }));
  for (int i = 0; i < 500; ++i) {
    model::GossipMessage other = message(1);
    other.topic = "topic-" + std::to_string(i);
    engine.put(other);
  }
  EXPECT_LE(size_t(log->topics().size()), GossipLog::kMaxTopics);
}

TEST_F(GuiNetwork, RatesAreOfTheLastSeconds) {
  fill();
  GossipLog* log = net.gossip();
  net.setShown(true);
  net.setShown(false); // the clock of the rates stands: this test moves it
  hear(1, 40);
  log->refreshRates();
  double sum = 0;
  for (const QVariant& topic : log->topics()) {
    sum += topic.toMap().value(QStringLiteral("rate")).toDouble();
  }
  EXPECT_DOUBLE_EQ(sum, 10); // 40 in a window of 4 whole seconds
  for (int i = 0; i < GossipLog::kRateSeconds; ++i) {
    log->refreshRates();
  }
  for (const QVariant& topic : log->topics()) {
    EXPECT_EQ(topic.toMap().value(QStringLiteral("rate")).toDouble(), 0);
  }
}

constexpr char kFrame[] = R"(
import QtQuick
import QtQuick.Window
import Univrs
Window {
    id: window
    required property Session session
    property string view: "peers"
    property bool dark: true
    visible: true
    color: Theme.background
    Binding { target: Theme; property: "dark"; value: window.dark }
    PeersView {
        objectName: "peers"
        anchors.fill: parent
        anchors.rightMargin: peer.visible ? 384 : 0
        visible: window.view === "peers"
        session: window.session
    }
    GossipView {
        objectName: "gossip"
        anchors.fill: parent
        anchors.rightMargin: word.visible ? 384 : 0
        visible: window.view === "gossip"
        session: window.session
    }
    Item {
        anchors.right: parent.right
        width: 384
        height: parent.height
        PeerInspector {
            id: peer
            anchors.fill: parent
            opacity: window.view === "peers" ? 1 : 0
            session: window.session
        }
        GossipInspector {
            id: word
            anchors.fill: parent
            opacity: window.view === "gossip" ? 1 : 0
            session: window.session
        }
    }
}
)";

class GuiNetworkWindow : public GuiNetwork {
protected:
  void SetUp() override {
    warnings().clear();
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
  PeerGraphItem* graph() { return qobject_cast<PeerGraphItem*>(find("peerGraph")); }
  bool settle() {
    return until([&] { return graph() && !net.graph()->moving() && !graph()->drawing(); });
  }
  QPoint placeOf(int number) { return graph()->mapToScene(graph()->placeOf(qid(number))).toPoint(); }
  QQmlEngine qml;
  std::unique_ptr<QObject> made;
  QQuickWindow* window = nullptr;
};

TEST_F(GuiNetworkWindow, ASettledGraphTakesNoStepsAndNoFrames) {
  fill("net300");
  ASSERT_TRUE(settle());
  window->grabWindow();
  QTest::qWait(300);
  const uint64_t steps = net.graph()->layout().steps();
  const int frames = graph()->frames();
  QSignalSpy swapped(window, &QQuickWindow::frameSwapped);
  QTest::qWait(1'500);
  EXPECT_EQ(net.graph()->layout().steps(), steps);
  EXPECT_EQ(graph()->frames(), frames);
  EXPECT_EQ(swapped.count(), 0);
  EXPECT_FALSE(graph()->drawing());
  engine.put(message(1)); // a message moves along its line, then all is still again
  EXPECT_TRUE(graph()->drawing());
  ASSERT_TRUE(until([&] { return !graph()->drawing(); }));
  EXPECT_EQ(net.graph()->layout().steps(), steps);
}

TEST_F(GuiNetworkWindow, PointerChoosesPansZoomsAndPins) {
  fill();
  ASSERT_TRUE(settle());
  QTest::mouseClick(window, Qt::LeftButton, {}, placeOf(0));
  ASSERT_TRUE(until([&] { return session.selectedPeerId() == qid(0); }));
  EXPECT_EQ(find("peerName")->property("text").toString(), QStringLiteral("oracle-a1"));
  ASSERT_TRUE(settle());
  const QPoint from = placeOf(3);
  QTest::mousePress(window, Qt::LeftButton, {}, from);
  for (int i = 1; i <= 8; ++i) {
    QTest::mouseMove(window, from + QPoint(i * 6, i * 4));
  }
  QTest::mouseRelease(window, Qt::LeftButton, {}, from + QPoint(48, 32));
  EXPECT_EQ(net.graph()->pinnedCount(), 1);
  ASSERT_TRUE(settle());
  graph()->forceActiveFocus();
  const double zoom = graph()->camera().zoom;
  QTest::keyClick(window, Qt::Key_Plus);
  EXPECT_GT(graph()->camera().zoom, zoom);
  EXPECT_FALSE(graph()->fitted());
  const double x = graph()->camera().x;
  QTest::keyClick(window, Qt::Key_Right, Qt::ShiftModifier);
  EXPECT_NE(graph()->camera().x, x);
  QTest::keyClick(window, Qt::Key_0);
  EXPECT_TRUE(graph()->fitted());
  ASSERT_TRUE(settle());
  net.graph()->unpinAll();
  EXPECT_EQ(net.graph()->pinnedCount(), 0);
}

TEST_F(GuiNetworkWindow, KeysGoFromPeerToPeerAndChoose) {
  fill();
  ASSERT_TRUE(settle());
  QMetaObject::invokeMethod(find("peers"), "focusList");
  ASSERT_TRUE(until([&] { return graph()->hasActiveFocus(); }));
  EXPECT_EQ(net.graph()->current(), QString::fromStdString(ownPeerId()));
  QTest::keyClick(window, Qt::Key_Right);
  const QString there = net.graph()->current();
  EXPECT_NE(there, QString::fromStdString(ownPeerId()));
  QTest::keyClick(window, Qt::Key_Return);
  EXPECT_EQ(session.selectedPeerId(), there);
  QTest::keyClick(window, Qt::Key_P);
  EXPECT_EQ(net.graph()->pinnedCount(), 1);
  QTest::keyClick(window, Qt::Key_Home);
  EXPECT_EQ(net.graph()->current(), QString::fromStdString(ownPeerId()));
}

TEST_F(GuiNetworkWindow, ALoneNodeSaysHowOthersConnect) {
  fillNetwork(engine, QStringLiteral("net0"));
  ASSERT_TRUE(until([&] { return net.peers()->complete() && !net.connectLine().isEmpty(); }));
  ASSERT_TRUE(until([&] { return find("noPeers")->isVisible(); }));
  EXPECT_EQ(find("noPeers")->property("command").toString(), net.connectLine());
  EXPECT_FALSE(graph()->isVisible());
}

TEST_F(GuiNetworkWindow, EverySizeAndLongNames) {
  for (const char* scene : {"net3", "netlong", "net300"}) {
    fill(scene);
    for (const QSize size : {QSize(1232, 826), QSize(816, 566), QSize(744, 426)}) {
      window->resize(size);
      window->setProperty("dark", size.width() > 1'000);
      window->setProperty("view", QStringLiteral("peers"));
      session.selectPeer(qid(0));
      find("peers")->setProperty("form", QStringLiteral("table"));
      window->grabWindow();
      find("peers")->setProperty("form", QStringLiteral("graph"));
      window->grabWindow();
      session.selectPeer(QString::fromStdString(ownPeerId()));
      window->grabWindow();
      session.selectPeer({});
      window->setProperty("view", QStringLiteral("gossip"));
      hear(1, 50);
      QTest::qWait(2 * Coalescer::kIntervalMs);
      session.selectMessage(net.gossip()->idAt(0));
      window->grabWindow();
      session.selectMessage({});
    }
  }
}

TEST_F(GuiNetworkWindow, TheLogFollowsPausesAndGoesByKeys) {
  fill();
  window->setProperty("view", QStringLiteral("gossip"));
  ASSERT_TRUE(until([&] { return find("noGossip")->isVisible(); }));
  hear(1, 200);
  QQuickItem* list = find("gossipList");
  ASSERT_TRUE(until([&] { return list->property("count").toInt() == 200 && list->property("atYEnd").toBool(); }));
  list->forceActiveFocus();
  QTest::keyClick(window, Qt::Key_Up);
  EXPECT_TRUE(net.gossip()->paused());
  EXPECT_EQ(list->property("currentIndex").toInt(), 199);
  QTest::keyClick(window, Qt::Key_Home);
  QTest::keyClick(window, Qt::Key_Return);
  EXPECT_EQ(session.selectedMessageId(), net.gossip()->idAt(0));
  ASSERT_TRUE(until([&] { return find("messageContent")->isVisible(); }));
  EXPECT_TRUE(find("messageContent")->property("text").toString().contains(QStringLiteral("web-shop")));
  hear(201, 220);
  EXPECT_EQ(list->property("count").toInt(), 200);
  QTest::keyClick(window, Qt::Key_End);
  ASSERT_TRUE(until([&] { return list->property("count").toInt() == 220 && list->property("atYEnd").toBool(); }));
}

} // namespace
} // namespace univrs::gui::test

int main(int argc, char** argv) {
  const QTemporaryDir home;
  qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
  qputenv("LC_ALL", "C.UTF-8");
  QApplication app(argc, argv);
  QCoreApplication::setOrganizationName(QStringLiteral("univrs-test"));
  QCoreApplication::setApplicationName(QStringLiteral("univrs-test"));
  qInstallMessageHandler(univrs::gui::test::onMessage);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
