// The instances behind one published port and the choice among them: round robin over those that take new connections,
// with the ones that lately refused kept for last. Not thread safe: lives on the forwarder's I/O thread.
#pragma once

#include "engine/service/published_ports.h"

#include <chrono>
#include <optional>
#include <vector>

namespace univrs::service {

using SteadyTime = std::chrono::steady_clock::time_point;

class BackendPool {
public:
  // Replaces the list; what is known of a backend that stays is kept.
  void set(const std::vector<Backend>& backends);
  // The next one that is neither draining nor in `tried`. Nothing when there is none left.
  [[nodiscard]] std::optional<Backend> pick(const std::vector<Backend>& tried, SteadyTime now);
  // It refused or did not answer: for a second others are preferred.
  void markFailed(const Backend& backend, SteadyTime now);
  // True while the list names it, draining or not.
  [[nodiscard]] bool contains(const Backend& backend) const;
  // True when a new connection has somewhere to go.
  [[nodiscard]] bool hasOpen() const;

private:
  struct Entry {
    Backend backend;
    SteadyTime suspectUntil{};
  };
  std::vector<Entry> m_entries;
  size_t m_next = 0;
};

// The same instance at the same address; the draining flag does not matter.
bool samePlace(const Backend& a, const Backend& b);

} // namespace univrs::service
