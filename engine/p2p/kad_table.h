// The Kademlia routing table: 256 buckets of k peers by distance from us. Sans-IO.
//
// A bucket is ordered by when its peers were last heard of. A full one does not give up a living peer for a new one:
// the new one waits, the peer not heard of longest is to be checked, and only when that fails does the new one take its
// place. So whoever floods us with fresh ids cannot push out long-standing peers. Peers of one IPv4 /24 (IPv6 /48) may
// hold only few places; private and loopback networks are exempt, since whole clusters live in one.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "engine/p2p/kad_wire.h"

#include <deque>
#include <map>
#include <unordered_map>

namespace univrs::p2p {

class KadTable {
public:
  static constexpr size_t kBuckets = 256;
  static constexpr size_t kWaiting = 4;                   // new peers that wait for a place in a full bucket
  static constexpr size_t kPerNetworkInBucket = 3;        // of one /24 or /48
  static constexpr size_t kPerNetworkInTable = 10;        // of one /24 or /48
  static constexpr size_t kMaxAddresses = 8;              // of one peer
  static constexpr int kFailuresUntilGone = 2;            // in a row, of a peer whose place nobody waits for
  static constexpr size_t kDeepestRefreshed = 10;         // a peer id for a deeper bucket would take too long to find
  static constexpr base::Millis kRefresh{10 * 60 * 1000}; // a bucket nothing was looked up in for so long is refreshed

  explicit KadTable(const PeerId& self);

  enum class Outcome {
    Added,
    Refreshed, // was there: now the one heard of last
    Waiting,   // the bucket is full: check `check`, then call seen() or failed() for it
    Crowded,   // its network holds enough places
    Refused    // ourselves
  };
  struct Added {
    Outcome outcome = Outcome::Refused;
    PeerId check;
  };
  // A peer in server mode that we have just heard from. `remote` is where the connection really goes (it decides the
  // network; may be empty).
  Added add(const PeerId& peer, std::vector<Multiaddr> addresses, const Multiaddr& remote, base::Monotonic now);
  // A peer answered. Does nothing for peers that are not in the table.
  void seen(const PeerId& peer, base::Monotonic now);
  // A peer did not answer or could not be reached. Gone at once when another waits for its place.
  void failed(const PeerId& peer, base::Monotonic now);
  void remove(const PeerId& peer);

  // At most `count` peers, nearest first.
  [[nodiscard]] std::vector<KadPeer> closest(const KadPoint& target, size_t count) const;
  [[nodiscard]] std::vector<PeerId> peers() const;
  [[nodiscard]] size_t size() const { return m_index.size(); }
  [[nodiscard]] bool contains(const PeerId& peer) const { return m_index.contains(peer); }
  [[nodiscard]] std::vector<Multiaddr> addresses(const PeerId& peer) const;
  [[nodiscard]] size_t bucketSize(size_t bucket) const { return m_buckets[bucket].peers.size(); }
  [[nodiscard]] size_t bucketOf(const KadPoint& point) const; // 0 = farthest

  // Buckets to be refreshed, farthest first: nothing was looked up in them for kRefresh. Up to the deepest one that
  // holds a peer, and kDeepestRefreshed.
  [[nodiscard]] std::vector<size_t> stale(base::Monotonic now) const;
  void lookedUp(const KadPoint& target, base::Monotonic now);
  // A made-up peer id (a SHA-256 one, so that every implementation reads it) whose point lies in `bucket`, for
  // refreshing. Nothing when none was found in a bounded number of tries.
  [[nodiscard]] std::optional<PeerId> inBucket(size_t bucket, base::Random& random) const;

private:
  struct Entry {
    PeerId id;
    KadPoint point;
    std::vector<Multiaddr> addresses;
    std::string network; // empty: exempt
    base::Monotonic heard;
    int failures = 0;
  };
  struct Bucket {
    std::deque<Entry> peers;   // least recently heard of first
    std::deque<Entry> waiting; // newest last
    base::Monotonic lookedUp;
    bool everLookedUp = false;
  };
  [[nodiscard]] bool crowded(const Bucket& bucket, const std::string& network) const;
  void place(Bucket& bucket, Entry entry);
  void promote(Bucket& bucket);
  void take(Bucket& bucket, const std::deque<Entry>::iterator& at);
  PeerId m_self;
  KadPoint m_point;
  std::array<Bucket, kBuckets> m_buckets;
  std::unordered_map<PeerId, size_t> m_index; // peers in the table -> bucket
  std::map<std::string, size_t> m_networks;   // places by network
};

// "/24" or "/48" of where an address leads, as text; empty for private, loopback and named ones. A circuit counts as
// its relay.
std::string kadNetwork(const Multiaddr& address);

} // namespace univrs::p2p
