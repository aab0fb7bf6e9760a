// The real window module with a scripted engine behind it, for pictures, for measuring, and as the target of the X11
// drop test: gui_preview MODULE SCENE, where SCENE is starting, empty, data, many, long, odd, sheet, errors or lost.
// Every command the window asks for is printed as a line `command NAME dry|real JSON`.
#include "app/gui/gui_module.h"
#include "tests/gui/scripted_engine.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QPluginLoader>
#include <QTimer>

#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

using namespace univrs;
using namespace univrs::gui::test;
using interfaces::CommandOutcome;
using model::Health;
using model::InstanceState;

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

void fill(ScriptedEngine& engine, const QString& scene) {
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
  engine.snapshot(list, instances, {node("laptop")});
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

} // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: gui_preview MODULE SCENE\n", stderr);
    return 2;
  }
  const QString scene = QString::fromLocal8Bit(argv[2]);
  QPluginLoader loader(QString::fromLocal8Bit(argv[1]));
  auto* module = qobject_cast<gui::GuiModule*>(loader.instance());
  if (!module) {
    std::fprintf(stderr, "%s\n", qPrintable(loader.errorString()));
    return 3;
  }
  const std::unique_ptr<QCoreApplication> app(module->createApplication(argc, argv));
  ScriptedEngine engine;
  engine.onCommand = [&](const interfaces::CommandRequest& r) -> ScriptedEngine::Outcome {
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
  QTimer lines;
  QObject::connect(&lines, &QTimer::timeout, [&, n = 0]() mutable {
    ++n;
    engine.log({"INFO  GET /orders/" + std::to_string(8000 + n) + " 200 14 ms",
                n % 7 == 0 ? "ERROR payment gateway timeout after 3000 ms, trying again in 5 s (attempt 2 of 5)"
                           : "\x1b[32mINFO\x1b[0m  GET /healthz 200 1 ms"});
  });
  lines.start(100);
  if (scene != QLatin1String("starting")) {
    QTimer::singleShot(300, app.get(), [&] { fill(engine, scene); });
  }
  return module->run(*app, &engine, {});
}
