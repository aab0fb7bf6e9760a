#include "app/gui/ui_watchdog.h"

#include <algorithm>
#include <chrono>

namespace univrs::gui {

UiWatchdog::UiWatchdog(std::function<void(int64_t, bool)> onBlock, int64_t hangMs)
    : m_onBlock(std::move(onBlock)), m_hangMs(hangMs), m_thread([this] { watch(); }) {}

UiWatchdog::~UiWatchdog() {
  {
    const std::lock_guard lock(m_mutex);
    m_stop = true;
  }
  m_wake.notify_all();
  m_thread.join();
}

void UiWatchdog::watch() {
  using Steady = std::chrono::steady_clock;
  std::unique_lock lock(m_mutex);
  while (!m_stop) {
    m_answered = false;
    const auto asked = Steady::now();
    lock.unlock();
    // Deleted with m_target should the loop never come round again.
    QMetaObject::invokeMethod(
        &m_target,
        [this] {
          {
            const std::lock_guard answer(m_mutex);
            m_answered = true;
          }
          m_wake.notify_all();
        },
        Qt::QueuedConnection);
    lock.lock();
    const auto settled = [this] { return m_answered || m_stop; };
    if (!m_wake.wait_for(lock, std::chrono::milliseconds(m_hangMs), settled)) {
      lock.unlock();
      m_onBlock(m_hangMs, false);
      lock.lock();
      m_wake.wait(lock, settled);
    }
    if (m_stop) {
      return;
    }
    ++m_pings;
    const int64_t took = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - asked).count();
    if (took > kBlockMs) {
      ++m_blocks;
      m_longest = std::max<int64_t>(m_longest, took);
      lock.unlock();
      m_onBlock(took, true);
      lock.lock();
    }
    m_wake.wait_for(lock, std::chrono::milliseconds(kPingMs), [this] { return m_stop; });
  }
}

} // namespace univrs::gui
