// Which engine containers an instance's container had, one after the other, for those who follow its output across
// restarts in place. The engine thread writes, log readers wait on it. Thread safe.
#pragma once

#include "engine/base/cancel.h"
#include "engine/model/ids.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace univrs::agent {

class ContainerDirectory {
public:
  // A container of this instance that exists or may come. With an id: it was made or found; the same id again changes
  // nothing.
  void note(const model::InstanceId& instance, const std::string& container, const std::string& containerId);
  // No further container will come for this instance.
  void finish(const model::InstanceId& instance);
  void forget(const model::InstanceId& instance);
  // The newest container; empty when there is none.
  [[nodiscard]] std::string current(const model::InstanceId& instance, const std::string& container) const;
  // Waits until nobody who follows is still before the end of this container's output; at most `maxMs`.
  void waitUntilRead(const std::string& containerId, int64_t maxMs, const base::CancelToken& cancel);

private:
  using Key = std::pair<model::InstanceId, std::string>;
  struct Entry {
    std::deque<std::pair<uint64_t, std::string>> containers; // by position, the last few
    bool finished = false;
    bool forgotten = false;
    std::list<uint64_t> readers; // the position each has read to its end
  };
  static constexpr size_t kKept = 16; // earlier ones are gone from the engine anyway

  mutable std::mutex m_mutex;
  std::condition_variable m_wake;
  std::map<Key, Entry> m_entries;
  uint64_t m_next = 1;

public:
  // One reader's way through the containers of (instance, container), from the present one on.
  class Follower {
  public:
    Follower(ContainerDirectory& directory, model::InstanceId instance, std::string container);
    ~Follower();
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;
    // Marks the last one as read and waits for the next. Nothing when none will come, or cancelled.
    std::optional<std::string> next(const base::CancelToken& cancel);
    // True when a later container than the one given out last is there already, or none will come any more.
    [[nodiscard]] bool superseded() const;

  private:
    ContainerDirectory& m_directory;
    const Key m_key;
    std::list<uint64_t>::iterator m_position;
    uint64_t m_given = 0;
  };
};

} // namespace univrs::agent
