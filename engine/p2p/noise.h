// libp2p's Noise: the XX handshake in which both sides prove with their identity key that the static key is theirs, and
// agree on a stream muxer if both can; then frames. Sans-IO. Specification: libp2p/specs noise/README.md.
#pragma once

#include "engine/base/random.h"
#include "engine/base/result.h"
#include "engine/p2p/noise_xx.h"
#include "engine/p2p/peer_key.h"

#include <string>
#include <vector>

namespace univrs::p2p {

// Our static key, signed once with the node's identity; serves any number of handshakes.
class NoiseKeys {
public:
  NoiseKeys(const Identity& identity, base::Random& random);
  // Nothing only when OpenSSL had no memory.
  [[nodiscard]] const std::optional<NoiseKey>& staticKey() const { return m_static; }
  [[nodiscard]] const base::Bytes& identityKey() const { return m_identityKey; } // encoded PublicKey
  [[nodiscard]] const base::Bytes& signature() const { return m_signature; }

private:
  std::optional<NoiseKey> m_static;
  base::Bytes m_identityKey;
  base::Bytes m_signature;
};

// The frames after the handshake: u16 length, then at most kMaxPlain bytes sealed.
class NoiseTransport {
public:
  static constexpr size_t kMaxPlain = NoiseXX::kMaxMessage - NoiseCipher::kTagBytes;

  NoiseTransport() = default;
  explicit NoiseTransport(NoiseXX::Ciphers ciphers) : m_ciphers(std::move(ciphers)) {}
  // Takes all of `wire`, appends what the whole frames in it hold to `plain`, and keeps the start of the next frame (at
  // most 65,537 bytes). False when a frame is not authentic; `plain` then has those before it, and nothing more may
  // come.
  bool open(std::span<const uint8_t> wire, base::Bytes& plain);
  // Appends `plain`, cut into frames, to `wire`. False when the counters are used up.
  bool seal(std::span<const uint8_t> plain, base::Bytes& wire);

private:
  bool openFrame(std::span<const uint8_t> frame, base::Bytes& plain);
  NoiseXX::Ciphers m_ciphers;
  base::Bytes m_partial;
  bool m_broken = false;
};

class NoiseHandshake {
public:
  // A handshake message with an RSA-8192 key and signature and a few extensions takes about 2.5 kB.
  static constexpr size_t kMaxMessage = 8'192;
  static constexpr size_t kMaxMuxers = 16;      // of the peer's list that are looked at
  static constexpr size_t kMaxMuxerBytes = 128; // longer names are passed over

  // `muxers`: protocol ids we offer in the handshake, best first; empty: none. `expected`: another peer is refused.
  // `keys` must outlive this.
  NoiseHandshake(NoiseXX::Role role, const NoiseKeys& keys, base::Random& random, std::vector<std::string> muxers,
                 std::optional<PeerId> expected);

  struct Step {
    size_t consumed = 0; // bytes of the input that were taken
    base::Bytes send;    // to be sent now; may be empty
    bool done = false;
    bool failed = false; // error(); close
  };
  Step start(); // the initiator's first message; nothing for the responder
  // Bytes after the last handshake message are left for the transport.
  Step feed(std::span<const uint8_t> bytes);

  [[nodiscard]] const PeerKey& remoteKey() const { return m_remoteKey; }
  [[nodiscard]] const PeerId& remote() const { return m_remote; }
  // The muxer both sides offered, by the initiator's preference; empty: agree on one by multistream-select.
  [[nodiscard]] const std::string& muxer() const { return m_muxer; }
  [[nodiscard]] const base::Error& error() const { return m_error; }
  NoiseTransport takeTransport() { return NoiseTransport(m_xx->split()); } // when done, once

private:
  void message(std::span<const uint8_t> bytes, Step& step);
  bool write(std::span<const uint8_t> payload, Step& step);
  bool readPayload(std::span<const uint8_t> payload);
  [[nodiscard]] base::Bytes ownPayload() const;
  void fail(Step& step, base::ErrorCode code, std::string why);

  NoiseXX::Role m_role;
  const NoiseKeys& m_keys;
  std::vector<std::string> m_muxers;
  std::optional<PeerId> m_expected;
  std::optional<NoiseXX> m_xx; // nothing when there was no memory for keys
  base::Bytes m_partial;       // a message that has not arrived whole
  int m_read = 0;              // messages read
  bool m_over = false;
  PeerKey m_remoteKey;
  PeerId m_remote;
  std::string m_muxer;
  base::Error m_error;
};

} // namespace univrs::p2p
