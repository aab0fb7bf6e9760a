// Workloads as a table shows them: searched, sorted, and only those in a state.
#pragma once

#include "app/gui/table_filter.h"
#include "app/gui/workload_list_model.h"

namespace univrs::gui {

class WorkloadFilterModel : public univrs::gui::TableFilter {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(univrs::gui::WorkloadListModel::Health health READ health WRITE setHealth NOTIFY healthChanged)
public:
  explicit WorkloadFilterModel(WorkloadListModel& source, QObject* parent = nullptr);
  [[nodiscard]] WorkloadListModel::Health health() const { return m_health; }
  void setHealth(WorkloadListModel::Health health);

Q_SIGNALS:
  void healthChanged();

protected:
  [[nodiscard]] bool accepts(int sourceRow) const override;

private:
  const WorkloadListModel& m_workloads;
  WorkloadListModel::Health m_health = WorkloadListModel::AnyHealth;
};

} // namespace univrs::gui
