#include "engine/p2p/protobuf.h"
#include "engine/p2p/signed_envelope.h"
#include "tests/p2p/seeded_identity.h"

#include <gtest/gtest.h>

namespace univrs::p2p {
namespace {

const base::Bytes kType{0x03, 0x01};

Multiaddr addr(std::string_view text) {
  auto address = Multiaddr::fromText(text);
  EXPECT_TRUE(address) << text;
  return address ? std::move(address).value() : Multiaddr();
}

class SignedEnvelopeTest : public ::testing::Test {
protected:
  Identity spec = identityOfSeed(kSpecSeed);
  Identity other = identityOf(2);
  PeerId specId = PeerKey::fromEd25519(spec.publicKey()).peerId();

  [[nodiscard]] base::Bytes record(const PeerId& about, uint64_t seq, const std::vector<base::Bytes>& addresses) const {
    ProtoWriter out;
    out.bytes(1, about.bytes()).varint(2, seq);
    for (const auto& address : addresses) {
      out.message(3, ProtoWriter().bytes(1, address));
    }
    return out.take();
  }
};

TEST_F(SignedEnvelopeTest, OpensWhatItSealed) {
  const auto payload = base::asBytes("the payload");
  const auto sealed = sealEnvelope(spec, "a-domain", kType, payload);
  const auto opened = openEnvelope(sealed, "a-domain");
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ(opened->key.peerId(), specId);
  EXPECT_EQ(opened->payloadType, kType);
  EXPECT_EQ(opened->payload, base::Bytes(payload.begin(), payload.end()));
  EXPECT_FALSE(openEnvelope(sealed, "another-domain"));
}

TEST_F(SignedEnvelopeTest, SignsLengthDomainLengthTypeLengthPayload) {
  const auto sealed = sealEnvelope(spec, "ab", kType, base::asBytes("xyz"));
  ProtoReader reader(sealed);
  std::vector<uint32_t> order;
  base::Bytes signature;
  while (const auto field = reader.next()) {
    order.push_back(field->number);
    if (field->number == 5) {
      signature.assign(field->data.begin(), field->data.end());
    }
  }
  EXPECT_EQ(order, (std::vector<uint32_t>{1, 2, 3, 5}));
  const auto covered = base::fromHex("026162"
                                     "020301"
                                     "0378797a");
  EXPECT_TRUE(PeerKey::fromEd25519(spec.publicKey()).verify(*covered, signature));
}

TEST_F(SignedEnvelopeTest, EveryFlippedBitIsNoticed) {
  const auto sealed = sealPeerRecord(spec, 7, {addr("/ip4/1.2.3.4/udp/1/quic-v1")});
  ASSERT_TRUE(openPeerRecord(sealed));
  for (size_t i = 0; i < sealed.size() * 8; ++i) {
    auto bad = sealed;
    bad[i / 8] ^= uint8_t(1u << (i % 8));
    EXPECT_FALSE(openPeerRecord(bad)) << "bit " << i;
  }
  for (size_t i = 0; i < sealed.size(); ++i) {
    EXPECT_FALSE(openPeerRecord(std::span(sealed).first(i))) << "cut at " << i;
  }
}

TEST_F(SignedEnvelopeTest, PeerRecordRoundTrip) {
  const std::vector<Multiaddr> addresses{addr("/ip4/1.2.3.4/udp/1/quic-v1"), addr("/dns/a/tcp/2")};
  const auto opened = openPeerRecord(sealPeerRecord(spec, UINT64_MAX, addresses));
  ASSERT_TRUE(opened) << opened.error().text();
  EXPECT_EQ(opened->peer, specId);
  EXPECT_EQ(opened->seq, UINT64_MAX);
  EXPECT_EQ(opened->addresses, addresses);
  const auto empty = openPeerRecord(sealPeerRecord(spec, 0, {}));
  ASSERT_TRUE(empty);
  EXPECT_TRUE(empty->addresses.empty());
}

TEST_F(SignedEnvelopeTest, BothDialectsButNoMixture) {
  const auto payload = record(specId, 3, {addr("/ip4/1.2.3.4/tcp/1").bytes()});
  const auto rfcType = base::asBytes("/libp2p/routing-state-record");
  EXPECT_TRUE(openPeerRecord(sealEnvelope(spec, "libp2p-peer-record", kType, payload)));
  EXPECT_TRUE(openPeerRecord(sealEnvelope(spec, "libp2p-routing-state", rfcType, payload)));
  EXPECT_FALSE(openPeerRecord(sealEnvelope(spec, "libp2p-routing-state", kType, payload)));
  EXPECT_FALSE(openPeerRecord(sealEnvelope(spec, "libp2p-peer-record", rfcType, payload)));
  EXPECT_FALSE(openPeerRecord(sealEnvelope(spec, "libp2p-peer-record", base::Bytes{0x03, 0x02}, payload)));
  EXPECT_FALSE(openPeerRecord(sealEnvelope(spec, "libp2p-peer-record", {}, payload)));
}

TEST_F(SignedEnvelopeTest, OnlyThePeerItselfMaySign) {
  EXPECT_FALSE(openPeerRecord(sealEnvelope(other, "libp2p-peer-record", kType, record(specId, 1, {}))));
  EXPECT_FALSE(openPeerRecord(sealEnvelope(spec, "libp2p-peer-record", kType, ProtoWriter().varint(2, 1).out())));
  EXPECT_FALSE(openPeerRecord(sealEnvelope(spec, "libp2p-peer-record", kType, base::Bytes{0x0a, 0x50})));
}

TEST_F(SignedEnvelopeTest, AddressesWeCannotUseAreLeftOut) {
  const auto id = PeerKey::fromEd25519(other.publicKey()).peerId();
  const auto good = addr("/ip4/1.2.3.4/tcp/1");
  std::vector<base::Bytes> addresses{{0xff},
                                     {},
                                     good.withPeer(specId).bytes(),
                                     good.withPeer(id).bytes(),
                                     addr("/p2p/" + std::string(kSpecPeerId)).bytes()};
  const auto opened = openPeerRecord(sealEnvelope(spec, "libp2p-peer-record", kType, record(specId, 1, addresses)));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->addresses, std::vector<Multiaddr>{good});
  const std::vector<base::Bytes> many(500, good.bytes());
  const auto cut = openPeerRecord(sealEnvelope(spec, "libp2p-peer-record", kType, record(specId, 1, many)));
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->addresses.size(), PeerRecord::kMaxAddresses);
}

TEST_F(SignedEnvelopeTest, TooLargeIsRefused) {
  const auto sealed = sealEnvelope(spec, "d", kType, base::Bytes(64 * 1024));
  const auto opened = openEnvelope(sealed, "d");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, base::ErrorCode::TooLarge);
}

} // namespace
} // namespace univrs::p2p
