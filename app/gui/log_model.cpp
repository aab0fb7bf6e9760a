#include "app/gui/log_model.h"

#include "app/gui/log_line.h"
#include "engine/model/resources.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QPointer>
#include <QSaveFile>
#include <QThreadPool>

#include <algorithm>

namespace univrs::gui {
namespace {

constexpr int kInstanceColors = 6;

QString clockText(base::Timestamp t) {
  return t.isSet() ? QDateTime::fromMSecsSinceEpoch(t.ms).toString(QStringLiteral("HH:mm:ss.zzz")) : QString();
}

// Runs on a thread of its own; the pieces don't change any more.
base::Result<qint64> write(const QString& path, const LogStore::Pieces& pieces, const std::vector<std::string>& names) {
  const auto failed = [&](const QString& why) {
    return base::makeError(base::ErrorCode::Unavailable,
                           LogModel::tr("The log was not saved as %1").arg(path).toStdString(), why.toStdString(),
                           LogModel::tr("Choose another place.").toStdString());
  };
  QSaveFile file(path); // an older file stays whole until the new one is
  if (!file.open(QIODevice::WriteOnly)) {
    return failed(file.errorString());
  }
  qint64 count = 0;
  QByteArray out;
  for (const auto& piece : pieces) {
    for (size_t i = 0; i < piece->lines.size(); ++i) {
      const LogLine line = piece->at(i);
      const std::string time = line.time.iso();
      const std::string& name = names[line.source];
      out.append(time.data(), qsizetype(time.size())).append(' ');
      out.append(name.data(), qsizetype(name.size())).append(' ');
      out.append(line.text.data(), qsizetype(line.text.size())).append('\n');
      ++count;
    }
    if (file.write(out) != out.size()) {
      return failed(file.errorString());
    }
    out.clear();
  }
  if (!file.commit()) {
    return failed(file.errorString());
  }
  return count;
}

} // namespace

LogModel::LogModel(interfaces::Logs& logs, QObject* parent) : QAbstractListModel(parent), m_logs(logs) {
  m_flush.setSingleShot(true);
  m_flush.setInterval(kFlushMs);
  connect(&m_flush, &QTimer::timeout, this, &LogModel::flush);
  m_slice.setSingleShot(true);
  m_slice.setInterval(1); // input and painting come in between
  connect(&m_slice, &QTimer::timeout, this, &LogModel::searchOn);
}

LogModel::~LogModel() {
  m_follow.reset();
  m_older.reset();
}

void LogModel::open(const QString& workloadId, const QString& name) {
  m_workload = workloadId;
  m_name = name.isEmpty() ? workloadId : name;
  m_instance.clear();
  reopen();
}

void LogModel::reopen() {
  m_follow.reset();
  m_older.reset();
  m_olderLines.clear();
  m_olderNote.clear();
  m_noOlder = false;
  const uint64_t round = ++m_round;
  m_flush.stop();
  m_slice.stop();
  beginResetModel();
  m_store.clear();
  m_search.restart();
  m_shown = 0;
  m_current = -1;
  endResetModel();
  m_ended = false;
  m_problem = {};
  if (m_paused) {
    m_paused = false;
    Q_EMIT pausedChanged();
  }
  if (!m_workload.isEmpty()) {
    interfaces::LogQuery query;
    if (m_instance.isEmpty()) {
      query.workload = m_workload.toStdString();
    } else {
      query.instance = m_instance.toStdString();
    }
    query.tail = kTail;
    query.follow = true;
    interfaces::LogHandlers handlers;
    handlers.onLines = [this, round](const std::vector<interfaces::LogEntry>& entries) {
      if (round == m_round) {
        add(entries);
      }
    };
    handlers.onEnd = [this, round](const base::Result<void>& end) {
      if (round != m_round) {
        return;
      }
      m_ended = true;
      m_problem = end.ok() ? Problem() : Problem(end.error());
      Q_EMIT sourceChanged();
    };
    m_follow = m_logs.readLogs(std::move(query), std::move(handlers));
  }
  Q_EMIT countChanged();
  Q_EMIT sourceChanged();
  Q_EMIT olderChanged();
  Q_EMIT matchesChanged();
}

void LogModel::setInstance(const QString& id) {
  if (id != m_instance) {
    m_instance = id;
    reopen();
  }
}

void LogModel::setPaused(bool paused) {
  if (paused != m_paused) {
    m_paused = paused;
    if (!paused) {
      flush();
    }
    Q_EMIT pausedChanged();
    Q_EMIT sourceChanged();
  }
}

QString LogModel::state() const {
  if (m_workload.isEmpty()) {
    return {};
  }
  return m_ended ? tr("ended") : m_paused ? tr("paused") : tr("following");
}

QString LogModel::cliLine() const {
  return m_workload.isEmpty()
             ? QString()
             : QStringLiteral("univrs logs --follow ") + shellWord(m_instance.isEmpty() ? m_name : m_instance);
}

QString LogModel::held() const {
  return tr("%1 lines, %2")
      .arg(QLocale().toString(qlonglong(m_store.count())), localFigure(model::formatBytes(int64_t(m_store.bytes()))));
}

void LogModel::add(const std::vector<interfaces::LogEntry>& entries) {
  const bool wasEmpty = m_store.count() == 0;
  for (const interfaces::LogEntry& e : entries) {
    m_store.append(e.text, e.time, e.instanceId, e.isStderr);
  }
  if (m_store.count() > LogStore::kMaxLines / 8 * 9 || m_store.bytes() > LogStore::kMaxBytes / 8 * 9) {
    flush(); // a flood between two pictures
  }
  if (!m_flush.isActive()) {
    m_flush.start();
  }
  if (wasEmpty) {
    Q_EMIT olderChanged();
  }
}

int64_t LogModel::available() const {
  return filtered() ? int64_t(m_search.matches().size()) : m_store.count();
}

int LogModel::waiting() const {
  return int(available() - m_shown);
}

int64_t LogModel::numberAt(int row) const {
  return filtered() ? m_search.matches()[size_t(row)] : m_store.first() + row;
}

void LogModel::dropExcess() {
  const int64_t lines = m_store.excess();
  if (lines == 0) {
    return;
  }
  const int64_t first = m_store.first() + lines;
  const auto& matches = m_search.matches();
  const int64_t rows = std::min<int64_t>(
      m_shown, filtered() ? std::lower_bound(matches.begin(), matches.end(), first) - matches.begin() : lines);
  if (rows > 0) {
    beginRemoveRows({}, 0, int(rows) - 1);
  }
  m_store.drop(lines);
  m_search.forgetBefore(first);
  if (rows > 0) {
    m_shown -= int(rows);
    endRemoveRows();
  }
  m_noOlder = true; // there is no room for them
  Q_EMIT olderChanged();
}

void LogModel::showRows() {
  const int64_t there = available();
  if (m_paused || there <= m_shown) {
    return;
  }
  beginInsertRows({}, m_shown, int(there) - 1);
  m_shown = int(there);
  endInsertRows();
}

void LogModel::flush() {
  dropExcess();
  if (m_search.active()) {
    searchOn();
  }
  showRows();
  Q_EMIT countChanged();
}

void LogModel::remakeRows() {
  beginResetModel();
  m_shown = int(available());
  endResetModel();
  Q_EMIT countChanged();
}

void LogModel::searchOn() {
  const size_t before = m_search.matches().size();
  const bool more = m_search.step(m_store, std::chrono::milliseconds(kSliceMs));
  if (more) {
    m_slice.start();
  }
  if (m_search.matches().size() != before && filtered()) {
    showRows();
    Q_EMIT countChanged();
  }
  if (m_search.matches().size() != before || !more) {
    Q_EMIT matchesChanged();
  }
}

void LogModel::newSearch(const QString& pattern) {
  const bool wasFiltered = filtered();
  m_slice.stop();
  m_search.set(pattern, m_matchCase, m_regex);
  m_current = -1;
  if (wasFiltered || filtered()) {
    remakeRows();
  } else if (m_shown > 0) {
    Q_EMIT dataChanged(index(0), index(m_shown - 1), {MarkupRole, MatchRole, CurrentRole});
  }
  if (m_search.active()) {
    searchOn();
  }
  Q_EMIT searchChanged();
  Q_EMIT matchesChanged();
}

void LogModel::setSearch(const QString& text) {
  if (text != m_search.pattern()) {
    newSearch(text);
  }
}

void LogModel::setMatchCase(bool on) {
  if (on != m_matchCase) {
    m_matchCase = on;
    newSearch(search());
  }
}

void LogModel::setRegex(bool on) {
  if (on != m_regex) {
    m_regex = on;
    newSearch(search());
  }
}

void LogModel::setOnlyMatches(bool on) {
  if (on != m_onlyMatches) {
    m_onlyMatches = on;
    if (m_search.active()) {
      remakeRows();
    }
    Q_EMIT searchChanged();
  }
}

int LogModel::currentMatch() const {
  const auto& matches = m_search.matches();
  const auto it = std::lower_bound(matches.begin(), matches.end(), m_current);
  return m_current >= 0 && it != matches.end() && *it == m_current ? int(it - matches.begin()) + 1 : 0;
}

int LogModel::toMatch(int row, bool forward) {
  const auto& matches = m_search.matches();
  // Only what is shown can be gone to.
  const int64_t end = m_shown > 0 ? numberAt(m_shown - 1) + 1 : m_store.first();
  const auto last = std::lower_bound(matches.begin(), matches.end(), end);
  if (matches.begin() == last) {
    return -1;
  }
  const bool fromCurrent = currentMatch() > 0;
  const int64_t from = fromCurrent ? m_current : row >= 0 && row < m_shown ? numberAt(row) : end;
  auto it = matches.begin();
  if (forward) {
    it = fromCurrent ? std::upper_bound(matches.begin(), last, from) : std::lower_bound(matches.begin(), last, from);
    if (it == last) {
      it = matches.begin();
    }
  } else {
    it = std::lower_bound(matches.begin(), last, from);
    it = it == matches.begin() ? last - 1 : it - 1;
  }
  const int64_t old = m_current;
  m_current = *it;
  const auto rowOf = [&](int64_t number) {
    return filtered() ? int(std::lower_bound(matches.begin(), last, number) - matches.begin())
                      : int(number - m_store.first());
  };
  for (const int64_t number : {old, m_current}) {
    if (number >= m_store.first() && rowOf(number) < m_shown) {
      const QModelIndex changed = index(rowOf(number));
      Q_EMIT dataChanged(changed, changed, {CurrentRole});
    }
  }
  Q_EMIT matchesChanged();
  return rowOf(m_current);
}

bool LogModel::canLoadOlder() const {
  return m_store.count() > 0 && !m_noOlder && !loadingOlder() && m_store.at(m_store.first()).time.isSet();
}

void LogModel::loadOlder() {
  if (!canLoadOlder()) {
    return;
  }
  interfaces::LogQuery query;
  (m_instance.isEmpty() ? query.workload : query.instance) =
      (m_instance.isEmpty() ? m_workload : m_instance).toStdString();
  query.tail = kOlder;
  query.until = m_store.at(m_store.first()).time;
  const int64_t before = query.until.ms;
  const uint64_t round = m_round;
  interfaces::LogHandlers handlers;
  handlers.onLines = [this, round, before](const std::vector<interfaces::LogEntry>& entries) {
    for (const interfaces::LogEntry& e : entries) {
      if (round == m_round && e.time.ms < before && m_olderLines.size() < size_t(LogStore::kMaxLines)) {
        m_olderLines.push_back({e.text, e.time, e.instanceId, e.isStderr});
      }
    }
  };
  handlers.onEnd = [this, round](const base::Result<void>& end) {
    if (round == m_round) {
      // Not within the subscription's own call.
      QMetaObject::invokeMethod(
          this,
          [this, round, end] {
            if (round == m_round) {
              takeOlder(end);
            }
          },
          Qt::QueuedConnection);
    }
  };
  m_olderLines.clear();
  m_olderNote.clear();
  m_older = m_logs.readLogs(std::move(query), std::move(handlers));
  Q_EMIT olderChanged();
}

void LogModel::takeOlder(const base::Result<void>& end) {
  m_older.reset();
  std::vector<LogStore::Older> lines;
  lines.swap(m_olderLines);
  if (!end.ok()) {
    m_olderNote = Problem(end.error()).text();
  } else if (lines.empty()) {
    m_noOlder = true;
    m_olderNote = tr("This is the beginning of the log");
  } else {
    // Their number is known before they are rows: the oldest that don't fit are left out first.
    const int64_t before = m_store.first();
    const auto room = size_t(std::max<int64_t>(0, LogStore::kMaxLines - m_store.count()));
    if (lines.size() > room) {
      lines.erase(lines.begin(), lines.end() - qsizetype(room));
    }
    if (filtered()) {
      m_store.prepend(lines);
      m_search.restart();
      remakeRows();
    } else if (!lines.empty()) {
      beginResetModel(); // how many fit into the bytes is known only afterwards
      const int64_t taken = m_store.prepend(lines);
      m_shown += int(taken);
      m_search.restart();
      endResetModel();
      Q_EMIT prepended(int(taken));
    }
    m_noOlder = m_store.first() == before;
    if (m_noOlder) {
      m_olderNote = tr("The window holds as many lines as it can: %1").arg(held());
    }
    if (m_search.active()) {
      searchOn();
    }
  }
  Q_EMIT olderChanged();
  Q_EMIT countChanged();
}

void LogModel::setColors(const QStringList& colors) {
  if (colors != m_colors) {
    m_colors = colors;
    if (m_shown > 0) {
      Q_EMIT dataChanged(index(0), index(m_shown - 1), {MarkupRole});
    }
    Q_EMIT colorsChanged();
  }
}

QString LogModel::copied(int first, int last) const {
  QString out;
  const int end = last < 0 ? m_shown : std::min(last + 1, m_shown);
  for (int row = std::max(0, first); row < end; ++row) {
    const LogLine line = m_store.at(numberAt(row));
    if (!out.isEmpty()) {
      out += QLatin1Char('\n');
    }
    if (line.time.isSet()) {
      out += clockText(line.time) + QLatin1Char(' ');
    }
    out += shownText(line.text);
    if (out.size() > kMaxCopied) {
      out += QLatin1Char('\n') + tr("(%1 more lines: save the log to have them all)").arg(end - row - 1);
      break;
    }
  }
  return out;
}

QString LogModel::pretty(int row) const {
  return row >= 0 && row < m_shown ? prettyText(m_store.at(numberAt(row)).text) : QString();
}

void LogModel::saveTo(const QUrl& file) {
  const QString path = file.toLocalFile();
  if (path.isEmpty()) {
    Q_EMIT saveFailed({tr("The log was not saved"), tr("%1 is not a file on this computer").arg(file.toDisplayString()),
                       tr("Choose a local file.")});
    return;
  }
  QThreadPool::globalInstance()->start([self = QPointer(this), path, pieces = m_store.seal(),
                                        names = m_store.sourceNames(), app = QCoreApplication::instance()] {
    const base::Result<qint64> written = write(path, pieces, names);
    QMetaObject::invokeMethod(app, [self, path, written] {
      if (!self) {
        return;
      }
      if (written.ok()) {
        Q_EMIT self->saved(path, written.value());
      } else {
        Q_EMIT self->saveFailed(Problem(written.error()));
      }
    });
  });
}

int LogModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : m_shown;
}

QString LogModel::instanceName(const LogLine& line) const {
  return plainLine(m_store.sourceName(line.source));
}

QVariant LogModel::data(const QModelIndex& at, int role) const {
  if (!checkIndex(at, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const int64_t number = numberAt(at.row());
  const LogLine line = m_store.at(number);
  switch (role) {
  case Qt::DisplayRole:
  case TextRole:
    return shownText(line.text);
  case MarkupRole:
    return markedUp(line.text, m_search.active() ? m_search.hits(shownText(line.text)) : LogHits{}, m_colors);
  case TimeRole:
    return clockText(line.time);
  case InstanceRole:
    return instanceName(line);
  case ColorRole:
    return int(line.source) % kInstanceColors;
  case ErrorRole:
    return line.isStderr;
  case LevelRole:
    return gui::name(line.level);
  case MatchRole:
    return m_search.active() && (filtered() || m_search.finds(line.text));
  case CurrentRole:
    return number == m_current;
  default:
    return {};
  }
}

QHash<int, QByteArray> LogModel::roleNames() const {
  return {{TextRole, "text"},           {MarkupRole, "markup"}, {TimeRole, "time"},
          {InstanceRole, "instanceId"}, {ColorRole, "tint"},    {ErrorRole, "isError"},
          {LevelRole, "level"},         {MatchRole, "isMatch"}, {CurrentRole, "isCurrentMatch"}};
}

} // namespace univrs::gui
