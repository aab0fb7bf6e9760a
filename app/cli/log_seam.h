// Joins what a log follow gave before its connection was lost with what the next one gives: where to go on from, and
// which lines are already known.
#pragma once

#include "engine/interfaces/logs.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace univrs::cli {

inline constexpr size_t kSeamSources = 1'000;       // outputs remembered; of more the longest silent are forgotten
inline constexpr size_t kSeamLines = 1'000;         // lines remembered of one output, those of its last millisecond
inline constexpr base::Millis kSeamOverlap{10'000}; // asked for again: an output may have been behind the others

class LogSeam {
public:
  //! Remembers `entries` and returns those that were not there before the last lost().
  std::vector<interfaces::LogEntry> pass(std::vector<interfaces::LogEntry> entries);
  //! The connection is gone; what comes next may repeat lines.
  void lost();
  //! What to ask for next: lines since then. Nothing when no line was seen yet.
  [[nodiscard]] std::optional<base::Timestamp> since() const;

private:
  struct Source {
    base::Timestamp last;
    std::vector<std::string> lines; // with that time
    // Lines of the last connection that may come again: those up to `seamTime`, at it only `seamLines`.
    base::Timestamp seamTime;
    std::vector<std::string> seamLines;
  };
  using Key = std::pair<std::string, bool>; // container id, standard error: each is in order by itself

  std::map<Key, Source> m_sources;
  base::Timestamp m_first;
  base::Timestamp m_last;
};

} // namespace univrs::cli
