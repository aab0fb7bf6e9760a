#include "plugins/runtime-docker/json_lines.h"

namespace univrs::docker {

namespace {
std::string_view withoutEnd(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) {
    line.remove_suffix(1);
  }
  return line;
}
} // namespace

base::Result<void> JsonLines::push(std::string_view bytes, const std::function<bool(std::string_view)>& line) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    if (m_partial.size() + piece.size() > kMaxLineBytes) {
      m_partial.clear();
      return base::makeError(base::ErrorCode::TooLarge, "The container engine's reply is not understood",
                             "one line of it is over 1 MiB");
    }
    if (end == std::string_view::npos) {
      m_partial.append(piece);
      return {};
    }
    bytes.remove_prefix(end + 1);
    bool goOn = true;
    if (m_partial.empty()) {
      const auto whole = withoutEnd(piece);
      goOn = whole.empty() || line(whole);
    } else {
      m_partial.append(piece);
      const std::string whole = std::move(m_partial);
      m_partial.clear();
      goOn = line(withoutEnd(whole));
    }
    if (!goOn) {
      return {};
    }
  }
  return {};
}

void JsonLines::finish(const std::function<bool(std::string_view)>& line) {
  const std::string last = std::move(m_partial);
  m_partial.clear();
  if (const auto whole = withoutEnd(last); !whole.empty()) {
    line(whole);
  }
}

} // namespace univrs::docker
