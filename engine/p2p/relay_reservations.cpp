#include "engine/p2p/relay_reservations.h"

#include "engine/p2p/framed_stream.h"

#include <algorithm>
#include <utility>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr const char* kTag = "relay";

base::Error noPlace(const std::string& why) {
  return makeError(ErrorCode::Unavailable, "no place was reserved at a relay", why);
}

// Sends RESERVE and waits for one answer.
class Asking final : public FramedStream {
public:
  using Done = std::function<void(base::Result<HopMessage>)>;
  Asking(Stream& stream, Done done)
      : FramedStream(stream, kMaxRelayMessage, kMaxRelayMessage), m_done(std::move(done)) {}

private:
  void tell(base::Result<HopMessage> result) {
    if (const auto done = std::exchange(m_done, nullptr)) {
      done(std::move(result));
    }
  }
  void onMessage(std::span<const uint8_t> message) override {
    tell(parseHop(message));
    finish();
  }
  void onFault(const base::Error& error) override { tell(error); }
  void onFinished() override {
    tell(noPlace("the relay ended the stream without an answer"));
    finish();
  }
  void onClosed(const base::Error& error) override { tell(error.what.empty() ? noPlace("the stream ended") : error); }
  Done m_done;
};
} // namespace

void ReservationPlan::granted(base::Millis term, base::Monotonic now) {
  term = std::clamp(term, kShortestTerm, kLongestTerm);
  m_asking = false;
  m_failures = 0;
  m_heldUntil = now + term;
  m_next = now + term * 2 / 3;
}

void ReservationPlan::refused(base::Monotonic now, base::Random& random) {
  m_asking = false;
  const int doublings = std::min(m_failures++, 10);
  const base::Millis pause = std::min(kFirstPause * (1 << doublings), kLongestPause);
  m_next = now + pause / 2 + base::Millis(int64_t(random.below(uint64_t(pause.count()))));
}

void ReservationPlan::lost(base::Monotonic now, base::Random& random) {
  m_heldUntil = {};
  refused(now, random);
}

RelayReservations::RelayReservations(Host& host) : m_host(host) {
  host.addObserver(this);
  QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { tick(); });
  m_timer.start(std::chrono::duration_cast<std::chrono::milliseconds>(kTick));
}

RelayReservations::~RelayReservations() {
  m_host.removeObserver(this);
  setRelays({});
}

RelayReservations::Relay* RelayReservations::find(const PeerId& peer) {
  const auto at =
      std::find_if(m_relays.begin(), m_relays.end(), [&peer](const Relay& r) { return r.info.peer == peer; });
  return at == m_relays.end() ? nullptr : &*at;
}

void RelayReservations::setRelays(const std::vector<AddrInfo>& relays) {
  auto old = std::exchange(m_relays, {});
  for (const auto& info : relays) {
    if (!info.peer || *info.peer == m_host.id() || find(*info.peer) != nullptr || m_relays.size() >= kMaxRelays) {
      continue;
    }
    const auto known = std::find_if(old.begin(), old.end(), [&](const Relay& r) { return r.info.peer == info.peer; });
    if (known == old.end()) {
      m_relays.push_back({info, {}, {}});
    } else {
      m_relays.push_back(std::move(*known));
      m_relays.back().info = info;
      known->info.peer.reset();
    }
  }
  for (const auto& gone : old) {
    if (gone.info.peer) {
      m_host.unprotect(*gone.info.peer, kTag);
    }
  }
  tellHost();
}

bool RelayReservations::isOurRelay(const PeerId& peer) const {
  return std::any_of(m_relays.begin(), m_relays.end(), [&peer](const Relay& r) { return r.info.peer == peer; });
}

std::vector<Multiaddr> RelayReservations::addresses() const {
  std::vector<Multiaddr> out;
  for (const auto& relay : m_relays) {
    out.insert(out.end(), relay.addresses.begin(), relay.addresses.end());
  }
  return out;
}

void RelayReservations::tick() {
  const auto now = m_host.now().steady;
  bool changed = false;
  for (auto& relay : m_relays) {
    if (!relay.addresses.empty() && !relay.plan.isHeld(now)) {
      relay.addresses.clear();
      changed = true;
    }
    if (relay.plan.isDue(now)) {
      ask(relay);
    }
  }
  if (changed) {
    tellHost();
  }
}

void RelayReservations::ask(Relay& relay) {
  relay.plan.asked();
  const PeerId peer = *relay.info.peer;
  const auto done = [this, peer, alive = std::weak_ptr(m_alive)](const base::Result<HopMessage>& reply) {
    if (!alive.expired()) {
      answered(peer, reply);
    }
  };
  m_host.connect(relay.info,
                 [this, peer, done, alive = std::weak_ptr(m_alive)](const base::Result<ConnectionInfo>& connected) {
                   if (alive.expired()) {
                     return;
                   }
                   if (!connected) {
                     done(connected.error());
                     return;
                   }
                   m_host.open(peer, {kRelayHop}, {}, [done](const base::Result<OpenedStream>& opened) {
                     if (!opened) {
                       done(opened.error());
                       return;
                     }
                     auto asking = std::make_unique<Asking>(*opened->stream, done);
                     auto& sender = *asking;
                     opened->stream->attach(std::move(asking));
                     sender.send(encodeHop({}));
                   });
                 });
}

void RelayReservations::answered(const PeerId& peer, const base::Result<HopMessage>& reply) {
  auto* relay = find(peer);
  if (relay == nullptr) {
    return; // given up meanwhile
  }
  const auto now = m_host.now();
  const bool granted = reply && reply->type == HopMessage::Type::Status && reply->status == RelayStatus::Ok &&
                       reply->reservation && m_host.isConnected(peer);
  if (!granted) {
    relay->plan.refused(now.steady, m_host.random());
    return;
  }
  // The relay's clock may be off: only a term that makes sense is believed (ReservationPlan clamps it).
  const auto expires = int64_t(std::min<uint64_t>(reply->reservation->expires, uint64_t(1) << 40)) * 1000;
  relay->plan.granted(base::Millis(expires - now.wall.ms), now.steady);
  m_host.protect(peer, kTag);
  relay->addresses.clear();
  const auto circuit = Multiaddr::fromText("/p2p-circuit");
  const auto add = [&](const Multiaddr& address) {
    const auto at = address.peer();
    // A relay speaks for its own addresses only.
    if (circuit && !address.isRelayed() && (!at || *at == peer) && !address.withoutPeer().empty()) {
      relay->addresses.push_back(address.withPeer(peer).joined(*circuit));
    }
  };
  for (const auto& address : reply->reservation->addresses) {
    add(address);
  }
  if (relay->addresses.empty()) { // go-libp2p names none but public ones: then it is where we found it
    for (const auto& address : relay->info.addresses) {
      add(address);
    }
  }
  std::erase_if(relay->addresses, [](const Multiaddr& a) { return a.empty(); });
  tellHost();
}

void RelayReservations::onDisconnected(const ConnectionInfo& info, const base::Error&, bool lastOfPeer) {
  auto* relay = find(info.peer);
  if (relay == nullptr || !lastOfPeer) {
    return;
  }
  relay->plan.lost(m_host.now().steady, m_host.random());
  relay->addresses.clear();
  m_host.unprotect(info.peer, kTag);
  tellHost();
}

void RelayReservations::tellHost() {
  m_host.setExtraAddresses(kTag, addresses());
}

} // namespace univrs::p2p
