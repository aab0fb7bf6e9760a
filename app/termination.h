// SIGTERM and SIGINT as an ordinary call on the event loop. The only Unix part of the launcher.
#pragma once

#include <QObject>

#include <functional>
#include <memory>

namespace univrs {

class Termination {
public:
  // `onSignal` runs on the calling thread's event loop, once per signal. A third signal ends the process at once.
  explicit Termination(std::function<void()> onSignal);
  ~Termination();
  Termination(const Termination&) = delete;
  Termination& operator=(const Termination&) = delete;

private:
  std::unique_ptr<QObject> m_notifier;
};

} // namespace univrs
