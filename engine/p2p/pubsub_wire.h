// Gossipsub on the wire: RPCs as protobuf (specs of pubsub and gossipsub 1.0 to 1.2), and messages signed and checked
// under the policy StrictSign.
#pragma once

#include "engine/base/result.h"
#include "engine/p2p/peer_key.h"
#include "engine/pubsub/message.h"

#include <span>

namespace univrs::p2p {

inline constexpr std::string_view kMeshsub10 = "/meshsub/1.0.0";
inline constexpr std::string_view kMeshsub11 = "/meshsub/1.1.0";
inline constexpr std::string_view kMeshsub12 = "/meshsub/1.2.0";

// What one RPC may hold; what is beyond is left out, so that a frame of a megabyte cannot become a hundred.
inline constexpr size_t kMaxRpcMessages = 8'192;
inline constexpr size_t kMaxRpcIds = 16'384; // IHAVE, IWANT and IDONTWANT together
inline constexpr size_t kMaxRpcSubscriptions = 4'096;
inline constexpr size_t kMaxRpcTopics = 1'024;       // GRAFT, PRUNE and IHAVE together
inline constexpr size_t kMaxRpcExchanged = 512;      // peers in PRUNE
inline constexpr size_t kMaxExchangedRecord = 4'096; // bytes of a signed record; longer ones are left out
inline constexpr size_t kMaxSignatureBytes = 1'024;  // RSA with 8,192 bits
inline constexpr size_t kMaxMessageKeyBytes = 4'096;

struct DecodedRpc {
  pubsub::Rpc rpc;
  size_t leftOut = 0; // parts above the limits or without sense (no topic, no id)
};
// An error is broken protobuf. A message that lacks what StrictSign asks for comes out without author, so that
// checkMessage refuses it and its sender is blamed.
base::Result<DecodedRpc> decodeRpc(std::span<const uint8_t> bytes);

// Whole RPCs, without the length before them.
base::Bytes encodeRpc(const pubsub::Control& control);
base::Bytes encodeRpc(const pubsub::Message& message);

pubsub::Peer pubsubPeer(const PeerId& id);
base::Result<PeerId> peerIdOf(const pubsub::Peer& peer);

// A message of ours. `seqno` grows with every message, also over restarts.
pubsub::MessagePtr signMessage(const Identity& identity, const pubsub::Topic& topic, base::Bytes data, uint64_t seqno);
// True when the author the message names signed it. Any input is safe; thread safe.
bool checkMessage(const pubsub::Message& message);

} // namespace univrs::p2p
