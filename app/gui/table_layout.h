// The columns of a table: which are shown, in what order, how wide. What the person chose is remembered under the
// table's id; where the table is too narrow for all, the last hideable columns give way first.
#pragma once

#include <QObject>
#include <QQmlComponent>
#include <QQmlListProperty>
#include <QQmlParserStatus>
#include <QTimer>
#include <QVariant>
#include <QtQml/qqmlregistration.h>

namespace univrs::gui {

class TableColumn : public QObject {
  Q_OBJECT
  QML_ELEMENT
  // The name of the role shown, and sorted by.
  Q_PROPERTY(QString key MEMBER key NOTIFY changed)
  Q_PROPERTY(QString title MEMBER title NOTIFY changed)
  Q_PROPERTY(int width MEMBER width NOTIFY changed)
  Q_PROPERTY(int minimumWidth MEMBER minimumWidth NOTIFY changed)
  // Takes a share of what the others leave, in the ratio of `width`.
  Q_PROPERTY(bool fill MEMBER fill NOTIFY changed)
  Q_PROPERTY(bool rightAligned MEMBER rightAligned NOTIFY changed)
  Q_PROPERTY(bool mono MEMBER mono NOTIFY changed)     // ids, images, numbers
  Q_PROPERTY(bool strong MEMBER strong NOTIFY changed) // the name of the row
  Q_PROPERTY(bool hideable MEMBER hideable NOTIFY changed)
  Q_PROPERTY(bool shownByDefault MEMBER shownByDefault NOTIFY changed)
  Q_PROPERTY(bool sortable MEMBER sortable NOTIFY changed)
  // What shows a cell; null = the role's value as text.
  Q_PROPERTY(QQmlComponent* cell MEMBER cell NOTIFY changed)
  // Worked out by TableLayout.
  Q_PROPERTY(bool chosen READ chosen NOTIFY placed)
  Q_PROPERTY(int x READ x NOTIFY placed)
  Q_PROPERTY(int shownWidth READ shownWidth NOTIFY placed)
public:
  using QObject::QObject;
  [[nodiscard]] bool chosen() const { return m_chosen; }
  [[nodiscard]] int x() const { return m_x; }
  [[nodiscard]] int shownWidth() const { return m_shownWidth; }
  QString key;
  QString title;
  int width = 120;
  int minimumWidth = 48;
  bool fill = false;
  bool rightAligned = false;
  bool mono = false;
  bool strong = false;
  bool hideable = true;
  bool shownByDefault = true;
  bool sortable = true;
  QQmlComponent* cell = nullptr;

Q_SIGNALS:
  void changed();
  void placed();

private:
  friend class TableLayout;
  bool m_chosen = true;
  int m_x = 0;
  int m_shownWidth = 0;
  int m_ownWidth = 0; // set by hand; 0 = not
};

class TableLayout : public QObject, public QQmlParserStatus {
  Q_OBJECT
  QML_ELEMENT
  Q_INTERFACES(QQmlParserStatus)
  Q_PROPERTY(QQmlListProperty<univrs::gui::TableColumn> columns READ columns CONSTANT)
  Q_PROPERTY(QString tableId MEMBER m_tableId NOTIFY tableIdChanged)
  Q_PROPERTY(int available READ available WRITE setAvailable NOTIFY availableChanged)
  Q_PROPERTY(int margin MEMBER m_margin NOTIFY availableChanged) // before the first column
  // The columns on screen from left to right, and all of them in the person's order.
  Q_PROPERTY(QVariantList shown READ shown NOTIFY shownChanged)
  Q_PROPERTY(QVariantList ordered READ ordered NOTIFY orderChanged)
public:
  static constexpr int kMaxWidth = 2'000;
  static constexpr int kStep = 16; // wider, narrower by keyboard

  explicit TableLayout(QObject* parent = nullptr);
  ~TableLayout() override;
  QQmlListProperty<TableColumn> columns() { return {this, &m_columns}; }
  [[nodiscard]] int available() const { return m_available; }
  void setAvailable(int available);
  [[nodiscard]] const QVariantList& shown() const { return m_shown; }
  [[nodiscard]] QVariantList ordered() const;

  // All are remembered.
  Q_INVOKABLE void choose(univrs::gui::TableColumn* column, bool chosen);
  Q_INVOKABLE void setWidth(univrs::gui::TableColumn* column, int width);
  Q_INVOKABLE void move(univrs::gui::TableColumn* column, int by);
  Q_INVOKABLE [[nodiscard]] bool canMove(univrs::gui::TableColumn* column, int by) const;
  Q_INVOKABLE void reset();

  void classBegin() override {}
  void componentComplete() override;

Q_SIGNALS:
  void tableIdChanged();
  void availableChanged();
  void shownChanged();
  void orderChanged();

private:
  void load();
  void remember();
  void save();
  void lay();
  [[nodiscard]] QList<TableColumn*> fitting() const;
  [[nodiscard]] int neighbour(TableColumn* column, int by) const;
  QList<TableColumn*> m_columns; // as declared
  QList<TableColumn*> m_order;   // as the person has them
  QVariantList m_shown;
  QString m_tableId;
  QStringList m_entries;
  QTimer m_saveTimer; // dragging an edge is not a write a pixel
  int m_available = 0;
  int m_margin = 0;
  bool m_complete = false;
};

} // namespace univrs::gui
