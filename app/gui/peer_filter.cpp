#include "app/gui/peer_filter.h"

namespace univrs::gui {

PeerFilter::PeerFilter(PeerListModel& source, QObject* parent)
    : TableFilter(source, "peerId", {"name", "peerId", "agent", "address", "stateWord", "transport"}, parent),
      m_peers(source) {
  connect(this, &TableFilter::textChanged, this, &PeerFilter::filterChanged);
  sortBy(QStringLiteral("stateWord"), false);
}

void PeerFilter::setShow(Show show) {
  if (show != m_show) {
    m_show = show;
    refilter();
    Q_EMIT filterChanged();
  }
}

void PeerFilter::setTransport(const QString& transport) {
  if (transport != m_transport) {
    m_transport = transport;
    refilter();
    Q_EMIT filterChanged();
  }
}

bool PeerFilter::accepts(int sourceRow) const {
  const PeerRow& row = m_peers.at(sourceRow);
  if (!m_transport.isEmpty() && !row.transports.split(QStringLiteral(", ")).contains(m_transport)) {
    return false;
  }
  switch (m_show) {
  case All:
    return true;
  case Connected:
    return row.standing != PeerStanding::Elsewhere;
  case Relayed:
    return row.standing == PeerStanding::Relayed;
  case Elsewhere:
    return row.standing == PeerStanding::Elsewhere;
  }
  return true;
}

} // namespace univrs::gui
