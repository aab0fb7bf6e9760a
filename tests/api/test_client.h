// Real clients for the server's tests: a raw HTTP one over a TCP socket, and a WebSocket one. Blocking, with a
// deadline.
#pragma once

#include <QJsonObject>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace univrs::api {

struct HttpAnswer {
  int status = 0;                             // 0 = the connection ended without an answer
  std::map<std::string, std::string> headers; // lower-case names
  std::string body;
  [[nodiscard]] QJsonObject json() const;
};

class RawClient {
public:
  explicit RawClient(uint16_t port);
  ~RawClient();
  RawClient(RawClient&&) noexcept;
  [[nodiscard]] bool connected() const;
  void send(const std::string& bytes); // as much as the peer takes; errors are ignored
  // The next answer on the connection. `head` when the request was HEAD.
  HttpAnswer read(bool head = false);
  // True when the server ends the connection within the deadline.
  bool endsWithin(int milliseconds);
  void reset(); // closes at once with RST

private:
  int m_fd = -1;
  std::string m_buffer;
  bool fill();
};

inline const std::string kTestToken = "s3cret-token";

using Headers = std::vector<std::pair<std::string, std::string>>;
std::string requestText(const std::string& method, const std::string& target, uint16_t port,
                        const std::string& body = {}, Headers headers = {}, bool withToken = true);
HttpAnswer ask(uint16_t port, const std::string& method, const std::string& target, const std::string& body = {},
               Headers headers = {}, bool withToken = true);

class SocketClient {
public:
  SocketClient();
  ~SocketClient();
  // The status of the handshake: 101, or the refusal's.
  int connect(uint16_t port, const std::string& target, Headers headers = {}, bool withToken = true);
  void sendText(const std::string& text);
  void sendBinary(const std::string& bytes);
  // The next message; nothing when the connection ended.
  std::optional<std::string> read();
  // The next message as JSON; an empty object when the connection ended.
  QJsonObject readJson();
  // Skips messages until one has `key` equal to `value`.
  QJsonObject readUntil(const std::string& key, const std::string& value);
  int closeCode() const;
  void drop(); // without a handshake
  [[nodiscard]] std::string protocol() const;

private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

} // namespace univrs::api
