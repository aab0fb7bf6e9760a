// Multiaddresses: how libp2p writes where a node can be reached ("/ip4/127.0.0.1/udp/9000/quic-v1/p2p/12D3…"), text and
// binary, both ways. Values are checked when an address is made, so a Multiaddr always holds a well-formed one.
#pragma once

#include "engine/base/encoding.h"
#include "engine/base/result.h"
#include "engine/p2p/peer_id.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::p2p {

// Codes of the multiaddr table that we know (specs/p2p.md 4.2). An address with another one is refused.
enum class AddrCode : uint32_t {
  Ip4 = 4,
  Tcp = 6,
  Ip6 = 41,
  Ip6Zone = 42,
  Dns = 53,
  Dns4 = 54,
  Dns6 = 55,
  Dnsaddr = 56,
  Udp = 273,
  P2pCircuit = 290,
  Unix = 400,
  P2p = 421,
  Tls = 448,
  Noise = 454,
  Quic = 460,
  QuicV1 = 461,
  Webtransport = 465,
  Certhash = 466,
  Ws = 477,
  Wss = 478,
  Memory = 777
};

struct AddrPart {
  AddrCode code;
  std::string value; // raw value bytes, without a length prefix: ip4 4 bytes, tcp/udp 2 bytes big-endian, dns the name,
                     // p2p the multihash

  [[nodiscard]] uint16_t port() const; // of Tcp and Udp; 0 otherwise
  auto operator<=>(const AddrPart&) const = default;
};

class Multiaddr {
public:
  static constexpr size_t kMaxBytes = 1024; // of one address, text or binary
  static constexpr size_t kMaxParts = 16;

  Multiaddr() = default; // no address; empty()
  static base::Result<Multiaddr> fromText(std::string_view text);
  static base::Result<Multiaddr> fromBytes(std::span<const uint8_t> bytes);
  // "/ip4/…/udp/PORT/quic-v1" or "/ip4/…/tcp/PORT" of an IP address in text form ("127.0.0.1", "::1").
  static base::Result<Multiaddr> quic(std::string_view ip, uint16_t port);
  static base::Result<Multiaddr> tcp(std::string_view ip, uint16_t port);

  [[nodiscard]] bool empty() const { return m_parts.empty(); }
  [[nodiscard]] std::string text() const;
  [[nodiscard]] base::Bytes bytes() const;
  [[nodiscard]] const std::vector<AddrPart>& parts() const { return m_parts; }
  [[nodiscard]] bool has(AddrCode code) const;
  [[nodiscard]] const AddrPart* find(AddrCode code) const; // the first with this code; null when there is none

  // The IP address at the front in text form; empty when it starts with something else.
  [[nodiscard]] std::string ip() const;
  [[nodiscard]] bool isIp6() const;
  [[nodiscard]] bool isLoopback() const;    // 127/8, ::1
  [[nodiscard]] bool isPrivate() const;     // RFC 1918, RFC 4193, link-local, 100.64/10; loopback is not among them
  [[nodiscard]] bool isUnspecified() const; // 0.0.0.0, ::
  [[nodiscard]] bool isQuicV1() const;      // ip or dns, udp, quic-v1 (whatever follows)
  [[nodiscard]] bool isTcp() const;         // ip or dns, tcp, and no ws/tls after it
  [[nodiscard]] bool isRelayed() const { return has(AddrCode::P2pCircuit); }
  [[nodiscard]] uint16_t port() const; // of the first tcp or udp; 0 when there is none

  // The peer at its end ("…/p2p/X"); nothing when it does not end in one.
  [[nodiscard]] std::optional<PeerId> peer() const;
  [[nodiscard]] Multiaddr withPeer(const PeerId& peer) const; // replaces one at the end
  [[nodiscard]] Multiaddr withoutPeer() const;
  [[nodiscard]] Multiaddr withIp(std::string_view ip) const; // first part replaced; empty address when `ip` is none
  // Of a circuit address "RELAY/p2p-circuit/REST": what stands before and after; nothing when it is none.
  [[nodiscard]] std::optional<std::pair<Multiaddr, Multiaddr>> splitCircuit() const;
  // This address followed by `more`; empty when the whole would pass the limits.
  [[nodiscard]] Multiaddr joined(const Multiaddr& more) const;

  auto operator<=>(const Multiaddr&) const = default;

private:
  std::vector<AddrPart> m_parts;
};

// Where one peer may be. `peer` is absent when whoever answers there will do (bootstrap addresses without /p2p/…).
struct AddrInfo {
  std::optional<PeerId> peer;
  std::vector<Multiaddr> addresses; // without /p2p/ at their end
};

} // namespace univrs::p2p
