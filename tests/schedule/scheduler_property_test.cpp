// Properties over random histories: nodes come, change and go, instances come and go.
#include "tests/schedule/scene.h"

#include <rapidcheck/gtest.h>

namespace univrs::schedule::test {
namespace {

template <class T>
T pick(std::initializer_list<T> values) {
  return *rc::gen::elementOf(std::vector<T>(values));
}

model::Node randomNode() {
  model::Node n = node(std::string("n") + std::to_string(*rc::gen::inRange(0, 12)));
  n.name = "host-" + n.id.str() + (pick({0, 0, 0, 1}) ? "x" : "");
  n.status = pick({0, 0, 0, 0, 1}) ? model::NodeStatus::NotReady : model::NodeStatus::Ready;
  n.cordoned = pick({0, 0, 0, 0, 1}) != 0;
  n.allocatable.cpuMillicores = pick<int64_t>({0, 1'000, 2'000, 2'000, 4'000});
  n.allocatable.memoryBytes = pick<int64_t>({0, kGiB, kGiB, 2 * kGiB});
  n.allocatable.gpus = pick<int64_t>({0, 1});
  n.allocatable.extended["vendor/x"] = pick<int64_t>({0, 3});
  if (pick({0, 1, 1})) {
    n.labels["zone"] = pick<std::string>({"a", "b", "c"});
  }
  if (pick({0, 0, 0, 1})) {
    n.taints.push_back({"t", "v", pick({model::TaintEffect::NoSchedule, model::TaintEffect::PreferNoSchedule})});
  }
  return n;
}

Request randomRequest() {
  const int kind = *rc::gen::inRange(0, 4);
  Request r = request("w" + std::to_string(kind));
  r.placement.strategy = pick<std::string>({"binpack", "spread", "mycelial"});
  r.requests.cpuMillicores = pick<int64_t>({0, 100, 500});
  r.requests.memoryBytes = pick<int64_t>({0, 64 * kMiB, 300 * kMiB});
  r.requests.gpus = pick<int64_t>({0, 0, 0, 1});
  if (pick({0, 0, 1})) {
    r.requests.extended["vendor/x"] = 1;
  }
  switch (kind) {
  case 1:
    r.placement.spread = {{"zone", 2}, {"node", 1}};
    break;
  case 2:
    r.placement.required = {{"zone", model::Operator::NotIn, {"c"}}};
    r.placement.preferred = {{{"zone", model::Operator::In, {"a"}}, 10}};
    break;
  case 3: {
    model::Port port;
    port.containerPort = pick<uint16_t>({80, 81});
    r.hostPorts = {port};
    r.placement.tolerations = {{"t", true, "", {}}};
    break;
  }
  default:
    break;
  }
  return r;
}

// Everything that was told to a scheduler and still holds; enough to tell it to a fresh one.
struct Told {
  std::map<std::string, model::Node> nodes;
  std::map<std::string, TrustData> trust;
  std::vector<std::pair<model::NodeId, Request>> placed;

  [[nodiscard]] std::unique_ptr<Scheduler> fresh() const {
    auto scheduler = std::make_unique<Scheduler>();
    for (const auto& [id, n] : nodes) {
      scheduler->setNode(n);
    }
    for (const auto& [id, t] : trust) {
      scheduler->setTrust(model::NodeId(id), t);
    }
    for (const auto& [id, r] : placed) {
      scheduler->occupy(id, r);
    }
    return scheduler;
  }
};

class Random {
public:
  explicit Random(Scheduler& scheduler) : m_scheduler(scheduler) {}
  Told told;
  std::vector<std::string> log;

  void step() {
    switch (*rc::gen::inRange(0, 12)) {
    case 0:
    case 1: {
      const model::Node n = randomNode();
      m_scheduler.setNode(n);
      told.nodes[n.id.str()] = n;
      break;
    }
    case 2: {
      const std::string id = "n" + std::to_string(*rc::gen::inRange(0, 12));
      m_scheduler.removeNode(model::NodeId(id));
      told.nodes.erase(id);
      told.trust.erase(id);
      break;
    }
    case 3: {
      const std::string id = "n" + std::to_string(*rc::gen::inRange(0, 12));
      const TrustData trust{0.1 * *rc::gen::inRange(0, 11), std::nullopt};
      m_scheduler.setTrust(model::NodeId(id), trust);
      told.trust[id] = trust;
      break;
    }
    case 4:
    case 5:
      if (!told.placed.empty()) {
        const size_t at = *rc::gen::inRange<size_t>(0, told.placed.size());
        m_scheduler.release(told.placed[at].first, told.placed[at].second);
        told.placed.erase(told.placed.begin() + static_cast<std::ptrdiff_t>(at));
      }
      break;
    default: {
      const Request r = randomRequest();
      const auto record = m_scheduler.place(r);
      log.push_back(record->summary());
      if (const auto chosen = record->chosen()) {
        m_scheduler.occupy(*chosen, r);
        told.placed.emplace_back(*chosen, r);
      }
    }
    }
  }

private:
  Scheduler& m_scheduler;
};

void fill(Random& random) {
  const int steps = *rc::gen::inRange(20, 120);
  for (int i = 0; i < steps; ++i) {
    random.step();
  }
}

RC_GTEST_PROP(SchedulerProperty, IncrementalEqualsFresh, ()) {
  Scheduler scheduler;
  Random random(scheduler);
  for (int round = 0; round < 4; ++round) {
    fill(random);
    const auto fresh = random.told.fresh();
    for (int i = 0; i < 6; ++i) {
      const Request r = randomRequest();
      const auto a = scheduler.place(r);
      const auto b = fresh->place(r);
      RC_ASSERT(a->chosen() == b->chosen());
      RC_ASSERT(a->nodesFit() == b->nodesFit());
      RC_ASSERT(a->summary() == b->summary());
      RC_ASSERT(a->expand() == b->expand());
      // What was chosen incrementally is what the explanation says is best.
      const model::Decision decision = a->expand();
      RC_ASSERT(decision.nodes.size() == random.told.nodes.size());
      std::set<std::string> ids;
      int fit = 0;
      for (const auto& verdict : decision.nodes) {
        RC_ASSERT(ids.insert(verdict.nodeId.str()).second);
        RC_ASSERT(random.told.nodes.count(verdict.nodeId.str()) == 1);
        RC_ASSERT(verdict.fits == verdict.filter.empty());
        RC_ASSERT(verdict.fits == verdict.reason.empty());
        RC_ASSERT(verdict.score >= 0 && verdict.score <= 1);
        fit += verdict.fits ? 1 : 0;
        if (verdict.fits) {
          RC_ASSERT(decision.chosen.has_value());
          RC_ASSERT(decision.nodes.front().score >= verdict.score);
        }
      }
      RC_ASSERT(fit == a->nodesFit());
      RC_ASSERT(decision.chosen.has_value() == (fit > 0));
    }
    for (const auto& [id, n] : random.told.nodes) {
      RC_ASSERT(scheduler.reservedOn(n.id) == fresh->reservedOn(n.id));
    }
  }
}

RC_GTEST_PROP(SchedulerProperty, NeverOvercommits, ()) {
  Scheduler scheduler;
  std::map<std::string, model::Node> nodes;
  for (int i = 0; i < 6; ++i) {
    const model::Node n = randomNode();
    scheduler.setNode(n);
    nodes[n.id.str()] = n;
  }
  std::map<std::string, model::Resources> used;
  std::set<std::string> ports;
  std::vector<std::pair<model::NodeId, Request>> placed;
  for (int i = 0; i < 80; ++i) {
    if (!placed.empty() && pick({0, 0, 0, 1})) {
      const auto [id, r] = placed.back();
      placed.pop_back();
      scheduler.release(id, r);
      used[id.str()] -= r.requests;
      for (const auto& port : r.hostPorts) {
        ports.erase(id.str() + ":" + std::to_string(port.containerPort));
      }
      continue;
    }
    const Request r = randomRequest();
    if (const auto chosen = scheduler.place(r)->chosen()) {
      scheduler.occupy(*chosen, r);
      placed.emplace_back(*chosen, r);
      used[chosen->str()] += r.requests;
      RC_ASSERT(nodes.at(chosen->str()).allocatable.covers(used[chosen->str()]));
      for (const auto& port : r.hostPorts) {
        RC_ASSERT(ports.insert(chosen->str() + ":" + std::to_string(port.containerPort)).second);
      }
    }
  }
}

RC_GTEST_PROP(SchedulerProperty, ANodeMoreNeverMakesARequestUnplaceable, ()) {
  Scheduler scheduler;
  Random random(scheduler);
  fill(random);
  const Request r = randomRequest();
  const bool before = scheduler.place(r)->chosen().has_value();
  model::Node n = randomNode();
  n.id = model::NodeId("new");
  scheduler.setNode(n);
  RC_ASSERT(!before || scheduler.place(r)->chosen().has_value());
}

RC_GTEST_PROP(SchedulerProperty, TheOrderInWhichThingsWereToldDoesNotMatter, ()) {
  Scheduler first;
  Random random(first);
  fill(random);
  Told reversed = random.told;
  std::reverse(reversed.placed.begin(), reversed.placed.end());
  const auto second = reversed.fresh();
  const auto fork = first.fork();
  for (int i = 0; i < 20; ++i) {
    const Request r = randomRequest();
    const std::string a = run(first, r);
    RC_ASSERT(a == run(*second, r));
    RC_ASSERT(a == run(*fork, r));
  }
}

} // namespace
} // namespace univrs::schedule::test
