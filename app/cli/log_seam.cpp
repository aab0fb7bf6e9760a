#include "app/cli/log_seam.h"

#include <algorithm>

namespace univrs::cli {

std::vector<interfaces::LogEntry> LogSeam::pass(std::vector<interfaces::LogEntry> entries) {
  std::vector<interfaces::LogEntry> fresh;
  fresh.reserve(entries.size());
  for (interfaces::LogEntry& entry : entries) {
    const Key key{entry.containerId.empty() ? entry.instanceId + "/" + entry.container : entry.containerId,
                  entry.isStderr};
    if (m_sources.size() >= kSeamSources && !m_sources.contains(key)) {
      m_sources.erase(std::min_element(m_sources.begin(), m_sources.end(),
                                       [](const auto& a, const auto& b) { return a.second.last < b.second.last; }));
    }
    Source& source = m_sources[key];
    if (entry.time < source.seamTime) {
      continue;
    }
    if (entry.time == source.seamTime) {
      const auto known = std::find(source.seamLines.begin(), source.seamLines.end(), entry.text);
      if (known != source.seamLines.end()) {
        source.seamLines.erase(known); // the same text twice in one millisecond is two lines
        continue;
      }
    }
    if (source.last < entry.time) {
      source.last = entry.time;
      source.lines.clear();
    }
    if (source.last == entry.time && source.lines.size() < kSeamLines) {
      source.lines.push_back(entry.text);
    }
    m_last = std::max(m_last, entry.time);
    m_first = m_first.isSet() ? std::min(m_first, entry.time) : entry.time;
    fresh.push_back(std::move(entry));
  }
  return fresh;
}

void LogSeam::lost() {
  for (auto& [key, source] : m_sources) {
    source.seamTime = source.last;
    source.seamLines = source.lines;
  }
}

std::optional<base::Timestamp> LogSeam::since() const {
  if (!m_last.isSet()) {
    return std::nullopt;
  }
  return std::max(m_first, m_last + base::Millis(-kSeamOverlap));
}

} // namespace univrs::cli
