// Images in the local container engine.
#pragma once

#include "engine/base/clock.h"
#include "engine/interfaces/reply.h"

#include <QJsonObject>

#include <cstdint>
#include <string>
#include <vector>

namespace univrs::interfaces {

struct StoredImage {
  std::string id;                // "sha256:…"
  std::vector<std::string> tags; // "docker.io/library/nginx:1.27"; empty for one without a name
  std::string arch;
  int64_t bytes = 0;
  base::Timestamp createdAt;
  bool operator==(const StoredImage&) const = default;
};
QJsonObject toJson(const StoredImage& image);
base::Result<StoredImage> storedImageFromJson(const QJsonObject& json);

class Images {
public:
  virtual ~Images() = default;
  //! What the engine holds, newest first, at most 1,000.
  virtual void listImages(Reply<std::vector<StoredImage>> reply) = 0;
  //! Reads an archive (`docker save` or OCI layout, plain, gzip or zstd) that lies on the node's own disk into the
  //! engine; answers with the images it held. Progress is an operation of kind "load", which command
  //! `cancel_operation` ends.
  virtual void loadImageArchive(std::string path, Reply<std::vector<StoredImage>> reply) = 0;
};

} // namespace univrs::interfaces
