#include "engine/cluster/signed_document.h"

#include "engine/cluster/cbor.h"

namespace univrs::cluster {

namespace {
base::Bytes signedBytes(std::string_view domain, std::span<const uint8_t> payload) {
  base::Bytes out(domain.begin(), domain.end());
  out.push_back(0); // no domain is the beginning of another
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}
} // namespace

base::Bytes sealDocument(const p2p::Identity& signer, std::string_view domain, std::span<const uint8_t> payload) {
  CborWriter out;
  out.array(2).bytes(payload).bytes(signer.sign(signedBytes(domain, payload))).end();
  return out.take();
}

base::Result<base::Bytes> openDocument(const p2p::PublicKey& signer, std::string_view domain,
                                       std::span<const uint8_t> document, size_t maxBytes, const std::string& what) {
  if (document.size() > maxBytes) {
    return base::makeError(base::ErrorCode::BadRequest, what + " was not accepted",
                           "it has " + std::to_string(document.size()) + " bytes, more than " +
                               std::to_string(maxBytes));
  }
  CborReader in(document);
  const size_t parts = in.array(2);
  base::Bytes payload = in.bytes(maxBytes);
  const p2p::Signature signature = in.exactly<64>();
  in.end();
  if (parts != 2 || !in.finished()) {
    return base::makeError(base::ErrorCode::BadRequest, what + " was not accepted", "it is malformed");
  }
  if (!p2p::verify(signer, signedBytes(domain, payload), signature)) {
    return base::makeError(base::ErrorCode::Forbidden, what + " was not accepted",
                           "its signature is not the cluster authority's");
  }
  return payload;
}

} // namespace univrs::cluster
