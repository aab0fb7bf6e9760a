// Small encodings used all over: hex, base64, base58, SHA-256. Decoders take any input and answer nothing when it is
// not valid; outputs are bounded by their input.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::base {

using Bytes = std::vector<uint8_t>;

inline std::span<const uint8_t> asBytes(std::string_view s) {
  return {reinterpret_cast<const uint8_t*>(s.data()), s.size()};
}

std::string hex(std::span<const uint8_t> bytes);
std::optional<Bytes> fromHex(std::string_view text);

// Standard alphabet with padding (RFC 4648 section 4); decoding is strict.
std::string base64(std::span<const uint8_t> bytes);
std::optional<Bytes> fromBase64(std::string_view text);
// URL-safe alphabet without padding (RFC 4648 section 5).
std::string base64Url(std::span<const uint8_t> bytes);

// Bitcoin's alphabet, as PeerIds use it. At most 128 bytes or 256 characters (quadratic cost).
std::string base58(std::span<const uint8_t> bytes);
std::optional<Bytes> fromBase58(std::string_view text);

std::array<uint8_t, 32> sha256(std::span<const uint8_t> bytes);
std::string sha256Hex(std::string_view bytes);

// True when equal; time depends on the lengths only. For tokens.
bool constantTimeEqual(std::string_view a, std::string_view b);

// True when the text is well-formed UTF-8 (no overlong forms, no surrogates).
bool isUtf8(std::string_view text);

} // namespace univrs::base
