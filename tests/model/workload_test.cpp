#include "engine/model/workload.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace univrs::model {
namespace {

QJsonObject json(const char* text) {
  QJsonParseError e;
  const auto d = QJsonDocument::fromJson(text, &e);
  EXPECT_EQ(e.error, QJsonParseError::NoError) << text;
  return d.object();
}

WorkloadSpec good() {
  WorkloadSpec s;
  s.name = "web";
  Container c;
  c.name = "web";
  c.image = "nginx:1.25";
  c.ports = {{"http", 80, 8080, Protocol::Tcp, ""}};
  s.containers.push_back(c);
  return s;
}

Probe probeOn(ProbeKind kind, uint16_t port, const char* path = "/") {
  Probe p;
  p.kind = kind;
  p.port = port;
  p.path = path;
  return p;
}

std::string firstFault(const WorkloadSpec& s) {
  const auto faults = validate(s);
  return faults.empty() ? "" : faults.front().text();
}

TEST(WorkloadJson, originalsForm) {
  const auto s = workloadSpecFromJson(
      json(R"({"name":"web","replicas":3,"labels":{"app":"web"},"containers":[{"name":"web","image":"nginx",
    "command":["a"],"args":["b"],"env_vars":{"K":"V"},"ports":[{"container_port":80,"host_port":8080,"protocol":"TCP"}],
    "resource_requests":{"cpu_cores":0.5,"memory_mb":256,"disk_mb":10}}]})"));
  ASSERT_TRUE(s) << s.error().text();
  EXPECT_EQ(s->containers[0].requests.cpuMillicores, 500);
  EXPECT_EQ(*s->containers[0].ports[0].hostPort, 8080);
  EXPECT_TRUE(validate(*s).empty());
}

TEST(WorkloadJson, allFaultsAtOnceWithPaths) {
  const auto s =
      workloadSpecFromJson(json(R"({"name":5,"replicaz":3,"containers":[{"image":"n","ports":[{"container_port":80},
    {"container_port":70000}],"env_vars":{"A":1},"liveness":{"http":{"port":1},"tcp":{"port":1}},"containerPort":1}]})"));
  ASSERT_FALSE(s);
  std::vector<std::string> texts;
  for (const auto& f : s.error().fields) {
    texts.push_back(f.text());
  }
  const auto has = [&](const std::string& t) { return std::find(texts.begin(), texts.end(), t) != texts.end(); };
  EXPECT_TRUE(has("name: is a number, but a string is wanted (put it in quotes)"));
  EXPECT_TRUE(has("containers[0].ports[1].container_port: 70000 is outside 1…65535"));
  EXPECT_TRUE(has("containers[0].env_vars.A: is a number, but a string is wanted (put it in quotes)"));
  EXPECT_TRUE(has("replicaz: is not a known key (did you mean \"replicas\"?)"));
  EXPECT_TRUE(has("containers[0].liveness: needs exactly one of http, tcp and exec"));
  EXPECT_GE(texts.size(), 6u);
  EXPECT_EQ(s.error().code, base::ErrorCode::Validation);
  EXPECT_FALSE(s.error().why.empty());
}

TEST(WorkloadJson, faultsAreBounded) {
  QJsonObject o;
  for (int i = 0; i < 5000; ++i) {
    o.insert(QStringLiteral("k%1").arg(i), i);
  }
  const auto s = workloadSpecFromJson(o);
  ASSERT_FALSE(s);
  EXPECT_LE(s.error().fields.size(), 100u);
}

TEST(WorkloadJson, wholeWorkloadRoundTrip) {
  Workload w;
  w.id = WorkloadId("6d1");
  w.spec = good();
  w.generation = 4;
  w.revision = 17;
  w.restartEpoch = 2;
  w.deleting = true;
  w.previous = good();
  w.previous->containers[0].image = "nginx:1.24";
  w.createdAt = {1'700'000'000'000};
  w.updatedAt = {1'700'000'000'001};
  w.status = {Health::Degraded, "2 of 3 ready", 3, 2, 2, 1, 3, 9};
  const auto text = QJsonDocument(toJson(w)).toJson();
  const auto back = workloadFromJson(QJsonDocument::fromJson(text).object());
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(*back, w);
  EXPECT_FALSE(workloadFromJson({}));
}

TEST(WorkloadSpecHash, followsWhatMakesAnInstance) {
  const auto base = good();
  auto s = base;
  s.replicas = 9;
  s.labels["a"] = "b";
  s.owner = "me";
  s.update.maxParallel = 3;
  s.placement.strategy = "spread";
  EXPECT_EQ(s.templateHash(), base.templateHash());
  const std::function<void(WorkloadSpec&)> changes[] = {[](WorkloadSpec& x) { x.containers[0].image = "nginx:1.26"; },
                                                        [](WorkloadSpec& x) { x.containers[0].env["A"] = ""; },
                                                        [](WorkloadSpec& x) { x.restart = RestartPolicy::Never; },
                                                        [](WorkloadSpec& x) { x.network = NetworkMode::Host; },
                                                        [](WorkloadSpec& x) { x.stopGraceMs = 1; },
                                                        [](WorkloadSpec& x) { x.placement.node = NodeId("n"); }};
  for (const auto& change : changes) {
    auto changed = base;
    change(changed);
    EXPECT_NE(changed.templateHash(), base.templateHash());
  }
}

struct Case {
  const char* path;
  std::function<void(WorkloadSpec&)> breakIt;
};

TEST(Validate, eachRule) {
  ASSERT_EQ(firstFault(good()), "");
  const auto c0 = [](WorkloadSpec& s) -> Container& { return s.containers[0]; };
  const Case cases[] = {
      {"name", [](WorkloadSpec& s) { s.name = "My App"; }},
      {"name", [](WorkloadSpec& s) { s.name = std::string("a\0b", 3); }},
      {"replicas", [](WorkloadSpec& s) { s.replicas = 10'001; }},
      {"replicas", [](WorkloadSpec& s) { s.replicas = -1; }},
      {"labels", [](WorkloadSpec& s) { s.labels["-"] = ""; }},
      {"labels.a", [](WorkloadSpec& s) { s.labels["a"] = "b c"; }},
      {"containers", [](WorkloadSpec& s) { s.containers.clear(); }},
      {"containers", [](WorkloadSpec& s) { s.containers.resize(17); }},
      {"containers[1].name",
       [](WorkloadSpec& s) {
         s.containers.push_back(s.containers[0]);
         s.containers[1].ports.clear();
       }},
      {"containers[0].image", [&](WorkloadSpec& s) { c0(s).image = "Nginx"; }},
      {"containers[0].image", [&](WorkloadSpec& s) { c0(s).image = "host:"; }},
      {"containers[0].command[0]", [&](WorkloadSpec& s) { c0(s).command = {"\xff"}; }},
      {"containers[0].env_vars", [&](WorkloadSpec& s) { c0(s).env["A=B"] = ""; }},
      {"containers[0].env_vars.A", [&](WorkloadSpec& s) { c0(s).env["A"] = std::string("a\0b", 3); }},
      {"containers[0].working_dir", [&](WorkloadSpec& s) { c0(s).workingDir = "srv"; }},
      {"containers[0].user", [&](WorkloadSpec& s) { c0(s).user = "a b"; }},
      {"containers[0].ports[1].container_port",
       [&](WorkloadSpec& s) {
         c0(s).ports.push_back({"", 80, {}, Protocol::Tcp, ""});
       }},
      {"containers[0].ports[1].container_port",
       [&](WorkloadSpec& s) {
         c0(s).ports.push_back({"", 0, {}, Protocol::Tcp, ""});
       }},
      {"containers[0].ports[1].host_port",
       [&](WorkloadSpec& s) {
         c0(s).ports.push_back({"", 81, 8080, Protocol::Tcp, ""});
       }},
      {"containers[0].ports[0].host_address", [&](WorkloadSpec& s) { c0(s).ports[0].hostAddress = "localhost"; }},
      {"containers[0].ports[0].host_port", [](WorkloadSpec& s) { s.network = NetworkMode::Host; }},
      {"containers[0].ports[0].host_port", [](WorkloadSpec& s) { s.network = NetworkMode::None; }},
      {"containers[0].volumes[0].target",
       [&](WorkloadSpec& s) {
         c0(s).mounts = {{MountType::Volume, "d", "data", false, 0}};
       }},
      {"containers[0].volumes[0].target",
       [&](WorkloadSpec& s) {
         c0(s).mounts = {{MountType::Volume, "d", "/a/../b", false, 0}};
       }},
      {"containers[0].volumes[0].target",
       [&](WorkloadSpec& s) {
         c0(s).mounts = {{MountType::Volume, "d", "//", false, 0}};
       }},
      {"containers[0].volumes[1].target",
       [&](WorkloadSpec& s) {
         c0(s).mounts = {{MountType::Volume, "d", "/a", false, 0}, {MountType::Volume, "e", "/a/", false, 0}};
       }},
      {"containers[0].volumes[0].source",
       [&](WorkloadSpec& s) {
         c0(s).mounts = {{MountType::Bind, "rel", "/a", false, 0}};
       }},
      {"containers[0].volumes[0].source",
       [&](WorkloadSpec& s) {
         c0(s).mounts = {{MountType::Volume, "", "/a", false, 0}};
       }},
      {"containers[0].volumes[0].source",
       [&](WorkloadSpec& s) {
         c0(s).mounts = {{MountType::Tmpfs, "x", "/a", false, 0}};
       }},
      {"containers[0].volumes[0].size_mb",
       [&](WorkloadSpec& s) {
         c0(s).mounts = {{MountType::Volume, "x", "/a", false, 5}};
       }},
      {"containers[0].resource_limits.memory_mb", [&](WorkloadSpec& s) { c0(s).limits.memoryBytes = 1 << 20; }},
      {"containers[0].resource_limits.memory_mb",
       [&](WorkloadSpec& s) {
         c0(s).limits.memoryBytes = 64 << 20;
         c0(s).requests.memoryBytes = 65 << 20;
       }},
      {"containers[0].resource_limits.cpu_cores",
       [&](WorkloadSpec& s) {
         c0(s).limits.cpuMillicores = 1;
         c0(s).requests.cpuMillicores = 2;
       }},
      {"containers[0].resource_requests.cpu_millicores", [&](WorkloadSpec& s) { c0(s).requests.cpuMillicores = -1; }},
      {"containers[0].readiness.tcp.port", [&](WorkloadSpec& s) { c0(s).readiness = probeOn(ProbeKind::Tcp, 81); }},
      {"containers[0].liveness.exec.command", [&](WorkloadSpec& s) { c0(s).liveness = probeOn(ProbeKind::Exec, 0); }},
      {"containers[0].startup.http.path", [&](WorkloadSpec& s) { c0(s).startup = probeOn(ProbeKind::Http, 80, "x"); }},
      {"containers[0].startup.period_seconds",
       [&](WorkloadSpec& s) {
         Probe p = probeOn(ProbeKind::Tcp, 80);
         p.periodMs = 0;
         c0(s).startup = p;
       }},
      {"placement.strategy", [](WorkloadSpec& s) { s.placement.strategy = "best"; }},
      {"placement.required[0].values",
       [](WorkloadSpec& s) {
         s.placement.required = {{"zone", Operator::In, {}}};
       }},
      {"placement.required[0].values",
       [](WorkloadSpec& s) {
         s.placement.required = {{"zone", Operator::Exists, {"a"}}};
       }},
      {"placement.required[0].values",
       [](WorkloadSpec& s) {
         s.placement.required = {{"zone", Operator::Gt, {"a"}}};
       }},
      {"placement.preferred[0].weight",
       [](WorkloadSpec& s) {
         s.placement.preferred = {{{"zone", Operator::Exists, {}}, 101}};
       }},
      {"placement.tolerations[0].key",
       [](WorkloadSpec& s) {
         s.placement.tolerations = {{"", false, "v", {}}};
       }},
      {"placement.spread[0].max_per_domain",
       [](WorkloadSpec& s) {
         s.placement.spread = {{"node", 0}};
       }},
      {"placement.spread[1].topology_key",
       [](WorkloadSpec& s) {
         s.placement.spread = {{"node", 1}, {"node", 1}};
       }},
      {"update.max_parallel", [](WorkloadSpec& s) { s.update.maxParallel = 0; }},
      {"update.min_healthy_seconds", [](WorkloadSpec& s) { s.update.minHealthyMs = s.update.healthyDeadlineMs; }},
      {"stop_grace_seconds", [](WorkloadSpec& s) { s.stopGraceMs = -1; }},
  };
  for (const auto& c : cases) {
    auto s = good();
    c.breakIt(s);
    const auto faults = validate(s);
    ASSERT_FALSE(faults.empty()) << c.path;
    EXPECT_TRUE(std::any_of(faults.begin(), faults.end(), [&](const auto& f) { return f.path.rfind(c.path, 0) == 0; }))
        << c.path << " got " << faults.front().text();
  }
}

TEST(Validate, allowed) {
  auto s = good();
  s.replicas = 0;
  s.containers[0].image = "host:";
  s.containers[0].command = {"/bin/true"};
  s.containers[0].mounts = {{MountType::Tmpfs, "", "/run", false, 5 << 20}};
  s.placement.tolerations = {{"", true, "", {}}};
  s.placement.spread = {{"node", 1}};
  EXPECT_EQ(firstFault(s), "");
}

} // namespace
} // namespace univrs::model
