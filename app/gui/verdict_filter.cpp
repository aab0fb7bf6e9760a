#include "app/gui/verdict_filter.h"

namespace univrs::gui {

VerdictFilter::VerdictFilter(VerdictListModel& source, QObject* parent)
    : TableFilter(source, "nodeId", {"name", "nodeId", "outcome", "verdict"}, parent), m_verdicts(source) {}

void VerdictFilter::setShow(Show show) {
  set(show, {});
}

void VerdictFilter::setRefusedBy(const QString& filter) {
  set(filter.isEmpty() ? m_show : Refused, filter);
}

void VerdictFilter::set(Show show, const QString& refusedBy) {
  if (show != m_show || refusedBy != m_refusedBy) {
    m_show = show;
    m_refusedBy = refusedBy;
    m_filter = refusedBy.toStdString();
    refilter();
    Q_EMIT filterChanged();
  }
}

void VerdictFilter::showAll() {
  set(All, {});
  setText({});
  sortBy({}, false); // the decision's own order
}

bool VerdictFilter::accepts(int sourceRow) const {
  const model::NodeVerdict& v = m_verdicts.at(sourceRow);
  switch (m_show) {
  case All:
    return true;
  case Fits:
    return v.fits;
  case Refused:
    return !v.fits && (m_filter.empty() || v.filter == m_filter);
  }
  return true;
}

} // namespace univrs::gui
