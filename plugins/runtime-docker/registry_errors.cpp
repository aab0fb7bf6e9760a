#include "plugins/runtime-docker/registry_errors.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace univrs::docker {

namespace {
bool hasAny(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](auto w) { return text.find(w) != std::string_view::npos; });
}

std::string lower(std::string_view s) {
  std::string out(s);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return char(std::tolower(c)); });
  return out;
}
} // namespace

base::Error pullError(const model::ImageReference& image, std::string_view engineWords) {
  using base::ErrorCode;
  const std::string words(engineWords.substr(0, 1024));
  const std::string low = lower(words);
  const std::string what = "The image " + image.text() + " could not be pulled";
  const auto error = [&](ErrorCode code, const std::string& why, std::string hint) {
    return base::makeError(code, what, why + " (" + words + ")", std::move(hint));
  };
  if (hasAny(low, {"manifest unknown", "not found: manifest", "manifest for", "name unknown",
                   "repository does not exist", "tag does not exist", "no such image", "name_unknown"}) &&
      !hasAny(low, {"pull access denied"})) {
    if (!image.digest.empty()) {
      return error(ErrorCode::NotFound,
                   "the registry " + image.registry + " has no image with this digest in " + image.repository,
                   "Check the digest; images that were deleted or pushed elsewhere cannot be fetched by it.");
    }
    return error(ErrorCode::NotFound,
                 "the registry " + image.registry + " has no " + image.repository + ":" + image.tag,
                 "Check the name and the tag.");
  }
  if (hasAny(low, {"unauthorized", "authentication required", "denied", "no basic auth"})) {
    return error(ErrorCode::Forbidden, "the registry " + image.registry + " wants a login, or the image does not exist",
                 "Log in with `docker login " + image.registry +
                     "` (or `podman login`) as the user that runs the node.");
  }
  if (hasAny(low, {"toomanyrequests", "too many requests", "rate limit"})) {
    return error(ErrorCode::RateLimited, "the registry " + image.registry + " limits how often it may be asked",
                 "Wait, log in, or use a mirror.");
  }
  if (hasAny(low, {"connection refused", "no route to host", "network is unreachable", "connection reset"})) {
    return error(ErrorCode::Unavailable, "the registry " + image.registry + " cannot be reached",
                 "Is it running, and is the name right?");
  }
  if (hasAny(low, {"no such host", "server misbehaving", "temporary failure in name resolution"})) {
    return error(ErrorCode::Unavailable, "the name of the registry " + image.registry + " cannot be resolved",
                 "Check the name and this machine's DNS.");
  }
  if (hasAny(low, {"i/o timeout", "deadline exceeded", "tls handshake timeout", "client.timeout"})) {
    return error(ErrorCode::Timeout, "the registry " + image.registry + " did not answer in time", "Try again later.");
  }
  if (hasAny(low, {"x509", "certificate", "server gave http response to https"})) {
    return error(ErrorCode::Unavailable, "the registry " + image.registry + " has no certificate this machine trusts",
                 "Add its certificate, or list it as an insecure registry in the engine's configuration.");
  }
  if (hasAny(low, {"no space left", "disk quota"})) {
    return error(ErrorCode::NoSpace, "the disk is full", "Remove unused images: `docker image prune`.");
  }
  if (hasAny(low, {"no image found in manifest list", "no matching manifest", "no child with platform"})) {
    return error(ErrorCode::Unsupported, "the image is not made for this machine's architecture",
                 "Choose an image for it, or place the workload on another node.");
  }
  if (hasAny(low, {"corrupt input", "verification failed", "digest did not match", "does not match digest",
                   "digest invalid", "checksum"})) {
    return error(ErrorCode::Corrupt, "what the registry sent does not match its digest",
                 "The registry's copy is damaged or was tampered with; push the image again.");
  }
  return base::makeError(ErrorCode::Unavailable, what, words, "");
}

} // namespace univrs::docker
