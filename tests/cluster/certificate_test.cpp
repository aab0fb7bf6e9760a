#include "engine/cluster/cbor.h"
#include "engine/cluster/signed_document.h"
#include "tests/cluster/cluster_fixture.h"

namespace univrs::cluster::tests {

namespace {
Certificate sample(const p2p::Identity& authority, const p2p::PeerId& peer) {
  Certificate out;
  out.cluster = clusterIdOf(authority.publicKey());
  out.peer = peer;
  out.roles = Roles(Role::Worker);
  out.issued = kNow;
  out.expires = kNow + kCertificateLife;
  out.serial = 42;
  return out;
}
} // namespace

TEST(CertificateTest, ReadsBackWhatWasSealed) {
  const auto authority = newIdentity();
  auto certificate = sample(authority, idOf(newIdentity()));
  EXPECT_EQ(*openCertificate(authority.publicKey(), sealCertificate(authority, certificate)), certificate);
  certificate.operatorKey = newIdentity().publicKey();
  EXPECT_EQ(*openCertificate(authority.publicKey(), sealCertificate(authority, certificate)), certificate);
}

TEST(CertificateTest, AnotherAuthoritysIsRefused) {
  const auto authority = newIdentity(), other = newIdentity();
  const auto sealed = sealCertificate(other, sample(other, idOf(newIdentity())));
  const auto r = openCertificate(authority.publicKey(), sealed);
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, base::ErrorCode::Forbidden);
}

TEST(CertificateTest, AnotherClustersNameIsRefusedEvenWhenSigned) {
  const auto authority = newIdentity();
  auto certificate = sample(authority, idOf(newIdentity()));
  certificate.cluster = clusterIdOf(newIdentity().publicKey());
  EXPECT_FALSE(openCertificate(authority.publicKey(), sealCertificate(authority, certificate)));
}

TEST(CertificateTest, EveryChangedOrMissingByteIsRefused) {
  const auto authority = newIdentity();
  const auto sealed = sealCertificate(authority, sample(authority, idOf(newIdentity())));
  for (size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] ^= 1;
    EXPECT_FALSE(openCertificate(authority.publicKey(), changed)) << i;
    EXPECT_FALSE(openCertificate(authority.publicKey(), std::span(sealed).first(i))) << i;
  }
  auto longer = sealed;
  longer.push_back(0);
  EXPECT_FALSE(openCertificate(authority.publicKey(), longer));
}

TEST(CertificateTest, AListOfRevocationsIsNoCertificate) {
  const auto authority = newIdentity();
  Revocations list;
  list.cluster = clusterIdOf(authority.publicKey());
  EXPECT_FALSE(openCertificate(authority.publicKey(), sealRevocations(authority, list)));
  EXPECT_FALSE(
      openRevocations(authority.publicKey(), sealCertificate(authority, sample(authority, idOf(newIdentity())))));
}

TEST(CertificateTest, TimeAndNameAreChecked) {
  const auto authority = newIdentity();
  const auto peer = idOf(newIdentity());
  const auto certificate = sample(authority, peer);
  EXPECT_TRUE(checkValid(certificate, peer, kNow));
  EXPECT_TRUE(checkValid(certificate, peer, kNow + (kCertificateLife - base::Millis(1))));
  EXPECT_FALSE(checkValid(certificate, peer, kNow + kCertificateLife));
  EXPECT_TRUE(checkValid(certificate, peer, {kNow.ms - kClockSkew.count()}));
  EXPECT_FALSE(checkValid(certificate, peer, {kNow.ms - kClockSkew.count() - 1}));
  EXPECT_FALSE(checkValid(certificate, idOf(newIdentity()), kNow));
}

TEST(CertificateTest, DueForRenewalInItsLastThird) {
  const auto certificate = sample(newIdentity(), idOf(newIdentity()));
  EXPECT_FALSE(certificate.dueForRenewal(kNow + base::Millis(int64_t(19) * 24 * 3'600'000)));
  EXPECT_TRUE(certificate.dueForRenewal(kNow + base::Millis(int64_t(20) * 24 * 3'600'000)));
}

TEST(RevocationsTest, ReadBackAndBounded) {
  const auto authority = newIdentity();
  Revocations list;
  list.cluster = clusterIdOf(authority.publicKey());
  list.number = 9;
  for (int i = 0; i < 50; ++i) {
    const auto digest = base::sha256(base::asBytes(std::to_string(i)));
    base::Bytes id{0x12, 0x20};
    id.insert(id.end(), digest.begin(), digest.end());
    list.voidUntil[*p2p::PeerId::fromBytes(id)] = kNow + base::Millis(i);
  }
  const auto sealed = sealRevocations(authority, list);
  EXPECT_EQ(*openRevocations(authority.publicKey(), sealed), list);
  EXPECT_FALSE(openRevocations(newIdentity().publicKey(), sealed));
  for (size_t i = 0; i < sealed.size(); i += 7) {
    EXPECT_FALSE(openRevocations(authority.publicKey(), std::span(sealed).first(i)));
  }
}

TEST(CborTest, FaultsStay) {
  CborWriter out;
  out.array(3).number(5).text("five").bytes(base::Bytes{1, 2}).end();
  const auto document = out.take();
  {
    CborReader in(document);
    EXPECT_EQ(in.array(3), 3u);
    EXPECT_EQ(in.number(4), 0u); // more than may be
    EXPECT_FALSE(in.ok());
    EXPECT_EQ(in.text(10), "");
    EXPECT_FALSE(in.finished());
  }
  {
    CborReader in(document);
    in.array(3);
    EXPECT_EQ(in.number(), 5u);
    EXPECT_EQ(in.text(3), ""); // too long
    EXPECT_FALSE(in.ok());
  }
  {
    CborReader in(document);
    in.array(3);
    in.number();
    EXPECT_EQ(in.text(4), "five");
    in.end(); // one value is left
    EXPECT_FALSE(in.ok());
  }
  {
    CborReader in(document);
    in.array(3);
    in.number();
    in.text(4);
    EXPECT_EQ(in.bytes(2), (base::Bytes{1, 2}));
    in.end();
    EXPECT_TRUE(in.finished());
  }
}

TEST(CborTest, IndefiniteLengthsAndFalseLengthsAreRefused) {
  const auto array = [](std::initializer_list<uint8_t> bytes) {
    const base::Bytes document(bytes);
    CborReader in(document);
    in.array(10);
    return in.ok();
  };
  EXPECT_FALSE(array({0x9f, 0x01, 0xff}));                                           // an array without a length
  EXPECT_FALSE(array({0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}));       // one of 2^64-1 values
  const base::Bytes string{0x5b, 0x00, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 1}; // bytes that are not there
  CborReader in(string);
  EXPECT_TRUE(in.bytes(1'000).empty());
  EXPECT_FALSE(in.ok());
  const base::Bytes chunks{0x5f, 0x41, 0x01, 0xff};
  CborReader chunked(chunks);
  EXPECT_TRUE(chunked.bytes(1'000).empty());
  EXPECT_FALSE(chunked.ok());
  const base::Bytes latin{0x61, 0xe9}; // no UTF-8
  CborReader notText(latin);
  EXPECT_EQ(notText.text(10), "");
  EXPECT_FALSE(notText.ok());
}

} // namespace univrs::cluster::tests
