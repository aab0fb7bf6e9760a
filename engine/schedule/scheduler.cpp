#include "engine/schedule/scheduler.h"

#include "engine/schedule/explain.h"
#include "engine/schedule/placement_record.h"
#include "engine/schedule/request_class.h"

#include <algorithm>
#include <array>
#include <list>

namespace univrs::schedule {

namespace {

constexpr std::array<const char*, 3> kStrategies{"mycelial", "binpack", "spread"};

// Kinds of requests remembered: at most this many, and at most so many standings (about 13 bytes each) in all.
constexpr size_t kMaxClasses = 1'024;
constexpr size_t kMaxStandings = 4'000'000;
constexpr size_t kMinClasses = 16;
// Changes remembered for classes to catch up with: this many, or four times the nodes. A class further behind is judged
// anew.
constexpr size_t kMinTouches = 1'024;

bool isStrategy(const std::string& name) {
  return std::find(kStrategies.begin(), kStrategies.end(), name) != kStrategies.end();
}

// A text that is the same for equal requests and no others.
class ContentKey {
public:
  std::string& of(const Request& request) {
    m_text.clear();
    add(request.workloadId.str());
    add(request.workloadName);
    const model::Resources& r = request.requests;
    for (const int64_t amount : {r.cpuMillicores, r.memoryBytes, r.diskBytes, r.gpus}) {
      add(amount);
    }
    add(r.extended.size());
    for (const auto& [name, amount] : r.extended) {
      add(name);
      add(amount);
    }
    add(request.hostPorts.size());
    for (const model::Port& port : request.hostPorts) {
      add(int64_t(port.hostPort.value_or(port.containerPort)));
      add(int64_t(port.protocol));
      add(port.hostAddress);
    }
    add(request.arch);
    add(request.os);
    add(request.excluded.size());
    for (const model::NodeId& id : request.excluded) {
      add(id.str());
    }
    addPlacement(request.placement);
    return m_text;
  }

private:
  void add(int64_t number) { m_text.append(reinterpret_cast<const char*>(&number), sizeof number); }
  void add(size_t number) { add(static_cast<int64_t>(number)); }
  void add(const std::string& text) {
    add(text.size());
    m_text += text;
  }
  void add(const model::Constraint& constraint) {
    add(constraint.key);
    add(int64_t(constraint.op));
    add(constraint.values.size());
    for (const std::string& value : constraint.values) {
      add(value);
    }
  }
  void addPlacement(const model::Placement& placement) {
    add(placement.strategy);
    add(int64_t(placement.node.has_value()));
    if (placement.node) {
      add(placement.node->str());
    }
    add(placement.required.size());
    for (const auto& constraint : placement.required) {
      add(constraint);
    }
    add(placement.preferred.size());
    for (const auto& preference : placement.preferred) {
      add(preference.constraint);
      add(int64_t(preference.weight));
    }
    add(placement.tolerations.size());
    for (const auto& toleration : placement.tolerations) {
      add(toleration.key);
      add(int64_t(toleration.exists));
      add(toleration.value);
      add(toleration.effect ? int64_t(*toleration.effect) : int64_t(-1));
    }
    add(placement.spread.size());
    for (const auto& limit : placement.spread) {
      add(limit.topologyKey);
      add(int64_t(limit.maxPerDomain));
    }
  }
  std::string m_text;
};

std::optional<double> clamped(std::optional<double> value) {
  // Not a number counts as no data.
  return value && *value == *value ? std::optional<double>(std::clamp(*value, 0.0, 1.0)) : std::nullopt;
}

} // namespace

struct Scheduler::Impl {
  // A node for its whole life. Without facts it is not in the cluster, but something is still accounted for on it.
  struct Entry {
    uint32_t number = 0;
    uint32_t slot = RequestClass::kNoSlot; // in `history`, as of the last arrange()
    std::shared_ptr<const NodeFacts> facts;
    TrustData trust;
    Usage usage;
    size_t instances = 0;
  };
  struct Cached {
    std::string key;
    RequestClass requestClass;
  };

  std::string defaultStrategy;
  std::unordered_map<model::NodeId, Entry> entries;
  uint32_t nextNumber = 0;
  std::unordered_map<model::WorkloadId, std::shared_ptr<WorkloadUse>> uses;
  size_t softTainted = 0; // nodes with a PreferNoSchedule taint

  NodeHistory history;
  uint64_t structure = 1; // changes whenever slots mean other nodes
  bool arranged = true;   // history's slots are the entries with facts
  TouchLog touches;
  SlotMarks marks;

  std::list<Cached> classes; // latest used first
  std::unordered_map<std::string_view, std::list<Cached>::iterator> classOf;
  ContentKey contentKey;

  Entry& entryOf(const model::NodeId& id) {
    const auto [it, added] = entries.try_emplace(id);
    if (added) {
      it->second.number = nextNumber++;
    }
    return it->second;
  }

  // Drops an entry nothing is known about any more.
  void forgetIfEmpty(const model::NodeId& id) {
    const auto it = entries.find(id);
    if (it != entries.end() && !it->second.facts && it->second.instances == 0 && it->second.trust == TrustData{}) {
      entries.erase(it);
    }
  }

  void touch(Touch touch) {
    touches.touches.push_back(touch);
    if (touches.touches.size() > std::max(kMinTouches, 4 * history.now().size())) {
      touches.touches.pop_front();
      ++touches.first;
    }
  }

  void setFacts(Entry& entry, std::shared_ptr<const NodeFacts> facts) {
    if (entry.facts && facts && *entry.facts == *facts) {
      return;
    }
    softTainted -= entry.facts && entry.facts->softTainted ? 1 : 0;
    softTainted += facts && facts->softTainted ? 1 : 0;
    const bool sameSlots = arranged && entry.facts && facts;
    if (!sameSlots) {
      arranged = false;
      entry.facts = std::move(facts);
      return;
    }
    // Implicit labels come from these fields.
    const bool labels = entry.facts->labels != facts->labels || entry.facts->name != facts->name ||
                        entry.facts->arch != facts->arch || entry.facts->os != facts->os;
    entry.facts = facts;
    history.setFacts(entry.slot, std::move(facts));
    touch({entry.slot, labels, nullptr});
  }

  // Gives every node of the cluster its slot.
  void arrange() {
    if (arranged) {
      return;
    }
    std::vector<Entry*> present;
    present.reserve(entries.size());
    for (auto& [id, entry] : entries) {
      entry.slot = RequestClass::kNoSlot;
      if (entry.facts) {
        present.push_back(&entry);
      }
    }
    std::sort(present.begin(), present.end(),
              [](const Entry* a, const Entry* b) { return a->facts->id < b->facts->id; });
    std::vector<NodeNow> nodes;
    nodes.reserve(present.size());
    for (Entry* entry : present) {
      entry->slot = static_cast<uint32_t>(nodes.size());
      nodes.push_back({entry->facts, entry->usage, entry->number});
    }
    history.reset(std::move(nodes));
    touches.first = touches.end();
    touches.touches.clear();
    ++structure;
    arranged = true;
  }

  std::shared_ptr<WorkloadUse>& useOf(const model::WorkloadId& id) {
    auto& use = uses[id];
    if (!use) {
      use = std::make_shared<WorkloadUse>();
    }
    return use;
  }

  std::shared_ptr<const Shape> shapeFor(const Request& request) {
    const auto it = classOf.find(contentKey.of(request));
    return it != classOf.end() ? it->second->requestClass.plan()->shape
                               : std::make_shared<const Shape>(shapeOf(request));
  }

  void account(Entry& entry, const Request& request, bool comes) {
    const auto shape = shapeFor(request);
    const auto use = useOf(request.workloadId);
    use->change(entry.number, comes);
    entry.instances += comes ? 1 : size_t(-1);
    if (comes) {
      entry.usage.add(*shape);
    } else {
      entry.usage.take(*shape);
    }
    if (arranged && entry.facts) {
      history.change(entry.slot, shape, comes);
      touch({entry.slot, false, use.get()});
    }
  }

  // A workload nothing is placed of and no class refers to needs no counts.
  void forgetUse(const model::WorkloadId& id) {
    const auto it = uses.find(id);
    if (it != uses.end() && it->second->counts().empty() && it->second.use_count() == 1) {
      uses.erase(it);
    }
  }

  const std::string& strategyOf(const Request& request) const {
    return isStrategy(request.placement.strategy) ? request.placement.strategy : defaultStrategy;
  }

  RequestClass& classFor(const Request& request) {
    const std::string& key = contentKey.of(request);
    if (const auto it = classOf.find(key); it != classOf.end()) {
      classes.splice(classes.begin(), classes, it->second);
      return it->second->requestClass;
    }
    const size_t allowed =
        std::clamp(kMaxStandings / std::max<size_t>(1, history.now().size()), kMinClasses, kMaxClasses);
    while (classes.size() >= allowed) {
      const model::WorkloadId workload = classes.back().requestClass.plan()->request.workloadId;
      classOf.erase(classes.back().key);
      classes.pop_back();
      forgetUse(workload);
    }
    classes.push_front(
        {key, RequestClass(makePlan(request, strategyOf(request), softTainted > 0), useOf(request.workloadId))});
    classOf.emplace(classes.front().key, classes.begin());
    return classes.front().requestClass;
  }
};

Scheduler::Scheduler(std::string defaultStrategy) : m_impl(std::make_unique<Impl>()) {
  m_impl->defaultStrategy = isStrategy(defaultStrategy) ? std::move(defaultStrategy) : "spread";
}
Scheduler::Scheduler(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Scheduler::~Scheduler() = default;

std::vector<std::string> Scheduler::strategies() {
  return {kStrategies.begin(), kStrategies.end()};
}

void Scheduler::setNode(const model::Node& node) {
  Impl::Entry& entry = m_impl->entryOf(node.id);
  auto facts = std::make_shared<NodeFacts>();
  facts->id = node.id;
  facts->name = node.name.empty() ? node.id.str() : node.name;
  facts->status = node.status;
  facts->statusReason = node.statusReason;
  facts->cordoned = node.cordoned;
  facts->worker = std::find(node.roles.begin(), node.roles.end(), "worker") != node.roles.end();
  facts->softTainted = std::any_of(node.taints.begin(), node.taints.end(), [](const model::Taint& taint) {
    return taint.effect == model::TaintEffect::PreferNoSchedule;
  });
  facts->labels = node.labels;
  facts->taints = node.taints;
  facts->allocatable = node.allocatable;
  facts->arch = node.engine.arch;
  facts->os = node.engine.os;
  facts->trust = entry.trust;
  m_impl->setFacts(entry, std::move(facts));
}

void Scheduler::removeNode(const model::NodeId& id) {
  const auto it = m_impl->entries.find(id);
  if (it == m_impl->entries.end()) {
    return;
  }
  it->second.trust = {};
  if (it->second.facts) {
    m_impl->setFacts(it->second, nullptr);
  }
  m_impl->forgetIfEmpty(id);
}

void Scheduler::setTrust(const model::NodeId& id, TrustData trust) {
  trust = {clamped(trust.reputation), clamped(trust.credit)};
  Impl::Entry& entry = m_impl->entryOf(id);
  entry.trust = trust;
  if (entry.facts) {
    auto facts = std::make_shared<NodeFacts>(*entry.facts);
    facts->trust = trust;
    m_impl->setFacts(entry, std::move(facts));
  }
  m_impl->forgetIfEmpty(id);
}

void Scheduler::occupy(const model::NodeId& id, const Request& request) {
  m_impl->account(m_impl->entryOf(id), request, true);
}

void Scheduler::release(const model::NodeId& id, const Request& request) {
  const auto entry = m_impl->entries.find(id);
  const auto use = m_impl->uses.find(request.workloadId);
  if (entry == m_impl->entries.end() || use == m_impl->uses.end() || use->second->on(entry->second.number) == 0) {
    return;
  }
  m_impl->account(entry->second, request, false);
  m_impl->forgetUse(request.workloadId);
  m_impl->forgetIfEmpty(id);
}

model::Resources Scheduler::reservedOn(const model::NodeId& id) const {
  model::Resources resources;
  if (const auto it = m_impl->entries.find(id); it != m_impl->entries.end()) {
    const Usage& usage = it->second.usage;
    resources.cpuMillicores = usage.cpuMillicores;
    resources.memoryBytes = usage.memoryBytes;
    resources.diskBytes = usage.diskBytes;
    resources.gpus = usage.gpus;
    if (usage.extra) {
      resources.extended = usage.extra->extended;
    }
  }
  return resources;
}

std::shared_ptr<const PlacementRecord> Scheduler::place(const Request& request) {
  Impl& impl = *m_impl;
  impl.arrange();
  RequestClass& requestClass = impl.classFor(request);
  if (requestClass.plan()->softTaints != (impl.softTainted > 0)) {
    requestClass.setPlan(makePlan(request, impl.strategyOf(request), impl.softTainted > 0));
  }
  const std::vector<NodeNow>& nodes = impl.history.now();
  requestClass.catchUp(nodes, impl.structure, impl.touches, impl.marks);

  Outcome outcome;
  outcome.total = static_cast<int>(nodes.size());
  outcome.fit = requestClass.fit();
  const uint32_t slot = requestClass.best();
  if (slot != RequestClass::kNoSlot) {
    outcome.chosen = nodes[slot].facts;
    outcome.score = requestClass.scoreOf(slot);
  } else {
    outcome.refusal = refusedSummary(requestClass.refusedBy(), outcome.total);
  }
  return makeRecord(requestClass.plan(), impl.history.point(),
                    request.placement.spread.empty() ? WorkloadUse::Point() : requestClass.use().point(),
                    std::move(outcome));
}

std::unique_ptr<Scheduler> Scheduler::fork() const {
  auto copy = std::make_unique<Impl>();
  copy->defaultStrategy = m_impl->defaultStrategy;
  copy->entries = m_impl->entries;
  copy->nextNumber = m_impl->nextNumber;
  copy->softTainted = m_impl->softTainted;
  for (const auto& [id, use] : m_impl->uses) {
    if (!use->counts().empty()) {
      copy->uses.emplace(id, std::make_shared<WorkloadUse>(use->counts()));
    }
  }
  copy->arranged = false;
  return std::unique_ptr<Scheduler>(new Scheduler(std::move(copy)));
}

Request requestFor(const model::WorkloadId& id, const model::WorkloadSpec& spec) {
  Request request;
  request.workloadId = id;
  request.workloadName = spec.name;
  request.requests = spec.requestsPerInstance();
  request.placement = spec.placement;
  if (spec.network == model::NetworkMode::Host) {
    for (const model::Container& container : spec.containers) {
      request.hostPorts.insert(request.hostPorts.end(), container.ports.begin(), container.ports.end());
    }
  }
  return request;
}

} // namespace univrs::schedule
