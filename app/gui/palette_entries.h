// What the command palette always offers, besides the objects of the engine.
#pragma once

#include "app/gui/palette_model.h"
#include "app/gui/settings.h"

#include <QStringList>

#include <vector>

namespace univrs::gui {

// What can be done to a workload by naming it.
std::vector<PaletteVerb> paletteVerbs();
// Views, actions, settings; `clusters`: {key, name} of those that are open.
std::vector<PaletteEntry> paletteEntries(const Settings& settings,
                                         const std::vector<std::pair<QString, QString>>& clusters);

} // namespace univrs::gui
