// What people ask of the cluster: who is in it, tokens, removal. The rest of ClusterPart is in cluster_part.cpp.
#include "engine/base/log.h"
#include "engine/node/cluster_part.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace univrs::node {

using base::ErrorCode;
using base::makeError;
using cluster::Authority;
using interfaces::ClusterInfo;
using interfaces::JoinTokenInfo;
using interfaces::Member;
using interfaces::MembershipState;

// Answers come later, never from inside the call.
template <class T>
void ClusterPart::answer(interfaces::Reply<T> reply, base::Result<T> value) {
  QMetaObject::invokeMethod(
      &m_tickTimer, [reply = std::move(reply), value = std::move(value)] { reply(value); }, Qt::QueuedConnection);
}

MembershipState ClusterPart::state() const {
  const auto* book = m_members->book();
  if (m_ticket) {
    return MembershipState::Joining;
  }
  if (book == nullptr) {
    return MembershipState::None;
  }
  if (book->isRevoked()) {
    return MembershipState::Removed;
  }
  return m_authority ? MembershipState::Founder : MembershipState::Member;
}

std::string ClusterPart::summary() const {
  const auto* book = m_members->book();
  const std::string state(interfaces::name(this->state()));
  return book == nullptr ? state : book->cluster().str() + ", " + state;
}

void ClusterPart::clusterInfo(interfaces::Reply<ClusterInfo> reply) {
  ClusterInfo info;
  info.state = state();
  info.problem = m_problem;
  if (const auto* book = m_members->book()) {
    info.id = book->cluster().str();
    info.roles = cluster::roleNames(book->own().roles);
    info.certificateExpires = book->own().expires;
    const auto members = memberList();
    if (!members) {
      return answer(std::move(reply), base::Result<ClusterInfo>(members.error()));
    }
    info.members = int64_t(members->size());
  } else if (m_ticket) {
    if (const auto* token = std::get_if<cluster::JoinToken>(&*m_ticket)) {
      info.id = cluster::clusterIdOf(token->authority).str();
    }
  }
  answer(std::move(reply), base::Result(std::move(info)));
}

base::Result<std::vector<Member>> ClusterPart::memberList() {
  std::vector<Member> out;
  const auto* book = m_members->book();
  if (book == nullptr) {
    return out;
  }
  const auto add = [&](const cluster::Certificate& certificate) -> Member& {
    Member& member = out.emplace_back();
    member.peerId = certificate.peer.text();
    member.roles = cluster::roleNames(certificate.roles);
    member.certificateExpires = certificate.expires;
    member.self = certificate.peer == m_host.id();
    member.connected = member.self || m_members->isMember(certificate.peer);
    return member;
  };
  if (m_authority) {
    const auto members = m_authority->members();
    if (!members) {
      return members.error();
    }
    out.reserve(members->size());
    for (const auto& record : *members) {
      Member& member = add(record.certificate);
      member.name = record.name;
      member.joinedAt = record.joined;
    }
  } else {
    add(book->own()).name = m_options.nodeName;
    for (const p2p::Connection* c : m_host.connections()) {
      const auto* certificate = m_members->certificateOf(c->info().peer);
      const auto known = [&](const Member& m) {
        return certificate != nullptr && m.peerId == certificate->peer.text();
      };
      if (certificate != nullptr && std::none_of(out.begin(), out.end(), known)) {
        add(*certificate);
      }
    }
  }
  std::sort(out.begin(), out.end(), [](const Member& a, const Member& b) {
    return std::tuple(!a.self, !a.connected, a.name, a.peerId) < std::tuple(!b.self, !b.connected, b.name, b.peerId);
  });
  return out;
}

void ClusterPart::listMembers(interfaces::Reply<std::vector<Member>> reply) {
  auto members = memberList();
  if (members && members->size() > kMaxListed) {
    members->resize(kMaxListed);
  }
  answer(std::move(reply), std::move(members));
}

base::Error ClusterPart::noAuthority(const char* what) const {
  const bool member = m_members->book() != nullptr || m_ticket;
  return makeError(
      ErrorCode::Unavailable, what, member ? "this node does not hold the cluster's key" : "this node is in no cluster",
      member ? "ask the node that founded the cluster" : "the first token founds one: univrs token create");
}

JoinTokenInfo ClusterPart::shown(const cluster::TokenRecord& record) const {
  JoinTokenInfo info;
  info.id = record.id;
  info.roles = cluster::roleNames(record.roles);
  info.createdAt = record.created;
  info.expiresAt = record.expires;
  info.uses = record.uses;
  info.used = record.used;
  info.note = record.note;
  const bool expired = record.expires.isSet() && record.expires <= m_clock.now().wall;
  info.state = record.revoked                                   ? "revoked"
               : expired                                        ? "expired"
               : record.uses != 0 && record.used >= record.uses ? "used_up"
                                                                : "valid";
  return info;
}

void ClusterPart::listTokens(interfaces::Reply<std::vector<JoinTokenInfo>> reply) {
  using Answer = base::Result<std::vector<JoinTokenInfo>>;
  if (!m_authority) {
    return answer(std::move(reply), Answer(noAuthority("the join tokens cannot be listed")));
  }
  const auto tokens = m_authority->tokens();
  if (!tokens) {
    return answer(std::move(reply), Answer(tokens.error()));
  }
  std::vector<JoinTokenInfo> out;
  out.reserve(tokens->size());
  for (const auto& record : *tokens) {
    out.push_back(shown(record));
  }
  answer(std::move(reply), Answer(std::move(out)));
}

base::Result<void> ClusterPart::checkToken(const Wish& wish) const {
  if (const auto roles = cluster::rolesFromText(wish.roles); !roles) {
    return roles.error();
  }
  if (!m_authority && (m_members->book() != nullptr || m_ticket)) {
    return noAuthority("no join token was made");
  }
  if (joinAddresses().empty()) {
    return makeError(ErrorCode::Unavailable, "no join token was made", "this node has no address others could reach",
                     "let it listen: --listen");
  }
  return {};
}

// Where a new node should ask: best first, loopback only when there is nothing else.
std::vector<p2p::Multiaddr> ClusterPart::joinAddresses() const {
  auto addresses = m_host.addresses();
  const bool far = std::any_of(addresses.begin(), addresses.end(), [](const auto& a) { return !a.isLoopback(); });
  std::erase_if(addresses, [far](const auto& a) { return far && a.isLoopback(); });
  std::stable_sort(addresses.begin(), addresses.end(), [](const auto& a, const auto& b) {
    const auto rank = [](const p2p::Multiaddr& m) {
      return std::tuple(m.isPrivate(), m.isRelayed(), m.isIp6(), !m.isQuicV1());
    };
    return rank(a) < rank(b);
  });
  if (addresses.size() > cluster::JoinToken::kMaxAddresses) {
    addresses.resize(cluster::JoinToken::kMaxAddresses);
  }
  for (auto& address : addresses) {
    address = address.withPeer(m_host.id());
  }
  return addresses;
}

base::Result<ClusterPart::Made> ClusterPart::createToken(const Wish& wish) {
  if (auto r = checkToken(wish); !r) {
    return r.error();
  }
  if (!m_authority) {
    if (auto r = found(); !r) {
      return r.error();
    }
  }
  cluster::TokenWish asked;
  asked.roles = *cluster::rolesFromText(wish.roles);
  asked.uses = uint32_t(std::clamp<int64_t>(wish.uses, 0, UINT32_MAX));
  asked.life = base::Millis(std::clamp<int64_t>(wish.ttlSeconds, 0, Authority::kMaxLife.count()) * 1'000);
  asked.note = wish.note;
  asked.addresses = joinAddresses();
  const auto now = m_clock.now().wall;
  const auto token = m_authority->createToken(asked, m_random, now);
  if (!token) {
    return token.error();
  }
  auto info = findToken(base::hex(token->id));
  if (!info) {
    return info.error();
  }
  return Made{token->text(), std::move(*info)};
}

base::Result<JoinTokenInfo> ClusterPart::findToken(const std::string& id) {
  if (!m_authority) {
    return noAuthority("there is no such join token");
  }
  const auto tokens = m_authority->tokens();
  if (!tokens) {
    return tokens.error();
  }
  for (const auto& record : *tokens) {
    if (record.id == id) {
      return shown(record);
    }
  }
  return makeError(ErrorCode::NotFound, "there is no join token \"" + id + "\"", {}, "see: univrs token list");
}

base::Result<void> ClusterPart::revokeToken(const std::string& id) {
  if (!m_authority) {
    return noAuthority("no join token was revoked");
  }
  const auto r = m_authority->revokeToken(id, m_clock.now().wall);
  return r ? base::Result<void>() : base::Result<void>(r.error());
}

base::Result<Member> ClusterPart::findMember(const std::string& ref) {
  if (!m_authority) {
    return noAuthority("no member can be removed");
  }
  const auto members = memberList();
  if (!members) {
    return members.error();
  }
  const Member* found = nullptr;
  for (const auto& member : *members) {
    const bool prefix = ref.size() >= kMinPrefix && member.peerId.compare(0, ref.size(), ref) == 0;
    if (member.peerId == ref) {
      return member;
    }
    if (member.name == ref || prefix) {
      if (found != nullptr) {
        return makeError(ErrorCode::Conflict, "\"" + ref + "\" is more than one member", {}, "give the whole PeerId");
      }
      found = &member;
    }
  }
  if (found == nullptr) {
    return makeError(ErrorCode::NotFound, "no member of the cluster is \"" + ref + "\"", {}, "see: univrs members");
  }
  return *found;
}

base::Result<void> ClusterPart::removeMember(const std::string& peerId) {
  if (!m_authority) {
    return noAuthority("no member was removed");
  }
  const auto peer = p2p::PeerId::fromText(peerId);
  if (!peer) {
    return peer.error();
  }
  if (auto r = m_authority->revokeMember(*peer, m_clock.now().wall); !r) {
    return r;
  }
  return m_members->learn(m_authority->revocations());
}

} // namespace univrs::node
