// The view models of Nodes, Scheduler and Overview, with an engine that says what the test wants.
#include "app/gui/session.h"
#include "tests/gui/scripted_engine.h"

#include <QApplication>
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
using model::NodeStatus;

class GuiViews : public ::testing::Test {
protected:
  GuiViews() {
    engine.onDecisions = [](const interfaces::DecisionQuery&) {
      return base::Result(interfaces::ItemPage<model::Decision>{});
    };
    engine.onEvents = [](const interfaces::EventQuery&) { return base::Result(interfaces::ItemPage<model::Event>{}); };
  }
  bool until(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 20'000); }
  static QString cell(const QAbstractItemModel* model, int row, const char* role) {
    return model->index(row, 0).data(model->roleNames().key(role)).toString();
  }
  static model::Instance on(const std::string& node, const std::string& workload, const std::string& suffix,
                            InstanceState state = InstanceState::Running) {
    model::Instance i = instance(workload, suffix, state);
    i.nodeId = node.empty() ? model::NodeId() : model::NodeId("id-" + node);
    return i;
  }
  ScriptedEngine engine;
  Session session{engine, QStringLiteral("this computer"), false};
};

TEST_F(GuiViews, NodesShowStateReasonPlaceAndWhatIsReserved) {
  model::Node a = clusterNode("a");
  a.labels = {{"region", "eu-central"}, {"zone", "b"}, {"cloud", "hetzner"}};
  model::Node b = clusterNode("b", NodeStatus::NotReady);
  b.statusReason = "Docker does not answer at /var/run/docker.sock";
  model::Node c = clusterNode("c");
  c.cordoned = true;
  engine.snapshot({workload("web")},
                  {on("a", "web", "1"), on("a", "web", "2"), on("a", "web", "3", InstanceState::Failed)}, {a, b, c});
  const NodeFilter* rows = session.nodeRows();
  ASSERT_EQ(rows->count(), 3);
  EXPECT_TRUE(session.nodes()->complete());
  EXPECT_EQ(cell(rows, 0, "stateWord"), QStringLiteral("Ready"));
  EXPECT_EQ(cell(rows, 0, "region"), QStringLiteral("eu-central"));
  EXPECT_EQ(cell(rows, 0, "cloud"), QStringLiteral("hetzner"));
  EXPECT_EQ(cell(rows, 0, "cpu"), QStringLiteral("950m of 3.8"));
  EXPECT_EQ(cell(rows, 0, "runtime"), QStringLiteral("Docker 24.0.7"));
  EXPECT_EQ(cell(rows, 0, "instances"), QStringLiteral("2")); // one is over
  EXPECT_EQ(cell(rows, 1, "stateWord"), QStringLiteral("Not ready"));
  EXPECT_EQ(cell(rows, 1, "tone"), QStringLiteral("bad"));
  EXPECT_EQ(cell(rows, 1, "reason"), QStringLiteral("Docker does not answer at /var/run/docker.sock"));
  EXPECT_EQ(cell(rows, 2, "stateWord"), QStringLiteral("Cordoned"));
  EXPECT_EQ(session.nodes()->ready(), 1);
  EXPECT_EQ(session.nodes()->cordoned(), 1);
  EXPECT_EQ(session.nodes()->notReady(), 1);
}

TEST_F(GuiViews, NodesAreSearchedSortedAndFiltered) {
  model::Node b = clusterNode("b", NodeStatus::Down);
  b.reserved.cpuMillicores = 3'000;
  model::Node c = clusterNode("c");
  c.labels = {{"region", "us-east"}};
  engine.snapshot({}, {}, {clusterNode("a"), b, c});
  NodeFilter* rows = session.nodeRows();
  rows->setText(QStringLiteral("us-east"));
  ASSERT_EQ(rows->count(), 1);
  EXPECT_EQ(rows->idAt(0), QStringLiteral("id-c"));
  rows->setText({});
  rows->setShow(NodeFilter::NeedsYou);
  ASSERT_EQ(rows->count(), 1);
  EXPECT_EQ(rows->idAt(0), QStringLiteral("id-b"));
  rows->setShow(NodeFilter::All);
  rows->sortBy(QStringLiteral("cpu"), true);
  EXPECT_EQ(rows->idAt(0), QStringLiteral("id-b"));
  rows->sortBy(QStringLiteral("stateWord"), false);
  EXPECT_EQ(rows->idAt(0), QStringLiteral("id-b")); // what needs a person first
}

TEST_F(GuiViews, AThousandNodeReportsBecomeFewSignals) {
  std::vector<model::Node> all;
  for (int i = 0; i < 5'000; ++i) {
    all.push_back(clusterNode("n" + std::to_string(10'000 + i)));
  }
  QSignalSpy inserted(session.nodes(), &QAbstractItemModel::rowsInserted);
  engine.snapshot({}, {}, all);
  EXPECT_EQ(inserted.count(), 1);
  ASSERT_EQ(session.nodes()->total(), 5'000);
  QTest::qWait(2 * Coalescer::kIntervalMs); // what was shown last is long ago
  QSignalSpy reset(session.nodes(), &QAbstractItemModel::modelReset);
  QSignalSpy changed(session.nodes(), &QAbstractItemModel::dataChanged);
  std::vector<Delta> deltas;
  for (int i = 0; i < 1'000; ++i) {
    model::Node& n = all[size_t(i % 500) * 7];
    n.reserved.cpuMillicores = 1'000 + i;
    engine.put(n); // one by one, as they come
  }
  EXPECT_LE(changed.count(), 1); // the first at once
  ASSERT_TRUE(
      until([&] { return session.nodes()->find(QStringLiteral("id-n13493"))->reserved.cpuMillicores == 1'999; }));
  EXPECT_LE(changed.count(), 1 + NodeListModel::kMaxRanges);
  EXPECT_EQ(reset.count(), 0);
  // A report that says nothing new is no change.
  QTest::qWait(2 * Coalescer::kIntervalMs);
  changed.clear();
  engine.put(all[0]);
  QTest::qWait(2 * Coalescer::kIntervalMs);
  EXPECT_EQ(changed.count(), 0);
}

TEST_F(GuiViews, AResyncDropsNodesThatAreGoneAndKeepsTheSelection) {
  engine.snapshot({}, {}, {clusterNode("a"), clusterNode("b"), clusterNode("c")});
  session.selectNode(QStringLiteral("id-b"));
  EXPECT_EQ(session.nodeDetails()->name(), QStringLiteral("b"));
  engine.connect(false, "gone");
  engine.connect(true);
  QSignalSpy selection(&session, &Session::nodeSelectionChanged);
  engine.snapshot({}, {}, {clusterNode("b"), clusterNode("d")});
  ASSERT_TRUE(until([&] { return session.nodes()->total() == 2; }));
  EXPECT_EQ(session.selectedNodeId(), QStringLiteral("id-b"));
  EXPECT_EQ(selection.count(), 0);
  EXPECT_EQ(session.nodes()->find(QStringLiteral("id-a")), nullptr);
  engine.snapshot({}, {}, {clusterNode("d")});
  ASSERT_TRUE(until([&] { return session.selectedNodeId().isEmpty(); }));
  EXPECT_FALSE(session.nodeDetails()->present());
  session.selectNode(QStringLiteral("nobody"));
  EXPECT_TRUE(session.selectedNodeId().isEmpty());
}

TEST_F(GuiViews, ANodeIsShownWithResourcesInstancesAndItsEvents) {
  std::vector<std::string> asked;
  engine.onEvents = [&](const interfaces::EventQuery& q) {
    asked.push_back(q.objectId);
    interfaces::ItemPage<model::Event> page;
    if (q.objectId == "id-a") {
      page.items.push_back(event("e1", "a is ready", 60'000));
    }
    return base::Result(page);
  };
  model::Node a = clusterNode("a");
  a.taints.push_back({"gpu", "only", model::TaintEffect::NoSchedule});
  a.labels = {{"region", "eu"}};
  engine.snapshot({workload("web")}, {on("a", "web", "1"), on("b", "web", "2")}, {a, clusterNode("b")});
  session.selectNode(QStringLiteral("id-a"));
  NodeDetails* d = session.nodeDetails();
  ASSERT_TRUE(d->present());
  ASSERT_EQ(d->instances()->rowCount(), 1);
  EXPECT_EQ(cell(d->instances(), 0, "instanceId"), QStringLiteral("web-1"));
  EXPECT_EQ(cell(d->instances(), 0, "workloadId"), QStringLiteral("id-web"));
  ASSERT_EQ(d->resources().size(), 3); // no GPUs: not shown
  EXPECT_EQ(d->resources().at(0).toMap().value(QStringLiteral("text")).toString(),
            QStringLiteral("950m of 3.8 reserved, 2.85 free · 200m kept for the system"));
  EXPECT_EQ(d->taints(), QStringList{QStringLiteral("gpu=only:NoSchedule")});
  EXPECT_EQ(d->labels(), QStringList{QStringLiteral("region=eu")});
  EXPECT_EQ(d->cliLine(), QStringLiteral("univrs node cordon a"));
  ASSERT_TRUE(until([&] { return d->events()->count() == 1; }));
  EXPECT_EQ(asked.back(), "id-a");
  engine.put(event("e2", "a is not ready: no engine", 0, model::Severity::Warning));
  model::Event elsewhere = event("e3", "b is ready", 0);
  elsewhere.objectId = "id-b";
  engine.put(elsewhere);
  ASSERT_TRUE(until([&] { return d->events()->count() == 2; }));
  EXPECT_EQ(cell(d->events(), 0, "message"), QStringLiteral("a is not ready: no engine"));
  EXPECT_EQ(cell(d->events(), 0, "tone"), QStringLiteral("warn"));
  // Its instances change while it is looked at; rows that stay are not touched.
  QSignalSpy removed(d->instances(), &QAbstractItemModel::rowsRemoved);
  QSignalSpy reset(d->instances(), &QAbstractItemModel::modelReset);
  engine.put(on("a", "web", "3"));
  ASSERT_TRUE(until([&] { return d->instances()->rowCount() == 2; }));
  EXPECT_EQ(removed.count() + reset.count(), 0);
}

TEST_F(GuiViews, CordonIsACommandThatCanBeTakenBack) {
  engine.snapshot({}, {}, {clusterNode("a")});
  engine.onCommand = [](const interfaces::CommandRequest& r) -> ScriptedEngine::Outcome {
    interfaces::CommandOutcome o;
    o.summary = "a is " + r.name + "ed";
    o.undo = {{QStringLiteral("name"), r.name == "cordon" ? QStringLiteral("uncordon") : QStringLiteral("cordon")},
              {QStringLiteral("args"), r.args}};
    return o;
  };
  session.actions()->cordon(QStringLiteral("id-a"), true);
  ASSERT_TRUE(until([&] { return session.actions()->undoable(); }));
  EXPECT_EQ(session.actions()->toastText(), QStringLiteral("a is cordoned"));
  session.actions()->undo();
  ASSERT_TRUE(until([&] { return engine.commandLog.size() == 2; }));
  EXPECT_EQ(engine.commandLog[1].name, "uncordon");
  EXPECT_EQ(engine.commandLog[1].args.value(QLatin1String("node")).toString(), QStringLiteral("id-a"));
}

TEST_F(GuiViews, DecisionsComeByPagesAndLiveOnesOnTop) {
  std::vector<std::string> asked;
  engine.onDecisions = [&](const interfaces::DecisionQuery& q) {
    asked.push_back(q.after);
    interfaces::ItemPage<model::Decision> page;
    const int first = q.after.empty() ? 0 : 200;
    for (int i = first; i < first + 200; ++i) {
      page.items.push_back(decision("d" + std::to_string(i), i % 10 == 0 ? "api" : "web", i % 4 == 0 ? "" : "a",
                                    10'000 + int64_t(i) * 1'000));
    }
    page.next = first == 0 ? "d199" : "";
    return base::Result(page);
  };
  engine.connect(true);
  engine.snapshot({});
  DecisionListModel* list = session.decisions();
  ASSERT_TRUE(until([&] { return list->total() == 200 && !list->loading(); }));
  EXPECT_TRUE(list->complete());
  EXPECT_EQ(list->refused(), 50);
  engine.put(decision("new", "web", "b", 0));
  ASSERT_TRUE(until([&] { return list->total() == 201; }));
  EXPECT_EQ(cell(session.decisionRows(), 0, "decisionId"), QStringLiteral("new"));
  ASSERT_TRUE(session.decisionRows()->canFetchMore({}));
  session.decisionRows()->fetchMore({});
  ASSERT_TRUE(until([&] { return list->total() == 401; }));
  EXPECT_FALSE(list->more());
  EXPECT_EQ(asked, (std::vector<std::string>{"", "d199"}));
  DecisionFilter* rows = session.decisionRows();
  rows->setRefusedOnly(true);
  EXPECT_EQ(rows->count(), 100);
  EXPECT_EQ(cell(rows, 0, "outcome"), QStringLiteral("Refused"));
  rows->setWorkloadId(QStringLiteral("id-api"));
  EXPECT_EQ(rows->count(), 20);
  rows->setRefusedOnly(false);
  EXPECT_EQ(rows->count(), 40);
  EXPECT_EQ(cell(rows, 0, "fit"), QStringLiteral("0 of 3"));
}

TEST_F(GuiViews, DecisionsStayBoundedAndBeginAnewAfterAGap) {
  engine.connect(true);
  engine.snapshot({});
  DecisionListModel* list = session.decisions();
  ASSERT_TRUE(until([&] { return list->complete(); }));
  std::vector<Delta> deltas;
  for (int i = 0; i < 6'000; ++i) {
    const model::Decision d = decision("d" + std::to_string(i), "web", "a", 6'000 - i);
    deltas.push_back(Delta{Delta::Kind::Put, Topic::Decisions, 200, d.id, d});
  }
  engine.send(std::move(deltas));
  ASSERT_TRUE(until([&] { return list->total() == DecisionListModel::kMaxRows; }));
  EXPECT_EQ(list->find(QStringLiteral("d999")), nullptr);
  ASSERT_NE(list->find(QStringLiteral("d5999")), nullptr);
  // Away for long: what the engine has now does not meet what was known.
  engine.onDecisions = [](const interfaces::DecisionQuery&) {
    interfaces::ItemPage<model::Decision> page;
    page.items = {decision("y", "web", "a", -20'000), decision("x", "web", "a", -10'000)};
    page.next = "x";
    return base::Result(page);
  };
  engine.connect(false, "gone");
  engine.connect(true);
  ASSERT_TRUE(until([&] { return list->total() == 2; }));
  EXPECT_TRUE(list->more());
  engine.onDecisions = [](const interfaces::DecisionQuery&) -> base::Result<interfaces::ItemPage<model::Decision>> {
    return base::makeError(base::ErrorCode::Unavailable, "decisions were not read", "the store is busy", "Try again.");
  };
  list->loadMore();
  ASSERT_TRUE(until([&] { return list->problem().present(); }));
  EXPECT_EQ(list->total(), 2); // what is known stays
}

model::Decision bigDecision(int nodes) {
  model::Decision d = decision("big", "web", "n0", 500);
  d.nodesTotal = nodes;
  d.nodesFit = nodes / 10;
  for (int i = 0; i < nodes; ++i) {
    model::NodeVerdict v;
    v.nodeId = model::NodeId("id-n" + std::to_string(i));
    v.nodeName = "n" + std::to_string(i);
    if (i < nodes / 10) {
      v.fits = true;
      v.score = 0.9 - i * 0.0001;
      v.parts = {{"reputation (no data)", 0.5, 0.6}, {"balance", 1, 0.4}};
    } else {
      v.filter = i % 3 == 0 ? "taint" : "memory";
      v.reason = i % 3 == 0 ? "taint gpu=only is not tolerated" : "memory 212 MiB free, 256 MiB asked";
    }
    d.nodes.push_back(v);
  }
  return d;
}

TEST_F(GuiViews, ADecisionNamesEachNodeAndWhatRefusedIt) {
  engine.onDecision = [](const std::string& id) -> base::Result<model::Decision> {
    return id == "big" ? base::Result(bigDecision(5'000))
                       : base::makeError(base::ErrorCode::NotFound, "there is no decision \"" + id + "\"");
  };
  engine.connect(true);
  engine.snapshot({});
  engine.put(decision("big", "web", "n0", 500));
  session.go(QStringLiteral("scheduler"), QStringLiteral("big"));
  DecisionDetails* d = session.decisionDetails();
  EXPECT_TRUE(d->known()); // what the list knows is there at once
  EXPECT_TRUE(d->loading());
  EXPECT_EQ(d->cliLine(), QStringLiteral("univrs why web-big"));
  ASSERT_TRUE(until([&] { return !d->loading(); }));
  EXPECT_EQ(d->verdicts()->total(), 5'000);
  EXPECT_EQ(d->rows()->count(), 5'000);
  EXPECT_EQ(cell(d->rows(), 0, "outcome"), QStringLiteral("Chosen"));
  EXPECT_EQ(cell(d->rows(), 0, "verdict"), QStringLiteral("Reputation 0.50 × 0.60 (no data) + Balance 1.00 × 0.40"));
  ASSERT_EQ(d->verdicts()->refusals().size(), 2);
  const QVariantMap most = d->verdicts()->refusals().at(0).toMap();
  EXPECT_EQ(most.value(QStringLiteral("word")).toString(), QStringLiteral("Memory"));
  EXPECT_EQ(most.value(QStringLiteral("count")).toInt(), 3'000);
  EXPECT_TRUE(d->refused().startsWith(QStringLiteral("Refused by n500 (memory 212 MiB free, 256 MiB asked), n501 (")))
      << qPrintable(d->refused());
  EXPECT_TRUE(d->refused().endsWith(QStringLiteral("and 4497 more"))) << qPrintable(d->refused());
  d->rows()->setRefusedBy(QStringLiteral("taint"));
  EXPECT_EQ(d->rows()->show(), VerdictFilter::Refused);
  EXPECT_EQ(d->rows()->count(), 1'500);
  EXPECT_EQ(cell(d->rows(), 0, "verdict"), QStringLiteral("taint gpu=only is not tolerated"));
  d->rows()->setShow(VerdictFilter::Fits);
  EXPECT_EQ(d->rows()->count(), 500);
  d->rows()->sortBy(QStringLiteral("score"), false);
  EXPECT_EQ(cell(d->rows(), 0, "name"), QStringLiteral("n499"));
  // One that is no more says so; going back shows all again.
  session.selectDecision(QStringLiteral("old"));
  ASSERT_TRUE(until([&] { return !d->loading(); }));
  EXPECT_EQ(d->problem().what, QStringLiteral("there is no decision \"old\""));
  EXPECT_EQ(d->verdicts()->total(), 0);
  session.selectDecision(QStringLiteral("big"));
  ASSERT_TRUE(until([&] { return !d->loading(); }));
  EXPECT_EQ(d->rows()->count(), 5'000);
  session.selectDecision({});
  EXPECT_FALSE(d->present());
}

TEST_F(GuiViews, OverviewSaysNothingBeforeItKnowsAndTheNextStepWhenEmpty) {
  EXPECT_FALSE(session.overview()->complete());
  EXPECT_TRUE(session.overview()->word().isEmpty());
  engine.connect(true);
  engine.snapshot({}, {}, {clusterNode("a")});
  ASSERT_TRUE(until([&] { return session.overview()->empty(); }));
  EXPECT_EQ(session.overview()->word(), QStringLiteral("Nothing deployed yet"));
  EXPECT_EQ(session.overview()->needs()->count(), 0);
  EXPECT_TRUE(session.overview()->workloads().isEmpty());
}

TEST_F(GuiViews, OverviewPutsWhatNeedsAPersonFirstWithCauseAndNextStep) {
  engine.connect(true);
  model::Workload placed = workload("crash", Health::Degraded, 1, 2);
  placed.status.reason = "crash-1 is in a crash loop: exit code 1";
  model::Workload refused = workload("big", Health::Degraded, 0, 1);
  refused.status.reason = "no node fits: 2 lack memory";
  model::Instance loop = on("a", "crash", "1", InstanceState::Backoff);
  loop.crashLoop = true;
  model::Node down = clusterNode("b", NodeStatus::Down);
  down.statusReason = "not heard of for 40 s";
  engine.snapshot({workload("web"), placed, refused},
                  {on("a", "web", "1"), loop, on("", "big", "1", InstanceState::Pending)}, {clusterNode("a"), down});
  engine.put(decision("d1", "big", "", 1'000));
  Overview* o = session.overview();
  ASSERT_TRUE(
      until([&] { return o->needs()->count() == 3 && cell(o->needs(), 1, "action") == QStringLiteral("Why"); }));
  EXPECT_EQ(o->word(), QStringLiteral("Degraded"));
  EXPECT_EQ(o->tone(), QStringLiteral("bad"));
  EXPECT_EQ(o->sentence(), QStringLiteral("2 of 3 workloads and 1 of 2 nodes need you"));
  EXPECT_EQ(cell(o->needs(), 0, "name"), QStringLiteral("b"));
  EXPECT_EQ(cell(o->needs(), 0, "cause"), QStringLiteral("not heard of for 40 s"));
  EXPECT_EQ(cell(o->needs(), 0, "view"), QStringLiteral("nodes"));
  EXPECT_EQ(cell(o->needs(), 1, "name"), QStringLiteral("big")); // nothing of it runs
  EXPECT_EQ(cell(o->needs(), 1, "view"), QStringLiteral("scheduler"));
  EXPECT_EQ(cell(o->needs(), 1, "target"), QStringLiteral("d1"));
  EXPECT_EQ(cell(o->needs(), 2, "name"), QStringLiteral("crash"));
  EXPECT_EQ(cell(o->needs(), 2, "cli"), QStringLiteral("univrs logs crash"));
  EXPECT_EQ(o->instanceCount(), 3);
  EXPECT_EQ(o->nodes().size(), 2);
  EXPECT_EQ(o->nodeIds(), QStringList{QStringLiteral("id-a")});
  ASSERT_EQ(o->resources().size(), 2); // of the ready node only
  EXPECT_EQ(o->resources().at(0).toMap().value(QStringLiteral("text")).toString(),
            QStringLiteral("950m of 3.8 reserved, 2.85 free"));
  EXPECT_EQ(o->refused()->count(), 1);
  // Repaired: its row goes, the others stay where they are.
  QSignalSpy reset(o->needs(), &QAbstractItemModel::modelReset);
  engine.put(clusterNode("b"));
  ASSERT_TRUE(until([&] { return o->needs()->count() == 2; }));
  engine.put(workload("big"));
  engine.put(workload("crash"));
  ASSERT_TRUE(until([&] { return o->word() == QStringLiteral("Healthy"); }));
  EXPECT_EQ(o->sentence(), QStringLiteral("All 3 workloads run as wished"));
  EXPECT_EQ(reset.count(), 0);
}

TEST_F(GuiViews, RecentEventsAreBoundedFoldedAndLeadToTheirObject) {
  engine.onEvents = [](const interfaces::EventQuery& q) {
    interfaces::ItemPage<model::Event> page;
    for (int i = 0; i < q.limit && q.objectId.empty(); ++i) {
      page.items.push_back(event("e" + std::to_string(i), "event " + std::to_string(i), 10'000 + i));
    }
    return base::Result(page);
  };
  engine.connect(true);
  engine.snapshot({});
  RecentEvents* events = session.overview()->events();
  ASSERT_TRUE(until([&] { return events->count() == Overview::kEvents; }));
  model::Event again = event("e5", "event 5", 0);
  again.count = 7;
  engine.put(again);
  ASSERT_TRUE(until([&] { return cell(events, 0, "eventId") == QStringLiteral("e5"); }));
  EXPECT_EQ(cell(events, 0, "times"), QStringLiteral("7"));
  EXPECT_EQ(events->count(), Overview::kEvents);
  model::Event failed = event("x", "OOM killed", -1, model::Severity::Error);
  failed.objectKind = "instance";
  failed.objectId = "web-1";
  failed.workloadId = "id-web";
  engine.put(failed);
  ASSERT_TRUE(until([&] { return cell(events, 0, "eventId") == QStringLiteral("x"); }));
  EXPECT_EQ(events->count(), Overview::kEvents);
  EXPECT_EQ(cell(events, 0, "view"), QStringLiteral("workloads"));
  EXPECT_EQ(cell(events, 0, "target"), QStringLiteral("id-web"));
  EXPECT_EQ(cell(events, 1, "view"), QStringLiteral("nodes"));
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
