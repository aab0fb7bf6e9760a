#include "app/gui/log_line.h"

#include "app/gui/display_text.h"

#include <QJsonDocument>

#include <algorithm>
#include <array>

namespace univrs::gui {
namespace {

constexpr size_t kLookedAt = 256;
constexpr int kMatched = 8; // index of the hits' colour

bool isWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

LogLevel levelOfWord(std::string_view word) {
  char upper[9] = {};
  if (word.size() < 3 || word.size() > 8) {
    return LogLevel::None;
  }
  bool anyLower = false;
  bool anyUpper = false;
  for (size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    anyLower = anyLower || (c >= 'a' && c <= 'z');
    anyUpper = anyUpper || (i > 0 && c >= 'A' && c <= 'Z');
    upper[i] = c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
  }
  if (anyLower && anyUpper) { // "inFo" is no level
    return LogLevel::None;
  }
  const std::string_view w(upper, word.size());
  static constexpr std::array<std::pair<std::string_view, LogLevel>, 14> kWords{{{"ERROR", LogLevel::Error},
                                                                                 {"ERR", LogLevel::Error},
                                                                                 {"FATAL", LogLevel::Error},
                                                                                 {"PANIC", LogLevel::Error},
                                                                                 {"CRITICAL", LogLevel::Error},
                                                                                 {"CRIT", LogLevel::Error},
                                                                                 {"WARN", LogLevel::Warn},
                                                                                 {"WARNING", LogLevel::Warn},
                                                                                 {"INFO", LogLevel::Info},
                                                                                 {"NOTICE", LogLevel::Info},
                                                                                 {"INF", LogLevel::Info},
                                                                                 {"DEBUG", LogLevel::Debug},
                                                                                 {"TRACE", LogLevel::Debug},
                                                                                 {"DBG", LogLevel::Debug}}};
  for (const auto& [name, level] : kWords) {
    if (w == name) {
      return level;
    }
  }
  return LogLevel::None;
}

bool isPrintableAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

struct Style {
  int color = -1; // of the eight; -1 = as it is
  bool bold = false;
  bool underline = false;
  bool operator==(const Style&) const = default;
};

// One SGR sequence's parameters ("1;31").
void applySgr(std::string_view parameters, Style& style) {
  std::array<int, 16> codes{};
  size_t count = 0;
  int value = 0;
  for (size_t i = 0; i <= parameters.size() && count < codes.size(); ++i) {
    if (i == parameters.size() || parameters[i] == ';' || parameters[i] == ':') {
      codes[count++] = value;
      value = 0;
    } else if (parameters[i] >= '0' && parameters[i] <= '9') {
      value = std::min(value * 10 + (parameters[i] - '0'), 999);
    } else {
      return; // a private sequence
    }
  }
  for (size_t i = 0; i < count; ++i) {
    const int code = codes[i];
    if (code == 0) {
      style = {};
    } else if (code == 1) {
      style.bold = true;
    } else if (code == 22) {
      style.bold = false;
    } else if (code == 4) {
      style.underline = true;
    } else if (code == 24) {
      style.underline = false;
    } else if (code >= 30 && code <= 37) {
      style.color = code - 30;
    } else if (code >= 90 && code <= 97) {
      style.color = code - 90;
    } else if (code == 39) {
      style.color = -1;
    } else if ((code == 38 || code == 48) && i + 1 < count) {
      if (codes[i + 1] == 5 && i + 2 < count) { // of 256: the first sixteen are the usual ones
        if (code == 38) {
          style.color = codes[i + 2] < 16 ? codes[i + 2] % 8 : -1;
        }
        i += 2;
      } else if (codes[i + 1] == 2) { // of all: would not be readable on both grounds
        i += 4;
      }
    }
  }
}

struct Run {
  QString text;
  Style style;
};

// The shown text in pieces of one style. Joined they are shownText().
std::vector<Run> runsOf(std::string_view text) {
  std::vector<Run> runs;
  Style style;
  size_t from = 0;
  const auto add = [&](size_t to) {
    if (to > from) {
      const QString piece = plainLine(text.substr(from, to - from));
      if (!piece.isEmpty()) {
        runs.push_back({piece, style});
      }
    }
  };
  for (size_t i = text.find("\x1b["); i != std::string_view::npos; i = text.find("\x1b[", from)) {
    size_t end = i + 2;
    while (end < text.size() && text[end] >= 0x20 && text[end] <= 0x3f) {
      ++end;
    }
    add(i);
    if (end < text.size() && text[end] == 'm') {
      applySgr(text.substr(i + 2, end - i - 2), style);
    }
    from = std::min(end + 1, text.size());
    if (runs.size() > 200) { // a line of confetti
      break;
    }
  }
  add(text.size());
  return runs;
}

QString escaped(QStringView text) {
  QString out;
  out.reserve(text.size() + 16);
  for (qsizetype i = 0; i < text.size(); ++i) {
    const QChar c = text[i];
    if (c == QLatin1Char('<')) {
      out += QLatin1String("&lt;");
    } else if (c == QLatin1Char('>')) {
      out += QLatin1String("&gt;");
    } else if (c == QLatin1Char('&')) {
      out += QLatin1String("&amp;");
    } else if (c == QLatin1Char('"')) {
      out += QLatin1String("&quot;");
    } else if (c == QLatin1Char(' ') && (i == 0 || text[i - 1] == QLatin1Char(' '))) {
      out += QLatin1String("&nbsp;"); // StyledText would make one of several
    } else {
      out += c;
    }
  }
  return out;
}

} // namespace

LogLevel levelOf(std::string_view text) {
  const std::string_view head = text.substr(0, kLookedAt);
  for (size_t i = 0; i < head.size();) {
    if (head[i] == 0x1b && i + 1 < head.size() && head[i + 1] == '[') { // its digits and letter are no word
      for (i += 2; i < head.size() && head[i] >= 0x20 && head[i] <= 0x3f;) {
        ++i;
      }
      ++i;
      continue;
    }
    if (!isWordByte(head[i])) {
      ++i;
      continue;
    }
    size_t end = i;
    while (end < head.size() && isWordByte(head[end])) {
      ++end;
    }
    if (const LogLevel level = levelOfWord(head.substr(i, end - i)); level != LogLevel::None) {
      // In plain prose "no error" is none; a level is written in capitals, in brackets, or as a value.
      const bool loud = head[i] >= 'A' && head[i] <= 'Z' && head[i + 1] >= 'A' && head[i + 1] <= 'Z';
      const char before = i == 0 ? '\0' : head[i - 1];
      const char after = end < head.size() ? head[end] : '\0';
      if (loud || before == '"' || before == '=' || before == '[' || before == '<' || (i == 0 && after == ':')) {
        if (after != '"' || end + 1 >= head.size() || head[end + 1] != ':') { // a key "error": is no level
          return level;
        }
      }
    }
    i = end;
  }
  return LogLevel::None;
}

QString name(LogLevel level) {
  switch (level) {
  case LogLevel::None:
    break;
  case LogLevel::Debug:
    return QStringLiteral("debug");
  case LogLevel::Info:
    return QStringLiteral("info");
  case LogLevel::Warn:
    return QStringLiteral("warn");
  case LogLevel::Error:
    return QStringLiteral("error");
  }
  return {};
}

QString shownText(std::string_view text) {
  if (text.size() <= size_t(kMaxShownLine) && isPrintableAscii(text)) { // nearly all lines are
    return QString::fromLatin1(text.data(), qsizetype(text.size()));
  }
  return plainLine(text);
}

QString markedUp(std::string_view text, const LogHits& hits, const QStringList& colors) {
  const bool styled = colors.size() > kMatched && text.find("\x1b[") != std::string_view::npos;
  if (hits.isEmpty() && !styled) {
    return {};
  }
  std::vector<Run> runs;
  if (styled) {
    runs = runsOf(text);
    QString joined;
    for (const Run& r : runs) {
      joined += r.text;
    }
    if (joined != shownText(text)) { // overwritten by a carriage return, or cut: show it without colours
      runs.clear();
    }
  }
  if (runs.empty()) {
    runs.push_back({shownText(text), {}});
  }
  QString out;
  qsizetype at = 0;
  qsizetype hit = 0;
  const auto put = [&](QStringView piece, const Style& style, bool isHit) {
    QString body = escaped(piece);
    if (style.bold || isHit) {
      body = QLatin1String("<b>") + body + QLatin1String("</b>");
    }
    if (style.underline || isHit) {
      body = QLatin1String("<u>") + body + QLatin1String("</u>");
    }
    if (const int color = isHit ? kMatched : style.color; color >= 0 && color < colors.size()) {
      body = QLatin1String("<font color=\"") + colors[color] + QLatin1String("\">") + body + QLatin1String("</font>");
    }
    out += body;
  };
  for (const Run& run : runs) {
    qsizetype from = 0;
    while (from < run.text.size()) {
      while (hit < hits.size() && hits[hit].first + hits[hit].second <= at + from) {
        ++hit;
      }
      qsizetype to = run.text.size();
      bool isHit = false;
      if (hit < hits.size()) {
        const qsizetype begin = hits[hit].first - at;
        if (begin <= from) {
          isHit = true;
          to = std::min(to, begin + hits[hit].second);
        } else {
          to = std::min(to, begin);
        }
      }
      put(QStringView(run.text).mid(from, to - from), run.style, isHit);
      from = to;
    }
    at += run.text.size();
  }
  return out;
}

QString prettyText(std::string_view text) {
  const size_t object = text.find_first_of("{[");
  if (object != std::string_view::npos) {
    const std::string_view json = text.substr(object);
    const QJsonDocument parsed = QJsonDocument::fromJson(QByteArray(json.data(), qsizetype(json.size())));
    if (!parsed.isNull()) {
      const QByteArray indented = parsed.toJson(QJsonDocument::Indented).trimmed();
      const QString head = shownText(text.substr(0, object)).trimmed();
      return (head.isEmpty() ? QString() : head + QLatin1Char('\n')) +
             plainText({indented.constData(), size_t(indented.size())});
    }
  }
  return shownText(text);
}

} // namespace univrs::gui
