// How a joiner shows that it holds a token without giving the secret away, and how the one who admits shows the same:
// HMAC-SHA256 with the secret over both sides' fresh nonces and both PeerIds. A proof overheard, or made for another
// node, is worth nothing; somebody posing as the cluster learns nothing it could use.
#pragma once

#include "engine/cluster/join_token.h"
#include "engine/p2p/peer_id.h"

namespace univrs::cluster {

using JoinNonce = std::array<uint8_t, 32>;
using JoinProof = std::array<uint8_t, 32>;

// Between which two nodes, and with what, one join happens.
struct JoinBinding {
  p2p::PeerId joiner;
  p2p::PeerId admitter;
  JoinNonce joinerNonce{};
  JoinNonce admitterNonce{};
};

JoinProof proofOfJoiner(const TokenSecret& secret, const JoinBinding& binding);
// Also over what is answered, so that a joiner who knows nothing but the secret learns the authority's key from it.
JoinProof proofOfAdmitter(const TokenSecret& secret, const JoinBinding& binding, const p2p::PublicKey& authority,
                          std::span<const uint8_t> certificate);
bool same(const JoinProof& a, const JoinProof& b); // in constant time

// The token that a shared secret (--join-secret FILE) stands for: id and secret are derived from it, different ones for
// different roles.
struct SharedToken {
  TokenId id{};
  TokenSecret secret{};
};
SharedToken tokenOfSharedSecret(std::string_view secret, Roles roles);

} // namespace univrs::cluster
