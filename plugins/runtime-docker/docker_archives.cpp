// Listing the engine's images and loading archives into it.
#include "plugins/runtime-docker/docker_driver.h"
#include "plugins/runtime-docker/image_archive.h"
#include "plugins/runtime-docker/image_replies.h"
#include "plugins/runtime-docker/json_lines.h"

#include <algorithm>
#include <cstdlib>

namespace univrs::docker {

namespace {
constexpr base::Millis kProgressEvery{50};
constexpr int kDockerWithOci = 25; // the first Docker that reads OCI layouts
constexpr base::Millis kListTimeout{60'000};

base::Error cancelled(const std::string& path) {
  return base::makeError(base::ErrorCode::Cancelled, "Loading " + path + " was cancelled");
}

base::Error loadError(const std::string& path, const std::string& words) {
  using base::ErrorCode;
  const auto says = [&](std::string_view w) { return words.find(w) != std::string::npos; };
  if (says("no space left")) {
    return base::makeError(ErrorCode::NoSpace, "The archive " + path + " was not loaded", words,
                           "Free some disk space on this node.");
  }
  return base::makeError(ErrorCode::Corrupt, "The archive " + path + " was not loaded", "the engine says: " + words,
                         "Is the file whole? Make or copy it again.");
}
} // namespace

base::Result<std::string> DockerDriver::archOf(Api& engine, const std::string& imageId,
                                               const base::CancelToken& cancel) {
  {
    const std::lock_guard lock(m_mutex);
    if (const auto it = m_archs.find(imageId); it != m_archs.end()) {
      return it->second;
    }
  }
  if (cancel.cancelled()) {
    return base::makeError(base::ErrorCode::Cancelled, "Listing the images was cancelled");
  }
  auto reply = engine.get("/images/" + urlEncode(imageId) + "/json", "The image " + imageId + " is not there");
  if (!reply) {
    return reply.error();
  }
  auto facts = readImage(reply->body);
  if (!facts) {
    return facts.error();
  }
  const std::lock_guard lock(m_mutex);
  if (m_archs.size() >= kMaxArchs) {
    m_archs.clear();
  }
  return m_archs[imageId] = facts->arch;
}

base::Result<std::vector<agent::LocalImage>> DockerDriver::images(const base::CancelToken& cancel) {
  auto opened = api();
  if (!opened) {
    return opened.error();
  }
  Api& engine = **opened;
  auto reply = engine.get("/images/json", "The images could not be listed", kListTimeout);
  if (!reply) {
    return reply.error();
  }
  auto list = readImageList(reply->body);
  if (!list) {
    return list.error();
  }
  for (auto it = list->begin(); it != list->end();) {
    auto arch = archOf(engine, it->id, cancel);
    if (!arch && arch.error().code == base::ErrorCode::NotFound) {
      it = list->erase(it); // removed meanwhile
      continue;
    }
    if (!arch) {
      return arch.error();
    }
    it->arch = std::move(*arch);
    ++it;
  }
  return list;
}

base::Result<std::vector<agent::LocalImage>>
DockerDriver::loadArchive(const std::string& path, const std::function<void(const agent::PullProgress&)>& progress,
                          const base::CancelToken& cancel) {
  auto opened = api();
  if (!opened) {
    return opened.error();
  }
  Api& engine = **opened;
  base::Monotonic lastTold{};
  std::string lastPhase;
  const auto tell = [&](const char* phase, int64_t current, int64_t total, const std::string& message) {
    const base::Monotonic now = base::SystemClock().now().steady;
    if (!progress || (lastPhase == phase && now - lastTold < kProgressEvery)) {
      return;
    }
    lastTold = now;
    lastPhase = phase;
    progress({phase, current, total, message});
  };

  auto archive = ImageArchive::open(path);
  if (!archive) {
    return archive.error();
  }
  tell("checking", 0, 0, "");
  auto facts = (*archive)->examine([&](int64_t read, int64_t all) { tell("checking", read, all, ""); }, cancel);
  if (cancel.cancelled()) {
    return cancelled(path);
  }
  if (!facts) {
    return facts.error();
  }
  if (!engine.facts().podman && !facts->docker &&
      std::strtol(engine.facts().version.c_str(), nullptr, 10) < kDockerWithOci) {
    return base::makeError(
        base::ErrorCode::Unsupported, "The archive " + path + " was not loaded",
        "it is an OCI layout, which Docker reads from version 25 on; this is " + engine.facts().version,
        "Convert it: skopeo copy oci-archive:" + path + " docker-archive:" + path + ".docker.tar:NAME:TAG");
  }

  // Podman's API takes nothing that is packed, Docker only some of it: it is unpacked here, on the way.
  const bool unpack = facts->packing != ArchiveFacts::Packing::None;
  const auto reader = (*archive)->reader(unpack, cancel);
  HttpUpload body;
  if (!unpack) {
    body.bytes = facts->fileBytes;
  }
  std::optional<base::Error> failure;
  body.read = [&](char* to, size_t size) -> base::Result<size_t> {
    auto n = reader->read(to, size);
    if (!n) {
      failure = n.error();
    } else if (*n > 0) {
      tell("sending", std::min(reader->fileBytesRead(), facts->fileBytes), facts->fileBytes, "");
    } else {
      tell("unpacking", facts->fileBytes, facts->fileBytes, "the engine unpacks the image");
    }
    return n;
  };
  HttpRequest request;
  request.method = "POST";
  request.target = engine.versioned("/images/load?quiet=false");
  request.contentType = "application/x-tar";
  std::vector<std::string> loaded;
  JsonLines lines;
  const auto onLine = [&](std::string_view text) {
    auto line = readLoadLine(text);
    if (!line) {
      failure = line.error();
      return false;
    }
    if (!line->error.empty()) {
      failure = loadError(path, line->error);
      return false;
    }
    loaded.insert(loaded.end(), line->loaded.begin(), line->loaded.end());
    if (!line->progress.empty()) {
      tell("unpacking", facts->fileBytes, facts->fileBytes, line->progress);
    }
    return loaded.size() <= kMaxArchiveImages;
  };
  auto reply = engine.client().upload(
      request, body,
      [&](std::string_view bytes) {
        if (auto pushed = lines.push(bytes, onLine); !pushed) {
          failure = pushed.error();
        }
        return !failure;
      },
      cancel);
  if (cancel.cancelled()) {
    return cancelled(path);
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
    e.what = "The archive " + path + " was not loaded";
    return e;
  }
  if (reply->status >= 300) {
    return loadError(path, readErrorMessage(std::string_view(reply->body.constData(), size_t(reply->body.size()))));
  }

  // The engine's words name what it has now; the archive's own names are a second source (Podman names some
  // otherwise).
  loaded.insert(loaded.end(), facts->tags.begin(), facts->tags.end());
  auto all = images(cancel);
  if (!all) {
    return all.error();
  }
  std::vector<agent::LocalImage> found;
  for (const std::string& name : loaded) {
    const auto reference = model::parseImageReference(name);
    const auto it = std::find_if(all->begin(), all->end(), [&](const agent::LocalImage& image) {
      return image.id == name || image.id == "sha256:" + name ||
             (reference && std::find(image.tags.begin(), image.tags.end(), reference->text()) != image.tags.end());
    });
    if (it != all->end() &&
        std::none_of(found.begin(), found.end(), [&](const auto& image) { return image.id == it->id; })) {
      found.push_back(*it);
    }
  }
  if (found.empty()) {
    return base::makeError(base::ErrorCode::Unavailable, "The archive " + path + " was sent, but no image came of it",
                           "the engine does not say which image it loaded", "Look at the list of images.");
  }
  tell("done", facts->fileBytes, facts->fileBytes, "");
  return found;
}

} // namespace univrs::docker
