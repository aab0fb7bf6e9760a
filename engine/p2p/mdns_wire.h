// Packets of libp2p's peer discovery over multicast DNS (specs/p2p.md 4.9). Sans-IO; a packet is anybody's on the link,
// so everything read from it is bounded.
#pragma once

#include "engine/p2p/multiaddr.h"

#include <string>
#include <vector>

namespace univrs::p2p {

inline constexpr size_t kMdnsMaxPacket = 9'000;     // of one we read (RFC 6762 section 17)
inline constexpr size_t kMdnsSoftPacket = 1'400;    // of one we send, so that it is not fragmented
inline constexpr size_t kMdnsMaxRecords = 64;       // read of one packet
inline constexpr size_t kMdnsMaxStrings = 64;       // read of one TXT record
inline constexpr size_t kMdnsMaxPeers = 8;          // read of one packet
inline constexpr size_t kMdnsMaxPeerAddresses = 16; // read of one peer
inline constexpr uint32_t kMdnsTtlSeconds = 360;

struct MdnsPeer {
  PeerId id;
  std::vector<Multiaddr> addresses; // without /p2p/ at their end
  uint32_t ttlSeconds = 0;          // 0: it says goodbye
};

struct MdnsPacket {
  bool isResponse = false;
  bool asksForPeers = false;    // query for our service's peers
  bool asksForServices = false; // query of `_services._dns-sd._udp.local`
  std::vector<MdnsPeer> peers;
};

// "_p2p._udp.local", or "_p2p-FINGERPRINT._udp.local" of a private network: peers of other networks are not seen then.
// Nothing when the fingerprint is not 1…58 characters of [a-z0-9].
std::optional<std::string> mdnsServiceName(std::string_view fingerprint = {});

// Reads a packet as far as it concerns `service`. Owner names of peers are accepted with and without the service behind
// them, as rust writes them. Malformed packets are an error; unknown records are skipped.
base::Result<MdnsPacket> parseMdns(std::span<const uint8_t> packet, std::string_view service);

base::Bytes mdnsQuery(std::string_view service);
// As many packets as the addresses need. `peerName`: 32…63 characters of [a-z0-9], made afresh at each start.
std::vector<base::Bytes> mdnsResponses(std::string_view service, std::string_view peerName, const PeerId& id,
                                       const std::vector<Multiaddr>& addresses, uint32_t ttlSeconds = kMdnsTtlSeconds);
base::Bytes mdnsServicesResponse(std::string_view service);

} // namespace univrs::p2p
