#include "engine/p2p/host_core.h"

#include "engine/base/log.h"
#include "engine/p2p/host_link.h"
#include "engine/p2p/host_tell.h"

#include <QFile>
#include <QNetworkInterface>

#include <algorithm>
#include <utility>

namespace univrs::p2p {

namespace {

using base::ErrorCode;
using base::makeError;

constexpr int kTickMs = 1'000;

std::vector<std::string> interfaceIps() {
  std::vector<std::string> out;
  for (const QNetworkInterface& interface : QNetworkInterface::allInterfaces()) {
    if (!interface.flags().testFlag(QNetworkInterface::IsUp) ||
        !interface.flags().testFlag(QNetworkInterface::IsRunning)) {
      continue;
    }
    for (const QNetworkAddressEntry& entry : interface.addressEntries()) {
      // A link-local IPv6 address means nothing without its zone, which others do not share.
      if (entry.ip().scopeId().isEmpty()) {
        out.push_back(entry.ip().toString().toStdString());
      }
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

} // namespace

HostCore::HostCore(const Identity& identity, HostOptions options, const base::Clock& clock, base::Random& random,
                   std::unique_ptr<NameSource> names)
    : m_identity(identity), m_id(PeerKey::fromEd25519(identity.publicKey()).peerId()), m_options(std::move(options)),
      m_clock(clock), m_random(random), m_resources(m_options.limits),
      m_manager(m_id, m_options.lowWater, m_options.highWater) {
  m_dialer = std::make_unique<Dialer>(m_id, m_transports, m_peers, m_clock, m_random, std::move(names),
                                      [this](std::unique_ptr<Connection> c) { return adopt(std::move(c)); });
  m_identify = std::make_unique<Identify>(*this, m_options.agent, m_options.protocolVersion);
  m_identify->setOnFacts([this](const Identified& told) {
    if (!told.observed.empty()) {
      m_own.observe(told.connection, told.observed, now().wall);
      ownAddressesMayHaveChanged();
    }
    const PeerId peer = told.connection.peer;
    tell([&peer](HostObserver& o) { o.onIdentified(peer); });
  });
  m_identify->start();
  m_writer.setMaxThreadCount(1);
  m_tick.setInterval(kTickMs);
  QObject::connect(&m_tick, &QTimer::timeout, m_context.get(), [this] { tick(); });
}

HostCore::~HostCore() {
  m_closing = true;
  m_tick.stop();
  m_context.reset(); // nothing deferred comes any more, and handlers that die late see it
  m_dialer.reset();
  for (const auto& transport : m_transports) {
    transport->setOnConnection(nullptr);
  }
  // Nobody above hears of the end: observers and handlers may be gone already.
  m_observers.clear();
  m_byPeer.clear();
  m_links.clear();
  m_refused.clear();
  m_graveyard.clear();
  m_identify.reset();
  m_protocols.clear();
  m_transports.clear();
  savePeers(true);
}

base::Result<void> HostCore::start() {
  loadPeers();
  std::vector<std::pair<Transport*, Multiaddr>> opened;
  for (const Multiaddr& wanted : m_options.listen) {
    const auto transport =
        std::find_if(m_transports.begin(), m_transports.end(), [&](const auto& t) { return t->canListen(wanted); });
    auto got = transport == m_transports.end()
                   ? base::Result<Multiaddr>(makeError(ErrorCode::Unsupported, "cannot listen at " + wanted.text(),
                                                       "no transport of this node can",
                                                       "Use /ip4/…/udp/PORT/quic-v1 or /ip4/…/tcp/PORT"))
                   : (*transport)->listen(wanted);
    if (!got) {
      for (const auto& [by, address] : opened) {
        by->stopListening(address);
      }
      return got.error();
    }
    opened.emplace_back(transport->get(), std::move(*got));
  }
  std::vector<Multiaddr> listening;
  listening.reserve(opened.size());
  for (auto& [by, address] : opened) {
    listening.push_back(std::move(address));
  }
  m_own.setListening(std::move(listening));
  lookAtInterfaces();
  m_lastKeptHouse = now().steady;
  m_tick.start();
  return {};
}

void HostCore::setExtraAddresses(const std::string& source, std::vector<Multiaddr> addresses) {
  m_own.setExtra(source, std::move(addresses));
  ownAddressesMayHaveChanged();
}

void HostCore::addTransport(std::unique_ptr<Transport> transport) {
  transport->setOnConnection([this](std::unique_ptr<Connection> connection) {
    // A refusal was told to the peer already.
    static_cast<void>(adopt(std::move(connection)));
  });
  m_transports.push_back(std::move(transport));
}

void HostCore::handle(const std::string& protocol, ProtocolLimits limits, ProtocolAcceptor acceptor) {
  const bool known = m_protocols.contains(protocol);
  m_protocols[protocol] = {limits, std::move(acceptor)};
  if (!known) {
    m_identify->ownFactsChanged();
  }
}

void HostCore::unhandle(const std::string& protocol) {
  if (m_protocols.erase(protocol) > 0) {
    m_identify->ownFactsChanged();
  }
}

std::vector<std::string> HostCore::protocols() const {
  std::vector<std::string> out;
  for (const auto& [name, protocol] : m_protocols) {
    out.push_back(name);
  }
  return out;
}

void HostCore::protect(const PeerId& peer, const std::string& tag) {
  m_manager.protect(peer, tag);
  m_peers.setInUse(peer, true);
}

void HostCore::unprotect(const PeerId& peer, const std::string& tag) {
  m_manager.unprotect(peer, tag);
  m_peers.setInUse(peer, isConnected(peer) || m_manager.isProtected(peer));
}

void HostCore::setValue(const PeerId& peer, const std::string& tag, int value) {
  m_manager.setValue(peer, tag, value);
}

void HostCore::addObserver(HostObserver* observer) {
  m_observers.push_back(observer);
}

void HostCore::removeObserver(HostObserver* observer) {
  std::replace(m_observers.begin(), m_observers.end(), observer, static_cast<HostObserver*>(nullptr));
  if (m_telling == 0) {
    std::erase(m_observers, nullptr);
  }
}

void HostCore::later(std::function<void()> call) {
  if (m_context) {
    QMetaObject::invokeMethod(m_context.get(), std::move(call), Qt::QueuedConnection);
  }
}

void HostCore::tick() {
  const base::Now at = now();
  dropSilent(at.steady);
  countBytes();
  judgeConnections();
  if (at.steady - m_lastInterfaces >= kInterfaceCheck) {
    lookAtInterfaces();
  }
  if (at.steady - m_lastKeptHouse >= kKeepHouse) {
    m_lastKeptHouse = at.steady;
    m_peers.expire(at.wall);
    m_own.expire(at.wall);
    ownAddressesMayHaveChanged();
    savePeers(false);
  }
}

void HostCore::lookAtInterfaces() {
  m_lastInterfaces = now().steady;
  m_own.setInterfaces(interfaceIps());
  ownAddressesMayHaveChanged();
}

void HostCore::ownAddressesMayHaveChanged() {
  auto addresses = m_own.all();
  if (addresses == m_toldAddresses) {
    return;
  }
  m_toldAddresses = std::move(addresses);
  m_identify->ownFactsChanged();
  tell([](HostObserver& o) { o.onOwnAddressesChanged(); });
}

void HostCore::loadPeers() {
  if (m_options.peerStoreFile.empty()) {
    return;
  }
  m_savesPeers = true;
  const auto loaded = m_peers.load(m_options.peerStoreFile, now().wall);
  if (loaded) {
    return;
  }
  base::log::warning("p2p", loaded.error().text());
  if (loaded.error().code == ErrorCode::Corrupt) {
    // Kept aside, since the next save would write over it.
    const QString file = QString::fromStdString(m_options.peerStoreFile);
    QFile::remove(file + QStringLiteral(".damaged"));
    QFile::rename(file, file + QStringLiteral(".damaged"));
  } else {
    m_savesPeers = false; // there may be something in it that would be lost
  }
}

void HostCore::savePeers(bool wait) {
  if (!m_savesPeers) {
    return;
  }
  // Syncing to a busy disk takes long: not on this thread.
  m_writer.start([file = m_options.peerStoreFile, bytes = m_peers.encoded()] {
    if (const auto written = PeerStore::write(file, bytes); !written) {
      base::log::warning("p2p", written.error().text());
    }
  });
  if (wait) {
    m_writer.waitForDone();
  }
}

} // namespace univrs::p2p
