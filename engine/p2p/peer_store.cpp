#include "engine/p2p/peer_store.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace univrs::p2p {

namespace {

constexpr size_t kMaxFactText = 256;           // agent and protocol version, bytes
constexpr size_t kMaxProtocolText = 256;       // one protocol name, bytes
constexpr size_t kMaxSignedRecord = 16u << 10; // bytes
constexpr uint32_t kMaxFailures = 1'000;
// An address that worked once is kept this long after it last did.
constexpr base::Millis kWorkedAge{30LL * 24 * 3600 * 1000};

// Less is better.
auto rank(const KnownAddress& a) {
  const bool works = a.worked.isSet() && a.failures == 0;
  return std::make_tuple(!works, a.failures, -int(a.source), !a.address.isQuicV1(), a.address.isRelayed(), -a.learnt.ms,
                         a.address);
}

// What goes first when there is no room: what never worked, then the less sure, then the older.
auto worth(const KnownAddress& a) {
  return std::make_tuple(a.source == AddrSource::Operator, a.worked.isSet(), int(a.source), a.worked.ms, a.learnt.ms);
}

bool tooOld(const KnownAddress& a, base::Timestamp now) {
  if (a.source == AddrSource::Operator) {
    return false;
  }
  return a.worked.isSet() ? now - a.worked > kWorkedAge : now - a.learnt > PeerStore::kAddressAge;
}

void cut(std::string& text, size_t limit) {
  if (text.size() > limit) {
    text.resize(limit);
  }
  if (!base::isUtf8(text)) {
    text.clear(); // shown to people and written as JSON
  }
}

} // namespace

PeerStore::Entry* PeerStore::entry(const PeerId& peer, base::Timestamp now) {
  if (peer.empty()) {
    return nullptr;
  }
  if (const auto it = m_peers.find(peer); it != m_peers.end()) {
    it->second.touched = std::max(it->second.touched, now);
    return &it->second;
  }
  if (m_peers.size() >= kMaxPeers && !makeRoom()) {
    return nullptr;
  }
  Entry& made = m_peers[peer];
  made.touched = now;
  return &made;
}

// Pushes out the peer we would miss least: never one in use, and one that ever worked only after all others.
bool PeerStore::makeRoom() {
  auto victim = m_peers.end();
  std::tuple<bool, int64_t> least;
  for (auto it = m_peers.begin(); it != m_peers.end(); ++it) {
    if (it->second.inUse) {
      continue;
    }
    const bool kept = std::any_of(it->second.addresses.begin(), it->second.addresses.end(),
                                  [](const auto& a) { return a.worked.isSet() || a.source == AddrSource::Operator; });
    const std::tuple<bool, int64_t> value(kept, it->second.touched.ms);
    if (victim == m_peers.end() || value < least) {
      victim = it;
      least = value;
    }
  }
  if (victim == m_peers.end()) {
    return false;
  }
  m_peers.erase(victim);
  return true;
}

KnownAddress* PeerStore::place(Entry& entry, const Multiaddr& address, AddrSource source, base::Timestamp now) {
  for (KnownAddress& known : entry.addresses) {
    if (known.address == address) {
      known.source = std::max(known.source, source);
      known.learnt = std::max(known.learnt, now);
      return &known;
    }
  }
  KnownAddress fresh;
  fresh.address = address;
  fresh.source = source;
  fresh.learnt = now;
  if (entry.addresses.size() < kMaxAddressesPerPeer) {
    return &entry.addresses.emplace_back(std::move(fresh));
  }
  const auto victim = std::min_element(entry.addresses.begin(), entry.addresses.end(),
                                       [](const auto& a, const auto& b) { return worth(a) < worth(b); });
  if (worth(fresh) <= worth(*victim)) {
    return nullptr;
  }
  *victim = std::move(fresh);
  return &*victim;
}

void PeerStore::addAddresses(const PeerId& peer, const std::vector<Multiaddr>& addresses, AddrSource source,
                             base::Timestamp now) {
  Entry* known = nullptr;
  for (const Multiaddr& address : addresses) {
    const auto named = address.peer();
    const Multiaddr plain = address.withoutPeer();
    if (plain.empty() || (named && *named != peer)) {
      continue;
    }
    if (known == nullptr) {
      known = entry(peer, now);
    }
    if (known == nullptr) {
      return;
    }
    place(*known, plain, source, now);
  }
}

void PeerStore::addressWorked(const PeerId& peer, const Multiaddr& address, base::Timestamp now) {
  Entry* known = entry(peer, now);
  const Multiaddr plain = address.withoutPeer();
  if (known == nullptr || plain.empty()) {
    return;
  }
  if (KnownAddress* at = place(*known, plain, AddrSource::Connected, now)) {
    at->worked = now;
    at->failures = 0;
  }
}

void PeerStore::addressFailed(const PeerId& peer, const Multiaddr& address, base::Timestamp now) {
  const auto it = m_peers.find(peer);
  if (it == m_peers.end()) {
    return;
  }
  const Multiaddr plain = address.withoutPeer();
  for (KnownAddress& known : it->second.addresses) {
    if (known.address == plain) {
      known.failed = now;
      known.failures = std::min(known.failures + 1, kMaxFailures);
    }
  }
}

std::vector<KnownAddress> PeerStore::addresses(const PeerId& peer) const {
  const auto it = m_peers.find(peer);
  if (it == m_peers.end()) {
    return {};
  }
  std::vector<KnownAddress> out = it->second.addresses;
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return out;
}

void PeerStore::setFacts(const PeerId& peer, PeerFacts facts) {
  Entry* known = entry(peer, facts.seen);
  if (known == nullptr) {
    return;
  }
  cut(facts.agent, kMaxFactText);
  cut(facts.protocolVersion, kMaxFactText);
  std::erase_if(facts.protocols,
                [](const std::string& p) { return p.empty() || p.size() > kMaxProtocolText || !base::isUtf8(p); });
  if (facts.protocols.size() > kMaxProtocolsPerPeer) {
    facts.protocols.resize(kMaxProtocolsPerPeer);
  }
  if (facts.signedRecord.size() > kMaxSignedRecord) {
    facts.signedRecord.clear();
  }
  known->facts = std::move(facts);
}

const PeerFacts* PeerStore::facts(const PeerId& peer) const {
  const auto it = m_peers.find(peer);
  return it == m_peers.end() ? nullptr : &it->second.facts;
}

bool PeerStore::speaks(const PeerId& peer, const std::string& protocol) const {
  const PeerFacts* known = facts(peer);
  return known != nullptr &&
         std::find(known->protocols.begin(), known->protocols.end(), protocol) != known->protocols.end();
}

std::vector<PeerId> PeerStore::peers() const {
  std::vector<PeerId> out;
  out.reserve(m_peers.size());
  for (const auto& [peer, known] : m_peers) {
    out.push_back(peer);
  }
  std::sort(out.begin(), out.end());
  return out;
}

void PeerStore::setInUse(const PeerId& peer, bool inUse) {
  if (!inUse) {
    if (const auto it = m_peers.find(peer); it != m_peers.end()) {
      it->second.inUse = false;
    }
    return;
  }
  if (Entry* known = entry(peer, {})) {
    known->inUse = true;
  }
}

void PeerStore::forget(const PeerId& peer) {
  m_peers.erase(peer);
}

void PeerStore::expire(base::Timestamp now) {
  for (auto it = m_peers.begin(); it != m_peers.end();) {
    Entry& known = it->second;
    std::erase_if(known.addresses, [now](const KnownAddress& a) { return tooOld(a, now); });
    const bool useless = !known.inUse && known.addresses.empty() && now - known.touched > kAddressAge;
    it = useless ? m_peers.erase(it) : std::next(it);
  }
}

} // namespace univrs::p2p
