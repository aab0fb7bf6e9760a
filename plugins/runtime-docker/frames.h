// The engines' multiplexed streams (logs, attach, exec without a terminal): frames of 8 bytes header - stream number,
// three zeros, payload size in big endian - and payload. Payload is passed on as it comes, never collected, so a
// frame's size costs nothing.
#pragma once

#include "engine/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace univrs::docker {

class FrameReader {
public:
  struct Piece {
    bool isStderr = false;
    bool first = false; // begins a frame
    bool last = false;  // ends a frame
    std::string_view bytes;
  };
  // Corrupt when the bytes are no frames. When `piece` answers false the rest is dropped.
  base::Result<void> push(std::string_view bytes, const std::function<bool(const Piece&)>& piece);
  // True between frames: an end here is a clean one.
  [[nodiscard]] bool atBoundary() const { return m_headerSize == 0 && m_left == 0; }

private:
  std::array<uint8_t, 8> m_header{};
  size_t m_headerSize = 0;
  uint32_t m_left = 0;
  bool m_first = false;
};

} // namespace univrs::docker
