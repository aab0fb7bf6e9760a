#include "app/cli/terminal.h"

#ifndef _WIN32
#include <sys/ioctl.h>

#include <csignal>
#include <cstdlib>
#include <initializer_list>
#include <termios.h>
#include <unistd.h>
#endif

namespace univrs::cli {

#ifndef _WIN32

namespace {

// For the signal handler and atexit; written before either is installed.
termios g_before{};
volatile std::sig_atomic_t g_raw = 0;

void restoreNow() {
  if (g_raw != 0) {
    g_raw = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &g_before); // async-signal-safe
  }
}

void onDeadlySignal(int number) {
  restoreNow();
  std::signal(number, SIG_DFL);
  std::raise(number);
}

} // namespace

bool isTerminal(int fd) {
  return isatty(fd) == 1;
}

TerminalSize terminalSize(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0) {
    return {};
  }
  return {size.ws_col, size.ws_row};
}

RawMode::RawMode() {
  if (tcgetattr(STDIN_FILENO, &g_before) != 0) {
    return;
  }
  termios raw = g_before;
  cfmakeraw(&raw);
  static const bool kOnce = (std::atexit(restoreNow), true);
  (void)kOnce;
  for (const int number : {SIGTERM, SIGHUP, SIGQUIT, SIGABRT, SIGSEGV}) {
    std::signal(number, onDeadlySignal);
  }
  if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0) {
    g_raw = 1;
    m_active = true;
  }
}

RawMode::~RawMode() {
  restore();
}

void RawMode::restore() {
  if (m_active) {
    m_active = false;
    restoreNow();
  }
}

#else

bool isTerminal(int) {
  return false;
}
TerminalSize terminalSize(int) {
  return {};
}
RawMode::RawMode() = default;
RawMode::~RawMode() = default;
void RawMode::restore() {}

#endif

} // namespace univrs::cli
