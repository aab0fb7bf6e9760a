#include "plugins/runtime-docker/oom_watch.h"

#include "plugins/runtime-docker/cgroup.h"

#include <array>
#include <vector>

#ifdef __linux__
#include <sys/eventfd.h>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#endif

namespace univrs::docker {

#ifdef __linux__

struct OomWatch::Entry {
  int pid = 0;
  bool v2 = false;
  int signals = -1; // v1: the eventfd
  int counter = -1; // memory.oom_control or memory.events
  uint64_t signalled = 0;
  int64_t before = 0; // kills when the watch began: a restart may find the cgroup of the run before
  int64_t kills = 0;
  bool gone = false; // the cgroup is removed

  ~Entry() {
    for (const int fd : {signals, counter}) {
      if (fd >= 0) {
        ::close(fd);
      }
    }
  }
  // v1: one of the signals is the cgroup's own end.
  [[nodiscard]] bool sawOom() const { return kills > before || (gone && signalled >= 2); }
};

OomWatch::OomWatch() {
  m_wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  m_thread = std::thread([this] { run(); });
}

OomWatch::~OomWatch() {
  {
    const std::lock_guard lock(m_mutex);
    m_stop = true;
  }
  ::eventfd_write(m_wake, 1);
  m_thread.join();
  ::close(m_wake);
}

void OomWatch::drain(Entry& e) {
  eventfd_t n = 0;
  if (e.signals >= 0 && ::eventfd_read(e.signals, &n) == 0) {
    e.signalled += n;
  }
  std::array<char, 1024> text{};
  const ssize_t size = ::pread(e.counter, text.data(), text.size(), 0);
  if (size < 0) {
    e.gone = true; // ENODEV
    return;
  }
  if (const auto kills = oomKillsIn(std::string(text.data(), size_t(size)))) {
    e.kills = *kills;
  }
}

bool OomWatch::watch(const std::string& containerId, int pid) {
  {
    const std::lock_guard lock(m_mutex);
    const auto it = m_entries.find(containerId);
    if (it != m_entries.end() && it->second->pid == pid) {
      return true;
    }
    if (it == m_entries.end() && m_entries.size() >= kMaxWatched) {
      return false;
    }
  }
  const auto folders = cgroupOfProcess(pid);
  if (!folders || folders->memory.empty()) {
    return false;
  }
  auto entry = std::make_shared<Entry>();
  entry->pid = pid;
  entry->v2 = folders->v2;
  entry->counter = ::open((folders->memory + (folders->v2 ? "/memory.events" : "/memory.oom_control")).c_str(),
                          O_RDONLY | O_CLOEXEC);
  if (entry->counter < 0) {
    return false;
  }
  if (!folders->v2) {
    entry->signals = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    const int control = ::open((folders->memory + "/cgroup.event_control").c_str(), O_WRONLY | O_CLOEXEC);
    const std::string line = std::to_string(entry->signals) + " " + std::to_string(entry->counter);
    const bool ok =
        control >= 0 && entry->signals >= 0 && ::write(control, line.data(), line.size()) == ssize_t(line.size());
    if (control >= 0) {
      ::close(control);
    }
    if (!ok) {
      return false;
    }
  }
  {
    const std::lock_guard lock(m_mutex);
    drain(*entry);
    entry->before = entry->kills;
    entry->signalled = 0; // the kernel signals at once when the cgroup is still under OOM from the run before
    m_entries[containerId] = std::move(entry);
  }
  ::eventfd_write(m_wake, 1);
  return true;
}

bool OomWatch::sawOom(const std::string& containerId, bool* known) {
  for (int tries = 0;; ++tries) {
    {
      const std::lock_guard lock(m_mutex);
      const auto it = m_entries.find(containerId);
      if (known != nullptr) {
        *known = it != m_entries.end();
      }
      if (it == m_entries.end()) {
        return false;
      }
      Entry& e = *it->second;
      if (!e.gone) {
        drain(e);
      } else if (e.signals >= 0) {
        eventfd_t n = 0;
        if (::eventfd_read(e.signals, &n) == 0) {
          e.signalled += n;
        }
      }
      const bool mayStillTell = e.gone && !e.v2 && e.signalled < 2;
      if (e.sawOom() || !mayStillTell || tries == 20) {
        return e.sawOom();
      }
    }
    ::poll(nullptr, 0, 10);
  }
}

void OomWatch::forget(const std::string& containerId) {
  {
    const std::lock_guard lock(m_mutex);
    m_entries.erase(containerId);
  }
  ::eventfd_write(m_wake, 1);
}

void OomWatch::run() {
  for (;;) {
    std::vector<pollfd> fds;
    std::vector<std::shared_ptr<Entry>> entries; // keeps their descriptors open while they are polled
    {
      const std::lock_guard lock(m_mutex);
      if (m_stop) {
        return;
      }
      fds.push_back({m_wake, POLLIN, 0});
      for (const auto& [id, entry] : m_entries) {
        if (!entry->gone) {
          fds.push_back({entry->v2 ? entry->counter : entry->signals, short(entry->v2 ? POLLPRI : POLLIN), 0});
          entries.push_back(entry);
        }
      }
    }
    if (::poll(fds.data(), nfds_t(fds.size()), -1) < 0) {
      continue;
    }
    eventfd_t n = 0;
    ::eventfd_read(m_wake, &n);
    const std::lock_guard lock(m_mutex);
    for (size_t i = 1; i < fds.size(); ++i) {
      if (fds[i].revents != 0) {
        drain(*entries[i - 1]);
      }
    }
  }
}

#else // without cgroups there is nothing to watch

struct OomWatch::Entry {};
OomWatch::OomWatch() = default;
OomWatch::~OomWatch() = default;
bool OomWatch::watch(const std::string&, int) {
  return false;
}
bool OomWatch::sawOom(const std::string&, bool* known) {
  if (known != nullptr) {
    *known = false;
  }
  return false;
}
void OomWatch::forget(const std::string&) {}

#endif

} // namespace univrs::docker
