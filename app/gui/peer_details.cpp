#include "app/gui/peer_details.h"

#include <QDateTime>
#include <QLocale>
#include <QPointer>

#include <algorithm>

namespace univrs::gui {
namespace {

QStringList lines(const std::vector<std::string>& words) {
  QStringList list;
  for (const std::string& word : words) {
    if (list.size() >= PeerDetails::kMaxShown) {
      break;
    }
    list << plainLine(word);
  }
  return list;
}

QString bytes(int64_t count) {
  return localFigure(model::formatBytes(std::max<int64_t>(0, count)));
}

} // namespace

PeerDetails::PeerDetails(interfaces::Network& network, const PeerListModel& peers, const base::Clock& clock,
                         QObject* parent)
    : QObject(parent), m_network(network), m_peers(peers), m_clock(clock) {}

void PeerDetails::setOwn(const interfaces::NetworkInfo& info, const QString& name) {
  m_own = info;
  m_ownName = name;
  if (own()) {
    Q_EMIT changed();
  }
}

void PeerDetails::show(const QString& id) {
  if (id != m_id) {
    m_id = id;
    ++m_round;
    m_pinging = false;
    m_pingFailed = false;
    m_pingText.clear();
    Q_EMIT changed();
    Q_EMIT pingChanged();
  }
}

void PeerDetails::refresh() {
  if (!m_id.isEmpty()) {
    Q_EMIT changed();
  }
}

bool PeerDetails::present() const {
  return own() || row() != nullptr;
}

QString PeerDetails::name() const {
  if (own()) {
    return m_ownName.isEmpty() ? shortId(m_id) : m_ownName;
  }
  const PeerRow* r = row();
  return r ? m_peers.labelOf(*r) : shortId(m_id);
}

QString PeerDetails::stateWord() const {
  const PeerRow* r = row();
  return own() ? tr("This node") : r ? standingWord(r->standing) : QString();
}

QString PeerDetails::tone() const {
  const PeerRow* r = row();
  return own() ? QStringLiteral("good") : r ? standingTone(r->standing) : QStringLiteral("idle");
}

QVariantList PeerDetails::facts() const {
  QVariantList out;
  const auto add = [&](const QString& name, const QString& value) {
    if (!value.isEmpty()) {
      out << QVariantMap{{QStringLiteral("name"), name}, {QStringLiteral("value"), value}};
    }
  };
  if (own()) {
    add(tr("Program"), plainLine(m_own.agent));
    add(tr("Peers"), tr("%1 connected, %2 known").arg(m_own.connectedPeers).arg(m_own.knownPeers));
    add(tr("Connections"), tr("%1 in, %2 out").arg(m_own.connectionsIn).arg(m_own.connectionsOut));
    add(tr("Received"), bytes(m_own.receivedBytes));
    add(tr("Sent"), bytes(m_own.sentBytes));
    add(tr("Messages"), tr("%1 received, %2 published").arg(m_own.messagesReceived).arg(m_own.messagesPublished));
    return out;
  }
  const PeerRow* r = row();
  if (!r) {
    return out;
  }
  if (r->standing != PeerStanding::Elsewhere) {
    add(tr("Path"), (r->standing == PeerStanding::Relayed ? tr("through a relay") : tr("direct")) +
                        (r->transports.isEmpty() ? QString() : QStringLiteral(" · ") + r->transports));
    add(tr("Latency"), latencyText(r->rttMicros));
    add(tr("Received"), bytes(r->receivedBytes) +
                            (r->receivedRate >= 1 ? QStringLiteral(" · ") + rateText(r->receivedRate) : QString()));
    add(tr("Sent"),
        bytes(r->sentBytes) + (r->sentRate >= 1 ? QStringLiteral(" · ") + rateText(r->sentRate) : QString()));
  } else {
    add(tr("Path"), r->told ? tr("none from this node; others reach it") : tr("none from this node; others name it"));
  }
  add(tr("Program"), plainLine(r->peer.agent));
  add(tr("Family"), plainLine(r->peer.protocolVersion));
  if (r->peer.seenAt.isSet()) {
    add(tr("Heard of"), tr("%1 ago").arg(ageText(r->peer.seenAt, m_clock.now().wall)));
  }
  return out;
}

QVariantList PeerDetails::connections() const {
  QVariantList out;
  const PeerRow* r = own() ? nullptr : row();
  if (!r) {
    return out;
  }
  for (const model::PeerConnection& c : r->peer.connections) {
    if (out.size() >= kMaxShown) {
      break;
    }
    QStringList words;
    words << (c.inbound ? tr("it called us") : tr("we called it"));
    if (c.rttMicros >= 0) {
      words << latencyText(c.rttMicros);
    }
    words << tr("%n streams", nullptr, std::max(0, c.streams));
    words << tr("%1 in, %2 out").arg(bytes(c.receivedBytes), bytes(c.sentBytes));
    QString how = transportName(c.transport);
    if (!c.security.empty()) {
      how += QStringLiteral(" · ") + plainLine(c.security);
    }
    if (!c.muxer.empty() && c.muxer != c.security) {
      how += QStringLiteral(" · ") + plainLine(c.muxer);
    }
    out << QVariantMap{{QStringLiteral("tone"), c.relayed ? QStringLiteral("warn") : QStringLiteral("good")},
                       {QStringLiteral("address"), plainLine(c.remote)},
                       {QStringLiteral("how"), how},
                       {QStringLiteral("words"), words.join(QStringLiteral(" · "))},
                       {QStringLiteral("age"), ageText(c.openedAt, m_clock.now().wall)},
                       {QStringLiteral("since"),
                        QLocale().toString(QDateTime::fromMSecsSinceEpoch(c.openedAt.ms), QLocale::ShortFormat)}};
  }
  return out;
}

QVariantList PeerDetails::neighbours() const {
  QVariantList out;
  const auto add = [&](const QString& id, int64_t rtt, bool relayed) {
    if (out.size() >= kMaxShown) {
      return;
    }
    const PeerRow* r = m_peers.find(id);
    const bool here = id == m_peers.ownId();
    QStringList words;
    words << (relayed ? tr("relayed") : tr("direct"));
    if (rtt >= 0) {
      words << latencyText(rtt);
    }
    out << QVariantMap{{QStringLiteral("id"), id},
                       {QStringLiteral("name"), here ? (m_ownName.isEmpty() ? tr("this node") : m_ownName)
                                                : r  ? r->name
                                                     : shortId(id)},
                       {QStringLiteral("words"), words.join(QStringLiteral(" · "))},
                       {QStringLiteral("tone"), relayed ? QStringLiteral("warn") : QStringLiteral("good")}};
  };
  if (own()) {
    for (const PeerRow& r : m_peers.rows()) {
      if (r.standing != PeerStanding::Elsewhere) {
        add(r.id, r.rttMicros, r.standing == PeerStanding::Relayed);
      }
    }
    return out;
  }
  QSet<QString> listed;
  const PeerRow* r = row();
  if (r && r->standing != PeerStanding::Elsewhere && !m_peers.ownId().isEmpty()) {
    add(m_peers.ownId(), r->rttMicros, r->standing == PeerStanding::Relayed);
    listed.insert(m_peers.ownId());
  }
  if (r) {
    for (const model::PeerLink& link : r->peer.neighbours) {
      if (const QString other = plainLine(link.id); other != m_id && !listed.contains(other)) {
        listed.insert(other);
        add(other, link.rttMicros, link.relayed);
      }
    }
  }
  const std::string id = m_id.toStdString();
  for (const PeerRow& other : m_peers.rows()) { // who names it; it may not speak for itself
    if (listed.contains(other.id) || other.id == m_id) {
      continue;
    }
    for (const model::PeerLink& link : other.peer.neighbours) {
      if (link.id == id) {
        listed.insert(other.id);
        add(other.id, link.rttMicros, link.relayed);
        break;
      }
    }
  }
  return out;
}

QStringList PeerDetails::addresses() const {
  const PeerRow* r = row();
  return own() ? lines(m_own.addresses) : r ? lines(r->peer.addresses) : QStringList();
}

QStringList PeerDetails::protocols() const {
  const PeerRow* r = row();
  return own() ? lines(m_own.protocols) : r ? lines(r->peer.protocols) : QStringList();
}

QStringList PeerDetails::topics() const {
  const PeerRow* r = row();
  return own() ? lines(m_own.topics) : r ? lines(r->peer.topics) : QStringList();
}

QString PeerDetails::pingLine() const {
  return m_id.isEmpty() || own() ? QString() : QStringLiteral("univrs ping ") + shellWord(m_id);
}

void PeerDetails::ping() {
  if (m_id.isEmpty() || own() || m_pinging) {
    return;
  }
  m_pinging = true;
  m_pingFailed = false;
  m_pingText.clear();
  Q_EMIT pingChanged();
  m_network.pingPeer(m_id.toStdString(), [self = QPointer(this),
                                          round = ++m_round](const base::Result<interfaces::PingResult>& result) {
    if (!self || round != self->m_round) {
      return; // another peer is looked at by now
    }
    self->m_pinging = false;
    self->m_pingFailed = !result.ok();
    self->m_pingText = result.ok() ? tr("answered after %1").arg(latencyText(result.value().rttMicros))
                                   : Problem(result.error()).text();
    Q_EMIT self->pingChanged();
  });
}

} // namespace univrs::gui
