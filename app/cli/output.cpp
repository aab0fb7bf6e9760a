#include "app/cli/output.h"

#include "app/cli/console.h"
#include "engine/manifest/manifest.h"

#include <QJsonDocument>

namespace univrs::cli {

std::optional<Format> formatFromName(const std::string& text) {
  if (text == "table") {
    return Format::Table;
  }
  if (text == "wide") {
    return Format::Wide;
  }
  if (text == "json") {
    return Format::Json;
  }
  if (text == "yaml") {
    return Format::Yaml;
  }
  return std::nullopt;
}

void printObject(Console& console, Format format, const QJsonObject& object) {
  if (format == Format::Yaml) {
    std::string text = manifest::toYaml(object);
    if (text.empty() || text.back() != '\n') {
      text += '\n';
    }
    console.out(text);
  } else {
    console.out(QJsonDocument(object).toJson(QJsonDocument::Indented).toStdString());
  }
}

void printItems(Console& console, Format format, const QJsonArray& items, int64_t total) {
  printObject(console, format,
              {{QStringLiteral("items"), items},
               {QStringLiteral("count"), items.size()},
               {QStringLiteral("total"), qint64(total)}});
}

void printStreamed(Console& console, Format format, const QJsonObject& object) {
  if (format == Format::Yaml) {
    console.out("---\n");
    printObject(console, format, object);
  } else {
    console.out(QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString() + "\n");
  }
}

} // namespace univrs::cli
