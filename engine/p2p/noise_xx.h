// The Noise protocol framework's (revision 34) pattern XX as Noise_XX_25519_ChaChaPoly_SHA256: three messages after
// which both sides know each other's static key and share two ciphers. Sans-IO and without libp2p's payloads (noise.h
// has those). Not thread safe.
#pragma once

#include "engine/base/encoding.h"

#include <array>
#include <memory>
#include <optional>
#include <span>

struct evp_cipher_ctx_st;
struct evp_pkey_st;

namespace univrs::p2p {

using NoiseBytes32 = std::array<uint8_t, 32>;

// An X25519 key pair; copies share it.
class NoiseKey {
public:
  // Nothing only when OpenSSL has no memory.
  static std::optional<NoiseKey> fromPrivate(const NoiseBytes32& secret);
  [[nodiscard]] const NoiseBytes32& publicKey() const { return m_public; }
  // The shared secret with `theirs`; nothing when it would be all zero (a point of small order).
  [[nodiscard]] std::optional<NoiseBytes32> agree(const NoiseBytes32& theirs) const;

private:
  NoiseKey() = default;
  std::shared_ptr<evp_pkey_st> m_key;
  NoiseBytes32 m_public{};
};

// A key and its counter (CipherState). Messages must be opened in the order in which they were sealed.
class NoiseCipher {
public:
  static constexpr size_t kTagBytes = 16;

  NoiseCipher();
  explicit NoiseCipher(const NoiseBytes32& key);
  NoiseCipher(NoiseCipher&& other) noexcept;
  NoiseCipher& operator=(NoiseCipher&& other) noexcept;
  ~NoiseCipher();

  // Appends the sealed text and its tag to `out`. False when all counters were used or OpenSSL failed.
  bool seal(std::span<const uint8_t> associated, std::span<const uint8_t> plain, base::Bytes& out);
  // Appends the plain text to `out`. False when `sealed` is not authentic; then `out` and the counter are as before.
  bool open(std::span<const uint8_t> associated, std::span<const uint8_t> sealed, base::Bytes& out);

private:
  bool prepare(bool sealing);
  evp_cipher_ctx_st* m_context = nullptr;
  NoiseBytes32 m_key{};
  uint64_t m_counter = 0;
  int m_mode = -1; // what m_context is set up for: 1 sealing, 0 opening, -1 nothing
};

class NoiseXX {
public:
  enum class Role { Initiator, Responder };
  static constexpr size_t kMaxMessage = 65'535;

  NoiseXX(Role role, NoiseKey staticKey, NoiseKey ephemeralKey, std::span<const uint8_t> prologue = {});
  ~NoiseXX();
  NoiseXX(const NoiseXX&) = delete;
  NoiseXX& operator=(const NoiseXX&) = delete;

  [[nodiscard]] bool isMyTurn() const; // to write
  [[nodiscard]] bool done() const { return m_step == 3 && !m_failed; }
  // Our next message. Nothing out of turn, when it would be too long, and after a failure.
  std::optional<base::Bytes> write(std::span<const uint8_t> payload);
  // The payload of the other's next message. Nothing when the message is not authentic or out of turn: the handshake
  // has failed for good.
  std::optional<base::Bytes> read(std::span<const uint8_t> message);

  [[nodiscard]] const NoiseBytes32& remoteStatic() const { return m_remoteStatic; } // known after its message was read
  [[nodiscard]] const NoiseBytes32& hash() const { return m_hash; }                 // the transcript's, when done
  // When done, once: the ciphers for what we send and what we receive.
  struct Ciphers {
    NoiseCipher send;
    NoiseCipher receive;
  };
  Ciphers split();

private:
  void mixHash(std::span<const uint8_t> data);
  bool mixKey(const std::optional<NoiseBytes32>& secret);
  bool sealAndHash(std::span<const uint8_t> plain, base::Bytes& out);
  std::optional<base::Bytes> openAndHash(std::span<const uint8_t> sealed);
  std::optional<base::Bytes> readStep(std::span<const uint8_t> message);

  Role m_role;
  NoiseKey m_static;
  NoiseKey m_ephemeral;
  NoiseBytes32 m_hash{};
  NoiseBytes32 m_chain{};
  std::optional<NoiseCipher> m_cipher;
  NoiseBytes32 m_remoteStatic{};
  NoiseBytes32 m_remoteEphemeral{};
  int m_step = 0; // messages written and read so far
  bool m_failed = false;
};

} // namespace univrs::p2p
