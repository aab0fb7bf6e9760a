#include "app/gui/decision_filter.h"

namespace univrs::gui {

DecisionFilter::DecisionFilter(DecisionListModel& source, QObject* parent)
    : TableFilter(source, "decisionId", {"workload", "instance", "node", "strategy", "trigger", "outcome", "summary"},
                  parent),
      m_decisions(source) {
  sortBy(QStringLiteral("age"), true);
}

void DecisionFilter::setRefusedOnly(bool refusedOnly) {
  if (refusedOnly != m_refusedOnly) {
    m_refusedOnly = refusedOnly;
    refilter();
    Q_EMIT filterChanged();
  }
}

void DecisionFilter::setWorkloadId(const QString& workloadId) {
  if (workloadId != m_workloadId) {
    m_workloadId = workloadId;
    m_workload = workloadId.toStdString();
    refilter();
    Q_EMIT filterChanged();
  }
}

bool DecisionFilter::accepts(int sourceRow) const {
  const model::Decision& d = m_decisions.at(sourceRow);
  return !(m_refusedOnly && d.chosen) && (m_workload.empty() || d.workloadId.str() == m_workload);
}

} // namespace univrs::gui
