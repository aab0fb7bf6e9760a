#include "app/gui/instance_list_model.h"

#include "app/gui/display_text.h"

#include <QStringList>

#include <algorithm>
#include <map>

namespace univrs::gui {

using interfaces::Delta;
using interfaces::Topic;

namespace {

// Containers of which there is something to say: several, ended, restarted, out of memory.
QVariantList containersOf(const model::Instance& i) {
  QVariantList out;
  for (const model::ContainerState& c : i.containers) {
    QStringList detail;
    const bool ended = c.finishedAt.isSet() && (c.state == "exited" || c.state == "dead" || c.state == "stopped");
    if (c.oomKilled) {
      detail << InstanceListModel::tr("killed: out of memory");
    }
    if (ended) {
      detail << InstanceListModel::tr("exit code %1").arg(c.exitCode);
    }
    if (c.restarts > 0) {
      detail << (c.restarts == 1 ? InstanceListModel::tr("1 restart")
                                 : InstanceListModel::tr("%n restarts", nullptr, int(c.restarts)));
    }
    if (i.containers.size() < 2 && detail.isEmpty()) {
      continue;
    }
    const bool bad = c.oomKilled || (ended && c.exitCode != 0);
    out << QVariantMap{{QStringLiteral("name"), plainLine(c.name)},
                       {QStringLiteral("state"), plainLine(c.state)},
                       {QStringLiteral("tone"), bad                    ? QStringLiteral("bad")
                                                : c.state == "running" ? QStringLiteral("good")
                                                                       : QStringLiteral("idle")},
                       {QStringLiteral("image"), plainLine(c.image)},
                       {QStringLiteral("detail"), detail.join(QStringLiteral(" · "))}};
  }
  return out;
}

} // namespace

InstanceListModel::InstanceListModel(const base::Clock& clock, QObject* parent)
    : QAbstractListModel(parent), m_clock(clock) {}

void InstanceListModel::apply(const std::vector<Delta>& deltas) {
  const size_t before = m_rows.size();
  bool namesChanged = false;
  for (const Delta& d : deltas) {
    if (d.topic == Topic::Nodes && d.kind == Delta::Kind::Put) {
      if (const auto* node = std::get_if<model::Node>(&d.object)) {
        std::string& name = m_nodeNames[node->id.str()];
        namesChanged = namesChanged || name != node->name;
        name = node->name;
      }
    }
    if (d.topic == Topic::Nodes && d.kind == Delta::Kind::Remove) {
      m_nodeNames.erase(d.id);
    }
    if (d.topic != Topic::Instances) {
      continue;
    }
    switch (d.kind) {
    case Delta::Kind::SnapshotBegin:
      m_inSnapshot = true;
      m_seen.clear();
      break;
    case Delta::Kind::Put:
      if (const auto* i = std::get_if<model::Instance>(&d.object)) {
        put(*i);
        if (m_inSnapshot) {
          m_seen.insert(i->id.str());
        }
      }
      break;
    case Delta::Kind::Remove:
      remove(d.id);
      m_seen.erase(d.id);
      break;
    case Delta::Kind::SnapshotEnd:
      if (m_inSnapshot) {
        std::vector<std::string> gone;
        for (const auto& [id, instance] : m_all) {
          if (!m_seen.contains(id)) {
            gone.push_back(id);
          }
        }
        for (const std::string& id : gone) {
          remove(id);
        }
        m_inSnapshot = false;
        m_seen.clear();
      }
      break;
    case Delta::Kind::Heartbeat:
      break;
    }
  }
  if (namesChanged && !m_rows.empty()) {
    Q_EMIT dataChanged(index(0), index(int(m_rows.size()) - 1), {NodeRole, PlaceRole, DetailRole});
  }
  if (before != m_rows.size()) {
    Q_EMIT countChanged();
  }
  if (namesChanged) {
    for (const auto& [workload, instances] : m_byWorkload) {
      m_moved.insert(workload);
    }
  }
  if (!m_moved.empty()) {
    QSet<QString> ids;
    for (const std::string& workload : m_moved) {
      ids.insert(fromUtf8(workload));
    }
    m_moved.clear();
    Q_EMIT placed(ids);
  }
}

int InstanceListModel::rowOf(const Key& key) const {
  return int(std::lower_bound(m_rows.begin(), m_rows.end(), key) - m_rows.begin());
}

void InstanceListModel::put(const model::Instance& instance) {
  const std::string& id = instance.id.str();
  const auto old = m_all.find(id);
  if (old != m_all.end() && (keyOf(old->second) != keyOf(instance) || old->second.workloadId != instance.workloadId)) {
    remove(id); // another thing under the same id: a node that was set up anew
  }
  if (!m_all.contains(id) && m_all.size() >= kMaxInstances) {
    return;
  }
  const auto known = m_all.find(id);
  if (known == m_all.end() || known->second.nodeId != instance.nodeId ||
      model::isFinal(known->second.state) != model::isFinal(instance.state)) {
    m_moved.insert(instance.workloadId.str());
  }
  const bool fresh = m_all.insert_or_assign(id, instance).second;
  if (fresh) {
    m_byWorkload[instance.workloadId.str()].insert(keyOf(instance));
  }
  if (instance.workloadId.str() != m_workload) {
    return;
  }
  const int row = rowOf(keyOf(instance));
  if (fresh) {
    beginInsertRows({}, row, row);
    m_rows.insert(m_rows.begin() + row, keyOf(instance));
    endInsertRows();
  } else {
    Q_EMIT dataChanged(index(row), index(row));
  }
}

void InstanceListModel::remove(const std::string& id) {
  const auto it = m_all.find(id);
  if (it == m_all.end()) {
    return;
  }
  const Key key = keyOf(it->second);
  const std::string workload = it->second.workloadId.str();
  m_moved.insert(workload);
  if (workload == m_workload) {
    const int row = rowOf(key);
    beginRemoveRows({}, row, row);
    m_rows.erase(m_rows.begin() + row);
    m_all.erase(it);
    endRemoveRows();
  } else {
    m_all.erase(it);
  }
  if (const auto set = m_byWorkload.find(workload); set != m_byWorkload.end()) {
    set->second.erase(key);
    if (set->second.empty()) {
      m_byWorkload.erase(set);
    }
  }
}

void InstanceListModel::select(const QString& workloadId) {
  beginResetModel();
  m_workload = workloadId.toStdString();
  m_rows.clear();
  if (const auto it = m_byWorkload.find(m_workload); it != m_byWorkload.end()) {
    m_rows.assign(it->second.begin(), it->second.end());
  }
  endResetModel();
  Q_EMIT countChanged();
}

void InstanceListModel::refreshAges() {
  if (!m_rows.empty()) {
    Q_EMIT dataChanged(index(0), index(int(m_rows.size()) - 1), {AgeRole, NextRestartRole});
  }
}

QStringList InstanceListModel::ids() const {
  QStringList out;
  for (const Key& key : m_rows) {
    out << plainLine(key.second);
  }
  return out;
}

QString InstanceListModel::nodesOf(const QString& workloadId) const {
  const auto set = m_byWorkload.find(workloadId.toStdString());
  if (set == m_byWorkload.end()) {
    return {};
  }
  std::map<std::string, int> counts;
  for (const Key& key : set->second) {
    const auto it = m_all.find(key.second);
    if (it != m_all.end() && !it->second.nodeId.empty() && !model::isFinal(it->second.state)) {
      ++counts[it->second.nodeId.str()];
    }
  }
  if (counts.empty()) {
    return {};
  }
  const auto most =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  const auto name = m_nodeNames.find(most->first);
  const QString text = name != m_nodeNames.end() ? plainLine(name->second) : shortId(plainLine(most->first));
  return counts.size() == 1 ? text : QStringLiteral("%1 +%2").arg(text).arg(counts.size() - 1);
}

QString InstanceListModel::idAt(int row) const {
  return row >= 0 && row < int(m_rows.size()) ? plainLine(m_rows[size_t(row)].second) : QString();
}

int InstanceListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant InstanceListModel::data(const QModelIndex& at, int role) const {
  if (!checkIndex(at, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const auto it = m_all.find(m_rows[size_t(at.row())].second);
  if (it == m_all.end()) {
    return {};
  }
  const model::Instance& i = it->second;
  switch (role) {
  case IdRole:
  case Qt::DisplayRole:
    return plainLine(i.id.str());
  case StateRole:
    return stateWord(i).word;
  case ToneRole:
    return stateWord(i).tone;
  case MessageRole:
    return plainLine(i.message);
  case RestartsRole:
    return i.restarts;
  case NodeRole: {
    const auto name = m_nodeNames.find(i.nodeId.str());
    return name != m_nodeNames.end() ? plainLine(name->second) : shortId(plainLine(i.nodeId.str()));
  }
  case AgeRole: {
    const base::Timestamp since = i.readyAt.isSet() && i.ready ? i.readyAt
                                  : i.startedAt.isSet()        ? i.startedAt
                                                               : i.createdAt;
    return ageText(since, m_clock.now().wall);
  }
  case SinceRole:
    return fromUtf8(i.startedAt.isSet() ? i.startedAt.iso() : i.createdAt.iso());
  case PlaceRole: {
    QStringList list{data(at, NodeRole).toString()};
    list.removeAll(QString());
    for (const model::Endpoint& e : i.endpoints) {
      list << QStringLiteral("%1:%2 → %3/%4")
                  .arg(plainLine(e.address))
                  .arg(e.port)
                  .arg(e.containerPort)
                  .arg(fromUtf8(model::name(e.protocol)));
    }
    return list.join(QStringLiteral("  ·  "));
  }
  case NodeIdRole:
    return plainLine(i.nodeId.str());
  case DecisionRole:
    return plainLine(i.decisionId);
  case ContainersRole:
    return containersOf(i);
  case NextRestartRole: {
    if (i.state != model::InstanceState::Backoff || !i.nextRestartAt.isSet()) {
      return QString();
    }
    const base::Millis left = i.nextRestartAt - m_clock.now().wall;
    return left.count() > 0 ? tr("restarts in %1").arg(localFigure(base::humanDuration(left))) : tr("restarts now");
  }
  case DetailRole:
    return tr("%1 on %2, restarts: %3").arg(stateWord(i).word, data(at, NodeRole).toString()).arg(i.restarts);
  default:
    return {};
  }
}

QHash<int, QByteArray> InstanceListModel::roleNames() const {
  return {{IdRole, "instanceId"},
          {StateRole, "stateWord"},
          {ToneRole, "tone"},
          {MessageRole, "message"},
          {RestartsRole, "restarts"},
          {NodeRole, "nodeName"},
          {AgeRole, "age"},
          {SinceRole, "since"},
          {PlaceRole, "place"},
          {DetailRole, "detail"},
          {NodeIdRole, "nodeId"},
          {DecisionRole, "decisionId"},
          {ContainersRole, "containers"},
          {NextRestartRole, "nextRestart"}};
}

} // namespace univrs::gui
