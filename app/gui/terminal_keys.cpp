#include "app/gui/terminal_keys.h"

#include <QByteArray>

#include <array>
#include <optional>

namespace univrs::gui {
namespace {

// CSI with its number or letter: arrows and Home, End and F1…F4 by letter, the others by number.
struct Special {
  int key;
  char letter; // 0: by number
  int number;
};
constexpr std::array<Special, 22> kSpecials{{
    {Qt::Key_Up, 'A', 0},    {Qt::Key_Down, 'B', 0}, {Qt::Key_Right, 'C', 0},  {Qt::Key_Left, 'D', 0},
    {Qt::Key_Clear, 'E', 0}, {Qt::Key_End, 'F', 0},  {Qt::Key_Home, 'H', 0},   {Qt::Key_F1, 'P', 0},
    {Qt::Key_F2, 'Q', 0},    {Qt::Key_F3, 'R', 0},   {Qt::Key_F4, 'S', 0},     {Qt::Key_Insert, 0, 2},
    {Qt::Key_Delete, 0, 3},  {Qt::Key_PageUp, 0, 5}, {Qt::Key_PageDown, 0, 6}, {Qt::Key_F5, 0, 15},
    {Qt::Key_F6, 0, 17},     {Qt::Key_F7, 0, 18},    {Qt::Key_F8, 0, 19},      {Qt::Key_F9, 0, 20},
    {Qt::Key_F10, 0, 21},    {Qt::Key_F11, 0, 23},
}};

std::string special(const Special& s, int modifier, const TerminalModes& modes) {
  const std::string with = ";" + std::to_string(modifier);
  if (s.letter == 0) {
    return "\x1b[" + std::to_string(s.number) + (modifier > 1 ? with : "") + "~";
  }
  if (modifier > 1) {
    return "\x1b[1" + with + s.letter;
  }
  const bool function = s.letter >= 'P';
  return (function || modes.applicationCursor ? "\x1bO" : "\x1b[") + std::string(1, s.letter);
}

std::optional<char> controlByte(int key) {
  if (key >= Qt::Key_A && key <= Qt::Key_Z) {
    return static_cast<char>(key - Qt::Key_A + 1);
  }
  switch (key) {
  case Qt::Key_Space:
  case Qt::Key_At:
  case Qt::Key_2:
    return '\0';
  case Qt::Key_BracketLeft:
  case Qt::Key_3:
    return '\x1b';
  case Qt::Key_Backslash:
  case Qt::Key_4:
    return '\x1c';
  case Qt::Key_BracketRight:
  case Qt::Key_5:
    return '\x1d';
  case Qt::Key_AsciiCircum:
  case Qt::Key_6:
    return '\x1e';
  case Qt::Key_Underscore:
  case Qt::Key_Minus:
  case Qt::Key_Slash:
  case Qt::Key_7:
    return '\x1f';
  case Qt::Key_8:
    return '\x7f';
  default:
    return std::nullopt;
  }
}

} // namespace

std::string terminalKey(int key, Qt::KeyboardModifiers modifiers, const QString& text, const TerminalModes& modes) {
  const bool shift = modifiers.testFlag(Qt::ShiftModifier);
  const bool alt = modifiers.testFlag(Qt::AltModifier);
  const bool control = modifiers.testFlag(Qt::ControlModifier);
  const int modifier = 1 + (shift ? 1 : 0) + (alt ? 2 : 0) + (control ? 4 : 0);
  const std::string prefix = alt ? "\x1b" : "";
  if (key == Qt::Key_F12) {
    return special({key, 0, 24}, modifier, modes);
  }
  for (const Special& s : kSpecials) {
    if (s.key == key) {
      return special(s, modifier, modes);
    }
  }
  switch (key) {
  case Qt::Key_Return:
    return prefix + (modes.newLine ? "\r\n" : "\r");
  case Qt::Key_Enter:
    return modes.applicationKeypad ? "\x1bOM" : prefix + (modes.newLine ? "\r\n" : "\r");
  case Qt::Key_Backspace:
    return prefix + (control ? "\x08" : "\x7f");
  case Qt::Key_Tab:
    return prefix + "\t";
  case Qt::Key_Backtab:
    return "\x1b[Z";
  case Qt::Key_Escape:
    return prefix + "\x1b";
  default:
    break;
  }
  if (modes.applicationKeypad && modifiers.testFlag(Qt::KeypadModifier) && modifier == 1) {
    constexpr std::string_view kFrom = "+-*/";
    constexpr std::string_view kTo = "kmjo";
    const size_t at = text.size() == 1 ? kFrom.find(text[0].toLatin1()) : std::string_view::npos;
    if (at != std::string_view::npos) {
      return std::string("\x1bO") + kTo[at];
    }
  }
  if (control) {
    if (const auto byte = controlByte(key)) {
      return prefix + std::string(1, *byte);
    }
  }
  const QByteArray bytes = text.toUtf8();
  if (bytes.isEmpty() || modifiers.testFlag(Qt::MetaModifier)) {
    return {};
  }
  return prefix + bytes.toStdString();
}

std::string terminalMouse(TerminalMouse what, TerminalButton button, int column, int row,
                          Qt::KeyboardModifiers modifiers, const TerminalModes& modes) {
  const bool wheel = button == TerminalButton::WheelUp || button == TerminalButton::WheelDown;
  if (modes.mouse == TerminalModes::NoMouse || column < 0 || row < 0 ||
      (what == TerminalMouse::Move && (modes.mouse == TerminalModes::Presses ||
                                       (modes.mouse == TerminalModes::Drags && button == TerminalButton::None))) ||
      (wheel && what != TerminalMouse::Press)) {
    return {};
  }
  int code = wheel ? 64 + (button == TerminalButton::WheelDown ? 1 : 0) : int(button);
  code += what == TerminalMouse::Move ? 32 : 0;
  code += modifiers.testFlag(Qt::ShiftModifier) ? 4 : 0;
  code += modifiers.testFlag(Qt::AltModifier) ? 8 : 0;
  code += modifiers.testFlag(Qt::ControlModifier) ? 16 : 0;
  if (modes.sgrMouse) {
    return "\x1b[<" + std::to_string(code) + ";" + std::to_string(column + 1) + ";" + std::to_string(row + 1) +
           (what == TerminalMouse::Release ? "m" : "M");
  }
  if (column > 222 || row > 222) {
    return {}; // the old form has no words for it
  }
  if (what == TerminalMouse::Release) {
    code = (code & ~3) | 3;
  }
  return std::string("\x1b[M") + static_cast<char>(32 + code) + static_cast<char>(33 + column) +
         static_cast<char>(33 + row);
}

std::string terminalPaste(const QString& text, const TerminalModes& modes) {
  QString clean;
  clean.reserve(text.size());
  for (qsizetype i = 0; i < text.size(); ++i) {
    const QChar c = text[i];
    if (c == QLatin1Char('\r') || c == QLatin1Char('\n')) {
      clean += QLatin1Char('\r');
      i += c == QLatin1Char('\r') && i + 1 < text.size() && text[i + 1] == QLatin1Char('\n') ? 1 : 0;
    } else if (c == QLatin1Char('\t') || (c >= QLatin1Char(' ') && (c < QChar(0x7F) || c > QChar(0x9F)))) {
      clean += c;
    }
  }
  const std::string bytes = clean.toStdString();
  return modes.bracketedPaste ? "\x1b[200~" + bytes + "\x1b[201~" : bytes;
}

} // namespace univrs::gui
