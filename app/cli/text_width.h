// How wide text is on a terminal, and making foreign text safe to print there.
#pragma once

#include <string>
#include <string_view>

namespace univrs::cli {

//! Columns of `text` (UTF-8): 2 for east-asian wide characters and emoji, 0 for combining marks and joiners.
int textWidth(std::string_view text);

//! Control characters, bidirectional overrides and broken UTF-8 as visible escapes (\n, \t, \x1b, \u202e).
std::string escapeControls(std::string_view text);

//! As escapeControls, but tabs and colour sequences (ESC [ … m) stay: for log lines shown on a terminal.
std::string terminalSafe(std::string_view text);

//! At most `width` columns; what was cut off shows as "…". `text` holds no control characters.
std::string cutToWidth(std::string_view text, int width);

//! With blanks up to `width` columns, on the right, or on the left with `right`.
std::string padToWidth(std::string_view text, int width, bool right = false);

} // namespace univrs::cli
