// How values of the engine become text on screen. Whatever a program, a peer or a manifest wrote passes through here,
// so that no escape sequence or control character reaches the screen or the clipboard.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/error.h"
#include "engine/model/instance.h"
#include "engine/model/workload.h"

#include <QString>
#include <QtQml/qqmlregistration.h>

#include <string>
#include <string_view>

namespace univrs::gui {

inline constexpr qsizetype kMaxShownLine = 8'192; // characters of one line; the rest is cut and said so

// UTF-8 to one line: ANSI escapes removed, tabs to spaces, other control characters and bidirectional overrides shown
// as U+FFFD, bytes that are not UTF-8 replaced. At most kMaxShownLine characters.
QString plainLine(std::string_view bytes);
// The same for text of several lines.
QString plainText(std::string_view bytes);
inline QString fromUtf8(std::string_view text) {
  return QString::fromUtf8(text.data(), qsizetype(text.size()));
}
// A figure as the engine writes it ("1.5 GiB"), with the decimal sign of the language.
QString localFigure(std::string_view figure);
// "12 s", "3 min": how long ago; empty when not set.
QString ageText(base::Timestamp since, base::Timestamp now);
// "12D3KooWBtg3…R3pq"; short ids stay whole.
QString shortId(const QString& id);
// Quotes for a POSIX shell where needed.
QString shellWord(const QString& word);

// A word for the state and the tone that colours its dot: "good", "busy", "warn", "bad", "idle".
struct StateWord {
  QString word;
  QString tone;
};
StateWord stateWord(const model::Workload& workload);
StateWord stateWord(const model::Instance& instance);

// An error as QML shows it: what, why, hint.
class Problem {
  Q_GADGET
  QML_VALUE_TYPE(problem)
  Q_PROPERTY(bool present READ present)
  Q_PROPERTY(QString what MEMBER what)
  Q_PROPERTY(QString why MEMBER why)
  Q_PROPERTY(QString hint MEMBER hint)
  Q_PROPERTY(QString text READ text)
public:
  Problem() = default;
  explicit Problem(const base::Error& error);
  Problem(QString whatText, QString whyText, QString hintText);
  [[nodiscard]] bool present() const { return !what.isEmpty(); }
  // All of it on one to three lines, for the clipboard.
  [[nodiscard]] QString text() const;
  bool operator==(const Problem&) const = default;
  QString what;
  QString why;
  QString hint;
};

} // namespace univrs::gui
