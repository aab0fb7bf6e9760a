#include "app/gui/notifications.h"

#include "app/gui/display_text.h"

#include <QLocale>

#include <algorithm>

namespace univrs::gui {
namespace {

using interfaces::Delta;
using interfaces::Topic;

QString keyFor(const QString& session, const QString& kind, const QString& object) {
  return session + QLatin1Char('\n') + kind + QLatin1Char('\n') + object;
}

const QString kCrash = QStringLiteral("crash_loop");
const QString kUpdate = QStringLiteral("failed_update");
const QString kImage = QStringLiteral("image");
const QString kPort = QStringLiteral("port");
const QString kNode = QStringLiteral("node");

} // namespace

Notifications::Notifications(const base::Clock& clock, std::function<bool(const QString&)> wanted, QObject* parent)
    : QAbstractListModel(parent), m_clock(clock), m_wanted(std::move(wanted)) {}

void Notifications::apply(const QString& session, const QString& cluster, const std::vector<Delta>& deltas) {
  Source& source = m_sources[session.toStdString()];
  Entry from;
  from.session = session;
  from.cluster = cluster;
  for (const Delta& d : deltas) {
    switch (d.kind) {
    case Delta::Kind::SnapshotBegin:
      source.inSnapshot = true;
      break;
    case Delta::Kind::SnapshotEnd:
      source.inSnapshot = false;
      break;
    case Delta::Kind::Remove:
      if (d.topic == Topic::Workloads) {
        const QString id = fromUtf8(d.id);
        source.names.remove(id);
        for (const QString& kind : {kCrash, kUpdate, kImage, kPort}) {
          solve(session, kind, id);
        }
      } else if (d.topic == Topic::Nodes) {
        solve(session, kNode, fromUtf8(d.id));
      }
      break;
    case Delta::Kind::Put:
      if (const auto* i = std::get_if<model::Instance>(&d.object)) {
        onInstance(source, from, *i);
      } else if (const auto* w = std::get_if<model::Workload>(&d.object)) {
        onWorkload(source, from, *w);
      } else if (const auto* n = std::get_if<model::Node>(&d.object)) {
        onNode(source, from, *n);
      } else if (const auto* e = std::get_if<model::Event>(&d.object)) {
        onEvent(source, from, *e);
      }
      break;
    case Delta::Kind::Heartbeat:
      break;
    }
  }
}

void Notifications::onInstance(const Source& source, const Entry& from, const model::Instance& i) {
  if (!i.crashLoop || model::isFinal(i.state)) {
    return; // that it is over is told by its workload
  }
  Entry e = from;
  e.kind = kCrash;
  e.title = tr("%1 keeps crashing").arg(plainLine(i.workloadName));
  e.cause = i.message.empty() ? tr("Restarted %n times", nullptr, int(i.restarts)) : plainLine(i.message);
  e.nextStep =
      tr("Read its log, then correct it, or take the last change back: univrs undo %1").arg(plainLine(i.workloadName));
  e.view = QStringLiteral("workloads");
  e.severe = true;
  raise(source, std::move(e), i.workloadId.str());
}

void Notifications::onWorkload(Source& source, const Entry& from, const model::Workload& w) {
  const QString id = fromUtf8(w.id.str());
  const QString name = plainLine(w.spec.name);
  if (source.names.size() < kMaxNames) {
    source.names.insert(id, name);
  }
  if (w.status.health == model::Health::Healthy) {
    for (const QString& kind : {kCrash, kUpdate, kImage, kPort}) {
      solve(from.session, kind, id);
    }
    return;
  }
  // Some instances are new, old ones still stand in for the rest, and it is not getting better.
  const bool stuck = w.previous && w.status.health == model::Health::Degraded && w.status.updated > 0 &&
                     w.status.total > w.status.updated;
  if (stuck) {
    Entry e = from;
    e.kind = kUpdate;
    e.title = tr("The update of %1 does not get on").arg(name);
    e.cause = w.status.reason.empty() ? tr("%1 of %2 instances are new").arg(w.status.updated).arg(w.status.desired)
                                      : plainLine(w.status.reason);
    e.nextStep = tr("Read the log of a new instance, or take the change back: univrs undo %1").arg(name);
    e.view = QStringLiteral("workloads");
    e.severe = true;
    raise(source, std::move(e), w.id.str());
  }
}

void Notifications::onNode(const Source& source, const Entry& from, const model::Node& n) {
  if (n.status == model::NodeStatus::Ready) {
    solve(from.session, kNode, fromUtf8(n.id.str()));
    return;
  }
  if (n.status == model::NodeStatus::Unknown) {
    return;
  }
  const QString name = plainLine(n.name);
  Entry e = from;
  e.kind = kNode;
  e.title = n.status == model::NodeStatus::Down ? tr("%1 is down").arg(name) : tr("%1 is not ready").arg(name);
  e.cause = n.statusReason.empty() ? tr("It does not answer") : plainLine(n.statusReason);
  e.nextStep = n.status == model::NodeStatus::Down
                   ? tr("Look whether the machine and its network are up; its workloads go elsewhere where they can")
                   : tr("Start its container engine; what runs goes on");
  e.view = QStringLiteral("nodes");
  e.severe = n.status == model::NodeStatus::Down;
  raise(source, std::move(e), n.id.str());
}

void Notifications::onEvent(const Source& source, const Entry& from, const model::Event& event) {
  const bool image = event.type == "image_pull_failed";
  if ((!image && event.type != "port_not_published") || event.workloadId.empty()) {
    return;
  }
  const QString workload = fromUtf8(event.workloadId);
  const QString name = source.names.value(workload, plainLine(event.objectName));
  Entry e = from;
  e.time = event.time;
  e.cause = plainLine(event.message);
  e.view = QStringLiteral("workloads");
  if (image) {
    e.kind = kImage;
    e.title = tr("The image of %1 cannot be fetched").arg(name);
    e.nextStep = tr("Check the image's name and tag, that the registry lets you in, and the connection; it is tried "
                    "again by itself");
    e.severe = event.severity == model::Severity::Error;
  } else {
    e.kind = kPort;
    e.title = tr("A port of %1 is not published").arg(name);
    e.nextStep = tr("End the program that has the port, or deploy with another one");
  }
  raise(source, std::move(e), event.workloadId);
}

void Notifications::raise(const Source& source, Entry entry, const std::string& object) {
  if (!m_wanted(entry.kind)) {
    return;
  }
  entry.objectId = fromUtf8(object);
  entry.key = keyFor(entry.session, entry.kind, entry.objectId);
  if (!entry.time.isSet()) {
    entry.time = m_clock.now().wall;
  }
  const int row = rowOf(entry.key);
  if (row >= 0 && !m_entries[size_t(row)].solved) { // known: only what is said about it may be newer
    Entry& known = m_entries[size_t(row)];
    if (known.cause != entry.cause || known.title != entry.title) {
      known.cause = entry.cause;
      known.title = entry.title;
      known.nextStep = entry.nextStep;
      Q_EMIT dataChanged(index(row), index(row));
    }
    return;
  }
  if (row >= 0) {
    beginRemoveRows({}, row, row);
    m_entries.erase(m_entries.begin() + row);
    endRemoveRows();
  }
  if (m_entries.size() >= kMaxEntries) {
    beginRemoveRows({}, count() - 1, count() - 1);
    m_entries.pop_back();
    endRemoveRows();
  }
  beginInsertRows({}, 0, 0);
  m_entries.insert(m_entries.begin(), entry);
  endInsertRows();
  Q_EMIT countsChanged();
  if (!source.inSnapshot) { // what was so before the window opened is in the list, not on the desktop
    tell(entry);
  }
}

void Notifications::tell(const Entry& entry) {
  if (m_attended || !m_wanted(QStringLiteral("system"))) {
    return;
  }
  const int64_t now = m_clock.now().steady.ms;
  while (!m_popups.empty() && now - m_popups.front() >= kPopupWindowMs) {
    m_popups.pop_front();
  }
  if (m_popups.size() >= kMaxPopups) {
    return;
  }
  m_popups.push_back(now);
  if (m_popups.size() == kMaxPopups) {
    Q_EMIT popup(tr("More needs you"), tr("Open Univrs to see all of it"), {});
  } else {
    Q_EMIT popup(entry.title, entry.cause, entry.key);
  }
}

void Notifications::solve(const QString& session, const QString& kind, const QString& object) {
  const int row = rowOf(keyFor(session, kind, object));
  if (row >= 0 && !m_entries[size_t(row)].solved) {
    m_entries[size_t(row)].solved = true;
    m_entries[size_t(row)].unread = false;
    Q_EMIT dataChanged(index(row), index(row));
    Q_EMIT countsChanged();
  }
}

int Notifications::rowOf(const QString& key) const {
  const auto it = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& e) { return e.key == key; });
  return it == m_entries.end() ? -1 : int(it - m_entries.begin());
}

void Notifications::forget(const QString& session) {
  beginResetModel();
  std::erase_if(m_entries, [&](const Entry& e) { return e.session == session; });
  endResetModel();
  m_sources.erase(session.toStdString());
  Q_EMIT countsChanged();
}

void Notifications::markRead() {
  bool any = false;
  for (Entry& e : m_entries) {
    any = any || e.unread;
    e.unread = false;
  }
  if (any) {
    Q_EMIT dataChanged(index(0), index(count() - 1), {UnreadRole});
    Q_EMIT countsChanged();
  }
}

void Notifications::clear() {
  beginResetModel();
  // What is not solved stays known, so that it does not come again: it only leaves the list when it is solved.
  std::erase_if(m_entries, [](const Entry& e) { return e.solved; });
  for (Entry& e : m_entries) {
    e.unread = false;
  }
  endResetModel();
  Q_EMIT countsChanged();
}

void Notifications::open(int row) {
  if (row >= 0 && row < count()) {
    Entry& e = m_entries[size_t(row)];
    e.unread = false;
    Q_EMIT dataChanged(index(row), index(row), {UnreadRole});
    Q_EMIT countsChanged();
    Q_EMIT goRequested(QString(e.session), QString(e.view), QString(e.objectId));
  }
}

void Notifications::openKey(const QString& key) {
  open(rowOf(key));
}

QString Notifications::details(int row) const {
  if (row < 0 || row >= count()) {
    return {};
  }
  const Entry& e = m_entries[size_t(row)];
  return tr("%1\n%2\n%3\non %4, %5").arg(e.title, e.cause, e.nextStep, e.cluster, fromUtf8(e.time.iso()));
}

void Notifications::refreshAges() {
  if (!m_entries.empty()) {
    Q_EMIT dataChanged(index(0), index(count() - 1), {AgeRole});
  }
}

int Notifications::unread() const {
  return int(std::count_if(m_entries.begin(), m_entries.end(), [](const Entry& e) { return e.unread; }));
}

int Notifications::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant Notifications::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const Entry& e = m_entries[size_t(index.row())];
  switch (role) {
  case TitleRole:
    return e.title;
  case CauseRole:
    return e.cause;
  case NextStepRole:
    return e.nextStep;
  case AgeRole:
    return ageText(e.time, m_clock.now().wall);
  case TimeRole:
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(e.time.ms), QLocale::ShortFormat);
  case UnreadRole:
    return e.unread;
  case SolvedRole:
    return e.solved;
  case ToneRole:
    return e.solved ? QStringLiteral("good") : e.severe ? QStringLiteral("bad") : QStringLiteral("warn");
  case ClusterRole:
    return e.cluster;
  case DetailsRole:
    return details(index.row());
  default:
    return {};
  }
}

QHash<int, QByteArray> Notifications::roleNames() const {
  return {{TitleRole, "title"},     {CauseRole, "cause"},    {NextStepRole, "nextStep"}, {AgeRole, "age"},
          {TimeRole, "time"},       {UnreadRole, "unread"},  {SolvedRole, "solved"},     {ToneRole, "tone"},
          {ClusterRole, "cluster"}, {DetailsRole, "details"}};
}

} // namespace univrs::gui
