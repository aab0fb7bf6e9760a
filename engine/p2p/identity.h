// A node's identity: an Ed25519 key made once, kept in a file of mode 0600, never regenerated. Its libp2p PeerId is the
// node's id. Also verification of others' signatures.
#pragma once

#include "engine/base/encoding.h"
#include "engine/base/result.h"

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace univrs::p2p {

using PublicKey = std::array<uint8_t, 32>;
using Signature = std::array<uint8_t, 64>;

// "12D3KooW…": base58 of the identity multihash over the protobuf-encoded key (libp2p peer-ids spec).
std::string peerIdOf(const PublicKey& key);
// "did:key:z6Mk…" (multicodec 0xed01, base58btc).
std::string didOf(const PublicKey& key);
// The key inside a PeerId; nothing when it is not an Ed25519 one.
std::optional<PublicKey> publicKeyOfPeerId(std::string_view peerId);
// True when `signature` over `message` is `key`'s. Pure Ed25519 (RFC 8032).
bool verify(const PublicKey& key, std::span<const uint8_t> message, const Signature& signature);

// Movable, not copyable; const methods are thread safe.
class Identity {
public:
  // Reads the key file (PKCS#8 PEM). When there is none, makes one: written to a temporary file, synced, renamed, 0600.
  // A file that is unreadable, damaged, or open to others is an error; it is never replaced.
  static base::Result<Identity> loadOrCreate(const std::string& path);

  Identity(Identity&&) noexcept;
  Identity& operator=(Identity&&) noexcept;
  ~Identity();

  [[nodiscard]] const PublicKey& publicKey() const;
  [[nodiscard]] std::string peerId() const { return peerIdOf(publicKey()); }
  [[nodiscard]] std::string did() const { return didOf(publicKey()); }
  [[nodiscard]] Signature sign(std::span<const uint8_t> message) const;

private:
  struct Impl;
  explicit Identity(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> m_impl;
};

} // namespace univrs::p2p
