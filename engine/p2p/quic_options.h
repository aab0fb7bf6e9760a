// What may be set about QUIC, and what it counts.
#pragma once

#include "engine/p2p/tls_certificate.h"
#include "engine/p2p/transport.h"

#include <chrono>
#include <cstdint>

namespace univrs::p2p {

struct QuicOptions {
  std::chrono::milliseconds idleTimeout{30'000};
  std::chrono::milliseconds keepAlive{10'000};
  std::chrono::milliseconds inboundHandshake{5'000}; // a handshake that takes longer is given up
  std::chrono::milliseconds dialTimeout = Transport::kDialTimeout;
  std::optional<TlsCertificate> certificate; // shown instead of one made for this transport; an empty one: none
};

// Since the transport was made; over all its sockets.
struct QuicStats {
  uint64_t datagramsReceived = 0, datagramsSent = 0;
  uint64_t bytesReceived = 0, bytesSent = 0;
  uint64_t garbage = 0;             // datagrams that belong to nothing, or that no packet could be read from
  uint64_t versionNegotiations = 0; // sent
  uint64_t retries = 0;             // sent
  uint64_t badTokens = 0;           // Initials whose Retry token was forged, stale or another address's
  uint64_t handshakesBegun = 0;     // inbound
  uint64_t handshakesRefused = 0;   // by the gate
  uint64_t handshakesFailed = 0;    // inbound, begun and not finished
  uint64_t statelessResets = 0;     // sent
  uint64_t sendFailures = 0;        // datagrams the system would not take
};

} // namespace univrs::p2p
