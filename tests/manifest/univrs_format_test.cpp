#include "engine/manifest/manifest.h"
#include "tests/model/spec_generator.h"

#include <QJsonDocument>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace univrs::manifest {
namespace {

std::string fileText(const std::string& name) {
  std::ifstream in(std::string(UNIVRS_EXAMPLES) + "/" + name);
  std::stringstream s;
  s << in.rdbuf();
  return s.str();
}

bool refusedAt(const base::Result<Manifest>& r, const std::string& path, int line, const std::string& part) {
  if (r) {
    return false;
  }
  for (const auto& f : r.error().fields) {
    if (!f.warning && f.path == path && (line == 0 || f.line == line) && f.message.find(part) != std::string::npos) {
      return true;
    }
  }
  for (const auto& f : r.error().fields) {
    ADD_FAILURE() << "line " << f.line << ": " << f.text();
  }
  return false;
}

TEST(Manifest, examplesAreUnderstood) {
  const std::pair<const char*, Format> files[] = {
      {"hello.yaml", Format::Univrs}, {"compose.yaml", Format::Compose}, {"kubernetes.yaml", Format::Kubernetes}};
  for (const auto& [file, format] : files) {
    const auto m = parse(fileText(file), {Format::Auto, file, {}});
    ASSERT_TRUE(m) << file << ": " << m.error().text();
    EXPECT_EQ(m->format, format);
    EXPECT_EQ(m->workloads.size(), 1u);
    EXPECT_TRUE(m->warnings.empty()) << m->warnings.front().text();
    EXPECT_EQ(m->workloads[0].containers[0].ports.size(), 1u);
    EXPECT_TRUE(m->workloads[0].containers[0].ports[0].hostPort.has_value());
  }
}

TEST(Manifest, imageReference) {
  const auto m = parse(" ghcr.io/a/My_x:1\n");
  EXPECT_FALSE(m); // capitals
  const auto n = parse("ghcr.io/a/my_x:1\n");
  ASSERT_TRUE(n) << n.error().text();
  EXPECT_EQ(n->format, Format::Image);
  EXPECT_EQ(n->workloads[0].name, "my-x");
  EXPECT_EQ(n->workloads[0].containers[0].image, "ghcr.io/a/my_x:1");
}

TEST(Manifest, shortAndFullAndList) {
  const auto shortForm =
      parseJson(QJsonDocument::fromJson(R"({"name":"web","image":"nginx","replicas":2,"cpu_cores":0.5,"memory_mb":64})")
                    .object());
  ASSERT_TRUE(shortForm) << shortForm.error().text();
  EXPECT_EQ(shortForm->workloads[0].containers[0].name, "web");
  EXPECT_EQ(shortForm->workloads[0].containers[0].requests.memoryBytes, 64 << 20);
  const auto list = parse("workloads:\n- {name: a, image: 'x:1'}\n- {name: b, image: 'y:1'}\n");
  ASSERT_TRUE(list) << list.error().text();
  EXPECT_EQ(list->workloads.size(), 2u);
  const auto documents = parse("name: a\nimage: x\n---\nname: b\nimage: y\n---\n");
  ASSERT_TRUE(documents) << documents.error().text();
  EXPECT_EQ(documents->workloads.size(), 2u);
}

TEST(Manifest, aShownWorkloadMayBeSentBack) {
  model::Workload w;
  w.id = model::WorkloadId("x");
  w.spec.name = "web";
  w.spec.containers.resize(1);
  w.spec.containers[0].name = "web";
  w.spec.containers[0].image = "nginx";
  const auto m = parseJson(model::toJson(w));
  ASSERT_TRUE(m) << m.error().text();
  EXPECT_EQ(m->workloads[0], w.spec);
  EXPECT_FALSE(m->warnings.empty());
}

TEST(Manifest, faultsCarryPathAndLine) {
  EXPECT_TRUE(refusedAt(parse("name: web\nimage: nginx\nports:\n- container_port: 80\n- container_port: 70000\n"),
                        "ports[1].container_port", 5, "70000 is outside 1…65535"));
  EXPECT_TRUE(refusedAt(parse("name: Web\nimage: nginx\n"), "name", 1, "not a valid name"));
  EXPECT_TRUE(
      refusedAt(parse("name: a\nimage: x\n---\nname: a\nimage: y\n"), "documents[1].name", 4, "already a workload"));
  EXPECT_TRUE(refusedAt(parse("{\"name\": \"a\",\n \"image\": \"x\",\n \"replicas\": \"3\"}"), "replicas", 3,
                        "a whole number is wanted"));
  EXPECT_TRUE(refusedAt(parse("{\"name\": \"a\",\n \"image\" \"x\"}"), "", 2, "not valid JSON"));
  EXPECT_TRUE(refusedAt(parse("name: a\nimage: 'x\n"), "", 0, "not valid YAML"));
  EXPECT_TRUE(refusedAt(parse("name: a\nimage: x\nread_only: yes\n"), "read_only", 3, "true or false is wanted"));
  EXPECT_TRUE(refusedAt(parse("name: a\nimage: x\nname: b\n"), "name", 0, "twice"));
  EXPECT_TRUE(refusedAt(parse(R"({"name":"a","image":"x","name":"b"})"), "name", 1, "twice"));
  EXPECT_TRUE(refusedAt(parse("name: a\nimage: !foo x\n"), "image", 2, "tag"));
  EXPECT_TRUE(refusedAt(parse("- 5\n"), "[0]", 1, "a workload is wanted"));
  EXPECT_TRUE(refusedAt(parse("name: a\nimage: x\n\xff"), "", 0, "UTF-8"));
  EXPECT_TRUE(refusedAt(parse("name: a\nimage: x\x04\n"), "", 2, "control character"));
  EXPECT_TRUE(refusedAt(parse(""), "", 0, "empty"));
  EXPECT_TRUE(refusedAt(parse("# nothing\n"), "", 0, "no workload"));
}

TEST(Manifest, allFaultsAtOnce) {
  const auto r = parse("name: Bad Name\nreplicas: 20000\ncontainers:\n- image: UPPER\n  ports: [{container_port: "
                       "0}]\n- name: b\n  imge: x\n");
  ASSERT_FALSE(r);
  EXPECT_GE(r.error().fields.size(), 5u);
  for (const auto& f : r.error().fields) {
    EXPECT_GT(f.line, 0) << f.text();
  }
}

TEST(Manifest, coreSchema) {
  const auto m =
      parse("name: a\nimage: x\nenv_vars: {A: yes, B: 'on', C: \"1\", D: 1:30, E: !!str 5}\nreplicas: 0o10\n");
  ASSERT_TRUE(m) << m.error().text();
  EXPECT_EQ(m->workloads[0].replicas, 8);
  EXPECT_EQ(m->workloads[0].containers[0].env.at("A"), "yes");
  EXPECT_EQ(m->workloads[0].containers[0].env.at("D"), "1:30");
  EXPECT_EQ(m->workloads[0].containers[0].env.at("E"), "5");
  const auto octal = parse("name: a\nimage: x\nreplicas: 010\n");
  ASSERT_TRUE(octal) << octal.error().text();
  EXPECT_EQ(octal->workloads[0].replicas, 10);
  EXPECT_EQ(octal->warnings.size(), 1u);
}

TEST(Manifest, anchorsAndMerges) {
  const auto m = parse("workloads:\n- &a {name: a, image: 'x:1', replicas: 2, labels: {k: v}}\n- <<: *a\n  name: b\n");
  ASSERT_TRUE(m) << m.error().text();
  EXPECT_EQ(m->workloads[1].replicas, 2);
  EXPECT_EQ(m->workloads[1].name, "b");
  EXPECT_EQ(m->workloads[1].labels.at("k"), "v");
}

TEST(Manifest, hostileSizes) {
  std::string laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 12; ++i) {
    const auto p = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + p;
    for (int k = 1; k < 10; ++k) {
      laughs += "," + p;
    }
    laughs += "]\n";
  }
  EXPECT_FALSE(parse(laughs));
  EXPECT_FALSE(parse("a: &a [*a]\n"));
  EXPECT_FALSE(parse(std::string(100'000, '[')));
  EXPECT_FALSE(parse("x: " + std::string(100'000, '{')));
  std::string deep;
  for (int i = 0; i < 500; ++i) {
    deep += std::string(size_t(i), ' ') + "a:\n";
  }
  EXPECT_FALSE(parse(deep));
  std::string jsonDeep;
  for (int i = 0; i < 10'000; ++i) {
    jsonDeep += "{\"a\":";
  }
  EXPECT_FALSE(parse(jsonDeep));
  EXPECT_FALSE(parse(std::string(5u << 20, 'a')));
  std::string many = "workloads:\n";
  for (int i = 0; i < 300; ++i) {
    many += "- {name: w" + std::to_string(i) + ", image: x}\n";
  }
  EXPECT_FALSE(parse(many));
}

TEST(Manifest, formatNames) {
  for (const auto f : {Format::Auto, Format::Univrs, Format::Compose, Format::Kubernetes, Format::Image}) {
    EXPECT_EQ(formatFromName(name(f)), f);
  }
  EXPECT_FALSE(formatFromName("helm"));
}

RC_GTEST_PROP(ManifestProperty, yamlGivesTheSpecBack, ()) {
  const auto spec = *model::testing::anySpec();
  const auto yaml = toYaml(spec);
  const auto back = parse(yaml);
  if (!back) {
    RC_FAIL(back.error().text() + "\n" + yaml);
  }
  RC_ASSERT(back->workloads.size() == 1u);
  RC_ASSERT(back->workloads[0] == spec);
}

RC_GTEST_PROP(ManifestProperty, jsonTextGivesTheSpecBack, ()) {
  const auto spec = *model::testing::anySpec();
  const auto back = parse(QJsonDocument(model::toJson(spec)).toJson().toStdString());
  if (!back) {
    RC_FAIL(back.error().text());
  }
  RC_ASSERT(back->workloads[0] == spec);
}

} // namespace
} // namespace univrs::manifest
