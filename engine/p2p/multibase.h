// Multibase: text whose first letter says how the bytes after it are written. Only the forms that peer ids and
// certificate hashes come in: 'b' base32 (RFC 4648, lower case, no padding), 'z' base58btc, 'u' base64url, 'f' hex.
#pragma once

#include "engine/base/encoding.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace univrs::p2p {

// Nothing for another letter, and for text that is not the one way to write its bytes. At most 256 characters.
std::optional<base::Bytes> fromMultibase(std::string_view text);
std::string multibase32(std::span<const uint8_t> bytes);    // "b…"
std::string multibase64Url(std::span<const uint8_t> bytes); // "u…"

} // namespace univrs::p2p
