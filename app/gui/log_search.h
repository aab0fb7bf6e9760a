// Finds lines of a LogStore, a slice at a time so that the window stays live: which lines match, in order, also of
// lines that come later. Sans-IO: whoever has it calls step() until it says that all was looked at.
#pragma once

#include "app/gui/log_line.h"
#include "app/gui/log_store.h"

#include <QRegularExpression>
#include <QString>

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

namespace univrs::gui {

class LogSearch {
public:
  static constexpr qsizetype kMaxPattern = 500; // characters; a longer one is refused
  static constexpr qsizetype kMaxHits = 200;    // marked in one line
  // What a regular expression may try on one line before it counts as not found: a bad one cannot stop the window.
  static constexpr int kMaxTries = 50'000;

  // What is looked for from now on; empty = nothing. Begins anew.
  void set(const QString& pattern, bool matchCase, bool regex);
  [[nodiscard]] bool active() const { return !m_pattern.isEmpty() && m_problem.isEmpty(); }
  [[nodiscard]] const QString& pattern() const { return m_pattern; }
  // Why the pattern cannot be used, for people.
  [[nodiscard]] const QString& problem() const { return m_problem; }

  // Looks at lines not looked at yet, for at most `most`. False: all were.
  bool step(const LogStore& store, std::chrono::steady_clock::duration most);
  [[nodiscard]] bool done(const LogStore& store) const { return !active() || m_next >= store.end(); }
  // Lines before `first` are gone: how many of the matches were among them.
  int64_t forgetBefore(int64_t first);
  void restart();

  // Numbers of the matching lines, ascending.
  [[nodiscard]] const std::deque<int64_t>& matches() const { return m_matches; }
  [[nodiscard]] bool finds(std::string_view line) const;
  [[nodiscard]] LogHits hits(const QString& shown) const;

private:
  QString m_pattern;
  QString m_problem;
  Qt::CaseSensitivity m_case = Qt::CaseInsensitive;
  bool m_isRegex = false;
  bool m_bytes = false; // the pattern can be sought in the bytes themselves
  std::string m_patternBytes;
  QRegularExpression m_regex;
  std::deque<int64_t> m_matches;
  int64_t m_next = 0; // the first line not looked at
  bool m_started = false;
};

} // namespace univrs::gui
