#include "app/gui/usage_feed.h"

#include "app/gui/session.h"

#include <algorithm>
#include <map>

namespace univrs::gui {
namespace {

// The value of one kind; false when there is no such kind.
bool valueOf(const interfaces::UsagePoint& p, const QString& kind, double& out) {
  if (kind == QLatin1String("cpu")) {
    out = double(p.cpuMillicores);
  } else if (kind == QLatin1String("memory")) {
    out = double(p.memoryBytes);
  } else if (kind == QLatin1String("received")) {
    out = double(p.receivedPerSecond);
  } else if (kind == QLatin1String("sent")) {
    out = double(p.sentPerSecond);
  } else if (kind == QLatin1String("restarts")) {
    out = p.restarts;
  } else if (kind == QLatin1String("instances")) {
    out = p.instances;
  } else {
    return false;
  }
  out = std::max(out, 0.0);
  return true;
}

double limitOf(const interfaces::UsageSeries& s, const QString& kind) {
  const int64_t limit = kind == QLatin1String("cpu")      ? s.cpuLimitMillicores
                        : kind == QLatin1String("memory") ? s.memoryLimitBytes
                                                          : 0;
  return double(std::max<int64_t>(limit, 0));
}

} // namespace

UsageFeed::UsageFeed(QObject* parent) : QObject(parent) {
  m_refresh.setInterval(kRefreshMs);
  connect(&m_refresh, &QTimer::timeout, this, &UsageFeed::refresh);
  m_soon.setSingleShot(true);
  m_soon.setInterval(0);
  connect(&m_soon, &QTimer::timeout, this, &UsageFeed::refresh);
}

Session* UsageFeed::session() const {
  return m_session;
}

void UsageFeed::setSession(Session* session) {
  if (session == m_session) {
    return;
  }
  if (m_session) {
    disconnect(m_session->connection(), nullptr, this, nullptr);
  }
  m_session = session;
  if (session) {
    connect(session->connection(), &ConnectionModel::changed, this, [this] {
      if (m_session && m_session->connection()->connected() && m_problem.present()) {
        refresh(); // it was away and is back
      }
    });
  }
  askAnew();
}

void UsageFeed::setSource(interfaces::Usage* usage) {
  m_usage = usage;
  askAnew();
}

interfaces::Usage* UsageFeed::source() const {
  return m_session ? &m_session->usage() : m_usage;
}

void UsageFeed::setOf(Of of) {
  if (of != m_of) {
    m_of = of;
    askAnew();
  }
}

void UsageFeed::setIds(const QStringList& ids) {
  QStringList wanted = ids.mid(0, kMaxIds);
  wanted.removeAll(QString());
  wanted.removeDuplicates();
  if (wanted != m_ids) {
    m_ids = wanted;
    askAnew();
  }
}

void UsageFeed::setRangeSeconds(int seconds) {
  const int wanted = std::clamp(seconds, 60, kMaxRangeSeconds);
  if (wanted != m_rangeSeconds) {
    m_rangeSeconds = wanted;
    m_refresh.setInterval(wanted > 86'400 ? kCalmRefreshMs : kRefreshMs);
    askAnew();
  }
}

void UsageFeed::setActive(bool active) {
  if (active == m_active) {
    return;
  }
  m_active = active;
  if (active) {
    m_soon.start();
    m_refresh.start();
  } else {
    m_soon.stop();
    m_refresh.stop();
  }
  Q_EMIT activeChanged();
}

void UsageFeed::askAnew() {
  ++m_round;
  m_asking = false;
  m_series.clear();
  m_problem = {};
  m_loading = !m_ids.isEmpty() && source();
  ++m_serial;
  if (m_active) {
    m_soon.start();
    m_refresh.start();
  }
  Q_EMIT questionChanged();
  Q_EMIT changed();
}

void UsageFeed::refresh() {
  interfaces::Usage* usage = source();
  if (!m_active || m_asking || m_ids.isEmpty() || !usage) {
    return;
  }
  m_asking = true;
  interfaces::UsageQuery query;
  query.of = m_of == Instance   ? interfaces::UsageOf::Instance
             : m_of == Workload ? interfaces::UsageOf::Workload
                                : interfaces::UsageOf::Node;
  for (const QString& id : m_ids) {
    query.ids.push_back(id.toStdString());
  }
  query.to = base::SystemClock().now().wall;
  query.from = base::Timestamp{query.to.ms - qint64(m_rangeSeconds) * 1000};
  query.maxPoints = kPoints;
  const qint64 from = query.from.ms;
  const qint64 to = query.to.ms;
  usage->readUsage(std::move(query), [self = QPointer(this), round = m_round, from,
                                      to](base::Result<std::vector<interfaces::UsageSeries>> answer) {
    if (self && self->m_round == round) {
      self->take(std::move(answer), from, to);
    }
  });
}

void UsageFeed::take(base::Result<std::vector<interfaces::UsageSeries>> answer, qint64 from, qint64 to) {
  m_asking = false;
  m_loading = false;
  if (!answer.ok()) {
    m_problem = Problem(answer.error());
  } else {
    m_problem = {};
    m_series.clear();
    m_from = double(from);
    m_to = double(to);
    for (interfaces::UsageSeries& s : answer.value()) {
      const QString id = fromUtf8(s.id);
      if (!m_ids.contains(id)) {
        continue;
      }
      if (s.points.size() > size_t(kPoints) * 2) { // an engine that gives more than was asked
        s.points.erase(s.points.begin(), s.points.end() - kPoints * 2);
      }
      if (!s.points.empty()) { // its clock may be ahead of ours
        m_to = std::max(m_to, double(std::min<qint64>(s.points.back().time.ms, to + 86'400'000)));
      }
      m_series.insert(id, s);
    }
  }
  ++m_serial;
  Q_EMIT changed();
}

bool UsageFeed::empty() const {
  return !m_loading && !m_problem.present() &&
         std::all_of(m_series.cbegin(), m_series.cend(), [](const auto& s) { return s.points.empty(); });
}

double UsageFeed::maxGap() const {
  int64_t step = kRefreshMs; // as often as the engine measures
  for (const interfaces::UsageSeries& s : m_series) {
    step = std::max(step, s.stepMs);
  }
  return 2.5 * double(step);
}

QList<QPointF> UsageFeed::points(const QString& id, const QString& kind) const {
  QList<QPointF> out;
  if (const auto it = m_series.constFind(id); it != m_series.cend()) {
    out.reserve(qsizetype(it->points.size()));
    double value = 0;
    for (const interfaces::UsagePoint& p : it->points) {
      if (valueOf(p, kind, value)) {
        out << QPointF(double(p.time.ms), value);
      }
    }
  }
  return out;
}

QList<QPointF> UsageFeed::sum(const QString& kind) const {
  // Buckets of several series begin at different moments: they are put onto the coarsest step's grid.
  int64_t step = 1;
  for (const interfaces::UsageSeries& s : m_series) {
    step = std::max(step, s.stepMs);
  }
  struct Cell {
    double total = 0;
    int count = 0;
  };
  std::map<int64_t, double> grid;
  const bool counts = kind == QLatin1String("restarts");
  for (const interfaces::UsageSeries& s : m_series) {
    std::map<int64_t, Cell> own; // a finer series has several points in one cell: their mean stands, restarts add up
    double value = 0;
    for (const interfaces::UsagePoint& p : s.points) {
      if (valueOf(p, kind, value)) {
        Cell& cell = own[p.time.ms - p.time.ms % step];
        cell.total += value;
        ++cell.count;
      }
    }
    for (const auto& [time, cell] : own) {
      grid[time] += counts ? cell.total : cell.total / cell.count;
    }
  }
  QList<QPointF> out;
  out.reserve(qsizetype(grid.size()));
  for (const auto& [time, value] : grid) {
    out << QPointF(double(time), value);
  }
  return out;
}

double UsageFeed::limit(const QString& id, const QString& kind) const {
  if (!id.isEmpty()) {
    const auto it = m_series.constFind(id);
    return it == m_series.cend() ? 0 : limitOf(*it, kind);
  }
  double total = 0;
  for (const interfaces::UsageSeries& s : m_series) {
    const double one = limitOf(s, kind);
    if (one <= 0) {
      return 0;
    }
    total += one;
  }
  return total;
}

double UsageFeed::latest(const QString& id, const QString& kind) const {
  const auto it = m_series.constFind(id);
  double value = -1;
  return it != m_series.cend() && !it->points.empty() && valueOf(it->points.back(), kind, value) ? value : -1;
}

} // namespace univrs::gui
