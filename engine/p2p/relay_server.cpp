#include "engine/p2p/relay_server.h"

#include "engine/p2p/protobuf.h"
#include "engine/p2p/relay_session.h"

#include <QTimer>

#include <algorithm>
#include <utility>

namespace univrs::p2p {

class RelayServer::Core final : public RelaySessionOwner,
                                public HostObserver,
                                public std::enable_shared_from_this<RelayServer::Core> {
public:
  Core(Host& host, RelayServerLimits limits, std::function<bool(const PeerId&)> isMember)
      : m_host(host), m_table(limits, std::move(isMember)) {}

  void begin() {
    m_host.addObserver(this);
    ProtocolLimits limits;
    limits.streamsIn = 1'024;
    m_host.handle(kRelayHop, limits, [weak = weak_from_this()](const OpenedStream& opened) {
      const auto core = weak.lock();
      return core ? core->accept(opened) : nullptr;
    });
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { tick(); });
    m_timer.start(std::chrono::duration_cast<std::chrono::milliseconds>(kTick));
  }
  void end() {
    m_timer.stop();
    m_host.unhandle(kRelayHop);
    m_host.removeObserver(this);
    for (const auto& session : std::exchange(m_sessions, {})) {
      session->abort();
    }
  }
  void tick() {
    const auto sessions = m_sessions; // an aborted one leaves the list
    for (const auto& session : sessions) {
      session->tick(m_host.now().steady);
    }
  }
  [[nodiscard]] const RelayTable& table() const { return m_table; }
  [[nodiscard]] uint64_t bytesRelayed() const { return m_bytes; }

  // RelaySessionOwner
  void onRequest(RelaySession& session, std::span<const uint8_t> bytes) override {
    const auto request = parseHop(bytes);
    if (!request) {
      session.answer({HopMessage::Type::Status, {}, {}, {}, RelayStatus::MalformedMessage});
    } else if (request->type == HopMessage::Type::Reserve) {
      reserve(session);
    } else if (request->type == HopMessage::Type::Connect) {
      connect(session, request->peer);
    } else {
      session.answer({HopMessage::Type::Status, {}, {}, {}, RelayStatus::UnexpectedMessage});
    }
  }
  void onCircuitOver(RelaySession& session) override { m_table.end(session.from(), session.to()); }
  void onOver(RelaySession& session) override {
    std::erase_if(m_sessions, [&session](const auto& held) { return held.get() == &session; });
  }
  void onRelayed(uint64_t bytes) override { m_bytes += bytes; }
  [[nodiscard]] base::Monotonic now() const override { return m_host.now().steady; }

private:
  std::unique_ptr<StreamHandler> accept(const OpenedStream& opened) {
    auto session = std::make_shared<RelaySession>(*this, opened.peer, *opened.stream);
    m_sessions.push_back(session);
    return session->hopHandler();
  }

  void reserve(RelaySession& session) {
    const auto& info = session.hopConnection();
    const auto& wall = m_host.now().wall;
    // A place for somebody who is here by a relay would chain circuits.
    const auto granted = info.remote.isRelayed() ? RelayTable::Granted{RelayStatus::PermissionDenied, {}}
                                                 : m_table.reserve(session.from(), info.remote.ip(), wall);
    HopMessage reply{HopMessage::Type::Status, {}, {}, {}, granted.status};
    if (granted.status == RelayStatus::Ok) {
      RelayReservation reservation;
      reservation.expires = uint64_t(granted.until.ms / 1000);
      for (const auto& address : m_host.addresses()) {
        if (!address.isRelayed() && !address.isLoopback() && reservation.addresses.size() < kMaxRelayAddresses) {
          reservation.addresses.push_back(address.withPeer(m_host.id()));
        }
      }
      if (reservation.addresses.empty()) { // on a machine without a network: how the peer reached us
        reservation.addresses.push_back(info.local.withPeer(m_host.id()));
      }
      reservation.voucher = sealVoucher(m_host.identity(), session.from(), reservation.expires);
      reply.reservation = std::move(reservation);
      const auto limit = m_table.limitOf(session.from());
      reply.limit = limit.isNone() ? std::nullopt : std::optional(limit);
    }
    session.answer(reply);
  }

  void connect(RelaySession& session, const PeerId& to) {
    const auto status = session.hopConnection().remote.isRelayed()
                            ? RelayStatus::PermissionDenied
                            : m_table.begin(session.from(), to, m_host.now().wall);
    if (status != RelayStatus::Ok) {
      session.answer({HopMessage::Type::Status, {}, {}, {}, status});
      return;
    }
    session.beginCircuit(to, m_table.limit(session.from(), to));
    OpenOptions options;
    options.dial = false;
    options.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(kAnswerTime);
    m_host.open(to, {kRelayStop}, options, [weak = session.weak_from_this()](const base::Result<OpenedStream>& opened) {
      const auto alive = weak.lock();
      if (alive && opened) {
        alive->stopOpened(*opened->stream);
      } else if (alive) {
        alive->circuitFailed(RelayStatus::ConnectionFailed);
      } else if (opened) {
        opened->stream->reset();
      }
    });
  }

  // HostObserver: a reservation holds as long as its connection.
  void onDisconnected(const ConnectionInfo& info, const base::Error&, bool lastOfPeer) override {
    const auto left = m_host.connectionsTo(info.peer);
    const bool direct =
        std::any_of(left.begin(), left.end(), [](Connection* c) { return !c->info().remote.isRelayed(); });
    if (lastOfPeer || !direct) {
      m_table.forget(info.peer);
    }
  }

  Host& m_host;
  RelayTable m_table;
  std::vector<std::shared_ptr<RelaySession>> m_sessions; // bounded by the protocol's stream limits
  uint64_t m_bytes = 0;
  QTimer m_timer;
};

RelayServer::RelayServer(Host& host, RelayServerLimits limits, std::function<bool(const PeerId&)> isMember)
    : m_core(std::make_shared<Core>(host, limits, std::move(isMember))) {
  m_core->begin();
}

RelayServer::~RelayServer() {
  m_core->end();
}

size_t RelayServer::reservations() const {
  return m_core->table().reservations();
}

size_t RelayServer::circuits() const {
  return m_core->table().circuits();
}

uint64_t RelayServer::bytesRelayed() const {
  return m_core->bytesRelayed();
}

void RelayServer::tick() {
  m_core->tick();
}

} // namespace univrs::p2p
