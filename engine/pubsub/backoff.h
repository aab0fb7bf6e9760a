// Who must not graft whom yet. After a PRUNE neither side grafts for a while; that time comes from the peer, so it is
// clamped before anything is added to it (a peer that said 2^64-1 seconds once brought routers down: CVE-2026-33040).
#pragma once

#include "engine/base/clock.h"
#include "engine/pubsub/message.h"

#include <map>
#include <optional>

namespace univrs::pubsub {

class Backoff {
public:
  static constexpr base::Millis kLongest{3'600'000}; // what a peer may ask for; more counts as this
  static constexpr size_t kMaxPerTopic = 8'192;      // beyond these the one that ends first is dropped

  // What a PRUNE said, as a duration we are willing to keep; `otherwise` when it said nothing.
  static base::Millis fromWire(uint64_t seconds, base::Millis otherwise);

  // Never shortens one that is running.
  void set(const Topic& topic, const Peer& peer, base::Monotonic until);
  [[nodiscard]] std::optional<base::Monotonic> until(const Topic& topic, const Peer& peer) const;
  // True while it runs, and `slack` longer.
  [[nodiscard]] bool holds(const Topic& topic, const Peer& peer, base::Monotonic now,
                           base::Millis slack = base::Millis(0)) const;
  void expire(base::Monotonic now, base::Millis slack);
  [[nodiscard]] size_t size() const;

private:
  std::map<Topic, std::map<Peer, base::Monotonic>> m_until;
};

} // namespace univrs::pubsub
