#include "app/gui/recent_events.h"

#include <QPointer>

namespace univrs::gui {

using interfaces::Delta;

RecentEvents::RecentEvents(interfaces::Events& engine, const base::Clock& clock, int most, QObject* parent)
    : QAbstractListModel(parent), m_engine(engine), m_clock(clock), m_most(most),
      m_rows(size_t(most),
             {[this](int first, int last) { beginInsertRows({}, first, last); }, [this] { endInsertRows(); },
              [this](int first, int last) { beginRemoveRows({}, first, last); }, [this] { endRemoveRows(); },
              [this](int first, int last) { Q_EMIT dataChanged(index(first), index(last)); }}),
      m_coalescer([this] {
        std::vector<model::Event> waiting;
        waiting.swap(m_waiting);
        m_rows.merge(std::move(waiting));
        Q_EMIT countChanged();
      }) {}

void RecentEvents::setObject(const std::string& objectId) {
  if (!m_all && objectId == m_object) {
    return;
  }
  m_all = false;
  m_object = objectId;
  m_waiting.clear();
  m_rows.clear();
  Q_EMIT countChanged();
  refresh();
}

void RecentEvents::refresh() {
  const int asked = ++m_asked;
  m_problem = {};
  m_loading = m_all || !m_object.empty();
  Q_EMIT loadingChanged();
  if (!m_loading) {
    return;
  }
  interfaces::EventQuery query;
  query.objectId = m_object;
  query.limit = m_most;
  m_engine.listEvents(query, [self = QPointer(this), asked](base::Result<interfaces::ItemPage<model::Event>> page) {
    if (!self || asked != self->m_asked) {
      return;
    }
    self->m_loading = false;
    if (page.ok()) {
      self->m_rows.add(std::move(page->items));
    } else {
      self->m_problem = Problem(page.error());
    }
    Q_EMIT self->loadingChanged();
    Q_EMIT self->countChanged();
  });
}

bool RecentEvents::wanted(const model::Event& event) const {
  return m_all || (!m_object.empty() && event.objectId == m_object);
}

void RecentEvents::apply(const std::vector<Delta>& deltas) {
  const size_t before = m_waiting.size();
  for (const Delta& d : deltas) {
    if (d.topic != interfaces::Topic::Events) {
      continue;
    }
    if (d.kind == Delta::Kind::SnapshotBegin && count() > 0) {
      refresh(); // the watch begins anew: something may have been missed
    } else if (const auto* event = std::get_if<model::Event>(&d.object);
               event && d.kind == Delta::Kind::Put && wanted(*event)) {
      m_waiting.push_back(*event);
    }
  }
  if (m_waiting.size() > size_t(m_most) * 2) { // the older ones would not be shown anyway
    m_waiting.erase(m_waiting.begin(), m_waiting.end() - m_most);
    m_coalescer.request();
  } else if (m_waiting.size() > before) {
    m_coalescer.request();
  }
}

void RecentEvents::refreshAges() {
  if (count() > 0) {
    Q_EMIT dataChanged(index(0), index(count() - 1), {AgeRole});
  }
}

int RecentEvents::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant RecentEvents::data(const QModelIndex& at, int role) const {
  if (!checkIndex(at, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const model::Event& e = m_rows.at(at.row());
  switch (role) {
  case IdRole:
    return fromUtf8(e.id);
  case ToneRole:
    return e.severity == model::Severity::Error     ? QStringLiteral("bad")
           : e.severity == model::Severity::Warning ? QStringLiteral("warn")
                                                    : QStringLiteral("idle");
  case SeverityRole:
    return e.severity == model::Severity::Error     ? tr("Error")
           : e.severity == model::Severity::Warning ? tr("Warning")
                                                    : tr("Info");
  case KindRole:
    return plainLine(e.type);
  case ObjectRole:
    return plainLine(e.objectName.empty() ? e.objectId : e.objectName);
  case Qt::DisplayRole:
  case MessageRole:
    return plainLine(e.message);
  case AgeRole:
    return ageText(e.time, m_clock.now().wall);
  case TimeRole:
    return fromUtf8(e.time.iso());
  case CountRole:
    return e.count;
  case ViewRole:
    return e.objectKind == "node"                                ? QStringLiteral("nodes")
           : !e.workloadId.empty() || e.objectKind == "workload" ? QStringLiteral("workloads")
                                                                 : QString();
  case TargetRole:
    return fromUtf8(e.objectKind == "node" || e.workloadId.empty() ? e.objectId : e.workloadId);
  default:
    return {};
  }
}

QHash<int, QByteArray> RecentEvents::roleNames() const {
  return {{IdRole, "eventId"},    {ToneRole, "tone"},       {SeverityRole, "severity"}, {KindRole, "kind"},
          {ObjectRole, "object"}, {MessageRole, "message"}, {AgeRole, "age"},           {TimeRole, "time"},
          {CountRole, "times"},   {ViewRole, "view"},       {TargetRole, "target"}};
}

} // namespace univrs::gui
