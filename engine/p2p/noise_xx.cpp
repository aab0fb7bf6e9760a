#include "engine/p2p/noise_xx.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

namespace univrs::p2p {

namespace {
// 32 bytes: taken as the first hash as it stands.
constexpr std::string_view kName = "Noise_XX_25519_ChaChaPoly_SHA256";
static_assert(kName.size() == 32);

NoiseBytes32 hmac(const NoiseBytes32& key, std::span<const uint8_t> data) {
  NoiseBytes32 out{};
  unsigned size = out.size();
  HMAC(EVP_sha256(), key.data(), int(key.size()), data.data(), data.size(), out.data(), &size);
  return out;
}

// Two outputs of Noise's HKDF.
std::pair<NoiseBytes32, NoiseBytes32> derive(const NoiseBytes32& chain, std::span<const uint8_t> material) {
  NoiseBytes32 temporary = hmac(chain, material);
  constexpr std::array<uint8_t, 1> kOne{1};
  const NoiseBytes32 first = hmac(temporary, kOne);
  std::array<uint8_t, 33> more{};
  std::copy(first.begin(), first.end(), more.begin());
  more[32] = 2;
  const NoiseBytes32 second = hmac(temporary, more);
  OPENSSL_cleanse(temporary.data(), temporary.size());
  OPENSSL_cleanse(more.data(), more.size());
  return {first, second};
}

NoiseBytes32 take32(std::span<const uint8_t> bytes) {
  NoiseBytes32 out{};
  std::copy_n(bytes.begin(), out.size(), out.begin());
  return out;
}
} // namespace

std::optional<NoiseKey> NoiseKey::fromPrivate(const NoiseBytes32& secret) {
  NoiseKey key;
  key.m_key.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, secret.data(), secret.size()),
                  [](evp_pkey_st* p) { EVP_PKEY_free(p); });
  size_t size = key.m_public.size();
  if (!key.m_key || EVP_PKEY_get_raw_public_key(key.m_key.get(), key.m_public.data(), &size) != 1) {
    return std::nullopt;
  }
  return key;
}

std::optional<NoiseBytes32> NoiseKey::agree(const NoiseBytes32& theirs) const {
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> other(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, theirs.data(), theirs.size()), EVP_PKEY_free);
  const std::unique_ptr<EVP_PKEY_CTX, void (*)(EVP_PKEY_CTX*)> context(EVP_PKEY_CTX_new(m_key.get(), nullptr),
                                                                       EVP_PKEY_CTX_free);
  NoiseBytes32 secret{};
  size_t size = secret.size();
  // OpenSSL refuses the all-zero result itself.
  if (!other || !context || EVP_PKEY_derive_init(context.get()) != 1 ||
      EVP_PKEY_derive_set_peer(context.get(), other.get()) != 1 ||
      EVP_PKEY_derive(context.get(), secret.data(), &size) != 1 || size != secret.size()) {
    return std::nullopt;
  }
  return secret;
}

NoiseCipher::NoiseCipher() = default;
NoiseCipher::NoiseCipher(const NoiseBytes32& key) : m_context(EVP_CIPHER_CTX_new()), m_key(key) {}

NoiseCipher::NoiseCipher(NoiseCipher&& other) noexcept
    : m_context(std::exchange(other.m_context, nullptr)), m_key(other.m_key), m_counter(other.m_counter),
      m_mode(std::exchange(other.m_mode, -1)) {
  OPENSSL_cleanse(other.m_key.data(), other.m_key.size());
}

NoiseCipher& NoiseCipher::operator=(NoiseCipher&& other) noexcept {
  if (this != &other) {
    std::swap(m_context, other.m_context);
    std::swap(m_key, other.m_key);
    std::swap(m_counter, other.m_counter);
    std::swap(m_mode, other.m_mode);
  }
  return *this;
}

NoiseCipher::~NoiseCipher() {
  EVP_CIPHER_CTX_free(m_context);
  OPENSSL_cleanse(m_key.data(), m_key.size());
}

bool NoiseCipher::prepare(bool sealing) {
  // 2^64-1 is kept for re-keying by the framework, and libp2p does not re-key.
  if (m_context == nullptr || m_counter == std::numeric_limits<uint64_t>::max()) {
    return false;
  }
  std::array<uint8_t, 12> nonce{};
  for (size_t i = 0; i < 8; ++i) {
    nonce[4 + i] = uint8_t(m_counter >> (8 * i));
  }
  const int mode = sealing ? 1 : 0;
  const bool fresh = m_mode != mode; // the key is only expanded when the direction changes, that is once
  m_mode = mode;
  return EVP_CipherInit_ex(m_context, fresh ? EVP_chacha20_poly1305() : nullptr, nullptr,
                           fresh ? m_key.data() : nullptr, nonce.data(), mode) == 1;
}

bool NoiseCipher::seal(std::span<const uint8_t> associated, std::span<const uint8_t> plain, base::Bytes& out) {
  if (plain.size() > NoiseXX::kMaxMessage || associated.size() > NoiseXX::kMaxMessage || !prepare(true)) {
    return false;
  }
  const size_t start = out.size();
  out.resize(start + plain.size() + kTagBytes);
  uint8_t* to = out.data() + start;
  int size = 0;
  const bool ok = (associated.empty() ||
                   EVP_CipherUpdate(m_context, nullptr, &size, associated.data(), int(associated.size())) == 1) &&
                  (plain.empty() || EVP_CipherUpdate(m_context, to, &size, plain.data(), int(plain.size())) == 1) &&
                  EVP_CipherFinal_ex(m_context, to + plain.size(), &size) == 1 &&
                  EVP_CIPHER_CTX_ctrl(m_context, EVP_CTRL_AEAD_GET_TAG, int(kTagBytes), to + plain.size()) == 1;
  if (!ok) {
    out.resize(start);
    return false;
  }
  ++m_counter;
  return true;
}

bool NoiseCipher::open(std::span<const uint8_t> associated, std::span<const uint8_t> sealed, base::Bytes& out) {
  if (sealed.size() < kTagBytes || sealed.size() > NoiseXX::kMaxMessage || associated.size() > NoiseXX::kMaxMessage ||
      !prepare(false)) {
    return false;
  }
  const size_t size = sealed.size() - kTagBytes;
  std::array<uint8_t, kTagBytes> tag{};
  std::copy_n(sealed.begin() + std::ptrdiff_t(size), kTagBytes, tag.begin());
  const size_t start = out.size();
  out.resize(start + size);
  std::array<uint8_t, kTagBytes> none{}; // Final writes nothing for a stream cipher, but wants a place to
  int wrote = 0;
  const bool ok =
      EVP_CIPHER_CTX_ctrl(m_context, EVP_CTRL_AEAD_SET_TAG, int(kTagBytes), tag.data()) == 1 &&
      (associated.empty() ||
       EVP_CipherUpdate(m_context, nullptr, &wrote, associated.data(), int(associated.size())) == 1) &&
      (size == 0 || EVP_CipherUpdate(m_context, out.data() + start, &wrote, sealed.data(), int(size)) == 1) &&
      EVP_CipherFinal_ex(m_context, none.data(), &wrote) == 1;
  if (!ok) {
    out.resize(start);
    return false;
  }
  ++m_counter;
  return true;
}

NoiseXX::NoiseXX(Role role, NoiseKey staticKey, NoiseKey ephemeralKey, std::span<const uint8_t> prologue)
    : m_role(role), m_static(std::move(staticKey)), m_ephemeral(std::move(ephemeralKey)),
      m_hash(take32(base::asBytes(kName))), m_chain(m_hash) {
  mixHash(prologue);
}

NoiseXX::~NoiseXX() {
  OPENSSL_cleanse(m_chain.data(), m_chain.size());
}

void NoiseXX::mixHash(std::span<const uint8_t> data) {
  base::Bytes all(m_hash.begin(), m_hash.end());
  all.insert(all.end(), data.begin(), data.end());
  m_hash = base::sha256(all);
}

bool NoiseXX::mixKey(const std::optional<NoiseBytes32>& secret) {
  if (!secret) {
    return false;
  }
  auto [chain, key] = derive(m_chain, *secret);
  m_chain = chain;
  m_cipher.emplace(key);
  OPENSSL_cleanse(key.data(), key.size());
  return true;
}

bool NoiseXX::sealAndHash(std::span<const uint8_t> plain, base::Bytes& out) {
  const size_t start = out.size();
  if (!m_cipher) {
    out.insert(out.end(), plain.begin(), plain.end());
  } else if (!m_cipher->seal(m_hash, plain, out)) {
    return false;
  }
  mixHash(std::span<const uint8_t>(out).subspan(start));
  return true;
}

std::optional<base::Bytes> NoiseXX::openAndHash(std::span<const uint8_t> sealed) {
  base::Bytes plain;
  if (!m_cipher) {
    plain.assign(sealed.begin(), sealed.end());
  } else if (!m_cipher->open(m_hash, sealed, plain)) {
    return std::nullopt;
  }
  mixHash(sealed);
  return plain;
}

bool NoiseXX::isMyTurn() const {
  return !m_failed && m_step < 3 && (m_step % 2 == 0) == (m_role == Role::Initiator);
}

std::optional<base::Bytes> NoiseXX::write(std::span<const uint8_t> payload) {
  constexpr size_t kOverhead = 32 + 32 + 2 * NoiseCipher::kTagBytes; // of the longest message, the second
  if (!isMyTurn() || payload.size() > kMaxMessage - kOverhead) {
    return std::nullopt;
  }
  base::Bytes out;
  bool ok = true;
  if (m_step < 2) { // e
    const auto& e = m_ephemeral.publicKey();
    out.assign(e.begin(), e.end());
    mixHash(e);
  }
  if (m_step == 1) { // ee, s, es
    ok = mixKey(m_ephemeral.agree(m_remoteEphemeral)) && sealAndHash(m_static.publicKey(), out) &&
         mixKey(m_static.agree(m_remoteEphemeral));
  } else if (m_step == 2) { // s, se
    ok = sealAndHash(m_static.publicKey(), out) && mixKey(m_static.agree(m_remoteEphemeral));
  }
  if (!ok || !sealAndHash(payload, out)) {
    m_failed = true;
    return std::nullopt;
  }
  ++m_step;
  return out;
}

std::optional<base::Bytes> NoiseXX::read(std::span<const uint8_t> message) {
  if (m_failed || m_step >= 3 || isMyTurn() || message.size() > kMaxMessage) {
    m_failed = true;
    return std::nullopt;
  }
  auto payload = readStep(message);
  if (payload) {
    ++m_step;
  } else {
    m_failed = true;
  }
  return payload;
}

std::optional<base::Bytes> NoiseXX::readStep(std::span<const uint8_t> message) {
  constexpr size_t kSealedKey = 32 + NoiseCipher::kTagBytes;
  if (m_step < 2) { // e
    if (message.size() < 32) {
      return std::nullopt;
    }
    m_remoteEphemeral = take32(message);
    mixHash(m_remoteEphemeral);
    message = message.subspan(32);
  }
  if (m_step > 0) { // the second message: ee, s, es; the third: s, se
    if (m_step == 1 && !mixKey(m_ephemeral.agree(m_remoteEphemeral))) {
      return std::nullopt;
    }
    if (message.size() < kSealedKey) {
      return std::nullopt;
    }
    const auto key = openAndHash(message.first(kSealedKey));
    if (!key) {
      return std::nullopt;
    }
    m_remoteStatic = take32(*key);
    message = message.subspan(kSealedKey);
    if (!mixKey(m_ephemeral.agree(m_remoteStatic))) {
      return std::nullopt;
    }
  }
  return openAndHash(message);
}

NoiseXX::Ciphers NoiseXX::split() {
  if (!done()) {
    return {};
  }
  auto [first, second] = derive(m_chain, {});
  Ciphers out;
  if (m_role == Role::Initiator) {
    out = {NoiseCipher(first), NoiseCipher(second)};
  } else {
    out = {NoiseCipher(second), NoiseCipher(first)};
  }
  OPENSSL_cleanse(first.data(), first.size());
  OPENSSL_cleanse(second.data(), second.size());
  OPENSSL_cleanse(m_chain.data(), m_chain.size());
  m_step = 4; // a second split would derive keys from nothing
  return out;
}

} // namespace univrs::p2p
