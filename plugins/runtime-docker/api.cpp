#include "plugins/runtime-docker/api.h"

#include <QJsonDocument>

namespace univrs::docker {

base::Error statusError(int status, std::string_view body, const std::string& what) {
  using base::ErrorCode;
  const std::string words = readErrorMessage(body);
  const auto says = [&](std::string_view w) { return words.find(w) != std::string::npos; };
  ErrorCode code = ErrorCode::Unavailable;
  std::string hint;
  if (status == 404) {
    code = ErrorCode::NotFound;
  } else if (status == 409 || says("already in use by") || says("name is already in use")) {
    code = ErrorCode::Conflict; // Podman answers 500 for a taken name
  } else if (says("no space left")) {
    code = ErrorCode::NoSpace;
    hint = "Free some disk space on this node.";
  } else if (status == 400) {
    code = ErrorCode::BadRequest;
  } else if (status == 401 || status == 403) {
    code = ErrorCode::Forbidden;
  } else if (status == 501) {
    code = ErrorCode::Unsupported;
  }
  return base::makeError(code, what, words.empty() ? "the engine answered " + std::to_string(status) : words, hint);
}

Api::Api(std::string socket, std::function<bool()> revive, EngineFacts facts)
    : m_facts(std::move(facts)), m_prefix("/v" + chooseApiVersion(m_facts)),
      m_client(std::move(socket), std::move(revive)) {}

base::Result<HttpReply> Api::checked(const HttpRequest& request, const std::string& what, base::Millis timeout) {
  auto reply = m_client.call(request, timeout);
  if (!reply) {
    base::Error e = reply.error();
    e.why = e.why.empty() ? e.what : e.what + ": " + e.why;
    e.what = what;
    return e;
  }
  if (reply->status >= 400) {
    return statusError(reply->status, std::string_view(reply->body.constData(), size_t(reply->body.size())), what);
  }
  return reply;
}

base::Result<HttpReply> Api::get(const std::string& path, const std::string& what, base::Millis timeout) {
  HttpRequest r;
  r.target = versioned(path);
  return checked(r, what, timeout);
}

base::Result<HttpReply> Api::post(const std::string& path, const QJsonObject& body, const std::string& what,
                                  base::Millis timeout) {
  HttpRequest r;
  r.method = "POST";
  r.target = path.starts_with("/v4") ? path : versioned(path);
  if (!body.isEmpty()) {
    r.body = QJsonDocument(body).toJson(QJsonDocument::Compact).toStdString();
  }
  return checked(r, what, timeout);
}

base::Result<HttpReply> Api::remove(const std::string& path, const std::string& what, base::Millis timeout) {
  HttpRequest r;
  r.method = "DELETE";
  r.target = path.starts_with("/v4") ? path : versioned(path);
  return checked(r, what, timeout);
}

base::Result<ContainerFacts> Api::inspect(const std::string& id) {
  auto reply =
      get("/containers/" + urlEncode(id) + "/json", "The container " + id.substr(0, 12) + " could not be inspected");
  if (!reply) {
    return reply.error();
  }
  return readContainer(reply->body);
}

} // namespace univrs::docker
