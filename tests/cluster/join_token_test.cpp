#include "tests/cluster/cluster_fixture.h"

namespace univrs::cluster::tests {

namespace {
JoinToken sample() {
  JoinToken out;
  out.authority = newIdentity().publicKey();
  out.roles = kAllRoles;
  out.expires = kNow;
  out.uses = 5;
  out.id.fill(3);
  out.secret.fill(9);
  const auto peer = idOf(newIdentity());
  out.addresses = {p2p::Multiaddr::fromText("/ip4/203.0.113.5/udp/9000/quic-v1")->withPeer(peer),
                   p2p::Multiaddr::fromText("/dns/boot.example.org/tcp/9000")->withPeer(peer)};
  return out;
}
} // namespace

TEST(JoinTokenTest, ReadsBackItsText) {
  const auto token = sample();
  const auto text = token.text();
  EXPECT_EQ(text.substr(0, 8), "univrs1.");
  EXPECT_EQ(text.find_first_of("+/= \n"), std::string::npos); // can be pasted anywhere
  EXPECT_LT(text.size(), 500u);
  EXPECT_EQ(*JoinToken::fromText(text), token);
  EXPECT_EQ(*JoinToken::fromText(" \n" + text + "\r\n"), token);
}

TEST(JoinTokenTest, ACutOrChangedTextIsNoToken) {
  const auto text = sample().text();
  for (size_t i = 0; i < text.size(); ++i) {
    EXPECT_FALSE(JoinToken::fromText(text.substr(0, i))) << i;
    auto changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    const auto read = JoinToken::fromText(changed);
    // The last character may hold bits that no byte takes.
    EXPECT_TRUE(!read || i + 1 == text.size()) << i;
  }
  EXPECT_FALSE(JoinToken::fromText(text + "AAAA"));
  EXPECT_FALSE(JoinToken::fromText("univrs1." + std::string(10'000, 'A')));
  EXPECT_FALSE(JoinToken::fromText("univrs1.not a token"));
  EXPECT_NE(JoinToken::fromText("eyJhbGciOi").error().text().find("univrs1."), std::string::npos);
}

TEST(JoinTokenTest, ALaterVersionSaysUpdate) {
  auto bytes = *base::fromHex("890200");
  const auto r = JoinToken::fromText("univrs1." + base::base64Url(bytes));
  ASSERT_FALSE(r);
  EXPECT_NE(r.error().text().find("update"), std::string::npos);
}

TEST(JoinMessageTest, ReadBack) {
  JoinNonce nonce{};
  nonce.fill(4);
  EXPECT_EQ(*parseChallenge(encodeChallenge(nonce)), nonce);
  JoinRequest request;
  request.token.fill(1);
  request.nonce.fill(2);
  request.proof.fill(3);
  request.nodeName = "Lübeck";
  EXPECT_EQ(*parseJoinRequest(encodeJoinRequest(request)), request);
  JoinRequest renewal;
  renewal.renewal = true;
  EXPECT_EQ(*parseJoinRequest(encodeJoinRequest(renewal)), renewal);
  JoinGranted granted;
  granted.authority.fill(5);
  granted.certificate = {1, 2, 3};
  granted.revocations = {4};
  granted.proof.fill(6);
  EXPECT_EQ(*parseJoinAnswer(encodeJoinAnswer(granted)), JoinAnswer(granted));
  const JoinRefused refused{JoinRefused::Code::UsedUp, "used up"};
  EXPECT_EQ(*parseJoinAnswer(encodeJoinAnswer(refused)), JoinAnswer(refused));
}

TEST(JoinMessageTest, CutMessagesAreRefused) {
  JoinRequest request;
  request.nodeName = "worker";
  JoinGranted granted;
  granted.certificate = {1, 2, 3};
  const auto one = encodeJoinRequest(request), two = encodeJoinAnswer(granted), three = encodeChallenge({});
  for (size_t i = 0; i < one.size(); ++i) {
    EXPECT_FALSE(parseJoinRequest(std::span(one).first(i)));
  }
  for (size_t i = 0; i < two.size(); ++i) {
    EXPECT_FALSE(parseJoinAnswer(std::span(two).first(i)));
  }
  for (size_t i = 0; i < three.size(); ++i) {
    EXPECT_FALSE(parseChallenge(std::span(three).first(i)));
  }
  EXPECT_FALSE(parseJoinRequest(two));
  EXPECT_FALSE(parseJoinAnswer(three));
}

TEST(JoinProofTest, IsBoundToBothNodesAndBothNonces) {
  TokenSecret secret{};
  secret.fill(1);
  JoinBinding binding;
  binding.joiner = idOf(newIdentity());
  binding.admitter = idOf(newIdentity());
  binding.joinerNonce.fill(2);
  binding.admitterNonce.fill(3);
  const auto proof = proofOfJoiner(secret, binding);
  EXPECT_TRUE(same(proof, proofOfJoiner(secret, binding)));
  auto other = binding;
  other.joiner = idOf(newIdentity());
  EXPECT_FALSE(same(proof, proofOfJoiner(secret, other)));
  other = binding;
  std::swap(other.joiner, other.admitter);
  EXPECT_FALSE(same(proof, proofOfJoiner(secret, other)));
  other = binding;
  other.admitterNonce.fill(4);
  EXPECT_FALSE(same(proof, proofOfJoiner(secret, other)));
  other = binding;
  other.joinerNonce.fill(4);
  EXPECT_FALSE(same(proof, proofOfJoiner(secret, other)));
  TokenSecret wrong = secret;
  wrong[15] ^= 1;
  EXPECT_FALSE(same(proof, proofOfJoiner(wrong, binding)));
  // What one side says cannot be sent back as the other's.
  EXPECT_FALSE(same(proof, proofOfAdmitter(secret, binding, {}, {})));
}

TEST(JoinProofTest, OneSecretGivesOneTokenARole) {
  const auto worker = tokenOfSharedSecret("correct horse", Roles(Role::Worker));
  EXPECT_EQ(worker.id, tokenOfSharedSecret("correct horse", Roles(Role::Worker)).id);
  EXPECT_EQ(worker.secret, tokenOfSharedSecret("correct horse", Roles(Role::Worker)).secret);
  EXPECT_NE(worker.id, tokenOfSharedSecret("correct horse", kAllRoles).id);
  EXPECT_NE(worker.secret, tokenOfSharedSecret("correct horsf", Roles(Role::Worker)).secret);
}

TEST(RolesTest, ReadAndNamed) {
  EXPECT_EQ(*rolesFromText("worker"), Roles(Role::Worker));
  EXPECT_EQ(*rolesFromText("worker,control"), kAllRoles);
  EXPECT_EQ(roleNames(kAllRoles), (std::vector<std::string>{"control", "worker"}));
  for (const char* wrong : {"", "boss", "worker,", ",worker", "Worker"}) {
    EXPECT_FALSE(rolesFromText(wrong)) << wrong;
  }
}

} // namespace univrs::cluster::tests
