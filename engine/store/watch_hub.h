// Who watches what, and how far each has been told. A watch holds no queue of its own: it is a position in the store's
// history, read from there when delivered, so a slow owner costs memory nowhere.
#pragma once

#include "engine/store/state_store.h"

namespace univrs::store {

// A piece of the history, whole revisions only.
struct HistoryBatch {
  std::vector<WatchEvent> events;
  int64_t through = 0; // every matching change up to and including this revision is in `events`
};

// What a store offers to the hub.
class HistoryReader {
public:
  virtual ~HistoryReader() = default;
  // Changes to keys starting with `prefix` with after < revision <= until, oldest first. May stop early, at the end of
  // a revision, once a batch is full.
  virtual base::Result<HistoryBatch> readHistory(const std::string& prefix, int64_t after, int64_t until) = 0;
};

// A batch is full at either of these.
inline constexpr size_t kBatchEvents = 1'000;
inline constexpr size_t kBatchBytes = 4u << 20;

class WatchHub {
public:
  explicit WatchHub(HistoryReader& reader);
  ~WatchHub();
  WatchHub(const WatchHub&) = delete;
  WatchHub& operator=(const WatchHub&) = delete;

  std::unique_ptr<base::Subscription> add(std::string prefix, int64_t from, StateStore::WatchCallback callback);
  // Brings every watch up to `revision`. Returns how many callbacks ran.
  size_t deliver(int64_t revision);
  // The revision every watch has been told of; changes after it must be kept. `revision` when there is no watch.
  [[nodiscard]] int64_t deliveredThrough(int64_t revision) const;

private:
  struct Watcher;
  struct State;
  class Handle;
  HistoryReader& m_reader;
  std::shared_ptr<State> m_state;
};

} // namespace univrs::store
