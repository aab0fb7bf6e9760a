#include "engine/cluster/certificate.h"

#include "engine/cluster/cbor.h"
#include "engine/cluster/signed_document.h"

namespace univrs::cluster {

namespace {
constexpr std::string_view kDomain = "univrs-certificate-1";
constexpr size_t kFields = 8;
constexpr uint64_t kVersion = 1;
constexpr uint64_t kMaxTime = INT64_MAX / 2; // so that adding a duration cannot overflow
constexpr const char* kWhat = "the membership certificate";

base::Error refused(base::ErrorCode code, std::string why, std::string hint = {}) {
  return base::makeError(code, std::string(kWhat) + " was not accepted", std::move(why), std::move(hint));
}
} // namespace

base::Bytes sealCertificate(const p2p::Identity& authority, const Certificate& certificate) {
  CborWriter out;
  out.array(kFields).number(kVersion).text(certificate.cluster.str()).bytes(certificate.peer.bytes());
  out.number(certificate.roles);
  out.bytes(certificate.operatorKey ? std::span<const uint8_t>(*certificate.operatorKey) : std::span<const uint8_t>());
  out.number(uint64_t(certificate.issued.ms)).number(uint64_t(certificate.expires.ms)).number(certificate.serial).end();
  return sealDocument(authority, kDomain, out.take());
}

base::Result<Certificate> openCertificate(const p2p::PublicKey& authority, std::span<const uint8_t> document) {
  auto payload = openDocument(authority, kDomain, document, kMaxCertificate, kWhat);
  if (!payload) {
    return payload.error();
  }
  CborReader in(*payload);
  const size_t fields = in.array(kFields);
  const uint64_t version = in.number();
  Certificate out;
  out.cluster = ClusterId(in.text(kMaxClusterId));
  const base::Bytes peer = in.bytes(64);
  out.roles = Roles(in.number(kAllRoles));
  const base::Bytes owner = in.bytes(32);
  out.issued.ms = int64_t(in.number(kMaxTime));
  out.expires.ms = int64_t(in.number(kMaxTime));
  out.serial = in.number();
  in.end();
  if (fields != kFields || !in.finished()) {
    return refused(base::ErrorCode::BadRequest, "it is malformed");
  }
  if (version != kVersion) {
    return refused(base::ErrorCode::Unsupported, "it is of version " + std::to_string(version), "update this node");
  }
  auto id = p2p::PeerId::fromBytes(peer);
  if (!id || (!owner.empty() && owner.size() != 32)) {
    return refused(base::ErrorCode::BadRequest, "it names no node");
  }
  out.peer = std::move(*id);
  if (!owner.empty()) {
    std::copy(owner.begin(), owner.end(), out.operatorKey.emplace().begin());
  }
  if (out.cluster != clusterIdOf(authority)) {
    return refused(base::ErrorCode::Forbidden, "it is of another cluster, " + out.cluster.str());
  }
  return out;
}

base::Result<void> checkValid(const Certificate& certificate, const p2p::PeerId& peer, base::Timestamp now) {
  if (certificate.peer != peer) {
    return refused(base::ErrorCode::Forbidden, "it is another node's, " + certificate.peer.text());
  }
  if (certificate.expires <= now) {
    return refused(base::ErrorCode::Forbidden, "it ran out at " + certificate.expires.iso(),
                   "the node joins again with a new token; check that its clock is right");
  }
  if (certificate.issued > now + kClockSkew) {
    return refused(base::ErrorCode::Forbidden, "it is from the future, " + certificate.issued.iso(),
                   "check the clocks of both nodes");
  }
  return {};
}

} // namespace univrs::cluster
