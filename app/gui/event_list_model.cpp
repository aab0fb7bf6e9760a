#include "app/gui/event_list_model.h"

#include <QPointer>
#include <QStringList>

#include <algorithm>

namespace univrs::gui {

using interfaces::Delta;

EventListModel::EventListModel(interfaces::Events& events, const base::Clock& clock, QObject* parent)
    : QAbstractListModel(parent), m_source(events), m_clock(clock) {}

void EventListModel::open(const QString& workloadId) {
  if (workloadId.toStdString() == m_workload) {
    return;
  }
  m_workload = workloadId.toStdString();
  reload();
}

void EventListModel::reload() {
  ++m_round;
  beginResetModel();
  m_events.clear();
  m_ids.clear();
  endResetModel();
  m_next.clear();
  m_problem = {};
  m_loading = false;
  if (!m_workload.empty()) {
    ask({});
  }
  Q_EMIT countChanged();
  Q_EMIT stateChanged();
}

void EventListModel::ask(const std::string& after) {
  m_loading = true;
  interfaces::EventQuery query;
  query.workload = m_workload;
  query.after = after;
  query.limit = kPage;
  m_source.listEvents(std::move(query),
                      [self = QPointer(this), round = m_round](base::Result<interfaces::ItemPage<model::Event>> page) {
                        if (self && self->m_round == round) {
                          self->takePage(std::move(page));
                        }
                      });
}

void EventListModel::takePage(base::Result<interfaces::ItemPage<model::Event>> page) {
  m_loading = false;
  if (!page.ok()) {
    m_problem = Problem(page.error());
    Q_EMIT stateChanged();
    return;
  }
  m_problem = {};
  std::vector<model::Event> fresh;
  for (model::Event& e : page.value().items) { // live ones may be among them already
    if (m_events.size() + fresh.size() < kMaxEvents && m_ids.insert(e.id).second) {
      fresh.push_back(std::move(e));
    }
  }
  if (!fresh.empty()) {
    beginInsertRows({}, count(), count() + int(fresh.size()) - 1);
    m_events.insert(m_events.end(), std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()));
    endInsertRows();
    Q_EMIT countChanged();
  }
  m_next = page.value().next;
  Q_EMIT stateChanged();
}

void EventListModel::loadMore() {
  if (more() && !m_loading) {
    ask(m_next);
    Q_EMIT stateChanged();
  }
}

void EventListModel::apply(const std::vector<Delta>& deltas) {
  if (m_workload.empty()) {
    return;
  }
  const int before = count();
  for (const Delta& d : deltas) {
    const auto* e = std::get_if<model::Event>(&d.object);
    if (d.topic != interfaces::Topic::Events || d.kind != Delta::Kind::Put || !e ||
        (e->workloadId != m_workload && e->objectId != m_workload)) {
      continue;
    }
    if (!m_ids.insert(e->id).second) { // the same again: counted up
      const auto it = std::find_if(m_events.begin(), m_events.end(), [&](const auto& old) { return old.id == e->id; });
      if (it != m_events.end()) {
        *it = *e;
        const QModelIndex at = index(int(it - m_events.begin()));
        Q_EMIT dataChanged(at, at);
      }
      continue;
    }
    beginInsertRows({}, 0, 0);
    m_events.push_front(*e);
    endInsertRows();
    if (m_events.size() > kMaxEvents) {
      beginRemoveRows({}, count() - 1, count() - 1);
      m_ids.erase(m_events.back().id);
      m_events.pop_back();
      endRemoveRows();
    }
  }
  if (count() != before) {
    Q_EMIT countChanged();
  }
}

void EventListModel::refreshAges() {
  if (!m_events.empty()) {
    Q_EMIT dataChanged(index(0), index(count() - 1), {AgeRole});
  }
}

QString EventListModel::text() const {
  QStringList lines;
  for (const model::Event& e : m_events) {
    lines << QStringLiteral("%1 %2 %3: %4")
                 .arg(fromUtf8(e.time.iso()), fromUtf8(model::name(e.severity)), plainLine(e.objectName),
                      plainLine(e.message));
  }
  return lines.join(QLatin1Char('\n'));
}

int EventListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant EventListModel::data(const QModelIndex& at, int role) const {
  if (!checkIndex(at, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const model::Event& e = m_events[size_t(at.row())];
  switch (role) {
  case IdRole:
    return plainLine(e.id);
  case TimeRole:
    return fromUtf8(e.time.iso());
  case AgeRole:
    return ageText(e.time, m_clock.now().wall);
  case ToneRole:
    return e.severity == model::Severity::Error     ? QStringLiteral("bad")
           : e.severity == model::Severity::Warning ? QStringLiteral("warn")
                                                    : QStringLiteral("idle");
  case SeverityRole:
    return e.severity == model::Severity::Error     ? tr("Error")
           : e.severity == model::Severity::Warning ? tr("Warning")
                                                    : tr("Info");
  case TypeRole: {
    QString words = plainLine(e.type);
    words.replace(QLatin1Char('_'), QLatin1Char(' '));
    return words;
  }
  case Qt::DisplayRole:
  case MessageRole:
    return plainLine(e.message);
  case TimesRole:
    return std::max(1, e.count);
  case ObjectRole:
    return plainLine(e.objectName);
  default:
    return {};
  }
}

QHash<int, QByteArray> EventListModel::roleNames() const {
  return {{IdRole, "eventId"},      {TimeRole, "time"},         {AgeRole, "age"},
          {ToneRole, "tone"},       {SeverityRole, "severity"}, {TypeRole, "type"},
          {MessageRole, "message"}, {TimesRole, "times"},       {ObjectRole, "subject"}};
}

} // namespace univrs::gui
