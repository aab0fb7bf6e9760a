// The terminal emulator: sequences as programs write them, and what must be on the screen then.
#include "app/gui/terminal_keys.h"
#include "app/gui/terminal_screen.h"
#include "app/gui/terminal_width.h"

#include <QFile>
#include <QList>

#include <gtest/gtest.h>

#include <random>

namespace univrs::gui {
namespace {

using Cell = TerminalCell;

class Terminal : public ::testing::Test {
protected:
  TerminalScreen screen{20, 5};
  QString row(int r) const {
    const int64_t n = screen.firstLine() + screen.historyLines() + r;
    return screen.text({n, 0}, {n, screen.columns()});
  }
  void write(std::string_view bytes) { screen.push(bytes); }
  Cell cell(int r, int c) const { return screen.line(r).at(c); }
  void expectCursor(int r, int c) const {
    EXPECT_EQ(screen.cursorRow(), r);
    EXPECT_EQ(screen.cursorColumn(), c);
  }
};

TEST_F(Terminal, WrapsAtTheLastColumnOnlyWhenMoreComes) {
  write("12345678901234567890");
  expectCursor(0, 19);
  write("\r\n");
  expectCursor(1, 0);
  write("12345678901234567890A");
  EXPECT_EQ(row(2), QStringLiteral("A"));
  EXPECT_TRUE(screen.line(1).wrapped);
  EXPECT_FALSE(screen.line(0).wrapped);
  write("\x1b[?7l\x1b[1;19HxyzW"); // no autowrap: the last one wins
  EXPECT_EQ(row(0), QStringLiteral("123456789012345678xW"));
}

TEST_F(Terminal, MovesTheCursorAndClampsIt) {
  write("\x1b[3;7H*\x1b[A*\x1b[2D*\x1b[99999;99999H#\x1b[H@\x1b[5G5\x1b[4d4\x1b[2E>\x1b[F<");
  EXPECT_EQ(row(2), QStringLiteral("      *"));
  EXPECT_EQ(row(1), QStringLiteral("      **"));
  EXPECT_EQ(row(0), QStringLiteral("@   5"));
  EXPECT_EQ(cell(4, 19).character, U'#');
  EXPECT_EQ(cell(4, 0).character, U'>');
  EXPECT_EQ(cell(3, 5).character, U'4');
  EXPECT_EQ(cell(3, 0).character, U'<');
}

TEST_F(Terminal, ScrollRegionMovesOnlyItsRows) {
  write("a\r\nb\r\nc\r\nd\r\ne\x1b[2;4r\x1b[4;1H\nX");
  EXPECT_EQ(row(0), QStringLiteral("a"));
  EXPECT_EQ(row(1), QStringLiteral("c"));
  EXPECT_EQ(row(2), QStringLiteral("d"));
  EXPECT_EQ(row(3), QStringLiteral("X"));
  EXPECT_EQ(row(4), QStringLiteral("e"));
  EXPECT_EQ(screen.historyLines(), 0);
  write("\x1b[2;1H\x1bM");
  EXPECT_EQ(row(1), QString());
  EXPECT_EQ(row(2), QStringLiteral("c"));
  write("\x1b[?6h\x1b[1;1Htop"); // origin: the region's first row
  EXPECT_EQ(row(1), QStringLiteral("top"));
  write("\x1b[99;1Hend");
  EXPECT_EQ(row(3), QStringLiteral("end"));
  write("\x1b[6n");
  EXPECT_EQ(screen.takeReplies(), "\x1b[3;4R");
}

TEST_F(Terminal, InsertsAndDeletesLinesAndCharacters) {
  write("one\r\ntwo\r\nthree\x1b[2;1H\x1b[L\x1b[1;2H\x1b[2@\x1b[4;1H\x1b[2P");
  EXPECT_EQ(row(0), QStringLiteral("o  ne"));
  EXPECT_EQ(row(1), QString());
  EXPECT_EQ(row(2), QStringLiteral("two"));
  EXPECT_EQ(row(3), QStringLiteral("ree"));
  write("\x1b[1;1H\x1b[M");
  EXPECT_EQ(row(1), QStringLiteral("two"));
  write("\x1b[2;1H\x1b[4hX\x1b[4l\x1b[2;3H\x1b[X");
  EXPECT_EQ(row(1), QStringLiteral("Xt o"));
}

TEST_F(Terminal, ErasesWithTheColourOfTheMoment) {
  write("hello\x1b[44m\x1b[1;3H\x1b[K\x1b[3;1H\x1b[J\x1b[0m\x1b[2;1Habc\x1b[1K");
  EXPECT_EQ(row(0), QStringLiteral("he"));
  EXPECT_EQ(cell(0, 1).ground, 0u);
  EXPECT_EQ(cell(0, 10).ground, kIndexedColour | 4u);
  EXPECT_EQ(cell(4, 19).ground, kIndexedColour | 4u);
  EXPECT_EQ(row(1), QString());
  write("\x1b[2J");
  EXPECT_EQ(cell(4, 19).ground, 0u);
}

TEST_F(Terminal, KeepsStylesAndColours) {
  write("\x1b[1;3;4;7;9mA\x1b[22;23;24;27;29mB\x1b[38;5;196;48;2;1;2;3mC\x1b[38:2::10:20:30;48:5:7mD\x1b[91;104mE"
        "\x1b[39;49mF\x1b[4:3mG\x1b[4:0mH\x1b[58;5;9;1mI\x1b[mJ\x1b[38;2;1mK");
  EXPECT_EQ(cell(0, 0).style, Cell::Bold | Cell::Italic | Cell::Underline | Cell::Inverse | Cell::Strike);
  EXPECT_EQ(cell(0, 1).style, 0);
  EXPECT_EQ(cell(0, 2).text, kIndexedColour | 196u);
  EXPECT_EQ(cell(0, 2).ground, kDirectColour | 0x010203u);
  EXPECT_EQ(cell(0, 3).text, kDirectColour | 0x0A141Eu);
  EXPECT_EQ(cell(0, 3).ground, kIndexedColour | 7u);
  EXPECT_EQ(cell(0, 4).text, kIndexedColour | 9u);
  EXPECT_EQ(cell(0, 4).ground, kIndexedColour | 12u);
  EXPECT_EQ(cell(0, 5).text, 0u);
  EXPECT_EQ(cell(0, 6).style, Cell::Underline);
  EXPECT_EQ(cell(0, 7).style, 0);
  EXPECT_EQ(cell(0, 8).style, Cell::Bold); // 58 takes its own parameters along
  EXPECT_EQ(cell(0, 9).style, 0);
  EXPECT_EQ(cell(0, 10).text, 0u); // cut short: nothing
}

TEST_F(Terminal, WideAndCombiningCharacters) {
  write("日本e\u0301\u0323x🚀!");
  EXPECT_EQ(row(0), QStringLiteral("日本e\u0301\u0323x🚀!"));
  expectCursor(0, 9);
  EXPECT_TRUE(cell(0, 0).style & Cell::Wide);
  EXPECT_TRUE(cell(0, 1).style & Cell::WideTail);
  write("\x1b[1;2Ha"); // over the second half of 日
  EXPECT_EQ(row(0), QStringLiteral(" a本e\u0301\u0323x🚀!"));
  write("\x1b[1;3Hb"); // over the first half of 本
  EXPECT_EQ(row(0), QStringLiteral(" ab e\u0301\u0323x🚀!"));
  write("\x1b[2;20H語"); // does not fit: next line
  EXPECT_EQ(row(1), QString());
  EXPECT_EQ(row(2), QStringLiteral("語"));
  write("\x1b[3;2H\x1b[1P");
  EXPECT_EQ(row(2), QString());
  write("\x1b[4;1H界\x1b[4;2H\x1b[1@z");
  EXPECT_EQ(row(3), QStringLiteral(" z"));
  std::string many = "\r\na";
  for (int i = 0; i < 50; ++i) {
    many += "\u0301";
  }
  write(many);
  EXPECT_EQ(row(4).size(), 1 + int(TerminalScreen::kMaxMarks));
  EXPECT_EQ(characterColumns(U'漢'), 2);
  EXPECT_EQ(characterColumns(U'\u200D'), 0);
  EXPECT_EQ(characterColumns(U'é'), 1);
  EXPECT_EQ(characterColumns(U'한'), 2);
  EXPECT_EQ(characterColumns(U'✓'), 1);
}

TEST_F(Terminal, BrokenUtf8ShowsOneSignEach) {
  write("a\xC3(\xE6\x97|\xF0\x9F\x9A\r\n\xC0\xAF\xED\xA0\x80z\xFF");
  EXPECT_EQ(row(0), QStringLiteral("a\uFFFD(\uFFFD|\uFFFD"));
  EXPECT_EQ(row(1), QStringLiteral("\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDz\uFFFD"));
  for (const char c : std::string_view("\r\n\xE2\x82\xAC")) { // a piece at a time
    write({&c, 1});
  }
  EXPECT_EQ(row(2), QStringLiteral("€"));
}

TEST_F(Terminal, AlternateScreenComesAndGoes) {
  write("shell$ \x1b[?1049h\x1b[2J\x1b[Hvim\x1b[?25l");
  EXPECT_TRUE(screen.alternate());
  EXPECT_FALSE(screen.cursorVisible());
  EXPECT_EQ(row(0), QStringLiteral("vim"));
  EXPECT_EQ(screen.historyLines(), 0);
  write("\x1b[5;1H\n\n\n\x1b[?25h\x1b[?1049l");
  EXPECT_EQ(screen.historyLines(), 0);
  EXPECT_EQ(row(0), QStringLiteral("shell$"));
  expectCursor(0, 7);
}

TEST_F(Terminal, AnswersWhatProgramsAsk) {
  write("\x1b[c\x1b[>c\x1b[5n\x1b[2;3H\x1b[6n\x1b[?2004$p\x1b[?2004h\x1b[?2004$p\x1b[18t\x1b]11;?\x07");
  EXPECT_EQ(screen.takeReplies(), "\x1b[?62;22c\x1b[>1;1000;0c\x1b[0n\x1b[2;3R\x1b[?2004;2$y\x1b[?2004;1$y\x1b[8;5;20t"
                                  "\x1b]11;rgb:0d0d/1313/1111\x1b\\");
  EXPECT_TRUE(screen.modes().bracketedPaste);
  for (int i = 0; i < 100'000; ++i) {
    write("\x1b[c");
  }
  EXPECT_LE(screen.takeReplies().size(), TerminalScreen::kMaxReplyBytes);
}

TEST_F(Terminal, TitlesAreOnePlainLine) {
  write("\x1b]0;root@web: /srv\x07");
  EXPECT_EQ(screen.title(), QStringLiteral("root@web: /srv"));
  write("\x1b]2;a\u202Eb\n\x01"
        "c\xFF\x1b\\d");
  EXPECT_EQ(screen.title(), QStringLiteral("abc\uFFFD"));
  write("\x1b]2;" + std::string(3000, 'x') + "\x07");
  EXPECT_EQ(screen.title().size(), TerminalScreen::kMaxTitle);
  write("\x1b]2;" + std::string(100'000, 'y') + "\x07");
  EXPECT_EQ(screen.title()[0], QLatin1Char('x')); // too long: skipped whole
  write("\r\x1b]8;;https://example.org/\x1b\\link\x1b]8;;\x1b\\\x1bP$qm\x1b\\\x1b_apc\x1b\\.");
  EXPECT_EQ(row(0), QStringLiteral("link."));
}

TEST_F(Terminal, TabsRepeatsAndLineDrawing) {
  write("a\tb\x1b[3g\rc\x1b[5G\x1bH\r\td\x1b[3b\r\n\x1b(0lqk\x1b(B\x0e)\x0f|\x1b)0\x0ex\x0fx");
  EXPECT_EQ(row(0), QStringLiteral("c   ddddb"));
  EXPECT_EQ(row(1), QStringLiteral("┌─┐)|│x"));
  write("\x1b[3;1H-\x1b[65535b");
  EXPECT_LE(screen.historyLines(), 1);
}

TEST_F(Terminal, HistoryIsBounded) {
  for (int i = 0; i < 12'000; ++i) {
    write("line " + std::to_string(i) + "\r\n");
  }
  EXPECT_EQ(size_t(screen.historyLines()), TerminalGrid::kMaxHistoryLines);
  EXPECT_EQ(screen.firstLine(), 12'000 - 4 - int64_t(TerminalGrid::kMaxHistoryLines));
  EXPECT_EQ(screen.text({screen.firstLine(), 0}, {screen.firstLine(), 20}), QStringLiteral("line 1996"));
  EXPECT_EQ(row(3), QStringLiteral("line 11999"));
  write("\x1b[3J");
  EXPECT_EQ(screen.historyLines(), 0);
  TerminalScreen wide(500, 50);
  const std::string full(500, 'x');
  for (int i = 0; i < 4'000; ++i) {
    wide.push(full);
  }
  EXPECT_LE(size_t(wide.historyLines()) * 500, TerminalGrid::kMaxHistoryCells);
}

TEST_F(Terminal, ReflowsToANewWidthAndBack) {
  write("$ the quick brown fox jumps\r\n$ 漢字漢字漢字漢字漢字\r\n$ ");
  const QString before = screen.text({0, 0}, {screen.firstLine() + screen.historyLines() + 4, 20});
  screen.resize(7, 5);
  EXPECT_EQ(screen.cursorColumn(), 2);
  screen.push("ls");
  EXPECT_EQ(row(screen.cursorRow()), QStringLiteral("$ ls"));
  for (int r = -screen.historyLines(); r < screen.rows(); ++r) {
    const TerminalLine& line = screen.line(r);
    EXPECT_LE(line.cells.size(), 7u);
    EXPECT_TRUE(line.cells.empty() || !(line.cells.front().style & Cell::WideTail));
  }
  screen.resize(20, 5);
  EXPECT_EQ(screen.text({0, 0}, {screen.firstLine() + screen.historyLines() + 4, 20}).trimmed(),
            (before.trimmed() + QStringLiteral(" ls")).trimmed());
  screen.resize(20, 2);
  EXPECT_EQ(row(1), QStringLiteral("$ ls"));
  EXPECT_GT(screen.historyLines(), 0);
  screen.resize(20, 5);
  EXPECT_EQ(screen.historyLines(), 0);
}

TEST_F(Terminal, DirtyTellsWhatWasDrawnOn) {
  screen.takeDirty();
  write("\x1b[3;1Hx");
  EXPECT_EQ(screen.takeDirty(), (std::vector<bool>{false, false, true, false, false}));
  EXPECT_EQ(screen.takeDirty(), std::vector<bool>(5, false));
  write("\x1b[5;1H\n");
  EXPECT_EQ(screen.takeDirty(), std::vector<bool>(5, true));
}

TEST_F(Terminal, InterruptForgetsWhatWasBegun) {
  write("half\x1b[3");
  screen.interrupt(QStringLiteral("(cut)"));
  write("1mafter");
  EXPECT_EQ(row(0), QStringLiteral("half"));
  EXPECT_EQ(row(1), QStringLiteral("(cut)"));
  EXPECT_EQ(row(2), QStringLiteral("1mafter"));
}

// Recorded with script(1) from the real programs (vim 9, less 590, top, and busybox vi) on an 80x24 terminal; each
// recording is cut while the program is on the screen.
TEST(TerminalRecordings, RealProgramsDrawWhatTheyShould) {
  const struct {
    const char* file;
    bool alternate;
    std::vector<std::pair<int, const char*>> rows;
  } recordings[] = {
      {"vim.bytes", true, {{0, "first line"}, {1, "zweite Zeile: äöü 漢字"}, {4, "~"}}},
      {"less.bytes", true, {{0, "number 1"}, {22, "number 23"}, {23, ":"}}},
      {"top.bytes", false, {{0, "top - "}, {6, "PID USER"}}},
      {"busybox_vi.bytes", true, {{0, "first line"}, {2, "third"}}},
  };
  for (const auto& recording : recordings) {
    QFile file(QStringLiteral(UNIVRS_TERMINAL_RECORDINGS "/") + QLatin1String(recording.file));
    ASSERT_TRUE(file.open(QIODevice::ReadOnly)) << recording.file;
    const QByteArray bytes = file.readAll();
    for (const int step : {1, 7, 4096}) {
      TerminalScreen screen(80, 24);
      for (qsizetype at = 0; at < bytes.size(); at += step) {
        const QByteArray piece = bytes.mid(at, step);
        screen.push({piece.constData(), size_t(piece.size())});
      }
      EXPECT_EQ(screen.alternate(), recording.alternate) << recording.file;
      const int64_t top = screen.firstLine() + screen.historyLines();
      for (const auto& [row, text] : recording.rows) {
        EXPECT_TRUE(screen.text({top + row, 0}, {top + row, 80}).contains(QString::fromUtf8(text)))
            << recording.file << " row " << row << ": " << qPrintable(screen.text({top + row, 0}, {top + row, 80}));
      }
    }
  }
}

TEST(TerminalChaos, AnyBytesAreTaken) {
  std::mt19937 random(7);
  const std::string_view pieces[] = {"\x1b[",  "\x1b]", "\x1b",  ";",         "?",    "h",  "l",      "m",    "r",  "H",
                                     "J",      "K",     "99999", "1049",      "漢",   "é",  "\u0301", "\r\n", "\t", "@",
                                     "P",      "L",     "M",     "S",         "T",    "X",  "b",      "2",    "8",  "c",
                                     "\x1b#8", "text",  "\x07",  "48:2::1:2", "\xff", " q", "$p"};
  for (int round = 0; round < 200; ++round) {
    TerminalScreen screen(int(random() % 40), int(random() % 20));
    for (int i = 0; i < 400; ++i) {
      screen.push(pieces[random() % std::size(pieces)]);
      if (random() % 50 == 0) {
        screen.resize(int(random() % 60) - 5, int(random() % 30) - 5);
      }
      ASSERT_LT(screen.cursorRow(), screen.rows());
      ASSERT_LT(screen.cursorColumn(), screen.columns());
    }
    for (int r = -screen.historyLines(); r < screen.rows(); ++r) {
      const TerminalLine& line = screen.line(r);
      ASSERT_LE(line.cells.size(), size_t(TerminalGrid::kMaxColumns));
      for (size_t c = 0; c < line.cells.size(); ++c) {
        if ((line.cells[c].style & Cell::WideTail) != 0) {
          ASSERT_GT(c, 0u);
          ASSERT_TRUE(line.cells[c - 1].style & Cell::Wide);
        }
      }
    }
    (void)screen.visibleText();
  }
}

TEST(TerminalKeys, AreWhatXtermSends) {
  TerminalModes modes;
  const auto key = [&](int k, Qt::KeyboardModifiers m = Qt::NoModifier, const char* text = "") {
    return terminalKey(k, m, QString::fromUtf8(text), modes);
  };
  EXPECT_EQ(key(Qt::Key_Up), "\x1b[A");
  EXPECT_EQ(key(Qt::Key_Left, Qt::ControlModifier), "\x1b[1;5D");
  EXPECT_EQ(key(Qt::Key_Delete, Qt::ShiftModifier), "\x1b[3;2~");
  EXPECT_EQ(key(Qt::Key_F1), "\x1bOP");
  EXPECT_EQ(key(Qt::Key_F5), "\x1b[15~");
  EXPECT_EQ(key(Qt::Key_F12, Qt::ShiftModifier), "\x1b[24;2~");
  EXPECT_EQ(key(Qt::Key_C, Qt::ControlModifier), "\x03");
  EXPECT_EQ(key(Qt::Key_Space, Qt::ControlModifier), std::string(1, '\0'));
  EXPECT_EQ(key(Qt::Key_B, Qt::AltModifier, "b"), "\x1b"
                                                  "b");
  EXPECT_EQ(key(Qt::Key_Return), "\r");
  EXPECT_EQ(key(Qt::Key_Backspace), "\x7f");
  EXPECT_EQ(key(Qt::Key_Backtab, Qt::ShiftModifier), "\x1b[Z");
  EXPECT_EQ(key(Qt::Key_unknown, Qt::NoModifier, "漢"), "漢");
  EXPECT_EQ(key(Qt::Key_Shift, Qt::ShiftModifier), "");
  EXPECT_EQ(key(Qt::Key_AltGr), "");
  modes.applicationCursor = true;
  modes.applicationKeypad = true;
  EXPECT_EQ(key(Qt::Key_Up), "\x1bOA");
  EXPECT_EQ(key(Qt::Key_Home), "\x1bOH");
  EXPECT_EQ(key(Qt::Key_Enter, Qt::KeypadModifier), "\x1bOM");
}

TEST(TerminalKeys, MouseReportsOnlyWhatWasAskedFor) {
  TerminalModes modes;
  const auto press = [&] { return terminalMouse(TerminalMouse::Press, TerminalButton::Left, 4, 2, {}, modes); };
  const auto move = [&](TerminalButton b) { return terminalMouse(TerminalMouse::Move, b, 4, 2, {}, modes); };
  EXPECT_EQ(press(), "");
  modes.mouse = TerminalModes::Presses;
  EXPECT_EQ(press(), "\x1b[M %#");
  EXPECT_EQ(move(TerminalButton::Left), "");
  modes.sgrMouse = true;
  EXPECT_EQ(press(), "\x1b[<0;5;3M");
  EXPECT_EQ(terminalMouse(TerminalMouse::Release, TerminalButton::Left, 4, 2, Qt::ControlModifier, modes),
            "\x1b[<16;5;3m");
  EXPECT_EQ(terminalMouse(TerminalMouse::Press, TerminalButton::WheelDown, 0, 0, {}, modes), "\x1b[<65;1;1M");
  modes.mouse = TerminalModes::Drags;
  EXPECT_EQ(move(TerminalButton::Left), "\x1b[<32;5;3M");
  EXPECT_EQ(move(TerminalButton::None), "");
  modes.mouse = TerminalModes::AllMoves;
  EXPECT_EQ(move(TerminalButton::None), "\x1b[<35;5;3M");
}

TEST(TerminalKeys, PasteCannotPressKeys) {
  TerminalModes modes;
  EXPECT_EQ(terminalPaste(QStringLiteral("a\r\nb\nc\td\x1b[201~\x03"), modes), "a\rb\rc\td[201~");
  modes.bracketedPaste = true;
  EXPECT_EQ(terminalPaste(QStringLiteral("rm\x1b[201~\n"), modes), "\x1b[200~rm[201~\r\x1b[201~");
}

} // namespace
} // namespace univrs::gui
