#include "plugins/runtime-docker/frames.h"

#include <algorithm>

namespace univrs::docker {

base::Result<void> FrameReader::push(std::string_view bytes, const std::function<bool(const Piece&)>& piece) {
  while (!bytes.empty()) {
    if (m_left == 0) {
      const size_t take = std::min(m_header.size() - m_headerSize, bytes.size());
      std::copy_n(bytes.begin(), take, m_header.begin() + std::ptrdiff_t(m_headerSize));
      m_headerSize += take;
      bytes.remove_prefix(take);
      if (m_headerSize < m_header.size()) {
        return {};
      }
      m_headerSize = 0;
      // 0 is stdin echoed back, 3 an error of the engine's own: both count as what they are shown as.
      if (m_header[0] > 3 || m_header[1] != 0 || m_header[2] != 0 || m_header[3] != 0) {
        return base::makeError(base::ErrorCode::Corrupt, "The container engine's stream is not understood",
                               "a frame does not begin as it must");
      }
      m_left = uint32_t(m_header[4]) << 24 | uint32_t(m_header[5]) << 16 | uint32_t(m_header[6]) << 8 | m_header[7];
      m_first = true;
      continue;
    }
    const size_t take = std::min<size_t>(m_left, bytes.size());
    m_left -= uint32_t(take);
    const Piece out{m_header[0] >= 2, m_first, m_left == 0, bytes.substr(0, take)};
    m_first = false;
    bytes.remove_prefix(take);
    if (!piece(out)) {
      return {};
    }
  }
  return {};
}

} // namespace univrs::docker
