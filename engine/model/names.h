// The rules for names, shared by validation and by the doors: DNS labels, label keys, environment names, image
// references.
#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>

namespace univrs::model {

// RFC 1123 label: 1…63 of [a-z0-9-], starting and ending with a letter or digit.
bool isDnsLabel(std::string_view text);
// Kubernetes label key: optional DNS prefix and '/', then 1…63 of [A-Za-z0-9._-].
bool isLabelKey(std::string_view text);
bool isLabelValue(std::string_view text); // 0…63
bool isEnvName(std::string_view text);    // no '=', no NUL, not empty
// Makes a valid workload name out of any text ("My App_1" -> "my-app-1"); "workload" when nothing is left.
std::string toDnsLabel(std::string_view text);

// An image reference split as the distribution spec does it.
struct ImageReference {
  std::string registry;   // "docker.io"
  std::string repository; // "library/nginx"
  std::string tag;        // "latest" when neither tag nor digest was given
  std::string digest;     // "sha256:…"
  // registry/repository[:tag][@digest]
  [[nodiscard]] std::string text() const;
  // registry/repository
  [[nodiscard]] std::string name() const { return registry + "/" + repository; }
  bool operator==(const ImageReference&) const = default;
};
// "nginx" -> docker.io/library/nginx:latest; "localhost/bb:1"; "127.0.0.1:5000/t/bb@sha256:…". At most 512 characters.
base::Result<ImageReference> parseImageReference(std::string_view text);

} // namespace univrs::model
