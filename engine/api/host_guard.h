// Against DNS rebinding and cross-site requests: the Host header must name this server exactly, and an Origin, when a
// browser sends one, must be this server's own. A web page of someone else can then reach us in no way, even on
// loopback.
#pragma once

#include "engine/api/http_message.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace univrs::api {

class HostGuard {
public:
  HostGuard() = default;
  // `host`: the bound address; `names`: further host names, alone (our port is meant) or as NAME:PORT (that port).
  HostGuard(const std::string& host, uint16_t port, bool tls, const std::vector<std::string>& names);

  // Nothing when the request may pass, else the answer.
  [[nodiscard]] std::optional<Response> check(const Request& request) const;

private:
  [[nodiscard]] bool isOurs(std::string_view hostAndPort, const Request& request) const;

  std::set<std::string> m_allowed; // lower case, with and (for the scheme's default port) without port
  uint16_t m_port = 0;
  bool m_tls = false;
};

} // namespace univrs::api
