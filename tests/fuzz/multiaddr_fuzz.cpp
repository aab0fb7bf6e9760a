// Multiaddresses and peer ids, binary and text: whatever is taken must come back the same both ways.
#include "engine/p2p/multiaddr.h"

#include <cstdlib>

using namespace univrs::p2p;

namespace {
void check(const Multiaddr& address) {
  const auto bytes = address.bytes();
  const auto text = address.text();
  const auto fromBytes = Multiaddr::fromBytes(bytes);
  const auto fromText = Multiaddr::fromText(text);
  if (!fromBytes || !fromText || *fromBytes != address || *fromText != address || bytes.size() > Multiaddr::kMaxBytes ||
      text.size() > Multiaddr::kMaxBytes) {
    std::abort();
  }
  if (const auto peer = address.peer(); peer && address.withPeer(*peer) != address) {
    std::abort();
  }
  if (const auto parts = address.splitCircuit();
      parts && parts->first.parts().size() + parts->second.parts().size() + 1 != address.parts().size()) {
    std::abort();
  }
  (void)(address.isPrivate() || address.isLoopback() || address.isUnspecified() || address.isQuicV1() ||
         address.isTcp());
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span bytes(data, size);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto address = Multiaddr::fromBytes(bytes)) {
    if (address->bytes() != univrs::base::Bytes(data, data + size)) {
      std::abort();
    }
    check(*address);
  }
  if (const auto address = Multiaddr::fromText(text)) {
    check(*address);
  }
  for (const auto& id : {PeerId::fromText(text), PeerId::fromBytes(bytes)}) {
    if (id && (*PeerId::fromText(id->text()) != *id || *PeerId::fromText(id->cid()) != *id ||
               *PeerId::fromBytes(id->bytes()) != *id)) {
      std::abort();
    }
  }
  return 0;
}
