// Keys and a store for tests of admission.
#pragma once

#include "engine/cluster/authority.h"
#include "engine/cluster/member_book.h"
#include "engine/p2p/peer_key.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

namespace univrs::cluster::tests {

inline p2p::Identity newIdentity() {
  std::string name = (std::filesystem::temp_directory_path() / "univrs-cluster-XXXXXX").string();
  EXPECT_NE(::mkdtemp(name.data()), nullptr);
  auto identity = p2p::Identity::loadOrCreate(name + "/key");
  std::filesystem::remove_all(name);
  return std::move(identity).value();
}

inline p2p::PeerId idOf(const p2p::Identity& identity) {
  return p2p::PeerKey::fromEd25519(identity.publicKey()).peerId();
}

inline TokenWish usable(uint32_t times) {
  TokenWish out;
  out.uses = times;
  return out;
}

inline constexpr base::Timestamp kNow{1'800'000'000'000};
inline constexpr base::Millis kHour{3'600'000};

// An authority with its store, a joiner, and the talk between them.
struct ClusterFixture : ::testing::Test {
  p2p::Identity key = newIdentity();
  p2p::PeerId admitter = idOf(newIdentity());
  std::unique_ptr<store::StateStore> store = store::openMemoryStore();
  base::SeededRandom random{7};
  Authority authority = std::move(Authority::open(key, *store)).value();

  JoinToken token(TokenWish wish = {}) {
    auto made = authority.createToken(wish, random, kNow);
    EXPECT_TRUE(made) << made.error().text();
    return std::move(made).value();
  }
  JoinBinding binding(const p2p::PeerId& joiner) {
    JoinBinding out;
    out.joiner = joiner;
    out.admitter = admitter;
    random.fill(out.joinerNonce);
    random.fill(out.admitterNonce);
    return out;
  }
  static JoinRequest request(const JoinToken& token, const JoinBinding& binding) {
    JoinRequest out;
    out.token = token.id;
    out.nonce = binding.joinerNonce;
    out.proof = proofOfJoiner(token.secret, binding);
    out.nodeName = "worker-1";
    return out;
  }
  JoinAnswer join(const JoinToken& token, const p2p::PeerId& joiner, base::Timestamp now = kNow) {
    const auto b = binding(joiner);
    auto answer = authority.admit(request(token, b), b, now);
    EXPECT_TRUE(answer) << answer.error().text();
    return std::move(answer).value();
  }
  Certificate joined(const JoinToken& token, const p2p::PeerId& joiner, base::Timestamp now = kNow) {
    const auto answer = join(token, joiner, now);
    const auto* granted = std::get_if<JoinGranted>(&answer);
    EXPECT_NE(granted, nullptr);
    return granted ? openCertificate(key.publicKey(), granted->certificate).value() : Certificate();
  }
};

// Why a joiner was refused; nothing when it was not.
inline std::optional<JoinRefused::Code> refusal(const JoinAnswer& answer) {
  const auto* refused = std::get_if<JoinRefused>(&answer);
  return refused ? std::optional(refused->code) : std::nullopt;
}

} // namespace univrs::cluster::tests
