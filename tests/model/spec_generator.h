// Valid workload specs of every shape, for property tests.
#pragma once

#include "engine/model/workload.h"

#include <rapidcheck.h>

namespace univrs::model::testing {

inline std::string anyText() {
  // Characters that YAML, JSON and shells treat specially are as likely as letters.
  static const std::vector<std::string> parts{
      "a", "B", "1", " ",      ":",      "#",    "\"",   "'", "\\", "\n",  "\t",  "-",    "{",     "}",   "[",
      ",", "&", "*", "!",      "|",      ">",    "%",    "@", "`",  "$",   "~",   "true", "null",  "0x1", "1e3",
      "ü", "€", "😀", "\u2028", "\u0085", "\x01", "\x7f", "=", "<<", "---", "...", "\r",   "\ufeff"};
  std::string out;
  for (int i = *rc::gen::inRange(0, 8); i > 0; --i) {
    const auto& part = parts[size_t(*rc::gen::inRange(0, int(parts.size())))];
    // Qt's JSON reader takes a byte order mark off the front of a string; anywhere else it stays.
    out += out.empty() && part == "\ufeff" ? std::string("a") : part;
  }
  return out;
}

inline std::string anyLabel() {
  const auto first = *rc::gen::inRange('a', char('z' + 1));
  return std::string(1, first) + std::to_string(*rc::gen::inRange(0, 1000));
}

inline Probe anyProbe(const Container& c) {
  Probe p;
  p.kind = c.ports.empty() ? ProbeKind::Exec : ProbeKind(*rc::gen::inRange(0, 3));
  if (p.kind == ProbeKind::Exec) {
    p.command = {"/bin/x", anyText()};
  } else {
    p.port = c.ports.front().containerPort;
    if (p.kind == ProbeKind::Http) {
      p.path = "/" + anyLabel();
      if (*rc::gen::arbitrary<bool>()) {
        p.headers["X-A"] = anyLabel();
      }
    }
  }
  p.initialDelayMs = *rc::gen::inRange(0, 100'000);
  p.periodMs = *rc::gen::inRange(100, 100'000);
  p.timeoutMs = *rc::gen::inRange(100, 100'000);
  p.failureThreshold = *rc::gen::inRange(1, 20);
  return p;
}

inline Container anyContainer(int index, uint16_t& nextPort) {
  Container c;
  c.name = anyLabel() + "-" + std::to_string(index);
  c.image = "registry.example:5000/a/" + anyLabel() + ":1";
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    c.command.push_back(anyText());
    c.args.push_back(anyText());
    c.env[anyLabel()] = anyText();
  }
  c.workingDir = *rc::gen::arbitrary<bool>() ? "/srv" : "";
  c.user = *rc::gen::arbitrary<bool>() ? "1000:1000" : "";
  c.readOnly = *rc::gen::arbitrary<bool>();
  c.pull = PullPolicy(*rc::gen::inRange(0, 3));
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    Port p;
    p.containerPort = nextPort;
    if (*rc::gen::arbitrary<bool>()) {
      p.hostPort = nextPort;
      p.hostAddress = *rc::gen::arbitrary<bool>() ? "127.0.0.1" : "";
    }
    ++nextPort;
    c.ports.push_back(p);
  }
  if (*rc::gen::arbitrary<bool>()) {
    c.mounts = {{MountType::Volume, "data", "/data", true, 0},
                {MountType::Bind, "/etc/x", "/x", false, 0},
                {MountType::Tmpfs, "", "/t", false, *rc::gen::inRange(0, 1 << 30)}};
  }
  c.requests.cpuMillicores = *rc::gen::inRange(0, 5000);
  c.requests.memoryBytes = *rc::gen::inRange<int64_t>(0, int64_t(1) << 34);
  c.requests.diskBytes = *rc::gen::inRange(0, 1 << 30);
  c.limits = c.requests;
  c.limits.memoryBytes = c.requests.memoryBytes + (8 << 20);
  c.requests.gpus = *rc::gen::inRange(0, 2);
  c.limits.gpus = c.requests.gpus;
  if (*rc::gen::arbitrary<bool>()) {
    c.requests.extended["v.example/x"] = 3;
  }
  if (*rc::gen::arbitrary<bool>()) {
    c.startup = anyProbe(c);
    c.readiness = anyProbe(c);
    c.liveness = anyProbe(c);
  }
  return c;
}

inline rc::Gen<WorkloadSpec> anySpec() {
  return rc::gen::exec([] {
    WorkloadSpec s;
    s.name = anyLabel();
    uint16_t port = uint16_t(*rc::gen::inRange(1, 60'000));
    for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
      s.containers.push_back(anyContainer(i, port));
    }
    s.replicas = *rc::gen::inRange(0, 10'001);
    s.labels[anyLabel()] = anyLabel();
    s.owner = anyLabel();
    s.restart = RestartPolicy(*rc::gen::inRange(0, 3));
    s.network = NetworkMode(*rc::gen::inRange(0, 2));
    s.stopGraceMs = *rc::gen::inRange(0, 86'400'000);
    s.update = {*rc::gen::inRange(1, 100), *rc::gen::inRange(0, 1000), *rc::gen::inRange(2000, 86'400'000)};
    auto& p = s.placement;
    p.strategy = *rc::gen::element<std::string>("", "binpack", "spread", "mycelial");
    if (*rc::gen::arbitrary<bool>()) {
      p.node = NodeId("12D3KooW" + anyLabel());
      p.required = {{"zone", Operator::In, {"a", "b"}}, {"disk", Operator::Gt, {"10"}}, {"gpu", Operator::Exists, {}}};
      p.preferred = {{{"zone", Operator::NotIn, {"c"}}, *rc::gen::inRange(1, 101)}};
      p.tolerations = {{"k", false, "v", TaintEffect::NoExecute}, {"", true, "", {}}};
      p.spread = {{"node", *rc::gen::inRange(1, 9)}, {"example.org/zone", 2}};
    }
    return s;
  });
}

} // namespace univrs::model::testing
