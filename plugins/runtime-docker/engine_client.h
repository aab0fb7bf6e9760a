// Calls to one engine's socket from any thread: short calls share a few kept connections, streams have their own.
#pragma once

#include "engine/base/cancel.h"
#include "plugins/runtime-docker/http.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace univrs::docker {

class EngineClient {
public:
  static constexpr size_t kMaxIdle = 8;      // connections kept for the next call
  static constexpr size_t kMaxParallel = 24; // short calls at once; more wait for their turn
  static constexpr base::Millis kCallTimeout{30'000};

  // `revive` is asked once when nobody listens at the socket; true = try again (it started the engine).
  explicit EngineClient(std::string socket, std::function<bool()> revive = {});

  [[nodiscard]] const std::string& socket() const { return m_socket; }

  // A short call. Retried once, on a new connection, when a kept one turns out to be dead before it carried the
  // request.
  base::Result<HttpReply> call(const HttpRequest& request, base::Millis timeout = kCallTimeout,
                               const base::CancelToken& cancel = {});

  // A stream on its own connection; see HttpConnection::stream. It may be silent for ever. Cancelled when
  // `cancel` was.
  base::Result<HttpReply> stream(const HttpRequest& request, const std::function<bool(std::string_view)>& onBody,
                                 const base::CancelToken& cancel);

  // The same with a body that is read as it is sent.
  base::Result<HttpReply> upload(const HttpRequest& request, const HttpUpload& body,
                                 const std::function<bool(std::string_view)>& onBody, const base::CancelToken& cancel);

  // A connection of its own, connected, for the caller to use.
  base::Result<std::unique_ptr<HttpConnection>> dial();

private:
  base::Result<HttpReply> onOwnConnection(const std::function<base::Result<HttpReply>(HttpConnection&)>& work,
                                          const base::CancelToken& cancel);
  std::unique_ptr<HttpConnection> takeIdle();
  void giveBack(std::unique_ptr<HttpConnection> connection);
  base::Result<HttpReply> callOnce(const HttpRequest& request, base::Monotonic deadline,
                                   const base::CancelToken& cancel);

  const std::string m_socket;
  const std::function<bool()> m_revive;
  std::mutex m_mutex;
  std::condition_variable m_turn;
  std::vector<std::unique_ptr<HttpConnection>> m_idle;
  size_t m_active = 0;
};

} // namespace univrs::docker
