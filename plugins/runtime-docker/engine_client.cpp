#include "plugins/runtime-docker/engine_client.h"

namespace univrs::docker {

namespace {
base::Monotonic now() {
  return base::SystemClock().now().steady;
}
base::Error cancelled() {
  return base::makeError(base::ErrorCode::Cancelled, "Cancelled");
}
} // namespace

EngineClient::EngineClient(std::string socket, std::function<bool()> revive)
    : m_socket(std::move(socket)), m_revive(std::move(revive)) {}

base::Result<std::unique_ptr<HttpConnection>> EngineClient::dial() {
  auto connection = std::make_unique<HttpConnection>();
  auto r = connection->connect(m_socket);
  if (!r && m_revive && m_revive()) {
    r = connection->connect(m_socket);
  }
  if (!r) {
    return r.error();
  }
  return connection;
}

std::unique_ptr<HttpConnection> EngineClient::takeIdle() {
  const std::lock_guard lock(m_mutex);
  while (!m_idle.empty()) {
    auto c = std::move(m_idle.back());
    m_idle.pop_back();
    if (c->isReusable()) {
      return c;
    }
  }
  return nullptr;
}

void EngineClient::giveBack(std::unique_ptr<HttpConnection> connection) {
  const std::lock_guard lock(m_mutex);
  if (m_idle.size() < kMaxIdle && connection->isReusable()) {
    m_idle.push_back(std::move(connection));
  }
}

base::Result<HttpReply> EngineClient::callOnce(const HttpRequest& request, base::Monotonic deadline,
                                               const base::CancelToken& cancel) {
  auto connection = takeIdle();
  bool mayDialAgain = connection != nullptr;
  bool mayRevive = m_revive != nullptr;
  for (;;) {
    if (!connection) {
      auto dialled = dial();
      if (!dialled) {
        return dialled.error();
      }
      connection = std::move(*dialled);
    }
    connection->stream().setDeadline(deadline);
    bool sent = true;
    auto reply = [&] {
      const auto registration = cancel.onCancel([&connection] { connection->stream().interrupt(); });
      return connection->call(request, &sent);
    }();
    if (cancel.cancelled()) {
      return cancelled();
    }
    if (reply) {
      giveBack(std::move(connection));
      return reply;
    }
    if (sent || reply.error().code != base::ErrorCode::Unavailable) {
      return reply;
    }
    // The request was not taken: the connection was an old one, or the engine is just ending.
    connection.reset();
    if (mayDialAgain) {
      mayDialAgain = false;
    } else if (!mayRevive || !m_revive()) {
      return reply;
    } else {
      mayRevive = false;
    }
  }
}

base::Result<HttpReply> EngineClient::call(const HttpRequest& request, base::Millis timeout,
                                           const base::CancelToken& cancel) {
  const base::Monotonic deadline = now() + timeout;
  {
    std::unique_lock lock(m_mutex);
    if (!m_turn.wait_for(lock, timeout, [this] { return m_active < kMaxParallel; })) {
      return base::makeError(base::ErrorCode::Timeout, "The container engine did not answer in time",
                             "too many calls to it are waiting");
    }
    ++m_active;
  }
  auto reply = callOnce(request, deadline, cancel);
  {
    const std::lock_guard lock(m_mutex);
    --m_active;
  }
  m_turn.notify_one();
  return reply;
}

base::Result<HttpReply>
EngineClient::onOwnConnection(const std::function<base::Result<HttpReply>(HttpConnection&)>& work,
                              const base::CancelToken& cancel) {
  if (cancel.cancelled()) {
    return cancelled();
  }
  auto connection = dial();
  if (!connection) {
    return connection.error();
  }
  UnixStream& stream = (*connection)->stream();
  auto reply = [&] {
    const auto registration = cancel.onCancel([&stream] { stream.interrupt(); });
    return work(**connection);
  }();
  if (cancel.cancelled()) {
    return cancelled();
  }
  return reply;
}

base::Result<HttpReply> EngineClient::stream(const HttpRequest& request,
                                             const std::function<bool(std::string_view)>& onBody,
                                             const base::CancelToken& cancel) {
  return onOwnConnection([&](HttpConnection& c) { return c.stream(request, onBody); }, cancel);
}

base::Result<HttpReply> EngineClient::upload(const HttpRequest& request, const HttpUpload& body,
                                             const std::function<bool(std::string_view)>& onBody,
                                             const base::CancelToken& cancel) {
  return onOwnConnection([&](HttpConnection& c) { return c.upload(request, body, onBody); }, cancel);
}

} // namespace univrs::docker
