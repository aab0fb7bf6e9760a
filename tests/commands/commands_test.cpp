// Every named command through the runner, on the real control loop and a store in memory.
#include "engine/base/limits.h"
#include "engine/commands/cluster_rules.h"
#include "engine/commands/runner.h"
#include "engine/control/rollout_progress.h"
#include "engine/control/stored.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <gtest/gtest.h>

namespace univrs::commands {
namespace {

class FixedClock final : public base::Clock {
public:
  base::Now value{{1'700'000'000'000}, {1'000'000}};
  [[nodiscard]] base::Now now() const override { return value; }
};

class NoLink final : public control::AgentLink {
public:
  void assign(const model::NodeId&, std::vector<agent::Assignment>, int64_t) override {}
};

class CommandsTest : public ::testing::Test {
protected:
  CommandsTest() {
    EXPECT_TRUE(state.load().ok());
    EXPECT_TRUE(audit.open().ok());
    model::Node n;
    n.id = model::NodeId("node-1");
    n.name = "one";
    n.status = model::NodeStatus::Ready;
    n.roles = {"worker"};
    n.capacity.cpuMillicores = 4'000;
    n.capacity.memoryBytes = int64_t(4) << 30;
    n.allocatable = n.capacity;
    EXPECT_TRUE(controller.setNode(n, clock.value).ok());
  }

  base::Result<interfaces::CommandOutcome> run(const std::string& name, const char* args, bool dryRun = false) {
    interfaces::CommandRequest r;
    r.name = name;
    r.args = QJsonDocument::fromJson(args).object();
    EXPECT_FALSE(r.args.isEmpty()) << args;
    r.dryRun = dryRun;
    r.actor = "tester";
    r.door = "test";
    return runner.run(r);
  }
  void pass() {
    for (int n = 0; n < 5; ++n) {
      clock.value.steady = clock.value.steady + base::Millis(100);
      clock.value.wall = clock.value.wall + base::Millis(100);
      controller.pass(clock.value);
    }
  }

  FixedClock clock;
  base::SeededRandom random{1};
  std::unique_ptr<store::StateStore> store = store::openMemoryStore();
  control::ClusterState state{*store, random};
  schedule::Scheduler scheduler;
  NoLink link;
  control::Controller controller{state, scheduler, link, random, base::noMetrics(), clock};
  AuditLog audit{*store};
  int kicks = 0;
  Runner runner{state, controller, audit, random, base::noMetrics(), clock, [this] { ++kicks; }};
};

constexpr const char* kWeb = R"({"workload":{"name":"web","image":"localhost/app:1","replicas":2}})";

TEST_F(CommandsTest, DeployCreatesUpdatesAndLeaves) {
  auto r = run("deploy", kWeb);
  ASSERT_TRUE(r.ok()) << r.error().text();
  EXPECT_TRUE(r->changed);
  EXPECT_EQ(r->decisions.size(), 2U);
  EXPECT_EQ(r->objects.size(), 1U);
  EXPECT_EQ(kicks, 1);
  ASSERT_NE(state.workloadByName("web"), nullptr);
  EXPECT_EQ(state.workloadByName("web")->generation, 1);

  r = run("deploy", kWeb);
  ASSERT_TRUE(r.ok());
  EXPECT_FALSE(r->changed) << "the same again changes nothing";
  EXPECT_EQ(kicks, 1);

  r = run("deploy", R"({"workload":{"name":"web","image":"localhost/app:2","replicas":2}})");
  ASSERT_TRUE(r.ok());
  EXPECT_EQ(state.workloadByName("web")->generation, 2);
  ASSERT_EQ(r->changes.size(), 1U);
  EXPECT_EQ(r->changes[0].path, "containers[0].image");

  r = run("deploy", R"({"create_only":true,"workload":{"name":"web","image":"localhost/app:2","replicas":2}})");
  ASSERT_FALSE(r.ok());
  EXPECT_EQ(r.error().code, base::ErrorCode::Conflict);
}

TEST_F(CommandsTest, DryRunShowsTheSameAndChangesNothing) {
  const auto before = store->revision();
  const auto planned = run("deploy", kWeb, true);
  ASSERT_TRUE(planned.ok());
  EXPECT_TRUE(planned->dryRun);
  EXPECT_EQ(store->revision(), before);
  EXPECT_EQ(kicks, 0);
  const auto done = run("deploy", kWeb);
  ASSERT_TRUE(done.ok());
  ASSERT_EQ(planned->plan.size(), done->plan.size());
  for (size_t i = 0; i < planned->plan.size(); ++i) {
    EXPECT_EQ(planned->plan[i].detail, done->plan[i].detail);
  }
}

TEST_F(CommandsTest, AManifestOfSeveralIsAllOrNothing) {
  const auto r =
      run("deploy", R"({"manifest":"name: a\nimage: x\nreplicas: 1\n---\nname: B!\nimage: y\nreplicas: 1\n"})");
  ASSERT_FALSE(r.ok());
  EXPECT_EQ(r.error().code, base::ErrorCode::Validation);
  EXPECT_FALSE(r.error().fields.empty());
  EXPECT_TRUE(state.workloads().empty());
}

TEST_F(CommandsTest, ScaleUndoRestartRemove) {
  ASSERT_TRUE(run("deploy", kWeb).ok());
  pass();
  auto r = run("scale", R"({"workload":"web","replicas":5})");
  ASSERT_TRUE(r.ok());
  EXPECT_EQ(state.workloadByName("web")->spec.replicas, 5);
  EXPECT_EQ(r->undo.value("name").toString(), "scale");
  r = run("undo", R"({"workload":"web"})");
  ASSERT_TRUE(r.ok());
  EXPECT_EQ(state.workloadByName("web")->spec.replicas, 2);
  EXPECT_FALSE(run("scale", R"({"workload":"web","replicas":-1})").ok());
  EXPECT_FALSE(run("scale", R"({"workload":"web","replicas":"3"})").ok());
  EXPECT_FALSE(run("scale", R"({"workload":"web","replicas":1,"colour":"red"})").ok())
      << "unknown arguments are refused";
  ASSERT_TRUE(run("restart", R"({"workload":"web"})").ok());
  EXPECT_EQ(state.workloadByName("web")->restartEpoch, 1);
  ASSERT_TRUE(run("remove", R"({"workload":"web"})").ok());
  EXPECT_TRUE(state.workloadByName("web")->deleting);
  EXPECT_EQ(run("scale", R"({"workload":"web","replicas":1})").error().code, base::ErrorCode::Conflict);
  EXPECT_EQ(run("remove", R"({"workload":"nothing"})").error().code, base::ErrorCode::NotFound);
}

TEST_F(CommandsTest, UpdatePatchesAndValidates) {
  ASSERT_TRUE(run("deploy", kWeb).ok());
  ASSERT_TRUE(run("update", R"({"workload":"web","image":"localhost/app:9"})").ok());
  EXPECT_EQ(state.workloadByName("web")->spec.containers[0].image, "localhost/app:9");
  const auto bad = run(
      "update",
      R"({"workload":"web","patch":{"containers":[{"name":"main","image":"x","ports":[{"container_port":70000}]}]}})");
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().fields.at(0).path, "containers[0].ports[0].container_port");
  EXPECT_FALSE(run("update", R"({"workload":"web","patch":{"name":"other"}})").ok());
  const auto revision = state.workloadByName("web")->revision;
  const auto stale = run("update", R"({"workload":"web","image":"localhost/app:10","expect_revision":1})");
  ASSERT_NE(revision, 1);
  ASSERT_FALSE(stale.ok());
  EXPECT_EQ(stale.error().code, base::ErrorCode::Conflict);
}

TEST_F(CommandsTest, APublishedPortBelongsToOneWorkload) {
  ASSERT_TRUE(
      run("deploy",
          R"({"workload":{"name":"a","containers":[{"name":"m","image":"x","ports":[{"container_port":80,"host_port":8080}]}]}})")
          .ok());
  const auto r = run(
      "deploy",
      R"({"workload":{"name":"b","containers":[{"name":"m","image":"x","ports":[{"container_port":81,"host_port":8080}]}]}})");
  ASSERT_FALSE(r.ok());
  EXPECT_EQ(r.error().fields.at(0).path, "containers[0].ports[0].host_port");
  EXPECT_NE(r.error().fields.at(0).message.find("\"a\""), std::string::npos);
}

TEST_F(CommandsTest, APublishedPortBelongsToOneWorkloadOfAManifestToo) {
  const auto spec = [](const char* name, int port, const char* more = "") {
    return QStringLiteral(
               R"({"name":"%1","containers":[{"name":"m","image":"x","ports":[{"container_port":80,"host_port":%2%3}]}]})")
        .arg(QLatin1String(name))
        .arg(port)
        .arg(QLatin1String(more));
  };
  const auto deploy = [&](const QStringList& specs) {
    return run("deploy", (QStringLiteral(R"({"workloads":[)") + specs.join(QLatin1Char(',')) + QStringLiteral("]}"))
                             .toUtf8()
                             .constData());
  };
  const auto r = deploy({spec("a", 8080), spec("b", 8080), spec("c", 8081)});
  ASSERT_FALSE(r.ok());
  EXPECT_EQ(r.error().code, base::ErrorCode::Validation);
  ASSERT_EQ(r.error().fields.size(), 1U) << "each pair once";
  EXPECT_EQ(r.error().fields[0].path, "b: containers[0].ports[0].host_port");
  EXPECT_NE(r.error().fields[0].message.find("\"a\" and by \"b\""), std::string::npos);
  EXPECT_TRUE(state.workloads().empty());
  // Another protocol or another address is another port.
  ASSERT_TRUE(deploy({spec("a", 8080), spec("b", 8080, R"(,"protocol":"udp")")}).ok());
  // Two that exchange their ports within one manifest do not meet.
  ASSERT_TRUE(deploy({spec("c", 1001), spec("d", 1002)}).ok());
  EXPECT_TRUE(deploy({spec("c", 1002), spec("d", 1001)}).ok());
  // Against what is deployed: both names.
  const auto taken = deploy({spec("e", 1002), spec("f", 1003)});
  ASSERT_FALSE(taken.ok());
  EXPECT_NE(taken.error().fields.at(0).message.find("already published by \"c\", \"e\""), std::string::npos);
}

TEST_F(CommandsTest, TheSumOfReplicasIsLimited) {
  for (int n = 0; n < 10; ++n) {
    ASSERT_TRUE(
        run("deploy",
            QStringLiteral(R"({"workload":{"name":"w%1","image":"x","replicas":0}})").arg(n).toUtf8().constData())
            .ok());
  }
  ASSERT_TRUE(run("deploy", R"({"workload":{"name":"more","image":"x","replicas":0}})").ok());
  // Stored directly: placing a hundred thousand instances is not what is tested.
  control::Batch batch;
  for (const auto& [id, w] : state.workloads()) {
    if (w.spec.name != "more") {
      auto full = w;
      full.spec.replicas = base::limits::kMaxReplicas;
      batch.put(full);
    }
  }
  ASSERT_TRUE(state.commit(std::move(batch), clock.value.wall).ok());
  const auto r = run("scale", R"({"workload":"more","replicas":1})", true);
  ASSERT_FALSE(r.ok());
  EXPECT_EQ(r.error().code, base::ErrorCode::Validation);
  EXPECT_NE(r.error().text().find("100001"), std::string::npos) << r.error().text();
  EXPECT_TRUE(checkClusterRules({}, state).ok());
  auto less = *state.workloadByName("w0");
  less.spec.replicas = 5;
  EXPECT_TRUE(checkClusterRules({less}, state).ok());
}

TEST_F(CommandsTest, ANodeRestartsOnlyItself) {
  int asked = 0;
  base::Result<void> can;
  const auto runOn = [&](NodeActions actions, const char* args, bool dryRun = false) {
    Runner other(
        state, controller, audit, random, base::noMetrics(), clock, [] {}, std::move(actions));
    interfaces::CommandRequest r;
    r.name = "restart_node";
    r.args = QJsonDocument::fromJson(args).object();
    r.dryRun = dryRun;
    return other.run(r);
  };
  const NodeActions actions{model::NodeId("node-1"), [&] { return can; }, [&] { ++asked; }};
  ASSERT_TRUE(runOn(actions, "{}", true).ok());
  EXPECT_EQ(asked, 0);
  auto r = runOn(actions, "{}");
  ASSERT_TRUE(r.ok()) << r.error().text();
  EXPECT_TRUE(r->changed);
  EXPECT_EQ(r->summary, "one is restarting");
  EXPECT_EQ(state.events().back().type, "node_restarting");
  EXPECT_TRUE(runOn(actions, R"({"node":"one"})").ok());
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(audit.list(10)->front().command, "restart_node");
  EXPECT_EQ(runOn(actions, R"({"node":"two"})").error().code, base::ErrorCode::NotFound);
  EXPECT_EQ(runOn({model::NodeId("node-2"), [&] { return can; }, [&] { ++asked; }}, R"({"node":"one"})").error().code,
            base::ErrorCode::Unsupported);
  EXPECT_EQ(runOn({model::NodeId("node-1"), {}, {}}, "{}").error().code, base::ErrorCode::Unsupported);
  can = base::makeError(base::ErrorCode::Unavailable, "its program does not run");
  EXPECT_EQ(runOn(actions, "{}").error().code, base::ErrorCode::Unavailable);
  EXPECT_EQ(asked, 2);
}

TEST_F(CommandsTest, CordonKeepsNewInstancesAway) {
  ASSERT_TRUE(run("cordon", R"({"node":"one"})").ok());
  const auto r = run("deploy", kWeb, true);
  ASSERT_TRUE(r.ok());
  ASSERT_FALSE(r->decisions.empty());
  EXPECT_FALSE(r->decisions[0].chosen.has_value());
  ASSERT_TRUE(run("uncordon", R"({"node":"node-1"})").ok());
  EXPECT_TRUE(run("deploy", kWeb, true)->decisions.at(0).chosen.has_value());
}

TEST_F(CommandsTest, CancelOperationEndsPullsAndLoads) {
  std::vector<std::string> cancelled;
  runner.setLongWork({[](const std::string& id) -> std::optional<model::Operation> {
                        if (id != "pull-1" && id != "load-1") {
                          return std::nullopt;
                        }
                        model::Operation o;
                        o.id = id;
                        o.kind = id.substr(0, 4);
                        o.subject = "nginx";
                        return o;
                      },
                      [&](const model::Operation& o, const std::string& by) -> base::Result<void> {
                        cancelled.push_back(o.id + " by " + by);
                        if (cancelled.size() > 2) {
                          return base::makeError(base::ErrorCode::NotFound, "nothing was cancelled", "it has ended");
                        }
                        return {};
                      }});
  auto r = run("cancel_operation", R"({"operation":"pull-1"})", true);
  ASSERT_TRUE(r.ok()) << r.error().text();
  EXPECT_TRUE(cancelled.empty()) << "a dry run cancels nothing";
  ASSERT_EQ(r->plan.size(), 1U);
  EXPECT_EQ(r->plan[0].action, "cancel");
  EXPECT_NE(r->plan[0].detail.find("restarted"), std::string::npos);
  r = run("cancel_operation", R"({"operation":"pull-1"})");
  ASSERT_TRUE(r.ok());
  EXPECT_TRUE(r->changed);
  ASSERT_TRUE(run("cancel_operation", R"({"operation":"load-1"})").ok());
  EXPECT_EQ(cancelled, (std::vector<std::string>{"pull-1 by tester (test)", "load-1 by tester (test)"}));
  EXPECT_EQ(run("cancel_operation", R"({"operation":"pull-1"})").error().code, base::ErrorCode::NotFound);
  EXPECT_EQ(run("cancel_operation", R"({"operation":"nothing"})").error().code, base::ErrorCode::NotFound);
  EXPECT_EQ(run("cancel_operation", R"({"id":"pull-1"})").error().code, base::ErrorCode::Validation);
  const auto log = audit.list(10);
  ASSERT_TRUE(log.ok());
  EXPECT_EQ(log->size(), 5U);
  EXPECT_EQ(log->back().command, "cancel_operation");
}

TEST_F(CommandsTest, CancellingAnUpdateUndoesItAndARemovalIsRefused) {
  std::map<std::string, model::Operation> operations;
  control::RolloutProgress rollouts(state, clock, [&](const model::Operation& o) { operations[o.id] = o; });
  const auto only = [&](const std::string& kind) {
    for (const auto& [id, o] : operations) {
      if (o.kind == kind && !o.finished) {
        return id;
      }
    }
    return std::string("none");
  };
  runner.setLongWork({[&](const std::string& id) -> std::optional<model::Operation> {
                        const auto it = operations.find(id);
                        return it == operations.end() || it->second.finished ? std::nullopt : std::optional(it->second);
                      },
                      {}});
  ASSERT_TRUE(run("deploy", kWeb).ok());
  pass();
  ASSERT_TRUE(run("update", R"({"workload":"web","image":"localhost/app:2"})").ok());
  const std::string update = only("update");
  ASSERT_NE(update, "none");
  EXPECT_TRUE(operations[update].cancellable);
  const std::string args = R"({"operation":")" + update + R"("})";
  const auto planned = run("cancel_operation", args.c_str(), true);
  ASSERT_TRUE(planned.ok()) << planned.error().text();
  EXPECT_EQ(state.workloadByName("web")->spec.containers[0].image, "localhost/app:2");
  const auto done = run("cancel_operation", args.c_str());
  ASSERT_TRUE(done.ok()) << done.error().text();
  EXPECT_NE(done->summary.find("undo"), std::string::npos) << done->summary;
  EXPECT_EQ(state.workloadByName("web")->spec.containers[0].image, "localhost/app:1");
  EXPECT_FALSE(run("cancel_operation", args.c_str()).ok()) << "it is over";

  // A later change that is not what rolls: an undo would take back the wrong thing.
  ASSERT_TRUE(run("update", R"({"workload":"web","image":"localhost/app:3"})").ok());
  ASSERT_TRUE(run("scale", R"({"workload":"web","replicas":3})").ok());
  const std::string second = R"({"operation":")" + only("update") + R"("})";
  const auto wrong = run("cancel_operation", second.c_str());
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code, base::ErrorCode::Conflict);

  ASSERT_TRUE(run("remove", R"({"workload":"web"})").ok());
  const std::string removal = R"({"operation":")" + only("remove") + R"("})";
  const auto refused = run("cancel_operation", removal.c_str());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::Conflict);
  EXPECT_NE(refused.error().hint.find("undo"), std::string::npos);
}

TEST_F(CommandsTest, EverythingIsAuditedWithoutSecrets) {
  ASSERT_TRUE(
      run("deploy",
          R"({"workload":{"name":"web","containers":[{"name":"m","image":"x","env_vars":{"PASSWORD":"hunter2"}}]}})")
          .ok());
  EXPECT_FALSE(run("scale", R"({"workload":"nothing","replicas":1})").ok());
  EXPECT_TRUE(run("scale", R"({"workload":"web","replicas":3})", true).ok());
  const auto log = audit.list(10);
  ASSERT_TRUE(log.ok());
  ASSERT_EQ(log->size(), 2U) << "a dry run is not an act";
  EXPECT_EQ((*log)[0].command, "scale");
  EXPECT_FALSE((*log)[0].ok);
  EXPECT_EQ((*log)[1].actor, "tester");
  for (const auto& e : *log) {
    EXPECT_FALSE(QJsonDocument(toJson(e)).toJson().contains("hunter2"));
  }
}

TEST_F(CommandsTest, TheAuditLogGoesOnAfterARestart) {
  ASSERT_TRUE(run("deploy", kWeb).ok());
  AuditLog again(*store);
  ASSERT_TRUE(again.open().ok());
  interfaces::AuditEntry e;
  e.command = "later";
  ASSERT_TRUE(again.add(e).ok());
  const auto log = again.list(10);
  ASSERT_EQ(log->size(), 2U);
  EXPECT_EQ(log->front().command, "later");
}

TEST_F(CommandsTest, UnknownCommandsNameTheKnownOnes) {
  const auto r = run("explode", R"({"workload":"web"})");
  ASSERT_FALSE(r.ok());
  EXPECT_NE(r.error().hint.find("deploy"), std::string::npos);
}

} // namespace
} // namespace univrs::commands
