// Health for load balancers and init systems, open to everyone; figures for Prometheus. All of them but /metrics pass
// through the engine's thread: a node whose engine hangs is not alive, whatever its sockets say.
#include "engine/api/call_arguments.h"
#include "engine/api/metrics.h"

namespace univrs::api {

namespace {
QString nowText(const Call& call) {
  return toQString(call.context().clock->now().wall.iso());
}

void health(const CallPtr& call) {
  call->onEngine([call](interfaces::Engine& engine) {
    engine.admin().health(call->reply<interfaces::HealthReport>([](Call& c, const interfaces::HealthReport& report) {
      QJsonObject json = interfaces::toJson(report);
      json.insert(QStringLiteral("service"), QStringLiteral("univrs"));
      json.insert(QStringLiteral("version"), QStringLiteral(UNIVRS_VERSION));
      json.insert(QStringLiteral("timestamp"), nowText(c));
      const bool serving =
          report.status == interfaces::PartHealth::Healthy || report.status == interfaces::PartHealth::Degraded;
      return jsonResponse(json, serving ? 200 : 503);
    }));
  });
}

void ready(const CallPtr& call) {
  call->onEngine([call](interfaces::Engine& engine) {
    engine.admin().health(call->reply<interfaces::HealthReport>([](Call& c, const interfaces::HealthReport& report) {
      QJsonObject json{{QStringLiteral("ready"), report.ready}, {QStringLiteral("timestamp"), nowText(c)}};
      if (!report.ready) {
        json.insert(QStringLiteral("reason"), toQString(report.reason));
      }
      return jsonResponse(json, report.ready ? 200 : 503);
    }));
  });
}

void live(const CallPtr& call) {
  call->onEngine([call](interfaces::Engine&) {
    call->door()->onIo([call] {
      call->respond(jsonResponse({{QStringLiteral("alive"), true}, {QStringLiteral("timestamp"), nowText(*call)}}));
    });
  });
}

void metrics(const CallPtr& call) {
  if (call->context().metrics == nullptr) {
    return call->fail(base::makeError(base::ErrorCode::Unavailable, "there are no metrics", "this node records none"));
  }
  Response r;
  r.contentType = "text/plain; version=0.0.4; charset=utf-8";
  r.body = call->context().metrics->text();
  call->respond(std::move(r));
}
} // namespace

void addHealthRoutes(std::vector<Route>& routes) {
  const auto add = [&routes](const char* path, const char* summary, void (*handler)(const CallPtr&),
                             const char* schema) {
    Route r{"GET", path, "health", summary, handler, nullptr, {}, "", schema};
    r.rooted = true;
    r.access = Access::Open;
    r.timeout = std::chrono::seconds(5);
    routes.push_back(r);
  };
  for (const char* path : {"/healthz", "/health"}) {
    add(path, "How the node's parts are; 503 when one is unhealthy", health, "Health");
  }
  for (const char* path : {"/readyz", "/ready"}) {
    add(path, "Whether the node takes work; 503 when not", ready, "Ready");
  }
  for (const char* path : {"/livez", "/live"}) {
    add(path, "Whether the node runs", live, "Live");
  }
  add("/metrics", "Figures in Prometheus' text format", metrics, "text");
  routes.back().access = Access::Metrics;
}

} // namespace univrs::api
