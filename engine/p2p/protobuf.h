// Protocol Buffers on the wire, as libp2p needs them: a reader that hands out views into the input and allocates
// nothing (so a message of a million empty fields costs its bytes and no more), and a writer that writes fields in the
// order of the calls with shortest varints, since libp2p hashes and signs encoded messages. Generated classes were
// rejected: they build a tree of peer-supplied size before anybody could look at it.
#pragma once

#include "engine/p2p/varint.h"

#include <optional>
#include <span>
#include <string_view>

namespace univrs::p2p {

// One field of a message. The views live as long as the input.
struct ProtoField {
  enum class Type { Varint, Fixed64, Bytes, Fixed32 };
  uint32_t number = 0;
  Type type = Type::Varint;
  uint64_t value = 0;            // Varint, Fixed64, Fixed32. Protobuf varints: up to 10 bytes, 64 bits, any length form
  std::span<const uint8_t> data; // Bytes

  [[nodiscard]] std::string_view text() const { return {reinterpret_cast<const char*>(data.data()), data.size()}; }
  [[nodiscard]] bool isBytes(uint32_t n) const { return number == n && type == Type::Bytes; }
  [[nodiscard]] bool isVarint(uint32_t n) const { return number == n && type == Type::Varint; }
};

// Walks the fields of one message: while (auto f = reader.next()) { … } if (!reader.ok()) refuse.
class ProtoReader {
public:
  explicit ProtoReader(std::span<const uint8_t> message) : m_rest(message) {}
  // Nothing at the end and after a fault (cut field, group, field number 0 or above 2^29-1).
  std::optional<ProtoField> next();
  // False once a fault was met; the fields before it were whole.
  [[nodiscard]] bool ok() const { return m_ok; }

private:
  std::span<const uint8_t> m_rest;
  bool m_ok = true;
};

class ProtoWriter {
public:
  ProtoWriter& varint(uint32_t number, uint64_t value);
  ProtoWriter& bytes(uint32_t number, std::span<const uint8_t> data);
  ProtoWriter& text(uint32_t number, std::string_view text);
  ProtoWriter& message(uint32_t number, const ProtoWriter& inner) { return bytes(number, inner.m_out); }
  [[nodiscard]] const base::Bytes& out() const { return m_out; }
  base::Bytes take() { return std::move(m_out); }

private:
  base::Bytes m_out;
};

// `message` with its length as uvarint before it: the frame of identify, gossipsub, kad, relay.
base::Bytes lengthPrefixed(std::span<const uint8_t> message);

} // namespace univrs::p2p
