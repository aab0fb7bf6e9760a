#include "engine/p2p/dial_plan.h"

#include <algorithm>
#include <set>

namespace univrs::p2p {

namespace {

bool isNear(const Multiaddr& a) {
  return a.isLoopback() || a.isPrivate();
}

// First one of `left`, then one of `right`, and so on.
std::vector<Multiaddr> inTurn(const std::vector<Multiaddr>& left, const std::vector<Multiaddr>& right) {
  std::vector<Multiaddr> out;
  for (size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    if (i < left.size()) {
      out.push_back(left[i]);
    }
    if (i < right.size()) {
      out.push_back(right[i]);
    }
  }
  return out;
}

} // namespace

std::vector<PlannedDial> planDials(const std::vector<Multiaddr>& addresses) {
  enum Kind : size_t { NearQuic6, NearQuic4, FarQuic6, FarQuic4, Other, Relayed, Kinds };
  std::vector<std::vector<Multiaddr>> kinds(Kinds);
  std::set<Multiaddr> seen;
  for (const Multiaddr& a : addresses) {
    if (!seen.insert(a).second) {
      continue;
    }
    if (a.isRelayed()) {
      kinds[Relayed].push_back(a);
    } else if (a.isQuicV1()) {
      kinds[size_t(isNear(a) ? NearQuic6 : FarQuic6) + (a.isIp6() ? 0 : 1)].push_back(a);
    } else {
      kinds[Other].push_back(a);
    }
  }
  std::vector<PlannedDial> plan;
  const auto append = [&plan](const std::vector<Multiaddr>& group, bool relayed) {
    for (const Multiaddr& a : group) {
      base::Millis gap{0};
      if (!plan.empty()) {
        const bool behindCircuit = plan.back().address.isRelayed();
        // A TCP try waits its full time even beside a near QUIC one: QUIC is to win where it works.
        const bool sameKind = plan.back().address.isQuicV1() == a.isQuicV1();
        gap = relayed && !behindCircuit                             ? kDialGapRelay
              : !relayed && sameKind && isNear(plan.back().address) ? kDialGapLocal
                                                                    : kDialGap;
      }
      plan.push_back({a, gap});
    }
  };
  append(inTurn(kinds[NearQuic6], kinds[NearQuic4]), false);
  append(inTurn(kinds[FarQuic6], kinds[FarQuic4]), false);
  append(kinds[Other], false);
  append(kinds[Relayed], true);
  return plan;
}

base::Millis DialBackoff::wait(const Multiaddr& address, base::Monotonic now) const {
  const auto it = m_entries.find(address.text());
  return it == m_entries.end() || it->second.until <= now ? base::Millis(0) : it->second.until - now;
}

void DialBackoff::failed(const Multiaddr& address, base::Monotonic now) {
  const std::string key = address.text();
  if (!m_entries.contains(key) && m_entries.size() >= kMaxEntries) {
    m_entries.erase(std::min_element(m_entries.begin(), m_entries.end(),
                                     [](const auto& a, const auto& b) { return a.second.failed < b.second.failed; }));
  }
  Entry& entry = m_entries[key];
  constexpr uint32_t kMostDoublings = 16;
  entry.failures = std::min(entry.failures + 1, kMostDoublings + 1);
  const int64_t full = std::min(kLongest.count(), kFirst.count() << (entry.failures - 1));
  const int64_t jittered = full - full / 4 + int64_t(m_random.below(uint64_t(full / 2 + 1)));
  entry.failed = now;
  entry.until = now + base::Millis(jittered);
}

} // namespace univrs::p2p
