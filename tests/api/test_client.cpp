#include "tests/api/test_client.h"

#include <QJsonDocument>

#include <arpa/inet.h>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace univrs::api {

namespace {
constexpr int kDeadlineMs = 60'000; // generous: machines are busy
namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
} // namespace

QJsonObject HttpAnswer::json() const {
  return QJsonDocument::fromJson(QByteArray::fromStdString(body)).object();
}

RawClient::RawClient(uint16_t port) : m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(m_fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
    ::close(std::exchange(m_fd, -1));
  }
}

RawClient::~RawClient() {
  if (m_fd >= 0) {
    ::close(m_fd);
  }
}

RawClient::RawClient(RawClient&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1)), m_buffer(std::move(other.m_buffer)) {}

bool RawClient::connected() const {
  return m_fd >= 0;
}

void RawClient::send(const std::string& bytes) {
  for (size_t at = 0; at < bytes.size() && m_fd >= 0;) {
    const ssize_t n = ::send(m_fd, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (n <= 0) {
      return;
    }
    at += size_t(n);
  }
}

bool RawClient::fill() {
  pollfd wait{m_fd, POLLIN, 0};
  if (m_fd < 0 || ::poll(&wait, 1, kDeadlineMs) <= 0) {
    return false;
  }
  char bytes[65'536];
  const ssize_t n = ::recv(m_fd, bytes, sizeof bytes, 0);
  if (n <= 0) {
    return false;
  }
  m_buffer.append(bytes, size_t(n));
  return true;
}

HttpAnswer RawClient::read(bool head) {
  HttpAnswer answer;
  size_t end = 0;
  while ((end = m_buffer.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) {
      return answer;
    }
  }
  const std::string text = m_buffer.substr(0, end + 2);
  m_buffer.erase(0, end + 4);
  answer.status = text.size() > 12 ? std::atoi(text.c_str() + 9) : 0;
  for (size_t at = text.find("\r\n") + 2; at < text.size();) {
    const size_t line = text.find("\r\n", at);
    const size_t colon = text.find(": ", at);
    std::string name = text.substr(at, colon - at);
    std::transform(name.begin(), name.end(), name.begin(), [](char c) { return char(std::tolower(c)); });
    answer.headers[name] = text.substr(colon + 2, line - colon - 2);
    at = line + 2;
  }
  if (head || answer.headers.count("content-length") == 0) {
    return answer;
  }
  const size_t length = std::stoul(answer.headers["content-length"]);
  while (m_buffer.size() < length) {
    if (!fill()) {
      answer.status = 0;
      return answer;
    }
  }
  answer.body = m_buffer.substr(0, length);
  m_buffer.erase(0, length);
  return answer;
}

bool RawClient::endsWithin(int milliseconds) {
  char byte = 0;
  for (;;) {
    pollfd wait{m_fd, POLLIN, 0};
    if (m_fd < 0 || ::poll(&wait, 1, milliseconds) <= 0) {
      return m_fd < 0;
    }
    if (::recv(m_fd, &byte, 1, 0) <= 0) {
      return true;
    }
  }
}

void RawClient::reset() {
  const linger now{1, 0};
  ::setsockopt(m_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(m_fd, -1));
}

std::string requestText(const std::string& method, const std::string& target, uint16_t port, const std::string& body,
                        Headers headers, bool withToken) {
  const auto has = [&headers](const char* name) {
    return std::any_of(headers.begin(), headers.end(), [name](const auto& h) { return h.first == name; });
  };
  std::string text = method + " " + target + " HTTP/1.1\r\n";
  if (!has("Host")) {
    text += "Host: 127.0.0.1:" + std::to_string(port) + "\r\n";
  }
  if (withToken && !has("Authorization")) {
    text += "Authorization: Bearer " + kTestToken + "\r\n";
  }
  if (!body.empty() && !has("Content-Length") && !has("Transfer-Encoding")) {
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  for (const auto& [name, value] : headers) {
    text += name + ": " + value + "\r\n";
  }
  return text + "\r\n" + body;
}

HttpAnswer ask(uint16_t port, const std::string& method, const std::string& target, const std::string& body,
               Headers headers, bool withToken) {
  RawClient client(port);
  client.send(requestText(method, target, port, body, std::move(headers), withToken));
  return client.read(method == "HEAD");
}

struct SocketClient::Impl {
  asio::io_context io;
  websocket::stream<asio::ip::tcp::socket> ws{io};
  websocket::response_type response;
};

SocketClient::SocketClient() : m_impl(std::make_unique<Impl>()) {}
SocketClient::~SocketClient() = default;

int SocketClient::connect(uint16_t port, const std::string& target, Headers headers, bool withToken) {
  boost::system::error_code failed;
  auto& socket = m_impl->ws.next_layer();
  socket.connect({asio::ip::address_v4::loopback(), port}, failed);
  const timeval deadline{kDeadlineMs / 1000, 0};
  ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
  m_impl->ws.read_message_max(64u << 20);
  m_impl->ws.set_option(websocket::stream_base::decorator([&](websocket::request_type& request) {
    if (withToken) {
      request.set("Authorization", "Bearer " + kTestToken);
    }
    for (const auto& [name, value] : headers) {
      request.set(name, value);
    }
  }));
  m_impl->ws.handshake(m_impl->response, "127.0.0.1:" + std::to_string(port), target, failed);
  if (!failed) {
    return 101;
  }
  // Beast keeps a refusal to itself: ask once more by hand what it was.
  headers.insert(headers.end(), {{"Connection", "Upgrade"},
                                 {"Upgrade", "websocket"},
                                 {"Sec-WebSocket-Version", "13"},
                                 {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}});
  return ask(port, "GET", target, {}, std::move(headers), withToken).status;
}

void SocketClient::sendText(const std::string& text) {
  boost::system::error_code ignored;
  m_impl->ws.text(true);
  m_impl->ws.write(asio::buffer(text), ignored);
}

void SocketClient::sendBinary(const std::string& bytes) {
  boost::system::error_code ignored;
  m_impl->ws.binary(true);
  m_impl->ws.write(asio::buffer(bytes), ignored);
}

std::optional<std::string> SocketClient::read() {
  boost::beast::flat_buffer buffer;
  boost::system::error_code failed;
  m_impl->ws.read(buffer, failed);
  if (failed) {
    return std::nullopt;
  }
  return boost::beast::buffers_to_string(buffer.data());
}

QJsonObject SocketClient::readJson() {
  const auto text = read();
  return text ? QJsonDocument::fromJson(QByteArray::fromStdString(*text)).object() : QJsonObject();
}

QJsonObject SocketClient::readUntil(const std::string& key, const std::string& value) {
  for (;;) {
    const auto text = read();
    if (!text) {
      return {};
    }
    const QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(*text)).object();
    if (json.value(QLatin1String(key.c_str())).toString().toStdString() == value) {
      return json;
    }
  }
}

int SocketClient::closeCode() const {
  return m_impl->ws.reason().code;
}

void SocketClient::drop() {
  boost::system::error_code ignored;
  m_impl->ws.next_layer().close(ignored);
}

std::string SocketClient::protocol() const {
  return std::string(m_impl->response[boost::beast::http::field::sec_websocket_protocol]);
}

} // namespace univrs::api
