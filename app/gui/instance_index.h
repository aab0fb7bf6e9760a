// Every instance in a few words, for what sums them up: how many are in which state, which are on which node, what ails
// those of a workload.
#pragma once

#include "engine/interfaces/events.h"

#include <QSet>
#include <QString>

#include <array>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace univrs::gui {

class InstanceIndex {
public:
  static constexpr size_t kMaxInstances = 200'000; // of all workloads together; more are not counted

  struct Entry {
    std::string id;
    std::string workloadId;
    std::string workloadName;
    std::string nodeId; // empty while it has no place
    std::string decisionId;
    model::InstanceState state = model::InstanceState::Pending;
    bool ready = false;
    bool crashLoop = false;
    bool outOfMemory = false; // a container's last end
    int restarts = 0;
    base::Timestamp createdAt;
    bool operator==(const Entry&) const = default;
  };
  struct Counts {
    int running = 0;   // and ready
    int underway = 0;  // pending, assigned, pulling, starting, not ready yet, stopping
    int unhealthy = 0; // unhealthy, waiting to restart
    int failed = 0;    // failed, lost, crash loop
    int ended = 0;     // succeeded
    [[nodiscard]] int total() const { return running + underway + unhealthy + failed + ended; }
    bool operator==(const Counts&) const = default;
  };

  // Deltas of topic instances, in order; others are skipped. Returns the nodes whose instances changed.
  QSet<QString> apply(const std::vector<interfaces::Delta>& deltas);

  [[nodiscard]] const Counts& counts() const { return m_counts; }
  // Those that are not over.
  [[nodiscard]] int liveOn(const std::string& nodeId) const;
  // By workload, then id.
  [[nodiscard]] std::vector<const Entry*> onNode(const std::string& nodeId) const;
  [[nodiscard]] std::vector<const Entry*> ofWorkload(const std::string& workloadId) const;
  [[nodiscard]] const Entry* find(const std::string& id) const;

private:
  void put(const model::Instance& instance, QSet<QString>& nodes);
  void remove(const std::string& id, QSet<QString>& nodes);
  void link(const Entry& entry);
  void unlink(const Entry& entry);
  int& counter(const Entry& entry);
  std::unordered_map<std::string, Entry> m_all;
  std::unordered_map<std::string, std::set<std::string>> m_byNode;
  std::unordered_map<std::string, std::set<std::string>> m_byWorkload;
  std::unordered_map<std::string, int> m_liveOn;
  Counts m_counts;
  bool m_inSnapshot = false;
  std::set<std::string> m_seen; // in the snapshot under way
};

} // namespace univrs::gui
