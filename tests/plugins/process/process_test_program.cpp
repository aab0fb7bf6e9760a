// What the process driver's tests run as instances. The first argument says what to do.
#include <sys/wait.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

void ignoreTerm() {
  ::signal(SIGTERM, SIG_IGN);
}

// A grandchild in a session of its own, whose parent is gone; it ignores SIGTERM.
void leaveDaemon() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setsid();
    if (::fork() == 0) {
      ignoreTerm();
      for (;;) {
        ::pause();
      }
    }
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
}

} // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  const long number = argc > 2 ? std::atol(argv[2]) : 0;
  ::setvbuf(stdout, nullptr, _IOLBF, 1 << 16);
  if (what == "tree") { // ignores SIGTERM, so do its child and a daemon
    ignoreTerm();
    leaveDaemon();
    if (::fork() == 0) {
      for (;;) {
        ::pause();
      }
    }
    std::puts("ready");
    for (;;) {
      ::pause();
    }
  }
  if (what == "daemon") { // ends, its daemon does not
    leaveDaemon();
    return 7;
  }
  if (what == "eat") { // touches this many MiB
    std::vector<char*> blocks;
    for (long i = 0; i < number; ++i) {
      auto* block = static_cast<char*>(std::malloc(1 << 20));
      if (block == nullptr) {
        return 9;
      }
      std::memset(block, static_cast<int>(i) + 1, 1 << 20);
      blocks.push_back(block);
    }
    std::puts("full");
    for (;;) {
      ::pause();
    }
  }
  if (what == "burn") {
    std::atomic<unsigned long> turns{0};
    for (;;) {
      turns.fetch_add(1, std::memory_order_relaxed);
    }
  }
  if (what == "forks") { // how many children it may have, up to this many
    std::vector<pid_t> children;
    for (long i = 0; i < number; ++i) {
      const pid_t pid = ::fork();
      if (pid == 0) {
        ::pause();
        ::_exit(0);
      }
      if (pid < 0) {
        break;
      }
      children.push_back(pid);
    }
    std::printf("forked %zu\n", children.size());
    for (;;) {
      ::pause();
    }
  }
  if (what == "lines") { // numbered, this many
    for (long i = 0; i < number; ++i) {
      std::printf("line %ld %s\n", i, argc > 3 ? argv[3] : "");
    }
    return 0;
  }
  if (what == "signal") {
    ::raise(static_cast<int>(number));
  }
  return 3;
}
