#include "engine/p2p/protobuf.h"

#include <algorithm>

namespace univrs::p2p {

namespace {
constexpr uint32_t kMaxField = (1u << 29) - 1;
enum WireType : uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

// Protobuf's own varints: up to ten bytes, not necessarily the shortest form; bits beyond 64 fall away, as in
// Google's decoders. False when cut or longer.
bool takeVarint(std::span<const uint8_t>& in, uint64_t& value) {
  constexpr size_t kMost = 10;
  value = 0;
  const size_t most = std::min(in.size(), kMost);
  for (size_t i = 0; i < most; ++i) {
    value |= uint64_t(in[i] & 0x7fu) << (7 * i);
    if ((in[i] & 0x80u) == 0) {
      in = in.subspan(i + 1);
      return true;
    }
  }
  return false;
}

bool takeFixed(std::span<const uint8_t>& in, size_t size, uint64_t& value) {
  if (in.size() < size) {
    return false;
  }
  value = 0;
  for (size_t i = 0; i < size; ++i) {
    value |= uint64_t(in[i]) << (8 * i);
  }
  in = in.subspan(size);
  return true;
}
} // namespace

std::optional<ProtoField> ProtoReader::next() {
  if (!m_ok || m_rest.empty()) {
    return std::nullopt;
  }
  m_ok = false; // until the field turns out whole
  uint64_t key = 0;
  if (!takeVarint(m_rest, key) || (key >> 3) == 0 || (key >> 3) > kMaxField) {
    return std::nullopt;
  }
  ProtoField field;
  field.number = uint32_t(key >> 3);
  switch (uint32_t(key & 7u)) {
  case kVarint:
    field.type = ProtoField::Type::Varint;
    m_ok = takeVarint(m_rest, field.value);
    break;
  case kFixed64:
    field.type = ProtoField::Type::Fixed64;
    m_ok = takeFixed(m_rest, 8, field.value);
    break;
  case kFixed32:
    field.type = ProtoField::Type::Fixed32;
    m_ok = takeFixed(m_rest, 4, field.value);
    break;
  case kBytes: {
    field.type = ProtoField::Type::Bytes;
    uint64_t size = 0;
    if (takeVarint(m_rest, size) && size <= m_rest.size()) {
      field.data = m_rest.first(size_t(size));
      m_rest = m_rest.subspan(size_t(size));
      m_ok = true;
    }
    break;
  }
  default: // groups, and types that do not exist
    break;
  }
  return m_ok ? std::optional(field) : std::nullopt;
}

ProtoWriter& ProtoWriter::varint(uint32_t number, uint64_t value) {
  appendVarint(m_out, uint64_t(number) << 3 | kVarint);
  appendVarint(m_out, value);
  return *this;
}

ProtoWriter& ProtoWriter::bytes(uint32_t number, std::span<const uint8_t> data) {
  appendVarint(m_out, uint64_t(number) << 3 | kBytes);
  appendVarint(m_out, data.size());
  m_out.insert(m_out.end(), data.begin(), data.end());
  return *this;
}

ProtoWriter& ProtoWriter::text(uint32_t number, std::string_view text) {
  return bytes(number, base::asBytes(text));
}

base::Bytes lengthPrefixed(std::span<const uint8_t> message) {
  base::Bytes out;
  out.reserve(message.size() + kMaxVarintBytes);
  appendVarint(out, message.size());
  out.insert(out.end(), message.begin(), message.end());
  return out;
}

} // namespace univrs::p2p
