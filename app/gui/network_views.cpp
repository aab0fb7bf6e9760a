#include "app/gui/network_views.h"

#include <QPointer>

#include <algorithm>
#include <tuple>

namespace univrs::gui {
namespace {

constexpr int kRateMs = 1'000;

bool isLocal(const std::string& address) {
  return address.starts_with("/ip4/127.") || address.starts_with("/ip6/::1/");
}

} // namespace

NetworkViews::NetworkViews(interfaces::Engine& engine, const base::Clock& clock, QObject* parent)
    : QObject(parent), m_engine(engine), m_peers(clock), m_rows(m_peers), m_graph(m_peers, m_rows, clock),
      m_details(engine.network(), m_peers, clock), m_gossip(clock, [this](const QString& id) { return nameOf(id); }) {
  connect(&m_peers, &PeerListModel::applied, this, [this](const QSet<QString>& ids) {
    if (ids.contains(m_details.id())) {
      m_details.refresh();
    }
  });
  connect(&m_peers, &PeerListModel::topologyChanged, this, [this] {
    if (!m_details.id().isEmpty() && !m_details.present()) {
      selectPeer({}); // it is gone and nobody names it
    } else {
      m_details.refresh();
    }
  });
  connect(&m_gossip, &GossipLog::passed, &m_graph, &PeerGraph::message);
  m_refresh.setInterval(kOwnRefreshMs);
  connect(&m_refresh, &QTimer::timeout, this, &NetworkViews::askOwn);
  m_rates.setInterval(kRateMs);
  connect(&m_rates, &QTimer::timeout, &m_gossip, &GossipLog::refreshRates);
}

NetworkViews::~NetworkViews() {
  m_watch.reset();
}

void NetworkViews::apply(const std::vector<interfaces::Delta>& deltas) {
  m_peers.apply(deltas);
}

void NetworkViews::setConnected(bool connected) {
  m_connected = connected;
  if (connected) {
    askOwn();
  }
}

void NetworkViews::setOwnName(const QString& name) {
  if (name != m_ownName) {
    m_ownName = name;
    m_peers.setOwnName(name);
    m_graph.setOwn(ownId(), m_ownName);
    m_details.setOwn(m_own, m_ownName);
  }
}

void NetworkViews::askOwn() {
  if (!m_connected || m_asking) {
    return;
  }
  m_asking = true;
  m_engine.network().networkInfo([self = QPointer(this)](const base::Result<interfaces::NetworkInfo>& info) {
    if (!self) {
      return;
    }
    self->m_asking = false;
    if (info.ok()) {
      self->m_own = info.value();
      self->m_problem = {};
      self->m_peers.setOwnId(self->ownId());
      self->m_graph.setOwn(self->ownId(), self->m_ownName);
      self->m_details.setOwn(self->m_own, self->m_ownName);
    } else {
      self->m_problem = Problem(info.error());
    }
    Q_EMIT self->ownChanged();
  });
}

void NetworkViews::listen() {
  if (m_watch) {
    return;
  }
  interfaces::WatchHandlers handlers;
  handlers.onDeltas = [this](const std::vector<interfaces::Delta>& deltas) { m_gossip.apply(deltas); };
  handlers.onConnection = [](bool, const std::string&) {}; // the session's own watch tells of it
  m_watch = m_engine.events().watch({{interfaces::Topic::Gossip}, 0}, std::move(handlers));
}

void NetworkViews::setShown(bool shown) {
  m_shown = std::max(0, m_shown + (shown ? 1 : -1));
  if (m_shown == 0) {
    m_refresh.stop();
    m_rates.stop();
  } else if (!m_refresh.isActive()) {
    listen();
    askOwn();
    m_refresh.start();
    m_rates.start();
  }
}

void NetworkViews::refreshAges() {
  if (m_shown > 0) {
    m_peers.refreshAges();
  }
}

void NetworkViews::selectPeer(const QString& id) {
  const QString next = id == ownId() || m_peers.find(id) ? id : QString();
  if (next != m_details.id()) {
    m_details.show(next);
    m_graph.setSelected(next);
    Q_EMIT peerSelectionChanged();
  }
}

QString NetworkViews::ownId() const {
  return plainLine(m_own.peerId);
}

QString NetworkViews::nameOf(const QString& id) const {
  if (id.isEmpty()) {
    return {};
  }
  if (id == ownId()) {
    return m_ownName.isEmpty() ? shortId(id) : m_ownName;
  }
  const PeerRow* row = m_peers.find(id);
  return row ? m_peers.labelOf(*row) : shortId(id);
}

// The one most likely to be reached from elsewhere.
QString NetworkViews::bestAddress() const {
  const auto rank = [](const std::string& a) {
    return std::tuple(isLocal(a), a.find("/p2p-circuit") != std::string::npos, a.find("/quic-v1") == std::string::npos,
                      a.starts_with("/ip6/"), a.size());
  };
  const auto best = std::min_element(m_own.addresses.begin(), m_own.addresses.end(),
                                     [&](const std::string& a, const std::string& b) { return rank(a) < rank(b); });
  return best == m_own.addresses.end() ? QString() : plainLine(*best);
}

QString NetworkViews::connectLine() const {
  const QString address = bestAddress();
  return address.isEmpty() ? QString() : QStringLiteral("univrs up --connect ") + shellWord(address);
}

bool NetworkViews::onlyLocal() const {
  return !m_own.addresses.empty() && std::all_of(m_own.addresses.begin(), m_own.addresses.end(), isLocal);
}

} // namespace univrs::gui
