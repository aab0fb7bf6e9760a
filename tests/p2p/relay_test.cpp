#include "engine/p2p/protobuf.h"
#include "engine/p2p/relay_message.h"
#include "engine/p2p/relay_reservations.h"
#include "engine/p2p/relay_table.h"
#include "engine/p2p/signed_envelope.h"
#include "tests/p2p/seeded_identity.h"

#include <gtest/gtest.h>

namespace univrs::p2p {
namespace {

using std::chrono::seconds;

PeerId idOf(const Identity& identity) {
  return PeerKey::fromEd25519(identity.publicKey()).peerId();
}

base::Bytes unhex(const std::string& text) {
  return base::fromHex(text).value_or(base::Bytes());
}

Multiaddr addr(std::string_view text) {
  return Multiaddr::fromText(text).valueOr(Multiaddr());
}

class RelayMessages : public ::testing::Test {
protected:
  Identity relay = identityOfSeed(kSpecSeed);
  Identity other = identityOf(2);
  PeerId relayId = idOf(relay);
  PeerId otherId = idOf(other);
  std::string relayHex = base::hex(relayId.bytes());
};

TEST_F(RelayMessages, AreWrittenAsTheSpecSays) {
  EXPECT_EQ(base::hex(encodeHop({})), "0800");
  HopMessage connect;
  connect.type = HopMessage::Type::Connect;
  connect.peer = relayId;
  EXPECT_EQ(base::hex(encodeHop(connect)), "080112280a26" + relayHex);
  HopMessage status{HopMessage::Type::Status, {}, {}, RelayLimit{seconds(120), 128u << 10}, RelayStatus::Ok};
  EXPECT_EQ(base::hex(encodeHop(status)), "080222060878108080082864");
  StopMessage stop{StopMessage::Type::Connect, relayId, {}, RelayStatus::Ok};
  EXPECT_EQ(base::hex(encodeStop(stop)), "080012280a26" + relayHex);
  EXPECT_EQ(base::hex(encodeStop({StopMessage::Type::Status, {}, {}, RelayStatus::ConnectionFailed})), "080120cb01");
}

TEST_F(RelayMessages, AreReadAsTheyWereWritten) {
  HopMessage hop{HopMessage::Type::Status, {}, RelayReservation{}, RelayLimit{seconds(7), 9}, RelayStatus::Ok};
  hop.reservation->expires = 1'700'000'000;
  hop.reservation->addresses = {addr("/ip4/10.0.0.1/tcp/9000").withPeer(relayId)};
  hop.reservation->voucher = sealVoucher(relay, otherId, 1'700'000'000);
  const auto read = parseHop(encodeHop(hop));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, hop);
  StopMessage stop{StopMessage::Type::Connect, otherId, RelayLimit{seconds(0), 9}, RelayStatus::Ok};
  const auto stopRead = parseStop(encodeStop(stop));
  ASSERT_TRUE(stopRead);
  EXPECT_EQ(*stopRead, stop);
  // Unknown fields and codes are no fault; addresses of the peer are skipped.
  const auto odd = parseHop(unhex("0802"
                                  "2a0101"
                                  "28e707"
                                  "7a00"));
  ASSERT_TRUE(odd) << odd.error().text();
  EXPECT_EQ(uint32_t(odd->status), 999u);
}

TEST_F(RelayMessages, OnesThatSayTooLittleAreRefused) {
  for (const char* text : {"", "0803", "0801", "0802", "08", "12", "0801120a0a0800", "080122", "08021a0308"}) {
    EXPECT_FALSE(parseHop(unhex(text))) << text;
  }
  for (const char* text : {"", "0802", "0800", "0801", "0800120a"}) {
    EXPECT_FALSE(parseStop(unhex(text))) << text;
  }
}

TEST_F(RelayMessages, TooManyAddressesAreCut) {
  RelayReservation many;
  many.addresses.assign(kMaxRelayAddresses * 2, addr("/ip4/10.0.0.1/tcp/9000"));
  ProtoWriter reservation;
  reservation.varint(1, 5);
  for (const auto& a : many.addresses) {
    reservation.bytes(2, a.bytes());
  }
  const auto read = parseHop(ProtoWriter().varint(1, 2).message(3, reservation).varint(5, 100).take());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->reservation->addresses.size(), kMaxRelayAddresses);
  EXPECT_LE(encodeHop({HopMessage::Type::Status, {}, many, {}, RelayStatus::Ok}).size(), kMaxRelayMessage);
}

TEST_F(RelayMessages, VouchersHoldForTheRelayThatSignedThem) {
  const auto sealed = sealVoucher(relay, otherId, 42);
  const auto voucher = openVoucher(sealed);
  ASSERT_TRUE(voucher) << voucher.error().text();
  EXPECT_EQ(voucher->relay, relayId);
  EXPECT_EQ(voucher->peer, otherId);
  EXPECT_EQ(voucher->expires, 42u);
  for (size_t i = 0; i < sealed.size(); i += 7) {
    auto damaged = sealed;
    damaged[i] ^= 1;
    const auto opened = openVoucher(damaged);
    EXPECT_TRUE(!opened || (opened->relay == relayId && opened->peer == otherId && opened->expires == 42)) << i;
  }
  // One relay does not speak for another, and a peer record is no voucher.
  const auto payload = ProtoWriter().bytes(1, relayId.bytes()).bytes(2, otherId.bytes()).varint(3, 42).take();
  const base::Bytes type{0x03, 0x02};
  EXPECT_FALSE(openVoucher(sealEnvelope(other, "libp2p-relay-rsvp", type, payload)));
  EXPECT_FALSE(openVoucher(sealPeerRecord(relay, 1, {})));
}

TEST(RelayLimits, AreTightOrWide) {
  EXPECT_FALSE(RelayLimit{}.isTight());
  EXPECT_TRUE((RelayLimit{seconds(120), 128u << 10}.isTight()));
  EXPECT_TRUE((RelayLimit{seconds(0), 1000}.isTight()));
  EXPECT_FALSE(RelayServerLimits{}.members.isTight());
}

class Table : public ::testing::Test {
protected:
  static RelayServerLimits few() {
    RelayServerLimits limits;
    limits.reservations = 3;
    limits.reservationsPerIp = 2;
    limits.reservationTime = seconds(100);
    limits.circuits = 3;
    limits.circuitsPerPeer = 2;
    return limits;
  }
  static PeerId peer(uint8_t number) { return idOf(identityOf(number)); }
  PeerId a = peer(1), b = peer(2), c = peer(3), d = peer(4), e = peer(5);
  base::Timestamp now{1'000'000};
  RelayTable table{few(), [this](const PeerId& p) { return p == a || p == b; }};
};

TEST_F(Table, HasSoManyPlacesInAllAndForOneAddress) {
  EXPECT_EQ(table.reserve(a, "10.0.0.1", now).status, RelayStatus::Ok);
  const auto second = table.reserve(b, "10.0.0.1", now);
  EXPECT_EQ(second.status, RelayStatus::Ok);
  EXPECT_EQ(second.until - now, base::Millis(100'000));
  EXPECT_EQ(table.reserve(c, "10.0.0.1", now).status, RelayStatus::ReservationRefused);
  EXPECT_EQ(table.reserve(c, "10.0.0.2", now).status, RelayStatus::Ok);
  EXPECT_EQ(table.reserve(d, "10.0.0.3", now).status, RelayStatus::ReservationRefused);
  EXPECT_EQ(table.reserve(a, "10.0.0.1", now + base::Millis(1)).status, RelayStatus::Ok) << "a renewal takes no place";
  table.forget(b);
  EXPECT_EQ(table.reserve(d, "10.0.0.3", now).status, RelayStatus::Ok);
  EXPECT_EQ(table.reserve(e, "10.0.0.4", now + base::Millis(100'000)).status, RelayStatus::Ok)
      << "places that are over are free";
}

TEST_F(Table, CircuitsNeedAReservationThatHolds) {
  EXPECT_EQ(table.begin(a, b, now), RelayStatus::NoReservation);
  table.reserve(b, "10.0.0.1", now);
  EXPECT_EQ(table.begin(a, b, now), RelayStatus::Ok);
  EXPECT_EQ(table.begin(b, b, now), RelayStatus::PermissionDenied);
  EXPECT_EQ(table.begin(a, b, now + base::Millis(100'000)), RelayStatus::NoReservation);
}

TEST_F(Table, CircuitsAreCountedInAllAndForOnePeer) {
  table.reserve(b, "10.0.0.1", now);
  table.reserve(d, "10.0.0.2", now);
  EXPECT_EQ(table.begin(a, b, now), RelayStatus::Ok);
  EXPECT_EQ(table.begin(c, b, now), RelayStatus::Ok);
  EXPECT_EQ(table.begin(e, b, now), RelayStatus::ResourceLimitExceeded) << "b has two";
  EXPECT_EQ(table.begin(e, d, now), RelayStatus::Ok);
  EXPECT_EQ(table.begin(c, d, now), RelayStatus::ResourceLimitExceeded) << "three in all";
  table.end(a, b);
  EXPECT_EQ(table.circuits(), 2u);
  EXPECT_EQ(table.begin(c, d, now), RelayStatus::Ok);
}

TEST_F(Table, OnlyTwoMembersGetTheGenerousLimit) {
  EXPECT_EQ(table.limit(a, b), few().members);
  EXPECT_EQ(table.limit(a, c), few().strangers);
  EXPECT_EQ(RelayTable({}, nullptr).limit(a, b), few().strangers);
}

TEST(ReservationPlanTest, RenewsInTimeAndPausesEverLonger) {
  base::SeededRandom random(7);
  ReservationPlan plan;
  base::Monotonic now{50'000};
  EXPECT_TRUE(plan.isDue(now));
  plan.asked();
  EXPECT_FALSE(plan.isDue(now));
  plan.granted(base::Millis(3'600'000), now);
  EXPECT_TRUE(plan.isHeld(now));
  EXPECT_FALSE(plan.isDue(now + base::Millis(2'399'999)));
  EXPECT_TRUE(plan.isDue(now + base::Millis(2'400'000)));
  EXPECT_FALSE(plan.isHeld(now + base::Millis(3'600'000)));
  plan.lost(now, random);
  EXPECT_FALSE(plan.isHeld(now));
  base::Millis longest{0};
  for (int i = 0; i < 30; ++i) {
    base::Millis waited{0};
    while (!plan.isDue(now)) {
      now = now + base::Millis(500);
      waited += base::Millis(500);
    }
    EXPECT_GE(waited, base::Millis(2'500));
    longest = std::max(longest, waited);
    plan.asked();
    plan.refused(now, random);
  }
  EXPECT_GE(longest, ReservationPlan::kLongestPause / 2);
  EXPECT_LE(longest, ReservationPlan::kLongestPause * 3 / 2 + base::Millis(500));
  // A relay whose clock is off cannot make us ask all the time, or never.
  plan.granted(base::Millis(-5), now);
  EXPECT_TRUE(plan.isHeld(now));
  EXPECT_FALSE(plan.isDue(now + base::Millis(39'999)));
  plan.granted(base::Millis(int64_t(1) << 50), now);
  EXPECT_FALSE(plan.isHeld(now + ReservationPlan::kLongestTerm));
}

} // namespace
} // namespace univrs::p2p
