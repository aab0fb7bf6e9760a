#include "app/gui/cluster_views.h"

namespace univrs::gui {

ClusterViews::ClusterViews(interfaces::Engine& engine, const base::Clock& clock, const WorkloadListModel& workloads,
                           QObject* parent)
    : QObject(parent), m_nodes(clock, m_instances), m_nodeRows(m_nodes),
      m_nodeDetails(engine.events(), clock, m_instances), m_decisions(engine.decisions(), clock),
      m_decisionRows(m_decisions), m_decisionDetails(engine.decisions(), clock),
      m_overview(engine.events(), clock, workloads, m_nodes, m_instances, m_decisions) {
  connect(&m_nodes, &NodeListModel::applied, this, [this](const QSet<QString>& ids) {
    if (m_selectedNode.isEmpty() || !ids.contains(m_selectedNode)) {
      return;
    }
    const model::Node* node = m_nodes.find(m_selectedNode);
    m_nodeDetails.show(node);
    m_nodeDetails.instances()->refresh();
    if (!node) { // it left the cluster
      m_selectedNode.clear();
      Q_EMIT nodeSelectionChanged();
    }
  });
}

void ClusterViews::apply(const std::vector<interfaces::Delta>& deltas) {
  m_nodes.touch(m_instances.apply(deltas));
  m_nodes.apply(deltas);
  m_decisions.apply(deltas);
  m_overview.events()->apply(deltas);
  m_nodeDetails.events()->apply(deltas);
}

void ClusterViews::refresh() {
  m_decisions.refresh();
  m_overview.events()->refresh();
  m_nodeDetails.events()->refresh();
}

void ClusterViews::refreshAges() {
  m_nodes.refreshAges();
  m_decisions.refreshAges();
  m_decisionDetails.refreshAges();
  m_overview.events()->refreshAges();
  m_nodeDetails.events()->refreshAges();
  m_nodeDetails.instances()->refreshAges();
}

void ClusterViews::selectNode(const QString& id) {
  const model::Node* node = id.isEmpty() ? nullptr : m_nodes.find(id);
  const QString next = node ? id : QString();
  if (next != m_selectedNode) {
    m_selectedNode = next;
    m_nodeDetails.show(node);
    Q_EMIT nodeSelectionChanged();
  }
}

void ClusterViews::selectDecision(const QString& id) {
  if (id != m_decisionDetails.id()) {
    m_decisionDetails.show(id, m_decisions.find(id));
    Q_EMIT decisionSelectionChanged();
  }
}

} // namespace univrs::gui
