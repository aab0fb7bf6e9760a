#include "engine/cluster/join_message.h"

#include "engine/base/limits.h"
#include "engine/cluster/cbor.h"
#include "engine/cluster/certificate.h"
#include "engine/cluster/revocations.h"

namespace univrs::cluster {

namespace {
constexpr uint64_t kVersion = 1;
constexpr uint64_t kByToken = 1;
constexpr uint64_t kRenewal = 2;
constexpr size_t kMaxText = 500;

base::Error malformed(std::string_view which) {
  return base::makeError(base::ErrorCode::BadRequest, "the other node's " + std::string(which) + " was not understood",
                         "it is malformed or of a version this node does not know");
}
} // namespace

base::Bytes encodeChallenge(const JoinNonce& nonce) {
  CborWriter out;
  out.array(2).number(kVersion).bytes(nonce).end();
  return out.take();
}

base::Result<JoinNonce> parseChallenge(std::span<const uint8_t> message) {
  if (message.size() > kMaxJoinRequest) {
    return malformed("challenge");
  }
  CborReader in(message);
  const size_t fields = in.array(2);
  const uint64_t version = in.number();
  const JoinNonce nonce = in.exactly<32>();
  in.end();
  if (fields != 2 || version != kVersion || !in.finished()) {
    return malformed("challenge");
  }
  return nonce;
}

base::Bytes encodeJoinRequest(const JoinRequest& request) {
  CborWriter out;
  if (request.renewal) {
    out.array(2).number(kVersion).number(kRenewal).end();
  } else {
    out.array(6).number(kVersion).number(kByToken).bytes(request.token).bytes(request.nonce).bytes(request.proof);
    const bool fits = request.nodeName.size() <= base::limits::kMaxNameBytes && base::isUtf8(request.nodeName);
    out.text(fits ? std::string_view(request.nodeName) : std::string_view()).end();
  }
  return out.take();
}

base::Result<JoinRequest> parseJoinRequest(std::span<const uint8_t> message) {
  if (message.size() > kMaxJoinRequest) {
    return malformed("request to join");
  }
  CborReader in(message);
  const size_t fields = in.array(6);
  const uint64_t version = in.number();
  const uint64_t kind = in.number();
  JoinRequest out;
  if (kind == kRenewal) {
    out.renewal = true;
  } else {
    out.token = in.exactly<8>();
    out.nonce = in.exactly<32>();
    out.proof = in.exactly<32>();
    out.nodeName = in.text(base::limits::kMaxNameBytes);
  }
  in.end();
  const bool known = (kind == kByToken && fields == 6) || (kind == kRenewal && fields == 2);
  if (!known || version != kVersion || !in.finished()) {
    return malformed("request to join");
  }
  return out;
}

base::Bytes encodeJoinAnswer(const JoinAnswer& answer) {
  CborWriter out;
  if (const auto* granted = std::get_if<JoinGranted>(&answer)) {
    out.array(6).number(kVersion).number(0).bytes(granted->authority).bytes(granted->certificate);
    out.bytes(granted->revocations).bytes(granted->proof).end();
  } else {
    const auto& refused = std::get<JoinRefused>(answer);
    const bool fits = refused.text.size() <= kMaxText && base::isUtf8(refused.text);
    out.array(3).number(kVersion).number(uint64_t(refused.code));
    out.text(fits ? std::string_view(refused.text) : std::string_view()).end();
  }
  return out.take();
}

base::Result<JoinAnswer> parseJoinAnswer(std::span<const uint8_t> message) {
  if (message.size() > kMaxJoinMessage) {
    return malformed("answer");
  }
  CborReader in(message);
  const size_t fields = in.array(6);
  const uint64_t version = in.number();
  const uint64_t code = in.number();
  if (!in.ok() || version != kVersion) {
    return malformed("answer");
  }
  if (code == 0) {
    JoinGranted out;
    out.authority = in.exactly<32>();
    out.certificate = in.bytes(kMaxCertificate);
    out.revocations = in.bytes(Revocations::kMaxBytes);
    out.proof = in.exactly<32>();
    in.end();
    if (fields != 6 || !in.finished()) {
      return malformed("answer");
    }
    return JoinAnswer(std::move(out));
  }
  JoinRefused out;
  out.code = code <= uint64_t(JoinRefused::Code::Other) ? JoinRefused::Code(code) : JoinRefused::Code::Other;
  out.text = in.text(kMaxText);
  in.end();
  if (fields != 3 || !in.finished()) {
    return malformed("answer");
  }
  return JoinAnswer(std::move(out));
}

} // namespace univrs::cluster
