// Limits by scope, as go-libp2p's resource manager has them: what the whole node, one peer, one protocol and one
// connection may use at most. Everything a remote side can make us hold is counted here before it is held.
#pragma once

#include "engine/p2p/transport.h"

#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

namespace univrs::p2p {

struct ScopeLimits {
  size_t connectionsIn = 0, connectionsOut = 0, connections = 0;
  size_t streamsIn = 0, streamsOut = 0, streams = 0;
  size_t bytes = 0;
};

struct ResourceLimits {
  ScopeLimits system{512, 512, 768, 8'192, 8'192, 12'288, 256u << 20};
  ScopeLimits peer{8, 8, 12, 256, 256, 384, 48u << 20};
  size_t handshakes = 64;          // inbound, under way at one time
  size_t handshakesPerIp = 16;     // of one IPv4 address or IPv6 /56; loopback and circuits: no limit but the system's
  size_t connectionsPerIp = 32;    // the same, of finished inbound connections
  size_t underLoadHandshakes = 32; // from here on QUIC asks for Retry
};

// Of one protocol; the defaults suit small request protocols.
struct ProtocolLimits {
  size_t streamsIn = 1'024; // in all
  size_t streamsInPerPeer = 32;
};

// One place that is held; given back by its destruction.
class Reservation {
public:
  Reservation() = default;
  explicit Reservation(std::function<void()> giveBack) : m_giveBack(std::move(giveBack)) {}
  Reservation(Reservation&& o) noexcept : m_giveBack(std::exchange(o.m_giveBack, nullptr)) {}
  Reservation& operator=(Reservation&& o) noexcept {
    if (this != &o) {
      release();
      m_giveBack = std::exchange(o.m_giveBack, nullptr);
    }
    return *this;
  }
  ~Reservation() { release(); }
  void release() {
    if (auto f = std::exchange(m_giveBack, nullptr)) {
      f();
    }
  }
  [[nodiscard]] bool held() const { return m_giveBack != nullptr; }

private:
  std::function<void()> m_giveBack;
};

struct ResourceUse {
  size_t connectionsIn = 0, connectionsOut = 0, streamsIn = 0, streamsOut = 0, bytes = 0;
};

// Reservations may outlive it (streams are destroyed late). Refusals are counted by reason, for metrics.
class ResourceManager final : public InboundGate {
public:
  explicit ResourceManager(ResourceLimits limits);

  bool handshakeMayBegin(const Multiaddr& remote) override;
  void handshakeOver(const Multiaddr& remote) override;
  [[nodiscard]] bool underLoad() const override;

  base::Result<Reservation> connection(const PeerId& peer, Direction direction, const Multiaddr& remote);
  base::Result<Reservation> stream(const PeerId& peer, bool inbound);
  base::Result<Reservation> protocolStream(const std::string& protocol, const ProtocolLimits& limits,
                                           const PeerId& peer);
  base::Result<Reservation> bytes(const PeerId& peer, size_t count);

  [[nodiscard]] ResourceUse use() const;
  [[nodiscard]] ResourceUse use(const PeerId& peer) const;
  [[nodiscard]] const std::map<std::string, uint64_t>& refused() const { return m_refused; }

private:
  Reservation reservation(std::function<void()> giveBack);
  base::Error refuse(const std::string& scope, const std::string& why);
  void add(const PeerId& peer, size_t ResourceUse::*counter, size_t count);
  void subtract(const PeerId& peer, size_t ResourceUse::*counter, size_t count);
  ResourceLimits m_limits;
  ResourceUse m_use;
  size_t m_handshakes = 0;
  std::unordered_map<std::string, size_t> m_handshakesByIp;
  std::unordered_map<std::string, size_t> m_connectionsByIp;
  std::unordered_map<PeerId, ResourceUse> m_byPeer;
  std::map<std::string, size_t> m_byProtocol;
  std::map<std::pair<std::string, PeerId>, size_t> m_byProtocolAndPeer;
  std::map<std::string, uint64_t> m_refused;
  std::shared_ptr<int> m_alive = std::make_shared<int>(0); // what reservations look at before they give back
};

} // namespace univrs::p2p
