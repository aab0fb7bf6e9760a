#include "plugins/runtime-docker/engine_socket.h"

#include "plugins/runtime-docker/http.h"

#include <cstdlib>

namespace univrs::docker {

namespace {
std::string environment(const char* name) {
  const char* v = std::getenv(name); // NOLINT(concurrency-mt-unsafe)
  return v == nullptr ? std::string() : std::string(v);
}
constexpr std::string_view kUnix = "unix://";

std::string withoutScheme(const std::string& s) {
  return s.starts_with(kUnix) ? s.substr(kUnix.size()) : s;
}
} // namespace

base::Result<std::vector<std::string>> socketCandidates(const std::string& forced) {
  if (!forced.empty()) {
    return std::vector<std::string>{withoutScheme(forced)};
  }
  if (const std::string host = environment("DOCKER_HOST"); !host.empty()) {
    if (!host.starts_with(kUnix)) {
      return base::makeError(base::ErrorCode::Unsupported, "The container engine cannot be used",
                             "DOCKER_HOST is " + host + ", and only unix:// sockets of this machine are supported",
                             "Unset DOCKER_HOST, or run a node on that machine.");
    }
    return std::vector<std::string>{withoutScheme(host)};
  }
  std::vector<std::string> out{"/run/podman/podman.sock"};
  if (const std::string runtime = environment("XDG_RUNTIME_DIR"); !runtime.empty()) {
    out.push_back(runtime + "/podman/podman.sock");
  }
  out.emplace_back("/var/run/docker.sock");
  if (const std::string home = environment("HOME"); !home.empty()) {
    out.push_back(home + "/.docker/run/docker.sock");
  }
  return out;
}

bool engineAnswers(const std::string& socket, int timeoutMs) {
  HttpConnection c;
  if (!c.connect(socket)) {
    return false;
  }
  c.stream().setDeadline(base::SystemClock().now().steady + base::Millis(timeoutMs));
  HttpRequest ping;
  ping.target = "/_ping";
  const auto reply = c.call(ping);
  return reply && reply->status == 200;
}

} // namespace univrs::docker
