// Notices when the UI thread does not come round: a thread asks it to answer every 50 ms and times the answer. For
// benches and the nightly run; a window in ordinary use has none, so that it sleeps when nothing happens.
#pragma once

#include <QObject>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

namespace univrs::gui {

class UiWatchdog {
public:
  static constexpr int kPingMs = 50;
  static constexpr int kBlockMs = 100; // an answer later than this is a block

  // Watches the calling thread, which must run an event loop. `onBlock(ms)` is called on the watchdog's own thread when
  // a block is over, and once during it when it lasts longer than `hangMs`.
  explicit UiWatchdog(std::function<void(int64_t ms, bool over)> onBlock, int64_t hangMs = 2'000);
  ~UiWatchdog();
  UiWatchdog(const UiWatchdog&) = delete;
  UiWatchdog& operator=(const UiWatchdog&) = delete;

  [[nodiscard]] int64_t blocks() const { return m_blocks; }
  [[nodiscard]] int64_t longestMs() const { return m_longest; }
  [[nodiscard]] int64_t pings() const { return m_pings; }

private:
  void watch();
  QObject m_target; // lives on the watched thread
  std::function<void(int64_t, bool)> m_onBlock;
  const int64_t m_hangMs;
  std::atomic<int64_t> m_blocks{0};
  std::atomic<int64_t> m_longest{0};
  std::atomic<int64_t> m_pings{0};
  std::mutex m_mutex;
  std::condition_variable m_wake;
  bool m_stop = false;
  bool m_answered = false;
  std::thread m_thread;
};

} // namespace univrs::gui
