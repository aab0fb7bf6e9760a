// What is said on /univrs/join/1.0.0, each message a CBOR array with a uvarint length before it. The admitting side
// speaks first:
//   challenge  [1, nonce]
//   request    [1, 1, token id, nonce, proof, node name]   by a token
//              [1, 2]                                       a member wants a new certificate
//   answer     [1, 0, authority key, certificate, revocations, proof]   admitted; the proof is empty for a renewal
//              [1, code, text]                                          refused
#pragma once

#include "engine/cluster/join_proof.h"

#include <variant>

namespace univrs::cluster {

inline constexpr const char* kJoinProtocol = "/univrs/join/1.0.0";
inline constexpr size_t kMaxJoinMessage = 300 * 1024; // an answer with the longest list of revocations
inline constexpr size_t kMaxJoinRequest = 1'024;

struct JoinRequest {
  bool renewal = false;
  TokenId token{};
  JoinNonce nonce{};
  JoinProof proof{};
  std::string nodeName; // for people; at most 253 bytes
  bool operator==(const JoinRequest&) const = default;
};

struct JoinGranted {
  p2p::PublicKey authority{};
  base::Bytes certificate;
  base::Bytes revocations; // signed list; empty when nobody was ever revoked
  JoinProof proof{};
  bool operator==(const JoinGranted&) const = default;
};

// Why somebody was not admitted, as the joiner tells its person.
struct JoinRefused {
  enum class Code : uint8_t { NotHere = 1, BadToken = 2, Expired = 3, UsedUp = 4, Revoked = 5, Busy = 6, Other = 7 };
  Code code = Code::Other;
  std::string text; // at most 500 bytes
  bool operator==(const JoinRefused&) const = default;
};

using JoinAnswer = std::variant<JoinGranted, JoinRefused>;

base::Bytes encodeChallenge(const JoinNonce& nonce);
base::Result<JoinNonce> parseChallenge(std::span<const uint8_t> message);
base::Bytes encodeJoinRequest(const JoinRequest& request);
base::Result<JoinRequest> parseJoinRequest(std::span<const uint8_t> message);
base::Bytes encodeJoinAnswer(const JoinAnswer& answer);
base::Result<JoinAnswer> parseJoinAnswer(std::span<const uint8_t> message);

} // namespace univrs::cluster
