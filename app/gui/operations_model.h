// Long work under way (pulling an image), and how far it is for each workload.
#pragma once

#include "engine/interfaces/events.h"

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <map>
#include <string>
#include <vector>

namespace univrs::gui {

class OperationsModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(int count READ count NOTIFY countChanged)
public:
  static constexpr size_t kMaxOperations = 1'000;

  enum Role {
    SubjectRole = Qt::UserRole + 1,
    TextRole,
    FractionRole,
    WorkloadRole,
    InstanceRole,
    KindRole,
    IdRole,
    CancellableRole
  };

  explicit OperationsModel(QObject* parent = nullptr);
  void apply(const std::vector<interfaces::Delta>& deltas);
  // There is no snapshot of operations: after a lost connection nothing is known.
  void clear();
  [[nodiscard]] int count() const { return int(m_operations.size()); }

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
  void countChanged();
  // fraction 0…1; -2 = under way, amount not known; -1 = nothing under way any more.
  void progress(const QString& workloadId, double fraction, const QString& text);

private:
  void put(const model::Operation& op);
  void drop(const std::string& id);
  void report(const std::string& workloadId);
  std::vector<model::Operation> m_operations;
};

// "pulling nginx:1.25 · 12 MiB of 40 MiB".
QString operationText(const model::Operation& op);
double operationFraction(const model::Operation& op);

} // namespace univrs::gui
