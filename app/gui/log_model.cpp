#include "app/gui/log_model.h"

#include <QDateTime>
#include <QStringList>

#include <algorithm>

namespace univrs::gui {
namespace {
constexpr int kFlushMs = 50; // a busy program writes more often than anyone can read
QString clockText(base::Timestamp t) {
  return t.isSet() ? QDateTime::fromMSecsSinceEpoch(t.ms).toString(QStringLiteral("HH:mm:ss.zzz")) : QString();
}
} // namespace

LogModel::LogModel(interfaces::Logs& logs, QObject* parent) : QAbstractListModel(parent), m_logs(logs) {
  m_flush.setSingleShot(true);
  m_flush.setInterval(kFlushMs);
  connect(&m_flush, &QTimer::timeout, this, &LogModel::flush);
}

LogModel::~LogModel() {
  m_follow.reset();
}

void LogModel::open(const QString& workloadId) {
  m_workload = workloadId;
  m_instance.clear();
  reopen();
}

void LogModel::reopen() {
  m_follow.reset();
  const uint64_t round = ++m_round;
  m_flush.stop();
  beginResetModel();
  m_lines.clear();
  m_characters = 0;
  endResetModel();
  m_waiting.clear();
  m_waitingCharacters = 0;
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

void LogModel::add(const std::vector<interfaces::LogEntry>& entries) {
  for (const interfaces::LogEntry& e : entries) {
    Line& line = m_waiting.emplace_back(Line{plainLine(e.text), e.time, plainLine(e.instanceId), e.isStderr});
    m_waitingCharacters += size_t(line.text.size());
  }
  dropOldest(m_waiting, m_waitingCharacters, 0);
  if (!m_paused && !m_flush.isActive()) {
    m_flush.start();
  }
  if (m_paused) {
    Q_EMIT countChanged();
  }
}

void LogModel::dropOldest(std::deque<Line>& lines, size_t& characters, size_t atLeast) {
  size_t dropped = 0;
  while (!lines.empty() && (dropped < atLeast || lines.size() > kMaxLines || characters > kMaxCharacters)) {
    characters -= size_t(lines.front().text.size());
    lines.pop_front();
    ++dropped;
  }
}

void LogModel::flush() {
  if (m_paused || m_waiting.empty()) {
    return;
  }
  const size_t total = m_lines.size() + m_waiting.size();
  size_t drop = total > kMaxLines ? total - kMaxLines : 0;
  size_t characters = m_characters + m_waitingCharacters;
  for (size_t i = 0; i < m_lines.size() && (i < drop || characters > kMaxCharacters); ++i) {
    characters -= size_t(m_lines[i].text.size());
    drop = std::max(drop, i + 1);
  }
  drop = std::min(drop, m_lines.size());
  if (drop > 0) {
    beginRemoveRows({}, 0, int(drop) - 1);
    dropOldest(m_lines, m_characters, drop);
    endRemoveRows();
  }
  beginInsertRows({}, count(), count() + waiting() - 1);
  for (Line& line : m_waiting) {
    m_characters += size_t(line.text.size());
    m_lines.push_back(std::move(line));
  }
  m_waiting.clear();
  m_waitingCharacters = 0;
  endInsertRows();
  Q_EMIT countChanged();
}

QString LogModel::text() const {
  QStringList out;
  out.reserve(count());
  for (const Line& line : m_lines) {
    out << clockText(line.time) + QLatin1Char(' ') + line.text;
  }
  return out.join(QLatin1Char('\n'));
}

int LogModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant LogModel::data(const QModelIndex& at, int role) const {
  if (!checkIndex(at, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const Line& line = m_lines[size_t(at.row())];
  switch (role) {
  case Qt::DisplayRole:
  case TextRole:
    return line.text;
  case TimeRole:
    return clockText(line.time);
  case InstanceRole:
    return line.instance;
  case ErrorRole:
    return line.isError;
  default:
    return {};
  }
}

QHash<int, QByteArray> LogModel::roleNames() const {
  return {{TextRole, "text"}, {TimeRole, "time"}, {InstanceRole, "instanceId"}, {ErrorRole, "isError"}};
}

} // namespace univrs::gui
