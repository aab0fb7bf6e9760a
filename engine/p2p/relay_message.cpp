#include "engine/p2p/relay_message.h"

#include "engine/p2p/protobuf.h"
#include "engine/p2p/signed_envelope.h"

#include <algorithm>
#include <array>
#include <limits>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr std::string_view kVoucherDomain = "libp2p-relay-rsvp";
constexpr std::array<uint8_t, 2> kVoucherType{0x03, 0x02};

base::Error refused(const std::string& why) {
  return makeError(ErrorCode::BadRequest, "a relay's message was refused", why);
}

ProtoWriter peerMessage(const PeerId& peer) {
  return ProtoWriter().bytes(1, peer.bytes());
}

// Empty when there is no valid id in it. Addresses are not used: we never dial on a stranger's word.
PeerId parsePeer(std::span<const uint8_t> bytes) {
  PeerId out;
  ProtoReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->isBytes(1)) {
      out = PeerId::fromBytes(field->data).valueOr(PeerId());
    }
  }
  return reader.ok() ? out : PeerId();
}

ProtoWriter limitMessage(const RelayLimit& limit) {
  ProtoWriter out;
  if (limit.duration.count() > 0) {
    out.varint(1, uint64_t(limit.duration.count()));
  }
  if (limit.data > 0) {
    out.varint(2, limit.data);
  }
  return out;
}

std::optional<RelayLimit> parseLimit(std::span<const uint8_t> bytes) {
  RelayLimit out;
  ProtoReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->isVarint(1)) {
      out.duration = std::chrono::seconds(std::min<uint64_t>(field->value, std::numeric_limits<uint32_t>::max()));
    } else if (field->isVarint(2)) {
      out.data = field->value;
    }
  }
  return reader.ok() ? std::optional(out) : std::nullopt;
}

ProtoWriter reservationMessage(const RelayReservation& reservation) {
  ProtoWriter out;
  out.varint(1, reservation.expires);
  const size_t count = std::min(reservation.addresses.size(), kMaxRelayAddresses);
  for (size_t i = 0; i < count; ++i) {
    out.bytes(2, reservation.addresses[i].bytes());
  }
  if (!reservation.voucher.empty()) {
    out.bytes(3, reservation.voucher);
  }
  return out;
}

std::optional<RelayReservation> parseReservation(std::span<const uint8_t> bytes) {
  RelayReservation out;
  ProtoReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->isVarint(1)) {
      out.expires = field->value;
    } else if (field->isBytes(2) && out.addresses.size() < kMaxRelayAddresses) {
      if (auto address = Multiaddr::fromBytes(field->data)) {
        out.addresses.push_back(std::move(*address));
      }
    } else if (field->isBytes(3)) {
      out.voucher.assign(field->data.begin(), field->data.end());
    }
  }
  return reader.ok() ? std::optional(std::move(out)) : std::nullopt;
}

RelayStatus statusOf(uint64_t value) {
  return RelayStatus(uint32_t(std::min<uint64_t>(value, std::numeric_limits<uint32_t>::max())));
}
} // namespace

std::string relayStatusText(RelayStatus status) {
  switch (status) {
  case RelayStatus::Ok:
    return "the relay agreed";
  case RelayStatus::ReservationRefused:
    return "the relay has no place free";
  case RelayStatus::ResourceLimitExceeded:
    return "the relay carries as much as it may already";
  case RelayStatus::PermissionDenied:
    return "the relay does not serve this peer";
  case RelayStatus::ConnectionFailed:
    return "the relay could not reach the peer";
  case RelayStatus::NoReservation:
    return "the peer has no place reserved at the relay";
  case RelayStatus::MalformedMessage:
  case RelayStatus::UnexpectedMessage:
    return "the relay did not understand the request";
  }
  return "the relay answered with status " + std::to_string(uint32_t(status));
}

base::Bytes encodeHop(const HopMessage& message) {
  ProtoWriter out;
  out.varint(1, uint64_t(message.type));
  if (!message.peer.empty()) {
    out.message(2, peerMessage(message.peer));
  }
  if (message.reservation) {
    out.message(3, reservationMessage(*message.reservation));
  }
  if (message.limit) {
    out.message(4, limitMessage(*message.limit));
  }
  if (message.type == HopMessage::Type::Status) {
    out.varint(5, uint64_t(message.status));
  }
  return out.take();
}

base::Result<HopMessage> parseHop(std::span<const uint8_t> bytes) {
  HopMessage out;
  std::optional<uint64_t> type;
  std::optional<uint64_t> status;
  bool whole = true;
  ProtoReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->isVarint(1)) {
      type = field->value;
    } else if (field->isBytes(2)) {
      out.peer = parsePeer(field->data);
    } else if (field->isBytes(3)) {
      out.reservation = parseReservation(field->data);
      whole = whole && out.reservation;
    } else if (field->isBytes(4)) {
      out.limit = parseLimit(field->data);
      whole = whole && out.limit;
    } else if (field->isVarint(5)) {
      status = field->value;
    }
  }
  if (!reader.ok() || !whole || !type || *type > uint64_t(HopMessage::Type::Status)) {
    return refused("it is not one of the hop protocol");
  }
  out.type = HopMessage::Type(*type);
  if (out.type == HopMessage::Type::Connect && out.peer.empty()) {
    return refused("it names no peer to connect to");
  }
  if (out.type == HopMessage::Type::Status) {
    if (!status) {
      return refused("it is a status without a code");
    }
    out.status = statusOf(*status);
  }
  return out;
}

base::Bytes encodeStop(const StopMessage& message) {
  ProtoWriter out;
  out.varint(1, uint64_t(message.type));
  if (!message.peer.empty()) {
    out.message(2, peerMessage(message.peer));
  }
  if (message.limit) {
    out.message(3, limitMessage(*message.limit));
  }
  if (message.type == StopMessage::Type::Status) {
    out.varint(4, uint64_t(message.status));
  }
  return out.take();
}

base::Result<StopMessage> parseStop(std::span<const uint8_t> bytes) {
  StopMessage out;
  std::optional<uint64_t> type;
  std::optional<uint64_t> status;
  bool whole = true;
  ProtoReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->isVarint(1)) {
      type = field->value;
    } else if (field->isBytes(2)) {
      out.peer = parsePeer(field->data);
    } else if (field->isBytes(3)) {
      out.limit = parseLimit(field->data);
      whole = whole && out.limit;
    } else if (field->isVarint(4)) {
      status = field->value;
    }
  }
  if (!reader.ok() || !whole || !type || *type > uint64_t(StopMessage::Type::Status)) {
    return refused("it is not one of the stop protocol");
  }
  out.type = StopMessage::Type(*type);
  if (out.type == StopMessage::Type::Connect && out.peer.empty()) {
    return refused("it does not say who connects");
  }
  if (out.type == StopMessage::Type::Status) {
    if (!status) {
      return refused("it is a status without a code");
    }
    out.status = statusOf(*status);
  }
  return out;
}

base::Bytes sealVoucher(const Identity& relay, const PeerId& peer, uint64_t expires) {
  const auto payload = ProtoWriter()
                           .bytes(1, PeerKey::fromEd25519(relay.publicKey()).peerId().bytes())
                           .bytes(2, peer.bytes())
                           .varint(3, expires)
                           .take();
  return sealEnvelope(relay, kVoucherDomain, kVoucherType, payload);
}

base::Result<RelayVoucher> openVoucher(std::span<const uint8_t> encoded) {
  const auto envelope = openEnvelope(encoded, kVoucherDomain);
  if (!envelope) {
    return envelope.error();
  }
  RelayVoucher out;
  ProtoReader reader(envelope->payload);
  while (const auto field = reader.next()) {
    if (field->isBytes(1)) {
      out.relay = PeerId::fromBytes(field->data).valueOr(PeerId());
    } else if (field->isBytes(2)) {
      out.peer = PeerId::fromBytes(field->data).valueOr(PeerId());
    } else if (field->isVarint(3)) {
      out.expires = field->value;
    }
  }
  const bool isVoucher =
      std::equal(envelope->payloadType.begin(), envelope->payloadType.end(), kVoucherType.begin(), kVoucherType.end());
  if (!reader.ok() || !isVoucher || out.peer.empty() || out.relay != envelope->key.peerId()) {
    return refused("it is no voucher of the relay that signed it");
  }
  return out;
}

} // namespace univrs::p2p
