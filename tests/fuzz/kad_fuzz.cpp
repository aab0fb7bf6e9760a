// Bytes as a peer sends them: decoded, written and read again, and answered by a node with a table and a store.
#include "engine/p2p/kad_responder.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace univrs;
  using namespace univrs::p2p;
  const auto message = decodeKad({data, size});
  if (!message) {
    return 0;
  }
  // What was left out stays left out: the second reading is the first.
  const auto again = decodeKad(encodeKad(*message));
  if (!again || again->key != message->key || again->record != message->record) {
    std::abort();
  }
  static const PeerId self = PeerId::ofEncodedKey(base::asBytes("self"));
  static const PeerId sender = PeerId::ofEncodedKey(base::asBytes("sender"));
  KadTable table(self);
  KadStore store(self);
  (void)store.setValidator("v", {[](auto, auto) { return base::Result<void>(); },
                                 [](auto, auto value, auto old) { return value.size() > old.size(); }});
  for (const auto* list : {&message->closer, &message->providers}) {
    for (const KadPeer& peer : *list) {
      table.add(peer.id, peer.addresses, peer.addresses.empty() ? Multiaddr() : peer.addresses[0], {});
    }
  }
  const auto answer = answerKad(*message, sender, {self, {}, {}}, table, store, {});
  if (answer && answer->reply && encodeKad(*answer->reply).size() > kKadMaxFrameIn) {
    std::abort();
  }
  return 0;
}
