#include "tests/plugins/docker/engine_environment.h"

#include "plugins/runtime-docker/podman_service.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <sched.h>
#include <sstream>
#include <unistd.h>

namespace univrs::docker::test {

EngineEnvironment& environment() {
  static EngineEnvironment one;
  return one;
}

Ran shell(const std::string& command) {
  Ran out;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) {
    return out;
  }
  std::array<char, 4096> buffer{};
  size_t n = 0;
  while ((n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0) {
    out.output.append(buffer.data(), n);
  }
  const int status = ::pclose(pipe);
  out.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return out;
}

bool engineScript(const std::string& verb) {
  return shell(std::string("bash ") + UNIVRS_ENGINE_ENV_SCRIPT + " " + verb + " " + environment().folder).code == 0;
}

namespace {
void startEnvironment() {
  EngineEnvironment& e = environment();
  const char* wanted = std::getenv("UNIVRS_TEST_ENGINE");
  e.engine = wanted == nullptr ? "podman" : wanted;
  char folder[] = "/tmp/univrs-eng-XXXXXX";
  if (::mkdtemp(folder) == nullptr) {
    e.skipReason = "no temporary folder";
    return;
  }
  e.folder = folder;
  const Ran ran = shell(std::string("bash ") + UNIVRS_ENGINE_ENV_SCRIPT + " start " + e.engine + " " + e.folder + " " +
                        std::to_string(::getpid()));
  if (ran.code != 0) {
    ::rmdir(folder);
    if (ran.code != 77) {
      std::cerr << "engine_env.sh failed with " << ran.code << "\n";
      std::exit(1);
    }
    e.skipReason = "what is needed for a real " + e.engine + " is missing here (see above)";
    return;
  }
  std::istringstream lines(ran.output);
  std::string line;
  std::string netns;
  while (std::getline(lines, line)) {
    const auto equals = line.find('=');
    if (!line.starts_with("export ") || equals == std::string::npos) {
      continue;
    }
    const std::string name = line.substr(7, equals - 7);
    const std::string value = line.substr(equals + 1);
    ::setenv(name.c_str(), value.c_str(), 1);
    if (name == "UNIVRS_TEST_NETNS") {
      netns = value;
    } else if (name == "UNIVRS_TEST_SOCKET") {
      e.socket = value;
    } else if (name == "UNIVRS_TEST_REGISTRY") {
      e.registry = value;
    } else if (name == "UNIVRS_TEST_LOCAL_IMAGE") {
      e.localImage = value;
    }
  }
  // Before any other thread exists, so that all of them are inside.
  const int fd = ::open(("/run/netns/" + netns).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 || ::setns(fd, CLONE_NEWNET) != 0) {
    std::cerr << "cannot enter the network namespace " << netns << ": " << std::strerror(errno) << "\n";
    engineScript("stop");
    std::exit(1);
  }
  ::close(fd);
  e.ready = true;
}

// `--serve-podman FOLDER`: starts Podman's service as the driver does, prints its process id and waits to be killed.
int servePodman(const char* folder) {
  PodmanService service(findProgram("podman"), folder);
  if (const auto r = service.ensure(); !r) {
    std::cerr << r.error().text() << "\n";
    return 1;
  }
  std::cout << service.pid() << std::endl;
  for (;;) {
    ::pause();
  }
}
} // namespace

} // namespace univrs::docker::test

int main(int argc, char** argv) {
  using namespace univrs::docker::test;
  if (argc == 3 && std::strcmp(argv[1], "--serve-podman") == 0) {
    return servePodman(argv[2]);
  }
  testing::InitGoogleTest(&argc, argv);
  environment().program = argv[0];
  if (!testing::GTEST_FLAG(list_tests)) {
    startEnvironment();
  }
  const int result = RUN_ALL_TESTS();
  if (environment().ready) {
    engineScript("stop");
  }
  return result;
}
