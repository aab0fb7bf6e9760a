// Signals as ordinary calls on the event loop: SIGTERM, SIGINT and SIGHUP end the program, SIGUSR2 restarts a node in
// place. The only Unix part of the launcher.
#pragma once

#include <QObject>

#include <functional>
#include <memory>

namespace univrs {

class Termination {
public:
  // `onEnd` and `onRestart` run on the calling thread's event loop, once per signal. A third signal to end ends the
  // process at once. One at a time.
  Termination(std::function<void()> onEnd, std::function<void()> onRestart);
  ~Termination();
  Termination(const Termination&) = delete;
  Termination& operator=(const Termination&) = delete;

  // Whether a signal to end came, told to `onEnd` already or not.
  [[nodiscard]] static bool requested();

private:
  std::unique_ptr<QObject> m_notifier;
};

} // namespace univrs
