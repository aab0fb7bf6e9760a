// The name of a libp2p node: the multihash of its public key (libp2p peer-ids spec). A strong type, so that an address,
// a text from outside and a node's id are not mixed up; engine/model keeps it as the text `text()` gives.
#pragma once

#include "engine/base/encoding.h"
#include "engine/base/result.h"

#include <compare>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace univrs::p2p {

class PeerId {
public:
  PeerId() = default; // no peer; empty()

  // From the multihash bytes as they stand on the wire. Accepted: identity (at most 42 bytes of key) and sha2-256, of
  // exact length.
  static base::Result<PeerId> fromBytes(std::span<const uint8_t> multihash);
  // "12D3KooW…", "Qm…" or a CID "bafz…" (multibase base32 or base58btc, codec libp2p-key). At most 256 characters.
  static base::Result<PeerId> fromText(std::string_view text);
  // Of an encoded PublicKey message: identity when it is at most 42 bytes, else its SHA-256.
  static PeerId ofEncodedKey(std::span<const uint8_t> encodedKey);

  [[nodiscard]] bool empty() const { return m_bytes.empty(); }
  [[nodiscard]] std::span<const uint8_t> bytes() const { return base::asBytes(m_bytes); }
  [[nodiscard]] std::string text() const; // base58btc
  [[nodiscard]] std::string cid() const;  // "bafzaa…"
  // The encoded PublicKey inside an identity multihash; empty for hashed ids.
  [[nodiscard]] std::span<const uint8_t> inlinedKey() const;
  auto operator<=>(const PeerId&) const = default;

private:
  friend struct std::hash<PeerId>;
  std::string m_bytes;
};

} // namespace univrs::p2p

template <>
struct std::hash<univrs::p2p::PeerId> {
  size_t operator()(const univrs::p2p::PeerId& id) const noexcept { return std::hash<std::string>()(id.m_bytes); }
};
