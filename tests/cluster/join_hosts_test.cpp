#include "engine/p2p/framed_stream.h"
#include "tests/cluster/cluster_hosts.h"

#include <QCoreApplication>

namespace univrs::cluster::tests {

using base::ErrorCode;

struct JoinHostsTest : ::testing::TestWithParam<const char*> {};

TEST_P(JoinHostsTest, ATokenMakesAMemberOnBothSides) {
  ClusterNode founder(GetParam()), worker(GetParam());
  founder.found();
  const auto token = founder.token();
  worker.joinBy(founder, token);
  EXPECT_EQ(founder.admitted, std::vector{worker.id()});
  EXPECT_TRUE(waitFor([&] { return founder.now.contains(worker.id()) && worker.now.contains(founder.id()); }));
  EXPECT_EQ(founder.members->certificateOf(worker.id())->roles, Roles(Role::Worker));
  EXPECT_EQ(worker.members->certificateOf(founder.id())->roles, kAllRoles);
  EXPECT_EQ(founder.authority->members().value().size(), 2u);

  ClusterNode late(GetParam());
  const auto refused = late.ask(founder.info(), token);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Forbidden);
  EXPECT_NE(refused.error().text().find("as often as it may be"), std::string::npos) << refused.error().text();
}

INSTANTIATE_TEST_SUITE_P(Over, JoinHostsTest, ::testing::Values(p2p::tests::kQuic, p2p::tests::kTcp));

TEST(JoinHosts, MembersMeetWithoutTheFounder) {
  ClusterNode founder, one, two;
  founder.found();
  const auto token = founder.token(2);
  one.joinBy(founder, token);
  two.joinBy(founder, token);
  ASSERT_TRUE(one.connect(two.info()));
  EXPECT_TRUE(waitFor([&] { return one.now.contains(two.id()) && two.now.contains(one.id()); }));
  one.host->disconnect(two.id(), "enough");
  EXPECT_TRUE(waitFor([&] { return !one.now.contains(two.id()) && !two.now.contains(one.id()); }));
}

TEST(JoinHosts, AStrangerIsNoMemberAndIsRefusedWhatIsPrivate) {
  ClusterNode founder, stranger, worker;
  founder.found();
  founder.members->handleForMembers("/univrs/secret/1.0.0", {}, [](const p2p::OpenedStream& s) {
    return std::make_unique<p2p::tests::Echo>(*s.stream);
  });
  ASSERT_TRUE(stranger.connect(founder.info()));
  EXPECT_TRUE(stranger.pingOf(founder.id())); // the open protocols are open
  EXPECT_TRUE(founder.now.empty());
  EXPECT_FALSE(founder.members->isMember(stranger.id()));
  const auto log = std::make_shared<p2p::tests::Log>();
  const auto stream = stranger.open(founder.id(), {"/univrs/secret/1.0.0"}, {}, log, {1});
  EXPECT_TRUE(!stream || waitFor([&] { return founder.members->refused() == 1; }));
  EXPECT_EQ(founder.members->refused(), 1u);

  worker.joinBy(founder, founder.token());
  EXPECT_TRUE(waitFor([&] { return founder.now.contains(worker.id()); }));
  const auto answer = std::make_shared<p2p::tests::Log>();
  EXPECT_TRUE(worker.open(founder.id(), {"/univrs/secret/1.0.0"}, {}, answer, {1}));
  EXPECT_EQ(founder.members->refused(), 1u);
}

TEST(JoinHosts, AnotherClustersMemberIsAStranger) {
  ClusterNode founder, foreign;
  founder.found();
  foreign.found();
  ASSERT_TRUE(foreign.connect(founder.info()));
  ASSERT_TRUE(waitFor([&] { return !founder.identified.empty() && !foreign.identified.empty(); }));
  EXPECT_TRUE(foreign.pingOf(founder.id()));
  EXPECT_FALSE(founder.members->isMember(foreign.id()));
  EXPECT_FALSE(foreign.members->isMember(founder.id()));
}

TEST(JoinHosts, ATokenOfAnotherClusterIsRefusedByBothSides) {
  ClusterNode founder, foreign, worker;
  founder.found();
  foreign.found();
  const auto refused = worker.ask(foreign.info(), founder.token());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Forbidden);
}

TEST(JoinHosts, AFalseClusterIsSeenThroughAndLearnsNothing) {
  ClusterNode founder, impostor, worker;
  founder.found();
  impostor.found();
  const auto token = founder.token();
  // It heard the token's id, not its secret, and says yes to whatever comes.
  class YesMan final : public p2p::FramedStream {
  public:
    YesMan(p2p::Stream& stream, Authority& authority, p2p::PeerId joiner)
        : FramedStream(stream, kMaxJoinRequest, kMaxJoinMessage), m_authority(authority), m_joiner(std::move(joiner)) {
      send(encodeChallenge({}));
    }

  private:
    void onMessage(std::span<const uint8_t>) override {
      JoinGranted out;
      out.authority = m_authority.key();
      out.certificate = m_authority.admitSelf(m_joiner, "", kAllRoles, kNow).value();
      send(encodeJoinAnswer(out));
    }
    void onFault(const base::Error&) override {}
    void onClosed(const base::Error&) override {}
    Authority& m_authority;
    p2p::PeerId m_joiner;
  };
  impostor.server.reset();
  impostor.host->handle(kJoinProtocol, {}, [&](const p2p::OpenedStream& s) {
    return std::make_unique<YesMan>(*s.stream, *impostor.authority, s.peer);
  });
  const auto byToken = worker.ask(impostor.info(), token);
  ASSERT_FALSE(byToken);
  EXPECT_EQ(byToken.error().code, ErrorCode::Corrupt);
  const auto bySecret = worker.ask(impostor.info(), SharedSecret{"correct horse"});
  ASSERT_FALSE(bySecret);
  EXPECT_EQ(bySecret.error().code, ErrorCode::Corrupt);
  EXPECT_NE(bySecret.error().text().find("does not hold the secret"), std::string::npos);
}

TEST(JoinHosts, ANodeThatAdmitsNobodySaysSo) {
  ClusterNode founder, other, worker;
  founder.found();
  const auto refused = worker.ask(other.info(), founder.token());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
  EXPECT_NE(refused.error().text().find("admits nobody"), std::string::npos) << refused.error().text();
}

TEST(JoinHosts, ASharedSecretNeedsNothingElse) {
  ClusterNode founder, worker;
  founder.found();
  ASSERT_TRUE(founder.authority->admitSharedSecret("correct horse", founder.clock.now().wall));
  worker.joinBy(founder, SharedSecret{"correct horse"});
  EXPECT_TRUE(waitFor([&] { return founder.now.contains(worker.id()); }));
  EXPECT_FALSE(ClusterNode().ask(founder.info(), SharedSecret{"wrong horse"}));
}

TEST(JoinHosts, AMemberRenewsAndPeersSeeIt) {
  ClusterNode founder, worker;
  founder.found();
  worker.joinBy(founder, founder.token());
  ASSERT_TRUE(waitFor([&] { return founder.now.contains(worker.id()); }));
  const auto before = founder.members->certificateOf(worker.id())->serial;
  const auto renewed = worker.ask(founder.info(), Renewal{founder.key->publicKey()});
  ASSERT_TRUE(renewed) << renewed.error().text();
  ASSERT_TRUE(worker.members->renew(renewed->certificate));
  EXPECT_TRUE(waitFor([&] { return founder.members->certificateOf(worker.id())->serial > before; }));
}

TEST(JoinHosts, AnExpiredMemberIsDropped) {
  ClusterNode founder, worker;
  founder.found();
  worker.joinBy(founder, founder.token());
  ASSERT_TRUE(waitFor([&] { return founder.now.contains(worker.id()); }));
  founder.clock.skip(kCertificateLife);
  founder.members->tick();
  EXPECT_FALSE(founder.members->isMember(worker.id()));
  EXPECT_TRUE(waitFor([&] { return founder.now.empty() && !founder.host->isConnected(worker.id()); }));
}

TEST(JoinHosts, ARevocationSpreadsThroughOthersAndClosesConnections) {
  ClusterNode founder, one, two, bad;
  founder.found();
  const auto token = founder.token(3);
  one.joinBy(founder, token);
  two.joinBy(founder, token);
  bad.joinBy(founder, token);
  // A chain: the founder knows only `one` now; `bad` is connected to `two`.
  ASSERT_TRUE(one.connect(two.info()));
  ASSERT_TRUE(two.connect(bad.info()));
  ASSERT_TRUE(waitFor([&] { return two.now.contains(bad.id()) && two.now.contains(one.id()); }));
  founder.host->disconnect(two.id(), "test");
  founder.host->disconnect(bad.id(), "test");
  ASSERT_TRUE(waitFor([&] { return founder.now == std::set{one.id()}; }));

  ASSERT_TRUE(founder.authority->revokeMember(bad.id(), founder.clock.now().wall));
  ASSERT_TRUE(founder.members->learn(founder.authority->revocations()));
  EXPECT_TRUE(waitFor([&] { return !two.host->isConnected(bad.id()); }));
  EXPECT_FALSE(two.members->isMember(bad.id()));
  EXPECT_EQ(two.lists, 1);
  // Its certificate, shown again, is worth nothing; and it learns why.
  ASSERT_TRUE(bad.connect(two.info()));
  EXPECT_TRUE(waitFor([&] { return bad.removed; }));
  EXPECT_FALSE(two.members->isMember(bad.id()));
  EXPECT_FALSE(bad.members->isMember(two.id()));
}

TEST(JoinHosts, GarbageOnEitherProtocolHarmsNobody) {
  ClusterNode founder, worker;
  founder.found();
  ASSERT_TRUE(worker.connect(founder.info()));
  base::SeededRandom random(3);
  for (int i = 0; i < 20; ++i) {
    base::Bytes noise(64 + random.below(600));
    random.fill(noise);
    noise[0] = uint8_t(i % 2 == 0 ? 60 : 0xff); // a frame's length, or one that is too long
    const auto log = std::make_shared<p2p::tests::Log>();
    (void)worker.open(founder.id(), {i % 3 == 0 ? kJoinProtocol : kMemberProtocol}, {}, log, noise);
  }
  worker.joinBy(founder, founder.token());
  EXPECT_TRUE(waitFor([&] { return founder.now.contains(worker.id()); }));
}

} // namespace univrs::cluster::tests

int main(int argc, char** argv) {
  const QCoreApplication app(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
