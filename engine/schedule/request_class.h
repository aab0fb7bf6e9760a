// What is remembered between equal requests: every node's standing, and a tournament that knows the best one. Only
// nodes that changed since the last request are judged again.
#pragma once

#include "engine/schedule/judge.h"

namespace univrs::schedule {

// Which nodes changed, for the classes to catch up with; the oldest are forgotten.
struct Touch {
  uint32_t slot = 0;
  bool labels = false;              // its labels changed: it may be in another domain
  const WorkloadUse* use = nullptr; // the workload whose instances on it changed
};
struct TouchLog {
  std::deque<Touch> touches;
  uint64_t first = 0; // number of the oldest kept
  [[nodiscard]] uint64_t end() const { return first + touches.size(); }
};

// Marks slots once each; shared by all classes so that marking costs no clearing.
struct SlotMarks {
  std::vector<uint32_t> stamps;
  uint32_t current = 0;
  std::vector<uint32_t> marked;
  void begin(size_t slots);
  void mark(uint32_t slot);
};

class RequestClass {
public:
  static constexpr uint32_t kNoSlot = UINT32_MAX;

  RequestClass(std::shared_ptr<const Plan> plan, std::shared_ptr<WorkloadUse> use)
      : m_plan(std::move(plan)), m_use(std::move(use)) {}

  [[nodiscard]] const std::shared_ptr<const Plan>& plan() const { return m_plan; }
  [[nodiscard]] WorkloadUse& use() { return *m_use; }
  // Another plan for the same request: everything is judged anew at the next catch-up.
  void setPlan(std::shared_ptr<const Plan> plan);

  // Brings the standings up to date. `structure` changes whenever slots mean other nodes.
  void catchUp(const std::vector<NodeNow>& nodes, uint64_t structure, const TouchLog& log, SlotMarks& marks);

  // The best node that fits, or kNoSlot.
  [[nodiscard]] uint32_t best() const;
  // Of a node that fits, in millionths.
  [[nodiscard]] int32_t scoreOf(uint32_t slot) const { return static_cast<int32_t>((m_keys[slot] >> 32) - 1); }
  [[nodiscard]] int fit() const { return static_cast<int>(m_refusedBy[0]); }
  // How many nodes each filter refused; [0] counts those that fit.
  [[nodiscard]] const std::array<uint32_t, kFilters>& refusedBy() const { return m_refusedBy; }

private:
  // One spread limit's view of the nodes.
  struct Domains {
    int64_t max = 0;
    bool perNode = false;
    std::vector<int32_t> ofSlot;                // -1 = in none; empty when perNode
    std::vector<std::vector<uint32_t>> members; // by domain
    std::vector<int64_t> counts;                // by domain
  };

  void rebuild(const std::vector<NodeNow>& nodes);
  void buildDomains(const std::vector<NodeNow>& nodes);
  void recount(const std::vector<NodeNow>& nodes, uint32_t slot, SlotMarks& marks);
  void rejudge(const std::vector<NodeNow>& nodes, uint32_t slot);
  [[nodiscard]] uint32_t better(uint32_t a, uint32_t b) const;
  [[nodiscard]] uint32_t entrant(size_t position) const;
  void playAll();
  void playFrom(uint32_t slot);

  std::shared_ptr<const Plan> m_plan;
  std::shared_ptr<WorkloadUse> m_use;
  uint64_t m_structure = 0;     // 0 = never built
  uint64_t m_seen = 0;          // number of the next touch to look at
  std::vector<uint64_t> m_keys; // by slot; 0 = refused, else higher is better
  std::vector<Filter> m_filters;
  std::vector<uint32_t> m_winners; // a tournament: position i plays 2i against 2i+1; positions from n on are slots
  std::array<uint32_t, kFilters> m_refusedBy{};
  std::vector<Domains> m_domains; // one per spread limit
  std::vector<uint32_t> m_own;    // instances of the workload by slot, as counted in m_domains
  std::vector<int64_t> m_scratch; // domain counts of one node
};

} // namespace univrs::schedule
