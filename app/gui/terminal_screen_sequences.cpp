// What the escape sequences do to TerminalScreen.
#include "app/gui/terminal_screen.h"
#include "app/gui/terminal_width.h"

#include <algorithm>

namespace univrs::gui {

void TerminalScreen::escape(const TerminalSequence& s) {
  if (s.overflow) {
    return;
  }
  if (s.between == '(' || s.between == ')') {
    m_cursor.drawing[s.between == '(' ? 0 : 1] = s.final == '0';
    return;
  }
  if (s.between == '#' && s.final == '8') { // a screen full of E, to adjust it by
    m_top = 0;
    m_bottom = rows() - 1;
    moveTo(0, 0);
    TerminalCell cell;
    cell.character = U'E';
    for (int r = 0; r < rows(); ++r) {
      m_grid->row(r).clear(0);
      m_grid->row(r).cells.assign(size_t(columns()), cell);
    }
    dirtyFrom(0, rows());
    return;
  }
  if (s.between != 0) {
    return;
  }
  switch (s.final) {
  case '7':
    saveCursor();
    break;
  case '8':
    restoreCursor();
    break;
  case 'D':
    m_cursor.wrapNext = false;
    lineFeed();
    break;
  case 'E':
    m_cursor.wrapNext = false;
    m_cursor.column = 0;
    lineFeed();
    break;
  case 'H':
    m_tabs[size_t(m_cursor.column)] = true;
    break;
  case 'M':
    reverseLineFeed();
    break;
  case '=':
    m_modes.applicationKeypad = true;
    break;
  case '>':
    m_modes.applicationKeypad = false;
    break;
  case 'c':
    reset();
    break;
  default:
    break;
  }
}

void TerminalScreen::eraseInDisplay(int what) {
  const TerminalColour ground = m_cursor.pen.ground;
  const int row = m_cursor.row;
  m_cursor.wrapNext = false;
  if (what == 0 || what == 1) {
    const int first = what == 0 ? row + 1 : 0;
    const int last = what == 0 ? rows() : row;
    for (int r = first; r < last; ++r) {
      m_grid->row(r).clear(ground);
    }
    m_grid->erase(row, what == 0 ? m_cursor.column : 0, what == 0 ? columns() : m_cursor.column + 1, ground);
    dirtyFrom(what == 0 ? row : 0, what == 0 ? rows() : row + 1);
  } else if (what == 2) {
    for (int r = 0; r < rows(); ++r) {
      m_grid->row(r).clear(ground);
    }
    dirtyFrom(0, rows());
  } else if (what == 3) {
    clearHistory();
  }
}

void TerminalScreen::eraseInLine(int what) {
  const int from = what == 0 ? m_cursor.column : 0;
  const int to = what == 1 ? m_cursor.column + 1 : columns();
  if (what >= 0 && what <= 2) {
    m_grid->erase(m_cursor.row, from, to, m_cursor.pen.ground);
    m_cursor.wrapNext = false;
    dirty(m_cursor.row);
  }
}

void TerminalScreen::csi(const TerminalSequence& s) {
  if (s.overflow) {
    return;
  }
  if (s.between == ' ' && s.final == 'q' && s.prefix == 0) {
    const int n = s.raw(0);
    m_shape = n >= 5 ? CursorShape::Bar : n >= 3 ? CursorShape::Underline : CursorShape::Block;
    dirty(m_cursor.row);
    return;
  }
  if (s.between == '!' && s.final == 'p') { // soft reset
    const int row = m_cursor.row;
    const int column = m_cursor.column;
    resetModes();
    m_cursor.row = row;
    m_cursor.column = column;
    dirtyFrom(0, rows());
    return;
  }
  if (s.final == 'n' || s.final == 'c' || s.final == 't' || (s.between == '$' && s.final == 'p')) {
    report(s);
    return;
  }
  if (s.between != 0) {
    return;
  }
  if (s.prefix == '?') {
    if (s.final == 'h' || s.final == 'l') {
      setMode(s, s.final == 'h');
    } else if (s.final == 'J') {
      eraseInDisplay(s.raw(0));
    } else if (s.final == 'K') {
      eraseInLine(s.raw(0));
    }
    return;
  }
  if (s.prefix != 0) {
    return;
  }
  const int n = s.number(0, 1);
  const TerminalColour ground = m_cursor.pen.ground;
  switch (s.final) {
  case '@':
    m_grid->insertCells(m_cursor.row, m_cursor.column, n, ground);
    m_cursor.wrapNext = false;
    dirty(m_cursor.row);
    break;
  case 'A':
    moveBy(-n, 0);
    break;
  case 'B':
  case 'e':
    moveBy(n, 0);
    break;
  case 'C':
  case 'a':
    moveBy(0, n);
    break;
  case 'D':
    moveBy(0, -n);
    break;
  case 'E':
    moveBy(n, -columns());
    break;
  case 'F':
    moveBy(-n, -columns());
    break;
  case 'G':
  case '`':
    moveTo(m_cursor.row - (m_cursor.origin ? m_top : 0), n - 1);
    break;
  case 'H':
  case 'f':
    moveTo(n - 1, s.number(1, 1) - 1);
    break;
  case 'I':
    tab(n);
    break;
  case 'J':
    eraseInDisplay(s.raw(0));
    break;
  case 'K':
    eraseInLine(s.raw(0));
    break;
  case 'L':
  case 'M':
    if (m_cursor.row >= m_top && m_cursor.row <= m_bottom) {
      if (s.final == 'L') {
        m_grid->scrollDown(m_cursor.row, m_bottom, n, ground);
      } else {
        m_grid->scrollUp(m_cursor.row, m_bottom, n, ground, false);
      }
      m_cursor.column = 0;
      m_cursor.wrapNext = false;
      dirtyFrom(m_cursor.row, m_bottom + 1);
    }
    break;
  case 'P':
    m_grid->deleteCells(m_cursor.row, m_cursor.column, n, ground);
    m_cursor.wrapNext = false;
    dirty(m_cursor.row);
    break;
  case 'S':
    scroll(n);
    break;
  case 'T':
    if (s.count <= 1) { // with five it is a kind of mouse tracking nobody has
      scroll(-n);
    }
    break;
  case 'X':
    m_grid->erase(m_cursor.row, m_cursor.column, m_cursor.column + n, ground);
    m_cursor.wrapNext = false;
    dirty(m_cursor.row);
    break;
  case 'Z':
    tab(-n);
    break;
  case 'b':
    if (m_last != 0) {
      const int width = characterColumns(m_last);
      for (int i = 0; i < std::min(n, columns()); ++i) {
        put(m_last, std::max(width, 1));
      }
    }
    break;
  case 'd':
    moveTo(n - 1, m_cursor.column);
    break;
  case 'g':
    if (s.raw(0) == 0) {
      m_tabs[size_t(m_cursor.column)] = false;
    } else if (s.raw(0) == 3) {
      m_tabs.assign(m_tabs.size(), false);
    }
    break;
  case 'h':
  case 'l':
    setMode(s, s.final == 'h');
    break;
  case 'm':
    selectStyle(s);
    break;
  case 'r':
    setMargins(s.number(0, 1), s.number(1, rows()));
    break;
  case 's':
    saveCursor();
    break;
  case 'u':
    restoreCursor();
    break;
  default:
    break;
  }
}

} // namespace univrs::gui
