#include "plugins/runtime-docker/http.h"

#include <boost/asio/error.hpp>
#include <boost/beast/http.hpp>

#include <array>
#include <cstdio>
#include <limits>
#include <vector>

namespace univrs::docker {

namespace http = boost::beast::http;
using boost::system::error_code;

namespace {
constexpr std::string_view kHex = "0123456789ABCDEF";
}

base::Error connectionError(const error_code& ec) {
  if (ec == boost::asio::error::timed_out) {
    return base::makeError(base::ErrorCode::Timeout, "The container engine did not answer in time", "",
                           "It may be busy; it is tried again.");
  }
  if (ec == http::error::body_limit || ec == http::error::header_limit || ec == http::error::buffer_overflow) {
    return base::makeError(base::ErrorCode::TooLarge, "The container engine's reply is too large", ec.message());
  }
  if (ec.category() == make_error_code(http::error::end_of_stream).category() && ec != http::error::end_of_stream &&
      ec != http::error::partial_message) {
    return base::makeError(base::ErrorCode::Corrupt, "The container engine's reply is not HTTP", ec.message());
  }
  const bool ended =
      ec == boost::asio::error::eof || ec == http::error::end_of_stream || ec == http::error::partial_message;
  return base::makeError(base::ErrorCode::Unavailable, "The container engine does not answer",
                         ended ? "it closed the connection" : ec.message(), "Is Docker or Podman running?");
}

std::string urlEncode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    const bool plain = (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || (u >= '0' && u <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[u >> 4];
      out += kHex[u & 15];
    }
  }
  return out;
}

base::Result<void> HttpConnection::send(const HttpRequest& request) {
  http::request<http::string_body> message;
  message.method_string(request.method);
  message.target(request.target);
  message.version(11);
  message.set(http::field::host, "d");
  message.set(http::field::user_agent, "univrs/" UNIVRS_VERSION);
  if (!request.registryAuth.empty()) {
    message.set("X-Registry-Auth", request.registryAuth);
  }
  if (request.upgrade) {
    message.set(http::field::connection, "Upgrade");
    message.set(http::field::upgrade, "tcp");
  }
  if (!request.body.empty()) {
    message.set(http::field::content_type, request.contentType);
    message.body() = request.body;
  }
  if (!request.body.empty() || request.method == "POST") {
    message.content_length(request.body.size());
  }
  error_code ec;
  http::write(m_stream, message, ec);
  if (ec) {
    return connectionError(ec);
  }
  return {};
}

base::Result<HttpReply> HttpConnection::call(const HttpRequest& request, bool* sent) {
  m_keepAlive = false;
  if (sent != nullptr) {
    *sent = false;
  }
  if (auto r = send(request); !r) {
    return r.error();
  }
  http::response_parser<http::string_body> parser;
  parser.header_limit(kMaxHeaderBytes);
  parser.body_limit(kMaxReplyBytes);
  error_code ec;
  http::read_header(m_stream, m_buffer, parser, ec);
  if (sent != nullptr) {
    // An idle connection that had ended: reset means that the request was not even read; an end without a byte that it
    // may have been, so only what may be repeated is.
    *sent =
        !(ec == boost::asio::error::connection_reset || (ec == http::error::end_of_stream && request.method != "POST"));
  }
  if (!ec) {
    http::read(m_stream, m_buffer, parser, ec);
  }
  if (ec) {
    return connectionError(ec);
  }
  m_keepAlive = parser.get().keep_alive();
  HttpReply reply;
  reply.status = int(parser.get().result_int());
  reply.body = QByteArray(parser.get().body().data(), qsizetype(parser.get().body().size()));
  return reply;
}

base::Result<HttpReply> HttpConnection::stream(const HttpRequest& request,
                                               const std::function<bool(std::string_view)>& onBody) {
  m_keepAlive = false;
  if (auto r = send(request); !r) {
    return r.error();
  }
  return receive(onBody);
}

base::Result<void> HttpConnection::sendUpload(const HttpRequest& request, const HttpUpload& body) {
  http::request<http::empty_body> head;
  head.method_string(request.method);
  head.target(request.target);
  head.version(11);
  head.set(http::field::host, "d");
  head.set(http::field::user_agent, "univrs/" UNIVRS_VERSION);
  head.set(http::field::content_type, request.contentType);
  if (body.bytes) {
    head.content_length(uint64_t(*body.bytes));
  } else {
    head.chunked(true);
  }
  error_code ec;
  const auto write = [&](const char* from, size_t size) {
    while (size > 0 && !ec) {
      m_stream.setDeadline(base::SystemClock().now().steady + kUploadStall);
      const size_t n = m_stream.writeBytes(from, size, ec);
      from += n;
      size -= n;
    }
  };
  m_stream.setDeadline(base::SystemClock().now().steady + kUploadStall);
  http::request_serializer<http::empty_body> serializer(head);
  http::write_header(m_stream, serializer, ec);
  std::vector<char> piece(256u << 10);
  int64_t sent = 0;
  while (!ec) {
    auto size = body.read(piece.data(), piece.size());
    if (!size) {
      return size.error();
    }
    if (*size == 0) {
      break;
    }
    sent += int64_t(*size);
    if (body.bytes) {
      if (sent > *body.bytes) {
        return base::makeError(base::ErrorCode::Conflict, "Nothing was sent", "the file grew while it was read");
      }
      write(piece.data(), *size);
    } else {
      std::array<char, 20> frame{};
      const int length = std::snprintf(frame.data(), frame.size(), "%zx\r\n", *size);
      write(frame.data(), size_t(length));
      write(piece.data(), *size);
      write("\r\n", 2);
    }
  }
  if (!ec && body.bytes && sent < *body.bytes) {
    return base::makeError(base::ErrorCode::Conflict, "Nothing was sent", "the file became shorter while it was read");
  }
  if (!ec && !body.bytes) {
    write("0\r\n\r\n", 5);
  }
  if (ec) {
    return connectionError(ec);
  }
  return {};
}

base::Result<HttpReply> HttpConnection::upload(const HttpRequest& request, const HttpUpload& body,
                                               const std::function<bool(std::string_view)>& onBody) {
  m_keepAlive = false;
  const auto sent = sendUpload(request, body);
  if (!sent && sent.error().code != base::ErrorCode::Unavailable && sent.error().code != base::ErrorCode::Timeout) {
    return sent.error();
  }
  const auto patience = [this](base::Millis wait) { m_stream.setDeadline(base::SystemClock().now().steady + wait); };
  patience(sent ? kReplySilence : base::Millis(5'000)); // it may have said why it stopped taking the rest
  auto reply = receive([&](std::string_view bytes) {
    patience(kReplySilence);
    return onBody(bytes);
  });
  if (!sent && (!reply || reply->status < 300)) {
    return sent.error();
  }
  return reply;
}

base::Result<HttpReply> HttpConnection::receive(const std::function<bool(std::string_view)>& onBody) {
  http::response_parser<http::buffer_body> parser;
  parser.header_limit(kMaxHeaderBytes);
  parser.body_limit(std::numeric_limits<uint64_t>::max()); // pieces are handed on, never collected
  error_code ec;
  http::read_header(m_stream, m_buffer, parser, ec);
  if (ec) {
    return connectionError(ec);
  }
  HttpReply reply;
  reply.status = int(parser.get().result_int());
  const bool isError = reply.status >= 300;
  std::array<char, 32 * 1024> piece{};
  while (!parser.is_done()) {
    parser.get().body().data = piece.data();
    parser.get().body().size = piece.size();
    parser.get().body().more = true;
    http::read_some(m_stream, m_buffer, parser, ec);
    const std::string_view bytes(piece.data(), piece.size() - parser.get().body().size);
    if (isError) {
      if (size_t(reply.body.size()) < kMaxErrorBytes) {
        reply.body.append(bytes.data(), qsizetype(bytes.size()));
      }
    } else if (!bytes.empty() && !onBody(bytes)) {
      return reply;
    }
    if (ec == http::error::need_buffer) {
      ec = {};
    }
    if (ec) {
      return connectionError(ec);
    }
  }
  return reply;
}

base::Result<HttpReply> HttpConnection::openRaw(const HttpRequest& request) {
  m_keepAlive = false;
  if (auto r = send(request); !r) {
    return r.error();
  }
  http::response_parser<http::string_body> parser;
  parser.header_limit(kMaxHeaderBytes);
  parser.body_limit(kMaxErrorBytes);
  error_code ec;
  http::read_header(m_stream, m_buffer, parser, ec);
  if (ec) {
    return connectionError(ec);
  }
  HttpReply reply;
  reply.status = int(parser.get().result_int());
  if (reply.status != 101 && reply.status != 200) {
    http::read(m_stream, m_buffer, parser, ec); // a body cut short still has its beginning
    reply.body = QByteArray(parser.get().body().data(), qsizetype(parser.get().body().size()));
  }
  return reply;
}

std::string HttpConnection::takeBuffered() {
  const auto data = m_buffer.data();
  std::string out(static_cast<const char*>(data.data()), data.size());
  m_buffer.consume(m_buffer.size());
  return out;
}

} // namespace univrs::docker
