// The difference between two JSON documents as a list of changed paths, for people.
#pragma once

#include "engine/interfaces/commands.h"

#include <QJsonObject>

#include <vector>

namespace univrs::commands {

inline constexpr size_t kMaxChanges = 500; // more are cut off, with a last entry that says so

std::vector<interfaces::FieldChange> diff(const QJsonObject& before, const QJsonObject& after);

} // namespace univrs::commands
