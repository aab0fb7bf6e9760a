// Everything a program may write to its terminal, in pieces, with changes of size between them.
#include "app/gui/terminal_screen.h"

#include <QString>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace univrs::gui;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 3 || size > (1u << 16)) {
    return 0;
  }
  const size_t step = size_t(data[0]) + 1;
  TerminalScreen screen(data[1] % 100, data[2] % 60);
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 3, size - 3);
  for (size_t at = 0; at < bytes.size(); at += step) {
    const std::string_view piece = bytes.substr(at, step);
    screen.push(piece);
    if (piece.back() == '\x7f') { // never meaningful: here it resizes
      screen.resize(piece.front() % 90, static_cast<unsigned char>(piece.front()) % 50);
    }
    if (screen.cursorRow() < 0 || screen.cursorRow() >= screen.rows() || screen.cursorColumn() < 0 ||
        screen.cursorColumn() >= screen.columns() || size_t(screen.historyLines()) > TerminalGrid::kMaxHistoryLines ||
        screen.title().size() > TerminalScreen::kMaxTitle + 1 || screen.takeDirty().size() != size_t(screen.rows())) {
      std::abort();
    }
  }
  for (int r = -screen.historyLines(); r < screen.rows(); ++r) {
    const TerminalLine& line = screen.line(r);
    if (line.cells.size() > size_t(screen.columns())) {
      std::abort();
    }
    for (size_t c = 0; c < line.cells.size(); ++c) {
      const bool tail = (line.cells[c].style & TerminalCell::WideTail) != 0;
      if (tail && (c == 0 || (line.cells[c - 1].style & TerminalCell::Wide) == 0)) {
        std::abort();
      }
    }
  }
  (void)screen.visibleText();
  return screen.takeReplies().size() > TerminalScreen::kMaxReplyBytes ? (std::abort(), 0) : 0;
}
