#include "engine/p2p/tls_certificate.h"

#include <gtest/gtest.h>
#include <openssl/asn1.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <filesystem>
#include <functional>

namespace univrs::p2p {
namespace {

const base::Timestamp kNow = *base::Timestamp::fromIso("2026-11-23T12:00:00Z");

struct TemporaryFolder {
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "univrs-tls-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
  std::string path;
};

Identity makeIdentity() {
  const TemporaryFolder folder;
  auto identity = Identity::loadOrCreate(folder.path + "/key");
  EXPECT_TRUE(identity.ok());
  return std::move(identity).value();
}

base::Result<PeerKey> check(const base::Bytes& certificate, base::Timestamp now = kNow) {
  const std::span<const uint8_t> one(certificate);
  return verifyTlsCertificates({&one, 1}, now);
}

std::string refusal(const base::Bytes& certificate, base::Timestamp now = kNow) {
  const auto result = check(certificate, now);
  return result ? "accepted" : result.error().why;
}

// The certificate of makeTlsCertificate, altered and signed anew by its own key.
base::Bytes altered(const TlsCertificate& from, const std::function<void(X509*)>& change,
                    const EVP_MD* digest = EVP_sha256()) {
  const uint8_t* at = from.certificate.data();
  X509* certificate = d2i_X509(nullptr, &at, long(from.certificate.size()));
  at = from.privateKey.data();
  EVP_PKEY* key = d2i_AutoPrivateKey(nullptr, &at, long(from.privateKey.size()));
  change(certificate);
  X509_sign(certificate, key, digest);
  base::Bytes out(size_t(i2d_X509(certificate, nullptr)));
  uint8_t* to = out.data();
  i2d_X509(certificate, &to);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return out;
}

void addExtension(X509* certificate, const char* oid, bool critical, const base::Bytes& value) {
  ASN1_OBJECT* object = OBJ_txt2obj(oid, 1);
  ASN1_OCTET_STRING* octets = ASN1_OCTET_STRING_new();
  ASN1_OCTET_STRING_set(octets, value.data(), int(value.size()));
  X509_EXTENSION* extension = X509_EXTENSION_create_by_OBJ(nullptr, object, critical ? 1 : 0, octets);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  ASN1_OCTET_STRING_free(octets);
  ASN1_OBJECT_free(object);
}

base::Bytes extensionValue(X509* certificate) {
  const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(X509_get_ext(certificate, 0));
  const uint8_t* data = ASN1_STRING_get0_data(value);
  return {data, data + ASN1_STRING_length(value)};
}

constexpr const char* kOid = "1.3.6.1.4.1.53594.1.1";

// The four vectors of the libp2p TLS specification: Ed25519, ECDSA, secp256k1, and an ECDSA one whose extension is
// signed wrongly.
const char* const kVectors[] = {
    "308201ae30820156a0030201020204499602d2300a06082a8648ce3d040302302031123010060355040a13096c69627032702e69"
    "6f310a300806035504051301313020170d3735303130313133303030305a180f34303936303130313133303030305a3020311230"
    "10060355040a13096c69627032702e696f310a300806035504051301313059301306072a8648ce3d020106082a8648ce3d030107"
    "034200040c901d423c831ca85e27c73c263ba132721bb9d7a84c4f0380b2a6756fd601331c8870234dec878504c174144fa4b14b"
    "66a651691606d8173e55bd37e381569ea37c307a3078060a2b0601040183a25a0101046a3068042408011220a77f1d92fedb59dd"
    "daea5a1c4abd1ac2fbde7d7b879ed364501809923d7c11b90440d90d2769db992d5e6195dbb08e706b6651e024fda6cfb8846694"
    "a435519941cac215a8207792e42849cccc6cd8136c6e4bde92a58c5e08cfd4206eb5fe0bf909300a06082a8648ce3d0403020346"
    "003043021f50f6b6c52711a881778718238f650c9fb48943ae6ee6d28427dc6071ae55e702203625f116a7a454db9c56986c82a2"
    "5682f7248ea1cb764d322ea983ed36a31b77",
    "308201f63082019da0030201020204499602d2300a06082a8648ce3d040302302031123010060355040a13096c69627032702e69"
    "6f310a300806035504051301313020170d3735303130313133303030305a180f34303936303130313133303030305a3020311230"
    "10060355040a13096c69627032702e696f310a300806035504051301313059301306072a8648ce3d020106082a8648ce3d030107"
    "034200040c901d423c831ca85e27c73c263ba132721bb9d7a84c4f0380b2a6756fd601331c8870234dec878504c174144fa4b14b"
    "66a651691606d8173e55bd37e381569ea381c23081bf3081bc060a2b0601040183a25a01010481ad3081aa045f0803125b305930"
    "1306072a8648ce3d020106082a8648ce3d03010703420004bf30511f909414ebdd3242178fd290f093a551cf75c973155de0bb5a"
    "96fedf6cb5d52da7563e794b512f66e60c7f55ba8a3acf3dd72a801980d205e8a1ad29f2044730450220064ea8124774caf8f50e"
    "57f436aa62350ce652418c019df5d98a3ac666c9386a022100aa59d704a931b5f72fb9222cb6cc51f954d04a4e2e5450f8805fe8"
    "918f71eaae300a06082a8648ce3d04030203470030440220799395b0b6c1e940a7e4484705f610ab51ed376f19ff9d7c16757cfb"
    "f61b8d4302206205c03fbb0f95205c779be86581d3e31c01871ad5d1f3435bcf375cb0e5088a",
    "308201ba3082015fa0030201020204499602d2300a06082a8648ce3d040302302031123010060355040a13096c69627032702e69"
    "6f310a300806035504051301313020170d3735303130313133303030305a180f34303936303130313133303030305a3020311230"
    "10060355040a13096c69627032702e696f310a300806035504051301313059301306072a8648ce3d020106082a8648ce3d030107"
    "034200040c901d423c831ca85e27c73c263ba132721bb9d7a84c4f0380b2a6756fd601331c8870234dec878504c174144fa4b14b"
    "66a651691606d8173e55bd37e381569ea38184308181307f060a2b0601040183a25a01010471306f0425080212210206dc696872"
    "6765b820f050263ececf7f71e4955892776c0970542efd689d2382044630440220145e15a991961f0d08cd15425bb95ec93f6ffa"
    "03c5a385eedc34ecf464c7a8ab022026b3109b8a3f40ef833169777eb2aa337cfb6282f188de0666d1bcec2a4690dd300a06082a"
    "8648ce3d0403020349003046022100e1a217eeef9ec9204b3f774a08b70849646b6a1e6b8b27f93dc00ed58545d9fe022100b00d"
    "afa549d0f03547878338c7b15e7502888f6d45db387e5ae6b5d46899cef0",
    "308201f73082019da0030201020204499602d2300a06082a8648ce3d040302302031123010060355040a13096c69627032702e69"
    "6f310a300806035504051301313020170d3735303130313133303030305a180f34303936303130313133303030305a3020311230"
    "10060355040a13096c69627032702e696f310a300806035504051301313059301306072a8648ce3d020106082a8648ce3d030107"
    "034200040c901d423c831ca85e27c73c263ba132721bb9d7a84c4f0380b2a6756fd601331c8870234dec878504c174144fa4b14b"
    "66a651691606d8173e55bd37e381569ea381c23081bf3081bc060a2b0601040183a25a01010481ad3081aa045f0803125b305930"
    "1306072a8648ce3d020106082a8648ce3d03010703420004bf30511f909414ebdd3242178fd290f093a551cf75c973155de0bb5a"
    "96fedf6cb5d52da7563e794b512f66e60c7f55ba8a3acf3dd72a801980d205e8a1ad29f204473045022100bb6e03577b7cc7a3cd"
    "1558df0da2b117dfdcc0399bc2504ebe7de6f65cade72802206de96e2a5be9b6202adba24ee0362e490641ac45c240db71fe955f"
    "2c5cf8df6e300a06082a8648ce3d0403020348003045022100e847f267f43717358f850355bdcabbefb2cfbf8a3c043b203a1478"
    "8a092fe8db022027c1d04a2d41fd6b57a7e8b3989e470325de4406e52e084e34a3fd56eef0d0df",
};

TEST(TlsCertificate, VectorsOfTheSpecification) {
  const auto ed25519 = check(*base::fromHex(kVectors[0]));
  ASSERT_TRUE(ed25519.ok()) << ed25519.error().text();
  EXPECT_EQ(ed25519->type(), KeyType::Ed25519);
  EXPECT_EQ(ed25519->peerId().text(), "12D3KooWM6CgA9iBFZmcYAHA6A2qvbAxqfkmrYiRQuz3XEsk4Ksv");
  const auto ecdsa = check(*base::fromHex(kVectors[1]));
  ASSERT_TRUE(ecdsa.ok()) << ecdsa.error().text();
  EXPECT_EQ(ecdsa->peerId().text(), "QmfXbAwNjJLXfesgztEHe8HwgVDCMMpZ9Eax1HYq6hn9uE");
  const auto secp256k1 = check(*base::fromHex(kVectors[2]));
  ASSERT_TRUE(secp256k1.ok()) << secp256k1.error().text();
  EXPECT_EQ(secp256k1->peerId().text(), "16Uiu2HAkutTMoTzDw1tCvSRtu6YoixJwS46S1ZFxW8hSx9fWHiPs");
  EXPECT_EQ(refusal(*base::fromHex(kVectors[3])), "the signature in its libp2p extension is not the host key's");
}

TEST(TlsCertificate, OursNamesOurPeer) {
  const Identity identity = makeIdentity();
  const auto made = makeTlsCertificate(identity);
  ASSERT_TRUE(made.ok());
  const auto key = check(made->certificate);
  ASSERT_TRUE(key.ok()) << key.error().text();
  EXPECT_EQ(key->peerId().text(), identity.peerId());
  EXPECT_NE(makeTlsCertificate(identity)->certificate, made->certificate) << "a fresh key each time";
}

TEST(TlsCertificate, RefusesWhatIsWrongAndSaysWhat) {
  const Identity identity = makeIdentity();
  const auto made = makeTlsCertificate(identity);
  ASSERT_TRUE(made.ok());

  const std::span<const uint8_t> two[] = {made->certificate, made->certificate};
  EXPECT_EQ(verifyTlsCertificates(two, kNow).error().why, "it showed 2 certificates instead of one");
  EXPECT_EQ(verifyTlsCertificates({}, kNow).error().why, "it showed none");
  EXPECT_EQ(refusal({}), "it is not a well-formed X.509 certificate");
  EXPECT_EQ(refusal(base::Bytes(kMaxTlsCertificateBytes + 1)), "it is longer than 16384 bytes");

  base::Bytes trailing = made->certificate;
  trailing.push_back(0);
  EXPECT_EQ(refusal(trailing), "it is not a well-formed X.509 certificate");

  base::Bytes corrupt = made->certificate;
  corrupt.back() ^= 1; // inside the last integer of the self-signature
  EXPECT_EQ(refusal(corrupt), "its own signature is not valid");

  EXPECT_EQ(
      refusal(altered(*made, [](X509* x) { ASN1_TIME_set_string_X509(X509_getm_notAfter(x), "20261123115959Z"); })),
      "it has expired");
  EXPECT_EQ(
      refusal(altered(*made, [](X509* x) { ASN1_TIME_set_string_X509(X509_getm_notBefore(x), "20261123120001Z"); })),
      "it is not valid yet (is a clock wrong?)");
  EXPECT_EQ(refusal(altered(*made,
                            [](X509* x) {
                              addExtension(x, "1.2.3.4.5", true, {4, 0});
                            })),
            "it has a critical extension we do not know");
  EXPECT_EQ(refusal(altered(*made, [](X509* x) { addExtension(x, "1.2.3.4.5", false, {4, 0}); })), "accepted");
  EXPECT_EQ(refusal(altered(*made, [](X509* x) { addExtension(x, kOid, false, extensionValue(x)); })),
            "it has the libp2p extension twice");
  EXPECT_EQ(refusal(altered(*made,
                            [](X509* x) {
                              addExtension(x, "1.2.3.4.5", false, {4, 0});
                              addExtension(x, "1.2.3.4.5", false, {4, 0});
                            })),
            "it has an extension twice");
  EXPECT_EQ(refusal(altered(*made, [](X509* x) { X509_EXTENSION_free(X509_delete_ext(x, 0)); })),
            "it has no libp2p extension");
  EXPECT_EQ(refusal(altered(*made,
                            [](X509* x) {
                              base::Bytes value = extensionValue(x);
                              value.back() ^= 1;
                              X509_EXTENSION_free(X509_delete_ext(x, 0));
                              addExtension(x, kOid, false, value);
                            })),
            "the signature in its libp2p extension is not the host key's");
  EXPECT_EQ(refusal(altered(*made,
                            [](X509* x) {
                              base::Bytes value = extensionValue(x);
                              value.push_back(0);
                              X509_EXTENSION_free(X509_delete_ext(x, 0));
                              addExtension(x, kOid, false, value);
                            })),
            "its libp2p extension is malformed");
  EXPECT_EQ(refusal(altered(
                *made, [](X509*) {}, EVP_sha1())),
            "it is signed with an algorithm that is not safe");

  // The host key vouched for another certificate's key.
  const auto other = makeTlsCertificate(identity);
  EXPECT_EQ(refusal(altered(*made,
                            [&](X509* x) {
                              const uint8_t* at = other->certificate.data();
                              X509* o = d2i_X509(nullptr, &at, long(other->certificate.size()));
                              const base::Bytes value = extensionValue(o);
                              X509_free(o);
                              X509_EXTENSION_free(X509_delete_ext(x, 0));
                              addExtension(x, kOid, false, value);
                            })),
            "the signature in its libp2p extension is not the host key's");
}

TEST(TlsCertificate, CriticalLibp2pExtensionIsFine) {
  const auto made = makeTlsCertificate(makeIdentity());
  EXPECT_EQ(refusal(altered(*made,
                            [](X509* x) {
                              const base::Bytes value = extensionValue(x);
                              X509_EXTENSION_free(X509_delete_ext(x, 0));
                              addExtension(x, kOid, true, value);
                            })),
            "accepted");
}

TEST(TlsCertificate, EveryCutAndEveryFlippedByteIsSafe) {
  const auto made = makeTlsCertificate(makeIdentity());
  for (size_t size = 0; size < made->certificate.size(); ++size) {
    EXPECT_FALSE(check(base::Bytes(made->certificate.begin(), made->certificate.begin() + long(size))).ok());
  }
  for (size_t i = 0; i < made->certificate.size(); ++i) {
    base::Bytes changed = made->certificate;
    changed[i] ^= 0x55;
    EXPECT_FALSE(check(changed).ok()) << "byte " << i;
  }
}

} // namespace
} // namespace univrs::p2p
