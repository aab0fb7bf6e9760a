#include "app/termination.h"

#include "engine/base/handed_sockets.h"

#include <QSocketNotifier>

#include <sys/socket.h>

#include <csignal>
#include <initializer_list>
#include <unistd.h>

namespace univrs {

namespace {
constexpr char kEnd = 'e';
constexpr char kRestart = 'r';
constexpr std::initializer_list<int> kSignals{SIGTERM, SIGINT, SIGHUP, SIGUSR2};

int g_pipe[2] = {-1, -1};
volatile sig_atomic_t g_ends = 0;

void onUnixSignal(int signal) {
  const char byte = signal == SIGUSR2 ? kRestart : kEnd;
  if (byte == kEnd) {
    g_ends = g_ends + 1;
    if (g_ends >= 3) {
      _exit(130);
    }
  }
  // Nothing to be done here when the pipe is full: a wake-up is on its way then.
  [[maybe_unused]] const auto written = ::write(g_pipe[1], &byte, 1);
}
} // namespace

Termination::Termination(std::function<void()> onEnd, std::function<void()> onRestart) {
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, g_pipe) != 0) {
    return; // the default action of the signals stays
  }
  auto notifier = std::make_unique<QSocketNotifier>(g_pipe[0], QSocketNotifier::Read);
  QObject::connect(notifier.get(), &QSocketNotifier::activated, notifier.get(),
                   [end = std::move(onEnd), restart = std::move(onRestart)] {
                     bool ending = false;
                     bool restarting = false;
                     char byte = 0;
                     while (::read(g_pipe[0], &byte, 1) == 1) {
                       (byte == kRestart ? restarting : ending) = true;
                     }
                     if (ending) {
                       end();
                     } else if (restarting) {
                       restart();
                     }
                   });
  m_notifier = std::move(notifier);
  struct sigaction action {};
  action.sa_handler = onUnixSignal;
  action.sa_flags = SA_RESTART;
  for (const int signal : kSignals) {
    sigaction(signal, &action, nullptr);
  }
  std::signal(SIGPIPE, SIG_IGN);
  base::HandedSockets::unblockSignals(); // those that came while one program took the other's place
}

Termination::~Termination() {
  for (const int signal : kSignals) {
    std::signal(signal, SIG_DFL);
  }
  m_notifier.reset();
  for (int& fd : g_pipe) {
    if (fd >= 0) {
      ::close(fd);
      fd = -1;
    }
  }
}

bool Termination::requested() {
  return g_ends > 0;
}

} // namespace univrs
