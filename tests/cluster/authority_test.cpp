#include "engine/cluster/authority_records.h"
#include "tests/cluster/cluster_fixture.h"

#include <functional>

namespace univrs::cluster::tests {

using AuthorityTest = ClusterFixture;
using Code = JoinRefused::Code;

TEST_F(AuthorityTest, ATokenAdmitsAsOftenAsItSays) {
  TokenWish wish;
  wish.uses = 2;
  wish.note = "for the cloud";
  const auto given = token(wish);
  const auto one = idOf(newIdentity()), two = idOf(newIdentity());
  const auto first = joined(given, one);
  EXPECT_EQ(first.peer, one);
  EXPECT_EQ(first.roles, Roles(Role::Worker));
  EXPECT_EQ(first.expires, kNow + kCertificateLife);
  EXPECT_GT(joined(given, two).serial, first.serial);
  EXPECT_EQ(refusal(join(given, idOf(newIdentity()))), Code::UsedUp);
  const auto tokens = authority.tokens().value();
  ASSERT_EQ(tokens.size(), 1u);
  EXPECT_EQ(tokens[0].used, 2u);
  EXPECT_EQ(tokens[0].note, "for the cloud");
  EXPECT_EQ(authority.members()->size(), 2u);
}

TEST_F(AuthorityTest, TheSameNodeAgainIsOneUse) {
  const auto given = token();
  const auto node = idOf(newIdentity());
  const auto first = joined(given, node);
  EXPECT_GT(joined(given, node, kNow + base::Millis(5)).serial, first.serial);
  EXPECT_EQ(authority.tokens().value()[0].used, 1u);
}

TEST_F(AuthorityTest, TheAnswerProvesThatItIsTheClusters) {
  const auto given = token();
  const auto b = binding(idOf(newIdentity()));
  const auto answer = authority.admit(request(given, b), b, kNow).value();
  const auto& granted = std::get<JoinGranted>(answer);
  EXPECT_EQ(granted.authority, given.authority);
  EXPECT_TRUE(same(granted.proof, proofOfAdmitter(given.secret, b, granted.authority, granted.certificate)));
}

TEST_F(AuthorityTest, ExpiredRevokedAndUnknownTokensAreRefused) {
  const auto given = token();
  const auto node = idOf(newIdentity());
  EXPECT_EQ(refusal(join(given, node, kNow + kHour)), Code::Expired);
  EXPECT_EQ(refusal(join(given, node, kNow + (kHour - base::Millis(1)))), std::nullopt);

  const auto second = token();
  ASSERT_TRUE(authority.revokeToken(base::hex(second.id), kNow));
  EXPECT_EQ(refusal(join(second, node)), Code::Revoked);
  EXPECT_EQ(authority.revokeToken("0123", kNow).error().code, base::ErrorCode::NotFound);

  auto unknown = given;
  unknown.id[0] ^= 1;
  EXPECT_EQ(refusal(join(unknown, node)), Code::BadToken);
  auto wrong = given;
  wrong.secret[0] ^= 1;
  EXPECT_EQ(refusal(join(wrong, node)), Code::BadToken);
}

TEST_F(AuthorityTest, AProofOverheardIsWorthNothing) {
  const auto given = token(usable(10));
  const auto b = binding(idOf(newIdentity()));
  const auto heard = request(given, b);
  auto again = b; // another stream: another nonce of the admitter
  random.fill(again.admitterNonce);
  EXPECT_EQ(refusal(authority.admit(heard, again, kNow).value()), Code::BadToken);
  auto thief = b; // the same stream's nonces, said by another node
  thief.joiner = idOf(newIdentity());
  EXPECT_EQ(refusal(authority.admit(heard, thief, kNow).value()), Code::BadToken);
}

TEST_F(AuthorityTest, RolesAreTheRecordsNotTheTexts) {
  auto given = token();
  given.roles = kAllRoles; // as somebody might edit it
  EXPECT_EQ(joined(given, idOf(newIdentity())).roles, Roles(Role::Worker));
}

TEST_F(AuthorityTest, WishesHaveBounds) {
  const auto wrong = [&](const TokenWish& wish) {
    const auto r = authority.createToken(wish, random, kNow);
    return !r && r.error().code == base::ErrorCode::Validation;
  };
  const auto changed = [](const std::function<void(TokenWish&)>& change) {
    TokenWish wish;
    change(wish);
    return wish;
  };
  EXPECT_TRUE(wrong(changed([](auto& w) { w.roles = 0; })));
  EXPECT_TRUE(wrong(usable(0)));
  EXPECT_TRUE(wrong(usable(Authority::kMaxUses + 1)));
  EXPECT_TRUE(wrong(changed([](auto& w) { w.life = base::Millis(0); })));
  EXPECT_TRUE(wrong(changed([](auto& w) { w.life = Authority::kMaxLife + base::Millis(1); })));
  EXPECT_TRUE(wrong(changed([](auto& w) { w.note = std::string(201, 'x'); })));
  EXPECT_TRUE(wrong(changed([](auto& w) { w.note = "\xff"; })));
}

TEST_F(AuthorityTest, TokensThatAreOverMakeRoom) {
  for (size_t i = 0; i < Authority::kMaxTokens; ++i) {
    token();
  }
  EXPECT_EQ(authority.createToken({}, random, kNow).error().code, base::ErrorCode::TooLarge);
  EXPECT_TRUE(authority.createToken({}, random, kNow + kHour));
  EXPECT_EQ(authority.tokens()->size(), 1u);
}

TEST_F(AuthorityTest, RenewalNeedsAValidMembership) {
  const auto given = token();
  const auto node = idOf(newIdentity());
  const auto renewal = [&](base::Timestamp now) {
    JoinRequest r;
    r.renewal = true;
    return authority.admit(r, binding(node), now).value();
  };
  EXPECT_EQ(refusal(renewal(kNow)), Code::BadToken);
  const auto first = joined(given, node);
  const auto later = kNow + base::Millis(int64_t(25) * 24 * 3'600'000);
  const auto answer = renewal(later);
  ASSERT_EQ(refusal(answer), std::nullopt);
  const auto second = openCertificate(key.publicKey(), std::get<JoinGranted>(answer).certificate).value();
  EXPECT_EQ(second.issued, later);
  EXPECT_GT(second.serial, first.serial);
  EXPECT_EQ(refusal(renewal(later + kCertificateLife)), Code::Expired);
}

TEST_F(AuthorityTest, ARevokedMemberComesBackOnlyByAToken) {
  const auto given = token(usable(2));
  const auto node = idOf(newIdentity());
  const auto first = joined(given, node);
  ASSERT_TRUE(authority.revokeMember(node, kNow));
  EXPECT_TRUE(authority.members()->empty());
  const auto list = openRevocations(key.publicKey(), authority.revocations()).value();
  EXPECT_EQ(list.number, 1u);
  EXPECT_TRUE(list.covers(first));
  JoinRequest renewal;
  renewal.renewal = true;
  EXPECT_EQ(refusal(authority.admit(renewal, binding(node), kNow).value()), Code::BadToken);
  // In the very millisecond of its removal it gets one that the list does not cover, and another use is gone.
  const auto second = joined(given, node);
  EXPECT_FALSE(list.covers(second));
  EXPECT_EQ(authority.tokens().value()[0].used, 2u);
  EXPECT_EQ(authority.revokeMember(idOf(newIdentity()), kNow).error().code, base::ErrorCode::NotFound);
}

TEST_F(AuthorityTest, OldRevocationsAreForgotten) {
  const auto given = token(usable(2));
  const auto one = idOf(newIdentity()), two = idOf(newIdentity());
  joined(given, one);
  joined(given, two);
  ASSERT_TRUE(authority.revokeMember(one, kNow));
  ASSERT_TRUE(authority.revokeMember(two, kNow + kCertificateLife + kClockSkew + base::Millis(1)));
  const auto list = openRevocations(key.publicKey(), authority.revocations()).value();
  EXPECT_EQ(list.voidUntil.size(), 1u);
  EXPECT_TRUE(list.voidUntil.contains(two));
}

TEST_F(AuthorityTest, EverythingIsThereAfterARestart) {
  const auto given = token(usable(2));
  const auto one = idOf(newIdentity()), two = idOf(newIdentity());
  const auto first = joined(given, one);
  ASSERT_TRUE(authority.revokeMember(one, kNow));
  authority = std::move(Authority::open(key, *store)).value();
  EXPECT_EQ(authority.tokens().value()[0].used, 1u);
  EXPECT_TRUE(openRevocations(key.publicKey(), authority.revocations())->covers(first));
  EXPECT_GT(joined(given, two).serial, first.serial);
}

TEST_F(AuthorityTest, DamagedRecordsAreNamed) {
  const auto given = token();
  ASSERT_TRUE(store->put(std::string(kTokenPrefix) + base::hex(given.id), "{\"roles\":9}"));
  EXPECT_EQ(authority.tokens().error().code, base::ErrorCode::Corrupt);
  ASSERT_TRUE(store->put(kRevocationsKey, "AAAA"));
  EXPECT_EQ(Authority::open(key, *store).error().code, base::ErrorCode::Corrupt);
}

TEST_F(AuthorityTest, ASharedSecretAdmitsWorkersUntilItIsRevoked) {
  ASSERT_TRUE(authority.admitSharedSecret("correct horse", kNow));
  const auto shared = tokenOfSharedSecret("correct horse", Roles(Role::Worker));
  JoinToken as;
  as.id = shared.id;
  as.secret = shared.secret;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(joined(as, idOf(newIdentity())).roles, Roles(Role::Worker));
  }
  ASSERT_TRUE(authority.revokeToken(base::hex(shared.id), kNow));
  ASSERT_TRUE(authority.admitSharedSecret("correct horse", kNow)); // as at a restart
  EXPECT_EQ(refusal(join(as, idOf(newIdentity()))), Code::Revoked);
}

TEST_F(AuthorityTest, AdmitsItself) {
  const auto sealed = authority.admitSelf(admitter, "laptop", kAllRoles, kNow).value();
  EXPECT_EQ(openCertificate(key.publicKey(), sealed)->roles, kAllRoles);
  EXPECT_EQ(authority.members().value()[0].name, "laptop");
}

} // namespace univrs::cluster::tests
