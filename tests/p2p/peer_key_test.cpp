#include "engine/p2p/multibase.h"
#include "engine/p2p/peer_key.h"
#include "engine/p2p/protobuf.h"
#include "tests/p2p/seeded_identity.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <rapidcheck/gtest.h>

namespace univrs::p2p {
namespace {

base::Bytes bytesOf(std::string_view hex) {
  const auto bytes = base::fromHex(hex);
  EXPECT_TRUE(bytes) << hex;
  return bytes.value_or(base::Bytes());
}

struct FreeKey {
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeKey>;

base::Bytes signWith(EVP_PKEY* key, std::span<const uint8_t> message) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  base::Bytes out(2'048);
  size_t size = out.size();
  EXPECT_EQ(EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key), 1);
  EXPECT_EQ(EVP_DigestSign(context, out.data(), &size, message.data(), message.size()), 1);
  EVP_MD_CTX_free(context);
  out.resize(size);
  return out;
}

base::Bytes derOf(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  base::Bytes out(der, der + size);
  OPENSSL_free(der);
  return out;
}

base::Bytes encoded(int type, const base::Bytes& data) {
  return ProtoWriter().varint(1, uint64_t(type)).bytes(2, data).take();
}

void expectSignsAndOnlySo(const PeerKey& key, EVP_PKEY* secret) {
  const auto message = base::asBytes("what was said");
  auto signature = signWith(secret, message);
  EXPECT_TRUE(key.verify(message, signature));
  EXPECT_FALSE(key.verify(base::asBytes("what was sad"), signature));
  EXPECT_FALSE(key.verify(message, {}));
  auto longer = signature;
  longer.push_back(0);
  EXPECT_FALSE(key.verify(message, longer));
  signature[signature.size() / 2] ^= 1;
  EXPECT_FALSE(key.verify(message, signature));
}

// specs/p2p.md 4.1.
TEST(PeerIdTest, SpecificationVector) {
  const auto identity = identityOfSeed(kSpecSeed);
  EXPECT_EQ(base::hex(identity.publicKey()), kSpecPublic);
  EXPECT_EQ(identity.peerId(), kSpecPeerId);
  const auto key = PeerKey::fromEd25519(identity.publicKey());
  EXPECT_EQ(base::hex(key.encoded()), "08011220" + std::string(kSpecPublic));
  const PeerId id = key.peerId();
  EXPECT_EQ(base::hex(id.bytes()), "002408011220" + std::string(kSpecPublic));
  EXPECT_EQ(id.text(), kSpecPeerId);
  EXPECT_EQ(id.cid(), "bafzaajaiaejcahwr5d5ofrfbis4l5d6uwr57hu5tjodrypfm6yaq6dsc2r2pzyt6");
  for (const std::string& text : {id.text(), id.cid(), "z" + base::base58(*fromMultibase(id.cid()))}) {
    const auto read = PeerId::fromText(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(*read, id);
  }
  const auto inlined = PeerKey::fromPeerId(id);
  ASSERT_TRUE(inlined);
  EXPECT_EQ(*inlined, key);
  EXPECT_EQ(publicKeyOfPeerId(id.text()), identity.publicKey());
  EXPECT_FALSE(publicKeyOfPeerId(id.cid())) << "one text for one node";
}

// Public keys of the peer-ids spec's test vectors.
TEST(PeerIdTest, KeysOfOtherTypes) {
  const auto secp = bytesOf("08021221037777e994e452c21604f91de093ce415f5432f701dd8cd1a7a6fea0e630bfca99");
  const auto key = PeerKey::parse(secp);
  ASSERT_TRUE(key) << key.error().text();
  EXPECT_EQ(key->type(), KeyType::Secp256k1);
  EXPECT_EQ(key->peerId().text().substr(0, 7), "16Uiu2H");
  EXPECT_EQ(key->encoded(), secp);
  const auto again = PeerKey::fromPeerId(key->peerId());
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, *key);
  EXPECT_FALSE(key->ed25519());

  const auto ecdsa = PeerKey::parse(bytesOf(
      "0803125b3059301306072a8648ce3d020106082a8648ce3d03010703420004de3d300fa36ae0e8f5d530899d83abab44abf3161f162a4bc9"
      "01d8e6ecda020e8b6d5f8da30525e71d6851510c098e5c47c646a597fb4dcec034e9f77c409e62"));
  ASSERT_TRUE(ecdsa) << ecdsa.error().text();
  EXPECT_EQ(ecdsa->type(), KeyType::Ecdsa);
  EXPECT_EQ(ecdsa->peerId().text().substr(0, 2), "Qm");
  EXPECT_TRUE(ecdsa->peerId().inlinedKey().empty());
  EXPECT_FALSE(PeerKey::fromPeerId(ecdsa->peerId())) << "only a hash";
}

TEST(PeerIdTest, HashedIdOfTheSpec) {
  const auto id = PeerId::fromText("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->bytes().size(), 34u);
  EXPECT_EQ(id->text(), "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N");
  auto cid = id->cid();
  EXPECT_EQ(*PeerId::fromText(cid), *id);
  ++cid.back(); // two bits of the last letter are padding
  EXPECT_FALSE(PeerId::fromText(cid));
}

TEST(PeerIdTest, BadTextsAndBytesAreRefused) {
  const std::string good(kSpecPeerId);
  for (const std::string& text :
       {std::string(), std::string("1"), std::string("Qm"), good.substr(1), good + "1", good + "0", " " + good,
        std::string("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5"), std::string(300, '1'), std::string(257, 'b'),
        std::string("b"), std::string("bafzaajaiaejcahwr5d5ofrfbis4l5d6uwr57hu5tjodrypfm6yaq6dsc2r2pzyt"),
        std::string("BAFZAAJAIAEJCAHWR5D5OFRFBIS4L5D6UWR57HU5TJODRYPFM6YAQ6DSC2R2PZYT6"),
        multibase32(bytesOf("0170"
                            "1220" +
                            std::string(64, 'a'))), // a CID of other content
        std::string("hello"), std::string("\0\0", 2)}) {
    EXPECT_FALSE(PeerId::fromText(text)) << text;
  }
  for (const std::string& hex :
       {std::string(), std::string("00"), std::string("0000"), std::string("000101ff"), "002b" + std::string(86, 'a'),
        "1220" + std::string(62, 'a'), "1221" + std::string(66, 'a'), "1120" + std::string(64, 'a'),
        "80001220" + std::string(64, 'a')}) {
    EXPECT_FALSE(PeerId::fromBytes(bytesOf(hex))) << hex;
  }
}

RC_GTEST_PROP(PeerIdTest, OfAnyKeyRoundTrips, (base::Bytes key)) {
  RC_PRE(!key.empty());
  const auto id = PeerId::ofEncodedKey(key);
  RC_ASSERT(*PeerId::fromBytes(id.bytes()) == id);
  RC_ASSERT(*PeerId::fromText(id.text()) == id);
  RC_ASSERT(*PeerId::fromText(id.cid()) == id);
  RC_ASSERT(id.inlinedKey().empty() == (key.size() > 42));
}

RC_GTEST_PROP(MultibaseTest, RoundTrip, (base::Bytes bytes)) {
  bytes.resize(std::min<size_t>(bytes.size(), 120));
  RC_ASSERT(fromMultibase(multibase32(bytes)) == bytes);
  RC_ASSERT(fromMultibase(multibase64Url(bytes)) == bytes);
  RC_ASSERT(fromMultibase("z" + base::base58(bytes)) == bytes);
  RC_ASSERT(fromMultibase("f" + base::hex(bytes)) == bytes);
}

// The StrictSign vector of specs/p2p.md 4.5, which js-libp2p accepted.
TEST(PeerKeyTest, VerifiesTheGossipVector) {
  const auto id = PeerId::fromText(kSpecPeerId);
  ASSERT_TRUE(id);
  auto message = ProtoWriter();
  message.bytes(1, id->bytes()).text(2, "hello").bytes(3, bytesOf("0000000000000001")).text(4, "test");
  EXPECT_EQ(base::hex(message.out()),
            "0a26" + base::hex(id->bytes()) + "120568656c6c6f1a080000000000000001220474657374");
  auto signedBytes = base::Bytes();
  const auto prefix = base::asBytes("libp2p-pubsub:");
  signedBytes.insert(signedBytes.end(), prefix.begin(), prefix.end());
  signedBytes.insert(signedBytes.end(), message.out().begin(), message.out().end());
  auto signature =
      bytesOf("f05e62a21b5f1f89b4ab356feb34c493746a2af8ef2fa03b9fd4956fb40d3c279b1eae5153c6b28dce3b2f9bed546d"
              "c1cfd5a71513af0aa38ee38d31675ac30f");
  const auto key = PeerKey::fromPeerId(*id);
  ASSERT_TRUE(key);
  EXPECT_TRUE(key->verify(signedBytes, signature));
  EXPECT_EQ(base::hex(identityOfSeed(kSpecSeed).sign(signedBytes)), base::hex(signature));
  signature.back() ^= 0x80;
  EXPECT_FALSE(key->verify(signedBytes, signature));
  signature.pop_back();
  EXPECT_FALSE(key->verify(signedBytes, signature));
}

TEST(PeerKeyTest, RsaFrom1024Bits) {
  const KeyPtr rsa(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", size_t(2048)));
  ASSERT_TRUE(rsa);
  const auto key = PeerKey::parse(encoded(0, derOf(rsa.get())));
  ASSERT_TRUE(key) << key.error().text();
  EXPECT_EQ(key->type(), KeyType::Rsa);
  EXPECT_EQ(key->peerId().text().substr(0, 2), "Qm");
  expectSignsAndOnlySo(*key, rsa.get());
  const KeyPtr small(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", size_t(512)));
  ASSERT_TRUE(small);
  EXPECT_FALSE(PeerKey::parse(encoded(0, derOf(small.get()))));
  EXPECT_FALSE(PeerKey::parse(encoded(3, derOf(rsa.get())))) << "an RSA key under another name";
}

TEST(PeerKeyTest, EcdsaOnNamedCurvesOnly) {
  for (const char* curve : {"P-256", "P-384", "P-521"}) {
    const KeyPtr ec(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve));
    ASSERT_TRUE(ec) << curve;
    const auto key = PeerKey::parse(encoded(3, derOf(ec.get())));
    ASSERT_TRUE(key) << curve << key.error().text();
    expectSignsAndOnlySo(*key, ec.get());
    auto cut = derOf(ec.get());
    cut.pop_back();
    EXPECT_FALSE(PeerKey::parse(encoded(3, cut)));
    auto longer = derOf(ec.get());
    longer.push_back(0);
    EXPECT_FALSE(PeerKey::parse(encoded(3, longer)));
    auto offCurve = derOf(ec.get());
    offCurve.back() ^= 1;
    EXPECT_FALSE(PeerKey::parse(encoded(3, offCurve)));
    EXPECT_FALSE(PeerKey::parse(encoded(0, derOf(ec.get()))));
  }
  const KeyPtr other(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "secp256k1"));
  ASSERT_TRUE(other);
  EXPECT_FALSE(PeerKey::parse(encoded(3, derOf(other.get()))));
}

TEST(PeerKeyTest, Secp256k1) {
  const KeyPtr ec(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "secp256k1"));
  ASSERT_TRUE(ec);
  // The last 65 bytes of its DER are the point, uncompressed.
  const auto der = derOf(ec.get());
  base::Bytes point(der.end() - 64, der.end() - 32);
  point.insert(point.begin(), (der.back() & 1) != 0 ? 3 : 2);
  const auto key = PeerKey::parse(encoded(2, point));
  ASSERT_TRUE(key) << key.error().text();
  expectSignsAndOnlySo(*key, ec.get());
  EXPECT_FALSE(PeerKey::parse(encoded(2, base::Bytes(der.end() - 65, der.end())))) << "uncompressed";
  EXPECT_FALSE(PeerKey::parse(encoded(2, base::Bytes(33, 0))));
  EXPECT_FALSE(PeerKey::parse(encoded(2, base::Bytes(33, 0xff))));
}

TEST(PeerKeyTest, BadMessagesAreRefused) {
  const std::string key(kSpecPublic);
  for (const std::string& hex :
       {std::string(), std::string("0801"), "1220" + key, "08011220" + key.substr(2), "0801121f" + key.substr(2),
        "08011221" + key + "00", "08041220" + key, std::string("0affff"), "08ffffffffffffffffff011220" + key,
        "08001220" + key, "08031220" + key, std::string("08011200"),
        "0a0101"
        "1220" +
            key}) {
    EXPECT_FALSE(PeerKey::parse(bytesOf(hex))) << hex;
  }
  EXPECT_FALSE(PeerKey().verify(base::asBytes("x"), base::Bytes(64)));
  EXPECT_FALSE(PeerKey::parse(encoded(0, base::Bytes(100'000, 0x30))));
}

TEST(PeerKeyTest, AnIdWithAKeyWrittenUnusuallyIsRefused) {
  // Fields the other way round: the same key, another id.
  const auto odd = PeerId::ofEncodedKey(bytesOf("1220" + std::string(kSpecPublic) + "0801"));
  EXPECT_TRUE(PeerKey::parse(odd.inlinedKey()));
  EXPECT_FALSE(PeerKey::fromPeerId(odd));
  EXPECT_FALSE(publicKeyOfPeerId(odd.text()));
  EXPECT_FALSE(PeerKey::fromPeerId(PeerId()));
}

} // namespace
} // namespace univrs::p2p
