#include "engine/schedule/placement_record.h"

#include "engine/schedule/explain.h"
#include "engine/schedule/matching.h"

#include <algorithm>

namespace univrs::schedule {

namespace {

// For each spread limit, instances of the workload by domain, as they were.
class DomainCounts {
public:
  DomainCounts(const Plan& plan, const std::vector<NodeNow>& nodes, const WorkloadUse::Counts& counts)
      : m_limits(plan.request.placement.spread), m_counts(counts), m_byLabel(m_limits.size()),
        m_ofNode(m_limits.size()) {
    for (size_t i = 0; i < m_limits.size(); ++i) {
      if (m_limits[i].topologyKey == "node") {
        continue;
      }
      for (const NodeNow& node : nodes) {
        if (const std::string* label = labelOf(*node.facts, m_limits[i].topologyKey)) {
          m_byLabel[i][*label] += on(node);
        }
      }
    }
  }
  std::span<const int64_t> of(const NodeNow& node) {
    for (size_t i = 0; i < m_limits.size(); ++i) {
      if (m_limits[i].topologyKey == "node") {
        m_ofNode[i] = on(node);
      } else {
        const std::string* label = labelOf(*node.facts, m_limits[i].topologyKey);
        m_ofNode[i] = label ? m_byLabel[i][*label] : -1;
      }
    }
    return m_ofNode;
  }

private:
  [[nodiscard]] int64_t on(const NodeNow& node) const {
    const auto it = m_counts.find(node.number);
    return it == m_counts.end() ? 0 : it->second;
  }
  const std::vector<model::SpreadLimit>& m_limits;
  const WorkloadUse::Counts& m_counts;
  std::vector<std::map<std::string, int64_t>> m_byLabel;
  std::vector<int64_t> m_ofNode;
};

class Record final : public PlacementRecord {
public:
  Record(std::shared_ptr<const Plan> plan, NodeHistory::Point nodes, WorkloadUse::Point use, Outcome outcome)
      : m_plan(std::move(plan)), m_nodes(std::move(nodes)), m_use(std::move(use)), m_chosen(std::move(outcome.chosen)),
        m_score(outcome.score), m_total(outcome.total), m_fit(outcome.fit), m_summary(std::move(outcome.refusal)) {}

  [[nodiscard]] const std::string& strategy() const override { return m_plan->strategy; }
  std::optional<model::NodeId> chosen() const override {
    return m_chosen ? std::optional<model::NodeId>(m_chosen->id) : std::nullopt;
  }
  // Made when first asked for: most decisions of a large rollout are never read.
  const std::string& summary() const override {
    if (m_summary.empty()) {
      m_summary = placedSummary(m_chosen->name, m_score, m_fit, m_total);
    }
    return m_summary;
  }
  int nodesTotal() const override { return m_total; }
  int nodesFit() const override { return m_fit; }

  model::Decision expand() const override {
    model::Decision decision;
    decision.workloadId = m_plan->request.workloadId;
    decision.workloadName = m_plan->request.workloadName;
    decision.strategy = m_plan->strategy;
    decision.summary = summary();
    decision.nodesTotal = m_total;
    decision.nodesFit = m_fit;
    if (m_chosen) {
      decision.chosen = m_chosen->id;
      decision.chosenName = m_chosen->name;
    }
    const std::vector<NodeNow> nodes = m_nodes.nodes();
    const WorkloadUse::Counts counts = m_use.counts();
    DomainCounts domains(*m_plan, nodes, counts);
    const std::string pinnedName = nameOfPinned(nodes);
    decision.nodes.reserve(nodes.size());
    for (const NodeNow& node : nodes) {
      const Verdict verdict = judge(*m_plan, *node.facts, node.usage, domains.of(node));
      model::NodeVerdict& out = decision.nodes.emplace_back();
      out.nodeId = node.facts->id;
      out.nodeName = node.facts->name;
      out.fits = verdict.filter == Filter::None;
      if (out.fits) {
        out.score = static_cast<double>(verdict.score) / kScoreOne;
        out.parts = scoreParts(*m_plan, *node.facts, verdict);
      } else {
        out.filter = filterName(verdict.filter);
        out.reason = reasonText(*m_plan, *node.facts, verdict, pinnedName);
      }
    }
    std::sort(decision.nodes.begin(), decision.nodes.end(), [&decision](const auto& a, const auto& b) {
      const bool aChosen = a.nodeId == decision.chosen;
      const bool bChosen = b.nodeId == decision.chosen;
      if (aChosen != bChosen) {
        return aChosen;
      }
      if (a.fits != b.fits) {
        return a.fits;
      }
      if (a.score != b.score) {
        return a.score > b.score;
      }
      return std::tie(a.nodeName, a.nodeId) < std::tie(b.nodeName, b.nodeId);
    });
    return decision;
  }

private:
  [[nodiscard]] std::string nameOfPinned(const std::vector<NodeNow>& nodes) const {
    const auto& pinned = m_plan->request.placement.node;
    if (!pinned) {
      return {};
    }
    const auto it =
        std::find_if(nodes.begin(), nodes.end(), [&](const NodeNow& node) { return node.facts->id == *pinned; });
    return it == nodes.end() ? pinned->str() + ", which is not in the cluster" : it->facts->name;
  }

  std::shared_ptr<const Plan> m_plan;
  NodeHistory::Point m_nodes;
  WorkloadUse::Point m_use; // asked for only by requests with spread limits
  std::shared_ptr<const NodeFacts> m_chosen;
  int32_t m_score;
  int m_total;
  int m_fit;
  mutable std::string m_summary;
};

} // namespace

std::shared_ptr<const PlacementRecord> makeRecord(std::shared_ptr<const Plan> plan, NodeHistory::Point nodes,
                                                  WorkloadUse::Point use, Outcome outcome) {
  return std::make_shared<const Record>(std::move(plan), std::move(nodes), std::move(use), std::move(outcome));
}

} // namespace univrs::schedule
