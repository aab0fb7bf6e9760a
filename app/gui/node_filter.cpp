#include "app/gui/node_filter.h"

namespace univrs::gui {

NodeFilter::NodeFilter(NodeListModel& source, QObject* parent)
    : TableFilter(source, "nodeId",
                  {"name", "nodeId", "roles", "labels", "stateWord", "runtime", "version", "arch", "address"}, parent),
      m_nodes(source) {
  sortBy(QStringLiteral("name"), false);
}

void NodeFilter::setShow(Show show) {
  if (show != m_show) {
    m_show = show;
    refilter();
    Q_EMIT showChanged();
  }
}

bool NodeFilter::accepts(int sourceRow) const {
  const model::Node& node = m_nodes.at(sourceRow);
  const bool ready = node.status == model::NodeStatus::Ready;
  switch (m_show) {
  case All:
    return true;
  case Ready:
    return ready && !node.cordoned;
  case Cordoned:
    return ready && node.cordoned;
  case NeedsYou:
    return !ready;
  }
  return true;
}

} // namespace univrs::gui
