// Signed envelopes (libp2p RFC 0002) and peer records in them (RFC 0003): addresses a peer vouches for, as identify,
// peer exchange and rendezvous pass them on.
#pragma once

#include "engine/p2p/multiaddr.h"
#include "engine/p2p/peer_key.h"

namespace univrs::p2p {

struct SignedEnvelope {
  PeerKey key;
  base::Bytes payloadType;
  base::Bytes payload;
};

// Opens an envelope whose signature holds for `domain`. At most 64 KiB.
base::Result<SignedEnvelope> openEnvelope(std::span<const uint8_t> encoded, std::string_view domain);
base::Bytes sealEnvelope(const Identity& identity, std::string_view domain, std::span<const uint8_t> payloadType,
                         std::span<const uint8_t> payload);

struct PeerRecord {
  static constexpr size_t kMaxAddresses = 64; // more are left out when read
  PeerId peer;
  uint64_t seq = 0; // grows with every change
  std::vector<Multiaddr> addresses;
};

// Written as go and js do (domain "libp2p-peer-record", type 03 01).
base::Bytes sealPeerRecord(const Identity& identity, uint64_t seq, const std::vector<Multiaddr>& addresses);
// Reads that and the dialect of the RFC's text and rust-libp2p 0.54 (specs/p2p.md 4.7). The signer must be the record's
// peer. Addresses we cannot read are left out.
base::Result<PeerRecord> openPeerRecord(std::span<const uint8_t> encoded);

} // namespace univrs::p2p
