#include "engine/p2p/signed_envelope.h"

#include "engine/p2p/protobuf.h"

#include <algorithm>
#include <array>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr size_t kMaxEnvelope = 64 * 1024;
// As go and js write it, and as the RFC's text and rust-libp2p 0.54 do.
constexpr std::string_view kRecordDomain = "libp2p-peer-record";
constexpr std::array<uint8_t, 2> kRecordType{0x03, 0x01};
constexpr std::string_view kRfcDomain = "libp2p-routing-state";
constexpr std::string_view kRfcType = "/libp2p/routing-state-record";

base::Error refused(const std::string& why) {
  return makeError(ErrorCode::BadRequest, "a signed record was refused", why);
}

void appendPrefixed(base::Bytes& out, std::span<const uint8_t> bytes) {
  appendVarint(out, bytes.size());
  out.insert(out.end(), bytes.begin(), bytes.end());
}

base::Bytes signedBytes(std::string_view domain, std::span<const uint8_t> type, std::span<const uint8_t> payload) {
  base::Bytes out;
  out.reserve(domain.size() + type.size() + payload.size() + 3 * kMaxVarintBytes);
  appendPrefixed(out, base::asBytes(domain));
  appendPrefixed(out, type);
  appendPrefixed(out, payload);
  return out;
}

struct Fields {
  std::span<const uint8_t> key, type, payload, signature;
};

base::Result<Fields> fieldsOf(std::span<const uint8_t> encoded) {
  if (encoded.size() > kMaxEnvelope) {
    return makeError(ErrorCode::TooLarge, "a signed record was refused", "it is larger than 64 KiB");
  }
  Fields out;
  ProtoReader reader(encoded);
  while (const auto field = reader.next()) {
    if (field->isBytes(1)) {
      out.key = field->data;
    } else if (field->isBytes(2)) {
      out.type = field->data;
    } else if (field->isBytes(3)) {
      out.payload = field->data;
    } else if (field->isBytes(5)) {
      out.signature = field->data;
    }
  }
  if (!reader.ok() || out.key.empty() || out.signature.empty()) {
    return refused("it is not an envelope");
  }
  return out;
}

// The addresses of one AddressInfo message.
void readAddresses(std::span<const uint8_t> info, PeerRecord& record) {
  ProtoReader reader(info);
  while (const auto field = reader.next()) {
    if (!field->isBytes(1) || record.addresses.size() >= PeerRecord::kMaxAddresses) {
      continue;
    }
    const auto address = Multiaddr::fromBytes(field->data);
    const auto at = address ? address->peer() : std::nullopt;
    if (address && (!at || *at == record.peer) && !address->withoutPeer().empty()) {
      record.addresses.push_back(address->withoutPeer());
    }
  }
}
} // namespace

base::Result<SignedEnvelope> openEnvelope(std::span<const uint8_t> encoded, std::string_view domain) {
  const auto fields = fieldsOf(encoded);
  if (!fields) {
    return fields.error();
  }
  auto key = PeerKey::parse(fields->key);
  if (!key) {
    return key.error();
  }
  if (!key->verify(signedBytes(domain, fields->type, fields->payload), fields->signature)) {
    return refused("its signature does not hold");
  }
  return SignedEnvelope{std::move(key).value(),
                        {fields->type.begin(), fields->type.end()},
                        {fields->payload.begin(), fields->payload.end()}};
}

base::Bytes sealEnvelope(const Identity& identity, std::string_view domain, std::span<const uint8_t> payloadType,
                         std::span<const uint8_t> payload) {
  const auto signature = identity.sign(signedBytes(domain, payloadType, payload));
  return ProtoWriter()
      .bytes(1, PeerKey::fromEd25519(identity.publicKey()).encoded())
      .bytes(2, payloadType)
      .bytes(3, payload)
      .bytes(5, signature)
      .take();
}

base::Bytes sealPeerRecord(const Identity& identity, uint64_t seq, const std::vector<Multiaddr>& addresses) {
  ProtoWriter record;
  record.bytes(1, PeerKey::fromEd25519(identity.publicKey()).peerId().bytes());
  if (seq != 0) { // proto3 leaves zeroes out
    record.varint(2, seq);
  }
  const size_t count = std::min(addresses.size(), PeerRecord::kMaxAddresses);
  for (size_t i = 0; i < count; ++i) {
    record.message(3, ProtoWriter().bytes(1, addresses[i].bytes()));
  }
  return sealEnvelope(identity, kRecordDomain, kRecordType, record.out());
}

base::Result<PeerRecord> openPeerRecord(std::span<const uint8_t> encoded) {
  const auto fields = fieldsOf(encoded);
  if (!fields) {
    return fields.error();
  }
  const auto isType = [&fields](std::span<const uint8_t> type) {
    return std::equal(fields->type.begin(), fields->type.end(), type.begin(), type.end());
  };
  const bool isRfc = isType(base::asBytes(kRfcType));
  if (!isRfc && !isType(kRecordType)) {
    return refused("it is not a peer record");
  }
  const auto envelope = openEnvelope(encoded, isRfc ? kRfcDomain : kRecordDomain);
  if (!envelope) {
    return envelope.error();
  }
  PeerRecord record;
  record.peer = envelope->key.peerId();
  bool signedBySelf = false;
  ProtoReader reader(envelope->payload);
  while (const auto field = reader.next()) {
    if (field->isBytes(1)) {
      const auto named = PeerId::fromBytes(field->data);
      signedBySelf = named && *named == record.peer;
    } else if (field->isVarint(2)) {
      record.seq = field->value;
    } else if (field->isBytes(3)) {
      readAddresses(field->data, record);
    }
  }
  if (!reader.ok()) {
    return refused("it is damaged");
  }
  if (!signedBySelf) {
    return refused("it is not signed by the peer it is about");
  }
  return record;
}

} // namespace univrs::p2p
