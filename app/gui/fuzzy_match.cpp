#include "app/gui/fuzzy_match.h"

#include <algorithm>

namespace univrs::gui {
namespace {

constexpr int kExact = 120;
constexpr int kBeginning = 100;
constexpr int kWordBeginning = 80;
constexpr int kInside = 60;
constexpr int kInOrder = 40;
constexpr qsizetype kMaxLengthPenalty = 9;

// One bit a letter or digit; everything else shares the rest, so a set bit is only a hint.
uint64_t bitOf(QChar c) {
  const char16_t u = c.unicode();
  if (u >= u'a' && u <= u'z') {
    return uint64_t(1) << (u - u'a');
  }
  if (u >= u'0' && u <= u'9') {
    return uint64_t(1) << (26 + u - u'0');
  }
  return uint64_t(1) << (36 + u % 28);
}

bool startsWord(QStringView text, qsizetype at) {
  return at == 0 || !text[at - 1].isLetterOrNumber();
}

int inOrder(QStringView word, QStringView text) {
  qsizetype at = 0;
  qsizetype gaps = 0;
  bool first = true;
  for (const QChar c : word) {
    const qsizetype found = text.indexOf(c, at);
    if (found < 0) {
      return 0;
    }
    if (!first && found > at && !startsWord(text, found)) {
      gaps += std::min<qsizetype>(found - at, 8);
    }
    first = false;
    at = found + 1;
  }
  return int(std::max<qsizetype>(1, kInOrder - 2 * gaps));
}

int wordScore(QStringView word, QStringView text) {
  qsizetype at = text.indexOf(word);
  if (at < 0) {
    return inOrder(word, text);
  }
  if (at == 0) {
    return word.size() == text.size() ? kExact : kBeginning;
  }
  for (int tries = 0; at >= 0 && tries < 8; ++tries) {
    if (startsWord(text, at)) {
      return kWordBeginning;
    }
    at = text.indexOf(word, at + 1);
  }
  return kInside;
}

} // namespace

Searchable searchable(const QString& text) {
  Searchable out{text.toLower(), 0};
  for (const QChar c : out.folded) {
    out.letters |= bitOf(c);
  }
  return out;
}

int fuzzyScore(const Searchable& needle, const Searchable& text, int64_t& work) {
  // The space between words need not occur in the text.
  const uint64_t wanted = needle.letters & ~bitOf(QLatin1Char(' '));
  if ((wanted & text.letters & ~bitOf(QLatin1Char(' '))) != wanted) {
    return 0;
  }
  ++work;
  int sum = 0;
  int words = 0;
  for (const QStringView word :
       QStringView(needle.folded).left(kMaxNeedle).tokenize(QLatin1Char(' '), Qt::SkipEmptyParts)) {
    const int score = wordScore(word, text.folded);
    if (score == 0) {
      return 0;
    }
    sum += score;
    ++words;
  }
  return words == 0 ? 0
                    : std::max(1, sum / words - int(std::min<qsizetype>(kMaxLengthPenalty, text.folded.size() / 12)));
}

} // namespace univrs::gui
