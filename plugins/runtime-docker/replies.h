// What the engine answers, read strictly: wrong types and missing parts give an error that says which, nothing is
// assumed and nothing crashes. Docker's and Podman's replies differ in places; both are understood.
#pragma once

#include "engine/agent/runtime_driver.h"

#include <QByteArray>
#include <QJsonObject>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::docker {

// GET /version and GET /info together: what kind of engine it is and what it can enforce here.
struct EngineFacts {
  bool podman = false;
  std::string version;
  std::string apiVersion;    // the newest it speaks: "1.41"
  std::string minApiVersion; // the oldest; may be empty
  std::string os;
  std::string arch; // amd64, arm64
  int64_t cpus = 0;
  int64_t memoryBytes = 0;
  bool cpuLimits = false;
  bool memoryLimits = false;
  bool swapLimits = false;
  bool pidsLimits = false;
};
base::Result<void> readVersion(const QByteArray& body, EngineFacts& facts);
base::Result<void> readInfo(const QByteArray& body, EngineFacts& facts);
// The API version to speak: 1.41, or the engine's oldest when that is newer, or its newest when that is older.
std::string chooseApiVersion(const EngineFacts& facts);

// {"message": "..."} of an error reply; the raw text (at most 2 KiB) when it is not that.
std::string readErrorMessage(std::string_view body);

struct ImageFacts {
  std::string id;
  std::string arch;
  std::string os;
  int64_t sizeBytes = 0;
  std::vector<std::string> repoDigests; // "127.0.0.1:5000/team/bb@sha256:…"
};
base::Result<ImageFacts> readImage(const QByteArray& body);
// The digests that belong to `image`'s repository, in the engine's order.
std::vector<std::string> digestsOf(const ImageFacts& facts, const model::ImageReference& image);

base::Result<std::string> readCreated(const QByteArray& body); // {"Id": …}: containers and exec sessions

struct ContainerFacts {
  agent::ContainerStatus status;
  std::string rawState; // the engine's word
  int64_t memoryLimit = 0;
  bool tty = false;
  std::string image; // the image's id
};
base::Result<ContainerFacts> readContainer(const QByteArray& body);
// Ids of GET /containers/json. At most 10,000.
base::Result<std::vector<std::string>> readContainerList(const QByteArray& body);

struct StatsFacts {
  agent::Usage usage;
  bool running = false;
  bool hasCache = false; // memoryBytes is already without page cache
};
base::Result<StatsFacts> readStats(const QByteArray& body);

struct ExecFacts {
  bool running = false;
  int exitCode = 0;
  int pid = 0;
};
base::Result<ExecFacts> readExec(const QByteArray& body);

// One line of GET /events; nothing when it is not about a container or nothing that matters to the agent. Docker's
// "destroy" is "remove" as Podman calls it.
base::Result<std::optional<agent::EngineEvent>> readEvent(std::string_view line);

// Adds up the layers' progress of one pull. Docker tells bytes per layer; Podman often only that a layer is done.
class PullTracker {
public:
  static constexpr size_t kMaxLayers = 512; // more are not counted

  struct Line {
    agent::PullProgress progress;
    std::string error;  // the engine's words; not empty = the pull failed
    std::string digest; // "Digest: sha256:…" of Docker
  };
  base::Result<Line> read(std::string_view line);

private:
  struct Layer {
    int64_t current = 0;
    int64_t total = 0;
    bool done = false;
  };
  std::map<std::string, Layer> m_layers;
};

} // namespace univrs::docker
