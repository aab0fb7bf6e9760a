#include "plugins/runtime-process/spawn.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

extern char** environ;

namespace univrs::runtime_process {

void Descriptor::reset() {
  if (m_fd >= 0) {
    ::close(std::exchange(m_fd, -1));
  }
}

bool makePipe(Descriptor& readEnd, Descriptor& writeEnd) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return false;
  }
  readEnd = Descriptor(ends[0]);
  writeEnd = Descriptor(ends[1]);
  return true;
}

base::Result<pid_t> spawn(const std::vector<std::string>& words, int in, int out, int err, int extra) {
  // Copies above 3 first: placing one descriptor must not cover another that is still to be placed.
  std::vector<Descriptor> copies;
  const auto lifted = [&copies](int fd) {
    if (fd < 0) {
      return -1;
    }
    copies.emplace_back(::fcntl(fd, F_DUPFD_CLOEXEC, 10));
    return copies.back().get();
  };
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  int target = 0;
  for (const int fd : {lifted(in), lifted(out), lifted(err), lifted(extra)}) {
    if (fd >= 0) {
      ::posix_spawn_file_actions_adddup2(&actions, fd, target);
    } else if (target < 3) {
      ::posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0);
    }
    ++target;
  }
  sigset_t none;
  sigset_t all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (const std::string& word : words) {
    argv.push_back(const_cast<char*>(word.c_str())); // spawn does not write to it
  }
  argv.push_back(nullptr);
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, words[0].c_str(), &actions, &attributes, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    return base::makeError(base::ErrorCode::Unavailable, words[0] + " could not be started", std::strerror(error),
                           "is Univrs installed completely?");
  }
  return pid;
}

} // namespace univrs::runtime_process
