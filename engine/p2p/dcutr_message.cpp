#include "engine/p2p/dcutr_message.h"

#include "engine/p2p/protobuf.h"

#include <algorithm>
#include <optional>

namespace univrs::p2p {

base::Bytes encodeDcutr(const DcutrMessage& message) {
  ProtoWriter out;
  out.varint(1, uint64_t(message.type));
  const size_t count = std::min(message.addresses.size(), kMaxDcutrAddresses);
  for (size_t i = 0; i < count; ++i) {
    out.bytes(2, message.addresses[i].bytes());
  }
  return out.take();
}

base::Result<DcutrMessage> parseDcutr(std::span<const uint8_t> bytes) {
  DcutrMessage out;
  std::optional<uint64_t> type;
  ProtoReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->isVarint(1)) {
      type = field->value;
    } else if (field->isBytes(2) && out.addresses.size() < kMaxDcutrAddresses) {
      if (auto address = Multiaddr::fromBytes(field->data); address && !address->empty()) {
        out.addresses.push_back(std::move(*address));
      }
    }
  }
  const bool known =
      type && (*type == uint64_t(DcutrMessage::Type::Connect) || *type == uint64_t(DcutrMessage::Type::Sync));
  if (!reader.ok() || !known || bytes.size() > kMaxDcutrMessage) {
    return base::makeError(base::ErrorCode::BadRequest, "a message about a direct connection was refused",
                           "it is not one of the DCUtR protocol");
  }
  out.type = DcutrMessage::Type(*type);
  return out;
}

} // namespace univrs::p2p
