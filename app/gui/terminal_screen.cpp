#include "app/gui/terminal_screen.h"

#include "app/gui/terminal_width.h"

#include <QList>

#include <algorithm>
#include <array>
#include <utility>

namespace univrs::gui {
namespace {

constexpr int kTabWidth = 8;

// 0x5f…0x7e of DEC's line drawing characters.
constexpr std::array<char32_t, 32> kDrawing{U' ',      U'\u25C6', U'\u2592', U'\u2409', U'\u240C', U'\u240D', U'\u240A',
                                            U'\u00B0', U'\u00B1', U'\u2424', U'\u240B', U'\u2518', U'\u2510', U'\u250C',
                                            U'\u2514', U'\u253C', U'\u23BA', U'\u23BB', U'\u2500', U'\u23BC', U'\u23BD',
                                            U'\u251C', U'\u2524', U'\u2534', U'\u252C', U'\u2502', U'\u2264', U'\u2265',
                                            U'\u03C0', U'\u2260', U'\u00A3', U'\u00B7'};

} // namespace

TerminalScreen::TerminalScreen(int columns, int rows)
    : m_main(columns, rows, true), m_alternate(columns, rows, false), m_bottom(m_main.rows() - 1),
      m_dirty(size_t(m_main.rows()), true) {
  resetModes();
}

void TerminalScreen::push(std::string_view bytes) {
  m_parser.push(bytes);
}

void TerminalScreen::interrupt(const QString& note) {
  m_parser.abort();
  if (m_alternateShown) {
    return;
  }
  const Cursor before = m_cursor;
  m_cursor.pen = {0, 0, TerminalCell::Dim};
  m_cursor.drawing = {};
  if (m_cursor.column > 0) {
    m_cursor.column = 0;
    lineFeed();
  }
  const QByteArray text = note.toUtf8();
  m_parser.push({text.constData(), size_t(text.size())});
  m_cursor.column = 0;
  lineFeed();
  m_cursor.pen = before.pen;
  m_cursor.drawing = before.drawing;
}

void TerminalScreen::resetModes() {
  m_cursor = {};
  m_savedMain = {};
  m_savedAlternate = {};
  m_top = 0;
  m_bottom = rows() - 1;
  m_modes = {};
  m_autowrap = true;
  m_insert = false;
  m_cursorVisible = true;
  m_reversed = false;
  m_shape = CursorShape::Block;
  m_last = 0;
  m_tabs.assign(size_t(TerminalGrid::kMaxColumns), false);
  for (size_t i = 0; i < m_tabs.size(); i += kTabWidth) {
    m_tabs[i] = true;
  }
}

void TerminalScreen::reset() {
  m_parser.abort();
  showAlternate(false, false);
  resetModes();
  for (int r = 0; r < rows(); ++r) {
    m_main.row(r).clear(0);
  }
  m_title.clear();
  m_replies.clear();
  dirtyFrom(0, rows());
}

void TerminalScreen::clearHistory() {
  m_main.clearHistory();
  ++m_layout;
  dirtyFrom(0, rows());
}

std::string TerminalScreen::takeReplies() {
  return std::exchange(m_replies, {});
}

void TerminalScreen::setColours(uint32_t text, uint32_t ground) {
  m_textColour = text & 0xFFFFFF;
  m_groundColour = ground & 0xFFFFFF;
}

void TerminalScreen::resize(int columns, int rowCount) {
  const int newColumns = std::clamp(columns, 1, TerminalGrid::kMaxColumns);
  const int newRows = std::clamp(rowCount, 1, TerminalGrid::kMaxRows);
  if (newColumns == this->columns() && newRows == rows()) {
    return;
  }
  Cursor& main = m_alternateShown ? m_savedMain : m_cursor;
  Cursor& other = m_alternateShown ? m_cursor : m_savedAlternate;
  m_main.resize(newColumns, newRows, main.row, main.column);
  m_alternate.resize(newColumns, newRows, other.row, other.column);
  m_cursor.wrapNext = false;
  for (Cursor* c : {&m_cursor, &m_savedMain, &m_savedAlternate}) {
    c->row = std::clamp(c->row, 0, newRows - 1);
    c->column = std::clamp(c->column, 0, newColumns - 1);
    c->wrapNext = false;
  }
  m_top = 0;
  m_bottom = newRows - 1;
  m_dirty.assign(size_t(newRows), true);
  ++m_layout;
}

std::vector<bool> TerminalScreen::takeDirty() {
  std::vector<bool> taken(size_t(rows()), false);
  taken.swap(m_dirty);
  return taken;
}

void TerminalScreen::dirtyFrom(int row, int to) {
  std::fill(m_dirty.begin() + row, m_dirty.begin() + to, true);
}

const TerminalLine& TerminalScreen::lineByNumber(int64_t number) const {
  const int64_t row = std::clamp<int64_t>(number - firstLine() - historyLines(), -historyLines() - 1, rows());
  return m_grid->line(int(row));
}

QString TerminalScreen::cellText(const TerminalCell& cell) const {
  if (cell.character == 0) {
    return QStringLiteral(" ");
  }
  QString out = QString::fromUcs4(&cell.character, 1);
  if (cell.marks != 0) {
    const std::u32string& set = marks(cell.marks);
    out += QString::fromUcs4(set.data(), qsizetype(set.size()));
  }
  return out;
}

QString TerminalScreen::text(TerminalPosition from, TerminalPosition to) const {
  QString out;
  const int64_t last = std::min(to.line, firstLine() + historyLines() + rows() - 1);
  for (int64_t n = std::max(from.line, firstLine()); n <= last; ++n) {
    const TerminalLine& line = lineByNumber(n);
    const int begin = n == from.line ? std::max(from.column, 0) : 0;
    const int end = std::min(n == to.line ? to.column : columns(), int(line.cells.size()));
    qsizetype kept = out.size();
    for (int c = begin; c < end; ++c) {
      const TerminalCell& cell = line.cells[size_t(c)];
      if ((cell.style & TerminalCell::WideTail) != 0) {
        continue;
      }
      out += cellText(cell);
      if (cell.character != 0 && cell.character != U' ') {
        kept = out.size();
      }
    }
    if (line.wrapped && n < to.line) {
      continue;
    }
    if (n < to.line || end == int(line.cells.size())) {
      out.truncate(kept);
    }
    if (n < last) {
      out += QLatin1Char('\n');
    }
  }
  return out;
}

QString TerminalScreen::visibleText() const {
  const int64_t top = firstLine() + historyLines();
  QString out = text({top, 0}, {top + rows() - 1, columns()});
  while (out.endsWith(QLatin1Char('\n'))) {
    out.chop(1);
  }
  return out;
}

// ---- characters

void TerminalScreen::printAscii(std::string_view text) {
  if (m_cursor.drawing[size_t(m_cursor.charset)] || m_insert) {
    for (const char c : text) {
      const auto u = static_cast<unsigned char>(c);
      const bool drawn = m_cursor.drawing[size_t(m_cursor.charset)] && u >= 0x5F;
      put(drawn ? kDrawing[u - 0x5Fu] : char32_t(u), 1);
    }
    return;
  }
  size_t i = 0;
  while (i < text.size()) {
    if (m_cursor.wrapNext) {
      wrap();
    }
    const size_t room = size_t(columns() - m_cursor.column);
    const size_t n = std::min(room, text.size() - i);
    const int first = m_cursor.column;
    TerminalLine& line = m_grid->row(m_cursor.row);
    m_grid->writable(m_cursor.row, first);
    const int last = first + int(n) - 1;
    if (line.cells.size() <= size_t(last)) {
      line.cells.resize(size_t(last) + 1);
    } else if (last > first) {
      m_grid->writable(m_cursor.row, last);
    }
    TerminalCell cell;
    cell.text = m_cursor.pen.text;
    cell.ground = m_cursor.pen.ground;
    cell.style = m_cursor.pen.style;
    for (size_t k = 0; k < n; ++k) {
      cell.character = static_cast<unsigned char>(text[i + k]);
      line.cells[size_t(first) + k] = cell;
    }
    dirty(m_cursor.row);
    i += n;
    if (last + 1 >= columns()) {
      m_cursor.column = columns() - 1;
      m_cursor.wrapNext = m_autowrap;
      if (!m_autowrap && i < text.size()) { // the rest falls on the last column
        line.cells[size_t(columns()) - 1].character = static_cast<unsigned char>(text.back());
        i = text.size();
      }
    } else {
      m_cursor.column = last + 1;
    }
  }
  if (!text.empty()) {
    m_last = static_cast<unsigned char>(text.back());
  }
}

void TerminalScreen::print(char32_t c) {
  const int width = characterColumns(c);
  if (width == 0) {
    combine(c);
  } else {
    put(c, width);
  }
}

void TerminalScreen::put(char32_t c, int width) {
  int taken = std::min(width, columns());
  if (m_cursor.wrapNext) {
    wrap();
  }
  if (m_cursor.column + taken > columns()) { // a wide character does not fit at the end of the line
    if (m_autowrap) {
      wrap();
    } else {
      m_cursor.column = columns() - taken;
    }
  }
  const int row = m_cursor.row;
  const int column = m_cursor.column;
  if (m_insert) {
    m_grid->insertCells(row, column, taken, m_cursor.pen.ground);
  }
  TerminalCell cell;
  cell.character = c;
  cell.text = m_cursor.pen.text;
  cell.ground = m_cursor.pen.ground;
  cell.style = m_cursor.pen.style;
  if (taken == 2) {
    TerminalCell tail = cell;
    tail.character = 0;
    tail.style |= TerminalCell::WideTail;
    m_grid->writable(row, column);
    m_grid->writable(row, column + 1) = tail;
    cell.style |= TerminalCell::Wide;
    m_grid->row(row).cells[size_t(column)] = cell;
  } else {
    m_grid->writable(row, column) = cell;
  }
  dirty(row);
  m_last = c;
  if (column + taken >= columns()) {
    m_cursor.column = columns() - 1;
    m_cursor.wrapNext = m_autowrap;
  } else {
    m_cursor.column = column + taken;
  }
}

void TerminalScreen::combine(char32_t mark) {
  int column = m_cursor.wrapNext ? m_cursor.column : m_cursor.column - 1;
  TerminalLine& line = m_grid->row(m_cursor.row);
  if (column < 0 || size_t(column) >= line.cells.size()) {
    return; // nothing to stand on
  }
  if ((line.cells[size_t(column)].style & TerminalCell::WideTail) != 0 && column > 0) {
    --column;
  }
  TerminalCell& cell = line.cells[size_t(column)];
  if (cell.character == 0) {
    return;
  }
  std::u32string set = marks(cell.marks);
  if (set.size() >= kMaxMarks) {
    return;
  }
  set.push_back(mark);
  auto found = m_markSets.find(set);
  if (found == m_markSets.end()) {
    if (m_marks.size() >= kMaxMarkSets) {
      return;
    }
    found = m_markSets.emplace(set, uint16_t(m_marks.size())).first;
    m_marks.push_back(set);
  }
  cell.marks = found->second;
  dirty(m_cursor.row);
}

void TerminalScreen::wrap() {
  m_grid->row(m_cursor.row).wrapped = true;
  m_cursor.wrapNext = false;
  m_cursor.column = 0;
  lineFeed();
}

void TerminalScreen::control(unsigned char c) {
  switch (c) {
  case 0x07:
    ++m_bells;
    break;
  case 0x08:
    m_cursor.wrapNext = false;
    m_cursor.column = std::max(0, m_cursor.column - 1);
    break;
  case 0x09:
    tab(1);
    break;
  case 0x0A:
  case 0x0B:
  case 0x0C:
    if (m_modes.newLine) {
      m_cursor.column = 0;
    }
    m_cursor.wrapNext = false;
    lineFeed();
    break;
  case 0x0D:
    m_cursor.column = 0;
    m_cursor.wrapNext = false;
    break;
  case 0x0E:
    m_cursor.charset = 1;
    break;
  case 0x0F:
    m_cursor.charset = 0;
    break;
  default:
    break;
  }
}

// ---- moving

void TerminalScreen::scroll(int count) {
  if (count > 0) {
    m_grid->scrollUp(m_top, m_bottom, count, m_cursor.pen.ground, !m_alternateShown);
  } else {
    m_grid->scrollDown(m_top, m_bottom, -count, m_cursor.pen.ground);
  }
  dirtyFrom(m_top, m_bottom + 1);
}

void TerminalScreen::lineFeed() {
  if (m_cursor.row == m_bottom) {
    scroll(1);
  } else if (m_cursor.row < rows() - 1) {
    ++m_cursor.row;
  }
}

void TerminalScreen::reverseLineFeed() {
  m_cursor.wrapNext = false;
  if (m_cursor.row == m_top) {
    scroll(-1);
  } else if (m_cursor.row > 0) {
    --m_cursor.row;
  }
}

void TerminalScreen::moveTo(int row, int column) {
  const int first = m_cursor.origin ? m_top : 0;
  const int last = m_cursor.origin ? m_bottom : rows() - 1;
  m_cursor.row = std::clamp(first + row, first, last);
  m_cursor.column = std::clamp(column, 0, columns() - 1);
  m_cursor.wrapNext = false;
}

void TerminalScreen::moveBy(int rowCount, int columnCount) {
  // Margins hold a cursor that is between them.
  const int first = m_cursor.row >= m_top ? m_top : 0;
  const int last = m_cursor.row <= m_bottom ? m_bottom : rows() - 1;
  m_cursor.row = std::clamp(m_cursor.row + rowCount, first, last);
  m_cursor.column = std::clamp(m_cursor.column + columnCount, 0, columns() - 1);
  m_cursor.wrapNext = false;
}

void TerminalScreen::tab(int count) {
  const int step = count > 0 ? 1 : -1;
  int left = std::min(std::abs(count), columns());
  int column = m_cursor.column;
  while (left > 0 && column + step >= 0 && column + step < columns()) {
    column += step;
    left -= m_tabs[size_t(column)] ? 1 : 0;
  }
  m_cursor.column = column;
  m_cursor.wrapNext = false;
}

void TerminalScreen::setMargins(int top, int bottom) {
  const int first = std::clamp(top, 1, rows()) - 1;
  const int last = std::clamp(bottom, 1, rows()) - 1;
  if (first < last) {
    m_top = first;
    m_bottom = last;
    moveTo(0, 0);
  }
}

void TerminalScreen::saveCursor() {
  saved() = m_cursor;
}

void TerminalScreen::restoreCursor() {
  m_cursor = saved();
  m_cursor.row = std::clamp(m_cursor.row, 0, rows() - 1);
  m_cursor.column = std::clamp(m_cursor.column, 0, columns() - 1);
}

} // namespace univrs::gui
