#include "engine/manifest/manifest.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace univrs::manifest {
namespace {

base::Result<Manifest> kube(const std::string& text) {
  return parse(text, {Format::Kubernetes, "", {}});
}

// A Pod `p` with one container `c`; both take further keys in flow style.
base::Result<Manifest> pod(const std::string& container, const std::string& spec = "", const std::string& more = "") {
  return kube(
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app: p}}\nspec: {containers: [{name: c, image: 'x:1'" +
      (container.empty() ? "" : ", " + container) + "}]" + (spec.empty() ? "" : ", " + spec) + "}\n" + more);
}

bool says(const base::Result<Manifest>& m, const std::string& path, bool warning) {
  const auto& list = m ? m->warnings : m.error().fields;
  return std::any_of(list.begin(), list.end(),
                     [&](const auto& f) { return f.path == path && f.warning == warning && f.line > 0; });
}

std::string whole(const std::string& type, const std::string& port) {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 4\n  selector: "
         "{matchLabels: {app: web}}\n"
         "  strategy: {rollingUpdate: {maxSurge: 50%}}\n  template:\n    metadata: {labels: {app: web, tier: x}}\n    "
         "spec:\n"
         "      containers: [{name: c, image: 'x:1', ports: [{name: http, containerPort: 80}]}]\n"
         "---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: " +
         type + ", selector: {app: web}, ports: [" + port + "]}\n";
}

TEST(Kubernetes, deploymentWithService) {
  const auto m = kube(whole("LoadBalancer", "{port: 8080, targetPort: http}"));
  ASSERT_TRUE(m) << m.error().text();
  const auto& s = m->workloads[0];
  EXPECT_EQ(s.replicas, 4);
  EXPECT_EQ(s.update.maxParallel, 2);
  EXPECT_EQ(s.stopGraceMs, 30'000);
  EXPECT_EQ(*s.containers[0].ports[0].hostPort, 8080);
  const auto node = kube(whole("NodePort", "{port: 80, nodePort: 30080}"));
  ASSERT_TRUE(node) << node.error().text();
  EXPECT_EQ(*node->workloads[0].containers[0].ports[0].hostPort, 30080);
  const auto cluster = kube(whole("ClusterIP", "{port: 80}"));
  ASSERT_TRUE(cluster);
  EXPECT_FALSE(cluster->workloads[0].containers[0].ports[0].hostPort);
  EXPECT_EQ(cluster->warnings.size(), 1u);
  EXPECT_FALSE(kube(whole("NodePort", "{port: 80, targetPort: other}")));
  EXPECT_FALSE(kube(whole("ExternalName", "{port: 80}")));
}

TEST(Kubernetes, environment) {
  const auto m = pod("env: [{name: A, value: '1'}, {name: B, value: '$(A)-$(X)-$$(A)'}, {name: C, valueFrom: "
                     "{configMapKeyRef: {name: m, key: k}}}, "
                     "{name: D, valueFrom: {secretKeyRef: {name: s, key: k}}}, {name: E, valueFrom: {secretKeyRef: "
                     "{name: s, key: no, optional: true}}}], "
                     "envFrom: [{prefix: P_, configMapRef: {name: m}}], args: ['$(A)']",
                     "",
                     "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {k: v}\n---\napiVersion: "
                     "v1\nkind: Secret\nmetadata: {name: s}\ndata: {k: aGk=}\n");
  ASSERT_TRUE(m) << m.error().text();
  const auto& c = m->workloads[0].containers[0];
  EXPECT_EQ(c.env, (std::map<std::string, std::string>{
                       {"A", "1"}, {"B", "1-$(X)-$(A)"}, {"C", "v"}, {"D", "hi"}, {"P_k", "v"}}));
  EXPECT_EQ(c.args.front(), "1");
  EXPECT_FALSE(pod("env: [{name: C, valueFrom: {configMapKeyRef: {name: nope, key: k}}}]"));
  EXPECT_FALSE(pod("env: [{name: C, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]"));
  EXPECT_FALSE(pod("env: [{name: C, value: 5}]"));
}

TEST(Kubernetes, containerParts) {
  const auto m = pod("ports: [{name: web, containerPort: 80}], readinessProbe: {httpGet: {path: /h, port: web, "
                     "httpHeaders: [{name: X, value: y}]}, periodSeconds: 3}, "
                     "livenessProbe: {tcpSocket: {port: 81}}, startupProbe: {exec: {command: [a]}}, resources: "
                     "{requests: {cpu: 100m, nvidia.com/gpu: 1}, "
                     "limits: {memory: 64Mi, cpu: 1, nvidia.com/gpu: 1}}, securityContext: {runAsUser: 7, runAsGroup: "
                     "8, readOnlyRootFilesystem: true}, imagePullPolicy: Never, "
                     "volumeMounts: [{name: t, mountPath: /t}, {name: h, mountPath: /h, readOnly: true}]",
                     "volumes: [{name: t, emptyDir: {medium: Memory, sizeLimit: 1Mi}}, {name: h, hostPath: {path: "
                     "/etc}}], restartPolicy: OnFailure, "
                     "terminationGracePeriodSeconds: 5, nodeSelector: {disk: ssd}, hostNetwork: true");
  ASSERT_TRUE(m) << m.error().text();
  const auto& s = m->workloads[0];
  const auto& c = s.containers[0];
  EXPECT_EQ(c.readiness->port, 80);
  EXPECT_EQ(c.readiness->headers.at("X"), "y");
  EXPECT_EQ(c.readiness->periodMs, 3000);
  EXPECT_EQ(c.liveness->port, 81);
  EXPECT_EQ(c.ports.size(), 2u); // the probe's port was added
  EXPECT_EQ(c.requests.cpuMillicores, 100);
  EXPECT_EQ(c.requests.memoryBytes, 64 << 20); // follows the limit
  EXPECT_EQ(c.requests.gpus, 1);
  EXPECT_EQ(c.user, "7:8");
  EXPECT_EQ(c.mounts[0].sizeBytes, 1 << 20);
  EXPECT_TRUE(c.mounts[1].readOnly);
  EXPECT_EQ(c.pull, model::PullPolicy::Never);
  EXPECT_EQ(s.restart, model::RestartPolicy::OnFailure);
  EXPECT_EQ(s.stopGraceMs, 5000);
  EXPECT_EQ(s.network, model::NetworkMode::Host);
  EXPECT_EQ(s.placement.required.at(0).key, "disk");
}

TEST(Kubernetes, placement) {
  const auto m = pod("", "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
                         "{nodeSelectorTerms: [{matchExpressions: [{key: zone, operator: NotIn, values: [a]}]}]}, "
                         "preferredDuringSchedulingIgnoredDuringExecution: [{weight: 5, preference: {matchExpressions: "
                         "[{key: ssd, operator: Exists}]}}]}, "
                         "podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: "
                         "kubernetes.io/hostname, labelSelector: {matchLabels: {app: p}}}]}}, "
                         "tolerations: [{key: k, operator: Exists, effect: NoExecute}]");
  ASSERT_TRUE(m) << m.error().text();
  const auto& p = m->workloads[0].placement;
  EXPECT_EQ(p.required.at(0).op, model::Operator::NotIn);
  EXPECT_EQ(p.preferred.at(0).weight, 5);
  EXPECT_EQ(p.spread.at(0).topologyKey, "node");
  EXPECT_TRUE(p.tolerations.at(0).exists);
}

TEST(Kubernetes, refused) {
  const std::pair<std::string, std::string> containers[] = {
      {"securityContext: {privileged: true}", "spec.containers[0].securityContext.privileged"},
      {"securityContext: {capabilities: {add: [X]}}", "spec.containers[0].securityContext.capabilities.add"},
      {"lifecycle: {preStop: {}}", "spec.containers[0].lifecycle"},
      {"imagee: x", "spec.containers[0].imagee"},
      {"readinessProbe: {grpc: {port: 1}}", "spec.containers[0].readinessProbe.grpc"},
      {"readinessProbe: {httpGet: {port: none}}", "spec.containers[0].readinessProbe.httpGet.port"},
      {"volumeMounts: [{name: q, mountPath: /q}]", "spec.containers[0].volumeMounts[0].name"},
      {"resources: {limits: {memory: 64MB}}", "spec.containers[0].resources.limits.memory"},
      {"ports: [{containerPort: 70000}]", "spec.containers[0].ports[0].containerPort"},
      {"workingDir: rel", "spec.containers[0].workingDir"}};
  for (const auto& [text, path] : containers) {
    const auto m = pod(text);
    ASSERT_FALSE(m) << text;
    EXPECT_TRUE(says(m, path, false)) << text << ": " << m.error().text();
  }
  const std::pair<std::string, std::string> specs[] = {
      {"initContainers: [{name: i}]", "spec.initContainers"},
      {"imagePullSecrets: [{name: s}]", "spec.imagePullSecrets"},
      {"hostPID: true", "spec.hostPID"},
      {"volumes: [{name: v, configMap: {name: m}}]", "spec.volumes[0].configMap"},
      {"affinity: {podAffinity: {x: 1}}", "spec.affinity.podAffinity"},
      {"securityContext: {fsGroup: 1}", "spec.securityContext.fsGroup"},
      {"topologySpreadConstraints: [{whenUnsatisfiable: DoNotSchedule}]", "spec.topologySpreadConstraints[0]"},
      {"unknownKey: 1", "spec.unknownKey"}};
  for (const auto& [text, path] : specs) {
    const auto m = pod("", text);
    ASSERT_FALSE(m) << text;
    EXPECT_TRUE(says(m, path, false)) << text << ": " << m.error().text();
  }
  for (const auto* kind : {"StatefulSet", "DaemonSet", "Job", "Ingress", "PersistentVolumeClaim", "NetworkPolicy"}) {
    const auto m = kube(std::string("apiVersion: apps/v1\nkind: ") + kind + "\nmetadata: {name: x}\n");
    ASSERT_FALSE(m);
    EXPECT_TRUE(says(m, "kind", false)) << kind;
  }
  EXPECT_FALSE(kube("name: x\n"));
  EXPECT_FALSE(
      kube("apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: {a: b}, ports: [{port: 1}]}\n"));
}

TEST(Kubernetes, leftOutWithAWord) {
  for (const auto* text : {"serviceAccountName: x", "hostname: h", "priorityClassName: p", "dnsPolicy: None"}) {
    const auto m = pod("", text);
    ASSERT_TRUE(m) << text << ": " << m.error().text();
    EXPECT_EQ(m->warnings.size(), 1u) << text;
  }
}

TEST(Kubernetes, listsAndLatest) {
  const auto m = kube(
      "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: "
      "[{name: c, image: x}]}}\n"
      "- {apiVersion: v1, kind: Pod, metadata: {name: b}, spec: {containers: [{name: c, image: 'x:1', bogus: 1}]}}\n");
  ASSERT_FALSE(m);
  EXPECT_TRUE(says(m, "items[1].spec.containers[0].bogus", false));
  const auto latest =
      kube("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: x}]}\n");
  ASSERT_TRUE(latest);
  // An image loaded from an archive must run without a registry: only a written policy pulls what is there.
  EXPECT_EQ(latest->workloads[0].containers[0].pull, model::PullPolicy::IfNotPresent);
  EXPECT_TRUE(says(latest, "spec.containers[0].imagePullPolicy", true));
}

// A small file must not make gigabytes of environment.
TEST(Kubernetes, environmentIsBounded) {
  std::string text =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {k: '" + std::string(100'000, 'x') + "'}\n";
  for (int i = 0; i < 200; ++i) {
    text += "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p" + std::to_string(i) +
            "}\nspec: {containers: [{name: c, image: 'x:1', envFrom: [{configMapRef: {name: m}}]}]}\n";
  }
  EXPECT_FALSE(kube(text));
  std::string doubling = "env: [{name: A0, value: 'xxxxxxxxxx'}";
  for (int i = 1; i < 60; ++i) {
    const auto p = std::to_string(i - 1);
    doubling += ", {name: A" + std::to_string(i) + ", value: '$(A" + p + ")$(A" + p + ")'}";
  }
  EXPECT_FALSE(pod(doubling + "]"));
}

} // namespace
} // namespace univrs::manifest
