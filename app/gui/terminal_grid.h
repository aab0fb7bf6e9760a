// The lines of a terminal: what is on its screen, and what has scrolled off it. No escape sequences here.
// A line keeps only the cells written to; the rest of it is blank in the line's own ground colour.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace univrs::gui {

// 0 = the terminal's own; else kIndexed | 0…255, or kDirect | 0xRRGGBB.
using TerminalColour = uint32_t;
inline constexpr TerminalColour kIndexedColour = 0x0100'0000;
inline constexpr TerminalColour kDirectColour = 0x0200'0000;

struct TerminalCell {
  enum Style : uint16_t {
    Bold = 1,
    Dim = 2,
    Italic = 4,
    Underline = 8,
    Inverse = 16,
    Strike = 32,
    Hidden = 64,
    Blink = 128,
    Wide = 256,     // takes this column and the next
    WideTail = 512, // the second column of the one before
  };
  char32_t character = 0; // 0 = nothing was written here
  TerminalColour text = 0;
  TerminalColour ground = 0;
  uint16_t style = 0;
  uint16_t marks = 0; // combining marks: TerminalScreen::marks(); 0 = none
  bool operator==(const TerminalCell&) const = default;
};

struct TerminalLine {
  std::vector<TerminalCell> cells;
  TerminalColour ground = 0; // of the columns after the last cell
  bool wrapped = false;      // the text goes on in the next line

  [[nodiscard]] TerminalCell at(int column) const {
    if (column >= 0 && size_t(column) < cells.size()) {
      return cells[size_t(column)];
    }
    TerminalCell blank;
    blank.ground = ground;
    return blank;
  }
  void clear(TerminalColour newGround) {
    cells.clear();
    ground = newGround;
    wrapped = false;
  }
};

class TerminalGrid {
public:
  static constexpr int kMaxColumns = 500;
  static constexpr int kMaxRows = 200;
  static constexpr size_t kMaxHistoryLines = 10'000;
  static constexpr size_t kMaxHistoryCells = 1'000'000; // of all lines of history together (16 MB)

  TerminalGrid(int columns, int rows, bool keepsHistory);

  [[nodiscard]] int columns() const { return m_columns; }
  [[nodiscard]] int rows() const { return int(m_rows.size()); }
  [[nodiscard]] int historyLines() const { return int(m_history.size()); }
  // Lines of history that were let go: the oldest line there is has this number.
  [[nodiscard]] int64_t droppedLines() const { return m_dropped; }
  // Line by number, oldest first: -historyLines()…rows()-1; 0 = top of the screen.
  [[nodiscard]] const TerminalLine& line(int row) const;
  [[nodiscard]] TerminalLine& row(int row) { return m_rows[size_t(row)]; }

  // The cell, made when the line is shorter; half a wide character left over beside it becomes blank.
  TerminalCell& writable(int row, int column);
  void erase(int row, int fromColumn, int toColumn, TerminalColour ground); // half open
  void insertCells(int row, int column, int count, TerminalColour ground);
  void deleteCells(int row, int column, int count, TerminalColour ground);
  // Rows top…bottom (inclusive) move; lines leaving the top of the screen are kept when the whole width of history is
  // wanted (`keep`) and top is 0.
  void scrollUp(int top, int bottom, int count, TerminalColour ground, bool keep);
  void scrollDown(int top, int bottom, int count, TerminalColour ground);
  void clearHistory();
  // With history: text is wrapped anew. Without: cut or filled. The place given moves along with its text.
  void resize(int columns, int rows, int& cursorRow, int& cursorColumn);

private:
  void keepLine(TerminalLine&& line);
  void trimHistory();
  void reflow(int columns, int rows, int& cursorRow, int& cursorColumn);
  int m_columns;
  bool m_keepsHistory;
  std::deque<TerminalLine> m_rows;
  std::deque<TerminalLine> m_history;
  size_t m_historyCells = 0;
  int64_t m_dropped = 0;
  std::vector<TerminalCell> m_spare; // cells of a dropped line, used again
};

} // namespace univrs::gui
