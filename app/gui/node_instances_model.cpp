#include "app/gui/node_instances_model.h"

#include "app/gui/display_text.h"
#include "app/gui/keyed_rows.h"

namespace univrs::gui {

namespace {

StateWord wordOf(const InstanceIndex::Entry& e) {
  model::Instance i;
  i.state = e.state;
  i.ready = e.ready;
  i.crashLoop = e.crashLoop;
  return stateWord(i);
}

} // namespace

NodeInstancesModel::NodeInstancesModel(const base::Clock& clock, const InstanceIndex& index, QObject* parent)
    : QAbstractListModel(parent), m_clock(clock), m_index(index) {}

void NodeInstancesModel::setNode(const std::string& nodeId) {
  beginResetModel();
  m_node = nodeId;
  m_rows.clear();
  for (const InstanceIndex::Entry* e : m_index.onNode(m_node)) {
    m_rows.push_back(*e);
  }
  endResetModel();
  Q_EMIT countChanged();
}

void NodeInstancesModel::refresh() {
  std::vector<InstanceIndex::Entry> next;
  for (const InstanceIndex::Entry* e : m_index.onNode(m_node)) {
    next.push_back(*e);
  }
  becomeRows(m_rows, std::move(next), [](const InstanceIndex::Entry& e) { return e.id; },
             {[this](int first, int last) { beginInsertRows({}, first, last); }, [this] { endInsertRows(); },
              [this](int first, int last) { beginRemoveRows({}, first, last); }, [this] { endRemoveRows(); },
              [this](int first, int last) {
                Q_EMIT dataChanged(QAbstractListModel::index(first), QAbstractListModel::index(last));
              }});
  Q_EMIT countChanged();
}

void NodeInstancesModel::refreshAges() {
  if (!m_rows.empty()) {
    Q_EMIT dataChanged(index(0), index(count() - 1), {AgeRole});
  }
}

int NodeInstancesModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant NodeInstancesModel::data(const QModelIndex& at, int role) const {
  if (!checkIndex(at, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const InstanceIndex::Entry& e = m_rows[size_t(at.row())];
  switch (role) {
  case Qt::DisplayRole:
  case IdRole:
    return plainLine(e.id);
  case WorkloadRole:
    return plainLine(e.workloadName);
  case WorkloadIdRole:
    return fromUtf8(e.workloadId);
  case StateRole:
    return wordOf(e).word;
  case ToneRole:
    return wordOf(e).tone;
  case RestartsRole:
    return e.restarts;
  case AgeRole:
    return ageText(e.createdAt, m_clock.now().wall);
  default:
    return {};
  }
}

QHash<int, QByteArray> NodeInstancesModel::roleNames() const {
  return {{IdRole, "instanceId"},   {WorkloadRole, "workload"}, {WorkloadIdRole, "workloadId"},
          {StateRole, "stateWord"}, {ToneRole, "tone"},         {RestartsRole, "restarts"},
          {AgeRole, "age"}};
}

} // namespace univrs::gui
