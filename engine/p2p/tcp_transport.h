// TCP with Noise and yamux: "/ip4/…/tcp/PORT", "/ip6/…/tcp/PORT", listening and dialling.
#pragma once

#include "engine/p2p/transport.h"
#include "engine/p2p/upgrader.h"

#include <unordered_map>

class QHostAddress;
class QTcpSocket;

namespace univrs::p2p {

struct TcpOptions {
  // From accept to authenticated and multiplexed; whoever takes longer is cut off.
  std::chrono::milliseconds handshakeTimeout{10'000};
};

class TcpTransport final : public Transport {
public:
  // All by reference, to outlive this.
  TcpTransport(const Identity& identity, const base::Clock& clock, base::Random& random, InboundGate& gate,
               TcpOptions options = {});
  TcpTransport(const TcpTransport&) = delete;
  TcpTransport& operator=(const TcpTransport&) = delete;
  ~TcpTransport() override;

  [[nodiscard]] bool canListen(const Multiaddr& address) const override;
  [[nodiscard]] bool canDial(const Multiaddr& address) const override;
  base::Result<Multiaddr> listen(const Multiaddr& address) override;
  void stopListening(const Multiaddr& address) override;
  void setOnConnection(OnConnection callback) override { m_onConnection = std::move(callback); }
  std::unique_ptr<Dial> dial(const Multiaddr& address, const std::optional<PeerId>& expected, OnDialed done) override;

private:
  class Listener;
  class TcpDial;
  struct Inbound {
    Multiaddr remote;
    std::unique_ptr<Upgrade> upgrade;
  };
  void accepted(std::unique_ptr<QTcpSocket> socket);
  void upgraded(uint64_t key, base::Result<std::unique_ptr<Connection>> connection);

  InboundGate& m_gate;
  TcpOptions m_options;
  Upgrader m_upgrader;
  OnConnection m_onConnection;
  std::vector<std::unique_ptr<Listener>> m_listeners;
  std::unordered_map<uint64_t, Inbound> m_inbound; // handshakes under way; the gate bounds them
  uint64_t m_nextInbound = 1;
};

} // namespace univrs::p2p
