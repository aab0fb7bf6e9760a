#include "engine/p2p/quic_transport.h"

#include "engine/p2p/quic_endpoint.h"
#include "engine/p2p/tls_certificate.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr size_t kPunchBytes = 32; // of a datagram that only opens a way; too short to be answered with a reset

bool isUsable(const Multiaddr& address) {
  const auto& parts = address.parts();
  return parts.size() >= 3 && (parts[0].code == AddrCode::Ip4 || parts[0].code == AddrCode::Ip6) &&
         parts[1].code == AddrCode::Udp && parts[2].code == AddrCode::QuicV1 && !address.isRelayed();
}
} // namespace

struct QuicTransport::Impl {
  Impl(InboundGate& gate, const base::Clock& clock, const QuicOptions& options)
      : shared{gate, clock, options, {}, {}, {}, {}, {}} {}

  // The socket to dial `remote` from, and the address of ours it will leave from.
  base::Result<std::pair<QuicEndpoint*, SocketAddress>> endpointFor(const SocketAddress& remote);
  void prune();

  QuicShared shared; // before the endpoints, which use it to their end
  std::vector<std::unique_ptr<QuicEndpoint>> endpoints;
  std::array<std::unique_ptr<QuicEndpoint>, 2> dialOnly; // IPv4, IPv6: for when no listener can reach the address
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
  QObject context;
};

namespace {
// A dial under way; gives it up when destroyed before its end.
class QuicDial final : public Dial {
public:
  struct State {
    Transport::OnDialed done;
    QuicEndpoint* endpoint = nullptr;
    uint64_t serial = 0;
    std::weak_ptr<bool> transport;
  };
  explicit QuicDial(std::shared_ptr<State> state) : m_state(std::move(state)) {}
  ~QuicDial() override {
    const auto done = std::exchange(m_state->done, nullptr);
    if (done && m_state->endpoint != nullptr && !m_state->transport.expired()) {
      m_state->endpoint->abandon(m_state->serial);
    }
  }

private:
  std::shared_ptr<State> m_state;
};
} // namespace

base::Result<std::unique_ptr<QuicTransport>> QuicTransport::make(const Identity& identity, InboundGate& gate,
                                                                 const base::Clock& clock, QuicOptions options) {
  const auto certificate = options.certificate ? base::Result(*options.certificate) : makeTlsCertificate(identity);
  if (!certificate) {
    return certificate.error();
  }
  auto impl = std::make_unique<Impl>(gate, clock, options);
  auto credentials = QuicCredentials::make(*certificate);
  if (!credentials) {
    return credentials.error();
  }
  impl->shared.credentials = std::move(credentials).value();
  // Ed25519 signatures are the same each time: a secret that only this node knows and that outlives the process.
  const Signature signature = identity.sign(base::asBytes("univrs: QUIC stateless reset secret, version 1"));
  impl->shared.resetSecret = base::sha256(signature);
  if (RAND_bytes(impl->shared.tokenSecret.data(), static_cast<int>(impl->shared.tokenSecret.size())) != 1) {
    return makeError(ErrorCode::Internal, "QUIC could not be set up", "the system gives no randomness");
  }
  return std::unique_ptr<QuicTransport>(new QuicTransport(std::move(impl)));
}

QuicTransport::QuicTransport(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

QuicTransport::~QuicTransport() = default;

bool QuicTransport::canListen(const Multiaddr& address) const {
  return isUsable(address) && address.parts().size() == 3;
}

bool QuicTransport::canDial(const Multiaddr& address) const {
  return isUsable(address) && !address.isUnspecified() && address.port() != 0;
}

base::Result<Multiaddr> QuicTransport::listen(const Multiaddr& address) {
  const auto wanted = SocketAddress::fromMultiaddr(address);
  if (!canListen(address) || !wanted) {
    return makeError(ErrorCode::Unsupported, "the address cannot be listened on",
                     address.text() + " is not an IP address with /udp/PORT/quic-v1");
  }
  for (const auto& endpoint : m_impl->endpoints) {
    if (endpoint->local() == *wanted) {
      if (endpoint->isListening()) {
        return makeError(ErrorCode::Conflict, "the address cannot be listened on",
                         address.text() + ": this node listens there already");
      }
      endpoint->setListening(true); // its old connections had kept the socket open
      return endpoint->local().quicAddress();
    }
  }
  auto endpoint = QuicEndpoint::open(m_impl->shared, *wanted);
  if (!endpoint) {
    return endpoint.error();
  }
  QuicEndpoint& opened = *endpoint.value();
  opened.setListening(true);
  opened.setOnIdle([impl = m_impl.get()] {
    QMetaObject::invokeMethod(
        &impl->context, [impl] { impl->prune(); }, Qt::QueuedConnection);
  });
  m_impl->endpoints.push_back(std::move(endpoint).value());
  return opened.local().quicAddress();
}

void QuicTransport::stopListening(const Multiaddr& address) {
  for (const auto& endpoint : m_impl->endpoints) {
    if (endpoint->local().quicAddress() == address) {
      endpoint->setListening(false);
    }
  }
  QMetaObject::invokeMethod(
      &m_impl->context, [impl = m_impl.get()] { impl->prune(); }, Qt::QueuedConnection);
}

void QuicTransport::Impl::prune() {
  std::erase_if(endpoints, [](const auto& endpoint) { return !endpoint->isListening() && endpoint->isIdle(); });
}

void QuicTransport::setOnConnection(OnConnection callback) {
  m_impl->shared.onConnection = std::move(callback);
}

base::Result<std::pair<QuicEndpoint*, SocketAddress>> QuicTransport::Impl::endpointFor(const SocketAddress& remote) {
  auto from = UdpSocket::routeTo(remote);
  if (!from) {
    return from.error();
  }
  QuicEndpoint* best = nullptr;
  for (const auto& endpoint : endpoints) {
    const SocketAddress& bound = endpoint->local();
    if (!endpoint->isListening() || bound.isIp6() != remote.isIp6()) {
      continue;
    }
    if (bound.sameIp(*from) || (bound.isLoopback() && remote.isLoopback())) {
      best = endpoint.get();
      from = bound;
      break;
    }
    if (bound.isAny() && best == nullptr) {
      best = endpoint.get();
    }
  }
  if (best == nullptr) {
    auto& own = dialOnly[remote.isIp6() ? 1 : 0];
    if (!own) {
      auto opened = QuicEndpoint::open(shared, SocketAddress::any(remote.isIp6()));
      if (!opened) {
        return opened.error();
      }
      own = std::move(opened).value();
    }
    best = own.get();
  }
  SocketAddress local = *from;
  local.setPort(best->local().port());
  return std::pair(best, local);
}

std::unique_ptr<Dial> QuicTransport::dial(const Multiaddr& address, const std::optional<PeerId>& expected,
                                          OnDialed done) {
  auto state = std::make_shared<QuicDial::State>();
  state->done = std::move(done);
  state->transport = m_impl->alive;
  const auto finish = [state](base::Result<std::unique_ptr<Connection>> result) {
    if (const auto callback = std::exchange(state->done, nullptr)) {
      callback(std::move(result));
    }
  };
  const auto later = [this, finish](const base::Error& error) {
    QMetaObject::invokeMethod(
        &m_impl->context, [finish, error] { finish(error); }, Qt::QueuedConnection);
  };
  const auto remote = SocketAddress::fromMultiaddr(address);
  if (!canDial(address) || !remote) {
    later(makeError(ErrorCode::Unsupported, "the address cannot be dialed",
                    address.text() + " is not an IP address with /udp/PORT/quic-v1"));
  } else if (const auto found = m_impl->endpointFor(*remote); !found) {
    later(found.error());
  } else {
    state->endpoint = found->first;
    state->serial = found->first->dial(found->second, *remote, expected, finish);
  }
  return std::make_unique<QuicDial>(std::move(state));
}

void QuicTransport::punch(const Multiaddr& address) {
  const auto remote = SocketAddress::fromMultiaddr(address);
  if (!canDial(address) || !remote) {
    return;
  }
  std::array<uint8_t, kPunchBytes> bytes{};
  if (const auto found = m_impl->endpointFor(*remote);
      found && RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1) {
    bytes[0] &= 0x3fu; // neither a long nor a short QUIC header: the receiver drops it unread
    found->first->sendRaw(*remote, bytes);
  }
}

const QuicStats& QuicTransport::stats() const {
  return m_impl->shared.stats;
}

} // namespace univrs::p2p
