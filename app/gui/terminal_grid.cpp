#include "app/gui/terminal_grid.h"

#include <algorithm>
#include <utility>

namespace univrs::gui {
namespace {

// Cells up to `size`, blank in the line's own colour.
void extend(TerminalLine& line, int size) {
  if (line.cells.size() < size_t(size)) {
    TerminalCell blank;
    blank.ground = line.ground;
    line.cells.resize(size_t(size), blank);
  }
}

// No wide character stands across the border before `column`.
void separate(TerminalLine& line, int column) {
  const size_t at = size_t(column);
  if (column > 0 && at < line.cells.size() && (line.cells[at].style & TerminalCell::WideTail) != 0) {
    line.cells[at].style &= uint16_t(~TerminalCell::WideTail);
    line.cells[at - 1].style &= uint16_t(~TerminalCell::Wide);
    line.cells[at - 1].character = 0;
    line.cells[at - 1].marks = 0;
  }
}

TerminalCell blankIn(TerminalColour ground) {
  TerminalCell blank;
  blank.ground = ground;
  return blank;
}

} // namespace

TerminalGrid::TerminalGrid(int columns, int rows, bool keepsHistory)
    : m_columns(std::clamp(columns, 1, kMaxColumns)), m_keepsHistory(keepsHistory),
      m_rows(size_t(std::clamp(rows, 1, kMaxRows))) {}

const TerminalLine& TerminalGrid::line(int row) const {
  static const TerminalLine kNone;
  if (row < 0) {
    const int at = historyLines() + row;
    return at < 0 ? kNone : m_history[size_t(at)];
  }
  return row < rows() ? m_rows[size_t(row)] : kNone;
}

TerminalCell& TerminalGrid::writable(int row, int column) {
  TerminalLine& line = m_rows[size_t(row)];
  const size_t at = size_t(column);
  if (line.cells.size() <= at) {
    TerminalCell blank;
    blank.ground = line.ground;
    line.cells.resize(at + 1, blank);
    return line.cells[at];
  }
  TerminalCell& cell = line.cells[at];
  if ((cell.style & TerminalCell::WideTail) != 0 && at > 0) {
    line.cells[at - 1].character = 0;
    line.cells[at - 1].marks = 0;
    line.cells[at - 1].style &= uint16_t(~TerminalCell::Wide);
  }
  if ((cell.style & TerminalCell::Wide) != 0 && at + 1 < line.cells.size()) {
    line.cells[at + 1].style &= uint16_t(~TerminalCell::WideTail);
  }
  return cell;
}

void TerminalGrid::erase(int row, int fromColumn, int toColumn, TerminalColour ground) {
  TerminalLine& line = m_rows[size_t(row)];
  const int from = std::clamp(fromColumn, 0, m_columns);
  const int to = std::clamp(toColumn, from, m_columns);
  if (from == to) {
    return;
  }
  separate(line, from);
  separate(line, to);
  if (to == m_columns) {
    if (ground != line.ground) {
      extend(line, from);
    }
    line.cells.resize(std::min(line.cells.size(), size_t(from)));
    line.ground = ground;
    line.wrapped = false;
    return;
  }
  extend(line, to);
  std::fill(line.cells.begin() + from, line.cells.begin() + to, blankIn(ground));
}

void TerminalGrid::insertCells(int row, int column, int count, TerminalColour ground) {
  TerminalLine& line = m_rows[size_t(row)];
  const int n = std::clamp(count, 0, m_columns - column);
  if (n == 0) {
    return;
  }
  extend(line, column);
  separate(line, column);
  separate(line, m_columns - n);
  line.cells.insert(line.cells.begin() + column, size_t(n), blankIn(ground));
  line.cells.resize(std::min(line.cells.size(), size_t(m_columns)));
  line.wrapped = false;
}

void TerminalGrid::deleteCells(int row, int column, int count, TerminalColour ground) {
  TerminalLine& line = m_rows[size_t(row)];
  const int n = std::clamp(count, 0, m_columns - column);
  if (n == 0) {
    return;
  }
  if (ground != line.ground) { // the blanks that come in at the right have the colour of the moment
    extend(line, m_columns);
    line.ground = ground;
  }
  const int size = int(line.cells.size());
  if (column < size) {
    const int end = std::min(column + n, size);
    separate(line, column);
    separate(line, end);
    line.cells.erase(line.cells.begin() + column, line.cells.begin() + end);
  }
  line.wrapped = false;
}

void TerminalGrid::keepLine(TerminalLine&& line) {
  m_historyCells += line.cells.size();
  m_history.push_back(std::move(line));
  trimHistory();
}

void TerminalGrid::trimHistory() {
  while (m_history.size() > kMaxHistoryLines || (m_historyCells > kMaxHistoryCells && !m_history.empty())) {
    m_historyCells -= m_history.front().cells.size();
    m_spare = std::move(m_history.front().cells);
    m_history.pop_front();
    ++m_dropped;
  }
}

void TerminalGrid::clearHistory() {
  m_dropped += historyLines();
  m_history.clear();
  m_historyCells = 0;
}

void TerminalGrid::scrollUp(int top, int bottom, int count, TerminalColour ground, bool keep) {
  const int n = std::clamp(count, 0, bottom - top + 1);
  const bool whole = top == 0 && bottom == rows() - 1;
  for (int i = 0; i < n; ++i) {
    TerminalLine fresh;
    if (whole || (keep && top == 0)) {
      if (keep && m_keepsHistory) {
        keepLine(std::move(m_rows.front()));
        fresh.cells = std::move(m_spare);
        m_spare = {};
      } else {
        fresh.cells = std::move(m_rows.front().cells);
      }
      m_rows.pop_front();
    } else {
      fresh.cells = std::move(m_rows[size_t(top)].cells);
      m_rows.erase(m_rows.begin() + top);
    }
    fresh.clear(ground);
    if (whole) {
      m_rows.push_back(std::move(fresh));
    } else {
      m_rows.insert(m_rows.begin() + bottom, std::move(fresh));
    }
  }
}

void TerminalGrid::scrollDown(int top, int bottom, int count, TerminalColour ground) {
  const int n = std::clamp(count, 0, bottom - top + 1);
  for (int i = 0; i < n; ++i) {
    m_rows.erase(m_rows.begin() + bottom);
    TerminalLine fresh;
    fresh.ground = ground;
    m_rows.insert(m_rows.begin() + top, std::move(fresh));
  }
  if (bottom < rows()) {
    m_rows[size_t(bottom)].wrapped = false;
  }
}

void TerminalGrid::resize(int columns, int rowCount, int& cursorRow, int& cursorColumn) {
  const int newColumns = std::clamp(columns, 1, kMaxColumns);
  const int newRows = std::clamp(rowCount, 1, kMaxRows);
  if (m_keepsHistory) {
    reflow(newColumns, newRows, cursorRow, cursorColumn);
    return;
  }
  for (TerminalLine& line : m_rows) {
    line.wrapped = false;
    if (line.cells.size() > size_t(newColumns)) {
      line.cells.resize(size_t(newColumns));
      if ((line.cells.back().style & TerminalCell::Wide) != 0) {
        line.cells.back() = {};
      }
    }
  }
  while (int(m_rows.size()) > newRows && cursorRow >= newRows) { // keep the cursor on the screen
    m_rows.pop_front();
    --cursorRow;
  }
  m_rows.resize(size_t(newRows));
  m_columns = newColumns;
  cursorRow = std::clamp(cursorRow, 0, newRows - 1);
  cursorColumn = std::clamp(cursorColumn, 0, newColumns - 1);
}

void TerminalGrid::reflow(int columns, int rowCount, int& cursorRow, int& cursorColumn) {
  // What is blank below the cursor is no text.
  size_t used = m_rows.size();
  while (used > size_t(cursorRow) + 1 && m_rows[used - 1].cells.empty() && m_rows[used - 1].ground == 0) {
    --used;
  }
  const size_t cursorLine = m_history.size() + size_t(cursorRow);
  std::deque<TerminalLine> all = std::move(m_history);
  m_history.clear();
  for (size_t i = 0; i < used; ++i) {
    all.push_back(std::move(m_rows[i]));
  }
  size_t newCursorLine = cursorLine;
  int newCursorColumn = cursorColumn;
  if (columns != m_columns) {
    std::deque<TerminalLine> out;
    const size_t width = size_t(columns);
    for (size_t first = 0; first < all.size();) {
      size_t last = first;
      while (last + 1 < all.size() && all[last].wrapped) {
        ++last;
      }
      // One logical line: all[first…last]. Where the cursor is in it, as an offset.
      std::vector<TerminalCell> text = std::move(all[first].cells);
      size_t cursorAt = 0;
      const bool hasCursor = cursorLine >= first && cursorLine <= last;
      if (cursorLine == first) {
        cursorAt = size_t(cursorColumn);
      }
      size_t begin = 0; // of the line before, in `text`
      for (size_t i = first + 1; i <= last; ++i) {
        // A wide character that did not fit at the end of the line left a gap there, which is no text.
        const std::vector<TerminalCell>& next = all[i].cells;
        const bool gap = !next.empty() && (next.front().style & TerminalCell::Wide) != 0 &&
                         text.size() - begin == size_t(m_columns) - 1;
        if (!gap) {
          text.resize(std::max(text.size(), begin + size_t(m_columns)));
        }
        begin = text.size();
        if (cursorLine == i) {
          cursorAt = begin + size_t(cursorColumn);
        }
        text.insert(text.end(), next.begin(), next.end());
      }
      const TerminalColour ground = all[last].ground;
      const size_t firstOut = out.size();
      size_t at = 0;
      do {
        size_t n = std::min(width, text.size() - at);
        if (n == width && at + n < text.size() && n > 1 && (text[at + n].style & TerminalCell::WideTail) != 0) {
          --n; // a wide character goes on the next line whole
        }
        TerminalLine line;
        line.ground = ground;
        line.cells.assign(text.begin() + ptrdiff_t(at), text.begin() + ptrdiff_t(at + n));
        if (hasCursor && cursorAt >= at && (cursorAt < at + n || at + n >= text.size())) {
          newCursorLine = out.size();
          newCursorColumn = int(std::min(cursorAt - at, width - 1));
        }
        at += n;
        line.wrapped = at < text.size();
        out.push_back(std::move(line));
      } while (at < text.size());
      if (columns == 1) { // wide characters have no place at all
        for (size_t i = firstOut; i < out.size(); ++i) {
          for (TerminalCell& cell : out[i].cells) {
            cell.style &= uint16_t(~(TerminalCell::Wide | TerminalCell::WideTail));
          }
        }
      }
      first = last + 1;
    }
    all = std::move(out);
  }
  m_columns = columns;
  const size_t shown = std::min(all.size(), size_t(rowCount));
  size_t top = all.size() - shown;
  top = std::min(top, newCursorLine);
  m_historyCells = 0;
  for (size_t i = 0; i < top; ++i) {
    m_historyCells += all[i].cells.size();
  }
  m_history.assign(std::make_move_iterator(all.begin()), std::make_move_iterator(all.begin() + ptrdiff_t(top)));
  m_rows.assign(std::make_move_iterator(all.begin() + ptrdiff_t(top)), std::make_move_iterator(all.end()));
  m_rows.resize(size_t(rowCount));
  trimHistory();
  cursorRow = std::clamp(int(newCursorLine - top), 0, rowCount - 1);
  cursorColumn = std::clamp(newCursorColumn, 0, columns - 1);
}

} // namespace univrs::gui
