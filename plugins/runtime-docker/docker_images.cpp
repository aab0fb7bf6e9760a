// Pulling images.
#include "plugins/runtime-docker/docker_driver.h"
#include "plugins/runtime-docker/json_lines.h"
#include "plugins/runtime-docker/registry_auth.h"
#include "plugins/runtime-docker/registry_errors.h"

#include <algorithm>

namespace univrs::docker {

namespace {
constexpr base::Millis kProgressEvery{50};

bool isLocal(const model::ImageReference& image) {
  return image.registry == "localhost";
}

// What the engine is asked for: the digest decides where there is one.
std::string referenceOf(const model::ImageReference& image) {
  return image.digest.empty() ? image.name() + ":" + image.tag : image.name() + "@" + image.digest;
}

base::Error cancelled(const model::ImageReference& image) {
  return base::makeError(base::ErrorCode::Cancelled, "Pulling " + image.text() + " was cancelled");
}
} // namespace

base::Result<void> DockerDriver::pullFrom(Api& api, const model::ImageReference& image,
                                          const std::function<void(const agent::PullProgress&)>& progress,
                                          std::string* digest, const base::CancelToken& cancel) {
  HttpRequest r;
  r.method = "POST";
  // Podman and Docker both take a digest in place of a tag.
  r.target = api.versioned("/images/create?fromImage=" + urlEncode(image.name()) +
                           "&tag=" + urlEncode(image.digest.empty() ? image.tag : image.digest));
  r.registryAuth = registryAuthHeader(image.registry);
  PullTracker tracker;
  JsonLines lines;
  std::optional<base::Error> failure;
  base::Monotonic lastTold{};
  std::string lastPhase;
  const auto onLine = [&](std::string_view text) {
    auto line = tracker.read(text);
    if (!line) {
      failure = line.error();
      return false;
    }
    if (!line->error.empty()) {
      failure = pullError(image, line->error);
      return false;
    }
    if (!line->digest.empty() && digest != nullptr) {
      *digest = line->digest;
    }
    const base::Monotonic now = base::SystemClock().now().steady;
    if (progress && (line->progress.phase != lastPhase || now - lastTold >= kProgressEvery)) {
      lastTold = now;
      lastPhase = line->progress.phase;
      progress(line->progress);
    }
    return true;
  };
  auto reply = api.client().stream(
      r,
      [&](std::string_view bytes) {
        if (auto pushed = lines.push(bytes, onLine); !pushed) {
          failure = pushed.error();
        }
        return !failure;
      },
      cancel);
  if (cancel.cancelled()) {
    return cancelled(image);
  }
  if (!failure && reply && reply->status < 300) {
    lines.finish(onLine);
  }
  if (failure) {
    return *failure;
  }
  if (!reply) {
    base::Error e = reply.error();
    e.why = e.why.empty() ? e.what : e.what + ": " + e.why;
    e.what = "The image " + image.text() + " could not be pulled";
    return e;
  }
  if (reply->status >= 300) {
    return pullError(image, readErrorMessage(std::string_view(reply->body.constData(), size_t(reply->body.size()))));
  }
  return {};
}

base::Result<agent::ImageInfo> DockerDriver::localImage(Api& api, const model::ImageReference& image, bool justPulled,
                                                        const base::CancelToken& cancel) {
  auto reply = api.get("/images/" + urlEncode(referenceOf(image)) + "/json",
                       "The image " + image.text() + " is not on this machine");
  if (!reply) {
    return reply.error();
  }
  auto facts = readImage(reply->body);
  if (!facts) {
    return facts.error();
  }
  agent::ImageInfo info;
  info.id = facts->id;
  info.arch = facts->arch;
  info.os = facts->os;
  info.sizeBytes = facts->sizeBytes;
  if (isLocal(image)) {
    return info; // never in a registry: whatever digest the engine made up, nobody can pull by it
  }
  const std::vector<std::string> digests = digestsOf(*facts, image);
  if (!image.digest.empty()) {
    if (std::find(digests.begin(), digests.end(), image.digest) == digests.end()) {
      return base::makeError(base::ErrorCode::Corrupt, "The image " + image.text() + " is not what was asked for",
                             "the engine does not confirm its digest", "Remove the image and try again.");
    }
    info.digest = image.digest;
    return info;
  }
  info.digest = digests.empty() ? std::string() : digests.back();
  if (digests.size() > 1 && justPulled) {
    // Podman keeps several digests for one image (of an archive, of an index, of another compression) and does not say
    // which the tag has. The registry knows: by the others it cannot be pulled.
    for (const std::string& candidate : digests) {
      model::ImageReference exact = image;
      exact.tag.clear();
      exact.digest = candidate;
      if (pullFrom(api, exact, {}, nullptr, cancel).ok()) {
        info.digest = candidate;
        break;
      }
    }
  }
  return info;
}

base::Result<agent::ImageInfo> DockerDriver::pull(const agent::ImagePull& request,
                                                  const std::function<void(const agent::PullProgress&)>& progress,
                                                  const base::CancelToken& cancel) {
  auto opened = api();
  if (!opened) {
    return opened.error();
  }
  Api& engine = **opened;
  const model::ImageReference& image = request.image;
  if (cancel.cancelled()) {
    return cancelled(image);
  }
  const auto tell = [&](const char* phase, const std::string& message) {
    if (progress) {
      agent::PullProgress p;
      p.phase = phase;
      p.message = message;
      progress(p);
    }
  };
  const bool mayPull = request.policy != model::PullPolicy::Never && !isLocal(image);
  if (request.policy != model::PullPolicy::Always || !mayPull) {
    auto local = localImage(engine, image, false, cancel);
    if (local || local.error().code != base::ErrorCode::NotFound) {
      if (local) {
        tell("done", "already on this machine");
      }
      return local;
    }
    if (engine.facts().podman && image.registry == "docker.io" && image.digest.empty()) {
      // What an archive names without a registry, Podman keeps under localhost/: found by the name as it was written.
      model::ImageReference kept = image;
      kept.registry = "localhost";
      constexpr std::string_view kLibrary = "library/";
      if (kept.repository.starts_with(kLibrary)) {
        kept.repository.erase(0, kLibrary.size());
      }
      if (auto found = localImage(engine, kept, false, cancel)) {
        tell("done", "already on this machine as " + kept.text());
        return found;
      }
    }
    if (!mayPull) {
      base::Error e = local.error();
      e.why = isLocal(image) ? "images named localhost/… are never pulled" : "its pull policy is `never`";
      e.hint = "Load it on this node (`univrs image load`), or name a registry it can be pulled from.";
      return e;
    }
  }
  tell("resolving", "asking " + image.registry);
  std::string digest;
  if (auto r = pullFrom(engine, image, progress, &digest, cancel); !r) {
    return r.error();
  }
  auto info = localImage(engine, image, digest.empty(), cancel);
  if (!info) {
    return info.error();
  }
  if (!digest.empty() && image.digest.empty()) {
    info->digest = digest; // Docker says it
  }
  if (cancel.cancelled()) {
    return cancelled(image);
  }
  if (progress) {
    agent::PullProgress p;
    p.phase = "done";
    p.current = p.total = info->sizeBytes;
    p.message = info->digest;
    progress(p);
  }
  return info;
}

} // namespace univrs::docker
