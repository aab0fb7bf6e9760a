#include "engine/p2p/autonat_server.h"

#include "engine/base/log.h"
#include "engine/p2p/framed_stream.h"
#include "engine/p2p/quic_transport.h"
#include "engine/p2p/tcp_transport.h"

#include <QObject>

#include <algorithm>
#include <utility>

namespace univrs::p2p {

std::vector<Multiaddr> AutonatGuard::dialable(const std::vector<Multiaddr>& addresses,
                                              const Multiaddr& observed) const {
  const std::string ip = observed.ip();
  std::vector<Multiaddr> out;
  if (ip.empty() || observed.isRelayed() || (!m_nearToo && (observed.isPrivate() || observed.isLoopback()))) {
    return out;
  }
  for (const Multiaddr& given : addresses) {
    const Multiaddr a = given.withoutPeer();
    if (out.size() < kMaxDials && a.ip() == ip && !a.isRelayed() && a.port() != 0 && (a.isQuicV1() || a.isTcp()) &&
        std::find(out.begin(), out.end(), a) == out.end()) {
      out.push_back(a);
    }
  }
  return out;
}

bool AutonatGuard::admit(const PeerId& peer, const std::string& ip, base::Monotonic now) {
  while (!m_served.empty() && now - m_served.front().at >= kWindow) {
    m_served.pop_front();
  }
  const auto ofPeer = std::count_if(m_served.begin(), m_served.end(), [&](const Served& s) { return s.peer == peer; });
  const auto ofIp = std::count_if(m_served.begin(), m_served.end(), [&](const Served& s) { return s.ip == ip; });
  if (m_served.size() >= kInAll || size_t(ofPeer) >= kPerPeer || size_t(ofIp) >= kPerIp) {
    return false;
  }
  m_served.push_back({peer, ip, now});
  return true;
}

class AutonatServer::Core final : public std::enable_shared_from_this<AutonatServer::Core> {
public:
  Core(Host& h, const base::Clock& clock, bool nearToo) : host(h), guard(nearToo) {
    // Transports of their own, which listen nowhere: what they dial leaves from ports of their own.
    if (auto quic = QuicTransport::make(h.identity(), h.resources(), clock)) {
      transports.push_back(std::move(*quic));
    } else {
      base::log::warning("p2p", quic.error().text());
    }
    transports.push_back(std::make_unique<TcpTransport>(h.identity(), clock, h.random(), h.resources()));
  }
  void begin() {
    ProtocolLimits limits;
    limits.streamsIn = AutonatGuard::kInAll;
    host.handle(kAutonat, limits,
                [weak = weak_from_this()](const OpenedStream& opened) -> std::unique_ptr<StreamHandler> {
                  const auto core = weak.lock();
                  return core ? core->accept(opened) : nullptr;
                });
  }
  void end();
  void bury(std::unique_ptr<Connection> connection) {
    reached.push_back(std::move(connection));
    QMetaObject::invokeMethod(
        &context, [this] { reached.clear(); }, Qt::QueuedConnection);
  }
  std::unique_ptr<StreamHandler> accept(const OpenedStream& opened);

  Host& host;
  AutonatGuard guard;
  std::vector<std::unique_ptr<Transport>> transports;
  QObject context;                                  // of calls made later
  std::vector<std::unique_ptr<Connection>> reached; // closed already; destroyed from the event loop, before transports
  std::vector<Request*> requests;                   // each belongs to its stream and leaves when it dies
};

// One stream: a request, the dials it causes, the answer. Ends with its stream; the dials end with it.
class AutonatServer::Request final : public FramedStream {
public:
  Request(const std::shared_ptr<Core>& core, const OpenedStream& opened)
      : FramedStream(*opened.stream, kMaxAutonatMessage, kMaxAutonatMessage), m_core(core), m_peer(opened.peer),
        m_observed(opened.stream->connection().info().remote) {
    core->requests.push_back(this);
  }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;
  ~Request() override {
    if (const auto core = m_core.lock()) {
      std::erase(core->requests, this);
    }
  }
  void giveUp() {
    m_dials.clear();
    reset();
  }

private:
  void onMessage(std::span<const uint8_t> bytes) override {
    const auto core = m_core.lock();
    if (std::exchange(m_asked, true) || !core) {
      reset();
      return;
    }
    const auto request = parseAutonat(bytes);
    if (!request || request->type != AutonatMessage::Type::Dial || request->peer != m_peer) {
      return answer(AutonatStatus::BadRequest, "only one's own addresses are dialled back");
    }
    const auto addresses = core->guard.dialable(request->addresses, m_observed);
    if (addresses.empty()) {
      return answer(AutonatStatus::DialRefused, "none of the addresses has the IP address that this peer comes from");
    }
    if (!core->guard.admit(m_peer, m_observed.ip(), core->host.now().steady)) {
      return answer(AutonatStatus::DialRefused, "too many were asked for lately");
    }
    m_waiting = addresses.size();
    for (const Multiaddr& address : addresses) {
      dial(*core, address);
    }
    if (m_waiting == 0) {
      answer(AutonatStatus::DialError, "no transport dials these addresses");
    }
  }

  void dial(Core& core, const Multiaddr& address) {
    for (const auto& transport : core.transports) {
      if (transport->canDial(address)) {
        m_dials.push_back(
            transport->dial(address, m_peer, [this, address](base::Result<std::unique_ptr<Connection>> made) {
              dialled(address, std::move(made));
            }));
        return;
      }
    }
    --m_waiting;
  }

  void dialled(const Multiaddr& address, base::Result<std::unique_ptr<Connection>> made) {
    --m_waiting;
    if (made) {
      (*made)->close(0, "this address can be reached");
      if (const auto core = m_core.lock()) {
        core->bury(std::move(*made));
      }
      answer(AutonatStatus::Ok, {}, address);
    } else if (m_waiting == 0) {
      answer(AutonatStatus::DialError, made.error().text());
    }
  }

  void answer(AutonatStatus status, const std::string& text, const Multiaddr& reached = {}) {
    if (std::exchange(m_answered, true)) {
      return;
    }
    AutonatMessage out;
    out.type = AutonatMessage::Type::Response;
    out.status = status;
    out.text = text;
    out.reached = reached;
    send(encodeAutonat(out));
    finish();
  }
  void onFault(const base::Error&) override {}
  void onFinished() override { // the client has said all; the answer may still be on its way
    if (!m_asked) {
      reset();
    }
  }
  void onClosed(const base::Error&) override { m_dials.clear(); }

  std::weak_ptr<Core> m_core;
  PeerId m_peer;
  Multiaddr m_observed;
  bool m_asked = false;
  bool m_answered = false;
  size_t m_waiting = 0;
  std::vector<std::unique_ptr<Dial>> m_dials;
};

void AutonatServer::Core::end() {
  host.unhandle(kAutonat);
  for (Request* request : requests) {
    request->giveUp();
  }
}

std::unique_ptr<StreamHandler> AutonatServer::Core::accept(const OpenedStream& opened) {
  return std::make_unique<Request>(shared_from_this(), opened);
}

AutonatServer::AutonatServer(Host& host, const base::Clock& clock, bool nearToo)
    : m_core(std::make_shared<Core>(host, clock, nearToo)) {
  m_core->begin();
}

AutonatServer::~AutonatServer() {
  m_core->end();
}

} // namespace univrs::p2p
