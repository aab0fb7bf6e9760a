#include "app/cli/live_lines.h"

#include "app/cli/text_width.h"

#include <algorithm>

namespace univrs::cli {

void LiveLines::clear() {
  if (m_shown > 0) {
    m_console.err("\x1b[" + std::to_string(m_shown) + "A\x1b[J");
    m_shown = 0;
  }
}

void LiveLines::show(const std::vector<LiveLine>& lines) {
  if (m_console.quiet()) {
    return;
  }
  if (!m_console.errIsTerminal()) {
    for (const LiveLine& line : lines) {
      if (!line.plain.empty() && m_plain[line.key] != line.plain) {
        m_plain[line.key] = line.plain;
        m_console.note(line.plain);
      }
    }
    return;
  }
  std::string text = m_shown > 0 ? "\x1b[" + std::to_string(m_shown) + "A\x1b[J" : std::string();
  const int width = std::max(20, m_console.errWidth());
  const size_t most = size_t(std::max(4, m_console.rows() > 0 ? m_console.rows() - 2 : 20));
  int shown = 0;
  for (size_t i = 0; i < lines.size() && i < most; ++i, ++shown) {
    text += paint(cutToWidth(escapeControls(lines[i].text), width - 1), lines[i].tone, m_console.errColour()) + "\n";
  }
  m_console.err(text);
  m_shown = shown;
}

} // namespace univrs::cli
