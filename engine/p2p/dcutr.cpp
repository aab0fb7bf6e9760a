#include "engine/p2p/dcutr.h"

#include "engine/base/log.h"
#include "engine/p2p/framed_stream.h"
#include "engine/p2p/hole_punch.h"

#include <QTimer>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace univrs::p2p {

namespace {
class Talk final : public FramedStream {
public:
  using OnMessage = std::function<void(std::span<const uint8_t>)>;
  Talk(Stream& stream, OnMessage onMessage, std::function<void()> onLost)
      : FramedStream(stream, kMaxDcutrMessage, 2 * kMaxDcutrMessage), m_onMessage(std::move(onMessage)),
        m_onLost(std::move(onLost)) {}
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;
  ~Talk() override { lost(); } // destroyed without onClosed

  void forget() {
    m_onMessage = nullptr;
    m_onLost = nullptr;
  }

private:
  void lost() {
    m_onMessage = nullptr;
    if (const auto onLost = std::exchange(m_onLost, nullptr)) {
      onLost();
    }
  }
  void onMessage(std::span<const uint8_t> message) override {
    if (const auto call = m_onMessage) { // a copy: it may be taken away inside
      call(message);
    }
  }
  void onFault(const base::Error&) override { lost(); }
  void onFinished() override {
    lost();
    finish();
  }
  void onClosed(const base::Error&) override { lost(); }
  OnMessage m_onMessage;
  std::function<void()> m_onLost;
};
} // namespace

class Dcutr::Core final : public HostObserver, public std::enable_shared_from_this<Dcutr::Core> {
public:
  Core(Host& h, bool near) : host(h), nearToo(near) {}
  void begin();
  void end();
  [[nodiscard]] bool isDirect(const PeerId& peer) const {
    const auto all = host.connectionsTo(peer);
    return std::any_of(all.begin(), all.end(), [](const Connection* c) { return !c->info().remote.isRelayed(); });
  }
  [[nodiscard]] std::vector<Multiaddr> seenAt() const;
  void over(Session& session);

  Host& host;
  bool nearToo;
  std::vector<std::shared_ptr<Session>> sessions;
  QObject context; // of calls made later

private:
  [[nodiscard]] bool mayBegin(const PeerId& peer) const;
  std::unique_ptr<StreamHandler> accept(const OpenedStream& opened);
  void onIdentified(const PeerId& peer) override;
  void onConnected(const ConnectionInfo& info, bool firstOfPeer) override;
  void onDisconnected(const ConnectionInfo& info, const base::Error& error, bool lastOfPeer) override;
  std::unordered_map<PeerId, base::Monotonic> m_tried;
};

// One attempt with one peer. Held by the core; what comes later holds it weakly.
class Dcutr::Session : public std::enable_shared_from_this<Dcutr::Session> {
public:
  Session(Core& core, PeerId peer, HolePunch::Side side)
      : m_core(core), m_peer(std::move(peer)), m_punch(side, core.seenAt(), core.nearToo, core.host.random()) {
    m_timer.setSingleShot(true);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { on(HolePunch::Tick{}); });
  }
  ~Session() { leave(); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  [[nodiscard]] const PeerId& peer() const { return m_peer; }
  void begin() { run(m_punch.begin()); }
  void on(const HolePunch::Event& event) { run(m_punch.on(event, m_core.host.now().steady)); }
  std::unique_ptr<StreamHandler> talkOn(Stream& stream) {
    leave();
    auto talk = std::make_unique<Talk>(
        stream,
        [weak = weak_from_this()](std::span<const uint8_t> bytes) {
          const auto alive = weak.lock();
          if (!alive) {
            return;
          }
          if (auto message = parseDcutr(bytes)) {
            alive->on(HolePunch::Received{std::move(*message)});
          } else {
            alive->on(HolePunch::Lost{});
          }
        },
        [weak = weak_from_this()] {
          if (const auto alive = weak.lock()) {
            alive->m_talk = nullptr;
            alive->on(HolePunch::Lost{});
          }
        });
    m_talk = talk.get();
    return talk;
  }

private:
  void run(HolePunch::Effects effects) {
    const auto self = shared_from_this();
    if (effects.open) {
      open();
    }
    if (effects.send && m_talk != nullptr) {
      m_talk->send(encodeDcutr(*effects.send));
    }
    if (effects.finish && m_talk != nullptr) {
      m_talk->forget();
      std::exchange(m_talk, nullptr)->finish();
    }
    for (const Multiaddr& address : effects.punch) {
      m_core.host.punch(address);
    }
    if (!effects.dial.empty()) {
      m_core.host.connectDirectly({m_peer, effects.dial}, [peer = m_peer](const base::Result<ConnectionInfo>& made) {
        base::log::debug("p2p", made ? "a direct connection was made" : "no direct connection was made",
                         {{"peer", peer.text()}, {"why", made ? std::string() : made.error().text()}});
      });
    }
    if (effects.wake) {
      m_timer.start(*effects.wake);
    }
    if (effects.over) {
      m_timer.stop();
      leave();
      m_core.over(*this);
    }
  }
  void open() {
    leave();
    OpenOptions options;
    options.dial = false;
    options.allowLimited = true;
    m_core.host.open(m_peer, {kDcutr}, options, [weak = weak_from_this()](const base::Result<OpenedStream>& opened) {
      const auto alive = weak.lock();
      if (alive && opened) {
        opened->stream->attach(alive->talkOn(*opened->stream));
        alive->on(HolePunch::Opened{});
      } else if (alive) {
        alive->on(HolePunch::Lost{});
      } else if (opened) {
        opened->stream->reset();
      }
    });
  }
  void leave() {
    if (auto* talk = std::exchange(m_talk, nullptr)) {
      talk->forget();
      talk->reset();
    }
  }

  Core& m_core;
  PeerId m_peer;
  HolePunch m_punch;
  Talk* m_talk = nullptr; // belongs to its stream
  QTimer m_timer;
};

void Dcutr::Core::begin() {
  host.addObserver(this);
  ProtocolLimits limits;
  limits.streamsIn = kMaxAtOnce;
  host.handle(kDcutr, limits, [weak = weak_from_this()](const OpenedStream& opened) -> std::unique_ptr<StreamHandler> {
    const auto core = weak.lock();
    return core ? core->accept(opened) : nullptr;
  });
}

void Dcutr::Core::end() {
  host.unhandle(kDcutr);
  host.removeObserver(this);
  sessions.clear();
}

// The addresses our NAT shows, and those of ours that are public.
std::vector<Multiaddr> Dcutr::Core::seenAt() const {
  std::vector<Multiaddr> out;
  const auto add = [&](const std::vector<Multiaddr>& addresses) {
    for (const Multiaddr& a : addresses) {
      if (out.size() < kMaxDcutrAddresses && HolePunch::isUsable(a, nearToo) &&
          std::find(out.begin(), out.end(), a) == out.end()) {
        out.push_back(a);
      }
    }
  };
  add(host.observedAddresses());
  add(host.addresses());
  return out;
}

bool Dcutr::Core::mayBegin(const PeerId& peer) const {
  return sessions.size() < kMaxAtOnce && host.isConnected(peer) && !isDirect(peer) &&
         std::none_of(sessions.begin(), sessions.end(), [&](const auto& s) { return s->peer() == peer; });
}

std::unique_ptr<StreamHandler> Dcutr::Core::accept(const OpenedStream& opened) {
  if (!mayBegin(opened.peer)) {
    return nullptr;
  }
  auto session = std::make_shared<Session>(*this, opened.peer, HolePunch::Side::Invited);
  sessions.push_back(session);
  auto talk = session->talkOn(*opened.stream);
  session->on(HolePunch::Opened{});
  return talk;
}

// Whoever was dialled over the relay invites, once the peer said that it understands.
void Dcutr::Core::onIdentified(const PeerId& peer) {
  const auto all = host.connectionsTo(peer);
  const bool reached = std::any_of(all.begin(), all.end(), [](const Connection* c) {
    return c->info().remote.isRelayed() && c->info().direction == Direction::Inbound;
  });
  if (!reached || !host.peerStore().speaks(peer, kDcutr) || !mayBegin(peer)) {
    return;
  }
  const auto now = host.now().steady;
  const auto tried = m_tried.find(peer);
  if (tried != m_tried.end() && now - tried->second < std::chrono::duration_cast<base::Millis>(kPause)) {
    return;
  }
  if (tried == m_tried.end() && m_tried.size() >= kMaxRemembered) {
    m_tried.erase(std::min_element(m_tried.begin(), m_tried.end(),
                                   [](const auto& a, const auto& b) { return a.second < b.second; }));
  }
  m_tried[peer] = now;
  auto session = std::make_shared<Session>(*this, peer, HolePunch::Side::Inviter);
  sessions.push_back(session);
  session->begin();
}

void Dcutr::Core::onConnected(const ConnectionInfo& info, bool) {
  if (info.remote.isRelayed()) {
    return;
  }
  for (const auto& session : std::vector(sessions)) {
    if (session->peer() == info.peer) {
      base::log::info("network", "a peer behind a relay is connected directly now",
                      {{"peer", info.peer.text()}, {"address", info.remote.text()}});
      session->on(HolePunch::Direct{});
    }
  }
}

void Dcutr::Core::onDisconnected(const ConnectionInfo& info, const base::Error&, bool lastOfPeer) {
  if (lastOfPeer) { // it may come again from elsewhere
    std::erase_if(sessions, [&](const auto& s) { return s->peer() == info.peer; });
    m_tried.erase(info.peer);
  }
}

// Not inside the session's own calls.
void Dcutr::Core::over(Session& session) {
  const auto it =
      std::find_if(sessions.begin(), sessions.end(), [&session](const auto& held) { return held.get() == &session; });
  if (it != sessions.end()) {
    QMetaObject::invokeMethod(
        &context, [held = std::move(*it)] {}, Qt::QueuedConnection);
    sessions.erase(it);
  }
}

Dcutr::Dcutr(Host& host, bool nearToo) : m_core(std::make_shared<Core>(host, nearToo)) {
  m_core->begin();
}

Dcutr::~Dcutr() {
  m_core->end();
}

size_t Dcutr::underWay() const {
  return m_core->sessions.size();
}

} // namespace univrs::p2p
