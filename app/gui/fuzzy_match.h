// How well typed words fit a title. Pure; no Qt objects.
#pragma once

#include <QString>

#include <cstdint>

namespace univrs::gui {

inline constexpr qsizetype kMaxNeedle = 200; // characters of a query that are looked at

// A text made ready to be searched: lower case, and which letters occur in it.
struct Searchable {
  QString folded;
  uint64_t letters = 0;
};
Searchable searchable(const QString& text);

// 0 = does not fit. Every word of `needle` must fit: exact 120, beginning 100, beginning of a word 80, inside 60,
// letters in order up to 40; the mean of the words, and a little less for a longer text. `work` counts the texts that
// were really searched, for tests.
int fuzzyScore(const Searchable& needle, const Searchable& text, int64_t& work);

} // namespace univrs::gui
