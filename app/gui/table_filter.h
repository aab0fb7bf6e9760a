// A list model searched and sorted for a table, calm under a stream of changes: what changed is gathered and shown at
// most ten times a second, a change moves only its own row, and while the pointer rests on the table (`hold`) no row
// changes its place; new rows wait at the end. Rows are told apart by the source's `idRole`.
//
// Derive and override accepts() for further filters; call refilter() when they change, and once at the end of the
// derived constructor. A change of the source that names its roles asks accepts() again only if one of them is searched
// or sorted by. Used on the source's thread. The source is a flat list and outlives this.
#pragma once

#include <QAbstractProxyModel>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace univrs::gui {

class TableFilter : public QAbstractProxyModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by view models")
  Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged)
  // The name of the role to sort by; `KEY_sort` is compared instead when the source has it. Empty = the source's order.
  Q_PROPERTY(QString sortKey READ sortKey WRITE setSortKey NOTIFY sortChanged)
  Q_PROPERTY(bool descending READ descending WRITE setDescending NOTIFY sortChanged)
  Q_PROPERTY(bool hold READ hold WRITE setHold NOTIFY holdChanged)
  Q_PROPERTY(int count READ count NOTIFY countChanged)
public:
  static constexpr int kFlushMs = 100;             // changes of rows are shown at most this often
  static constexpr int kMaxSteps = 256;            // more moved, added or removed pieces at once are one reset
  static constexpr qsizetype kMaxSearchText = 256; // characters; the rest is not searched for

  TableFilter(QAbstractItemModel& source, QByteArray idRole, QList<QByteArray> searchRoles, QObject* parent = nullptr);

  [[nodiscard]] QString text() const { return m_text; }
  // Every word of `text` must be in one of the search roles, whatever its case.
  void setText(const QString& text);
  [[nodiscard]] QString sortKey() const { return m_sortKey; }
  void setSortKey(const QString& key);
  [[nodiscard]] bool descending() const { return m_descending; }
  void setDescending(bool descending);
  Q_INVOKABLE void sortBy(const QString& key, bool descending);
  [[nodiscard]] bool hold() const { return m_hold; }
  void setHold(bool hold);
  [[nodiscard]] int count() const { return int(m_rows.size()); }
  // Empty / -1 when there is no such row.
  Q_INVOKABLE [[nodiscard]] QString idAt(int row) const;
  Q_INVOKABLE [[nodiscard]] int rowOf(const QString& id) const;
  // Shows what has changed since the last time now instead of within kFlushMs.
  void flush();

  [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
  [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] bool hasChildren(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QModelIndex mapToSource(const QModelIndex& proxy) const override;
  [[nodiscard]] QModelIndex mapFromSource(const QModelIndex& source) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
  void textChanged();
  void sortChanged();
  void holdChanged();
  void countChanged();

protected:
  [[nodiscard]] virtual bool accepts(int sourceRow) const;
  void refilter();

private:
  // Shown: only what it shows changed, not where it belongs.
  enum Mark : unsigned char { None = 0, Changed = 1, Unplaced = 2, Shown = 4 };
  [[nodiscard]] bool pending(int sourceRow) const { return (m_marks[size_t(sourceRow)] & (Changed | Unplaced)) != 0; }
  [[nodiscard]] bool wanted(int sourceRow) const;
  [[nodiscard]] bool before(int leftSource, int rightSource) const;
  [[nodiscard]] QVariant value(int sourceRow, int role) const;
  void chooseSortRole();
  void rebuild();
  void schedule();
  // Makes m_rows what it should be: gone rows out, misplaced rows to their places, new rows in.
  enum Whom { ChangedRows, AllRows };
  void arrange(Whom whom);
  void removeUnwanted(Whom whom);
  void resetRows();
  [[nodiscard]] bool place();
  void insert(std::vector<int> sourceRows);
  void announceChanges();
  void removeProxyRows(int first, int last);
  void renumber(int fromProxyRow);
  void sourceChanged(const QModelIndex& topLeft, const QModelIndex& bottomRight, const QList<int>& roles);
  void sourceInserted(const QModelIndex& parent, int first, int last);
  void sourceAboutToRemove(const QModelIndex& parent, int first, int last);
  void sourceRemoved(const QModelIndex& parent, int first, int last);

  std::vector<int> m_rows;            // proxy row -> source row
  std::vector<int> m_proxyOf;         // source row -> proxy row, -1 = filtered out
  std::vector<unsigned char> m_marks; // by source row: what arrange() has to look at
  QTimer m_timer;
  QByteArray m_idName;
  QList<QByteArray> m_searchNames;
  int m_idRole = -1;
  QList<int> m_searchRoles;
  QString m_text;
  QStringList m_words;
  QString m_sortKey;
  int m_sortRole = -1;
  bool m_descending = false;
  bool m_hold = false;
};

} // namespace univrs::gui
