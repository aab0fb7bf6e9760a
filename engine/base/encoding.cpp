#include "engine/base/encoding.h"

#include <QByteArray>

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>

namespace univrs::base {

namespace {
constexpr std::string_view kBase58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr size_t kMaxBase58Bytes = 128;
constexpr size_t kMaxBase58Text = 256;

QByteArray view(std::span<const uint8_t> b) {
  return QByteArray::fromRawData(reinterpret_cast<const char*>(b.data()), qsizetype(b.size()));
}
} // namespace

std::string hex(std::span<const uint8_t> bytes) {
  return view(bytes).toHex().toStdString();
}

std::optional<Bytes> fromHex(std::string_view text) {
  const auto isHex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
  if (text.size() % 2 != 0 || !std::all_of(text.begin(), text.end(), isHex)) {
    return std::nullopt;
  }
  const QByteArray raw = QByteArray::fromHex(view(asBytes(text)));
  return Bytes(raw.begin(), raw.end());
}

std::string base64(std::span<const uint8_t> bytes) {
  return view(bytes).toBase64().toStdString();
}

std::string base64Url(std::span<const uint8_t> bytes) {
  return view(bytes).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals).toStdString();
}

std::optional<Bytes> fromBase64(std::string_view text) {
  const auto r = QByteArray::fromBase64Encoding(view(asBytes(text)), QByteArray::AbortOnBase64DecodingErrors);
  if (!r || r.decoded.toBase64() != view(asBytes(text))) {
    return std::nullopt;
  }
  return Bytes(r.decoded.begin(), r.decoded.end());
}

std::string base58(std::span<const uint8_t> bytes) {
  if (bytes.size() > kMaxBase58Bytes) {
    return {};
  }
  std::vector<uint8_t> digits; // little endian, base 58
  for (const uint8_t b : bytes) {
    uint32_t carry = b;
    for (auto& d : digits) {
      carry += uint32_t(d) << 8;
      d = uint8_t(carry % 58);
      carry /= 58;
    }
    while (carry > 0) {
      digits.push_back(uint8_t(carry % 58));
      carry /= 58;
    }
  }
  std::string out;
  for (size_t i = 0; i < bytes.size() && bytes[i] == 0; ++i) {
    out += kBase58[0];
  }
  std::for_each(digits.rbegin(), digits.rend(), [&](uint8_t d) { out += kBase58[d]; });
  return out;
}

std::optional<Bytes> fromBase58(std::string_view text) {
  if (text.size() > kMaxBase58Text) {
    return std::nullopt;
  }
  Bytes little; // little endian, base 256
  for (const char c : text) {
    const auto digit = kBase58.find(c);
    if (digit == std::string_view::npos) {
      return std::nullopt;
    }
    uint32_t carry = uint32_t(digit);
    for (auto& b : little) {
      carry += uint32_t(b) * 58;
      b = uint8_t(carry);
      carry >>= 8;
    }
    while (carry > 0) {
      little.push_back(uint8_t(carry));
      carry >>= 8;
    }
  }
  for (size_t i = 0; i < text.size() && text[i] == kBase58[0]; ++i) {
    little.push_back(0);
  }
  std::reverse(little.begin(), little.end());
  return little;
}

std::array<uint8_t, 32> sha256(std::span<const uint8_t> bytes) {
  std::array<uint8_t, 32> out{};
  SHA256(bytes.data(), bytes.size(), out.data());
  return out;
}

std::string sha256Hex(std::string_view bytes) {
  return hex(sha256(asBytes(bytes)));
}

bool constantTimeEqual(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool isUtf8(std::string_view text) {
  size_t i = 0;
  const auto cont = [&](size_t at) { return at < text.size() && (uint8_t(text[at]) & 0xc0) == 0x80; };
  while (i < text.size()) {
    const auto c = uint8_t(text[i]);
    if (c < 0x80) {
      ++i;
    } else if (c >= 0xc2 && c <= 0xdf && cont(i + 1)) {
      i += 2;
    } else if (c >= 0xe0 && c <= 0xef && cont(i + 1) && cont(i + 2)) {
      const auto d = uint8_t(text[i + 1]);
      if ((c == 0xe0 && d < 0xa0) || (c == 0xed && d > 0x9f)) {
        return false;
      }
      i += 3;
    } else if (c >= 0xf0 && c <= 0xf4 && cont(i + 1) && cont(i + 2) && cont(i + 3)) {
      const auto d = uint8_t(text[i + 1]);
      if ((c == 0xf0 && d < 0x90) || (c == 0xf4 && d > 0x8f)) {
        return false;
      }
      i += 4;
    } else {
      return false;
    }
  }
  return true;
}

} // namespace univrs::base
