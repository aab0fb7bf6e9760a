// What a node knows of others: addresses (how they were learnt, when they last worked, when they last failed),
// protocols, agent. Bounded; kept in a file so that a node that restarts finds its peers again.
#pragma once

#include "engine/base/clock.h"
#include "engine/p2p/multiaddr.h"
#include "engine/p2p/signed_envelope.h"

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace univrs::p2p {

// How sure an address is, least first.
enum class AddrSource { Gossip, Mdns, Kad, Identify, SignedRecord, Operator, Connected };

struct KnownAddress {
  Multiaddr address; // without /p2p/
  AddrSource source = AddrSource::Gossip;
  base::Timestamp learnt;
  base::Timestamp worked; // last successful dial
  base::Timestamp failed; // last failed dial
  uint32_t failures = 0;  // in a row
};

struct PeerFacts {
  std::vector<std::string> protocols;
  std::string agent;
  std::string protocolVersion;
  Multiaddr observed;       // our address as this peer sees it
  base::Bytes signedRecord; // as it came, for passing on
  base::Timestamp seen;
};

class PeerStore {
public:
  static constexpr size_t kMaxPeers = 4'096;
  static constexpr size_t kMaxAddressesPerPeer = 32;
  static constexpr size_t kMaxProtocolsPerPeer = 256;
  static constexpr base::Millis kAddressAge{48LL * 3600 *
                                            1000}; // learnt addresses that never worked are forgotten after it

  void addAddresses(const PeerId& peer, const std::vector<Multiaddr>& addresses, AddrSource source,
                    base::Timestamp now);
  void addressWorked(const PeerId& peer, const Multiaddr& address, base::Timestamp now);
  void addressFailed(const PeerId& peer, const Multiaddr& address, base::Timestamp now);
  // Best first: worked lately, surer source, QUIC before TCP, direct before relayed.
  [[nodiscard]] std::vector<KnownAddress> addresses(const PeerId& peer) const;
  void setFacts(const PeerId& peer, PeerFacts facts);
  [[nodiscard]] const PeerFacts* facts(const PeerId& peer) const;
  [[nodiscard]] bool speaks(const PeerId& peer, const std::string& protocol) const;
  [[nodiscard]] std::vector<PeerId> peers() const;
  // Peers in use (connected, protected) are never pushed out by new ones.
  void setInUse(const PeerId& peer, bool inUse);
  void forget(const PeerId& peer);
  void expire(base::Timestamp now);

  // JSON; peers with an address that worked or that an operator gave. A damaged file is an error and is left as it is;
  // none at all is not.
  base::Result<void> load(const std::string& file, base::Timestamp now);
  base::Result<void> save(const std::string& file) const; // temporary file, synced, renamed
  // The two halves of save(), so that the second can run on another thread.
  [[nodiscard]] base::Bytes encoded() const;
  static base::Result<void> write(const std::string& file, const base::Bytes& encoded);

private:
  struct Entry {
    std::vector<KnownAddress> addresses;
    PeerFacts facts;
    bool inUse = false;
    base::Timestamp touched;
  };
  Entry* entry(const PeerId& peer, base::Timestamp now); // null: no room
  bool makeRoom();
  // The address in the entry, put there if it is new; null when others are worth more and there is no room.
  static KnownAddress* place(Entry& entry, const Multiaddr& address, AddrSource source, base::Timestamp now);
  std::unordered_map<PeerId, Entry> m_peers;
};

} // namespace univrs::p2p
