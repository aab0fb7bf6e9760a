// What decides how a node is reached, without sockets: AutoNAT and DCUtR messages, verdicts, whom to dial back, and the
// course of a hole punch.
#include "engine/p2p/autonat_server.h"
#include "engine/p2p/hole_punch.h"
#include "engine/p2p/reachability.h"
#include "tests/p2p/seeded_identity.h"

#include <gtest/gtest.h>

namespace univrs::p2p {
namespace {

Multiaddr at(const std::string& text) {
  return Multiaddr::fromText(text).valueOr(Multiaddr());
}
PeerId peerOf(uint8_t n) {
  PublicKey key{};
  key[0] = n;
  return PeerKey::fromEd25519(key).peerId();
}
base::Monotonic ms(int64_t n) {
  return base::Monotonic() + base::Millis(1'000'000 + n);
}

TEST(AutonatMessage, IsWrittenAsTheSpecSays) {
  AutonatMessage answer;
  answer.type = AutonatMessage::Type::Response;
  answer.status = AutonatStatus::DialError;
  answer.text = "no";
  EXPECT_EQ(base::hex(encodeAutonat(answer)), "08011a06086412026e6f");
  AutonatMessage dial;
  dial.peer = peerOf(1);
  dial.addresses = {at("/ip4/198.51.100.7/udp/9000/quic-v1"), at("/ip4/198.51.100.7/tcp/9000")};
  const auto again = parseAutonat(encodeAutonat(dial));
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, dial);
}

TEST(AutonatMessage, IsBoundedAndBadOnesAreRefused) {
  AutonatMessage dial;
  dial.peer = peerOf(1);
  dial.addresses.assign(100, at("/ip4/198.51.100.7/tcp/9000"));
  EXPECT_EQ(parseAutonat(encodeAutonat(dial))->addresses.size(), kMaxAutonatAddresses);
  for (const base::Bytes& bad : {base::Bytes{}, base::Bytes{8, 0}, base::Bytes{8, 2}, base::Bytes{8, 1},
                                 base::Bytes{8, 1, 0x1a, 0}, base::Bytes{8, 0, 0x12, 0}, base::Bytes{0x12, 9, 1}}) {
    EXPECT_FALSE(parseAutonat(bad)) << base::hex(bad);
  }
  EXPECT_FALSE(parseAutonat(base::Bytes(kMaxAutonatMessage + 1, 0)));
}

TEST(DcutrMessage, IsWrittenAsTheSpecSays) {
  EXPECT_EQ(base::hex(encodeDcutr({DcutrMessage::Type::Sync, {}})), "08ac02");
  const DcutrMessage connect{DcutrMessage::Type::Connect, {at("/ip4/1.2.3.4/tcp/5")}};
  EXPECT_EQ(base::hex(encodeDcutr(connect)), "086412080401020304060005");
  EXPECT_EQ(*parseDcutr(encodeDcutr(connect)), connect);
  EXPECT_FALSE(parseDcutr(base::Bytes{8, 1}));
  EXPECT_FALSE(parseDcutr(base::Bytes{}));
}

TEST(Reachability, SeveralAnswersMakeAVerdictAndAsManyAgainstItUnmakeIt) {
  Reachability r;
  EXPECT_EQ(r.verdict(), Reachability::Verdict::Unknown);
  r.answered(AutonatStatus::Ok);
  EXPECT_EQ(r.verdict(), Reachability::Verdict::Unknown);
  r.answered(AutonatStatus::DialRefused); // says nothing
  r.answered(AutonatStatus::Ok);
  EXPECT_EQ(r.verdict(), Reachability::Verdict::Public);
  for (int i = 0; i < 10; ++i) {
    r.answered(AutonatStatus::Ok);
  }
  EXPECT_EQ(r.confidence(), Reachability::kMost);
  for (int i = 0; i < 4; ++i) {
    r.answered(AutonatStatus::DialError);
    EXPECT_EQ(r.verdict(), Reachability::Verdict::Public);
  }
  r.answered(AutonatStatus::DialError);
  EXPECT_EQ(r.verdict(), Reachability::Verdict::Private);
  r.forget();
  EXPECT_EQ(r.verdict(), Reachability::Verdict::Unknown);
}

TEST(Reachability, AsksInTurnAndSeldomOnceItIsSure) {
  Reachability r;
  const std::vector<PeerId> two{peerOf(1), peerOf(2)};
  EXPECT_EQ(r.ask(two, ms(0)), peerOf(1));
  EXPECT_FALSE(r.ask(two, ms(4'999)));
  EXPECT_EQ(r.ask(two, ms(5'000)), peerOf(2));
  EXPECT_FALSE(r.ask(two, ms(24'999))) << "nobody is asked again so soon";
  EXPECT_EQ(r.ask(two, ms(25'000)), peerOf(1));
  r.answered(AutonatStatus::DialError);
  r.answered(AutonatStatus::DialError);
  EXPECT_FALSE(r.ask(two, ms(600'000)));
  EXPECT_EQ(r.ask(two, ms(625'000)), peerOf(2));
  EXPECT_FALSE(Reachability().ask({}, ms(0)));
}

TEST(AutonatGuard, OnlyTheAddressThatAPeerComesFromIsDialled) {
  const AutonatGuard guard(false);
  const auto from = at("/ip4/198.51.100.7/udp/4001/quic-v1");
  const auto ours = at("/ip4/198.51.100.7/udp/9000/quic-v1");
  EXPECT_EQ(guard.dialable({at("/ip4/203.0.113.1/udp/9000/quic-v1"), at("/ip4/127.0.0.1/tcp/22"), at("/dns/a/tcp/1"),
                            ours, ours, at("/ip4/198.51.100.7/udp/0/quic-v1")},
                           from),
            std::vector<Multiaddr>{ours});
  EXPECT_EQ(guard.dialable(std::vector<Multiaddr>(50, ours), from).size(), 1u);
  std::vector<Multiaddr> many;
  for (int port = 1; port < 50; ++port) {
    many.push_back(at("/ip4/198.51.100.7/tcp/" + std::to_string(port)));
  }
  EXPECT_EQ(guard.dialable(many, from).size(), AutonatGuard::kMaxDials);
  const auto near = at("/ip4/127.0.0.1/tcp/5");
  EXPECT_TRUE(guard.dialable({near}, near).empty());
  EXPECT_EQ(AutonatGuard(true).dialable({near}, near).size(), 1u);
  const auto home = at("/ip4/192.168.1.5/tcp/5");
  EXPECT_TRUE(guard.dialable({home}, home).empty());
}

TEST(AutonatGuard, CountsByPeerByIpAndInAll) {
  AutonatGuard guard(false);
  for (size_t i = 0; i < AutonatGuard::kPerPeer; ++i) {
    EXPECT_TRUE(guard.admit(peerOf(1), "a", ms(0)));
  }
  EXPECT_FALSE(guard.admit(peerOf(1), "b", ms(0)));
  for (size_t i = AutonatGuard::kPerPeer; i < AutonatGuard::kPerIp; ++i) {
    EXPECT_TRUE(guard.admit(peerOf(uint8_t(10 + i)), "a", ms(0)));
  }
  EXPECT_FALSE(guard.admit(peerOf(100), "a", ms(0)));
  for (size_t i = AutonatGuard::kPerIp; i < AutonatGuard::kInAll; ++i) {
    EXPECT_TRUE(guard.admit(peerOf(uint8_t(100 + i)), std::to_string(i), ms(1)));
  }
  EXPECT_FALSE(guard.admit(peerOf(250), "z", ms(1)));
  EXPECT_TRUE(guard.admit(peerOf(250), "z", ms(60'000)));
}

struct Punch : ::testing::Test {
  base::SeededRandom random{1};
  std::vector<Multiaddr> own{at("/ip4/198.51.100.10/udp/9000/quic-v1")};
  std::vector<Multiaddr> theirs{at("/ip4/198.51.100.20/udp/9000/quic-v1")};
  HolePunch inviter{HolePunch::Side::Inviter, own, false, random};
  HolePunch invited{HolePunch::Side::Invited, own, false, random};
  [[nodiscard]] HolePunch::Received connect() const { return {{DcutrMessage::Type::Connect, theirs}}; }
};

TEST_F(Punch, TheInviterMeasuresTheRoundTripAndPunchesHalfOfItLater) {
  EXPECT_TRUE(inviter.begin().open);
  const auto opened = inviter.on(HolePunch::Opened{}, ms(0));
  ASSERT_TRUE(opened.send);
  EXPECT_EQ(opened.send->addresses, own);
  const auto sync = inviter.on(connect(), ms(80));
  ASSERT_TRUE(sync.send);
  EXPECT_EQ(sync.send->type, DcutrMessage::Type::Sync);
  EXPECT_TRUE(sync.finish);
  EXPECT_EQ(sync.wake, base::Millis(40));
  EXPECT_FALSE(inviter.on(HolePunch::Lost{}, ms(100)).over) << "the stream has done its work";
  size_t rounds = 0;
  int64_t t = 120;
  for (; t < 120 + HolePunch::kPunchTime.count(); ++rounds) {
    const auto turn = inviter.on(HolePunch::Tick{}, ms(t));
    ASSERT_EQ(turn.punch, theirs);
    ASSERT_TRUE(turn.wake);
    EXPECT_GE(*turn.wake, HolePunch::kShortestGap);
    EXPECT_LE(*turn.wake, HolePunch::kLongestGap);
    t += turn.wake->count();
  }
  EXPECT_GE(rounds, 40u);
  EXPECT_TRUE(inviter.on(HolePunch::Tick{}, ms(t)).open) << "another try";
  EXPECT_TRUE(inviter.on(HolePunch::Direct{}, ms(t + 1)).over);
  EXPECT_FALSE(inviter.on(HolePunch::Tick{}, ms(t + 2)).wake);
}

TEST_F(Punch, TheInvitedDialsAtTheWord) {
  EXPECT_TRUE(invited.on(HolePunch::Opened{}, ms(0)).wake);
  const auto answer = invited.on(connect(), ms(1));
  ASSERT_TRUE(answer.send);
  EXPECT_EQ(answer.send->addresses, own);
  EXPECT_TRUE(answer.dial.empty());
  const auto go = invited.on(HolePunch::Received{{DcutrMessage::Type::Sync, {}}}, ms(2));
  EXPECT_EQ(go.dial, theirs);
  EXPECT_TRUE(go.over);
}

TEST_F(Punch, ItEndsAfterSoManyTriesAndWhenNothingIsToBePunched) {
  int opens = 1;
  static_cast<void>(inviter.begin());
  for (int i = 0; i < 10; ++i) {
    const auto next = inviter.on(HolePunch::Lost{}, ms(i));
    opens += next.open ? 1 : 0;
    if (next.over) {
      break;
    }
  }
  EXPECT_EQ(opens, HolePunch::kTries);
  HolePunch other(HolePunch::Side::Inviter, own, false, random);
  static_cast<void>(other.begin());
  static_cast<void>(other.on(HolePunch::Opened{}, ms(0)));
  const HolePunch::Received useless{{DcutrMessage::Type::Connect,
                                     {at("/ip4/192.168.1.1/udp/1/quic-v1"), at("/ip4/127.0.0.1/udp/1/quic-v1"),
                                      at("/ip4/198.51.100.20/tcp/1"), at("/dns/a/udp/1/quic-v1")}}};
  EXPECT_TRUE(other.on(useless, ms(1)).over);
}

TEST_F(Punch, WhatComesOutOfTurnEndsTheTry) {
  static_cast<void>(invited.on(HolePunch::Opened{}, ms(0)));
  EXPECT_TRUE(invited.on(HolePunch::Received{{DcutrMessage::Type::Sync, {}}}, ms(1)).over);
  EXPECT_TRUE(invited.on(connect(), ms(2)).dial.empty());
}

} // namespace
} // namespace univrs::p2p
