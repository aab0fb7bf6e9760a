#include "app/gui/table_filter.h"

#include "app/gui/table_order.h"

#include <algorithm>

namespace univrs::gui {

TableFilter::TableFilter(QAbstractItemModel& source, QByteArray idRole, QList<QByteArray> searchRoles, QObject* parent)
    : QAbstractProxyModel(parent), m_idName(std::move(idRole)), m_searchNames(std::move(searchRoles)) {
  setSourceModel(&source);
  const QHash<int, QByteArray> names = source.roleNames();
  m_idRole = names.key(m_idName, -1);
  for (const QByteArray& name : std::as_const(m_searchNames)) {
    if (const int role = names.key(name, -1); role >= 0) {
      m_searchRoles.append(role);
    }
  }
  m_timer.setSingleShot(true);
  m_timer.setInterval(kFlushMs);
  connect(&m_timer, &QTimer::timeout, this, &TableFilter::flush);
  connect(&source, &QAbstractItemModel::dataChanged, this, &TableFilter::sourceChanged);
  connect(&source, &QAbstractItemModel::rowsInserted, this, &TableFilter::sourceInserted);
  connect(&source, &QAbstractItemModel::rowsAboutToBeRemoved, this, &TableFilter::sourceAboutToRemove);
  connect(&source, &QAbstractItemModel::rowsRemoved, this, &TableFilter::sourceRemoved);
  connect(&source, &QAbstractItemModel::modelReset, this, &TableFilter::resetRows);
  connect(&source, &QAbstractItemModel::rowsMoved, this, &TableFilter::resetRows);
  connect(&source, &QAbstractItemModel::layoutChanged, this, &TableFilter::resetRows);
  rebuild();
}

bool TableFilter::accepts(int /*sourceRow*/) const {
  return true;
}

QVariant TableFilter::value(int sourceRow, int role) const {
  return sourceModel()->data(sourceModel()->index(sourceRow, 0), role);
}

bool TableFilter::wanted(int sourceRow) const {
  if (!accepts(sourceRow)) {
    return false;
  }
  QStringList texts;
  for (const QString& word : m_words) {
    if (texts.isEmpty()) {
      for (const int role : std::as_const(m_searchRoles)) {
        texts.append(value(sourceRow, role).toString());
      }
    }
    const auto holds = [&](const QString& text) { return text.contains(word, Qt::CaseInsensitive); };
    if (std::none_of(texts.cbegin(), texts.cend(), holds)) {
      return false;
    }
  }
  return true;
}

bool TableFilter::before(int leftSource, int rightSource) const {
  if (m_sortRole >= 0) {
    const QVariant left = value(leftSource, m_sortRole);
    const QVariant right = value(rightSource, m_sortRole);
    const bool leftMissing = isMissing(left);
    if (leftMissing != isMissing(right)) {
      return !leftMissing; // what has no value comes last, in both directions
    }
    const int order = leftMissing ? 0 : compareValues(left, right);
    if (order != 0) {
      return m_descending ? order > 0 : order < 0;
    }
  }
  return leftSource < rightSource;
}

void TableFilter::chooseSortRole() {
  const QHash<int, QByteArray> names = sourceModel()->roleNames();
  const QByteArray key = m_sortKey.toUtf8();
  m_sortRole = key.isEmpty() ? -1 : names.key(key + "_sort", names.key(key, -1));
}

void TableFilter::rebuild() {
  m_timer.stop();
  const int n = sourceModel()->rowCount();
  m_rows.clear();
  m_proxyOf.assign(size_t(n), -1);
  m_marks.assign(size_t(n), None);
  for (int row = 0; row < n; ++row) {
    if (wanted(row)) {
      m_rows.push_back(row);
    }
  }
  std::sort(m_rows.begin(), m_rows.end(), [this](int a, int b) { return before(a, b); });
  renumber(0);
}

void TableFilter::renumber(int fromProxyRow) {
  for (size_t i = size_t(fromProxyRow); i < m_rows.size(); ++i) {
    m_proxyOf[size_t(m_rows[i])] = int(i);
  }
}

void TableFilter::schedule() {
  if (!m_timer.isActive()) {
    m_timer.start();
  }
}

void TableFilter::resetRows() {
  beginResetModel();
  rebuild();
  endResetModel();
  Q_EMIT countChanged();
}

void TableFilter::setText(const QString& text) {
  const QString cut = text.left(kMaxSearchText);
  if (cut != m_text) {
    m_text = cut;
    m_words = cut.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    refilter();
    Q_EMIT textChanged();
  }
}

void TableFilter::refilter() {
  // The order of rows that stay is as good as it was: only who is in has to be asked again.
  const int n = int(m_marks.size());
  int steps = 0;
  for (int row = 0; row < n && steps <= kMaxSteps; ++row) {
    steps += wanted(row) != (m_proxyOf[size_t(row)] >= 0) ? 1 : 0;
  }
  if (steps > kMaxSteps) {
    resetRows();
    return;
  }
  const bool held = m_hold;
  m_hold = false; // asked for by the person: new rows go to their places at once
  arrange(AllRows);
  m_hold = held;
}

void TableFilter::setSortKey(const QString& key) {
  sortBy(key, m_descending);
}

void TableFilter::setDescending(bool descending) {
  sortBy(m_sortKey, descending);
}

void TableFilter::sortBy(const QString& key, bool descending) {
  if (key == m_sortKey && descending == m_descending) {
    return;
  }
  m_sortKey = key;
  m_descending = descending;
  chooseSortRole();
  resetRows();
  Q_EMIT sortChanged();
}

void TableFilter::setHold(bool hold) {
  if (hold != m_hold) {
    m_hold = hold;
    Q_EMIT holdChanged();
    if (!hold) {
      flush();
    }
  }
}

QString TableFilter::idAt(int row) const {
  return row < 0 || row >= count() ? QString() : value(m_rows[size_t(row)], m_idRole).toString();
}

int TableFilter::rowOf(const QString& id) const {
  for (int row = 0; row < count() && !id.isEmpty(); ++row) {
    if (idAt(row) == id) {
      return row;
    }
  }
  return -1;
}

void TableFilter::flush() {
  m_timer.stop();
  arrange(ChangedRows);
}

void TableFilter::arrange(Whom whom) {
  const int before = count();
  removeUnwanted(whom);
  std::vector<int> added;
  for (int row = 0; row < int(m_marks.size()); ++row) {
    if (m_proxyOf[size_t(row)] < 0 && (whom == AllRows || pending(row)) && wanted(row)) {
      added.push_back(row);
    }
  }
  const bool tooMany = int(added.size()) > kMaxSteps && !m_rows.empty();
  if (!m_hold && (tooMany || !place())) {
    resetRows();
    return;
  }
  insert(std::move(added));
  announceChanges();
  if (before != count()) {
    Q_EMIT countChanged();
  }
}

void TableFilter::removeUnwanted(Whom whom) {
  const auto goes = [&](int proxyRow) {
    const int row = m_rows[size_t(proxyRow)];
    return (whom == AllRows || pending(row)) && !wanted(row);
  };
  for (int last = count() - 1; last >= 0; --last) {
    if (!goes(last)) {
      continue;
    }
    int first = last;
    while (first > 0 && goes(first - 1)) {
      --first;
    }
    removeProxyRows(first, last);
    last = first;
  }
}

bool TableFilter::place() {
  std::vector<int> misplaced;
  std::vector<int> settled;
  settled.reserve(m_rows.size());
  for (const int row : m_rows) {
    (pending(row) ? misplaced : settled).push_back(row);
  }
  if (misplaced.empty()) {
    return true;
  }
  const auto order = [this](int a, int b) { return before(a, b); };
  std::sort(misplaced.begin(), misplaced.end(), order);
  std::vector<int> target(m_rows.size());
  std::merge(settled.begin(), settled.end(), misplaced.begin(), misplaced.end(), target.begin(), order);
  if (target != m_rows) {
    // Each misplaced row goes right behind the row it should follow, in the order of the result: whoever it follows is
    // where it should be by then, and rows that did not change are never moved.
    std::vector<bool> isMisplaced(m_marks.size(), false);
    for (const int row : misplaced) {
      isMisplaced[size_t(row)] = true;
    }
    int steps = 0;
    for (size_t i = 0; i < target.size(); ++i) {
      if (!isMisplaced[size_t(target[i])]) {
        continue;
      }
      const int from = m_proxyOf[size_t(target[i])];
      const int to = i == 0 ? 0 : m_proxyOf[size_t(target[i - 1])] + 1;
      if (from == to) {
        continue;
      }
      if (++steps > kMaxSteps) {
        return false;
      }
      beginMoveRows({}, from, from, {}, to);
      if (from < to) {
        std::rotate(m_rows.begin() + from, m_rows.begin() + from + 1, m_rows.begin() + to);
      } else {
        std::rotate(m_rows.begin() + to, m_rows.begin() + from, m_rows.begin() + from + 1);
      }
      renumber(std::min(from, to));
      endMoveRows();
    }
  }
  for (const int row : misplaced) {
    m_marks[size_t(row)] &= static_cast<unsigned char>(~Unplaced);
  }
  return true;
}

void TableFilter::insert(std::vector<int> sourceRows) {
  const auto order = [this](int a, int b) { return before(a, b); };
  std::sort(sourceRows.begin(), sourceRows.end(), order);
  size_t done = 0;
  while (done < sourceRows.size()) {
    // As many as go into the same gap at once.
    size_t at = m_rows.size();
    size_t end = sourceRows.size();
    if (!m_hold) {
      at = size_t(std::lower_bound(m_rows.begin(), m_rows.end(), sourceRows[done], order) - m_rows.begin());
      end = done + 1;
      while (end < sourceRows.size() && (at == m_rows.size() || before(sourceRows[end], m_rows[at]))) {
        ++end;
      }
    }
    beginInsertRows({}, int(at), int(at + end - done) - 1);
    m_rows.insert(m_rows.begin() + std::ptrdiff_t(at), sourceRows.begin() + std::ptrdiff_t(done),
                  sourceRows.begin() + std::ptrdiff_t(end));
    renumber(int(at));
    for (size_t i = done; i < end; ++i) {
      m_marks[size_t(sourceRows[i])] = m_hold ? Unplaced : None;
    }
    endInsertRows();
    done = end;
  }
}

void TableFilter::announceChanges() {
  int first = -1;
  for (int row = 0; row <= count(); ++row) {
    const bool changed = row < count() && (m_marks[size_t(m_rows[size_t(row)])] & (Changed | Shown)) != 0;
    if (changed && first < 0) {
      first = row;
    } else if (!changed && first >= 0) {
      Q_EMIT dataChanged(index(first, 0), index(row - 1, 0));
      first = -1;
    }
  }
  for (unsigned char& mark : m_marks) {
    const bool keep = m_hold && (mark & (Changed | Unplaced)) != 0; // it may be out of place until the pointer leaves
    mark = keep ? Unplaced : None;
  }
}

void TableFilter::removeProxyRows(int first, int last) {
  beginRemoveRows({}, first, last);
  for (int row = first; row <= last; ++row) {
    m_proxyOf[size_t(m_rows[size_t(row)])] = -1;
  }
  m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
  renumber(first);
  endRemoveRows();
}

void TableFilter::sourceChanged(const QModelIndex& topLeft, const QModelIndex& bottomRight, const QList<int>& roles) {
  // Ages and usage of all rows change all the time and decide nothing: such rows are shown anew, not placed anew.
  const auto decides = [this](int role) { return role == m_sortRole || m_searchRoles.contains(role); };
  const Mark mark = roles.isEmpty() || std::any_of(roles.cbegin(), roles.cend(), decides) ? Changed : Shown;
  for (int row = topLeft.row(); row <= bottomRight.row(); ++row) {
    m_marks[size_t(row)] = static_cast<unsigned char>(m_marks[size_t(row)] | mark);
  }
  schedule();
}

void TableFilter::sourceInserted(const QModelIndex& parent, int first, int last) {
  if (parent.isValid()) {
    return;
  }
  const int n = last - first + 1;
  for (int& row : m_rows) {
    row += row >= first ? n : 0;
  }
  m_proxyOf.insert(m_proxyOf.begin() + first, size_t(n), -1);
  // Rows that changed and are not in their places yet would lead the search for a place astray: those first.
  const bool waiting = std::any_of(m_marks.begin(), m_marks.end(),
                                   [](unsigned char mark) { return (mark & (Changed | Unplaced)) != 0; });
  m_marks.insert(m_marks.begin() + first, size_t(n), Changed);
  if (waiting || n > kMaxSteps) {
    flush();
    return;
  }
  std::vector<int> added;
  for (int row = first; row <= last; ++row) {
    m_marks[size_t(row)] = None;
    if (wanted(row)) {
      added.push_back(row);
    }
  }
  if (!added.empty()) {
    insert(std::move(added));
    Q_EMIT countChanged();
  }
}

void TableFilter::sourceAboutToRemove(const QModelIndex& parent, int first, int last) {
  if (parent.isValid()) {
    return;
  }
  const auto goes = [&](int proxyRow) {
    const int row = m_rows[size_t(proxyRow)];
    return row >= first && row <= last;
  };
  const int before = count();
  for (int end = before - 1; end >= 0; --end) {
    if (!goes(end)) {
      continue;
    }
    int begin = end;
    while (begin > 0 && goes(begin - 1)) {
      --begin;
    }
    removeProxyRows(begin, end);
    end = begin;
  }
  if (before != count()) {
    Q_EMIT countChanged();
  }
}

void TableFilter::sourceRemoved(const QModelIndex& parent, int first, int last) {
  if (parent.isValid()) {
    return;
  }
  const int n = last - first + 1;
  for (int& row : m_rows) {
    row -= row > last ? n : 0;
  }
  m_proxyOf.erase(m_proxyOf.begin() + first, m_proxyOf.begin() + last + 1);
  m_marks.erase(m_marks.begin() + first, m_marks.begin() + last + 1);
}

QModelIndex TableFilter::index(int row, int column, const QModelIndex& parent) const {
  return parent.isValid() || row < 0 || row >= count() || column != 0 ? QModelIndex() : createIndex(row, column);
}

QModelIndex TableFilter::parent(const QModelIndex& /*child*/) const {
  return {};
}

int TableFilter::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

int TableFilter::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : 1;
}

bool TableFilter::hasChildren(const QModelIndex& parent) const {
  return !parent.isValid() && count() > 0;
}

QModelIndex TableFilter::mapToSource(const QModelIndex& proxy) const {
  return proxy.isValid() && proxy.row() < count() ? sourceModel()->index(m_rows[size_t(proxy.row())], 0)
                                                  : QModelIndex();
}

QModelIndex TableFilter::mapFromSource(const QModelIndex& source) const {
  return source.isValid() && source.row() < int(m_proxyOf.size()) ? index(m_proxyOf[size_t(source.row())], 0)
                                                                  : QModelIndex();
}

QHash<int, QByteArray> TableFilter::roleNames() const {
  return sourceModel() ? sourceModel()->roleNames() : QAbstractProxyModel::roleNames();
}

} // namespace univrs::gui
