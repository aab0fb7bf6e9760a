#include "app/gui/display_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace univrs::gui {
namespace {

struct State {
  Q_DECLARE_TR_FUNCTIONS(State)
};

bool isBidiControl(char16_t c) {
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f;
}

// Position after the escape sequence that starts at `i` (ECMA-48: CSI, OSC and friends, two-character escapes).
qsizetype skipEscape(const QString& s, qsizetype i) {
  const qsizetype n = s.size();
  if (s[i] == QChar(0x9b)) { // CSI as one character
    ++i;
  } else {
    ++i; // ESC
    if (i >= n) {
      return n;
    }
    const char16_t kind = s[i].unicode();
    if (kind == u']' || kind == u'P' || kind == u'X' || kind == u'^' || kind == u'_') { // strings, ended by BEL or ST
      for (++i; i < n; ++i) {
        if (s[i] == QChar(0x07) || s[i] == QChar(0x9c)) {
          return i + 1;
        }
        if (s[i] == QChar(0x1b)) {
          return i + 1 < n && s[i + 1] == QLatin1Char('\\') ? i + 2 : i;
        }
      }
      return n;
    }
    if (kind != u'[') {
      while (i < n && s[i].unicode() >= 0x20 && s[i].unicode() <= 0x2f) {
        ++i; // intermediate bytes, as in ESC ( B
      }
      return i < n ? i + 1 : n;
    }
    ++i;
  }
  while (i < n && s[i].unicode() >= 0x20 && s[i].unicode() <= 0x3f) {
    ++i; // parameters
  }
  return i < n && s[i].unicode() >= 0x40 && s[i].unicode() <= 0x7e ? i + 1 : i;
}

QString clean(std::string_view bytes, bool keepNewlines) {
  const QString in = fromUtf8(bytes);
  QString out;
  out.reserve(in.size());
  for (qsizetype i = 0; i < in.size();) {
    const char16_t c = in[i].unicode();
    if (c == 0x1b || c == 0x9b) {
      i = skipEscape(in, i);
      continue;
    }
    ++i;
    if (c == u'\t') {
      out += QStringLiteral("    ");
    } else if (c == u'\n' && keepNewlines) {
      out += QLatin1Char('\n');
    } else if (c == u'\r') {
      if (i < in.size() && in[i] != QLatin1Char('\n') && !keepNewlines) {
        out.clear(); // a progress line rewrites itself: its last form counts
      }
    } else if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029 || isBidiControl(c)) {
      out += QChar(QChar::ReplacementCharacter);
    } else {
      out += QChar(c);
    }
  }
  return out;
}

} // namespace

QString plainLine(std::string_view bytes) {
  constexpr size_t kMost = size_t(kMaxShownLine) * 4; // no character is longer than four bytes
  const bool cutBytes = bytes.size() > kMost;
  QString out = clean(bytes.substr(0, kMost), false);
  if (cutBytes || out.size() > kMaxShownLine) {
    out.truncate(kMaxShownLine);
    out += State::tr(" … (line cut)");
  }
  return out;
}

QString plainText(std::string_view bytes) {
  return clean(bytes, true);
}

QString localFigure(std::string_view figure) {
  QString text = fromUtf8(figure);
  const QString point = QLocale().decimalPoint();
  if (point != QLatin1String(".")) {
    for (qsizetype i = text.size() - 2; i > 0; --i) {
      if (text[i] == QLatin1Char('.') && text[i - 1].isDigit() && text[i + 1].isDigit()) {
        text.replace(i, 1, point);
      }
    }
  }
  return text;
}

QString ageText(base::Timestamp since, base::Timestamp now) {
  if (!since.isSet()) {
    return {};
  }
  // Ages are refreshed now and then only: below a minute a number would soon be wrong.
  return now - since < base::Millis(60'000) ? QStringLiteral("< 1 min") : localFigure(base::humanDuration(now - since));
}

QString shortId(const QString& id) {
  return id.size() <= 18 ? id : id.left(12) + QStringLiteral("…") + id.right(4);
}

QString shellWord(const QString& word) {
  static const QString kPlain = QStringLiteral("-_./:@%+=,");
  bool plain = !word.isEmpty();
  for (const QChar c : word) {
    plain = plain && (c.isLetterOrNumber() || kPlain.contains(c));
  }
  if (plain) {
    return word;
  }
  QString quoted = word;
  quoted.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
  return QLatin1Char('\'') + quoted + QLatin1Char('\'');
}

StateWord stateWord(const model::Workload& w) {
  if (w.deleting) {
    return {State::tr("Removing"), QStringLiteral("busy")};
  }
  switch (w.status.health) {
  case model::Health::Healthy:
    return w.status.desired == 0 ? StateWord{State::tr("Stopped"), QStringLiteral("idle")}
                                 : StateWord{State::tr("Healthy"), QStringLiteral("good")};
  case model::Health::Progressing:
    return {State::tr("Progressing"), QStringLiteral("busy")};
  case model::Health::Degraded:
    return w.status.ready == 0 ? StateWord{State::tr("Degraded"), QStringLiteral("bad")}
                               : StateWord{State::tr("Degraded"), QStringLiteral("warn")};
  }
  return {State::tr("Unknown"), QStringLiteral("idle")};
}

StateWord stateWord(const model::Instance& i) {
  using S = model::InstanceState;
  if (i.crashLoop && (i.state == S::Backoff || i.state == S::Starting)) {
    return {State::tr("Crash loop"), QStringLiteral("bad")};
  }
  switch (i.state) {
  case S::Pending:
    return {State::tr("Pending"), QStringLiteral("warn")};
  case S::Assigned:
    return {State::tr("Assigned"), QStringLiteral("busy")};
  case S::Pulling:
    return {State::tr("Pulling"), QStringLiteral("busy")};
  case S::Starting:
    return {State::tr("Starting"), QStringLiteral("busy")};
  case S::Running:
    return i.ready ? StateWord{State::tr("Running"), QStringLiteral("good")}
                   : StateWord{State::tr("Not ready"), QStringLiteral("busy")};
  case S::Unhealthy:
    return {State::tr("Unhealthy"), QStringLiteral("warn")};
  case S::Backoff:
    return {State::tr("Restarting"), QStringLiteral("warn")};
  case S::Stopping:
    return {State::tr("Stopping"), QStringLiteral("busy")};
  case S::Succeeded:
    return {State::tr("Succeeded"), QStringLiteral("idle")};
  case S::Failed:
    return {State::tr("Failed"), QStringLiteral("bad")};
  case S::Lost:
    return {State::tr("Lost"), QStringLiteral("bad")};
  }
  return {State::tr("Unknown"), QStringLiteral("idle")};
}

Problem::Problem(const base::Error& error)
    : what(plainLine(error.what)), why(plainLine(error.why)), hint(plainLine(error.hint)) {
  if (what.isEmpty()) {
    what = State::tr("The node refused without a reason");
  }
}

Problem::Problem(QString whatText, QString whyText, QString hintText)
    : what(std::move(whatText)), why(std::move(whyText)), hint(std::move(hintText)) {}

QString Problem::text() const {
  QStringList lines{what};
  if (!why.isEmpty()) {
    lines << why;
  }
  if (!hint.isEmpty()) {
    lines << hint;
  }
  return lines.join(QLatin1Char('\n'));
}

} // namespace univrs::gui
