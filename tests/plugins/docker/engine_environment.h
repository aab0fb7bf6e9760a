// The real engine that this process tests against: started by engine_env.sh before the first test, in a network
// namespace that the whole process enters, and ended after the last one.
#pragma once

#include <string>

namespace univrs::docker::test {

struct EngineEnvironment {
  bool ready = false;
  std::string skipReason; // why there is none
  std::string engine;     // "podman" | "docker"
  std::string folder;
  std::string socket;
  std::string registry;
  std::string localImage;
  std::string program; // of this process

  [[nodiscard]] bool podman() const { return engine == "podman"; }
};
EngineEnvironment& environment();

// Runs `engine_env.sh VERB folder`; true when it succeeded.
bool engineScript(const std::string& verb);

// Output and exit code of a shell command.
struct Ran {
  int code = -1;
  std::string output;
};
Ran shell(const std::string& command);

} // namespace univrs::docker::test
