// The view models of Overview, Nodes and Scheduler, fed together: what they have in common is counted once.
#pragma once

#include "app/gui/decision_details.h"
#include "app/gui/decision_filter.h"
#include "app/gui/decision_list_model.h"
#include "app/gui/instance_index.h"
#include "app/gui/node_details.h"
#include "app/gui/node_filter.h"
#include "app/gui/node_list_model.h"
#include "app/gui/overview.h"
#include "engine/interfaces/engine.h"

#include <QObject>

namespace univrs::gui {

class ClusterViews : public QObject {
  Q_OBJECT
public:
  ClusterViews(interfaces::Engine& engine, const base::Clock& clock, const WorkloadListModel& workloads,
               QObject* parent = nullptr);

  // Deltas of topics instances, nodes, events and decisions, in order; others are skipped.
  void apply(const std::vector<interfaces::Delta>& deltas);
  // Connected (again): asks for what the watch has no snapshot of.
  void refresh();
  void refreshAges();
  // Empty = nothing. A node that is not there cannot be selected; a decision may be older than the list.
  void selectNode(const QString& id);
  void selectDecision(const QString& id);

  [[nodiscard]] const QString& selectedNode() const { return m_selectedNode; }
  [[nodiscard]] QString selectedDecision() const { return m_decisionDetails.id(); }
  [[nodiscard]] NodeListModel* nodes() { return &m_nodes; }
  [[nodiscard]] NodeFilter* nodeRows() { return &m_nodeRows; }
  [[nodiscard]] NodeDetails* nodeDetails() { return &m_nodeDetails; }
  [[nodiscard]] DecisionListModel* decisions() { return &m_decisions; }
  [[nodiscard]] DecisionFilter* decisionRows() { return &m_decisionRows; }
  [[nodiscard]] DecisionDetails* decisionDetails() { return &m_decisionDetails; }
  [[nodiscard]] Overview* overview() { return &m_overview; }

Q_SIGNALS:
  void nodeSelectionChanged();
  void decisionSelectionChanged();

private:
  InstanceIndex m_instances;
  NodeListModel m_nodes;
  NodeFilter m_nodeRows;
  NodeDetails m_nodeDetails;
  DecisionListModel m_decisions;
  DecisionFilter m_decisionRows;
  DecisionDetails m_decisionDetails;
  Overview m_overview;
  QString m_selectedNode;
};

} // namespace univrs::gui
