// Finds the container engine of this machine.
#pragma once

#include "engine/base/result.h"

#include <string>
#include <vector>

namespace univrs::docker {

// Where to look, best first. A forced socket or DOCKER_HOST stands alone. Unsupported when DOCKER_HOST names something
// other than a unix socket.
base::Result<std::vector<std::string>> socketCandidates(const std::string& forced);

// True when an engine answers a ping there within `timeoutMs`.
bool engineAnswers(const std::string& socket, int timeoutMs);

} // namespace univrs::docker
