// What a member knows of its cluster: its own certificate, those its peers have shown, and who was revoked. Answers the
// one question everything private to members asks: is this peer one of us, now? Sans-IO.
//
// What is said on /univrs/member/1.0.0, each message a CBOR array with a uvarint length before it, both ways at once:
//   hello        [1, 1, certificate, number of the newest list of revocations]   first; an empty certificate: no member
//   revocations  [1, 2, signed list]                                             whenever the other has an older one
#pragma once

#include "engine/cluster/certificate.h"
#include "engine/cluster/revocations.h"

#include <map>
#include <variant>
#include <vector>

namespace univrs::cluster {

inline constexpr const char* kMemberProtocol = "/univrs/member/1.0.0";
inline constexpr size_t kMaxMemberMessage = Revocations::kMaxBytes + 1'024;

struct MemberHello {
  base::Bytes certificate;
  uint64_t revocations = 0;
  bool operator==(const MemberHello&) const = default;
};
struct MemberRevocations {
  base::Bytes list;
  bool operator==(const MemberRevocations&) const = default;
};
using MemberMessage = std::variant<MemberHello, MemberRevocations>;

base::Bytes encodeMemberMessage(const MemberMessage& message);
base::Result<MemberMessage> parseMemberMessage(std::span<const uint8_t> message);

class MemberBook {
public:
  static constexpr size_t kMaxMembers = 10'000; // whose certificates are kept

  // `own` was given by the authority with this key. Error when it is not a certificate of this node.
  static base::Result<MemberBook> open(const p2p::PublicKey& authority, const p2p::PeerId& self, base::Bytes own);

  [[nodiscard]] const p2p::PublicKey& authority() const { return m_authority; }
  [[nodiscard]] ClusterId cluster() const { return m_own.cluster; }
  [[nodiscard]] const Certificate& own() const { return m_own; }
  [[nodiscard]] const base::Bytes& ownSealed() const { return m_ownSealed; }
  // A new certificate for this node (renewal). Error when it is none, or older than the present one.
  base::Result<void> renew(base::Bytes own);

  // What a peer showed. Errors say why it is not taken for a member: BadRequest, Forbidden.
  base::Result<Certificate> present(const p2p::PeerId& peer, std::span<const uint8_t> certificate, base::Timestamp now);
  [[nodiscard]] bool isMember(const p2p::PeerId& peer, base::Timestamp now) const;
  // The peer's certificate, while it holds.
  [[nodiscard]] const Certificate* certificateOf(const p2p::PeerId& peer, base::Timestamp now) const;
  void forget(const p2p::PeerId& peer) { m_peers.erase(peer); } // it is not connected any more

  // A list from anybody. Answers whom it makes no members any more, among those known; nothing when it is not newer.
  struct Revoked {
    bool newer = false;
    bool ourselves = false;
    std::vector<p2p::PeerId> peers;
  };
  base::Result<Revoked> learn(std::span<const uint8_t> revocations);
  [[nodiscard]] uint64_t revocationsNumber() const { return m_revocations.number; }
  [[nodiscard]] const base::Bytes& revocationsSealed() const { return m_sealedRevocations; }
  [[nodiscard]] bool isRevoked() const { return m_revocations.covers(m_own); }

private:
  MemberBook() = default;
  p2p::PublicKey m_authority{};
  p2p::PeerId m_self;
  Certificate m_own;
  base::Bytes m_ownSealed;
  std::map<p2p::PeerId, Certificate> m_peers;
  Revocations m_revocations;
  base::Bytes m_sealedRevocations;
};

} // namespace univrs::cluster
