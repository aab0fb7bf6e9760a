#include "engine/p2p/peer_id.h"

#include "engine/p2p/multibase.h"
#include "engine/p2p/varint.h"

#include <algorithm>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr uint8_t kIdentity = 0x00; // multihash codes
constexpr uint8_t kSha256 = 0x12;
constexpr size_t kSha256Size = 32;
constexpr size_t kMaxInlined = 42; // bytes of a key that stands in the id itself (peer-ids spec)
constexpr size_t kMaxText = 256;
constexpr uint64_t kCidVersion = 1;
constexpr uint64_t kLibp2pKey = 0x72; // multicodec libp2p-key

base::Error notAnId(const std::string& why) {
  return makeError(ErrorCode::BadRequest, "this is not a peer id", why, "peer ids look like 12D3KooW…");
}
} // namespace

base::Result<PeerId> PeerId::fromBytes(std::span<const uint8_t> multihash) {
  if (multihash.size() < 3) {
    return notAnId("it is too short");
  }
  const size_t size = multihash[1];
  const bool inlined = multihash[0] == kIdentity && size <= kMaxInlined;
  const bool hashed = multihash[0] == kSha256 && size == kSha256Size;
  if ((!inlined && !hashed) || multihash.size() != size + 2) {
    return notAnId("it is neither a SHA-256 hash nor a short key");
  }
  PeerId id;
  id.m_bytes.assign(multihash.begin(), multihash.end());
  return id;
}

base::Result<PeerId> PeerId::fromText(std::string_view text) {
  if (text.empty() || text.size() > kMaxText) {
    return notAnId(text.empty() ? "it is empty" : "it is longer than 256 characters");
  }
  if (text.starts_with('1') || text.starts_with("Qm")) {
    const auto bytes = base::fromBase58(text);
    return bytes ? fromBytes(*bytes) : notAnId("it is not base58 text");
  }
  const auto cid = text.starts_with('b') || text.starts_with('z') ? fromMultibase(text) : std::nullopt;
  if (!cid) {
    return notAnId("it is neither base58 nor a CID");
  }
  std::span<const uint8_t> rest(*cid);
  for (const uint64_t wanted : {kCidVersion, kLibp2pKey}) {
    const auto number = readVarint(rest);
    if (number.state != Varint::State::Done || number.value != wanted) {
      return notAnId("it is a CID, but not one of a libp2p key");
    }
    rest = rest.subspan(number.size);
  }
  return fromBytes(rest);
}

PeerId PeerId::ofEncodedKey(std::span<const uint8_t> encodedKey) {
  PeerId id;
  if (encodedKey.size() <= kMaxInlined) {
    id.m_bytes = {char(kIdentity), char(encodedKey.size())};
    id.m_bytes.append(encodedKey.begin(), encodedKey.end());
  } else {
    const auto hash = base::sha256(encodedKey);
    id.m_bytes = {char(kSha256), char(kSha256Size)};
    id.m_bytes.append(hash.begin(), hash.end());
  }
  return id;
}

std::string PeerId::text() const {
  return base::base58(bytes());
}

std::string PeerId::cid() const {
  base::Bytes out;
  appendVarint(out, kCidVersion);
  appendVarint(out, kLibp2pKey);
  out.insert(out.end(), m_bytes.begin(), m_bytes.end());
  return m_bytes.empty() ? std::string() : multibase32(out);
}

std::span<const uint8_t> PeerId::inlinedKey() const {
  return !m_bytes.empty() && uint8_t(m_bytes[0]) == kIdentity ? bytes().subspan(2) : std::span<const uint8_t>();
}

} // namespace univrs::p2p
