#include "app/gui/needs_model.h"

#include "app/gui/keyed_rows.h"

namespace univrs::gui {

NeedsModel::NeedsModel(QObject* parent) : QAbstractListModel(parent) {}

void NeedsModel::show(std::vector<Need> needs, int total) {
  if (needs.size() > size_t(kMaxRows)) {
    needs.resize(size_t(kMaxRows));
  }
  m_total = std::max(total, int(needs.size()));
  becomeRows(m_rows, std::move(needs), [](const Need& n) { return n.key; },
             {[this](int first, int last) { beginInsertRows({}, first, last); }, [this] { endInsertRows(); },
              [this](int first, int last) { beginRemoveRows({}, first, last); }, [this] { endRemoveRows(); },
              [this](int first, int last) { Q_EMIT dataChanged(index(first), index(last)); }});
  Q_EMIT changed();
}

int NeedsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant NeedsModel::data(const QModelIndex& at, int role) const {
  if (!checkIndex(at, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const Need& n = m_rows[size_t(at.row())];
  switch (role) {
  case ToneRole:
    return n.tone;
  case KindRole:
    return n.kind;
  case Qt::DisplayRole:
  case NameRole:
    return n.name;
  case WordRole:
    return n.word;
  case CauseRole:
    return n.cause;
  case StepRole:
    return n.step;
  case ActionRole:
    return n.action;
  case ViewRole:
    return n.view;
  case TargetRole:
    return n.target;
  case CliRole:
    return n.cli;
  default:
    return {};
  }
}

QHash<int, QByteArray> NeedsModel::roleNames() const {
  return {{ToneRole, "tone"}, {KindRole, "kind"},     {NameRole, "name"}, {WordRole, "word"},     {CauseRole, "cause"},
          {StepRole, "step"}, {ActionRole, "action"}, {ViewRole, "view"}, {TargetRole, "target"}, {CliRole, "cli"}};
}

} // namespace univrs::gui
