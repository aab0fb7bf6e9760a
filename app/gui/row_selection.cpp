#include "app/gui/row_selection.h"

#include <algorithm>

namespace univrs::gui {

RowSelection::RowSelection(QAbstractItemModel& rows, QByteArray idRole, QObject* parent)
    : QObject(parent), m_rows(rows), m_idName(std::move(idRole)) {}

QString RowSelection::idAt(int row) const {
  const int role = m_rows.roleNames().key(m_idName, -1);
  return row >= 0 && row < m_rows.rowCount() ? m_rows.index(row, 0).data(role).toString() : QString();
}

void RowSelection::tell() {
  ++m_serial;
  Q_EMIT changed();
}

QStringList RowSelection::ids() const {
  QStringList out;
  QSet<QString> rest = m_marked;
  const int role = m_rows.roleNames().key(m_idName, -1);
  for (int row = 0; row < m_rows.rowCount() && !rest.isEmpty(); ++row) {
    const QString id = m_rows.index(row, 0).data(role).toString();
    if (rest.remove(id)) {
      out << id;
    }
  }
  QStringList hidden(rest.cbegin(), rest.cend());
  hidden.sort();
  return out + hidden;
}

void RowSelection::toggle(int row) {
  const QString id = idAt(row);
  if (id.isEmpty()) {
    return;
  }
  if (!m_marked.remove(id) && m_marked.size() < kMaxMarked) {
    m_marked.insert(id);
  }
  m_anchor = id;
  tell();
}

void RowSelection::extendTo(int row) {
  const QString to = idAt(row);
  if (to.isEmpty()) {
    return;
  }
  if (m_anchor.isEmpty()) {
    m_anchor = to;
  }
  const int role = m_rows.roleNames().key(m_idName, -1);
  int from = row; // an anchor that is gone: only this row
  for (int r = 0; r < m_rows.rowCount(); ++r) {
    if (m_rows.index(r, 0).data(role).toString() == m_anchor) {
      from = r;
      break;
    }
  }
  m_marked.clear();
  for (int r = std::min(from, row); r <= std::max(from, row) && m_marked.size() < kMaxMarked; ++r) {
    m_marked.insert(m_rows.index(r, 0).data(role).toString());
  }
  tell();
}

void RowSelection::anchor(int row) {
  m_anchor = idAt(row);
  if (!m_marked.isEmpty()) {
    clear();
  }
}

void RowSelection::all() {
  const int role = m_rows.roleNames().key(m_idName, -1);
  m_marked.clear();
  for (int row = 0; row < m_rows.rowCount() && m_marked.size() < kMaxMarked; ++row) {
    m_marked.insert(m_rows.index(row, 0).data(role).toString());
  }
  tell();
}

void RowSelection::clear() {
  if (!m_marked.isEmpty()) {
    m_marked.clear();
    tell();
  }
}

void RowSelection::forget(const QSet<QString>& ids) {
  if (!m_marked.isEmpty() && m_marked.intersects(ids)) {
    m_marked.subtract(ids);
    tell();
  }
}

} // namespace univrs::gui
