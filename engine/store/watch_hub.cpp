#include "engine/store/watch_hub.h"

#include "engine/base/log.h"

#include <algorithm>

namespace univrs::store {

struct WatchHub::Watcher {
  std::string prefix;
  int64_t toldThrough = 0;
  StateStore::WatchCallback callback;
  bool active = true;
};

struct WatchHub::State {
  std::vector<std::shared_ptr<Watcher>> watchers;
  bool delivering = false;
};

class WatchHub::Handle final : public base::Subscription {
public:
  Handle(std::weak_ptr<State> state, std::shared_ptr<Watcher> watcher)
      : m_state(std::move(state)), m_watcher(std::move(watcher)) {}
  ~Handle() override {
    m_watcher->active = false;
    if (const auto state = m_state.lock()) {
      std::erase(state->watchers, m_watcher);
    }
  }

private:
  std::weak_ptr<State> m_state;
  std::shared_ptr<Watcher> m_watcher;
};

WatchHub::WatchHub(HistoryReader& reader) : m_reader(reader), m_state(std::make_shared<State>()) {}
WatchHub::~WatchHub() = default;

std::unique_ptr<base::Subscription> WatchHub::add(std::string prefix, int64_t from,
                                                  StateStore::WatchCallback callback) {
  auto watcher = std::make_shared<Watcher>();
  watcher->prefix = std::move(prefix);
  watcher->toldThrough = from;
  watcher->callback = std::move(callback);
  m_state->watchers.push_back(watcher);
  return std::make_unique<Handle>(m_state, std::move(watcher));
}

size_t WatchHub::deliver(int64_t revision) {
  if (m_state->delivering) {
    return 0;
  }
  m_state->delivering = true;
  size_t ran = 0;
  const auto watchers = m_state->watchers; // callbacks may add and remove watches
  for (const auto& watcher : watchers) {
    while (watcher->active && watcher->toldThrough < revision) {
      auto batch = m_reader.readHistory(watcher->prefix, watcher->toldThrough, revision);
      if (!batch) {
        // Nothing is lost: the position stays, the next deliver() tries again.
        base::log::error("store", "changes could not be read for a watch",
                         {{"prefix", watcher->prefix}, {"error", batch.error().text()}});
        break;
      }
      watcher->toldThrough = batch->through;
      if (!batch->events.empty()) {
        ++ran;
        watcher->callback(batch->events);
      }
    }
  }
  m_state->delivering = false;
  return ran;
}

int64_t WatchHub::deliveredThrough(int64_t revision) const {
  for (const auto& watcher : m_state->watchers) {
    revision = std::min(revision, watcher->toldThrough);
  }
  return revision;
}

} // namespace univrs::store
