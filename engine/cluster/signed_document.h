// A document with an Ed25519 signature: CBOR [payload, signature]. The signature is over a domain and the payload's
// exact bytes, so a document of one kind never passes for one of another.
#pragma once

#include "engine/base/result.h"
#include "engine/p2p/identity.h"

#include <string_view>

namespace univrs::cluster {

base::Bytes sealDocument(const p2p::Identity& signer, std::string_view domain, std::span<const uint8_t> payload);
// The payload, when `signer` signed it. At most `maxBytes` in all. Errors: BadRequest (not one), Forbidden (not signed
// by this key); `what` names the document in them ("the certificate").
base::Result<base::Bytes> openDocument(const p2p::PublicKey& signer, std::string_view domain,
                                       std::span<const uint8_t> document, size_t maxBytes, const std::string& what);

} // namespace univrs::cluster
