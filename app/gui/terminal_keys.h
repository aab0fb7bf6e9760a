// What keys, the mouse and pasted text are for a program in a terminal: the bytes xterm sends. Pure.
#pragma once

#include "app/gui/terminal_screen.h"

#include <QString>
#include <Qt>

#include <string>

namespace univrs::gui {

//! Bytes for a key (a Qt::Key, its modifiers and the text it made); empty when it is none for the program.
std::string terminalKey(int key, Qt::KeyboardModifiers modifiers, const QString& text, const TerminalModes& modes);

enum class TerminalButton : uint8_t { Left, Middle, Right, None, WheelUp, WheelDown };
enum class TerminalMouse : uint8_t { Press, Release, Move };

//! Bytes of a mouse report; empty when the program did not ask for this. Row and column count from 0.
std::string terminalMouse(TerminalMouse what, TerminalButton button, int column, int row,
                          Qt::KeyboardModifiers modifiers, const TerminalModes& modes);

//! Pasted text as the program gets it: line ends as Return, no control characters that could end a bracketed paste or
//! press keys.
std::string terminalPaste(const QString& text, const TerminalModes& modes);

} // namespace univrs::gui
