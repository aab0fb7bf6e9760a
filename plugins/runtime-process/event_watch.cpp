#include "plugins/runtime-process/event_watch.h"

#include "plugins/runtime-process/spawn.h"

#include <sys/eventfd.h>
#include <sys/inotify.h>

#include <map>
#include <poll.h>
#include <unistd.h>

namespace univrs::runtime_process {

namespace {

constexpr int kLookWithWatchMs = 1'000; // a shim killed by -9 says nothing: found at the next look
constexpr int kLookWithoutWatchMs = 250;

struct Seen {
  agent::ContainerPhase phase = agent::ContainerPhase::Created;
  std::map<std::string, std::string> labels;
  bool operator==(const Seen&) const = default;
};

std::map<std::string, std::pair<Seen, bool>> look(ContainerStore& store, const std::string& nodeId) {
  std::map<std::string, std::pair<Seen, bool>> now;
  for (const std::string& id : store.ids()) {
    const auto status = store.status(id);
    if (!status) {
      continue;
    }
    const auto label = status->labels.find(std::string(agent::kLabelNode));
    if (label != status->labels.end() && label->second == nodeId) {
      now.emplace(id, std::pair(Seen{status->phase, status->labels}, status->oomKilled));
    }
  }
  return now;
}

} // namespace

base::Result<void> watchEvents(ContainerStore& store, const std::string& nodeId,
                               const std::function<void(const agent::EngineEvent&)>& sink,
                               const base::CancelToken& cancel) {
  const Descriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  const base::CancelRegistration registration = cancel.onCancel([fd = wake.get()] {
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t count = ::write(fd, &one, sizeof(one));
  });
  const Descriptor watch(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  const bool watching = watch.valid() && ::inotify_add_watch(watch.get(), store.root().c_str(),
                                                             IN_ATTRIB | IN_MOVED_FROM | IN_DELETE | IN_CREATE) >= 0;
  auto before = look(store, nodeId);
  for (;;) {
    if (cancel.cancelled()) {
      return base::makeError(base::ErrorCode::Cancelled, "watching processes was cancelled");
    }
    if (::access(store.root().c_str(), R_OK) != 0) {
      return base::makeError(base::ErrorCode::Unavailable, "the folder of process instances is gone", store.root());
    }
    pollfd wait[2] = {{wake.get(), POLLIN, 0}, {watching ? watch.get() : -1, POLLIN, 0}};
    ::poll(wait, 2, watching ? kLookWithWatchMs : kLookWithoutWatchMs);
    if (wait[1].revents != 0) {
      char buffer[16 * 1024];
      while (::read(watch.get(), buffer, sizeof(buffer)) > 0) {
      }
    }
    auto now = look(store, nodeId);
    for (const auto& [id, entry] : now) {
      const auto& [seen, oom] = entry;
      const auto old = before.find(id);
      const bool isNew = old == before.end();
      if (!isNew && old->second.first.phase == seen.phase) {
        continue;
      }
      if (isNew) {
        sink({id, "create", seen.labels});
      }
      const bool wasRunning = !isNew && old->second.first.phase == agent::ContainerPhase::Running;
      if (seen.phase != agent::ContainerPhase::Created && !wasRunning) {
        sink({id, "start", seen.labels}); // also for one that has ended between two looks
      }
      if (seen.phase == agent::ContainerPhase::Exited) {
        if (oom) {
          sink({id, "oom", seen.labels});
        }
        sink({id, "die", seen.labels});
      }
    }
    for (const auto& [id, entry] : before) {
      if (!now.contains(id)) {
        sink({id, "remove", entry.first.labels});
      }
    }
    before = std::move(now);
  }
}

} // namespace univrs::runtime_process
