#include "app/cli/interrupt.h"

#ifndef _WIN32
#include <QSocketNotifier>

#include <sys/socket.h>

#include <array>
#include <csignal>
#include <initializer_list>
#include <unistd.h>
#endif

namespace univrs::cli {

#ifndef _WIN32

namespace {

int g_wakeFd = -1;

void onSignal(int number) {
  const char byte = number == SIGWINCH ? 'w' : 'i';
  const ssize_t written = write(g_wakeFd, &byte, 1); // async-signal-safe; a full pipe has wakes enough
  (void)written;
  if (number == SIGINT) {
    std::signal(SIGINT, SIG_DFL); // the second one ends the program at once
  }
}

} // namespace

struct SignalWatch::Impl {
  std::array<int, 2> fds{-1, -1};
  std::unique_ptr<QSocketNotifier> notifier;
};

SignalWatch::SignalWatch(std::function<void()> onInterrupt, std::function<void()> onResize)
    : m_impl(std::make_unique<Impl>()) {
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, m_impl->fds.data()) != 0) {
    return; // Ctrl-C then ends the program as usual
  }
  const int readFd = m_impl->fds[1];
  m_impl->notifier = std::make_unique<QSocketNotifier>(readFd, QSocketNotifier::Read);
  QObject::connect(m_impl->notifier.get(), &QSocketNotifier::activated,
                   [readFd, onInterrupt = std::move(onInterrupt), onResize = std::move(onResize)] {
                     bool interrupted = false;
                     bool resized = false;
                     char byte = 0;
                     while (read(readFd, &byte, 1) == 1) {
                       (byte == 'w' ? resized : interrupted) = true;
                     }
                     if (resized && onResize) {
                       onResize();
                     }
                     if (interrupted && onInterrupt) {
                       onInterrupt();
                     }
                   });
  g_wakeFd = m_impl->fds[0];
  for (const int number : {SIGINT, SIGTERM, SIGWINCH}) {
    std::signal(number, onSignal);
  }
}

SignalWatch::~SignalWatch() {
  for (const int number : {SIGINT, SIGTERM, SIGWINCH}) {
    std::signal(number, SIG_DFL);
  }
  m_impl->notifier.reset();
  g_wakeFd = -1;
  for (const int fd : m_impl->fds) {
    if (fd >= 0) {
      close(fd);
    }
  }
}

#else

struct SignalWatch::Impl {};
SignalWatch::SignalWatch(std::function<void()>, std::function<void()>) {}
SignalWatch::~SignalWatch() = default;

#endif

} // namespace univrs::cli
