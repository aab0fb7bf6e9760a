#include "engine/cluster/revocations.h"

#include "engine/cluster/cbor.h"
#include "engine/cluster/certificate.h"
#include "engine/cluster/signed_document.h"

namespace univrs::cluster {

namespace {
constexpr std::string_view kDomain = "univrs-revocations-1";
constexpr uint64_t kVersion = 1;
constexpr const char* kWhat = "the list of revoked nodes";
} // namespace

bool Revocations::covers(const Certificate& certificate) const {
  const auto it = voidUntil.find(certificate.peer);
  return it != voidUntil.end() && certificate.issued <= it->second;
}

base::Bytes sealRevocations(const p2p::Identity& authority, const Revocations& list) {
  CborWriter out;
  out.array(4).number(kVersion).text(list.cluster.str()).number(list.number).array(list.voidUntil.size());
  for (const auto& [peer, until] : list.voidUntil) {
    out.array(2).bytes(peer.bytes()).number(uint64_t(until.ms)).end();
  }
  out.end().end();
  return sealDocument(authority, kDomain, out.take());
}

base::Result<Revocations> openRevocations(const p2p::PublicKey& authority, std::span<const uint8_t> document) {
  auto payload = openDocument(authority, kDomain, document, Revocations::kMaxBytes, kWhat);
  if (!payload) {
    return payload.error();
  }
  const auto malformed = [](std::string why) {
    return base::makeError(base::ErrorCode::BadRequest, std::string(kWhat) + " was not accepted", std::move(why));
  };
  CborReader in(*payload);
  const size_t fields = in.array(4);
  const uint64_t version = in.number();
  Revocations out;
  out.cluster = ClusterId(in.text(kMaxClusterId));
  out.number = in.number();
  const size_t entries = in.array(Revocations::kMaxEntries);
  for (size_t i = 0; i < entries && in.ok(); ++i) {
    in.array(2);
    auto peer = p2p::PeerId::fromBytes(in.bytes(64));
    const auto until = int64_t(in.number(INT64_MAX / 2));
    in.end();
    if (!peer) {
      return malformed("it names something that is no node");
    }
    out.voidUntil[std::move(*peer)] = {until};
  }
  in.end();
  in.end();
  if (fields != 4 || !in.finished() || version != kVersion || out.voidUntil.size() != entries) {
    return malformed("it is malformed");
  }
  if (out.cluster != clusterIdOf(authority)) {
    return base::makeError(base::ErrorCode::Forbidden, std::string(kWhat) + " was not accepted",
                           "it is of another cluster, " + out.cluster.str());
  }
  return out;
}

} // namespace univrs::cluster
