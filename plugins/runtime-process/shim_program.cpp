#include "plugins/runtime-process/process_tree.h"
#include "plugins/runtime-process/shim.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <grp.h>
#include <unistd.h>
#include <vector>

extern char** environ;

namespace univrs::runtime_process {

const char* becomeProgram(const Launch& launch, const Cgroups& cgroups, bool inGroup, char** command) {
  if (inGroup && !cgroups.enter(launch.id)) {
    return "cgroup";
  }
  rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none); // no dumps in whatever folder it is in
  if (launch.uid) {
    const std::vector<gid_t> groups(launch.groups.begin(), launch.groups.end());
    if (::setgroups(groups.size(), groups.data()) != 0 || ::setgid(launch.gid) != 0 || ::setuid(*launch.uid) != 0) {
      return "user";
    }
  }
  if (::chdir(launch.workingDir.c_str()) != 0) {
    return "working_dir";
  }
  for (int number = 1; number < NSIG; ++number) {
    ::signal(number, SIG_DFL);
  }
  sigset_t all;
  ::sigemptyset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  std::vector<char*> env;
  for (const std::string& line : launch.env) {
    env.push_back(const_cast<char*>(line.c_str())); // exec does not write to it
  }
  env.push_back(nullptr);
  environ = env.data(); // the search path is the program's own
  ::execvp(command[0], command);
  return "exec";
}

void killAll(const Cgroups& cgroups, const std::string& id, pid_t keep, int* status) {
  for (int round = 0; round < 1000; ++round) {
    int one = 0;
    for (pid_t pid = ::waitpid(-1, &one, WNOHANG); pid > 0; pid = ::waitpid(-1, &one, WNOHANG)) {
      if (pid == keep && status != nullptr) {
        *status = one;
      }
    }
    const std::vector<ProcessEntry> below = descendants(::getpid());
    const bool groupEmpty = id.empty() || cgroups.processes(id).empty();
    if (below.empty() && groupEmpty) {
      return;
    }
    if (!groupEmpty) {
      cgroups.kill(id);
    }
    for (const ProcessEntry& entry : below) {
      ::kill(entry.pid, SIGKILL);
    }
    ::usleep(round < 20 ? 1'000 : 10'000);
  }
}

int exitCodeOf(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

} // namespace univrs::runtime_process
