// Unsigned varints as libp2p writes them (multiformats/unsigned-varint): LEB128, shortest form only, at most 9 bytes
// (63 bits).
#pragma once

#include "engine/base/encoding.h"

#include <cstdint>
#include <span>

namespace univrs::p2p {

inline constexpr size_t kMaxVarintBytes = 9;

// How reading one varint went.
struct Varint {
  enum class State { Done, NeedMore, Bad }; // Bad: longer than 9 bytes or not the shortest form
  State state = State::Bad;
  uint64_t value = 0;
  size_t size = 0; // bytes it took, when Done
};

Varint readVarint(std::span<const uint8_t> bytes);
void appendVarint(base::Bytes& out, uint64_t value); // value < 2^63
size_t varintSize(uint64_t value);

} // namespace univrs::p2p
