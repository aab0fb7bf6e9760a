// In which order and how far apart the addresses of a peer are tried, and which are left alone for a while because they
// failed lately. Sans-IO.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "engine/p2p/multiaddr.h"

#include <unordered_map>
#include <vector>

namespace univrs::p2p {

// One address to try. It starts `gap` after the one before it did, or as soon as that has failed.
struct PlannedDial {
  Multiaddr address;
  base::Millis gap{0};
};

// Happy eyeballs: QUIC before TCP before circuits over relays; among QUIC, IPv6 and IPv4 in turn, IPv6 first, private
// networks before public ones. Within these, the order given (best first) stays. Each address once.
std::vector<PlannedDial> planDials(const std::vector<Multiaddr>& addresses);

inline constexpr base::Millis kDialGap{250};       // between two tries over the internet (RFC 8305)
inline constexpr base::Millis kDialGapLocal{50};   // after a try in a private network or on this machine
inline constexpr base::Millis kDialGapRelay{1000}; // before a circuit: a direct connection is worth waiting for

// How long failed addresses are left alone: kFirst, doubled at each further failure up to kLongest, each time within a
// quarter more or less so that nodes do not return together. At most kMaxEntries addresses; the oldest goes first.
class DialBackoff {
public:
  static constexpr base::Millis kFirst{1'000};
  static constexpr base::Millis kLongest{300'000};
  static constexpr size_t kMaxEntries = 4'096;

  explicit DialBackoff(base::Random& random) : m_random(random) {}
  // Zero when the address may be dialled now.
  [[nodiscard]] base::Millis wait(const Multiaddr& address, base::Monotonic now) const;
  void failed(const Multiaddr& address, base::Monotonic now);
  void worked(const Multiaddr& address) { m_entries.erase(address.text()); }
  [[nodiscard]] size_t size() const { return m_entries.size(); }

private:
  struct Entry {
    uint32_t failures = 0;
    base::Monotonic failed;
    base::Monotonic until;
  };
  base::Random& m_random;
  std::unordered_map<std::string, Entry> m_entries;
};

} // namespace univrs::p2p
