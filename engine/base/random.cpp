#include "engine/base/random.h"

#include <openssl/rand.h>

#include <array>
#include <cstdlib>
#include <cstring>

namespace univrs::base {

uint64_t Random::next() {
  std::array<uint8_t, 8> b{};
  fill(b);
  uint64_t v = 0;
  std::memcpy(&v, b.data(), sizeof v);
  return v;
}

uint64_t Random::below(uint64_t bound) {
  if (bound < 2) {
    return 0;
  }
  // Rejection keeps it uniform.
  const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  for (;;) {
    const uint64_t v = next();
    if (v < limit) {
      return v % bound;
    }
  }
}

std::string Random::uuid() {
  std::array<uint8_t, 16> b{};
  fill(b);
  b[6] = uint8_t((b[6] & 0x0f) | 0x40);
  b[8] = uint8_t((b[8] & 0x3f) | 0x80);
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  out.reserve(36);
  for (size_t i = 0; i < b.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) {
      out += '-';
    }
    out += kHex[b[i] >> 4];
    out += kHex[b[i] & 15];
  }
  return out;
}

std::string Random::shortId(int count) {
  static constexpr std::string_view kAll = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string out;
  for (int i = 0; i < count; ++i) {
    out += kAll[below(i == 0 ? 26 : 36)];
  }
  return out;
}

void SystemRandom::fill(std::span<uint8_t> out) {
  if (RAND_bytes(out.data(), int(out.size())) != 1) {
    std::abort(); // no entropy source: going on would make guessable keys
  }
}

void SeededRandom::fill(std::span<uint8_t> out) {
  for (auto& b : out) {
    b = uint8_t(m_engine());
  }
}

} // namespace univrs::base
