// Nodes as a table shows them: searched, sorted, and only those of a state.
#pragma once

#include "app/gui/node_list_model.h"
#include "app/gui/table_filter.h"

namespace univrs::gui {

class NodeFilter : public univrs::gui::TableFilter {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(Show show READ show WRITE setShow NOTIFY showChanged)
public:
  enum Show { All, Ready, Cordoned, NeedsYou };
  Q_ENUM(Show)

  explicit NodeFilter(NodeListModel& source, QObject* parent = nullptr);
  [[nodiscard]] Show show() const { return m_show; }
  void setShow(Show show);

Q_SIGNALS:
  void showChanged();

protected:
  [[nodiscard]] bool accepts(int sourceRow) const override;

private:
  const NodeListModel& m_nodes;
  Show m_show = All;
};

} // namespace univrs::gui
