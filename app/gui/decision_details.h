// One decision, node by node: where an instance was placed or why nowhere, which nodes refused it and with which
// numbers.
#pragma once

#include "app/gui/decision_list_model.h"
#include "app/gui/verdict_filter.h"
#include "app/gui/verdict_list_model.h"

#include <QObject>
#include <QtQml/qqmlregistration.h>

namespace univrs::gui {

class DecisionDetails : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(QString id READ id NOTIFY changed)
  Q_PROPERTY(bool present READ present NOTIFY changed)
  Q_PROPERTY(bool known READ known NOTIFY changed) // more than the id
  Q_PROPERTY(bool loading READ loading NOTIFY changed)
  Q_PROPERTY(univrs::gui::Problem problem READ problem NOTIFY changed)
  Q_PROPERTY(QString workload READ workload NOTIFY changed)
  Q_PROPERTY(QString workloadId READ workloadId NOTIFY changed)
  Q_PROPERTY(QString instance READ instance NOTIFY changed)
  Q_PROPERTY(QString node READ node NOTIFY changed)
  Q_PROPERTY(QString nodeId READ nodeId NOTIFY changed)
  Q_PROPERTY(QString outcome READ outcome NOTIFY changed)
  Q_PROPERTY(QString tone READ tone NOTIFY changed)
  Q_PROPERTY(QString strategy READ strategy NOTIFY changed)
  Q_PROPERTY(QString trigger READ trigger NOTIFY changed)
  Q_PROPERTY(QString time READ time NOTIFY changed)
  Q_PROPERTY(QString age READ age NOTIFY agesChanged)
  Q_PROPERTY(QString summary READ summary NOTIFY changed)
  Q_PROPERTY(QString refused READ refused NOTIFY changed) // names the refused nodes, the first of them
  Q_PROPERTY(QString kept READ kept NOTIFY changed)       // that not all nodes' reasons are on record; else empty
  Q_PROPERTY(int nodesTotal READ nodesTotal NOTIFY changed)
  Q_PROPERTY(int nodesFit READ nodesFit NOTIFY changed)
  Q_PROPERTY(QString cliLine READ cliLine NOTIFY changed)
  Q_PROPERTY(univrs::gui::VerdictListModel* verdicts READ verdicts CONSTANT)
  Q_PROPERTY(univrs::gui::VerdictFilter* rows READ rows CONSTANT)
public:
  static constexpr int kNamed = 3; // refused nodes named in the sentence

  DecisionDetails(interfaces::Decisions& engine, const base::Clock& clock, QObject* parent = nullptr);

  // Empty id = nothing. `head` is what the list knows of it, or nullptr.
  void show(const QString& id, const model::Decision* head);
  // Asks again, after an error.
  Q_INVOKABLE void reload();
  void refreshAges() { Q_EMIT agesChanged(); }

  [[nodiscard]] QString id() const { return m_id; }
  [[nodiscard]] bool present() const { return !m_id.isEmpty(); }
  [[nodiscard]] bool known() const { return !m_decision.id.empty(); }
  [[nodiscard]] bool loading() const { return m_loading; }
  [[nodiscard]] Problem problem() const { return m_problem; }
  [[nodiscard]] QString workload() const;
  [[nodiscard]] QString workloadId() const;
  [[nodiscard]] QString instance() const;
  [[nodiscard]] QString node() const;
  [[nodiscard]] QString nodeId() const;
  [[nodiscard]] QString outcome() const;
  [[nodiscard]] QString tone() const;
  [[nodiscard]] QString strategy() const;
  [[nodiscard]] QString trigger() const;
  [[nodiscard]] QString time() const;
  [[nodiscard]] QString age() const;
  [[nodiscard]] QString summary() const;
  [[nodiscard]] QString refused() const;
  [[nodiscard]] QString kept() const;
  [[nodiscard]] int nodesTotal() const { return m_decision.nodesTotal; }
  [[nodiscard]] int nodesFit() const { return m_decision.nodesFit; }
  [[nodiscard]] QString cliLine() const;
  [[nodiscard]] VerdictListModel* verdicts() { return &m_verdicts; }
  [[nodiscard]] VerdictFilter* rows() { return &m_rows; }

Q_SIGNALS:
  void changed();
  void agesChanged();

private:
  void ask();
  interfaces::Decisions& m_engine;
  const base::Clock& m_clock;
  QString m_id;
  model::Decision m_decision; // without nodes
  VerdictListModel m_verdicts;
  VerdictFilter m_rows;
  bool m_loading = false;
  Problem m_problem;
  int m_asked = 0; // answers to older questions are not for us any more
};

} // namespace univrs::gui
