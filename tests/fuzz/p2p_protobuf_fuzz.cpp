// Public keys, envelopes and peer records as peers send them, and the protobuf reader under them.
#include "engine/p2p/protobuf.h"
#include "engine/p2p/signed_envelope.h"

#include <cstdlib>

using namespace univrs;
using namespace univrs::p2p;

namespace {
// Reads a message and, as far as they are messages, what is in it.
void walk(std::span<const uint8_t> message, int depth) {
  ProtoReader reader(message);
  size_t held = 0;
  while (const auto field = reader.next()) {
    held += field->data.size();
    if (field->number == 0 || held > message.size()) {
      std::abort();
    }
    if (depth > 0) {
      walk(field->data, depth - 1);
    }
  }
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span input(data, size);
  walk(input, 3);
  if (const auto key = PeerKey::parse(input)) {
    const auto again = PeerKey::parse(key->encoded());
    if (!again || *again != *key || (!key->peerId().inlinedKey().empty() && !PeerKey::fromPeerId(key->peerId()))) {
      std::abort();
    }
    (void)key->verify(input, input);
  }
  if (const auto record = openPeerRecord(input)) {
    if (record->peer.empty() || record->addresses.size() > PeerRecord::kMaxAddresses) {
      std::abort();
    }
  }
  (void)openEnvelope(input, "libp2p-relay-rsvp");
  return 0;
}
