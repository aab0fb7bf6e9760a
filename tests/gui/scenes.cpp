#include "tests/gui/scenes.h"

#include <QJsonDocument>
#include <QObject>

#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace univrs::gui::test {

using interfaces::CommandOutcome;
using model::Health;
using model::InstanceState;
using model::NodeStatus;

namespace {

CommandOutcome planOf(const std::string& name) {
  CommandOutcome o;
  o.command = "deploy";
  o.changed = true;
  o.summary = name + " created with 2 replicas";
  model::Workload w = workload(name, Health::Progressing, 0, 2);
  o.objects.push_back(model::toJson(w));
  o.plan.push_back({"create", "workload " + name, "2 replicas of docker.io/library/nginx:1.27-alpine"});
  o.plan.push_back({"start_instance", "instance on laptop", "best score of 1 node"});
  o.plan.push_back({"start_instance", "instance on laptop", "best score of 1 node"});
  o.warnings.push_back({"services.web.privileged", "privileged containers are not supported; it starts without",
                        "remove the key", true, 7});
  model::Decision d;
  d.workloadName = name;
  d.chosen = model::NodeId("a");
  d.chosenName = "laptop";
  d.summary = "placed on laptop (0.82); 1 of 2 nodes fits";
  d.nodes.push_back({model::NodeId("a"), "laptop", true, "", "", 0.82, {}});
  d.nodes.push_back(
      {model::NodeId("b"), "raspberry-pi-in-the-attic", false, "memory", "memory 212 MiB free, 256 MiB asked", 0, {}});
  o.decisions.push_back(d);
  o.undo = {{QStringLiteral("name"), QStringLiteral("remove")},
            {QStringLiteral("args"), QJsonObject{{QStringLiteral("workload"), QString::fromStdString(name)}}}};
  return o;
}

base::Error faults() {
  base::Error e = base::makeError(base::ErrorCode::Validation, "compose.yaml was not understood", "2 faults", "");
  e.fields.push_back(
      {"services.web.ports[0]", "70000 is outside 1…65535", "write \"HOST:CONTAINER\", as in \"8080:80\"", false, 4});
  e.fields.push_back({"services.web.restrat", "unknown key", "did you mean restart?", false, 6});
  e.fields.push_back({"services.web.build", "building images is not supported; image is used", "", true, 8});
  return e;
}

// As many nodes as a small cluster has, one of each kind of trouble; instances made by instance() are on the first.
std::vector<model::Node> cluster(int count) {
  const std::array<const char*, 6> names{"laptop", "hetzner-1", "aws-1", "azure-1", "gcp-1", "raspberry-pi"};
  std::vector<model::Node> nodes;
  for (int i = 0; i < count; ++i) {
    model::Node n = clusterNode(size_t(i) < names.size() ? names[size_t(i)] : "node-" + std::to_string(1000 + i));
    if (i == 0) {
      n.id = node("laptop").id;
      n.roles = {"control", "worker"};
    }
    n.labels = {{"region", i % 2 == 0 ? "eu-central" : "us-east"}, {"zone", "b"}, {"disk", "ssd"}};
    n.reserved.cpuMillicores = 700 * (i % 6);
    n.reserved.memoryBytes = n.allocatable.memoryBytes / 6 * (6 - i % 6);
    n.address = "http://10.0.0." + std::to_string(10 + i % 240) + ":8080";
    n.startedAt.ms -= int64_t(i % 30) * 86'400'000 * 3;
    if (i == 1) {
      n.taints.push_back({"gpu", "only", model::TaintEffect::NoSchedule});
    } else if (i == 4) {
      n.cordoned = true;
    } else if (i == 5) {
      n.status = NodeStatus::NotReady;
      n.statusReason = "Docker does not answer at /var/run/docker.sock";
    }
    nodes.push_back(n);
  }
  return nodes;
}

// A decision with every node's reason: of `nodes`, the first `fits` had room.
model::Decision explained(const std::string& id, int nodes, int fits) {
  model::Decision d = decision(id, "thumbnailer", fits > 0 ? "laptop" : "", 4'000);
  d.nodesTotal = nodes;
  d.nodesFit = fits;
  d.summary = fits > 0
                  ? "placed on laptop (0.88); " + std::to_string(fits) + " of " + std::to_string(nodes) + " nodes fit"
                  : "no node fits: the memory of 4 is taken, 2 are tainted";
  const std::vector<model::Node> all = cluster(nodes);
  for (int i = 0; i < nodes; ++i) {
    model::NodeVerdict v;
    v.nodeName = all[size_t(i)].name;
    v.nodeId = all[size_t(i)].id;
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
      v.filter = i % 3 == 0 ? "taint" : "memory";
      v.reason = i % 3 == 0 ? "taint gpu=only:NoSchedule is not tolerated" : "memory 212 MiB free, 256 MiB asked";
    }
    d.nodes.push_back(v);
  }
  return d;
}

void tellDecisionsAndEvents(ScriptedEngine& engine, int count) {
  for (int i = 0; i < count; ++i) {
    engine.put(decision("d" + std::to_string(i), i % 3 == 0 ? "thumbnailer" : "web-shop", i % 3 == 0 ? "" : "aws-1",
                        4'000 + i * 60'000));
    engine.put(event("e" + std::to_string(i),
                     i % 5 == 0 ? "raspberry-pi is not ready: Docker does not answer" : "web-shop-cccccc is running",
                     i * 90'000, i % 5 == 0 ? model::Severity::Warning : model::Severity::Info));
  }
}

// A shell that says a few lines and answers what is typed with just that.
class Shell final : public interfaces::ExecSession {
public:
  explicit Shell(interfaces::ExecSessionHandlers handlers) : m_handlers(std::move(handlers)) {
    QMetaObject::invokeMethod(
        &m_here,
        [this] {
          m_handlers.onStarted();
          m_handlers.onOutput(
              "/app # ps\r\nPID   USER     TIME  COMMAND\r\n    1 root      0:04 nginx: master process\r\n"
              "   31 nginx     0:12 nginx: worker process\r\n   47 root      0:00 /bin/sh\r\n"
              "/app # ls --color\r\n\x1b[1;34mconf\x1b[0m  \x1b[1;34mhtml\x1b[0m  "
              "\x1b[1;32mstart.sh\x1b[0m\r\n/app # ",
              false);
        },
        Qt::QueuedConnection);
  }
  void write(std::string bytes) override { m_handlers.onOutput(std::move(bytes), false); }
  void closeInput() override {}
  void resize(int /*columns*/, int /*rows*/) override {}

private:
  QObject m_here; // what is queued does not outlive this
  interfaces::ExecSessionHandlers m_handlers;
};
} // namespace

void fillScene(ScriptedEngine& engine, const QString& scene) {
  engine.connect(true);
  std::vector<model::Workload> list;
  std::vector<model::Instance> instances;
  if (scene == QLatin1String("many")) {
    for (int i = 0; i < 1000; ++i) {
      list.push_back(workload("service-" + std::to_string(1000 + i), i % 17 == 0 ? Health::Degraded : Health::Healthy,
                              i % 5, i % 5));
    }
  } else if (scene == QLatin1String("long")) {
    for (int i = 0; i < 6; ++i) {
      list.push_back(workload("a-very-long-workload-name-that-goes-on-until-the-limit-of-sixty-" + std::to_string(i),
                              Health::Degraded, 1, 10000,
                              "registry.example.org:5000/team/with/a/deep/path/"
                              "application@sha256:91c4aa5ff1e0a3ab9f5be40de4ff8f2d7d0a5cbf21d9e0cbb2a55b6ad1e7e011"));
      list.back().status.restarts = 1234;
    }
  } else if (scene == QLatin1String("odd")) { // names as people really write them
    for (const char* name : {"\U0001F980 crab-shop \U0001F680", "متجر-الطلبات", "חנות", "注文サービス"}) {
      list.push_back(workload(name, Health::Degraded, 1, 2, "ghcr.io/acme/\U0001F980:1"));
      list.back().status.reason = "1 of 2 instances is not ready: \U0001F525";
      instances.push_back(instance(name, "aaaaaa", InstanceState::Running));
    }
    list.push_back(workload(std::string(253, 'w'), Health::Healthy));
  } else if (scene != QLatin1String("empty") && scene != QLatin1String("noengine")) {
    list.push_back(workload("web-shop", Health::Healthy, 3, 3));
    list.push_back(workload("orders-api", Health::Progressing, 4, 5, "ghcr.io/acme/orders:1.9.3"));
    list.back().previous = list.back().spec;
    list.back().previous->containers[0].image = "ghcr.io/acme/orders:1.9.2";
    list.back().status.updated = 3;
    list.back().status.total = 6;
    list.push_back(workload("mail-worker", Health::Degraded, 1, 2, "ghcr.io/acme/mail:0.8"));
    list.back().status.reason = "1 of 2 instances is not ready: liveness probe failed 3 times";
    list.back().status.restarts = 4;
    list.push_back(workload("thumbnailer", Health::Degraded, 0, 3, "ghcr.io/acme/thumb:2.0"));
    list.back().status.reason = "OOM killed: used 64 MiB of 64 MiB. Raise the memory limit";
    list.back().status.restarts = 17;
    list.push_back(workload("postgres", Health::Healthy, 1, 1, "postgres:16"));
    list.push_back(workload("nightly", Health::Healthy, 0, 0, "restic/restic:0.16"));
    instances.push_back(instance("mail-worker", "7f2c1a", InstanceState::Running));
    instances.push_back(instance("mail-worker", "9abc2d", InstanceState::Unhealthy,
                                 "liveness probe: GET /healthz answered 503, 3 times in a row"));
    instances.back().restarts = 4;
    for (const char* s : {"aaaaaa", "bbbbbb", "cccccc"}) {
      instances.push_back(instance("web-shop", s, InstanceState::Running));
      instances.back().endpoints.push_back({80, model::Protocol::Tcp, "127.0.0.1", 41235});
    }
  }
  const bool none = scene == QLatin1String("empty") || scene == QLatin1String("noengine");
  engine.snapshot(list, instances, cluster(none ? 1 : scene == QLatin1String("many") ? 1'000 : 6));
  if (!none) {
    tellDecisionsAndEvents(engine, scene == QLatin1String("many") ? 1'000 : 30);
  }
  if (scene == QLatin1String("data")) {
    model::Operation op;
    op.id = "pull-1";
    op.kind = "pull";
    op.subject = "ghcr.io/acme/orders:1.9.3";
    op.workloadId = "id-orders-api";
    op.current = 12 << 20;
    op.total = 40 << 20;
    engine.put(op);
    model::Instance crashing = instance("thumbnailer", "0c4e11", InstanceState::Backoff,
                                        "OOM killed: used 64 MiB of 64 MiB. Raise the memory limit");
    crashing.crashLoop = true;
    engine.put(crashing);
  }
  if (scene == QLatin1String("lost")) {
    engine.connect(false, "the node at http://127.0.0.1:8080 does not answer; trying again");
  }
}

void scriptScene(ScriptedEngine& engine, const QString& scene) {
  engine.onCommand = [scene](const interfaces::CommandRequest& r) -> ScriptedEngine::Outcome {
    std::printf("command %s %s %s\n", r.name.c_str(), r.dryRun ? "dry" : "real",
                QJsonDocument(r.args).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
    if (scene == QLatin1String("errors")) {
      return faults();
    }
    return planOf("web");
  };
  interfaces::HealthReport health;
  health.status = interfaces::PartHealth::Healthy;
  health.parts = {{"store", interfaces::PartHealth::Healthy, "SQLite, 12 MiB", {}},
                  {"runtime", interfaces::PartHealth::Healthy, "Podman 4.3.1", {}},
                  {"ports", interfaces::PartHealth::Healthy, "", {}}};
  if (scene == QLatin1String("noengine")) {
    health.status = interfaces::PartHealth::Degraded;
    health.parts[1] = {"runtime", interfaces::PartHealth::Degraded, "no socket of Docker or Podman was found", {}};
  }
  engine.healthReport = health;
  engine.onUsage = [](const interfaces::UsageQuery& q) {
    std::vector<interfaces::UsageSeries> out;
    for (const std::string& id : q.ids) {
      interfaces::UsageSeries s;
      s.id = id;
      const int count = q.maxPoints > 0 ? q.maxPoints : 360;
      const int64_t to = q.to.isSet() ? q.to.ms : base::SystemClock().now().wall.ms;
      const int64_t from = q.from.isSet() ? q.from.ms : to - 3'600'000;
      s.stepMs = (to - from) / count;
      s.memoryLimitBytes = 128 << 20;
      const double phase = double(std::hash<std::string>()(id) % 100);
      for (int i = 0; i < count; ++i) {
        interfaces::UsagePoint p;
        p.time = base::Timestamp{from + i * s.stepMs};
        p.cpuMillicores = int64_t(180 + 90 * std::sin(i / 9.0 + phase) + 40 * std::sin(i / 2.3 + phase));
        p.memoryBytes = int64_t((70 + 25 * std::sin(i / 40.0 + phase)) * (1 << 20));
        p.receivedPerSecond = int64_t(9'000 + 8'000 * std::sin(i / 15.0 + phase));
        p.sentPerSecond = int64_t(52'000 + 31'000 * std::sin(i / 12.0 + phase));
        p.restarts = i % 90 == 40 ? 1 : 0;
        p.instances = 3;
        s.points.push_back(p);
      }
      out.push_back(std::move(s));
    }
    return out;
  };
  engine.onEvents = [](const interfaces::EventQuery& q) {
    interfaces::ItemPage<model::Event> page;
    const std::vector<std::pair<model::Severity, std::string>> texts{
        {model::Severity::Error, "mail-worker-9abc2d: liveness probe failed 3 times, GET /healthz answered 503"},
        {model::Severity::Warning, "mail-worker-9abc2d is restarted in place, the 4th time"},
        {model::Severity::Info, "mail-worker-7f2c1a is running on laptop"},
        {model::Severity::Info, "mail-worker was scaled from 1 to 2 replicas"},
        {model::Severity::Info, "mail-worker was created"}};
    for (size_t i = 0; i < texts.size(); ++i) {
      model::Event e;
      e.id = std::to_string(i);
      e.workloadId = q.workload;
      e.severity = texts[i].first;
      e.type = i < 3 ? "instance_status_changed" : "workload_updated";
      e.message = texts[i].second;
      e.time = base::Timestamp{base::SystemClock().now().wall.ms - int64_t(i + 1) * 700'000};
      e.count = i == 1 ? 4 : 1;
      page.items.push_back(std::move(e));
    }
    return page;
  };
  engine.onImageArchive = [](const std::string& path) {
    std::printf("archive %s\n", path.c_str());
    std::fflush(stdout);
    interfaces::StoredImage image;
    image.tags = {"docker.io/acme/shop:1.2"};
    return base::Result(std::vector{image});
  };
  engine.onExec = [](const interfaces::ExecQuery&, interfaces::ExecSessionHandlers handlers) {
    return std::make_unique<Shell>(std::move(handlers));
  };
  engine.onDecisions = [](const interfaces::DecisionQuery&) {
    return base::Result(interfaces::ItemPage<model::Decision>{});
  };
  engine.onDecision = [scene](const std::string& id) {
    return base::Result(explained(id, scene == QLatin1String("many") ? 1'000 : 6, id == "d0" ? 0 : 3));
  };
}

void writeLog(ScriptedEngine& engine, int number) {
  engine.log({"INFO  GET /orders/" + std::to_string(8000 + number) + " 200 14 ms",
              number % 7 == 0 ? "ERROR payment gateway timeout after 3000 ms, trying again in 5 s (attempt 2 of 5)"
                              : "\x1b[32mINFO\x1b[0m  GET /healthz 200 1 ms"});
}

} // namespace univrs::gui::test
