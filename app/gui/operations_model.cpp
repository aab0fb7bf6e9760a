#include "app/gui/operations_model.h"

#include "app/gui/display_text.h"
#include "engine/model/resources.h"

#include <algorithm>

namespace univrs::gui {

using interfaces::Delta;

QString operationText(const model::Operation& op) {
  if (model::countsInstances(op)) {
    return plainLine(op.message); // "rolling to 1.9.3 · 3 of 5"
  }
  QString subject = plainLine(op.subject);
  for (const QLatin1String prefix : {QLatin1String("docker.io/library/"), QLatin1String("docker.io/")}) {
    if (subject.startsWith(prefix)) {
      subject = subject.mid(prefix.size());
      break;
    }
  }
  const QString verb = op.kind == "pull"   ? OperationsModel::tr("pulling %1").arg(subject)
                       : op.kind == "load" ? OperationsModel::tr("loading %1").arg(subject)
                                           : plainLine(op.kind) + QLatin1Char(' ') + subject;
  if (op.total > 0) {
    return OperationsModel::tr("%1 · %2 of %3")
        .arg(verb, localFigure(model::formatBytes(std::clamp<int64_t>(op.current, 0, op.total))),
             localFigure(model::formatBytes(op.total)));
  }
  return op.phase.empty() ? verb : QStringLiteral("%1 · %2").arg(verb, plainLine(op.phase));
}

double operationFraction(const model::Operation& op) {
  return op.total > 0 ? std::clamp(double(op.current) / double(op.total), 0.0, 1.0) : -2.0;
}

OperationsModel::OperationsModel(QObject* parent) : QAbstractListModel(parent) {}

void OperationsModel::apply(const std::vector<Delta>& deltas) {
  for (const Delta& d : deltas) {
    if (d.topic != interfaces::Topic::Operations) {
      continue;
    }
    if (d.kind == Delta::Kind::Remove) {
      drop(d.id);
    } else if (const auto* op = std::get_if<model::Operation>(&d.object); op && d.kind == Delta::Kind::Put) {
      if (op->finished) {
        drop(op->id);
      } else {
        put(*op);
      }
    }
  }
}

void OperationsModel::put(const model::Operation& op) {
  const auto it = std::find_if(m_operations.begin(), m_operations.end(), [&](const auto& o) { return o.id == op.id; });
  if (it != m_operations.end()) {
    *it = op;
    const int row = int(it - m_operations.begin());
    Q_EMIT dataChanged(index(row), index(row));
  } else if (m_operations.size() < kMaxOperations) {
    beginInsertRows({}, count(), count());
    m_operations.push_back(op);
    endInsertRows();
    Q_EMIT countChanged();
  }
  report(op.workloadId);
}

void OperationsModel::drop(const std::string& id) {
  const auto it = std::find_if(m_operations.begin(), m_operations.end(), [&](const auto& o) { return o.id == id; });
  if (it == m_operations.end()) {
    return;
  }
  const std::string workload = it->workloadId;
  const int row = int(it - m_operations.begin());
  beginRemoveRows({}, row, row);
  m_operations.erase(it);
  endRemoveRows();
  Q_EMIT countChanged();
  report(workload);
}

void OperationsModel::report(const std::string& workloadId) {
  // Several instances may pull at once: the newest report stands for the workload.
  const model::Operation* newest = nullptr;
  for (const model::Operation& op : m_operations) {
    if (op.workloadId == workloadId && (!newest || op.updatedAt >= newest->updatedAt)) {
      newest = &op;
    }
  }
  if (newest) {
    Q_EMIT progress(fromUtf8(workloadId), operationFraction(*newest), operationText(*newest));
  } else {
    Q_EMIT progress(fromUtf8(workloadId), -1, {});
  }
}

void OperationsModel::clear() {
  if (m_operations.empty()) {
    return;
  }
  beginResetModel();
  std::vector<model::Operation> old;
  old.swap(m_operations);
  endResetModel();
  Q_EMIT countChanged();
  for (const model::Operation& op : old) {
    Q_EMIT progress(fromUtf8(op.workloadId), -1, {});
  }
}

int OperationsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant OperationsModel::data(const QModelIndex& at, int role) const {
  if (!checkIndex(at, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const model::Operation& op = m_operations[size_t(at.row())];
  switch (role) {
  case SubjectRole:
    return plainLine(op.subject);
  case Qt::DisplayRole:
  case TextRole:
    return operationText(op);
  case FractionRole:
    return operationFraction(op);
  case WorkloadRole:
    return fromUtf8(op.workloadId);
  case InstanceRole:
    return fromUtf8(op.instanceId);
  case KindRole:
    return plainLine(op.kind);
  case IdRole:
    return fromUtf8(op.id);
  case CancellableRole:
    return op.cancellable;
  default:
    return {};
  }
}

QHash<int, QByteArray> OperationsModel::roleNames() const {
  return {
      {SubjectRole, "subject"},     {TextRole, "text"}, {FractionRole, "fraction"}, {WorkloadRole, "workloadId"},
      {InstanceRole, "instanceId"}, {KindRole, "kind"}, {IdRole, "operationId"},    {CancellableRole, "cancellable"}};
}

} // namespace univrs::gui
