#include "engine/cluster/authority.h"

#include "engine/cluster/authority_records.h"

#include <algorithm>
#include <charconv>

namespace univrs::cluster {

using base::ErrorCode;
using base::makeError;

// A record with what only the store knows of it.
struct Authority::StoredToken {
  TokenRecord record;
  TokenSecret secret{};
  int64_t revision = 0;
};

namespace {
std::string keyOf(std::string_view prefix, std::string_view id) {
  return std::string(prefix) + std::string(id);
}

bool over(const TokenRecord& token, base::Timestamp now) {
  return token.revoked || (token.expires.isSet() && token.expires <= now);
}

JoinAnswer refuse(JoinRefused::Code code, std::string text) {
  return JoinRefused{code, std::move(text)};
}
} // namespace

base::Result<Authority> Authority::open(const p2p::Identity& key, store::StateStore& store) {
  Authority out(key, store);
  if (auto r = out.load(); !r) {
    return r.error();
  }
  return out;
}

base::Result<void> Authority::load() {
  const auto serial = m_store->get(kSerialKey);
  if (!serial) {
    return serial.error();
  }
  if (*serial) {
    const std::string& text = (*serial)->value;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), m_serial);
    if (error != std::errc() || end != text.data() + text.size()) {
      return corruptRecord(kSerialKey, "it is no number");
    }
  }
  m_revocations.cluster = cluster();
  const auto revocations = m_store->get(kRevocationsKey);
  if (!revocations) {
    return revocations.error();
  }
  if (*revocations) {
    auto bytes = base::fromBase64((*revocations)->value);
    if (!bytes) {
      return corruptRecord(kRevocationsKey, "it is not base64");
    }
    auto list = openRevocations(key(), *bytes);
    if (!list) {
      return corruptRecord(kRevocationsKey, list.error().text());
    }
    m_revocations = std::move(*list);
    m_signedRevocations = std::move(*bytes);
  }
  return {};
}

base::Result<std::vector<Authority::StoredToken>> Authority::storedTokens() {
  const auto page = m_store->list(kTokenPrefix);
  if (!page) {
    return page.error();
  }
  std::vector<StoredToken> out;
  out.reserve(page->entries.size());
  for (const auto& entry : page->entries) {
    auto read = tokenFromText(entry.key, entry.value);
    if (!read) {
      return read.error();
    }
    out.push_back({std::move(read->first), read->second, entry.modRevision});
  }
  return out;
}

base::Result<std::optional<Authority::StoredToken>> Authority::token(const std::string& id) {
  const std::string key = keyOf(kTokenPrefix, id);
  const auto entry = m_store->get(key);
  if (!entry) {
    return entry.error();
  }
  if (!*entry) {
    return std::optional<StoredToken>();
  }
  auto read = tokenFromText(key, (*entry)->value);
  if (!read) {
    return read.error();
  }
  return std::optional(StoredToken{std::move(read->first), read->second, (*entry)->modRevision});
}

base::Result<std::vector<TokenRecord>> Authority::tokens() {
  auto stored = storedTokens();
  if (!stored) {
    return stored.error();
  }
  std::vector<TokenRecord> out;
  out.reserve(stored->size());
  for (auto& s : *stored) {
    out.push_back(std::move(s.record));
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.created > b.created; });
  return out;
}

base::Result<JoinToken> Authority::createToken(const TokenWish& wish, base::Random& random, base::Timestamp now) {
  const std::string what = "no join token was made";
  if (wish.roles == 0 || wish.roles > kAllRoles) {
    return makeError(ErrorCode::Validation, what, "a member needs a role", "give worker, control or control,worker");
  }
  if (wish.uses == 0 || wish.uses > kMaxUses) {
    return makeError(ErrorCode::Validation, what,
                     std::to_string(wish.uses) + " uses is outside 1…" + std::to_string(kMaxUses));
  }
  if (wish.life < base::Millis(1'000) || wish.life > kMaxLife) {
    return makeError(ErrorCode::Validation, what, "it would last " + base::humanDuration(wish.life),
                     "give between 1 second and 365 days");
  }
  if (wish.note.size() > kMaxNote || !base::isUtf8(wish.note)) {
    return makeError(ErrorCode::Validation, what, "the note is longer than 200 bytes, or no text");
  }
  const auto known = storedTokens();
  if (!known) {
    return known.error();
  }
  // Those that are over make room when there is none.
  std::vector<store::Op> ops;
  if (known->size() >= kMaxTokens) {
    for (const auto& t : *known) {
      if (over(t.record, now)) {
        ops.push_back(store::Op::remove(keyOf(kTokenPrefix, t.record.id)));
      }
    }
    if (ops.empty()) {
      return makeError(ErrorCode::TooLarge, what, "there are " + std::to_string(known->size()) + " valid ones already",
                       "revoke some");
    }
  }
  JoinToken out;
  out.authority = key();
  out.roles = wish.roles;
  out.expires = now + wish.life;
  out.uses = wish.uses;
  random.fill(out.id);
  random.fill(out.secret);
  out.addresses = wish.addresses;
  if (out.addresses.size() > JoinToken::kMaxAddresses) {
    out.addresses.resize(JoinToken::kMaxAddresses);
  }
  TokenRecord record;
  record.id = base::hex(out.id);
  record.roles = wish.roles;
  record.created = now;
  record.expires = out.expires;
  record.uses = wish.uses;
  record.note = wish.note;
  const std::string key = keyOf(kTokenPrefix, record.id);
  ops.push_back(store::Op::put(key, tokenToText(record, out.secret)));
  if (const auto r = m_store->transact({{key, 0}}, ops); !r) {
    return r.error();
  }
  return out;
}

base::Result<TokenRecord> Authority::revokeToken(const std::string& id, base::Timestamp) {
  auto found = token(id);
  if (!found) {
    return found.error();
  }
  if (!*found) {
    return makeError(ErrorCode::NotFound, "there is no join token " + id);
  }
  auto& record = (*found)->record;
  if (!record.revoked) {
    record.revoked = true;
    const auto r =
        m_store->compareAndSwap(keyOf(kTokenPrefix, id), (*found)->revision, tokenToText(record, (*found)->secret));
    if (!r) {
      return r.error();
    }
  }
  return record;
}

base::Result<void> Authority::admitSharedSecret(std::string_view secret, base::Timestamp now) {
  const SharedToken shared = tokenOfSharedSecret(secret, Roles(Role::Worker));
  TokenRecord record;
  record.id = base::hex(shared.id);
  record.roles = Roles(Role::Worker);
  record.created = now;
  record.note = "shared secret";
  auto known = token(record.id);
  if (!known) {
    return known.error();
  }
  if (*known) {
    return {}; // also when it was revoked: a restart does not bring it back
  }
  const auto r = m_store->put(keyOf(kTokenPrefix, record.id), tokenToText(record, shared.secret));
  return r ? base::Result<void>() : base::Result<void>(r.error());
}

base::Result<std::optional<MemberRecord>> Authority::member(const p2p::PeerId& peer) {
  const std::string key = keyOf(kMemberPrefix, peer.text());
  const auto entry = m_store->get(key);
  if (!entry) {
    return entry.error();
  }
  if (!*entry) {
    return std::optional<MemberRecord>();
  }
  auto read = memberFromText(key, (*entry)->value, this->key());
  if (!read) {
    return read.error();
  }
  return std::optional(std::move(*read));
}

base::Result<std::vector<MemberRecord>> Authority::members() {
  const auto page = m_store->list(kMemberPrefix);
  if (!page) {
    return page.error();
  }
  std::vector<MemberRecord> out;
  out.reserve(page->entries.size());
  for (const auto& entry : page->entries) {
    auto read = memberFromText(entry.key, entry.value, key());
    if (!read) {
      return read.error();
    }
    out.push_back(std::move(*read));
  }
  return out;
}

// Never issued at or before the time up to which the peer's earlier ones are void.
Certificate Authority::certify(const p2p::PeerId& peer, Roles roles, base::Timestamp now) {
  Certificate out;
  out.cluster = cluster();
  out.peer = peer;
  out.roles = roles;
  out.issued = now;
  if (const auto it = m_revocations.voidUntil.find(peer); it != m_revocations.voidUntil.end()) {
    out.issued = std::max(out.issued, it->second + base::Millis(1));
  }
  out.expires = out.issued + kCertificateLife;
  out.serial = m_serial + 1;
  return out;
}

base::Result<base::Bytes> Authority::record(const MemberRecord& member, const std::vector<store::Compare>& when,
                                            std::vector<store::Op> also) {
  const base::Bytes sealed = sealCertificate(*m_key, member.certificate);
  also.push_back(store::Op::put(std::string(kSerialKey), std::to_string(member.certificate.serial)));
  also.push_back(store::Op::put(keyOf(kMemberPrefix, member.peer.text()), memberToText(member, sealed)));
  if (const auto r = m_store->transact(when, also); !r) {
    return r.error();
  }
  m_serial = member.certificate.serial;
  return sealed;
}

JoinGranted Authority::granted(base::Bytes certificate) const {
  JoinGranted out;
  out.authority = key();
  out.certificate = std::move(certificate);
  out.revocations = m_signedRevocations;
  return out;
}

base::Result<JoinAnswer> Authority::renew(const JoinBinding& binding, base::Timestamp now) {
  auto known = member(binding.joiner);
  if (!known) {
    return known.error();
  }
  if (!*known) {
    return refuse(JoinRefused::Code::BadToken, "this node is no member of the cluster");
  }
  const Certificate old = (*known)->certificate;
  if (m_revocations.covers(old)) {
    return refuse(JoinRefused::Code::Revoked, "this node was removed from the cluster");
  }
  if (old.expires <= now) {
    return refuse(JoinRefused::Code::Expired, "this node's certificate ran out; it needs a new join token");
  }
  (*known)->certificate = certify(binding.joiner, old.roles, now);
  (*known)->certificate.operatorKey = old.operatorKey;
  auto sealed = record(**known, {}, {});
  if (!sealed) {
    return sealed.error();
  }
  return JoinAnswer(granted(std::move(*sealed)));
}

base::Result<JoinAnswer> Authority::admit(const JoinRequest& request, const JoinBinding& binding, base::Timestamp now) {
  using Code = JoinRefused::Code;
  if (request.renewal) {
    return renew(binding, now);
  }
  const std::string id = base::hex(request.token);
  auto found = token(id);
  if (!found) {
    return found.error();
  }
  // Who does not hold the secret learns nothing about the token, not even that there is one.
  if (!*found || !same(request.proof, proofOfJoiner((*found)->secret, binding))) {
    return refuse(Code::BadToken, "the token is not one of this cluster");
  }
  TokenRecord& token = (*found)->record;
  if (token.revoked) {
    return refuse(Code::Revoked, "the token was revoked");
  }
  if (token.expires.isSet() && token.expires <= now) {
    return refuse(Code::Expired, "the token was valid until " + token.expires.iso());
  }
  auto known = member(binding.joiner);
  if (!known) {
    return known.error();
  }
  // A node that asks again with its token, because the answer was lost or its data folder, does not use it up twice.
  const bool again = *known && (*known)->token == id && !m_revocations.covers((*known)->certificate);
  if (!again && token.uses != 0 && token.used >= token.uses) {
    return refuse(Code::UsedUp, "the token was used as often as it may be, " + std::to_string(token.uses) + " times");
  }
  if (!*known) {
    const auto all = m_store->list(kMemberPrefix, {}, kMaxMembers);
    if (!all) {
      return all.error();
    }
    if (all->entries.size() >= kMaxMembers) {
      return refuse(Code::Busy, "the cluster has " + std::to_string(kMaxMembers) + " members and takes no more");
    }
  }
  MemberRecord member;
  member.peer = binding.joiner;
  member.name = request.nodeName;
  member.token = id;
  member.joined = *known ? (*known)->joined : now;
  member.certificate = certify(binding.joiner, token.roles, now);
  std::vector<store::Op> ops;
  if (!again) {
    token.used++;
    ops.push_back(store::Op::put(keyOf(kTokenPrefix, id), tokenToText(token, (*found)->secret)));
  }
  auto sealed = record(member, {{keyOf(kTokenPrefix, id), (*found)->revision}}, std::move(ops));
  if (!sealed) {
    return sealed.error();
  }
  JoinGranted out = granted(std::move(*sealed));
  out.proof = proofOfAdmitter((*found)->secret, binding, out.authority, out.certificate);
  return JoinAnswer(std::move(out));
}

base::Result<base::Bytes> Authority::admitSelf(const p2p::PeerId& self, const std::string& name, Roles roles,
                                               base::Timestamp now) {
  auto known = member(self);
  if (!known) {
    return known.error();
  }
  MemberRecord record;
  record.peer = self;
  record.name = name;
  record.joined = *known ? (*known)->joined : now;
  record.certificate = certify(self, roles, now);
  return this->record(record, {}, {});
}

base::Result<void> Authority::revokeMember(const p2p::PeerId& peer, base::Timestamp now) {
  auto known = member(peer);
  if (!known) {
    return known.error();
  }
  if (!*known) {
    return makeError(ErrorCode::NotFound, "no member of the cluster has the id " + peer.text());
  }
  Revocations next = m_revocations;
  next.number++;
  // A certificate of this very moment is void too; none is issued in the future but after a revocation.
  next.voidUntil[peer] = std::max(now, (*known)->certificate.issued);
  // What no valid certificate can be covered by any more is forgotten.
  std::erase_if(next.voidUntil, [&](const auto& e) { return e.second + kCertificateLife + kClockSkew < now; });
  if (next.voidUntil.size() > Revocations::kMaxEntries) {
    return makeError(ErrorCode::TooLarge, "the node was not removed", "too many were removed within 30 days");
  }
  base::Bytes sealed = sealRevocations(*m_key, next);
  const auto r = m_store->transact({}, {store::Op::put(std::string(kRevocationsKey), base::base64(sealed)),
                                        store::Op::remove(keyOf(kMemberPrefix, peer.text()))});
  if (!r) {
    return r.error();
  }
  m_revocations = std::move(next);
  m_signedRevocations = std::move(sealed);
  return {};
}

} // namespace univrs::cluster
