#include "engine/p2p/tls_certificate.h"

#include <openssl/asn1.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <optional>
#include <string_view>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr const char* kExtensionOid = "1.3.6.1.4.1.53594.1.1";
constexpr std::string_view kSignaturePrefix = "libp2p-tls-handshake:";
constexpr uint8_t kDerSequence = 0x30;
constexpr uint8_t kDerOctetString = 0x04;

template <auto F>
struct Free {
  template <class T>
  void operator()(T* p) const {
    F(p);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Free<X509_free>>;
using ObjectPtr = std::unique_ptr<ASN1_OBJECT, Free<ASN1_OBJECT_free>>;
using OctetsPtr = std::unique_ptr<ASN1_OCTET_STRING, Free<ASN1_OCTET_STRING_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
using TimePtr = std::unique_ptr<ASN1_TIME, Free<ASN1_TIME_free>>;

// What an i2d_… function writes.
template <class F, class T>
base::Bytes der(F encode, T* object) {
  const int size = encode(object, nullptr);
  if (size <= 0) {
    return {};
  }
  base::Bytes out(static_cast<size_t>(size));
  uint8_t* at = out.data();
  encode(object, &at);
  return out;
}

void appendTlv(base::Bytes& out, uint8_t tag, std::span<const uint8_t> value) {
  out.push_back(tag);
  const size_t n = value.size(); // our own values are far below 64 KiB
  if (n >= 256) {
    out.insert(out.end(), {0x82, static_cast<uint8_t>(n >> 8)});
  } else if (n >= 128) {
    out.push_back(0x81);
  }
  out.push_back(static_cast<uint8_t>(n));
  out.insert(out.end(), value.begin(), value.end());
}

// Takes one DER element with `tag` from the front; nothing when there is none, its length is not in shortest form or
// it is cut.
std::optional<std::span<const uint8_t>> takeTlv(std::span<const uint8_t>& in, uint8_t tag) {
  if (in.size() < 2 || in[0] != tag) {
    return std::nullopt;
  }
  size_t size = in[1];
  size_t header = 2;
  if ((size & 0x80u) != 0) {
    const size_t octets = size & 0x7fu;
    if (octets < 1 || octets > 2 || in.size() < 2 + octets) {
      return std::nullopt;
    }
    size = 0;
    for (size_t i = 0; i < octets; ++i) {
      size = size << 8u | in[2 + i];
    }
    if (size < 128 || (octets == 2 && size < 256)) {
      return std::nullopt;
    }
    header += octets;
  }
  if (in.size() - header < size) {
    return std::nullopt;
  }
  const auto value = in.subspan(header, size);
  in = in.subspan(header + size);
  return value;
}

base::Bytes signedMessage(std::span<const uint8_t> certificateKey) {
  base::Bytes message(kSignaturePrefix.begin(), kSignaturePrefix.end());
  message.insert(message.end(), certificateKey.begin(), certificateKey.end());
  return message;
}

base::Error refused(std::string why) {
  return makeError(ErrorCode::Unauthorized, "the peer's certificate was refused", std::move(why));
}

bool isWeakDigest(int nid) {
  return nid == NID_md5 || nid == NID_md4 || nid == NID_md2 || nid == NID_sha1 || nid == NID_md5_sha1;
}

// Index of the one libp2p extension.
base::Result<int> findExtension(const X509* certificate) {
  const ObjectPtr oid(OBJ_txt2obj(kExtensionOid, 1));
  if (!oid) {
    return makeError(ErrorCode::Internal, "the peer's certificate could not be checked", "out of memory");
  }
  const int found = X509_get_ext_by_OBJ(certificate, oid.get(), -1);
  if (found < 0) {
    return refused("it has no libp2p extension");
  }
  if (X509_get_ext_by_OBJ(certificate, oid.get(), found) >= 0) {
    return refused("it has the libp2p extension twice");
  }
  for (int i = 0; i < X509_get_ext_count(certificate); ++i) {
    X509_EXTENSION* extension = X509_get_ext(certificate, i);
    if (i == found) {
      continue;
    }
    if (X509_EXTENSION_get_critical(extension) != 0 && X509_supported_extension(extension) == 0) {
      return refused("it has a critical extension we do not know");
    }
    // RFC 5280 4.2: no extension may stand there twice.
    if (X509_get_ext_by_OBJ(certificate, X509_EXTENSION_get_object(extension), i) >= 0) {
      return refused("it has an extension twice");
    }
  }
  return found;
}

base::Result<PeerKey> checkExtension(X509* certificate, int index) {
  const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(X509_get_ext(certificate, index));
  std::span<const uint8_t> rest(ASN1_STRING_get0_data(value), static_cast<size_t>(ASN1_STRING_length(value)));
  auto sequence = takeTlv(rest, kDerSequence);
  if (!sequence || !rest.empty()) {
    return refused("its libp2p extension is malformed");
  }
  const auto encodedKey = takeTlv(*sequence, kDerOctetString);
  const auto signature = encodedKey ? takeTlv(*sequence, kDerOctetString) : std::nullopt;
  if (!signature || !sequence->empty()) {
    return refused("its libp2p extension is malformed");
  }
  auto key = PeerKey::parse(*encodedKey);
  if (!key) {
    return refused("the host key in its libp2p extension is not usable: " + key.error().text());
  }
  const base::Bytes spki = der(i2d_X509_PUBKEY, X509_get_X509_PUBKEY(certificate));
  if (spki.empty() || !key->verify(signedMessage(spki), *signature)) {
    return refused("the signature in its libp2p extension is not the host key's");
  }
  return key;
}
} // namespace

base::Result<TlsCertificate> makeTlsCertificate(const Identity& identity) {
  const auto failed = [] {
    return makeError(ErrorCode::Internal, "the node's TLS certificate could not be made", "OpenSSL refused");
  };
  const KeyPtr key(EVP_EC_gen("P-256"));
  const X509Ptr certificate(X509_new());
  const ObjectPtr oid(OBJ_txt2obj(kExtensionOid, 1));
  const OctetsPtr octets(ASN1_OCTET_STRING_new());
  uint64_t serial = 0;
  if (!key || !certificate || !oid || !octets || RAND_bytes(reinterpret_cast<uint8_t*>(&serial), sizeof serial) != 1 ||
      X509_set_version(certificate.get(), 2) != 1 ||
      ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1u | 1u) != 1) {
    return failed();
  }
  // The dates of the reference implementation: peers whose clock is wrong still accept them, and they name no time at
  // which this node was started.
  if (ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate.get()), "19750101000000Z") != 1 ||
      ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate.get()), "40960101000000Z") != 1) {
    return failed();
  }
  X509_NAME* name = X509_get_subject_name(certificate.get());
  const std::string serialText = std::to_string(serial >> 1u | 1u);
  if (X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, reinterpret_cast<const uint8_t*>("libp2p.io"), -1, -1, 0) !=
          1 ||
      X509_NAME_add_entry_by_txt(name, "serialNumber", MBSTRING_ASC,
                                 reinterpret_cast<const uint8_t*>(serialText.c_str()), -1, -1, 0) != 1 ||
      X509_set_issuer_name(certificate.get(), name) != 1 || X509_set_pubkey(certificate.get(), key.get()) != 1) {
    return failed();
  }
  const base::Bytes spki = der(i2d_PUBKEY, key.get());
  const Signature signature = identity.sign(signedMessage(spki));
  base::Bytes pair;
  appendTlv(pair, kDerOctetString, PeerKey::fromEd25519(identity.publicKey()).encoded());
  appendTlv(pair, kDerOctetString, signature);
  base::Bytes value;
  appendTlv(value, kDerSequence, pair);
  if (ASN1_OCTET_STRING_set(octets.get(), value.data(), static_cast<int>(value.size())) != 1) {
    return failed();
  }
  const ExtensionPtr extension(X509_EXTENSION_create_by_OBJ(nullptr, oid.get(), 0, octets.get()));
  if (!extension || X509_add_ext(certificate.get(), extension.get(), -1) != 1 ||
      X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0) {
    return failed();
  }
  TlsCertificate out{der(i2d_X509, certificate.get()), der(i2d_PrivateKey, key.get())};
  if (out.certificate.empty() || out.privateKey.empty()) {
    return failed();
  }
  return out;
}

base::Result<PeerKey> verifyTlsCertificates(std::span<const std::span<const uint8_t>> chain, base::Timestamp now) {
  if (chain.size() != 1) {
    return refused(chain.empty() ? "it showed none"
                                 : "it showed " + std::to_string(chain.size()) + " certificates instead of one");
  }
  const auto encoded = chain.front();
  if (encoded.size() > kMaxTlsCertificateBytes) {
    return refused("it is longer than " + std::to_string(kMaxTlsCertificateBytes) + " bytes");
  }
  const uint8_t* at = encoded.data();
  const X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(encoded.size())));
  if (!certificate || at != encoded.data() + encoded.size()) {
    return refused("it is not a well-formed X.509 certificate");
  }
  time_t seconds = now.ms / 1000;
  // 0 is X509_cmp_time's "could not compare", which must refuse too.
  if (X509_cmp_time(X509_get0_notBefore(certificate.get()), &seconds) != -1) {
    return refused("it is not valid yet (is a clock wrong?)");
  }
  if (X509_cmp_time(X509_get0_notAfter(certificate.get()), &seconds) != 1) {
    return refused("it has expired");
  }
  EVP_PKEY* key = X509_get0_pubkey(certificate.get());
  if (key == nullptr) {
    return refused("its key is of no kind we know");
  }
  int digest = NID_undef;
  if (OBJ_find_sigid_algs(X509_get_signature_nid(certificate.get()), &digest, nullptr) != 1 || isWeakDigest(digest)) {
    return refused("it is signed with an algorithm that is not safe");
  }
  if (X509_verify(certificate.get(), key) != 1) {
    return refused("its own signature is not valid");
  }
  const auto index = findExtension(certificate.get());
  if (!index) {
    return index.error();
  }
  return checkExtension(certificate.get(), *index);
}

} // namespace univrs::p2p
