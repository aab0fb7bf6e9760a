// JSON of images.
#include "engine/interfaces/images.h"
#include "engine/model/fields.h"

#include <QJsonArray>

namespace univrs::interfaces {

namespace {
constexpr size_t kMaxTags = 100; // of one image
constexpr int64_t kMaxBytes = int64_t(1) << 53;

QString text(std::string_view s) {
  return QString::fromUtf8(s.data(), qsizetype(s.size()));
}
} // namespace

QJsonObject toJson(const StoredImage& image) {
  QJsonArray tags;
  for (const std::string& tag : image.tags) {
    tags.append(text(tag));
  }
  return {{QStringLiteral("id"), text(image.id)},
          {QStringLiteral("tags"), tags},
          {QStringLiteral("arch"), text(image.arch)},
          {QStringLiteral("bytes"), qint64(image.bytes)},
          {QStringLiteral("created_at"), image.createdAt.isSet() ? text(image.createdAt.iso()) : QString()}};
}

base::Result<StoredImage> storedImageFromJson(const QJsonObject& json) {
  StoredImage image;
  model::FaultList faults;
  model::FieldReader reader(json, {}, faults);
  reader.require("id");
  image.id = reader.string("id", 256).value_or("");
  image.tags = reader.strings("tags", kMaxTags, 1'024).value_or(std::vector<std::string>());
  image.arch = reader.string("arch", 64).value_or("");
  image.bytes = reader.integer("bytes", 0, kMaxBytes).value_or(0);
  if (const std::string created = reader.string("created_at", 64).value_or(""); !created.empty()) {
    const auto time = base::Timestamp::fromIso(created);
    if (!time) {
      faults.error("created_at", "not a time: '" + created + "'");
    }
    image.createdAt = time.value_or(base::Timestamp{});
  }
  if (faults.hasErrors()) {
    return faults.toError("the image's description could not be read");
  }
  return image;
}

} // namespace univrs::interfaces
