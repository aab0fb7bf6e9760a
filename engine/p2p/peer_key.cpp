#include "engine/p2p/peer_key.h"

#include "engine/p2p/protobuf.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <memory>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr size_t kEd25519Size = 32;
constexpr size_t kSecp256k1Size = 33; // compressed
constexpr size_t kMaxDer = 2'048;     // an RSA key of 8192 bits takes about 1050
constexpr int kMinRsaBits = 1'024;
constexpr int kMaxRsaBits = 8'192;

struct FreeKey {
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
};
struct FreeKeyContext {
  void operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
};
struct FreeDigest {
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeKey>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, FreeKeyContext>;
using DigestPtr = std::unique_ptr<EVP_MD_CTX, FreeDigest>;

KeyPtr secp256k1Key(const base::Bytes& point) {
  std::array<char, 10> group{"secp256k1"};
  base::Bytes copy = point; // OSSL_PARAM wants it writable, and only reads it
  std::array<OSSL_PARAM, 3> params{
      OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size() - 1),
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, copy.data(), copy.size()), OSSL_PARAM_construct_end()};
  const KeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.data()) != 1) {
    return nullptr;
  }
  return KeyPtr(key);
}

KeyPtr derKey(const base::Bytes& der) {
  const unsigned char* at = der.data();
  KeyPtr key(d2i_PUBKEY(nullptr, &at, long(der.size())));
  return key && at == der.data() + der.size() ? std::move(key) : nullptr;
}

bool isNamedNistCurve(const EVP_PKEY* key) {
  std::array<char, 32> name{};
  size_t size = 0;
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) {
    return false;
  }
  const std::string_view curve(name.data(), size);
  return curve == SN_X9_62_prime256v1 || curve == SN_secp384r1 || curve == SN_secp521r1;
}

// The key as OpenSSL holds it; null when the data is no key of that type. Not for Ed25519.
KeyPtr openKey(KeyType type, const base::Bytes& data) {
  if (type == KeyType::Secp256k1) {
    return data.size() == kSecp256k1Size && (data[0] == 2 || data[0] == 3) ? secp256k1Key(data) : nullptr;
  }
  if (data.size() > kMaxDer) {
    return nullptr;
  }
  KeyPtr key = derKey(data);
  if (!key) {
    return nullptr;
  }
  if (type == KeyType::Rsa) {
    const int bits = EVP_PKEY_get_bits(key.get());
    const bool fits = EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA && bits >= kMinRsaBits && bits <= kMaxRsaBits;
    return fits ? std::move(key) : nullptr;
  }
  // A curve spelled out by its parameters would let the peer choose what we calculate with.
  return EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_EC && isNamedNistCurve(key.get()) ? std::move(key) : nullptr;
}
} // namespace

base::Result<PeerKey> PeerKey::parse(std::span<const uint8_t> encoded) {
  const auto bad = [](ErrorCode code, const std::string& why) {
    return makeError(code, "a peer's public key was refused", why);
  };
  std::optional<uint64_t> type;
  std::optional<std::span<const uint8_t>> data;
  ProtoReader reader(encoded);
  while (const auto field = reader.next()) {
    if (field->isVarint(1)) {
      type = field->value;
    } else if (field->isBytes(2)) {
      data = field->data;
    }
  }
  if (!reader.ok() || !type || !data) {
    return bad(ErrorCode::BadRequest, "it is not a PublicKey message");
  }
  if (*type > uint64_t(KeyType::Ecdsa)) {
    return bad(ErrorCode::Unsupported, "its type " + std::to_string(*type) + " is not known");
  }
  PeerKey key;
  key.m_type = KeyType(*type);
  key.m_data.assign(data->begin(), data->end());
  const bool whole =
      key.m_type == KeyType::Ed25519 ? data->size() == kEd25519Size : openKey(key.m_type, key.m_data) != nullptr;
  if (!whole) {
    return bad(ErrorCode::BadRequest,
               "it is not a key of the type it names, or of a size or curve that is not allowed");
  }
  return key;
}

PeerKey PeerKey::fromEd25519(const PublicKey& key) {
  PeerKey out;
  out.m_data.assign(key.begin(), key.end());
  return out;
}

base::Result<PeerKey> PeerKey::fromPeerId(const PeerId& id) {
  if (id.inlinedKey().empty()) {
    return makeError(ErrorCode::NotFound, "a peer's public key is not known", "its id holds only a hash of it");
  }
  auto key = parse(id.inlinedKey());
  if (key && key->peerId() != id) { // the same key written another way would be a second name for it
    return makeError(ErrorCode::BadRequest, "a peer's public key was refused", "its id writes it in an unusual way");
  }
  return key;
}

base::Bytes PeerKey::encoded() const {
  return ProtoWriter().varint(1, uint64_t(m_type)).bytes(2, m_data).take();
}

PeerId PeerKey::peerId() const {
  return PeerId::ofEncodedKey(encoded());
}

std::optional<PublicKey> PeerKey::ed25519() const {
  if (m_type != KeyType::Ed25519 || m_data.size() != kEd25519Size) {
    return std::nullopt;
  }
  PublicKey key{};
  std::copy(m_data.begin(), m_data.end(), key.begin());
  return key;
}

bool PeerKey::verify(std::span<const uint8_t> message, std::span<const uint8_t> signature) const {
  if (const auto key = ed25519()) {
    Signature fixed{};
    if (signature.size() != fixed.size()) {
      return false;
    }
    std::copy(signature.begin(), signature.end(), fixed.begin());
    return p2p::verify(*key, message, fixed);
  }
  if (m_data.empty()) { // a default-made key is nobody's
    return false;
  }
  const KeyPtr key = openKey(m_type, m_data);
  const DigestPtr context(EVP_MD_CTX_new());
  if (!key || !context || EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1) {
    return false;
  }
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

} // namespace univrs::p2p
