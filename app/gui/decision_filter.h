// Decisions as a table shows them: searched, sorted, only refused ones, only those of a workload.
#pragma once

#include "app/gui/decision_list_model.h"
#include "app/gui/table_filter.h"

namespace univrs::gui {

class DecisionFilter : public univrs::gui::TableFilter {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(bool refusedOnly READ refusedOnly WRITE setRefusedOnly NOTIFY filterChanged)
  Q_PROPERTY(QString workloadId READ workloadId WRITE setWorkloadId NOTIFY filterChanged) // empty = of all
public:
  explicit DecisionFilter(DecisionListModel& source, QObject* parent = nullptr);
  [[nodiscard]] bool refusedOnly() const { return m_refusedOnly; }
  void setRefusedOnly(bool refusedOnly);
  [[nodiscard]] QString workloadId() const { return m_workloadId; }
  void setWorkloadId(const QString& workloadId);

Q_SIGNALS:
  void filterChanged();

protected:
  [[nodiscard]] bool accepts(int sourceRow) const override;

private:
  const DecisionListModel& m_decisions;
  bool m_refusedOnly = false;
  QString m_workloadId;
  std::string m_workload;
};

} // namespace univrs::gui
