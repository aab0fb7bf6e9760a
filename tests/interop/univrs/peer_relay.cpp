// Relays: being one, having a place at one, and getting a direct connection out of a relayed one.
#include "engine/p2p/relay_transport.h"
#include "tests/interop/univrs/peer.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QTimer>

#include <memory>

namespace univrs::tests {

namespace {
constexpr std::chrono::milliseconds kReserveWait{20'000};
constexpr int kLookMs = 20;
} // namespace

base::Result<void> InteropPeer::startRelay(const QString& mode, bool dcutr) {
  m_reservations = std::make_shared<p2p::RelayReservations>(*m_host);
  m_host->addTransport(std::make_unique<p2p::RelayTransport>(
      *m_host, m_clock, [weak = std::weak_ptr(m_reservations)](const p2p::PeerId& peer) {
        const auto ours = weak.lock();
        return ours && ours->isOurRelay(peer);
      }));
  if (mode == QLatin1String("server")) {
    m_relayServer = std::make_unique<p2p::RelayServer>(*m_host, p2p::RelayServerLimits{}, nullptr);
  } else if (mode != QLatin1String("client")) {
    return base::makeError(base::ErrorCode::Validation, "relay must be server or client");
  }
  if (dcutr) {
    m_dcutr = std::make_unique<p2p::Dcutr>(*m_host, true);
  }
  return {};
}

std::vector<p2p::Multiaddr> InteropPeer::relayedAddresses() const {
  std::vector<p2p::Multiaddr> out;
  if (m_reservations) {
    for (const auto& address : m_reservations->addresses()) {
      out.push_back(address.withPeer(m_host->id()));
    }
  }
  return out;
}

void InteropPeer::reserve(const QJsonObject& c, const Answer& answer) {
  const auto address = p2p::Multiaddr::fromText(textOf(c, "address"));
  if (!address || !address->peer()) {
    return answer(base::makeError(base::ErrorCode::Validation, "address must be a relay's, with its id"));
  }
  m_reservations->setRelays({{address->peer(), {address->withoutPeer()}}});
  m_reservations->tick();
  auto* timer = new QTimer(qApp);
  const auto end = m_clock.now().steady + kReserveWait;
  QObject::connect(timer, &QTimer::timeout, timer, [this, timer, end, answer] {
    const auto ours = relayedAddresses();
    if (ours.empty() && m_clock.now().steady < end) {
      return;
    }
    timer->deleteLater();
    timer->stop();
    ours.empty() ? answer(base::makeError(base::ErrorCode::Timeout, "the relay gave no place within 20 s"))
                 : answer(QJsonObject{{"addresses", textsOf(ours)}});
  });
  timer->start(kLookMs);
}

} // namespace univrs::tests
