// The cluster's authority: makes join tokens, admits who proves to hold one, gives and renews certificates, and
// revokes. What it decides is durable in the store before anybody learns of it: a use of a token cannot be had twice by
// killing the node between the two.
//
// Time and randomness are passed in. Thread: the store's.
#pragma once

#include "engine/base/random.h"
#include "engine/cluster/certificate.h"
#include "engine/cluster/join_message.h"
#include "engine/cluster/revocations.h"
#include "engine/store/state_store.h"

#include <optional>
#include <string>
#include <vector>

namespace univrs::cluster {

// What is kept of a token; the secret never leaves the authority's store again.
struct TokenRecord {
  std::string id; // 16 hex digits
  Roles roles = 0;
  base::Timestamp created;
  base::Timestamp expires; // not set: never (a shared secret)
  uint32_t uses = 0;       // in all; 0: as many as come (a shared secret)
  uint32_t used = 0;       // different nodes admitted with it
  bool revoked = false;
  std::string note; // what it is for, as its maker said
  bool operator==(const TokenRecord&) const = default;
};

struct MemberRecord {
  p2p::PeerId peer;
  std::string name; // as it called itself when it joined
  std::string token;
  base::Timestamp joined;
  Certificate certificate; // the newest
  bool operator==(const MemberRecord&) const = default;
};

struct TokenWish {
  Roles roles = Roles(Role::Worker);
  uint32_t uses = 1;
  base::Millis life{3'600'000};
  std::string note;
  std::vector<p2p::Multiaddr> addresses; // where to join, with /p2p/ID
};

class Authority {
public:
  static constexpr size_t kMaxTokens = 1'000;
  static constexpr uint32_t kMaxUses = 10'000;
  static constexpr base::Millis kMaxLife{int64_t(365) * 24 * 3'600 * 1'000};
  static constexpr size_t kMaxMembers = 10'000;
  static constexpr size_t kMaxNote = 200; // bytes

  // The key and the store outlive it. An error of the store, or Corrupt.
  static base::Result<Authority> open(const p2p::Identity& key, store::StateStore& store);

  [[nodiscard]] const p2p::PublicKey& key() const { return m_key->publicKey(); }
  [[nodiscard]] ClusterId cluster() const { return clusterIdOf(key()); }

  // Errors: Validation (uses, life, note outside their bounds), TooLarge (too many tokens; revoke or let expire).
  base::Result<JoinToken> createToken(const TokenWish& wish, base::Random& random, base::Timestamp now);
  // Newest first.
  [[nodiscard]] base::Result<std::vector<TokenRecord>> tokens();
  // NotFound. Nodes admitted with it stay members.
  base::Result<TokenRecord> revokeToken(const std::string& id, base::Timestamp now);
  // Lets nodes in that share this secret (--join-secret), as workers.
  base::Result<void> admitSharedSecret(std::string_view secret, base::Timestamp now);

  // A request that came with a proof; `binding` is of the stream it came on. An answer either way; an error only when
  // the store fails.
  base::Result<JoinAnswer> admit(const JoinRequest& request, const JoinBinding& binding, base::Timestamp now);
  // This node itself becomes a member, or gets a new certificate.
  base::Result<base::Bytes> admitSelf(const p2p::PeerId& self, const std::string& name, Roles roles,
                                      base::Timestamp now);

  [[nodiscard]] base::Result<std::vector<MemberRecord>> members(); // by PeerId
  // The member's certificates become void; it can come back only with a token. NotFound when it is no member.
  base::Result<void> revokeMember(const p2p::PeerId& peer, base::Timestamp now);
  [[nodiscard]] const base::Bytes& revocations() const { return m_signedRevocations; } // empty: none

private:
  Authority(const p2p::Identity& key, store::StateStore& store) : m_key(&key), m_store(&store) {}
  struct StoredToken;
  base::Result<void> load();
  base::Result<std::optional<StoredToken>> token(const std::string& id);
  base::Result<std::vector<StoredToken>> storedTokens();
  base::Result<std::optional<MemberRecord>> member(const p2p::PeerId& peer);
  base::Result<JoinAnswer> renew(const JoinBinding& binding, base::Timestamp now);
  Certificate certify(const p2p::PeerId& peer, Roles roles, base::Timestamp now);
  // Writes the member with a new certificate and the serial it took; `also` in the same transaction.
  base::Result<base::Bytes> record(const MemberRecord& member, const std::vector<store::Compare>& when,
                                   std::vector<store::Op> also);
  JoinGranted granted(base::Bytes certificate) const;

  const p2p::Identity* m_key;
  store::StateStore* m_store;
  uint64_t m_serial = 0; // of the last certificate
  Revocations m_revocations;
  base::Bytes m_signedRevocations;
};

} // namespace univrs::cluster
