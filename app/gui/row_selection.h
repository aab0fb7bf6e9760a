// Which rows of a table are marked, by id, so that sorting and filtering change nothing about it: Ctrl and Shift with
// clicks and arrows, Ctrl+A. Ids that are gone are forgotten.
#pragma once

#include <QAbstractItemModel>
#include <QObject>
#include <QSet>
#include <QStringList>
#include <QtQml/qqmlregistration.h>

namespace univrs::gui {

class RowSelection : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by view models")
  Q_PROPERTY(int count READ count NOTIFY changed)
  // Grows with each change: bind to it where contains() is called.
  Q_PROPERTY(int serial READ serial NOTIFY changed)
public:
  static constexpr int kMaxMarked = 10'000; // ids; more are not marked

  // `rows` is what the table shows, its role `idRole` tells rows apart; outlives this.
  RowSelection(QAbstractItemModel& rows, QByteArray idRole, QObject* parent = nullptr);

  [[nodiscard]] int count() const { return int(m_marked.size()); }
  [[nodiscard]] int serial() const { return m_serial; }
  Q_INVOKABLE [[nodiscard]] bool contains(const QString& id) const { return m_marked.contains(id); }
  // In the table's order; those the filter hides come last.
  Q_INVOKABLE [[nodiscard]] QStringList ids() const;
  // Ctrl+click: marks or unmarks one; what Shift counts from afterwards.
  Q_INVOKABLE void toggle(int row);
  // Shift+click, Shift+arrow: everything from the anchor to `row`, and nothing else.
  Q_INVOKABLE void extendTo(int row);
  // A plain click: nothing is marked, Shift counts from here.
  Q_INVOKABLE void anchor(int row);
  Q_INVOKABLE void all(); // every row the table shows
  Q_INVOKABLE void clear();
  // These objects are gone.
  void forget(const QSet<QString>& ids);

Q_SIGNALS:
  void changed();

private:
  [[nodiscard]] QString idAt(int row) const;
  void tell();
  QAbstractItemModel& m_rows;
  const QByteArray m_idName;
  QSet<QString> m_marked;
  QString m_anchor;
  int m_serial = 0;
};

} // namespace univrs::gui
