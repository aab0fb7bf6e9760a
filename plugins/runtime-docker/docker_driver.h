// The runtime driver for Docker and Podman: the agent's wishes as calls of the Docker Engine API over a local socket.
// Everything may be called from any thread; see engine/agent/runtime_driver.h for what each call promises.
#pragma once

#include "engine/agent/runtime_driver.h"
#include "plugins/runtime-docker/api.h"
#include "plugins/runtime-docker/create_body.h"
#include "plugins/runtime-docker/oom_watch.h"
#include "plugins/runtime-docker/podman_service.h"

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace univrs::docker {

class DockerDriver final : public agent::RuntimeDriver {
public:
  explicit DockerDriver(const agent::DriverOptions& options);
  ~DockerDriver()
      override; // no call may be under way; ends Podman's service if it was started here, not the containers

  [[nodiscard]] std::string name() const override { return "docker"; }
  [[nodiscard]] base::Result<model::EngineInfo> open() override;
  [[nodiscard]] base::Result<agent::ImageInfo> pull(const agent::ImagePull& request,
                                                    const std::function<void(const agent::PullProgress&)>& progress,
                                                    const base::CancelToken& cancel) override;
  [[nodiscard]] base::Result<std::vector<agent::LocalImage>> images(const base::CancelToken& cancel) override;
  [[nodiscard]] base::Result<std::vector<agent::LocalImage>>
  loadArchive(const std::string& path, const std::function<void(const agent::PullProgress&)>& progress,
              const base::CancelToken& cancel) override;
  [[nodiscard]] base::Result<std::string> create(const agent::ContainerRequest& request) override;
  [[nodiscard]] base::Result<void> start(const std::string& id) override;
  [[nodiscard]] base::Result<void> stop(const std::string& id, int64_t graceMs) override;
  [[nodiscard]] base::Result<void> remove(const std::string& id) override;
  [[nodiscard]] base::Result<agent::ContainerStatus> inspect(const std::string& id) override;
  [[nodiscard]] base::Result<std::vector<agent::ContainerStatus>> list(const std::string& nodeId) override;
  [[nodiscard]] base::Result<void> logs(const agent::LogRequest& request,
                                        const std::function<bool(const agent::LogLine&)>& sink,
                                        const base::CancelToken& cancel) override;
  [[nodiscard]] base::Result<agent::Usage> usage(const std::string& id) override;
  [[nodiscard]] base::Result<std::unique_ptr<agent::ExecStream>> exec(const agent::ExecRequest& request,
                                                                      agent::ExecHandlers handlers) override;
  [[nodiscard]] base::Result<void> events(const std::string& nodeId,
                                          const std::function<void(const agent::EngineEvent&)>& sink,
                                          const base::CancelToken& cancel) override;

  // Process id of the Podman service started here; 0 when there is none.
  [[nodiscard]] int podmanPid() const;

private:
  base::Result<std::shared_ptr<Api>> api() const;
  base::Result<std::shared_ptr<Api>> connectTo(const std::string& socket, std::function<bool()> revive);
  base::Result<std::string> findSocket(std::function<bool()>& revive);
  bool reviveService();

  base::Result<agent::ImageInfo> localImage(Api& api, const model::ImageReference& image, bool justPulled,
                                            const base::CancelToken& cancel);
  base::Result<void> pullFrom(Api& api, const model::ImageReference& image,
                              const std::function<void(const agent::PullProgress&)>& progress, std::string* digest,
                              const base::CancelToken& cancel);
  // What /images/json leaves out; asked once for each image id.
  base::Result<std::string> archOf(Api& api, const std::string& imageId, const base::CancelToken& cancel);
  // Adds what the engine does not tell: OOM kills on Podman, why a start failed.
  void complete(Api& api, ContainerFacts& facts);
  base::Result<void> initialise(Api& api, const std::string& id);

  struct Ending { // how a container of ours ended, kept because Podman forgets
    std::string startError;
    bool oomKilled = false;
    base::Timestamp oomOf; // start time of the run it is about
  };
  void note(const std::string& id, const std::function<void(Ending&)>& change);

  const agent::DriverOptions m_options;
  mutable std::mutex m_mutex;
  std::mutex m_openMutex; // one open() at a time
  std::shared_ptr<Api> m_api;
  ProcessLimits m_limits;
  std::unique_ptr<PodmanService> m_service;
  OomWatch m_oom;
  static constexpr size_t kMaxEndings = 4096; // the oldest are forgotten
  std::map<std::string, Ending> m_endings;
  std::deque<std::string> m_endingOrder;
  static constexpr size_t kMaxArchs = 4'096;  // all are forgotten when there are more
  std::map<std::string, std::string> m_archs; // by image id
};

} // namespace univrs::docker
