// How the authority's records stand in the store: JSON under /cluster/.
#pragma once

#include "engine/cluster/authority.h"

#include <QJsonObject>

namespace univrs::cluster {

inline constexpr std::string_view kTokenPrefix = "/cluster/tokens/";
inline constexpr std::string_view kMemberPrefix = "/cluster/members/";
inline constexpr std::string_view kSerialKey = "/cluster/serial";
inline constexpr std::string_view kRevocationsKey = "/cluster/revocations"; // base64 of the signed list

std::string tokenToText(const TokenRecord& record, const TokenSecret& secret);
// Error: Corrupt, with the key in it.
base::Result<std::pair<TokenRecord, TokenSecret>> tokenFromText(std::string_view key, std::string_view value);
// The certificate is kept as it was signed.
std::string memberToText(const MemberRecord& record, std::span<const uint8_t> certificate);
base::Result<MemberRecord> memberFromText(std::string_view key, std::string_view value,
                                          const p2p::PublicKey& authority);
base::Error corruptRecord(std::string_view key, std::string why);

} // namespace univrs::cluster
