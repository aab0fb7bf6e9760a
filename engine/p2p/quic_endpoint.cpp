#include "engine/p2p/quic_endpoint.h"

#include <openssl/rand.h>

#include <algorithm>
#include <utility>

namespace univrs::p2p {

namespace {
constexpr size_t kMaxPacket = 1'252;  // of a packet of ours outside a connection
constexpr size_t kMinInitial = 1'200; // a client's first datagram is at least this long (RFC 9000 14.1)
constexpr size_t kMinResettable = 43; // a shorter packet is not answered with a stateless reset …
constexpr size_t kMaxReset = 42;      // … which is always shorter than what it answers
constexpr int kRoundsPerProcess = 8;  // turns that wake other connections, before the event loop goes on
constexpr uint64_t kMillisecond = 1'000'000;
constexpr uint64_t kSecond = 1'000'000'000;
constexpr uint64_t kRetryTokenLife = 10 * kSecond;
constexpr uint32_t kGreaseVersion = 0x1a2a3a4a; // reserved: keeps others' negotiation honest (RFC 9000 15)

bool isLongHeader(std::span<const uint8_t> packet) {
  return !packet.empty() && (packet[0] & 0x80u) != 0;
}

} // namespace

QuicEndpoint::QuicEndpoint(QuicShared& shared, std::unique_ptr<UdpSocket> socket)
    : m_shared(shared), m_socket(std::move(socket)), m_sendBuffer(UdpSocket::kSendBatchBytes),
      m_readNotifier(std::make_unique<QSocketNotifier>(m_socket->descriptor(), QSocketNotifier::Read)),
      m_writeNotifier(std::make_unique<QSocketNotifier>(m_socket->descriptor(), QSocketNotifier::Write)) {
  m_writeNotifier->setEnabled(false);
  m_timer.setSingleShot(true);
  m_timer.setTimerType(Qt::PreciseTimer);
  QObject::connect(m_readNotifier.get(), &QSocketNotifier::activated, &m_context, [this] { readable(); });
  QObject::connect(m_writeNotifier.get(), &QSocketNotifier::activated, &m_context, [this] { writable(); });
  QObject::connect(&m_timer, &QTimer::timeout, &m_context, [this] { timeout(); });
}

base::Result<std::unique_ptr<QuicEndpoint>> QuicEndpoint::open(QuicShared& shared, const SocketAddress& address) {
  auto socket = UdpSocket::open(address);
  if (!socket) {
    return socket.error();
  }
  return std::unique_ptr<QuicEndpoint>(new QuicEndpoint(shared, std::move(socket).value()));
}

QuicEndpoint::~QuicEndpoint() {
  m_readNotifier->setEnabled(false);
  m_writeNotifier->setEnabled(false);
  auto pending = std::move(m_pending);
  m_pending.clear();
  for (auto& [serial, entry] : pending) {
    if (!entry.done) {
      m_shared.gate.handshakeOver(entry.remote);
    }
  }
}

// ---- Connections ----

uint64_t QuicEndpoint::dial(const SocketAddress& local, const SocketAddress& remote, std::optional<PeerId> expected,
                            Dialed done) {
  auto connection = QuicConnection::dial(*this, local, remote, std::move(expected));
  if (!connection) {
    QMetaObject::invokeMethod(
        &m_context,
        [done = std::move(done)] {
          done(base::makeError(base::ErrorCode::Internal, "the connection could not be started",
                               "the QUIC library refused"));
        },
        Qt::QueuedConnection);
    return 0;
  }
  const uint64_t serial = connection->serial();
  m_pending.emplace(serial, Pending{std::move(connection), std::move(done), {}});
  wake(serial);
  return serial;
}

void QuicEndpoint::abandon(uint64_t serial) {
  const auto found = m_pending.find(serial);
  if (found != m_pending.end()) {
    const auto connection = std::move(found->second.connection); // its destructor tells the peer
    m_pending.erase(found);
  }
}

void QuicEndpoint::sendRaw(const SocketAddress& remote, std::span<const uint8_t> bytes) {
  if (m_socket->send(SocketAddress::any(remote.isIp6()), remote, 0, bytes, bytes.size()) != UdpSocket::Sent::Done) {
    ++m_shared.stats.sendFailures;
  }
}

void QuicEndpoint::add(QuicConnection& connection) {
  m_connections[connection.serial()] = &connection;
}

void QuicEndpoint::remove(QuicConnection& connection) {
  setTimer(connection, kNever);
  m_connections.erase(connection.serial());
  if (m_connections.empty() && m_onIdle) {
    QMetaObject::invokeMethod(
        &m_context,
        [this] {
          if (const auto callback = m_onIdle; m_connections.empty() && callback) {
            callback(); // may destroy this endpoint
          }
        },
        Qt::QueuedConnection);
  }
}

QuicConnection* QuicEndpoint::find(uint64_t serial) const {
  const auto found = m_connections.find(serial);
  return found == m_connections.end() ? nullptr : found->second;
}

void QuicEndpoint::addId(const QuicId& id, uint64_t serial) {
  m_byId.emplace(id, serial);
}

void QuicEndpoint::removeId(const QuicId& id) {
  m_byId.erase(id);
}

void QuicEndpoint::addResetToken(const QuicId& token, uint64_t serial) {
  m_byResetToken.emplace(token, serial);
}

void QuicEndpoint::removeResetToken(const QuicId& token) {
  m_byResetToken.erase(token);
}

void QuicEndpoint::retire(std::vector<QuicId> ids, base::Bytes closePacket, uint64_t until) {
  m_closed.add(std::move(ids), std::move(closePacket), until, steadyNanoseconds());
}

std::array<uint8_t, NGTCP2_STATELESS_RESET_TOKENLEN> QuicEndpoint::resetToken(const ngtcp2_cid& id) const {
  std::array<uint8_t, NGTCP2_STATELESS_RESET_TOKENLEN> token{};
  if (ngtcp2_crypto_generate_stateless_reset_token(token.data(), m_shared.resetSecret.data(),
                                                   m_shared.resetSecret.size(), &id) != 0) {
    RAND_bytes(token.data(), token.size()); // one nobody can use
  }
  return token;
}

// ---- Turns ----

void QuicEndpoint::wake(uint64_t serial) {
  if (m_readySet.insert(serial).second) {
    m_ready.push_back(serial);
  }
  if (!m_processing && !m_posted) {
    m_posted = true;
    QMetaObject::invokeMethod(
        &m_context,
        [this] {
          m_posted = false;
          process();
        },
        Qt::QueuedConnection);
  }
}

void QuicEndpoint::process() {
  if (m_processing) {
    return; // an event loop inside a handler; the outer one goes on
  }
  m_processing = true;
  for (int round = 0; round < kRoundsPerProcess && !m_ready.empty(); ++round) {
    const auto ready = std::exchange(m_ready, {});
    m_readySet.clear();
    for (const uint64_t serial : ready) {
      turn(serial);
    }
  }
  m_processing = false;
  if (!m_ready.empty()) {
    const uint64_t serial = m_ready.back();
    m_ready.pop_back();
    m_readySet.erase(serial);
    wake(serial);
  }
  armTimer();
}

void QuicEndpoint::turn(uint64_t serial) {
  QuicConnection* connection = find(serial);
  if (connection == nullptr || !handOver(serial)) {
    return;
  }
  connection = find(serial);
  if (connection != nullptr && connection->tell()) {
    connection->send();
  }
}

bool QuicEndpoint::handOver(uint64_t serial) {
  const auto found = m_pending.find(serial);
  if (found == m_pending.end()) {
    return true;
  }
  QuicConnection& connection = *found->second.connection;
  if (!connection.isOver() && !connection.isUp()) {
    return true;
  }
  Pending pending = std::move(found->second);
  m_pending.erase(found);
  if (!pending.done) {
    m_shared.gate.handshakeOver(pending.remote);
  }
  if (connection.isOver()) {
    if (pending.done) {
      const base::Error error = connection.overWhy();
      pending.connection.reset();
      pending.done(error);
    } else {
      ++m_shared.stats.handshakesFailed;
    }
    return false;
  }
  connection.setHandedOver();
  if (pending.done) {
    pending.done(std::unique_ptr<Connection>(std::move(pending.connection)));
  } else if (m_shared.onConnection) {
    m_shared.onConnection(std::move(pending.connection));
  }
  return true;
}

void QuicEndpoint::readable() {
  // What the datagrams wake gets its turn below; or from the turn that runs, if a handler has an event loop of its own.
  const bool outer = std::exchange(m_processing, true);
  m_socket->receive(kDatagramsPerTurn, [this](const UdpSocket::Received& received) { datagram(received); });
  m_processing = outer;
  process();
}

void QuicEndpoint::writable() {
  m_writeNotifier->setEnabled(false);
  for (const uint64_t serial : std::exchange(m_waiting, {})) {
    if (QuicConnection* connection = find(serial)) {
      connection->socketWritable();
    }
  }
}

void QuicEndpoint::waitForSocket(uint64_t serial) {
  m_waiting.push_back(serial);
  m_writeNotifier->setEnabled(true);
}

void QuicEndpoint::setTimer(QuicConnection& connection, uint64_t at) {
  if (connection.timerAt == at) {
    return;
  }
  if (connection.timerAt != kNever) {
    m_timers.erase({connection.timerAt, connection.serial()});
  }
  connection.timerAt = at;
  if (at != kNever) {
    m_timers.emplace(at, connection.serial());
    if (!m_processing) {
      armTimer();
    }
  }
}

void QuicEndpoint::armTimer() {
  if (m_timers.empty()) {
    return; // one that fires for nothing does no harm
  }
  const uint64_t at = m_timers.begin()->first;
  if (m_timer.isActive() && m_armedFor <= at) {
    return; // fires early enough; then it is armed for the rest
  }
  m_armedFor = at;
  const uint64_t now = steadyNanoseconds();
  // To the nearest millisecond: pacing asks for less, and half of one too early only means to look again.
  const uint64_t wait = at > now ? (at - now + kMillisecond / 2) / kMillisecond : 0;
  m_timer.start(static_cast<int>(std::min<uint64_t>(wait, 3'600'000)));
}

void QuicEndpoint::timeout() {
  m_armedFor = kNever;
  const uint64_t now = steadyNanoseconds();
  const bool outer = std::exchange(m_processing, true);
  while (!m_timers.empty() && m_timers.begin()->first <= now) {
    const uint64_t serial = m_timers.begin()->second;
    QuicConnection* connection = find(serial);
    setTimer(*connection, kNever); // armed anew when it has sent
    connection->stepTime(now);
  }
  m_processing = outer;
  process();
}

// ---- Datagrams ----

void QuicEndpoint::datagram(const UdpSocket::Received& received) {
  ++m_shared.stats.datagramsReceived;
  m_shared.stats.bytesReceived += received.bytes.size();
  ngtcp2_version_cid header{};
  const int decoded =
      received.cut || received.bytes.empty() || received.from.port() == 0
          ? NGTCP2_ERR_INVALID_ARGUMENT
          : ngtcp2_pkt_decode_version_cid(&header, received.bytes.data(), received.bytes.size(), QuicId::kOwnBytes);
  // The library also reads drafts, which libp2p does not speak; version 0 is a Version Negotiation, for a dialer.
  const bool otherVersion =
      decoded == NGTCP2_ERR_VERSION_NEGOTIATION ||
      (decoded == 0 && isLongHeader(received.bytes) && header.version != 0 && header.version != NGTCP2_PROTO_VER_V1);
  if (otherVersion) {
    negotiateVersion(received, header);
    return;
  }
  if (decoded != 0 || header.dcidlen > QuicId::kMaxBytes) {
    ++m_shared.stats.garbage;
    return;
  }
  const auto found = m_byId.find(QuicId({header.dcid, header.dcidlen}));
  if (found != m_byId.end()) {
    if (QuicConnection* connection = find(found->second)) {
      connection->receive(received);
    }
    return;
  }
  unknown(received, header);
}

void QuicEndpoint::unknown(const UdpSocket::Received& received, const ngtcp2_version_cid& header) {
  const auto closed = m_closed.look(QuicId({header.dcid, header.dcidlen}), steadyNanoseconds());
  if (closed.known) {
    answer(received, closed.repeat);
    return;
  }
  if (isLongHeader(received.bytes)) {
    initial(received);
  } else {
    forgotten(received, header);
  }
}

void QuicEndpoint::initial(const UdpSocket::Received& received) {
  ngtcp2_pkt_hd header{};
  if (!m_listening || received.bytes.size() < kMinInitial ||
      ngtcp2_accept(&header, received.bytes.data(), received.bytes.size()) != 0) {
    ++m_shared.stats.garbage;
    return;
  }
  ngtcp2_cid original{};
  const bool hasToken = header.token.len > 0 && header.token.len <= kMaxInitialTokenBytes &&
                        header.token.base[0] == NGTCP2_CRYPTO_TOKEN_MAGIC_RETRY;
  if (hasToken) {
    if (ngtcp2_crypto_verify_retry_token(&original, header.token.base, header.token.len, m_shared.tokenSecret.data(),
                                         m_shared.tokenSecret.size(), header.version, received.from.data(),
                                         received.from.size(), &header.dcid, kRetryTokenLife,
                                         steadyNanoseconds()) != 0) {
      ++m_shared.stats.badTokens;
      refuse(received, header, NGTCP2_INVALID_TOKEN);
      return;
    }
  } else if (m_shared.gate.underLoad()) {
    sendRetry(received, header);
    return;
  }
  const Multiaddr remote = received.from.quicAddress();
  if (!m_shared.gate.handshakeMayBegin(remote)) {
    ++m_shared.stats.handshakesRefused;
    refuse(received, header, NGTCP2_CONNECTION_REFUSED);
    return;
  }
  ++m_shared.stats.handshakesBegun;
  auto connection = QuicConnection::accept(*this, received.to, received.from, header, hasToken ? &original : nullptr);
  if (!connection) {
    m_shared.gate.handshakeOver(remote);
    ++m_shared.stats.handshakesFailed;
    return;
  }
  QuicConnection& accepted = *connection;
  m_pending.emplace(accepted.serial(), Pending{std::move(connection), nullptr, remote});
  accepted.receive(received);
}

void QuicEndpoint::sendRetry(const UdpSocket::Received& received, const ngtcp2_pkt_hd& header) {
  std::array<uint8_t, NGTCP2_CRYPTO_MAX_RETRY_TOKENLEN> token{};
  std::array<uint8_t, kMaxPacket> packet{};
  ngtcp2_cid retryId{};
  retryId.datalen = QuicId::kOwnBytes;
  if (RAND_bytes(retryId.data, static_cast<int>(retryId.datalen)) != 1) {
    return;
  }
  const auto tokenSize = ngtcp2_crypto_generate_retry_token(
      token.data(), m_shared.tokenSecret.data(), m_shared.tokenSecret.size(), header.version, received.from.data(),
      received.from.size(), &retryId, &header.dcid, steadyNanoseconds());
  if (tokenSize < 0) {
    return;
  }
  const auto size = ngtcp2_crypto_write_retry(packet.data(), packet.size(), header.version, &header.scid, &retryId,
                                              &header.dcid, token.data(), static_cast<size_t>(tokenSize));
  if (size > 0) {
    ++m_shared.stats.retries;
    answer(received, std::span(packet).first(static_cast<size_t>(size)));
  }
}

void QuicEndpoint::refuse(const UdpSocket::Received& received, const ngtcp2_pkt_hd& header, uint64_t code) {
  std::array<uint8_t, kMaxPacket> packet{};
  const auto size = ngtcp2_crypto_write_connection_close(packet.data(), packet.size(), header.version, &header.scid,
                                                         &header.dcid, code, nullptr, 0);
  if (size > 0) {
    answer(received, std::span(packet).first(static_cast<size_t>(size)));
  }
}

void QuicEndpoint::negotiateVersion(const UdpSocket::Received& received, const ngtcp2_version_cid& header) {
  if (!m_listening || received.bytes.size() < kMinInitial) {
    ++m_shared.stats.garbage;
    return;
  }
  constexpr std::array<uint32_t, 2> versions{NGTCP2_PROTO_VER_V1, kGreaseVersion};
  std::array<uint8_t, kMaxPacket> packet{};
  uint8_t unused = 0;
  RAND_bytes(&unused, 1);
  const auto size =
      ngtcp2_pkt_write_version_negotiation(packet.data(), packet.size(), unused, header.scid, header.scidlen,
                                           header.dcid, header.dcidlen, versions.data(), versions.size());
  if (size > 0) {
    ++m_shared.stats.versionNegotiations;
    answer(received, std::span(packet).first(static_cast<size_t>(size)));
  }
}

void QuicEndpoint::forgotten(const UdpSocket::Received& received, const ngtcp2_version_cid& header) {
  const auto bytes = received.bytes;
  if (bytes.size() >= NGTCP2_STATELESS_RESET_TOKENLEN + NGTCP2_MIN_STATELESS_RESET_RANDLEN) {
    const auto found = m_byResetToken.find(QuicId(bytes.last(NGTCP2_STATELESS_RESET_TOKENLEN)));
    if (found != m_byResetToken.end()) {
      if (QuicConnection* connection = find(found->second)) {
        connection->forgottenByPeer();
      }
      return;
    }
  }
  ++m_shared.stats.garbage;
  const uint64_t second = steadyNanoseconds() / kSecond;
  if (second != m_resetSecond) {
    m_resetSecond = second;
    m_resetsInSecond = 0;
  }
  // The fixed bit says nothing: peers that agreed to may clear it (RFC 9287), and ours do.
  if (bytes.size() < kMinResettable || m_resetsInSecond >= kStatelessResetsPerSecond) {
    return;
  }
  ++m_resetsInSecond;
  ngtcp2_cid id{};
  ngtcp2_cid_init(&id, header.dcid, header.dcidlen);
  const auto token = resetToken(id);
  std::array<uint8_t, kMaxReset - NGTCP2_STATELESS_RESET_TOKENLEN> random{};
  std::array<uint8_t, kMaxReset> packet{};
  if (RAND_bytes(random.data(), random.size()) != 1) {
    return;
  }
  const auto size =
      ngtcp2_pkt_write_stateless_reset(packet.data(), packet.size(), token.data(), random.data(), random.size());
  if (size > 0) {
    ++m_shared.stats.statelessResets;
    answer(received, std::span(packet).first(static_cast<size_t>(size)));
  }
}

void QuicEndpoint::answer(const UdpSocket::Received& received, std::span<const uint8_t> bytes) {
  if (bytes.empty()) {
    return;
  }
  if (m_socket->send(received.to, received.from, 0, bytes, bytes.size()) == UdpSocket::Sent::Done) {
    ++m_shared.stats.datagramsSent;
    m_shared.stats.bytesSent += bytes.size();
  } else {
    ++m_shared.stats.sendFailures; // the peer asks again
  }
}

} // namespace univrs::p2p
