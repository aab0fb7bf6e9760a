// The certificate a libp2p node shows in TLS (QUIC, and TLS over TCP): self-signed, with an extension in which the host
// key vouches for the certificate's key (libp2p TLS specification 1.0). Made and checked with OpenSSL, whatever TLS
// engine carries it.
#pragma once

#include "engine/base/clock.h"
#include "engine/p2p/identity.h"
#include "engine/p2p/peer_key.h"

#include <span>

namespace univrs::p2p {

struct TlsCertificate {
  base::Bytes certificate; // X.509, DER
  base::Bytes privateKey;  // ECDSA P-256, DER; a fresh one, unrelated to the host key
};

// A certificate longer than this is refused unread.
inline constexpr size_t kMaxTlsCertificateBytes = 16'384;

// Fails only when OpenSSL does. Thread safe.
base::Result<TlsCertificate> makeTlsCertificate(const Identity& identity);

// Checks what the other side showed: exactly one certificate, well-formed, valid at `now`, signed by itself, no unknown
// critical extension, the libp2p extension exactly once and its signature by the host key in it. Gives the host key;
// the error's `why` names the first thing that is wrong. Any input is safe; thread safe.
base::Result<PeerKey> verifyTlsCertificates(std::span<const std::span<const uint8_t>> chain, base::Timestamp now);

} // namespace univrs::p2p
