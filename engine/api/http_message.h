// Requests and responses as the router sees them: plain values without sockets, so that everything behind the parser
// can be tested and fuzzed in process.
#pragma once

#include "engine/base/error.h"
#include "engine/base/result.h"

#include <QJsonObject>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace univrs::api {

inline constexpr size_t kMaxBodyBytes = 4u << 20;
inline constexpr size_t kMaxHeaderBytes = 64u << 10;
inline constexpr size_t kMaxTargetBytes = 8u << 10;
inline constexpr size_t kMaxQueryPairs = 200;

struct Request {
  std::string method;                                       // "GET"; as sent
  std::string target;                                       // path and query as sent; what a signature covers
  std::vector<std::pair<std::string, std::string>> headers; // as sent
  std::string body;
  std::string peerAddress;  // for logs and rate limits
  std::string localAddress; // the address of ours that was connected to
  bool isUpgrade = false;   // a WebSocket handshake

  // First header of that name (any case), empty when absent.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  [[nodiscard]] int headerCount(std::string_view name) const;
  [[nodiscard]] std::string_view path() const;     // of the target, still encoded
  [[nodiscard]] std::string_view rawQuery() const; // after '?', still encoded
};

struct Response {
  int status = 200;
  std::string contentType; // empty = no body
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  bool close = false; // the connection ends after it

  [[nodiscard]] std::string_view header(std::string_view name) const;
};

Response jsonResponse(const QJsonObject& json, int status = 200);
// The error body of interfaces/json.h with the status that belongs to the code.
Response errorResponse(const base::Error& error);
// The same with another status or code than the error's own (412, 405, the codes of signed requests).
Response errorResponse(const base::Error& error, int status, std::string_view code = {});
int statusOf(base::ErrorCode code);
// "Not Found"; for the status line.
std::string_view reasonPhrase(int status);

// %XX decoded ('+' as a space when `plusIsSpace`); nothing when a sequence is broken, the result is not UTF-8 or holds
// a NUL.
std::optional<std::string> percentDecode(std::string_view text, bool plusIsSpace);

bool equalIgnoringCase(std::string_view a, std::string_view b);

// The pairs of a query string, decoded, in order.
class Query {
public:
  // BadRequest when it is not a well-formed query or has more than kMaxQueryPairs pairs.
  static base::Result<Query> parse(std::string_view raw);

  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& pairs() const { return m_pairs; }
  // The last value of `key`; empty when absent.
  [[nodiscard]] std::string value(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] std::vector<std::string> values(std::string_view key) const;
  // A whole number in [min, max]; `fallback` when absent.
  [[nodiscard]] base::Result<int64_t> integer(std::string_view key, int64_t min, int64_t max, int64_t fallback) const;
  // true|1|yes|empty, false|0|no; `fallback` when absent.
  [[nodiscard]] base::Result<bool> boolean(std::string_view key, bool fallback) const;

private:
  std::vector<std::pair<std::string, std::string>> m_pairs;
};

} // namespace univrs::api
