// Public keys of other libp2p nodes, of every type the peer-ids spec names: what a handshake, an envelope or a gossip
// message is checked with. Our own key is always Ed25519 (identity.h).
#pragma once

#include "engine/p2p/identity.h"
#include "engine/p2p/peer_id.h"

#include <optional>

namespace univrs::p2p {

enum class KeyType { Rsa = 0, Ed25519 = 1, Secp256k1 = 2, Ecdsa = 3 };

class PeerKey {
public:
  // Reads an encoded PublicKey message (1 Type, 2 Data). Checks length and form of the key; RSA 1024…8192 bits.
  static base::Result<PeerKey> parse(std::span<const uint8_t> encoded);
  static PeerKey fromEd25519(const PublicKey& key);
  // The key inside the id, for ids that hold one.
  static base::Result<PeerKey> fromPeerId(const PeerId& id);

  [[nodiscard]] KeyType type() const { return m_type; }
  // The message as it is hashed into the PeerId (fields in order, shortest varints).
  [[nodiscard]] base::Bytes encoded() const;
  [[nodiscard]] PeerId peerId() const;
  [[nodiscard]] std::optional<PublicKey> ed25519() const; // the raw key; nothing when it is of another type
  // True when `signature` over `message` is this key's. Ed25519: RFC 8032; RSA: PKCS#1 v1.5 with SHA-256; ECDSA and
  // secp256k1: DER with SHA-256. Any input is safe; thread safe.
  [[nodiscard]] bool verify(std::span<const uint8_t> message, std::span<const uint8_t> signature) const;
  bool operator==(const PeerKey&) const = default;

private:
  KeyType m_type = KeyType::Ed25519;
  base::Bytes m_data;
};

} // namespace univrs::p2p
