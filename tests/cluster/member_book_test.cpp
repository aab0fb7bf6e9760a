#include "tests/cluster/cluster_fixture.h"

namespace univrs::cluster::tests {

struct MemberBookTest : ClusterFixture {
  p2p::PeerId self = idOf(newIdentity());
  MemberBook book =
      std::move(MemberBook::open(key.publicKey(), self, authority.admitSelf(self, "self", kAllRoles, kNow).value()))
          .value();
  JoinToken given = token(usable(100));

  base::Bytes certificateOf(const p2p::PeerId& peer) { return std::get<JoinGranted>(join(given, peer)).certificate; }
};

TEST_F(MemberBookTest, OnlyWhoShowsItsOwnValidCertificateIsAMember) {
  const auto peer = idOf(newIdentity());
  EXPECT_FALSE(book.isMember(peer, kNow));
  const auto certificate = certificateOf(peer);
  EXPECT_FALSE(book.present(idOf(newIdentity()), certificate, kNow)); // stolen
  EXPECT_FALSE(book.present(peer, {}, kNow));
  const auto foreign = newIdentity();
  Certificate forged = openCertificate(key.publicKey(), certificate).value();
  EXPECT_FALSE(book.present(peer, sealCertificate(foreign, forged), kNow));
  ASSERT_TRUE(book.present(peer, certificate, kNow));
  EXPECT_TRUE(book.isMember(peer, kNow));
  EXPECT_FALSE(book.isMember(peer, kNow + kCertificateLife)); // it ran out meanwhile
  EXPECT_FALSE(book.present(peer, certificate, kNow + kCertificateLife));
  book.forget(peer);
  EXPECT_FALSE(book.isMember(peer, kNow));
}

TEST_F(MemberBookTest, AnOlderCertificateDoesNotReplaceANewerOne) {
  const auto peer = idOf(newIdentity());
  const auto older = certificateOf(peer), newer = certificateOf(peer);
  ASSERT_TRUE(book.present(peer, newer, kNow));
  const auto serial = book.certificateOf(peer, kNow)->serial;
  ASSERT_TRUE(book.present(peer, older, kNow));
  EXPECT_EQ(book.certificateOf(peer, kNow)->serial, serial);
}

TEST_F(MemberBookTest, ARevocationEndsAMembershipAndKeepsItEnded) {
  const auto peer = idOf(newIdentity()), other = idOf(newIdentity());
  const auto certificate = certificateOf(peer);
  ASSERT_TRUE(book.present(peer, certificate, kNow));
  ASSERT_TRUE(book.present(other, certificateOf(other), kNow));
  ASSERT_TRUE(authority.revokeMember(peer, kNow));
  const auto list = authority.revocations();
  const auto learned = book.learn(list).value();
  EXPECT_TRUE(learned.newer);
  EXPECT_FALSE(learned.ourselves);
  EXPECT_EQ(learned.peers, std::vector{peer});
  EXPECT_FALSE(book.isMember(peer, kNow));
  EXPECT_TRUE(book.isMember(other, kNow));
  EXPECT_FALSE(book.present(peer, certificate, kNow)); // replayed
  EXPECT_FALSE(book.learn(list)->newer);
  EXPECT_EQ(book.revocationsSealed(), list);
  // Admitted anew, it is a member again.
  EXPECT_TRUE(book.present(peer, certificateOf(peer), kNow));
}

TEST_F(MemberBookTest, AnOlderOrForgedListChangesNothing) {
  const auto peer = idOf(newIdentity()), other = idOf(newIdentity());
  certificateOf(peer);
  certificateOf(other);
  ASSERT_TRUE(authority.revokeMember(peer, kNow));
  const auto first = authority.revocations();
  ASSERT_TRUE(authority.revokeMember(other, kNow));
  ASSERT_TRUE(book.learn(authority.revocations()));
  EXPECT_FALSE(book.learn(first)->newer);
  EXPECT_EQ(book.revocationsNumber(), 2u);
  Revocations forged;
  forged.cluster = authority.cluster();
  forged.number = 99;
  EXPECT_FALSE(book.learn(sealRevocations(newIdentity(), forged)));
  EXPECT_EQ(book.revocationsNumber(), 2u);
}

TEST_F(MemberBookTest, KnowsWhenItIsOutItself) {
  ASSERT_TRUE(authority.revokeMember(self, kNow));
  EXPECT_TRUE(book.learn(authority.revocations())->ourselves);
  EXPECT_TRUE(book.isRevoked());
  ASSERT_TRUE(book.renew(authority.admitSelf(self, "self", kAllRoles, kNow).value()));
  EXPECT_FALSE(book.isRevoked());
}

TEST_F(MemberBookTest, ItsOwnCertificateMustBeItsOwn) {
  EXPECT_FALSE(book.renew(certificateOf(idOf(newIdentity()))));
  EXPECT_FALSE(MemberBook::open(newIdentity().publicKey(), self, book.ownSealed()));
  const auto older = book.ownSealed();
  ASSERT_TRUE(book.renew(authority.admitSelf(self, "self", kAllRoles, kNow).value()));
  EXPECT_FALSE(book.renew(older));
}

TEST(MemberMessageTest, ReadBackAndCut) {
  const MemberHello hello{{1, 2, 3}, 7};
  const MemberRevocations list{{4, 5}};
  EXPECT_EQ(*parseMemberMessage(encodeMemberMessage(hello)), MemberMessage(hello));
  EXPECT_EQ(*parseMemberMessage(encodeMemberMessage(list)), MemberMessage(list));
  const auto bytes = encodeMemberMessage(hello);
  for (size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(parseMemberMessage(std::span(bytes).first(i)));
  }
}

} // namespace univrs::cluster::tests
