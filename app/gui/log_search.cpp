#include "app/gui/log_search.h"

#include <QCoreApplication>

#include <algorithm>

namespace univrs::gui {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

bool isAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

} // namespace

void LogSearch::set(const QString& pattern, bool matchCase, bool regex) {
  m_pattern = pattern;
  m_problem.clear();
  m_case = matchCase ? Qt::CaseSensitive : Qt::CaseInsensitive;
  m_isRegex = regex;
  m_regex = {};
  m_bytes = false;
  if (pattern.size() > kMaxPattern) {
    m_problem = QCoreApplication::translate("LogSearch", "Longer than %1 characters").arg(kMaxPattern);
  } else if (regex && !pattern.isEmpty()) {
    const QRegularExpression asWritten(pattern);
    if (!asWritten.isValid()) {
      m_problem = QCoreApplication::translate("LogSearch", "Not a regular expression: %1, at character %2")
                      .arg(asWritten.errorString())
                      .arg(asWritten.patternErrorOffset() + 1);
    } else {
      m_regex = QRegularExpression(QStringLiteral("(*LIMIT_MATCH=%1)").arg(kMaxTries) + pattern,
                                   matchCase ? QRegularExpression::NoPatternOption
                                             : QRegularExpression::CaseInsensitiveOption);
      m_regex.optimize();
    }
  } else {
    m_patternBytes = pattern.toStdString();
    m_bytes = isAscii(m_patternBytes);
    if (!matchCase) {
      std::transform(m_patternBytes.begin(), m_patternBytes.end(), m_patternBytes.begin(), lower);
    }
  }
  restart();
}

void LogSearch::restart() {
  m_matches.clear();
  m_started = false;
  m_next = 0;
}

bool LogSearch::finds(std::string_view line) const {
  if (m_isRegex) {
    return m_regex.match(shownText(line)).hasMatch();
  }
  if (m_bytes && isAscii(line)) { // nearly always: no text needs to be made
    if (m_case == Qt::CaseSensitive) {
      return line.find(m_patternBytes) != std::string_view::npos;
    }
    return std::search(line.begin(), line.end(), m_patternBytes.begin(), m_patternBytes.end(),
                       [](char a, char b) { return lower(a) == b; }) != line.end();
  }
  return shownText(line).contains(m_pattern, m_case);
}

bool LogSearch::step(const LogStore& store, std::chrono::steady_clock::duration most) {
  if (!active()) {
    return false;
  }
  if (!m_started || m_next < store.first()) {
    m_next = store.first();
    m_started = true;
  }
  const auto until = std::chrono::steady_clock::now() + most;
  while (m_next < store.end()) {
    if (finds(store.at(m_next).text)) {
      m_matches.push_back(m_next);
    }
    ++m_next;
    if ((m_isRegex || m_next % 64 == 0) && std::chrono::steady_clock::now() >= until) {
      break;
    }
  }
  return m_next < store.end();
}

int64_t LogSearch::forgetBefore(int64_t first) {
  const auto it = std::lower_bound(m_matches.begin(), m_matches.end(), first);
  const int64_t gone = it - m_matches.begin();
  m_matches.erase(m_matches.begin(), it);
  return gone;
}

LogHits LogSearch::hits(const QString& shown) const {
  LogHits out;
  if (!active()) {
    return out;
  }
  if (m_isRegex) {
    auto it = m_regex.globalMatch(shown);
    while (it.hasNext() && out.size() < kMaxHits) {
      const QRegularExpressionMatch match = it.next();
      if (match.capturedLength() > 0) {
        out << std::pair(match.capturedStart(), match.capturedLength());
      }
    }
    return out;
  }
  for (qsizetype at = shown.indexOf(m_pattern, 0, m_case); at >= 0 && out.size() < kMaxHits;
       at = shown.indexOf(m_pattern, at + m_pattern.size(), m_case)) {
    out << std::pair(at, m_pattern.size());
  }
  return out;
}

} // namespace univrs::gui
