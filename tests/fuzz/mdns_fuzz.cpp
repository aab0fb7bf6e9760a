// A packet from the local network.
#include "engine/p2p/mdns_wire.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace univrs::p2p;
  const auto packet = parseMdns({data, size}, "_p2p._udp.local");
  if (!packet) {
    return 0;
  }
  if (packet->peers.size() > kMdnsMaxPeers) {
    std::abort();
  }
  for (const MdnsPeer& peer : packet->peers) {
    if (peer.addresses.size() > kMdnsMaxPeerAddresses) {
      std::abort();
    }
    // What was read can be said again, unless an address is too long for a TXT string.
    for (const auto& out : mdnsResponses("_p2p._udp.local", "abcdefghijklmnopqrstuvwxyz0123456789", peer.id,
                                         peer.addresses, peer.ttlSeconds)) {
      if (!parseMdns(out, "_p2p._udp.local")) {
        std::abort();
      }
    }
  }
  return 0;
}
