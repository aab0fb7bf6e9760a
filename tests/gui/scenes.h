// What the real window module shows in pictures and in tests under a real X server: small worlds told by a scripted
// engine.
#pragma once

#include "tests/gui/scripted_engine.h"

#include <QString>

namespace univrs::gui::test {

// starting, empty, noengine, data, many, long, odd, sheet, errors or lost; anything else is as data.
// Answers to what the window will ask; every command it sends is printed as a line `command NAME dry|real JSON`,
// every image archive it loads as `archive PATH`.
void scriptScene(ScriptedEngine& engine, const QString& scene);
// Tells the state; what stands there before is only "starting".
void fillScene(ScriptedEngine& engine, const QString& scene);
// A few lines of a log, some of them errors; `number` counts the calls.
void writeLog(ScriptedEngine& engine, int number);

} // namespace univrs::gui::test
