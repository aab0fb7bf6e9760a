#include "engine/p2p/tcp_transport.h"

#include "engine/p2p/destroy_later.h"
#include "engine/p2p/tcp_channel.h"

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <algorithm>
#include <utility>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr int kBacklog = 128;                          // connections the system holds for us
constexpr int kMaxPending = 128;                       // accepted by Qt and not handed on yet
constexpr std::chrono::milliseconds kAcceptPause{500}; // after accept() failed (no descriptors left)

// "/ip4/…/tcp/PORT" and nothing after it but perhaps "/p2p/…".
bool isPlainTcp(const Multiaddr& address) {
  const auto& parts = address.parts();
  return !address.ip().empty() && parts.size() >= 2 && parts[1].code == AddrCode::Tcp &&
         (parts.size() == 2 || (parts.size() == 3 && parts[2].code == AddrCode::P2p));
}

Multiaddr addressOf(QHostAddress host, quint16 port) {
  // Not by toIPv4Address() alone, for which :: is 0.0.0.0 as well.
  static const QHostAddress kMapped(QStringLiteral("::ffff:0:0"));
  if (host.protocol() == QAbstractSocket::IPv6Protocol && host.isInSubnet(kMapped, 96)) {
    host = QHostAddress(host.toIPv4Address());
  }
  host.setScopeId(QString()); // a multiaddress has none in this place
  return Multiaddr::tcp(host.toString().toStdString(), port).valueOr(Multiaddr());
}
} // namespace

// --- listening

class TcpTransport::Listener {
public:
  explicit Listener(TcpTransport& transport) {
    m_server.setListenBacklogSize(kBacklog);
    m_server.setMaxPendingConnections(kMaxPending);
    QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this, &transport] {
      while (QTcpSocket* socket = m_server.nextPendingConnection()) {
        socket->setParent(nullptr);
        transport.accepted(std::unique_ptr<QTcpSocket>(socket));
      }
    });
    // Qt stops accepting for good then.
    QObject::connect(&m_server, &QTcpServer::acceptError, &m_server,
                     [this] { QTimer::singleShot(kAcceptPause, &m_server, [this] { m_server.resumeAccepting(); }); });
  }
  base::Result<Multiaddr> open(const Multiaddr& address) {
    const QHostAddress host(QString::fromStdString(address.ip()));
    if (!m_server.listen(host, address.port())) {
      return makeError(m_server.serverError() == QAbstractSocket::AddressInUseError ? ErrorCode::Conflict
                                                                                    : ErrorCode::Unavailable,
                       "nothing listens at " + address.text(), m_server.errorString().toStdString(),
                       "choose another port, or 0 for any");
    }
    m_address = addressOf(host, m_server.serverPort());
    return m_address;
  }
  [[nodiscard]] const Multiaddr& address() const { return m_address; }

private:
  QTcpServer m_server;
  Multiaddr m_address;
};

TcpTransport::TcpTransport(const Identity& identity, const base::Clock& clock, base::Random& random, InboundGate& gate,
                           TcpOptions options)
    : m_gate(gate), m_options(options), m_upgrader(identity, clock, random) {}

TcpTransport::~TcpTransport() {
  m_listeners.clear();
  for (const auto& [key, inbound] : m_inbound) {
    m_gate.handshakeOver(inbound.remote);
  }
}

bool TcpTransport::canListen(const Multiaddr& address) const {
  return isPlainTcp(address) && !address.peer();
}

bool TcpTransport::canDial(const Multiaddr& address) const {
  return isPlainTcp(address) && address.port() != 0;
}

base::Result<Multiaddr> TcpTransport::listen(const Multiaddr& address) {
  if (!canListen(address)) {
    return makeError(ErrorCode::Unsupported, "nothing listens at " + address.text(), "it is not a plain TCP address",
                     "write it as /ip4/ADDRESS/tcp/PORT");
  }
  auto listener = std::make_unique<Listener>(*this);
  auto opened = listener->open(address);
  if (opened) {
    m_listeners.push_back(std::move(listener));
  }
  return opened;
}

void TcpTransport::stopListening(const Multiaddr& address) {
  const auto it =
      std::find_if(m_listeners.begin(), m_listeners.end(), [&](const auto& l) { return l->address() == address; });
  if (it != m_listeners.end()) {
    destroyLater(std::move(*it)); // this may be called from a connection it has just given
    m_listeners.erase(it);
  }
}

void TcpTransport::accepted(std::unique_ptr<QTcpSocket> socket) {
  const Multiaddr remote = addressOf(socket->peerAddress(), socket->peerPort());
  if (!m_gate.handshakeMayBegin(remote)) {
    socket->abort();
    destroyLater(std::move(socket));
    return;
  }
  UpgradeOptions options;
  options.direction = Direction::Inbound;
  options.local = addressOf(socket->localAddress(), socket->localPort());
  options.remote = remote;
  options.timeout = m_options.handshakeTimeout;
  const uint64_t key = m_nextInbound++;
  Inbound& inbound = m_inbound[key];
  inbound.remote = remote;
  inbound.upgrade = m_upgrader.upgrade(
      std::make_unique<TcpChannel>(std::move(socket)), std::move(options),
      [this, key](base::Result<std::unique_ptr<Connection>> result) { upgraded(key, std::move(result)); });
}

void TcpTransport::upgraded(uint64_t key, base::Result<std::unique_ptr<Connection>> connection) {
  const auto it = m_inbound.find(key);
  const Inbound inbound = std::move(it->second);
  m_inbound.erase(it);
  m_gate.handshakeOver(inbound.remote);
  if (connection && m_onConnection) {
    m_onConnection(std::move(connection).value());
  }
}

// --- dialling

class TcpTransport::TcpDial final : public Dial {
public:
  TcpDial(Upgrader& upgrader, const Multiaddr& address, std::optional<PeerId> expected, OnDialed done)
      : m_upgrader(upgrader), m_address(address.withoutPeer()), m_expected(std::move(expected)),
        m_done(std::move(done)), m_deadline(std::chrono::steady_clock::now() + kDialTimeout),
        m_socket(std::make_unique<QTcpSocket>()) {
    QObject::connect(
        m_socket.get(), &QTcpSocket::connected, &m_context, [this] { connected(); }, Qt::QueuedConnection);
    QObject::connect(
        m_socket.get(), &QTcpSocket::errorOccurred, &m_context, [this] { failed(m_socket->errorString()); },
        Qt::QueuedConnection);
    QTimer::singleShot(kDialTimeout, &m_context, [this] { failed(QStringLiteral("no answer in time")); });
    m_socket->connectToHost(QHostAddress(QString::fromStdString(m_address.ip())), m_address.port());
  }
  TcpDial(const TcpDial&) = delete;
  TcpDial& operator=(const TcpDial&) = delete;

  ~TcpDial() override {
    if (m_socket) {
      m_socket->disconnect(&m_context);
      m_socket->abort();
      destroyLater(std::move(m_socket));
    }
  }

private:
  void connected() {
    if (!m_socket) {
      return;
    }
    using std::chrono::milliseconds;
    m_socket->disconnect(&m_context);
    UpgradeOptions options;
    options.expected = m_expected;
    options.local = addressOf(m_socket->localAddress(), m_socket->localPort());
    options.remote = m_address;
    options.timeout = std::max(milliseconds(1),
                               std::chrono::duration_cast<milliseconds>(m_deadline - std::chrono::steady_clock::now()));
    m_upgrade = m_upgrader.upgrade(std::make_unique<TcpChannel>(std::move(m_socket)), std::move(options),
                                   [this](base::Result<std::unique_ptr<Connection>> r) { end(std::move(r)); });
  }
  void failed(const QString& why) {
    if (m_socket) {
      end(makeError(ErrorCode::Unavailable, m_address.text() + " cannot be reached", why.toStdString(),
                    "check the address, and that the node there runs"));
    }
  }
  void end(base::Result<std::unique_ptr<Connection>> result) {
    if (m_done) {
      const auto done = std::exchange(m_done, nullptr); // this may be destroyed inside
      done(std::move(result));
    }
  }

  Upgrader& m_upgrader;
  Multiaddr m_address;
  std::optional<PeerId> m_expected;
  OnDialed m_done;
  std::chrono::steady_clock::time_point m_deadline;
  std::unique_ptr<QTcpSocket> m_socket; // until it is connected
  std::unique_ptr<Upgrade> m_upgrade;
  QObject m_context;
};

std::unique_ptr<Dial> TcpTransport::dial(const Multiaddr& address, const std::optional<PeerId>& expected,
                                         OnDialed done) {
  return std::make_unique<TcpDial>(m_upgrader, address, expected, std::move(done));
}

} // namespace univrs::p2p
