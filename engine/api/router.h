// The routes as one table, and finding the one a request means. What the table says (parameters, schemas) is also what
// the OpenAPI document is made from, and what unknown query parameters are refused by.
#pragma once

#include "engine/api/engine_door.h"
#include "engine/api/http_message.h"
#include "engine/api/socket_app.h"
#include "engine/base/clock.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::api {

class PrometheusMetrics;
class Router;

// What handlers may use besides the engine. Lives as long as the server.
struct ServerContext {
  const base::Clock* clock = nullptr;
  PrometheusMetrics* metrics = nullptr; // may be null: /metrics answers 503
  const Router* router = nullptr;
};

// One request under way. Made and answered on the I/O thread.
class Call : public std::enable_shared_from_this<Call> {
public:
  using Done = std::function<void(Response)>;
  Call(Request request, std::string actor, std::shared_ptr<EngineDoor> door, const ServerContext& context, Done done);

  Request request;
  std::map<std::string, std::string, std::less<>> params; // of the pattern, decoded
  Query query;
  std::string actor;

  [[nodiscard]] const ServerContext& context() const { return m_context; }
  [[nodiscard]] const std::string& param(std::string_view name) const;

  // Answers, once; later answers are dropped. I/O thread.
  void respond(Response response);
  void fail(const base::Error& error);
  // With If-Match, a conflict is answered with 412 instead of 409.
  void setConditional() { m_conditional = true; }

  // What ends the work should nobody wait for its answer any more. I/O thread.
  void setCleanup(std::function<void()> cleanup) { m_cleanup = std::move(cleanup); }
  [[nodiscard]] bool isWanted() const { return bool(m_done); }
  // Nobody waits any more: no answer will be sent. I/O thread.
  void abandon();

  // Runs on the engine thread.
  void onEngine(std::function<void(interfaces::Engine&)> task) { m_door->onEngine(std::move(task)); }
  [[nodiscard]] const std::shared_ptr<EngineDoor>& door() const { return m_door; }

  // A reply for the interfaces: an error is answered as such, a value by what `make` turns it into, on the I/O thread.
  template <class T, class F>
  interfaces::Reply<T> reply(F make) {
    return [self = shared_from_this(), make = std::move(make)](base::Result<T> result) {
      self->m_door->onIo([self, make, result = std::move(result)] {
        if (result) {
          self->respond(make(*self, result.value()));
        } else {
          self->fail(result.error());
        }
      });
    };
  }

  // The body as a JSON object; an empty body is {}.
  [[nodiscard]] base::Result<QJsonObject> jsonBody() const;

private:
  std::shared_ptr<EngineDoor> m_door;
  const ServerContext& m_context;
  Done m_done;
  std::function<void()> m_cleanup;
  bool m_conditional = false;
};

using CallPtr = std::shared_ptr<Call>;

struct QueryParam {
  std::string name;
  std::string type; // "string", "integer", "boolean"
  std::string description;
  bool repeated = false;
};

enum class Access { Token, Open, Metrics };

struct Route {
  std::string method;
  std::string pattern; // "/workloads/{workload}"; under /api and /api/v1 unless rooted
  std::string tag;
  std::string summary;
  std::function<void(CallPtr)> handler; // null when it is a WebSocket only
  base::Result<std::shared_ptr<SocketApp>> (*socket)(const SocketCall&) = nullptr;
  std::vector<QueryParam> query{};
  std::string requestSchema{};  // component name; empty = no body
  std::string responseSchema{}; // component name; empty = no body; "text" = plain text
  int successStatus = 200;
  bool rooted = false;
  Access access = Access::Token;
  std::chrono::milliseconds timeout{60'000};
  std::string operationId{}; // made from method and pattern
};

// Tables by concern.
void addWorkloadRoutes(std::vector<Route>& routes);
void addInstanceRoutes(std::vector<Route>& routes);
void addNodeRoutes(std::vector<Route>& routes);
void addLogRoutes(std::vector<Route>& routes);
void addEventRoutes(std::vector<Route>& routes);
void addCommandRoutes(std::vector<Route>& routes);
void addImageRoutes(std::vector<Route>& routes); // and operations
void addAdminRoutes(std::vector<Route>& routes);
void addHealthRoutes(std::vector<Route>& routes);
void addUsageRoutes(std::vector<Route>& routes);
void addMembershipRoutes(std::vector<Route>& routes);
void addNetworkRoutes(std::vector<Route>& routes);
std::vector<Route> allRoutes();

class Router {
public:
  explicit Router(std::vector<Route> routes = allRoutes());

  struct Match {
    const Route* route = nullptr; // null: see refusal
    std::map<std::string, std::string, std::less<>> params;
    std::optional<Response> refusal; // 400, 404 or 405
  };
  // HEAD finds the GET route.
  [[nodiscard]] Match match(const Request& request) const;

  // Runs the handler of a matched route: checks the query, then calls it. The answer comes through the call.
  void handle(const Match& match, const CallPtr& call) const;
  // The same for a WebSocket: the app, or what to answer instead of the upgrade.
  [[nodiscard]] base::Result<std::shared_ptr<SocketApp>> openSocket(const Match& match, SocketCall call) const;

  [[nodiscard]] const std::vector<Route>& routes() const { return m_routes; }
  [[nodiscard]] const std::string& openApi() const { return m_openApi; }

private:
  std::vector<Route> m_routes;
  std::vector<std::vector<std::string>> m_segments; // of each route's pattern
  std::string m_openApi;
};

// The finishing touches that every answer to `request` gets: a HEAD keeps its headers only.
void finishResponse(const Request& request, Response& response);

} // namespace univrs::api
