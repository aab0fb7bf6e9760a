// identify's message as a peer sends it, in parts, and what we would write of it again.
#include "engine/p2p/identify_message.h"
#include "engine/p2p/signed_envelope.h"

#include <cstdlib>

using univrs::p2p::IdentifyMessage;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span<const uint8_t> input(data, size);
  IdentifyMessage message;
  // The first byte says where the input is cut into two messages.
  const size_t cut = size == 0 ? 0 : 1 + size_t(data[0]) * (size - 1) / 255;
  const bool first = message.merge(input.subspan(0, cut));
  const bool second = message.merge(input.subspan(cut));
  if (!message.signedRecord.empty()) {
    static_cast<void>(univrs::p2p::openPeerRecord(message.signedRecord));
  }
  if (!first || !second) {
    return 0;
  }
  if (message.listen.size() > IdentifyMessage::kMaxListen ||
      message.protocols.size() > IdentifyMessage::kMaxProtocols) {
    std::abort();
  }
  IdentifyMessage again;
  for (const auto& part : message.encoded()) {
    if (part.size() > IdentifyMessage::kMaxWritten && message.publicKey.size() < 1'000) {
      std::abort();
    }
    if (!again.merge(part)) {
      std::abort();
    }
  }
  return 0;
}
