#include "engine/manifest/compose_parts.h"
#include "engine/manifest/compose_variables.h"
#include "engine/manifest/manifest.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace univrs::manifest {
namespace {

base::Result<Manifest> compose(const std::string& text, std::map<std::string, std::string> variables = {}) {
  return parse(text, {Format::Compose, "compose.yaml", std::move(variables)});
}

// One service `s` with an image and these lines.
base::Result<Manifest> service(const std::string& lines, const std::string& rest = "") {
  std::string text = "services:\n  s:\n    image: x:1\n    restart: always\n";
  size_t from = 0;
  while (from < lines.size()) {
    const auto end = std::min(lines.find('\n', from), lines.size());
    text += "    " + lines.substr(from, end - from) + "\n";
    from = end + 1;
  }
  return compose(text + rest);
}

const model::Container& first(const base::Result<Manifest>& m) {
  return m->workloads.at(0).containers.at(0);
}

bool says(const base::Result<Manifest>& m, const std::string& path, bool warning) {
  const auto& list = m ? m->warnings : m.error().fields;
  return std::any_of(list.begin(), list.end(),
                     [&](const auto& f) { return f.path == path && f.warning == warning && f.line > 0; });
}

TEST(Compose, wholeService) {
  const auto m =
      service("command: sh -c 'echo \"a b\"'\nentrypoint: [/init, --x]\nenvironment:\n  A: 1.10\n  B: true\n  C: "
              "~\nuser: 1000\nworking_dir: /srv\n"
              "read_only: true\nports: ['127.0.0.1:8080:80', '53:53/udp', 9000]\nexpose: ['9100']\nvolumes: "
              "['data:/d:ro', '/etc/x:/x']\ntmpfs: /run:size=8m\n"
              "stop_grace_period: 1m30s\nmem_limit: 64m\ncpus: 0.5\nlabels: {app: web}\n"
              "healthcheck: {test: curl localhost, interval: 5s, timeout: 2s, retries: 4, start_period: 10s}\n"
              "deploy: {replicas: 3, resources: {reservations: {cpus: '0.25', memory: 32M}}, update_config: "
              "{parallelism: 2, monitor: 3s}}",
              "volumes:\n  data:\nx-note: {anything: goes}\n");
  ASSERT_TRUE(m) << m.error().text();
  const auto& s = m->workloads[0];
  const auto& c = first(m);
  EXPECT_EQ(c.command, (std::vector<std::string>{"/init", "--x"}));
  EXPECT_EQ(c.args, (std::vector<std::string>{"sh", "-c", "echo \"a b\""}));
  EXPECT_EQ(c.env, (std::map<std::string, std::string>{{"A", "1.10"}, {"B", "true"}}));
  EXPECT_TRUE(says(m, "services.s.environment.C", true));
  EXPECT_EQ(c.user, "1000");
  EXPECT_TRUE(c.readOnly);
  ASSERT_EQ(c.ports.size(), 4u);
  EXPECT_EQ(c.ports[0].hostAddress, "127.0.0.1");
  EXPECT_EQ(*c.ports[1].hostPort, 53);
  EXPECT_EQ(c.ports[1].protocol, model::Protocol::Udp);
  EXPECT_FALSE(c.ports[2].hostPort);
  EXPECT_TRUE(says(m, "services.s.ports[2]", true));
  ASSERT_EQ(c.mounts.size(), 3u);
  EXPECT_TRUE(c.mounts[0].readOnly);
  EXPECT_EQ(c.mounts[1].type, model::MountType::Bind);
  EXPECT_EQ(c.mounts[2].sizeBytes, 8 << 20);
  EXPECT_EQ(s.stopGraceMs, 90'000);
  EXPECT_EQ(c.limits.memoryBytes, 64 << 20);
  EXPECT_EQ(c.limits.cpuMillicores, 500);
  EXPECT_EQ(c.requests.cpuMillicores, 250);
  EXPECT_EQ(s.replicas, 3);
  EXPECT_EQ(s.update.maxParallel, 2);
  EXPECT_EQ(s.update.minHealthyMs, 3000);
  ASSERT_TRUE(c.readiness);
  EXPECT_EQ(c.readiness->command.back(), "curl localhost");
  EXPECT_EQ(c.readiness->failureThreshold, 4);
}

TEST(Compose, refused) {
  const std::pair<const char*, const char*> cases[] = {
      {"privileged: true", "services.s.privileged"},
      {"cap_add: [NET_ADMIN]", "services.s.cap_add"},
      {"env_file: .env", "services.s.env_file"},
      {"secrets: [a]", "services.s.secrets"},
      {"extends: {service: b}", "services.s.extends"},
      {"volumes: ['./a:/b']", "services.s.volumes[0]"},
      {"volumes: ['undeclared:/b']", "services.s.volumes[0]"},
      {"ports: ['80:80:80:80']", "services.s.ports[0]"},
      {"ports: ['8000-8001:80']", "services.s.ports[0]"},
      {"ports: ['0:80']", "services.s.ports[0]"},
      {"ports: ['80:80/sctp']", "services.s.ports[0]"},
      {"ports: ['80:80', '80:81']", "services.s.ports[1]"},
      {"deploy: {mode: global}", "services.s.deploy.mode"},
      {"restart: sometimes", "services.s.restart"},
      {"imagee: x", "services.s.imagee"},
      {"command: 'a \"b'", "services.s.command"},
      {"mem_limit: lots", "services.s.mem_limit"},
      {"healthcheck: {test: [curl]}", "services.s.healthcheck.test"},
      {"stop_signal: SIGQUIT", "services.s.stop_signal"},
      {"networks: {n: {ipv4_address: 1.2.3.4}}", "services.s.networks.n.ipv4_address"}};
  for (const auto& [lines, path] : cases) {
    const auto m = service(lines);
    ASSERT_FALSE(m) << lines;
    EXPECT_TRUE(says(m, path, false)) << lines << ": " << m.error().text();
  }
  EXPECT_FALSE(compose("services: {s: {build: .}}"));
  EXPECT_FALSE(compose("services: {s: {}}"));
  EXPECT_FALSE(compose("services: {}"));
  EXPECT_FALSE(compose("version: '3'"));
  EXPECT_FALSE(compose("services: 5"));
  EXPECT_FALSE(compose("- a"));
}

TEST(Compose, leftOutWithAWord) {
  const std::pair<const char*, const char*> cases[] = {
      {"container_name: x", "services.s.container_name"}, {"depends_on: [b]", "services.s.depends_on"},
      {"networks: [front]", "services.s.networks"},       {"build: .", "services.s.build"},
      {"volumes: [/data]", "services.s.volumes[0]"},      {"logging: {driver: json-file}", "services.s.logging"}};
  for (const auto& [lines, path] : cases) {
    const auto m = service(lines);
    ASSERT_TRUE(m) << lines << ": " << m.error().text();
    EXPECT_TRUE(says(m, path, true)) << lines;
  }
  const auto quiet = service("privileged: false\ncap_add: []");
  ASSERT_TRUE(quiet);
  EXPECT_TRUE(quiet->warnings.empty());
  const auto noRestart = compose("services: {s: {image: x}}");
  ASSERT_TRUE(noRestart);
  EXPECT_EQ(noRestart->warnings.size(), 1u);
  const auto profile = compose("services: {s: {image: x, restart: always}, t: {image: y, profiles: [debug]}}");
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->workloads.size(), 1u);
}

TEST(Compose, portRangesAndLongSyntax) {
  const auto m = service("ports:\n- '8000-8002:80-82'\n- {target: 90, published: '9090', protocol: udp, host_ip: "
                         "127.0.0.1, mode: host}\n- '[::1]:7000:7000'");
  ASSERT_TRUE(m) << m.error().text();
  const auto& p = first(m).ports;
  ASSERT_EQ(p.size(), 5u);
  EXPECT_EQ(*p[2].hostPort, 8002);
  EXPECT_EQ(p[2].containerPort, 82);
  EXPECT_EQ(p[3].protocol, model::Protocol::Udp);
  EXPECT_EQ(p[4].hostAddress, "::1");
}

TEST(Compose, mergeKeysAndVariables) {
  const auto m = compose("x-base: &base {restart: always, image: 'x:${TAG:-1}'}\nservices:\n  a: {<<: *base}\n  b: "
                         "{<<: *base, image: \"y:${TAG:?tag}\", scale: '${N}'}\n",
                         {{"TAG", "2"}, {"N", "4"}});
  ASSERT_TRUE(m) << m.error().text();
  EXPECT_EQ(m->workloads[0].containers[0].image, "x:2");
  EXPECT_EQ(m->workloads[1].containers[0].image, "y:2");
  EXPECT_EQ(m->workloads[1].replicas, 4);
  EXPECT_FALSE(compose("services: {s: {image: 'x:${TAG:?needed}'}}"));
}

TEST(Compose, substitution) {
  const std::map<std::string, std::string> v{{"A", "x"}, {"E", ""}};
  const std::pair<const char*, const char*> good[] = {{"$A-${A}", "x-x"},  {"$$A", "$A"},    {"${E:-d}", "d"},
                                                      {"${E-d}", ""},      {"${U-d}", "d"},  {"${U:-${A}y}", "xy"},
                                                      {"${A:+z}", "z"},    {"${E:+z}", ""},  {"${E+z}", "z"},
                                                      {"${U:-$$5}", "$5"}, {"${A:?m}", "x"}, {"a}b", "a}b"}};
  for (const auto& [text, want] : good) {
    model::FaultList f;
    const auto out = substitute(text, v, "p", f);
    ASSERT_TRUE(out) << text;
    EXPECT_EQ(*out, want) << text;
  }
  for (const auto* bad : {"$", "${", "${}", "${A", "${1}", "${A!b}", "$ ", "${U:?m}", "${U?}", "${U:-${A}"}) {
    model::FaultList f;
    EXPECT_FALSE(substitute(bad, v, "p", f)) << bad;
    EXPECT_TRUE(f.hasErrors()) << bad;
  }
}

TEST(Compose, words) {
  using W = std::vector<std::string>;
  EXPECT_EQ(*splitWords("a  b\tc"), (W{"a", "b", "c"}));
  EXPECT_EQ(*splitWords("a 'b c' \"d \\\" e\" f\\ g"), (W{"a", "b c", "d \" e", "f g"}));
  EXPECT_EQ(*splitWords("'' x"), (W{"", "x"}));
  EXPECT_EQ(*splitWords("a'b'\"c\""), (W{"abc"}));
  EXPECT_EQ(*splitWords(""), W{});
  for (const auto* bad : {"'a", "\"a", "a\\"}) {
    EXPECT_FALSE(splitWords(bad)) << bad;
  }
}

TEST(Compose, durationsAndSizes) {
  EXPECT_EQ(compose::parseDuration("1h5m30.5s"), 3'930'500);
  EXPECT_EQ(compose::parseDuration("500ms"), 500);
  for (const auto* bad : {"", "5", "s", "5x", "-5s", "1e5s", "99999999999h"}) {
    EXPECT_FALSE(compose::parseDuration(bad)) << bad;
  }
  EXPECT_EQ(compose::parseSize("512m"), 512 << 20);
  EXPECT_EQ(compose::parseSize("1gb"), 1 << 30);
  EXPECT_EQ(compose::parseSize("64MiB"), 64 << 20);
  EXPECT_EQ(compose::parseSize("1024"), 1024);
  EXPECT_EQ(compose::parseSize("10b"), 10);
  for (const auto* bad : {"", "m", "5x", "-1m", "1e3", "1 2"}) {
    EXPECT_FALSE(compose::parseSize(bad)) << bad;
  }
}

} // namespace
} // namespace univrs::manifest
