// Who is asking: a bearer token, or a request signed with a trusted Ed25519 key. Without sockets and clocks of its own.
//
// Signed form (headers X-Auth-PublicKey, X-Auth-Timestamp, X-Auth-Nonce, X-Auth-Signature; keys and signatures in
// base64):
//   METHOD \n PATH?QUERY \n TIMESTAMP \n NONCE \n SHA256HEX(BODY)
#pragma once

#include "engine/api/http_message.h"
#include "engine/base/clock.h"
#include "engine/p2p/identity.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace univrs::api {

struct AuthSettings {
  std::string token; // empty = no bearer token is accepted
  std::vector<p2p::PublicKey> trustedKeys;
  bool none = false; // everyone is "local"
};

// Not thread safe: I/O thread.
class Authenticator {
public:
  static constexpr int64_t kMaxAgeMs = 300'000;
  static constexpr int64_t kMaxSkewMs = 60'000;
  static constexpr size_t kMaxNonces = 100'000;
  static constexpr int kMaxFailures = 20; // of one address in a window; then 429
  static constexpr int64_t kFailureWindowMs = 60'000;
  static constexpr size_t kMaxAddresses = 4'096;

  explicit Authenticator(AuthSettings settings);

  struct Verdict {
    std::string actor;               // "token", "key:did:key:z6Mk…", "local"; empty = refused, or not decided yet
    bool needsBody = false;          // a signature can be judged only with the whole body: ask again with checkSigned()
    std::optional<Response> refusal; // what to answer
  };
  // Judges the head of a request, before its body is read.
  Verdict checkHead(const Request& request, base::Now now);
  // Judges a signed request whose body is there.
  Verdict checkSigned(const Request& request, base::Now now);

  // The token offered as WebSocket subprotocol univrs.token.TOKEN, as it was offered; empty when none was.
  static std::string tokenProtocol(const Request& request);
  // What a signature covers.
  static std::string signedText(const Request& request);

private:
  Verdict refuse(const Request& request, base::Now now, std::string_view code, std::string why, std::string hint = {});
  void forgetOldNonces(base::Now now);
  // False when it is known already.
  bool rememberNonce(const std::string& key, base::Now now);

  AuthSettings m_settings;
  std::string m_tokenHash; // compared instead of the token: equal lengths always
  std::set<std::string> m_nonces;
  std::multimap<int64_t, std::string> m_nonceExpiry; // steady ms -> nonce
  struct Failures {
    int count = 0;
    int64_t since = 0;
  };
  std::unordered_map<std::string, Failures> m_failures;
};

} // namespace univrs::api
