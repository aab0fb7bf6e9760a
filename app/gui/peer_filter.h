// Peers as the table shows them, and which of them the graph shows plainly: searched, of a state, over a transport.
#pragma once

#include "app/gui/peer_list_model.h"
#include "app/gui/table_filter.h"

namespace univrs::gui {

class PeerFilter : public univrs::gui::TableFilter {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(Show show READ show WRITE setShow NOTIFY filterChanged)
  Q_PROPERTY(QString transport READ transport WRITE setTransport NOTIFY filterChanged) // empty = any
  Q_PROPERTY(bool narrowed READ narrowed NOTIFY filterChanged)                         // anything is left out
public:
  enum Show { All, Connected, Relayed, Elsewhere };
  Q_ENUM(Show)

  explicit PeerFilter(PeerListModel& source, QObject* parent = nullptr);
  [[nodiscard]] Show show() const { return m_show; }
  void setShow(Show show);
  [[nodiscard]] QString transport() const { return m_transport; }
  void setTransport(const QString& transport);
  [[nodiscard]] bool narrowed() const { return m_show != All || !m_transport.isEmpty() || !text().isEmpty(); }

Q_SIGNALS:
  void filterChanged();

protected:
  [[nodiscard]] bool accepts(int sourceRow) const override;

private:
  const PeerListModel& m_peers;
  Show m_show = All;
  QString m_transport;
};

} // namespace univrs::gui
