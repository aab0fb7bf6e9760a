// Puts changes together that come faster than eyes can follow: the first is shown at once, what follows within the
// interval is shown together at its end.
#pragma once

#include <QTimer>

#include <functional>
#include <utility>

namespace univrs::gui {

class Coalescer {
public:
  // 100 ms: a table repaints at most ten times a second.
  static constexpr int kIntervalMs = 100;

  // `show` is called on this thread, inside request() or later by a timer; not after this is destroyed.
  explicit Coalescer(std::function<void()> show, int intervalMs = kIntervalMs) : m_show(std::move(show)) {
    m_timer.setSingleShot(true);
    m_timer.setInterval(intervalMs);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
      if (std::exchange(m_waiting, false)) {
        m_timer.start();
        m_show();
      }
    });
  }
  void request() {
    if (m_timer.isActive()) {
      m_waiting = true;
    } else {
      m_timer.start();
      m_show();
    }
  }
  // Shows now what waits.
  void flush() {
    if (std::exchange(m_waiting, false)) {
      m_show();
    }
  }

private:
  std::function<void()> m_show;
  QTimer m_timer;
  bool m_waiting = false;
};

} // namespace univrs::gui
