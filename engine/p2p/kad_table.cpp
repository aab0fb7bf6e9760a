#include "engine/p2p/kad_table.h"

#include <algorithm>

namespace univrs::p2p {

std::string kadNetwork(const Multiaddr& address) {
  if (address.empty() || address.isLoopback() || address.isPrivate() || address.isUnspecified()) {
    return {};
  }
  const AddrPart& first = address.parts().front();
  if (first.code == AddrCode::Ip4 && first.value.size() == 4) {
    return "4" + first.value.substr(0, 3);
  }
  if (first.code == AddrCode::Ip6 && first.value.size() == 16) {
    return "6" + first.value.substr(0, 6);
  }
  return {};
}

KadTable::KadTable(const PeerId& self) : m_self(self), m_point(kadPoint(self)) {}

size_t KadTable::bucketOf(const KadPoint& point) const {
  return std::min(kadCommonPrefix(m_point, point), kBuckets - 1);
}

bool KadTable::crowded(const Bucket& bucket, const std::string& network) const {
  if (network.empty()) {
    return false;
  }
  const auto inTable = m_networks.find(network);
  if (inTable != m_networks.end() && inTable->second >= kPerNetworkInTable) {
    return true;
  }
  return size_t(std::count_if(bucket.peers.begin(), bucket.peers.end(),
                              [&network](const Entry& e) { return e.network == network; })) >= kPerNetworkInBucket;
}

void KadTable::place(Bucket& bucket, Entry entry) {
  m_index[entry.id] = size_t(&bucket - m_buckets.data());
  if (!entry.network.empty()) {
    ++m_networks[entry.network];
  }
  bucket.peers.push_back(std::move(entry));
}

void KadTable::take(Bucket& bucket, const std::deque<Entry>::iterator& at) {
  if (const auto network = m_networks.find(at->network); network != m_networks.end() && --network->second == 0) {
    m_networks.erase(network);
  }
  m_index.erase(at->id);
  bucket.peers.erase(at);
}

void KadTable::promote(Bucket& bucket) {
  while (bucket.peers.size() < kKadK && !bucket.waiting.empty()) {
    Entry next = std::move(bucket.waiting.back()); // the one heard of last is the likeliest to be alive
    bucket.waiting.pop_back();
    if (!crowded(bucket, next.network)) {
      place(bucket, std::move(next));
    }
  }
}

KadTable::Added KadTable::add(const PeerId& peer, std::vector<Multiaddr> addresses, const Multiaddr& remote,
                              base::Monotonic now) {
  if (peer == m_self || peer.empty()) {
    return {Outcome::Refused, {}};
  }
  if (addresses.size() > kMaxAddresses) {
    addresses.resize(kMaxAddresses);
  }
  const auto same = [&peer](const Entry& e) { return e.id == peer; };
  if (const auto found = m_index.find(peer); found != m_index.end()) {
    auto& peers = m_buckets[found->second].peers;
    const auto at = std::find_if(peers.begin(), peers.end(), same);
    if (!addresses.empty()) {
      at->addresses = std::move(addresses);
    }
    seen(peer, now);
    return {Outcome::Refreshed, {}};
  }
  const KadPoint point = kadPoint(peer);
  Bucket& bucket = m_buckets[bucketOf(point)];
  Entry entry{peer, point, std::move(addresses), kadNetwork(remote), now, 0};
  std::erase_if(bucket.waiting, same);
  if (crowded(bucket, entry.network)) {
    return {Outcome::Crowded, {}};
  }
  if (bucket.peers.size() < kKadK) {
    place(bucket, std::move(entry));
    return {Outcome::Added, {}};
  }
  if (bucket.peers.front().failures > 0) {
    take(bucket, bucket.peers.begin());
    place(bucket, std::move(entry));
    return {Outcome::Added, {}};
  }
  if (bucket.waiting.size() >= kWaiting) {
    bucket.waiting.pop_front();
  }
  bucket.waiting.push_back(std::move(entry));
  return {Outcome::Waiting, bucket.peers.front().id};
}

void KadTable::seen(const PeerId& peer, base::Monotonic now) {
  const auto found = m_index.find(peer);
  if (found == m_index.end()) {
    return;
  }
  auto& peers = m_buckets[found->second].peers;
  const auto at = std::find_if(peers.begin(), peers.end(), [&peer](const Entry& e) { return e.id == peer; });
  at->heard = now;
  at->failures = 0;
  std::rotate(at, at + 1, peers.end());
}

void KadTable::failed(const PeerId& peer, base::Monotonic) {
  const auto found = m_index.find(peer);
  if (found == m_index.end()) {
    return;
  }
  Bucket& bucket = m_buckets[found->second];
  const auto at =
      std::find_if(bucket.peers.begin(), bucket.peers.end(), [&peer](const Entry& e) { return e.id == peer; });
  if (++at->failures < kFailuresUntilGone && bucket.waiting.empty()) {
    // Next in line to be replaced.
    std::rotate(bucket.peers.begin(), at, at + 1);
    return;
  }
  take(bucket, at);
  promote(bucket);
}

void KadTable::remove(const PeerId& peer) {
  const KadPoint point = kadPoint(peer);
  Bucket& bucket = m_buckets[bucketOf(point)];
  std::erase_if(bucket.waiting, [&peer](const Entry& e) { return e.id == peer; });
  const auto at =
      std::find_if(bucket.peers.begin(), bucket.peers.end(), [&peer](const Entry& e) { return e.id == peer; });
  if (at != bucket.peers.end()) {
    take(bucket, at);
    promote(bucket);
  }
}

std::vector<KadPeer> KadTable::closest(const KadPoint& target, size_t count) const {
  struct Candidate {
    KadPoint distance;
    const Entry* entry;
  };
  std::vector<Candidate> chosen;
  // The buckets fall into groups, each wholly nearer than the next: the target's own; all deeper ones; then the
  // shallower ones outwards.
  const auto group = [&](size_t from, size_t to) {
    if (chosen.size() >= count) {
      return;
    }
    const auto begin = std::ptrdiff_t(chosen.size());
    for (size_t i = from; i < to; ++i) {
      for (const Entry& entry : m_buckets[i].peers) {
        chosen.push_back({kadDistance(entry.point, target), &entry});
      }
    }
    std::sort(chosen.begin() + begin, chosen.end(),
              [](const Candidate& a, const Candidate& b) { return a.distance < b.distance; });
  };
  const size_t own = bucketOf(target);
  group(own, own + 1);
  group(own + 1, kBuckets);
  for (size_t i = own; i > 0; --i) {
    group(i - 1, i);
  }
  std::vector<KadPeer> out;
  out.reserve(std::min(count, chosen.size()));
  for (size_t i = 0; i < chosen.size() && i < count; ++i) {
    out.push_back({chosen[i].entry->id, chosen[i].entry->addresses, KadConnection::NotConnected});
  }
  return out;
}

std::vector<PeerId> KadTable::peers() const {
  std::vector<PeerId> out;
  out.reserve(m_index.size());
  for (const Bucket& bucket : m_buckets) {
    for (const Entry& entry : bucket.peers) {
      out.push_back(entry.id);
    }
  }
  return out;
}

std::vector<Multiaddr> KadTable::addresses(const PeerId& peer) const {
  const auto found = m_index.find(peer);
  if (found == m_index.end()) {
    return {};
  }
  const auto& peers = m_buckets[found->second].peers;
  return std::find_if(peers.begin(), peers.end(), [&peer](const Entry& e) { return e.id == peer; })->addresses;
}

std::vector<size_t> KadTable::stale(base::Monotonic now) const {
  size_t deepest = 0;
  for (const auto& [peer, bucket] : m_index) {
    deepest = std::max(deepest, bucket);
  }
  std::vector<size_t> out;
  for (size_t i = 0; !m_index.empty() && i <= std::min(deepest, kDeepestRefreshed); ++i) {
    if (!m_buckets[i].everLookedUp || now - m_buckets[i].lookedUp >= kRefresh) {
      out.push_back(i);
    }
  }
  return out;
}

void KadTable::lookedUp(const KadPoint& target, base::Monotonic now) {
  Bucket& bucket = m_buckets[bucketOf(target)];
  bucket.lookedUp = now;
  bucket.everLookedUp = true;
}

std::optional<PeerId> KadTable::inBucket(size_t bucket, base::Random& random) const {
  if (bucket > kDeepestRefreshed) {
    return std::nullopt;
  }
  std::array<uint8_t, 34> multihash{0x12, 0x20}; // sha2-256, 32 bytes
  random.fill(std::span(multihash).subspan(2));
  // One in 2^(bucket+1) lies in it; sixteen times as many tries fail once in ten million.
  for (size_t tries = size_t(16) << (bucket + 1); tries > 0; --tries) {
    if (bucketOf(kadPoint(multihash)) == bucket) {
      auto id = PeerId::fromBytes(multihash);
      return id ? std::optional(std::move(id).value()) : std::nullopt;
    }
    for (size_t i = multihash.size() - 1; ++multihash[i] == 0 && i > 2; --i) {
    }
  }
  return std::nullopt;
}

} // namespace univrs::p2p
