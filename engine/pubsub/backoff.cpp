#include "engine/pubsub/backoff.h"

#include <algorithm>

namespace univrs::pubsub {

base::Millis Backoff::fromWire(uint64_t seconds, base::Millis otherwise) {
  if (seconds == 0) {
    return otherwise;
  }
  // Compared as seconds, before any multiplication could overflow.
  constexpr auto longest = uint64_t(kLongest.count() / 1'000);
  return base::Millis(int64_t(std::min(seconds, longest)) * 1'000);
}

void Backoff::set(const Topic& topic, const Peer& peer, base::Monotonic until) {
  auto& peers = m_until[topic];
  const auto [it, isNew] = peers.try_emplace(peer, until);
  it->second = std::max(it->second, until);
  if (isNew && peers.size() > kMaxPerTopic) {
    peers.erase(
        std::min_element(peers.begin(), peers.end(), [](const auto& a, const auto& b) { return a.second < b.second; }));
  }
}

std::optional<base::Monotonic> Backoff::until(const Topic& topic, const Peer& peer) const {
  const auto t = m_until.find(topic);
  if (t == m_until.end()) {
    return std::nullopt;
  }
  const auto it = t->second.find(peer);
  return it == t->second.end() ? std::nullopt : std::optional(it->second);
}

bool Backoff::holds(const Topic& topic, const Peer& peer, base::Monotonic now, base::Millis slack) const {
  const auto end = until(topic, peer);
  return end && now < *end + slack;
}

void Backoff::expire(base::Monotonic now, base::Millis slack) {
  for (auto t = m_until.begin(); t != m_until.end();) {
    std::erase_if(t->second, [&](const auto& entry) { return entry.second + slack <= now; });
    t = t->second.empty() ? m_until.erase(t) : std::next(t);
  }
}

size_t Backoff::size() const {
  size_t n = 0;
  for (const auto& [topic, peers] : m_until) {
    n += peers.size();
  }
  return n;
}

} // namespace univrs::pubsub
