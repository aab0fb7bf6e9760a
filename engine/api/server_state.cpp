#include "engine/api/server_state.h"

#include <algorithm>
#include <array>

namespace univrs::api {

namespace {
constexpr std::array<std::string_view, 7> kMethods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
}

void Slot::change(int by) {
  m_state->connections += by;
  if (m_state->metrics != nullptr) {
    m_state->metrics->gauge("univrs_http_connections", m_state->connections);
  }
  if (m_state->connections == 0 && m_state->onLastGone) {
    m_state->onLastGone();
  }
}

void ServerState::countRequest(const std::string& method, const Route* route, int status, double seconds) const {
  if (metrics == nullptr) {
    return;
  }
  const bool known = std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
  const std::string pattern = route != nullptr ? route->pattern : "other";
  metrics->count("univrs_http_requests_total",
                 {{"method", known ? method : "OTHER"}, {"route", pattern}, {"code", std::to_string(status)}});
  metrics->observe("univrs_http_request_duration_seconds", seconds, {{"route", pattern}});
}

Admission admit(ServerState& state, const Request& request) {
  Admission out;
  if (auto refusal = state.guard.check(request)) {
    out.refusal = std::move(refusal);
    return out;
  }
  out.match = state.router.match(request);
  const bool open =
      out.match.route != nullptr && (out.match.route->access == Access::Open ||
                                     (out.match.route->access == Access::Metrics && state.config.metricsOpen));
  if (open) {
    out.verdict.actor = "anyone";
  } else {
    // Who is not signed in learns nothing, not even which paths there are.
    out.verdict = state.auth.checkHead(request, state.clock.now());
    if (out.verdict.refusal) {
      out.refusal = out.verdict.refusal;
      return out;
    }
  }
  if (out.match.refusal) {
    out.refusal = out.match.refusal;
  }
  return out;
}

} // namespace univrs::api
