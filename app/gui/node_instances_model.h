// The instances on one node, a row each.
#pragma once

#include "app/gui/instance_index.h"
#include "engine/base/clock.h"

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <string>
#include <vector>

namespace univrs::gui {

class NodeInstancesModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by NodeDetails")
  Q_PROPERTY(int count READ count NOTIFY countChanged)
public:
  enum Role { IdRole = Qt::UserRole + 1, WorkloadRole, WorkloadIdRole, StateRole, ToneRole, RestartsRole, AgeRole };

  NodeInstancesModel(const base::Clock& clock, const InstanceIndex& index, QObject* parent = nullptr);
  void setNode(const std::string& nodeId); // empty = none
  // The index changed: takes over what is different.
  void refresh();
  void refreshAges();

  [[nodiscard]] int count() const { return int(m_rows.size()); }
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
  void countChanged();

private:
  const base::Clock& m_clock;
  const InstanceIndex& m_index;
  std::string m_node;
  std::vector<InstanceIndex::Entry> m_rows;
};

} // namespace univrs::gui
