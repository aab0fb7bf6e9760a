#include "engine/p2p/mdns.h"

#include <QHostAddress>
#include <QNetworkDatagram>
#include <QVariant>

#include <algorithm>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;
using base::Result;

const QHostAddress& group() {
  static const QHostAddress address(QStringLiteral("224.0.0.251"));
  return address;
}

bool startsWithIp(const Multiaddr& address) {
  const auto code = address.parts().front().code;
  return code == AddrCode::Ip4 || code == AddrCode::Ip6;
}
} // namespace

Result<MdnsCore> MdnsCore::make(const MdnsSettings& settings, base::Random& random, base::Monotonic now) {
  auto service = mdnsServiceName(settings.fingerprint);
  if (!service) {
    return makeError(ErrorCode::Validation, "discovery on the local network was not started",
                     "the network's fingerprint is not 1 to 58 characters of a-z and 0-9");
  }
  MdnsCore core;
  core.m_id = settings.id;
  core.m_service = std::move(*service);
  core.m_peerName = random.shortId(40);
  core.m_nextQuery = now + kFirstQuery;
  core.m_minute = now;
  return core;
}

std::vector<Multiaddr> MdnsCore::announced(const std::vector<Multiaddr>& own) const {
  std::vector<Multiaddr> out;
  for (const Multiaddr& address : own) {
    if (out.size() < kMaxAddresses && !address.empty() && !address.isLoopback() && !address.isUnspecified() &&
        !address.isRelayed() && startsWithIp(address)) {
      out.push_back(address);
    }
  }
  return out;
}

MdnsCore::Effects MdnsCore::onPacket(std::span<const uint8_t> packet, bool overLoopback,
                                     const std::vector<Multiaddr>& own, base::Monotonic now) {
  Effects effects;
  auto parsed = parseMdns(packet, m_service);
  if (!parsed) {
    ++m_malformed;
    return effects;
  }
  const auto mayAnswer = [now](std::optional<base::Monotonic>& last) {
    if (last && now - *last < kAnswerInterval) {
      return false;
    }
    last = now;
    return true;
  };
  if (parsed->asksForPeers && mayAnswer(m_answered)) {
    effects.send = mdnsResponses(m_service, m_peerName, m_id, announced(own));
  }
  if (parsed->asksForServices && mayAnswer(m_answeredServices)) {
    effects.send.push_back(mdnsServicesResponse(m_service));
  }
  if (now - m_minute >= base::Millis(60'000)) {
    m_minute = now;
    m_reports = 0;
  }
  for (MdnsPeer& peer : parsed->peers) {
    std::erase_if(peer.addresses, [overLoopback](const Multiaddr& a) {
      return !startsWithIp(a) || a.isUnspecified() || (a.isLoopback() && !overLoopback);
    });
    if (peer.id == m_id || peer.ttlSeconds == 0 || peer.addresses.empty() || m_reports >= kMaxReportsPerMinute) {
      continue;
    }
    ++m_reports;
    effects.found.push_back(std::move(peer));
  }
  return effects;
}

MdnsCore::Effects MdnsCore::onTimer(base::Monotonic now) {
  Effects effects;
  if (now < m_nextQuery) {
    return effects;
  }
  effects.send.push_back(mdnsQuery(m_service));
  m_nextQuery = now + m_interval;
  m_interval = std::min(m_interval * 2, kQueryInterval);
  return effects;
}

std::vector<base::Bytes> MdnsCore::goodbye(const std::vector<Multiaddr>& own) const {
  return mdnsResponses(m_service, m_peerName, m_id, announced(own), 0);
}

MdnsService::MdnsService(MdnsSettings settings, const base::Clock& clock, base::Random& random, OwnAddresses own,
                         OnFound found)
    : m_settings(std::move(settings)), m_clock(clock), m_random(random), m_own(std::move(own)),
      m_found(std::move(found)) {
  m_timer.setSingleShot(true);
  QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
    joinInterfaces(); // a network may have come up since
    apply(m_core->onTimer(m_clock.now().steady));
    schedule();
  });
  QObject::connect(&m_socket, &QUdpSocket::readyRead, &m_socket, [this] { read(); });
}

MdnsService::~MdnsService() {
  stop();
}

Result<void> MdnsService::start() {
  if (m_core) {
    return {};
  }
  auto core = MdnsCore::make(m_settings, m_random, m_clock.now().steady);
  if (!core) {
    return core.error();
  }
  const char* const what = "discovery on the local network was not started";
  if (!m_socket.bind(QHostAddress(QHostAddress::AnyIPv4), kPort,
                     QAbstractSocket::ShareAddress | QAbstractSocket::ReuseAddressHint)) {
    return makeError(ErrorCode::Unavailable, what, "UDP port 5353: " + m_socket.errorString().toStdString(),
                     "another program holds the port for itself; stop it, or switch discovery off");
  }
  m_socket.setSocketOption(QAbstractSocket::MulticastTtlOption, 255);    // RFC 6762 section 11
  m_socket.setSocketOption(QAbstractSocket::MulticastLoopbackOption, 1); // nodes of this machine find each other
  joinInterfaces();
  if (m_interfaces.empty()) {
    m_socket.close();
    return makeError(ErrorCode::Unavailable, what, "no network interface takes part in multicast",
                     "connect to a network, or switch discovery off");
  }
  m_core.emplace(std::move(core).value());
  schedule();
  return {};
}

void MdnsService::stop() {
  if (!m_core) {
    return;
  }
  send(m_core->goodbye(m_own()));
  m_timer.stop();
  m_socket.close();
  m_interfaces.clear();
  m_core.reset();
}

void MdnsService::joinInterfaces() {
  std::vector<QNetworkInterface> now;
  for (const QNetworkInterface& network : QNetworkInterface::allInterfaces()) {
    const auto flags = network.flags();
    const auto entries = network.addressEntries();
    const bool hasIp4 = std::any_of(entries.begin(), entries.end(), [](const QNetworkAddressEntry& e) {
      return e.ip().protocol() == QAbstractSocket::IPv4Protocol;
    });
    if (!flags.testFlag(QNetworkInterface::IsUp) || !flags.testFlag(QNetworkInterface::CanMulticast) ||
        flags.testFlag(QNetworkInterface::IsLoopBack) || !hasIp4 || now.size() >= kMaxInterfaces) {
      continue;
    }
    const bool joined = std::any_of(m_interfaces.begin(), m_interfaces.end(),
                                    [&network](const QNetworkInterface& i) { return i.index() == network.index(); });
    if (joined || m_socket.joinMulticastGroup(group(), network)) {
      now.push_back(network);
    }
  }
  m_interfaces = std::move(now);
}

// Multicast DNS belongs to one link; what comes from elsewhere was sent to us by somebody with other intentions.
bool MdnsService::isOnLink(const QHostAddress& sender) const {
  for (const QNetworkInterface& network : m_interfaces) {
    for (const QNetworkAddressEntry& entry : network.addressEntries()) {
      if (entry.prefixLength() > 0 && sender.isInSubnet(entry.ip(), entry.prefixLength())) {
        return true;
      }
    }
  }
  return sender.isLinkLocal();
}

void MdnsService::read() {
  for (int i = 0; i < kMaxPacketsPerTurn && m_core && m_socket.hasPendingDatagrams(); ++i) {
    const QNetworkDatagram datagram = m_socket.receiveDatagram(qint64(kMdnsMaxPacket) + 1);
    if (!datagram.isValid() || !isOnLink(datagram.senderAddress())) {
      continue;
    }
    const QByteArray data = datagram.data();
    apply(m_core->onPacket({reinterpret_cast<const uint8_t*>(data.constData()), size_t(data.size())}, false, m_own(),
                           m_clock.now().steady));
  }
  if (m_core && m_socket.hasPendingDatagrams()) {
    QTimer::singleShot(0, &m_socket, [this] { read(); });
  }
}

void MdnsService::apply(const MdnsCore::Effects& effects) {
  send(effects.send);
  for (const MdnsPeer& peer : effects.found) {
    m_found(peer);
  }
}

void MdnsService::send(const std::vector<base::Bytes>& packets) {
  for (const QNetworkInterface& network : m_interfaces) {
    m_socket.setMulticastInterface(network);
    for (const base::Bytes& packet : packets) {
      m_socket.writeDatagram(reinterpret_cast<const char*>(packet.data()), qint64(packet.size()), group(), kPort);
    }
  }
}

void MdnsService::schedule() {
  m_timer.start(std::max(base::Millis(1), m_core->deadline() - m_clock.now().steady));
}

} // namespace univrs::p2p
