// A QUIC connection id as a key of a map, without an allocation.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace univrs::p2p {

class QuicId {
public:
  static constexpr size_t kMaxBytes = 20;
  static constexpr size_t kOwnBytes = 16; // of every id we give out; short headers do not say how long theirs is

  QuicId() = default;
  explicit QuicId(std::span<const uint8_t> bytes) : m_size(static_cast<uint8_t>(std::min(bytes.size(), kMaxBytes))) {
    std::copy_n(bytes.begin(), m_size, m_bytes.begin());
  }
  [[nodiscard]] std::span<const uint8_t> bytes() const { return std::span<const uint8_t>(m_bytes).first(m_size); }
  bool operator==(const QuicId&) const = default;

private:
  std::array<uint8_t, kMaxBytes> m_bytes{};
  uint8_t m_size = 0;
};

} // namespace univrs::p2p

template <>
struct std::hash<univrs::p2p::QuicId> {
  size_t operator()(const univrs::p2p::QuicId& id) const noexcept {
    const auto bytes = id.bytes();
    return std::hash<std::string_view>()({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
};
