// One line of a log, read as people do: its level, its colours (ANSI SGR), and as JSON when it is.
#pragma once

#include "app/gui/log_store.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <string_view>
#include <utility>

namespace univrs::gui {

// The level named near the line's beginning (ERROR, WARN, INFO, DEBUG and their like as words of their own, `level`
// of a JSON line); None when it names none. Looks at the first 256 bytes.
LogLevel levelOf(std::string_view text);
// "error", "warn", "info", "debug"; empty for None.
QString name(LogLevel level);

// The line as it is shown: one line, no escape sequences (see plainLine()).
QString shownText(std::string_view text);

// Where in the shown text a search found something: begin, length.
using LogHits = QList<std::pair<qsizetype, qsizetype>>;

// The shown text as Qt's StyledText with the program's own colours and the hits marked; empty when plain text shows the
// same. `colors`: what the eight ANSI colours look like here (black, red, green, yellow, blue, magenta, cyan, white),
// as
// "#rrggbb", then the colour of hits; fewer = no colours.
QString markedUp(std::string_view text, const LogHits& hits, const QStringList& colors);

// A line that is a JSON object or array, or ends in one, indented; otherwise the shown text itself.
QString prettyText(std::string_view text);

} // namespace univrs::gui
