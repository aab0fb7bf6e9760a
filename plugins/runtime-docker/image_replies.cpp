#include "plugins/runtime-docker/image_replies.h"

#include "engine/model/names.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace univrs::docker {

namespace {
constexpr qsizetype kMaxRead = 100'000; // images of one reply that are looked at
constexpr size_t kMaxTags = 100;        // of one image
constexpr size_t kMaxLoaded = 1'000;    // of one load
constexpr size_t kMaxWords = 2'048;

base::Error notUnderstood(std::string why) {
  return base::makeError(base::ErrorCode::Unavailable, "The container engine's reply is not understood", std::move(why),
                         "Docker 20.10 or newer and Podman 4 or newer are known to work.");
}

std::string trimmed(std::string_view text) {
  const auto space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  while (!text.empty() && space(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && space(text.back())) {
    text.remove_suffix(1);
  }
  return std::string(text);
}
} // namespace

base::Result<std::vector<agent::LocalImage>> readImageList(const QByteArray& body) {
  QJsonParseError fault;
  const auto document = QJsonDocument::fromJson(body, &fault);
  if (!document.isArray()) {
    return notUnderstood("the images: " + (fault.error != QJsonParseError::NoError ? fault.errorString().toStdString()
                                                                                   : std::string("not a list")));
  }
  std::vector<agent::LocalImage> out;
  const QJsonArray items = document.array();
  for (qsizetype i = 0; i < items.size() && i < kMaxRead; ++i) {
    const QJsonObject o = items.at(i).toObject();
    agent::LocalImage image;
    image.id = o.value(QLatin1String("Id")).toString().toStdString();
    if (image.id.empty()) {
      return notUnderstood("an image without an id");
    }
    if (image.id.find(':') == std::string::npos) {
      image.id.insert(0, "sha256:");
    }
    for (const QJsonValue& tag : o.value(QLatin1String("RepoTags")).toArray()) {
      const auto reference = model::parseImageReference(tag.toString().toStdString()); // "<none>:<none>" is none
      if (reference && image.tags.size() < kMaxTags) {
        image.tags.push_back(reference->text());
      }
    }
    image.sizeBytes = std::max<int64_t>(0, o.value(QLatin1String("Size")).toInteger());
    constexpr int64_t kMaxSeconds = 253'402'300'799; // the year 9999
    image.createdAt.ms = std::clamp<int64_t>(o.value(QLatin1String("Created")).toInteger(), 0, kMaxSeconds) * 1'000;
    out.push_back(std::move(image));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.createdAt.ms > b.createdAt.ms; });
  if (out.size() > agent::kMaxListedImages) {
    out.resize(agent::kMaxListedImages);
  }
  return out;
}

base::Result<LoadLine> readLoadLine(std::string_view line) {
  const auto document = QJsonDocument::fromJson(QByteArray(line.data(), qsizetype(line.size())));
  if (!document.isObject()) {
    return notUnderstood("the load: not a JSON object");
  }
  const QJsonObject o = document.object();
  LoadLine out;
  out.error = o.value(QLatin1String("errorDetail")).toObject().value(QLatin1String("message")).toString().toStdString();
  if (out.error.empty()) {
    out.error = o.value(QLatin1String("error")).toString().toStdString();
  }
  out.error = out.error.substr(0, kMaxWords);
  out.progress = o.value(QLatin1String("status")).toString().toStdString().substr(0, 256);
  // "Loaded image: NAME", "Loaded image ID: sha256:…", Podman also "Loaded image(s): NAME,NAME".
  const std::string stream = o.value(QLatin1String("stream")).toString().toStdString();
  for (size_t from = 0; from < stream.size();) {
    const size_t end = std::min(stream.find('\n', from), stream.size());
    const std::string_view said = std::string_view(stream).substr(from, end - from);
    from = end + 1;
    const size_t colon = said.find(": ");
    if (!said.starts_with("Loaded image") || colon == std::string_view::npos) {
      continue;
    }
    std::string_view names = said.substr(colon + 2);
    while (!names.empty() && out.loaded.size() < kMaxLoaded) {
      const size_t comma = std::min(names.find(','), names.size());
      if (auto name = trimmed(names.substr(0, comma)); !name.empty()) {
        out.loaded.push_back(std::move(name));
      }
      names.remove_prefix(std::min(comma + 1, names.size()));
    }
  }
  return out;
}

} // namespace univrs::docker
