// HTTP/1.1 with a container engine over its unix socket: one connection, one request at a time, replies read whole
// (bounded), piece by piece, or - after an upgrade - as raw bytes both ways.
#pragma once

#include "plugins/runtime-docker/unix_stream.h"

#include <QByteArray>

#include <boost/beast/core/flat_buffer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace univrs::docker {

struct HttpRequest {
  std::string method = "GET";
  std::string target; // "/v1.41/containers/json?all=true"
  std::string body;   // JSON; empty = none
  std::string contentType = "application/json";
  std::string registryAuth; // X-Registry-Auth; empty = none
  bool upgrade = false;     // asks for the raw stream (exec)
};

// What a request is sent with when it is too big to hold: read piece by piece.
struct HttpUpload {
  std::optional<int64_t> bytes; // its length; not known = it is sent in chunks
  // Fills at most `size` bytes; 0 = the end. An error ends the request.
  std::function<base::Result<size_t>(char* to, size_t size)> read;
};

struct HttpReply {
  int status = 0;
  QByteArray body;
};

class HttpConnection {
public:
  static constexpr size_t kMaxReplyBytes = 64u << 20; // one whole reply (a list of containers is the biggest)
  static constexpr size_t kMaxErrorBytes = 64u << 10; // the body of an error reply of a stream
  static constexpr uint32_t kMaxHeaderBytes = 64u << 10;
  static constexpr base::Millis kUploadStall{120'000};    // the engine took nothing of an upload for this long
  static constexpr base::Millis kReplySilence{3'600'000}; // after an upload: it may be unpacking for long

  base::Result<void> connect(const std::string& path) { return m_stream.connect(path); }
  [[nodiscard]] UnixStream& stream() { return m_stream; }
  // Fit for another request.
  [[nodiscard]] bool isReusable() const { return m_keepAlive && m_stream.isQuiet() && m_buffer.size() == 0; }

  // The whole reply. Unavailable when the connection breaks, Timeout, TooLarge. `sent` tells whether the engine may
  // have seen the request when it failed.
  base::Result<HttpReply> call(const HttpRequest& request, bool* sent = nullptr);

  // The reply piece by piece. A status of 300 or more is read whole and returned with its body; otherwise `onBody` gets
  // the pieces until it answers false or the reply ends, and the body returned is empty. The connection is spent.
  base::Result<HttpReply> stream(const HttpRequest& request, const std::function<bool(std::string_view)>& onBody);

  // stream() of a request whose body is read as it is sent; request.body is not used. An engine that refuses in the
  // middle is heard.
  base::Result<HttpReply> upload(const HttpRequest& request, const HttpUpload& body,
                                 const std::function<bool(std::string_view)>& onBody);

  // Only the head is read; with 101 or 200 the connection is a raw stream from here on, which begins with
  // takeBuffered(). Otherwise the error's body is in the reply.
  base::Result<HttpReply> openRaw(const HttpRequest& request);
  std::string takeBuffered();

private:
  base::Result<void> send(const HttpRequest& request);
  base::Result<void> sendUpload(const HttpRequest& request, const HttpUpload& body);
  base::Result<HttpReply> receive(const std::function<bool(std::string_view)>& onBody);
  UnixStream m_stream;
  boost::beast::flat_buffer m_buffer{1u << 20};
  bool m_keepAlive = true;
};

// What a broken connection means: Timeout, or Unavailable with why.
base::Error connectionError(const boost::system::error_code& ec);

// Percent-encodes everything but unreserved characters: for query values and path parts.
std::string urlEncode(std::string_view text);

} // namespace univrs::docker
