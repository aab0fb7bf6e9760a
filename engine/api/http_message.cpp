#include "engine/api/http_message.h"

#include "engine/base/encoding.h"
#include "engine/interfaces/json.h"

#include <QJsonDocument>

#include <algorithm>
#include <array>
#include <charconv>

namespace univrs::api {

namespace {
using base::ErrorCode;
using base::makeError;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? char(c + 32) : c;
}

int hexDigit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

constexpr std::array<std::pair<int, std::string_view>, 24> kReasons{{{101, "Switching Protocols"},
                                                                     {200, "OK"},
                                                                     {201, "Created"},
                                                                     {204, "No Content"},
                                                                     {304, "Not Modified"},
                                                                     {400, "Bad Request"},
                                                                     {401, "Unauthorized"},
                                                                     {403, "Forbidden"},
                                                                     {404, "Not Found"},
                                                                     {405, "Method Not Allowed"},
                                                                     {408, "Request Timeout"},
                                                                     {409, "Conflict"},
                                                                     {412, "Precondition Failed"},
                                                                     {413, "Payload Too Large"},
                                                                     {417, "Expectation Failed"},
                                                                     {426, "Upgrade Required"},
                                                                     {429, "Too Many Requests"},
                                                                     {431, "Request Header Fields Too Large"},
                                                                     {499, "Client Closed Request"},
                                                                     {500, "Internal Server Error"},
                                                                     {501, "Not Implemented"},
                                                                     {503, "Service Unavailable"},
                                                                     {504, "Gateway Timeout"},
                                                                     {507, "Insufficient Storage"}}};
} // namespace

bool equalIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view Request::header(std::string_view name) const {
  const auto it =
      std::find_if(headers.begin(), headers.end(), [name](const auto& h) { return equalIgnoringCase(h.first, name); });
  return it == headers.end() ? std::string_view() : std::string_view(it->second);
}

int Request::headerCount(std::string_view name) const {
  return int(std::count_if(headers.begin(), headers.end(),
                           [name](const auto& h) { return equalIgnoringCase(h.first, name); }));
}

std::string_view Request::path() const {
  const std::string_view all = target;
  return all.substr(0, all.find('?'));
}

std::string_view Request::rawQuery() const {
  const std::string_view all = target;
  const auto mark = all.find('?');
  return mark == std::string_view::npos ? std::string_view() : all.substr(mark + 1);
}

std::string_view Response::header(std::string_view name) const {
  const auto it =
      std::find_if(headers.begin(), headers.end(), [name](const auto& h) { return equalIgnoringCase(h.first, name); });
  return it == headers.end() ? std::string_view() : std::string_view(it->second);
}

Response jsonResponse(const QJsonObject& json, int status) {
  Response r;
  r.status = status;
  r.contentType = "application/json; charset=utf-8";
  r.body = QJsonDocument(json).toJson(QJsonDocument::Compact).toStdString();
  return r;
}

int statusOf(ErrorCode code) {
  switch (code) {
  case ErrorCode::BadRequest:
  case ErrorCode::Validation:
    return 400;
  case ErrorCode::Unauthorized:
    return 401;
  case ErrorCode::Forbidden:
    return 403;
  case ErrorCode::NotFound:
    return 404;
  case ErrorCode::Conflict:
    return 409;
  case ErrorCode::TooLarge:
    return 413;
  case ErrorCode::RateLimited:
    return 429;
  case ErrorCode::Unsupported:
    return 501;
  case ErrorCode::Unavailable:
    return 503;
  case ErrorCode::Timeout:
    return 504;
  case ErrorCode::NoSpace:
    return 507;
  case ErrorCode::Cancelled:
  case ErrorCode::Corrupt:
  case ErrorCode::Internal:
    break;
  }
  return 500;
}

Response errorResponse(const base::Error& error) {
  return errorResponse(error, statusOf(error.code));
}

Response errorResponse(const base::Error& error, int status, std::string_view code) {
  QJsonObject body = interfaces::errorToJson(error);
  if (!code.empty()) {
    body.insert(QStringLiteral("code"), QString::fromUtf8(code.data(), qsizetype(code.size())));
  }
  Response r = jsonResponse(body, status);
  if (status == 401) {
    r.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"univrs\"");
  }
  if (status == 429 || status == 503) {
    r.headers.emplace_back("Retry-After", "1");
  }
  return r;
}

std::string_view reasonPhrase(int status) {
  const auto it = std::find_if(kReasons.begin(), kReasons.end(), [status](const auto& r) { return r.first == status; });
  return it == kReasons.end() ? std::string_view("Unknown") : it->second;
}

std::optional<std::string> percentDecode(std::string_view text, bool plusIsSpace) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hexDigit(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return std::nullopt;
      }
      c = char(high * 16 + low);
      i += 2;
    } else if (c == '+' && plusIsSpace) {
      c = ' ';
    }
    if (c == '\0') {
      return std::nullopt;
    }
    out += c;
  }
  if (!base::isUtf8(out)) {
    return std::nullopt;
  }
  return out;
}

base::Result<Query> Query::parse(std::string_view raw) {
  Query query;
  while (!raw.empty()) {
    const auto end = raw.find('&');
    const std::string_view pair = raw.substr(0, end);
    raw = end == std::string_view::npos ? std::string_view() : raw.substr(end + 1);
    if (pair.empty()) {
      continue;
    }
    if (query.m_pairs.size() >= kMaxQueryPairs) {
      return makeError(ErrorCode::BadRequest, "the query was not understood", "it has more than 200 parameters");
    }
    const auto equals = pair.find('=');
    const auto key = percentDecode(pair.substr(0, equals), true);
    const auto value =
        percentDecode(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), true);
    if (!key || !value || key->empty()) {
      return makeError(ErrorCode::BadRequest, "the query was not understood",
                       "a parameter is not percent-encoded UTF-8 text", "write spaces as %20 and '%' as %25");
    }
    query.m_pairs.emplace_back(*key, *value);
  }
  return query;
}

std::string Query::value(std::string_view key) const {
  const auto it = std::find_if(m_pairs.rbegin(), m_pairs.rend(), [key](const auto& p) { return p.first == key; });
  return it == m_pairs.rend() ? std::string() : it->second;
}

bool Query::has(std::string_view key) const {
  return std::any_of(m_pairs.begin(), m_pairs.end(), [key](const auto& p) { return p.first == key; });
}

std::vector<std::string> Query::values(std::string_view key) const {
  std::vector<std::string> out;
  for (const auto& [k, v] : m_pairs) {
    if (k == key) {
      out.push_back(v);
    }
  }
  return out;
}

base::Result<int64_t> Query::integer(std::string_view key, int64_t min, int64_t max, int64_t fallback) const {
  if (!has(key)) {
    return fallback;
  }
  const std::string text = value(key);
  int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number < min || number > max) {
    return makeError(ErrorCode::BadRequest, "the query was not understood",
                     std::string(key) + "=" + text.substr(0, 64) + " is not a whole number from " +
                         std::to_string(min) + " to " + std::to_string(max));
  }
  return number;
}

base::Result<bool> Query::boolean(std::string_view key, bool fallback) const {
  if (!has(key)) {
    return fallback;
  }
  const std::string text = value(key);
  for (const std::string_view yes : {"true", "1", "yes", ""}) {
    if (equalIgnoringCase(text, yes)) {
      return true;
    }
  }
  for (const std::string_view no : {"false", "0", "no"}) {
    if (equalIgnoringCase(text, no)) {
      return false;
    }
  }
  return makeError(ErrorCode::BadRequest, "the query was not understood",
                   std::string(key) + "=" + text.substr(0, 64) + " is neither true nor false");
}

} // namespace univrs::api
