#include "app/cli/table.h"

#include "app/cli/text_width.h"

#include <algorithm>
#include <numeric>

namespace univrs::cli {

namespace {
constexpr int kGap = 2;        // blanks between columns
constexpr int kLeastWidth = 6; // a shrunk column keeps this much
} // namespace

void Table::add(std::vector<Cell> row) {
  row.resize(m_columns.size());
  for (Cell& cell : row) {
    cell.text = escapeControls(cell.text);
  }
  m_rows.push_back(std::move(row));
}

std::string Table::text(int maxWidth, bool colour) const {
  std::vector<int> widths;
  for (size_t c = 0; c < m_columns.size(); ++c) {
    int width = textWidth(m_columns[c].title);
    for (const auto& row : m_rows) {
      width = std::max(width, textWidth(row[c].text));
    }
    widths.push_back(width);
  }
  const int gaps = kGap * std::max(0, int(m_columns.size()) - 1);
  const auto total = [&] { return std::accumulate(widths.begin(), widths.end(), gaps); };
  // First the columns that may shrink, widest first, then any.
  for (const bool any : {false, true}) {
    while (maxWidth > 0 && total() > maxWidth) {
      int widest = -1;
      for (size_t c = 0; c < widths.size(); ++c) {
        if ((any || m_columns[c].mayShrink) && widths[c] > kLeastWidth &&
            (widest < 0 || widths[c] > widths[size_t(widest)])) {
          widest = int(c);
        }
      }
      if (widest < 0) {
        break;
      }
      --widths[size_t(widest)];
    }
  }
  std::string out;
  const auto line = [&](const auto& cellAt) {
    std::string text;
    std::string blanks;
    for (size_t c = 0; c < m_columns.size(); ++c) {
      const Cell cell = cellAt(c);
      const std::string shown = cutToWidth(cell.text, widths[c]);
      const std::string pad(size_t(std::max(0, widths[c] - textWidth(shown))), ' ');
      // Blanks are written when something follows: no line ends in them.
      if (m_columns[c].right) {
        blanks += pad;
      }
      if (!shown.empty()) {
        text += blanks + paint(shown, cell.tone, colour);
        blanks.clear();
      }
      if (!m_columns[c].right) {
        blanks += pad;
      }
      blanks += std::string(kGap, ' ');
    }
    out += text + "\n";
  };
  line([&](size_t c) { return Cell{m_columns[c].title, Tone::Faint}; });
  for (const auto& row : m_rows) {
    line([&](size_t c) { return row[c]; });
  }
  return out;
}

} // namespace univrs::cli
