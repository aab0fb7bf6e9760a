#include "engine/cluster/member_book.h"

#include "engine/cluster/cbor.h"

#include <utility>

namespace univrs::cluster {

namespace {
constexpr uint64_t kVersion = 1;
constexpr uint64_t kHello = 1;
constexpr uint64_t kRevocations = 2;

base::Error notTaken(std::string why) {
  return base::makeError(base::ErrorCode::Forbidden, "the membership certificate was not accepted", std::move(why));
}
} // namespace

base::Bytes encodeMemberMessage(const MemberMessage& message) {
  CborWriter out;
  if (const auto* hello = std::get_if<MemberHello>(&message)) {
    out.array(4).number(kVersion).number(kHello).bytes(hello->certificate).number(hello->revocations).end();
  } else {
    out.array(3).number(kVersion).number(kRevocations).bytes(std::get<MemberRevocations>(message).list).end();
  }
  return out.take();
}

base::Result<MemberMessage> parseMemberMessage(std::span<const uint8_t> message) {
  const auto malformed = [] {
    return base::makeError(base::ErrorCode::BadRequest, "what a node said of its membership was not understood");
  };
  if (message.size() > kMaxMemberMessage) {
    return malformed();
  }
  CborReader in(message);
  const size_t fields = in.array(4);
  const uint64_t version = in.number();
  const uint64_t kind = in.number();
  MemberMessage out;
  if (kind == kHello) {
    MemberHello hello;
    hello.certificate = in.bytes(kMaxCertificate);
    hello.revocations = in.number();
    out = std::move(hello);
  } else {
    out = MemberRevocations{in.bytes(Revocations::kMaxBytes)};
  }
  in.end();
  const bool known = (kind == kHello && fields == 4) || (kind == kRevocations && fields == 3);
  if (!known || version != kVersion || !in.finished()) {
    return malformed();
  }
  return out;
}

base::Result<MemberBook> MemberBook::open(const p2p::PublicKey& authority, const p2p::PeerId& self, base::Bytes own) {
  MemberBook out;
  out.m_authority = authority;
  out.m_self = self;
  out.m_revocations.cluster = clusterIdOf(authority);
  if (auto r = out.renew(std::move(own)); !r) {
    return r.error();
  }
  return out;
}

base::Result<void> MemberBook::renew(base::Bytes own) {
  auto certificate = openCertificate(m_authority, own);
  if (!certificate) {
    return certificate.error();
  }
  if (certificate->peer != m_self) {
    return notTaken("it is another node's, " + certificate->peer.text());
  }
  if (certificate->serial < m_own.serial) {
    return notTaken("it is older than the present one");
  }
  m_own = std::move(*certificate);
  m_ownSealed = std::move(own);
  return {};
}

base::Result<Certificate> MemberBook::present(const p2p::PeerId& peer, std::span<const uint8_t> document,
                                              base::Timestamp now) {
  auto certificate = openCertificate(m_authority, document);
  if (!certificate) {
    return certificate.error();
  }
  if (auto r = checkValid(*certificate, peer, now); !r) {
    return r.error();
  }
  if (m_revocations.covers(*certificate)) {
    return notTaken("the node was removed from the cluster");
  }
  const auto known = m_peers.find(peer);
  if (known == m_peers.end() && m_peers.size() >= kMaxMembers) {
    return notTaken("too many members are known already");
  }
  if (known != m_peers.end() && known->second.serial > certificate->serial) {
    return known->second; // a newer one was shown on another connection
  }
  m_peers[peer] = *certificate;
  return certificate;
}

const Certificate* MemberBook::certificateOf(const p2p::PeerId& peer, base::Timestamp now) const {
  const auto it = m_peers.find(peer);
  return it != m_peers.end() && it->second.expires > now ? &it->second : nullptr;
}

bool MemberBook::isMember(const p2p::PeerId& peer, base::Timestamp now) const {
  return certificateOf(peer, now) != nullptr;
}

base::Result<MemberBook::Revoked> MemberBook::learn(std::span<const uint8_t> revocations) {
  auto list = openRevocations(m_authority, revocations);
  if (!list) {
    return list.error();
  }
  Revoked out;
  if (list->number <= m_revocations.number) {
    return out;
  }
  out.newer = true;
  m_revocations = std::move(*list);
  m_sealedRevocations.assign(revocations.begin(), revocations.end());
  for (auto it = m_peers.begin(); it != m_peers.end();) {
    if (m_revocations.covers(it->second)) {
      out.peers.push_back(it->first);
      it = m_peers.erase(it);
    } else {
      ++it;
    }
  }
  out.ourselves = isRevoked();
  return out;
}

} // namespace univrs::cluster
