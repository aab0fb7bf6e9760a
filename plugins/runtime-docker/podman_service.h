// `podman system service` as a child of ours, for machines with Podman but no socket. It has a process group of its
// own, ends with us (also when we are killed), and is started again with back-off when it dies. Containers do not
// depend on it.
#pragma once

#include "engine/base/result.h"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace univrs::docker {

// Looks at the machine: what a containers.conf must say so that Podman works here; empty when Podman's own defaults (or
// the user's configuration) are right. See engines.md, section 1.
std::string neededContainersConf();

// Absolute path of a program in PATH; empty when there is none.
std::string findProgram(const std::string& name);

class PodmanService {
public:
  // `podman` is its absolute path; `dataFolder` exists. Nothing happens before start().
  PodmanService(std::string podman, std::string dataFolder);
  ~PodmanService(); // ends the child: politely, after 5 s for good
  PodmanService(const PodmanService&) = delete;
  PodmanService& operator=(const PodmanService&) = delete;

  // Starts it if it does not run and waits until it answers, at most 20 s. Unavailable with Podman's words.
  base::Result<void> ensure();
  [[nodiscard]] const std::string& socket() const { return m_socket; }
  // Process id of the child now; 0 when it does not run.
  [[nodiscard]] int pid() const;

private:
  void run();
  int spawn();
  std::string lastWords() const;

  const std::string m_podman;
  const std::string m_folder;
  std::string m_socket;
  std::string m_log;
  std::string m_ownConf; // CONTAINERS_CONF that we wrote; empty = none

  mutable std::mutex m_mutex;
  std::condition_variable m_changed;
  std::thread m_thread;
  bool m_stop = false;
  bool m_wanted = false; // somebody waits: do not sit out the back-off longer than a second
  int m_pid = 0;
  int m_starts = 0;
};

} // namespace univrs::docker
