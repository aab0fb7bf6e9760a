#include "plugins/runtime-process/log_writer.h"
#include "plugins/runtime-process/process_tree.h"
#include "plugins/runtime-process/shim.h"

#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <vector>

namespace univrs::runtime_process {

namespace {

// Whoever starts us may have left descriptors open that are not ours to keep.
void closeAllFrom(int first) {
  const int limit = static_cast<int>(std::min<long>(::sysconf(_SC_OPEN_MAX), 65'536));
  for (int fd = first; fd < limit; ++fd) {
    ::close(fd);
  }
}

void say(const std::string& text) {
  [[maybe_unused]] const ssize_t written = ::write(kStatusDescriptor, text.data(), text.size());
}

struct Program {
  pid_t pid = 0;
  int out = -1;
  int err = -1;
  std::string error; // why it could not be started: "exec: No such file or directory"
};

Program startProgram(const Launch& launch, const Cgroups& cgroups, bool inGroup) {
  Program program;
  int out[2];
  int err[2];
  int failed[2];
  if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0 || ::pipe2(failed, O_CLOEXEC) != 0) {
    program.error = std::string("pipe: ") + std::strerror(errno);
    return program;
  }
  std::vector<char*> command;
  for (const std::string& word : launch.command) {
    command.push_back(const_cast<char*>(word.c_str())); // exec does not write to it
  }
  command.push_back(nullptr);
  const pid_t shim = ::getpid();
  program.pid = ::fork();
  if (program.pid == 0) {
    ::setsid();
    const int null = ::open("/dev/null", O_RDONLY);
    ::dup2(null, 0);
    ::dup2(out[1], 1);
    ::dup2(err[1], 2);
    if (null > 2) {
      ::close(null);
    }
    // After a change of user the wish is forgotten: the driver clears up too.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != shim) {
      ::_exit(127);
    }
    const char* what = becomeProgram(launch, cgroups, inGroup, command.data());
    const std::string text = std::string(what) + ": " + std::strerror(errno);
    [[maybe_unused]] const ssize_t written = ::write(failed[1], text.data(), text.size());
    ::_exit(127);
  }
  ::close(out[1]);
  ::close(err[1]);
  ::close(failed[1]);
  program.out = out[0];
  program.err = err[0];
  if (program.pid < 0) {
    program.error = std::string("fork: ") + std::strerror(errno);
  } else {
    char text[512];
    ssize_t count = 0;
    while ((count = ::read(failed[0], text, sizeof(text))) < 0 && errno == EINTR) {
    }
    program.error.assign(text, count > 0 ? static_cast<size_t>(count) : 0);
  }
  ::close(failed[0]);
  return program;
}

// Carries what is there into the log. False when the stream has ended.
bool pump(int fd, bool isStderr, LogWriter& log) {
  char buffer[16 * 1024];
  const ssize_t count = ::read(fd, buffer, sizeof(buffer));
  if (count > 0) {
    log.append(isStderr, std::string_view(buffer, static_cast<size_t>(count)));
    return true;
  }
  return count < 0 && (errno == EINTR || errno == EAGAIN);
}

// What was written before the end and is not read yet.
void drain(int fd, bool isStderr, bool open, LogWriter& log) {
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  while (open) {
    char buffer[16 * 1024];
    const ssize_t count = ::read(fd, buffer, sizeof(buffer));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      break;
    }
    log.append(isStderr, std::string_view(buffer, static_cast<size_t>(count)));
  }
  log.finish(isStderr);
}

// Stands by the program until it ends; returns its wait status.
int standBy(const Program& program, int signals, int control, LogWriter& log, const Cgroups& cgroups,
            const std::string& group, bool& outOpen, bool& errOpen) {
  for (;;) {
    pollfd wait[4] = {{signals, POLLIN, 0},
                      {control, POLLIN, 0},
                      {outOpen ? program.out : -1, POLLIN, 0},
                      {errOpen ? program.err : -1, POLLIN, 0}};
    if (::poll(wait, 4, -1) < 0 && errno != EINTR) {
      continue;
    }
    if (wait[2].revents != 0) {
      outOpen = pump(program.out, false, log);
    }
    if (wait[3].revents != 0) {
      errOpen = pump(program.err, true, log);
    }
    if (wait[1].revents != 0) {
      char order = 0;
      if (::read(control, &order, 1) == 1) {
        // Not reaped yet, so the pid is still ours.
        if (order == 't') {
          ::kill(-program.pid, SIGTERM);
        } else if (order == 'k') {
          ::kill(-program.pid, SIGKILL);
          if (!group.empty()) {
            cgroups.kill(group);
          }
        }
      }
    }
    if (wait[0].revents != 0) {
      signalfd_siginfo info{};
      [[maybe_unused]] const ssize_t count = ::read(signals, &info, sizeof(info));
      int status = 0;
      bool ended = false;
      int result = 0;
      for (pid_t pid = ::waitpid(-1, &status, WNOHANG); pid > 0; pid = ::waitpid(-1, &status, WNOHANG)) {
        if (pid == program.pid) {
          result = status;
          ended = true;
        }
      }
      if (ended) {
        return result;
      }
    }
  }
}

int shimBody(const std::string& folder, const Launch& launch) {
  // First of all the pipe that shows the shim lives.
  const std::string controlPath = folder + "/" + kControlPipe;
  if (::mkfifo(controlPath.c_str(), 0600) != 0 && errno != EEXIST) {
    say(std::string("control: ") + std::strerror(errno));
    return 1;
  }
  const int control = ::open(controlPath.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  LogWriter log(folder + "/" + kLogFile, launch.logMaxBytes);
  if (control < 0 || !log.open()) {
    say(std::string("folder: ") + std::strerror(errno));
    return 1;
  }
  sigset_t children;
  ::sigemptyset(&children);
  ::sigaddset(&children, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &children, nullptr);
  const int signals = ::signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);

  const Cgroups cgroups = launch.useCgroups ? Cgroups::detect() : Cgroups();
  std::string group;
  ShimState state;
  state.shimPid = ::getpid();
  if (const auto self = readProcess(state.shimPid)) {
    state.shimStartTime = self->startTime;
  }
  state.startedAtMs = wallClockMs();
  Program program;
  if (cgroups.usable()) {
    group = launch.id;
    program.error = cgroups.create(group, launch.limits);
    if (!program.error.empty()) {
      program.error.insert(0, "cgroup: ");
    }
  }
  if (program.error.empty()) {
    program = startProgram(launch, cgroups, !group.empty());
  }
  state.pid = program.pid;
  if (!program.error.empty()) {
    killAll(cgroups, group, 0, nullptr);
    state.exitCode = 127;
    state.error = program.error;
    state.finishedAtMs = wallClockMs();
    if (!group.empty()) {
      cgroups.remove(group);
    }
    writeState(folder, state);
    say(program.error);
    return 1;
  }
  if (const auto started = readProcess(program.pid)) {
    state.startTime = started->startTime;
  }
  state.running = true;
  if (!writeState(folder, state)) {
    say(std::string("state: ") + std::strerror(errno));
    killAll(cgroups, group, 0, nullptr);
    return 1;
  }
  ::close(kStatusDescriptor); // tells the driver: it runs

  bool outOpen = true;
  bool errOpen = true;
  const int status = standBy(program, signals, control, log, cgroups, group, outOpen, errOpen);
  // The program is the instance: what it leaves behind ends with it.
  killAll(cgroups, group, 0, nullptr);
  drain(program.out, false, outOpen, log);
  drain(program.err, true, errOpen, log);
  state.running = false;
  state.exitCode = exitCodeOf(status);
  state.oomKilled = !group.empty() && cgroups.oomKilled(group);
  state.finishedAtMs = wallClockMs();
  if (!group.empty()) {
    cgroups.remove(group);
  }
  for (int attempt = 0; attempt < 60 && !writeState(folder, state) && errno == ENOSPC; ++attempt) {
    ::sleep(1); // a full disk may get space again; until then the driver sees the shim alive
  }
  return 0;
}

} // namespace

int runShim(const std::string& folder) {
  closeAllFrom(kStatusDescriptor + 1);
  ::fcntl(kStatusDescriptor, F_SETFD, FD_CLOEXEC);
  const std::optional<Launch> launch = Launch::read(folder);
  if (!launch) {
    say("launch: the file is missing or broken");
    return 1;
  }
  // Twice, so that it is nobody's child that waits for it, and has a session of its own.
  if (const pid_t first = ::fork(); first != 0) {
    return first > 0 ? 0 : 1;
  }
  ::setsid();
  if (const pid_t second = ::fork(); second != 0) {
    ::_exit(second > 0 ? 0 : 1);
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  for (const int number : {SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGQUIT, SIGUSR1, SIGUSR2}) {
    ::signal(number, SIG_IGN); // ends with the program or by SIGKILL
  }
  [[maybe_unused]] const int moved = ::chdir("/");
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = 0; fd < 3; ++fd) {
    ::dup2(null, fd);
  }
  if (null > 2) {
    ::close(null);
  }
  return shimBody(folder, *launch);
}

} // namespace univrs::runtime_process
