#include "engine/p2p/multibase.h"

#include <QByteArray>

namespace univrs::p2p {

namespace {
constexpr size_t kMaxText = 256;
constexpr std::string_view kBase32 = "abcdefghijklmnopqrstuvwxyz234567";

std::optional<base::Bytes> fromBase32(std::string_view text) {
  base::Bytes out;
  uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const auto digit = kBase32.find(c);
    if (digit == std::string_view::npos) {
      return std::nullopt;
    }
    bits = (bits << 5 | uint32_t(digit)) & 0xfffu; // never more than 12 bits wait
    count += 5;
    if (count >= 8) {
      count -= 8;
      out.push_back(uint8_t(bits >> count));
    }
  }
  // What is left over must be padding: fewer bits than a digit, all zero.
  if (count >= 5 || (bits & ((1u << count) - 1)) != 0) {
    return std::nullopt;
  }
  return out;
}

std::optional<base::Bytes> fromBase64Url(std::string_view text) {
  const auto in = QByteArray::fromRawData(text.data(), qsizetype(text.size()));
  const auto options = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
  const auto out = QByteArray::fromBase64Encoding(in, options | QByteArray::AbortOnBase64DecodingErrors);
  if (!out || out.decoded.toBase64(options) != in) {
    return std::nullopt;
  }
  return base::Bytes(out.decoded.begin(), out.decoded.end());
}
} // namespace

std::optional<base::Bytes> fromMultibase(std::string_view text) {
  if (text.empty() || text.size() > kMaxText) {
    return std::nullopt;
  }
  const auto rest = text.substr(1);
  switch (text.front()) {
  case 'b':
    return fromBase32(rest);
  case 'z':
    return base::fromBase58(rest);
  case 'u':
    return fromBase64Url(rest);
  case 'f': {
    const auto bytes = base::fromHex(rest);
    return bytes && base::hex(*bytes) == rest ? bytes : std::nullopt;
  }
  default:
    return std::nullopt;
  }
}

std::string multibase32(std::span<const uint8_t> bytes) {
  std::string out = "b";
  uint32_t bits = 0;
  unsigned count = 0;
  for (const uint8_t byte : bytes) {
    bits = (bits << 8 | byte) & 0xfffu;
    count += 8;
    while (count >= 5) {
      count -= 5;
      out += kBase32[bits >> count & 31u];
    }
  }
  if (count > 0) {
    out += kBase32[bits << (5 - count) & 31u];
  }
  return out;
}

std::string multibase64Url(std::span<const uint8_t> bytes) {
  return "u" + base::base64Url(bytes);
}

} // namespace univrs::p2p
