// Decides which connections stay: trims between the water marks, and closes one of two connections to the same peer.
// Sans-IO.
#pragma once

#include "engine/p2p/connection.h"

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace univrs::p2p {

class ConnectionManager {
public:
  static constexpr base::Millis kGrace{20'000};          // a younger connection is not trimmed
  static constexpr base::Millis kDuplicateGrace{10'000}; // for both sides to see both connections

  ConnectionManager(PeerId own, size_t lowWater, size_t highWater);

  void protect(const PeerId& peer, const std::string& tag);
  void unprotect(const PeerId& peer, const std::string& tag);
  [[nodiscard]] bool isProtected(const PeerId& peer) const { return m_protected.contains(peer); }
  void setValue(const PeerId& peer, const std::string& tag, int value); // 0 takes it away
  [[nodiscard]] int64_t value(const PeerId& peer) const;

  // What is to be known of a connection to judge it.
  struct Entry {
    const ConnectionInfo* info = nullptr;
    size_t streams = 0;
  };
  // Ids of those that have to go now, worst first. Nothing while there are no more than highWater; else so many that
  // lowWater remain, as far as protection and grace allow.
  [[nodiscard]] std::vector<uint64_t> trim(const std::vector<Entry>& all, base::Monotonic now) const;
  // Ids of connections that another one to the same peer makes superfluous: no stream is open on them and both are past
  // kDuplicateGrace.
  [[nodiscard]] std::vector<uint64_t> duplicates(const std::vector<Entry>& all, base::Monotonic now) const;
  // Which of two connections to one peer is kept. Both sides come to the same answer: direct before relayed, QUIC
  // before TCP, dialled by the peer with the smaller id before the other, then the older (only the dialler then acts).
  [[nodiscard]] bool isBetter(const ConnectionInfo& a, const ConnectionInfo& b) const;

private:
  PeerId m_own;
  size_t m_lowWater;
  size_t m_highWater;
  std::unordered_map<PeerId, std::set<std::string>> m_protected;
  std::unordered_map<PeerId, std::map<std::string, int>> m_values;
};

} // namespace univrs::p2p
