#include "engine/p2p/identify_message.h"

#include "engine/p2p/protobuf.h"

namespace univrs::p2p {

namespace {

enum Field : uint32_t {
  kPublicKey = 1,
  kListenAddrs = 2,
  kProtocols = 3,
  kObservedAddr = 4,
  kProtocolVersion = 5,
  kAgentVersion = 6,
  kSignedPeerRecord = 8
};

std::optional<std::string> textOf(const ProtoField& field) {
  const std::string_view text = field.text();
  if (text.size() > IdentifyMessage::kMaxText || !base::isUtf8(text)) {
    return std::nullopt;
  }
  return std::string(text);
}

base::Bytes bytesOf(const ProtoField& field) {
  return {field.data.begin(), field.data.end()};
}

} // namespace

bool IdentifyMessage::merge(std::span<const uint8_t> encoded) {
  ProtoReader reader(encoded);
  while (const auto field = reader.next()) {
    if (field->type != ProtoField::Type::Bytes) {
      continue;
    }
    switch (field->number) {
    case kPublicKey:
      if (field->data.size() <= kMaxKey) {
        publicKey = bytesOf(*field);
      }
      break;
    case kListenAddrs:
      if (listen.size() < kMaxListen) {
        if (auto address = Multiaddr::fromBytes(field->data)) {
          listen.push_back(std::move(*address));
        }
      }
      break;
    case kProtocols:
      if (auto text = textOf(*field); text && !text->empty() && protocols.size() < kMaxProtocols) {
        protocols.push_back(std::move(*text));
      }
      break;
    case kObservedAddr:
      if (auto address = Multiaddr::fromBytes(field->data)) {
        observed = std::move(*address);
      }
      break;
    case kProtocolVersion:
      protocolVersion = textOf(*field);
      break;
    case kAgentVersion:
      agent = textOf(*field);
      break;
    case kSignedPeerRecord:
      if (field->data.size() <= kMaxRecord) {
        signedRecord = bytesOf(*field);
      }
      break;
    default:
      break;
    }
  }
  return reader.ok();
}

std::vector<base::Bytes> IdentifyMessage::encoded() const {
  const auto write = [this](size_t addresses, size_t names, bool record) {
    ProtoWriter out;
    if (!publicKey.empty()) {
      out.bytes(kPublicKey, publicKey);
    }
    for (size_t i = 0; i < addresses; ++i) {
      out.bytes(kListenAddrs, listen[i].bytes());
    }
    for (size_t i = 0; i < names; ++i) {
      out.text(kProtocols, protocols[i]);
    }
    if (observed) {
      out.bytes(kObservedAddr, observed->bytes());
    }
    if (protocolVersion) {
      out.text(kProtocolVersion, *protocolVersion);
    }
    if (agent) {
      out.text(kAgentVersion, *agent);
    }
    if (record && !signedRecord.empty()) {
      out.bytes(kSignedPeerRecord, signedRecord);
    }
    return out.take();
  };
  base::Bytes whole = write(listen.size(), protocols.size(), true);
  if (whole.size() <= kMaxWritten) {
    return {std::move(whole)};
  }
  // Addresses go before protocols: the record has them again.
  size_t addresses = listen.size();
  size_t names = protocols.size();
  std::vector<base::Bytes> parts{write(addresses, names, false)};
  while (parts[0].size() > kMaxWritten && addresses + names > 0) {
    --(addresses > 0 ? addresses : names);
    parts[0] = write(addresses, names, false);
  }
  ProtoWriter second;
  second.bytes(kSignedPeerRecord, signedRecord);
  if (!signedRecord.empty() && second.out().size() <= kMaxWritten) {
    parts.push_back(second.take());
  }
  return parts;
}

} // namespace univrs::p2p
