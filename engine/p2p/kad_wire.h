// Messages of Kademlia, `/ipfs/kad/1.0.0` (specs/p2p.md 4.8), and the metric of its key space. Sans-IO.
#pragma once

#include "engine/p2p/multiaddr.h"

#include <array>
#include <string>
#include <vector>

namespace univrs::p2p {

inline constexpr const char* kKadProtocol = "/ipfs/kad/1.0.0";
inline constexpr size_t kKadK = 20;                    // size of a bucket and of an answer
inline constexpr size_t kKadMaxFrameIn = 128 * 1024;   // of a message we read; go sends every provider it knows
inline constexpr size_t kKadSoftFrameOut = 16 * 1024;  // rust refuses longer ones: peers that do not fit are left out
inline constexpr size_t kKadMaxKeyBytes = 1'024;       // of a key in a message
inline constexpr size_t kKadMaxValueBytes = 65 * 1024; // of a record's value, as rust
inline constexpr size_t kKadMaxCloser = 32;            // peers read from closerPeers; the rest is skipped
inline constexpr size_t kKadMaxProviders = 64;         // peers read from providerPeers
inline constexpr size_t kKadMaxPeerAddresses = 16;     // addresses kept of one peer in a message

enum class KadType : uint8_t { PutValue = 0, GetValue = 1, AddProvider = 2, GetProviders = 3, FindNode = 4, Ping = 5 };
enum class KadConnection : uint8_t { NotConnected = 0, Connected = 1, CanConnect = 2, CannotConnect = 3 };

struct KadPeer {
  PeerId id;
  std::vector<Multiaddr> addresses; // without /p2p/ at their end
  KadConnection connection = KadConnection::NotConnected;
  bool operator==(const KadPeer&) const = default;
};

struct KadRecord {
  base::Bytes key;
  base::Bytes value;
  std::string timeReceived; // RFC 3339; empty when not said
  base::Bytes publisher;    // peer id bytes, unchecked; empty when not said
  uint32_t ttlSeconds = 0;  // 0: not said
  bool operator==(const KadRecord&) const = default;
};

struct KadMessage {
  KadType type = KadType::PutValue;
  base::Bytes key;
  std::optional<KadRecord> record;
  std::vector<KadPeer> closer;
  std::vector<KadPeer> providers;
  bool operator==(const KadMessage&) const = default;
};

// Reads one message without its length prefix. Peers and addresses that we cannot read are left out, as are those
// beyond the limits; a broken message, an unknown type, or a key or value that is too long is an error.
base::Result<KadMessage> decodeKad(std::span<const uint8_t> bytes);
// Without a length prefix. Addresses, then peers, are left out from the end once kKadSoftFrameOut is reached; the
// record always goes.
base::Bytes encodeKad(const KadMessage& message);

// A point of the key space: SHA-256 of a record's key or of a peer id's bytes.
using KadPoint = std::array<uint8_t, 32>;
KadPoint kadPoint(std::span<const uint8_t> key);
inline KadPoint kadPoint(const PeerId& peer) {
  return kadPoint(peer.bytes());
}
KadPoint kadDistance(const KadPoint& a, const KadPoint& b);   // compares as a big-endian number
size_t kadCommonPrefix(const KadPoint& a, const KadPoint& b); // leading bits that are equal, 0…256

} // namespace univrs::p2p
