// The nodes of one decision as a table shows them: only those that fit, only those refused, or refused by one filter.
#pragma once

#include "app/gui/table_filter.h"
#include "app/gui/verdict_list_model.h"

namespace univrs::gui {

class VerdictFilter : public univrs::gui::TableFilter {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by DecisionDetails")
  Q_PROPERTY(Show show READ show WRITE setShow NOTIFY filterChanged)
  // Only nodes that this filter refused ("memory"); empty = whatever the reason. Setting it shows the refused.
  Q_PROPERTY(QString refusedBy READ refusedBy WRITE setRefusedBy NOTIFY filterChanged)
public:
  enum Show { All, Fits, Refused };
  Q_ENUM(Show)

  explicit VerdictFilter(VerdictListModel& source, QObject* parent = nullptr);
  [[nodiscard]] Show show() const { return m_show; }
  void setShow(Show show);
  [[nodiscard]] QString refusedBy() const { return m_refusedBy; }
  void setRefusedBy(const QString& filter);
  // No filter, no search, best first: as a newly opened decision is shown.
  void showAll();

Q_SIGNALS:
  void filterChanged();

protected:
  [[nodiscard]] bool accepts(int sourceRow) const override;

private:
  void set(Show show, const QString& refusedBy);
  const VerdictListModel& m_verdicts;
  Show m_show = All;
  QString m_refusedBy;
  std::string m_filter;
};

} // namespace univrs::gui
