#include "app/termination.h"

#include <QSocketNotifier>

#include <sys/socket.h>

#include <csignal>
#include <unistd.h>

namespace univrs {

namespace {
int g_pipe[2] = {-1, -1};
volatile sig_atomic_t g_count = 0;

void onUnixSignal(int) {
  g_count = g_count + 1;
  if (g_count >= 3) {
    _exit(130);
  }
  const char byte = 1;
  // Nothing to be done here when the pipe is full: a wake-up is on its way then.
  [[maybe_unused]] const auto written = ::write(g_pipe[1], &byte, 1);
}
} // namespace

Termination::Termination(std::function<void()> onSignal) {
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, g_pipe) != 0) {
    return; // the default action of the signals stays
  }
  auto notifier = std::make_unique<QSocketNotifier>(g_pipe[0], QSocketNotifier::Read);
  QObject::connect(notifier.get(), &QSocketNotifier::activated, notifier.get(), [onSignal = std::move(onSignal)] {
    char bytes[16];
    while (::read(g_pipe[0], bytes, sizeof bytes) > 0) {
    }
    onSignal();
  });
  m_notifier = std::move(notifier);
  struct sigaction action {};
  action.sa_handler = onUnixSignal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGHUP, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

Termination::~Termination() {
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGHUP, SIG_DFL);
  m_notifier.reset();
  for (int& fd : g_pipe) {
    if (fd >= 0) {
      ::close(fd);
      fd = -1;
    }
  }
}

} // namespace univrs
