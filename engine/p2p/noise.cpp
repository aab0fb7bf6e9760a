#include "engine/p2p/noise.h"

#include "engine/p2p/protobuf.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <string_view>

namespace univrs::p2p {

namespace {
using base::ErrorCode;

constexpr std::string_view kSignedPrefix = "noise-libp2p-static-key:";
constexpr size_t kLengthBytes = 2;

// NoiseHandshakePayload
constexpr uint32_t kIdentityKey = 1;
constexpr uint32_t kIdentitySignature = 2;
constexpr uint32_t kExtensions = 4;
// NoiseExtensions
constexpr uint32_t kStreamMuxers = 2;

std::optional<NoiseKey> newKey(base::Random& random) {
  NoiseBytes32 secret{};
  random.fill(secret);
  auto key = NoiseKey::fromPrivate(secret);
  OPENSSL_cleanse(secret.data(), secret.size());
  return key;
}

base::Bytes signedBytes(const NoiseBytes32& staticKey) {
  base::Bytes out;
  out.reserve(kSignedPrefix.size() + staticKey.size());
  out.insert(out.end(), kSignedPrefix.begin(), kSignedPrefix.end());
  out.insert(out.end(), staticKey.begin(), staticKey.end());
  return out;
}

void appendLength(base::Bytes& out, size_t length) {
  out.push_back(uint8_t(length >> 8));
  out.push_back(uint8_t(length));
}

size_t lengthAt(std::span<const uint8_t> bytes) {
  return size_t(bytes[0]) << 8 | bytes[1];
}
} // namespace

NoiseKeys::NoiseKeys(const Identity& identity, base::Random& random)
    : m_static(newKey(random)), m_identityKey(PeerKey::fromEd25519(identity.publicKey()).encoded()) {
  if (m_static) {
    const auto signature = identity.sign(signedBytes(m_static->publicKey()));
    m_signature.assign(signature.begin(), signature.end());
  }
}

bool NoiseTransport::openFrame(std::span<const uint8_t> frame, base::Bytes& plain) {
  m_broken = !m_ciphers.receive.open({}, frame, plain);
  return !m_broken;
}

bool NoiseTransport::open(std::span<const uint8_t> wire, base::Bytes& plain) {
  if (m_broken) {
    return false;
  }
  while (!m_partial.empty() && !wire.empty()) {
    const size_t want = m_partial.size() < kLengthBytes ? kLengthBytes : kLengthBytes + lengthAt(m_partial);
    const size_t take = std::min(want - m_partial.size(), wire.size());
    m_partial.insert(m_partial.end(), wire.begin(), wire.begin() + std::ptrdiff_t(take));
    wire = wire.subspan(take);
    if (m_partial.size() >= kLengthBytes && m_partial.size() == kLengthBytes + lengthAt(m_partial)) {
      if (!openFrame(std::span<const uint8_t>(m_partial).subspan(kLengthBytes), plain)) {
        return false;
      }
      base::Bytes().swap(m_partial); // an idle connection keeps no room for a frame
    }
  }
  while (wire.size() >= kLengthBytes && wire.size() - kLengthBytes >= lengthAt(wire)) {
    const size_t length = lengthAt(wire);
    if (!openFrame(wire.subspan(kLengthBytes, length), plain)) {
      return false;
    }
    wire = wire.subspan(kLengthBytes + length);
  }
  if (!wire.empty()) {
    if (wire.size() >= kLengthBytes) {
      m_partial.reserve(kLengthBytes + lengthAt(wire));
    }
    m_partial.insert(m_partial.end(), wire.begin(), wire.end());
  }
  return true;
}

bool NoiseTransport::seal(std::span<const uint8_t> plain, base::Bytes& wire) {
  while (!plain.empty()) {
    const size_t take = std::min(plain.size(), kMaxPlain);
    appendLength(wire, take + NoiseCipher::kTagBytes);
    if (!m_ciphers.send.seal({}, plain.first(take), wire)) {
      return false;
    }
    plain = plain.subspan(take);
  }
  return true;
}

NoiseHandshake::NoiseHandshake(NoiseXX::Role role, const NoiseKeys& keys, base::Random& random,
                               std::vector<std::string> muxers, std::optional<PeerId> expected)
    : m_role(role), m_keys(keys), m_muxers(std::move(muxers)), m_expected(std::move(expected)) {
  auto ephemeral = newKey(random);
  if (ephemeral && keys.staticKey()) {
    m_xx.emplace(role, *keys.staticKey(), std::move(*ephemeral));
  }
}

void NoiseHandshake::fail(Step& step, ErrorCode code, std::string why) {
  m_over = true;
  step.failed = true;
  m_error = base::makeError(code, "the Noise handshake failed", std::move(why));
}

NoiseHandshake::Step NoiseHandshake::start() {
  Step step;
  if (!m_xx) {
    fail(step, ErrorCode::Internal, "no memory for keys");
  } else if (m_role == NoiseXX::Role::Initiator) {
    write({}, step);
  }
  return step;
}

bool NoiseHandshake::write(std::span<const uint8_t> payload, Step& step) {
  const auto bytes = m_xx->write(payload);
  if (!bytes) {
    fail(step, ErrorCode::Internal, "the keys of the two sides do not go together");
    return false;
  }
  appendLength(step.send, bytes->size());
  step.send.insert(step.send.end(), bytes->begin(), bytes->end());
  return true;
}

base::Bytes NoiseHandshake::ownPayload() const {
  ProtoWriter payload;
  payload.bytes(kIdentityKey, m_keys.identityKey()).bytes(kIdentitySignature, m_keys.signature());
  if (!m_muxers.empty()) {
    ProtoWriter extensions;
    for (const auto& muxer : m_muxers) {
      extensions.text(kStreamMuxers, muxer);
    }
    payload.message(kExtensions, extensions);
  }
  return payload.take();
}

NoiseHandshake::Step NoiseHandshake::feed(std::span<const uint8_t> bytes) {
  Step step;
  if (!m_xx && !m_over) {
    fail(step, ErrorCode::Internal, "no memory for keys");
  }
  while (!m_over && step.consumed < bytes.size()) {
    const size_t want = m_partial.size() < kLengthBytes ? kLengthBytes : kLengthBytes + lengthAt(m_partial);
    const auto rest = bytes.subspan(step.consumed);
    const size_t take = std::min(want - m_partial.size(), rest.size());
    m_partial.insert(m_partial.end(), rest.begin(), rest.begin() + std::ptrdiff_t(take));
    step.consumed += take;
    if (m_partial.size() < kLengthBytes) {
      continue;
    }
    const size_t length = lengthAt(m_partial);
    if (length > kMaxMessage) {
      fail(step, ErrorCode::TooLarge,
           "a message of " + std::to_string(length) + " bytes was announced; at most " + std::to_string(kMaxMessage) +
               " are allowed");
    } else if (m_partial.size() == kLengthBytes + length) {
      const base::Bytes whole = std::exchange(m_partial, {});
      message(std::span<const uint8_t>(whole).subspan(kLengthBytes), step);
    }
  }
  return step;
}

void NoiseHandshake::message(std::span<const uint8_t> bytes, Step& step) {
  const auto payload = m_xx->read(bytes);
  if (!payload) {
    fail(step, ErrorCode::Unauthorized,
         "message " + std::to_string(m_role == NoiseXX::Role::Initiator ? 2 : m_read * 2 + 1) + " is not authentic");
    return;
  }
  ++m_read;
  if (m_role == NoiseXX::Role::Responder &&
      m_read == 1) { // its payload is empty by the specification; others are ignored
    write(ownPayload(), step);
    return;
  }
  if (!readPayload(*payload)) {
    m_over = true;
    step.failed = true;
    return;
  }
  if (m_role == NoiseXX::Role::Initiator && !write(ownPayload(), step)) {
    return;
  }
  m_over = true;
  step.done = true;
}

// Who the other side is: m_remoteKey, m_remote, m_muxer. False with m_error set when it has not proved it.
bool NoiseHandshake::readPayload(std::span<const uint8_t> payload) {
  const auto refuse = [this](ErrorCode code, std::string why) {
    m_error = base::makeError(code, "the peer was refused", std::move(why));
    return false;
  };
  std::span<const uint8_t> key;
  std::span<const uint8_t> signature;
  std::vector<std::string_view> theirs;
  ProtoReader reader(payload);
  while (const auto field = reader.next()) {
    if (field->isBytes(kIdentityKey)) {
      key = field->data;
    } else if (field->isBytes(kIdentitySignature)) {
      signature = field->data;
    } else if (field->isBytes(kExtensions)) {
      ProtoReader extensions(field->data);
      while (const auto extension = extensions.next()) {
        if (extension->isBytes(kStreamMuxers) && theirs.size() < kMaxMuxers &&
            extension->data.size() <= kMaxMuxerBytes) {
          theirs.push_back(extension->text());
        }
      }
      if (!extensions.ok()) {
        return refuse(ErrorCode::BadRequest, "the extensions in its handshake are damaged");
      }
    }
  }
  if (!reader.ok()) {
    return refuse(ErrorCode::BadRequest, "its handshake payload is damaged");
  }
  auto parsed = PeerKey::parse(key);
  if (!parsed) {
    return refuse(ErrorCode::Unauthorized, "its identity key cannot be used: " + parsed.error().text());
  }
  m_remoteKey = std::move(parsed).value();
  m_remote = m_remoteKey.peerId();
  if (!m_remoteKey.verify(signedBytes(m_xx->remoteStatic()), signature)) {
    return refuse(ErrorCode::Unauthorized, "its identity key did not sign the key it shook hands with");
  }
  if (m_expected && *m_expected != m_remote) {
    m_error = base::makeError(ErrorCode::Forbidden, "another peer answered there",
                              "expected " + m_expected->text() + ", but it is " + m_remote.text(),
                              "check the /p2p/ part of the address");
    return false;
  }
  const auto listed = [](const auto& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  if (m_role == NoiseXX::Role::Initiator) {
    const auto it = std::find_if(m_muxers.begin(), m_muxers.end(), [&](const auto& m) { return listed(theirs, m); });
    m_muxer = it == m_muxers.end() ? std::string() : *it;
  } else {
    const auto it = std::find_if(theirs.begin(), theirs.end(), [&](const auto& m) { return listed(m_muxers, m); });
    m_muxer = it == theirs.end() ? std::string() : std::string(*it);
  }
  return true;
}

} // namespace univrs::p2p
