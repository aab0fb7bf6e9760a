// Compose's ${NAME} substitution, and its splitting of command lines into words.
#pragma once

#include "engine/model/fields.h"

#include <QJsonValue>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::manifest {

// Replaces $NAME, ${NAME}, ${NAME:-default}, ${NAME-default}, ${NAME:?message}, ${NAME?message}, ${NAME:+other} and
// ${NAME+other}; $$ is one dollar. A variable without a value is empty, with a warning. Nothing on a fault.
std::optional<std::string> substitute(std::string_view text, const std::map<std::string, std::string>& variables,
                                      const std::string& path, model::FaultList& faults);

// The whole tree, all strings in it; keys starting with "x-" are left out. `budget` is how many bytes may be made in
// all.
QJsonValue substituteAll(const QJsonValue& value, const std::map<std::string, std::string>& variables,
                         const std::string& path, model::FaultList& faults, size_t& budget);

// As a shell would: blanks part words, quotes and backslashes keep them; no expansion. Nothing when a quote is open.
std::optional<std::vector<std::string>> splitWords(std::string_view text);

} // namespace univrs::manifest
