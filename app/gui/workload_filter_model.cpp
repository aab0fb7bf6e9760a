#include "app/gui/workload_filter_model.h"

namespace univrs::gui {

WorkloadFilterModel::WorkloadFilterModel(WorkloadListModel& source, QObject* parent)
    : TableFilter(source, "workloadId", {"name", "labels", "image", "nodes"}, parent), m_workloads(source) {
  sortBy(QStringLiteral("name"), false);
}

void WorkloadFilterModel::setHealth(WorkloadListModel::Health health) {
  if (health != m_health) {
    m_health = health;
    refilter();
    Q_EMIT healthChanged();
  }
}

bool WorkloadFilterModel::accepts(int sourceRow) const {
  const model::Health health = m_workloads.at(sourceRow).status.health;
  switch (m_health) {
  case WorkloadListModel::AnyHealth:
    return true;
  case WorkloadListModel::HealthyOnly:
    return health == model::Health::Healthy;
  case WorkloadListModel::NeedsAttention:
    return health == model::Health::Degraded;
  }
  return true;
}

} // namespace univrs::gui
