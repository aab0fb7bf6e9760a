// The cluster at a glance: one word, what needs a person first, and a few sums. It reads the other view models, so that
// it can never say other numbers than they do.
#pragma once

#include "app/gui/coalescer.h"
#include "app/gui/connection_model.h"
#include "app/gui/decision_filter.h"
#include "app/gui/instance_index.h"
#include "app/gui/needs_model.h"
#include "app/gui/node_list_model.h"
#include "app/gui/recent_events.h"
#include "app/gui/workload_list_model.h"

#include <QObject>
#include <QStringList>
#include <QVariantList>
#include <QtQml/qqmlregistration.h>

namespace univrs::gui {

class Overview : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(bool complete READ complete NOTIFY changed) // the numbers are known
  Q_PROPERTY(bool empty READ empty NOTIFY changed)       // nothing is deployed
  Q_PROPERTY(QString word READ word NOTIFY changed)
  Q_PROPERTY(QString tone READ tone NOTIFY changed)
  Q_PROPERTY(QString sentence READ sentence NOTIFY changed)
  // Parts of a meter {value, tone, label}, without those that are zero, and their sum.
  Q_PROPERTY(QVariantList workloads READ workloads NOTIFY changed)
  Q_PROPERTY(int workloadCount READ workloadCount NOTIFY changed)
  Q_PROPERTY(QVariantList instances READ instances NOTIFY changed)
  Q_PROPERTY(int instanceCount READ instanceCount NOTIFY changed)
  Q_PROPERTY(QVariantList nodes READ nodes NOTIFY changed)
  Q_PROPERTY(int nodeCount READ nodeCount NOTIFY changed)
  // {name, parts, limit, text} for CPU and memory of the nodes that are ready, together.
  Q_PROPERTY(QVariantList resources READ resources NOTIFY changed)
  Q_PROPERTY(QStringList nodeIds READ nodeIds NOTIFY nodeIdsChanged) // for charts of their usage
  Q_PROPERTY(univrs::gui::NeedsModel* needs READ needs CONSTANT)
  Q_PROPERTY(univrs::gui::RecentEvents* events READ events CONSTANT)
  Q_PROPERTY(univrs::gui::DecisionFilter* refused READ refused CONSTANT) // decisions that found no node
public:
  static constexpr int kEvents = 20;
  static constexpr int kMaxChartNodes = 200; // as many as one question about usage may name
  static constexpr int kRefreshMs = 250;

  Overview(interfaces::Events& engine, const base::Clock& clock, const WorkloadListModel& workloads,
           NodeListModel& nodes, const InstanceIndex& instances, DecisionListModel& decisions,
           QObject* parent = nullptr);
  // Something it sums up changed.
  void refresh() { m_coalescer.request(); }

  [[nodiscard]] bool complete() const { return m_complete; }
  [[nodiscard]] bool empty() const { return m_complete && m_workloadCount == 0; }
  [[nodiscard]] QString word() const { return m_word; }
  [[nodiscard]] QString tone() const { return m_tone; }
  [[nodiscard]] QString sentence() const { return m_sentence; }
  [[nodiscard]] QVariantList workloads() const { return m_workloadParts; }
  [[nodiscard]] int workloadCount() const { return m_workloadCount; }
  [[nodiscard]] QVariantList instances() const { return m_instanceParts; }
  [[nodiscard]] int instanceCount() const { return m_instances.counts().total(); }
  [[nodiscard]] QVariantList nodes() const { return m_nodeParts; }
  [[nodiscard]] int nodeCount() const { return m_nodes.total(); }
  [[nodiscard]] QVariantList resources() const { return m_resources; }
  [[nodiscard]] QStringList nodeIds() const { return m_nodeIds; }
  [[nodiscard]] NeedsModel* needs() { return &m_needs; }
  [[nodiscard]] RecentEvents* events() { return &m_events; }
  [[nodiscard]] DecisionFilter* refused() { return &m_refused; }

Q_SIGNALS:
  void changed();
  void nodeIdsChanged();

private:
  void compute();
  void computeNeeds();
  void computeResources();
  [[nodiscard]] Need needOf(const model::Workload& workload) const;
  [[nodiscard]] static Need needOf(const model::Node& node);
  const WorkloadListModel& m_workloads;
  NodeListModel& m_nodes;
  const InstanceIndex& m_instances;
  DecisionListModel& m_decisions;
  RecentEvents m_events;
  DecisionFilter m_refused;
  NeedsModel m_needs;
  bool m_complete = false;
  QString m_word;
  QString m_tone = QStringLiteral("idle");
  QString m_sentence;
  QVariantList m_workloadParts;
  int m_workloadCount = 0;
  QVariantList m_instanceParts;
  QVariantList m_nodeParts;
  QVariantList m_resources;
  QStringList m_nodeIds;
  Coalescer m_coalescer;
};

} // namespace univrs::gui
