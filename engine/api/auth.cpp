#include "engine/api/auth.h"

#include "engine/base/encoding.h"
#include "engine/base/log.h"

#include <algorithm>
#include <array>
#include <utility>

namespace univrs::api {

namespace {
constexpr std::string_view kProtocolPrefix = "univrs.token.";
constexpr std::array<std::string_view, 4> kSignedHeaders{"X-Auth-PublicKey", "X-Auth-Timestamp", "X-Auth-Nonce",
                                                         "X-Auth-Signature"};

bool isSigned(const Request& request) {
  return std::any_of(kSignedHeaders.begin(), kSignedHeaders.end(),
                     [&request](std::string_view h) { return request.headerCount(h) > 0; });
}

// The token of an Authorization header, or of a WebSocket subprotocol.
std::string_view bearerToken(const Request& request) {
  const std::string_view value = request.header("Authorization");
  constexpr std::string_view kScheme = "Bearer ";
  if (value.size() > kScheme.size() && equalIgnoringCase(value.substr(0, kScheme.size()), kScheme)) {
    std::string_view token = value.substr(kScheme.size());
    while (!token.empty() && token.front() == ' ') {
      token.remove_prefix(1);
    }
    return token;
  }
  return {};
}

template <size_t N>
bool readBase64(std::string_view text, std::array<uint8_t, N>& out) {
  const auto bytes = text.size() > 4 * N ? std::nullopt : base::fromBase64(text);
  if (!bytes || bytes->size() != N) {
    return false;
  }
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return true;
}

bool isNonce(std::string_view text) {
  return text.size() >= 8 && text.size() <= 128 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 127; });
}
} // namespace

Authenticator::Authenticator(AuthSettings settings)
    : m_settings(std::move(settings)),
      m_tokenHash(m_settings.token.empty() ? std::string() : base::sha256Hex(m_settings.token)) {}

std::string Authenticator::tokenProtocol(const Request& request) {
  if (!request.isUpgrade) {
    return {};
  }
  for (const auto& [name, value] : request.headers) {
    if (!equalIgnoringCase(name, "Sec-WebSocket-Protocol")) {
      continue;
    }
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      std::string_view item = rest.substr(0, comma);
      rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
      while (!item.empty() && (item.front() == ' ' || item.front() == '\t')) {
        item.remove_prefix(1);
      }
      while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) {
        item.remove_suffix(1);
      }
      if (item.substr(0, kProtocolPrefix.size()) == kProtocolPrefix) {
        return std::string(item);
      }
    }
  }
  return {};
}

std::string Authenticator::signedText(const Request& request) {
  std::string out = request.method + "\n" + request.target + "\n";
  out += request.header("X-Auth-Timestamp");
  out += '\n';
  out += request.header("X-Auth-Nonce");
  out += '\n';
  out += base::sha256Hex(request.body);
  return out;
}

Authenticator::Verdict Authenticator::refuse(const Request& request, base::Now now, std::string_view code,
                                             std::string why, std::string hint) {
  const auto stale = [&now](const auto& f) { return now.steady.ms - f.second.since >= kFailureWindowMs; };
  if (m_failures.size() >= kMaxAddresses) {
    std::erase_if(m_failures, stale);
    if (m_failures.size() >= kMaxAddresses) {
      m_failures.clear(); // a flood from everywhere: forgetting is better than growing
    }
  }
  Failures& failures = m_failures[request.peerAddress];
  if (failures.count == 0 || now.steady.ms - failures.since >= kFailureWindowMs) {
    failures = {0, now.steady.ms};
  }
  Verdict verdict;
  if (++failures.count > kMaxFailures) {
    verdict.refusal = errorResponse(base::makeError(base::ErrorCode::RateLimited, "not signed in",
                                                    "too many failed attempts from this address", "wait a minute"));
    return verdict;
  }
  base::log::warning("api", "authentication failed",
                     {{"peer", request.peerAddress}, {"method", request.method}, {"code", std::string(code)}});
  verdict.refusal = errorResponse(
      base::makeError(base::ErrorCode::Unauthorized, "not signed in", std::move(why), std::move(hint)), 401, code);
  return verdict;
}

Authenticator::Verdict Authenticator::checkHead(const Request& request, base::Now now) {
  if (m_settings.none) {
    return {"local", false, std::nullopt};
  }
  const std::string protocol = tokenProtocol(request);
  std::string_view token = bearerToken(request);
  if (token.empty() && !protocol.empty()) {
    token = std::string_view(protocol).substr(kProtocolPrefix.size());
  }
  if (!token.empty()) {
    if (!m_tokenHash.empty() && base::constantTimeEqual(base::sha256Hex(token), m_tokenHash)) {
      return {"token", false, std::nullopt};
    }
    return refuse(request, now, "UNAUTHORIZED", "the token is not this node's",
                  "the node keeps its token in the file api.token of its data folder");
  }
  if (!isSigned(request)) {
    return refuse(request, now, "UNAUTHORIZED", "no token was sent",
                  "send Authorization: Bearer TOKEN; the node keeps it in the file api.token of its data folder");
  }
  for (const std::string_view header : kSignedHeaders) {
    if (request.headerCount(header) == 0) {
      return refuse(request, now, "MISSING_HEADER", "the header " + std::string(header) + " is missing");
    }
    if (request.headerCount(header) > 1) {
      return refuse(request, now, "INVALID_HEADER", "the header " + std::string(header) + " was sent twice");
    }
  }
  p2p::PublicKey key{};
  p2p::Signature signature{};
  if (!readBase64(request.header("X-Auth-PublicKey"), key)) {
    return refuse(request, now, "INVALID_HEADER", "X-Auth-PublicKey is not 32 bytes in base64");
  }
  if (!readBase64(request.header("X-Auth-Signature"), signature)) {
    return refuse(request, now, "INVALID_HEADER", "X-Auth-Signature is not 64 bytes in base64");
  }
  if (!isNonce(request.header("X-Auth-Nonce"))) {
    return refuse(request, now, "INVALID_HEADER", "X-Auth-Nonce is not 8 to 128 printable characters");
  }
  const auto time = base::Timestamp::fromIso(request.header("X-Auth-Timestamp"));
  if (!time) {
    return refuse(request, now, "INVALID_HEADER", "X-Auth-Timestamp is not an RFC 3339 time");
  }
  const int64_t age = (now.wall - *time).count();
  if (age > kMaxAgeMs || age < -kMaxSkewMs) {
    return refuse(request, now, "TIMESTAMP_EXPIRED",
                  age > 0 ? "the request was signed more than 300 s ago"
                          : "the request was signed more than 60 s in the future",
                  "check both machines' clocks");
  }
  if (std::find(m_settings.trustedKeys.begin(), m_settings.trustedKeys.end(), key) == m_settings.trustedKeys.end()) {
    return refuse(request, now, "UNTRUSTED_KEY", "this key is not among the trusted ones",
                  "add it to the node's trusted keys");
  }
  Verdict verdict;
  verdict.needsBody = true;
  return verdict;
}

void Authenticator::forgetOldNonces(base::Now now) {
  while (!m_nonceExpiry.empty() && m_nonceExpiry.begin()->first <= now.steady.ms) {
    m_nonces.erase(m_nonceExpiry.begin()->second);
    m_nonceExpiry.erase(m_nonceExpiry.begin());
  }
}

bool Authenticator::rememberNonce(const std::string& key, base::Now now) {
  if (!m_nonces.insert(key).second) {
    return false;
  }
  // Longer than any signature can stay acceptable: the oldest allowed plus the newest allowed timestamp, and slack.
  m_nonceExpiry.emplace(now.steady.ms + kMaxAgeMs + kMaxSkewMs + 60'000, key);
  return true;
}

Authenticator::Verdict Authenticator::checkSigned(const Request& request, base::Now now) {
  Verdict head = checkHead(request, now);
  if (!head.needsBody) {
    return head;
  }
  p2p::PublicKey key{};
  p2p::Signature signature{};
  readBase64(request.header("X-Auth-PublicKey"), key);
  readBase64(request.header("X-Auth-Signature"), signature);
  if (!p2p::verify(key, base::asBytes(signedText(request)), signature)) {
    return refuse(request, now, "INVALID_SIGNATURE", "the signature does not fit the request",
                  "sign METHOD, PATH?QUERY, TIMESTAMP, NONCE and SHA256HEX(BODY), joined by newlines");
  }
  forgetOldNonces(now);
  if (m_nonces.size() >= kMaxNonces) {
    Verdict full;
    full.refusal =
        errorResponse(base::makeError(base::ErrorCode::RateLimited, "the request was not accepted",
                                      "too many signed requests in a few minutes", "use the token, or slow down"));
    return full;
  }
  if (!rememberNonce(base::hex(key) + ":" + std::string(request.header("X-Auth-Nonce")), now)) {
    return refuse(request, now, "INVALID_SIGNATURE", "this nonce was used already",
                  "sign every request with a fresh X-Auth-Nonce");
  }
  return {"key:" + p2p::didOf(key), false, std::nullopt};
}

} // namespace univrs::api
