// Circuit relay messages as a peer sends them: what is understood is written again and read the same.
#include "engine/p2p/relay_message.h"

#include <cstdlib>

namespace p2p = univrs::p2p;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span<const uint8_t> input(data, size);
  if (const auto hop = p2p::parseHop(input)) {
    if (hop->reservation && hop->reservation->addresses.size() > p2p::kMaxRelayAddresses) {
      std::abort();
    }
    const auto again = p2p::parseHop(p2p::encodeHop(*hop));
    const bool same = again && again->type == hop->type && again->peer == hop->peer &&
                      again->reservation == hop->reservation &&
                      (hop->type != p2p::HopMessage::Type::Status || again->status == hop->status);
    if (!same) {
      std::abort();
    }
  }
  if (const auto stop = p2p::parseStop(input)) {
    const auto again = p2p::parseStop(p2p::encodeStop(*stop));
    const bool same = again && again->type == stop->type && again->peer == stop->peer && again->limit == stop->limit;
    if (!same) {
      std::abort();
    }
  }
  static_cast<void>(p2p::openVoucher(input));
  return 0;
}
