// The HTTP, WebSocket and TLS server on one port: Boost.Beast on one I/O thread of its own. Everything it is asked goes
// to the engine through interfaces::Engine on the engine's executor, and nothing ever waits for the other thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/executor.h"
#include "engine/base/handed_sockets.h"
#include "engine/base/result.h"
#include "engine/interfaces/engine.h"
#include "engine/p2p/identity.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace univrs::api {

class PrometheusMetrics;

struct ServerLimits {
  size_t bodyBytes = 4u << 20;
  size_t headerBytes = 64u << 10;
  int connections = 512;
  int webSockets = 128;
  std::chrono::milliseconds headerTimeout{10'000}; // from a request's first byte (or the connection) to its head's end
  std::chrono::milliseconds bodyTimeout{60'000};
  std::chrono::milliseconds writeTimeout{60'000};
  std::chrono::milliseconds idleTimeout{75'000};   // between requests
  std::chrono::milliseconds webSocketIdle{60'000}; // pinged at half of it, dropped when nothing came for all of it
};

struct ServerConfig {
  std::string host = "127.0.0.1";          // an IP address or "localhost"; beyond loopback only with TLS
  uint16_t port = 0;                       // 0 = a free one
  std::string token;                       // bearer token
  std::vector<p2p::PublicKey> trustedKeys; // who may sign requests
  bool authNone = false;                   // loopback only
  bool metricsOpen = false;                // /metrics without token
  std::vector<std::string> names;          // further names in Host and Origin: NAME (our port) or NAME:PORT
  std::string tlsCertificateFile;          // PEM, the whole chain; both or none
  std::string tlsKeyFile;
  std::shared_ptr<base::HandedSockets> handed; // the listening socket is taken from here when it fits; may be null
  ServerLimits limits;
};

struct BoundAddress {
  std::string host;
  uint16_t port = 0;
  bool tls = false;
  // "http://127.0.0.1:8080", "https://[::1]:8443".
  [[nodiscard]] std::string url() const;
};

// All methods on the engine's thread. `engine`, `executor`, `metrics` and `clock` must outlive it; `metrics` may be
// null.
class HttpServer {
public:
  HttpServer(interfaces::Engine& engine, base::Executor& executor, PrometheusMetrics* metrics, const base::Clock& clock,
             ServerConfig config);
  ~HttpServer(); // stops

  // Begins to listen. Errors: Validation (a host or combination that is not allowed), Unavailable (the port is taken),
  // NotFound or BadRequest (certificate and key).
  base::Result<BoundAddress> start();
  // Gives the listening socket away, open: new connections wait in it for another server. Requests under way are
  // answered, idle connections end, WebSockets end with code 1001. `done` is called on the engine's thread when no
  // connection is left or `grace` has passed; stop() then ends the rest. Not called when stop() comes first.
  void handOver(std::shared_ptr<base::HandedSockets> into, std::chrono::milliseconds grace, std::function<void()> done);
  // Ends all connections (WebSockets with code 1001) within about a second. Requests under way are dropped. Idempotent.
  void stop();

private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

} // namespace univrs::api
