#include "engine/p2p/connection_manager.h"

#include <algorithm>
#include <tuple>

namespace univrs::p2p {

ConnectionManager::ConnectionManager(PeerId own, size_t lowWater, size_t highWater)
    : m_own(std::move(own)), m_lowWater(std::min(lowWater, highWater)), m_highWater(highWater) {}

void ConnectionManager::protect(const PeerId& peer, const std::string& tag) {
  m_protected[peer].insert(tag);
}

void ConnectionManager::unprotect(const PeerId& peer, const std::string& tag) {
  if (const auto it = m_protected.find(peer); it != m_protected.end()) {
    it->second.erase(tag);
    if (it->second.empty()) {
      m_protected.erase(it);
    }
  }
}

void ConnectionManager::setValue(const PeerId& peer, const std::string& tag, int value) {
  if (value != 0) {
    m_values[peer][tag] = value;
  } else if (const auto it = m_values.find(peer); it != m_values.end()) {
    it->second.erase(tag);
    if (it->second.empty()) {
      m_values.erase(it);
    }
  }
}

int64_t ConnectionManager::value(const PeerId& peer) const {
  int64_t sum = 0;
  if (const auto it = m_values.find(peer); it != m_values.end()) {
    for (const auto& [tag, value] : it->second) {
      sum += value;
    }
  }
  return sum;
}

std::vector<uint64_t> ConnectionManager::trim(const std::vector<Entry>& all, base::Monotonic now) const {
  if (all.size() <= m_highWater) {
    return {};
  }
  std::unordered_map<PeerId, const ConnectionInfo*> best;
  for (const Entry& e : all) {
    const ConnectionInfo*& at = best[e.info->peer];
    if (at == nullptr || isBetter(*e.info, *at)) {
      at = e.info;
    }
  }
  // What goes first compares less: spare connections, then low value, then unused, then young (an old one has shown
  // that it is good for something).
  using Rank = std::tuple<bool, int64_t, bool, int64_t, uint64_t>;
  std::vector<Rank> going;
  for (const Entry& e : all) {
    if (isProtected(e.info->peer) || now - e.info->opened.steady < kGrace) {
      continue;
    }
    going.emplace_back(best[e.info->peer] == e.info, value(e.info->peer), e.streams > 0, -e.info->opened.steady.ms,
                       e.info->id);
  }
  std::sort(going.begin(), going.end());
  going.resize(std::min(going.size(), all.size() - m_lowWater));
  std::vector<uint64_t> ids;
  ids.reserve(going.size());
  for (const Rank& r : going) {
    ids.push_back(std::get<4>(r));
  }
  return ids;
}

bool ConnectionManager::isBetter(const ConnectionInfo& a, const ConnectionInfo& b) const {
  const auto rank = [this](const ConnectionInfo& c) {
    const PeerId& dialler = c.direction == Direction::Outbound ? m_own : c.peer;
    const PeerId& other = c.direction == Direction::Outbound ? c.peer : m_own;
    return std::make_tuple(c.limited || c.remote.isRelayed(), c.transport != "quic-v1", other < dialler,
                           c.opened.steady.ms, c.id);
  };
  return rank(a) < rank(b);
}

std::vector<uint64_t> ConnectionManager::duplicates(const std::vector<Entry>& all, base::Monotonic now) const {
  std::unordered_map<PeerId, const ConnectionInfo*> best;
  std::unordered_map<PeerId, base::Monotonic> youngest;
  for (const Entry& e : all) {
    const ConnectionInfo*& at = best[e.info->peer];
    if (at == nullptr || isBetter(*e.info, *at)) {
      at = e.info;
    }
    base::Monotonic& young = youngest[e.info->peer];
    young = std::max(young, e.info->opened.steady);
  }
  std::vector<uint64_t> ids;
  for (const Entry& e : all) {
    const ConnectionInfo* kept = best[e.info->peer];
    if (kept == e.info || e.streams > 0 || now - youngest[e.info->peer] < kDuplicateGrace) {
      continue;
    }
    // Of two that differ in age only, the sides may see another one as the older.
    const bool ageDecides = kept->direction == e.info->direction && kept->transport == e.info->transport &&
                            kept->limited == e.info->limited;
    if (!ageDecides || e.info->direction == Direction::Outbound) {
      ids.push_back(e.info->id);
    }
  }
  return ids;
}

} // namespace univrs::p2p
