// Ctrl-C and terminal size changes as Qt callbacks on the event loop's thread.
#pragma once

#include <functional>
#include <memory>

namespace univrs::cli {

// One at a time. While it lives SIGINT and SIGTERM no longer end the program by themselves; a second SIGINT does.
class SignalWatch {
public:
  SignalWatch(std::function<void()> onInterrupt, std::function<void()> onResize);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

} // namespace univrs::cli
