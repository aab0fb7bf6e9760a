#include "engine/p2p/varint.h"

#include <algorithm>

namespace univrs::p2p {

Varint readVarint(std::span<const uint8_t> bytes) {
  Varint out;
  const size_t most = std::min(bytes.size(), kMaxVarintBytes);
  for (size_t i = 0; i < most; ++i) {
    out.value |= uint64_t(bytes[i] & 0x7fu) << (7 * i);
    if ((bytes[i] & 0x80u) == 0) {
      // A last byte of zero would say the same in one byte less.
      out.state = bytes[i] == 0 && i > 0 ? Varint::State::Bad : Varint::State::Done;
      out.size = i + 1;
      return out;
    }
  }
  out.state = most == kMaxVarintBytes ? Varint::State::Bad : Varint::State::NeedMore;
  return out;
}

void appendVarint(base::Bytes& out, uint64_t value) {
  while (value >= 0x80) {
    out.push_back(uint8_t(value | 0x80u));
    value >>= 7;
  }
  out.push_back(uint8_t(value));
}

size_t varintSize(uint64_t value) {
  size_t size = 1;
  while (value >= 0x80) {
    value >>= 7;
    ++size;
  }
  return size;
}

} // namespace univrs::p2p
