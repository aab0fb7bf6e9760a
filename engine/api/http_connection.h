// One HTTP connection: reads a request, answers it, reads the next. Pipelined requests wait in the buffer, so answers
// keep their order. Included by http_server.cpp only; everything runs on the I/O thread.
#pragma once

#include "engine/api/server_state.h"
#include "engine/api/websocket_connection.h"

#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <array>
#include <optional>
#include <type_traits>
#include <utility>

namespace univrs::api {

using PlainStream = boost::beast::tcp_stream;
using TlsStream = boost::beast::ssl_stream<boost::beast::tcp_stream>;

inline constexpr size_t kLingerBytes = 16u << 20; // read and dropped after the last answer
inline constexpr std::chrono::seconds kLingerTime{2};

template <class Stream>
class HttpConnection final : public LiveConnection, public std::enable_shared_from_this<HttpConnection<Stream>> {
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Answer = boost::beast::http::response<boost::beast::http::string_body>;
  using ErrorCode = boost::beast::error_code;

public:
  HttpConnection(Stream stream, std::shared_ptr<ServerState> state)
      : m_state(std::move(state)), m_slot(m_state), m_stream(std::move(stream)), m_timer(m_stream.get_executor()),
        m_buffer(std::max<size_t>(2 * m_state->config.limits.headerBytes, 65'536)) {
    m_state->live.insert(this);
    ErrorCode ignored;
    auto& socket = lowest().socket();
    socket.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
    m_peer = socket.remote_endpoint(ignored).address().to_string();
    m_local = socket.local_endpoint(ignored).address().to_string();
  }
  ~HttpConnection() override { m_state->live.erase(this); }
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  void start() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      lowest().expires_after(limits().headerTimeout);
      m_stream.async_handshake(boost::asio::ssl::stream_base::server,
                               [self = this->shared_from_this()](ErrorCode failed) {
                                 if (!failed) {
                                   self->readNext(self->limits().headerTimeout);
                                 }
                               });
    } else {
      readNext(limits().headerTimeout);
    }
  }

  void shutDown() override {
    m_timer.cancel();
    ErrorCode ignored;
    lowest().socket().close(ignored);
  }

  // A connection that has not been answered yet may have its request on the way: it gets the time for it.
  void leave() override {
    if (m_between) {
      lowest().cancel(); // a request that is just being read goes on
    }
  }

private:
  [[nodiscard]] boost::beast::tcp_stream& lowest() { return boost::beast::get_lowest_layer(m_stream); }
  [[nodiscard]] const ServerLimits& limits() const { return m_state->config.limits; }

  // Waits for the first byte of the next request, then gives its head a deadline as a whole: a client that drips bytes
  // cannot hold the connection for longer.
  void readNext(std::chrono::milliseconds patience) {
    m_parser.emplace();
    m_parser->header_limit(uint32_t(limits().headerBytes));
    m_parser->body_limit(limits().bodyBytes);
    m_mustClose = false;
    m_started = {};
    if (m_buffer.size() > 0) {
      return readHead();
    }
    lowest().expires_after(patience);
    m_between = m_answered;
    m_stream.async_read_some(m_buffer.prepare(16'384),
                             [self = this->shared_from_this()](ErrorCode failed, size_t bytes) {
                               self->m_between = false;
                               if (failed) {
                                 return;
                               }
                               self->m_buffer.commit(bytes);
                               self->readHead();
                             });
  }

  void readHead() {
    lowest().expires_after(limits().headerTimeout);
    boost::beast::http::async_read_header(m_stream, m_buffer, *m_parser,
                                          [self = this->shared_from_this()](ErrorCode failed, size_t) {
                                            if (failed) {
                                              self->badRequest(failed);
                                            } else {
                                              self->headRead();
                                            }
                                          });
  }

  // What the parser refused is answered once, then the connection ends: its bytes can no longer be told apart.
  void badRequest(ErrorCode failed) {
    namespace http = boost::beast::http;
    using base::makeError;
    if (failed.category() != http::make_error_code(http::error::end_of_stream).category() ||
        failed == http::error::end_of_stream || failed == http::error::partial_message) {
      return; // gone, or timed out
    }
    m_started = std::chrono::steady_clock::now();
    m_mustClose = true;
    const bool bodyTooLarge = failed == http::error::body_limit;
    const bool headTooLarge = failed == http::error::header_limit || failed == http::error::buffer_overflow;
    if (bodyTooLarge) {
      return send(errorResponse(makeError(base::ErrorCode::TooLarge, "the request was not read",
                                          "its body is larger than " + std::to_string(limits().bodyBytes) + " bytes")));
    }
    if (headTooLarge) {
      return send(errorResponse(
          makeError(base::ErrorCode::TooLarge, "the request was not read", "its head is larger than 64 KiB"), 431));
    }
    send(errorResponse(makeError(base::ErrorCode::BadRequest, "the request was not understood",
                                 "it is not HTTP/1.1: " + failed.message())));
  }

  void headRead() {
    namespace http = boost::beast::http;
    m_started = std::chrono::steady_clock::now();
    const auto& message = m_parser->get();
    m_keepAlive = message.keep_alive();
    m_request = {};
    m_request.method = std::string(message.method_string());
    m_request.target = std::string(message.target());
    m_request.peerAddress = m_peer;
    m_request.localAddress = m_local;
    m_request.isUpgrade = boost::beast::websocket::is_upgrade(message);
    for (const auto& field : message) {
      m_request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    Admission admission = admit(*m_state, m_request);
    m_match = std::move(admission.match);
    m_verdict = std::move(admission.verdict);
    if (admission.refusal) {
      m_mustClose = m_mustClose || !m_parser->is_done(); // a body we will not read
      return send(std::move(*admission.refusal));
    }
    if (m_request.isUpgrade && m_match.route->socket != nullptr) {
      return upgrade();
    }
    if (m_parser->is_done()) {
      return dispatch();
    }
    if (const auto expectation = m_request.header("Expect"); !expectation.empty()) {
      if (!equalIgnoringCase(expectation, "100-continue")) {
        m_mustClose = true;
        return send(errorResponse(base::makeError(base::ErrorCode::BadRequest, "the request was not read",
                                                  "only Expect: 100-continue is known"),
                                  417));
      }
      return sendContinue();
    }
    readBody();
  }

  void sendContinue() {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    lowest().expires_after(limits().writeTimeout);
    boost::asio::async_write(m_stream, boost::asio::buffer(kContinue.data(), kContinue.size()),
                             [self = this->shared_from_this()](ErrorCode failed, size_t) {
                               if (!failed) {
                                 self->readBody();
                               }
                             });
  }

  void readBody() {
    lowest().expires_after(limits().bodyTimeout);
    boost::beast::http::async_read(m_stream, m_buffer, *m_parser,
                                   [self = this->shared_from_this()](ErrorCode failed, size_t) {
                                     if (failed) {
                                       self->badRequest(failed);
                                     } else {
                                       self->dispatch();
                                     }
                                   });
  }

  void dispatch() {
    m_request.body = std::move(m_parser->get().body());
    if (m_verdict.needsBody) {
      m_verdict = m_state->auth.checkSigned(m_request, m_state->clock.now());
      if (m_verdict.refusal) {
        return send(std::move(*m_verdict.refusal));
      }
    }
    const uint64_t turn = ++m_turn;
    lowest().expires_never();
    m_timer.expires_after(m_match.route->timeout);
    // The timer also keeps the connection alive while only the engine is at work. The call itself holds no strong
    // reference: it may be let go on the engine's thread.
    m_timer.async_wait([self = this->shared_from_this(), turn](ErrorCode failed) {
      if (!failed && self->m_turn == turn) {
        ++self->m_turn;
        if (const auto call = self->m_call.lock()) {
          call->abandon();
        }
        self->send(errorResponse(base::makeError(base::ErrorCode::Timeout, "no answer", "the engine took too long",
                                                 "the work may still be going on: look before trying again"),
                                 self->m_match.route->access == Access::Open ? 503 : 504));
      }
    });
    auto done = [weak = this->weak_from_this(), turn](Response response) {
      const auto self = weak.lock();
      if (self && self->m_turn == turn) {
        ++self->m_turn;
        self->m_timer.cancel();
        self->send(std::move(response));
      }
    };
    const auto call =
        std::make_shared<Call>(m_request, m_verdict.actor, m_state->door, m_state->context, std::move(done));
    m_call = call;
    m_state->router.handle(m_match, call);
  }

  void upgrade() {
    if (m_verdict.needsBody) {
      m_verdict = m_state->auth.checkSigned(m_request, m_state->clock.now());
      if (m_verdict.refusal) {
        return send(std::move(*m_verdict.refusal));
      }
    }
    m_mustClose = true; // whatever is answered but 101
    if (m_buffer.size() > 0 || !m_parser->is_done()) {
      return send(errorResponse(base::makeError(base::ErrorCode::BadRequest, "no WebSocket was opened",
                                                "bytes came before the handshake was answered")));
    }
    if (m_state->webSockets >= limits().webSockets) {
      return send(
          errorResponse(base::makeError(base::ErrorCode::Unavailable, "no WebSocket was opened",
                                        std::to_string(m_state->webSockets) + " are open already, the most allowed")));
    }
    const std::string protocol = Authenticator::tokenProtocol(m_request);
    SocketCall call{m_request, {}, {}, m_verdict.actor, m_state->door, &m_state->clock};
    auto app = m_state->router.openSocket(m_match, std::move(call));
    if (!app) {
      return send(errorResponse(app.error()));
    }
    count(101);
    auto socket = std::make_shared<WebSocketConnection<Stream>>(std::move(m_stream), m_state, std::move(m_slot),
                                                                std::move(app).value());
    socket->accept(m_parser->release(), protocol);
  }

  void count(int status) const {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - m_started;
    m_state->countRequest(m_request.method, m_match.route, status, took.count());
  }

  void send(Response response) {
    namespace http = boost::beast::http;
    count(response.status);
    const bool close = m_mustClose || response.close || !m_keepAlive || m_state->stopping || m_state->leaving;
    m_answer.emplace();
    Answer& answer = *m_answer;
    answer.version(11);
    answer.result(unsigned(response.status));
    const std::string_view reason = reasonPhrase(response.status);
    answer.reason({reason.data(), reason.size()});
    for (const auto& [name, value] : response.headers) {
      answer.insert(name, value);
    }
    if (!response.contentType.empty()) {
      answer.set(http::field::content_type, response.contentType);
    }
    if (response.status != 204 && response.status != 304) {
      answer.content_length(response.body.size());
    }
    if (m_request.method != "HEAD") {
      answer.body() = std::move(response.body);
    }
    answer.keep_alive(!close);
    lowest().expires_after(limits().writeTimeout);
    http::async_write(m_stream, answer, [self = this->shared_from_this(), close](ErrorCode failed, size_t) {
      self->m_answer.reset();
      if (failed) {
        return;
      }
      self->m_answered = true;
      self->m_request = {};
      self->m_match = {};
      if (close) {
        self->linger();
      } else {
        self->readNext(self->limits().idleTimeout);
      }
    });
  }

  // Closing at once with unread bytes would reset the connection, and the client might never see the answer.
  void linger() {
    lowest().expires_after(kLingerTime);
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      m_stream.async_shutdown([self = this->shared_from_this()](ErrorCode) {});
    } else {
      ErrorCode ignored;
      lowest().socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
      m_buffer.consume(m_buffer.size());
      discard();
    }
  }

  void discard() {
    m_stream.async_read_some(m_buffer.prepare(16'384),
                             [self = this->shared_from_this()](ErrorCode failed, size_t bytes) {
                               self->m_discarded += bytes;
                               if (!failed && self->m_discarded < kLingerBytes) {
                                 self->discard(); // the deadline set by linger() stands
                               }
                             });
  }

  std::shared_ptr<ServerState> m_state;
  Slot m_slot;
  Stream m_stream;
  boost::asio::steady_timer m_timer;
  boost::beast::flat_buffer m_buffer;
  std::string m_peer;
  std::string m_local;
  std::optional<Parser> m_parser;
  std::optional<Answer> m_answer;
  Request m_request;
  Router::Match m_match;
  std::weak_ptr<Call> m_call; // under way
  Authenticator::Verdict m_verdict;
  std::chrono::steady_clock::time_point m_started;
  uint64_t m_turn = 0;
  size_t m_discarded = 0;
  bool m_keepAlive = true;
  bool m_answered = false; // at least one request
  bool m_between = false;  // waiting for the next one
  bool m_mustClose = false;
};

} // namespace univrs::api
