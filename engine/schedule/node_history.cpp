#include "engine/schedule/node_history.h"

#include <algorithm>
#include <limits>

namespace univrs::schedule {

namespace {

constexpr size_t kMinEpochChanges = 1'024; // an epoch ends after this many changes, or twice the nodes

int64_t addSaturating(int64_t a, int64_t b) {
  int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<int64_t>::max() : sum;
}

int64_t takeToZero(int64_t a, int64_t b) {
  return std::max<int64_t>(0, a - b);
}

bool isAnyAddress(const std::string& address) {
  return address.empty() || address == "0.0.0.0" || address == "::";
}

} // namespace

bool PortKey::clashesWith(const PortKey& other) const {
  return port == other.port && protocol == other.protocol &&
         (address == other.address || isAnyAddress(address) || isAnyAddress(other.address));
}

Shape shapeOf(const Request& request) {
  Shape shape;
  shape.requests = request.requests;
  for (int64_t* amount :
       {&shape.requests.cpuMillicores, &shape.requests.memoryBytes, &shape.requests.diskBytes, &shape.requests.gpus}) {
    *amount = std::max<int64_t>(0, *amount);
  }
  std::erase_if(shape.requests.extended, [](const auto& item) { return item.second <= 0; });
  for (const model::Port& port : request.hostPorts) {
    PortKey key{port.hostPort.value_or(port.containerPort), port.protocol, port.hostAddress};
    if (std::find(shape.ports.begin(), shape.ports.end(), key) == shape.ports.end()) {
      shape.ports.push_back(std::move(key));
    }
  }
  return shape;
}

void Usage::add(const Shape& shape) {
  cpuMillicores = addSaturating(cpuMillicores, shape.requests.cpuMillicores);
  memoryBytes = addSaturating(memoryBytes, shape.requests.memoryBytes);
  diskBytes = addSaturating(diskBytes, shape.requests.diskBytes);
  gpus = addSaturating(gpus, shape.requests.gpus);
  if (shape.requests.extended.empty() && shape.ports.empty()) {
    return;
  }
  auto changed = extra ? std::make_shared<Extra>(*extra) : std::make_shared<Extra>();
  for (const auto& [name, amount] : shape.requests.extended) {
    int64_t& used = changed->extended[name];
    used = addSaturating(used, amount);
  }
  for (const PortKey& port : shape.ports) {
    ++changed->ports[port];
  }
  extra = std::move(changed);
}

void Usage::take(const Shape& shape) {
  cpuMillicores = takeToZero(cpuMillicores, shape.requests.cpuMillicores);
  memoryBytes = takeToZero(memoryBytes, shape.requests.memoryBytes);
  diskBytes = takeToZero(diskBytes, shape.requests.diskBytes);
  gpus = takeToZero(gpus, shape.requests.gpus);
  if (!extra || (shape.requests.extended.empty() && shape.ports.empty())) {
    return;
  }
  auto changed = std::make_shared<Extra>(*extra);
  for (const auto& [name, amount] : shape.requests.extended) {
    if (const auto it = changed->extended.find(name); it != changed->extended.end()) {
      it->second = takeToZero(it->second, amount);
      if (it->second == 0) {
        changed->extended.erase(it);
      }
    }
  }
  for (const PortKey& port : shape.ports) {
    if (const auto it = changed->ports.find(port); it != changed->ports.end() && --it->second == 0) {
      changed->ports.erase(it);
    }
  }
  extra = changed->extended.empty() && changed->ports.empty() ? nullptr : std::move(changed);
}

int64_t Usage::extended(const std::string& name) const {
  if (!extra) {
    return 0;
  }
  const auto it = extra->extended.find(name);
  return it == extra->extended.end() ? 0 : it->second;
}

std::vector<NodeNow> NodeHistory::Point::nodes() const {
  std::vector<NodeNow> nodes = m_epoch->base;
  for (size_t i = 0; i < m_length; ++i) {
    const Change& change = m_epoch->changes[i];
    NodeNow& node = nodes[change.slot];
    if (change.sign == 0) {
      node.facts = change.facts;
    } else if (change.sign > 0) {
      node.usage.add(*change.shape);
    } else {
      node.usage.take(*change.shape);
    }
  }
  return nodes;
}

void NodeHistory::reset(std::vector<NodeNow> nodes) {
  m_now = std::move(nodes);
  m_epoch.reset();
}

void NodeHistory::setFacts(uint32_t slot, std::shared_ptr<const NodeFacts> facts) {
  m_now[slot].facts = facts;
  record({slot, 0, std::move(facts), nullptr});
}

void NodeHistory::change(uint32_t slot, std::shared_ptr<const Shape> shape, bool comes) {
  if (comes) {
    m_now[slot].usage.add(*shape);
  } else {
    m_now[slot].usage.take(*shape);
  }
  record({slot, static_cast<int8_t>(comes ? 1 : -1), nullptr, std::move(shape)});
}

void NodeHistory::record(Change change) {
  if (!m_epoch) {
    return;
  }
  if (m_epoch->changes.size() >= std::max(kMinEpochChanges, 2 * m_now.size())) {
    m_epoch.reset(); // the next point begins a new one
    return;
  }
  m_epoch->changes.push_back(std::move(change));
}

NodeHistory::Point NodeHistory::point() {
  if (!m_epoch) {
    m_epoch = std::make_shared<Epoch>();
    m_epoch->base = m_now;
  }
  Point point;
  point.m_epoch = m_epoch;
  point.m_length = m_epoch->changes.size();
  return point;
}

void WorkloadUse::apply(Counts& counts, uint32_t node, bool comes) {
  if (comes) {
    ++counts[node];
  } else if (const auto it = counts.find(node); it != counts.end() && --it->second == 0) {
    counts.erase(it);
  }
}

WorkloadUse::Counts WorkloadUse::Point::counts() const {
  if (!m_epoch) {
    return {};
  }
  Counts counts = m_epoch->base;
  for (size_t i = 0; i < m_length; ++i) {
    apply(counts, m_epoch->changes[i].first, m_epoch->changes[i].second);
  }
  return counts;
}

uint32_t WorkloadUse::on(uint32_t node) const {
  const auto it = m_counts.find(node);
  return it == m_counts.end() ? 0 : it->second;
}

void WorkloadUse::change(uint32_t node, bool comes) {
  apply(m_counts, node, comes);
  if (!m_epoch) {
    return;
  }
  if (m_epoch->changes.size() >= std::max(kMinEpochChanges / 4, 2 * m_counts.size())) {
    m_epoch.reset();
    return;
  }
  m_epoch->changes.emplace_back(node, comes);
}

WorkloadUse::Point WorkloadUse::point() {
  if (!m_epoch) {
    m_epoch = std::make_shared<Epoch>();
    m_epoch->base = m_counts;
  }
  Point point;
  point.m_epoch = m_epoch;
  point.m_length = m_epoch->changes.size();
  return point;
}

} // namespace univrs::schedule
