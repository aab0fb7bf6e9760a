#include "engine/p2p/kad_wire.h"

#include "engine/p2p/protobuf.h"

#include <algorithm>
#include <bit>

namespace univrs::p2p {

namespace {
using base::Bytes;
using base::ErrorCode;

base::Error broken(std::string why) {
  return base::makeError(ErrorCode::BadRequest, "a Kademlia message was not understood", std::move(why));
}

Bytes copy(std::span<const uint8_t> data) {
  return {data.begin(), data.end()};
}

// The peer at the end of an address belongs to the entry: another one there means the entry lies or is confused.
std::optional<Multiaddr> addressOf(const PeerId& peer, std::span<const uint8_t> bytes) {
  auto address = Multiaddr::fromBytes(bytes);
  if (!address) {
    return std::nullopt;
  }
  if (const auto named = address->peer()) {
    if (*named != peer) {
      return std::nullopt;
    }
    address = address->withoutPeer();
  }
  return address->empty() ? std::nullopt : std::optional(std::move(address).value());
}

// Nothing when the id cannot be read; `fault` when the message itself is broken.
std::optional<KadPeer> readPeer(std::span<const uint8_t> data, bool& fault) {
  std::span<const uint8_t> id;
  uint64_t connection = 0;
  ProtoReader ids(data); // the id may stand after the addresses, so it is looked for first
  while (const auto field = ids.next()) {
    if (field->isBytes(1)) {
      id = field->data;
    } else if (field->isVarint(3)) {
      connection = field->value;
    }
  }
  if (!ids.ok()) {
    fault = true;
    return std::nullopt;
  }
  auto peer = PeerId::fromBytes(id);
  if (!peer) {
    return std::nullopt;
  }
  KadPeer out;
  out.id = std::move(peer).value();
  out.connection = connection <= 3 ? KadConnection(connection) : KadConnection::NotConnected;
  ProtoReader reader(data);
  while (const auto field = reader.next()) {
    if (field->isBytes(2) && out.addresses.size() < kKadMaxPeerAddresses) {
      if (auto address = addressOf(out.id, field->data);
          address && std::find(out.addresses.begin(), out.addresses.end(), *address) == out.addresses.end()) {
        out.addresses.push_back(std::move(*address));
      }
    }
  }
  return out;
}

// An empty answer means the record is broken; `why` says how.
std::optional<KadRecord> readRecord(std::span<const uint8_t> data, std::string& why) {
  KadRecord record;
  ProtoReader reader(data);
  while (const auto field = reader.next()) {
    if (field->isBytes(1)) {
      if (field->data.size() > kKadMaxKeyBytes) {
        why = "its record's key is longer than " + std::to_string(kKadMaxKeyBytes) + " bytes";
        return std::nullopt;
      }
      record.key = copy(field->data);
    } else if (field->isBytes(2)) {
      if (field->data.size() > kKadMaxValueBytes) {
        why = "its record's value is longer than " + std::to_string(kKadMaxValueBytes) + " bytes";
        return std::nullopt;
      }
      record.value = copy(field->data);
    } else if (field->isBytes(5) && field->data.size() <= 64) {
      record.timeReceived = field->text();
    } else if (field->isBytes(666) && field->data.size() <= 64) {
      record.publisher = copy(field->data);
    } else if (field->isVarint(777)) {
      record.ttlSeconds = uint32_t(std::min<uint64_t>(field->value, UINT32_MAX));
    }
  }
  if (!reader.ok()) {
    why = "its record is cut or malformed";
    return std::nullopt;
  }
  return record;
}

ProtoWriter encodePeer(const KadPeer& peer, size_t addresses) {
  ProtoWriter out;
  out.bytes(1, peer.id.bytes());
  for (size_t i = 0; i < addresses; ++i) {
    out.bytes(2, peer.addresses[i].bytes());
  }
  if (peer.connection != KadConnection::NotConnected) {
    out.varint(3, uint64_t(peer.connection));
  }
  return out;
}

constexpr size_t kFieldOverhead = 4; // tag and length of a field below 2 MiB

void appendPeers(ProtoWriter& out, uint32_t field, const std::vector<KadPeer>& peers) {
  for (const KadPeer& peer : peers) {
    size_t addresses = std::min(peer.addresses.size(), kKadMaxPeerAddresses);
    ProtoWriter encoded = encodePeer(peer, addresses);
    while (addresses > 1 && out.out().size() + encoded.out().size() + kFieldOverhead > kKadSoftFrameOut) {
      encoded = encodePeer(peer, --addresses);
    }
    if (out.out().size() + encoded.out().size() + kFieldOverhead > kKadSoftFrameOut) {
      return;
    }
    out.message(field, encoded);
  }
}
} // namespace

base::Result<KadMessage> decodeKad(std::span<const uint8_t> bytes) {
  if (bytes.size() > kKadMaxFrameIn) {
    return broken("it is longer than " + std::to_string(kKadMaxFrameIn) + " bytes");
  }
  KadMessage message;
  bool fault = false;
  ProtoReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->isVarint(1)) {
      if (field->value > uint64_t(KadType::Ping)) {
        return broken("its type " + std::to_string(field->value) + " is unknown");
      }
      message.type = KadType(field->value);
    } else if (field->isBytes(2)) {
      if (field->data.size() > kKadMaxKeyBytes) {
        return broken("its key is longer than " + std::to_string(kKadMaxKeyBytes) + " bytes");
      }
      message.key = copy(field->data);
    } else if (field->isBytes(3)) {
      std::string why;
      message.record = readRecord(field->data, why);
      if (!message.record) {
        return broken(why);
      }
    } else if (field->isBytes(8) || field->isBytes(9)) {
      auto& list = field->number == 8 ? message.closer : message.providers;
      if (list.size() >= (field->number == 8 ? kKadMaxCloser : kKadMaxProviders)) {
        continue;
      }
      if (auto peer = readPeer(field->data, fault)) {
        list.push_back(std::move(*peer));
      }
      if (fault) {
        return broken("a peer in it is cut or malformed");
      }
    }
  }
  if (!reader.ok()) {
    return broken("it is cut or malformed");
  }
  return base::Result<KadMessage>(std::move(message));
}

Bytes encodeKad(const KadMessage& message) {
  ProtoWriter out;
  if (message.type != KadType::PutValue) {
    out.varint(1, uint64_t(message.type));
  }
  if (!message.key.empty()) {
    out.bytes(2, message.key);
  }
  if (const auto& record = message.record) {
    ProtoWriter inner;
    inner.bytes(1, record->key).bytes(2, record->value);
    if (!record->timeReceived.empty()) {
      inner.text(5, record->timeReceived);
    }
    if (!record->publisher.empty()) {
      inner.bytes(666, record->publisher);
    }
    if (record->ttlSeconds != 0) {
      inner.varint(777, record->ttlSeconds);
    }
    out.message(3, inner);
  }
  appendPeers(out, 8, message.closer);
  appendPeers(out, 9, message.providers);
  return out.take();
}

KadPoint kadPoint(std::span<const uint8_t> key) {
  return base::sha256(key);
}

KadPoint kadDistance(const KadPoint& a, const KadPoint& b) {
  KadPoint out;
  for (size_t i = 0; i < out.size(); ++i) {
    out[i] = uint8_t(a[i] ^ b[i]);
  }
  return out;
}

size_t kadCommonPrefix(const KadPoint& a, const KadPoint& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (const auto x = uint8_t(a[i] ^ b[i]); x != 0) {
      return i * 8 + size_t(std::countl_zero(x));
    }
  }
  return a.size() * 8;
}

} // namespace univrs::p2p
