// How many columns of a terminal a character takes, as programs in terminals count (wcwidth).
#pragma once

namespace univrs::gui {

//! 0 (marks, joiners), 1 or 2 (East Asian wide, emoji). `c` is a code point.
int characterColumns(char32_t c);

} // namespace univrs::gui
