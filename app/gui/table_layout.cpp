#include "app/gui/table_layout.h"

#include <QSettings>

#include <algorithm>

namespace univrs::gui {
namespace {

QString settingsKey(const QString& tableId) {
  return QStringLiteral("tables/%1/columns").arg(tableId);
}

int least(const TableColumn& column, int ownWidth) {
  return column.fill ? column.minimumWidth : std::max(column.minimumWidth, ownWidth > 0 ? ownWidth : column.width);
}

} // namespace

TableLayout::TableLayout(QObject* parent) : QObject(parent) {
  m_saveTimer.setSingleShot(true);
  m_saveTimer.setInterval(300);
  connect(&m_saveTimer, &QTimer::timeout, this, &TableLayout::save);
}

TableLayout::~TableLayout() {
  if (m_saveTimer.isActive()) {
    save();
  }
}

void TableLayout::componentComplete() {
  m_complete = true;
  for (TableColumn* column : std::as_const(m_columns)) {
    connect(column, &TableColumn::changed, this, &TableLayout::lay);
  }
  connect(this, &TableLayout::availableChanged, this, &TableLayout::lay);
  load();
  Q_EMIT orderChanged();
  lay();
}

void TableLayout::setAvailable(int available) {
  if (available != m_available) {
    m_available = available;
    Q_EMIT availableChanged();
  }
}

QVariantList TableLayout::ordered() const {
  QVariantList list;
  for (TableColumn* column : m_order) {
    list.append(QVariant::fromValue(column));
  }
  return list;
}

// One string a column: "key", "-key" when hidden, "key=width" when set by hand. Columns that it does not know, from a
// newer version of the program, come at their declared places at the end.
void TableLayout::load() {
  m_order.clear();
  for (TableColumn* column : std::as_const(m_columns)) {
    column->m_chosen = column->shownByDefault || !column->hideable;
    column->m_ownWidth = 0;
  }
  const QStringList saved =
      m_tableId.isEmpty() ? QStringList() : QSettings().value(settingsKey(m_tableId)).toStringList();
  for (const QString& entry : saved) {
    const bool hidden = entry.startsWith(QLatin1Char('-'));
    const QString key = entry.mid(hidden ? 1 : 0).section(QLatin1Char('='), 0, 0);
    const auto found =
        std::find_if(m_columns.cbegin(), m_columns.cend(), [&](const TableColumn* c) { return c->key == key; });
    if (found != m_columns.cend() && !m_order.contains(*found)) {
      (*found)->m_chosen = !hidden || !(*found)->hideable;
      (*found)->m_ownWidth = std::clamp(entry.section(QLatin1Char('='), 1).toInt(), 0, kMaxWidth);
      m_order.append(*found);
    }
  }
  for (TableColumn* column : std::as_const(m_columns)) {
    if (!m_order.contains(column)) {
      m_order.append(column);
    }
  }
}

// Written a little later, and from here at the latest when the table goes: its columns may be gone before it.
void TableLayout::remember() {
  m_entries.clear();
  for (const TableColumn* column : std::as_const(m_order)) {
    QString entry = (column->m_chosen ? QString() : QStringLiteral("-")) + column->key;
    if (column->m_ownWidth > 0) {
      entry += QStringLiteral("=%1").arg(column->m_ownWidth);
    }
    m_entries.append(entry);
  }
  m_saveTimer.start();
}

void TableLayout::save() {
  m_saveTimer.stop();
  if (!m_tableId.isEmpty()) {
    QSettings().setValue(settingsKey(m_tableId), m_entries);
  }
}

QList<TableColumn*> TableLayout::fitting() const {
  QList<TableColumn*> list;
  int needed = m_margin;
  for (TableColumn* column : m_order) {
    if (column->m_chosen) {
      list.append(column);
      needed += least(*column, column->m_ownWidth);
    }
  }
  for (qsizetype i = list.size() - 1; i >= 0 && needed > m_available; --i) {
    if (list[i]->hideable) {
      needed -= least(*list[i], list[i]->m_ownWidth);
      list.removeAt(i);
    }
  }
  return list;
}

void TableLayout::lay() {
  if (!m_complete || m_available <= 0) {
    return;
  }
  const QList<TableColumn*> list = fitting();
  int rest = m_available - m_margin;
  int shares = 0;
  for (const TableColumn* column : list) {
    if (column->fill) {
      shares += std::max(1, column->width);
    } else {
      rest -= least(*column, column->m_ownWidth);
    }
  }
  int x = m_margin;
  QVariantList shown;
  for (TableColumn* column : list) {
    int width = least(*column, column->m_ownWidth);
    if (column->fill) {
      // Shared one after the other, so that no pixel is lost to rounding.
      const int share = std::max(1, column->width);
      width = std::max(column->minimumWidth, rest > 0 ? int(qint64(rest) * share / shares) : 0);
      rest -= width;
      shares -= share;
    }
    if (column->m_x != x || column->m_shownWidth != width) {
      column->m_x = x;
      column->m_shownWidth = width;
      Q_EMIT column->placed();
    }
    x += width;
    shown.append(QVariant::fromValue(column));
  }
  if (shown != m_shown) {
    m_shown = shown;
    Q_EMIT shownChanged();
  }
}

void TableLayout::choose(TableColumn* column, bool chosen) {
  if (column && column->hideable && column->m_chosen != chosen) {
    column->m_chosen = chosen;
    Q_EMIT column->placed();
    remember();
    lay();
  }
}

void TableLayout::setWidth(TableColumn* column, int width) {
  if (column && !column->fill) {
    column->m_ownWidth = std::clamp(width, column->minimumWidth, kMaxWidth);
    remember();
    lay();
  }
}

// The nearest shown column in that direction: hidden ones are stepped over.
int TableLayout::neighbour(TableColumn* column, int by) const {
  qsizetype at = m_order.indexOf(column);
  if (at < 0 || by == 0) {
    return -1;
  }
  do {
    at += by > 0 ? 1 : -1;
  } while (at >= 0 && at < m_order.size() && !m_shown.contains(QVariant::fromValue(m_order[at])));
  return at >= 0 && at < m_order.size() ? int(at) : -1;
}

bool TableLayout::canMove(TableColumn* column, int by) const {
  return neighbour(column, by) >= 0;
}

void TableLayout::move(TableColumn* column, int by) {
  if (const int to = neighbour(column, by); to >= 0) {
    m_order.move(m_order.indexOf(column), to);
    remember();
    Q_EMIT orderChanged();
    lay();
  }
}

void TableLayout::reset() {
  m_saveTimer.stop();
  if (!m_tableId.isEmpty()) {
    QSettings().remove(settingsKey(m_tableId));
  }
  load();
  for (TableColumn* column : std::as_const(m_columns)) {
    Q_EMIT column->placed();
  }
  Q_EMIT orderChanged();
  lay();
}

} // namespace univrs::gui
