#include "app/gui/workload_list_model.h"

#include "app/gui/display_text.h"
#include "app/gui/usage_thumbs.h"

#include <algorithm>

namespace univrs::gui {

using interfaces::Delta;

WorkloadListModel::WorkloadListModel(const base::Clock& clock, QObject* parent)
    : QAbstractListModel(parent), m_clock(clock) {}

void WorkloadListModel::apply(const std::vector<Delta>& deltas) {
  QSet<int> changed;
  std::vector<Row> added;
  QHash<QString, int> addedAt;
  QSet<QString> removed;
  QSet<QString> touched;
  for (const Delta& d : deltas) {
    if (d.topic != interfaces::Topic::Workloads) {
      continue;
    }
    switch (d.kind) {
    case Delta::Kind::SnapshotBegin:
      m_inSnapshot = true;
      m_seen.clear();
      break;
    case Delta::Kind::Put:
      if (const auto* w = std::get_if<model::Workload>(&d.object)) {
        const QString id = fromUtf8(w->id.str());
        if (removed.contains(id)) { // gone and back within one batch: two different things
          flush(changed, added, addedAt);
          removeRowsOf(removed);
          removed.clear();
        }
        put(*w, changed, added, addedAt);
        touched.insert(id);
        if (m_inSnapshot) {
          m_seen.insert(id);
        }
      }
      break;
    case Delta::Kind::Remove: {
      const QString id = fromUtf8(d.id);
      if (addedAt.contains(id)) {
        flush(changed, added, addedAt);
      }
      removed.insert(id);
      touched.insert(id);
      m_seen.remove(id);
      break;
    }
    case Delta::Kind::SnapshotEnd:
      if (m_inSnapshot) {
        flush(changed, added, addedAt);
        for (const Row& row : m_rows) {
          if (!m_seen.contains(row.id)) {
            removed.insert(row.id);
            touched.insert(row.id);
          }
        }
        m_inSnapshot = false;
        m_seen.clear();
      }
      m_complete = true;
      break;
    case Delta::Kind::Heartbeat:
      break;
    }
  }
  flush(changed, added, addedAt);
  removeRowsOf(removed);
  count();
  if (!touched.isEmpty()) {
    Q_EMIT applied(touched);
  }
}

void WorkloadListModel::put(const model::Workload& workload, QSet<int>& changed, std::vector<Row>& added,
                            QHash<QString, int>& addedAt) {
  const QString id = fromUtf8(workload.id.str());
  Row* row = nullptr;
  if (const auto it = m_rowOf.constFind(id); it != m_rowOf.cend()) {
    row = &m_rows[size_t(*it)];
    changed.insert(*it);
  } else if (const auto fresh = addedAt.constFind(id); fresh != addedAt.cend()) {
    row = &added[size_t(*fresh)];
  } else {
    if (m_rows.size() + added.size() >= size_t(kMaxRows)) {
      return;
    }
    addedAt.insert(id, int(added.size()));
    row = &added.emplace_back();
    row->id = id;
  }
  row->workload = workload;
  row->name = plainLine(workload.spec.name);
  row->image = workload.spec.containers.empty() ? QString() : plainLine(workload.spec.containers.front().image);
  if (workload.spec.containers.size() > 1) {
    row->image += QStringLiteral(" +%1").arg(workload.spec.containers.size() - 1);
  }
  row->nodes = m_nodesOf.value(id);
  QStringList ports;
  for (const model::Container& c : workload.spec.containers) {
    for (const model::Port& p : c.ports) {
      ports << (p.hostPort ? QStringLiteral("%1 → %2").arg(*p.hostPort).arg(p.containerPort)
                           : QString::number(p.containerPort));
    }
  }
  row->ports = ports.join(QStringLiteral(", "));
  QStringList labels;
  for (const auto& [key, value] : workload.spec.labels) {
    labels << plainLine(value.empty() ? key : key + "=" + value);
  }
  row->labels = labels.join(QStringLiteral(", "));
}

void WorkloadListModel::flush(QSet<int>& changed, std::vector<Row>& added, QHash<QString, int>& addedAt) {
  std::vector<int> rows(changed.cbegin(), changed.cend());
  std::sort(rows.begin(), rows.end());
  for (size_t i = 0; i < rows.size();) {
    size_t end = i + 1;
    while (end < rows.size() && rows[end] == rows[end - 1] + 1) {
      ++end;
    }
    Q_EMIT dataChanged(index(rows[i]), index(rows[end - 1]));
    i = end;
  }
  if (!added.empty()) {
    const int first = int(m_rows.size());
    beginInsertRows({}, first, first + int(added.size()) - 1);
    for (Row& row : added) {
      m_rowOf.insert(row.id, int(m_rows.size()));
      m_rows.push_back(std::move(row));
    }
    endInsertRows();
  }
  changed.clear();
  added.clear();
  addedAt.clear();
}

void WorkloadListModel::removeRowsOf(const QSet<QString>& ids) {
  std::vector<int> rows;
  for (const QString& id : ids) {
    if (const auto it = m_rowOf.constFind(id); it != m_rowOf.cend()) {
      rows.push_back(*it);
    }
  }
  if (rows.empty()) {
    return;
  }
  std::sort(rows.begin(), rows.end(), std::greater<>());
  for (size_t i = 0; i < rows.size();) {
    size_t end = i + 1;
    while (end < rows.size() && rows[end] == rows[end - 1] - 1) {
      ++end;
    }
    const int last = rows[i];
    const int first = rows[end - 1];
    beginRemoveRows({}, first, last);
    for (int r = first; r <= last; ++r) {
      m_rowOf.remove(m_rows[size_t(r)].id);
    }
    m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
    endRemoveRows();
    i = end;
  }
  for (size_t r = size_t(rows.back()); r < m_rows.size(); ++r) {
    m_rowOf[m_rows[r].id] = int(r);
  }
}

void WorkloadListModel::count() {
  m_healthy = m_progressing = m_degraded = 0;
  for (const Row& row : m_rows) {
    switch (row.workload.status.health) {
    case model::Health::Healthy:
      ++m_healthy;
      break;
    case model::Health::Progressing:
      ++m_progressing;
      break;
    case model::Health::Degraded:
      ++m_degraded;
      break;
    }
  }
  Q_EMIT countsChanged();
}

void WorkloadListModel::setProgress(const QString& workloadId, double fraction, const QString& text) {
  const auto it = m_rowOf.constFind(workloadId);
  if (it == m_rowOf.cend()) {
    return;
  }
  Row& row = m_rows[size_t(*it)];
  if (row.progress != fraction || row.progressText != text) {
    row.progress = fraction;
    row.progressText = text;
    Q_EMIT dataChanged(index(*it), index(*it), {ProgressRole, ProgressTextRole});
  }
}

void WorkloadListModel::setNodes(const QString& workloadId, const QString& text) {
  if (text.isEmpty()) {
    m_nodesOf.remove(workloadId);
  } else {
    m_nodesOf.insert(workloadId, text);
  }
  const auto it = m_rowOf.constFind(workloadId);
  if (it != m_rowOf.cend() && m_rows[size_t(*it)].nodes != text) {
    m_rows[size_t(*it)].nodes = text;
    Q_EMIT dataChanged(index(*it), index(*it), {NodesRole});
  }
}

void WorkloadListModel::setThumbs(const UsageThumbs& thumbs) {
  m_thumbs = &thumbs;
  connect(&thumbs, &UsageThumbs::changed, this, [this](const QStringList& ids) {
    for (const QString& id : ids) {
      if (const auto it = m_rowOf.constFind(id); it != m_rowOf.cend()) {
        Q_EMIT dataChanged(index(*it), index(*it), {CpuRole, CpuTextRole, MemoryRole});
      }
    }
  });
}

void WorkloadListModel::clearProgress() {
  for (const Row& row : m_rows) {
    setProgress(row.id, -1, {});
  }
}

void WorkloadListModel::refreshAges() {
  if (!m_rows.empty()) {
    Q_EMIT dataChanged(index(0), index(int(m_rows.size()) - 1), {AgeRole});
  }
}

QString WorkloadListModel::progressTextOf(const QString& workloadId) const {
  const auto it = m_rowOf.constFind(workloadId);
  return it == m_rowOf.cend() ? QString() : m_rows[size_t(*it)].progressText;
}

const model::Workload* WorkloadListModel::find(const QString& id) const {
  const auto it = m_rowOf.constFind(id);
  return it == m_rowOf.cend() ? nullptr : &m_rows[size_t(*it)].workload;
}

int WorkloadListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant WorkloadListModel::data(const QModelIndex& at, int role) const {
  if (!checkIndex(at, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const Row& row = m_rows[size_t(at.row())];
  switch (role) {
  case IdRole:
    return row.id;
  case Qt::DisplayRole:
  case NameRole:
    return row.name;
  case StateRole:
    return stateWord(row.workload).word;
  case ToneRole:
    return stateWord(row.workload).tone;
  case ReasonRole:
    return plainLine(row.workload.status.reason);
  case ReadyRole:
    return row.workload.status.ready;
  case DesiredRole:
    return row.workload.status.desired;
  case ImageRole:
    return row.image;
  case RestartsRole:
    return row.workload.status.restarts;
  case AgeRole:
    return ageText(row.workload.createdAt, m_clock.now().wall);
  case CreatedRole:
    return fromUtf8(row.workload.createdAt.iso());
  case ProgressRole:
    return row.progress;
  case ProgressTextRole:
    return row.progressText;
  case ReadyTextRole:
    return QStringLiteral("%1/%2").arg(row.workload.status.ready).arg(row.workload.status.desired);
  case NodesRole:
    return row.nodes;
  case PortsRole:
    return row.ports;
  case LabelsRole:
    return row.labels;
  case OwnerRole:
    return plainLine(row.workload.spec.owner);
  case CpuRole:
    return m_thumbs ? m_thumbs->cpu(row.id) : QVariantList();
  case CpuTextRole: {
    const QVariantList cpu = m_thumbs ? m_thumbs->cpu(row.id) : QVariantList();
    return cpu.isEmpty() ? QString() : fromUtf8(model::formatCpu(int64_t(cpu.back().toDouble())));
  }
  case MemoryRole:
    return m_thumbs ? m_thumbs->memory(row.id) : QString();
  case StateSortRole: {
    const QString tone = stateWord(row.workload).tone;
    return tone == QLatin1String("bad")    ? 0
           : tone == QLatin1String("warn") ? 1
           : tone == QLatin1String("busy") ? 2
           : tone == QLatin1String("good") ? 3
                                           : 4;
  }
  case ReadySortRole: {
    const model::WorkloadStatus& s = row.workload.status;
    return s.desired > 0 ? double(s.ready) / s.desired : 2.0;
  }
  case AgeSortRole:
    return qint64(-row.workload.createdAt.ms);
  default:
    return {};
  }
}

QHash<int, QByteArray> WorkloadListModel::roleNames() const {
  return {{IdRole, "workloadId"},
          {NameRole, "name"},
          {StateRole, "stateWord"},
          {ToneRole, "tone"},
          {ReasonRole, "reason"},
          {ReadyRole, "ready"},
          {DesiredRole, "desired"},
          {ImageRole, "image"},
          {RestartsRole, "restarts"},
          {AgeRole, "age"},
          {CreatedRole, "createdAt"},
          {ProgressRole, "progress"},
          {ProgressTextRole, "progressText"},
          {ReadyTextRole, "readyText"},
          {NodesRole, "nodes"},
          {PortsRole, "ports"},
          {LabelsRole, "labels"},
          {OwnerRole, "owner"},
          {CpuRole, "cpu"},
          {CpuTextRole, "cpu_text"},
          {MemoryRole, "memory"},
          {StateSortRole, "stateWord_sort"},
          {ReadySortRole, "readyText_sort"},
          {AgeSortRole, "age_sort"}};
}

} // namespace univrs::gui
