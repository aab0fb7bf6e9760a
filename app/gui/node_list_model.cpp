#include "app/gui/node_list_model.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <initializer_list>

namespace univrs::gui {

using interfaces::Delta;
using model::NodeStatus;

namespace {

struct NodeState {
  Q_DECLARE_TR_FUNCTIONS(State)
};

QString joined(const std::vector<std::string>& words) {
  QStringList list;
  for (const std::string& word : words) {
    list << plainLine(word);
  }
  return list.join(QStringLiteral(", "));
}

// The first of the labels that is there: ours, then what Kubernetes users write.
QString label(const model::Node& node, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (const auto it = node.labels.find(key); it != node.labels.end()) {
      return plainLine(it->second);
    }
  }
  return {};
}

double share(int64_t reserved, int64_t allocatable) {
  return allocatable > 0 ? double(reserved) / double(allocatable) : reserved > 0 ? 1.0 : 0.0;
}

QString amountText(int64_t reserved, int64_t allocatable, std::string (*format)(int64_t)) {
  return NodeListModel::tr("%1 of %2").arg(localFigure(format(reserved)), localFigure(format(allocatable)));
}

int urgency(const model::Node& node) {
  switch (node.status) {
  case NodeStatus::Down:
    return 0;
  case NodeStatus::NotReady:
    return 1;
  case NodeStatus::Unknown:
    return 2;
  case NodeStatus::Ready:
    return node.cordoned ? 3 : 4;
  }
  return 2;
}

} // namespace

StateWord stateWord(const model::Node& node) {
  switch (node.status) {
  case NodeStatus::Ready:
    return node.cordoned ? StateWord{NodeState::tr("Cordoned"), QStringLiteral("idle")}
                         : StateWord{NodeState::tr("Ready"), QStringLiteral("good")};
  case NodeStatus::NotReady:
    return {NodeState::tr("Not ready"), QStringLiteral("bad")};
  case NodeStatus::Down:
    return {NodeState::tr("Down"), QStringLiteral("bad")};
  case NodeStatus::Unknown:
    break;
  }
  return {NodeState::tr("Unknown"), QStringLiteral("warn")};
}

QString stateReason(const model::Node& node) {
  const QString cordoned = node.cordoned ? NodeState::tr("Takes no new instances; those it has go on") : QString();
  const QString reason = plainLine(node.statusReason);
  return reason.isEmpty() ? cordoned : cordoned.isEmpty() ? reason : reason + QStringLiteral(". ") + cordoned;
}

QString runtimeText(const model::EngineInfo& engine) {
  const QString product = plainLine(engine.product.empty() ? engine.driver : engine.product);
  const QString version = plainLine(engine.version);
  return version.isEmpty() || product.contains(version) ? product : product + QLatin1Char(' ') + version;
}

QVariantList reservedParts(int64_t reserved, int64_t allocatable) {
  const double used = share(reserved, allocatable);
  const QString tone = used > 1 ? QStringLiteral("bad") : used > 0.9 ? QStringLiteral("warn") : QStringLiteral("good");
  return {QVariantMap{{QStringLiteral("value"), double(std::max<int64_t>(0, reserved))},
                      {QStringLiteral("tone"), tone},
                      {QStringLiteral("label"), NodeState::tr("reserved")}}};
}

NodeListModel::NodeListModel(const base::Clock& clock, const InstanceIndex& instances, QObject* parent)
    : QAbstractListModel(parent), m_clock(clock), m_instances(instances), m_coalescer([this] { show(); }) {}

void NodeListModel::apply(const std::vector<Delta>& deltas) {
  bool any = false;
  bool whole = false;
  for (const Delta& d : deltas) {
    if (d.topic != interfaces::Topic::Nodes) {
      continue;
    }
    switch (d.kind) {
    case Delta::Kind::SnapshotBegin:
      m_inSnapshot = true;
      m_seen.clear();
      break;
    case Delta::Kind::Put:
      if (const auto* node = std::get_if<model::Node>(&d.object)) {
        const QString id = fromUtf8(node->id.str());
        m_waiting[id] = *node;
        any = true;
        if (m_inSnapshot) {
          m_seen.insert(id);
        }
      }
      break;
    case Delta::Kind::Remove: {
      const QString id = fromUtf8(d.id);
      m_waiting[id] = std::nullopt;
      m_seen.remove(id);
      any = true;
      break;
    }
    case Delta::Kind::SnapshotEnd:
      if (m_inSnapshot) {
        for (const Row& row : m_rows) {
          if (!m_seen.contains(row.id)) {
            m_waiting[row.id] = std::nullopt;
          }
        }
        for (auto it = m_waiting.begin(); it != m_waiting.end(); ++it) {
          if (!m_seen.contains(it.key())) {
            it.value() = std::nullopt;
          }
        }
        m_inSnapshot = false;
        m_seen.clear();
      }
      m_complete = true;
      whole = true;
      break;
    case Delta::Kind::Heartbeat:
      break;
    }
  }
  if (any || whole) {
    m_coalescer.request();
  }
  if (whole) {
    m_coalescer.flush(); // what was empty must not look so a moment longer
  }
}

void NodeListModel::touch(const QSet<QString>& nodeIds) {
  if (!nodeIds.isEmpty()) {
    m_touched.unite(nodeIds);
    m_coalescer.request();
  }
}

void NodeListModel::show() {
  QHash<QString, std::optional<model::Node>> waiting;
  waiting.swap(m_waiting);
  QSet<QString> touched;
  touched.swap(m_touched);
  std::vector<int> changed;
  std::vector<int> removed;
  std::vector<Row> added;
  const auto set = [](Row& row, model::Node&& node) {
    row.name = plainLine(node.name.empty() ? node.id.str() : node.name);
    row.node = std::move(node);
  };
  for (auto it = waiting.begin(); it != waiting.end(); ++it) {
    const auto known = m_rowOf.constFind(it.key());
    if (!it.value()) {
      if (known != m_rowOf.cend()) {
        removed.push_back(*known);
      }
      continue;
    }
    if (known == m_rowOf.cend()) {
      if (m_rows.size() + added.size() < size_t(kMaxRows)) {
        Row& row = added.emplace_back();
        row.id = it.key();
        set(row, std::move(*it.value()));
      }
    } else if (Row& row = m_rows[size_t(*known)]; !(row.node == *it.value())) {
      set(row, std::move(*it.value()));
      changed.push_back(*known);
    }
  }
  for (const QString& id : touched) {
    if (const auto known = m_rowOf.constFind(id); known != m_rowOf.cend()) {
      changed.push_back(*known);
    }
  }
  for (auto it = waiting.cbegin(); it != waiting.cend(); ++it) {
    touched.insert(it.key());
  }
  tellChanged(std::move(changed));
  removeRows(std::move(removed));
  if (!added.empty()) {
    std::sort(added.begin(), added.end(), [](const Row& a, const Row& b) { return a.id < b.id; });
    const int first = total();
    beginInsertRows({}, first, first + int(added.size()) - 1);
    for (Row& row : added) {
      m_rowOf.insert(row.id, total());
      m_rows.push_back(std::move(row));
    }
    endInsertRows();
  }
  count();
  if (!touched.isEmpty()) {
    Q_EMIT applied(touched);
  }
}

void NodeListModel::tellChanged(std::vector<int> rows) {
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  std::vector<std::pair<int, int>> ranges;
  for (const int row : rows) {
    if (!ranges.empty() && ranges.back().second + 1 == row) {
      ranges.back().second = row;
    } else {
      ranges.emplace_back(row, row);
    }
  }
  if (ranges.size() > size_t(kMaxRanges)) { // each of them would make what sorts this model sort again
    ranges = {{rows.front(), rows.back()}};
  }
  for (const auto& [first, last] : ranges) {
    Q_EMIT dataChanged(index(first), index(last));
  }
}

void NodeListModel::removeRows(std::vector<int> rows) {
  if (rows.empty()) {
    return;
  }
  std::sort(rows.begin(), rows.end(), std::greater<>());
  for (const int row : rows) {
    beginRemoveRows({}, row, row);
    m_rowOf.remove(m_rows[size_t(row)].id);
    m_rows.erase(m_rows.begin() + row);
    endRemoveRows();
  }
  for (size_t r = size_t(rows.back()); r < m_rows.size(); ++r) {
    m_rowOf[m_rows[r].id] = int(r);
  }
}

void NodeListModel::count() {
  int ready = 0;
  int cordoned = 0;
  for (const Row& row : m_rows) {
    if (row.node.status == NodeStatus::Ready) {
      ++(row.node.cordoned ? cordoned : ready);
    }
  }
  m_ready = ready;
  m_cordoned = cordoned;
  Q_EMIT countsChanged();
}

void NodeListModel::refreshAges() {
  if (!m_rows.empty()) {
    Q_EMIT dataChanged(index(0), index(total() - 1), {UpRole});
  }
}

const model::Node* NodeListModel::find(const QString& id) const {
  const auto it = m_rowOf.constFind(id);
  return it == m_rowOf.cend() ? nullptr : &m_rows[size_t(*it)].node;
}

int NodeListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : total();
}

QVariant NodeListModel::data(const QModelIndex& at, int role) const {
  if (!checkIndex(at, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const Row& row = m_rows[size_t(at.row())];
  const model::Node& n = row.node;
  switch (role) {
  case IdRole:
    return row.id;
  case Qt::DisplayRole:
  case NameRole:
    return row.name;
  case StateRole:
    return stateWord(n).word;
  case StateSortRole:
    return urgency(n);
  case ToneRole:
    return stateWord(n).tone;
  case ReasonRole:
    return stateReason(n);
  case RolesRole:
    return joined(n.roles);
  case RegionRole:
    return label(n, {"region", "topology.kubernetes.io/region"});
  case ZoneRole:
    return label(n, {"zone", "topology.kubernetes.io/zone"});
  case CloudRole:
    return label(n, {"cloud", "provider"});
  case ArchRole:
    return n.engine.arch.empty() ? label(n, {"arch", "kubernetes.io/arch"}) : plainLine(n.engine.arch);
  case LabelsRole: {
    QStringList list;
    for (const auto& [key, value] : n.labels) {
      list << plainLine(key + "=" + value);
    }
    return list.join(QStringLiteral(", "));
  }
  case RuntimeRole:
    return runtimeText(n.engine);
  case VersionRole:
    return plainLine(n.version);
  case AddressRole:
    return plainLine(n.address);
  case CpuTextRole:
    return amountText(n.reserved.cpuMillicores, n.allocatable.cpuMillicores, model::formatCpu);
  case CpuSortRole:
    return share(n.reserved.cpuMillicores, n.allocatable.cpuMillicores);
  case CpuPartsRole:
    return reservedParts(n.reserved.cpuMillicores, n.allocatable.cpuMillicores);
  case CpuLimitRole:
    return double(n.allocatable.cpuMillicores);
  case MemoryTextRole:
    return amountText(n.reserved.memoryBytes, n.allocatable.memoryBytes, model::formatBytes);
  case MemorySortRole:
    return share(n.reserved.memoryBytes, n.allocatable.memoryBytes);
  case MemoryPartsRole:
    return reservedParts(n.reserved.memoryBytes, n.allocatable.memoryBytes);
  case MemoryLimitRole:
    return double(n.allocatable.memoryBytes);
  case InstancesRole:
    return m_instances.liveOn(n.id.str());
  case UpRole:
    return ageText(n.startedAt, m_clock.now().wall);
  case UpSortRole:
    return qint64(-n.startedAt.ms); // long up = large
  case StartedRole:
    return fromUtf8(n.startedAt.iso());
  default:
    return {};
  }
}

QHash<int, QByteArray> NodeListModel::roleNames() const {
  return {{IdRole, "nodeId"},
          {NameRole, "name"},
          {StateRole, "stateWord"},
          {StateSortRole, "stateWord_sort"},
          {ToneRole, "tone"},
          {ReasonRole, "reason"},
          {RolesRole, "roles"},
          {RegionRole, "region"},
          {ZoneRole, "zone"},
          {CloudRole, "cloud"},
          {ArchRole, "arch"},
          {LabelsRole, "labels"},
          {RuntimeRole, "runtime"},
          {VersionRole, "version"},
          {AddressRole, "address"},
          {CpuTextRole, "cpu"},
          {CpuSortRole, "cpu_sort"},
          {CpuPartsRole, "cpuParts"},
          {CpuLimitRole, "cpuLimit"},
          {MemoryTextRole, "memory"},
          {MemorySortRole, "memory_sort"},
          {MemoryPartsRole, "memoryParts"},
          {MemoryLimitRole, "memoryLimit"},
          {InstancesRole, "instances"},
          {UpRole, "up"},
          {UpSortRole, "up_sort"},
          {StartedRole, "startedAt"}};
}

} // namespace univrs::gui
