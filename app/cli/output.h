// The formats of --output.
#pragma once

#include "engine/base/result.h"

#include <QJsonArray>
#include <QJsonObject>

#include <optional>
#include <string>
#include <vector>

namespace univrs::cli {

class Console;

enum class Format { Table, Wide, Json, Yaml };
std::optional<Format> formatFromName(const std::string& text);

//! One object as JSON (indented) or YAML.
void printObject(Console& console, Format format, const QJsonObject& object);
//! {items, count, total} as JSON or YAML.
void printItems(Console& console, Format format, const QJsonArray& items, int64_t total);
//! One object a line: for streams. YAML: one document each.
void printStreamed(Console& console, Format format, const QJsonObject& object);

} // namespace univrs::cli
