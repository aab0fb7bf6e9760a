#include "plugins/runtime-process/shim.h"

#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace univrs::runtime_process {

namespace {
// The shim of the container still lives.
bool containerLives(const std::string& folder) {
  const int fd = ::open((folder + "/" + kControlPipe).c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd >= 0) {
    ::close(fd);
  }
  return fd >= 0;
}
constexpr int kLookEveryMs = 200;
} // namespace

int runExec(const std::string& folder, bool tty, char** command) {
  const std::optional<Launch> launch = Launch::read(folder);
  if (!launch) {
    return 126;
  }
  ::fcntl(kControlDescriptor, F_SETFD, FD_CLOEXEC);
  ::setsid();
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGHUP, SIG_IGN); // the end of the terminal shows as the end of the command
  sigset_t children;
  ::sigemptyset(&children);
  ::sigaddset(&children, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &children, nullptr);
  const int signals = ::signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
  const Cgroups cgroups = launch->useCgroups ? Cgroups::detect() : Cgroups();
  const bool inGroup = cgroups.usable() && cgroups.exists(launch->id);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::setsid();
    if (tty) {
      ::ioctl(0, TIOCSCTTY, 0);
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) {
      ::_exit(126);
    }
    const char* what = becomeProgram(*launch, cgroups, inGroup, command);
    const int error = errno;
    std::fprintf(stderr, "univrs: %s: %s: %s\n", command[0], what, std::strerror(error));
    ::_exit(error == ENOENT ? 127 : 126);
  }
  // Only the command holds the streams: their end is its end.
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = 0; fd < 3; ++fd) {
    ::dup2(null, fd);
  }
  if (pid < 0) {
    return 126;
  }
  for (;;) {
    pollfd wait[2] = {{signals, POLLIN, 0}, {kControlDescriptor, POLLIN, 0}};
    ::poll(wait, 2, kLookEveryMs);
    signalfd_siginfo info{};
    [[maybe_unused]] const ssize_t count = ::read(signals, &info, sizeof(info));
    int status = 0;
    bool ended = false;
    int result = 0;
    for (pid_t one = ::waitpid(-1, &status, WNOHANG); one > 0; one = ::waitpid(-1, &status, WNOHANG)) {
      if (one == pid) {
        ended = true;
        result = status;
      }
    }
    if (ended) {
      killAll(cgroups, {}, 0, nullptr);
      return exitCodeOf(result);
    }
    if ((wait[1].revents & (POLLHUP | POLLIN | POLLERR)) != 0 || !containerLives(folder)) {
      int last = 0;
      killAll(cgroups, {}, pid, &last); // the group is the container's: only our own here
      return exitCodeOf(last);
    }
  }
}

} // namespace univrs::runtime_process
