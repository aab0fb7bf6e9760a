// What a program in a terminal has drawn: an emulator of xterm with 256 and true colours. Bytes in, a screen and
// replies out; nothing else happens here (no clock, no window, no thread), and no bytes can make it fail or grow
// without bound. Ours because Debian 12 and Ubuntu 24.04 ship libvterm versions (0.1 and 0.3) with different
// interfaces.
//
// Understood: UTF-8 with wide and combining characters; SGR; cursor movement, save and restore; scroll regions; insert,
// delete and erase of lines and characters; tabs; origin, insert and autowrap mode; the alternate screen; bracketed
// paste; application cursor keys and keypad; mouse reports 1000, 1002, 1003 with 1006; focus reports; titles; DA, DSR,
// CPR, DECRQM and colour queries; DECSCUSR; REP; line drawing characters. Hyperlinks (OSC 8) show as their text.
#pragma once

#include "app/gui/terminal_grid.h"
#include "app/gui/terminal_parser.h"

#include <QString>

#include <map>
#include <string>
#include <vector>

namespace univrs::gui {

// What the program asked of the keyboard and the mouse.
struct TerminalModes {
  enum Mouse : uint8_t { NoMouse, Presses, Drags, AllMoves };
  bool applicationCursor = false;
  bool applicationKeypad = false;
  bool newLine = false;
  bool bracketedPaste = false;
  bool focusReports = false;
  bool alternateScroll = true; // the wheel is arrow keys on the alternate screen
  bool sgrMouse = false;
  Mouse mouse = NoMouse;
};

struct TerminalPosition {
  int64_t line = 0; // counted from the first line there ever was; see TerminalScreen::firstLine()
  int column = 0;
  auto operator<=>(const TerminalPosition&) const = default;
};

class TerminalScreen final : private TerminalSink {
public:
  static constexpr size_t kMaxReplyBytes = 16'384; // waiting to be taken; more are dropped
  static constexpr size_t kMaxMarkSets = 4'096;    // different sets of combining marks on one screen
  static constexpr size_t kMaxMarks = 8;           // on one character
  static constexpr int kMaxTitle = 120;            // characters
  enum class CursorShape : uint8_t { Block, Underline, Bar };

  TerminalScreen(int columns, int rows); // clamped to 1…TerminalGrid::kMaxColumns, kMaxRows

  void push(std::string_view bytes);
  //! Text that was left out by whoever feeds this: any sequence begun is forgotten, and the line says `note`.
  void interrupt(const QString& note);
  void resize(int columns, int rows);
  //! As after power-on; history stays.
  void reset();
  void clearHistory();
  //! Bytes for the program's input: answers to what it asked.
  std::string takeReplies();

  [[nodiscard]] int columns() const { return m_grid->columns(); }
  [[nodiscard]] int rows() const { return m_grid->rows(); }
  [[nodiscard]] int historyLines() const { return m_alternateShown ? 0 : m_main.historyLines(); }
  //! Number of the oldest line there is; it has historyLines() + rows() lines from there on.
  [[nodiscard]] int64_t firstLine() const { return m_alternateShown ? 0 : m_main.droppedLines(); }
  [[nodiscard]] const TerminalLine& line(int row) const { return m_grid->line(row); } // -historyLines()…rows()-1
  [[nodiscard]] const TerminalLine& lineByNumber(int64_t number) const;
  [[nodiscard]] const std::u32string& marks(uint16_t set) const { return m_marks[set < m_marks.size() ? set : 0]; }
  [[nodiscard]] QString cellText(const TerminalCell& cell) const;
  [[nodiscard]] int cursorRow() const { return m_cursor.row; }
  [[nodiscard]] int cursorColumn() const { return m_cursor.column; }
  [[nodiscard]] bool cursorVisible() const { return m_cursorVisible; }
  [[nodiscard]] CursorShape cursorShape() const { return m_shape; }
  [[nodiscard]] bool reversed() const { return m_reversed; }
  [[nodiscard]] bool alternate() const { return m_alternateShown; }
  [[nodiscard]] const TerminalModes& modes() const { return m_modes; }
  [[nodiscard]] QString title() const { return m_title; }
  [[nodiscard]] uint64_t bells() const { return m_bells; }
  //! Counts up whenever lines get other numbers or other places: selections are void then.
  [[nodiscard]] uint64_t layout() const { return m_layout; }
  //! Answers to programs that ask for the colours (0xRRGGBB).
  void setColours(uint32_t text, uint32_t ground);

  //! Rows drawn on since the last call: true at their index. All are when the screen scrolled.
  std::vector<bool> takeDirty();
  //! Text from `from` up to before `to`, lines joined where they were wrapped, blanks at the ends of lines left out.
  [[nodiscard]] QString text(TerminalPosition from, TerminalPosition to) const;
  [[nodiscard]] QString visibleText() const;

private:
  struct Pen {
    TerminalColour text = 0;
    TerminalColour ground = 0;
    uint16_t style = 0;
  };
  struct Cursor {
    int row = 0;
    int column = 0;
    bool wrapNext = false; // the last column was written: the next character goes on the next line
    bool origin = false;
    Pen pen;
    int charset = 0;
    std::array<bool, 2> drawing{}; // G0, G1 are line drawing
  };

  void printAscii(std::string_view text) override;
  void print(char32_t c) override;
  void control(unsigned char c) override;
  void escape(const TerminalSequence& sequence) override;
  void csi(const TerminalSequence& sequence) override;
  void osc(std::string_view text) override;

  void put(char32_t c, int columns);
  void combine(char32_t mark);
  void wrap();
  void lineFeed();
  void reverseLineFeed();
  void moveTo(int row, int column);
  void moveBy(int rows, int columns);
  void scroll(int count); // > 0: up
  void tab(int count);
  void eraseInDisplay(int what);
  void eraseInLine(int what);
  void setMargins(int top, int bottom);
  void setMode(const TerminalSequence& sequence, bool on);
  void setPrivateMode(int mode, bool on);
  int privateMode(int mode) const; // 0 unknown, 1 set, 2 reset
  void showAlternate(bool on, bool clear);
  void selectStyle(const TerminalSequence& sequence);
  bool selectColour(const TerminalSequence& s, size_t& i, TerminalColour& colour);
  void report(const TerminalSequence& sequence);
  void reply(const std::string& text);
  void saveCursor();
  void restoreCursor();
  void resetModes();
  void dirty(int row) { m_dirty[size_t(row)] = true; }
  void dirtyFrom(int row, int to);
  Cursor& saved() { return m_alternateShown ? m_savedAlternate : m_savedMain; }

  TerminalParser m_parser{*this};
  TerminalGrid m_main;
  TerminalGrid m_alternate;
  TerminalGrid* m_grid = &m_main;
  bool m_alternateShown = false;
  Cursor m_cursor;
  Cursor m_savedMain;
  Cursor m_savedAlternate;
  int m_top = 0;
  int m_bottom = 0;
  std::vector<bool> m_tabs;
  TerminalModes m_modes;
  bool m_autowrap = true;
  bool m_insert = false;
  bool m_cursorVisible = true;
  bool m_reversed = false;
  CursorShape m_shape = CursorShape::Block;
  char32_t m_last = 0; // for REP
  QString m_title;
  uint64_t m_bells = 0;
  uint64_t m_layout = 0;
  std::string m_replies;
  uint32_t m_textColour = 0xE6EFEA;
  uint32_t m_groundColour = 0x0D1311;
  std::vector<bool> m_dirty;
  std::vector<std::u32string> m_marks{{}}; // by number; 0 is none
  std::map<std::u32string, uint16_t> m_markSets;
};

} // namespace univrs::gui
