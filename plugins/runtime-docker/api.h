// The engine's API as the driver's parts use it: paths with the spoken version, JSON bodies, status codes made errors.
#pragma once

#include "plugins/runtime-docker/engine_client.h"
#include "plugins/runtime-docker/replies.h"

#include <QJsonObject>

namespace univrs::docker {

class Api {
public:
  Api(std::string socket, std::function<bool()> revive, EngineFacts facts);

  [[nodiscard]] const EngineFacts& facts() const { return m_facts; }
  [[nodiscard]] EngineClient& client() { return m_client; }

  // `path` without the version: "/containers/json" (or Podman's own API with it: "/v4.0.0/libpod/…"). A status of 400
  // or more is an error whose `what` is given.
  base::Result<HttpReply> get(const std::string& path, const std::string& what,
                              base::Millis timeout = EngineClient::kCallTimeout);
  base::Result<HttpReply> post(const std::string& path, const QJsonObject& body, const std::string& what,
                               base::Millis timeout = EngineClient::kCallTimeout);
  base::Result<HttpReply> remove(const std::string& path, const std::string& what,
                                 base::Millis timeout = EngineClient::kCallTimeout);
  // "/v1.41" + path.
  [[nodiscard]] std::string versioned(const std::string& path) const { return m_prefix + path; }

  base::Result<ContainerFacts> inspect(const std::string& id);

private:
  base::Result<HttpReply> checked(const HttpRequest& request, const std::string& what, base::Millis timeout);
  const EngineFacts m_facts;
  const std::string m_prefix;
  EngineClient m_client;
};

// The error for a status of 400 or more and the engine's words.
base::Error statusError(int status, std::string_view body, const std::string& what);

} // namespace univrs::docker
