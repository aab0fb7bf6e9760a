// What needs a person, most urgent first: which thing, why, and what to do next.
#pragma once

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace univrs::gui {

struct Need {
  QString key; // tells it apart from others
  QString tone;
  QString kind; // "Workload", "Node": for people
  QString name;
  QString word; // its state
  QString cause;
  QString step;   // what to do, a sentence
  QString action; // the button's word
  QString view;   // where the button goes
  QString target;
  QString cli; // the command line that shows the same
  bool operator==(const Need&) const = default;
};

class NeedsModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Overview")
  Q_PROPERTY(int count READ count NOTIFY changed)
  Q_PROPERTY(int more READ more NOTIFY changed) // that are not in the list
public:
  static constexpr int kMaxRows = 12; // more at once nobody works on

  enum Role {
    ToneRole = Qt::UserRole + 1,
    KindRole,
    NameRole,
    WordRole,
    CauseRole,
    StepRole,
    ActionRole,
    ViewRole,
    TargetRole,
    CliRole
  };

  explicit NeedsModel(QObject* parent = nullptr);
  // The first kMaxRows of `total` needs.
  void show(std::vector<Need> needs, int total);

  [[nodiscard]] int count() const { return int(m_rows.size()); }
  [[nodiscard]] int more() const { return m_total - count(); }
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
  void changed();

private:
  std::vector<Need> m_rows;
  int m_total = 0;
};

} // namespace univrs::gui
