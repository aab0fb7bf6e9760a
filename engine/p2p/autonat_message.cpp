#include "engine/p2p/autonat_message.h"

#include "engine/p2p/protobuf.h"

#include <algorithm>
#include <limits>

namespace univrs::p2p {

namespace {
base::Error refused(const std::string& why) {
  return base::makeError(base::ErrorCode::BadRequest, "a message about reachability was refused", why);
}

bool parsePeerInfo(std::span<const uint8_t> bytes, AutonatMessage& out) {
  ProtoReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->isBytes(1)) {
      out.peer = PeerId::fromBytes(field->data).valueOr(PeerId());
    } else if (field->isBytes(2) && out.addresses.size() < kMaxAutonatAddresses) {
      if (auto address = Multiaddr::fromBytes(field->data); address && !address->empty()) {
        out.addresses.push_back(std::move(*address));
      }
    }
  }
  return reader.ok();
}

bool parseDial(std::span<const uint8_t> bytes, AutonatMessage& out) {
  bool whole = true;
  ProtoReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->isBytes(1)) {
      out.addresses.clear();
      whole = parsePeerInfo(field->data, out) && whole;
    }
  }
  return reader.ok() && whole;
}

bool parseResponse(std::span<const uint8_t> bytes, AutonatMessage& out) {
  bool status = false;
  ProtoReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->isVarint(1)) {
      out.status = AutonatStatus(uint32_t(std::min<uint64_t>(field->value, std::numeric_limits<uint32_t>::max())));
      status = true;
    } else if (field->isBytes(2)) {
      out.text = std::string(field->text().substr(0, AutonatMessage::kMaxText));
    } else if (field->isBytes(3)) {
      out.reached = Multiaddr::fromBytes(field->data).valueOr(Multiaddr());
    }
  }
  return reader.ok() && status;
}
} // namespace

base::Bytes encodeAutonat(const AutonatMessage& message) {
  ProtoWriter out;
  out.varint(1, uint64_t(message.type));
  if (message.type == AutonatMessage::Type::Dial) {
    ProtoWriter peer;
    peer.bytes(1, message.peer.bytes());
    const size_t count = std::min(message.addresses.size(), kMaxAutonatAddresses);
    for (size_t i = 0; i < count; ++i) {
      peer.bytes(2, message.addresses[i].bytes());
    }
    out.message(2, ProtoWriter().message(1, peer));
  } else {
    ProtoWriter response;
    response.varint(1, uint64_t(message.status));
    if (!message.text.empty()) {
      response.text(2, std::string_view(message.text).substr(0, AutonatMessage::kMaxText));
    }
    if (!message.reached.empty()) {
      response.bytes(3, message.reached.bytes());
    }
    out.message(3, response);
  }
  return out.take();
}

base::Result<AutonatMessage> parseAutonat(std::span<const uint8_t> bytes) {
  if (bytes.size() > kMaxAutonatMessage) {
    return refused("it is too long");
  }
  AutonatMessage out;
  std::optional<uint64_t> type;
  std::optional<std::span<const uint8_t>> dial;
  std::optional<std::span<const uint8_t>> response;
  ProtoReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->isVarint(1)) {
      type = field->value;
    } else if (field->isBytes(2)) {
      dial = field->data;
    } else if (field->isBytes(3)) {
      response = field->data;
    }
  }
  if (!reader.ok() || !type || *type > uint64_t(AutonatMessage::Type::Response)) {
    return refused("it is not one of the AutoNAT protocol");
  }
  out.type = AutonatMessage::Type(*type);
  if (out.type == AutonatMessage::Type::Dial) {
    if (!dial || !parseDial(*dial, out) || out.peer.empty()) {
      return refused("it does not say who is to be dialled");
    }
  } else if (!response || !parseResponse(*response, out)) {
    return refused("it is an answer without a status");
  }
  return out;
}

} // namespace univrs::p2p
