#include "engine/api/router.h"

#include "engine/api/openapi.h"

#include <QJsonDocument>

#include <algorithm>
#include <array>
#include <utility>

namespace univrs::api {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr size_t kMaxSegments = 12;

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> out;
  while (!path.empty() && path.front() == '/') {
    path.remove_prefix(1);
    const auto end = path.find('/');
    out.emplace_back(path.substr(0, end));
    path = end == std::string_view::npos ? std::string_view() : path.substr(end);
  }
  return out;
}

// "get_workloads_workload_logs": letters, digits and underscores only.
std::string operationIdOf(const Route& route) {
  std::string out;
  for (const char c : route.method + route.pattern) {
    const bool isUpper = c >= 'A' && c <= 'Z';
    const bool isPlain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (isUpper || isPlain) {
      out += isUpper ? char(c + 32) : c;
    } else if (out.back() != '_') {
      out += '_';
    }
  }
  if (out.back() == '_') {
    out.pop_back();
  }
  return out;
}

bool isParam(const std::string& segment) {
  return segment.size() > 2 && segment.front() == '{';
}

// A segment that is fixed in the pattern must be the same; parameters take anything but nothing.
bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& path, size_t from) {
  if (pattern.size() + from != path.size()) {
    return false;
  }
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (isParam(pattern[i]) ? path[i + from].empty() : pattern[i] != path[i + from]) {
      return false;
    }
  }
  return true;
}

std::optional<base::Error> checkQuery(const Route& route, const Query& query) {
  for (const auto& [key, value] : query.pairs()) {
    const auto known =
        std::find_if(route.query.begin(), route.query.end(), [&k = key](const QueryParam& p) { return p.name == k; });
    if (known == route.query.end()) {
      std::string names;
      for (const QueryParam& p : route.query) {
        names += (names.empty() ? "" : ", ") + p.name;
      }
      return makeError(ErrorCode::BadRequest, "the query was not understood",
                       "there is no parameter '" + key.substr(0, 64) + "' here",
                       names.empty() ? "this path takes none" : "known ones: " + names);
    }
    if (!known->repeated && query.values(key).size() > 1) {
      return makeError(ErrorCode::BadRequest, "the query was not understood", "'" + key + "' was given twice");
    }
  }
  return std::nullopt;
}

bool isJsonType(std::string_view type) {
  const std::string_view plain = type.substr(0, type.find(';'));
  // curl -d sends the form type; browsers' forms are stopped by the Origin check and the token.
  for (const std::string_view known : {"", "application/json", "application/x-www-form-urlencoded"}) {
    if (equalIgnoringCase(plain, known)) {
      return true;
    }
  }
  return plain.size() > 5 && equalIgnoringCase(plain.substr(plain.size() - 5), "+json");
}
} // namespace

Call::Call(Request r, std::string who, std::shared_ptr<EngineDoor> door, const ServerContext& context, Done done)
    : request(std::move(r)), actor(std::move(who)), m_door(std::move(door)), m_context(context),
      m_done(std::move(done)) {}

const std::string& Call::param(std::string_view name) const {
  static const std::string none;
  const auto it = params.find(name);
  return it == params.end() ? none : it->second;
}

void Call::respond(Response response) {
  m_cleanup = nullptr;
  if (const auto done = std::exchange(m_done, nullptr)) {
    finishResponse(request, response);
    done(std::move(response));
  }
}

void Call::abandon() {
  m_done = nullptr;
  if (const auto cleanup = std::exchange(m_cleanup, nullptr)) {
    cleanup();
  }
}

void Call::fail(const base::Error& error) {
  const bool changedMeanwhile = m_conditional && error.code == ErrorCode::Conflict;
  respond(errorResponse(error, changedMeanwhile ? 412 : statusOf(error.code)));
}

base::Result<QJsonObject> Call::jsonBody() const {
  if (!isJsonType(request.header("Content-Type"))) {
    return makeError(ErrorCode::BadRequest, "the body was not understood",
                     "its type is " + std::string(request.header("Content-Type").substr(0, 100)),
                     "send application/json");
  }
  if (request.body.find_first_not_of(" \t\r\n") == std::string::npos) {
    return QJsonObject();
  }
  QJsonParseError problem;
  const QJsonDocument document =
      QJsonDocument::fromJson(QByteArray::fromRawData(request.body.data(), qsizetype(request.body.size())), &problem);
  if (problem.error != QJsonParseError::NoError) {
    return makeError(ErrorCode::BadRequest, "the body is not JSON",
                     problem.errorString().toStdString() + " at byte " + std::to_string(problem.offset));
  }
  if (!document.isObject()) {
    return makeError(ErrorCode::BadRequest, "the body was not understood", "it is not a JSON object");
  }
  return document.object();
}

std::vector<Route> allRoutes() {
  std::vector<Route> routes;
  addWorkloadRoutes(routes);
  addInstanceRoutes(routes);
  addLogRoutes(routes);
  addNodeRoutes(routes);
  addUsageRoutes(routes);
  addMembershipRoutes(routes);
  addNetworkRoutes(routes);
  addEventRoutes(routes);
  addCommandRoutes(routes);
  addImageRoutes(routes);
  addAdminRoutes(routes);
  addHealthRoutes(routes);
  return routes;
}

Router::Router(std::vector<Route> routes) : m_routes(std::move(routes)) {
  for (Route& route : m_routes) {
    m_segments.push_back(split(route.pattern));
    if (route.operationId.empty()) {
      route.operationId = operationIdOf(route);
    }
  }
  m_openApi = openApiDocument(m_routes);
}

Router::Match Router::match(const Request& request) const {
  Match match;
  const std::string_view path = request.path();
  const auto refuse = [&match](const base::Error& error, int status = 0) {
    match.refusal = errorResponse(error, status == 0 ? statusOf(error.code) : status);
    return std::move(match);
  };
  if (path.empty() || path.front() != '/' || request.target.size() > kMaxTargetBytes) {
    return refuse(makeError(ErrorCode::BadRequest, "the request was not understood",
                            request.target.size() > kMaxTargetBytes ? "its path is longer than 8 KiB"
                                                                    : "its target is not a path"));
  }
  std::vector<std::string> segments;
  for (const std::string& raw : split(path)) {
    auto decoded = percentDecode(raw, false);
    if (!decoded) {
      return refuse(makeError(ErrorCode::BadRequest, "the request was not understood",
                              "its path is not percent-encoded UTF-8 text"));
    }
    segments.push_back(std::move(*decoded));
    if (segments.size() > kMaxSegments) {
      break;
    }
  }
  // Where the API's own part begins; 0 = the path is not under it.
  const size_t prefix = segments.empty() || segments[0] != "api"     ? 0
                        : segments.size() > 1 && segments[1] == "v1" ? 2
                                                                     : 1;
  const std::string_view wanted = request.method == "HEAD" ? std::string_view("GET") : std::string_view(request.method);
  std::string allowed;
  for (size_t i = 0; i < m_routes.size(); ++i) {
    const Route& route = m_routes[i];
    if ((!route.rooted && prefix == 0) || !fits(m_segments[i], segments, route.rooted ? 0 : prefix)) {
      continue;
    }
    if (route.method == wanted) {
      match.route = &route;
      const size_t from = route.rooted ? 0 : prefix;
      for (size_t s = 0; s < m_segments[i].size(); ++s) {
        if (isParam(m_segments[i][s])) {
          match.params.emplace(m_segments[i][s].substr(1, m_segments[i][s].size() - 2), segments[s + from]);
        }
      }
      return match;
    }
    allowed += (allowed.empty() ? "" : ", ") + route.method + (route.method == "GET" ? ", HEAD" : "");
  }
  if (allowed.empty()) {
    return refuse(makeError(ErrorCode::NotFound, "there is nothing here",
                            std::string(path.substr(0, 200)) + " is not a path of this server",
                            "GET /api/openapi.json lists them"));
  }
  Match refused =
      refuse(makeError(ErrorCode::BadRequest, "the method is not allowed here",
                       request.method.substr(0, 32) + " " + std::string(path.substr(0, 200)), "allowed: " + allowed),
             405);
  refused.refusal->headers.emplace_back("Allow", allowed);
  return refused;
}

void Router::handle(const Match& match, const CallPtr& call) const {
  call->params = match.params;
  auto query = Query::parse(call->request.rawQuery());
  if (!query) {
    call->fail(query.error());
    return;
  }
  call->query = std::move(query).value();
  if (const auto fault = checkQuery(*match.route, call->query)) {
    call->fail(*fault);
    return;
  }
  if (!match.route->handler) {
    Response r = errorResponse(makeError(ErrorCode::BadRequest, "this path speaks WebSocket only",
                                         "the request does not ask for an upgrade", "connect with a WebSocket client"),
                               426);
    r.headers.emplace_back("Upgrade", "websocket");
    call->respond(std::move(r));
    return;
  }
  match.route->handler(call);
}

base::Result<std::shared_ptr<SocketApp>> Router::openSocket(const Match& match, SocketCall call) const {
  if (match.route->socket == nullptr) {
    return makeError(ErrorCode::BadRequest, "the request was not understood", "this path does not speak WebSocket");
  }
  auto query = Query::parse(call.request.rawQuery());
  if (!query) {
    return std::move(query).error();
  }
  call.query = std::move(query).value();
  if (auto fault = checkQuery(*match.route, call.query)) {
    return *fault;
  }
  call.params = match.params;
  return match.route->socket(call);
}

void finishResponse(const Request& request, Response& response) {
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  const std::string_view tag = response.header("ETag");
  if (response.status == 200 && !tag.empty() && (request.method == "GET" || request.method == "HEAD")) {
    std::string_view rest = request.header("If-None-Match");
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      std::string_view one = rest.substr(0, comma);
      rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
      while (!one.empty() && one.front() == ' ') {
        one.remove_prefix(1);
      }
      while (!one.empty() && one.back() == ' ') {
        one.remove_suffix(1);
      }
      if (one.substr(0, 2) == "W/") {
        one.remove_prefix(2);
      }
      if (one == tag || one == "*") {
        response.status = 304;
        response.body.clear();
        response.contentType.clear();
        return;
      }
    }
  }
}

} // namespace univrs::api
