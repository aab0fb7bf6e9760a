// Watches the memory cgroups of running containers for the OOM killer, because Podman's State.OOMKilled is always false
// and the cgroup, with its counter, is gone once the container has ended. Cgroup v1: an eventfd on memory.oom_control,
// which the kernel signals at every OOM and once more when the cgroup goes. v2: poll on memory.events. Thread safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace univrs::docker {

class OomWatch {
public:
  static constexpr size_t kMaxWatched = 4096; // containers at once; more are not watched

  OomWatch();
  ~OomWatch();
  OomWatch(const OomWatch&) = delete;
  OomWatch& operator=(const OomWatch&) = delete;

  // Begins to watch the container whose process is `pid`; again after a restart (another pid), else does nothing.
  // False when its cgroup is not visible here.
  bool watch(const std::string& containerId, int pid);
  // Whether the OOM killer struck in it while it was watched. Waits up to 200 ms for the kernel's last word when the
  // container has just ended. Nothing is known of containers that were not watched: false, and `known` is false.
  bool sawOom(const std::string& containerId, bool* known = nullptr);
  void forget(const std::string& containerId);

private:
  struct Entry;
  void run();
  void drain(Entry& entry);
  std::mutex m_mutex;
  std::map<std::string, std::shared_ptr<Entry>> m_entries;
  int m_wake = -1; // eventfd: the list changed, or the end
  bool m_stop = false;
  std::thread m_thread;
};

} // namespace univrs::docker
