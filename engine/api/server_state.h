// What all connections of one server share. I/O thread only.
#pragma once

#include "engine/api/auth.h"
#include "engine/api/engine_door.h"
#include "engine/api/host_guard.h"
#include "engine/api/http_server.h"
#include "engine/api/metrics.h"
#include "engine/api/router.h"

#include <functional>
#include <memory>
#include <unordered_set>

namespace univrs::api {

// A connection as the server sees it.
class LiveConnection {
public:
  virtual ~LiveConnection() = default;
  virtual void shutDown() = 0;
  // Another server takes over: ends now when nothing is under way, else after the answer.
  virtual void leave() = 0;
};

struct ServerState {
  ServerState(ServerConfig c, std::shared_ptr<EngineDoor> d, PrometheusMetrics* m, const base::Clock& clk)
      : config(std::move(c)), auth({config.token, config.trustedKeys, config.authNone}), door(std::move(d)), metrics(m),
        clock(clk), context{&clk, m, &router} {}

  ServerConfig config;
  Router router;
  Authenticator auth;
  HostGuard guard;
  std::shared_ptr<EngineDoor> door;
  PrometheusMetrics* metrics;
  const base::Clock& clock;
  ServerContext context;
  std::unordered_set<LiveConnection*> live;
  int connections = 0;
  int webSockets = 0;
  bool stopping = false;
  bool leaving = false;             // the listening socket was given away
  std::function<void()> onLastGone; // set while stopping or leaving

  void countRequest(const std::string& method, const Route* route, int status, double seconds) const;
};

// One of the server's connection slots; moves from the HTTP connection to the WebSocket it becomes.
class Slot {
public:
  explicit Slot(std::shared_ptr<ServerState> state) : m_state(std::move(state)) { change(1); }
  Slot(Slot&& other) noexcept : m_state(std::move(other.m_state)) {}
  Slot& operator=(Slot&&) = delete;
  ~Slot() {
    if (m_state) {
      change(-1);
    }
  }

private:
  void change(int by);
  std::shared_ptr<ServerState> m_state;
};

// What to do with a request whose head is there. Shared by the server and the in-process tests and fuzzers.
struct Admission {
  Router::Match match;
  Authenticator::Verdict verdict;
  std::optional<Response> refusal; // answer this instead
};
Admission admit(ServerState& state, const Request& request);

} // namespace univrs::api
