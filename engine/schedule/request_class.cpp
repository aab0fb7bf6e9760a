#include "engine/schedule/request_class.h"

#include "engine/schedule/matching.h"

#include <algorithm>

namespace univrs::schedule {

namespace {

// Score first, then fewer own instances. The slot, which is the order of node ids, decides what is still equal.
uint64_t keyOf(const Verdict& verdict, uint32_t own) {
  return verdict.filter == Filter::None ? (static_cast<uint64_t>(verdict.score) + 1) << 32 | (UINT32_MAX - own) : 0;
}

} // namespace

void SlotMarks::begin(size_t slots) {
  marked.clear();
  if (stamps.size() != slots || ++current == 0) {
    stamps.assign(slots, 0);
    current = 1;
  }
}

void SlotMarks::mark(uint32_t slot) {
  if (stamps[slot] != current) {
    stamps[slot] = current;
    marked.push_back(slot);
  }
}

void RequestClass::setPlan(std::shared_ptr<const Plan> plan) {
  m_plan = std::move(plan);
  m_structure = 0;
}

uint32_t RequestClass::better(uint32_t a, uint32_t b) const {
  if (m_keys[a] != m_keys[b]) {
    return m_keys[a] > m_keys[b] ? a : b;
  }
  return std::min(a, b);
}

uint32_t RequestClass::entrant(size_t position) const {
  const size_t count = m_keys.size();
  return position >= count ? static_cast<uint32_t>(position - count) : m_winners[position];
}

void RequestClass::playAll() {
  for (size_t position = m_keys.size(); position-- > 1;) {
    m_winners[position] = better(entrant(2 * position), entrant(2 * position + 1));
  }
}

void RequestClass::playFrom(uint32_t slot) {
  for (size_t position = (slot + m_keys.size()) / 2; position >= 1; position /= 2) {
    const uint32_t winner = better(entrant(2 * position), entrant(2 * position + 1));
    // Above a match that neither was nor is won by the changed slot, nothing changes.
    if (m_winners[position] == winner && winner != slot) {
      return;
    }
    m_winners[position] = winner;
  }
}

uint32_t RequestClass::best() const {
  if (m_keys.empty()) {
    return kNoSlot;
  }
  const uint32_t slot = m_keys.size() == 1 ? 0 : m_winners[1];
  return m_keys[slot] == 0 ? kNoSlot : slot;
}

void RequestClass::buildDomains(const std::vector<NodeNow>& nodes) {
  const auto& limits = m_plan->request.placement.spread;
  m_domains.assign(limits.size(), {});
  m_scratch.assign(limits.size(), 0);
  m_own.clear();
  if (limits.empty()) {
    return;
  }
  m_own.reserve(nodes.size());
  for (const NodeNow& node : nodes) {
    m_own.push_back(m_use->on(node.number));
  }
  for (size_t i = 0; i < limits.size(); ++i) {
    Domains& domains = m_domains[i];
    domains.max = limits[i].maxPerDomain;
    domains.perNode = limits[i].topologyKey == "node";
    if (domains.perNode) {
      continue;
    }
    std::unordered_map<std::string, int32_t> known;
    domains.ofSlot.assign(nodes.size(), -1);
    for (uint32_t slot = 0; slot < nodes.size(); ++slot) {
      const std::string* label = labelOf(*nodes[slot].facts, limits[i].topologyKey);
      if (!label) {
        continue;
      }
      const auto [it, added] = known.try_emplace(*label, static_cast<int32_t>(known.size()));
      if (added) {
        domains.members.emplace_back();
        domains.counts.push_back(0);
      }
      const auto domain = static_cast<size_t>(it->second);
      domains.ofSlot[slot] = it->second;
      domains.members[domain].push_back(slot);
      domains.counts[domain] += m_own[slot];
    }
  }
}

void RequestClass::rebuild(const std::vector<NodeNow>& nodes) {
  buildDomains(nodes);
  m_keys.assign(nodes.size(), 0);
  m_filters.assign(nodes.size(), Filter::None);
  m_winners.assign(nodes.size(), 0);
  m_refusedBy.fill(0);
  m_refusedBy[0] = static_cast<uint32_t>(nodes.size());
  for (uint32_t slot = 0; slot < nodes.size(); ++slot) {
    rejudge(nodes, slot);
  }
  playAll();
}

void RequestClass::recount(const std::vector<NodeNow>& nodes, uint32_t slot, SlotMarks& marks) {
  const uint32_t own = m_use->on(nodes[slot].number);
  const int64_t difference = static_cast<int64_t>(own) - m_own[slot];
  m_own[slot] = own;
  if (difference == 0) {
    return;
  }
  for (Domains& domains : m_domains) {
    if (domains.perNode || domains.ofSlot[slot] < 0) {
      continue;
    }
    const auto domain = static_cast<size_t>(domains.ofSlot[slot]);
    const bool wasFull = domains.counts[domain] >= domains.max;
    domains.counts[domain] += difference;
    if (wasFull != (domains.counts[domain] >= domains.max)) {
      for (const uint32_t member : domains.members[domain]) {
        marks.mark(member);
      }
    }
  }
}

void RequestClass::rejudge(const std::vector<NodeNow>& nodes, uint32_t slot) {
  const NodeNow& node = nodes[slot];
  for (size_t i = 0; i < m_domains.size(); ++i) {
    const Domains& domains = m_domains[i];
    if (domains.perNode) {
      m_scratch[i] = m_own[slot];
    } else {
      m_scratch[i] = domains.ofSlot[slot] < 0 ? -1 : domains.counts[static_cast<size_t>(domains.ofSlot[slot])];
    }
  }
  const Verdict verdict = judge(*m_plan, *node.facts, node.usage, m_scratch);
  --m_refusedBy[static_cast<size_t>(m_filters[slot])];
  ++m_refusedBy[static_cast<size_t>(verdict.filter)];
  m_filters[slot] = verdict.filter;
  m_keys[slot] = keyOf(verdict, m_use->on(node.number));
}

void RequestClass::catchUp(const std::vector<NodeNow>& nodes, uint64_t structure, const TouchLog& log,
                           SlotMarks& marks) {
  bool whole = m_structure != structure || m_seen < log.first;
  if (!whole) {
    marks.begin(nodes.size());
    for (uint64_t i = m_seen; i < log.end() && !whole; ++i) {
      const Touch& touch = log.touches[static_cast<size_t>(i - log.first)];
      whole = touch.labels && !m_domains.empty();
      marks.mark(touch.slot);
      if (touch.use == m_use.get() && !m_domains.empty()) {
        recount(nodes, touch.slot, marks);
      }
    }
  }
  m_structure = structure;
  m_seen = log.end();
  if (whole) {
    rebuild(nodes);
    return;
  }
  for (const uint32_t slot : marks.marked) {
    rejudge(nodes, slot);
  }
  if (marks.marked.size() > nodes.size() / 8) {
    playAll();
    return;
  }
  for (const uint32_t slot : marks.marked) {
    playFrom(slot);
  }
}

} // namespace univrs::schedule
