// What speaks over one WebSocket, apart from the transport: it is told of messages, and sends through its Channel. One
// implementation for each kind of stream (events, deltas, logs, exec). All of it runs on the I/O thread.
#pragma once

#include "engine/api/engine_door.h"
#include "engine/api/http_message.h"
#include "engine/base/clock.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace univrs::api {

inline constexpr size_t kMaxSocketMessageBytes = 1u << 20; // from a client

// The sending half of a connection. I/O thread.
class Channel {
public:
  virtual ~Channel() = default;
  // Queue one message. Nothing is sent once close() was called.
  virtual void sendText(std::string text) = 0;
  virtual void sendBinary(std::string bytes) = 0;
  // Bytes queued, the message being written included.
  [[nodiscard]] virtual size_t queuedBytes() const = 0;
  // Forgets what is queued, but for the message being written. Returns how many are left: 0 or 1.
  virtual size_t dropQueued() = 0;
  // Ends the connection when what is queued has been sent.
  virtual void close(uint16_t code, std::string_view reason) = 0;
  // While paused, no further message is received: the client's own sending stalls.
  virtual void pauseReceiving(bool paused) = 0;
  // Calls the app's tick() every `period` until the end.
  virtual void startTicking(std::chrono::milliseconds period) = 0;
};

class SocketApp {
public:
  virtual ~SocketApp() = default;
  // The connection is up. `channel` lives until closed() returns.
  virtual void opened(Channel& channel) = 0;
  virtual void received(std::string message, bool binary) = 0;
  // The oldest queued message has been sent.
  virtual void sent() {}
  // Everything queued has been sent.
  virtual void drained() {}
  virtual void tick() {}
  // The connection is gone: end subscriptions, never touch the channel again.
  virtual void closed() = 0;
};

struct SocketCall {
  Request request;
  std::map<std::string, std::string, std::less<>> params;
  Query query;
  std::string actor;
  std::shared_ptr<EngineDoor> door;
  const base::Clock* clock = nullptr;
};

// {"error","code",…} as the streams send it, with "type":"error" where `typed`.
std::string errorMessage(const base::Error& error, bool typed);
std::string toText(const QJsonObject& json);

// The kinds of stream; errors are in what the request asks for.
base::Result<std::shared_ptr<SocketApp>> makeDeltaSocket(const SocketCall& call);
base::Result<std::shared_ptr<SocketApp>> makeEventSocket(const SocketCall& call);
base::Result<std::shared_ptr<SocketApp>> makeLogSocket(const SocketCall& call);
base::Result<std::shared_ptr<SocketApp>> makeExecSocket(const SocketCall& call);
base::Result<std::shared_ptr<SocketApp>> makePeerSocket(const SocketCall& call);

} // namespace univrs::api
