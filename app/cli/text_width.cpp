#include "app/cli/text_width.h"

#include <QChar>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <utility>

namespace univrs::cli {

namespace {

constexpr char32_t kBroken = 0xFFFFFFFF;

// Takes one character from the front of `text`; kBroken (and one byte) when it is not UTF-8.
char32_t take(std::string_view& text, size_t& length) {
  const auto b0 = static_cast<unsigned char>(text[0]);
  const size_t n = b0 < 0x80 ? 1 : (b0 >> 5) == 6 ? 2 : (b0 >> 4) == 14 ? 3 : (b0 >> 3) == 30 ? 4 : 0;
  length = 1;
  char32_t c = n == 1 ? b0 : n == 2 ? b0 & 0x1F : n == 3 ? b0 & 0x0F : b0 & 0x07;
  bool fine = n != 0 && n <= text.size();
  for (size_t i = 1; fine && i < n; ++i) {
    const auto b = static_cast<unsigned char>(text[i]);
    fine = (b & 0xC0) == 0x80;
    c = (c << 6) | (b & 0x3F);
  }
  constexpr std::array<char32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  fine = fine && c >= kLeast[n] && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
  if (fine) {
    length = n;
  }
  text.remove_prefix(length);
  return fine ? c : kBroken;
}

bool isWide(char32_t c) {
  // Unicode's East Asian Width W and F, and the blocks of emoji shown two columns wide.
  static constexpr std::array<std::pair<char32_t, char32_t>, 40> kWide{{
      {0x1100, 0x115F}, {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},   {0x23F0, 0x23F0}, {0x23F3, 0x23F3},
      {0x25FD, 0x25FE}, {0x2614, 0x2615},   {0x2648, 0x2653},   {0x267F, 0x267F},   {0x2693, 0x2693}, {0x26A1, 0x26A1},
      {0x26AA, 0x26AB}, {0x26BD, 0x26BE},   {0x26C4, 0x26C5},   {0x26CE, 0x26CE},   {0x26D4, 0x26D4}, {0x26EA, 0x26EA},
      {0x26F2, 0x26F5}, {0x26FA, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},   {0x2728, 0x2728}, {0x274C, 0x274E},
      {0x2753, 0x2757}, {0x2795, 0x2797},   {0x27B0, 0x27BF},   {0x2B1B, 0x2B1C},   {0x2B50, 0x2B55}, {0x2E80, 0x303E},
      {0x3041, 0xA4CF}, {0xA960, 0xA97F},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F}, {0xFF01, 0xFF60},
      {0xFFE0, 0xFFE6}, {0x1F1E6, 0x1F64F}, {0x1F680, 0x1FAFF}, {0x20000, 0x3FFFD},
  }};
  const auto* it = std::upper_bound(kWide.begin(), kWide.end(), c,
                                    [](char32_t value, const auto& range) { return value < range.first; });
  return it != kWide.begin() && c <= std::prev(it)->second;
}

bool isZeroWidth(char32_t c) {
  if ((c >= 0x1160 && c <= 0x11FF) || c == 0x00AD) {
    return c != 0x00AD; // Hangul vowels join the syllable before; a soft hyphen is shown
  }
  const QChar::Category category = QChar::category(c);
  return category == QChar::Mark_NonSpacing || category == QChar::Mark_Enclosing || category == QChar::Other_Format;
}

// Steps through text, telling how many columns each character adds to what came before.
class WidthWalk {
public:
  int add(char32_t c) {
    const bool joined = m_joiner;
    m_joiner = c == 0x200D;
    if (c == kBroken) {
      m_last = 1;
      return 1;
    }
    if (c == 0xFE0F) { // "show as emoji"
      const int more = m_last == 1 ? 1 : 0;
      m_last = m_last == 1 ? 2 : m_last;
      return more;
    }
    const bool flag = c >= 0x1F1E6 && c <= 0x1F1FF;
    if (flag && m_flagOpen) {
      m_flagOpen = false; // two regional letters make one flag
      return 0;
    }
    m_flagOpen = flag;
    if (c < 0x20 || c == 0x7F || isZeroWidth(c) || (c >= 0x1F3FB && c <= 0x1F3FF && m_last == 2) ||
        (joined && m_last == 2)) {
      return 0;
    }
    m_last = isWide(c) ? 2 : 1;
    return m_last;
  }

private:
  bool m_joiner = false;
  bool m_flagOpen = false;
  int m_last = 0;
};

bool isUnsafe(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || c == 0x200E || c == 0x200F ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

void appendEscape(std::string& out, char32_t c, unsigned char byte) {
  char buffer[16];
  if (c == '\n') {
    out += "\\n";
  } else if (c == '\t') {
    out += "\\t";
  } else if (c == '\r') {
    out += "\\r";
  } else if (c == kBroken || c < 0x80) {
    std::snprintf(buffer, sizeof buffer, "\\x%02x", c == kBroken ? unsigned(byte) : unsigned(c));
    out += buffer;
  } else {
    std::snprintf(buffer, sizeof buffer, "\\u%04x", unsigned(c));
    out += buffer;
  }
}

// Length of a colour sequence at the front: ESC [ digits and ; … m.
size_t colourSequence(std::string_view text) {
  if (text.size() < 3 || text[0] != '\x1b' || text[1] != '[') {
    return 0;
  }
  for (size_t i = 2; i < text.size() && i < 32; ++i) {
    if (text[i] == 'm') {
      return i + 1;
    }
    if ((text[i] < '0' || text[i] > '9') && text[i] != ';') {
      return 0;
    }
  }
  return 0;
}

std::string escape(std::string_view text, bool keepColours) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (keepColours) {
      if (const size_t n = colourSequence(text); n > 0) {
        out.append(text.substr(0, n));
        text.remove_prefix(n);
        continue;
      }
    }
    const std::string_view before = text;
    size_t length = 0;
    const char32_t c = take(text, length);
    if (c == kBroken || (isUnsafe(c) && !(keepColours && c == '\t'))) {
      appendEscape(out, c, static_cast<unsigned char>(before[0]));
    } else {
      out.append(before.substr(0, length));
    }
  }
  return out;
}

} // namespace

int textWidth(std::string_view text) {
  WidthWalk walk;
  int width = 0;
  size_t length = 0;
  while (!text.empty()) {
    width += walk.add(take(text, length));
  }
  return width;
}

std::string escapeControls(std::string_view text) {
  return escape(text, false);
}

std::string terminalSafe(std::string_view text) {
  return escape(text, true);
}

std::string cutToWidth(std::string_view text, int width) {
  if (textWidth(text) <= width) {
    return std::string(text);
  }
  if (width <= 0) {
    return {};
  }
  WidthWalk walk;
  std::string_view rest = text;
  int used = 0;
  size_t kept = 0;
  size_t length = 0;
  while (!rest.empty()) {
    const int more = walk.add(take(rest, length));
    if (used + more > width - 1) {
      break;
    }
    used += more;
    kept = text.size() - rest.size();
  }
  return std::string(text.substr(0, kept)) + "…";
}

std::string padToWidth(std::string_view text, int width, bool right) {
  const int missing = std::max(0, width - textWidth(text));
  const std::string blanks(size_t(missing), ' ');
  return right ? blanks + std::string(text) : std::string(text) + blanks;
}

} // namespace univrs::cli
