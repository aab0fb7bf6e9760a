#include "app/gui/peer_list_model.h"

#include "app/gui/chart_scale.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace univrs::gui {

using interfaces::Delta;

namespace {

struct PeerWords {
  Q_DECLARE_TR_FUNCTIONS(Peer)
};

QString none() {
  return QStringLiteral("–");
}

bool sameLinks(const std::vector<model::PeerLink>& a, const std::vector<model::PeerLink>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const model::PeerLink& x, const model::PeerLink& y) {
    return x.id == y.id && x.relayed == y.relayed;
  });
}

} // namespace

QString standingWord(PeerStanding standing) {
  switch (standing) {
  case PeerStanding::Direct:
    return PeerWords::tr("Connected");
  case PeerStanding::Relayed:
    return PeerWords::tr("Relayed");
  case PeerStanding::Elsewhere:
    break;
  }
  return PeerWords::tr("Not connected here");
}

QString standingTone(PeerStanding standing) {
  return standing == PeerStanding::Direct    ? QStringLiteral("good")
         : standing == PeerStanding::Relayed ? QStringLiteral("warn")
                                             : QStringLiteral("idle");
}

QString transportName(const std::string& transport) {
  if (transport.starts_with("quic")) {
    return QStringLiteral("QUIC");
  }
  return transport == "tcp" ? QStringLiteral("TCP") : plainLine(transport).left(24);
}

QString latencyText(int64_t micros) {
  if (micros < 0) {
    return none();
  }
  const double ms = double(micros) / 1'000;
  return PeerWords::tr("%1 ms").arg(QLocale().toString(ms, 'f', ms < 9.95 ? 1 : 0));
}

QString rateText(double bytesPerSecond) {
  return bytesPerSecond < 1 ? none() : valueText(bytesPerSecond, QStringLiteral("bytesPerSecond"));
}

PeerListModel::PeerListModel(const base::Clock& clock, QObject* parent)
    : QAbstractListModel(parent), m_clock(clock), m_coalescer([this] { show(); }) {}

void PeerListModel::apply(const std::vector<Delta>& deltas) {
  bool any = false;
  for (const Delta& d : deltas) {
    if (d.topic != interfaces::Topic::Peers) {
      continue;
    }
    any = true;
    switch (d.kind) {
    case Delta::Kind::SnapshotBegin:
      m_inSnapshot = true;
      m_seen.clear();
      m_waiting.clear();
      break;
    case Delta::Kind::Put:
      if (const auto* peer = std::get_if<model::Peer>(&d.object); peer && !peer->id.empty()) {
        const QString id = plainLine(peer->id);
        if (m_inSnapshot) {
          m_seen.insert(id);
        }
        if (m_rowOf.contains(id) || size_t(m_waiting.size()) < kMaxRows) {
          m_waiting[id] = *peer;
        }
      }
      break;
    case Delta::Kind::Remove:
      m_waiting[plainLine(d.id)] = std::nullopt;
      break;
    case Delta::Kind::SnapshotEnd:
      for (const PeerRow& row : m_rows) {
        if (row.told && !m_seen.contains(row.id)) {
          m_waiting[row.id] = std::nullopt;
        }
      }
      m_inSnapshot = false;
      m_complete = true;
      m_seen.clear();
      break;
    case Delta::Kind::Heartbeat:
      break;
    }
  }
  if (any && !m_inSnapshot) {
    m_coalescer.request();
  }
}

void PeerListModel::setOwnId(const QString& id) {
  if (id != m_ownId) {
    m_ownId = id;
    m_topologyStale = true;
    show();
  }
}

void PeerListModel::setOwnName(const QString& name) {
  if (name != m_ownName) {
    m_ownName = name;
    m_topologyStale = true;
    m_coalescer.request();
  }
}

QString PeerListModel::labelOf(const PeerRow& row) const {
  constexpr qsizetype kEnd = 4; // characters
  return m_shared.contains(row.name) ? row.name + QStringLiteral(" …") + row.id.right(kEnd) : row.name;
}

// Machines made of one image have one name.
void PeerListModel::findNamesakes() {
  QSet<QString> names{m_ownName};
  QSet<QString> shared;
  names.reserve(qsizetype(m_rows.size()) + 1);
  for (const PeerRow& row : m_rows) {
    if (names.contains(row.name)) {
      shared.insert(row.name);
    }
    names.insert(row.name);
  }
  if (shared != m_shared) {
    m_shared = shared;
    if (!m_rows.empty()) {
      Q_EMIT dataChanged(index(0), index(total() - 1), {NameRole});
    }
  }
}

bool PeerListModel::take(PeerRow& row, model::Peer peer) const {
  if (peer.neighbours.size() > kMaxNeighbours) {
    peer.neighbours.resize(kMaxNeighbours);
  }
  const int64_t now = m_clock.now().steady.ms;
  int64_t received = 0;
  int64_t sent = 0;
  int64_t rtt = -1;
  bool direct = false;
  QStringList transports;
  for (const model::PeerConnection& c : peer.connections) {
    received += std::max<int64_t>(0, c.receivedBytes);
    sent += std::max<int64_t>(0, c.sentBytes);
    if (c.rttMicros >= 0 && (rtt < 0 || c.rttMicros < rtt)) {
      rtt = c.rttMicros;
    }
    direct = direct || !c.relayed;
    if (const QString name = transportName(c.transport); !name.isEmpty() && !transports.contains(name)) {
      transports << name;
    }
  }
  if (row.figuresAt > 0 && now > row.figuresAt) {
    const double seconds = double(now - row.figuresAt) / 1'000;
    row.receivedRate = double(std::max<int64_t>(0, received - row.receivedBytes)) / seconds;
    row.sentRate = double(std::max<int64_t>(0, sent - row.sentBytes)) / seconds;
  }
  if (row.figuresAt == 0 || now > row.figuresAt) {
    row.figuresAt = now;
    row.receivedBytes = received;
    row.sentBytes = sent;
  }
  row.rttMicros = rtt;
  row.transports = transports.join(QStringLiteral(", "));
  const PeerStanding standing = peer.connections.empty() ? PeerStanding::Elsewhere
                                : direct                 ? PeerStanding::Direct
                                                         : PeerStanding::Relayed;
  const bool renamed = row.peer.name != peer.name;
  const bool rewired =
      renamed || !row.told || standing != row.standing || !sameLinks(peer.neighbours, row.peer.neighbours);
  row.standing = standing;
  row.told = true;
  row.peer = std::move(peer);
  row.name = row.peer.name.empty() ? shortId(row.id) : plainLine(row.peer.name);
  return rewired;
}

void PeerListModel::show() {
  const auto waiting = std::exchange(m_waiting, {});
  std::vector<PeerRow> added;
  std::vector<int> changed;
  QSet<QString> touched;
  for (auto it = waiting.cbegin(); it != waiting.cend(); ++it) {
    touched.insert(it.key());
    const auto known = m_rowOf.constFind(it.key());
    if (!it.value()) {
      if (known != m_rowOf.cend()) { // others may still name it: nameMentioned() decides
        PeerRow& row = m_rows[size_t(*known)];
        row = PeerRow{row.id, row.name, {}, PeerStanding::Elsewhere, false, 0, 0, 0, 0, 0, -1, 0, {}};
        m_topologyStale = true;
        changed.push_back(*known);
      }
    } else if (known == m_rowOf.cend()) {
      PeerRow row;
      row.id = it.key();
      take(row, *it.value());
      m_topologyStale = true;
      if (m_rows.size() + added.size() < kMaxRows) {
        added.push_back(std::move(row));
      }
    } else {
      m_topologyStale = take(m_rows[size_t(*known)], *it.value()) || m_topologyStale;
      changed.push_back(*known);
    }
  }
  append(std::move(added));
  tellChanged(std::move(changed));
  const bool rewired = std::exchange(m_topologyStale, false);
  if (rewired) {
    nameMentioned();
    findNamesakes();
  }
  count();
  if (rewired) {
    Q_EMIT topologyChanged();
  }
  if (!touched.isEmpty()) {
    Q_EMIT applied(touched);
  }
}

// Peers that only others name get rows, those nobody names any more lose them; everybody's links are counted.
void PeerListModel::nameMentioned() {
  QHash<QString, QSet<int>> mentioned; // id -> rows that name it
  std::vector<QSet<QString>> linked(m_rows.size());
  for (size_t r = 0; r < m_rows.size(); ++r) {
    const PeerRow& row = m_rows[r];
    for (const model::PeerLink& link : row.peer.neighbours) {
      const QString id = plainLine(link.id);
      if (id.isEmpty() || id == row.id || id == m_ownId) {
        continue; // of this node's own connections this node knows best
      }
      linked[r].insert(id);
      mentioned[id].insert(int(r));
    }
    if (row.standing != PeerStanding::Elsewhere) {
      linked[r].insert(m_ownId);
    }
  }
  std::vector<int> gone;
  std::vector<int> changed;
  for (size_t r = 0; r < m_rows.size(); ++r) {
    const auto by = mentioned.constFind(m_rows[r].id);
    if (m_rows[r].id == m_ownId || (!m_rows[r].told && by == mentioned.cend())) {
      gone.push_back(int(r));
      continue;
    }
    if (by != mentioned.cend()) {
      for (const int other : *by) {
        linked[r].insert(m_rows[size_t(other)].id);
      }
    }
    if (const int degree = int(linked[r].size()); degree != m_rows[r].degree) {
      m_rows[r].degree = degree;
      changed.push_back(int(r));
    }
  }
  std::vector<PeerRow> added;
  for (auto it = mentioned.cbegin(); it != mentioned.cend(); ++it) {
    if (it.key() == m_ownId || m_rowOf.contains(it.key()) || m_rows.size() + added.size() >= kMaxRows) {
      continue;
    }
    PeerRow row;
    row.id = it.key();
    row.name = shortId(row.id);
    row.degree = int(it.value().size());
    added.push_back(std::move(row));
  }
  tellChanged(std::move(changed));
  removeRows(std::move(gone));
  append(std::move(added));
}

void PeerListModel::append(std::vector<PeerRow> rows) {
  if (rows.empty()) {
    return;
  }
  std::sort(rows.begin(), rows.end(), [](const PeerRow& a, const PeerRow& b) { return a.id < b.id; });
  beginInsertRows({}, total(), total() + int(rows.size()) - 1);
  for (PeerRow& row : rows) {
    m_rowOf.insert(row.id, total());
    m_rows.push_back(std::move(row));
  }
  endInsertRows();
}

void PeerListModel::removeRows(std::vector<int> rows) {
  if (rows.empty()) {
    return;
  }
  std::sort(rows.begin(), rows.end(), std::greater<>());
  for (size_t i = 0; i < rows.size();) { // neighbouring rows go together
    const int last = rows[i];
    int first = last;
    while (++i < rows.size() && rows[i] == first - 1) {
      first = rows[i];
    }
    beginRemoveRows({}, first, last);
    for (int row = first; row <= last; ++row) {
      m_rowOf.remove(m_rows[size_t(row)].id);
    }
    m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
    endRemoveRows();
  }
  for (size_t r = size_t(rows.back()); r < m_rows.size(); ++r) {
    m_rowOf[m_rows[r].id] = int(r);
  }
}

void PeerListModel::tellChanged(std::vector<int> rows) {
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
  if (ranges.size() > size_t(kMaxRanges)) {
    ranges = {{rows.front(), rows.back()}};
  }
  for (const auto& [first, last] : ranges) {
    Q_EMIT dataChanged(index(first), index(last));
  }
}

void PeerListModel::count() {
  m_connected = 0;
  m_relayed = 0;
  QStringList transports;
  for (const PeerRow& row : m_rows) {
    if (row.standing != PeerStanding::Elsewhere) {
      ++m_connected;
      m_relayed += row.standing == PeerStanding::Relayed ? 1 : 0;
    }
    for (const QString& name : row.transports.split(QStringLiteral(", "), Qt::SkipEmptyParts)) {
      if (!transports.contains(name) && transports.size() < kMaxTransports) {
        transports << name;
      }
    }
  }
  transports.sort();
  m_transports = transports;
  int twice = m_connected; // every link is in the degree of both ends; the ends at this node are no rows
  for (const PeerRow& row : m_rows) {
    twice += row.degree;
  }
  m_links = twice / 2;
  Q_EMIT countsChanged();
}

void PeerListModel::refreshAges() {
  if (m_rows.empty()) {
    return;
  }
  const int64_t now = m_clock.now().steady.ms;
  for (PeerRow& row : m_rows) {
    if (row.figuresAt > 0 && now - row.figuresAt > kRateFadesMs) {
      row.receivedRate = 0;
      row.sentRate = 0;
    }
  }
  Q_EMIT dataChanged(index(0), index(total() - 1), {SeenRole, RateRole});
}

const PeerRow* PeerListModel::find(const QString& id) const {
  const auto it = m_rowOf.constFind(id);
  return it == m_rowOf.cend() ? nullptr : &m_rows[size_t(*it)];
}

int PeerListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : total();
}

QVariant PeerListModel::data(const QModelIndex& at, int role) const {
  if (!checkIndex(at, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const PeerRow& row = m_rows[size_t(at.row())];
  const bool here = row.standing != PeerStanding::Elsewhere;
  switch (role) {
  case IdRole:
    return row.id;
  case Qt::DisplayRole:
  case NameRole:
    return labelOf(row);
  case StateRole:
    return standingWord(row.standing);
  case StateSortRole:
    return int(row.standing);
  case ToneRole:
    return standingTone(row.standing);
  case PathRole:
    return !here ? tr("through others") : row.standing == PeerStanding::Relayed ? tr("through a relay") : tr("direct");
  case TransportRole:
    return row.transports.isEmpty() ? none() : row.transports;
  case LatencyRole:
    return latencyText(row.rttMicros);
  case LatencySortRole:
    return qint64(row.rttMicros < 0 ? std::numeric_limits<qint64>::max() : row.rttMicros);
  case ReceivedRole:
    return here ? localFigure(model::formatBytes(row.receivedBytes)) : none();
  case ReceivedSortRole:
    return qint64(row.receivedBytes);
  case SentRole:
    return here ? localFigure(model::formatBytes(row.sentBytes)) : none();
  case SentSortRole:
    return qint64(row.sentBytes);
  case RateRole:
    return rateText(row.receivedRate + row.sentRate);
  case RateSortRole:
    return row.receivedRate + row.sentRate;
  case ConnectionsRole:
    return int(row.peer.connections.size());
  case NeighboursRole:
    return row.degree;
  case AgentRole:
    return row.peer.agent.empty() ? none() : plainLine(row.peer.agent);
  case AddressRole:
    return here                         ? plainLine(row.peer.connections.front().remote)
           : row.peer.addresses.empty() ? none()
                                        : plainLine(row.peer.addresses.front());
  case SeenRole:
    return row.peer.seenAt.isSet() ? ageText(row.peer.seenAt, m_clock.now().wall) : none();
  case SeenSortRole:
    return qint64(-row.peer.seenAt.ms);
  default:
    return {};
  }
}

QHash<int, QByteArray> PeerListModel::roleNames() const {
  return {{IdRole, "peerId"},
          {NameRole, "name"},
          {StateRole, "stateWord"},
          {StateSortRole, "stateWord_sort"},
          {ToneRole, "tone"},
          {PathRole, "path"},
          {TransportRole, "transport"},
          {LatencyRole, "latency"},
          {LatencySortRole, "latency_sort"},
          {ReceivedRole, "received"},
          {ReceivedSortRole, "received_sort"},
          {SentRole, "sent"},
          {SentSortRole, "sent_sort"},
          {RateRole, "rate"},
          {RateSortRole, "rate_sort"},
          {ConnectionsRole, "connections"},
          {NeighboursRole, "neighbours"},
          {AgentRole, "agent"},
          {AddressRole, "address"},
          {SeenRole, "seen"},
          {SeenSortRole, "seen_sort"}};
}

} // namespace univrs::gui
