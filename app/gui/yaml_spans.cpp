#include "app/gui/yaml_spans.h"

#include <QString>

#include <algorithm>
#include <array>

namespace univrs::gui {
namespace {

bool isSpace(QChar c) {
  return c == QLatin1Char(' ') || c == QLatin1Char('\t');
}

int indentOf(QStringView line) {
  int i = 0;
  while (i < line.size() && isSpace(line[i])) {
    ++i;
  }
  return i;
}

bool isNumber(QStringView text) {
  // 12, -3.5, 1e9, 0x1f, and quantities as in 256M, 500m, 1.5Gi
  qsizetype i = !text.isEmpty() && (text[0] == QLatin1Char('-') || text[0] == QLatin1Char('+')) ? 1 : 0;
  const qsizetype digits = i;
  while (i < text.size() && (text[i].isDigit() || text[i] == QLatin1Char('.') || text[i] == QLatin1Char('_'))) {
    ++i;
  }
  if (i == digits || !text[digits].isDigit()) {
    return false;
  }
  const QStringView rest = text.mid(i);
  return rest.size() <= 2 && std::all_of(rest.begin(), rest.end(), [](QChar c) { return c.isLetter(); });
}

bool isWord(QStringView text) {
  static constexpr std::array<QLatin1String, 8> kWords{
      QLatin1String("true"), QLatin1String("false"), QLatin1String("yes"),  QLatin1String("no"),
      QLatin1String("on"),   QLatin1String("off"),   QLatin1String("null"), QLatin1String("~")};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](QLatin1String word) { return text.compare(word, Qt::CaseInsensitive) == 0; });
}

class Scanner {
public:
  Scanner(QStringView line, int& state) : m_line(line), m_n(int(line.size())), m_state(state) {}

  std::vector<YamlSpan> scan() {
    const int indent = indentOf(m_line);
    if (m_state > 0) {
      if (indent == m_n || indent > m_state - 1) {
        add(0, m_n, YamlPiece::Text);
        return m_spans;
      }
      m_state = 0;
    }
    if (m_line.startsWith(QLatin1String("---")) || m_line.startsWith(QLatin1String("..."))) {
      add(0, 3, YamlPiece::Mark);
      m_at = 3;
    }
    m_keyIndent = indent;
    while (m_at < m_n) {
      step();
    }
    return m_spans;
  }

private:
  [[nodiscard]] QChar at(int i) const { return i < m_n ? m_line[i] : QLatin1Char(' '); }
  [[nodiscard]] bool endsToken(int i) const {
    return m_depth > 0 && (at(i) == QLatin1Char(',') || at(i) == QLatin1Char(']') || at(i) == QLatin1Char('}'));
  }
  void add(int start, int length, YamlPiece piece) {
    if (length > 0) {
      m_spans.push_back({start, length, piece});
    }
  }
  void step() {
    const QChar c = at(m_at);
    if (isSpace(c)) {
      ++m_at;
    } else if (c == QLatin1Char('#') && (m_at == 0 || isSpace(at(m_at - 1)))) {
      add(m_at, m_n - m_at, YamlPiece::Comment);
      m_at = m_n;
    } else if (c == QLatin1Char('"') || c == QLatin1Char('\'')) {
      quoted(c);
    } else if (c == QLatin1Char('{') || c == QLatin1Char('[')) {
      mark(1);
    } else if (c == QLatin1Char('}') || c == QLatin1Char(']')) {
      mark(-1);
    } else if (c == QLatin1Char(',') && m_depth > 0) {
      mark(0);
    } else if ((c == QLatin1Char('-') || c == QLatin1Char('?') || c == QLatin1Char(':')) && isSpace(at(m_at + 1))) {
      mark(0);
      m_keyIndent = c == QLatin1Char('-') ? std::max(m_keyIndent, m_at) : m_keyIndent;
    } else if (c == QLatin1Char('&') || c == QLatin1Char('*') || c == QLatin1Char('!')) {
      const int start = m_at;
      while (m_at < m_n && !isSpace(at(m_at)) && !endsToken(m_at)) {
        ++m_at;
      }
      add(start, m_at - start, YamlPiece::Reference);
    } else if (!blockText(c)) {
      plain();
    }
  }
  void mark(int depth) {
    m_depth = std::max(0, m_depth + depth);
    add(m_at++, 1, YamlPiece::Mark);
  }
  void quoted(QChar quote) {
    const int start = m_at++;
    while (m_at < m_n && at(m_at) != quote) {
      m_at += quote == QLatin1Char('"') && at(m_at) == QLatin1Char('\\') ? 2 : 1;
    }
    m_at = std::min(m_at + 1, m_n);
    add(start, m_at - start, isKeyEnd(m_at) ? YamlPiece::Key : YamlPiece::Text);
  }
  [[nodiscard]] bool isKeyEnd(int i) const {
    return i < m_n && at(i) == QLatin1Char(':') && (isSpace(at(i + 1)) || endsToken(i + 1));
  }
  // "|", ">-", "|2+": the lines below that are indented deeper are text.
  bool blockText(QChar c) {
    if (m_depth > 0 || (c != QLatin1Char('|') && c != QLatin1Char('>'))) {
      return false;
    }
    int end = m_at + 1;
    while (end < m_n && (at(end) == QLatin1Char('-') || at(end) == QLatin1Char('+') || at(end).isDigit())) {
      ++end;
    }
    const QStringView rest = m_line.mid(end).trimmed();
    if (!rest.isEmpty() && !rest.startsWith(QLatin1Char('#'))) {
      return false;
    }
    add(m_at, end - m_at, YamlPiece::Mark);
    m_at = end;
    m_state = m_keyIndent + 1;
    return true;
  }
  void plain() {
    const int start = m_at;
    while (m_at < m_n && !isKeyEnd(m_at) && !endsToken(m_at) &&
           !(at(m_at) == QLatin1Char('#') && m_at > 0 && isSpace(at(m_at - 1)))) {
      ++m_at;
    }
    int end = m_at;
    while (end > start && isSpace(at(end - 1))) {
      --end;
    }
    const QStringView text = m_line.mid(start, end - start);
    if (isKeyEnd(m_at)) {
      add(start, end - start, YamlPiece::Key);
      m_keyIndent = std::max(m_keyIndent, m_depth > 0 ? 0 : start);
      mark(0);
    } else if (isWord(text)) {
      add(start, end - start, YamlPiece::Word);
    } else if (isNumber(text)) {
      add(start, end - start, YamlPiece::Number);
    }
    m_at = std::max(m_at, start + 1);
  }
  QStringView m_line;
  int m_n;
  int& m_state;
  std::vector<YamlSpan> m_spans;
  int m_at = 0;
  int m_depth = 0;
  int m_keyIndent = 0;
};

} // namespace

std::vector<YamlSpan> yamlSpans(QStringView line, int& state) {
  return Scanner(line, state).scan();
}

} // namespace univrs::gui
