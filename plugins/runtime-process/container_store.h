// All containers of one driver on disk: dataFolder/containers/ID/. Nothing is kept in memory but the ports and names
// given out, so that a driver made after a crash sees what the one before it made. Thread safe.
#pragma once

#include "plugins/runtime-process/container_files.h"

#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace univrs::runtime_process {

class ContainerStore {
public:
  ContainerStore(std::string dataFolder, Cgroups cgroups);
  [[nodiscard]] base::Result<void> prepare();

  [[nodiscard]] const std::string& root() const { return m_root; }
  [[nodiscard]] std::string folderOf(const std::string& id) const { return m_root + "/" + id; }
  [[nodiscard]] const Cgroups& cgroups() const { return m_cgroups; }

  // Writes the files of a new container. Conflict when the name is taken.
  [[nodiscard]] base::Result<void> add(const ContainerConfig& config, const Launch& launch);
  [[nodiscard]] std::vector<std::string> ids() const;
  [[nodiscard]] std::optional<ContainerConfig> config(const std::string& id) const;
  // What it is doing. One whose shim was killed is ended here: what is left of it is killed, and it counts as exited
  // with 137 and an error that says so.
  [[nodiscard]] base::Result<agent::ContainerStatus> status(const std::string& id);
  // Sends an order to the shim; false when there is none: then status() clears up.
  bool order(const std::string& id, char what) const;
  [[nodiscard]] bool shimLives(const std::string& id) const;
  // Until it runs no longer or `ms` are over.
  [[nodiscard]] bool waitUntilEnded(const std::string& id, int64_t ms);
  // Deletes the files. The container must have ended.
  void erase(const std::string& id);
  // Ports given to containers that still exist.
  [[nodiscard]] std::vector<uint16_t> portsInUse() const;

private:
  void clearUp(const std::string& id, ShimState& state);
  std::string m_root;
  Cgroups m_cgroups;
  std::mutex m_addMutex;
  std::mutex m_clearMutex;
};

// 32 hexadecimal digits: the only ids of ours, safe as a file name.
bool isContainerId(const std::string& text);
base::Error noSuchContainer(const std::string& id);

} // namespace univrs::runtime_process
