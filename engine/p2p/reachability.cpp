#include "engine/p2p/reachability.h"

#include <algorithm>

namespace univrs::p2p {

bool Reachability::isSure() const {
  return (m_verdict == Verdict::Public && m_score >= kSure) || (m_verdict == Verdict::Private && m_score <= -kSure);
}

std::optional<PeerId> Reachability::ask(const std::vector<PeerId>& servers, base::Monotonic now) {
  if (m_lastAsked && now - *m_lastAsked < (isSure() ? kLongPause : kPause)) {
    return std::nullopt;
  }
  std::optional<PeerId> chosen; // who was never asked, else who was asked longest ago
  for (const PeerId& server : servers) {
    const auto known = m_asked.find(server);
    if (known == m_asked.end()) {
      chosen = server;
      break;
    }
    if (now - known->second >= kSamePeer && (!chosen || known->second < m_asked.at(*chosen))) {
      chosen = server;
    }
  }
  if (!chosen) {
    return std::nullopt;
  }
  if (!m_asked.contains(*chosen) && m_asked.size() >= kMaxAsked) {
    m_asked.erase(std::min_element(m_asked.begin(), m_asked.end(),
                                   [](const auto& a, const auto& b) { return a.second < b.second; }));
  }
  m_asked[*chosen] = now;
  m_lastAsked = now;
  return chosen;
}

void Reachability::answered(AutonatStatus status) {
  if (status == AutonatStatus::Ok) {
    m_score = std::min(m_score + 1, kMost);
  } else if (status == AutonatStatus::DialError) {
    m_score = std::max(m_score - 1, -kMost);
  }
  if (m_score >= kSure) {
    m_verdict = Verdict::Public;
  } else if (m_score <= -kSure) {
    m_verdict = Verdict::Private;
  }
}

void Reachability::forget() {
  m_score = 0;
  m_verdict = Verdict::Unknown;
  m_lastAsked.reset();
}

} // namespace univrs::p2p
