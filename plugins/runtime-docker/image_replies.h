// What the engine answers about its images as a whole: the list, and the words of a load.
#pragma once

#include "engine/agent/runtime_driver.h"

#include <QByteArray>

#include <string>
#include <string_view>
#include <vector>

namespace univrs::docker {

// GET /images/json: newest first, at most agent::kMaxListedImages, tags written out; without arch.
base::Result<std::vector<agent::LocalImage>> readImageList(const QByteArray& body);

// One document of the reply to POST /images/load. Docker sends one a line with progress, Podman a single one.
struct LoadLine {
  std::vector<std::string> loaded; // names ("busybox:1") and ids ("sha256:…") it says it has now
  std::string error;               // the engine's words; not empty = the load failed
  std::string progress;            // "Loading layer"
};
base::Result<LoadLine> readLoadLine(std::string_view line);

} // namespace univrs::docker
