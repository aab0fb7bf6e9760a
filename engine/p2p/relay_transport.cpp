#include "engine/p2p/relay_transport.h"

#include "engine/p2p/destroy_later.h"
#include "engine/p2p/framed_stream.h"
#include "engine/p2p/stream_channel.h"

#include <QMetaObject>
#include <QTimer>

#include <algorithm>
#include <list>
#include <utility>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;

base::Error notReached(const std::string& why) {
  return makeError(ErrorCode::Unavailable, "the peer was not reached through a relay", why);
}

// "RELAY/p2p/R/p2p-circuit" of the connection a circuit runs in.
Multiaddr circuitOf(const ConnectionInfo& relay) {
  const auto circuit = Multiaddr::fromText("/p2p-circuit");
  return relay.remote.withPeer(relay.peer).joined(circuit ? *circuit : Multiaddr());
}

// One message is exchanged, then the stream becomes a channel or ends.
class Exchange final : public FramedStream {
public:
  using OnReply = std::function<void(Exchange&, std::span<const uint8_t>)>;
  using OnOver = std::function<void(const base::Error&)>;
  Exchange(Stream& stream, OnReply onReply, OnOver onOver)
      : FramedStream(stream, kMaxRelayMessage, kMaxRelayMessage + kMaxVarintBytes), m_onReply(std::move(onReply)),
        m_onOver(std::move(onOver)) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange() override { over(notReached("the connection to the relay ended")); } // destroyed without onClosed

  // Inside onReply: the stream with what follows, as a channel. This object is destroyed when that call returns.
  std::unique_ptr<ByteChannel> takeChannel() {
    release();
    m_onOver = nullptr;
    return makeStreamChannel(stream());
  }
  // Nobody waits any more.
  void drop() {
    m_onReply = nullptr;
    m_onOver = nullptr;
    reset();
  }

private:
  void onMessage(std::span<const uint8_t> message) override {
    if (const auto onReply = std::exchange(m_onReply, nullptr)) {
      onReply(*this, message);
    } else {
      reset();
    }
  }
  void over(const base::Error& error) {
    m_onReply = nullptr;
    if (const auto onOver = std::exchange(m_onOver, nullptr)) {
      onOver(error);
    }
  }
  void onFault(const base::Error& error) override { over(error); }
  void onFinished() override {
    over(notReached("the relay ended the stream without an answer"));
    reset();
  }
  void onClosed(const base::Error& error) override {
    over(error.what.empty() ? notReached("the relay ended the stream") : error);
  }
  OnReply m_onReply;
  OnOver m_onOver;
};
} // namespace

class RelayTransport::Core : public std::enable_shared_from_this<RelayTransport::Core> {
public:
  Core(Host& h, const base::Clock& clock, std::function<bool(const PeerId&)> ours)
      : host(h), isOurRelay(std::move(ours)), upgrader(h.identity(), clock, h.random()) {}
  Host& host;
  std::function<bool(const PeerId&)> isOurRelay;
  Upgrader upgrader;
  OnConnection onConnection;
  std::list<std::shared_ptr<Inbound>> inbound;
  QObject context; // of calls made later
};

// One dial. Its Handle owns it; everything that comes later holds it weakly.
class RelayTransport::Attempt : public std::enable_shared_from_this<RelayTransport::Attempt> {
public:
  Attempt(std::shared_ptr<Core> core, Multiaddr relay, PeerId relayId, PeerId target, OnDialed done)
      : m_core(std::move(core)), m_relay(std::move(relay)), m_relayId(std::move(relayId)), m_target(std::move(target)),
        m_done(std::move(done)) {}
  ~Attempt() {
    if (m_exchange != nullptr) {
      m_exchange->drop();
    }
  }

  void begin() {
    m_timer.setSingleShot(true);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { end(notReached("it took longer than 10 s")); });
    m_timer.start(std::chrono::duration_cast<std::chrono::milliseconds>(kDialTimeout));
    AddrInfo to{m_relayId, {}};
    if (!m_relay.withoutPeer().empty()) {
      to.addresses.push_back(m_relay.withoutPeer());
    }
    m_core->host.connect(to, [weak = weak_from_this()](const base::Result<ConnectionInfo>& connected) {
      if (const auto alive = weak.lock()) {
        connected ? alive->open() : alive->end(connected.error());
      }
    });
  }
  void fail(const base::Error& error) {
    QMetaObject::invokeMethod(
        &m_core->context,
        [weak = weak_from_this(), error] {
          if (const auto alive = weak.lock()) {
            alive->end(error);
          }
        },
        Qt::QueuedConnection);
  }

private:
  void open() {
    m_core->host.open(m_relayId, {kRelayHop}, {}, [weak = weak_from_this()](const base::Result<OpenedStream>& opened) {
      const auto alive = weak.lock();
      if (alive && opened) {
        alive->ask(*opened->stream);
      } else if (alive) {
        alive->end(opened.error());
      } else if (opened) {
        opened->stream->reset();
      }
    });
  }
  void ask(Stream& stream) {
    auto exchange = std::make_unique<Exchange>(
        stream,
        [weak = weak_from_this()](Exchange& e, std::span<const uint8_t> bytes) {
          if (const auto alive = weak.lock()) {
            alive->answered(e, bytes);
          } else {
            e.reset();
          }
        },
        [weak = weak_from_this()](const base::Error& error) {
          if (const auto alive = weak.lock()) {
            alive->m_exchange = nullptr;
            alive->end(error);
          }
        });
    m_exchange = exchange.get();
    stream.attach(std::move(exchange));
    HopMessage request;
    request.type = HopMessage::Type::Connect;
    request.peer = m_target;
    m_exchange->send(encodeHop(request));
  }
  void answered(Exchange& exchange, std::span<const uint8_t> bytes) {
    m_exchange = nullptr;
    const auto reply = parseHop(bytes);
    if (!reply || reply->type != HopMessage::Type::Status || reply->status != RelayStatus::Ok) {
      exchange.drop();
      end(reply ? notReached(relayStatusText(reply->status)) : reply.error());
      return;
    }
    UpgradeOptions options;
    options.direction = Direction::Outbound;
    options.expected = m_target;
    const auto& relay = exchange.stream().connection().info();
    options.local = relay.local;
    options.remote = circuitOf(relay);
    options.transport = "p2p-circuit";
    options.limited = reply->limit && reply->limit->isTight();
    options.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(kSetUpTime);
    m_upgrade = m_core->upgrader.upgrade(exchange.takeChannel(), std::move(options),
                                         [weak = weak_from_this()](base::Result<std::unique_ptr<Connection>> made) {
                                           if (const auto alive = weak.lock()) {
                                             alive->end(std::move(made));
                                           }
                                         });
  }
  void end(base::Result<std::unique_ptr<Connection>> result) {
    m_timer.stop();
    // The callback may drop the Handle, while the timer or the upgrade is calling us.
    destroyLater(std::make_unique<std::shared_ptr<Attempt>>(weak_from_this().lock()));
    if (auto* exchange = std::exchange(m_exchange, nullptr)) {
      exchange->drop();
    }
    if (const auto done = std::exchange(m_done, nullptr)) {
      done(std::move(result));
    }
  }

  std::shared_ptr<Core> m_core;
  Multiaddr m_relay;
  PeerId m_relayId;
  PeerId m_target;
  OnDialed m_done;
  Exchange* m_exchange = nullptr; // belongs to its stream; null once that is over
  std::unique_ptr<Upgrade> m_upgrade;
  QTimer m_timer;
};

class RelayTransport::Handle final : public Dial {
public:
  explicit Handle(std::shared_ptr<Attempt> attempt) : m_attempt(std::move(attempt)) {}

private:
  std::shared_ptr<Attempt> m_attempt;
};

// One circuit that a relay brings. Held by the core's list until it is a connection or failed.
class RelayTransport::Inbound : public std::enable_shared_from_this<RelayTransport::Inbound> {
public:
  explicit Inbound(const std::shared_ptr<Core>& core) : m_core(core) {}
  ~Inbound() {
    if (m_exchange != nullptr) {
      m_exchange->drop();
    }
  }

  std::unique_ptr<StreamHandler> begin(Stream& stream) {
    m_timer.setSingleShot(true);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
      if (auto* exchange = std::exchange(m_exchange, nullptr)) {
        exchange->drop();
      }
      over();
    });
    m_timer.start(std::chrono::duration_cast<std::chrono::milliseconds>(kSetUpTime));
    auto exchange = std::make_unique<Exchange>(
        stream,
        [weak = weak_from_this()](Exchange& e, std::span<const uint8_t> bytes) {
          if (const auto alive = weak.lock()) {
            alive->asked(e, bytes);
          } else {
            e.reset();
          }
        },
        [weak = weak_from_this()](const base::Error&) {
          if (const auto alive = weak.lock()) {
            alive->m_exchange = nullptr;
            alive->over();
          }
        });
    m_exchange = exchange.get();
    return exchange;
  }

private:
  void asked(Exchange& exchange, std::span<const uint8_t> bytes) {
    m_exchange = nullptr;
    m_timer.stop(); // the upgrade has a time of its own
    const auto core = m_core.lock();
    const auto request = parseStop(bytes);
    const bool isConnect = request && request->type == StopMessage::Type::Connect;
    StopMessage reply;
    reply.type = StopMessage::Type::Status;
    reply.status = !request ? RelayStatus::MalformedMessage : RelayStatus::UnexpectedMessage;
    if (!core || !isConnect) {
      exchange.send(encodeStop(reply));
      exchange.finish();
      over();
      return;
    }
    reply.status = RelayStatus::Ok;
    exchange.send(encodeStop(reply)); // fits any stream's buffer
    UpgradeOptions options;
    options.direction = Direction::Inbound;
    options.expected = request->peer;
    const auto& relay = exchange.stream().connection().info();
    options.local = relay.local;
    options.remote = circuitOf(relay);
    options.transport = "p2p-circuit";
    options.limited = request->limit && request->limit->isTight();
    options.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(kSetUpTime);
    m_upgrade = core->upgrader.upgrade(exchange.takeChannel(), std::move(options),
                                       [weak = weak_from_this()](base::Result<std::unique_ptr<Connection>> made) {
                                         const auto alive = weak.lock();
                                         const auto held = alive ? alive->m_core.lock() : nullptr;
                                         if (!held) {
                                           return;
                                         }
                                         if (made && held->onConnection) {
                                           held->onConnection(std::move(made).value());
                                         }
                                         alive->over();
                                       });
  }
  // May end this object's life once the caller lets go of it; never inside the upgrade's own call.
  void over() {
    const auto core = m_core.lock();
    if (!core) {
      return;
    }
    QMetaObject::invokeMethod(
        &core->context,
        [weak = std::weak_ptr(core), done = weak_from_this()] {
          const auto held = weak.lock();
          const auto self = done.lock();
          if (held && self) {
            std::erase(held->inbound, self);
          }
        },
        Qt::QueuedConnection);
  }

  std::weak_ptr<Core> m_core;
  Exchange* m_exchange = nullptr;
  std::unique_ptr<Upgrade> m_upgrade;
  QTimer m_timer;
};

RelayTransport::RelayTransport(Host& host, const base::Clock& clock, std::function<bool(const PeerId&)> isOurRelay)
    : m_core(std::make_shared<Core>(host, clock, std::move(isOurRelay))) {
  ProtocolLimits limits;
  limits.streamsIn = 256;
  host.handle(kRelayStop, limits,
              [weak = std::weak_ptr(m_core)](const OpenedStream& opened) -> std::unique_ptr<StreamHandler> {
                const auto core = weak.lock();
                if (!core || core->inbound.size() >= kMaxInbound || !core->isOurRelay(opened.peer)) {
                  return nullptr;
                }
                auto inbound = std::make_shared<Inbound>(core);
                core->inbound.push_back(inbound);
                return inbound->begin(*opened.stream);
              });
}

// Not unhandled: the host destroys its transports itself, and the acceptor refuses once this is gone.
RelayTransport::~RelayTransport() {
  m_core->inbound.clear();
}

base::Result<Multiaddr> RelayTransport::listen(const Multiaddr& address) {
  return makeError(ErrorCode::Unsupported, "cannot listen on " + address.text(),
                   "relays are asked for a place, not listened on", "name the relay with --connect");
}

bool RelayTransport::canDial(const Multiaddr& address) const {
  const auto parts = address.splitCircuit();
  return parts && parts->first.peer() && !parts->second.isRelayed() &&
         (parts->second.empty() || (parts->second.parts().size() == 1 && parts->second.peer()));
}

void RelayTransport::setOnConnection(OnConnection callback) {
  m_core->onConnection = std::move(callback);
}

std::unique_ptr<Dial> RelayTransport::dial(const Multiaddr& address, const std::optional<PeerId>& expected,
                                           OnDialed done) {
  const auto parts = address.splitCircuit();
  const auto relay = parts ? parts->first.peer() : std::nullopt;
  const auto named = parts ? parts->second.peer() : std::nullopt;
  const PeerId target = expected ? *expected : named.value_or(PeerId());
  auto attempt = std::make_shared<Attempt>(m_core, parts ? parts->first : Multiaddr(), relay.value_or(PeerId()), target,
                                           std::move(done));
  if (!canDial(address) || target.empty() || (named && *named != target)) {
    attempt->fail(notReached("the address does not say which peer is meant, or names another one"));
  } else if (target == *relay || *relay == m_core->host.id() || target == m_core->host.id()) {
    attempt->fail(notReached("relay and peers must be three different nodes"));
  } else {
    attempt->begin();
  }
  return std::make_unique<Handle>(std::move(attempt));
}

} // namespace univrs::p2p
