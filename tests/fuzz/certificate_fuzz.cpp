// The certificate a peer shows in TLS. After an even first byte: any bytes as the certificate. After an odd one: the
// content of the libp2p extension in a certificate that is otherwise right and signed, since random bytes never get
// past that signature.
#include "engine/p2p/tls_certificate.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdlib>

using namespace univrs;

namespace {
constexpr base::Timestamp kNow{1'750'000'000'000};

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

// One certificate for all runs; only its extension changes.
base::Bytes certificateWith(const uint8_t* extension, size_t size) {
  static EVP_PKEY* const key = EVP_EC_gen("P-256");
  static ASN1_OBJECT* const oid = OBJ_txt2obj("1.3.6.1.4.1.53594.1.1", 1);
  X509* certificate = X509_new();
  ASN1_OCTET_STRING* octets = ASN1_OCTET_STRING_new();
  require(key != nullptr && oid != nullptr && certificate != nullptr && octets != nullptr);
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), 7);
  ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), "19750101000000Z");
  ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), "40960101000000Z");
  X509_set_pubkey(certificate, key);
  ASN1_OCTET_STRING_set(octets, extension, int(size));
  X509_EXTENSION* made = X509_EXTENSION_create_by_OBJ(nullptr, oid, 0, octets);
  require(X509_add_ext(certificate, made, -1) == 1 && X509_sign(certificate, key, EVP_sha256()) != 0);
  base::Bytes der(size_t(i2d_X509(certificate, nullptr)));
  uint8_t* at = der.data();
  i2d_X509(certificate, &at);
  X509_EXTENSION_free(made);
  ASN1_OCTET_STRING_free(octets);
  X509_free(certificate);
  return der;
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) {
    return 0;
  }
  const bool inside = (data[0] & 1u) != 0;
  const base::Bytes made = inside ? certificateWith(data + 1, size - 1) : base::Bytes(data + 1, data + size);
  const std::array<std::span<const uint8_t>, 2> chain{made, made};
  const auto key = p2p::verifyTlsCertificates(std::span(chain).first(1), kNow);
  // Nobody signs for the fuzzer's key, and two certificates are one too many.
  require(!(inside && key) && !p2p::verifyTlsCertificates(chain, kNow));
  require(key || !key.error().why.empty());
  return 0;
}
