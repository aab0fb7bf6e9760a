#include "engine/api/host_guard.h"

#include <algorithm>
#include <utility>

namespace univrs::api {

namespace {
std::string lowerCase(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return out;
}

// An IPv6 address is written in brackets.
std::string asHost(const std::string& address) {
  return address.find(':') != std::string::npos && address.front() != '[' ? "[" + address + "]" : address;
}

bool hasPort(const std::string& name) {
  const auto colon = name.rfind(':');
  return colon != std::string::npos && name.find(']', colon) == std::string::npos &&
         (name.front() == '[' || name.find(':') == colon);
}

Response refused(const char* why) {
  return errorResponse(base::makeError(base::ErrorCode::Forbidden, "the request was refused", why,
                                       "use the address univrs printed, or add the name to api.names"));
}
} // namespace

HostGuard::HostGuard(const std::string& host, uint16_t port, bool tls, const std::vector<std::string>& names)
    : m_port(port), m_tls(tls) {
  std::vector<std::string> all{"localhost", "127.0.0.1", "[::1]", asHost(host)};
  for (const std::string& name : names) {
    if (!name.empty()) {
      all.push_back(hasPort(name) ? name : asHost(name));
    }
  }
  for (const std::string& name : all) {
    if (hasPort(name)) {
      m_allowed.insert(lowerCase(name));
      continue;
    }
    m_allowed.insert(lowerCase(name) + ":" + std::to_string(port));
    if (port == (tls ? 443 : 80)) {
      m_allowed.insert(lowerCase(name));
    }
  }
}

bool HostGuard::isOurs(std::string_view hostAndPort, const Request& request) const {
  const std::string text = lowerCase(hostAndPort);
  if (m_allowed.count(text) > 0) {
    return true;
  }
  // Bound to all addresses: the very address that was connected to. A name cannot pose as it.
  return !request.localAddress.empty() && text == asHost(request.localAddress) + ":" + std::to_string(m_port);
}

std::optional<Response> HostGuard::check(const Request& request) const {
  if (request.headerCount("Host") != 1) {
    return errorResponse(base::makeError(base::ErrorCode::BadRequest, "the request was not understood",
                                         "it needs exactly one Host header"));
  }
  if (!isOurs(request.header("Host"), request)) {
    return refused("its Host header does not name this server");
  }
  const int origins = request.headerCount("Origin");
  if (origins == 0) {
    return std::nullopt;
  }
  const std::string_view origin = request.header("Origin");
  const std::string_view scheme = m_tls ? "https://" : "http://";
  if (origins > 1 || origin.substr(0, scheme.size()) != scheme || !isOurs(origin.substr(scheme.size()), request)) {
    return refused("it comes from a web page of another origin");
  }
  return std::nullopt;
}

} // namespace univrs::api
